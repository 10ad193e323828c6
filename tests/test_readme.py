"""What the README and the docs say is so: figures, links, commands, options."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from kurabe.cli import app
from tests.support.documents import (
    ALL,
    DOCS,
    READMES,
    ROOT,
    Command,
    anchors,
    blocks,
    commands,
    links,
    name_of,
    text_of,
)
from tests.support.project import picture, project, results
from tools.example import part

START = ROOT / "docs" / "start"
PATH = re.compile(
    r"`((?:src|tests|perf|tools|docs|cases|training|scenes|benchmark|checkpoints|\.ci|\.github)/[^`\s]+)`"
)
MODULES = {"kurabe": "kurabe.cli", "pytest": "pytest"}
QUICK = ("--model", "pixel-diff", "-p", "no:cacheprovider")
"""The inspector that needs no model stands for all of them."""


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("readme_tool", ROOT / "tools" / "readme.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Figures


def test_the_figures_are_those_of_the_recorded_runs(tool: ModuleType) -> None:
    stale = [
        name_of(path)
        for path in tool.files()
        if tool.renewed(text_of(path), tool.language_of(path)) != text_of(path)
    ]
    assert stale == [], "uv run python tools/readme.py"


def test_every_figure_stands_somewhere(tool: ModuleType) -> None:
    marks = {mark for path in tool.files() for mark in tool.marks(text_of(path))}
    assert marks == tool.PARTS.keys()
    for readme in READMES:
        assert tool.marks(text_of(readme)) == ["pair", "default-run"], name_of(readme)


def test_a_mark_without_end_is_refused(tool: ModuleType) -> None:
    with pytest.raises(SystemExit, match="collection"):
        tool.renewed("<!-- collection -->\n1 s\n", "en")


def test_the_readme_is_short() -> None:
    text = re.sub(r"<!--.*?-->|\]\([^)]*\)", "", text_of(READMES[0]))
    assert len([word for word in text.split() if re.search(r"\w", word)]) <= 900


def test_both_readmes_have_the_same_commands_and_links() -> None:
    english, japanese = READMES
    assert [c.line for c in commands(english)] == [c.line for c in commands(japanese)]
    assert set(links(english)) - {"README.ja.md"} == set(links(japanese)) - {"README.md"}


# Links and paths


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in links(path):
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.is_file(), target
        if anchor:
            assert anchor in anchors(there), target


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_every_file_that_is_named_is_there(path: Path) -> None:
    for name in PATH.findall(text_of(path)):
        if re.search(r"NAME|FORMAT|…|bracket|qwen2vl|raters", name):  # an example, or any name
            continue
        found = [*ROOT.glob(name.rstrip("/")), *(ROOT / "src" / "kurabe").glob(name.rstrip("/"))]
        assert found, name


def test_every_page_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / target).resolve() for target in links(index)}
    assert {path for path in DOCS if path != index} <= listed


# Commands


@pytest.fixture(scope="module")
def options_of_pytest() -> set[str]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--help", "-p", "no:cacheprovider"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(re.findall(r"(?<![\w-])(--[a-z][a-z-]+)", done.stdout))


def parses(command: Command, options_of_pytest: set[str]) -> None:
    """Make sure that a command exists and has the options it is given; nothing is run."""
    if command.program == "kurabe":
        done = CliRunner().invoke(app, [*command.words, "--help"])  # other options are parsed before that
        assert done.exit_code == 0, f"{command.line}\n{done.output}"
    elif command.program == "pytest":
        assert set(command.options) <= options_of_pytest, command.line
    elif command.program == "bash":
        assert (ROOT / command.words[0]).is_file(), command.line


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_every_command_exists_with_its_options(path: Path, options_of_pytest: set[str]) -> None:
    for command in commands(path):
        parses(command, options_of_pytest)


def run(command: Command, folder: Path, *more: str) -> None:
    """Run a command in a project; an exit code other than 0 fails with its output."""
    done = subprocess.run(
        [sys.executable, "-m", MODULES[command.program], *command.words, *more],
        cwd=folder, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, f"{command.line}\n{done.stdout}\n{done.stderr}"


def photograph(folder: Path) -> None:
    """Put the pictures that the pages speak of into a folder, and a table of them."""
    picture(folder / "good.png", size=(96, 64))
    picture(folder / "suspect.png", defect=True, size=(96, 64))
    table = "id,before,after,label\np1,good.png,suspect.png,different\np2,good.png,good.png,same\n"
    (folder / "pairs.csv").write_text(table, encoding="utf-8")
    for number in range(4):
        bad = number % 2 == 1
        name = f"photos/{'bad' if bad else 'good'}/{number}.png"
        picture(folder / name, defect=bad, shade=199 - number, size=(96, 64))


def repository(folder: Path) -> None:
    """Make a copy of what the bench runs with, so that no command changes this checkout."""
    photograph(folder)
    for name in ("benchmark", "checkpoints", "models.toml", "pyproject.toml", "conftest.py"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "cases" / "connector").mkdir(parents=True)
    for name in ("prompts.yaml", "connector/connector.yaml"):
        (folder / "cases" / name).symlink_to(ROOT / "cases" / name)
    # No link may lead out of a suite.
    shutil.copytree(ROOT / "cases/connector/images", folder / "cases/connector/images")


def test_the_first_commands_run(tmp_path: Path) -> None:
    repository(tmp_path)
    every = {
        command.line: command for path in (READMES[0], START / "first-run.md") for command in commands(path)
    }
    asked = False
    for command in sorted(every.values(), key=lambda c: c.words[:1] == ("report",)):  # a report needs a run
        if set(command.words) & {"tests", "--fetch", "my-model"} or command.program not in MODULES:
            continue
        if command.program == "kurabe":
            run(command, tmp_path)
        elif any("connector" in word for word in command.words):  # minutes, with all models
            run(command, tmp_path, "--collect-only", "-q")
        else:
            run(command, tmp_path, *QUICK)
            asked = True
    assert asked


def follow(page: Path, folder: Path) -> Path:
    """Run the commands of a page, `cd` included; return the folder in which they end."""
    for command in commands(page):
        if command.program == "cd":
            folder /= command.words[0]
            photograph(folder)
        elif "--fetch" not in command.words and command.program in MODULES:
            run(command, folder)
    return folder


def test_a_project_of_ones_own_runs_as_the_page_says(tmp_path: Path) -> None:
    page = START / "your-own-project.md"
    (settings,) = blocks(page, "toml")
    assert "pytest" in tomllib.loads(settings)["tool"]
    folder = follow(page, tmp_path)
    for line in re.findall(r"^\| `pytest ([^`]+)` \|", text_of(page), re.MULTILINE):
        run(Command("pytest", tuple(line.split()), line), folder)
    assert (folder / "reports" / "index.html").is_file()


def test_ten_minutes_are_enough_as_the_page_says(tmp_path: Path) -> None:
    page, japanese = START / "ten-minutes.md", START / "ten-minutes.ja.md"
    assert [command.line for command in commands(page)] == [command.line for command in commands(japanese)]
    assert set(links(page)) - {"ten-minutes.ja.md"} == set(links(japanese)) - {"ten-minutes.md"}
    for verdict in ("good", "bad"):
        (tmp_path / "photos" / verdict).mkdir(parents=True)
        for number in range(1, 11):
            drawn = part(100 * number, missing=number % 7) if verdict == "bad" else part(100 * number + 50)
            drawn.save(tmp_path / f"photos/{verdict}/{number:02}.jpg", quality=92)
    folder = follow(page, tmp_path)
    assert (folder / "reports" / "index.html").is_file()
    assert (folder / "reports" / "look" / "bracket.html").is_file()


def test_the_models_of_the_readme_are_valid_entries(tmp_path: Path) -> None:
    from kurabe.models.config import LocalSettings, read

    for readme in READMES:
        (text,) = blocks(readme, "toml")
        path = tmp_path / "models.toml"
        path.write_text(text, encoding="utf-8")
        entries = read(path).entries
        assert list(entries) == ["my-model", "my-adapter"]
        for entry in entries.values():
            LocalSettings.model_validate(entry.settings)


@pytest.mark.parametrize("readme", READMES, ids=name_of)
def test_the_function_of_the_readme_is_a_model(readme: Path, tmp_path: Path) -> None:
    (source,) = blocks(readme, "python")
    (project(tmp_path) / "conftest.py").write_text(source, encoding="utf-8")
    words = ("--pyargs", "kurabe.plugin.test_pairs", "--kurabe-model", "my-function")
    run(Command("pytest", words, "the function"), tmp_path)
    assert {line["outcome"] for line in results(tmp_path)} == {"correct"}


def test_the_first_picture_shows_an_answer_that_is_right() -> None:
    kept = json.loads((ROOT / "perf" / "results" / "pair.json").read_text(encoding="utf-8"))
    assert kept["outcome"] == "correct"
    assert kept["verdict"] == kept["expected_verdict"] == "different"
    assert kept["p_different"] > 0.5
    assert kept["boxes"]
    assert kept["good_parts"] >= 5  # so many that its threshold comes from them

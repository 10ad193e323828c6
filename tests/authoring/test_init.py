"""A project that is begun is sound, and nothing of the user's is overwritten."""

from pathlib import Path

import pytest
import yaml

from kurabe.authoring.init import init
from kurabe.cases import suites
from kurabe.common.errors import KurabeError
from kurabe.plugin.options import SHORT
from kurabe.report.gate import parse_gate


def test_the_example_is_sound_and_small(tmp_path: Path) -> None:
    begun = init(tmp_path / "new")
    assert begun.advice == ()
    assert all(path.is_file() for path in begun.written)
    assert sum(path.stat().st_size for path in begun.written) < 300_000
    found = suites.read(suites.find(tmp_path / "new/cases"))
    assert not found.problems
    (suite,) = found.good
    assert [case.expect.known_verdict for case in suite.cases] == ["same", "different", "same", "different"]
    first = suite.path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (suite.path.parent / first.partition("=")[2]).is_file()


def test_nothing_is_overwritten_and_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text("# mine\n", encoding="utf-8")
    with pytest.raises(KurabeError, match=r"models\.toml"):
        init(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["models.toml"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[tool.pytest.ini_options]\n"),
        ("pyproject.toml", "[tool.pytest]\n"),
        ("setup.cfg", "[tool:pytest]\n"),
        ("pytest.ini", "[pytest]\n"),
    ],
)
def test_what_a_repository_has_is_left_alone_and_what_to_add_is_said(
    tmp_path: Path, name: str, text: str
) -> None:
    mine = {name: text, ".gitignore": "dist/\n", ".github/workflows/kurabe.yml": "on: push\n"}
    for file, content in mine.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(content, encoding="utf-8")
    begun = init(tmp_path)
    assert {file: (tmp_path / file).read_text(encoding="utf-8") for file in mine} == mine
    assert len(begun.advice) == 3
    assert SHORT in begun.advice[0]
    assert (tmp_path / "pytest.ini").exists() == (name == "pytest.ini")


def test_pyproject_without_settings_for_pytest_does_not_keep_them_out(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "mine"\n', encoding="utf-8")
    init(tmp_path, example=False)
    assert (tmp_path / "pytest.ini").is_file()
    assert not (tmp_path / "cases/example").exists()


def test_the_snippet_for_ci_is_yaml_and_its_gate_can_be_read(tmp_path: Path) -> None:
    init(tmp_path)
    text = (tmp_path / ".github/workflows/kurabe.yml").read_text(encoding="utf-8")
    steps = yaml.safe_load(text)["jobs"]["bench"]["steps"]
    (command,) = [step["run"] for step in steps if "--gate" in step.get("run", "")]
    gate = parse_gate(command.split('"')[1])
    assert gate.text in command

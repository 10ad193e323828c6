"""The reference lists everything that there is, and the examples of the how-to pages run."""

import json
import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
import typer
import yaml
from pydantic import BaseModel

from kurabe.cases import case
from kurabe.cli import app
from kurabe.models.config import Common, LocalSettings
from kurabe.models.config import read as read_models
from kurabe.models.engines.claude.settings import ClaudeSettings
from kurabe.models.engines.endpoint.settings import EndpointSettings
from kurabe.models.engines.gemini.settings import GeminiSettings
from kurabe.models.engines.pixel_diff import AlignedSettings, InstanceSettings
from kurabe.models.registry import Registry
from kurabe.report import columns
from kurabe.report.agreement import AGREEMENT
from kurabe.results.record import Record
from tests.support.documents import ROOT, blocks, text_of
from tests.support.project import picture, project

REFERENCE = ROOT / "docs" / "reference"
HOW_TO = ROOT / "docs" / "how-to"


def in_code(path: Path) -> set[str]:
    """Return the words that a page sets in code."""
    return {
        word for code in re.findall(r"`([^`\n]+)`", text_of(path)) for word in re.findall(r"[\w-]+", code)
    }


@pytest.mark.parametrize(
    "model",
    [
        Common,
        LocalSettings,
        EndpointSettings,
        ClaudeSettings,
        GeminiSettings,
        AlignedSettings,
        InstanceSettings,
    ],
)
def test_every_key_of_models_toml_is_explained(model: type[BaseModel]) -> None:
    assert model.model_fields.keys() - in_code(REFERENCE / "models-toml.md") == set()


@pytest.mark.parametrize("model", [case.SuiteFile, case.Defaults, case.Case, case.Expect, case.Difference])
def test_every_key_of_a_suite_is_explained(model: type[BaseModel]) -> None:
    assert model.model_fields.keys() - in_code(REFERENCE / "case-files.md") == set()


def test_every_column_and_key_of_a_run_is_explained() -> None:
    tables = [columns.LEADERBOARD, columns.RAW_VS_PROCESSED, columns.CONTROLS, columns.CONSISTENCY]
    tables += [columns.STABILITY, columns.POD, AGREEMENT]
    tables += [columns.ENGINES, columns.ENGINES_TRIALS]
    tables += [columns.JUDGE, columns.JUDGE_SHEET]
    named = {name for table in tables for name in table} | {field.name for field in fields(Record)}
    assert named - in_code(REFERENCE / "run-files.md") == set()


def test_every_command_is_listed() -> None:
    group = typer.main.get_command(app)
    names = {*group.commands}  # type: ignore[attr-defined]
    assert names - in_code(REFERENCE / "commands.md") == set()


def test_every_option_is_listed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--help", "-p", "no:cacheprovider"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    group = re.search(r"^inspection bench \(kurabe\):\n(.*?)\n\n", done.stdout, re.DOTALL | re.MULTILINE)
    assert group is not None
    declared = {
        name.removeprefix("kurabe-") for name in re.findall(r"^  --([a-z-]+)", group[1], re.MULTILINE)
    }
    table = text_of(REFERENCE / "options.md").partition("## Options of pytest")[0]
    assert set(re.findall(r"^\| `--([a-z-]+)", table, re.MULTILINE)) == declared


def test_the_example_of_an_engine_runs(tmp_path: Path) -> None:
    page = HOW_TO / "add-an-engine.md"
    function, source = blocks(page, "python")
    project(tmp_path, blocks(page, "toml")[0])
    (tmp_path / "mean_engine.py").write_text(source, encoding="utf-8")
    (tmp_path / "conftest.py").write_text(function, encoding="utf-8")
    words = ["--pyargs", "kurabe.plugin.test_pairs", "--kurabe-model", "mean", "--kurabe-model", "brightness"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    results = next(tmp_path.glob("reports/runs/*/results.jsonl")).read_text(encoding="utf-8")
    assert results.count('"outcome": "correct"') == len(results.splitlines()) > 8


def test_the_example_of_a_processor_runs(tmp_path: Path) -> None:
    page = HOW_TO / "add-a-processor.md"
    (source,) = blocks(page, "python")
    (tmp_path / "conftest.py").write_text(source, encoding="utf-8")
    picture(tmp_path / "good.png")
    picture(tmp_path / "suspect.png", defect=True)
    words = ["process", "good.png", "suspect.png", "--with", "inverted", "--out", "looked-at"]
    done = subprocess.run(
        [sys.executable, "-m", "kurabe.cli", *words], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "looked-at" / "inverted-test.png").is_file()


@pytest.mark.parametrize("page", ["many-hosts.md", "serving.md"])
def test_scripts_are_valid(page: str) -> None:
    for script in blocks(HOW_TO / page, "bash"):
        assert script.startswith("#!/bin/bash\n")
        done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


def test_the_example_of_a_question_for_boxes_is_valid() -> None:
    from kurabe.cases.prompts import load_prompts

    texts = [yaml.safe_load(text) for text in blocks(HOW_TO / "add-a-question.md", "yaml")]
    (asked,) = [text["prompts"] for text in texts if "differences" in text.get("prompts", {})]
    prompt = load_prompts().overlay(asked).render("differences", "en", "separate", "aligned")
    assert (prompt.boxes, prompt.max_new_tokens) == ("0-1000", 512)
    assert '[{"bbox_2d": [left' in prompt.text


def test_the_examples_of_serving_are_valid(tmp_path: Path) -> None:
    page = HOW_TO / "serving.md"
    for source in blocks(page, "python"):
        compile(source, page.name, "exec")
    for source in blocks(page, "yaml"):
        assert yaml.safe_load(source)["applications"][0]["args"]["llm_configs"]
    path = tmp_path / "models.toml"
    for source in blocks(page, "toml"):
        path.write_text(source, encoding="utf-8")
        registry = Registry(read_models(path))
        for name in registry.models.entries:
            registry.engine(name)  # its settings are checked


def test_the_example_of_asking_from_python_runs(tmp_path: Path) -> None:
    (source, *_) = blocks(HOW_TO / "ask-one-pair.md", "python")
    picture(tmp_path / "good.png", size=(96, 64))
    picture(tmp_path / "suspect.png", defect=True, size=(96, 64))
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("different 0.9")


def test_the_examples_of_asking_in_a_test_run(tmp_path: Path) -> None:
    _, *sources = blocks(HOW_TO / "ask-one-pair.md", "python")
    picture(tmp_path / "good.png", size=(96, 64))
    for name in ("suspect.png", "suspect2.png"):
        picture(tmp_path / name, defect=True, size=(96, 64))
    for number, source in enumerate(sources):
        (tmp_path / f"test_my_part{number or ''}.py").write_text(source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:randomly"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    text = next(tmp_path.glob("reports/runs/*/results.jsonl")).read_text(encoding="utf-8")
    found = {line["trial"]: line["outcome"] for line in map(json.loads, text.splitlines())}
    assert set(found.values()) == {"correct"}
    named = re.findall(r"`(test_my_part/\S+)`", text_of(HOW_TO / "ask-one-pair.md"))
    assert named
    assert set(named) <= found.keys()
    assert len(found) == 4


def test_every_part_of_a_reply_is_explained() -> None:
    from kurabe.asking.asks import Reply

    known = {field.name for field in fields(Reply)} - {"model", "question"}
    assert known - in_code(HOW_TO / "ask-one-pair.md") == set()


@pytest.mark.parametrize("page", ["add-a-case.md"])
def test_the_example_of_a_suite_is_valid(page: str) -> None:
    (text,) = blocks(HOW_TO / page, "yaml")
    assert case.SuiteFile.model_validate(yaml.safe_load(text)).cases[0].questions == [
        "verdict",
        "differences",
    ]


# What surrounds the project


def test_public_checks_run_on_every_python_that_is_supported() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    (job,) = workflow["jobs"].values()
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    supported = re.findall(r"Python :: (3\.\d+)", "\n".join(about["classifiers"]))
    assert job["strategy"]["matrix"]["python"] == supported
    assert any(step.get("run") == "bash .ci/run" for step in job["steps"])


def test_templates_are_forms_that_can_be_filled_in() -> None:
    for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"):
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.name != "config.yml":
            assert {"name", "description", "body"} <= form.keys(), path.name
            assert len({field["id"] for field in form["body"]}) == len(form["body"]), path.name


def test_the_citation_is_of_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (citation["version"], citation["license"]) == (about["version"], about["license"])
    assert [author["name"] for author in citation["authors"]] == [
        author["name"] for author in about["authors"]
    ]

"""``kurabe compare-engines``: two entries, the same trials, asked afresh."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kurabe.cli import app
from tests.support.project import project

MODELS = """
[models.instant]
engine = "tests.support.instant:create"
log = "instant.log"
default = true
[models.again]
engine = "tests.support.instant:create"
log = "again.log"
layout = "separate"
[models.blind]
engine = "tests.support.instant:create"
threshold = 255
[models.gone]
engine = "tests.support.instant:create"
broken = true
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(project(tmp_path, MODELS))
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["compare-engines", *words])


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_the_same_engine_twice_parts_nowhere(root: Path) -> None:
    done = run("instant", "again")
    assert done.exit_code == 0, done.output
    assert "no difference was found: 4 of 4 texts are equal, none of 4 answers flipped" in done.output
    assert "both were shown pairs as stacked, the layout of instant" in done.output
    folder = root / "reports/engines/instant-vs-again"
    total, pins = rows(folder / "engines.csv")
    assert (total["suite"], pins["suite"], pins["n"], pins["same_text"]) == ("all", "pins", "4", "4")
    assert rows(folder / "engines_trials.csv") == []
    assert len((folder / "results.jsonl").read_text(encoding="utf-8").splitlines()) == 8


def test_both_are_asked_afresh_unless_stored_answers_are_wanted(root: Path) -> None:
    def asked() -> int:
        return len((root / "instant.log").read_text(encoding="utf-8").splitlines())

    run("instant", "blind")
    run("instant", "blind")
    assert asked() == 8
    assert run("instant", "blind", "--cached").exit_code == 0
    assert asked() == 8


def test_trials_that_part_are_listed_and_gates_hold_or_not(root: Path) -> None:
    done = run("instant", "blind", "--gate", "flipped <= 2", "--gate", "question=verdict flip_rate <= 1%")
    assert done.exit_code == 1
    assert "gate 'flipped <= 2' holds" in done.output
    assert "FAILED gate 'question=verdict flip_rate <= 1%' does not hold: flip_rate is 0.5" in done.output
    assert "2 trials part, flips first:" in done.output
    assert "blind: No difference." in done.output
    assert run("instant", "blind", "--gate", "accuracy >= 1").exit_code == 2


def test_json_holds_everything(root: Path) -> None:
    done = CliRunner().invoke(app, ["compare-engines", "instant", "blind", "--json"])
    told = json.loads(done.stdout)
    assert [each["name"] for each in told["engines"]] == ["instant", "blind"]
    assert told["engines"][1]["fingerprint"] == "instant 255"
    assert {row["case"] for row in told["trials"]} == {"pins/a1", "pins/a3"}
    assert told["trials"][0]["p_different_a"] is None
    assert told["rows"][0]["flipped"] == 2
    assert len(told["words"]) == 1


@pytest.mark.parametrize(
    ("words", "cases"),
    [
        (("-k", "a1 or a2"), {"pins/a1", "pins/a2"}),
        (("-k", "pins and not a1"), {"pins/a2", "pins/a3", "pins/a4"}),
        (("--suite", "p*", "--variant", "raw"), {"pins/a1", "pins/a2", "pins/a3", "pins/a4"}),
        (("-k", "blind and a3"), {"pins/a3"}),
    ],
)
def test_filters_choose_for_both(root: Path, words: tuple[str, ...], cases: set[str]) -> None:
    assert run("instant", "blind", "--into", "out", *words).exit_code == 0
    lines = [json.loads(line) for line in (root / "out/results.jsonl").read_text().splitlines()]
    for model in ("instant", "blind"):
        assert {line["case"] for line in lines if line["model"] == model} == cases


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("instant", "instant"), "'instant' is named twice"),
        (("instant", "blnd"), "did you mean 'blind'?"),
        (("instant", "gone"), "declared broken"),
        (("instant", "blind", "--suite", "pin"), "no suite is called 'pin'; did you mean 'pins'?"),
        (("instant", "blind", "--variant", "raww"), "did you mean 'raw'?"),
        (("instant", "blind", "-k", "a1 or"), "-k 'a1 or': "),
        (("instant", "blind", "-k", "nothing"), "no trials match the filters"),
        (("instant", "blind", "--layout", "round"), "no layout is called 'round'"),
    ],
)
def test_what_cannot_be_compared_is_told(root: Path, words: tuple[str, ...], says: str) -> None:
    done = run(*words)
    assert done.exit_code == 1
    assert says in done.output
    assert not (root / "reports/engines").exists()

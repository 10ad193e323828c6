"""What a run tells GitHub Actions, in sessions with the variables that GitHub sets."""

from dataclasses import replace
from pathlib import Path

import pytest

from kurabe.plugin.actions import LARGEST, MOST, _command, _errors, _first, cut
from tests.report.made_records import verdict
from tests.support.project import INSTANT, MAIN, case, project, suite


@pytest.fixture
def root(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(pytester.path / "summary.md"))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(pytester.path))
    return project(pytester.path)


def test_the_summary_of_the_step_has_the_tables_and_what_was_there_before(
    pytester: pytest.Pytester, root: Path
) -> None:
    summary = root / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    result = pytester.runpytest(*MAIN, "-q", "--kurabe-gate", "balanced_accuracy >= 0.9")
    assert result.ret == 0
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("before\n- `")
    assert "### kurabe: run" in text
    assert "| `instant` | `raw` | `pins` | stacked | 4 | 1.00 [" in text
    assert not [line for line in result.outlines if line.startswith("::")]


def test_a_gate_that_does_not_hold_and_a_broken_case_are_annotated(
    pytester: pytest.Pytester, root: Path
) -> None:
    (root / "models.toml").write_text(INSTANT + "threshold = 255\n", encoding="utf-8")
    suite(
        root, "pins", [case("a1", "different"), case("a2", "same"), {**case("a3", "same"), "test": "no.png"}]
    )
    result = pytester.runpytest(*MAIN, "--kurabe-gate", "miss_rate <= 0.1")
    assert result.ret == 1
    commands = [line for line in result.outlines if line.startswith("::")]
    gates = [line for line in commands if line.startswith("::error title=kurabe gate::")]
    assert "miss_rate" in gates[0]
    (broken,) = [line for line in commands if "kurabe case" in line]
    assert broken.startswith("::error file=cases/pins/pins.yaml,line=")
    assert "FAILED" in (root / "summary.md").read_text(encoding="utf-8")


def test_without_the_variables_nothing_is_written(
    pytester: pytest.Pytester, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name)
    result = pytester.runpytest(*MAIN, "--kurabe-gate", "n > 100")
    assert result.ret == 1
    assert not (root / "summary.md").exists()
    assert not [line for line in result.outlines if line.startswith("::")]


def test_a_summary_that_cannot_be_written_spoils_no_run(pytester: pytest.Pytester, root: Path) -> None:
    (root / "summary.md").mkdir()
    result = pytester.runpytest(*MAIN)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["GITHUB_STEP_SUMMARY: *cannot be written*"])


def test_a_long_summary_is_cut_at_a_line_and_says_so() -> None:
    text = "検査の結果 0.97\n" * 100_000
    short = cut(text, LARGEST)
    assert LARGEST - 100 < len(short.encode()) <= LARGEST < 2**20
    assert "does not fit" in short.splitlines()[-1]
    assert set(short.splitlines()[:-2]) == {"検査の結果 0.97"}
    assert cut("a\n", LARGEST) == "a\n"
    assert cut(text, 10) == ""


def test_errors_of_models_are_warnings_that_begin_no_command() -> None:
    failed = [
        replace(verdict(f"b{i}"), outcome="error", error="first\n::error::second 50%") for i in range(2)
    ]
    told = _errors([*failed, verdict("b3")])
    assert told == ["pixel-diff: 2 of 3 trials ended in an error, the first: first\n::error::second 50%"]
    assert "\n" not in _command("warning", told[0])
    assert _command("warning", told[0]).endswith("first%0A::error::second 50%25")


def test_more_than_github_shows_become_one_that_counts_them() -> None:
    told = _first([f"::error ::{i}" for i in range(30)], "error")
    assert len(told) == MOST
    assert "and 21 more" in told[-1]

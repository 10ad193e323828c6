"""A run cannot flatter: what says nothing passes no gate, and part of a run does not stand for the whole."""

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import INSTANT, MAIN, case, manifest, project, suite

ENGINE = """
from kurabe.common.request import Answer
from tests.support.instant import Instant, Settings


class Mute(Instant):
    def answer(self, requests):
        for index, request in enumerate(requests):
            down = self.settings.broken
            yield index, Answer(error="the server is down") if down else Answer(text="I cannot tell.")

    def readiness(self):
        from kurabe.models.protocol import Readiness

        return Readiness(True)


def create(entry, context):
    return Mute(entry.name, Settings.model_validate(entry.settings))
"""
MUTE = '[models.mute]\nengine = "mute:create"\ndefault = true\n'


@pytest.fixture
def root(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(pytester.path)
    pytester.makepyfile(mute=ENGINE)
    project(pytester.path)
    suite(pytester.path, "pins", [case(f"p{i}", "different" if i % 2 else "same") for i in range(12)])
    return pytester.path


def leaderboard(folder: Path) -> list[dict[str, Any]]:
    with (folder / "leaderboard.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_model_that_cannot_tell_misses_everything_and_passes_no_gate(
    pytester: pytest.Pytester, root: Path
) -> None:
    (root / "models.toml").write_text(MUTE, encoding="utf-8")
    result = pytester.runpytest(*MAIN, "--kurabe-gate", "miss_rate <= 0.05")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["FAILED gate 'miss_rate <= 0.05' does not hold: miss_rate is 1 (6 of 6 bad parts;*"]
    )
    (row, _) = leaderboard(root / "reports")
    assert (row["miss_rate"], row["overkill_rate"], row["balanced_accuracy"]) == ("1.0", "1.0", "0.0")
    assert (row["unparsed"], row["errors"]) == ("12", "0")


def test_a_server_that_is_down_fails_gates_and_is_told_first(pytester: pytest.Pytester, root: Path) -> None:
    (root / "models.toml").write_text(MUTE + "broken = true\n", encoding="utf-8")
    result = pytester.runpytest(*MAIN, "--kurabe-gate", "unparsed <= 0", "--kurabe-no-controls")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["12 of 12 trials ended in an error; they count as wrong.", "*Leaderboard: verdict*",
         "FAILED gate*12 trials ended in an error*add 'errors <= 12' to allow that"]
    )  # fmt: skip


def test_errors_fail_the_session_unless_a_gate_allows_them(pytester: pytest.Pytester, root: Path) -> None:
    broken = '[models.instant]\nengine = "tests.support.instant:create"\ndefault = true\nfails_on = "p11-"\n'
    (root / "models.toml").write_text(broken, encoding="utf-8")
    assert pytester.runpytest(*MAIN).ret == 1
    assert pytester.runpytest(*MAIN, "--kurabe-gate", "errors <= 12").ret == 0
    assert pytester.runpytest(*MAIN, "--kurabe-gate", "errors <= 0").ret == 1
    pytester.makepyfile(test_own="def test_own():\n    assert False\n")
    assert pytester.runpytest(*MAIN, "test_own.py", "--kurabe-gate", "errors <= 12").ret == 1


@pytest.mark.parametrize("quiet", [(), ("-q",)])
def test_every_gate_prints_a_line(pytester: pytest.Pytester, root: Path, quiet: tuple[str, ...]) -> None:
    result = pytester.runpytest(*MAIN, *quiet, "--kurabe-gate", "miss_rate <= 0.05")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["results: *", "page: *",
         "gate 'miss_rate <= 0.05' holds for 1 row: miss_rate is 0 (0 of 6 bad parts; at most 0.39 *59 bad *"]
    )  # fmt: skip


def test_very_verbose_shows_what_was_expected_and_answered(pytester: pytest.Pytester, root: Path) -> None:
    result = pytester.runpytest(*MAIN, "-vv", "-k", "p1-")
    result.stdout.fnmatch_lines(
        ["*p1-verdict-raw-instant: expected 'different', answered 'Yes, a pin is missing.'"]
    )


def test_a_run_to_compare_with_is_looked_for_first(pytester: pytest.Pytester, root: Path) -> None:
    result = pytester.runpytest(*MAIN, "--kurabe-compare", "nosuchrun")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*no run is called 'nosuchrun'*"])
    assert not (root / "reports").exists()


def test_a_partial_run_replaces_no_full_one(pytester: pytest.Pytester, root: Path) -> None:
    assert pytester.runpytest(*MAIN).ret == 0
    full = manifest(root)
    assert full["partial"] is None
    page, rows = (root / "reports/index.html").read_text(encoding="utf-8"), leaderboard(root / "reports")
    result = pytester.runpytest(*MAIN, "-k", "pins/p1-")
    result.stdout.fnmatch_lines(["partial run: no suite was asked in full*"])
    partial = manifest(root)
    assert partial["partial"] == "no suite was asked in full"
    assert (root / "reports/index.html").read_text(encoding="utf-8") == page
    assert leaderboard(root / "reports") == rows
    assert leaderboard(root / "reports/runs" / partial["run"])[0]["n"] == "1"
    done = pytester.runpytest(*MAIN, "--kurabe-compare", "latest", "-k", "pins/p1-")
    done.stdout.fnmatch_lines(["1 trials in both runs*12 only in the earlier run*"])


def test_a_run_of_one_variant_or_model_is_not_partial(pytester: pytest.Pytester, root: Path) -> None:
    pytester.runpytest(
        *MAIN, "--kurabe-variant", "gray", "--kurabe-model", "inst*", "--kurabe-question", "verdict"
    )
    assert manifest(root)["partial"] is None
    pytester.runpytest(*MAIN, "-k", "raw and instant")
    assert manifest(root)["partial"] is None


def test_an_interrupted_run_is_partial_and_a_first_one_is_shown(
    pytester: pytest.Pytester, root: Path
) -> None:
    broken = INSTANT + 'fails_on = "p3-"\n'
    (root / "models.toml").write_text(broken, encoding="utf-8")
    pytester.runpytest(*MAIN, "-x")
    told = manifest(root)["partial"]
    assert told is not None
    assert told.endswith("of 13 trials were not asked")
    assert (root / "reports/index.html").is_file()
    assert leaderboard(root / "reports")

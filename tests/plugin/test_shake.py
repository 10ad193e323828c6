"""--kurabe-shake from the command line to stability.csv."""

import csv
from pathlib import Path

import pytest

from tests.support.project import INSTANT, MAIN, manifest, project, results


@pytest.fixture
def root(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    return project(pytester.path)


def rows(root: Path, name: str) -> list[dict[str, str]]:
    with (root / "reports" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_changed_pictures_are_asked_about_and_stay_out_of_the_leaderboard(
    pytester: pytest.Pytester, root: Path
) -> None:
    assert pytester.runpytest(*MAIN).ret == 0
    usual = rows(root, "leaderboard.csv")
    # At this threshold a shift by two pixels is a difference, and a little light is none.
    result = pytester.runpytest(*MAIN, "--kurabe-shake", "4")
    assert result.ret == 0
    shaken = [line for line in results(root) if line["shake"]]
    assert len(shaken) == 16
    assert manifest(root)["options"]["shake"] == 4
    assert not manifest(root)["partial"]
    for before, after in zip(usual, rows(root, "leaderboard.csv"), strict=True):
        assert before | {"run": "", "seconds_per_trial": ""} == after | {"run": "", "seconds_per_trial": ""}
    found = {row["kind"]: row for row in rows(root, "stability.csv") if row["suite"] == "pins"}
    assert [*found] == ["shake", "light", "shift", "jpeg", "blur"]
    # The engine sees any pixel that differs by more than 64: a row of pins moved by two is one.
    assert (found["shift"]["flipped"], found["light"]["flipped"]) == ("2", "0")
    assert found["shake"]["answers"] == "16"
    result.stdout.fnmatch_lines(["*Stability*", "*shift*2/4*"])
    plain = {line["case"]: line["test"] for line in results(root) if not line["shake"]}
    assert all(line["test"] == plain[line["case"]] for line in shaken)


def test_the_same_changes_come_from_the_cache_and_others_are_asked(
    pytester: pytest.Pytester, root: Path
) -> None:
    log = root / "log"
    (root / "models.toml").write_text(f"{INSTANT}log = {str(log)!r}\n", encoding="utf-8")
    for shake in (2, 4, 4):
        assert pytester.runpytest(*MAIN, "--kurabe-shake", str(shake), "-k", "a1").ret == 0
    asked = log.read_text(encoding="utf-8").splitlines()
    assert len(asked) == len(set(asked)) == 1 + 4


def test_changes_can_be_selected_and_do_not_make_a_run_full(pytester: pytest.Pytester, root: Path) -> None:
    assert pytester.runpytest(*MAIN, "--kurabe-shake", "4", "-k", "shake and jpeg").ret == 0
    assert {line["shake"].split()[0] for line in results(root)} == {"jpeg"}
    assert manifest(root)["partial"]


def test_workers_share_them(pytester: pytest.Pytester, root: Path) -> None:
    pytest.importorskip("xdist")
    assert pytester.runpytest_subprocess(*MAIN, "--kurabe-shake", "4").ret == 0
    alone = {line["trial"]: line["outcome"] for line in results(root)}
    assert pytester.runpytest_subprocess(*MAIN, "--kurabe-shake", "4", "-n", "2").ret == 0
    assert {line["trial"]: line["outcome"] for line in results(root)} == alone


def test_less_than_none_is_refused(pytester: pytest.Pytester, root: Path) -> None:
    assert root
    result = pytester.runpytest(*MAIN, "--kurabe-shake", "-1")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*shake takes a number from 0*"])

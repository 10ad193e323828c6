"""Workers of pytest-xdist that die: every run ends, and loses nothing that another worker can still do."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.support.project import MAIN, case, manifest, project, results, suite

pytest.importorskip("xdist")

LOGGED = """
[models.instant]
engine = "tests.support.instant:create"
default = true
log = "{log}"
"""

# Groups are small, so that few trials make many of them. `dies` says which worker dies, and where.
CONFTEST = """
import os, signal
from pathlib import Path

from kurabe.answering.answerer import Answerer
from kurabe.plugin import scheduling

scheduling.GROUP = 4
answer, worker, seen = Answerer.answer, os.environ.get("PYTEST_XDIST_WORKER"), []

def dies(trial):
    {dies}

def answered(self, trial):
    found = answer(self, trial)
    seen.append(trial.id)
    if worker and dies(trial):
        os.kill(os.getpid(), signal.{signal})
    return found

Answerer.answer = answered
"""


@pytest.fixture
def root(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    # These tests may run in a worker themselves, and tell by this who is one.
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    root = project(pytester.path, LOGGED.format(log=pytester.path / "asked"))
    suite(root, "pins", [case(f"p{i}", "different" if i % 3 else "same") for i in range(25)])
    return root


def run(root: Path, dies: str, *more: str, died_of: str = "SIGKILL") -> subprocess.CompletedProcess[str]:
    """Run with two workers; a run that hangs fails the test."""
    (root / "conftest.py").write_text(CONFTEST.format(dies=dies, signal=died_of), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", *MAIN, "-n", "2", *more]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120)


def tables(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "reports").glob("*.csv"))


@pytest.mark.parametrize("at", [5, 8])
def test_a_worker_that_dies_after_its_first_group_is_replaced(root: Path, at: int) -> None:
    # Once at least one group is done: xdist would give it, empty, to the worker that comes next.
    done = run(root, f"return worker == 'gw1' and len(seen) == {at}")
    assert done.returncode == 0, done.stdout
    assert "worker 'gw1' crashed (SIGKILL: most likely the memory ran out" in done.stdout
    assert "while instant was asked about pins/p" in done.stdout
    kept = [line["trial"] for line in results(root)]
    assert len(kept) == len(set(kept)) == 26
    assert {line["outcome"] for line in results(root)} == {"correct"}
    assert manifest(root)["answered"] == manifest(root)["planned"] == 26
    assert any("crashed" in line for line in manifest(root)["messages"])
    assert "leaderboard.csv" in tables(root)


def test_a_worker_that_dies_at_the_very_end_is_replaced(root: Path) -> None:
    # Both have all their tests, and have been told that there are no more.
    first = "return trial.case.id == 'p24' and not (Path('died').exists() or Path('died').touch())"
    done = run(root, first)
    assert done.returncode == 0, done.stdout
    assert len({line["trial"] for line in results(root)}) == 26
    assert "leaderboard.csv" in tables(root)


def test_nothing_is_asked_twice_that_was_stored(root: Path) -> None:
    assert run(root, "return False").returncode == 0
    (root / "asked").unlink()
    done = run(root, "return worker == 'gw1' and len(seen) in (2, 7)", "--kurabe-fresh")
    assert done.returncode == 0, done.stdout
    asked = Counter((root / "asked").read_text().splitlines())
    assert len(asked) == 26  # all were asked again, as was wanted
    assert set(asked.values()) == {1}


def test_a_trial_that_kills_each_worker_is_an_error_of_its_model(root: Path) -> None:
    done = run(root, "return trial.case.id == 'p7'", died_of="SIGSEGV")
    assert done.returncode == 1
    assert "crashed (SIGSEGV) while instant was asked about pins/p7-verdict-raw-instant, as " in done.stdout
    outcomes = {line["trial"]: line["outcome"] for line in results(root)}
    assert outcomes.pop("pins/p7-verdict-raw-instant") == "error"
    assert list(outcomes.values()) == ["correct"] * 25
    (told,) = (line["error"] for line in results(root) if line["error"])
    assert "it is not asked again" in told


def test_a_trial_in_the_middle_of_a_window_is_found(root: Path) -> None:
    # It dies where its picture is read, while the worker waits for the first trial of its group.
    (root / "conftest.py").write_text("")
    dies = """return False

from kurabe.answering.pictures import Pictures
show = Pictures.show

def shown(self, trial):
    if worker and trial.case.id == 'p6':
        os.kill(os.getpid(), signal.SIGKILL)
    return show(self, trial)

Pictures.show = shown
"""
    done = run(root, dies)
    assert done.returncode == 1
    outcomes = {line["trial"]: line["outcome"] for line in results(root)}
    assert {name for name, outcome in outcomes.items() if outcome == "error"} == {
        "pins/p6-verdict-raw-instant"
    }
    assert len(outcomes) == 26


def test_a_worker_that_dies_before_it_has_collected_is_replaced(root: Path) -> None:
    dies = """return False

import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session):
    if worker == 'gw0':
        os.kill(os.getpid(), signal.SIGKILL)
"""
    done = run(root, dies)
    assert done.returncode == 0, done.stdout
    assert len({line["trial"] for line in results(root)}) == 26

"""A run that is killed half way loses nothing: started again, it asks only what was not answered."""

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from kurabe.answering.answerer import WINDOW
from kurabe.results.run import Run, find_run, runs_of
from tests.support.project import INSTANT, case, project, suite

REPOSITORY = Path(__file__).parents[2]
CASES = WINDOW + 46
"""More than one window, so that the kill comes after some tests have seen their answers."""


def start(root: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "TERM": "dumb"}
    environment.pop("PYTEST_ADDOPTS", None)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--pyargs",
        "kurabe.plugin.test_pairs",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The file in which the engine of the project notes each trial that it is asked."""
    path = tmp_path / "asked.log"
    project(tmp_path, INSTANT + f'seconds = 0.02\nthreshold = 140\nlog = "{path}"\n')
    suite(tmp_path, "pins", [case(f"p{n:03}", "different" if n % 2 else "same") for n in range(CASES)])
    return path


def asked(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


def wait_for(log: Path, count: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while len(asked(log)) < count:
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < end, "the run does not get on"
        time.sleep(0.005)


def test_after_a_kill_only_what_was_not_answered_is_asked(tmp_path: Path, log: Path) -> None:
    first = start(tmp_path)
    try:
        wait_for(log, WINDOW + 4, first)
    finally:
        first.kill()
        first.wait(30)
    before = asked(log)
    assert WINDOW + 4 <= len(before) < CASES

    assert start(tmp_path).wait(90) == 0
    planned = {f"pins/p{n:03}-verdict-raw-instant" for n in range(CASES)}
    planned.add("pins/control.good-verdict-raw-instant")
    counts = Counter(asked(log))
    assert set(counts) == planned
    twice = [trial for trial, count in counts.items() if count > 1]
    assert twice in ([], [before[-1]])  # the one that was in flight: it was asked, and not yet answered
    assert max(counts.values()) <= 2

    killed, finished = runs_of(tmp_path / "reports")
    records = finished.records()
    assert {record.trial for record in records} == planned
    assert {record.outcome for record in records} == {"correct"}
    durable = set(before) - set(twice)
    assert {record.trial for record in records if record.cached} == durable
    assert finished.manifest()["finished"] is not None
    assert find_run(tmp_path / "reports", "latest").name == finished.name
    check_killed(killed, durable)


def check_killed(killed: Run, durable: set[str]) -> None:
    """What the killed run left is readable: the trials of its first window, each with its result."""
    records = killed.records()
    assert len(records) == WINDOW
    assert {record.trial for record in records} <= durable
    assert {record.outcome for record in records} == {"correct"}
    told = killed.manifest()
    assert told["finished"] is None
    assert told["planned"] == CASES + 1

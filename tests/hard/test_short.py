"""The programs of this folder, as short as tests are: what they look for is found, and some of it tried."""

import multiprocessing
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from kurabe.common.errors import ImageError

pytest.importorskip("resource")  # Windows has none

from tests.hard.fuzz_files import KINDS, Kind, attempt, batches
from tests.hard.guarded import tried


@pytest.mark.parametrize("name", KINDS)
def test_damaged_files_are_read_or_refused(name: str) -> None:
    outcome = attempt(name, seed=0, numbers=range(60))
    assert outcome.faults == {}
    assert outcome.counts.total() == 60
    assert set(outcome.counts) == {"read", "refused"}


def _starts_a_program(path: Path) -> None:
    subprocess.run([sys.executable, "-c", ""], check=True)


def _writes_elsewhere(path: Path) -> None:
    (path.parent.parent / "elsewhere").write_text("")


def _says_nothing(path: Path) -> None:
    raise ImageError("")


def _fails(path: Path) -> None:
    raise KeyError("box")


@pytest.mark.parametrize(
    ("read", "fault"),
    [
        (_starts_a_program, "subprocess.Popen"),
        (_writes_elsewhere, "open"),
        (_says_nothing, "says nothing"),
        (_fails, "KeyError: 'box'"),
        (lambda path: (path.parent / "ran").touch(), "ran code"),
    ],
)
def test_what_no_file_may_do_is_noticed(tmp_path: Path, read: Callable[[Path], object], fault: str) -> None:
    path = tmp_path / "home" / "file.yaml"
    path.parent.mkdir()
    path.write_text("")
    assert tried(read, path, (ImageError,))[1].startswith(fault)
    (path.parent / "ran").unlink(missing_ok=True)
    assert tried(lambda path: path.read_text(), path, (ImageError,)) == ("read", "")


def _dies_at_seven(path: Path) -> None:
    if path.read_bytes().endswith(b"7"):
        os._exit(1)


@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="others do not see the patches")
def test_a_file_that_a_process_dies_of_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "text", Kind(".txt", (), lambda: [b"x"], _dies_at_seven))
    monkeypatch.setattr(
        "tests.hard.fuzz_files.damaged", lambda name, seed, number, seeds: str(number).encode()
    )
    outcomes = list(batches("text", 0, 9, 1))
    faults = {number: fault for outcome in outcomes for number, fault in outcome.faults.items()}
    assert faults == {7: "the process died"}
    assert sum((outcome.counts for outcome in outcomes), Counter[str]()) == {"read": 8, "crashed": 1}

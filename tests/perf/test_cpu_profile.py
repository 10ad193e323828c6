"""Where time is put to account: files belong to rooms, and threads that compute are found."""

import json
import sys
import threading
import time
from pathlib import Path

import pytest

from perf.cpu_profile import Sampler, largest, main, over, room_of_file, shares
from tests.support.project import project


@pytest.mark.parametrize(
    ("file", "room"),
    [
        ("/somewhere/kurabe/models/runtime/loop.py", "arithmetic of the models"),
        ("/somewhere/kurabe/models/families/phi3v_core/processing.py", "image processing"),
        ("/somewhere/kurabe/imaging/rt.py", "image processing"),
        ("/somewhere/kurabe/answering/answerer.py", "asking and keeping"),
        ("/somewhere/kurabe/report/tables.py", "reports"),
        ("/lib/site-packages/_pytest/main.py", "pytest"),
        ("<frozen importlib._bootstrap>", "importing libraries"),
        ("/lib/site-packages/numpy/linalg.py", None),
    ],
)
def test_each_file_belongs_to_a_room(file: str, room: str | None) -> None:
    assert room_of_file(file) == room


def test_the_time_of_a_thread_that_computes_is_found_and_of_one_that_waits_is_not() -> None:
    sampler = Sampler()
    computed, over = threading.Event(), threading.Event()

    def compute() -> None:
        # By its own clock: a thread that other processes keep from the cores has computed as much in the end.
        while time.thread_time() < 0.3:
            sum(range(1000))
        computed.set()
        over.wait()

    threads = [threading.Thread(target=compute), threading.Thread(target=over.wait)]
    sampler.start()
    for thread in threads:
        thread.start()
    assert computed.wait(60)
    sampler.stop()
    over.set()
    for thread in threads:
        thread.join()
    assert 0.25 < sum(sampler.seconds.values()) < 1


def test_shares_are_of_the_whole_and_what_takes_too_much_is_named() -> None:
    seconds = {"arithmetic of the models": 7.0, "reports": 2.0, "pytest": 1.0}
    assert list(largest(seconds, 1)) == ["arithmetic of the models"]
    assert shares(seconds) == {"arithmetic of the models": 0.7, "reports": 0.2, "pytest": 0.1}
    assert over(shares(seconds)) == {"reports": 0.2}
    assert shares({}) == {}


def test_a_run_is_profiled(tmp_path: Path) -> None:
    project(tmp_path)
    out = tmp_path / "profile.json"
    main(["--folder", str(tmp_path), "--out", str(out), "--", "-k", "pins"])
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["exit_code"] == 0
    assert sum(found["shares"].values()) == pytest.approx(1, abs=0.01)
    assert found["shares"]["importing libraries"] > 0
    assert 0.5 < found["sampled_seconds"] / found["cpu_seconds"] < 1.5
    assert str(tmp_path) not in json.dumps(found)
    assert sys.executable not in json.dumps(found)

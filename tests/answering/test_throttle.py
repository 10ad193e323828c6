"""Threads that make pictures: all of them, or few while a GPU is fed, and more if few are too slow."""

import os
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kurabe.answering import dispatch
from kurabe.answering import requests as module
from kurabe.answering.throttle import Throttle
from kurabe.common.request import Answer, Request
from tests.answering.test_ahead import AHEAD, eager
from tests.support.desk import MakeDesk, desks


class Crowd:
    """Counts how many are in at once."""

    def __init__(self, hands: Throttle) -> None:
        self.most = self._in = 0
        self._hands, self._lock = hands, threading.Lock()

    def work(self, _number: int) -> None:
        with self._hands:
            with self._lock:
                self._in += 1
                self.most = max(self.most, self._in)
            time.sleep(0.01)
            with self._lock:
                self._in -= 1

    def together(self, times: int = 24) -> int:
        """Let eight threads work; return how many were in at once."""
        self.most = 0
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(self.work, range(times)))
        return self.most


def test_few_are_let_in_while_they_are_spared_and_all_before_and_after() -> None:
    hands = Throttle(6, 2)
    crowd = Crowd(hands)
    assert crowd.together() == 6
    with hands.spared():
        assert crowd.together() == 2
    assert crowd.together() == 6


def test_few_become_more_each_time_they_were_late_but_never_more_than_all() -> None:
    hands = Throttle(6, 2)
    crowd, found = Crowd(hands), []
    for _ in range(4):
        with hands.spared():
            found.append(crowd.together())
        hands.late()
    assert found == [2, 4, 6, 6]


def test_a_machine_with_one_core_has_one_thread() -> None:
    hands = Throttle(1, 2)
    with hands.spared():
        assert Crowd(hands).together(4) == 1


def test_an_error_lets_the_next_one_in() -> None:
    hands = Throttle(1, 1)
    with pytest.raises(ValueError, match="broken"), hands:
        raise ValueError("broken")
    assert Crowd(hands).together(2) == 1


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[MakeDesk]:
    with desks(tmp_path, AHEAD) as make:
        yield make


@pytest.mark.parametrize("window", [2, None])
def test_few_threads_make_pictures_while_an_engine_works_that_goes_on_by_itself(
    desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, window: int | None
) -> None:
    monkeypatch.setattr(module, "_FEW", 1)
    monkeypatch.setattr(dispatch, "_LATE", float("inf"))  # however busy this machine is
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    made = desk()
    engine = eager(made)
    engine.window = window
    act, limits = engine.act, []

    def answer(requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        limits.append(made.answering._requests.throttle._limit)
        yield from act(requests)

    engine.act = answer
    assert made.errors() == [None] * 8
    assert set(limits) == ({1} if window else {4})
    assert made.answering._requests.throttle._limit == 4


def test_an_engine_that_waits_for_pictures_gets_more_threads(
    desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FEW", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    made = desk()
    show = made.answering._requests._pictures.show

    def slowly(trial: object) -> object:
        time.sleep(3 * dispatch._LATE)
        return show(trial)  # type: ignore[arg-type]

    monkeypatch.setattr(made.answering._requests._pictures, "show", slowly)
    assert made.errors() == [None] * 8
    assert made.answering._requests.throttle._few == 4

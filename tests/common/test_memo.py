"""Dear results are computed once, also when several threads ask, and the memory for them is limited."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurabe.common.memo import Memo


class Counted:
    """Computes a text of a given length and counts how often."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.asked: list[str] = []
        self._seconds = seconds
        self._lock = threading.Lock()

    def of(self, memo: Memo[str], key: str, length: int = 1) -> str:
        def compute() -> str:
            with self._lock:
                self.asked.append(key)
            time.sleep(self._seconds)
            return key * length

        return memo.get(key, compute)


def test_a_result_is_computed_once_however_many_threads_ask() -> None:
    memo, counted = Memo[str](100, len), Counted(seconds=0.02)
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda number: counted.of(memo, "abcd"[number % 4]), range(64)))
    assert sorted(counted.asked) == ["a", "b", "c", "d"]
    assert found == ["a", "b", "c", "d"] * 16


def test_threads_compute_different_results_side_by_side() -> None:
    memo = Memo[str](100, len)
    both = threading.Barrier(2, timeout=10)  # breaks unless two compute at once

    def compute() -> str:
        both.wait()
        return "x"

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda key: memo.get(key, compute), "ab")) == ["x", "x"]


def test_the_least_recently_used_one_leaves() -> None:
    memo, counted = Memo[str](3, len), Counted()
    for key in ("a", "b", "c", "a", "d"):  # b was used longest ago
        counted.of(memo, key)
    counted.asked.clear()
    for key in ("a", "c", "d", "b"):
        counted.of(memo, key)
    assert counted.asked == ["b"]


def test_a_result_beyond_the_limit_is_given_and_not_kept() -> None:
    memo, counted = Memo[str](3, len), Counted()
    assert counted.of(memo, "a", 5) == "aaaaa"
    assert counted.of(memo, "a", 5) == "aaaaa"
    assert counted.asked == ["a", "a"]
    counted.of(memo, "b", 3)
    counted.of(memo, "b", 3)
    assert counted.asked == ["a", "a", "b"]


def test_an_exception_reaches_all_who_wait_and_is_not_remembered() -> None:
    memo = Memo[str](10, len)
    entered, go = threading.Event(), threading.Event()
    calls = []

    def fail() -> str:
        calls.append(1)
        entered.set()
        go.wait(10)
        raise OSError("no such picture")

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(memo.get, "a", fail)
        entered.wait(10)
        others = [pool.submit(memo.get, "a", fail) for _ in range(3)]
        time.sleep(0.05)  # so that they wait before the first one fails
        go.set()
        for future in (first, *others):
            with pytest.raises(OSError, match="no such picture"):
                future.result(10)
    assert len(calls) == 1
    assert memo.get("a", lambda: "there") == "there"


def test_making_room_waits_for_nobody_who_still_computes() -> None:
    memo = Memo[str](2, len)
    entered, go = threading.Event(), threading.Event()

    def slow() -> str:
        entered.set()
        go.wait(10)
        return "slow"

    with ThreadPoolExecutor(2) as pool:
        older = pool.submit(memo.get, "older", slow)
        entered.wait(10)
        try:
            assert pool.submit(memo.get, "large", lambda: "xxx").result(5) == "xxx"
            assert not older.done()
        finally:
            go.set()
        assert older.result(10) == "slow"


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcdef"), max_size=40), st.integers(0, 12))
def test_the_limit_is_honoured_whatever_is_asked(asked: list[str], limit: int) -> None:
    sizes = {key: number for number, key in enumerate("abcdef", 1)}
    memo = Memo[str](limit, len)
    held: dict[str, None] = {}  # what a memory of this size holds, oldest first
    for key in asked:
        computed: list[str] = []

        def compute(key: str = key, computed: list[str] = computed) -> str:
            computed.append(key)
            return key * sizes[key]

        assert memo.get(key, compute) == key * sizes[key]
        assert (not computed) == (key in held)
        held.pop(key, None)
        held[key] = None
        while sum(sizes[one] for one in held) > limit:
            del held[next(iter(held))]

"""How many threads make pictures at once: all of them, or few while a thread that must not wait is at work.

Threads share one interpreter lock. Whoever hands work to a GPU takes and gives that lock thousands of times a
second, and among many threads that want it, too, each time takes longer than the GPU needs for what it got.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Throttle:
    """Lets threads in, one context each, up to a number that changes.

    Args:
        most: How many may be in at once.
        few: How many while they are to be `spared`, until it turns out that this is too few.
    """

    def __init__(self, most: int, few: int) -> None:
        self._most, self._few = most, min(few, most)
        self._limit = most
        self._in = 0
        self._changed = Condition()

    def __enter__(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._in < self._limit)
            self._in += 1

    def __exit__(self, *_error: object) -> None:
        with self._changed:
            self._in -= 1
            self._changed.notify()

    @contextmanager
    def spared(self) -> Iterator[None]:
        """Let only few in while the context lasts; who is in already finishes what it does."""
        self._set(self._few)
        try:
            yield
        finally:
            self._set(self._most)

    def late(self) -> None:
        """Note that what few made was not there in time: from now on twice as many are few."""
        self._few = min(2 * self._few, self._most)

    def _set(self, limit: int) -> None:
        with self._changed:
            self._limit = limit
            self._changed.notify_all()

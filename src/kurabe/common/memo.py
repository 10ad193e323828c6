"""A memory of limited size for results that are dear: computed once, also when several threads ask."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Memo(Generic[T]):
    """Results by key; the least recently used ones leave when ``limit`` is exceeded.

    Args:
        limit: The sum of sizes that is kept.
        size: Gives a result's size, in the unit of ``limit``.
    """

    def __init__(self, limit: int, size: Callable[[T], int]) -> None:
        self._limit = limit
        self._size = size
        self._held = 0
        self._futures: OrderedDict[Hashable, Future[T]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return the result of ``key``; whoever asks first computes it, the others wait.

        An exception reaches everyone who waits for it, and is not remembered.
        """
        with self._lock:
            known = self._futures.get(key)
            if known is None:
                future = self._futures[key] = Future[T]()
            else:
                self._futures.move_to_end(key)
        if known is not None:
            return known.result()
        try:
            result = compute()
        except BaseException as error:
            with self._lock:
                self._futures.pop(key, None)
            future.set_exception(error)
            raise
        future.set_result(result)
        self._keep(result)
        return result

    def held(self, key: Hashable) -> T | None:
        """Return the result of ``key`` if it is there; nothing is computed and nothing is waited for."""
        with self._lock:
            known = self._futures.get(key)
        return known.result() if known is not None and known.done() and not known.exception() else None

    def _keep(self, result: T) -> None:
        with self._lock:
            self._held += self._size(result)
            if self._held <= self._limit:
                return  # the usual case must not look at every key
            for key in list(self._futures):
                oldest = self._futures[key]
                if oldest.done():
                    del self._futures[key]
                    self._held -= self._size(oldest.result())
                    if self._held <= self._limit:
                        return

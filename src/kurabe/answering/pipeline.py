"""Work that runs ahead of who needs it: in one thread, in order, its results handed over one by one."""

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

More = Callable[[Callable[[R], bool]], R | None]
"""Gives what follows, if it is ready and the argument says yes to it; it is not worked with a second time."""


class Pipeline(Generic[R, T]):
    """Makes things ready in one thread and works with them in another, both in the order of `begin`.

    While the second thread works with one thing, the first makes the next ready.

    Args:
        work: Gives the results of what its first argument returns, and of what it takes along by the second.
    """

    def __init__(self, work: Callable[[Callable[[], R], More[R]], Generator[T, None, None]]) -> None:
        self._work = work
        self._first, self._second = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._results: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()
        self._begun: deque[Future[R]] = deque()
        self._working = 0
        self._changing = Lock()
        self._stopped = False

    def begin(self, ready: Callable[[], R]) -> None:
        """Queue something: ``ready`` makes it ready, and what it raises is raised where it is worked with."""
        made = self._first.submit(ready)
        with self._changing:
            self._begun.append(made)
        self._second.submit(self._run)

    def _run(self) -> None:
        with self._changing:
            if not self._begun:  # taken along
                return
            work = self._work(self._begun.popleft().result, self._more)
            self._working += 1
        try:
            with closing(work) as results:
                for result in results:
                    self._results.put((result, None))
                    if self._stopped:
                        return
        except BaseException as error:
            self._results.put((None, error))
        finally:
            with self._changing:
                self._working -= 1
            self._room()

    def _more(self, wanted: Callable[[R], bool]) -> R | None:
        """Take what follows out of the queue; nothing if it is not ready, not wanted, or failed."""
        with self._changing:
            if self._stopped or not self._begun or not self._begun[0].done():
                return None
            made = self._begun[0]
            if made.cancelled() or made.exception() is not None or not wanted(made.result()):
                return None
            self._begun.popleft()
        self._room()
        return made.result()

    def _room(self) -> None:
        """Wake who waits for a result: something can be begun meanwhile."""
        self._results.put((None, None))

    @property
    def open(self) -> int:
        """How much has begun and is neither done nor taken along by what came before."""
        with self._changing:
            return len(self._begun) + self._working

    def next(self, wait: bool = True) -> T | None:
        """Return the next result; None if there is none and it is not to be waited for, or if `open` fell.

        Raises:
            BaseException: Whatever was raised where results are made.
        """
        try:
            result, error = self._results.get(wait)
        except Empty:
            return None
        if error is not None:
            raise error
        return result

    def close(self) -> None:
        """Stop after the result that is being made; its place in the queue is kept."""
        self._stopped = True
        self._first.shutdown(cancel_futures=True)
        self._second.shutdown(cancel_futures=True)

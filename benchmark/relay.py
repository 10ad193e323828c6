"""Work that runs ahead of who needs it: in one thread, in order, its results handed over one by one."""

from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Relay(Generic[R, T]):
    """Makes things ready in one thread and works with them in another, both in the order of `begin`.

    While the second thread works with one thing, the first makes the next ready.

    Args:
        work: Gives the results of what is ready.
    """

    def __init__(self, work: Callable[[Callable[[], R]], Generator[T, None, None]]) -> None:
        self._work = work
        self._first, self._second = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._results: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()
        self._open: list[Future[None]] = []
        self._stopped = False

    def begin(self, ready: Callable[[], R]) -> None:
        """Queue something: ``ready`` makes it ready, and what it raises is raised where it is worked with."""
        made = self._first.submit(ready)
        self._open.append(self._second.submit(self._run, made.result))

    def _run(self, ready: Callable[[], R]) -> None:
        try:
            with closing(self._work(ready)) as results:
                for result in results:
                    self._results.put((result, None))
                    if self._stopped:
                        return
        except BaseException as error:
            self._results.put((None, error))

    @property
    def open(self) -> int:
        """How much has begun and is not done."""
        self._open = [future for future in self._open if not future.done()]
        return len(self._open)

    def next(self, wait: bool = True) -> T | None:
        """Return the next result; None if there is none and it is not to be waited for.

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

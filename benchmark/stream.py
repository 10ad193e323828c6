"""What is with an engine: the requests of a window, and of those that it takes along."""

from collections.abc import Callable, Iterable, Iterator
from itertools import count

from benchmark.answered import Asked, Ready, Result
from benchmark.models.protocol import Answer, Engine, Onward, Request
from benchmark.trial import Trial


class Stream:
    """Requests by the number that the engine knows them by.

    Args:
        window: Is asked in any case.
        following: Returns the next window of this model if it is ready; the engine then goes on with it
            before it waits for the end of this one.

    Attributes:
        waiting: Requests without an answer.
        trials: All trials so far, for whom something is to be told in the end.
    """

    def __init__(self, window: Ready, following: Callable[[], Ready | None]) -> None:
        self.waiting: dict[int, Asked] = {}
        self.trials: list[Trial] = []
        self._along: set[int] = set()
        self._following = following
        self._numbers = count()
        self._settled: list[Result] = []
        self._first = self._add(window)

    def answers(self, engine: Engine) -> Iterator[tuple[int, Answer] | None]:
        """Ask an engine; the numbers are those of `waiting`, and None comes where it goes on to compute."""
        first, self._first = self._first, []  # the engine lets go of them when they are answered
        if isinstance(engine, Onward):
            return engine.answer_on(first, self._more)
        return engine.answer(first)

    def settled(self) -> list[Result]:
        """Return, once, what is known of the windows that were taken along without an engine."""
        known, self._settled = self._settled, []
        return known

    def given_up(self, again: bool) -> list[Asked]:
        """Return the requests that get no answer any more, and let go of them.

        Args:
            again: Whether the window that was taken along last is asked once more, on its own: the engine
                failed, and it need not have been that window's fault.
        """
        latest = [self.waiting[number] for number in sorted(self._along & set(self.waiting))] if again else []
        lost = [each for number, each in self.waiting.items() if number not in self._along or not again]
        self.waiting.clear()
        self._along.clear()
        self._numbers = count()
        self._number(latest)
        self._first = [each.request for each in latest]
        return lost

    def _more(self) -> list[Request]:
        while (window := self._following()) is not None:
            self._settled += window.settled
            self.trials += [each.trial for each in window.settled]
            if window.asked:
                before = set(self.waiting)
                requests = self._add(window)
                self._along = set(self.waiting) - before
                return requests
        return []

    def _add(self, window: Ready) -> list[Request]:
        self.trials += [each.trial for each in window.asked]
        self._number(window.asked)
        return [each.request for each in window.asked]

    def _number(self, asked: Iterable[Asked]) -> None:
        self.waiting.update((number, each) for each, number in zip(asked, self._numbers, strict=False))

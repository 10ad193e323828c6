"""What is with an engine: the requests of a window, and of those that it takes along."""

from collections.abc import Callable, Iterator

from kurabe.answering.states import Asked, Ready, Result
from kurabe.cases.trials import Trial
from kurabe.common.request import Answer, Request
from kurabe.models.protocol import Ahead, Engine


class Feed:
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
        self._following = following
        self._asked = 0
        self._latest = 0  # number of the first request of the window that came last
        self._settled: list[Result] = []
        self._first = self._add(window)

    def answers(self, engine: Engine) -> Iterator[tuple[int, Answer] | None]:
        """Ask an engine; the numbers are those of `waiting`, and None comes where it goes on to compute."""
        first, self._first = self._first, []  # the engine lets go of them when they are answered
        if isinstance(engine, Ahead):
            return engine.answer_on(first, self._more)
        return engine.answer(first)

    def settled(self) -> list[Result]:
        """Return, once, what is known of the windows that were taken along without an engine."""
        known, self._settled = self._settled, []
        return known

    def given_up(self, failed: bool) -> list[Asked]:
        """Return the requests that get no answer any more, and let go of them.

        Args:
            failed: Whether the engine failed. It need not have been the fault of a window that was taken
                along: the latest of these stays in `waiting`, to be asked once more, on its own.
        """
        lost: list[Asked] = []
        again: list[Asked] = []
        for number, each in self.waiting.items():
            (again if failed and 0 < self._latest <= number else lost).append(each)
        self.waiting = dict(enumerate(again))
        self._asked, self._latest = len(again), 0
        self._first = [each.request for each in again]
        return lost

    def _more(self) -> list[Request]:
        while (window := self._following()) is not None:
            self._settled += window.settled
            self.trials += [each.trial for each in window.settled]
            if window.asked:
                return self._add(window)
        return []

    def _add(self, window: Ready) -> list[Request]:
        self.trials += [each.trial for each in window.asked]
        self.waiting.update(enumerate(window.asked, self._asked))
        self._latest, self._asked = self._asked, self._asked + len(window.asked)
        return [each.request for each in window.asked]

"""Asking: the requests of a window go to their engine, and each answer is on disk before anyone sees it."""

import math
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import nullcontext
from dataclasses import replace

from kurabe.answering.cache import AnswerCache
from kurabe.answering.engines import Engines
from kurabe.answering.feed import Feed
from kurabe.answering.pipeline import More
from kurabe.answering.states import Failed, Ready, Result
from kurabe.answering.throttle import Throttle
from kurabe.common.errors import UnaskedError, in_words
from kurabe.common.heat import is_heat_map
from kurabe.common.request import Answer, Request
from kurabe.models.protocol import Engine

_SAVE_EVERY = 0.02
"""Seconds between two writes to the cache while answers come in: a transaction takes a millisecond, which
is nothing to a model and more than all else to an engine that answers at once."""

_LATE = 0.01
"""Seconds from which on an engine has waited."""


class Dispatch:
    """Asks engines.

    Attributes:
        fed: Whether an engine that goes on by itself has had a window.
    """

    def __init__(
        self,
        engines: Engines,
        cache: AnswerCache,
        throttle: Throttle,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> None:
        """Take the engines, where their answers go, and what holds other threads back meanwhile.

        For ``meanwhile`` see `kurabe.answering.answerer.Answerer`.
        """
        self.fed = False
        self._meanwhile = meanwhile
        self._engines = engines
        self._cache = cache
        self._throttle = throttle
        self._stopping = False

    def stop(self) -> None:
        """Let go of answers that are still awaited: nobody wants them any more."""
        self._stopping = True

    def work(
        self,
        ready: Callable[[], Ready | Failed],
        more: More[Ready | Failed] = lambda wanted: None,  # noqa: ARG005
    ) -> Generator[Result | Failed, None, None]:
        """Give the answers of a window and of those that it takes along, each after it is on disk."""
        begun = time.perf_counter()
        window = ready()
        if self.fed and time.perf_counter() - begun > _LATE:
            self._throttle.late()
        if isinstance(window, Failed):
            yield window
            return
        yield from window.settled
        if not window.asked:
            return
        model = window.model
        try:
            engine = self._engines.loaded(model)
        except Exception as error:
            yield Failed([each.trial for each in window.asked], self._engines.give_up(model, error))
            return

        def following() -> Ready | None:
            found = more(lambda made: isinstance(made, Ready) and made.model == model)
            return found if isinstance(found, Ready) else None

        feed = Feed(window, following)
        del ready, window  # a feed may be long, and they hold pictures
        self.fed = self._engines.wanted(model) is not None
        if not self.fed:
            self._meanwhile()
        with self._throttle.spared() if self.fed else nullcontext():
            while feed.waiting and not self._stopping:
                yield from self._ask(engine, model, feed)

    def _ask(self, engine: Engine, model: str, feed: Feed) -> Iterator[Result]:
        start = saved = time.perf_counter()
        fresh: list[Result] = []
        unsaved: dict[str, Answer] = {}
        why, failed, unasked = f"{model} gave no answer to this request", False, ""
        try:
            for given in feed.answers(engine):
                now = time.perf_counter()
                if given is not None:
                    done, answer = feed.waiting.pop(given[0]), given[1]
                    if wrong := _impossible(answer, done.prepared.request):
                        answer = Answer(error=f"{model} {wrong}")
                    fresh.append(Result(done.trial, done.prepared.answered(answer), now - start))
                    start = now
                    if answer.error is None and done.key:
                        unsaved[done.key] = answer
                if self._stopping:
                    return
                if given is None or now - saved > _SAVE_EVERY:
                    self._cache.put(unsaved)
                    unsaved = {}
                    yield from fresh
                    yield from feed.settled()
                    fresh, saved = [], time.perf_counter()
        except UnaskedError as error:
            unasked = str(error)
        except Exception as error:
            # Whatever an engine raises is about the requests it had not answered; the others stand.
            why, failed = f"{model} failed while answering: {in_words(error)}", True
        finally:  # also where the user interrupts
            self._cache.put(unsaved)
        yield from fresh
        yield from feed.settled()
        for each in feed.given_up(failed):
            answered = each.prepared.answered(Answer(error=None if unasked else why))
            yield Result(each.trial, replace(answered, unasked=unasked))


def _impossible(answer: Answer, request: Request | None) -> str:
    """Say what of an answer cannot be, as after an overflow in half precision; "" if all can."""
    if answer.p_different is not None and not 0 <= answer.p_different <= 1:
        return f"gave {answer.p_different} as P(different), which is no probability: try another 'dtype'"
    if not all(math.isfinite(edge) for box in answer.boxes or () for edge in box):
        return f"gave boxes that are none: {answer.boxes}"
    if answer.heat is not None and not is_heat_map(answer.heat):
        return "gave a heat map that is none: make it with kurabe.heat_map"
    if answer.p_options is not None:
        if not all(0 <= each <= 1 for each in answer.p_options):
            return f"gave p_options that are no probabilities: {answer.p_options}"
        options = 0 if request is None else len(request.options)
        if len(answer.p_options) != options:
            given = len(answer.p_options)
            return f"gave {given} probabilities (p_options) for {options} options: give one for each"
    return ""

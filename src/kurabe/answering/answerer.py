"""Answers ahead of the tests: windows of trials, prepared by threads, answered in batches, made durable.

When a test asks for its answer, the next window of trials of that model is answered at once, while the
pictures of the window after it are prepared. A model on a GPU goes on with that window by itself, so that it
never waits for the tests. An answer is on disk before a test sees it.
"""

import hashlib
import json
import math
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from kurabe.answering.feed import Stream
from kurabe.answering.pictures import Pictures
from kurabe.answering.pipeline import More, Relay
from kurabe.answering.states import Answered, Asked, Failed, Prepared, Progress, Ready, Result
from kurabe.answering.throttle import Hands
from kurabe.answering.windows import Windows
from kurabe.cases.prompts import Prompts
from kurabe.cases.trials import Trial, prompt_of
from kurabe.common.errors import ImageError, KurabeError, ModelError
from kurabe.models.protocol import Ahead, Answer, Engine, Request, trained_on
from kurabe.models.registry import Registry
from kurabe.results.album import Album, Listed, Names
from kurabe.results.run import AnswerCache

__all__ = ["WINDOW", "Answered", "Answering", "Progress"]

WINDOW = 64
"""Trials answered at once, where the engine does not say what it wants."""

_FIRST_WINDOW = 16
"""Trials of the first window where it does, as the engine waits for their pictures. The windows that follow
are twice as large each."""

_SAVE_EVERY = 0.02
"""Seconds between two writes to the cache while answers come in: a transaction takes a millisecond, which
is nothing to a model and more than all else to an engine that answers at once."""

_WINDOW_BYTES = 512 * 2**20
"""Limit of a window's decoded pictures, so that photographs of many megapixels do not fill the memory."""

_AHEAD = 2
"""Windows on their way to an engine that goes on by itself: one is answered, the other made ready."""

_FEW = 2
"""Threads that make pictures while an engine works that goes on by itself, until it has to wait for them."""

_LATE = 0.01
"""Seconds from which on an engine has waited."""

_SWITCH = 1e-4
"""Seconds after which a thread that computes in Python lets another one go on, while an engine works beside
the tests: whoever feeds a GPU must not wait for the usual five milliseconds."""


class Answering:
    """Answers trials, in the order of the plan."""

    def __init__(
        self,
        registry: Registry,
        cache: AnswerCache,
        prompts: Mapping[str, Prompts],
        *,
        fresh: bool = False,
        window: int = WINDOW,
        pictures: Path | None = None,
        album: Album | None = None,
        report: Callable[[Progress], None] = lambda progress: None,  # noqa: ARG005
    ) -> None:
        """Take what is needed to answer.

        Args:
            registry: The models.
            cache: Where answers are kept.
            prompts: Prompts by suite.
            fresh: Ask again what earlier runs have asked.
            window: Trials answered at once.
            pictures: Folder in which processed pictures are kept.
            album: Keeps what is shown, for the page; without one, nothing of it is kept.
            report: Told about progress.
        """
        self._registry = registry
        self._cache = cache
        self._prompts = prompts
        self._fresh = fresh
        self._window_size = window
        self._report = report
        self._pictures = Pictures(pictures)
        self._album = album or Album(None)
        threads = max(1, min(8, os.cpu_count() or 1))
        self._pool = ThreadPoolExecutor(threads)
        self._hands = Hands(threads, _FEW)
        self._relay: Relay[Ready | Failed, Result | Failed] | None = None
        self._usual_switch = sys.getswitchinterval()
        self._windows = Windows()
        self._begun: Counter[str] = Counter()
        self._under_way: set[str] = set()
        self._latest: Sequence[Trial] = ()
        self._done: dict[str, Answered] = {}
        self._told: set[str] = set()
        self._futures: dict[str, Future[Prepared]] = {}
        self._learned: dict[str, Listed] = {}
        self._broken: dict[str, str] = {}
        self._fed = False  # whether an engine that goes on by itself has had a window
        self._asked = 0
        self._seconds = 0.0

    def plan(self, trials: Sequence[Trial], groups: Mapping[str, str] | None = None) -> None:
        """Say which trials will be asked for, in which order.

        Args:
            trials: The trials.
            groups: Group by trial id, where other processes answer other groups: a window never leaves
                its group.
        """
        self._windows.plan(trials, groups or {})
        self._begun.clear()
        self._told.clear()

    def answer(self, trial: Trial) -> Answered:
        """Return a trial's answer, answering the next window of its model if it is not there yet."""
        while self._relay is not None and (result := self._relay.next(wait=False)):
            self._settle(result)
        if trial.id not in self._done and trial.id not in self._under_way:
            self._windows.taken.discard(trial.id)  # whoever asks a second time gets an answer, too
            self._told.discard(trial.id)
            window = self._window(trial)
            if self._wanted(trial.model) is None:
                self._answer_now(window)
            else:
                self._begin(window)
        self._go_on()
        while trial.id not in self._done:
            assert self._relay is not None
            if result := self._relay.next():
                self._settle(result)
            self._go_on()
        return self._done.pop(trial.id)

    def close(self) -> None:
        """Stop answering and preparing, and close the cache."""
        if self._relay is not None:
            self._relay.close()
            sys.setswitchinterval(self._usual_switch)
        self._pool.shutdown(cancel_futures=True)
        self._cache.close()

    def _window(self, first: Trial) -> list[Trial]:
        """Return the next window from ``first`` on, as large as its engine wants it."""
        size, limit = self._window_size, _WINDOW_BYTES
        wanted = self._wanted(first.model)
        if wanted is not None:
            size = min(wanted, min(size, _FIRST_WINDOW) << min(self._begun[first.model], 16))
            limit *= 2
        return self._windows.window(first, size, limit)

    def _wanted(self, model: str) -> int | None:
        """Return how many requests an engine wants at once; None if it is only asked when a test waits."""
        try:
            engine = self._registry.engine(model)
        except Exception:
            return None  # answering will say what is wrong
        return engine.window if isinstance(engine, Ahead) else None

    def _answer_now(self, window: Sequence[Trial]) -> None:
        """Answer a window here, while the pictures of the next are prepared."""
        ready = self._ready(window)
        following = self._windows.following(window)
        if following is not None and self._may_follow(following):
            self._prepare(self._window(following))
        for result in self._work(lambda: ready):
            self._settle(result)

    def _begin(self, window: Sequence[Trial]) -> None:
        """Let a window be answered beside the tests."""
        if self._relay is None:
            self._relay = Relay(self._work)
            sys.setswitchinterval(_SWITCH)
        names = {trial.id for trial in window}
        self._windows.taken |= names
        self._under_way |= names
        ahead = bool(self._begun) or self._fed
        self._begun[window[0].model] += 1
        self._latest = window
        self._relay.begin(partial(self._ready, window, ahead))

    def _go_on(self) -> None:
        """Begin what follows, as long as few windows are on their way."""
        while self._relay is not None and self._latest and self._relay.open < _AHEAD:
            following = self._windows.following(self._latest)
            self._latest = ()
            if following is not None and self._may_follow(following):
                window = self._window(following)
                if self._wanted(following.model) is None:
                    self._prepare(window)
                else:
                    self._begin(window)

    def _may_follow(self, trial: Trial) -> bool:
        return trial.model not in self._broken and trial.id not in self._windows.taken

    def _ready(self, window: Sequence[Trial], ahead: bool = False) -> Ready | Failed:
        """Prepare a window's pictures, and look up what has been answered before.

        Windows that follow each other wait for each other here, so that no picture of the later one is made
        before all that the engine needs of the earlier one.

        Args:
            window: The window.
            ahead: Whether the engine may prepare, too; before the very first window it has to load.
        """
        model = window[0].model
        self._prepare(window)
        futures = [self._futures.pop(trial.id) for trial in window]
        try:
            engine = self._engine(model)
            fingerprint = engine.fingerprint()
            if model not in self._learned:
                self._learned[model] = Listed(trained_on(engine))
        except Exception as error:
            return Failed(window, self._give_up(model, error))
        prepared = [future.result() for future in futures]
        keys = ["" if p.request is None else _key(fingerprint, p.request, p.digest) for p in prepared]
        try:
            known = {} if self._fresh else self._cache.get([key for key in keys if key])
        except KurabeError as error:
            return Failed(window, str(error))
        settled, asked = [], []
        for trial, p, key in zip(window, prepared, keys, strict=True):
            if p.request is None:
                settled.append(Result(trial, p.answered(Answer(error=p.error))))
            elif p.shows(self._learned[model]):
                refused = f"{model} was trained on these pictures"
                settled.append(Result(trial, p.answered(Answer(), refused=refused)))
            elif key in known:
                settled.append(Result(trial, p.answered(known[key], cached=True)))
            else:
                asked.append(Asked(trial, p, p.request, key))
        if isinstance(engine, Ahead) and ahead:
            wait([self._pool.submit(self._prepare_request, engine, each.request) for each in asked])
        return Ready(model, tuple(settled), tuple(asked))

    def _engine(self, model: str) -> Engine:
        if model in self._broken:
            raise ModelError(self._broken[model])
        return self._registry.engine(model)

    def _work(
        self,
        ready: Callable[[], Ready | Failed],
        more: More[Ready | Failed] = lambda wanted: None,  # noqa: ARG005
    ) -> Generator[Result | Failed, None, None]:
        """Give the answers of a window and of those that it takes along, each after it is on disk."""
        begun = time.perf_counter()
        window = ready()
        if self._fed and time.perf_counter() - begun > _LATE:
            self._hands.late()
        if isinstance(window, Failed):
            yield window
            return
        yield from window.settled
        if not window.asked:
            return
        model = window.model
        try:
            self._engine(model)
            engine = self._registry.ready(model)
        except Exception as error:
            yield Failed([each.trial for each in window.asked], self._give_up(model, error))
            return

        def following() -> Ready | None:
            found = more(lambda made: isinstance(made, Ready) and made.model == model)
            return found if isinstance(found, Ready) else None

        stream = Stream(window, following)
        del ready, window  # a stream may be long, and they hold pictures
        self._fed = self._wanted(model) is not None
        with self._hands.spared() if self._fed else nullcontext():
            while stream.waiting:
                try:
                    yield from self._ask(engine, model, stream)
                except KurabeError as error:  # the cache cannot be written
                    yield Failed(stream.trials, str(error))
                    return

    def _ask(self, engine: Engine, model: str, stream: Stream) -> Generator[Result, None, None]:
        start = saved = time.perf_counter()
        fresh: list[Result] = []
        unsaved: dict[str, Answer] = {}
        why, failed = f"{model} gave no answer to this request", False
        try:
            for given in stream.answers(engine):
                now = time.perf_counter()
                if given is not None:
                    done, answer = stream.waiting.pop(given[0]), given[1]
                    if wrong := _impossible(answer):
                        answer = Answer(error=f"{model} {wrong}")
                    fresh.append(Result(done.trial, done.prepared.answered(answer), now - start))
                    start = now
                    if answer.error is None:
                        unsaved[done.key] = answer
                if given is None or now - saved > _SAVE_EVERY:
                    self._cache.put(unsaved)
                    unsaved = {}
                    yield from fresh
                    yield from stream.settled()
                    fresh, saved = [], time.perf_counter()
        except Exception as error:
            # Whatever an engine raises is about the requests it had not answered; the others stand.
            why, failed = f"{model} failed while answering: {_in_words(error)}", True
        finally:  # also where the user interrupts
            self._cache.put(unsaved)
        yield from fresh
        yield from stream.settled()
        for each in stream.given_up(failed):
            yield Result(each.trial, each.prepared.answered(Answer(error=why)))

    def _give_up(self, model: str, error: Exception) -> str:
        """Note that a model cannot be had, so that it is not tried again for each window."""
        self._broken[model] = _in_words(error)
        return self._broken[model]

    def _settle(self, result: Result | Failed) -> None:
        if isinstance(result, Failed):
            for trial in result.window:
                if trial.id not in self._told:
                    self._settle(Result(trial, Answered(Answer(error=result.why), False)))
            return
        trial = result.trial
        if result.seconds is not None:
            self._asked += 1
            self._seconds += result.seconds
        self._done[trial.id] = result.answered
        self._under_way.discard(trial.id)
        self._windows.taken.add(trial.id)
        self._told.add(trial.id)
        self._report(
            Progress(
                trial.model,
                trial.suite.name,
                len(self._told),
                len(self._windows),
                self._asked,
                self._seconds,
            )
        )

    def _prepare(self, window: Sequence[Trial]) -> None:
        for trial in window:
            if trial.id not in self._futures:
                self._futures[trial.id] = self._pool.submit(self._request, trial)

    def _prepare_request(self, engine: Ahead, request: Request) -> None:
        with self._hands:
            engine.prepare(request)

    def _request(self, trial: Trial) -> Prepared:
        with self._hands:
            return self._made(trial)

    def _made(self, trial: Trial) -> Prepared:
        try:
            shown = self._pictures.show(trial)
            names = self._album.add(shown)
        except ImageError as error:
            return Prepared(error=str(error))
        except Exception as error:
            # The other trials of the window are not to suffer, and the message must say whose fault it is.
            return Prepared(error=f"case {trial.case_id}, variant {trial.variant}: {_in_words(error)}")
        prompt = prompt_of(trial, self._prompts[trial.suite.name])
        choice = trial.case.expect.choice if trial.question == "choice" else None
        request = Request(
            trial=trial.id,
            question=trial.question,
            prompt=prompt.text,
            pictures=shown.pictures,
            pair=shown.pair,
            relation=trial.suite.relation(trial.case),
            yes=prompt.yes,
            no=prompt.no,
            options=tuple(choice.options) if choice else (),
            max_new_tokens=prompt.max_new_tokens,
            seed=trial.repeat,
            contents=names.shown,
        )
        digest = _digest(names, trial.swapped)
        return Prepared(request, digest, note=shown.note, pictures=names, kept=self._album.keeps)


def _in_words(error: Exception) -> str:
    return str(error) if isinstance(error, KurabeError) else f"{type(error).__name__}: {error}"


def _impossible(answer: Answer) -> str:
    """Say which of an answer's numbers cannot be, as after an overflow in half precision; "" if all can."""
    if answer.p_different is not None and not 0 <= answer.p_different <= 1:
        return f"gave {answer.p_different} as P(different), which is no probability: try another 'dtype'"
    if not all(math.isfinite(edge) for box in answer.boxes or () for edge in box):
        return f"gave boxes that are none: {answer.boxes}"
    return ""


def _digest(names: Names, swapped: bool) -> str:
    """Identify the pictures by their pixels, before and after layout: engines look at either."""
    return json.dumps([names.pair[::-1] if swapped else names.pair, names.shown])


def _key(fingerprint: str, request: Request, pictures: str) -> str:
    """Return the digest of everything that an answer depends on."""
    parts = [
        fingerprint,
        pictures,
        request.question,
        request.prompt,
        request.relation,
        request.yes,
        request.no,
        request.options,
        request.max_new_tokens,
        request.seed,
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

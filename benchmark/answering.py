"""Answers ahead of the tests: windows of trials, prepared by threads, answered in batches, made durable.

When a test asks for its answer, the next window of trials of that model is answered at once, while the
pictures of the window after it are prepared. An answer is on disk before a test sees it.
"""

import hashlib
import json
import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmark.album import Album, Listed, Names
from benchmark.errors import ImageError, KurabeError, ModelError
from benchmark.imaging.load import image_size
from benchmark.models.protocol import Answer, Request, trained_on
from benchmark.models.registry import Registry
from benchmark.pictures import Pictures
from benchmark.question import Prompts
from benchmark.store import AnswerCache
from benchmark.trial import Trial, prompt_of

WINDOW = 64
"""Trials answered at once: two batches of the local engine's default on a GPU, so that one batch is
processed while the other is computed."""

_SAVE_EVERY = 0.02
"""Seconds between two writes to the cache while answers come in: a transaction takes a millisecond, which
is nothing to a model and more than all else to an engine that answers at once."""

_WINDOW_BYTES = 512 * 2**20
"""Limit of a window's decoded pictures, so that photographs of many megapixels do not fill the memory."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer and where it is from.

    Attributes:
        answer: The answer.
        cached: True if it was asked in an earlier run.
        note: What was done to the pictures besides their variant; or "".
        prompt: What was asked, in words; None where nothing could be asked.
        pictures: Names of the pictures; None where they are not kept.
        refused: Why this model is not asked, now or ever; "" if it was.
    """

    answer: Answer
    cached: bool
    note: str = ""
    prompt: str | None = None
    pictures: Names | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far answering is; given to whoever shows it.

    Attributes:
        model: Who is answering.
        suite: The suite of the trial that was answered last.
        done: Trials of this session that have an answer.
        total: Trials of this session.
        asked: Answers that models gave since the session began, without cached ones.
        seconds: Time that the models took for them.
    """

    model: str
    suite: str
    done: int
    total: int
    asked: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A request and the digest of what it shows; or why there is none."""

    request: Request | None = None
    digest: str = ""
    error: str = ""
    note: str = ""
    pictures: Names | None = None
    kept: bool = False

    def answered(self, answer: Answer, cached: bool = False, refused: str = "") -> Answered:
        """Return an answer to this request, with what was asked and shown."""
        prompt = None if self.request is None else self.request.prompt
        return Answered(answer, cached, self.note, prompt, self.pictures if self.kept else None, refused)

    def shows(self, listed: Listed) -> bool:
        """Say whether any of the pictures, raw or processed, is listed."""
        return self.pictures is not None and any(
            name in listed for name in (*self.pictures.raw, *self.pictures.pair)
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What goes to an engine."""

    trial: Trial
    prepared: _Prepared
    request: Request
    key: str


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
        self._pool = ThreadPoolExecutor(max_workers=max(1, min(4, os.cpu_count() or 1)))
        self._plan: list[Trial] = []
        self._place: dict[str, int] = {}
        self._groups: Mapping[str, str] = {}
        self._sizes: dict[Path, int] = {}
        self._done: dict[str, Answered] = {}
        self._seen: set[str] = set()
        self._futures: dict[str, Future[_Prepared]] = {}
        self._learned: dict[str, Listed] = {}
        self._broken: dict[str, str] = {}
        self._asked = 0
        self._seconds = 0.0

    def plan(self, trials: Sequence[Trial], groups: Mapping[str, str] | None = None) -> None:
        """Say which trials will be asked for, in which order.

        Args:
            trials: The trials.
            groups: Group by trial id, where other processes answer other groups: a window never leaves
                its group.
        """
        self._groups = groups or {}
        self._plan = list(trials)
        self._seen.clear()
        self._place = {trial.id: place for place, trial in enumerate(self._plan)}

    def answer(self, trial: Trial) -> Answered:
        """Return a trial's answer, answering the next window of its model if it is not there yet."""
        if trial.id not in self._done:
            self._seen.discard(trial.id)  # whoever asks a second time gets an answer, too
            window = self._window(trial)
            try:
                self._answer_window(window)
            except KurabeError as error:
                self._fail(window, str(error))
        return self._done.pop(trial.id)

    def close(self) -> None:
        """Stop preparing, and close the cache."""
        self._pool.shutdown(cancel_futures=True)
        self._cache.close()

    def _window(self, first: Trial) -> list[Trial]:
        """Return the trials of one model from ``first`` on that are answered together."""
        if first.id not in self._place:
            return [first]
        window: list[Trial] = []
        held = 0
        for trial in self._plan[self._place[first.id] :]:
            if trial.model != first.model or len(window) == self._window_size:
                break
            if self._groups.get(trial.id) != self._groups.get(first.id):
                break
            if trial.id in self._seen:
                continue
            held += self._decoded_bytes(trial)
            if window and held > _WINDOW_BYTES:
                break
            window.append(trial)
        return window

    def _decoded_bytes(self, trial: Trial) -> int:
        """Return the memory of a trial's pictures, before and after layout; from the files' headers."""
        total = 0
        for name in (trial.case.reference, trial.case.test):
            if name is None:
                continue
            path = trial.suite.image(name)
            if path not in self._sizes:
                try:
                    width, height = image_size(path)
                except ImageError:
                    width = height = 0  # preparing the trial will say what is wrong
                self._sizes[path] = 2 * 3 * width * height
            total += self._sizes[path]
        return total

    def _answer_window(self, window: list[Trial]) -> None:
        model = window[0].model
        if model in self._broken:
            raise ModelError(self._broken[model])
        try:
            engine = self._registry.engine(model)
            fingerprint = engine.fingerprint()
            if model not in self._learned:
                self._learned[model] = Listed(trained_on(engine))
        except Exception as error:
            raise self._give_up(model, error) from error
        self._prepare(window)
        prepared = [self._futures.pop(trial.id).result() for trial in window]
        keys = ["" if p.request is None else _key(fingerprint, p.request, p.digest) for p in prepared]
        known = {} if self._fresh else self._cache.get([key for key in keys if key])
        asked: list[_Asked] = []
        for trial, p, key in zip(window, prepared, keys, strict=True):
            if p.request is None:
                self._settle(trial, p.answered(Answer(error=p.error)))
            elif p.shows(self._learned[model]):
                self._settle(trial, p.answered(Answer(), refused=f"{model} was trained on these pictures"))
            elif key in known:
                self._settle(trial, p.answered(known[key], cached=True))
            else:
                asked.append(_Asked(trial, p, p.request, key))
        self._look_ahead(window)
        if asked:
            self._ask(model, asked)

    def _ask(self, model: str, asked: "list[_Asked]") -> None:
        try:
            engine = self._registry.ready(model)
        except Exception as error:
            raise self._give_up(model, error) from error
        start = saved = time.perf_counter()
        waiting = dict(enumerate(asked))
        unsaved: dict[str, Answer] = {}
        try:
            for index, answer in engine.answer([each.request for each in asked]):
                done = waiting.pop(index)
                if why := _impossible(answer):
                    answer = Answer(error=f"{model} {why}")
                now = time.perf_counter()
                if answer.error is None:
                    unsaved[done.key] = answer
                    if now - saved > _SAVE_EVERY:
                        self._cache.put(unsaved)
                        unsaved, saved = {}, time.perf_counter()
                self._asked += 1
                self._seconds, start = self._seconds + now - start, now
                self._settle(done.trial, done.prepared.answered(answer))
        except Exception as error:
            # Whatever an engine raises is about the requests it had not answered; the others stand.
            why = f"{model} failed while answering: {_in_words(error)}"
        else:
            why = f"{model} gave no answer to this request"
        finally:  # also where the user interrupts
            self._cache.put(unsaved)
        for each in waiting.values():
            self._settle(each.trial, each.prepared.answered(Answer(error=why)))

    def _give_up(self, model: str, error: Exception) -> ModelError:
        """Note that a model cannot be had, so that it is not tried again for each window."""
        self._broken[model] = _in_words(error)
        return ModelError(self._broken[model])

    def _settle(self, trial: Trial, answered: Answered) -> None:
        self._done[trial.id] = answered
        self._seen.add(trial.id)
        self._report(
            Progress(
                trial.model, trial.suite.name, len(self._seen), len(self._plan), self._asked, self._seconds
            )
        )

    def _fail(self, trials: Sequence[Trial], why: str) -> None:
        for trial in trials:
            if trial.id not in self._done:
                self._settle(trial, Answered(Answer(error=why), False))

    def _prepare(self, window: Sequence[Trial]) -> None:
        for trial in window:
            if trial.id not in self._futures:
                self._futures[trial.id] = self._pool.submit(self._request, trial)

    def _look_ahead(self, window: list[Trial]) -> None:
        """Prepare what will be asked for next while the engine is busy."""
        last = self._place.get(window[-1].id)
        if last is not None and last + 1 < len(self._plan):
            following = self._plan[last + 1]
            if self._groups.get(following.id) != self._groups.get(window[-1].id):
                return  # another process may get it
            if following.model not in self._broken and following.id not in self._seen:
                self._prepare(self._window(following))

    def _request(self, trial: Trial) -> _Prepared:
        try:
            shown = self._pictures.show(trial)
            names = self._album.add(shown)
        except ImageError as error:
            return _Prepared(error=str(error))
        except Exception as error:
            # The other trials of the window are not to suffer, and the message must say whose fault it is.
            return _Prepared(error=f"case {trial.case_id}, variant {trial.variant}: {_in_words(error)}")
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
        )
        digest = _digest(names, trial.swapped)
        return _Prepared(request, digest, note=shown.note, pictures=names, kept=self._album.keeps)


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

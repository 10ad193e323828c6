"""Answers ahead of the tests: windows of trials, answered in batches, durable before a test sees them.

When a test asks for its answer, the next window of trials of that model is answered at once, while the
pictures of the window after it are prepared. A model on a GPU goes on with that window by itself, so that it
never waits for the tests. Who does what:

- `windows`: which trials go together;
- `requests`: pictures and prompts, made by threads;
- `lookup`: what needs no engine, such as cached answers;
- `dispatch` and `feed`: the others go to their engine, and the answers to the cache;
- `pipeline`: the two threads in which that happens beside the tests.
"""

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from kurabe.answering.cache import AnswerCache
from kurabe.answering.dispatch import Dispatch
from kurabe.answering.engines import Engines
from kurabe.answering.lookup import Lookup
from kurabe.answering.pictures import Pictures
from kurabe.answering.pipeline import Pipeline
from kurabe.answering.requests import NamesOnly, PictureSink, RequestMaker
from kurabe.answering.states import Answered, Failed, Progress, Ready, Result
from kurabe.answering.windows import Windows
from kurabe.cases.prompts import Prompts
from kurabe.cases.trials import Trial
from kurabe.common.request import Answer
from kurabe.models.registry import Registry

WINDOW = 64
"""Trials answered at once, where the engine does not say what it wants."""

_FIRST_WINDOW = 16
"""Pairs of the first window where it does, as the engine waits for their pictures. The windows that follow
are twice as large each."""

_WINDOW_BYTES = 128 * 2**20
"""Limit of a window's decoded pictures. Two windows are in memory, one being answered and the next one made:
at four times as much, pairs of a megapixel filled 1.5 GiB (`perf/memory.py`)."""

_FED_BYTES = 2**30
"""The same for an engine that says how many it wants: it is on a GPU, and must not wait."""

_AHEAD = 2
"""Windows on their way to an engine that goes on by itself: one is answered, the other made ready."""

_SWITCH = 1e-4
"""Seconds after which a thread that computes in Python lets another one go on, while a GPU works beside the
tests: whoever feeds it must not wait for the usual five milliseconds."""


class Answerer:
    """Answers trials, in the order of the plan."""

    def __init__(
        self,
        registry: Registry,
        cache: AnswerCache,
        prompts: Mapping[str, Prompts],
        *,
        fresh: bool = False,
        resumed: Mapping[str, float] | None = None,
        window: int = WINDOW,
        pictures: Path | None = None,
        sink: PictureSink | None = None,
        report: Callable[[Progress], None] = lambda progress: None,  # noqa: ARG005
        meanwhile: Callable[[], object] = lambda: None,
    ) -> None:
        """Take what is needed to answer.

        Args:
            registry: The models.
            cache: Where answers are kept.
            prompts: Prompts by suite.
            fresh: Ask again what earlier runs have asked.
            resumed: With ``fresh``, trials that this run may have asked before in a process that died: since
                when stored answers count, in seconds since the epoch, by trial id.
            window: Trials answered at once.
            pictures: Folder in which processed pictures are kept.
            sink: Takes what is shown, for the page; without one, nothing of it is kept.
            report: Told about progress.
            meanwhile: Called when an engine begins to answer, for what can be done beside it; not beside
                one that goes on by itself and must not wait.
        """
        self._cache = cache
        self._window_size = window
        self._report = report
        self._windows = Windows()
        self._engines = Engines(registry)
        self._requests = RequestMaker(Pictures(pictures, registry.say), sink or NamesOnly(), prompts)
        self._lookup = Lookup(self._engines, self._requests, cache, fresh, resumed or {})
        self._dispatch = Dispatch(self._engines, cache, self._requests.throttle, meanwhile)
        self._pipeline: Pipeline[Ready | Failed, Result | Failed] | None = None
        self._usual_switch = sys.getswitchinterval()
        self._begun: Counter[str] = Counter()
        self._under_way: set[str] = set()
        self._latest: Sequence[Trial] = ()
        self._done: dict[str, Answered] = {}
        self._told: set[str] = set()
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

    def add(self, trials: Sequence[Trial]) -> None:
        """Say which other trials will be asked for, in this order; those of one model go together."""
        self._windows.add(trials)

    def answer(self, trial: Trial) -> Answered:
        """Return a trial's answer, answering the next window of its model if it is not there yet."""
        while self._pipeline is not None and (result := self._pipeline.next(wait=False)):
            self._settle(result)
        if trial.id not in self._done and trial.id not in self._under_way:
            self._windows.taken.discard(trial.id)  # whoever asks a second time gets an answer, too
            self._told.discard(trial.id)
            window = self._window(trial)
            if self._engines.wanted(trial.model) is None:
                self._answer_now(window)
            else:
                self._begin(window)
        self._go_on()
        while trial.id not in self._done:
            assert self._pipeline is not None
            if result := self._pipeline.next():
                self._settle(result)
            self._go_on()
        return self._done.pop(trial.id)

    def close(self) -> None:
        """Stop answering and preparing, and close the cache."""
        self._dispatch.stop()
        if self._pipeline is not None:
            self._pipeline.close()
            sys.setswitchinterval(self._usual_switch)
        self._requests.close()
        self._cache.close()

    def _window(self, first: Trial) -> list[Trial]:
        """Return the next window from ``first`` on, as large as its engine wants it."""
        size, limit = self._window_size, _WINDOW_BYTES
        wanted = self._engines.wanted(first.model)
        if wanted is not None:
            size = min(wanted, min(size, _FIRST_WINDOW) << min(self._begun[first.model], 16))
            limit = _FED_BYTES
        return self._windows.window(first, size, limit, pairs=wanted is not None)

    def _answer_now(self, window: Sequence[Trial]) -> None:
        """Answer a window here, while the pictures of the next are prepared."""
        ready = self._lookup.ready(window, load=True)
        following = self._windows.following(window)
        if following is not None and self._may_follow(following):
            self._requests.start(self._window(following))
        for result in self._dispatch.work(lambda: ready):
            self._settle(result)

    def _begin(self, window: Sequence[Trial]) -> None:
        """Let a window be answered beside the tests."""
        if self._pipeline is None:
            self._pipeline = Pipeline(self._dispatch.work)
        # Elsewhere so many changes cost more than they gain: a server's answers come a tenth slower.
        sys.setswitchinterval(_SWITCH if self._engines.on_gpu(window[0].model) else self._usual_switch)
        names = {trial.id for trial in window}
        self._windows.taken |= names
        self._under_way |= names
        ahead = bool(self._begun) or self._dispatch.fed
        self._begun[window[0].model] += 1
        self._latest = window
        self._pipeline.begin(partial(self._lookup.ready, window, ahead))

    def _go_on(self) -> None:
        """Begin what follows, as long as few windows are on their way."""
        while self._pipeline is not None and self._latest and self._pipeline.open < _AHEAD:
            following = self._windows.following(self._latest)
            self._latest = ()
            if following is not None and self._may_follow(following):
                window = self._window(following)
                if self._engines.wanted(following.model) is None:
                    self._requests.start(window)
                else:
                    self._begin(window)

    def _may_follow(self, trial: Trial) -> bool:
        return trial.model not in self._engines.broken and trial.id not in self._windows.taken

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
        done, total = len(self._told), len(self._windows)
        self._report(Progress(trial.model, trial.suite.name, done, total, self._asked, self._seconds))

"""The fixture ``kurabe_ask``: questions of tests of one's own, answered and reported as trials are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from kurabe.answering.states import Answered
from kurabe.asking.asks import Ask, Maker, Picture, Reply, expected_of, reply_of, threshold_of
from kurabe.bench import record_of
from kurabe.cases.case import Expect
from kurabe.cases.names import slug
from kurabe.cases.trials import Trial
from kurabe.common.errors import KurabeError, ModelError, RefusedError, UnaskedError
from kurabe.common.vocabulary import Outcome
from kurabe.plugin.stash import is_worker, session_of
from kurabe.scoring import Score, judge

if TYPE_CHECKING:
    from kurabe.bench import Bench
    from kurabe.results.record import Record

__tracebackhide__ = True  # a test that fails shows its own lines alone

MARK = "kurabe_ask"
T = TypeVar("T")

_OWN = pytest.StashKey["Own"]()
_ASKED = pytest.StashKey["list[_Asked]"]()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question of a test that has an answer.

    Attributes:
        trial: The question.
        answered: The answer.
        threshold: Verdicts are "different" from this P(different) on.
        expect: What the test said to expect; None if only its outcome says so.
    """

    trial: Trial
    answered: Answered
    threshold: float | None
    expect: Expect | None


class Own:
    """What all tests of one's own share in a session: the bench, and what was asked ahead of its test."""

    def __init__(self, config: pytest.Config, bench: Bench) -> None:
        session = session_of(config)
        self._config = config
        self._answering = bench.answering
        self.registry = session.registry
        self._maker = Maker(session.project, session.registry, session.project.cache / "asked")
        self._names: Counter[str] = Counter()
        self._declared: dict[pytest.Item, tuple[Trial, Expect | None] | KurabeError] = {}

    def ask(self, item: pytest.Item, asks: Iterable[tuple[Ask, Any]]) -> list[Reply]:
        """Answer questions of a test, each with what is expected; those of one model together."""
        trials = [self._trial(item, ask, expect) for ask, expect in asks]
        self._answering.add(sorted((trial for trial, _ in trials), key=lambda trial: trial.model))
        return [self._answer(item, trial, expect) for trial, expect in trials]

    def declared(self, item: pytest.Item) -> Reply:
        """Answer the question that a test's marker declares, with those of the tests that follow it."""
        if item not in self._declared:
            fresh = {each: self._marked(each) for each in self._items(item)}
            ready = [found[0] for found in fresh.values() if isinstance(found, tuple)]
            self._answering.add(sorted(ready, key=lambda trial: trial.model))
            self._declared |= fresh
        known = self._declared[item]
        if isinstance(known, KurabeError):
            raise known
        return self._answer(item, *known)

    def _items(self, item: pytest.Item) -> list[pytest.Item]:
        """Return the tests whose questions are known ahead; a worker cannot tell which ones it will run."""
        if is_worker(self._config) or item.get_closest_marker(MARK) is None:
            return [item]
        return [each for each in item.session.items if each.get_closest_marker(MARK) is not None]

    def _marked(self, item: pytest.Item) -> tuple[Trial, Expect | None] | KurabeError:
        mark = item.get_closest_marker(MARK)
        if mark is None:
            return ModelError(f"say what to ask, here or with @pytest.mark.{MARK}(good, suspect, model=…)")
        try:
            return self._trial(item, *to_ask(self._config, mark.args, mark.kwargs))
        except KurabeError as error:
            return error

    def _trial(self, item: pytest.Item, ask: Ask, expect: Any) -> tuple[Trial, Expect | None]:
        module = item.getparent(pytest.Module)
        suite = item.path.stem if module is None else module.obj.__name__
        name = slug(item.nodeid.partition("::")[2].replace("::", "."))
        self._names[f"{suite}/{name}"] += 1
        number = self._names[f"{suite}/{name}"]
        case = name if number == 1 else f"{name}.{number}"
        meant = expected_of(ask.question, expect)
        return self._maker.trial(ask, suite, case, item.path, meant), meant

    def _answer(self, item: pytest.Item, trial: Trial, expect: Expect | None) -> Reply:
        answered = self._answering.answer(trial)
        threshold = threshold_of(self.registry, trial)
        if not (answered.refused or answered.unasked):
            item.stash.setdefault(_ASKED, []).append(_Asked(trial, answered, threshold, expect))
        return reply_of(trial, answered, threshold)


_DEFAULTS: dict[str, Any] = {
    "model": None, "question": "verdict", "variant": "raw", "layout": None, "relation": "aligned",
    "language": "en", "prompt": None, "repeat": 0, "expect": None,
}  # fmt: skip


def to_ask(config: pytest.Config, pictures: Iterable[Picture], more: Mapping[str, Any]) -> tuple[Ask, Any]:
    """Return a question, and what is expected of its answer, from the arguments of a call or a marker.

    Raises:
        KurabeError: If they do not say what to ask.
    """
    shown = tuple(pictures)
    unknown = [name for name in more if name not in _DEFAULTS]
    if unknown or len(shown) not in (1, 2):
        found = f"unknown argument {unknown[0]!r}" if unknown else f"{len(shown)} pictures"
        known = ", ".join(_DEFAULTS)
        raise ModelError(
            f"{found}: a good part and a suspect part are asked about, or one picture; with {known}"
        )
    told = {**_DEFAULTS, **more}
    expect = told.pop("expect")
    if len(shown) == 1:
        told["question"] = "describe"
    if told["model"] is None:
        named = session_of(config).options.models
        if len(named) != 1:
            raise ModelError("say which model to ask: model='…' in the test, or one --kurabe-model for all")
        told["model"] = named[0]
    return Ask(test=shown[-1], reference=shown[0] if len(shown) == 2 else None, **told), expect


class Asker:
    """What a test gets as ``kurabe_ask``.

    Args:
        item: The test.
        own: What the session's tests share.
    """

    def __init__(self, item: pytest.Item, own: Callable[[], Own]) -> None:
        self._item = item
        self._own = own

    def __call__(self, *pictures: Picture, **more: Any) -> Reply:
        """Ask about a good part and a suspect part, or let one picture be described.

        Without a picture, the test's marker says what to ask.

        Args:
            *pictures: Files relative to the test's folder or the current one, pictures of Pillow, or arrays.
            **more: ``model``, and as in `kurabe.ask`; ``expect`` says what the answer should be.

        Raises:
            KurabeError: If it cannot be asked, or there is no answer.
        """
        if not pictures and not more:
            return self._skipping(lambda: self._own().declared(self._item))
        return self.many([pictures], **more)[0]

    def many(self, pairs: Iterable[Iterable[Picture]], **more: Any) -> list[Reply]:
        """Ask about several pairs at once, in batches; arguments as in a call.

        Raises:
            KurabeError: If one of them cannot be asked, or has no answer.
        """
        config = self._item.config
        asks = [to_ask(config, pair, more) for pair in pairs]
        return self._skipping(lambda: self._own().ask(self._item, asks))

    def _skipping(self, ask: Callable[[], T]) -> T:
        """Skip the test where a model is not to be asked: that says nothing about it."""
        try:
            return ask()
        except (RefusedError, UnaskedError) as reason:
            pytest.skip(str(reason))
        except KurabeError as error:
            raise error.with_traceback(None) from None


def own_of(request: pytest.FixtureRequest) -> Own:
    """Return what the session's tests of one's own share, made when the first of them asks."""
    config = request.config
    if _OWN not in config.stash:
        session_of(config).without_suites()
        config.stash[_OWN] = Own(config, request.getfixturevalue("kurabe_bench"))
    return config.stash[_OWN]


def records_of(item: pytest.Item, report: pytest.TestReport) -> list[Record]:
    """Return, once, the results of what a test has asked.

    Without an expectation of its own an answer is as good as the test: correct if it passed, and wrong if
    it failed. If the test says neither, as one that is skipped, there is no result.
    """
    if not (report.when == "call" or (report.when == "setup" and not report.passed)):
        return []
    asked = item.stash.get(_ASKED, [])
    item.stash[_ASKED] = []
    passed = None if report.skipped and not hasattr(report, "wasxfail") else report.passed
    found = [_scored(each, passed) for each in asked]
    return [
        record_of(each.trial, each.answered, score, each.threshold)
        for each, score in zip(asked, found, strict=True)
        if score is not None
    ]


def _scored(asked: _Asked, passed: bool | None) -> Score | None:
    trial, answered = asked.trial, asked.answered
    told = trial.question, trial.suite.file.language
    if asked.expect is not None:
        prompt = answered.prompt
        return judge(told[0], asked.expect, told[1], prompt, answered.answer, asked.threshold, answered.place)
    if answered.answer.error is not None:
        return Score("error", None, _AS_ASSERTED, None)
    if passed is None:
        return None
    reply = reply_of(trial, answered, asked.threshold)
    read = {"count": reply.count, "describe": reply.text}.get(reply.question, reply.verdict)
    outcome: Outcome = "correct" if passed else "unparsed" if read is None else "wrong"
    parts: dict[str, Any] = {"count": reply.count} if reply.count is not None else {}
    parts |= {"reason": reply.reason} if outcome == "unparsed" else {}
    return Score(outcome, reply.verdict, _AS_ASSERTED, None, parts, reply.rule)


_AS_ASSERTED = "as the test asserts"

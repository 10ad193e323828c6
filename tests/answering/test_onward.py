"""Engines that take the next window along before they wait for the end of this one."""

import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from kurabe.answering.pipeline import More, Pipeline
from kurabe.common.request import Answer, Request
from kurabe.models.config import Entry
from kurabe.models.registry import Context
from tests.answering.test_ahead import Eager, until
from tests.support.desk import ENTRY, MakeDesk, desks, short
from tests.support.instant import Settings

ONWARD = ENTRY.replace("tests.support.desk:create", "tests.answering.test_onward:create")


class Going(Eager):
    """An engine with the last answer of each window open until it has asked for more."""

    def __init__(self, name: str, settings: Settings) -> None:
        super().__init__(name, settings)
        self.calls = 0
        self.before: Callable[[int], None] = lambda number: None

    def answer_on(
        self, requests: Sequence[Request], following: Callable[[], Sequence[Request]]
    ) -> Iterator[tuple[int, Answer] | None]:
        self.calls += 1
        asked, opened = 0, None
        while requests:
            self.windows.append([request.trial for request in requests])
            for number, found in self.act(requests):
                self.before(asked + number)
                if opened is not None:
                    yield opened
                opened = asked + number, found
            asked += len(requests)
            requests = following()
        if opened is not None:
            yield opened


def create(entry: Entry, context: Context) -> Going:
    return Going(entry.name, Settings.model_validate(entry.settings))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[MakeDesk]:
    with desks(tmp_path, ONWARD) as make:
        yield make


def going(made: Any, name: str = "m") -> Going:
    engine = made.engine(name)
    assert isinstance(engine, Going)
    return engine


def waits_for_the_next(made: Any, engine: Going, at: Sequence[int] = (0, 2, 4)) -> None:
    """Let these answers wait until the next window is ready."""

    def wait(number: int) -> None:
        relay = made.answering._pipeline
        if number in at:
            until(lambda: bool(relay._begun) and relay._begun[0].done())

    engine.before = wait


def test_a_window_that_is_ready_is_taken_along_and_all_are_answered_in_one_call(desk: MakeDesk) -> None:
    made = desk()
    waits_for_the_next(made, going(made))
    assert made.errors() == [None] * 8
    assert [name for window in going(made).windows for name in window] == short(made.trials)
    assert made.sizes == [2, 2, 2, 2]
    assert going(made).calls == 1
    made.answering.close()
    later = desk()
    assert all(answered.cached for answered in later.all())


def test_what_is_known_of_a_window_that_is_taken_along_is_told(desk: MakeDesk) -> None:
    first = desk()
    first.answering.plan(first.trials[2:5])
    known = {trial.id for trial in first.trials[2:5] if first.answering.answer(trial)}
    first.answering.close()
    made = desk()
    # The second window is known as a whole, and of the third one trial.
    waits_for_the_next(made, going(made), (0,))
    found = made.all()
    assert [answered.answer.error for answered in found] == [None] * 8
    asked = {name for window in going(made).windows for name in window}
    assert asked == set(short(made.trials)) - known
    assert {t.id for t, a in zip(made.trials, found, strict=True) if a.cached} == known


def test_a_failure_spares_the_window_that_was_taken_along(desk: MakeDesk) -> None:
    made = desk()
    engine = going(made)
    waits_for_the_next(made, engine, (0, 2))
    wait, failed = engine.before, list[int]()

    def fail_once(number: int) -> None:
        wait(number)
        if number == 3 and not failed:
            failed.append(number)
            raise RuntimeError("hiccup")

    engine.before = fail_once
    errors = made.errors()
    # The first trial's answer, given second, was still open; the window that came along is asked again.
    assert [error is None for error in errors] == [False] + [True] * 7
    assert errors[0] is not None
    assert "hiccup" in errors[0]


def test_a_cache_that_fails_costs_none_that_was_taken_along(desk: MakeDesk) -> None:
    made = desk()
    waits_for_the_next(made, going(made))
    made.answering._cache._db.execute("PRAGMA query_only=ON")  # SQLite's own error: nothing can be written
    assert made.errors() == [None] * 8
    assert "answers from here on are not kept" in made.answering._cache.problem


def test_requests_that_are_answered_are_let_go_while_the_engine_goes_on(desk: MakeDesk) -> None:
    made = desk()
    engine = going(made)
    waits_for_the_next(made, engine)
    wait, act = engine.before, engine.act
    first, alive = dict[int, str](), list[str]()

    def note(requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        if not first:
            first.update((id(request), request.trial) for request in requests)
        yield from act(requests)

    def look(number: int) -> None:
        wait(number)
        if number == 7:
            gc.collect()
            known = [o for o in gc.get_objects() if type(o) is Request and first.get(id(o)) == o.trial]
            alive.extend(request.trial for request in known)

    engine.act, engine.before = note, look
    made.all()
    assert engine.calls == 1
    assert len(first) == 2
    assert alive == []


def test_another_models_window_is_not_taken_along(tmp_path: Path, desk: MakeDesk) -> None:
    (tmp_path / "models.toml").write_text(ONWARD.format("m") + ONWARD.format("n"))
    made = desk()
    assert made.errors() == [None] * 16
    for name in "mn":
        asked = [trial for window in going(made, name).windows for trial in window]
        assert asked == short([trial for trial in made.trials if trial.model == name])


def test_a_relay_gives_what_follows_once_and_only_if_it_is_ready_and_wanted() -> None:
    made, go_on = threading.Event(), threading.Event()
    found: list[Any] = []

    def work(ready: Callable[[], str], more: More[str]) -> Any:
        name = ready()
        if name == "a":
            found.append(more(lambda other: True))
            made.set()
            assert go_on.wait(10)
            until(lambda: relay._begun[0].done())
            found.append(more(lambda other: other == "x"))
            found.append(more(lambda other: other == "b"))
        yield name

    def slow() -> str:
        assert made.wait(10)
        return "b"

    relay: Pipeline[str, str] = Pipeline(work)
    relay.begin(lambda: "a")
    relay.begin(slow)
    assert made.wait(10)
    go_on.set()
    assert relay.next() is None  # "b" was taken along
    assert relay.next() == "a"
    until(lambda: relay.open == 0)
    assert relay.next() is None  # all is done
    relay.begin(lambda: "c")
    assert relay.next() == "c"
    assert found == [None, None, "b"]
    relay.close()


def test_what_an_engine_gave_is_told_before_it_goes_on(desk: MakeDesk) -> None:
    made = desk()
    engine = going(made)
    told = threading.Event()

    def answer_on(
        requests: Sequence[Request],
        following: Callable[[], Sequence[Request]],
    ) -> Iterator[tuple[int, Answer] | None]:
        yield from engine.act(requests)
        yield None
        assert told.wait(10), "nobody was told before"

    engine.answer_on = answer_on  # type: ignore[method-assign]
    found = [made.answering.answer(trial).answer.error for trial in made.trials[:2]]
    told.set()
    assert found == [None] * 2

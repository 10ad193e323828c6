"""Engines that go on by themselves: windows are answered beside the tests, in order, durable, all told."""

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from kurabe.answering import answerer as module
from kurabe.answering import dispatch
from kurabe.answering.pipeline import More, Pipeline
from kurabe.answering.states import Progress
from kurabe.common.errors import ModelError
from kurabe.common.request import Answer, Request
from kurabe.models.config import Entry
from kurabe.models.protocol import Needs
from kurabe.models.registry import Context
from tests.support.desk import ENTRY, MakeDesk, Watched, desks, short
from tests.support.instant import Settings

AHEAD = ENTRY.replace("tests.support.desk:create", "tests.answering.test_ahead:create")


class Eager(Watched):
    """The watched engine, as one that wants its requests ahead."""

    def __init__(self, name: str, settings: Settings) -> None:
        super().__init__(name, settings)
        self.window: int | None = 2
        self.prepared: list[str] = []
        self.threads: set[threading.Thread] = set()

    def prepare(self, request: Request) -> None:
        self.prepared.append(request.trial)

    def answer(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        self.threads.add(threading.current_thread())
        yield from super().answer(requests)

    def answer_on(
        self, requests: Sequence[Request], following: Callable[[], Sequence[Request]]
    ) -> Iterator[tuple[int, Answer] | None]:
        """Answer each window for itself."""
        return self.answer(requests)


def create(entry: Entry, context: Context) -> Eager:
    return Eager(entry.name, Settings.model_validate(entry.settings))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[MakeDesk]:
    with desks(tmp_path, AHEAD) as make:
        yield make


def eager(made: Any, name: str = "m") -> Eager:
    engine = made.engine(name)
    assert isinstance(engine, Eager)
    return engine


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.005)


def test_all_windows_are_answered_after_the_first_trial_is_asked_for(desk: MakeDesk) -> None:
    made = desk()
    first = made.answering.answer(made.trials[0])
    assert first.answer.error is None
    for trial in made.trials[1:3]:  # whoever asks on drives the plan on
        made.answering.answer(trial)
    until(lambda: len(eager(made).windows) >= 3)
    answers = [made.answering.answer(trial) for trial in made.trials[3:]]
    assert [name for window in eager(made).windows for name in window] == short(made.trials)
    assert made.sizes == [2, 2, 2, 2]
    assert all(answered.answer.error is None for answered in answers)
    # Nothing answers while the first window waits for its model.
    assert sorted(eager(made).prepared) == sorted(short(made.trials[2:]))
    assert threading.main_thread() not in eager(made).threads
    assert len(eager(made).threads) == 1


def test_an_engine_that_has_answered_before_prepares_for_the_first_window_of_a_new_plan(
    desk: MakeDesk,
) -> None:
    made = desk(fresh=True)
    made.all()
    eager(made).prepared.clear()
    made.answering.plan(made.trials)
    made.all()
    assert sorted(eager(made).prepared) == sorted(short(made.trials))


def test_the_next_window_is_answered_while_tests_look_at_this_one(desk: MakeDesk) -> None:
    made = desk()
    made.answering.answer(made.trials[0])
    until(lambda: len(eager(made).windows) >= 2)  # nobody has asked for it


def test_the_window_after_next_is_made_ready_as_soon_as_there_is_room(desk: MakeDesk) -> None:
    made = desk()
    engine = eager(made)
    act = engine.act

    def answer(requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        if len(engine.windows) == 2:  # whoever asks waits for this window's answers
            until(lambda: short(made.trials[4:6]) == engine.prepared[2:4])
        for each in act(requests):
            time.sleep(2 * dispatch._SAVE_EVERY)  # so that each is handed over at once
            yield each
        time.sleep(0.1)  # the window counts as worked with until this is over

    engine.act = answer
    assert made.errors() == [None] * 8


def test_windows_grow_to_what_the_engine_wants(desk: MakeDesk) -> None:
    made = desk(window=1)
    eager(made).window = 4
    made.all()
    assert made.sizes == [1, 2, 4, 1]


def test_an_engine_that_wants_nothing_ahead_is_asked_when_a_test_waits(desk: MakeDesk) -> None:
    made = desk(window=3)
    eager(made).window = None
    made.answering.answer(made.trials[0])
    assert made.sizes == [3]
    assert eager(made).threads == {threading.main_thread()}
    assert made.errors()[1:] == [None] * 7


def test_an_answer_is_on_disk_before_a_test_sees_it(desk: MakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    made = desk()
    cache = made.answering._cache
    stored: set[str] = set()
    put = cache.put

    def noted(answers: Any) -> None:
        put(answers)
        stored.update(answers)

    monkeypatch.setattr(cache, "put", noted)
    for count, trial in enumerate(made.trials, 1):
        made.answering.answer(trial)
        assert len(stored) >= count


def test_what_was_computed_is_there_after_the_run_is_left(desk: MakeDesk) -> None:
    made = desk()
    made.answering.answer(made.trials[0])
    made.answering.close()
    asked = [name for window in eager(made).windows for name in window]
    assert asked[:2] == short(made.trials[:2])
    later = desk()
    later.all()
    assert not {name for window in eager(later).windows for name in window} & set(asked)


def test_closing_waits_for_no_more_than_the_answer_that_is_made(desk: MakeDesk) -> None:
    made = desk()
    act = eager(made).act
    eager(made).window = 8

    def slowly(requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        for each in sorted(act(requests), key=lambda found: found[0]):
            time.sleep(0.2)
            yield each

    eager(made).act = slowly
    made.answering.answer(made.trials[0])
    start = time.monotonic()
    made.answering.close()
    assert time.monotonic() - start < 0.7  # all of them take 1.6 seconds
    assert sys.getswitchinterval() != module._SWITCH


@pytest.mark.parametrize(("device", "often"), [("cuda", True), ("cpu", False)])
def test_threads_take_turns_more_often_only_where_a_gpu_is_fed(
    desk: MakeDesk, device: str, often: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = desk()
    monkeypatch.setattr(type(eager(made)), "needs", lambda self: Needs(device=device))
    usual = sys.getswitchinterval()
    made.answering.answer(made.trials[0])
    assert (sys.getswitchinterval() == pytest.approx(module._SWITCH)) == often
    made.answering.close()
    assert sys.getswitchinterval() == usual


@pytest.mark.parametrize("error", [ModelError("no memory"), RuntimeError("no memory")])
def test_a_model_that_cannot_be_loaded_is_tried_once(desk: MakeDesk, error: Exception) -> None:
    made = desk()
    eager(made).load_error = error
    assert all(told is not None and "no memory" in told for told in made.errors())
    assert (eager(made).loads, made.sizes) == (1, [])


def test_a_model_without_a_fingerprint_is_never_loaded(desk: MakeDesk) -> None:
    made = desk()
    eager(made).fingerprint_error = OSError("weights are gone")
    assert all(told is not None and "weights are gone" in told for told in made.errors())
    assert eager(made).loads == 0


def test_a_failure_is_told_of_its_own_window(desk: MakeDesk) -> None:
    made = desk()
    act = eager(made).act

    def fail_second(requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        if len(eager(made).windows) == 2:
            raise RuntimeError("hiccup")
        yield from act(requests)

    eager(made).act = fail_second
    assert [error is None for error in made.errors()] == [True] * 2 + [False] * 2 + [True] * 4


def test_a_cache_that_fails_costs_no_answer_and_is_told(desk: MakeDesk) -> None:
    made = desk()
    made.answering._cache._db.execute("PRAGMA query_only=ON")  # SQLite's own error: nothing can be written
    assert made.errors() == [None] * 8
    assert "answers from here on are not kept" in made.answering._cache.problem


def test_asking_out_of_order_and_twice_asks_nothing_twice(desk: MakeDesk) -> None:
    made = desk()
    order = [4, 0, 7, 3, 1, 2, 5, 6]
    first = [made.answering.answer(made.trials[place]).answer for place in order]
    asked = [name for window in eager(made).windows for name in window]
    assert sorted(asked) == sorted(short(made.trials))
    again = [made.answering.answer(made.trials[place]) for place in order]
    assert [answered.answer for answered in again] == first
    assert all(answered.cached for answered in again)


def test_a_window_never_leaves_its_group_and_nothing_of_another_is_asked(desk: MakeDesk) -> None:
    made = desk()
    groups = {trial.id: f"m.{place // 3}" for place, trial in enumerate(made.trials)}
    made.answering.plan(made.trials, groups)
    made.answering.answer(made.trials[0])
    made.answering.answer(made.trials[2])
    assert made.sizes == [2, 1]
    assert not made.answering._requests._futures
    for trial in made.trials[3:]:
        assert made.answering.answer(trial).answer.error is None
    assert made.sizes == [2, 1, 2, 1, 2]


def test_the_next_model_goes_on_where_the_first_ends(tmp_path: Path, desk: MakeDesk) -> None:
    (tmp_path / "models.toml").write_text(AHEAD.format("m") + AHEAD.format("n") + ENTRY.format("o"))
    made = desk()
    for trial in made.trials[:8]:
        made.answering.answer(trial)
    until(lambda: bool(eager(made, "n").windows))
    assert made.engine("o").windows == []
    rest = [made.answering.answer(trial).answer.error for trial in made.trials[8:]]
    assert rest == [None] * 16


def test_progress_is_told_by_the_thread_that_asks_and_counts_each_trial_once(desk: MakeDesk) -> None:
    made = desk()
    threads: set[threading.Thread] = set()

    def report(progress: Progress) -> None:
        made.progress.append(progress)
        threads.add(threading.current_thread())

    made.answering._report = report
    made.all()
    assert [(told.done, told.total) for told in made.progress] == [(done, 8) for done in range(1, 9)]
    assert threads == {threading.current_thread()}
    assert made.progress[-1].asked == 8


def test_a_relay_makes_the_next_ready_while_it_works_and_keeps_the_order() -> None:
    seen: list[str] = []
    go_on = threading.Event()

    def ready(name: str) -> str:
        seen.append(f"ready {name}")
        return name

    def work(made: Callable[[], str], more: More[str]) -> Any:
        name = made()
        if name == "a":
            assert go_on.wait(10)
        yield f"{name}1"
        yield f"{name}2"

    relay: Pipeline[str, str] = Pipeline(work)
    for name in "abc":
        relay.begin(lambda name=name: ready(name))  # type: ignore[misc]
    until(lambda: seen == ["ready a", "ready b", "ready c"])
    assert relay.next(wait=False) is None
    assert relay.open == 3
    go_on.set()
    assert [relay.next() for _ in range(8)] == ["a1", "a2", None, "b1", "b2", None, "c1", "c2"]
    until(lambda: relay.open == 0)
    assert relay.next() is None  # what worked is done: there is room
    relay.begin(lambda: int("x"))  # type: ignore[arg-type,return-value]
    with pytest.raises(ValueError, match="invalid literal"):
        relay.next()
    relay.close()

"""Answers come in windows ahead of the tests, and are kept under all that they depend on."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PIL import Image

from kurabe.answering import answerer as module
from kurabe.answering.cache_key import cache_key, pictures_digest
from kurabe.answering.pictures import Pictures
from kurabe.cases.trials import Trial
from kurabe.common.request import Answer, Request
from kurabe.imaging.content import Shown
from kurabe.results.album import Album, place
from tests.support.desk import ENTRY, MakeDesk, desks, short
from tests.support.project import picture


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[MakeDesk]:
    with desks(tmp_path) as make:
        yield make


# Windows


def test_windows_follow_the_plan_and_every_trial_gets_its_own_answer(desk: MakeDesk) -> None:
    made = desk(window=3)
    answers = made.all()
    windows = made.engine().windows
    assert [name for window in windows for name in window] == short(made.trials)
    assert made.sizes == [3, 3, 2]
    assert [answered.answer.text[:3] for answered in answers] == ["No ", "Yes"] * 4
    assert not any(answered.cached for answered in answers)


def test_a_window_is_answered_when_its_first_trial_is_asked_for(desk: MakeDesk) -> None:
    made = desk(window=3)
    for trial in made.trials[:3]:
        made.answering.answer(trial)
    assert made.sizes == [3]
    made.answering.answer(made.trials[3])
    assert made.sizes == [3, 3]


def test_asking_out_of_order_asks_nothing_twice(desk: MakeDesk) -> None:
    made = desk(window=3)
    made.answering.answer(made.trials[4])
    made.answering.answer(made.trials[0])
    made.answering.answer(made.trials[3])
    assert made.engine().windows == [short(made.trials[at]) for at in (slice(4, 7), slice(0, 3))] + [
        [made.trials[3].id, made.trials[7].id]
    ]


def test_a_trial_may_be_asked_for_twice_and_without_being_planned(desk: MakeDesk) -> None:
    made = desk()
    made.answering.plan(made.trials[1:2])
    first, again = (made.answering.answer(made.trials[1]) for _ in range(2))
    assert first.answer == again.answer
    assert (first.cached, again.cached) == (False, True)
    assert made.answering.answer(made.trials[0]).answer.text == "No difference."


def test_a_window_holds_pictures_up_to_a_limit(desk: MakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    one = 2 * 2 * 3 * 48 * 32  # two pictures, before and after layout, RGB
    monkeypatch.setattr(module, "_WINDOW_BYTES", 3 * one)
    made = desk()
    made.all()
    assert made.sizes == [3, 3, 2]
    monkeypatch.setattr(module, "_WINDOW_BYTES", one // 2)
    alone = desk(fresh=True)
    assert alone.errors() == [None] * 8
    assert alone.sizes == [1] * 8


def test_a_window_has_one_model(tmp_path: Path, desk: MakeDesk) -> None:
    (tmp_path / "models.toml").write_text(ENTRY.format("m") + ENTRY.format("n"), encoding="utf-8")
    made = desk(window=5)
    made.all()
    assert made.sizes == [5, 3]
    assert [len(window) for window in made.engine("n").windows] == [5, 3]


def test_the_following_window_is_prepared_while_the_engine_answers(
    desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    show = Pictures.show

    def noted(self: Pictures, trial: Trial) -> Shown:
        made = show(self, trial)
        shown.append(trial.id)
        return made

    monkeypatch.setattr(Pictures, "show", noted)
    made = desk(window=4)
    engine = made.engine()
    answer, expected = engine.act, short(made.trials[4:])

    def wait_then_answer(requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        end = time.monotonic() + 10
        while not set(expected) <= set(shown) and time.monotonic() < end:
            time.sleep(0.005)
        assert set(expected) <= set(shown), "nothing was prepared"
        yield from answer(requests)

    engine.act = wait_then_answer
    assert made.errors() == [None] * 8
    assert sorted(shown) == sorted(short(made.trials))  # each one once


def test_a_window_never_leaves_its_group_and_nothing_of_another_is_prepared(desk: MakeDesk) -> None:
    made = desk(window=4)
    groups = {trial.id: f"m.{place // 3}" for place, trial in enumerate(made.trials)}
    made.answering.plan(made.trials, groups)
    made.answering.answer(made.trials[0])
    assert made.engine().windows == [short(made.trials[:3])]
    assert not made.answering._requests._futures
    for trial in made.trials[1:]:
        made.answering.answer(trial)
    assert made.sizes == [3, 3, 2]


# The cache


def test_a_model_is_loaded_while_the_pictures_of_its_window_are_made(
    desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, loaded, show = desk(), Event(), Pictures.show

    def late(self: Pictures, trial: Trial) -> Shown:
        assert trial.id == made.trials[0].id or loaded.wait(5)
        return show(self, trial)

    monkeypatch.setattr(Pictures, "show", late)
    monkeypatch.setattr(made.engine(), "load", loaded.set)
    assert [answered.answer.error for answered in made.all()] == [None] * 8


def test_a_later_session_asks_nothing_again_and_loads_no_model(desk: MakeDesk) -> None:
    first = [answered.answer for answered in desk().all()]
    later = desk()
    again = later.all()
    assert [answered.answer for answered in again] == first
    assert all(answered.cached for answered in again)
    assert (later.engine().windows, later.engine().loads) == ([], 0)


def test_fresh_asks_again_and_replaces_what_was_kept(desk: MakeDesk) -> None:
    desk().all()
    made = desk(fresh=True)
    made.engine().act = lambda requests: ((i, Answer("Yes.")) for i in range(len(requests)))
    assert not any(answered.cached for answered in made.all())
    assert {answered.answer.text for answered in desk().all()} == {"Yes."}


def change_picture(root: Path) -> None:
    picture(root / "cases/pins/images/p0.png", shade=40)


def change_suite(line: str) -> Callable[[Path], None]:
    """Return what writes a line into the suite."""

    def change(root: Path) -> None:
        path = root / "cases/pins/pins.yaml"
        path.write_text(f"{line}\n" + path.read_text(encoding="utf-8"), encoding="utf-8")

    return change


def change_model(root: Path) -> None:
    (root / "models.toml").write_text(ENTRY.format("m") + "threshold = 65\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        (change_picture, 1),
        (change_suite("prompts: {verdict: {en: Do they differ?}}"), 8),
        (change_suite("prompts: {verdict: {en: {max_new_tokens: 77}}}"), 8),
        (change_suite("prompts: {verdict: {en: {yes: [Indeed]}}}"), 8),
        (change_suite("defaults: {relation: instance}"), 8),
        (change_suite("title: Pins"), 0),
        (change_model, 8),
        (lambda root: None, 0),
    ],
)
def test_what_an_answer_depends_on_makes_it_asked_again(
    tmp_path: Path, desk: MakeDesk, change: Callable[[Path], None], asked: int
) -> None:
    desk().all()
    change(tmp_path)
    later = desk()
    later.all()
    assert sum(later.sizes) == asked


def test_a_repetition_is_asked_for_itself(desk: MakeDesk) -> None:
    desk().all()
    later = desk(repeat=2)
    later.all()
    assert [name.endswith("-r2") for window in later.engine().windows for name in window] == [True] * 8


REQUEST = Request(
    "t", "verdict", "Same?", (Image.new("RGB", (4, 2)),), (), "aligned", ("Yes",), ("No",), (), 16, 0
)


@pytest.mark.parametrize(
    "change",
    [
        {"question": "count"},
        {"prompt": "Same"},
        {"relation": "instance"},
        {"yes": ("Yes", "yes")},
        {"no": ("no",)},
        {"yes": (), "no": ("Yes", "No")},
        {"options": ("a", "b")},
        {"max_new_tokens": 17},
        {"seed": 1},
    ],
)
def test_the_key_depends_on_each_part_of_a_request(change: dict[str, Any]) -> None:
    changed = replace(REQUEST, **change)
    assert cache_key("f", changed, "d") != cache_key("f", REQUEST, "d")


def test_the_key_depends_on_model_and_pictures_and_not_on_the_trials_name() -> None:
    key = cache_key("f", REQUEST, "d")
    assert cache_key("g", REQUEST, "d") != key
    assert cache_key("f", REQUEST, "e") != key
    assert cache_key("f", replace(REQUEST, trial="another"), "d") == key


def test_the_digest_tells_pictures_apart_by_pixels_size_and_order() -> None:
    black, turned = Image.new("RGB", (4, 2)), Image.new("RGB", (2, 4))  # of the same bytes
    dotted = black.copy()
    dotted.putpixel((3, 1), (0, 0, 1))
    shown = [(black,), (turned,), (dotted,), (black, dotted), (dotted, black), (black, black)]

    def digest(pictures: tuple[Image.Image, ...], swapped: bool = False) -> str:
        return pictures_digest(Album(None).add(Shown((), pictures, (black,), swapped=swapped)), swapped)

    digests = {digest(pictures) for pictures in shown}
    assert len(digests) == len(shown)
    assert digest((black.copy(),)) in digests
    assert digest((dotted, black), swapped=True) == digest((dotted, black))  # what is shown, not whose it is


def test_an_answer_says_what_was_asked_and_shown(tmp_path: Path, desk: MakeDesk) -> None:
    made = desk()
    made.answering._requests._sink = Album(tmp_path / "album")
    first = made.all()
    again = desk()
    again.answering._requests._sink = Album(tmp_path / "album")
    assert [replace(answered, cached=True) for answered in first] == again.all()
    for answered in first:
        assert answered.prompt is not None
        assert "difference" in answered.prompt.text
        assert answered.pictures is not None
        for name in answered.pictures.shown:
            assert place(tmp_path / "album", f"{name}.png").is_file()
        assert answered.kept
    assert not any(answered.kept for answered in desk().all())


def test_an_engine_that_fails_was_asked_all_the_same(desk: MakeDesk) -> None:
    made = desk()

    def fail(requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        raise RuntimeError("out of memory")

    made.engine().act = fail
    for answered in made.all():
        assert answered.answer.error == "m failed while answering: RuntimeError: out of memory"
        assert answered.prompt


# Progress


def test_progress_counts_answers_and_tells_the_cached_ones_apart(tmp_path: Path, desk: MakeDesk) -> None:
    desk().all()
    change_picture(tmp_path)
    made = desk(window=3)
    made.all()
    assert [(told.done, told.total) for told in made.progress] == [(done, 8) for done in range(1, 9)]
    last = made.progress[-1]
    assert (last.model, last.suite, last.asked) == ("m", "pins", 1)
    assert 0 < last.seconds < 5

"""Whatever fails while answering is told of its own trials, once, and spoils no other."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kurabe.answering.pictures import Pictures
from kurabe.cases.trials import Trial
from kurabe.common.errors import ModelError
from kurabe.common.request import Answer, Request
from kurabe.common.vocabulary import Box
from kurabe.imaging.content import Shown
from tests.support.desk import ENTRY, MakeDesk, desks, short
from tests.support.project import picture


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[MakeDesk]:
    with desks(tmp_path) as make:
        yield make


def test_an_engine_that_fails_midway_keeps_what_it_had_answered(desk: MakeDesk) -> None:
    made = desk()
    answer = made.engine().act

    def fail_after_three(requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        for count, each in enumerate(answer(requests)):
            if count == 3:
                raise RuntimeError("out of memory")
            yield each

    made.engine().act = fail_after_three
    errors = made.errors()
    assert errors[5:] == [None] * 3  # the instant engine answers backwards
    assert set(errors[:5]) == {"m failed while answering: RuntimeError: out of memory"}
    later = desk()
    assert later.errors() == [None] * 8
    assert later.engine().windows == [short(later.trials[:5])]


def test_an_error_meant_for_the_user_is_told_as_it_is(desk: MakeDesk) -> None:
    made = desk()

    def fail(requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        if requests:
            raise ModelError("the server is gone: start it again")
        yield 0, Answer()

    made.engine().act = fail
    assert set(made.errors()) == {"m failed while answering: the server is gone: start it again"}


def test_an_engine_that_failed_is_asked_the_next_window(desk: MakeDesk) -> None:
    made = desk(window=4)
    engine = made.engine()
    answer = engine.act

    def fail_first(requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        if len(engine.windows) == 1:
            raise RuntimeError("hiccup")
        yield from answer(requests)

    engine.act = fail_first
    assert [error is None for error in made.errors()] == [False] * 4 + [True] * 4


def test_a_request_that_is_skipped_has_no_answer_and_is_asked_next_time(desk: MakeDesk) -> None:
    made = desk()
    answer = made.engine().act
    made.engine().act = lambda requests: (each for each in answer(requests) if each[0] != 2)
    errors = made.errors()
    assert errors.pop(2) == "m gave no answer to this request"
    assert errors == [None] * 7
    later = desk()
    later.all()
    assert later.engine().windows == [[made.trials[2].id]]


@pytest.mark.parametrize("index", [0, 99, -1])
def test_an_answer_to_nothing_that_was_asked_spoils_only_what_was_still_open(
    desk: MakeDesk, index: int
) -> None:
    made = desk()

    def answer(requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        yield 0, Answer("No difference.")
        yield index, Answer("Yes.")

    made.engine().act = answer
    errors = made.errors()
    assert errors[0] is None
    assert all(error is not None and "m failed while answering" in error for error in errors[1:])


def test_an_answer_that_says_why_there_is_none_is_told_and_not_kept(desk: MakeDesk) -> None:
    made = desk()
    made.engine().act = lambda requests: (
        (i, Answer(error="the prompt is too long") if i == 1 else Answer("Yes."))
        for i in range(len(requests))
    )
    errors = made.errors()
    assert errors[1] == "the prompt is too long"
    assert errors.count(None) == 7
    later = desk()
    later.all()
    assert later.engine().windows == [[made.trials[1].id]]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer("Yes.", p_different=float("nan")), "nan as P(different)"),
        (Answer("Yes.", p_different=1.5), "1.5 as P(different)"),
        (Answer("Yes.", boxes=(Box(0, 0, float("inf"), 1),)), "boxes that are none"),
        (Answer("Yes.", heat="red"), "a heat map that is none: make it with kurabe.heat_map"),
        (Answer("Yes.", p_options=(0.5, 1.5)), "p_options that are no probabilities"),
        (Answer("Yes.", p_options=(0.5, 0.5)), "2 probabilities (p_options) for 0 options"),
    ],
)
def test_what_cannot_be_is_an_error_of_its_trial(desk: MakeDesk, answer: Answer, says: str) -> None:
    made = desk()
    made.engine().act = lambda requests: (
        (i, answer if i == 1 else Answer("Yes.", 1.0)) for i in range(len(requests))
    )
    errors = made.errors()
    assert errors[1] is not None
    assert errors[1].startswith(f"m gave {says}")
    assert errors.count(None) == 7


def test_a_half_character_in_an_answer_is_kept(desk: MakeDesk) -> None:
    made = desk()
    made.engine().act = lambda requests: ((i, Answer("Yes \udc83")) for i in range(len(requests)))
    assert made.errors() == [None] * 8
    assert desk().all()[0].answer.text == "Yes \udc83"


@pytest.mark.parametrize("error", [ModelError("no memory"), RuntimeError("no memory")])
def test_a_model_that_cannot_be_loaded_is_tried_once_and_the_others_go_on(
    tmp_path: Path, desk: MakeDesk, error: Exception
) -> None:
    (tmp_path / "models.toml").write_text(ENTRY.format("m") + ENTRY.format("n"), encoding="utf-8")
    made = desk(window=2)
    made.engine().load_error = error
    errors = made.errors()
    assert made.engine().loads == 1
    assert all(told is not None and "no memory" in told for told in errors[:8])
    assert errors[8:] == [None] * 8


@pytest.mark.parametrize("error", [ModelError("weights are gone"), OSError("weights are gone")])
def test_a_model_without_a_fingerprint_is_never_loaded(desk: MakeDesk, error: Exception) -> None:
    made = desk(window=2)
    made.engine().fingerprint_error = error
    assert all(told is not None and "weights are gone" in told for told in made.errors())
    assert (made.engine().loads, made.engine().windows) == (0, [])


def test_what_is_cached_is_given_before_a_model_is_found_broken(tmp_path: Path, desk: MakeDesk) -> None:
    desk().all()
    picture(tmp_path / "cases/pins/images/p0.png", shade=40)
    made = desk()
    made.engine().load_error = ModelError("no memory")
    assert made.errors() == ["no memory"] + [None] * 7


def test_an_image_that_vanished_is_an_error_of_its_trial(tmp_path: Path, desk: MakeDesk) -> None:
    made = desk()
    (tmp_path / "cases/pins/images/p3.png").unlink()
    errors = made.errors()
    assert errors[3] is not None
    assert "pins/p3" in errors[3]
    assert errors.count(None) == 7


def test_pictures_that_cannot_be_made_are_an_error_of_their_trial(
    desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = Pictures.show

    def no_memory_for_one(self: Pictures, trial: Trial) -> Shown:
        if trial.case.id == "p3":
            raise MemoryError("too many pixels")
        return show(self, trial)

    monkeypatch.setattr(Pictures, "show", no_memory_for_one)
    errors = desk().errors()
    assert errors[3] == "case pins/p3, variant raw: MemoryError: too many pixels"
    assert errors.count(None) == 7

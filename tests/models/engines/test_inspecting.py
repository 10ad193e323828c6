"""What engines that inspect have in common: order, shared inspections, and threads."""

import threading
from collections.abc import Callable, Generator

import pytest
from PIL import Image

from kurabe.common.errors import ImageError
from kurabe.common.request import Request
from kurabe.common.vocabulary import QuestionKind
from kurabe.models.engines.inspecting import Found, Inspector

THREADS = (1, 3)


def pair(shade: int) -> tuple[Image.Image, Image.Image]:
    return Image.new("L", (2, 2), 0), Image.new("L", (2, 2), shade)


def request(pictures: tuple[Image.Image, ...], question: QuestionKind = "verdict") -> Request:
    return Request("suite/case", question, "?", pictures, pictures, "aligned")


def shade(asked: Request) -> int:
    return asked.pair[1].tobytes()[0]


def found(asked: Request) -> Found:
    return Found(shade(asked) / 255, (), ["brighter"] * shade(asked), "")


def inspector(inspect: Callable[[Request], Found], threads: int) -> Inspector:
    return Inspector("spots", ("verdict", "count"), inspect, lambda asked: asked.relation, threads)


@pytest.mark.parametrize("threads", THREADS)
def test_questions_about_a_pair_share_an_inspection_and_answers_keep_their_order(threads: int) -> None:
    asked: list[int] = []

    def inspect(each: Request) -> Found:
        asked.append(shade(each))
        return found(each)

    pairs = [pair(value) for value in (3, 1, 2)]
    questions: tuple[QuestionKind, ...] = ("verdict", "count")
    requests = [request(each, question) for each in pairs for question in questions]
    given = list(inspector(inspect, threads).answer(requests))
    assert [index for index, _ in given] == list(range(6))
    assert [answer.text for _, answer in given[1::2]] == ["3", "1", "2"]
    assert sorted(asked) == [1, 2, 3]
    # The time of an inspection counts once.
    assert [answer.seconds is None for _, answer in given] == [False, True] * 3


@pytest.mark.parametrize("threads", THREADS)
def test_what_cannot_be_inspected_spoils_no_other(threads: int) -> None:
    def inspect(each: Request) -> Found:
        if shade(each) == 2:
            raise ImageError("too dark")
        return found(each)

    bad = pair(2)
    requests = [request(pair(1)), request(bad), request(bad, "count"), request(pair(3), "choice")]
    requests += [request(pair(4)[:1]), request(pair(5), "count")]
    answers = dict(inspector(inspect, threads).answer(requests))
    assert [answers[index].error for index in (0, 5)] == [None, None]
    assert answers[5].text == "5"
    assert answers[1].error == answers[2].error == "too dark"
    assert answers[3].error == "spots cannot answer a 'choice' question"
    assert answers[4].error == "spots compares two pictures, not 1"


@pytest.mark.parametrize("threads", THREADS)
def test_a_failure_comes_behind_the_answers_before_it(threads: int) -> None:
    def inspect(each: Request) -> Found:
        if shade(each) == 2:
            raise RuntimeError("the network is gone")
        return found(each)

    given = inspector(inspect, threads).answer([request(pair(value)) for value in (1, 2, 3)])
    assert next(given)[0] == 0
    with pytest.raises(RuntimeError, match="gone"):
        next(given)


def test_pairs_are_inspected_at_once() -> None:
    together = threading.Barrier(3, timeout=30)

    def inspect(each: Request) -> Found:
        together.wait()  # raises if the other two never come
        return found(each)

    requests = [request(pair(value)) for value in range(6)]
    assert len(list(inspector(inspect, 3).answer(requests))) == 6


def test_who_stops_listening_waits_for_no_more_than_has_begun() -> None:
    begun: list[int] = []

    def inspect(each: Request) -> Found:
        begun.append(shade(each))
        return found(each)

    given = inspector(inspect, 2).answer([request(pair(value)) for value in range(50)])
    next(given)
    assert isinstance(given, Generator)
    given.close()
    assert len(begun) < 10

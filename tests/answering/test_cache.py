"""Answers on disk."""

from pathlib import Path

from kurabe.answering.cache import AnswerCache
from kurabe.common.request import Answer
from kurabe.common.vocabulary import Box


def test_answers_come_back_as_they_were(tmp_path: Path) -> None:
    told = {
        "plain": Answer("Yes"),
        "full": Answer("Yes", 0.5, (Box(1, 2, 3, 4),), 7, 8, 0.25, cost=0.01, seen=((28, 56), (84, 28))),
        "none": Answer("No", boxes=()),
    }
    AnswerCache(tmp_path / "answers.sqlite").put(told)
    assert AnswerCache(tmp_path / "answers.sqlite").get(list(told)) == told

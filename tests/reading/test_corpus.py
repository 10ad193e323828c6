"""How answers with a known meaning are read: right, unparsed or reversed, by kind, language and form."""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from kurabe.common.vocabulary import Language, QuestionKind
from kurabe.reading import Reading, read
from tests.reading.corpus.row import OPTIONS, OPTIONS_JA
from tests.reading.make_answers import built

HERE = Path(__file__).parent
Group = tuple[str, str, str]
LEAST_RIGHT = {"prose": 0.90, "lines": 0.90, "tags": 0.95, "json": 0.95, "short": 0.95, "unusual": 0.4}


def rows(name: str) -> Iterator[dict[str, Any]]:
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def said(row: dict[str, Any]) -> tuple[Any, Reading]:
    """Return what was read, in the form of the row's expectation, and the reading."""
    options = OPTIONS if row["language"] == "en" else OPTIONS_JA
    kind, language = cast(QuestionKind, row["kind"]), cast(Language, row["language"])
    reading = read(kind, row["text"], language, options, asks=row.get("asks", "difference"))
    if kind == "count":
        return reading.count, reading
    if kind == "choice":
        return None if reading.choice is None else "ABC"[options.index(reading.choice)], reading
    return reading.verdict, reading


def judge(row: dict[str, Any]) -> str:
    """Return ``right``, ``unparsed``, ``items`` (another number of them), or ``reversed``.

    What is read in an answer that must stay unread counts as reversed, too.
    """
    found, reading = said(row)
    if found != row["expected"]:
        return "unparsed" if found is None else "reversed"
    wrong = row.get("items") is not None and len(reading.items) != row["items"]
    return "items" if wrong else "right"


def measured(answers: Iterator[dict[str, Any]]) -> dict[Group, Counter[str]]:
    figures: dict[Group, Counter[str]] = defaultdict(Counter)
    for row in answers:
        figures[row["kind"], row["language"], row["form"]][judge(row)] += 1
    return figures


def told(figures: dict[Group, Counter[str]]) -> str:
    """Return the figures as a table."""
    lines = []
    for group, counts in sorted(figures.items()):
        total = counts.total()
        shares = "  ".join(
            f"{what} {counts[what] / total:6.1%}" for what in ("right", "items", "unparsed", "reversed")
        )
        lines.append(f"{'/'.join(group):24}{total:6}  {shares}")
    return "\n".join(lines)


@pytest.mark.parametrize("name", ["answers.jsonl", "by_hand.jsonl"])
def test_answers_with_a_known_meaning_are_read(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    answers = list(rows(name))
    figures = measured(iter(answers))
    with capsys.disabled():
        sys.stdout.write(f"\n{name}\n{told(figures)}\n")
    for group, counts in figures.items():
        assert counts["reversed"] <= 0.001 * counts.total(), group
        if counts.total() >= 30:
            assert counts["right"] >= LEAST_RIGHT[group[2]] * counts.total(), group


def test_there_are_enough_of_them() -> None:
    answers = list(rows("answers.jsonl"))
    assert len(answers) >= 3000
    assert all(row["why"] for row in answers)


def test_the_program_beside_them_writes_them() -> None:
    assert [row.to_json() for row in built(20261128)] == list(rows("answers.jsonl"))


def test_other_words_from_the_same_program_are_read_as_well() -> None:
    figures = measured(row.to_json() for row in built(7, scale=0.25))
    for group, counts in figures.items():
        assert counts["reversed"] == 0, group

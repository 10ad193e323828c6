"""The reader on answers in the manner of current models, and on such answers turned round.

The half for development was looked at while the reader was improved; the held half was not.
"""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from kurabe.common.vocabulary import Language
from kurabe.reading import read
from tests.reading.fourth.measure import Fate, Half, fate, rows
from tests.reading.fourth.turned import answers, reversed_ones

LEAST_RIGHT: dict[Half, float] = {"dev": 0.95, "held": 0.90}
"""Of verdicts in prose; of every other kind, language and form 0.9."""


def outcomes(half: Half) -> dict[tuple[str, str, str], Counter[Fate]]:
    found: dict[tuple[str, str, str], Counter[Fate]] = defaultdict(Counter)
    for row in rows():
        if row.half == half:
            found[row.kind, row.language, row.form][fate(row)] += 1
    return found


def test_the_corpus_is_as_large_as_it_says() -> None:
    found = list(rows())
    assert len(found) > 900
    assert min(Counter(row.half for row in found).values()) > 350
    assert len({(row.kind, row.language, row.text) for row in found}) > 900


@pytest.mark.parametrize("half", ["dev", "held"])
def test_no_answer_is_read_as_its_opposite(half: Half) -> None:
    for group, count in outcomes(half).items():
        assert not count["reversed"], group
        assert not count["decided"], group


@pytest.mark.parametrize("half", ["dev", "held"])
def test_most_answers_are_read(half: Half) -> None:
    for group, count in outcomes(half).items():
        least = LEAST_RIGHT[half] if group[0] == "verdict" and group[2] == "prose" else 0.9
        assert count["right"] >= least * count.total(), group


def test_no_turned_answer_is_read_as_its_opposite() -> None:
    assert sum(1 for _ in answers()) > 10_000
    assert not reversed_ones()


ENDINGS: dict[Language, tuple[str, str]] = {
    "en": (
        " There is no difference between the two images.",
        " There is a difference between the two images.",
    ),
    "ja": ("違いはありません。", "違いがあります。"),
}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_most_descriptions_leave_a_conclusion_as_it_is(language: Language) -> None:
    same, different = ENDINGS[language]
    lines = (Path(__file__).parent / f"descriptions_{language}.txt").read_text(encoding="utf-8").splitlines()
    alike = [read("verdict", line + same, language).verdict for line in lines]
    apart = [read("verdict", line + different, language).verdict for line in lines]
    assert "different" not in alike
    assert "same" not in apart
    assert alike.count("same") >= 0.9 * len(lines) > 35

"""Answers written to break the reader: 55 of 972 were reversed and 20 decided when they were first read.

Turned, conceded, reported, supposed and denied statements, defects of both pictures, missing pictures. How
many are read is no measure, as none of them is usual; that none is read wrongly is.
"""

from collections import Counter
from pathlib import Path

import pytest

from tests.reading.fourth.measure import fate, rows

HERE = Path(__file__).parent
LEFT = {"en": 1, "ja": 0}
"""Reversed still: a printed text that says "different"."""

LEAST_RIGHT = {"en": 0.45, "ja": 0.53}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_hardly_any_is_read_wrongly(language: str) -> None:
    found = Counter(fate(row) for row in rows(HERE, f"{language}.txt"))
    assert found.total() > 350
    assert found["reversed"] <= LEFT[language]
    assert not found["decided"]
    assert found["right"] >= LEAST_RIGHT[language] * found.total()

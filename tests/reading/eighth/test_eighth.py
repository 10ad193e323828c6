"""The reader on the eighth corpus, whose authors knew nothing of it; see ``first.txt`` and ``last.txt``."""

from collections import Counter, defaultdict

import pytest

from tests.reading.eighth.measure import written
from tests.reading.fourth.measure import Fate, fate
from tests.reading.sixth.measure import Letter

LEAST_RIGHT: dict[Letter, dict[tuple[str, str], float]] = {
    "a": {
        ("en", "prose"): 0.86,
        ("ja", "prose"): 0.90,
        ("en", "made"): 0.97,
        ("ja", "made"): 0.97,
        ("en", "data"): 0.97,
        ("ja", "data"): 0.97,
    },
    "b": {
        ("en", "prose"): 0.76,
        ("ja", "prose"): 0.74,
        ("en", "made"): 0.78,
        ("ja", "made"): 0.81,
        ("en", "data"): 0.97,
        ("ja", "data"): 0.97,
    },
}


@pytest.mark.parametrize("half", ["a", "b"])
def test_none_is_read_wrongly_and_most_are_read(half: Letter) -> None:
    """Both halves are opened."""
    found: dict[tuple[str, str], Counter[Fate]] = defaultdict(Counter)
    for row in written(half):
        if row.kind == "verdict":
            found[row.language, row.form][fate(row)] += 1
    assert set(found) == set(LEAST_RIGHT[half])
    for key, count in found.items():
        assert not count["reversed"] + count["decided"], key
        assert count["right"] >= LEAST_RIGHT[half][key] * count.total(), key


def test_no_answer_stands_in_both_halves() -> None:
    halves = (
        {(row.language, row.text) for row in written(half) if len(row.text) > 30} for half in LEAST_RIGHT
    )
    assert not set.intersection(*halves)

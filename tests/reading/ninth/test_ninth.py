"""The reader on the corpora from the ninth on, whose authors knew nothing of it and wrote as models do."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

import pytest

from tests.reading.eleventh.measure import written as eleventh
from tests.reading.fourth.measure import Fate, Row, fate
from tests.reading.ninth.measure import written
from tests.reading.sixth.measure import Letter
from tests.reading.tenth.measure import written as tenth

HALVES: tuple[Letter, ...] = ("a", "b")
Least = dict[tuple[str, str, str], float]
CORPORA: dict[str, tuple[Callable[[], Iterable[Row]], Least]] = {
    "ninth a": (
        lambda: written("a"),
        {
            ("verdict", "en", "prose"): 0.95,
            ("verdict", "ja", "prose"): 0.92,
            ("verdict", "en", "made"): 0.98,
            ("verdict", "ja", "made"): 0.98,
            ("verdict", "en", "data"): 0.92,
            ("verdict", "ja", "data"): 0.97,
        },
    ),
    "ninth b": (
        lambda: written("b"),
        {
            ("verdict", "en", "prose"): 0.78,
            ("verdict", "ja", "prose"): 0.83,
            ("verdict", "en", "data"): 0.82,
            ("verdict", "ja", "data"): 0.95,
        },
    ),
    "tenth": (tenth, {("verdict", "en", "made"): 0.90, ("verdict", "ja", "made"): 0.90}),
    "eleventh": (
        eleventh,
        {
            ("verdict", "en", "prose"): 0.78,
            ("verdict", "ja", "prose"): 0.79,
            ("verdict", "en", "made"): 0.80,
            ("verdict", "ja", "made"): 0.78,
            ("verdict", "en", "data"): 0.95,
            ("verdict", "ja", "data"): 0.97,
            ("verdict", "en", "short"): 0.94,
            ("verdict", "ja", "short"): 0.97,
            ("differences", "en", "prose"): 0.93,
            ("differences", "ja", "prose"): 0.94,
            ("count", "en", "prose"): 0.95,
            ("count", "ja", "prose"): 0.91,
        },
    ),
}


@pytest.mark.parametrize("name", list(CORPORA))
def test_none_is_read_wrongly_and_most_are_read(name: str) -> None:
    corpus, least = CORPORA[name]
    found: dict[tuple[str, str, str], Counter[Fate]] = defaultdict(Counter)
    for row in corpus():
        found[row.kind, row.language, row.form][fate(row)] += 1
    for key, count in found.items():
        assert not count["reversed"] + count["decided"], key
        assert count["right"] >= least.get(key, 0.65) * count.total(), key
    assert set(least) <= set(found)


def test_no_answer_stands_in_both_halves_of_the_ninth() -> None:
    halves = (
        {(row.kind, row.language, row.text) for row in written(half) if len(row.text) > 30} for half in HALVES
    )
    assert not set.intersection(*halves)

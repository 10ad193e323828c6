"""The reader on the seventh corpus, whose author knew nothing of it; see ``first.txt``."""

from collections import Counter, defaultdict

from tests.reading.fourth.measure import Fate, fate
from tests.reading.seventh.measure import written

LEAST_RIGHT = {
    ("en", "prose"): 0.87,
    ("ja", "prose"): 0.89,
    ("en", "data"): 0.95,
    ("ja", "data"): 0.90,
    ("en", "short"): 0.97,
    ("ja", "short"): 0.95,
}


def test_none_is_read_wrongly_and_most_are_read() -> None:
    """Six were reversed and four decided at the first reading, before they were opened."""
    found: dict[tuple[str, str], Counter[Fate]] = defaultdict(Counter)
    for row in written():
        found[row.language, row.form][fate(row)] += 1
    assert sum(count.total() for count in found.values()) == 720
    for key, count in found.items():
        assert not count["reversed"] + count["decided"], key
        assert count["right"] >= LEAST_RIGHT[key] * count.total(), key


def test_no_answer_stands_twice() -> None:
    rows = [(row.language, row.text) for row in written()]
    # Short answers may: "OK" is one in both halves of a table.
    long = [row for row in rows if len(row[1]) > 30]
    assert len(set(long)) == len(long)

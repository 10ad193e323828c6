"""The reader on the sixth corpus, whose author knew nothing of it.

The half ``a`` was looked at while the reader was improved; of ``b`` the answers that were read wrongly, and
later all that are Japanese.
"""

from collections import Counter, defaultdict

import pytest

from tests.reading.fourth.measure import Fate, fate
from tests.reading.sixth.measure import Letter, written

LEAST_RIGHT: dict[tuple[Letter, str, str], float] = {
    ("a", "en", "prose"): 0.93,
    ("a", "ja", "prose"): 0.95,
    ("b", "en", "prose"): 0.90,
    ("b", "ja", "prose"): 0.93,
    ("b", "en", "data"): 0.85,
    ("b", "ja", "data"): 0.98,
}
"""Of verdicts; of every other kind, language and form `ELSEWHERE`."""

ELSEWHERE: dict[Letter, float] = {"a": 0.95, "b": 0.83}


def outcomes(half: Letter) -> dict[tuple[str, str, str], Counter[Fate]]:
    """Return what became of the answers, by kind, language and form."""
    found: dict[tuple[str, str, str], Counter[Fate]] = defaultdict(Counter)
    for row in written(half):
        found[row.kind, row.language, row.form][fate(row)] += 1
    return found


@pytest.mark.parametrize("half", ["a", "b"])
def test_none_is_read_wrongly_and_most_are_read(half: Letter) -> None:
    """Fourteen of ``b`` were reversed and six decided before they were opened; see ``first.txt``."""
    found = outcomes(half)
    assert sum(count.total() for count in found.values()) > 900
    for (kind, language, form), count in found.items():
        assert not count["reversed"] + count["decided"], (kind, language, form)
        least = ELSEWHERE[half]
        if kind == "verdict":
            least = LEAST_RIGHT.get((half, language, form), least)
        assert count["right"] >= least * count.total(), (kind, language, form)


def test_no_answer_stands_twice() -> None:
    """Neither in a half nor in both."""
    rows = [row for half in ("a", "b") for row in written(half)]
    keys = [(row.kind, row.language, row.text) for row in rows]
    assert len(set(keys)) == len(keys)

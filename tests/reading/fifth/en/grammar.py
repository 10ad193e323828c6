"""English answers of known meaning, put together at random from frames and slots.

Every frame is written so that its meaning holds whatever its slots are filled with. The program knows
nothing of the reader: it is meant to measure it.
"""

import random
from collections.abc import Callable, Iterator
from itertools import islice

from tests.reading.fifth.en.data import data
from tests.reading.fifth.en.lists import count, differences
from tests.reading.fifth.en.prose import different_prose, same_prose, undecided_prose
from tests.reading.fifth.en.short import short
from tests.reading.fifth.en.writer import Writer

Row = tuple[str, str, str, str, str]
ATTEMPTS = 300  # so many repeats in a row, and a group counts as used up
Group = tuple[str, str, float, Callable[[Writer], tuple[str, str]]]
GROUPS: tuple[Group, ...] = (
    ("verdict", "prose", 4.0, same_prose),
    ("verdict", "prose", 4.0, different_prose),
    ("verdict", "prose", 1.5, undecided_prose),
    ("verdict", "data", 6.0, data),
    ("differences", "list", 6.0, differences),
    ("verdict", "short", 1.0, short),
    ("count", "short", 1.0, count),
)


def answers(seed: int) -> Iterator[Row]:
    """Distinct answers as (kind, language, form, expected, text), until every group is used up."""
    rng = random.Random(seed)
    groups = list(GROUPS)
    seen: set[tuple[str, str]] = set()
    while groups:
        group = rng.choices(groups, [weight for *_, weight, _ in groups])[0]
        kind, form, _, write = group
        for _ in range(ATTEMPTS):
            expected, text = write(Writer(rng))
            if (kind, text) not in seen:
                seen.add((kind, text))
                yield kind, "en", form, expected, text
                break
        else:
            groups.remove(group)


if __name__ == "__main__":
    for row in islice(answers(1), 40):
        print("\t".join(row[:4]), row[4].replace("\n", "\\n"), sep="\t")

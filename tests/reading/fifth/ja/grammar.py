"""Japanese answers of known meaning, from frames with slots that are filled at random."""

import random
from collections.abc import Callable, Iterator

from tests.reading.fifth.ja.data import verdict_data
from tests.reading.fifth.ja.lists import count_short, differences_list
from tests.reading.fifth.ja.talk import Made
from tests.reading.fifth.ja.verdicts import verdict_prose, verdict_short

Row = tuple[str, str, str, str, str]
LARGE = 4000  # distinct texts of a large heading
SMALL = 250  # distinct texts of a heading of short answers
MAKERS: tuple[tuple[str, str, Callable[[random.Random], Made], int], ...] = (
    ("verdict", "prose", verdict_prose, LARGE),
    ("verdict", "short", verdict_short, SMALL),
    ("verdict", "data", verdict_data, LARGE),
    ("differences", "list", differences_list, LARGE),
    ("count", "short", count_short, SMALL),
)


def answers(seed: int) -> Iterator[Row]:
    """Answers as (kind, language, form, expected, text), no text twice under a heading; finite.

    The headings take turns, so a short head of the stream already holds some of each. Line breaks in a text
    are real ones.
    """
    rng = random.Random(seed)
    seen: dict[tuple[str, str], set[str]] = {(kind, form): set() for kind, form, _, _ in MAKERS}
    for _ in range(max(limit for *_, limit in MAKERS)):
        for kind, form, make, limit in MAKERS:
            texts = seen[kind, form]
            if len(texts) >= limit:
                continue
            for _ in range(200):
                expected, text = make(rng)
                if text not in texts:
                    texts.add(text)
                    yield kind, "ja", form, expected, text
                    break


if __name__ == "__main__":
    for row in answers(0):
        print("\t".join(row).replace("\n", "\\n"))

"""Measure the reader on the fifth corpus: ``python -m tests.reading.fifth.measure dev`` (or ``held``).

``en`` and ``ja`` hold answers in the manner of current models, each worded on its own, in files as
`tests.reading.fourth.measure` describes them, and a grammar whose answers mean the same whatever its slots are
filled with. Their authors knew nothing of the reader. The hash of an answer's text gives its half; of the grammars,
seed 1 is for development and seed 2 is held, though both have the same frames. What the reader reversed in the held
half, or read though it decides nothing, was opened once and its kinds mended, three answers of seed 2 among them (see
docs/reference/reading.md). ``--wrong`` prints what is not read right, of the half for development only. ``first.txt``
is the reader as it met the corpus, ``last.txt`` what was made of it.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import cast

from kurabe.common.vocabulary import Language
from tests.reading.fifth.en import grammar as english
from tests.reading.fifth.ja import grammar as japanese
from tests.reading.fourth.measure import Half, Row, main, rows

HERE = Path(__file__).parent
SEEDS: dict[Half, int] = {"dev": 1, "held": 2}
MADE = 3000
"""Answers of each grammar and seed."""


def written() -> Iterator[tuple[Half, Row]]:
    """Every answer that was worded on its own, with its half."""
    for language in ("en", "ja"):
        yield from ((row.half, row) for row in rows(HERE / language))


def made(half: Half) -> Iterator[tuple[Half, Row]]:
    """Answers of the grammars; what both seeds give is for development."""
    for grammar in (english, japanese):
        known = {made[4] for made in islice(grammar.answers(SEEDS["dev"]), MADE)} if half == "held" else ()
        for kind, language, form, expected, text in islice(grammar.answers(SEEDS[half]), MADE):
            if text not in known:
                answer = None if expected == "?" else expected
                yield half, Row(kind, cast("Language", language), f"{form}, made", text, answer, "grammar")


def corpus() -> Iterator[tuple[Half, Row]]:
    """All answers of both halves."""
    yield from written()
    for half in SEEDS:
        yield from made(half)


if __name__ == "__main__":
    main(corpus, __doc__)

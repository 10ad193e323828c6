"""Measure the reader on the sixth corpus: ``python -m tests.reading.sixth.measure a`` (or ``b``).

``a_*.txt`` and ``b_*.txt`` hold answers in the manner of current models, each worded on its own, in files as
`tests.reading.fourth.measure` describes them. Their author knew nothing of the reader. The first letter of a
file's name gives the half of its answers: ``a`` is for development; ``b``, written in another manner, is
held. ``--wrong`` prints what is not read right, of ``a`` only: who has looked at ``b`` can no longer measure
with it.
"""
# ruff: noqa: T201 - a program that prints

import argparse
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal

from tests.reading.fourth.measure import Row, fate, rows, table

HERE = Path(__file__).parent

Letter = Literal["a", "b"]


def written(half: Letter) -> Iterator[Row]:
    """Every answer of a half."""
    yield from rows(HERE, f"{half}_*.txt")


def main(corpus: Callable[[Letter], Iterable[Row]], told: str | None, held: bool = True) -> None:
    """Print the table of a half of a corpus, of which ``a`` alone may be looked at while ``b`` is held."""
    parser = argparse.ArgumentParser(description=told)
    parser.add_argument("half", choices=("a", "b"))
    parser.add_argument(
        "--wrong", action="store_true", help="print what is not read right (of what is not held)"
    )
    options = parser.parse_args()
    if options.wrong and held and options.half != "a":
        parser.error("b is for measuring only")
    found = [(row, fate(row)) for row in corpus(options.half)]
    print("\n".join(table(found)))
    for row, outcome in found if options.wrong else ():
        if outcome != "right":
            print(f"{outcome:9} {row.kind} {row.language} {row.form} {row.expected}: {row.text!r}")


if __name__ == "__main__":
    main(written, __doc__)

"""Measure the reader on the eighth corpus: ``python -m tests.reading.eighth.measure a`` (or ``b``).

``a`` and ``b`` hold answers in the manner of current models, each worded on its own, in files as
`tests.reading.fourth.measure` describes them; `grammar` puts together answers whose truth follows from their
parts, with phrases of its own for each half. Their three authors knew nothing of the reader, nor of each
other's answers. ``a`` is for development; ``b``, in another manner, is held. ``--wrong`` prints what is not
read right, of ``a`` only: who has looked at ``b`` can no longer measure with it. ``first.txt`` is the reader
as it met them.
"""
# ruff: noqa: T201 - a program that prints

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from tests.reading.fourth.measure import Row, fate, rows, table

HERE = Path(__file__).parent

Letter = Literal["a", "b"]


def written(half: Letter) -> Iterator[Row]:
    """Every answer of a half."""
    yield from rows(HERE / half)


def main() -> None:
    """Print the table of a half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("half", choices=("a", "b"))
    parser.add_argument("--wrong", action="store_true", help="print what is not read right (a only)")
    options = parser.parse_args()
    if options.wrong and options.half != "a":
        parser.error("b is for measuring only")
    found = [(row, fate(row)) for row in written(options.half)]
    print("\n".join(table(found)))
    for row, outcome in found if options.wrong else ():
        if outcome != "right":
            print(f"{outcome:9} {row.kind} {row.language} {row.form} {row.expected}: {row.text!r}")


if __name__ == "__main__":
    main()

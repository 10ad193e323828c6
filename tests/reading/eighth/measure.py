"""Measure the reader on the eighth corpus: ``python -m tests.reading.eighth.measure a`` (or ``b``).

``a`` and ``b`` hold answers in the manner of current models, as `tests.reading.fourth.measure` describes
them: ``prose``, ``data`` and ``lists`` are worded one by one, often with a sibling of the opposite truth;
``made`` is put together of phrases, a truth following from the parts, and no phrase stands in both halves.
Their three authors knew nothing of the reader. ``a`` is for development. ``b``, in another manner, is held:
what was reversed or decided there was opened, and nothing else, so it still measures what stays unread.
``first.txt`` is the reader as it met both, ``last.txt`` what was made of it. ``--wrong`` prints what is not
read right, of ``a`` only.
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

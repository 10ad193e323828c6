"""Measure the reader on the eleventh corpus: ``python -m tests.reading.eleventh.measure``.

Answers as current models write them, by an author who knew nothing of the reader: worded one by one, and
5,000 verdicts by a grammar of 46 objects with 179 defects, at least 61 frames of each kind and 21 shapes in
either language. Files are as `tests.reading.fourth.measure` describes them. ``first.txt`` is the reader as it
met them. What was reversed or decided then was opened and mended, and nothing else, so the corpus still
measures what stays unread; ``last.txt`` is what was made of it.
"""
# ruff: noqa: T201 - a program that prints

from collections.abc import Iterator
from pathlib import Path

from tests.reading.fourth.measure import Row, fate, rows, table

HERE = Path(__file__).parent


def written() -> Iterator[Row]:
    """Every answer."""
    yield from rows(HERE, "??_*.txt")


if __name__ == "__main__":
    print("\n".join(table((row, fate(row)) for row in written())))

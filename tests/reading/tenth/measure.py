"""Measure the reader on the tenth corpus: ``python -m tests.reading.tenth.measure``.

Verdicts put together by a grammar whose author knew nothing of the reader, in the manner of current models:
29 kinds of objects, 124 English and 116 Japanese structures, a truth following from the parts. ``first.txt``
is the reader as it met them. What was reversed then was opened, and some of what stayed unread, so the corpus
measures nothing any more; ``last.txt`` is what was made of it.
"""
# ruff: noqa: T201 - a program that prints

from collections.abc import Iterator
from pathlib import Path

from tests.reading.fourth.measure import Row, fate, rows, table

HERE = Path(__file__).parent


def written() -> Iterator[Row]:
    """Every answer."""
    yield from rows(HERE, "*_made.txt")


if __name__ == "__main__":
    print("\n".join(table((row, fate(row)) for row in written())))

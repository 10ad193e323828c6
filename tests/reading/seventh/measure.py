"""Measure the reader on the seventh corpus: ``python -m tests.reading.seventh.measure``.

The files hold answers in the manner of current models, as `tests.reading.fourth.measure` describes them.
Their author knew nothing of the reader. What was reversed or decided at the first reading (``first.txt``) was
opened afterwards, and nothing else: who looks at the rest can no longer measure with it.
"""
# ruff: noqa: T201 - a program that prints

from collections.abc import Iterator
from pathlib import Path

from tests.reading.fourth.measure import Row, fate, rows, table

HERE = Path(__file__).parent


def written() -> Iterator[Row]:
    """Every answer."""
    yield from rows(HERE, "[ej][na]_*.txt")


def main() -> None:
    """Print the table."""
    print("\n".join(table((row, fate(row)) for row in written())))


if __name__ == "__main__":
    main()

"""Measure the reader on the ninth corpus: ``python -m tests.reading.ninth.measure a`` (or ``b``).

Answers as current models really write them, neither made odd nor easy, by an author who knew nothing of the
reader; files are as `tests.reading.fourth.measure` describes them. ``prose``, ``data`` and ``lists`` are
worded one by one, the first half of each file in ``a`` and the second in ``b``; ``made`` is put together of
phrases by a program, a truth following from the parts. ``a`` is for development. ``b`` was held until ``a``
was mended; then what was reversed or decided there was opened, and later all of it, so it measures nothing
any more. ``first.txt`` is the reader as it met both, ``last.txt`` what was made of it. ``--wrong`` prints
what is not read right.
"""

from collections.abc import Iterator
from pathlib import Path

from tests.reading.fourth.measure import Row, rows
from tests.reading.sixth.measure import Letter, main

HERE = Path(__file__).parent


def written(half: Letter) -> Iterator[Row]:
    """Every answer of a half."""
    yield from rows(HERE / half)


if __name__ == "__main__":
    main(written, __doc__, held=False)

"""Measure the reader on the ninth corpus: ``python -m tests.reading.ninth.measure a`` (or ``b``).

Answers as current models really write them, neither made odd nor easy, by an author who knew nothing of the
reader; files are as `tests.reading.fourth.measure` describes them. ``prose``, ``data`` and ``lists`` are
worded one by one, the first half of each file in ``a`` and the second in ``b``; ``made`` is put together of
phrases by a program, a truth following from the parts. ``a`` is for development. ``b`` is held: what was
reversed or decided there was opened once ``a`` was mended, and nothing else, so it still measures what stays
unread. ``first.txt`` is the reader as it met both, ``last.txt`` what was made of it. ``--wrong`` prints what
is not read right, of ``a`` only.
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
    main(written, __doc__)

"""Measure the reader on the eighth corpus: ``python -m tests.reading.eighth.measure a`` (or ``b``).

``a`` and ``b`` hold answers in the manner of current models, as `tests.reading.fourth.measure` describes
them: ``prose``, ``data`` and ``lists`` are worded one by one, often with a sibling of the opposite truth;
``made`` is put together of phrases, a truth following from the parts, and no phrase stands in both halves.
Their three authors knew nothing of the reader. ``a`` is for development. ``b``, in another manner, was held
until all of ``a`` was mended; it is opened since, and measures nothing any more. ``first.txt`` is the reader
as it met both, ``last.txt`` what was made of it. ``--wrong`` prints what is not read right.
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

"""The unit of intervals and tests: which trials belong together, and their sums.

Cases that share a set of good parts are not independent: one worn reference picture spoils all of them.
What can be drawn again is the set, so every interval and test counts sets, or specimens, or test pictures.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

UnitKind = Literal["reference", "specimen", "test"]

LEAST_UNITS = 5
"""With fewer units than this there is no interval: how units vary cannot be told from four."""


@dataclass(frozen=True, slots=True)
class Units:
    """Which unit each trial belongs to.

    Attributes:
        kind: What a unit is: a set of good parts, a specimen, or a test picture.
        number: Number of each trial's unit, from 0, shape (n,).
        count: How many units there are.
    """

    kind: UnitKind
    number: Ints
    count: int

    @property
    def given_these_good_parts(self) -> bool:
        """Whether the figures hold for these good parts only, because there were too few sets of them."""
        return self.kind != "reference"


def choose_units(
    references: Sequence[Hashable], specimens: Sequence[Hashable | None], tests: Sequence[Hashable]
) -> Units:
    """Return the units of a suite's trials.

    The unit is the set of good parts. Where there are fewer than `LEAST_UNITS` sets, it is the specimen,
    provided that every trial names one and there are enough of them; else the test picture.

    Args:
        references: Identity of each trial's set of good parts, length n.
        specimens: The specimen that each test picture shows, None where it is not known, length n.
        tests: Identity of each trial's test picture, length n.
    """
    number, count = _numbered(references)
    if count >= LEAST_UNITS:
        return Units("reference", number, count)
    if all(specimen is not None for specimen in specimens):
        number, count = _numbered(specimens)
        if count >= LEAST_UNITS:
            return Units("specimen", number, count)
    return Units("test", *_numbered(tests))


@dataclass(frozen=True, slots=True)
class UnitSums:
    """How many cases the units of many rows have, and how many of them are right.

    The first index of ``cases`` and ``right`` is the class: 0 for good parts, 1 for bad parts.

    Attributes:
        rows: Number of rows (of a table).
        row: Row of each unit, shape (u,); a unit that two rows share stands there twice.
        cases: Cases of each class, shape (2, u).
        right: How many of them are right, shape (2, u); fractions where repeats are averaged.
    """

    rows: int
    row: Ints
    cases: Floats
    right: Floats


@dataclass(frozen=True, slots=True)
class UnitChanges:
    """How the cases of many rows' units change from one way to another, such as raw to processed.

    Attributes:
        rows: Number of rows (of a table).
        row: Row of each unit, shape (u,).
        cases: Cases of each class, shape (2, u); first good parts, then bad parts.
        change: Sum of the cases' changes, each in [-1, 1], shape (2, u).
        squares: Sum of the squares of the cases' changes, shape (2, u).
    """

    rows: int
    row: Ints
    cases: Floats
    change: Floats
    squares: Floats


def sum_units(row: Ints, unit: Ints, bad: Bools, right: Floats, rows: int) -> UnitSums:
    """Add up cases by row and unit.

    Repeats of a case are averaged before, since asking again is no new evidence.

    Args:
        row: Row of each case, from 0, shape (n,).
        unit: Unit of each case, from 0, shape (n,), such as `Units.number`.
        bad: Whether its part is bad, shape (n,); all False where a question knows no good and bad.
        right: Share of its repeats that were right, in [0, 1], shape (n,).
        rows: Number of rows; a row without cases gets no figures.
    """
    of_row, (cases, sums) = _sums(row, unit, bad, np.ones(bad.size), np.asarray(right, dtype=np.float64))
    return UnitSums(rows, of_row, cases, sums)


def sum_changes(row: Ints, unit: Ints, bad: Bools, before: Floats, after: Floats, rows: int) -> UnitChanges:
    """Add up paired cases by row and unit.

    Args:
        row: Row of each case, from 0, shape (n,).
        unit: Unit of each case, from 0, shape (n,).
        bad: Whether its part is bad, shape (n,).
        before: Share of its repeats that were right before, in [0, 1], shape (n,).
        after: The same after.
        rows: Number of rows.
    """
    change = np.asarray(after, dtype=np.float64) - before
    of_row, (cases, sums, squares) = _sums(row, unit, bad, np.ones(bad.size), change, change**2)
    return UnitChanges(rows, of_row, cases, sums, squares)


def _sums(row: Ints, unit: Ints, bad: Bools, *values: Floats) -> tuple[Ints, list[Floats]]:
    span = int(unit.max(initial=-1)) + 1
    keys, place = np.unique(row * span + unit, return_inverse=True)
    place = place + bad * keys.size
    sums = [
        np.bincount(place, weights=each, minlength=2 * keys.size).astype(np.float64).reshape(2, -1)
        for each in values
    ]
    return keys // max(span, 1), sums


def _numbered(keys: Sequence[Hashable]) -> tuple[Ints, int]:
    numbers: dict[Hashable, int] = {}
    number = np.fromiter((numbers.setdefault(key, len(numbers)) for key in keys), np.int64, len(keys))
    return number, len(numbers)

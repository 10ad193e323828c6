"""The paired test: does a change of balanced accuracy go beyond what sign flips over units give?"""

import math

import numpy as np
from numpy.typing import NDArray

from kurabe.report.statistics import CONFIDENCE
from kurabe.report.units import Floats, UnitChanges

Whole = NDArray[np.int64]

DRAWS = 19_999
"""Draws of signs where the sums are too many to be counted; with these a p-value is told to within 0.0031
at 0.05 (two standard errors)."""

SUMS = 1 << 16
"""Distinct sums of signs up to which the p-value is exact; that many take 5 ms."""

CELLS = 1 << 20
"""Sums of all rows that are counted at once, so that a batch stays within some 50 MB."""

PARTS = 60
"""Largest common denominator that is tried for changes averaged over repeats and layouts."""


def sign_flips(changes: UnitChanges, *, balanced: bool = True) -> Floats:
    """Return the two-sided p-values of the changes of balanced accuracy, by sign flips over units.

    If a change is nothing but chance, each unit's part in it is as likely to have the other sign. The
    p-value is the share of all ways to set the signs that give a sum at least as far from 0. It is exact:
    all sums are counted, by multiplying the units' characteristic functions (Pagano and Tritchler 1983).
    Beyond `SUMS` distinct sums, signs are drawn with a fixed seed, and the observed ones count as one more
    draw. Where each unit has one case and both classes are equally many it is McNemar's exact test.

    Args:
        changes: The units' changes.
        balanced: False for the change of plain accuracy, where a question knows no good and bad parts.

    Returns:
        One p-value a row, shape (k,), in (0, 1]; 1 where nothing changed, NaN where the figure is undefined.
    """
    p = np.full(changes.rows, np.nan)
    totals = [np.bincount(changes.row, weights=each, minlength=changes.rows) for each in changes.cases]
    # Rows of one suite and question have the same cases, so they are counted together.
    kinds, kind = np.unique(np.stack(totals, axis=1), axis=0, return_inverse=True)
    for number, (good, bad) in enumerate(kinds.astype(np.int64).tolist()):
        if good + bad == 0 or (balanced and not good * bad):
            continue
        rows = np.flatnonzero(kind == number)
        place = np.full(changes.rows, -1)
        place[rows] = np.arange(rows.size)
        at = np.flatnonzero(place[changes.row] >= 0)
        factors = (bad, good) if balanced else (1, 1)
        p[rows] = _of_rows(place[changes.row[at]], changes.change[:, at], factors, rows.size)
    return p


def units_needed(comparisons: int) -> int:
    """Return how many units must change before Holm over so many comparisons can reach 0.05.

    With u units the smallest p-value is ``2 ** (1 - u)``; over five comparisons that takes 8 units.
    """
    return 1 + int(np.ceil(np.log2(comparisons / (1 - CONFIDENCE)) - 1e-9))


def _of_rows(row: Whole, change: Floats, factors: tuple[int, int], rows: int) -> Floats:
    """Return the p-values of rows that have equally many good, and equally many bad, cases."""
    common = _common(change)
    scaled = change * common if common else change
    parts = (scaled.round() if common else scaled) * (np.array(factors) / math.gcd(*factors))[:, None]
    # Rounded, so that sizes which differ by float noise only are one; whole numbers stay what they are.
    sums = parts.sum(0).round(9)
    size, place = np.unique(np.abs(sums), return_inverse=True)
    if common:
        size /= max(int(np.gcd.reduce(size.astype(np.int64))), 1)
        sums = np.sign(sums) * size[place]
    times = np.bincount(row * size.size + place, minlength=rows * size.size).reshape(rows, -1)
    size, times = size[size > 0], times[:, size > 0]
    observed = np.abs(np.bincount(row, weights=sums, minlength=rows))
    span = times @ size
    p = np.ones(rows)
    exact = (span < SUMS) & bool(common)
    order = np.flatnonzero(exact & (span > 0))
    order = order[np.argsort(span[order], kind="stable")]
    for batch in np.array_split(order, max(1, math.ceil(span[order].sum() / CELLS))):
        if batch.size:
            p[batch] = _counted(size.astype(np.int64), times[batch], observed[batch])
    for each in np.flatnonzero(~exact & (span > 0)):
        p[each] = _drawn(size, times[each], float(observed[each]))
    return p


def _common(change: Floats) -> int | None:
    """Return the number that makes all changes whole, None if there is none up to `PARTS`."""
    for parts in range(1, PARTS + 1):
        scaled = change * parts
        if np.abs(scaled - scaled.round()).max(initial=0.0) < 1e-6:
            return parts
    return None


def _counted(size: Whole, times: Whole, observed: Floats) -> Floats:
    """Return exact p-values.

    Args:
        size: How far a unit's sign moves the sum, shape (s,), above 0.
        times: How many units of each row move it that far, shape (rows, s).
        observed: How far each row's sum is from 0, shape (rows,).
    """
    span = times @ size
    # The units with a plus sign add up to between 0 and the span, so that many frequencies tell all.
    length = int(span.max()) + 1
    turn = np.pi * np.arange(length // 2 + 1) / length
    wave = np.cos(size[:, None] * turn)
    minus = (times % 2).astype(np.float64) @ (wave < 0) % 2
    amount = np.exp(times.astype(np.float64) @ np.log(np.maximum(np.abs(wave), 1e-300)))
    chance = np.fft.irfft((1 - 2 * minus) * amount * np.exp(-1j * span[:, None] * turn), length)
    plus = np.arange(length)
    far = (np.abs(2 * plus - span[:, None]) >= observed[:, None] - 0.5) & (plus <= span[:, None])
    p: Floats = np.clip((chance * far).sum(1), 2.0 ** (1 - times.sum(1)), 1.0)
    return p


def _drawn(size: Floats, times: Whole, observed: float) -> float:
    """Return the p-value of one row by drawing signs; the arguments are those of `_counted`."""
    plus = np.random.default_rng(0).binomial(times, 0.5, size=(DRAWS, size.size))
    sums = (2 * plus - times) @ size
    far = np.abs(sums) >= observed - 1e-9 * float(times @ size)
    return float((1 + np.count_nonzero(far)) / (1 + DRAWS))

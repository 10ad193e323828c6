"""Intervals of rates over units, and one-sided limits.

Everything here follows from three steps, each for many rows of a table at once.

1. A rate is turned into that of fewer, independent cases: n cases count as ``n / deff``, where the design
   effect is the variance between units (each unit's deviation from the rate, squared) over that of
   independent cases (Rao and Scott 1992), times the square of the ratio of the normal to the t quantile,
   because the variance itself comes from few units (Korn and Graubard 1998).
2. That number gives each class its own ends: from the beta distribution for a rate, from Bonett and Price's
   adjusted proportions (2012) for a change.
3. Good and bad parts are put together by recovering the variances from the ends, with the correlation that
   the two classes have over units (MOVER: Zou and Donner 2008).

``perf/coverage.py`` measures how often they hold the truth; ``perf/results/coverage.json`` has the figures.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, stdtrit

from kurabe.report.statistics import CONFIDENCE
from kurabe.report.units import LEAST_UNITS, Bools, Floats, Ints, UnitChanges, UnitSums

GOOD, BAD = 0, 1

_TAIL = (1 - CONFIDENCE) / 2
_Z = -float(stdtrit(np.inf, _TAIL))

PRIOR_UNITS = 0.15
"""Weight of two made-up units, one all right and one all wrong, in a rate's design effect.

Two errors say little of whether errors come together. With this the design effect starts at its largest
(a unit counts as one case) and the data take over as errors come in. At 0.1 the interval of balanced
accuracy covers 90 % at 8 units of one good and one bad part each, at 0.25 over 99 % at 16 units of four."""

BETWEEN = 0.25
"""Where a rate's ends lie between Clopper and Pearson's (0) and Jeffreys' (0.5).

Combined, the former cover up to 99.7 %, the latter and Wilson's down to 88 % at 8 good and 8 bad parts."""

PRIOR_CHANGES = 0.5
"""Made-up cases that got better, and as many that got worse, in the ends of a class's change.

With 0.35 the interval of the change covers 92 % at 16 units, with 1 over 99 % at 10 changed cases."""

SKEW = 0.6
"""How far the interval of a change moves to the side where the units' changes have their longer tail.

The unit is the sum of their cubes over that of their squares; Johnson (1978) moves by 1/6, Hall (1992) by
1.45 at 95 %. Without it the interval covers 99.5 % where few units change, 93.5 % where one side leads."""

OPPOSED = -0.98
"""Least correlation of the two classes over units. Where each unit gains in one class exactly what it loses
in the other it would be -1, and the interval of their mean would have no width, whatever the sample."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """Two-sided intervals of many rows; NaN where there is none.

    Attributes:
        estimate: The figure itself, shape (k,); NaN where it is undefined.
        low: Lower end, shape (k,).
        high: Upper end, shape (k,).
        units: Units that the row has, shape (k,).
    """

    estimate: Floats
    low: Floats
    high: Floats
    units: Ints

    @property
    def too_few(self) -> Bools:
        """Rows that have a figure but too few units for an interval, shape (k,)."""
        return ~np.isnan(self.estimate) & (self.units < LEAST_UNITS)


@dataclass(frozen=True, slots=True)
class Limits:
    """One-sided upper limits of a rate of errors; NaN in rows without such parts.

    Attributes:
        rate: The rate itself, shape (k,).
        high: Its upper limit, shape (k,), in (0, 1].
        parts: How many parts there are, shape (k,).
        wrong: How many of them are wrong, shape (k,); fractions where repeats are averaged.
        effective: How many independent parts they count as, shape (k,); never more than ``parts``.
    """

    rate: Floats
    high: Floats
    parts: Floats
    wrong: Floats
    effective: Floats


def accuracy(sums: UnitSums) -> Intervals:
    """Return the accuracies and their intervals, in [0, 1]."""
    return _of_rates(sums, balanced=False)


def balanced_accuracy(sums: UnitSums) -> Intervals:
    """Return the balanced accuracies and their intervals, in [0, 1]; NaN unless both classes occur."""
    return _of_rates(sums, balanced=True)


def change_of_accuracy(changes: UnitChanges) -> Intervals:
    """Return the changes of accuracy and their intervals, in [-1, 1]."""
    return _of_changes(changes, balanced=False)


def change_of_balanced_accuracy(changes: UnitChanges) -> Intervals:
    """Return the changes of balanced accuracy and their intervals, in [-1, 1]; NaN without both classes."""
    return _of_changes(changes, balanced=True)


def miss_limit(sums: UnitSums, confidence: Floats | float = CONFIDENCE) -> Limits:
    """Return the miss rates with their upper limits: bad parts that were not called bad."""
    return _limit(sums, BAD, confidence)


def overkill_limit(sums: UnitSums, confidence: Floats | float = CONFIDENCE) -> Limits:
    """Return the overkill rates with their upper limits: good parts that were not called good."""
    return _limit(sums, GOOD, confidence)


def upper_limit(wrong: Floats, parts: Floats, confidence: Floats | float = CONFIDENCE) -> Floats:
    """Return Clopper and Pearson's one-sided upper limits of shares of independent parts.

    Args:
        wrong: Errors, shape (k,); fractions are allowed.
        parts: Independent parts, shape (k,), above 0.
        confidence: How often the limits hold, for all or for each, shape (k,).
    """
    wrong, parts = np.asarray(wrong, dtype=np.float64), np.asarray(parts, dtype=np.float64)
    rest = parts - wrong
    return np.where(rest > _TINY, betaincinv(wrong + 1, np.maximum(rest, _TINY), confidence), 1.0)


def per_case(sums: UnitSums | UnitChanges, *, balanced: bool) -> Floats:
    """Return what one good and one bad case of each unit count in its row's figure, shape (2, u).

    Times a unit's sums they add up to the row's accuracy, or balanced accuracy, or to its change. NaN in
    rows where the figure is undefined.
    """
    cases = _cases(sums)
    share = _weights(cases, balanced)
    return np.stack([(share[each] / np.maximum(cases[each], 1))[sums.row] for each in (GOOD, BAD)])


_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class _Class:
    """One class's figures: the ends of each row, and each unit's deviation, for the correlation."""

    estimate: Floats
    low: Floats
    high: Floats
    deviation: Floats
    spread: Floats
    size: Floats


def _of_rates(sums: UnitSums, *, balanced: bool) -> Intervals:
    shared = _shared(sums)
    classes = [_rate(sums, which, shared) for which in (GOOD, BAD)]
    good, bad = classes
    together = _total(sums, good.deviation * bad.deviation) * _bessel(_held(sums, sums.cases.sum(0)))
    right = good.estimate * bad.estimate + (1 - good.estimate) * (1 - bad.estimate)
    together += PRIOR_UNITS * good.size * bad.size * right
    low, high = _combined(sums, classes, together, shared, balanced)
    return _intervals(sums, _mean(sums, sums.right, balanced), low, high, (0.0, 1.0))


def _of_changes(changes: UnitChanges, *, balanced: bool) -> Intervals:
    shared = _shared(changes)
    classes = [_change(changes, which, shared) for which in (GOOD, BAD)]
    together = _total(changes, classes[GOOD].deviation * classes[BAD].deviation)
    together *= _bessel(_held(changes, changes.cases.sum(0)))
    low, high = _combined(changes, classes, together, shared, balanced)
    unit = per_case(changes, balanced=balanced)
    unit = unit[GOOD] * classes[GOOD].deviation + unit[BAD] * classes[BAD].deviation
    move = SKEW * _divide(_total(changes, unit**3), _total(changes, unit**2))
    estimate = _mean(changes, changes.change, balanced)
    return _intervals(changes, estimate, low + move, high + move, (-1.0, 1.0))


def _rate(sums: UnitSums, which: int, shared: Bools) -> _Class:
    cases, right = sums.cases[which], sums.right[which]
    n, held, size = _total(sums, cases), _held(sums, cases), _size(sums, cases)
    rate = _divide(_total(sums, right), n)
    deff, deviation, spread = _rate_effect(sums, cases, right)
    effective = _effective(n, deff, size, held, shared)
    hits, rest = rate * effective, (1 - rate) * effective
    low = betaincinv(np.maximum(hits, _TINY) + BETWEEN, rest + 1 - BETWEEN, _TAIL)
    high = betaincinv(hits + 1 - BETWEEN, np.maximum(rest, _TINY) + BETWEEN, 1 - _TAIL)
    return _Class(
        rate,
        np.where(hits > _TINY, np.minimum(low, rate), 0.0),
        np.where(rest > _TINY, np.maximum(high, rate), 1.0),
        deviation,
        spread,
        size,
    )


def _change(changes: UnitChanges, which: int, shared: Bools) -> _Class:
    cases, change = changes.cases[which], changes.change[which]
    n, held, size = _total(changes, cases), _held(changes, cases), _size(changes, cases)
    mean = _divide(_total(changes, change), n)
    moved = _divide(_total(changes, changes.squares[which]), n)
    deviation = change - mean[changes.row] * cases
    spread = _total(changes, deviation**2) * _bessel(held)
    single = (moved - mean**2) * n
    # Where no case changed, or all changed alike, nothing tells whether units vary: the worst is taken.
    deff = np.where(single > _TINY * n, _divide(spread, single), size)
    effective = _effective(n, deff, size, held, shared)
    padded = effective + 2 * PRIOR_CHANGES
    middle = mean * effective / padded
    squares = (moved * effective + 2 * PRIOR_CHANGES) / padded
    half = _Z * np.sqrt((squares - middle**2) / padded)
    return _Class(middle, middle - half, middle + half, deviation, spread, size)


def _rate_effect(sums: UnitSums, cases: Floats, right: Floats) -> tuple[Floats, Floats, Floats]:
    """Return a rate's design effect (rows,), the units' deviations (u,) and their squares' sum (rows,)."""
    n, size = _total(sums, cases), _size(sums, cases)
    rate, bessel = _divide(_total(sums, right), n), _bessel(_held(sums, cases))
    padded = n + 2 * PRIOR_UNITS * size
    middle = _divide(rate * n + PRIOR_UNITS * size, padded)
    prior = PRIOR_UNITS * size**2

    def squares(about: Floats) -> tuple[Floats, Floats]:
        deviation = right - about[sums.row] * cases
        return deviation, _total(sums, deviation**2) * bessel + prior * (about**2 + (1 - about) ** 2)

    deviation, spread = squares(rate)
    return _divide(squares(middle)[1], middle * (1 - middle) * padded), deviation, spread


def _effective(n: Floats, deff: Floats, size: Floats, held: Ints, shared: Bools) -> Floats:
    """Return how many independent cases a class counts as.

    A unit that answers all its cases alike counts as one, so the design effect lies between 1 and the mean
    size of the units (weighted by size), and no correction for few units goes beyond that, except where the
    other class shares the units: then the correlation comes from few units, too.
    """
    few = held < LEAST_UNITS
    correction = (_Z / stdtrit(np.maximum(held - 1, 1), 1 - _TAIL)) ** 2
    deff = np.where(few, size, np.clip(deff, 1.0, np.maximum(size, 1.0)))
    least = _divide(n, size) * np.where(shared & ~few, correction, 1.0)
    return np.maximum(np.maximum(_divide(n, deff) * np.where(few, 0.0, correction), least), _TINY)


def _limit(sums: UnitSums, which: int, confidence: Floats | float) -> Limits:
    cases, right = sums.cases[which], sums.right[which]
    n, held, size = _total(sums, cases), _held(sums, cases), _size(sums, cases)
    deff = np.maximum(_rate_effect(sums, cases, right)[0], 1.0)
    correction = (stdtrit(np.inf, confidence) / stdtrit(np.maximum(held - 1, 1), confidence)) ** 2
    # With few units each counts as one part, which is the least that they can be worth.
    effective = np.where(held < LEAST_UNITS, 0.0, _divide(n, deff) * correction)
    effective = np.clip(effective, _divide(n, size), n)
    wrong = n - _total(sums, right)
    rate, none = _divide(wrong, n), n == 0
    # A first error shows that errors need not come together; it must not lower the limit for that.
    least = upper_limit(np.zeros(sums.rows), np.where(none, 1.0, _divide(n, size)), confidence)
    high = np.maximum(upper_limit(rate * effective, np.where(none, 1.0, effective), confidence), least)
    return Limits(np.where(none, np.nan, rate), np.where(none, np.nan, high), n, wrong, effective)


def _combined(
    sums: UnitSums | UnitChanges, classes: list[_Class], together: Floats, shared: Bools, balanced: bool
) -> tuple[Floats, Floats]:
    """Return the ends of the weighted mean of both classes."""
    good, bad = classes
    share = _weights(_cases(sums), balanced)
    r = np.clip(_divide(together, np.sqrt(good.spread * bad.spread)), OPPOSED, 1.0) * shared
    middle = share[0] * good.estimate + share[1] * bad.estimate

    def reach(one: Floats, other: Floats) -> Floats:
        one, other = share[0] * one, share[1] * other
        return np.sqrt(np.maximum(one**2 + other**2 + 2 * r * one * other, 0.0))

    below = reach(good.estimate - good.low, bad.estimate - bad.low)
    above = reach(good.high - good.estimate, bad.high - bad.estimate)
    return middle - below, middle + above


def _intervals(
    sums: UnitSums | UnitChanges, estimate: Floats, low: Floats, high: Floats, bounds: tuple[float, float]
) -> Intervals:
    units = _held(sums, sums.cases.sum(0))
    none = np.isnan(estimate) | (units < LEAST_UNITS)
    low = np.where(none, np.nan, np.clip(np.minimum(low, estimate), *bounds))
    high = np.where(none, np.nan, np.clip(np.maximum(high, estimate), *bounds))
    return Intervals(estimate, low, high, units)


def _mean(sums: UnitSums | UnitChanges, values: Floats, balanced: bool) -> Floats:
    weight = per_case(sums, balanced=balanced)
    mean = _total(sums, weight[GOOD] * values[GOOD] + weight[BAD] * values[BAD])
    return np.where(_held(sums, sums.cases.sum(0)) > 0, mean, np.nan)


def _weights(cases: tuple[Floats, Floats], balanced: bool) -> tuple[Floats, Floats]:
    """Return what each class counts in a row's figure; NaN where the figure is undefined."""
    n = cases[0] + cases[1]
    if balanced:
        half = np.where((cases[0] > 0) & (cases[1] > 0), 0.5, np.nan)
        return half, half
    share = np.where(n > 0, _divide(cases[0], n), np.nan)
    return share, 1 - share


def _cases(sums: UnitSums | UnitChanges) -> tuple[Floats, Floats]:
    return _total(sums, sums.cases[GOOD]), _total(sums, sums.cases[BAD])


def _total(sums: UnitSums | UnitChanges, values: Floats) -> Floats:
    return np.bincount(sums.row, weights=values, minlength=sums.rows).astype(np.float64)


def _held(sums: UnitSums | UnitChanges, cases: Floats) -> Ints:
    """Return how many units of each row hold any of these cases."""
    return np.bincount(sums.row[cases > 0], minlength=sums.rows)


def _shared(sums: UnitSums | UnitChanges) -> Bools:
    """Return which rows have units that hold both classes."""
    return _held(sums, sums.cases.min(0)) > 0


def _size(sums: UnitSums | UnitChanges, cases: Floats) -> Floats:
    """Return the units' mean number of cases, weighted by that number (Kish): the largest design effect."""
    return _divide(_total(sums, cases**2), _total(sums, cases))


def _bessel(units: Ints) -> Floats:
    return _divide(units.astype(np.float64), np.maximum(units - 1.0, 1.0))


def _divide(part: Floats, whole: Floats) -> Floats:
    """Return the quotients, 0 where there is nothing to divide by."""
    return np.divide(part, whole, out=np.zeros(np.shape(part)), where=whole > 0)

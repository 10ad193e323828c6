"""Choosing thresholds of P(different), for a whole sample and for each part of it that leaves a fold out.

A part is called bad from the threshold on: P >= threshold. A trial without P is missed or overkilled at
every threshold.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kurabe.report.intervals import miss_limit, upper_limit
from kurabe.report.rules import Rule
from kurabe.report.sample_size import parts_needed
from kurabe.report.units import Bools, Floats, Ints, sum_units

MOST_FOLDS = 100
"""With more units than this several share a fold, so that a row of many trials does not take seconds."""


@dataclass(frozen=True)
class Sample:
    """The trials of a row.

    Attributes:
        p: P(different) of each trial, NaN where there is none, shape (n,).
        bad: Whether its part is bad, shape (n,).
        unit: Number of its unit, from 0, shape (n,).
        fold: Number of its fold, from 0, shape (n,); units are never cut by a fold.
    """

    p: Floats
    bad: Bools
    unit: Ints
    fold: Ints

    @classmethod
    def of(cls, p: Floats, bad: Bools, unit: Ints) -> "Sample":
        """Make a sample: a fold for each unit, in the order of the units, or for several of them."""
        number = np.unique(unit, return_inverse=True)[1].astype(np.int64)
        return cls(p, bad, number, number % MOST_FOLDS)

    @cached_property
    def folds(self) -> int:
        """How many folds there are."""
        return int(self.fold.max(initial=-1)) + 1

    def within(self, fold: int) -> "Sample":
        """Return the trials that a fold's threshold is chosen on: all others."""
        keep = self.fold != fold
        return Sample(self.p[keep], self.bad[keep], self.unit[keep], self.fold[keep])

    def missed(self, threshold: Floats | float) -> Bools:
        """Return which trials of bad parts are not called bad; at thresholds of shape () or (n,)."""
        return self.bad & ~(self.p >= threshold)

    def overkilled(self, threshold: Floats | float) -> Bools:
        """Return which trials of good parts are not called good."""
        return ~self.bad & ~(self.p < threshold)


@dataclass(frozen=True)
class Chosen:
    """A threshold for the whole sample, and one for each fold that was chosen without it.

    Attributes:
        low: From here on nothing is called good; NaN where no threshold keeps the rule.
        high: From here on everything is called bad; the same as ``low`` unless the rule is a band.
        fold_low: The same for each fold, shape (folds,).
        fold_high: The same for each fold, shape (folds,).
    """

    low: float
    high: float
    fold_low: Floats
    fold_high: Floats


def choose(sample: Sample, rule: Rule) -> Chosen:
    """Choose the thresholds that a rule asks for.

    - Weighted rules take the least weighted sum of both rates, in the middle between the two neighbouring
      values of P; of several the lowest, which misses least.
    - ``miss_rate <= m`` takes the largest threshold up to which the miss rate's upper limit is at most m;
      ``overkill_rate <= o`` the smallest from which the overkill rate's limit is at most o. Such a threshold
      depends on parts of one class alone.
    - A band takes both; where the first is not below the second, it alone keeps both.

    A fold that is left with too few parts for a bound takes the threshold with the fewest errors.
    """
    if rule.weighs:
        low = _weighted(sample, rule)
        return Chosen(float(low[-1]), float(low[-1]), low[:-1], low[:-1])
    sides = []
    if rule.miss is not None:
        sides.append(_bounded(sample.p, sample, sample.bad, rule.miss))
    if rule.overkill is not None:
        mirrored = _bounded(-sample.p, sample, ~sample.bad, rule.overkill)
        sides.append(np.nextafter(-mirrored, np.inf))
    low, high = sides[0], sides[-1]
    if np.isnan(low[-1]) or np.isnan(high[-1]):
        nothing = np.full(sample.folds, np.nan)
        return Chosen(np.nan, np.nan, nothing, nothing)
    high = np.maximum(low, high)
    return Chosen(float(low[-1]), float(high[-1]), low[:-1], high[:-1])


def needed(sample: Sample, rule: Rule) -> list[str]:
    """Return how many parts each bound of a rule takes that this sample cannot show, in words."""
    found = []
    for bound, of_class, p, word in (
        (rule.miss, sample.bad, sample.p, "bad"),
        (rule.overkill, ~sample.bad, -sample.p, "good"),
    ):
        if bound is None or not np.isnan(_bounded(p, sample, of_class, bound)[-1]):
            continue
        lost = np.isnan(p[of_class])
        parts = int(of_class.sum())
        effective = _limits(sample.unit[of_class], lost[:, None])[1][0] if parts else 1.0
        # Errors that no threshold avoids, and parts that are not independent, take more.
        alone = parts_needed(bound, int(np.ceil(lost.sum() * effective / max(parts, 1) - 1e-9)))
        alike = int(np.ceil(alone * max(parts, 1) / effective - 1e-9))
        like_these = f" (about {alike} that come together like these)" if alike > alone else ""
        found.append(f"needs {alone} {word} parts{like_these}, has {parts}")
    return found


def _weighted(sample: Sample, rule: Rule) -> Floats:
    """Return each fold's threshold of the least cost, and that of the whole sample, shape (folds + 1,)."""
    costs = rule.costs
    assert costs is not None
    known = ~np.isnan(sample.p)
    values, place = np.unique(sample.p[known], return_inverse=True)
    bad, fold = sample.bad[known], sample.fold[known]
    if not values.size or sample.bad.all() or not sample.bad.any():
        return np.full(sample.folds + 1, np.nan)
    counts = []
    for which in (bad, ~bad):
        of_fold = np.bincount(
            fold[which] * values.size + place[which], minlength=sample.folds * values.size
        ).reshape(sample.folds, values.size)
        whole = of_fold.sum(0)
        counts.append(np.concatenate([whole - of_fold, whole[None]]))
    in_bad, in_good = counts
    start = np.zeros((sample.folds + 1, 1))
    missed = np.hstack([start, np.cumsum(in_bad, 1)])
    passed = np.hstack([start, np.cumsum(in_good, 1)])
    totals = []
    for which in (sample.bad, ~sample.bad):
        of_fold = np.bincount(sample.fold[which], minlength=sample.folds)
        totals.append(np.append(which.sum() - of_fold, which.sum())[:, None].astype(np.float64))
    n_bad, n_good = (np.where(total > 0, total, np.nan) for total in totals)
    # In whole parts, so that thresholds of equal cost tie exactly where the costs allow it.
    cost = costs[0] * missed * n_good - costs[1] * passed * n_bad
    none = np.isnan(cost).any(1)
    best = np.argmin(np.where(np.isnan(cost), 0.0, cost), 1)
    chosen = np.array([_between(values, in_bad[i] + in_good[i] > 0, at) for i, at in enumerate(best)])
    return np.where(none, np.nan, chosen)


def _between(values: Floats, present: Bools, at: int) -> float:
    """Return the middle between the values next to a place; 0 below all, just above the last one beyond."""
    if at == 0:
        return 0.0
    below = float(values[at - 1])
    above = np.flatnonzero(present[at:])
    if not above.size:
        return float(np.nextafter(below, np.inf)) if below >= 1 else (below + 1) / 2
    middle = (below + float(values[at + above[0]])) / 2
    return middle if middle > below else float(values[at + above[0]])


def _bounded(p: Floats, sample: Sample, of_class: Bools, bound: float) -> Floats:
    """Return the largest threshold whose limit keeps a bound, of each fold and of the whole, (folds + 1,).

    Args:
        p: What is compared with the threshold; values below it are errors, and so are those missing.
        sample: Where the units and folds are from.
        of_class: The parts that the rate is of.
        bound: The largest rate that is allowed.
    """
    p, unit, fold = p[of_class], sample.unit[of_class], sample.fold[of_class]
    whole = _largest(p, unit, bound)
    if np.isnan(whole):
        return np.full(sample.folds + 1, np.nan)
    found = np.full(sample.folds + 1, whole)
    for each in range(sample.folds):
        keep = fold != each
        if keep.all():
            continue
        one = _largest(p[keep], unit[keep], bound)
        # One unit less may be one too few; then the fold misses nothing that can be had.
        found[each] = one if not np.isnan(one) else _lowest(p[keep], p)
    return found


def _lowest(kept: Floats, all_of_them: Floats) -> float:
    known = kept[~np.isnan(kept)]
    return float(known.min()) if known.size else float(np.nanmin(all_of_them))


def _largest(p: Floats, unit: Ints, bound: float) -> float:
    """Return the largest threshold up to which the limit of errors keeps a bound; NaN if there is none."""
    known = np.sort(p[~np.isnan(p)])
    lost = p.size - known.size
    if not known.size:
        return float("nan")
    below = (lost + np.searchsorted(known, known)).astype(
        np.float64
    )  # errors, if the threshold is this value
    # The limit is never lower than that of independent parts, which is quickly told.
    may = known[upper_limit(below, np.full(known.size, float(p.size))) <= bound]
    if not may.size:
        return float("nan")
    candidates = np.unique(may)
    if np.unique(unit).size == unit.size:
        return float(candidates[-1])
    high = _limits(unit, ~(p[:, None] >= candidates))[0]
    over = np.flatnonzero(high > bound)
    last = over[0] - 1 if over.size else candidates.size - 1
    return float(candidates[last]) if last >= 0 else float("nan")


def _limits(unit: Ints, wrong: Bools) -> tuple[Floats, Floats]:
    """Return the upper limits of shares of errors, shape (n, k), and how many parts they count as, (k,)."""
    n, k = wrong.shape
    row, units = np.repeat(np.arange(k), n), np.tile(unit, k)
    right = (~wrong).T.reshape(-1).astype(np.float64)
    limit = miss_limit(sum_units(row, units, np.ones(n * k, dtype=np.bool_), right, k))
    return limit.high, limit.effective

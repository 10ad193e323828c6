"""The figures of the reports: rates, intervals and paired tests; None wherever a figure is undefined.

Throughout, the positive class is "different" (a bad part). Truth is an array of bool, one a trial.
What a model called is an array of int8: `DIFFERENT`, `SAME`, or `UNREAD` where no verdict could be
read, errors included. An unread verdict is wrong for either class: on a bad part it is a miss, on a good
part overkill. So balanced accuracy is 1 - (miss + overkill) / 2 exactly.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Calls = NDArray[np.int8]
Interval = tuple[float, float]

SAME, DIFFERENT, UNREAD = 0, 1, 2

CONFIDENCE = 0.95
"""Coverage of every interval."""

DRAWS = 2000
"""Bootstrap resamples; the ends of a 95 % percentile interval then rest on 50 draws each."""

BINS = 10
"""Bins of equal width on [0, 1] for the calibration error."""


def share(part: float, whole: float) -> float | None:
    """Return ``part / whole``, or None if there is nothing to divide by."""
    return float(part / whole) if whole else None


def overkill_rate(truth: Bools, called: Calls) -> float | None:
    """Return the share of good parts that were not called good; None without good parts."""
    return share(_count(~truth & (called != SAME)), _count(~truth))


def miss_rate(truth: Bools, called: Calls) -> float | None:
    """Return the share of bad parts that were not called bad; None without bad parts."""
    return share(_count(truth & (called != DIFFERENT)), _count(truth))


def balanced_accuracy(truth: Bools, called: Calls) -> float | None:
    """Return 1 - (miss rate + overkill rate) / 2; None unless both classes occur.

    That is the mean of the two classes' recalls. `sklearn.metrics.balanced_accuracy_score` gives the same
    figure, with a warning for each prediction (unread) that is no class of the truth.
    """
    miss, overkill = miss_rate(truth, called), overkill_rate(truth, called)
    return None if miss is None or overkill is None else 1 - (miss + overkill) / 2


def matthews(truth: Bools, called: Calls) -> float | None:
    """Return Matthews' correlation coefficient; None unless both classes occur.

    An unread verdict counts as the wrong class. A model that calls everything alike has 0: its calls do
    not correlate with the truth. The figures are those of `sklearn.metrics.matthews_corrcoef`, whose
    checks take 4 ms at each call: 16 s for the rows of a thousand models.
    """
    if not _both(truth):
        return None
    bad, good = _count(truth), _count(~truth)
    caught, passed = _count(truth & (called == DIFFERENT)), _count(~truth & (called == SAME))
    called_bad = caught + good - passed
    spread = float(bad * good) * float(called_bad * (bad + good - called_bad))
    return float((caught * passed - (bad - caught) * (good - passed)) / np.sqrt(spread)) if spread else 0.0


def auroc(truth: Bools, p_different: Floats) -> float | None:
    """Return the area under the ROC curve of P(different); None unless both classes occur.

    By ranks, where equal values share their mean rank (Mann and Whitney): the same figures as those of
    `sklearn.metrics.roc_auc_score`, whose checks take 4 ms at each call.
    """
    if not _both(truth):
        return None
    bad, good = _count(truth), _count(~truth)
    _, place, times = np.unique(p_different, return_inverse=True, return_counts=True)
    ranks = np.cumsum(times) - (times - 1) / 2
    return float((ranks[place][truth].sum() - bad * (bad + 1) / 2) / (bad * good))


def calibration_error(truth: Bools, p_different: Floats) -> float | None:
    """Return the expected calibration error of P(different); None without trials.

    The trials are put in `BINS` bins of equal width by P(different); a bin's error is the distance
    of its mean P(different) from its share of different pairs, weighted by its share of the trials.
    """
    if not truth.size:
        return None
    index = np.minimum((p_different * BINS).astype(np.int64), BINS - 1)
    gap = np.bincount(index, weights=p_different - truth, minlength=BINS)
    return float(np.abs(gap).sum() / truth.size)


def mcnemar(first_only: int, second_only: int) -> float:
    """Return the two-sided p-value of McNemar's exact test.

    Args:
        first_only: Pairs that only the first way got right.
        second_only: Pairs that only the second way got right.
    """
    from statsmodels.stats.contingency_tables import mcnemar as test

    return min(1.0, float(test([[0, first_only], [second_only, 0]], exact=True).pvalue))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values adjusted by Holm's step-down procedure, in the same order.

    The figures are those of `statsmodels.stats.multitest.multipletests`, which runs the garbage
    collector at each call: 0.14 s with 40,000 records in memory, for a few numbers.
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1.0)
    return [float(value) for value in adjusted]


def _count(which: Bools) -> int:
    return int(np.count_nonzero(which))


def _both(truth: Bools) -> bool:
    return bool(truth.any() and not truth.all())

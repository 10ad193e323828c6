"""Agreement beyond chance, and intervals that count parts, not decisions.

Decisions about one part are not independent. A rate's interval is made of the leaderboard's limits, which
take parts as units. A kappa's interval is that of the observed agreement: how it changes when a part is left
out (the jackknife) gives the number of independent decisions that the data are worth, and the ends are
Clopper and Pearson's for that number; chance agreement stays where it is. So no interval shrinks to a point
where all agree. ``perf/agreement_coverage.py`` measures how often they hold.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from kurabe.report.intervals import miss_limit
from kurabe.report.statistics import CONFIDENCE, Floats
from kurabe.report.units import UnitSums

Figure = tuple[float, float, float]
"""A figure with the ends of its interval."""

_TAIL = (1 - CONFIDENCE) / 2


def exact_interval(share: float, n: float) -> tuple[float, float]:
    """Return Clopper and Pearson's two-sided interval of a share of ``n`` decisions, whole or not."""
    hits, rest = share * n, (1 - share) * n
    low = float(betaincinv(hits, rest + 1, _TAIL)) if hits > 1e-9 else 0.0
    high = float(betaincinv(hits + 1, rest, 1 - _TAIL)) if rest > 1e-9 else 1.0
    return low, high


def rate(wrong: Floats, of: Floats) -> Figure:
    """Return the share of decisions with its interval over parts.

    Args:
        wrong: Decisions that count, of each part, shape (n,).
        of: All its decisions, shape (n,), above 0.
    """
    return float(wrong.sum() / of.sum()), 1 - _most(of - wrong, of), _most(wrong, of)


def _most(counted: Floats, of: Floats) -> float:
    """Return the upper end of a share's two-sided interval, with parts as units."""
    nothing = np.zeros(len(of))
    sums = UnitSums(
        1, np.zeros(len(of), dtype=np.int64), np.stack([nothing, of]), np.stack([nothing, of - counted])
    )
    return float(miss_limit(sums, 1 - _TAIL).high[0])


def cohen(tables: NDArray[np.float64]) -> Figure | None:
    """Return Cohen's kappa of two raters; None where both always said the same one thing.

    Args:
        tables: Decisions of each part, the first rater's class by the second's, shape (n, 2, 2).
    """
    from statsmodels.stats.inter_rater import cohens_kappa

    whole = tables.sum(0)
    if _cohen(tables.reshape(-1, 4).sum(0))[1] > 1 - 1e-12:
        return None
    estimate = float(cohens_kappa(whole, return_results=False))
    return _with_interval(estimate, tables.reshape(-1, 4), _cohen, float(whole.sum()))


def fleiss(counts: NDArray[np.float64]) -> Figure | None:
    """Return Fleiss' kappa of several ratings; None where all always said the same one thing.

    Args:
        counts: Ratings of each part by class, shape (n, classes); each part has as many, two or more.
    """
    from statsmodels.stats.inter_rater import fleiss_kappa

    ratings = float(counts[0].sum())
    pairs = ((counts**2).sum(1) - ratings) / (ratings * (ratings - 1))
    sums = np.column_stack([pairs, np.ones(len(counts)), counts / ratings])
    if _fleiss(sums.sum(0))[1] > 1 - 1e-12:
        return None
    return _with_interval(float(fleiss_kappa(counts)), sums, _fleiss, float(counts.sum()) / 2)


Agreement = Callable[[Floats], tuple[Floats, Floats]]
"""From sums over parts to observed and chance agreement."""


def _cohen(total: Floats) -> tuple[Floats, Floats]:
    shares = total / total.sum(-1, keepdims=True)
    a, b = shares[..., 2] + shares[..., 3], shares[..., 1] + shares[..., 3]
    return shares[..., 0] + shares[..., 3], a * b + (1 - a) * (1 - b)


def _fleiss(total: Floats) -> tuple[Floats, Floats]:
    means = total / total[..., 1:2]
    return means[..., 0], (means[..., 2:] ** 2).sum(-1)


def _with_interval(estimate: float, sums: Floats, agreement: Agreement, decisions: float) -> Figure:
    def kappa(total: Floats) -> Floats:
        observed, chance = agreement(total)
        return (observed - chance) / np.maximum(1 - chance, 1e-12)

    observed, chance = (float(each) for each in agreement(sums.sum(0)))
    _, spread = _jackknife(sums, kappa)
    worth = _worth(observed, spread * (1 - chance), len(sums), max(decisions, len(sums)), 1.0)
    low, high = ((end - chance) / (1 - chance) for end in exact_interval(observed, worth))
    return estimate, low, high


def _jackknife(sums: Floats, figure: Callable[[Floats], Floats]) -> tuple[float, float]:
    """Return a figure of sums over parts, and its standard error over parts."""
    total, n = sums.sum(0), len(sums)
    whole = float(figure(total))
    if n < 2:
        return whole, 0.0
    left = figure(total - sums)
    left = np.where(np.isfinite(left), left, whole)
    return whole, float(np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum()))


def _worth(share: float, spread: float, parts: int, most: float, least: float) -> float:
    """Return how many independent decisions a share is worth; as many as parts where nothing spreads."""
    if spread < 1e-9 or not 0 < share < 1:
        return float(parts)
    return float(np.clip(share * (1 - share) / spread**2, least, most))

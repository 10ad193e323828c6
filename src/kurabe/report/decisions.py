"""The table of operating points: what each threshold would miss and overkill, with limits that hold.

The figures are those of cross-fitting (`kurabe.report.points`), but the threshold that is printed is another
one, chosen on all units. So the upper limits are never below that threshold's own limits on all units. Where
it was picked by a weighted sum of the rates, its own limit is taken at a confidence at which it holds for
every threshold at once (`confidence_of_any`), because the pick goes where the sample looks best. A bound on
one rate picks by rank in one class, for which the exact limit holds as it is.
``perf/decisions_coverage.py`` measures all this.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kurabe.report import intervals
from kurabe.report import statistics as stats
from kurabe.report.columns import BESIDE_DECISIONS, DECISIONS, KEYS, LEADERBOARD_AT
from kurabe.report.frame import plain, rank
from kurabe.report.paired import sign_flips
from kurabe.report.points import Point
from kurabe.report.rules import BALANCED, SHIPPED, Rule, short
from kurabe.report.units import Bools, Floats, sum_changes, sum_units

RANKS_WELL = 0.7
"""Least AUROC at which a row is said to rank well: Hosmer and Lemeshow call it acceptable discrimination."""

_COUNTS = (1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200, 300, 500, 1000, 2000, 4000)
_LEVELS = (
    0.05, 0.02716, 0.01933, 0.012939, 0.009225, 0.007066, 0.005217, 0.004201, 0.003287, 0.002688, 0.002297,
    0.00192, 0.001688, 0.001456, 0.001217, 0.001039, 0.000902,
)  # fmt: skip
"""So rarely may one limit fail, that those at all thresholds hold together in 95 % of samples of so many
parts. Computed by ``perf/decisions_coverage.py --levels``: the recursion of Noé (1972) for the chance that
no order statistic of uniform numbers lies beyond its beta quantile."""


def confidence_of_any(parts: Floats) -> Floats:
    """Return the confidence of one limit at which those at all thresholds hold in 95 % of samples.

    Args:
        parts: Independent parts of the class, shape (k,).
    """
    level = np.interp(np.log(np.maximum(parts, 1.0)), np.log(_COUNTS), np.log(_LEVELS))
    return 1 - np.exp(level)


def decisions(points: Sequence[Point]) -> pd.DataFrame:
    """Return the operating points: `DECISIONS`, then `BESIDE_DECISIONS`, which the file leaves out."""
    told = [point for point in points if point.wrong is not None]
    figures = dict(zip(map(id, told), _figures(told), strict=True))
    rows = [_row(point) | figures.get(id(point), {}) for point in points]
    return plain(pd.DataFrame(rows, columns=[*DECISIONS, *BESIDE_DECISIONS], dtype=object))


def leaderboard_at(leaderboard: pd.DataFrame, table: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    """Return the leaderboard at operating points, rule by rule, the best of a question first.

    What the threshold does not touch, such as AUROC and times, is as in the leaderboard itself. Recall and
    precision of named differences cannot be told at another threshold.

    Args:
        leaderboard: The leaderboard as shipped.
        table: The operating points, as `decisions` returns them.
        rules: Those that are asked for.
    """
    asked = {rule.text: place for place, rule in enumerate(rules)}
    known = {tuple(row[name] for name in KEYS): row for row in leaderboard.to_dict("records")}
    rows = []
    for point in table.to_dict("records"):
        base = known[tuple(point[name] for name in KEYS)]
        if point["rule"] not in asked:
            continue
        row = base | {name: point[name] for name in LEADERBOARD_AT if name in point}
        read = row["n_p"] if point["miss_rate"] is not None or point["overkill_rate"] is not None else None
        row["unparsed"] = None if read is None else row["n"] - read - row["errors"]
        row["unparsed_rate"] = None if read is None else row["unparsed"] / row["n"]
        if row["question"] != "verdict":
            beyond = ("accuracy", "accuracy_lo", "accuracy_hi", "difference_recall", "difference_precision")
            row |= dict.fromkeys(beyond)
        rows.append(row)
    made = pd.DataFrame(rows, columns=LEADERBOARD_AT, dtype=object)
    merit = pd.to_numeric(made["balanced_accuracy"]).fillna(-1.0)
    places = made.assign(merit=-merit, rule=made["rule"].map(asked))
    by = ["rule", "suite", "question", "merit", "model", "variant", "layout"]
    return plain(made.loc[places.sort_values(by, key=rank, kind="stable").index])


def _row(point: Point) -> dict[str, Any]:
    group, sample = point.group, point.group.sample
    return dict(zip(KEYS, group.keys, strict=True)) | {
        "rule": point.rule,
        "threshold": point.low,
        "threshold_hi": point.high,
        "fitted": point.fitted,
        "unit": group.kind,
        "n": sample.bad.size,
        "n_p": int((~np.isnan(sample.p)).sum()),
        "n_good": int((~sample.bad).sum()),
        "n_bad": int(sample.bad.sum()),
        "undecided": 0 if point.undecided is None else int(point.undecided.sum()),
        "needs": point.needs,
    }


def _figures(points: Sequence[Point]) -> list[dict[str, Any]]:
    """Return the rates of points that have any, all computed at once."""
    if not points:
        return []
    size = [point.group.sample.bad.size for point in points]
    row = np.repeat(np.arange(len(points)), size)
    unit = np.concatenate([point.group.sample.unit for point in points])
    bad = np.concatenate([point.group.sample.bad for point in points])
    wrong = np.concatenate([point.wrong for point in points if point.wrong is not None])
    own = np.concatenate([point.wrong if point.own is None else point.own for point in points])
    sums = sum_units(row, unit, bad, 1.0 - wrong, len(points))
    owns = sum_units(row, unit, bad, 1.0 - own, len(points))
    picked = np.array([point.picked for point in points])
    balanced, share = intervals.balanced_accuracy(sums), intervals.accuracy(sums)
    rates = {}
    for limit in (intervals.miss_limit, intervals.overkill_limit):
        crossed, effective = limit(sums), limit(owns).effective
        confidence = np.where(picked, confidence_of_any(effective), stats.CONFIDENCE)
        rates[limit] = crossed, np.maximum(crossed.high, limit(owns, confidence).high)
    (missed, miss_high), (overkilled, overkill_high) = rates.values()
    found = []
    for i, point in enumerate(points):
        one = not point.is_band
        mean = 1 - (missed.rate[i] + overkilled.rate[i]) / 2
        both = missed.parts[i] and overkilled.parts[i] and one
        truth, errs = point.group.sample.bad, point.wrong
        assert errs is not None
        found.append(
            {
                "missed": int(missed.wrong[i]),
                "overkilled": int(overkilled.wrong[i]),
                "miss_rate": missed.rate[i],
                "miss_rate_hi": miss_high[i],
                "overkill_rate": overkilled.rate[i],
                "overkill_rate_hi": overkill_high[i],
                "balanced_accuracy": mean if both else np.nan,
                "balanced_accuracy_lo": balanced.low[i] if both else np.nan,
                "balanced_accuracy_hi": balanced.high[i] if both else np.nan,
                "accuracy": share.estimate[i] if one else np.nan,
                "accuracy_lo": share.low[i] if one else np.nan,
                "accuracy_hi": share.high[i] if one else np.nan,
                "mcc": stats.matthews(truth, (truth ^ errs).astype(np.int8)) if one else None,
            }
        )
    return found


def gaps(points: Sequence[Point]) -> list[dict[str, Any]]:
    """Return the rows that rank well at a threshold that is off, as far as the sample carries it.

    That is said if AUROC is at least `RANKS_WELL`, and balanced accuracy is higher at cross-fitted thresholds
    than as shipped beyond what sign flips over units give (p < 0.05).

    Returns:
        For each such row its `KEYS`, ``auroc``, ``shipped``, ``balanced``, ``threshold`` and ``words``.
    """
    shipped = {point.group.keys: point for point in points if point.rule == SHIPPED}
    moved = [point for point in points if point.rule == BALANCED.text and point.wrong is not None]
    if not moved:
        return []
    size = [point.group.sample.bad.size for point in moved]
    row = np.repeat(np.arange(len(moved)), size)
    unit = np.concatenate([point.group.sample.unit for point in moved])
    bad = np.concatenate([point.group.sample.bad for point in moved])
    before = np.concatenate([point.group.right for point in moved]).astype(np.float64)
    after = 1.0 - np.concatenate([point.wrong for point in moved if point.wrong is not None])
    p_value = sign_flips(sum_changes(row, unit, bad, before, after, len(moved)))
    found = []
    for i, point in enumerate(moved):
        sample = point.group.sample
        known = ~np.isnan(sample.p)
        auroc = stats.auroc(sample.bad[known], sample.p[known])
        if auroc is None or auroc < RANKS_WELL or not p_value[i] < 1 - stats.CONFIDENCE:
            continue
        first = _balanced(sample.bad, shipped[point.group.keys].wrong)
        second = _balanced(sample.bad, point.wrong)
        if point.low is None or second <= first:
            continue
        words = f"ranks well, threshold is off: {first:.2f} → {second:.2f} at P ≥ {short(point.low)}"
        found.append(
            dict(zip(KEYS, point.group.keys, strict=True))
            | {"auroc": auroc, "shipped": first, "balanced": second, "threshold": point.low, "words": words}
        )
    return found


def _balanced(bad: Bools, wrong: Bools | None) -> float:
    assert wrong is not None
    return 1 - float(wrong[bad].mean() + wrong[~bad].mean()) / 2

"""The leaderboard: a row for each model, variant, layout, suite and question."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kurabe.report import intervals
from kurabe.report import statistics as stats
from kurabe.report.columns import KEYS, LEADERBOARD
from kurabe.report.frame import frame, ordinary, plain, rank, ratio, with_total
from kurabe.report.units import UnitSums, sum_units
from kurabe.results.record import Record

_CALLS = {"same": stats.SAME, "different": stats.DIFFERENT}
_SUMMED = [
    *("correct", "unparsed", "error", "timed", "seconds"),
    *("found", "wanted", "matched", "claimed", "count_error", "counted"),
]


def leaderboard(records: Sequence[Record], run: str | None = None) -> pd.DataFrame:
    """Return the leaderboard of a run; the best of a question first.

    Every trial enters but identical pairs, exchanged and changed pictures and repeats, which have tables of
    their own. Accuracy is the share of correct outcomes. Balanced accuracy, MCC, overkill and miss are of the
    verdict, wherever one is expected; an answer that cannot be read and an error count against the model
    on both sides, and balanced accuracy is 1 − (miss + overkill) / 2. Intervals, and the upper limits of
    miss and overkill, are taken over units (`kurabe.report.units`); None where there are too few. AUROC
    and calibration error are of the trials with P(different), which ``n_p`` counts. Difference recall and
    precision add up differences and claims over trials; the count's mean absolute error is over the
    counts that could be read; seconds are over the trials whose time is known, tokens and cost over those
    that have any, errors that were charged included.

    Args:
        records: The results.
        run: Name of the run, for the column of that name.
    """
    trials = with_total(ordinary(frame(records)))
    if trials.empty:
        return pd.DataFrame(columns=LEADERBOARD)
    grouped = trials.groupby(KEYS, sort=False, observed=True)
    sums = grouped[_SUMMED].sum()
    table = pd.DataFrame({"n": grouped.size()})
    table["accuracy"] = sums["correct"] / table["n"]
    table["difference_recall"] = ratio(sums["found"], sums["wanted"])
    table["difference_precision"] = ratio(sums["matched"], sums["claimed"])
    table["count_mae"] = ratio(sums["count_error"], sums["counted"])
    table["unparsed_rate"] = sums["unparsed"] / table["n"]
    table["seconds_per_trial"] = ratio(sums["seconds"], sums["timed"])
    table["unparsed"], table["errors"] = sums["unparsed"].astype(int), sums["error"].astype(int)
    table["run"] = run
    table = table.join(_taken(trials, grouped)).join(_of_groups(trials, grouped))
    return plain(_best_first(table.reset_index())[LEADERBOARD])


def _taken(trials: pd.DataFrame, grouped: Any) -> pd.DataFrame:
    """Return what the answers took: tokens, money, and the median and the 95 % quantile of their times."""
    means = grouped[["tokens_in", "tokens_out", "cost"]].mean()
    timed = trials[trials["timed"]].groupby(KEYS, sort=False, observed=True)["seconds"]
    return pd.DataFrame(
        {
            "tokens_in_per_trial": means["tokens_in"],
            "tokens_out_per_trial": means["tokens_out"],
            "cost": grouped["cost"].sum(min_count=1),
            "cost_per_trial": means["cost"],
        }
    ).assign(latency_p50=timed.quantile(0.5), latency_p95=timed.quantile(0.95))


def _of_groups(trials: pd.DataFrame, grouped: Any) -> pd.DataFrame:
    """Return the figures that are not sums, a row for each group of `KEYS`, in the order of the groups."""
    row, rows = grouped.ngroup().to_numpy(np.int64), grouped.ngroups
    unit = pd.factorize(trials["unit"])[0]
    truth = (trials["expected_verdict"] == "different").to_numpy()
    judged = trials["expected_verdict"].notna().to_numpy()
    correct = trials["correct"].to_numpy(np.float64)
    share = intervals.accuracy(sum_units(row, unit, truth, correct, rows))
    kinds = grouped["unit_kind"].agg(lambda found: "+".join(sorted(set(found))))
    table = pd.DataFrame(
        {"accuracy_lo": share.low, "accuracy_hi": share.high, "references": share.units}, index=kinds.index
    ).assign(unit=kinds)
    called = np.array([_CALLS.get(verdict, stats.UNREAD) for verdict in trials["verdict"]], dtype=np.int8)
    p = trials["p_different"].where(~trials["error"]).to_numpy(np.float64)
    right = called == np.where(truth, stats.DIFFERENT, stats.SAME)
    sums = sum_units(row[judged], unit[judged], truth[judged], right[judged].astype(np.float64), rows)
    table = table.assign(**_rates(sums))
    # By places, not by frames: cutting a frame out of another for each row takes longer than its figures.
    order = np.argsort(row[judged], kind="stable")
    places = np.split(np.flatnonzero(judged)[order], np.searchsorted(row[judged][order], np.arange(1, rows)))
    return table.assign(**_of_each(places, truth, called, p))


def _rates(sums: UnitSums) -> dict[str, Any]:
    """Return what follows from the units' sums, an array each with one value a row."""
    balanced = intervals.balanced_accuracy(sums)
    missed, overkilled = intervals.miss_limit(sums), intervals.overkill_limit(sums)
    any_judged = missed.parts + overkilled.parts > 0
    both = (missed.parts > 0) & (overkilled.parts > 0)

    def count(values: stats.Floats) -> NDArray[np.object_]:
        return _whole([int(value) if any_judged[i] else None for i, value in enumerate(values)])

    return {
        "balanced_accuracy": np.where(both, balanced.estimate, np.nan),
        "balanced_accuracy_lo": balanced.low,
        "balanced_accuracy_hi": balanced.high,
        "miss_rate": missed.rate,
        "miss_rate_hi": missed.high,
        "overkill_rate": overkilled.rate,
        "overkill_rate_hi": overkilled.high,
        "n_bad": count(missed.parts),
        "missed": count(missed.wrong),
        "n_good": count(overkilled.parts),
        "overkilled": count(overkilled.wrong),
    }


def _of_each(
    places: Sequence[NDArray[np.int64]], truth: stats.Bools, called: stats.Calls, p: stats.Floats
) -> dict[str, Any]:
    """Return what has to be computed row by row: of the trials at these places."""
    found: dict[str, Any] = {"mcc": [], "auroc": [], "ece": [], "n_p": []}
    for at in places:
        known = at[~np.isnan(p[at])]
        found["mcc"].append(stats.matthews(truth[at], called[at]))
        found["auroc"].append(stats.auroc(truth[known], p[known]))
        found["ece"].append(stats.calibration_error(truth[known], p[known]))
        found["n_p"].append(known.size if at.size else None)
    return found | {"n_p": _whole(found["n_p"])}


def _whole(values: Sequence[int | None]) -> NDArray[np.object_]:
    """Return whole numbers that stay whole beside None, which pandas would turn into floats."""
    return np.array(values, dtype=np.object_)


def _best_first(table: pd.DataFrame) -> pd.DataFrame:
    """Sort by suite and question, then by balanced accuracy, and accuracy where that is undefined."""
    merit = pd.to_numeric(table["balanced_accuracy"]).fillna(table["accuracy"])
    by = ["suite", "question", "merit", "accuracy", "model", "variant", "layout"]
    ascending = [True, True, False, False, True, True, True]
    return table.assign(merit=merit).sort_values(by, ascending=ascending, key=rank)

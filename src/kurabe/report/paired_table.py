"""Raw against processed: the same cases, shown both ways."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kurabe.report import intervals
from kurabe.report import statistics as stats
from kurabe.report.columns import RAW_VS_PROCESSED
from kurabe.report.frame import RAW, frame, ordinary, plain, rank, with_total
from kurabe.report.paired import sign_flips
from kurabe.report.units import Bools, Floats, Ints, sum_changes, sum_units
from kurabe.results.record import Record

_KEYS = ["model", "layout", "suite", "question", "variant"]
_TWIN = ["model", "layout", "suite", "question", "case"]


def raw_vs_processed(records: Sequence[Record]) -> pd.DataFrame:
    """Return a row for each model, layout, suite, question and processed variant that has raw twins.

    The change of balanced accuracy leads: a variant that makes a model call everything different gains
    accuracy where most parts are bad, and sees no better. Its interval is taken over units
    (`kurabe.report.units`), and ``p_value`` tests it by flipping the signs of units; None where no verdict
    is expected or one class is missing. ``p_holm`` is adjusted over the models of a suite, layout,
    question and variant. ``mcnemar_p`` is of McNemar's exact test on the cases that one side alone got
    right: plain accuracy, cases taken as independent.
    """
    trials = ordinary(frame(records))
    raw = trials.loc[trials["variant"] == RAW, [*_TWIN, "correct", "verdict"]]
    processed = trials[trials["variant"] != RAW]
    paired = processed.merge(raw, on=_TWIN, suffixes=("", "_raw"))
    if paired.empty:
        return pd.DataFrame(columns=RAW_VS_PROCESSED)
    paired = with_total(paired)
    grouped = paired.groupby(_KEYS, sort=False)
    row, rows = grouped.ngroup().to_numpy().astype(np.int64), grouped.ngroups
    unit = pd.factorize(paired["unit"])[0].astype(np.int64)
    before, after = (paired[name].to_numpy(np.float64) for name in ("correct_raw", "correct"))
    truth = (paired["expected_verdict"] == "different").to_numpy()
    judged = paired["expected_verdict"].notna().to_numpy()
    table = grouped.agg(n=("case", "size"), unit=("unit_kind", lambda found: "+".join(sorted(set(found)))))
    table = table.assign(**_accuracy(row, unit, truth, before, after, rows))
    raw_right, right = (
        (paired[name] == paired["expected_verdict"]).to_numpy().astype(np.float64)
        for name in ("verdict_raw", "verdict")
    )
    of_verdict = _balanced(
        row[judged], unit[judged], truth[judged], raw_right[judged], right[judged], rows=rows
    )
    table = table.assign(**of_verdict).reset_index()
    adjusted = table.groupby(["layout", "suite", "question", "variant"], sort=False)["p_value"]
    table["p_holm"] = adjusted.transform(_holm)
    table = table.sort_values(["suite", "question", "variant", "model", "layout"], key=rank)
    return plain(table[RAW_VS_PROCESSED])


def _holm(p_values: "pd.Series[float]") -> "pd.Series[float]":
    """Adjust the p-values that are defined."""
    known = p_values.dropna()
    return pd.Series(stats.holm(known.tolist()), index=known.index).reindex(p_values.index)


def _accuracy(
    row: Ints, unit: Ints, truth: Bools, before: Floats, after: Floats, rows: int
) -> dict[str, Any]:
    """Return the change of accuracy, an array each with one value a row."""
    change = intervals.change_of_accuracy(sum_changes(row, unit, truth, before, after, rows))

    def counted(which: Bools) -> Ints:
        return np.bincount(row[which], minlength=rows)

    cases, raw_only, processed_only = (
        counted(which) for which in (np.full(row.size, True), before > after, after > before)
    )
    raw = np.bincount(row, weights=before, minlength=rows) / cases
    return {
        "references": change.units,
        "raw_accuracy": raw,
        "processed_accuracy": raw + change.estimate,
        "delta": change.estimate,
        "delta_lo": change.low,
        "delta_hi": change.high,
        "raw_only_correct": raw_only,
        "processed_only_correct": processed_only,
        "mcnemar_p": [stats.mcnemar(*map(int, pair)) for pair in zip(raw_only, processed_only, strict=True)],
    }


def _balanced(
    row: Ints, unit: Ints, truth: Bools, before: Floats, after: Floats, *, rows: int
) -> dict[str, Any]:
    """Return balanced accuracy raw and processed, its change, and the test of it."""
    if not row.size:
        return dict.fromkeys(_OF_BALANCED, np.nan)
    changes = sum_changes(row, unit, truth, before, after, rows)
    change = intervals.change_of_balanced_accuracy(changes)
    raw, processed = (
        intervals.balanced_accuracy(sum_units(row, unit, truth, right, rows)).estimate
        for right in (before, after)
    )
    both = np.isfinite(change.low) | change.too_few
    figures = (raw, processed, change.estimate, change.low, change.high, sign_flips(changes))
    return dict(zip(_OF_BALANCED, (np.where(both, each, np.nan) for each in figures), strict=True))


_OF_BALANCED = [
    *("raw_balanced_accuracy", "processed_balanced_accuracy", "delta_balanced_accuracy"),
    *("delta_balanced_accuracy_lo", "delta_balanced_accuracy_hi", "p_value"),
]

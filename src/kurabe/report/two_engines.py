"""Two back ends of one model, asked the same: where texts, verdicts and P(different) part."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kurabe.report.columns import ENGINES, ENGINES_TRIALS
from kurabe.report.frame import frame, plain, rank, with_total
from kurabe.report.intervals import change_of_accuracy, change_of_balanced_accuracy, miss_limit
from kurabe.report.paired import sign_flips
from kurabe.report.statistics import CONFIDENCE, holm, mcnemar
from kurabe.report.units import Floats, Ints, sum_changes, sum_units
from kurabe.results.record import Record

NEAR = 0.1
"""How far from its threshold P(different) may lie on both sides for a flip to be called near it."""

USUAL_THRESHOLD = 0.5
"""What a verdict in words comes to, where no threshold is set: the likelier word is said."""

_CASE = ["variant", "layout", "suite", "question", "case", "swapped", "repeat"]
_ROW = ["variant", "layout", "suite", "question"]


@dataclass(frozen=True, slots=True)
class TwoEngines:
    """What came of putting the same trials to two entries.

    Attributes:
        names: The entries.
        table: A row for each variant, layout, suite and question, the columns of `ENGINES`.
        trials: The trials that part, the columns of `ENGINES_TRIALS`.
        words: What it means, a sentence or two for each question and variant.
    """

    names: tuple[str, str]
    table: pd.DataFrame
    trials: pd.DataFrame
    words: tuple[str, ...]


def compare_engines(first: Sequence[Record], second: Sequence[Record], names: tuple[str, str]) -> TwoEngines:
    """Hold the results of two entries against each other, trial by trial.

    A trial with an error on either side counts as parted and as flipped: what would have been answered is not
    known. Two answers that cannot be read are no flip. Trials that only one of the two has are left out.
    """
    both = _paired(first, second)
    if both.empty:
        return TwoEngines(names, pd.DataFrame(columns=ENGINES), pd.DataFrame(columns=ENGINES_TRIALS), ())
    table = _table(with_total(both)).assign(first=names[0], second=names[1])
    table = plain(table.sort_values(["question", "variant", "layout", "suite"], key=rank)[ENGINES])
    parted = both[both["parts"]].assign(first=names[0], second=names[1])
    words = [sentence(row) for row in table.to_dict("records") if row["suite"] == "all"]
    return TwoEngines(names, table, plain(parted[ENGINES_TRIALS]), tuple(words))


def _paired(first: Sequence[Record], second: Sequence[Record]) -> pd.DataFrame:
    """Return a row for each trial that both have; columns of the two end in ``_a`` and ``_b``."""
    sides = []
    for records in (first, second):
        made = frame(records)
        made["text"] = [
            record.text if record.error is None else f"error: {record.error}" for record in records
        ]
        made["said"] = [_said(record, said) for record, said in zip(records, made["said"], strict=True)]
        sides.append(made[~made["calibration"] & ~made["control"] & made["shake"].isna()])
    of_both = ["unit", "unit_kind", "expected_verdict"]
    own = ["text", "said", "p_different", "correct", "error", "threshold", "outcome"]
    both = sides[0][[*_CASE, *of_both, *own]].merge(sides[1][[*_CASE, *own]], on=_CASE, suffixes=("_a", "_b"))
    failed = both["error_a"] | both["error_b"]
    both["errors"] = failed
    both["same_text"] = (both["text_a"] == both["text_b"]) & ~failed
    both["flipped"] = failed | ~_alike(both["said_a"], both["said_b"])
    both["delta_p"] = both["p_different_b"] - both["p_different_a"]
    both["parts"] = ~both["same_text"] | both["flipped"]
    limit = both["threshold_a"].fillna(USUAL_THRESHOLD)
    away = np.maximum((both["p_different_a"] - limit).abs(), (both["p_different_b"] - limit).abs())
    both["near"] = (away <= NEAR) & both["delta_p"].notna()
    both["to_different"] = (both["said_a"] == "same") & (both["said_b"] == "different") & ~failed
    both["to_same"] = (both["said_a"] == "different") & (both["said_b"] == "same") & ~failed
    return both


def _said(record: Record, said: str | None) -> str | None:
    """Return what an answer comes to; a description is right or wrong."""
    if record.outcome in ("unparsed", "error"):
        return None
    return record.outcome if record.question == "describe" else said


def _alike(first: "pd.Series[Any]", second: "pd.Series[Any]") -> "pd.Series[bool]":
    return (first == second) | (first.isna() & second.isna())


def _table(both: pd.DataFrame) -> pd.DataFrame:
    grouped = both.groupby(_ROW, sort=False)
    row, rows = grouped.ngroup().to_numpy().astype(np.int64), grouped.ngroups
    unit = pd.factorize(both["unit"])[0].astype(np.int64)
    table = grouped.agg(
        n=("case", "size"),
        unit=("unit_kind", lambda found: "+".join(sorted(set(found)))),
        references=("unit", "nunique"),
        errors=("errors", "sum"),
        same_text=("same_text", "sum"),
        flipped=("flipped", "sum"),
        to_different=("to_different", "sum"),
        to_same=("to_same", "sum"),
        first_accuracy=("correct_a", "mean"),
        second_accuracy=("correct_b", "mean"),
        n_p=("delta_p", "count"),
        mean_delta_p=("delta_p", "mean"),
        mean_abs_delta_p=("delta_p", lambda found: found.abs().mean()),
        median_abs_delta_p=("delta_p", lambda found: found.abs().median()),
        max_abs_delta_p=("delta_p", lambda found: found.abs().max()),
        near=("near", "sum"),
    )
    whole = np.ones(len(both), dtype=np.bool_)
    held = 1.0 - both["flipped"].to_numpy(np.float64)
    limits = miss_limit(sum_units(row, unit, whole, held, rows))
    changes = {
        "first_only_correct": both["correct_a"] & ~both["correct_b"],
        "second_only_correct": both["correct_b"] & ~both["correct_a"],
        "near_flips": both["flipped"] & both["near"],
    }
    for name, which in changes.items():
        table[name] = np.bincount(row[which.to_numpy()], minlength=rows)
    pairs = zip(table["first_only_correct"], table["second_only_correct"], strict=True)
    return table.assign(
        flip_rate=limits.rate,
        flip_rate_hi=limits.high,
        direction_p=_of_direction(both, row, unit, rows),
        **_of_accuracy(both, row, unit, rows),
        mcnemar_p=[mcnemar(int(a), int(b)) for a, b in pairs],
        p_correlation=[_correlation(part) for _, part in grouped],
    ).reset_index()


def _of_direction(both: pd.DataFrame, row: Ints, unit: Ints, rows: int) -> Floats:
    """Return whether verdicts go one way: sign flips over units of how many more are called different.

    With one case in each unit it is McNemar's exact test of the flips.
    """
    to_same, to_different = (both[name].to_numpy(np.float64) for name in ("to_same", "to_different"))
    changes = sum_changes(row, unit, np.zeros(len(both), dtype=np.bool_), to_same, to_different, rows)
    p = sign_flips(changes, balanced=False)
    judged = both["question"].isin(["verdict", "differences"]).to_numpy()
    return np.where(np.bincount(row[judged], minlength=rows) > 0, p, np.nan)


def _of_accuracy(both: pd.DataFrame, row: Ints, unit: Ints, rows: int) -> dict[str, Floats]:
    """Return the change of balanced accuracy, its interval and p-value; of plain accuracy elsewhere.

    That is where good and bad parts are not told apart, or only one of them was asked about.
    """
    bad = (both["expected_verdict"] == "different").to_numpy()
    before, after = (both[name].to_numpy(np.float64) for name in ("correct_a", "correct_b"))
    changes = sum_changes(row, unit, bad, before, after, rows)
    balanced, simple = change_of_balanced_accuracy(changes), change_of_accuracy(changes)
    both_classes = ~np.isnan(balanced.estimate)
    figures = [
        (balanced.estimate, simple.estimate),
        (balanced.low, simple.low),
        (balanced.high, simple.high),
        (sign_flips(changes), sign_flips(changes, balanced=False)),
    ]
    names = ("delta", "delta_lo", "delta_hi", "p_value")
    return {name: np.where(both_classes, *pair) for name, pair in zip(names, figures, strict=True)}


def _correlation(part: pd.DataFrame) -> float:
    """Return Pearson's correlation of both P; NaN where there are too few, or one of them never varies."""
    known = part[part["delta_p"].notna()]
    first, second = (known[name].to_numpy(np.float64) for name in ("p_different_a", "p_different_b"))
    if first.size < 3 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1])


def sentence(row: dict[Any, Any]) -> str:
    """Return what a row says, in words: did the model change, and how sure is that?"""
    n = row["n"]
    where = f"{row['question']}, {row['variant']}: "
    bound = (
        f"with 95 % confidence at most {row['flip_rate_hi']:.2%} of such answers flip"
        if row["flip_rate_hi"] is not None and row["flip_rate_hi"] < 1
        else "there are too few independent parts for a bound"
    )
    texts = f"{row['same_text']} of {n} texts are equal"
    if row["n_p"]:
        texts += f", P(different) differs by at most {row['max_abs_delta_p']:.2g}"
    if not row["flipped"]:
        if row["same_text"] == n and not row["max_abs_delta_p"]:
            return f"{where}no difference was found: {texts}, none of {n} answers flipped; {bound}."
        return f"{where}no answer changed its meaning: {texts}, none of {n} answers flipped; {bound}."
    return (
        f"{where}{_changed(row)}: {row['flipped']} of {n} answers flipped; {bound}. {texts}.{_details(row)}"
    )


def _changed(row: dict[Any, Any]) -> str:
    """Return whether the change goes beyond chance, of what is right or of what is said; Holm over both."""
    tests = [name for name in ("p_value", "direction_p") if row[name] is not None]
    sure = dict(zip(tests, holm([row[name] for name in tests]), strict=True))
    first, second = row["first"], row["second"]
    if sure.get("p_value", 1.0) < 1 - CONFIDENCE:
        how = "better" if row["delta"] > 0 else "worse"
        return f"yes, it changed: {second} does {how} than {first} ({row['delta']:+.3f})"
    if sure.get("direction_p", 1.0) < 1 - CONFIDENCE:
        more = "different" if row["to_different"] > row["to_same"] else "same"
        return f"yes, it changed: {second} says {more!r} more often than {first}"
    return "single answers changed, but in no direction that goes beyond chance"


def _details(row: dict[Any, Any]) -> str:
    told = ""
    if row["direction_p"] is not None:
        told += (
            f" Verdicts: {row['to_different']} to different, {row['to_same']} to same "
            f"(p = {row['direction_p']:.3g})."
        )
    told += (
        f" Right: {row['first_only_correct']} with {row['first']} alone, {row['second_only_correct']} with "
        f"{row['second']} alone (p = {row['p_value']:.3g})."
        if row["p_value"] is not None
        else ""
    )
    if row["near_flips"]:
        told += f" {row['near_flips']} of the flips lie within {NEAR:g} of the threshold."
    if row["errors"]:
        told += f" {row['errors']} trials ended in an error on a side; they count as flipped."
    return told

"""How often an answer flips though the part is the same: asked again, exchanged, or changed harmlessly."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kurabe.report.columns import KEYS, STABILITY
from kurabe.report.frame import frame, plain, rank, with_total
from kurabe.report.intervals import miss_limit
from kurabe.report.units import sum_units
from kurabe.results.record import Record

KINDS = ("repeat", "swap", "shake", "light", "shift", "jpeg", "blur")
"""The kinds in the order of the table's rows; ``shake`` is the four harmless changes together."""


def stability(records: Sequence[Record]) -> pd.DataFrame:
    """Return by kind how often a model's answer flipped against its answer to the pair as usual.

    An answer that cannot be read is not the same as any other. An exchanged pair is held against the pair of
    the same repetition, everything else against the first answer. ``flip_rate_hi`` is the one-sided 95 %
    upper limit over units (`kurabe.report.units`), because a case's answers are not independent.
    """
    trials = frame([record for record in records if not record.control])
    trials["kind"] = _kinds(trials)
    trials["base"] = trials["repeat"].where(trials["swapped"], 0)
    usual = trials[trials["kind"].isna() | (trials["kind"] == "repeat")]
    usual = usual[[*KEYS, "case", "repeat", "said", "correct"]].rename(columns={"repeat": "base"})
    changed = trials[trials["kind"].notna()]
    both = changed.merge(usual, on=[*KEYS, "case", "base"], suffixes=("", "_usual"))
    if both.empty:
        return pd.DataFrame(columns=STABILITY)
    both["flipped"] = both["said"].isna() | (both["said"] != both["said_usual"])
    both["to_wrong"] = both["flipped"] & both["correct_usual"] & ~both["correct"]
    shaken = both[both["shake"].notna()].assign(kind="shake")
    return plain(_in_order(_table(with_total(pd.concat([both, shaken], ignore_index=True)))))


def _kinds(trials: pd.DataFrame) -> "pd.Series[str]":
    """Return what was done to each trial, None to those as usual."""
    kinds = trials["shake"].map(lambda shake: shake.partition(" ")[0], na_action="ignore").astype(object)
    kinds = kinds.mask(trials["shake"].isna() & (trials["repeat"] > 0), "repeat")
    return kinds.mask(trials["swapped"], "swap")


def _table(both: pd.DataFrame) -> pd.DataFrame:
    keys = [*KEYS, "kind"]
    of_case = both.groupby([*keys, "case"], sort=False)["flipped"].agg(["size", "any"]).reset_index()
    cases = of_case.groupby(keys, sort=False).agg(
        n=("case", "size"), times=("size", "max"), unstable=("any", "mean")
    )
    grouped = both.groupby(keys, sort=False)
    table = grouped.agg(answers=("flipped", "size"), flipped=("flipped", "sum"), to_wrong=("to_wrong", "sum"))
    row = np.asarray(grouped.ngroup(), dtype=np.int64)
    unit = np.asarray(pd.factorize(both["unit"])[0], dtype=np.int64)
    held = 1.0 - both["flipped"].to_numpy(np.float64)
    every = np.ones(len(both), dtype=np.bool_)
    limits = miss_limit(sum_units(row, unit, every, held, len(table)))
    table = table.assign(flip_rate=limits.rate, flip_rate_hi=limits.high).join(cases)
    return table.assign(stable=1 - table["unstable"], times=table["times"] + 1).reset_index()


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    by = ["suite", "question", "model", "variant", "layout", "place"]
    table["place"] = table["kind"].map(KINDS.index)
    return table.sort_values(by, key=rank)[STABILITY]

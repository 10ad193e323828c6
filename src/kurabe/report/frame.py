"""The records of a run as a frame, a row a trial, with what the tables add up."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd

from kurabe.common.vocabulary import QUESTIONS
from kurabe.report.columns import ALL, KEYS
from kurabe.report.units import UnitKind, choose_units
from kurabe.results.record import Record

RAW = "raw"

_OF_TRIAL = [
    *KEYS, "case", "control", "swapped", "repeat", "shake", "verdict", "expected_verdict", "p_different",
    "outcome", "seconds", "threshold", "calibration", "tokens_in", "tokens_out", "cost",
]  # fmt: skip
_FLAGS = ("control", "swapped", "calibration")
_NUMBERS = ("p_different", "seconds", "threshold", "tokens_in", "tokens_out", "cost")
_FIGURES = ["found", "wanted", "matched", "claimed", "count_error", "counted", "said"]
_of_trial = attrgetter(*_OF_TRIAL)


def frame(records: Sequence[Record]) -> pd.DataFrame:
    """Return what the tables need of the records, one row a trial."""
    rows = [
        (*_of_trial(record), *_figures(record), *unit)
        for record, unit in zip(records, units_of(records), strict=True)
    ]
    made = pd.DataFrame(rows, columns=[*_OF_TRIAL, *_FIGURES, "unit_kind", "unit"])
    made = made.astype(dict.fromkeys(_FLAGS, bool) | dict.fromkeys(_NUMBERS, np.float64))
    for name, outcome in (("correct", "correct"), ("unparsed", "unparsed"), ("error", "error")):
        made[name] = made["outcome"] == outcome
    made["timed"] = ~made["error"] & made["seconds"].notna()
    made["seconds"] = made["seconds"].where(made["timed"], 0.0)
    return made


def units_of(records: Sequence[Record]) -> list[tuple[UnitKind, str]]:
    """Return of each record what its unit is and which: what intervals are taken over, suite by suite."""
    # Cases to calibrate on are a sample of their own, whatever suite they stand in.
    suites: dict[tuple[str, bool], list[Record]] = {}
    for record in records:
        suites.setdefault((record.suite, record.calibration), []).append(record)
    kinds = {sample: _kind(trials) for sample, trials in suites.items()}
    kind_of = [kinds[record.suite, record.calibration] for record in records]
    return [(kind, _unit(record, kind)) for kind, record in zip(kind_of, records, strict=True)]


def _kind(trials: Sequence[Record]) -> UnitKind:
    asked = [trial for trial in trials if not trial.control]
    return choose_units(
        [trial.reference for trial in asked],
        [trial.specimen for trial in asked],
        [_test(trial) for trial in asked],
    ).kind


def _unit(record: Record, kind: UnitKind) -> str:
    if kind == "reference":
        return record.reference
    return _test(record) if kind == "test" or record.specimen is None else record.specimen


def _test(record: Record) -> str:
    """Return the test picture's identity; runs of older formats name none, but their cases."""
    return record.test or record.case


def _figures(record: Record) -> tuple[int, int, int, int, int, int, str | None]:
    """Return found, wanted, matched, claimed, count error, counted, and what was said in short."""
    parts = record.score
    found = wanted = matched = claimed = error = counted = 0
    said: str | None = record.verdict
    if record.question == "differences":
        found, wanted = len(parts.get("found", ())), parts.get("expected", 0)
        if parts.get("matched") is not None:
            matched, claimed = parts["matched"], parts["claimed"]
    elif record.question == "count":
        said = None if parts.get("count") is None else str(parts["count"])
        if parts.get("count_error") is not None:
            error, counted = abs(parts["count_error"]), 1
    elif record.question == "choice":
        said = parts.get("choice")
    return found, wanted, matched, claimed, error, counted, said


def ordinary(trials: pd.DataFrame) -> pd.DataFrame:
    """Return the trials that enter the rates.

    Those are no identical, exchanged or changed pictures, no repeats, and no cases that a threshold was
    chosen on.
    """
    as_it_is = ~trials["control"] & ~trials["swapped"] & trials["shake"].isna()
    return trials[as_it_is & ~trials["calibration"] & (trials["repeat"] == 0)]


def with_total(trials: pd.DataFrame) -> pd.DataFrame:
    """Return the trials twice: once as those of the suite ``all``, once as those of their own."""
    return pd.concat([trials.assign(suite=ALL), trials], ignore_index=True)


def ratio(part: "pd.Series[Any]", whole: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return quotients, NaN where there is nothing to divide by."""
    return (part / whole).where(whole > 0)


def rank(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Sort key: the total before the suites, questions in the order in which they are asked."""
    if column.name == "suite":
        return column.where(column != ALL, "")
    if column.name == "question":
        return column.map({question: place for place, question in enumerate(QUESTIONS)})
    return column


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with Python values, and None instead of NaN."""
    return table.astype(object).where(table.notna(), None).reset_index(drop=True)

"""Tables of a run, from its records alone.

What enters the rates: every trial but the identical-pair controls and the trials with exchanged
pictures, which have tables of their own, so that neither adding controls nor ``--swap`` moves a
figure. An unparsed answer and a trial that ended in an error are wrong and stay in every denominator;
they are neither "called bad" nor "called good". Suite ``all`` is the total over suites.

Cells hold plain Python values, None where a figure is undefined.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kurabe.common.atomic import replacing
from kurabe.common.vocabulary import QUESTIONS
from kurabe.report import statistics as stats
from kurabe.report.columns import ALL, CONSISTENCY, CONTROLS, KEYS, LEADERBOARD, RAW_VS_PROCESSED
from kurabe.results.record import Record

RAW = "raw"

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")

_CALLS = {"same": stats.SAME, "different": stats.DIFFERENT}


def leaderboard(records: Sequence[Record]) -> pd.DataFrame:
    """Return a row for each model, variant, layout, suite and question; the best of a question first.

    Accuracy is the share of correct outcomes. Its interval is Wilson's and counts cases: repeats of a
    case are averaged, since asking again is no new evidence. Balanced accuracy with its interval, MCC,
    overkill, miss, AUROC and calibration error are of the verdict, wherever one is expected. AUROC and
    calibration error need P(different) of every trial that was answered, else they are undefined: the trials
    that happen to have one are no fair sample. Difference recall and precision add up differences
    and claims over trials; the count's mean absolute error is over the counts that could be read.
    """
    trials = _with_total(_ordinary(_frame(records)))
    if trials.empty:
        return pd.DataFrame(columns=LEADERBOARD)
    grouped = trials.groupby(KEYS, sort=False, observed=True)
    sums = grouped[_SUMMED].sum()
    table = pd.DataFrame({"n": grouped.size()})
    table["accuracy"] = sums["correct"] / table["n"]
    cases = np.asarray(grouped["case"].nunique(), dtype=np.float64)
    low, high = stats.wilson(table["accuracy"].to_numpy(np.float64) * cases, cases)
    table["accuracy_lo"], table["accuracy_hi"] = low, high
    table["difference_recall"] = _ratio(sums["found"], sums["wanted"])
    table["difference_precision"] = _ratio(sums["matched"], sums["claimed"])
    table["count_mae"] = _ratio(sums["count_error"], sums["counted"])
    table["unparsed_rate"] = sums["unparsed"] / table["n"]
    table["seconds_per_trial"] = _ratio(sums["seconds"], sums["answered"])
    judged = trials[trials["expected_verdict"].notna()]
    if judged.empty:
        table = table.assign(**dict.fromkeys(_OF_VERDICTS, np.nan))
    else:
        table = table.join(_of_verdicts(judged))
    return _plain(_best_first(table.reset_index())[LEADERBOARD])


def raw_vs_processed(records: Sequence[Record]) -> pd.DataFrame:
    """Return a row for each model, suite, question and processed variant that has raw twins.

    The unit is the case: trials are paired with the raw trial of the same case, question, model,
    layout and repeat, then layouts and repeats of a case are averaged, so that asking a case ten
    times does not make ten independent pairs of it. ``raw_only_correct`` and
    ``processed_only_correct`` count the cases that one side got right (more often), McNemar's exact
    test is on them, the interval of the delta is bootstrapped over reference pictures, and
    ``p_holm`` is adjusted over the models of a suite, question and variant.
    """
    trials = _ordinary(_frame(records))
    pair = ["model", "suite", "question", "case", "layout", "repeat"]
    raw = trials.loc[trials["variant"] == RAW, [*pair, "correct"]]
    processed = trials.loc[trials["variant"] != RAW, [*pair, "correct", "variant", "reference"]]
    paired = processed.merge(raw, on=pair, suffixes=("", "_raw"))
    if paired.empty:
        return pd.DataFrame(columns=RAW_VS_PROCESSED)
    case = ["model", "suite", "question", "variant", "case"]
    cases = paired.groupby(case, sort=False).agg(
        raw=("correct_raw", "mean"), processed=("correct", "mean"), reference=("reference", "first")
    )
    cases = _with_total(cases.reset_index())
    keys = ["model", "suite", "question", "variant"]
    rows = [dict(zip(keys, key, strict=True)) | _paired(g) for key, g in cases.groupby(keys, sort=False)]
    table = pd.DataFrame(rows)
    adjusted = table.groupby(["suite", "question", "variant"])["p_value"]
    table["p_holm"] = adjusted.transform(lambda p: stats.holm(p.tolist()))
    table = table.sort_values(["suite", "question", "variant", "model"], key=_rank)
    return _plain(table[RAW_VS_PROCESSED])


def controls(records: Sequence[Record]) -> pd.DataFrame:
    """Return how often each model called an identical pair different."""
    trials = _frame([record for record in records if record.control])
    if trials.empty:
        return pd.DataFrame(columns=CONTROLS)
    trials["called_different"] = trials["verdict"] == "different"
    grouped = trials.groupby(CONTROLS[:3], sort=True)
    table = grouped[["called_different", "unparsed"]].sum().astype(int)
    table.insert(0, "n", grouped.size())
    return _plain(table.reset_index()[CONTROLS])


def consistency(records: Sequence[Record]) -> pd.DataFrame:
    """Return how often a model answers a pair alike in both orders, and rightly in both.

    Two answers that cannot be read are not alike.
    """
    trials = _frame([record for record in records if not record.control])
    pair = ["model", "variant", "layout", "suite", "question", "case", "repeat"]
    columns = [*pair, "correct", "said"]
    swapped = trials.loc[trials["swapped"], columns]
    both = swapped.merge(trials.loc[~trials["swapped"], columns], on=pair, suffixes=("_swapped", ""))
    if both.empty:
        return pd.DataFrame(columns=CONSISTENCY)
    both["consistent"] = both["said"].notna() & (both["said"] == both["said_swapped"])
    both["both_correct"] = both["correct"] & both["correct_swapped"]
    grouped = _with_total(both).groupby(KEYS, sort=False)
    table = grouped[["consistent", "both_correct"]].mean()
    table.insert(0, "n", grouped.size())
    table = table.reset_index().sort_values(["suite", "question", "model", "variant", "layout"], key=_rank)
    return _plain(table[CONSISTENCY])


def trials(records: Sequence[Record]) -> pd.DataFrame:
    """Return the records as a flat table, one row a trial, the parts of the scores in columns of their own.

    Lists become text with semicolons between their entries.
    """
    rows = []
    for record in records:
        parts = {name: _flat(record.score.get(name)) for name in _PARTS}
        row = {name: getattr(record, name) for name in _TRIAL} | parts
        rows.append(row | {name: _flat(getattr(record, name)) or None for name in ("tags", "kinds")})
    return _plain(pd.DataFrame(rows, columns=[*_TRIAL, *_PARTS], dtype=object))


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of a run, so that they are computed once; the names are those of the files."""

    trials: pd.DataFrame
    leaderboard: pd.DataFrame
    raw_vs_processed: pd.DataFrame
    controls: pd.DataFrame
    consistency: pd.DataFrame


def make_tables(records: Sequence[Record]) -> Tables:
    """Return all tables of a run."""
    return Tables(
        trials(records),
        leaderboard(records),
        raw_vs_processed(records),
        controls(records),
        consistency(records),
    )


def write_tables(run: Sequence[Record] | Tables, folder: Path) -> list[Path]:
    """Write the tables as CSV (UTF-8), each complete or not at all.

    ``controls.csv`` and ``consistency.csv`` are written only if there is something to tell; those of
    an earlier run are removed, so that the tables of a folder always belong together.

    Args:
        run: The records of a run, or its tables.
        folder: Where to; it is made if need be.

    Returns:
        The files that were written.

    Raises:
        OSError: If the folder cannot be written to.
    """
    tables = run if isinstance(run, Tables) else make_tables(run)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in (field.name for field in fields(Tables)):
        table, path = getattr(tables, name), folder / f"{name}.csv"
        if table.empty and name in ("controls", "consistency"):
            path.unlink(missing_ok=True)
            continue
        _write_csv(table, path)
        written.append(path)
    return written


_NOT_IN_TABLE = {"score", "prompt", "boxes", "raw", "pair", "shown"}
_TRIAL = [field.name for field in fields(Record) if field.name not in _NOT_IN_TABLE]
_PARTS = [
    "found", "missed", "claimed", "matched", "count", "count_error", "choice", "hit", "forbidden", "reason",
]  # fmt: skip
_OF_TRIAL = [
    *KEYS, "case", "reference", "control", "swapped", "repeat", "verdict", "expected_verdict", "p_different",
    "outcome", "seconds",
]  # fmt: skip
_FIGURES = ["found", "wanted", "matched", "claimed", "count_error", "counted", "said"]
_SUMMED = ["correct", "unparsed", "answered", "seconds", *_FIGURES[:-1]]
_of_trial = attrgetter(*_OF_TRIAL)
_OF_VERDICTS = [
    "balanced_accuracy", "balanced_accuracy_lo", "balanced_accuracy_hi", "mcc", "overkill_rate", "miss_rate",
    "auroc", "ece",
]  # fmt: skip
_FIGURES_OF_GROUP = [name for name in _OF_VERDICTS if not name.endswith(("_lo", "_hi"))]
_RECALLS = ["good", "good_cases", "bad", "bad_cases"]


def _frame(records: Sequence[Record]) -> pd.DataFrame:
    """Return what the tables need of the records, one row a trial."""
    rows = [(*_of_trial(record), *_figures(record)) for record in records]
    frame = pd.DataFrame(rows, columns=[*_OF_TRIAL, *_FIGURES])
    frame = frame.astype({"control": bool, "swapped": bool, "p_different": np.float64})
    frame["correct"] = frame["outcome"] == "correct"
    frame["unparsed"] = frame["outcome"] == "unparsed"
    frame["answered"] = frame["outcome"] != "error"
    frame["seconds"] = frame["seconds"].where(frame["answered"], 0.0)
    return frame


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


def _ordinary(trials: pd.DataFrame) -> pd.DataFrame:
    return trials[~trials["control"] & ~trials["swapped"]]


def _with_total(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([frame.assign(suite=ALL), frame], ignore_index=True)


def _ratio(part: "pd.Series[Any]", whole: "pd.Series[Any]") -> "pd.Series[Any]":
    return (part / whole).where(whole > 0)


def _of_verdicts(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of the verdicts, a row for each group of `KEYS`."""
    truth = (judged["expected_verdict"] == "different").to_numpy()
    called = np.array([_CALLS.get(verdict, stats.UNREAD) for verdict in judged["verdict"]], dtype=np.int8)
    cases = pd.factorize(judged["case"])[0]
    answered, p = judged["answered"].to_numpy(), judged["p_different"].to_numpy()
    # By places, not by frames: cutting a frame out of another for each row takes longer than its figures.
    groups: dict[Any, Any] = judged.groupby(KEYS, sort=False, observed=True).indices
    rows = [_of_group(truth[at], called[at], cases[at], answered[at], p[at]) for at in groups.values()]
    index = pd.MultiIndex.from_tuples(list(groups), names=KEYS)
    figures = pd.DataFrame(rows, index, [*_FIGURES_OF_GROUP, *_RECALLS], dtype=np.float64)
    low, high = stats.balanced_accuracy_interval(*figures[_RECALLS].to_numpy().T)
    return figures.assign(balanced_accuracy_lo=low, balanced_accuracy_hi=high)[_OF_VERDICTS]


def _of_group(
    truth: stats.Bools,
    called: stats.Calls,
    cases: NDArray[np.int64],
    answered: stats.Bools,
    p: stats.Floats,
) -> tuple[float | None, ...]:
    p = p[answered]
    complete = bool(p.size) and not np.isnan(p).any()
    recalls = []
    for which, right in ((~truth, stats.SAME), (truth, stats.DIFFERENT)):
        recalls += [
            stats.share(int(np.count_nonzero(called[which] == right)), int(np.count_nonzero(which))),
            float(np.unique(cases[which]).size),
        ]
    return (
        stats.balanced_accuracy(truth, called),
        stats.matthews(truth, called),
        stats.overkill_rate(truth, called),
        stats.miss_rate(truth, called),
        stats.auroc(truth[answered], p) if complete else None,
        stats.calibration_error(truth[answered], p) if complete else None,
        *recalls,
    )


def _paired(cases: pd.DataFrame) -> dict[str, Any]:
    raw, processed = cases["raw"].to_numpy(np.float64), cases["processed"].to_numpy(np.float64)
    delta = processed - raw
    raw_only, processed_only = int((delta < 0).sum()), int((delta > 0).sum())
    interval = stats.cluster_interval(delta, pd.factorize(cases["reference"])[0])
    low, high = interval or (None, None)
    return {
        "n": len(cases),
        "raw_accuracy": raw.mean(),
        "processed_accuracy": processed.mean(),
        "delta": delta.mean(),
        "delta_lo": low,
        "delta_hi": high,
        "raw_only_correct": raw_only,
        "processed_only_correct": processed_only,
        "p_value": stats.mcnemar(raw_only, processed_only),
    }


def _rank(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Sort key: the total before the suites, questions in the order in which they are asked."""
    if column.name == "suite":
        return column.where(column != ALL, "")
    if column.name == "question":
        return column.map({question: rank for rank, question in enumerate(QUESTIONS)})
    return column


def _best_first(table: pd.DataFrame) -> pd.DataFrame:
    """Sort by suite and question, then by balanced accuracy, and accuracy where that is undefined."""
    table = table.assign(merit=table["balanced_accuracy"].fillna(table["accuracy"]))
    by = ["suite", "question", "merit", "accuracy", "model", "variant", "layout"]
    return table.sort_values(by, ascending=[True, True, False, False, True, True, True], key=_rank)


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with Python values, and None instead of NaN."""
    return table.astype(object).where(table.notna(), None).reset_index(drop=True)


def _flat(value: object) -> object:
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _harmless(cell: object) -> object:
    """Keep a spreadsheet from running a model's answer as a formula; numbers stay numbers.

    The full-width signs count too: Japanese editions of spreadsheets take them for the narrow ones. A
    carriage return becomes a line feed, because the writer puts quotes around that alone: a bare one would
    begin a new row, with whatever follows it as the first cell.
    """
    if not isinstance(cell, str):
        return cell
    if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        cell = "'" + cell
    return cell.replace("\r\n", "\n").replace("\r", "\n")


def read_cell(text: str) -> str:
    """Return the words of a cell as they were before they were made harmless."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    # Column by column as objects: pandas would turn whole numbers beside None into floats.
    cells = {name: pd.Series([_harmless(cell) for cell in table[name]], dtype=object) for name in table}
    with (
        replacing(path) as fresh,
        fresh.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file,
    ):
        pd.DataFrame(cells, columns=table.columns).to_csv(file, index=False, lineterminator="\n")

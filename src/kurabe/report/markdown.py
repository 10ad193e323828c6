"""A run in Markdown, for the comment on a pull request."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from kurabe.common.errors import KurabeError
from kurabe.report.columns import ALL
from kurabe.report.compare import Change, Comparison, compare
from kurabe.report.gate import COUNTED, whose
from kurabe.report.rules import BALANCED, SHIPPED, short, signed
from kurabe.report.tables import Tables
from kurabe.report.terminal_decisions import told_once
from kurabe.results.record import Record, scored
from kurabe.results.run import Run, runs_of

if TYPE_CHECKING:
    import pandas as pd

Row = dict[Any, Any]

ROWS = 40
"""Rows of a table before the rest is a number: a comment is limited to 65,536 characters."""

LISTED = 10
"""Trials that are named one by one before the rest is a number."""

_MOVED = {"balanced_accuracy": "bal. acc.", "accuracy": "accuracy", "difference_recall": "recall"}


def markdown(
    run: Run,
    records: Sequence[Record],
    tables: Tables,
    planned: int | None = None,
    notes: Sequence[str] = (),
) -> str:
    """Return a run as Markdown: leaderboard, raw against processed, and what changed since the run before.

    Args:
        run: The run.
        records: Its results.
        tables: Their tables.
        planned: Number of trials that the run set out to do, if known.
        notes: What else there is to say, a sentence each.
    """
    parts = [f"### kurabe: run {_code(run.name)}", _extent(records, planned)]
    parts.append("\n".join(f"- {_code(note)}" for note in notes))
    parts += _by_question("Leaderboard", tables.leaderboard, _LEADERBOARD)
    parts += _by_question("Raw against processed", tables.raw_vs_processed, _PAIRED)
    parts += _decisions(tables)
    found = _since(run, records)
    if found is not None:
        parts += _changes(*found)
    return "\n\n".join(part for part in parts if part) + "\n"


def _extent(records: Sequence[Record], planned: int | None) -> str:
    errors = sum(record.outcome == "error" for record in records)
    missing = max(0, (planned or 0) - len(scored(records)))
    return (
        f"{len(records)} trials"
        + (f" of {planned}: {missing} are missing, the run did not end by itself" if missing else "")
        + "."
        + (
            f"\n\n**{errors} of {len(records)} trials ended in an error and count as wrong.**"
            if errors
            else ""
        )
    )


def _since(run: Run, records: Sequence[Record]) -> tuple[str, Comparison] | None:
    """Return the newest run before this one that asked some of the same, and what changed since."""
    for earlier in reversed([each for each in runs_of(run.reports) if each.name < run.name]):
        # One that is damaged or of another format is passed over: the comment is about this run.
        try:
            compared = compare(earlier.records(), records)
        except (KurabeError, OSError):
            continue
        if compared.shared:
            return earlier.name, compared
    return None


_Columns = dict[str, Callable[[Row], str]]


def _by_question(title: str, table: "pd.DataFrame", columns: _Columns) -> list[str]:
    parts = []
    rows = [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
    for question in dict.fromkeys(row["question"] for row in rows):
        mine = [row for row in rows if row["question"] == question]
        if len({row["suite"] for row in mine} - {ALL}) == 1:  # the total would say the same
            mine = [row for row in mine if row["suite"] != ALL]
        parts += [f"#### {title}: {question}", _table(mine, columns)]
    return parts


def _decisions(tables: Tables) -> list[str]:
    """Return the operating points that were asked for, and which rows have a threshold that is off."""
    asked = tables.decisions[~tables.decisions["rule"].isin([SHIPPED, BALANCED.text])]
    parts = _by_question("Operating points, cross-fitted", asked, _POINTS)
    told = [f"- {_code(whose(gap))}: {gap['words']}" for gap in told_once(tables.gaps)]
    return [*parts, "\n".join(told)]


def _table(rows: Sequence[Row], columns: _Columns) -> str:
    cells = [[cell(row) for cell in columns.values()] for row in rows[:ROWS]]
    kept = [i for i in range(len(columns)) if any(row[i] for row in cells)]
    heads = list(columns)
    lines = [[heads[i] for i in kept], ["---" if heads[i] in _WORDS else "---:" for i in kept]]
    lines += [[row[i] or "–" for i in kept] for row in cells]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return text + (f"\n\n… and {len(rows) - ROWS} more rows" if len(rows) > ROWS else "")


def _changes(name: str, comparison: Comparison) -> list[str]:
    moved: dict[tuple[str, ...], Row] = {}
    for change in comparison.changes:
        if change.metric in _MOVED and change.row["suite"] != ALL:
            moved.setdefault(tuple(change.row.values()), dict(change.row))[change.metric] = change
    rows = [row for row in moved.values() if any(_has_moved(row.get(metric)) for metric in _MOVED)]
    columns = _WHO | {"question": lambda row: row["question"]}
    columns |= {head: lambda row, name=name: _moved(row.get(name)) for name, head in _MOVED.items()}
    parts = [
        f"#### Since run {_code(name)}",
        f"{comparison.shared} trials in both runs: {len(comparison.fixed)} fixed, "
        f"{len(comparison.broken)} broken; {len(comparison.only_old)} only in the earlier run, "
        f"{len(comparison.only_new)} only in this one.",
    ]
    if rows:
        parts.append(_table(rows, columns))
    for word, trials in (("Broken", comparison.broken), ("Fixed", comparison.fixed)):
        if trials:
            named = [f"- {word.lower()}: {_code(trial)}" for trial in trials[:LISTED]]
            more = len(trials) - LISTED
            parts.append("\n".join([*named, *([f"- {word.lower()}: and {more} more"] if more > 0 else [])]))
    return parts


def _has_moved(change: Change | None) -> bool:
    return change is not None and change.old != change.new


def _moved(change: Change | None) -> str:
    if change is None:
        return ""
    if change.delta is None:
        return f"{_figure(change.old) or 'none'} to {_figure(change.new) or 'none'}"
    return f"{_figure(change.new)} ({signed(change.delta)})" if change.delta else _figure(change.new)


def _code(text: object) -> str:
    """Return text as code, in which Markdown, HTML and @names mean nothing."""
    line = re.sub(r"\s+", " ", str(text)).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _interval(row: Row, name: str) -> str:
    """Return a figure with its interval, or with why it has none."""
    if row[name] is None:
        return ""
    low, high = row[f"{name}_lo"], row[f"{name}_hi"]
    return f"{_figure(row[name])} [" + ("too few" if low is None else f"{low:.2f}, {high:.2f}") + "]"


def _change(row: Row, name: str) -> str:
    if row[name] is None:
        return ""
    low, high = row[f"{name}_lo"], row[f"{name}_hi"]
    return f"{signed(row[name])} [" + ("too few" if low is None else f"{signed(low)}, {signed(high)}") + "]"


def _rate(row: Row, name: str) -> str:
    """Return a rate of parts with its counts and its upper limit."""
    if row[name] is None:
        return ""
    part, whole, _ = COUNTED[name]
    limit = row[f"{name}_hi"]
    at_most = "too few" if limit is None else f"max {limit:.2f}"
    return f"{_figure(row[name])} ({row[part]}/{row[whole]}, {at_most})"


def _p_value(value: float | None) -> str:
    return "" if value is None else "&lt;0.001" if value < 0.001 else f"{value:.3f}"


_WORDS = frozenset({"model", "variant", "layout", "suite", "question", "rule"})
_WHO: _Columns = {
    "model": lambda row: _code(row["model"]),
    "variant": lambda row: _code(row["variant"]),
    "suite": lambda row: _code(row["suite"]),
}
_LEADERBOARD: _Columns = {
    **_WHO,
    "layout": lambda row: row["layout"],
    "n": lambda row: str(row["n"]),
    "balanced accuracy": lambda row: _interval(row, "balanced_accuracy"),
    "miss": lambda row: _rate(row, "miss_rate"),
    "overkill": lambda row: _rate(row, "overkill_rate"),
    "recall": lambda row: _figure(row["difference_recall"]),
    "precision": lambda row: _figure(row["difference_precision"]),
    "accuracy": lambda row: _interval(row, "accuracy"),
    "count error": lambda row: _figure(row["count_mae"]),
    "unparsed": lambda row: str(row["unparsed"] or ""),
    "errors": lambda row: str(row["errors"] or ""),
    "s/trial": lambda row: "" if row["seconds_per_trial"] is None else f"{row['seconds_per_trial']:.2g}",
}
_PAIRED: _Columns = {
    **_WHO,
    "n": lambda row: str(row["n"]),
    "raw": lambda row: _figure(row["raw_balanced_accuracy"]),
    "processed": lambda row: _figure(row["processed_balanced_accuracy"]),
    "change of balanced accuracy": lambda row: _change(row, "delta_balanced_accuracy"),
    "p (Holm)": lambda row: _p_value(row["p_holm"]),
    "change of accuracy": lambda row: _change(row, "delta"),
    "only raw right": lambda row: str(row["raw_only_correct"]),
    "only processed right": lambda row: str(row["processed_only_correct"]),
}
_POINTS: _Columns = {
    **_WHO,
    "rule": lambda row: _code(row["rule"]),
    "P from": lambda row: row["needs"] or "" if row["threshold"] is None else short(row["threshold"]),
    "to": lambda row: "" if row["threshold_hi"] is None else short(row["threshold_hi"]),
    "miss": lambda row: _rate(row, "miss_rate"),
    "overkill": lambda row: _rate(row, "overkill_rate"),
    "undecided": lambda row: str(row["undecided"] or ""),
    "balanced accuracy": lambda row: _interval(row, "balanced_accuracy"),
}

"""The tables at the end of a session, for a terminal of any width, or for a log file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.console import Console

from kurabe.report.columns import ALL
from kurabe.report.compare import Comparison
from kurabe.report.gate import COUNTED
from kurabe.report.rules import signed
from kurabe.report.terminal_decisions import print_decisions
from kurabe.report.terminal_table import Column, Row, is_plain, print_table
from kurabe.results.record import Record

if TYPE_CHECKING:
    import pandas as pd

    from kurabe.report.tables import Tables

LISTED = 10
"""So many trials are named one by one before the rest is a number."""


def print_tables(
    records: Sequence[Record],
    console: Console,
    notes: Sequence[str] = (),
    tables: "Tables | None" = None,
    fewer: Mapping[str, Sequence[int]] | None = None,
    served: bool = False,
) -> None:
    """Print how many trials failed, then all tables, then the notes.

    A terminal gets lines and colour; a dumb terminal or a file gets plain ASCII. Columns in which nothing is
    defined are left out. Figures that have no room are named below their table, with the file that has them.

    Args:
        records: The trials of the run.
        console: Where to print.
        notes: Sentences to print below: models that were not run and why.
        tables: The tables of the records, if they have been made already.
        fewer: Cases asked about and cases there are, of suites that are not asked in full.
        served: Whether any model is served: what its answers took is then printed, too.
    """
    from kurabe.report.tables import make_tables

    errors = sum(record.outcome == "error" for record in records)
    if errors:
        told = f"{errors} of {len(records)} trials ended in an error; they count as wrong."
        console.print(told, style="" if is_plain(console) else "bold red", highlight=False, soft_wrap=True)
    if records:
        tables = tables or make_tables(records)
        _by_question(partial(_leaderboard, _extent(records, fewer or {})), tables.leaderboard, console)
        if served or tables.leaderboard["cost"].notna().any():
            _by_question(_taken, tables.leaderboard, console)
        _by_question(_paired, tables.raw_vs_processed, console)
        _controls(tables.controls, console)
        _by_question(_swapped, tables.consistency, console)
        _by_question(_flips, tables.stability, console)
        print_decisions(tables, console)
    for note in notes:
        console.print(note, markup=False, highlight=False, soft_wrap=True)


def print_comparison(comparison: Comparison, console: Console, violations: Sequence[str] = ()) -> None:
    """Print what got better and worse since an earlier run, then the limits that do not hold."""
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for change in comparison.changes:
        row = rows.setdefault(tuple(change.row.values()), {**change.row})
        row[change.metric] = change
    columns = [
        *_who(),
        Column("", _judgement, text=True, who=True),
        *(Column(head, partial(_changed, name)) for head, name in _COMPARED),
    ]
    for question in dict.fromkeys(row["question"] for row in rows.values()):
        moved = _one_total([row for row in rows.values() if row["question"] == question], _judgement)
        print_table(console, f"Against the earlier run, what moved: {question}", columns, moved)
    for word, trials in (("fixed", comparison.fixed), ("broken", comparison.broken)):
        for trial in trials[:LISTED]:
            console.print(f"{word}: {trial}", markup=False, highlight=False, soft_wrap=True)
        if len(trials) > LISTED:
            console.print(f"{word}: and {len(trials) - LISTED} more", highlight=False)
    console.print(
        f"{comparison.shared} trials in both runs, {len(comparison.fixed)} fixed, "
        f"{len(comparison.broken)} broken; {len(comparison.only_old)} only in the earlier run, "
        f"{len(comparison.only_new)} only in this one.",
        highlight=False,
        soft_wrap=True,
    )
    for violation in violations:
        console.print(violation, markup=False, highlight=False, soft_wrap=True, style="red")


def _by_question(
    show: Callable[[str, list[Row], Console], None], table: "pd.DataFrame", console: Console
) -> None:
    rows = table.to_dict("records")
    for question in dict.fromkeys(row["question"] for row in rows):
        show(question, [row for row in rows if row["question"] == question], console)


def _extent(records: Sequence[Record], fewer: Mapping[str, Sequence[int]]) -> str:
    """Say beside the figures of how many cases they are, where that is not all."""
    asked = {record.suite for record in records}
    told = [f"{suite}: {some} of {every} cases" for suite, (some, every) in fewer.items() if suite in asked]
    return f" ({', '.join(told)})" if told else ""


def _leaderboard(extent: str, question: str, rows: list[Row], console: Console) -> None:
    accuracy = Column("exact" if question in _COUNTED else "accuracy", partial(_interval, "accuracy"))
    balanced = Column("bal.acc", partial(_interval, "balanced_accuracy"))
    found = [_figure("recall", "difference_recall"), _figure("prec.", "difference_precision")]
    leading = {
        "verdict": [balanced, _rate("miss"), _rate("overkill")],
        "differences": [*found, accuracy],
    }.get(question, [accuracy, _figure("MAE", "count_mae")])
    columns = [
        *_who(),
        *(replace(column, leads=True) for column in leading),
        *([balanced, _rate("miss"), _rate("overkill")] if question == "differences" else []),
        _count("unparsed"),
        _count("errors"),
        *([accuracy] if question == "verdict" else []),
        _figure("AUROC", "auroc"),
        _figure("ECE", "ece"),
        _figure("MCC", "mcc"),
        Column("s/trial", lambda row: _short(row["seconds_per_trial"])),
    ]
    print_table(console, f"Leaderboard: {question}{extent}", columns, _one_total(rows), _rest("leaderboard"))


def _taken(question: str, rows: list[Row], console: Console) -> None:
    columns = [
        *_who(),
        Column("tokens in", lambda row: _amount(row["tokens_in_per_trial"])),
        Column("out", lambda row: _amount(row["tokens_out_per_trial"])),
        Column("cost/trial", lambda row: _amount(row["cost_per_trial"])),
        Column("cost", lambda row: _amount(row["cost"])),
        Column("s p50", lambda row: _short(row["latency_p50"])),
        Column("s p95", lambda row: _short(row["latency_p95"])),
    ]
    print_table(console, f"What an answer took: {question}", columns, _one_total(rows), _rest("leaderboard"))


def _amount(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _paired(question: str, rows: list[Row], console: Console) -> None:
    columns = [
        *_who(),
        _figure("raw b.acc", "raw_balanced_accuracy", "raw\nb.acc"),
        _figure("proc. b.acc", "processed_balanced_accuracy", "proc.\nb.acc"),
        Column("change", partial(_delta, "delta_balanced_accuracy"), leads=True),
        Column("p (Holm)", lambda row: _p_value(row["p_holm"]), leads=True),
        Column("p", lambda row: _p_value(row["p_value"])),
        Column("change of acc.", partial(_delta, "delta")),
        Column("only raw", lambda row: str(row["raw_only_correct"])),
        Column("only proc.", lambda row: str(row["processed_only_correct"])),
        Column("McNemar p", lambda row: _p_value(row["mcnemar_p"])),
    ]
    title = f"Raw against processed, on the same cases: {question}"
    print_table(console, title, columns, _one_total(rows), _rest("raw_vs_processed"))


def _controls(table: "pd.DataFrame", console: Console) -> None:
    columns = [
        *_who(),
        Column("called different", lambda row: str(row["called_different"]), leads=True),
        Column("unparsed", lambda row: str(row["unparsed"]), leads=True),
    ]
    print_table(console, "Controls: identical pairs", columns, table.to_dict("records"), _rest("controls"))


def _swapped(question: str, rows: list[Row], console: Console) -> None:
    columns = [
        *_who(),
        _figure("alike", "consistent", "alike"),
        _figure("both right", "both_correct", "both\nright"),
    ]
    title = f"Pictures exchanged, answered alike in both orders: {question}"
    print_table(console, title, columns, _one_total(rows), _rest("consistency"))


def _flips(question: str, rows: list[Row], console: Console) -> None:
    columns = [
        *_who(),
        Column("changed", lambda row: str(row["kind"]), text=True, who=True),
        Column("flipped", _flipped, leads=True),
        Column("right to wrong", lambda row: str(row["to_wrong"]), leads=True),
    ]
    title = f"Stability, the same part asked again: {question}"
    print_table(console, title, columns, _one_total(rows), "stability.csv")


def _flipped(row: Row) -> str:
    counts, limit = f"{row['flipped']}/{row['answers']}", _number(row["flip_rate_hi"])
    return f"{_number(row['flip_rate'])} ({counts}, max {limit})"


def _one_total(rows: Sequence[Row], keep: Callable[[Row], object] = bool) -> list[Row]:
    """Return the rows that ``keep`` wants; where there is one suite, its total says the same and goes."""
    several = len({row["suite"] for row in rows} - {ALL}) > 1
    return [row for row in rows if keep(row) and (several or row["suite"] != ALL)]


def _who() -> list[Column]:
    """Return the columns that say whose figures a row has, and of how many cases."""
    names = ["model", "variant", "layout", "suite"]
    columns = [
        Column(name, partial(_named, name), text=True, who=True, above=name in _ABOVE, spare=name == "layout")
        for name in names
    ]
    return [*columns, Column("n", lambda row: str(row.get("n", "")), who=True)]


_ABOVE = ("layout", "suite")
"""What may stand above its rows; a layout goes where every model has but one."""


def _named(name: str, row: Row) -> str:
    return str(row.get(name, ""))


def _rest(table: str) -> str:
    """Say where the columns of a table are that a terminal has no room for."""
    return f"{table}.csv and on the page"


_COUNTED = ("differences", "count")
"""Questions of which accuracy is the share of answers that are exactly right."""

_COMPARED = (
    ("bal.acc", "balanced_accuracy"),
    ("accuracy", "accuracy"),
    ("overkill", "overkill_rate"),
    ("miss", "miss_rate"),
    ("recall", "difference_recall"),
    ("prec.", "difference_precision"),
    ("MAE", "count_mae"),
    ("unparsed", "unparsed_rate"),
)


def _judgement(row: Row) -> str:
    """Say whether a row got better or worse by its leading figure; "" if nothing in it moved."""
    shown = [row[name] for _, name in _COMPARED if name in row]
    if not any(change.delta or change.old != change.new for change in shown):
        return ""
    leading = row.get("balanced_accuracy", row.get("accuracy"))
    return "worse" if leading.worse_by > 0 else "better" if leading.worse_by < 0 else "level"


def _changed(name: str, row: Row) -> str:
    if name not in row:
        return ""
    change = row[name]
    if change.delta is None:
        return f"{_number(change.old) or 'none'} to {_number(change.new) or 'none'}"
    return f"{change.new:.2f} ({signed(change.delta)})" if change.delta else f"{change.new:.2f}"


def _figure(head: str, name: str, brief: str = "") -> Column:
    """Return the column of a figure; one with a brief heading leads."""

    def cell(row: Row) -> str:
        return _number(row[name])

    return Column(head, cell, leads=bool(brief), brief=(brief, cell) if brief else None)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.2g}" if value < 10 else f"{value:.0f}"


def _p_value(value: float | None) -> str:
    return "" if value is None else "<0.001" if value < 0.001 else f"{value:.3f}"


def _interval(name: str, row: Row) -> str:
    """Return a figure with its interval, or why it has none."""
    low, high = row[f"{name}_lo"], row[f"{name}_hi"]
    if row[name] is None:
        return ""
    ends = "too few" if low is None else f"{_number(low)}, {_number(high)}"
    return f"{_number(row[name])} [{ends}]"


def _rate(name: str) -> Column:
    """Return the column of a rate of parts: the rate, its counts, and its upper limit."""
    part, whole, _ = COUNTED[f"{name}_rate"]

    def cell(row: Row) -> str:
        if row[f"{name}_rate"] is None:
            return ""
        limit = row[f"{name}_rate_hi"]
        at_most = "too few" if limit is None else f"max {_number(limit)}"
        return f"{_number(row[f'{name}_rate'])} ({row[part]}/{row[whole]}, {at_most})"

    def brief(row: Row) -> str:
        if row[f"{name}_rate"] is None:
            return ""
        return f"{_number(row[f'{name}_rate'])} ({_number(row[f'{name}_rate_hi']) or 'too few'})"

    return Column(name, cell, brief=(f"{name}\n(max)", brief))


def _count(name: str) -> Column:
    return Column(name, lambda row: str(row[name] or ""))


def _delta(name: str, row: Row) -> str:
    if row[name] is None:
        return ""
    low, high = row[f"{name}_lo"], row[f"{name}_hi"]
    ends = "too few" if low is None else f"{signed(low)}, {signed(high)}"
    return f"{signed(row[name])} [{ends}]"

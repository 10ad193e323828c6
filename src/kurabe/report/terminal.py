"""The tables at the end of a session, for a terminal of any width, or for a log file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kurabe.report.columns import ALL
from kurabe.report.compare import Comparison
from kurabe.results.record import Record

if TYPE_CHECKING:
    import pandas as pd

    from kurabe.report.tables import Tables

Row = Mapping[Any, Any]

LISTED = 10
"""So many trials are named one by one before the rest is a number."""

_PLAIN = box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
"""A line below the headings, in ASCII."""

_GAP = 2


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a printed table.

    Attributes:
        head: Its heading.
        cell: What stands in it; "" where that is undefined.
        text: True for words, which may be wrapped; figures never are.
        rank: Columns of higher rank leave first where the width is short; those of rank 0 stay.
    """

    head: str
    cell: Callable[[Row], str]
    text: bool = False
    rank: int = 0


def print_tables(
    records: Sequence[Record], console: Console, notes: Sequence[str] = (), tables: "Tables | None" = None
) -> None:
    """Print the leaderboard, raw against processed, controls and consistency, then the notes.

    A terminal gets lines and colour; a dumb terminal or a file gets plain ASCII. Columns in which
    nothing is defined are left out, and so are the secondary ones where the width does not allow them.

    Args:
        records: The trials of the run.
        console: Where to print.
        notes: Sentences to print below: models that were not run and why.
        tables: The tables of the records, if they have been made already.
    """
    from kurabe.report.tables import make_tables

    if records:
        tables = tables or make_tables(records)
        _by_question(_leaderboard, tables.leaderboard, console)
        _by_question(_paired, tables.raw_vs_processed, console)
        _controls(tables.controls, console)
        _by_question(_swapped, tables.consistency, console)
    errors = sum(record.outcome == "error" for record in records)
    if errors:
        notes = [f"{errors} of {len(records)} trials ended in an error; they count as wrong.", *notes]
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
        _Column("", _judgement, text=True),
        *(_Column(head, partial(_changed, name), rank=rank) for head, name, rank in _COMPARED),
    ]
    for question in dict.fromkeys(row["question"] for row in rows.values()):
        moved = _one_total([row for row in rows.values() if row["question"] == question], _judgement)
        _print(console, f"Against the earlier run, what moved: {question}", columns, moved)
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


def _leaderboard(question: str, rows: list[Row], console: Console) -> None:
    columns = [
        *_who(),
        _figure("bal.acc", "balanced_accuracy"),
        _Column("accuracy", lambda row: _with_interval(row, "accuracy"), rank=1),
        _figure("overkill", "overkill_rate"),
        _figure("miss", "miss_rate"),
        _figure("recall", "difference_recall", rank=2),
        _figure("prec.", "difference_precision", rank=2),
        _figure("MAE", "count_mae"),
        _figure("AUROC", "auroc", rank=4),
        _figure("ECE", "ece", rank=6),
        _figure("MCC", "mcc", rank=7),
        _figure("unparsed", "unparsed_rate", rank=3),
        _Column("s/trial", lambda row: _short(row["seconds_per_trial"]), rank=5),
    ]
    _print(console, f"Leaderboard: {question}", columns, _one_total(rows))


def _paired(question: str, rows: list[Row], console: Console) -> None:
    columns = [
        *_who(),
        _figure("raw", "raw_accuracy", rank=2),
        _figure("processed", "processed_accuracy", rank=4),
        _Column("delta", _delta),
        _Column("only raw", lambda row: str(row["raw_only_correct"]), rank=3),
        _Column("only proc.", lambda row: str(row["processed_only_correct"]), rank=3),
        _Column("p", lambda row: _p_value(row["p_value"]), rank=5),
        _Column("p (Holm)", lambda row: _p_value(row["p_holm"]), rank=1),
    ]
    _print(
        console, f"Raw against processed, accuracy on the same cases: {question}", columns, _one_total(rows)
    )


def _controls(table: "pd.DataFrame", console: Console) -> None:
    columns = [
        *_who(),
        _Column("called different", lambda row: str(row["called_different"])),
        _Column("unparsed", lambda row: str(row["unparsed"])),
    ]
    _print(console, "Controls: identical pairs", columns, table.to_dict("records"))


def _swapped(question: str, rows: list[Row], console: Console) -> None:
    columns = [*_who(), _figure("alike", "consistent"), _figure("both right", "both_correct")]
    _print(
        console, f"Pictures exchanged, answered alike in both orders: {question}", columns, _one_total(rows)
    )


def _one_total(rows: Sequence[Row], keep: Callable[[Row], object] = bool) -> list[Row]:
    """Return the rows that ``keep`` wants; where there is one suite, its total says the same and goes."""
    several = len({row["suite"] for row in rows} - {ALL}) > 1
    return [row for row in rows if keep(row) and (several or row["suite"] != ALL)]


def _print(console: Console, title: str, columns: Sequence[_Column], rows: Sequence[Row]) -> None:
    """Print one table, without the columns that are empty and those that the width has no room for."""
    if not rows:
        return
    plain = not console.is_terminal or console.is_dumb_terminal
    cells = {column.head: [column.cell(row) for row in rows] for column in columns}
    # A layout that is the same everywhere goes without saying.
    shown = [c for c in columns if any(cells[c.head]) and (c.head != "layout" or len(set(cells[c.head])) > 1)]
    while _width(shown, cells) > console.width and any(column.rank for column in shown):
        shown.remove(max(reversed(shown), key=lambda column: column.rank))
    table = Table(
        box=_PLAIN if plain else box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, _GAP - 1, 0, 0),
        header_style="" if plain else "bold",
    )
    for column in shown:
        justify: Literal["left", "right"] = "left" if column.text else "right"
        table.add_column(escape(column.head), justify=justify, overflow="fold", no_wrap=not column.text)
    for values in zip(*(cells[column.head] for column in shown), strict=True):
        table.add_row(*(escape(value) or ("-" if plain else "–") for value in values))
    console.print()
    console.print(title, style="" if plain else "bold", highlight=False)
    console.print(table)


def _width(columns: Sequence[_Column], cells: Mapping[str, Sequence[str]]) -> int:
    widest = (max(map(cell_len, [column.head, *cells[column.head]])) for column in columns)
    return sum(widest) + _GAP * (len(columns) - 1)


def _who() -> list[_Column]:
    """Return the columns that say whose figures a row has, and of how many trials or cases."""
    names = ["model", "variant", "layout", "suite"]
    columns = [_Column(name, lambda row, name=name: str(row.get(name, "")), text=True) for name in names]  # type: ignore[misc]
    return [*columns, _Column("n", lambda row: str(row.get("n", "")))]


_COMPARED = (
    ("bal.acc", "balanced_accuracy", 0),
    ("accuracy", "accuracy", 1),
    ("overkill", "overkill_rate", 2),
    ("miss", "miss_rate", 2),
    ("recall", "difference_recall", 3),
    ("prec.", "difference_precision", 3),
    ("MAE", "count_mae", 4),
    ("unparsed", "unparsed_rate", 4),
)


def _judgement(row: Row) -> str:
    """Say whether a row got better or worse by its leading figure; "" if nothing in it moved."""
    shown = [row[name] for _, name, _ in _COMPARED if name in row]
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
    return f"{change.new:.2f} ({change.delta:+.2f})" if change.delta else f"{change.new:.2f}"


def _figure(head: str, name: str, *, rank: int = 0) -> _Column:
    return _Column(head, lambda row: _number(row[name]), rank=rank)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.2g}" if value < 10 else f"{value:.0f}"


def _p_value(value: float | None) -> str:
    return "" if value is None else "<0.001" if value < 0.001 else f"{value:.3f}"


def _with_interval(row: Row, name: str) -> str:
    return f"{_number(row[name])} [{_number(row[f'{name}_lo'])}, {_number(row[f'{name}_hi'])}]"


def _delta(row: Row) -> str:
    if row["delta_lo"] is None:
        return f"{row['delta']:+.2f}"
    return f"{row['delta']:+.2f} [{row['delta_lo']:+.2f}, {row['delta_hi']:+.2f}]"

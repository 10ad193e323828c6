"""The probability of detection on a terminal."""

from typing import TYPE_CHECKING

from rich.console import Console

from kurabe.report.terminal_table import Column, Row, print_table

if TYPE_CHECKING:
    import pandas as pd


def print_pod(table: "pd.DataFrame", console: Console) -> None:
    """Print the table, then what is missing or to be taken with care, row by row."""
    rows = table.to_dict("records")
    who = [
        Column(name, lambda row, name=name: str(row[name]), text=True, who=True)  # type: ignore[misc]
        for name in ("model", "variant", "layout", "suite", "question", "kind")
    ]
    columns = [
        *who,
        Column("found", lambda row: f"{row['hits']}/{row['n']}"),
        Column("sizes", _sizes),
        *(_figure(head, name) for head, name in (("a50", "a50"), ("a90", "a90"), ("a90/95", "a90_95"))),
        Column("false alarms", lambda row: f"{row['overkilled']}/{row['n_good']}"),
    ]
    print_table(console, "Probability of detection", columns, rows)
    for row in rows:
        if row["why"]:
            name = " ".join(str(row[key]) for key in ("model", "variant", "suite", "question", "kind"))
            console.print(f"{name}: {row['why']}", markup=False, highlight=False, soft_wrap=True)


def _figure(head: str, name: str) -> Column:
    return Column(head, lambda row: "" if row[name] is None else f"{row[name]:.3g}")


def _sizes(row: Row) -> str:
    return "" if row["size_min"] is None else f"{row['size_min']:.3g} to {row['size_max']:.3g}"

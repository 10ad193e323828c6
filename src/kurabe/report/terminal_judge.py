"""A judge's agreement on a terminal."""

from typing import TYPE_CHECKING

from rich.console import Console

from kurabe.report.terminal_table import Column, Row, print_table

if TYPE_CHECKING:
    import pandas as pd


def print_judge(table: "pd.DataFrame", console: Console) -> None:
    """Print how far judge, word matcher and people agree."""
    columns = [
        *(
            Column(name, lambda row, name=name: str(row[name]), text=True, who=True)  # type: ignore[misc]
            for name in ("model", "question")
        ),
        Column("between", lambda row: f"{row['first']}, {row['second']}", text=True),
        Column("statements", lambda row: str(row["statements"])),
        Column("agree", lambda row: f"{row['agreement']:.2f}"),
        Column("kappa", _kappa),
        Column("first only", lambda row: str(row["first_only"])),
        Column("second only", lambda row: str(row["second_only"])),
        Column("unread", lambda row: str(row["unread"] or "")),
    ]
    rows = table.to_dict("records")
    if rows:
        print_table(console, f"Judge {rows[0]['judge']}: does the answer name the difference?", columns, rows)


def _kappa(row: Row) -> str:
    if row["kappa"] is None:
        return "undefined"
    return f"{row['kappa']:.2f} [{row['kappa_lo']:.2f}, {row['kappa_hi']:.2f}]"

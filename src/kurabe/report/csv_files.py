"""Tables as CSV files: whole or not at all, and harmless to spreadsheets."""

import re
from pathlib import Path

import pandas as pd

from kurabe.common.atomic import replacing

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def write_csv(table: pd.DataFrame, path: Path, *, bom: bool = False) -> None:
    """Write a table in UTF-8; with a byte order mark if that is asked for.

    Raises:
        OSError: If it cannot be written; an earlier file is then as it was.
    """
    # Column by column as objects: pandas would turn whole numbers beside None into floats.
    cells = {name: pd.Series([_harmless(cell) for cell in table[name]], dtype=object) for name in table}
    with (
        replacing(path) as fresh,
        fresh.open(
            "w", encoding="utf-8-sig" if bom else "utf-8", errors="backslashreplace", newline=""
        ) as file,
    ):
        pd.DataFrame(cells, columns=table.columns).to_csv(file, index=False, lineterminator="\n")


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

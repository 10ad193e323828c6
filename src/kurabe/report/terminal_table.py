"""Tables on a terminal of any width, or in a log file: what does not fit goes into a second table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kurabe.common.text import printable

Row = Mapping[Any, Any]

_PLAIN = box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
"""A line below the headings, in ASCII."""

_GAP = 2


class Terminal(Console):
    """A console that shows control characters of texts instead of obeying them."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as rich does; tables take care of their own cells."""
        super().print(*(printable(each) if isinstance(each, str) else each for each in objects), **options)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a printed table.

    Attributes:
        head: Its heading.
        cell: What stands in it; "" where that is undefined.
        text: True for words, which may be wrapped; figures never are.
        who: True if it says whose figures a row has; such columns stand in each part of a table.
    """

    head: str
    cell: Callable[[Row], str]
    text: bool = False
    who: bool = False


def print_table(console: Console, title: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """Print one table without the columns that are empty; in parts where the width has no room for all.

    Args:
        console: Where to print; its width counts.
        title: Stands above; parts after the first are called "(continued)".
        columns: In the order of importance.
        rows: The rows; without any, nothing is printed.
    """
    if not rows:
        return
    cells = {column.head: [column.cell(row) for row in rows] for column in columns}
    # A layout that is the same everywhere goes without saying.
    shown = [c for c in columns if any(cells[c.head]) and (c.head != "layout" or len(set(cells[c.head])) > 1)]
    for number, part in enumerate(_parts(shown, cells, console.width)):
        _print(console, title + " (continued)" * bool(number), part, cells)


def is_plain(console: Console) -> bool:
    """Say whether a console takes ASCII only: a file, a pipe, a dumb terminal."""
    return not console.is_terminal or console.is_dumb_terminal


def _parts(columns: Sequence[Column], cells: Mapping[str, Sequence[str]], width: int) -> list[list[Column]]:
    """Cut the columns into tables that fit, each with the columns that say whose figures they are."""
    who = [column for column in columns if column.who]
    parts = [[*who]]
    for column in columns:
        if column.who:
            continue
        if len(parts[-1]) > len(who) and _width([*parts[-1], column], cells) > width:
            parts.append([*who])
        parts[-1].append(column)
    return parts


def _print(
    console: Console, title: str, columns: Sequence[Column], cells: Mapping[str, Sequence[str]]
) -> None:
    plain = is_plain(console)
    table = Table(
        box=_PLAIN if plain else box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, _GAP - 1, 0, 0),
        header_style="" if plain else "bold",
    )
    for column in columns:
        justify: Literal["left", "right"] = "left" if column.text else "right"
        table.add_column(escape(column.head), justify=justify, overflow="fold", no_wrap=not column.text)
    for values in zip(*(cells[column.head] for column in columns), strict=True):
        table.add_row(*(escape(printable(value)) or ("-" if plain else "–") for value in values))
    console.print()
    console.print(title, style="" if plain else "bold", highlight=False)
    console.print(table)


def _width(columns: Sequence[Column], cells: Mapping[str, Sequence[str]]) -> int:
    widest = (max(map(cell_len, [column.head, *cells[column.head]])) for column in columns)
    return sum(widest) + _GAP * (len(columns) - 1)

"""Tables on a terminal of any width, or in a log file: what leads is always there, in one piece."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kurabe.common.text import printable
from kurabe.common.vocabulary import Language
from kurabe.report.speech import Speech, speech_for

Row = Mapping[Any, Any]

_PLAIN = box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
"""A line below the headings, in ASCII."""

_GAP = 2

_NAMES = (24, 16, 10)
"""Columns that names keep at least: rather short figures than names in many lines."""

_INDENT = "  "
"""Stands before the second and later lines of a name, so that they are not taken for names."""

_BROKEN = "\\"
"""Stands where a name is broken inside a word, as in a shell."""

_WORDS = re.compile(r"[^-_/.:+\s]*[-_/.:+\s]*")


class Terminal(Console):
    """A console that shows control characters of texts instead of obeying them, and speaks a language.

    Sentences are given to it in English. Where its file cannot hold Japanese, it speaks English.
    """

    def __init__(self, *, lang: Language = "en", **options: Any) -> None:
        """Take the language, and what else rich's console takes."""
        super().__init__(**options)
        self.says = speech_for(self.file, lang)

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as rich does; tables take care of their own cells."""
        told = (printable(self.says(each)) if isinstance(each, str) else each for each in objects)
        super().print(*told, **options)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a printed table.

    Attributes:
        head: Its heading.
        cell: What stands in it; "" where that is undefined.
        text: True for words, which may be wrapped; figures never are.
        who: True if it says whose figures a row has; such columns stand in each part of a table.
        above: True if, where the room is short, its values stand above their rows and not in a column.
        spare: True if, where the room is short, it may be left out if rows can be told apart without it.
        leads: True for a figure for which names are wrapped and other figures left out.
        brief: A shorter heading and cell for where the room is short; the heading may have two lines.
    """

    head: str
    cell: Callable[[Row], str]
    text: bool = False
    who: bool = False
    above: bool = False
    spare: bool = False
    leads: bool = False
    brief: tuple[str, Callable[[Row], str]] | None = None


@dataclass(frozen=True, slots=True)
class _Shown:
    """A column with its cells as text, and the room that they take."""

    column: Column
    head: str
    cells: tuple[str, ...]
    width: int

    @classmethod
    def of(cls, column: Column, rows: Sequence[Row], *, brief: bool = False) -> "_Shown":
        head, cell = column.brief if brief and column.brief else (column.head, column.cell)
        cells = tuple(printable(cell(row)) for row in rows)
        lines = [line for text in (head, *cells) for line in text.split("\n")]
        return cls(column, head, cells, max(map(cell_len, lines)))

    def within(self, width: int) -> "_Shown":
        """Return the same with its texts wrapped, if that is needed."""
        if self.width <= width:
            return self
        cells = tuple("\n".join(fold(cell, width)) for cell in self.cells)
        return _Shown(self.column, self.head, cells, width)


def print_table(
    console: Console, title: str, columns: Sequence[Column], rows: Sequence[Row], rest: str = ""
) -> None:
    """Print one table without the columns that are empty.

    Where the width has no room for all: what stands `above`, short cells and wrapped names make room for the
    figures that lead. The others follow as far as there is room, the first first.

    Args:
        console: Where to print; its width counts.
        title: Stands above; parts after the first are called "(continued)".
        columns: In the order of importance.
        rows: The rows; without any, nothing is printed.
        rest: Where figures that have no room are, for a line that names them; if "", they come as more parts.
    """
    if not rows:
        return
    there = [column for column in columns if _has(column, rows)]
    if isinstance(console, Terminal):
        there = [_said(column, console.says) for column in there]
    who, left = [c for c in there if c.who], [c for c in there if not c.who]
    spared: list[Column] = []
    first = True
    while first or (left and not rest):
        named, figures, groups, spared = _fit(who, left, rows, console.width)
        _print(console, title + " (continued)" * (not first), [*named, *figures], groups)
        left = left[len(figures) :]
        first = False
    if rest and (left or spared):
        names = ", ".join(column.head for column in (*spared, *left))
        told = f"Not shown at {console.width} columns: {names}. They are in {rest}."
        console.print(told, markup=False, highlight=False)


def _said(column: Column, says: Speech) -> Column:
    """Return a column as it is called, and as its cells read, in a language."""
    say = says.name if column.who else says.figure

    def told(head: str, cell: Callable[[Row], str]) -> tuple[str, Callable[[Row], str]]:
        return says.head(head), lambda row: say(column.head, cell(row))

    head, cell = told(column.head, column.cell)
    return replace(column, head=head, cell=cell, brief=column.brief and told(*column.brief))


def is_plain(console: Console) -> bool:
    """Say whether a console takes ASCII only: a file, a pipe, a dumb terminal."""
    return not console.is_terminal or console.is_dumb_terminal


def fold(name: str, width: int) -> list[str]:
    """Return a name in lines of a width: broken behind its signs, inside a word only with a sign of its own.

    Lines after the first are indented.
    """
    lines, line = [], ""
    for word in filter(None, _WORDS.findall(name)):
        if line.strip() and cell_len(line + word.rstrip()) > width:
            lines.append(line.rstrip())
            line = _INDENT
        line += word
        while cell_len(line.rstrip()) > width:
            fits = _fitting(line, width - cell_len(_BROKEN))
            lines.append(line[:fits] + _BROKEN)
            line = _INDENT + line[fits:]
    return [*lines, line.rstrip()]


def _fitting(text: str, width: int) -> int:
    """Return how many characters fit: at least one besides the indent."""
    least = 1 + len(_INDENT) * text.startswith(_INDENT)
    return next((n for n in range(len(text), least, -1) if cell_len(text[:n]) <= width), least)


def _has(column: Column, rows: Sequence[Row]) -> bool:
    cells = {column.cell(row) for row in rows}
    # A layout that is the same everywhere goes without saying.
    return any(cells) and (column.head != "layout" or len(cells) > 1)


_Groups = list[tuple[str, list[int]]]
"""What stands above rows, and which rows those are."""


def _fit(
    who: Sequence[Column], figures: Sequence[Column], rows: Sequence[Row], width: int
) -> tuple[list[_Shown], list[_Shown], _Groups, list[Column]]:
    """Return the columns that fit, the rows in groups, and which of ``who`` are left out.

    It is the plainest way in which what leads is there.
    """
    leading = max(1, next((n for n, column in enumerate(figures) if not column.leads), len(figures)))
    named = [_Shown.of(column, rows) for column in who]
    full = [_Shown.of(column, rows) for column in figures]
    if _width([*named, *full[:leading]]) <= width:
        return named, _as_many(named, full, width), [("", list(range(len(rows))))], []
    named = [_Shown.of(column, rows) for column in who if not column.above]
    spared = [column for column in who if column.spare and _differ([c for c in who if c is not column], rows)]
    groups = _groups([column for column in who if column.above and column not in spared], rows)
    brief = [_Shown.of(column, rows, brief=True) for column in figures]
    for led in range(leading, 0, -1):
        for least in _NAMES:
            for shown in (full, brief):
                narrow = _narrowed(named, width - _width(shown[:led]) - _GAP, least)
                if _width([*narrow, *shown[:led]]) <= width:
                    return narrow, _as_many(narrow, shown, width), groups, spared
    narrow = _narrowed(named, width - _width(brief[:1]) - _GAP, 1)
    return narrow, _as_many(narrow, brief, width), groups, spared


def _as_many(named: Sequence[_Shown], figures: Sequence[_Shown], width: int) -> list[_Shown]:
    """Return the first figures, as many as fit, one at least."""
    fitting = [n for n in range(1, len(figures) + 1) if _width([*named, *figures[:n]]) <= width]
    return list(figures[: max(fitting, default=1)])


def _narrowed(named: Sequence[_Shown], room: int, least: int) -> list[_Shown]:
    """Wrap names until they have room; the widest give way first, none below a least width."""
    widths = [shown.width for shown in named]
    gaps = _GAP * (len(named) - 1)
    while sum(widths) + gaps > room:
        place = max(
            (n for n, shown in enumerate(named) if shown.column.text), key=widths.__getitem__, default=None
        )
        if place is None or widths[place] <= least:
            break
        widths[place] -= 1
    return [shown.within(width) for shown, width in zip(named, widths, strict=True)]


def _differ(who: Sequence[Column], rows: Sequence[Row]) -> bool:
    return len({tuple(column.cell(row) for column in who) for row in rows}) == len(rows)


def _groups(above: Sequence[Column], rows: Sequence[Row]) -> _Groups:
    groups: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        said = ", ".join(f"{column.head}: {column.cell(row)}" for column in above)
        groups.setdefault(said, []).append(place)
    return list(groups.items())


def _print(console: Console, title: str, columns: Sequence[_Shown], groups: _Groups) -> None:
    plain = is_plain(console)
    console.print()
    console.print(title, style="" if plain else "bold", markup=False, highlight=False)
    for number, (said, places) in enumerate(groups):
        if said and number:
            console.print()
        if said:
            console.print(said, markup=False, highlight=False)
        table = Table(
            box=_PLAIN if plain else box.SIMPLE_HEAD,
            show_edge=False,
            pad_edge=False,
            padding=(0, _GAP - 1, 0, 0),
            header_style="" if plain else "bold",
            show_header=not number,
        )
        for shown in columns:
            justify: Literal["left", "right"] = "left" if shown.column.text else "right"
            table.add_column(
                escape(shown.head), justify=justify, overflow="fold", no_wrap=True, min_width=shown.width
            )
        for place in places:
            values = (shown.cells[place] for shown in columns)
            table.add_row(*(escape(value) or ("-" if plain else "–") for value in values))
        console.print(table)


def _width(columns: Sequence[_Shown]) -> int:
    return sum(column.width for column in columns) + _GAP * (len(columns) - 1)

"""Tables of image pairs: CSV rows become checked values."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from kurabe.authoring.import_files import decoded
from kurabe.authoring.labels import Labels
from kurabe.common.errors import CaseError, Problem, did_you_mean
from kurabe.common.paths import located
from kurabe.common.vocabulary import Relation, Verdict

REQUIRED = ("id", "before", "after", "label")
"""The columns without which there is no case; without the others, what they would tell is unknown."""

_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Boxed:
    """Left, top, right, bottom in pixels of ``after``, and the kind of difference if the table tells it."""

    edges: tuple[float, ...]
    kind: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row whose cells could be read.

    Attributes:
        line: Where it begins in the table, counted from 1.
        id: Id of the case.
        before: The reference picture.
        after: The test picture.
        label: The verdict.
        relation: How the two belong together.
        family: Product or scene; "" if the table does not tell.
        kinds: Kinds of the differences; None if unknown.
        boxes: Where the differences are; None if unknown.
        count: Number of differences; None if unknown.
    """

    line: int
    id: str
    before: Path
    after: Path
    label: Verdict
    relation: Relation
    family: str
    kinds: tuple[str, ...] | None
    boxes: tuple[Boxed, ...] | None
    count: int | None


def read_table(table: Path, relation: Relation, labels: Labels) -> Iterator[Row | Problem]:
    """Read a table of pairs, row by row.

    Args:
        table: The CSV file, in UTF-8, UTF-16 or Shift-JIS; separated by commas, semicolons or tabs.
        relation: Relation of the rows that name none.
        labels: Which labels mean good, and which bad.

    Yields:
        The rows that can be read, and what is wrong with the others.

    Raises:
        KurabeError: If the file cannot be read.
        CaseError: If it is no CSV, lacks a column that is needed, or has no rows.
    """
    reader = _opened(table)
    header = _header(table, reader)
    seen: dict[str, int] = {}
    empty = True
    try:
        for line, values in _rows(reader):
            empty = False
            cells = dict(zip(header, values, strict=False))
            name = cells.get("id", "").strip()
            row = _Reader(cells, table.parent, relation, labels)
            if len(values) != len(header):
                what = f"there are {len(values)} cells, and {len(header)} in the header"
                told = [f"{what}: quote cells that hold a separator"]
            else:
                made = row.row(line)
                told = row.problems
                if name and seen.setdefault(name, line) != line:
                    told.append(f"the id {name!r} stands twice, first in line {seen[name]}: ids are unique")
                if made is not None and not told:
                    yield made
            where = f"case {name}" if name else "row"
            yield from (Problem(what, table, line, where) for what in told)
    except csv.Error as error:
        raise CaseError([Problem(f"is not CSV: {error}", table, reader.line_num)]) from error
    if empty:
        raise CaseError([Problem("there are no rows below the header", table)])


def _opened(table: Path) -> Any:
    text = decoded(table)
    first = text.split("\n", 1)[0].rstrip("\r")
    # Excel is told of the separator by a line before the header.
    named = first.strip('"')[-1] if re.fullmatch(r'"?sep=[,;\t|]"?', first, re.IGNORECASE) else ""
    delimiter = named or max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    if named:
        next(reader)
    return reader


def _header(table: Path, reader: Any) -> list[str]:
    """Return the names of the columns, in lower case."""
    try:
        header = [cell.strip().casefold() for cell in next(reader, [])]
    except csv.Error as error:
        raise CaseError([Problem(f"is not CSV: {error}", table, reader.line_num)]) from error
    _check_header(table, header)
    return header


def _rows(reader: Any) -> Iterator[tuple[int, list[str]]]:
    end = reader.line_num
    for values in reader:
        line, end = end + 1, reader.line_num
        if any(value.strip() for value in values):
            yield line, values


def _check_header(table: Path, header: Sequence[str]) -> None:
    missing = [column for column in REQUIRED if column not in header]
    if missing:
        near = did_you_mean(missing[0], header)
        what = f"the column {missing[0]!r} is missing{near} (needed: {', '.join(REQUIRED)})"
        raise CaseError([Problem(what, table, 1)])
    double = sorted({column for column in header if column and header.count(column) > 1})
    if double:
        raise CaseError([Problem(f"the column {double[0]!r} stands twice", table, 1)])


def _not_json(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


class _Reader:
    """Reads the cells of one row; ``problems`` has what is wrong with any of them."""

    def __init__(self, cells: dict[str, str], folder: Path, relation: Relation, labels: Labels) -> None:
        self._labels = labels
        self._cells = {name: cell.strip() for name, cell in cells.items()}
        self._folder = folder
        self._relation = relation
        self.problems: list[str] = []

    def row(self, line: int) -> Row | None:
        """Return the row, or None if anything is wrong with it."""
        for name in REQUIRED:
            if not self._cells[name]:
                self.problems.append(f"the cell {name!r} is empty")
        label = self._verdict()
        relation = self._one_of("pair_type", get_args(Relation), self._relation)
        kinds, boxes, count = self._kinds(), self._boxes(), self._count()
        if self.problems:
            return None
        before, after = (located(self._folder, self._cells[name]) for name in ("before", "after"))
        family = self._cells.get("family", "")
        return Row(line, self._cells["id"], before, after, label, relation, family, kinds, boxes, count)

    def _verdict(self) -> Verdict:
        cell = self._cells["label"]
        good = self._labels.is_good(cell)
        if good is None and cell:
            self.problems.append(
                f"the label {cell!r} is unknown: write same or different (or OK, NG, 良品, 不良品, 0, 1), "
                "or say what it means with --ok or --ng"
            )
        return "same" if good else "different"

    def _one_of(self, name: str, allowed: tuple[Any, ...], absent: str) -> Any:
        cell = self._cells.get(name, "")
        word = cell.casefold() or absent
        if word and word not in allowed:
            self.problems.append(f"the {name} {cell!r} is unknown: write {' or '.join(allowed)}")
        return word

    def _json(self, name: str) -> list[Any] | None:
        cell = self._cells.get(name, "")
        try:
            value = json.loads(cell or "null", parse_constant=_not_json)
        except (ValueError, RecursionError) as error:
            self.problems.append(f"{name}: not JSON: {error}")
            return None
        if value is not None and not isinstance(value, list):
            self.problems.append(f"{name}: a JSON list is meant, or null where it is unknown, not {cell!r}")
            return None
        return value

    def _kinds(self) -> tuple[str, ...] | None:
        kinds = self._json("kinds")
        if kinds is None:
            return None
        if not all(isinstance(kind, str) and kind.strip() for kind in kinds):
            self.problems.append(f"kinds: a list of words is meant, not {json.dumps(kinds)}")
        return tuple(map(str, kinds))

    def _boxes(self) -> tuple[Boxed, ...] | None:
        listed = self._json("boxes")
        if listed is None:
            return None
        boxes = []
        for box in listed:
            edges = box[:4] if isinstance(box, list) and len(box) in (4, 5) else []
            kind = box[4] if edges and len(box) == 5 else None
            numbers = len(edges) == 4 and all(type(edge) in (int, float) for edge in edges)
            if not numbers or not (kind is None or (isinstance(kind, str) and kind.strip())):
                what = f"boxes: a box is [left, top, right, bottom, kind], not {json.dumps(box)}"
                self.problems.append(what)
            else:
                boxes.append(Boxed(tuple(edges), kind))
        return tuple(boxes)

    def _count(self) -> int | None:
        cell = self._cells.get("n_differences", "")
        if cell.casefold() in ("", "null"):
            return None
        # Spreadsheets and data frames write 3.0 where some cells of the column are empty.
        if not re.fullmatch(r"\d+(\.0+)?", cell):
            self.problems.append(
                f"n_differences: a whole number is meant, or nothing where it is unknown, not {cell!r}"
            )
            return None
        return int(cell.split(".")[0])

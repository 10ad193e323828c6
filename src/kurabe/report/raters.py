"""``raters.csv``: what people said of the cases, beside what models said."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kurabe.common.errors import CaseError, KurabeError, Problem, did_you_mean

FILE = "raters.csv"
"""Where it lies: in the folder of the suites."""

_COLUMNS = {
    "rater": ("rater", "appraiser", "inspector", "判定者", "検査員"),
    "case": ("case", "ケース"),
    "trial": ("trial", "回", "試行"),
    "verdict": ("verdict", "判定"),
}
_BAD = {
    "different",
    "bad",
    "ng",
    "n.g.",
    "fail",
    "failed",
    "reject",
    "defective",
    "不良",
    "不良品",
    "不合格",
    "違う",
}
_GOOD = {"same", "good", "ok", "o.k.", "pass", "passed", "accept", "良", "良品", "合格", "同じ"}
_UNDECIDED = {"", "?", "undecided", "unsure", "保留", "不明"}


@dataclass(frozen=True, slots=True)
class Call:
    """One verdict of a person.

    Attributes:
        rater: Who judged.
        case: ``suite/id``.
        trial: Which time, from 1.
        bad: Whether the part was called bad; None if the rater could not decide.
        line: Line in the file.
    """

    rater: str
    case: str
    trial: int
    bad: bool | None
    line: int


def read_raters(path: Path, cases: Collection[str], models: Collection[str] = ()) -> list[Call]:
    """Read what people said.

    The file may be UTF-8, UTF-16 with a byte order mark, or Shift-JIS, as spreadsheets write it, separated by
    commas, semicolons or tabs.

    Args:
        path: The file.
        cases: The cases that may be named: ``suite/id``, or ``id`` alone where no other suite has it.
        models: Names that no person may have.

    Raises:
        KurabeError: If the file cannot be read.
        CaseError: With the line of everything that is wrong.
    """
    reader = csv.reader(io.StringIO(text_of(path), newline=""), delimiter=delimiter_of(path), strict=True)
    try:
        places = _places(path, [cell.strip().casefold() for cell in next(reader, [])])
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise CaseError([Problem(f"is not CSV: {error}", path, reader.line_num)]) from error
    problems: list[Problem] = []
    calls: list[Call] = []
    seen: dict[tuple[str, str, int], int] = {}
    known = _by_short_name(cases)
    for line, row in rows:
        try:
            call = _call(line, {name: row[at].strip() for name, at in places.items()}, known, models)
            first = seen.setdefault((call.rater, call.case, call.trial), line)
            if first != line:
                raise ValueError(f"{call.rater} judges {call.case} a {call.trial}. time, as in line {first}")
            calls.append(call)
        except IndexError:
            problems.append(Problem(f"there are {len(row)} cells only", path, line))
        except ValueError as error:
            problems.append(Problem(str(error), path, line))
    if problems:
        raise CaseError(problems)
    if not calls:
        raise CaseError([Problem("there are no rows below the header", path)])
    return calls


def text_of(path: Path) -> str:
    """Return a table's text, in whatever encoding spreadsheets write it."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise KurabeError(f"{path}: there is no such file") from None
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise KurabeError(f"{path}: is neither UTF-8 nor Shift-JIS: save the table as 'CSV UTF-8'")


def delimiter_of(path: Path) -> str:
    """Return what separates a table's cells."""
    return max(",;\t", key=text_of(path).split("\n", 1)[0].count)


def _places(path: Path, header: list[str]) -> dict[str, int]:
    found = {
        name: next(header.index(word) for word in words if word in header)
        for name, words in _COLUMNS.items()
        if any(word in header for word in words)
    }
    if missing := [name for name in _COLUMNS if name not in found]:
        near = did_you_mean(missing[0], header)
        what = f"the column {missing[0]!r} is missing{near} (needed: {', '.join(_COLUMNS)})"
        raise CaseError([Problem(what, path, 1)])
    return found


def _by_short_name(cases: Collection[str]) -> Mapping[str, list[str]]:
    known: dict[str, list[str]] = {}
    for case in dict.fromkeys(cases):
        for name in (case, case.partition("/")[2]):
            known.setdefault(name, []).append(case)
    return known


def _call(
    line: int, cells: Mapping[str, str], known: Mapping[str, list[str]], models: Collection[str]
) -> Call:
    rater, name, verdict = cells["rater"], cells["case"], cells["verdict"].casefold()
    if not rater:
        raise ValueError("the rater is empty")
    if rater in models:
        raise ValueError(f"the rater {rater!r} has the name of a model: choose another")
    named = known.get(name, [])
    if len(named) > 1:
        raise ValueError(f"the case {name!r} is in several suites: write {' or '.join(named)}")
    if not named:
        raise ValueError(f"there is no case {name!r}{did_you_mean(name, known)}")
    if not cells["trial"].isdecimal() or int(cells["trial"]) < 1:
        raise ValueError(f"trial: a number from 1 is meant, not {cells['trial']!r}")
    if verdict not in _BAD | _GOOD | _UNDECIDED:
        raise ValueError(
            f"the verdict {cells['verdict']!r} is unknown: write same (good, ok, 良) or different (bad, ng, "
            "不良), or nothing if the rater could not decide"
        )
    bad = None if verdict in _UNDECIDED else verdict in _BAD
    return Call(rater, named[0], int(cells["trial"]), bad, line)


def in_order(calls: list[Call]) -> Iterator[Call]:
    """Return calls by case and trial."""
    yield from sorted(calls, key=lambda call: (call.case, call.trial))

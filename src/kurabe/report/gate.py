"""Gates: what a leaderboard must hold for a run to pass, as ``suite=connector miss_rate <= 0.05``."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from kurabe.report.columns import ALL, FIGURES, KEYS, ONLY_OF, known

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[Any, Any]

_HOLDS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_CONDITION = re.compile(
    r"(?P<column>\w+)\s*(?P<sign>>=|<=|==|!=|>|<)\s*(?P<bound>[+-]?(?:\d+\.?\d*|\.\d+))\s*(?P<percent>%?)(?!\S)"
)
_SELECTOR = re.compile(
    r"""(?P<name>\w+)=(?:"(?P<double>[^"]+)"|'(?P<single>[^']+)'|(?P<bare>[^\s"'=<>]+))(?!\S)"""
)

COUNTED = {"miss_rate": ("missed", "n_bad", "bad"), "overkill_rate": ("overkilled", "n_good", "good")}
"""Rates of parts: the column of the parts counted, that of all such parts, and what they are called."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A column, how it is compared, and with what."""

    column: str
    sign: str
    bound: float

    def holds(self, row: Row) -> bool:
        """Say whether a row meets this; a figure that is undefined does not."""
        value = row[self.column]
        return value is not None and _HOLDS[self.sign](value, self.bound)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a gate.

    Attributes:
        holds: Whether every selected row meets every condition.
        lines: What to print: one line if it holds, else one for each row that does not.
    """

    holds: bool
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """Conditions on the rows of the leaderboard.

    Attributes:
        text: The expression as the user wrote it.
        conditions: All must be met.
        selectors: Which rows are meant: column → pattern. Suite ``all`` unless stated.
    """

    text: str
    conditions: tuple[Condition, ...]
    selectors: Mapping[str, str]

    @property
    def allows_errors(self) -> bool:
        """Whether a condition is about errors, so that some are allowed."""
        return any(condition.column == "errors" for condition in self.conditions)

    def check(self, leaderboard: "pd.DataFrame") -> Checked:
        """Look at the leaderboard.

        Every selected row must meet every condition. A figure that is undefined does not, and neither does a
        gate without rows: a condition that was never looked at is not met. A row with errors does not pass
        unless a condition is about ``errors``. Rows of questions that a column has no meaning for are passed
        over unless the gate names the question.
        """
        rows = [row for row in leaderboard.to_dict("records") if self._selects(row)]
        if not rows:
            return Checked(False, (f"gate '{self.text}' does not hold: no row of the leaderboard is meant",))
        failed = [sentence for row in rows for sentence in self._violations(row)]
        if failed:
            return Checked(False, tuple(failed))
        count = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
        found = "; ".join(self._nearest(condition, rows) for condition in self.conditions)
        return Checked(True, (f"gate '{self.text}' holds for {count}: {found}",))

    def _selects(self, row: Row) -> bool:
        if "question" not in self.selectors:
            for condition in self.conditions:
                if row["question"] not in ONLY_OF.get(condition.column, (row["question"],)):
                    return False
        return all(fnmatchcase(str(row[name]), pattern) for name, pattern in self.selectors.items())

    def _violations(self, row: Row) -> list[str]:
        found = [
            f"gate '{self.text}' does not hold: {_evidence(condition, row)} for {whose(row)}"
            for condition in self.conditions
            if not condition.holds(row)
        ]
        errors = row["errors"]
        if errors and not self.allows_errors:
            trials = "1 trial" if errors == 1 else f"{errors} trials"
            found.append(
                f"gate '{self.text}' does not hold: {trials} ended in an error for {whose(row)}; "
                f"add 'errors <= {errors}' to allow that"
            )
        return found

    def _nearest(self, condition: Condition, rows: Sequence[Row]) -> str:
        """Return the evidence of the row that comes nearest to not meeting a condition."""
        upward = condition.sign in ("<=", "<")
        row = (max if upward else min)(rows, key=lambda row: float(row[condition.column]))
        where = f" for {whose(row)}" if len(rows) > 1 else ""
        return _evidence(condition, row) + where + _doubt(condition, row)


def _evidence(condition: Condition, row: Row) -> str:
    """Return a row's figure with what it rests on."""
    value = row[condition.column]
    found = "undefined" if value is None else f"{value:.4g}"
    if value is None or condition.column not in COUNTED:
        return f"{condition.column} is {found}"
    part, whole, called = COUNTED[condition.column]
    limit = row[f"{condition.column}_hi"]
    bound = "too few parts for a limit" if limit is None else f"at most {limit:.2f} with 95 % confidence"
    return f"{condition.column} is {found} ({row[part]} of {row[whole]} {called} parts; {bound})"


def _doubt(condition: Condition, row: Row) -> str:
    """Say that a bare rate holds in this sample only; "" where its limit holds, too."""
    if condition.column not in COUNTED or condition.sign not in ("<=", "<") or not 0 < condition.bound < 1:
        return ""
    limit = row[f"{condition.column}_hi"]
    if limit is not None and _HOLDS[condition.sign](limit, condition.bound):
        return ""
    from kurabe.report.sample_size import parts_needed  # it imports scipy, which reading a gate does not need

    part, _, called = COUNTED[condition.column]
    return (
        f". This sample does not prove it: {parts_needed(condition.bound)} {called} parts with none {part} "
        f"would, if parts are independent; gate on {condition.column}_hi to demand proof"
    )


def parse_gate(text: str, figures: Sequence[str] = FIGURES) -> Gate:
    """Read a gate: clauses joined by spaces, at least one of them a column, a comparison and a number.

    Selectors are ``model=pixel-diff suite=connector question=verdict variant=raw layout=stacked``; their
    values are patterns (``*``, ``?``, ``[…]``). A number may be a percentage: ``miss_rate <= 5%``.

    Args:
        text: The gate.
        figures: Columns that it may look at; the leaderboard's by default.

    Raises:
        ValueError: If it cannot be read; an unknown column comes with the nearest one.
    """
    selectors = {"suite": ALL}
    conditions = []
    place, end = 0, len(text)
    while place < end:
        if text[place].isspace():
            place += 1
        elif match := _CONDITION.match(text, place):
            bound = float(match["bound"]) / (100 if match["percent"] else 1)
            conditions.append(Condition(known(match["column"], figures), match["sign"], bound))
            place = match.end()
        elif match := _SELECTOR.match(text, place):
            selectors[known(match["name"], KEYS)] = match["double"] or match["single"] or match["bare"]
            place = match.end()
        else:
            break
    if place < end or not conditions:
        at = f" from {text[place:].split()[0]!r} on" if place < end else ""
        raise ValueError(
            f"{text!r} is no gate{at}; write COLUMN >= NUMBER, after any of "
            f"{', '.join(f'{key}=PATTERN' for key in KEYS)}, "
            "such as 'model=pixel-diff balanced_accuracy >= 0.9'"
        )
    return Gate(text, tuple(conditions), selectors)


def whose(row: Row) -> str:
    """Return whose figures a row of the leaderboard has, in words."""
    return f"{row['model']} on {row['suite']}, {row['question']}, {row['variant']}, {row['layout']}"

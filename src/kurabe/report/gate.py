"""Gates: what a leaderboard must hold for a run to pass, as ``balanced_accuracy >= 0.9``."""

import operator
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from kurabe.report.columns import ALL, KEYS, METRICS, ONLY_OF, known

if TYPE_CHECKING:
    import pandas as pd

_HOLDS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_EXPRESSION = re.compile(
    r"(?P<selectors>.*?)\s*(?P<column>\w+)\s*(?P<sign>>=|<=|==|!=|>|<)\s*(?P<bound>[+-]?(?:\d+\.?\d*|\.\d+))\s*(?P<percent>%?)"
)


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition on the rows of the leaderboard.

    Attributes:
        text: The expression as the user wrote it.
        column: The column that is looked at.
        sign: How it is compared.
        bound: With what it is compared.
        selectors: Which rows are meant: column → pattern. Suite ``all`` unless stated.
    """

    text: str
    column: str
    sign: str
    bound: float
    selectors: Mapping[str, str]

    def violations(self, leaderboard: "pd.DataFrame") -> list[str]:
        """Return a sentence for each way in which the gate does not hold; none if it holds.

        Every selected row must hold. A figure that is undefined does not, and neither does a gate
        without rows: a condition that was never looked at is not met. Rows of questions that the
        column has no meaning for are passed over unless the gate names the question.
        """
        rows = [row for row in leaderboard.to_dict("records") if self._selects(row)]
        if not rows:
            return [f"gate '{self.text}' does not hold: no row of the leaderboard is meant"]
        sentences = (self._violation(row) for row in rows)
        return [sentence for sentence in sentences if sentence]

    def _selects(self, row: Mapping[Any, Any]) -> bool:
        if "question" not in self.selectors and row["question"] not in ONLY_OF.get(
            self.column, (row["question"],)
        ):
            return False
        return all(fnmatchcase(str(row[name]), pattern) for name, pattern in self.selectors.items())

    def _violation(self, row: Mapping[Any, Any]) -> str:
        value = row[self.column]
        if value is not None and _HOLDS[self.sign](value, self.bound):
            return ""
        found = "undefined" if value is None else f"{value:.4g}"
        return f"gate '{self.text}' does not hold: {self.column} is {found} for {whose(row)}"


def parse_gate(text: str) -> Gate:
    """Read a gate: selectors, a column, a comparison, a number.

    Selectors are ``model=pixel-diff suite=connector question=verdict variant=raw layout=stacked``; their
    values are patterns (``*``, ``?``, ``[…]``). The number may be a percentage: ``miss_rate <= 5%``.

    Raises:
        ValueError: If it cannot be read; an unknown column comes with the nearest one.
    """
    match = _EXPRESSION.fullmatch(text.strip())
    if match is None:
        raise ValueError(
            f"{text!r} is no gate; write COLUMN >= NUMBER, after any of "
            f"{', '.join(f'{key}=…' for key in KEYS)}, such as 'model=pixel-diff balanced_accuracy >= 0.9'"
        )
    selectors = {"suite": ALL}
    for word in shlex.split(match["selectors"]):
        name, equals, pattern = word.partition("=")
        if not equals or not pattern:
            raise ValueError(f"{text!r}: {word!r} selects nothing; write it as COLUMN=PATTERN")
        selectors[known(name, KEYS)] = pattern
    bound = float(match["bound"]) / (100 if match["percent"] else 1)
    return Gate(text, known(match["column"], ["n", *METRICS]), match["sign"], bound, selectors)


def whose(row: Mapping[Any, Any]) -> str:
    """Return whose figures a row of the leaderboard has, in words."""
    return f"{row['model']} on {row['suite']}, {row['question']}, {row['variant']}, {row['layout']}"

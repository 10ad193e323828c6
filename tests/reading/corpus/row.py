"""One answer with its meaning."""

from dataclasses import asdict, dataclass
from typing import Any

OPTIONS = ("missing pin", "bent pin", "scratch")
OPTIONS_JA = ("ピンの欠け", "ピンの曲がり", "傷")


@dataclass(frozen=True, slots=True)
class Row:
    """An answer of our own wording.

    Attributes:
        kind: The question: ``verdict``, ``differences``, ``count`` or ``choice``.
        language: The prompt's language.
        form: ``prose``, ``short``, ``json``, ``lines`` or ``tags``.
        text: The answer.
        expected: What a careful person reads: a verdict, a number, a letter; None if it must stay unread.
        why: Why.
        items: How many differences a ``differences`` answer names; None if that is not said.
        asks: ``sameness`` if the prompt asked whether the two are the same.
    """

    kind: str
    language: str
    form: str
    text: str
    expected: Any
    why: str
    items: int | None = None
    asks: str = "difference"

    def to_json(self) -> dict[str, Any]:
        """Return the row as a line of ``answers.jsonl`` holds it."""
        found = asdict(self)
        if self.items is None:
            del found["items"]
        if self.asks == "difference":
            del found["asks"]
        return found

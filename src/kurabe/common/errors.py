"""Errors that a user can act on: what went wrong, where, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kurabe.common.text import printable


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file of the user's.

    Attributes:
        what: What is wrong and what to do about it, as a sentence.
        path: The file that has to be changed, if there is one.
        line: Line in that file, counted from 1, if known.
        where: The case, the model or the key that is meant.
    """

    what: str
    path: Path | None = None
    line: int | None = None
    where: str = ""

    def __str__(self) -> str:
        """Return ``file:line: where: what``, the form that editors and CI turn into links."""
        place = "" if self.path is None else f"{self.path}:{self.line}: " if self.line else f"{self.path}: "
        return printable(f"{place}{self.where + ': ' if self.where else ''}{self.what}")


class KurabeError(Exception):
    """An error whose message is meant for the user; the traceback adds nothing."""

    def __str__(self) -> str:
        """Return the message, which may quote a file or a model, without control characters."""
        return printable(super().__str__())


class CaseError(KurabeError):
    """A suite or a case cannot be used; ``problems`` names everything found at once."""

    def __init__(self, problems: "list[Problem]") -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class ModelError(KurabeError):
    """A model cannot be found, loaded or run."""


class RefusedError(KurabeError):
    """A model is not asked, because it has learned what it would be asked."""


class UnaskedError(KurabeError):
    """A model is asked nothing more, as a budget is spent or nobody answers; there is no result."""


class ImageError(KurabeError):
    """A picture cannot be read, processed or laid out."""


def in_words(error: Exception) -> str:
    """Return what an exception says to the user; one that is not meant for users is named by its type."""
    return printable(str(error) if isinstance(error, KurabeError) else f"{type(error).__name__}: {error}")


def did_you_mean(word: str, known: Iterable[str], *, most: int = 1, cutoff: float = 0.6) -> str:
    """Return a hint at the names that were probably meant, as ``; did you mean 'raw'?``; "" if none is near.

    Args:
        word: What the user wrote.
        known: The names there are.
        most: How many names to suggest at most.
        cutoff: How near a name must be, in [0, 1]; 0 always finds one.
    """
    from difflib import get_close_matches  # only errors pay for it

    near = get_close_matches(word, list(known), n=most, cutoff=cutoff)
    return f"; did you mean {' or '.join(map(repr, near))}?" if near else ""

"""One entry for all kinds of question: a text goes in, what it says comes out."""

from collections.abc import Sequence
from dataclasses import dataclass

from kurabe.common.vocabulary import Language, QuestionKind, Verdict
from kurabe.reading.choice import read_choice
from kurabe.reading.count import read_count
from kurabe.reading.differences import read_differences
from kurabe.reading.plain import plain
from kurabe.reading.verdict import read_verdict


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer says.

    Attributes:
        verdict: Of a ``verdict`` or ``differences`` answer; None if it says neither or both.
        count: Of a ``count`` answer.
        choice: Of a ``choice`` answer: the option's text.
        items: Of a ``differences`` answer: the differences it claims, one each, as they were written.
            Empty if it says that there is none, or only that there are some.
        reason: Why nothing could be read; empty if something was.
    """

    verdict: Verdict | None = None
    count: int | None = None
    choice: str | None = None
    items: tuple[str, ...] = ()
    reason: str = ""


def read(
    kind: QuestionKind,
    text: str,
    language: Language,
    options: Sequence[str] = (),
    yes: Sequence[str] = (),
    no: Sequence[str] = (),
) -> Reading:
    """Read an answer, and never guess: what it leaves open comes out as None, with the reason.

    English is understood whatever the prompt's language, and so are Japanese statements; a bare はい is
    an answer to a Japanese question alone.

    Args:
        kind: What was asked.
        text: The answer as the model wrote it.
        language: The prompt's language.
        options: The options of a ``choice``, in the order of their letters.
        yes: Words that answer a ``verdict`` with "different"; default: the language's yes.
        no: Words that answer a ``verdict`` with "same".
    """
    body = plain(text)
    if not any(char.isalnum() for char in body):
        return Reading(reason="the answer is empty")
    match kind:
        case "verdict":
            verdict, reason = read_verdict(body, language, tuple(yes), tuple(no))
            return Reading(verdict=verdict, reason=reason)
        case "differences":
            verdict, items, reason = read_differences(body, language)
            return Reading(verdict=verdict, items=items, reason=reason)
        case "count":
            count, reason = read_count(body, language)
            return Reading(count=count, reason=reason)
        case "choice":
            choice, reason = read_choice(body, tuple(options))
            return Reading(choice=choice, reason=reason)
        case "describe":
            return Reading()

"""The form of an answer that an engine can be held to, and that `read` then reads with certainty."""

import json
from collections.abc import Sequence
from typing import Any

from kurabe.common.vocabulary import Language, QuestionKind

PLAIN_WORDS: dict[Language, tuple[str, str]] = {"en": ("yes", "no"), "ja": ("はい", "いいえ")}
"""The words for yes and no that a prompt without words of its own is answered with."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def schema(
    kind: QuestionKind,
    language: Language = "en",
    options: Sequence[str] = (),
    yes: Sequence[str] = (),
    no: Sequence[str] = (),
) -> dict[str, Any] | None:
    """Return the JSON schema that a structured answer to a question must follow.

    The property is named in English, whatever the prompt's language; what stands in it is in the words of
    the prompt: a ``verdict`` answers with the first of its ``yes`` or ``no``, so that a prompt that asks for
    sameness is read right, too. `read` takes the answer as it comes, with the same ``language``, ``options``,
    ``yes`` and ``no``. Only the keywords are used that all servers know: ``type``, ``properties``,
    ``required``, ``additionalProperties``, ``items`` and ``enum``.

    Args:
        kind: What is asked.
        language: The prompt's language.
        options: The options of a ``choice``.
        yes: Words that answer a ``verdict`` with "different"; default: the language's yes.
        no: Words that answer a ``verdict`` with "same"; default: the language's no.

    Returns:
        The schema of an object with one property; None for ``describe``, which is prose, and for a ``choice``
        without options.
    """
    match kind:
        case "verdict":
            default = PLAIN_WORDS[language]
            words = [(*yes, default[0])[0], (*no, default[1])[0]]
            return _object("answer", {"type": "string", "enum": words})
        case "differences":
            return _object("differences", {"type": "array", "items": {"type": "string"}})
        case "count":
            return _object("count", {"type": "integer"})
        case "choice":
            if not options:
                return None
            return _object("answer", {"type": "string", "enum": list(_LETTERS[: len(options)])})
        case "describe":
            return None


def _object(name: str, holds: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: holds},
        "required": [name],
        "additionalProperties": False,
    }


def held_to(form: dict[str, Any] | None, text: str) -> str | int | None:
    """Return the value of an answer that follows the schema of a closed question; None if it does not.

    Args:
        form: As `schema` returned it.
        text: The answer as the model wrote it.
    """
    if form is None or not text.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    ((name, holds),) = form["properties"].items()
    if not isinstance(value, dict) or list(value) != [name]:
        return None
    found = value[name]
    if holds["type"] == "integer":
        return found if isinstance(found, int) and not isinstance(found, bool) and found >= 0 else None
    return found if isinstance(found, str) and found in holds.get("enum", ()) else None

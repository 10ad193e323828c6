"""The forms of answers: what a question can be answered with, as JSON Schema.

`kurabe.reading` reads these as it reads any JSON.
"""

from string import ascii_uppercase

from kurabe.common.request import Request
from kurabe.models.engines.served.remote import Form


def form_of(request: Request) -> Form | None:
    """Return the form of a request's answer; None where it is free text in any case."""
    if request.form is not None:
        return Form(dict(request.form))
    match request.question:
        case "verdict" if request.yes and request.no:
            return _one_of("answer", (request.yes[0], request.no[0]))
        case "choice" if 0 < len(request.options) <= len(ascii_uppercase):
            return _one_of("answer", tuple(ascii_uppercase[: len(request.options)]))
        case "count":
            return Form(_object("count", {"type": "integer"}))
        case "differences" if request.boxes is None:
            return Form(_object("differences", {"type": "array", "items": {"type": "string"}}))
        case _:
            return None


def _one_of(key: str, words: tuple[str, ...]) -> Form:
    return Form(_object(key, {"type": "string", "enum": list(words)}), words)


def _object(key: str, value: dict[str, object]) -> dict[str, object]:
    # Strict servers want every key required, and no other.
    return {"type": "object", "properties": {key: value}, "required": [key], "additionalProperties": False}

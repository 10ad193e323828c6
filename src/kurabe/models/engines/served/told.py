"""Reading JSON of a server's, which may hold anything: nothing is taken for granted."""

import json

from kurabe.models.engines.served.remote import RemoteError


def loaded(content: bytes) -> object:
    """Parse the body of a reply.

    Raises:
        RemoteError: If it is no JSON.
    """
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise RemoteError("broken", f"sent {shown(content)} instead of JSON") from None


def of(value: object, key: str) -> object:
    """Return what an object has under a key; None if it is no object or has nothing there."""
    return value.get(key) if isinstance(value, dict) else None


def items(value: object) -> list[object]:
    """Return a list's elements; nothing if it is none."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """Return a text; "" if it is none."""
    return value if isinstance(value, str) else ""


def count(value: object) -> int | None:
    """Return a number of tokens; None if it is none."""
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if is_count else None  # type: ignore[return-value]


def shown(content: bytes) -> str:
    """Return the beginning of a body, for messages."""
    words = content[:80].decode("utf-8", "replace")
    return repr(words + "…" if len(content) > 80 else words)

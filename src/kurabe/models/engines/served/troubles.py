"""What a failed request means: whether it is asked again, and what the user is told."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from kurabe.models.engines.served.remote import Feature, RemoteError, Trouble

_LONGEST_QUOTE = 300

CONNECT_SECONDS = 10.0
"""Seconds in which a server has to take a connection."""

IDLE_SECONDS = 2.0
"""Seconds after which an idle connection is closed: before servers do so, usually after 5 s."""

LARGEST_REPLY = 16 * 2**20
"""Bytes of a reply; the longest answers take thousands. No server may fill the memory."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked, for messages.

    Attributes:
        where: The server's address, as ``base_url`` of the entry says.
        place: The address that questions are sent to.
        model: The model's name as the server knows it.
        key: The environment variable that the key comes from; None without a key.
        words: By which words of a refusal a feature is named, as regular expressions.
    """

    where: str
    place: str
    model: str
    key: str | None
    words: Mapping[Feature, str]


def of_status(
    status: int, body: str, asked: Asked, *, location: str = "", retry_after: str = ""
) -> RemoteError:
    """Return the trouble that an HTTP status stands for."""
    words = message(body)
    quoted = f": {words}" if words else ""
    key = asked.key
    if 300 <= status < 400:
        what = f"redirects to {location or 'nowhere'} ({status}): if that is right, make it the 'base_url'"
        return RemoteError("denied", what)
    if status == 401 or (status == 400 and "API_KEY_INVALID" in body):
        # No word of the server's: some show parts of the key.
        what = (
            f"refuses the key in {key} ({status})"
            if key
            else f"wants a key ({status}): name it by 'api_key_env'"
        )
        return RemoteError("denied", what)
    if status == 403:
        return RemoteError("denied", f"refuses access (403){quoted}")
    if status in (404, 405):
        what = (
            f"has no model {asked.model!r} at {asked.place} ({status}){quoted}: check 'model' and 'base_url'"
        )
        return RemoteError("denied", what)
    if status == 402 or (status == 429 and "insufficient_quota" in body):
        return RemoteError("denied", f"has no quota left ({status}){quoted}")
    trouble = _trouble(status)
    names = frozenset(name for name, pattern in asked.words.items() if re.search(pattern, words))
    what = f"{_MEANING[trouble]} ({status}){quoted}"
    after = seconds_of(retry_after or _delay(body))
    return RemoteError(trouble, what, retry_after=after, names=names)


_MEANING: dict[Trouble, str] = {
    "busy": "has too much to do",
    "slow": "took too long",
    "broken": "failed",
    "refused": "refuses this request",
}


def _trouble(status: int) -> Trouble:
    if status in (429, 503, 529):
        return "busy"
    if status in (408, 504):
        return "slow"
    return "broken" if status >= 500 or status in (409, 425) else "refused"


def of_connection(error: BaseException, asked: Asked) -> RemoteError:
    """Return the trouble that a failed connection of httpx2 stands for."""
    kind, words = type(error).__name__, str(error)
    if "CERTIFICATE" in words.upper():
        return untrusted(asked)
    if kind in ("ConnectError", "ConnectTimeout", "ProxyError", "UnsupportedProtocol"):
        return unreachable(asked, words)
    return late(kind) if kind.endswith("Timeout") else broken_off(words or kind)


def untrusted(asked: Asked) -> RemoteError:
    """Return the trouble of a certificate that nobody vouches for."""
    what = (
        f"has no certificate at {asked.where} that can be trusted: SSL_CERT_FILE may name your own authority"
    )
    return RemoteError("denied", what)


def unreachable(asked: Asked, words: str) -> RemoteError:
    """Return the trouble of a server that takes no connection."""
    reason = "" if not words or words in asked.where else f" ({words})"
    what = f"cannot be reached at {asked.where}{reason}: start the server or check 'base_url'"
    return RemoteError("gone", what)


def late(kind: str) -> RemoteError:
    """Return the trouble of a reply that does not come."""
    return RemoteError("slow", f"gave no reply in time ({kind})")


def broken_off(words: str) -> RemoteError:
    """Return the trouble of a reply that ends before its end."""
    return RemoteError("broken", f"broke the connection off ({words})")


def too_large() -> RemoteError:
    """Return the trouble of a reply that has no end."""
    return RemoteError("refused", f"gave a reply of more than {LARGEST_REPLY // 2**20} MiB")


def message(body: str) -> str:
    """Return what the body of a refusal says to people."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = body
    if isinstance(told, list) and len(told) == 1:
        told = told[0]
    for key in ("error", "message", "detail"):
        if isinstance(told, dict) and key in told:
            told = told[key]
    text = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False) if told else ""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def _delay(body: str) -> str:
    """Return the seconds that the body asks to wait, as Google's services tell them; "" if none."""
    found = re.search(r'"retryDelay"\s*:\s*"(\d{1,9}(?:\.\d{1,9})?)s"', body)
    return found[1] if found else ""


def seconds_of(retry_after: str) -> float | None:
    """Return what the header ``Retry-After`` asks for: seconds, or a date."""
    if not retry_after:
        return None
    try:
        return min(max(0.0, float(retry_after)), 1e9)
    except ValueError:
        pass
    try:
        date = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError):
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())

"""What a failed request means: whether it is asked again, and what the user is told."""

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from kurabe.models.engines.endpoint.settings import EndpointSettings
from kurabe.models.engines.served.remote import Feature, RemoteError, Trouble

_LONGEST_QUOTE = 300
_WORDS: dict[Feature, str] = {
    "logprobs": r"logprob",
    "schema": r"response_format|json_schema|structured|guided|grammar",
    "n": r"['\"`]n['\"`]|\bn must\b|\bn\s*[=>]|multiple (choices|completions)",
}
"""By which words of a server a feature is named."""


def of_status(
    status: int, body: str, settings: EndpointSettings, *, location: str = "", retry_after: str = ""
) -> RemoteError:
    """Return the trouble that an HTTP status stands for."""
    words = _message(body)
    quoted = f": {words}" if words else ""
    key = settings.api_key_env
    if 300 <= status < 400:
        what = f"redirects to {location or 'nowhere'} ({status}): if that is right, make it the 'base_url'"
        return RemoteError("denied", what)
    if status == 401:
        # No word of the server's: some show parts of the key.
        what = f"refuses the key in {key} (401)" if key else "wants a key (401): name it by 'api_key_env'"
        return RemoteError("denied", what)
    if status == 403:
        return RemoteError("denied", f"refuses access (403){quoted}")
    if status in (404, 405):
        where = f"{settings.base_url}/chat/completions"
        what = f"has no model {settings.model!r} at {where} ({status}){quoted}: check 'model' and 'base_url'"
        return RemoteError("denied", what)
    if status == 429 and "insufficient_quota" in body:
        return RemoteError("denied", f"has no quota left (429){quoted}")
    trouble = _trouble(status)
    names = frozenset(name for name, pattern in _WORDS.items() if re.search(pattern, words))
    what = f"{_MEANING[trouble]} ({status}){quoted}"
    return RemoteError(trouble, what, retry_after=_seconds(retry_after), names=names)


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


def of_connection(error: BaseException, settings: EndpointSettings) -> RemoteError:
    """Return the trouble that a failed connection stands for."""
    kind, words = type(error).__name__, str(error)
    where = settings.base_url
    if "CERTIFICATE" in words.upper():
        what = f"has no certificate at {where} that can be trusted: SSL_CERT_FILE may name your own authority"
        return RemoteError("denied", what)
    if kind in ("ConnectError", "ConnectTimeout", "ProxyError", "UnsupportedProtocol"):
        reason = "" if not words or words in where else f" ({words})"
        what = f"cannot be reached at {where}{reason}: start the server or check 'base_url'"
        return RemoteError("gone", what)
    if kind.endswith("Timeout"):
        return RemoteError("slow", f"gave no reply in time ({kind})")
    return RemoteError("broken", f"broke the connection off ({words or kind})")


def _message(body: str) -> str:
    """Return what the body of a refusal says to people."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = body
    for key in ("error", "message", "detail"):
        if isinstance(told, dict) and key in told:
            told = told[key]
    text = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False) if told else ""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def _seconds(retry_after: str) -> float | None:
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

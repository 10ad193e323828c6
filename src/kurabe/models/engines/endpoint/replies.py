"""What a server's reply says. Servers differ, and a reply may hold anything: nothing is taken for granted."""

import json
import math

from kurabe.models.engines.served.remote import Likely, RemoteError, Reply
from kurabe.models.protocol import PromptTokens


def reply_of(content: bytes) -> Reply:
    """Read the body of a reply.

    Raises:
        RemoteError: If it is none.
    """
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        raise RemoteError("broken", f"sent {_shown(content)} instead of JSON") from None
    choices = _list(_of(body, "choices"))
    if not choices:
        raise RemoteError("broken", f"sent no answer: {_shown(content)}")
    usage = _of(body, "usage")
    version = _of(body, "system_fingerprint")
    return Reply(
        texts=tuple(_text(_of(_of(choice, "message"), "content")) for choice in choices),
        first=_first(_of(choices[0], "logprobs")),
        tokens_in=_count(_of(usage, "prompt_tokens")),
        tokens_out=_count(_of(usage, "completion_tokens")),
        version=version if isinstance(version, str) else "",
    )


def prompt_of(content: bytes) -> PromptTokens:
    """Read what a reply tells of its prompt's tokens: ``prompt_token_ids``, or a tokenizer's ``tokens``."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return PromptTokens(None)
    told = _list(_of(body, "prompt_token_ids")) or _list(_of(body, "tokens"))
    ids = tuple(token for token in told if isinstance(token, int))
    count = _count(_of(_of(body, "usage"), "prompt_tokens"))
    known = bool(ids) and len(ids) == len(told)
    return PromptTokens(len(ids) if known and count is None else count, ids if known else None)


def _first(logprobs: object) -> tuple[Likely, ...]:
    """Return the likeliest first tokens; nothing if a server tells none, or only of the one that it chose."""
    for token in _list(_of(logprobs, "content"))[:1]:
        found = [_likely(each) for each in _list(_of(token, "top_logprobs"))]
        return tuple(each for each in found if each is not None)
    return ()


def _likely(told: object) -> Likely | None:
    logprob, raw, token = _of(told, "logprob"), _of(told, "bytes"), _of(told, "token")
    if not isinstance(logprob, int | float) or math.isnan(logprob):
        return None
    if isinstance(raw, list) and raw:
        try:
            return Likely(bytes(raw), float(logprob))
        except (ValueError, TypeError):
            return None
    return Likely(token.encode("utf-8", "replace"), float(logprob)) if isinstance(token, str) else None


def _text(content: object) -> str:
    """Return an answer's text, which may come in parts."""
    if isinstance(content, list):
        return "".join(part for each in content if isinstance(part := _of(each, "text"), str))
    return content if isinstance(content, str) else ""


def _of(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _count(value: object) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if is_count else None  # type: ignore[return-value]


def _shown(content: bytes) -> str:
    text = content[:80].decode("utf-8", "replace")
    return repr(text + "…" if len(content) > 80 else text)

"""What a server's reply says. Servers differ, and a reply may hold anything: nothing is taken for granted."""

import math

from kurabe.models.engines.served.remote import Likely, RemoteError, Reply
from kurabe.models.engines.served.told import count, items, loaded, of, shown, text
from kurabe.models.protocol import PromptTokens


def reply_of(content: bytes) -> Reply:
    """Read the body of a reply.

    Raises:
        RemoteError: If it is none.
    """
    body = loaded(content)
    choices = items(of(body, "choices"))
    if not choices:
        raise RemoteError("broken", f"sent no answer: {shown(content)}")
    withheld = [_withheld(choice) for choice in choices]
    given = [each for each, why in zip(choices, withheld, strict=True) if not why]
    usage = of(body, "usage")
    return Reply(
        texts=tuple(_text(of(of(choice, "message"), "content")) for choice in given) or ("",),
        first=_first(of(given[0], "logprobs")) if given else (),
        tokens_in=count(of(usage, "prompt_tokens")),
        tokens_out=count(of(usage, "completion_tokens")),
        version=text(of(body, "system_fingerprint")),
        withheld="" if given else withheld[0],
    )


def _withheld(choice: object) -> str:
    """Say why a choice is no answer; "" if it is one."""
    reason, message = text(of(choice, "finish_reason")), of(choice, "message")
    if refusal := text(of(message, "refusal")).strip():
        return f"refuses to answer: {refusal}"
    if reason == "content_filter":
        return "stopped its answer (content_filter)"
    # Where a single token is asked for, it may be a blank that tells probabilities.
    empty = not _text(of(message, "content")).strip() and not _first(of(choice, "logprobs"))
    if empty and reason == "length":
        return "used up its tokens before it answered (length): raise 'max_new_tokens'"
    return ""


def prompt_of(content: bytes) -> PromptTokens:
    """Read what a reply tells of its prompt's tokens: ``prompt_token_ids``, or a tokenizer's ``tokens``."""
    try:
        body = loaded(content)
    except RemoteError:
        return PromptTokens(None)
    told = items(of(body, "prompt_token_ids")) or items(of(body, "tokens"))
    ids = tuple(token for token in told if isinstance(token, int))
    charged = count(of(of(body, "usage"), "prompt_tokens"))
    known = bool(ids) and len(ids) == len(told)
    return PromptTokens(len(ids) if known and charged is None else charged, ids if known else None)


def _first(logprobs: object) -> tuple[Likely, ...]:
    """Return the likeliest first tokens; nothing if a server tells none, or only of the one that it chose."""
    for token in items(of(logprobs, "content"))[:1]:
        found = [_likely(each) for each in items(of(token, "top_logprobs"))]
        return tuple(each for each in found if each is not None)
    return ()


def _likely(told: object) -> Likely | None:
    logprob, raw, token = of(told, "logprob"), of(told, "bytes"), of(told, "token")
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
        return "".join(part for each in content if isinstance(part := of(each, "text"), str))
    return content if isinstance(content, str) else ""

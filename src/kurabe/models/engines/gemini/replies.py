"""What a reply of Gemini's API says."""

import math

from kurabe.models.engines.served.remote import Likely, RemoteError, Reply
from kurabe.models.engines.served.told import count, items, loaded, of, shown, text

_ENDED = ("", "STOP", "MAX_TOKENS", "FINISH_REASON_UNSPECIFIED")
"""Reasons to finish that leave an answer as it is."""


def reply_of(content: bytes) -> Reply:
    """Read the body of a reply.

    Raises:
        RemoteError: If it is none.
    """
    body = loaded(content)
    candidates, feedback = items(of(body, "candidates")), of(body, "promptFeedback")
    blocked = text(of(feedback, "blockReason"))
    if not candidates and not blocked:
        raise RemoteError("broken", f"sent no answer: {shown(content)}")
    withheld = [_withheld(candidate) for candidate in candidates]
    given = [each for each, why in zip(candidates, withheld, strict=True) if not why]
    usage = of(body, "usageMetadata")
    tokens_in = count(of(usage, "promptTokenCount"))
    # What is nought is left out.
    out = [count(of(usage, name)) or 0 for name in ("candidatesTokenCount", "thoughtsTokenCount")]
    why = f"blocks the question ({blocked})" if blocked else ""
    return Reply(
        texts=tuple(_text(candidate) for candidate in given) or ("",),
        first=_first(of(given[0], "logprobsResult")) if given else (),
        tokens_in=tokens_in,
        tokens_out=None if tokens_in is None else sum(out),
        version=text(of(body, "modelVersion")),
        withheld="" if given else next(iter(withheld), why),
    )


def _withheld(candidate: object) -> str:
    """Say why a candidate is no answer; "" if it is one."""
    reason, words = text(of(candidate, "finishReason")), text(of(candidate, "finishMessage"))
    if reason not in _ENDED:
        return f"stopped its answer ({reason})" + f": {words}" * bool(words)
    if reason == "MAX_TOKENS" and not _text(candidate).strip():
        return "used up its tokens before it answered (MAX_TOKENS): raise 'max_new_tokens'"
    return ""


def _text(candidate: object) -> str:
    """Return an answer's text; what the model thought before is none of it."""
    parts = items(of(of(candidate, "content"), "parts"))
    return "".join(text(of(part, "text")) for part in parts if of(part, "thought") is not True)


def _first(result: object) -> tuple[Likely, ...]:
    """Return the likeliest first tokens."""
    for step in items(of(result, "topCandidates"))[:1]:
        found = [_likely(each) for each in items(of(step, "candidates"))]
        return tuple(each for each in found if each is not None)
    return ()


def _likely(told: object) -> Likely | None:
    logprob, token = of(told, "logProbability"), of(told, "token")
    if not isinstance(token, str) or not token or isinstance(logprob, bool):
        return None
    # A probability of one has the logarithm nought, which is left out.
    value = 0.0 if logprob is None else logprob
    if not isinstance(value, int | float) or math.isnan(value):
        return None
    return Likely(token.encode("utf-8", "replace"), float(value))

"""What a reply of Claude's API says."""

from kurabe.models.engines.served.remote import RemoteError, Reply
from kurabe.models.engines.served.told import count, loaded, of, shown, text

_INPUT = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
"""What of the usage makes up the prompt: all three are charged."""


def reply_of(content: bytes) -> Reply:
    """Read the body of a message.

    Raises:
        RemoteError: If it is none.
    """
    body = loaded(content)
    blocks = of(body, "content")
    if not isinstance(blocks, list):
        raise RemoteError("broken", f"sent no answer: {shown(content)}")
    # Beside text there may be thoughts.
    answer = "".join(text(of(block, "text")) for block in blocks if of(block, "type") == "text")
    usage = of(body, "usage")
    taken = [count(of(usage, name)) for name in _INPUT]
    return Reply(
        texts=(answer,),
        tokens_in=None if taken[0] is None else sum(each or 0 for each in taken),
        tokens_out=count(of(usage, "output_tokens")),
        version=text(of(body, "model")),
        withheld=_withheld(body, answer),
    )


def _withheld(body: object, answer: str) -> str:
    """Say why there is no answer; "" if there is one."""
    reason = text(of(body, "stop_reason"))
    if reason == "refusal":
        details = of(body, "stop_details")
        category, words = text(of(details, "category")), text(of(details, "explanation"))
        return "refuses to answer" + f" ({category})" * bool(category) + f": {words}" * bool(words)
    if answer.strip():
        return ""
    if reason == "max_tokens":
        return "used up its tokens before it answered (max_tokens): raise 'max_new_tokens'"
    if reason in ("model_context_window_exceeded", "pause_turn"):
        return f"stopped before it answered ({reason})"
    return ""

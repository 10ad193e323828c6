"""A question as OpenAI's chat completions take it, in the words that a server understands."""

import json
import re
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import Literal

from kurabe.models.engines.served.remote import Call, Form, RemoteError

_FEWER = 5
"""First tokens that are asked for where a server refuses to tell as many as usual."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """How servers differ. All say why they refuse a request; `after` makes the best of it.

    Attributes:
        limit: What the limit of new tokens is called.
        likeliest: The most first tokens that are asked for.
        by_choice: Whether the server takes a list of answers, as vLLM does, and writes them as they are.
    """

    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    likeliest: int = 20
    by_choice: bool = False

    def for_owner(self, owner: str) -> "Spelling":
        """Return what fits the software that serves a model, as far as it says its name."""
        return replace(self, by_choice=owner == "vllm")

    def after(self, error: RemoteError, call: Call) -> "Spelling | None":
        """Return how to say the same in other words after a refusal; None if it is not about the words."""
        if error.trouble != "refused":
            return None
        if self.limit == "max_tokens" and "max_completion_tokens" in error.what:
            return replace(self, limit="max_completion_tokens")
        if call.logprobs and self.likeliest > _FEWER and "logprobs" in error.names:
            return replace(self, likeliest=_FEWER)
        if call.form is not None and self.by_choice and re.search("structured_outputs|choice", error.what):
            return replace(self, by_choice=False)
        return None


def content_of(model: str, call: Call, spelling: Spelling) -> bytes:
    """Return the request's body as JSON.

    The pictures are nearly all of it, and are put in as they are: base64 needs nothing escaped, and it takes
    milliseconds for each megabyte to find that out.
    """
    mark = token_hex(8)
    text = json.dumps(_body(model, call, spelling, mark))
    parts = text.split(f'"{mark}"')
    pieces = [parts[0]]
    for picture, part in zip(call.pictures, parts[1:], strict=True):
        pieces += [f'"data:{picture.mime};base64,', picture.data, '"', part]
    return "".join(pieces).encode("ascii")


def _body(model: str, call: Call, spelling: Spelling, picture: str) -> dict[str, object]:
    """Return the request's body, with a mark in place of each picture."""
    content: list[dict[str, object]] = [
        {"type": "image_url", "image_url": {"url": picture}} for _ in call.pictures
    ]
    content.append({"type": "text", "text": call.prompt})
    body: dict[str, object] = {
        "model": model,
        "messages": [{"role": "user", "content": content}],
        spelling.limit: call.max_new_tokens,
    }
    sampling = {"temperature": call.temperature, "top_p": call.top_p, "top_k": call.top_k, "seed": call.seed}
    body |= {name: value for name, value in sampling.items() if value is not None}
    if call.logprobs:
        body |= {"logprobs": True, "top_logprobs": min(call.logprobs, spelling.likeliest)}
    if call.n > 1:
        body["n"] = call.n
    if call.form is not None:
        body |= _form(call.form, spelling)
    return body


def _form(form: Form, spelling: Spelling) -> dict[str, object]:
    if form.choices and spelling.by_choice:
        return {"structured_outputs": {"choice": list(form.choices)}}
    schema = {"name": "answer", "schema": form.schema, "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}

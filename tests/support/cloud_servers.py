"""Servers on loopback that speak Claude's and Gemini's protocols, as the clients' own types describe them.

What they are sent is checked against those types, and so is what they answer: a test cannot agree with an
engine on a protocol that nobody speaks. Like `ChatServer` they look at the pictures.
"""

import base64
import io
import json
import math
from email.message import Message
from typing import Any

import anthropic.types
from anthropic.types.message_create_params import MessageCreateParamsBase
from google.genai import types
from PIL import Image, ImageChops

from tests.support.chat_server import ChatServer, Sent

ENTRY = """
[models.served]
engine = "{engine}"
base_url = "{url}"
model = "looker"
default = true
layout = "separate"
{more}
"""


class CloudServer(ChatServer):
    """What both have in common.

    Attributes:
        engine: The engine that asks it.
        thoughtless: Whether the model answers without thinking.
    """

    engine = ""

    def __init__(self) -> None:
        super().__init__()
        self.thoughtless = True

    def entry_of(self, more: str = "") -> str:
        return ENTRY.format(engine=self.engine, url=self.url, more=more)

    def sent(self, path: str, headers: Message, body: dict[str, Any] | None) -> Sent:
        if body is None:
            with self._lock:
                self.paths.append(path)
                self.headers.append(headers)
            return Sent(body=self.entry)
        return super().sent(path, headers, body)

    def shown(self, body: dict[str, Any]) -> list[Image.Image]:
        """Return the pictures of a request."""
        raise NotImplementedError

    def failure(self, status: int, words: str) -> Sent:
        """Return a refusal as this API words it."""
        raise NotImplementedError

    def withheld(self) -> Sent:
        """Return a reply that withholds its answer."""
        raise NotImplementedError

    def word(self, body: dict[str, Any], form: dict[str, Any] | None) -> str:
        """Return the answer in words, in the form that is asked for."""
        reference, test = self.shown(body)
        differs = max(high for _, high in ImageChops.difference(reference, test).getextrema()) > 64  # type: ignore[misc]
        if form is None:
            return "Yes" if differs else "No"
        (key,) = form["properties"]
        value: Any = {"answer": "Yes" if differs else "No", "count": int(differs)}
        return json.dumps({key: (value | {"differences": ["a pin"] * differs})[key]})


class ClaudeServer(CloudServer):
    """Claude's messages."""

    engine = "claude"

    def __init__(self) -> None:
        super().__init__()
        self.entry = {"type": "model", "id": "looker", "display_name": "Looker", "lifecycle": "active"}
        self.entry |= {"created_at": "2026-10-01T00:00:00Z", "max_tokens": 64000}

    @property
    def url(self) -> str:
        return super().url.removesuffix("/v1")

    def sent(self, path: str, headers: Message, body: dict[str, Any] | None) -> Sent:
        if body is None:
            assert path == "/v1/models/looker"
            return super().sent(path, headers, body)
        assert path == "/v1/messages"
        known = {*MessageCreateParamsBase.__annotations__, "stream"}
        version = headers["Anthropic-Version"]
        if version == "2023-06-01":
            known |= {"temperature", "top_p", "top_k"}
        elif version != "2026-10-21":
            return self.failure(400, f"anthropic-version: {version}")
        if extra := sorted({*body} - known):
            return self.failure(400, f"{extra[0]}: Extra inputs are not permitted")
        if body["thinking"]["type"] == "disabled" and not self.thoughtless:
            return self.failure(400, "thinking.type: 'disabled' is not supported on this model")
        return super().sent(path, headers, body)

    def shown(self, body: dict[str, Any]) -> list[Image.Image]:
        blocks = [block for block in body["messages"][0]["content"] if block["type"] == "image"]
        return [_picture(block["source"]["data"]) for block in blocks]

    def reply(self, body: dict[str, Any]) -> dict[str, Any]:
        form = body.get("output_config", {}).get("format", {}).get("schema") if self.forms else None
        return self.message(self.word(body, form))

    def message(self, text: str, stop_reason: str = "end_turn", **more: Any) -> dict[str, Any]:
        blocks = [{"type": "text", "text": text, "citations": None}] if text else []
        usage = {"input_tokens": 90, "cache_read_input_tokens": 10, "output_tokens": 2}
        found: dict[str, Any] = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "looker-1",
            "content": blocks,
        }
        found |= {"stop_reason": stop_reason, "stop_sequence": None, "usage": usage, **more}
        anthropic.types.Message.model_validate(found)
        return found

    def failure(self, status: int, words: str) -> Sent:
        kind = {400: "invalid_request_error", 401: "authentication_error", 429: "rate_limit_error"}
        error = {"type": kind.get(status, "overloaded_error"), "message": words}
        return Sent(status, {"type": "error", "error": error, "request_id": "req_1"})

    def withheld(self) -> Sent:
        details = {"type": "refusal", "category": "bio", "explanation": "No such parts."}
        return Sent(body=self.message("Yes, but", "refusal", stop_details=details))


class GeminiServer(CloudServer):
    """Gemini's ``generateContent``."""

    engine = "gemini"

    def __init__(self) -> None:
        super().__init__()
        self.entry = {"name": "models/looker", "version": "001", "inputTokenLimit": 1000, "thinking": True}

    def sent(self, path: str, headers: Message, body: dict[str, Any] | None) -> Sent:
        if body is None:
            assert path == "/v1/models/looker"
            return super().sent(path, headers, body)
        assert path == "/v1/models/looker:generateContent"
        assert {*body} <= {"contents", "generationConfig"}
        types.Content.model_validate_json(json.dumps(body["contents"][0]))
        types.GenerationConfig.model_validate(body["generationConfig"])  # knows no other keys
        thinking = body["generationConfig"].get("thinkingConfig")
        if thinking is not None and not self.thoughtless:
            return self.failure(400, "Budget 0 is invalid. This model only works in thinking mode.")
        return super().sent(path, headers, body)

    def shown(self, body: dict[str, Any]) -> list[Image.Image]:
        parts = body["contents"][0]["parts"]
        return [_picture(part["inlineData"]["data"]) for part in parts if "inlineData" in part]

    def reply(self, body: dict[str, Any]) -> dict[str, Any]:
        config = body["generationConfig"]
        text = self.word(body, config.get("responseJsonSchema") if self.forms else None)
        candidate = self.candidate(text)
        if config.get("responseLogprobs") and self.logprobs:
            likely = [(text, 0.9), ("No" if text == "Yes" else "Yes", 0.08), (" maybe", 0.01)]
            listed = [{"token": t, "tokenId": 7, "logProbability": math.log(p)} for t, p in likely]
            result = {"chosenCandidates": listed[:1], "topCandidates": [{"candidates": listed}]}
            candidate["logprobsResult"] = result
        count = config.get("candidateCount", 1) if self.choices else 1
        return self.content([candidate] * count)

    def candidate(self, text: str, finish: str = "STOP", **more: Any) -> dict[str, Any]:
        content = {"role": "model", "parts": [{"text": text}]} if text else {"role": "model"}
        return {"content": content, "finishReason": finish, "index": 0, **more}

    def content(self, candidates: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        usage = {"promptTokenCount": 100, "thoughtsTokenCount": 1, "totalTokenCount": 102}
        usage |= {"candidatesTokenCount": 1} if candidates else {}
        found = {"candidates": candidates, "usageMetadata": usage, "modelVersion": "looker-001", **more}
        types.GenerateContentResponse.model_validate(found)
        return found

    def failure(self, status: int, words: str) -> Sent:
        kind = {400: "INVALID_ARGUMENT", 429: "RESOURCE_EXHAUSTED", 503: "UNAVAILABLE"}
        return Sent(
            status, {"error": {"code": status, "message": words, "status": kind.get(status, "INTERNAL")}}
        )

    def withheld(self) -> Sent:
        candidate = self.candidate("", "SAFETY", finishMessage="No such parts.")
        return Sent(body=self.content([candidate]))


def _picture(data: str) -> Image.Image:
    raw = base64.b64decode(data, altchars=b"-_" if {*data} & {*"-_"} else None)
    return Image.open(io.BytesIO(raw)).convert("RGB")

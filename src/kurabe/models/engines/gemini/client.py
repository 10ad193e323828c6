"""Gemini, through Google's own client."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import httpx2
from google import genai
from google.genai import types

from kurabe.models.engines.gemini.replies import reply_of
from kurabe.models.engines.gemini.settings import GeminiSettings
from kurabe.models.engines.served.http import options, received
from kurabe.models.engines.served.remote import Call, Feature, RemoteError, Reply
from kurabe.models.engines.served.secrets import from_environment
from kurabe.models.engines.served.told import of
from kurabe.models.engines.served.troubles import Asked

_WORDS: dict[Feature, str] = {
    "logprobs": r"(?i)logprob",
    "schema": r"(?i)response_?(json_?)?schema|response_?mime|json mode|structured",
    "n": r"(?i)candidate_?count|(multiple|one|number of) (response )?candidates?",
}
"""By which words of the API a feature is named."""

_TOLD = ("name", "version", "inputTokenLimit", "outputTokenLimit", "thinking")
"""What the API tells of a model that stays the same until the model changes."""

_FEWER = 5
"""First tokens that are asked for where a model refuses to tell as many as usual."""


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How models differ. All say why they refuse a request.

    Attributes:
        thoughtless: How a model is told not to think: no tokens for it, as little as it can, or not at all
            as it cannot think anyway.
        likeliest: The most first tokens that are asked for.
    """

    thoughtless: Literal["none", "minimal", ""] = "none"
    likeliest: int = 20


class GeminiApi:
    """One of Gemini's models.

    Args:
        settings: The entry's.
    """

    offers: frozenset[Feature] = frozenset(("logprobs", "schema", "n"))

    def __init__(self, settings: GeminiSettings) -> None:
        self._settings = settings
        self._spelling = _Spelling(thoughtless="" if settings.thinking else "none")
        key = from_environment(settings.key) if settings.key else ""
        own = {name: from_environment(variable) for name, variable in settings.headers_env.items()}
        place = f"{settings.base_url}/models/{settings.model}"
        self._asked = Asked(settings.base_url, place, settings.model, settings.key, _WORDS)
        address, _, version = settings.base_url.rpartition("/")
        self._http = httpx2.AsyncClient(**options(settings, [*own, *(["x-goog-api-key"] if key else [])]))
        # All that the client would else take from the environment is said here.
        self._client = genai.Client(
            vertexai=False,
            api_key=key or "none",
            http_options=types.HttpOptions(
                base_url=address, api_version=version, headers=own, httpx_async_client=self._http
            ),
        )

    async def send(self, call: Call) -> Reply:
        """Ask once; see `kurabe.models.engines.served.remote.Remote`."""
        parts = [
            types.Part.from_bytes(data=base64.b64decode(each.data), mime_type=each.mime)
            for each in call.pictures
        ]
        parts.append(types.Part.from_text(text=call.prompt))
        content = types.Content(role="user", parts=parts)
        while True:
            spelling = self._spelling
            config = _config(call, spelling)
            asking = self._client.aio.models.generate_content(
                model=self._settings.model, contents=content, config=config
            )
            try:
                response = await received(asking, self._asked)
            except RemoteError as error:
                other = self._after(error, call, spelling)
                if other is None:
                    raise
                self._spelling = other
            else:
                raw = response.sdk_http_response
                return reply_of((raw.body if raw and raw.body else "").encode())

    def _after(self, error: RemoteError, call: Call, spelling: _Spelling) -> _Spelling | None:
        """Return how to say the same in other words after a refusal; None if it is not about the words.

        Raises:
            RemoteError: If the model does not answer without thinking.
        """
        if error.trouble != "refused":
            return None
        words = error.what.lower()
        if call.logprobs and spelling.likeliest > _FEWER and "logprobs" in error.names:
            return replace(spelling, likeliest=_FEWER)
        if "thinking" not in words and "budget" not in words:
            return None
        if spelling.thoughtless == "none":
            return replace(spelling, thoughtless="minimal")
        if spelling.thoughtless == "minimal":
            what = (
                "if it does not answer without thinking: set 'thinking = true' and a larger 'max_new_tokens'"
            )
            raise RemoteError("denied", f"{error.what}; {what}") from None
        return None

    async def about(self) -> Mapping[str, object]:
        """Return what the API tells of the model."""
        asking = self._client.aio.models.get(model=self._settings.model)
        told = await received(asking, self._asked)
        entry = told.model_dump(mode="json", by_alias=True, exclude_none=True)
        if "version" in entry and not entry.get("thinking"):
            self._spelling = replace(self._spelling, thoughtless="")
        return {name: value for name in _TOLD if (value := of(entry, name)) is not None}

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()
        self._client.close()


def _config(call: Call, spelling: _Spelling) -> types.GenerateContentConfig:
    """Return a request's settings. The reply is asked for as it came: the client's reading of it may fail."""
    thinking = {
        "none": types.ThinkingConfig(thinking_budget=0),
        "minimal": types.ThinkingConfig(thinking_level=types.ThinkingLevel.MINIMAL),
        "": None,
    }
    return types.GenerateContentConfig(
        temperature=call.temperature,
        top_p=call.top_p,
        top_k=call.top_k,
        seed=call.seed,
        max_output_tokens=call.max_new_tokens,
        candidate_count=call.n if call.n > 1 else None,
        response_logprobs=True if call.logprobs else None,
        logprobs=min(call.logprobs, spelling.likeliest) or None,
        response_mime_type="application/json" if call.form else None,
        response_json_schema=dict(call.form.schema) if call.form else None,
        thinking_config=thinking[spelling.thoughtless],
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        should_return_http_response=True,
    )

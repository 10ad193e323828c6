"""Claude, through Anthropic's own client."""

from collections.abc import Awaitable, Mapping
from typing import Any, Literal

import anthropic
import httpx2
from anthropic.types import (
    ImageBlockParam,
    MessageParam,
    TextBlockParam,
    ThinkingConfigAdaptiveParam,
    ThinkingConfigDisabledParam,
)

from kurabe.models.engines.claude.replies import reply_of
from kurabe.models.engines.claude.settings import ClaudeSettings
from kurabe.models.engines.served.cloud import MUST_THINK
from kurabe.models.engines.served.http import options, received
from kurabe.models.engines.served.remote import Call, Encoded, Feature, RemoteError, Reply
from kurabe.models.engines.served.secrets import from_environment
from kurabe.models.engines.served.told import loaded, of
from kurabe.models.engines.served.troubles import Asked

_BEFORE = "2023-06-01"
"""The last version of the API that takes a temperature."""

_WORDS: dict[Feature, str] = {"schema": r"output_config|output_format|json_schema|structured.?output"}
"""By which words of the API a feature is named."""

_TOLD = ("id", "created_at", "max_input_tokens", "max_tokens")
"""What the API tells of a model that stays the same until the model changes."""


class ClaudeApi:
    """One of Claude's models.

    Args:
        settings: The entry's.
    """

    offers: frozenset[Feature] = frozenset(("schema",))

    def __init__(self, settings: ClaudeSettings) -> None:
        self._settings = settings
        key = from_environment(settings.key) if settings.key else ""
        own = {name: from_environment(variable) for name, variable in settings.headers_env.items()}
        place = f"{settings.base_url}/v1/messages"
        self._asked = Asked(settings.base_url, place, settings.model, settings.key, _WORDS)
        # The client itself needs its mark to give a reply as it came.
        meant = [*own, "anthropic-version", "x-stainless-raw-response", *(["authorization"] if key else [])]
        self._client = anthropic.AsyncAnthropic(
            api_key=key or "none",
            base_url=settings.base_url,
            default_headers=own,
            max_retries=0,
            timeout=settings.timeout,
            http_client=anthropic.DefaultAsyncHttpxClient(**options(settings, meant)),
        )

    async def send(self, call: Call) -> Reply:
        """Ask once; see `kurabe.models.engines.served.remote.Remote`."""
        content: list[ImageBlockParam | TextBlockParam] = [_block(each) for each in call.pictures]
        content.append({"type": "text", "text": call.prompt})
        message: MessageParam = {"role": "user", "content": content}
        thinking: ThinkingConfigAdaptiveParam | ThinkingConfigDisabledParam
        thinking = {"type": "adaptive"} if self._settings.thinking else {"type": "disabled"}
        sampling = {"temperature": call.temperature, "top_p": call.top_p, "top_k": call.top_k}
        sampling = {name: value for name, value in sampling.items() if value is not None}
        form = call.form
        asking = self._client.messages.with_raw_response.create(
            model=self._settings.model,
            max_tokens=call.max_new_tokens,
            messages=[message],
            thinking=thinking,
            output_config=anthropic.omit
            if form is None
            else {"format": {"type": "json_schema", "schema": dict(form.schema)}},
            extra_body=sampling or None,
            extra_headers={"anthropic-version": _BEFORE} if sampling else None,
        )
        try:
            return reply_of(await self._body(asking))
        except RemoteError as error:
            if error.trouble == "refused" and not self._settings.thinking and "thinking" in error.what:
                raise RemoteError("denied", error.what + MUST_THINK) from None
            raise

    async def about(self) -> Mapping[str, object]:
        """Return what the API tells of the model."""
        entry = loaded(await self._body(self._client.models.with_raw_response.retrieve(self._settings.model)))
        return {name: value for name in _TOLD if (value := of(entry, name)) is not None}

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def _body(self, asking: Awaitable[anthropic.AsyncAPIResponse[Any]]) -> bytes:
        response = await received(asking, self._asked, (anthropic.APIConnectionError,))
        raw: httpx2.Response = response.http_response
        return raw.content


def _block(picture: Encoded) -> ImageBlockParam:
    mime: Literal["image/png", "image/jpeg"] = "image/png" if picture.mime == "image/png" else "image/jpeg"
    return {"type": "image", "source": {"type": "base64", "media_type": mime, "data": picture.data}}

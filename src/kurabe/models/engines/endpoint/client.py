"""A server that speaks OpenAI's chat completions, through OpenAI's own client."""

import json
from collections.abc import AsyncIterator, Awaitable, Mapping

import httpx2
import openai

from kurabe.models.engines.endpoint.messages import Spelling, content_of
from kurabe.models.engines.endpoint.replies import prompt_of, reply_of
from kurabe.models.engines.endpoint.settings import EndpointSettings
from kurabe.models.engines.endpoint.troubles import of_connection, of_status
from kurabe.models.engines.served.remote import Call, Feature, RemoteError, Reply
from kurabe.models.engines.served.secrets import from_environment
from kurabe.models.protocol import PromptTokens

_LARGEST_REPLY = 16 * 2**20
"""Bytes of a reply; the longest answers take thousands. No server may fill the memory."""

_CONNECT_SECONDS = 10.0

_IDLE_SECONDS = 2.0
"""Seconds after which an idle connection is closed: before servers do so, usually after 5 s, and because each
idle one is looked at for each request."""

_AS_JSON: openai.RequestOptions = {"headers": {"Content-Type": "application/json"}}

_OURS = ("host", "accept", "accept-encoding", "connection", "content-type", "content-length", "user-agent")
"""Headers that are sent besides the key and those that the entry names. The client would add others, some of
them from variables that are meant for OpenAI's own servers."""

_TOLD = ("id", "root", "parent", "owned_by", "max_model_len", "context_length", "meta", "digest")
"""What servers tell of a model that stays the same until the model changes. ``created`` does not: some
servers tell the time of the request."""


class ChatServer:
    """One model of one server.

    Args:
        settings: The entry's.
    """

    offers: frozenset[Feature] = frozenset(("logprobs", "schema", "n"))

    def __init__(self, settings: EndpointSettings) -> None:
        self._settings = settings
        self._spelling = Spelling()
        key = from_environment(settings.api_key_env) if settings.api_key_env else ""
        own = {name: from_environment(variable) for name, variable in settings.headers_env.items()}
        named = (*_OURS, *own, *(["authorization"] if key else []))
        meant = frozenset(name.lower().encode() for name in named)

        async def send_only_what_is_meant(request: httpx2.Request) -> None:
            # In one go: taking out one after the other costs a millisecond.
            request.headers = httpx2.Headers(
                [each for each in request.headers.raw if each[0].lower() in meant]
            )

        most = settings.concurrency + 2
        self._client = openai.AsyncOpenAI(
            api_key=key or "none",
            base_url=settings.base_url,
            default_headers={**own, "Accept-Encoding": "identity"},
            max_retries=0,
            http_client=openai.DefaultAsyncHttpxClient(
                follow_redirects=False,  # whoever is redirected to would get the key, too
                timeout=httpx2.Timeout(settings.timeout, connect=min(_CONNECT_SECONDS, settings.timeout)),
                limits=httpx2.Limits(
                    max_connections=most, max_keepalive_connections=most, keepalive_expiry=_IDLE_SECONDS
                ),
                event_hooks={"request": [send_only_what_is_meant], "response": [_bound]},
            ),
        )

    async def send(self, call: Call) -> Reply:
        """Ask once; see `kurabe.models.engines.served.remote.Remote`."""
        while True:
            spelling = self._spelling
            content = content_of(self._settings.model, call, spelling)
            try:
                response = await self._ask(
                    self._client.post(
                        "/chat/completions", cast_to=httpx2.Response, content=content, options=_AS_JSON
                    )
                )
            except RemoteError as error:
                other = spelling.after(error, call)
                if other is None:
                    raise
                self._spelling = other
            else:
                return reply_of(response.content)

    async def prompt_tokens(self, call: Call) -> PromptTokens:
        """Return what the server tells of a prompt's tokens, in the two ways that servers have."""
        body: dict[str, object] = json.loads(content_of(self._settings.model, call, self._spelling))
        try:
            told = await self._tokens("/chat/completions", {**body, "return_token_ids": True})
        except RemoteError as error:
            if error.trouble != "refused":
                raise
            told = await self._tokens("/chat/completions", body)
        if told.ids is not None:
            return told
        rendered = {"model": body["model"], "messages": body["messages"], "add_generation_prompt": True}
        try:
            before = await self._tokens(f"{self._settings.base_url.removesuffix('/v1')}/tokenize", rendered)
        except RemoteError:
            return told  # most servers have no such address
        return PromptTokens(told.count, before.ids, whole=before.count == told.count)

    async def _tokens(self, where: str, body: dict[str, object]) -> PromptTokens:
        response = await self._ask(self._client.post(where, cast_to=httpx2.Response, body=body))
        return prompt_of(response.content)

    async def about(self) -> Mapping[str, object]:
        """Return what the server tells of the model."""
        response = await self._ask(self._client.get("/models", cast_to=httpx2.Response))
        try:
            listed = json.loads(response.content)["data"]
            (entry,) = [each for each in listed if each["id"] == self._settings.model][:1]
        except (ValueError, LookupError, TypeError):
            return {}  # it has another name for it, or tells nothing: asking will show
        self._spelling = self._spelling.for_owner(str(entry.get("owned_by")))
        return {name: entry[name] for name in _TOLD if entry.get(name) is not None}

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def _ask(self, asking: Awaitable[httpx2.Response]) -> httpx2.Response:
        """Wait for a reply, and raise whatever comes instead without its chain, which holds the key.

        Raises:
            RemoteError: If there is none.
        """
        try:
            response = await asking
        except openai.APIStatusError as error:
            location = error.response.headers.get("location", "")
            after = error.response.headers.get("retry-after", "")
            trouble = of_status(
                error.status_code, error.response.text, self._settings, location=location, retry_after=after
            )
        except openai.APIConnectionError as error:
            trouble = of_connection(error.__cause__ or error, self._settings)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError) as error:
            trouble = of_connection(error, self._settings)
        else:
            return response
        raise trouble from None


async def _bound(response: httpx2.Response) -> None:
    """Refuse a reply that could fill the memory."""
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise RemoteError("broken", "sends a compressed reply, though asked not to")
    assert isinstance(response.stream, httpx2.AsyncByteStream)
    response.stream = _Bounded(response.stream)


class _Bounded(httpx2.AsyncByteStream):
    """A reply's bytes, as long as there are not too many."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the bytes.

        Raises:
            RemoteError: If there are too many.
        """
        left = _LARGEST_REPLY
        async for chunk in self._stream:
            left -= len(chunk)
            if left < 0:
                raise RemoteError("refused", f"gave a reply of more than {_LARGEST_REPLY // 2**20} MiB")
            yield chunk

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._stream.aclose()

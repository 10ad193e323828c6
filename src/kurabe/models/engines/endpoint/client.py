"""A server that speaks OpenAI's chat completions."""

import json
from collections.abc import Mapping

from kurabe.models.engines.endpoint.connection import Connection
from kurabe.models.engines.endpoint.messages import Spelling, content_of
from kurabe.models.engines.endpoint.replies import prompt_of, reply_of
from kurabe.models.engines.endpoint.settings import EndpointSettings
from kurabe.models.engines.served.remote import Call, Feature, RemoteError, Reply
from kurabe.models.engines.served.secrets import from_environment
from kurabe.models.engines.served.troubles import Asked
from kurabe.models.protocol import PromptTokens

_WORDS: dict[Feature, str] = {
    "logprobs": r"logprob",
    "schema": r"response_format|json_schema|structured|guided|grammar",
    "n": r"['\"`]n['\"`]|\bn must\b|\bn\s*[=>]|multiple (choices|completions)",
}
"""By which words of a server a feature is named."""

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
        self._asked = Asked(
            settings.base_url,
            f"{settings.base_url}/chat/completions",
            settings.model,
            settings.api_key_env,
            _WORDS,
        )
        if key:
            own["Authorization"] = f"Bearer {key}"
        self._connection = Connection(settings, own, self._asked)

    async def send(self, call: Call) -> Reply:
        """Ask once; see `kurabe.models.engines.served.remote.Remote`."""
        while True:
            spelling = self._spelling
            content = content_of(self._settings.model, call, spelling)
            try:
                reply = await self._connection.post(self._asked.place, content)
            except RemoteError as error:
                other = spelling.after(error, call)
                if other is None:
                    raise
                self._spelling = other
            else:
                return reply_of(reply)

    async def prompt_tokens(self, call: Call) -> PromptTokens:
        """Return what the server tells of a prompt's tokens, in the two ways that servers have."""
        body: dict[str, object] = json.loads(content_of(self._settings.model, call, self._spelling))
        try:
            told = await self._tokens(self._asked.place, {**body, "return_token_ids": True})
        except RemoteError as error:
            if error.trouble != "refused":
                raise
            told = await self._tokens(self._asked.place, body)
        if told.ids is not None:
            return told
        rendered = {"model": body["model"], "messages": body["messages"], "add_generation_prompt": True}
        try:
            before = await self._tokens(f"{self._settings.base_url.removesuffix('/v1')}/tokenize", rendered)
        except RemoteError:
            return told  # most servers have no such address
        return PromptTokens(told.count, before.ids, whole=before.count == told.count)

    async def _tokens(self, where: str, body: dict[str, object]) -> PromptTokens:
        return prompt_of(await self._connection.post(where, json.dumps(body).encode()))

    async def about(self) -> Mapping[str, object]:
        """Return what the server tells of the model."""
        told = await self._connection.get(f"{self._settings.base_url}/models")
        try:
            listed = json.loads(told)["data"]
            (entry,) = [each for each in listed if each["id"] == self._settings.model][:1]
        except (ValueError, LookupError, TypeError):
            return {}  # it has another name for it, or tells nothing: asking will show
        self._spelling = self._spelling.for_owner(str(entry.get("owned_by")))
        return {name: entry[name] for name in _TOLD if entry.get(name) is not None}

    async def close(self) -> None:
        """Close all connections."""
        await self._connection.close()

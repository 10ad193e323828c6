"""How clients of APIs send: nothing but what is meant, to nobody else, and with replies that fit into memory.

Only engines that are asked import it: it needs ``httpx2``, which comes with the clients.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any, TypedDict, TypeVar

import httpx2

from kurabe.models.engines.served.remote import RemoteError
from kurabe.models.engines.served.settings import ServedSettings
from kurabe.models.engines.served.troubles import (
    CONNECT_SECONDS,
    IDLE_SECONDS,
    LARGEST_REPLY,
    Asked,
    of_connection,
    of_status,
    too_large,
)

T = TypeVar("T")

_OURS = ("host", "accept", "connection", "content-type", "content-length", "user-agent")
"""Headers that every request has, besides the key and those that the entry names."""


class Options(TypedDict):
    """What an ``httpx2.AsyncClient`` takes."""

    follow_redirects: bool
    timeout: httpx2.Timeout
    limits: httpx2.Limits
    event_hooks: dict[str, list[Callable[..., Any]]]


def options(settings: ServedSettings, meant: Iterable[str]) -> Options:
    """Return how an HTTP client is made.

    Args:
        settings: The entry's.
        meant: Headers that may be sent besides the usual ones. A client would add others, some of them from
            variables that are meant for somebody else's server.
    """
    allowed = frozenset(name.lower().encode() for name in (*_OURS, *meant))

    async def send_only_what_is_meant(request: httpx2.Request) -> None:
        # In one go: taking out one after the other costs a millisecond.
        kept = [each for each in request.headers.raw if each[0].lower() in allowed]
        request.headers = httpx2.Headers([*kept, (b"Accept-Encoding", b"identity")])

    most = settings.concurrency + 2
    return Options(
        follow_redirects=False,  # whoever is redirected to would get the key, too
        timeout=httpx2.Timeout(settings.timeout, connect=min(CONNECT_SECONDS, settings.timeout)),
        limits=httpx2.Limits(
            max_connections=most, max_keepalive_connections=most, keepalive_expiry=IDLE_SECONDS
        ),
        event_hooks={"request": [send_only_what_is_meant], "response": [_bound]},
    )


async def received(asking: Awaitable[T], asked: Asked, wrapped: tuple[type[Exception], ...] = ()) -> T:
    """Wait for a reply, and raise whatever comes instead without its chain, which holds the key.

    Args:
        asking: A client's call.
        asked: Who is asked.
        wrapped: The client's exceptions that stand for the failure that caused them.

    Raises:
        RemoteError: If there is no reply.
    """
    try:
        return await asking
    except RemoteError:
        raise
    except Exception as error:
        trouble = _trouble(error, asked, wrapped)
        if trouble is None:
            raise
    raise trouble from None


def _trouble(error: Exception, asked: Asked, wrapped: tuple[type[Exception], ...]) -> RemoteError | None:
    """Return what an exception means; None for a mistake of ours."""
    response = getattr(error, "response", None)
    if isinstance(response, httpx2.Response):
        told = {name: response.headers.get(name, "") for name in ("location", "retry-after")}
        return of_status(
            response.status_code,
            response.text,
            asked,
            location=told["location"],
            retry_after=told["retry-after"],
        )
    cause = error.__cause__ or error if isinstance(error, wrapped) else error
    if isinstance(cause, RemoteError):
        return cause
    if isinstance(cause, (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError, *wrapped)):
        return of_connection(cause, asked)
    return None


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
        left = LARGEST_REPLY
        async for chunk in self._stream:
            left -= len(chunk)
            if left < 0:
                raise too_large()
            yield chunk

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._stream.aclose()

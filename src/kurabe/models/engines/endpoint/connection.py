"""Requests over HTTP: nothing but what is meant, to nobody else, and replies that fit into memory.

The client is aiohttp. Of OpenAI's own nothing but its sending would be used here, and that took more than
half of the interpreter's time where many requests are under way (``perf/endpoint.py``).
"""

import io
import os
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import truststore

from kurabe.models.engines.served.remote import RemoteError
from kurabe.models.engines.served.settings import ServedSettings
from kurabe.models.engines.served.troubles import (
    CONNECT_SECONDS,
    IDLE_SECONDS,
    LARGEST_REPLY,
    Asked,
    broken_off,
    late,
    of_status,
    too_large,
    unreachable,
    untrusted,
)

_AT_ONCE = 2**20
"""Bytes that are written in one go; a longer body is written in parts, so that nothing else waits for it."""


class Connection:
    """Connections to a server, opened as they are needed. To be made and used in one event loop.

    Args:
        settings: The entry's.
        headers: What is sent with each request, besides what HTTP needs.
        asked: Who is asked, for messages.
    """

    def __init__(self, settings: ServedSettings, headers: Mapping[str, str], asked: Asked) -> None:
        self._asked = asked
        self._settings = settings
        self._headers = headers
        self._proxy = _proxy_for(asked.where)
        self._session: aiohttp.ClientSession | None = None

    async def get(self, address: str) -> bytes:
        """Fetch a resource of the server's.

        Raises:
            RemoteError: If there is no reply, or none that says that all is well.
        """
        return await self._request("GET", address, None)

    async def post(self, address: str, body: bytes) -> bytes:
        """Send JSON, and return the body of the reply.

        Raises:
            RemoteError: If there is no reply, or none that says that all is well.
        """
        return await self._request("POST", address, body)

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    async def _request(self, method: str, address: str, body: bytes | None) -> bytes:
        try:
            return await self._reply(method, address, body)
        except RemoteError:
            raise
        except (aiohttp.ClientError, ssl.SSLError, OSError, ValueError) as error:
            trouble = _trouble(error, self._asked)
        # Without its chain, which holds the key.
        raise trouble from None

    async def _reply(self, method: str, address: str, body: bytes | None) -> bytes:
        self._session = self._session or self._connect()
        kind = {} if body is None else {"Content-Type": "application/json"}
        data = body if body is None or len(body) <= _AT_ONCE else io.BytesIO(body)
        # Redirects are not followed: whoever is redirected to would get the key, too.
        asking = self._session.request(
            method, address, data=data, headers=kind, proxy=self._proxy, allow_redirects=False
        )
        async with asking as response:
            content = await _content(response)
            if 200 <= response.status < 300:
                return content
            told = {name: response.headers.get(name, "") for name in ("Location", "Retry-After")}
            text = content.decode("utf-8", "replace")
            raise of_status(
                response.status, text, self._asked, location=told["Location"], retry_after=told["Retry-After"]
            )

    def _connect(self) -> aiohttp.ClientSession:
        seconds = self._settings.timeout
        return aiohttp.ClientSession(
            headers={"User-Agent": "kurabe", "Accept-Encoding": "identity", **self._headers},
            connector=aiohttp.TCPConnector(
                limit=self._settings.concurrency + 2, keepalive_timeout=IDLE_SECONDS, ssl=_certificates()
            ),
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=min(CONNECT_SECONDS, seconds), sock_read=seconds
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,  # it would also send what a netrc file holds; the proxy is ours to find
            auto_decompress=False,
        )


async def _content(response: aiohttp.ClientResponse) -> bytes:
    """Return a reply's body, unless it could fill the memory."""
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RemoteError("broken", "sends a compressed reply, though asked not to")
    parts: list[bytes] = []
    length = 0
    async for part in response.content.iter_any():
        length += len(part)
        if length > LARGEST_REPLY:
            raise too_large()
        parts.append(part)
    return b"".join(parts)


def _proxy_for(address: str) -> str | None:
    """Return the proxy that the environment names for an address; None if it is asked directly."""
    parts = urlsplit(address)
    proxies = getproxies()
    found = proxies.get(parts.scheme) or proxies.get("all")
    if not found or proxy_bypass(parts.netloc):
        return None
    return found if "://" in found else f"http://{found}"


def _certificates() -> ssl.SSLContext:
    """Return whom to trust: the authorities that the environment names, else those of the system."""
    if os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"):
        return ssl.create_default_context()
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _trouble(error: Exception, asked: Asked) -> RemoteError:
    """Return what an exception means."""
    words = str(error)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return unreachable(asked, f"the proxy refuses with {error.status}")
    if "CERTIFICATE" in words.upper():
        return untrusted(asked)
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)):
        number = getattr(error, "errno", None)
        reason = os.strerror(number) if isinstance(number, int) and number > 0 else type(error).__name__
        return unreachable(asked, reason)
    if isinstance(error, TimeoutError):
        return late(type(error).__name__)
    if type(error) is ValueError:  # how it refuses a proxy that it does not speak with
        return unreachable(asked, words)
    return broken_off(words or type(error).__name__)

"""Keys: they come from the environment, and no text that leaves an engine holds one."""

import base64
import logging
import os
import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit
from urllib.request import getproxies

_HIDDEN = "[key]"
_SHORTEST = 4
"""Values that are shorter are no keys, and would be found in ordinary words."""

_LOGGERS = (
    "aiohttp.client", "aiohttp.internal",
    "anthropic", "anthropic._base_client", "anthropic._response", "anthropic._legacy_response",
    "google_genai", "google_genai._api_client", "google_genai._common", "google_genai.models",
    "google_genai.types",
    "httpx", "httpx2", "asyncio",
    *(f"{name}.{part}" for name in ("httpcore", "httpcore2")
      for part in ("connection", "http11", "http2", "proxy", "socks")),
)  # fmt: skip
"""A filter holds for one logger and none below it."""


class Secrets:
    """Values that must not be seen; they are in no representation of this object.

    Args:
        values: The keys.
    """

    def __init__(self, values: Iterable[str]) -> None:
        found: set[str] = set()
        for value in values:
            if len(value) >= _SHORTEST:
                coded = base64.b64encode(value.encode()).decode()
                found |= {value, quote(value), quote(value, safe=""), coded, coded.rstrip("=")}
        # The longest first: one may be part of another.
        longest = sorted(found, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest)), re.IGNORECASE) if longest else None

    def scrub(self, text: str) -> str:
        """Return a text without the keys, however a server wrote them back."""
        return text if self._pattern is None else self._pattern.sub(_HIDDEN, text)

    def guard(self) -> None:
        """Keep the keys out of what the clients of APIs and their HTTP libraries log, at whatever level."""
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(self._filter)

    def _filter(self, record: logging.LogRecord) -> bool:
        if self._pattern is not None:
            record.msg, record.args = self.scrub(record.getMessage()), ()
        return True


def of_proxies() -> list[str]:
    """Return the passwords of the proxies that the environment names."""
    found = [urlsplit(address).password for address in getproxies().values()]
    return [unquote(password) for password in found if password]


def from_environment(name: str) -> str:
    """Return a variable's value without space around it, as files of keys end in a line feed; "" if unset."""
    return os.environ.get(name, "").strip()

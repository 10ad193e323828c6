"""What ``models.toml`` may set of an ``endpoint`` entry."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from kurabe.models.engines.served.settings import ServedSettings


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"no address: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an address begins with http:// or https:// and a host, as http://127.0.0.1:8000/v1")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address holds no user name and no password: name a variable by 'api_key_env'")
    if parts.query or parts.fragment:
        raise ValueError("an address ends with its path, usually /v1: nothing may follow")
    return text.rstrip("/")


class EndpointSettings(ServedSettings):
    """Settings of an ``endpoint`` entry.

    Attributes:
        base_url: Where the server is, up to the version: ``http://127.0.0.1:8000/v1``.
    """

    base_url: Annotated[str, AfterValidator(_address)]

    def depends_on(self) -> dict[str, object]:
        """Return what answers depend on, without the address, which the engine tells apart."""
        found = super().depends_on()
        del found["base_url"]
        return found

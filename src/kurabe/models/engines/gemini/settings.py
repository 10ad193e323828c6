"""What ``models.toml`` may set of a ``gemini`` entry."""

from typing import ClassVar

from kurabe.models.engines.served.cloud import CloudSettings
from kurabe.models.engines.served.settings import Address

_ADDRESS = "https://generativelanguage.googleapis.com/v1"


class GeminiSettings(CloudSettings):
    """Settings of a ``gemini`` entry.

    Attributes:
        base_url: Where the API is, up to the version.
    """

    usual_address: ClassVar[str] = _ADDRESS
    usual_keys: ClassVar[tuple[str, ...]] = ("GOOGLE_API_KEY", "GEMINI_API_KEY")

    base_url: Address = _ADDRESS

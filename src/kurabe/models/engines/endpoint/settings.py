"""What ``models.toml`` may set of an ``endpoint`` entry."""

from kurabe.models.engines.served.settings import Address, ServedSettings


class EndpointSettings(ServedSettings):
    """Settings of an ``endpoint`` entry.

    Attributes:
        base_url: Where the server is, up to the version: ``http://127.0.0.1:8000/v1``.
    """

    base_url: Address

    def depends_on(self) -> dict[str, object]:
        """Return what answers depend on, without the address, which the engine tells apart."""
        found = super().depends_on()
        del found["base_url"]
        return found

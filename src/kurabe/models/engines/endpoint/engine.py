"""What makes an engine of an ``endpoint`` entry."""

from kurabe.models.config import Entry
from kurabe.models.context import Context
from kurabe.models.engines.endpoint.settings import EndpointSettings
from kurabe.models.engines.served.engine import Api, ServedEngine
from kurabe.models.engines.served.remote import Remote


def create(entry: Entry, context: Context) -> ServedEngine:
    """Build the engine of an entry."""
    settings = EndpointSettings.model_validate(entry.settings)

    def connect() -> Remote:
        from kurabe.models.engines.endpoint.client import ChatServer

        return ChatServer(settings)

    return ServedEngine(entry.name, settings, Api("endpoint", "aiohttp", settings.base_url, connect), context)

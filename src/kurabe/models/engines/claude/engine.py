"""What makes an engine of a ``claude`` entry."""

from kurabe.models.config import Entry
from kurabe.models.context import Context
from kurabe.models.engines.claude.settings import ClaudeSettings
from kurabe.models.engines.served.engine import Api, ServedEngine
from kurabe.models.engines.served.remote import Remote


def create(entry: Entry, context: Context) -> ServedEngine:
    """Build the engine of an entry."""
    settings = ClaudeSettings.model_validate(entry.settings)

    def connect() -> Remote:
        from kurabe.models.engines.claude.client import ClaudeApi

        return ClaudeApi(settings)

    return ServedEngine(entry.name, settings, Api("claude", "anthropic", settings.base_url, connect), context)

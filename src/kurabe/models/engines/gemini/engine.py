"""What makes an engine of a ``gemini`` entry."""

from kurabe.models.config import Entry
from kurabe.models.context import Context
from kurabe.models.engines.gemini.settings import GeminiSettings
from kurabe.models.engines.served.engine import Api, ServedEngine
from kurabe.models.engines.served.remote import Remote


def create(entry: Entry, context: Context) -> ServedEngine:
    """Build the engine of an entry."""
    settings = GeminiSettings.model_validate(entry.settings)

    def connect() -> Remote:
        from kurabe.models.engines.gemini.client import GeminiApi

        return GeminiApi(settings)

    return ServedEngine(
        entry.name, settings, Api("gemini", "google.genai", settings.base_url, connect), context
    )

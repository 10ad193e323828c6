"""What ``models.toml`` may set of a ``claude`` entry."""

from typing import Any, ClassVar, Literal, Self

from pydantic import model_validator

from kurabe.models.engines.served.cloud import CloudSettings
from kurabe.models.engines.served.settings import Address

_ADDRESS = "https://api.anthropic.com"


class ClaudeSettings(CloudSettings):
    """Settings of a ``claude`` entry.

    Attributes:
        base_url: Where the API is; without the version.
        server_sampling: Sends no temperature: the API takes none since its version of 2026-10-21. An entry
            with a ``temperature`` is asked in the version before, which older models still take.
        verdict: ``text`` or ``samples``: the API tells no probabilities.
    """

    usual_address: ClassVar[str] = _ADDRESS
    usual_keys: ClassVar[tuple[str, ...]] = ("ANTHROPIC_API_KEY",)

    base_url: Address = _ADDRESS
    server_sampling: bool = True
    verdict: Literal["logits", "text", "samples"] = "text"

    @model_validator(mode="before")
    @classmethod
    def _samples_as_the_entry_says(cls, values: Any) -> Any:
        if isinstance(values, dict) and "temperature" in values:
            return {"server_sampling": False, **values}
        return values

    @model_validator(mode="after")
    def _is_what_the_api_has(self) -> Self:
        if self.verdict == "logits":
            raise ValueError("Claude's API tells no probabilities: verdict is 'text' or 'samples'")
        if self.temperature > 1:
            raise ValueError("Claude's API takes a 'temperature' from 0 to 1")
        if "seed" in self.model_fields_set:
            raise ValueError("Claude's API takes no 'seed'")
        return self

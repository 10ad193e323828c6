"""What ``models.toml`` may set of the models of a company that has one API of its own."""

from typing import ClassVar, Self

from pydantic import model_validator

from kurabe.models.engines.served.secrets import from_environment
from kurabe.models.engines.served.settings import Address, ServedSettings

MUST_THINK = "; if it has to think before it answers: set 'thinking = true' and a larger 'max_new_tokens'"
"""What follows where a model refuses not to think."""


class CloudSettings(ServedSettings):
    """Settings of such a model; an engine names the company's address and variables, and may take less.

    Attributes:
        base_url: Where the API is, if not where its company has it, as behind a gateway.
        thinking: Whether the model thinks before it answers; what it thinks counts as tokens of the answer.
    """

    usual_address: ClassVar[str]
    usual_keys: ClassVar[tuple[str, ...]]
    """The variables that the API's own client takes the key from, in its order."""

    base_url: Address
    thinking: bool = False

    @model_validator(mode="after")
    def _has_room_to_think(self) -> Self:
        if self.thinking and "max_new_tokens" not in self.model_fields_set:
            raise ValueError("'thinking' takes tokens of the answer: set 'max_new_tokens', too, such as 4000")
        return self

    @property
    def key(self) -> str | None:
        """The variable that holds the key; the usual one goes to nobody but its company."""
        if self.api_key_env is not None or self.base_url != self.usual_address:
            return self.api_key_env
        return next((name for name in self.usual_keys if from_environment(name)), self.usual_keys[-1])

    @property
    def variables(self) -> list[str]:
        """The environment variables that hold keys."""
        return [*([self.key] if self.key else []), *self.headers_env.values()]

    def depends_on(self) -> dict[str, object]:
        """Return what answers depend on, without the address, which the engine tells apart."""
        found = super().depends_on()
        del found["base_url"]
        return found

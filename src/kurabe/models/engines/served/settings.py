"""What ``models.toml`` may set of every served model."""

import re
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from kurabe.models.engines.served.secrets import from_environment
from kurabe.models.generation import Generation

Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
"""The name of an environment variable. A key itself would not fit: most have a hyphen."""


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


Address = Annotated[str, AfterValidator(_address)]
"""Where a server is. It holds no secret."""


class Prices(BaseModel):
    """What a million tokens cost, in a currency of the user's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: float = Field(ge=0, allow_inf_nan=False)
    output: float = Field(ge=0, allow_inf_nan=False)

    def of(self, tokens_in: int | None, tokens_out: int | None) -> float | None:
        """Return what so many tokens cost; None if their number is unknown."""
        if tokens_in is None or tokens_out is None:
            return None
        return (tokens_in * self.input + tokens_out * self.output) / 1e6


class ServedSettings(Generation):
    """Settings of every served model, besides those of `Generation`; an engine adds where its server is.

    Attributes:
        model: The model's name as the server knows it.
        api_key_env: The environment variable that holds the key.
        headers_env: Further headers, each with the environment variable that holds its value.
        max_pixels: Larger pictures are made smaller to about so many pixels.
        picture: How pictures are sent: ``png`` (exact) or ``jpeg``.
        quality: Of ``jpeg``, 1 to 100.
        server_sampling: Sends no temperature, as some models that reason take none: the server chooses how it
            samples.
        verdict: ``logits`` reads verdicts off the first token's probabilities where the server tells them,
            ``text`` off the words, ``samples`` off the words of ``samples`` answers.
        samples: How many answers P(different) is counted from.
        structured: Whether answers are asked for in a fixed form where no probabilities are wanted.
        prices: Per million tokens.
        concurrency: The most requests under way.
        timeout: Seconds until a request that has no reply is given up.
        retries: How often a request is repeated.
        patience: Seconds without any connection after which the server counts as gone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field(min_length=1)
    api_key_env: Variable | None = None
    headers_env: dict[str, Variable] = Field(default_factory=dict)
    max_pixels: int | None = Field(None, ge=1024)
    picture: Literal["png", "jpeg"] = "png"
    quality: int = Field(95, ge=1, le=100)
    server_sampling: bool = False
    verdict: Literal["logits", "text", "samples"] = "logits"
    samples: int = Field(8, ge=2, le=256)
    structured: bool = True
    prices: Prices | None = None
    concurrency: int = Field(64, ge=1, le=1024)
    timeout: float = Field(300.0, gt=0, allow_inf_nan=False)
    retries: int = Field(6, ge=0, le=100)
    patience: float = Field(10.0, ge=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.server_sampling and self.sampled:
            raise ValueError("'server_sampling' leaves the 'temperature' to the server: set one of the two")
        if self.verdict == "samples" and self.greedy:
            raise ValueError(
                "verdict = 'samples' needs a 'temperature' above 0: greedy answers are all alike"
            )
        if self.verdict != "samples" and "samples" in self.model_fields_set:
            raise ValueError("'samples' is the number of answers for verdict = 'samples'")
        if self.picture == "png" and "quality" in self.model_fields_set:
            raise ValueError("'quality' is one of picture = 'jpeg'")
        for header in self.headers_env:
            if not re.fullmatch(r"[A-Za-z0-9-]+", header):
                raise ValueError(f"'headers_env': no header can be called {header!r}")
        return self

    @property
    def greedy(self) -> bool:
        """Whether asking again would tell nothing new."""
        return not self.sampled and not self.server_sampling

    @property
    def variables(self) -> list[str]:
        """The environment variables that hold keys."""
        return [*([self.api_key_env] if self.api_key_env else []), *self.headers_env.values()]

    def missing(self) -> str:
        """Say which environment variable is not set, or holds no key; "" if all do."""
        unset = [name for name in self.variables if not from_environment(name)]
        if unset:
            return f"set the environment variable {' and '.join(unset)}"
        # A header cannot hold them, and whoever complains of that would show the value.
        odd = [name for name in self.variables if not re.fullmatch("[!-~ ]+", from_environment(name))]
        return f"{' and '.join(odd)} holds line feeds or other characters that no key has" if odd else ""

    def depends_on(self) -> dict[str, object]:
        """Return what answers depend on, for the cache's key: neither keys nor speed nor prices."""
        beside = {
            "api_key_env", "headers_env", "prices", "concurrency", "timeout", "retries", "patience",
        }  # fmt: skip
        return {**self.model_dump(exclude=beside), "headers": sorted(self.headers_env)}

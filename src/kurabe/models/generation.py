"""How a model writes its answers: the settings that every engine whose model writes words takes."""

from typing import Self

from pydantic import BaseModel, Field, model_validator

USUAL_LENGTH = 128
"""Tokens of an answer at most, where neither the entry nor the prompt says anything."""


class Generation(BaseModel):
    """Settings of generation; the settings of an engine build on them.

    Attributes:
        temperature: 0 decodes greedily; above, answers are sampled.
        top_k: Sample from the so many likeliest tokens only; None for all.
        top_p: Sample from the likeliest tokens that together have this probability; None for all.
        seed: What sampling starts from, besides the request and the number of its repeat.
        max_new_tokens: Tokens of an answer in words at most. Up to 128 it lowers the limit of each prompt;
            above, answers may be that long whatever the prompts say.
    """

    temperature: float = Field(0.0, ge=0, allow_inf_nan=False)
    top_k: int | None = Field(None, ge=1)
    top_p: float | None = Field(None, gt=0, le=1)
    seed: int = Field(0, ge=0, lt=2**63)
    max_new_tokens: int = Field(USUAL_LENGTH, ge=1)

    @model_validator(mode="after")
    def _samples_if_it_says_how(self) -> Self:
        for key in ("top_k", "top_p"):
            if getattr(self, key) is not None and not self.sampled:
                raise ValueError(f"'{key}' has no effect at temperature 0: set 'temperature' above 0, too")
        return self

    @property
    def sampled(self) -> bool:
        """Whether answers are sampled, so that asking again may give another one."""
        return self.temperature > 0

    def limit(self, prompts: int) -> int:
        """Return how many tokens an answer in words may have where its prompt allows so many."""
        own = self.max_new_tokens
        return own if own > USUAL_LENGTH else min(own, prompts)

    @property
    def identity(self) -> str:
        """What sets answers apart, for an engine's fingerprint; "" for what is not set."""
        told = {"max_new_tokens": self.max_new_tokens} if self.max_new_tokens != USUAL_LENGTH else {}
        if self.sampled:
            told |= {key: getattr(self, key) for key in ("top_k", "top_p", "seed") if getattr(self, key)}
        return "".join(f" {key}={value}" for key, value in told.items())

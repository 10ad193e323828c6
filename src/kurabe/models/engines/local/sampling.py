"""Sampling by a seed of each request, so that its answer depends on no other request of its batch."""

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kurabe.common.request import Request
from kurabe.imaging.content import content_id
from kurabe.models.generation import Generation

if TYPE_CHECKING:
    import torch


def seed_of(request: Request, seed: int) -> int:
    """Return what the draws for a request start from, in [0, 2**63).

    It holds the entry's seed, the number of the repeat, and what is shown and asked: other requests have
    other draws, whatever they are answered with.

    Args:
        request: The request.
        seed: The entry's.
    """
    contents = request.contents or tuple(map(content_id, request.pictures))
    told = json.dumps([seed, request.seed, request.prompt, contents], ensure_ascii=False)
    return int.from_bytes(hashlib.blake2b(told.encode(), digest_size=8).digest(), "big") >> 1


class Sampler:
    """A logits processor after which the likeliest token is a draw: a row's draws are its own.

    The draw is exact: of exponential variables, each divided by its token's probability, the least one is a
    token's with just that probability.

    Args:
        settings: How to sample; their temperature is above 0.
        seeds: One a row; see `seed_of`.
    """

    def __init__(self, settings: Generation, seeds: Sequence[int]) -> None:
        self._settings = settings
        self._seeds = seeds
        self._generators: list[torch.Generator] = []

    def __call__(self, input_ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        """Return scores, shape (rows, vocabulary), of which the largest one of each row is drawn."""
        import torch

        if not self._generators:
            self._generators = [torch.Generator(scores.device).manual_seed(seed) for seed in self._seeds]
        drawn = torch.empty_like(scores, dtype=torch.float32)
        for row, generator in zip(drawn, self._generators, strict=True):
            row.exponential_(generator=generator)
        return self.left(input_ids, scores) - drawn.log()

    def left(self, input_ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        """Return logits as temperature, top_k and top_p leave them, in this order; -inf is never drawn."""
        from transformers import TopKLogitsWarper, TopPLogitsWarper

        # From the largest one on, for small temperatures would else make infinite ones.
        own = self._settings
        left = (scores.float() - scores.amax(-1, keepdim=True).float()) / own.temperature
        if own.top_k is not None:
            left = TopKLogitsWarper(own.top_k)(input_ids, left)
        if own.top_p is not None and own.top_p < 1:
            left = TopPLogitsWarper(own.top_p)(input_ids, left)
        return left

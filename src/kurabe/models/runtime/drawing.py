"""Sampled tokens: each row draws by its own key and the place of its token, whatever else is in the batch."""

from dataclasses import dataclass

import torch
from torch import Tensor

_STEP = -7046029254386353131
_MIXING = (-4658895280553007687, -7723592293110705685)
"""Constants of SplitMix64, as signed numbers: a counter goes in, and 64 bits come out that look random."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are drawn; see `kurabe.models.generation.Generation`.

    Attributes:
        temperature: Above 0.
        top_k: None for all tokens.
        top_p: Likewise.
    """

    temperature: float
    top_k: int | None = None
    top_p: float | None = None

    def draw(self, logits: Tensor, keys: Tensor, places: Tensor) -> Tensor:
        """Draw a token for each row; nothing waits for the device.

        Of exponential variables, each divided by its token's probability, the least one is a token's with
        just that probability.

        Args:
            logits: (rows, vocabulary).
            keys: int64 (rows,): what a row's draws start from.
            places: int64 (rows,): where in the row the token will stand.

        Returns:
            int64 (rows,).
        """
        left = self.left(logits)
        uniform = uniforms(keys, places, logits.shape[-1])
        drawn: Tensor = (left - uniform.log_().neg_().log_()).argmax(-1)
        return drawn

    def left(self, logits: Tensor) -> Tensor:
        """Return float32 logits as temperature, top_k and top_p leave them, in this order; else -inf."""
        # From the largest one on, for small temperatures would else make infinite ones.
        left = (logits.float() - logits.amax(-1, keepdim=True).float()) / self.temperature
        if self.top_k is not None and self.top_k < left.shape[-1]:
            least = left.topk(self.top_k, -1).values[:, -1:]
            left = left.masked_fill(left < least, -torch.inf)
        if self.top_p is not None and self.top_p < 1:
            shares, order = left.softmax(-1).sort(-1, descending=True)
            # What stands behind those that have the probability together; the likeliest one stays.
            behind = (shares.cumsum(-1) - shares) >= self.top_p
            left = left.masked_fill(torch.zeros_like(behind).scatter(-1, order, behind), -torch.inf)
        return left


def uniforms(keys: Tensor, places: Tensor, number: int) -> Tensor:
    """Return float32 (rows, number), each in (0, 1), by the row's key, its place and the number."""
    counter = torch.arange(number, device=keys.device)
    mixed = _mixed(keys + _mixed(places * _STEP))
    bits = _mixed(mixed[:, None] + counter * _STEP)
    # 24 bits are what a float32 holds; its middle keeps 0 and 1 out.
    return ((bits >> 40) & 0xFFFFFF).float().add_(0.5).mul_(2.0**-24).clamp_(max=1 - 2.0**-24)


def _mixed(bits: Tensor) -> Tensor:
    """Mix 64 bits, as SplitMix64 does; products wrap around."""
    for shift, factor in zip((30, 27), _MIXING, strict=True):
        bits = (bits ^ _shifted(bits, shift)) * factor
    return bits ^ _shifted(bits, 31)


def _shifted(bits: Tensor, number: int) -> Tensor:
    """Shift to the right and fill up with zeros, where torch fills up with the sign."""
    return (bits >> number) & ((1 << (64 - number)) - 1)

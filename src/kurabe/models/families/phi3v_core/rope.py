"""LongRoPE row by row: one long row leaves the others' rope factors alone."""

import torch
from torch import Tensor, nn
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

from kurabe.models.families.phi3v_core.configuration import Phi3VConfig


class Phi3VRotaryEmbedding(nn.Module):
    """LongRoPE whose factors each row of the batch picks by its own length.

    The frequencies are no buffers: they are computed from the config in float32 on the device where they are
    needed, so that neither a cast of the model to 16 bit nor lazy initialisation can touch them.
    """

    def __init__(self, config: Phi3VConfig, switch: int) -> None:
        super().__init__()
        self.config = config
        self.switch = switch
        self._frequencies: dict[torch.device, tuple[Tensor, Tensor, float]] = {}

    @torch.no_grad()
    def forward(self, x: Tensor, position_ids: Tensor) -> tuple[Tensor, Tensor]:
        """Compute cosines and sines.

        Args:
            x: Activations, for device and dtype.
            position_ids: (batch, tokens).

        Returns:
            Cosines and sines, each (batch, tokens, head_dim).
        """
        if x.device not in self._frequencies:
            init = ROPE_INIT_FUNCTIONS["longrope"]
            short, scaling = init(self.config, x.device, seq_len=self.switch)
            long, _ = init(self.config, x.device, seq_len=self.switch + 1)
            self._frequencies[x.device] = short, long, float(scaling)
        short, long, scaling = self._frequencies[x.device]
        length = position_ids.amax(-1, keepdim=True) + 1
        inverse = torch.where(length > self.switch, long, short)
        angles = position_ids[..., None].float() * inverse[:, None, :]
        angles = torch.cat((angles, angles), dim=-1)
        return (angles.cos() * scaling).to(x.dtype), (angles.sin() * scaling).to(x.dtype)


def crossing_rows(attention_mask: Tensor, cached: int, switch: int) -> Tensor:
    """Find the rows whose cached keys were turned by the short factors and whose next ones need the long.

    Args:
        attention_mask: (batch, tokens) of 0 and 1, the tokens to come included.
        cached: Tokens in the cache, padding included.
        switch: Length up to which the short factors hold.

    Returns:
        The rows' numbers, ascending.
    """
    before, after = attention_mask[:, :cached].sum(-1), attention_mask.sum(-1)
    return ((before <= switch) & (after > switch)).nonzero().flatten()

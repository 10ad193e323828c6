"""Llama-3.2-Vision's text side: prompts, and single tokens over static buffers.

Text attends to itself in most layers, and to its picture in the cross-attention layers between them. Tokens
from the picture's tag on see the tiles that the picture uses. Tokens in front of the tag are told to see
nothing, which transformers turns into seeing all tiles, unused ones included, while the feed-forward part of
that layer is left out. Used tiles come first, so what a token sees is always a beginning of the picture's
positions: prompts need no mask.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

from kurabe.models.runtime.cache import Buffers
from kurabe.models.runtime.kernels.attention import Seen, decode_attention, prefill_attention
from kurabe.models.runtime.kernels.elementwise import Elementwise

_ALIGNMENT = 64

# Where few queries look at many keys, cuDNN's kernel is the fastest. It plans each new shape anew, though,
# and prompts come in many: there the plan would take longer than the product.
_PROMPT_KERNELS = [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]


@dataclass(frozen=True, slots=True)
class Shown:
    """The pictures of prompts that need no mask between them.

    Attributes:
        features: (rows, positions, hidden), projected, unused tiles included.
        seen: Positions of used tiles.
        tag: Where the picture's tag stands in each prompt.
    """

    features: Tensor
    seen: int
    tag: int


@dataclass(frozen=True, slots=True)
class Places:
    """Where keys, values and state of prompts go.

    Attributes:
        buffers: The batch's.
        rows: int64 (prompts,): the row of each in the buffers.
    """

    buffers: Buffers
    rows: Tensor

    def keep_tokens(self, number: int, keys: Tensor, values: Tensor) -> None:
        """Store keys and values of a layer's tokens, (prompts, kv_heads, tokens, head_dim) each."""
        for target, source in ((self.buffers.keys, keys), (self.buffers.values, values)):
            target[number][:, :, : source.shape[2]].index_copy_(0, self.rows, source.to(target[number].dtype))

    def keep_picture(self, layer: int, keys: Tensor, values: Tensor) -> None:
        """Store keys and values of a layer's pictures, (prompts, positions, kv_heads, head_dim) each."""
        for name, source in (("keys", keys), ("values", values)):
            target = self.buffers.extra[f"{name}.{layer}"]
            target[:, : source.shape[1]].index_copy_(0, self.rows, source.to(target.dtype))

    def keep_seen(self, seen: int) -> None:
        """Store how many positions tokens to come see."""
        self.buffers.extra["seen"].index_fill_(0, self.rows, seen)


class Text:
    """The language model of a `transformers.MllamaForConditionalGeneration`.

    Its modules are called as modules, so that adapters on them count.

    Args:
        model: A `transformers.MllamaTextModel`.
        small: Computes what is elementwise.
    """

    def __init__(self, model: Any, small: Elementwise) -> None:
        config = model.config
        self.heads: int = config.num_attention_heads
        self.kv_heads: int = config.num_key_value_heads
        self.head_dim: int = config.hidden_size // config.num_attention_heads
        self._model = model
        self._small = small
        self._crossing = [hasattr(layer, "cross_attn") for layer in model.layers]

    @property
    def self_layers(self) -> int:
        """Layers in which text attends to itself."""
        return self._crossing.count(False)

    def row_state(
        self, positions: int, dtype: torch.dtype
    ) -> Mapping[str, tuple[tuple[int, ...], torch.dtype]]:
        """Name what is kept of a row's picture: keys and values of each layer, and how many of them are seen.

        There is room for a multiple of 64 positions, as attention kernels want it of a mask.
        """
        room = aligned(positions)
        own = ((room, self.kv_heads, self.head_dim), dtype)
        crossing = [number for number, is_cross in enumerate(self._crossing) if is_cross]
        state = {f"{what}.{number}": own for number in crossing for what in ("keys", "values")}
        return {**state, "seen": ((), torch.int64)}

    def prompts(self, ids: Tensor, last: Tensor, shown: Shown, places: Places | None) -> Tensor:
        """Compute prompts.

        Args:
            ids: int64 (rows, tokens), padded on the right with any token.
            last: int64 (rows,): the last place of each prompt.
            shown: The pictures.
            places: Where keys, values and state go; None keeps nothing.

        Returns:
            (rows, hidden): each prompt's last place after the last norm.
        """
        states: Tensor = self._model.embed_tokens(ids)
        rows, tokens, _ = states.shape
        turns = self._turns(states, torch.arange(tokens, device=ids.device).expand(rows, -1))
        ends = torch.arange(rows, device=ids.device), last
        if places is not None:
            places.keep_seen(shown.seen)
        number, final = 0, len(self._crossing) - 1
        for index, layer in enumerate(self._model.layers):
            if self._crossing[index]:
                if index == final:
                    # No token looks at another one any more.
                    states, shown = states[ends][:, None], Shown(shown.features, shown.seen, 0)
                self._prompts_over_picture(index, layer, states, shown, places)
                continue
            change = self._prompts_over_text(number, layer, states, turns, places)
            if index == final:
                states, change = states[ends][:, None], change[ends][:, None]
            self._after(layer, states.view(-1, states.shape[-1]), change.flatten(0, 1))
            number += 1
        return self._small.norm(self._model.norm, states[:, 0])

    def _after(self, layer: Any, states: Tensor, mixed: Tensor) -> None:
        """Do what follows the attention to text, in place: (tokens, channels) to (tokens, hidden)."""
        self._small.added(states, layer.self_attn.o_proj, mixed)
        inner = self._inner(layer.mlp, self._small.norm(layer.post_attention_layernorm, states))
        self._small.added(states, layer.mlp.down_proj, inner)

    def _inner(self, mlp: Any, normed: Tensor) -> Tensor:
        """Return what the last product of an MLP takes: (tokens, hidden) to (tokens, inner channels)."""
        return self._small.gated(mlp.gate_proj(normed), mlp.up_proj(normed), mlp.act_fn)

    def _turns(self, states: Tensor, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Return the rotary cosines and sines of all tokens, (rows * tokens, head_dim) each."""
        cosines, sines = self._model.rotary_emb(states, positions)
        return cosines.flatten(0, 1), sines.flatten(0, 1)

    def _prompts_over_text(
        self, number: int, layer: Any, states: Tensor, turns: tuple[Tensor, Tensor], places: Places | None
    ) -> Tensor:
        """Let prompts attend to themselves; returns (rows, tokens, heads * head_dim)."""
        normed = self._small.norm(layer.input_layernorm, states)
        q, k, v = (
            part.unflatten(0, states.shape[:2]).transpose(1, 2)
            for part in self._projected(layer.self_attn, normed.flatten(0, 1), turns)
        )
        if places is not None:
            places.keep_tokens(number, k, v)
        return prefill_attention(q, k, v, own=self._small.fused).transpose(1, 2).flatten(2)

    def _prompts_over_picture(
        self, index: int, layer: Any, states: Tensor, shown: Shown, places: Places | None
    ) -> None:
        """Add a cross-attention layer's change to the states of prompts."""
        attention = layer.cross_attn
        split = (self.kv_heads, self.head_dim)
        keys = attention.k_proj(shown.features).unflatten(-1, split)
        keys = self._small.norm(attention.k_norm, keys)
        values = attention.v_proj(shown.features).unflatten(-1, split)
        if places is not None:
            places.keep_picture(index, keys, values)
        queries = self._queries(attention, self._small.norm(layer.input_layernorm, states))
        parts = [(slice(None), keys.shape[1])]
        if shown.seen < keys.shape[1] and shown.tag:
            parts = [(slice(shown.tag), keys.shape[1]), (slice(shown.tag, None), shown.seen)]
        elif shown.seen < keys.shape[1]:
            parts = [(slice(None), shown.seen)]
        mixed = torch.cat(
            [_looked(queries[:, own], keys[:, :width], values[:, :width]) for own, width in parts], dim=1
        )
        states.addcmul_(attention.o_proj(mixed), layer.cross_attn_attn_gate.tanh())
        behind = states[:, shown.tag :]
        normed = self._small.norm(layer.post_attention_layernorm, behind)
        change = layer.mlp.down_proj(self._inner(layer.mlp, normed.flatten(0, 1)))
        behind.addcmul_(change.view_as(behind), layer.cross_attn_mlp_gate.tanh())

    def _queries(self, attention: Any, normed: Tensor) -> Tensor:
        """Return a cross-attention layer's queries, (..., heads, head_dim)."""
        return self._small.norm(attention.q_norm, attention.q_proj(normed).unflatten(-1, (self.heads, -1)))

    def _projected(
        self, attention: Any, normed: Tensor, turns: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Project tokens to turned queries, turned keys, and values, each (tokens, heads, head_dim)."""
        q, k, v = self._heads(attention, normed)
        return self._small.rope(q, *turns), self._small.rope(k, *turns), v

    def _heads(self, attention: Any, normed: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Project tokens to queries, keys, and values, each (tokens, heads, head_dim)."""
        q, k, v = (
            project(normed).unflatten(-1, (-1, self.head_dim))
            for project in (attention.q_proj, attention.k_proj, attention.v_proj)
        )
        return q, k, v

    def token(self, ids: Tensor, positions: Tensor, buffers: Buffers, width: int) -> Tensor:
        """Compute one more token of every row.

        Args:
            ids: int64 (rows,).
            positions: int64 (rows,): the token's place in its row.
            buffers: Of as many rows.
            width: Positions of pictures to look at; a row may see fewer, as its state says.

        Returns:
            (rows, hidden), after the last norm.
        """
        states: Tensor = self._model.embed_tokens(ids)
        turns = self._turns(states, positions[:, None])
        text, picture = Seen(positions + 1, buffers.columns), Seen(buffers.extra["seen"], aligned(width))
        own, number = self._small.fused, 0
        for index, layer in enumerate(self._model.layers):
            normed = self._small.norm(layer.input_layernorm, states)
            if self._crossing[index]:
                keys, values = (
                    buffers.extra[f"{what}.{index}"][:, : picture.columns].transpose(1, 2)
                    for what in ("keys", "values")
                )
                queries = self._queries(layer.cross_attn, normed)
                mixed = decode_attention(queries, keys, values, picture, own=own)
                change = layer.cross_attn.o_proj(mixed.flatten(1))
                states.addcmul_(change, layer.cross_attn_attn_gate.tanh())
                inner = self._inner(layer.mlp, self._small.norm(layer.post_attention_layernorm, states))
                states.addcmul_(layer.mlp.down_proj(inner), layer.cross_attn_mlp_gate.tanh())
                continue
            static = buffers.keys[number], buffers.values[number]
            q = self._small.turned_and_kept(self._heads(layer.self_attn, normed), turns, positions, static)
            self._after(layer, states, decode_attention(q, *static, text, own=own).flatten(1))
            number += 1
        return self._small.norm(self._model.norm, states)


def _looked(queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """Let prompts look at their pictures.

    A group of heads shares keys, so its queries stand beside each other and keys are read once.

    Args:
        queries: (rows, tokens, heads, head_dim).
        keys: (rows, positions, kv_heads, head_dim).
        values: Likewise.

    Returns:
        (rows, tokens, heads * head_dim).
    """
    tokens, kv_heads = queries.shape[1], keys.shape[2]
    grouped = queries.unflatten(2, (kv_heads, -1)).permute(0, 2, 1, 3, 4).flatten(2, 3)
    with sdpa_kernel(_PROMPT_KERNELS, set_priority=True):
        mixed = scaled_dot_product_attention(grouped, keys.transpose(1, 2), values.transpose(1, 2))
    result: Tensor = mixed.unflatten(2, (tokens, -1)).transpose(1, 2).flatten(2)
    return result


def aligned(positions: int) -> int:
    """Round a number of positions up to what attention kernels want of a mask."""
    return -(-positions // _ALIGNMENT) * _ALIGNMENT

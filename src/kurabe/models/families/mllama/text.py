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
from kurabe.models.runtime.kernels.attention import Seen, decode_attention
from kurabe.models.runtime.kernels.elementwise import Elementwise, Made
from kurabe.models.runtime.kernels.forest_attention import Sight, forest_attention
from kurabe.models.runtime.kernels.shared_attention import group_attention
from kurabe.models.runtime.seats import Kept

_ALIGNMENT = 64

# Where few queries look at many keys, cuDNN's kernel is the fastest. It plans each new shape anew, though,
# and prompts come in many: there the plan would take longer than the product.
_PROMPT_KERNELS = [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]


@dataclass(frozen=True, slots=True)
class Looking:
    """Which tokens look at which picture.

    Attributes:
        places: int64 (pictures, most): the tokens of each picture, those before its tag first; what is left
            over repeats some token.
        back: int64 (tokens,): each token's place in ``places``, flattened.
        before: How many tokens of each picture stand before its tag.
    """

    places: Tensor
    back: Tensor
    before: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The pictures of a pass, which use equally many tiles, and whose tags stand in the same place.

    Attributes:
        features: (pictures, positions, hidden), projected, unused tiles included.
        seen: Positions of used tiles.
        tokens: Who looks at them.
        ends: The same of the last tokens of rows alone.
        behind: (tokens, 1): 1 from the picture's tag on, 0 before it; None where nothing stands before.
    """

    features: Tensor
    seen: int
    tokens: Looking
    ends: Looking
    behind: Tensor | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A pass of prompts.

    Attributes:
        ids: int64 (tokens,).
        positions: int64 (tokens,): where each stands in its row.
        last: int64: the tokens in which rows end.
        sights: What all tokens see of the text, and what those see.
    """

    ids: Tensor
    positions: Tensor
    last: Tensor
    sights: tuple[Sight, Sight]


def _keep_picture(kept: Kept, layer: int, keys: Tensor, values: Tensor) -> None:
    """Store keys and values of a layer's pictures, (pictures, positions, kv_heads, head_dim) each."""
    pictures, states = kept.states
    for name, source in (("keys", keys), ("values", values)):
        target = kept.buffers.extra[f"{name}.{layer}"]
        target[:, : source.shape[1]].index_copy_(0, states, source[pictures].to(target.dtype))


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

    def prompts(self, asked: Asked, shown: Shown, kept: Kept | None) -> Tensor:
        """Compute prompts.

        Args:
            asked: The prompts.
            shown: Their pictures.
            kept: Where keys, values and state go; None keeps nothing.

        Returns:
            (tokens in which rows end, hidden), after the last norm.
        """
        states: Tensor = self._model.embed_tokens(asked.ids)
        turns = self._turns(states[None], asked.positions[None])
        if kept is not None:
            kept.buffers.extra["seen"].index_fill_(0, kept.states[1], shown.seen)
        looking, behind = shown.tokens, shown.behind
        number, final = 0, len(self._crossing) - 1
        for index, layer in enumerate(self._model.layers):
            if self._crossing[index]:
                if index == final:
                    # No token looks at another one any more.
                    states, looking, behind = states[asked.last], shown.ends, None
                self._prompts_over_picture(index, layer, states, shown, (looking, behind), kept)
                continue
            normed = self._small.norm(layer.input_layernorm, states, *_asking(layer.self_attn))
            q, k, v = self._projected(layer.self_attn, normed, turns)
            if kept is not None:
                for source, own in ((k, True), (v, False)):
                    for target, where in kept.targets(number, own):
                        self._small.kept(source, where, target)
            sight = asked.sights[0]
            if index == final:
                q, states, sight = q[asked.last], states[asked.last], asked.sights[1]
            mixed = forest_attention(q, k, v, sight, own=self._small.fused)
            self._after(layer, states, mixed.flatten(1))
            number += 1
        last: Tensor = self._small.norm(self._model.norm, states)
        return last

    def _after(self, layer: Any, states: Tensor, mixed: Tensor) -> None:
        """Do what follows the attention to text, in place: (tokens, channels) to (tokens, hidden)."""
        mlp, norm = layer.mlp, layer.post_attention_layernorm
        normed = self._small.added_then_normed(
            states, layer.self_attn.o_proj, mixed, norm, mlp.gate_proj, mlp.up_proj
        )
        self._small.added(states, mlp.down_proj, self._inner(mlp, normed))

    def _changed(self, layer: Any, states: Tensor) -> Tensor:
        """Return what a cross-attention layer's MLP adds, without its gate: (tokens, hidden)."""
        mlp = layer.mlp
        normed = self._small.norm(layer.post_attention_layernorm, states, mlp.gate_proj, mlp.up_proj)
        change: Tensor = mlp.down_proj(self._inner(mlp, normed))
        return change

    def _inner(self, mlp: Any, normed: Made) -> Made:
        """Return what the last product of an MLP takes: (tokens, hidden) to (tokens, inner channels)."""
        made: Made = self._small.gated(mlp.gate_proj(normed), mlp.up_proj(normed), mlp.act_fn, mlp.down_proj)
        return made

    def _turns(self, states: Tensor, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Return the rotary cosines and sines of all tokens, (rows * tokens, head_dim) each."""
        cosines, sines = self._model.rotary_emb(states, positions)
        return cosines.flatten(0, 1), sines.flatten(0, 1)

    def _prompts_over_picture(
        self,
        index: int,
        layer: Any,
        states: Tensor,
        shown: Shown,
        who: tuple[Looking, Tensor | None],
        kept: Kept | None,
    ) -> None:
        """Add a cross-attention layer's change to the states of those who look, or are behind a tag."""
        attention, (looking, behind) = layer.cross_attn, who
        split = (self.kv_heads, self.head_dim)
        features = self._small.offered(shown.features, attention.k_proj, attention.v_proj)
        keys = attention.k_proj(features).unflatten(-1, split)
        keys = self._small.norm(attention.k_norm, keys)
        values = attention.v_proj(features).unflatten(-1, split)
        if kept is not None:
            _keep_picture(kept, index, keys, values)
        queries = self._queries(layer, states)[looking.places]
        parts = [(slice(None), keys.shape[1])]
        if shown.seen < keys.shape[1] and looking.before:
            parts = [(slice(looking.before), keys.shape[1]), (slice(looking.before, None), shown.seen)]
        elif shown.seen < keys.shape[1]:
            parts = [(slice(None), shown.seen)]
        mixed = torch.cat(
            [_looked(queries[:, own], keys[:, :width], values[:, :width]) for own, width in parts], dim=1
        ).flatten(0, 1)[looking.back]
        states.addcmul_(attention.o_proj(mixed), layer.cross_attn_attn_gate.tanh())
        change = self._changed(layer, states)
        states.addcmul_(change if behind is None else change * behind, layer.cross_attn_mlp_gate.tanh())

    def _queries(self, layer: Any, states: Tensor) -> Tensor:
        """Return a cross-attention layer's queries, (..., heads, head_dim)."""
        attention = layer.cross_attn
        normed = self._small.norm(layer.input_layernorm, states, attention.q_proj)
        queries = attention.q_proj(normed).unflatten(-1, (self.heads, -1))
        result: Tensor = self._small.norm(attention.q_norm, queries)
        return result

    def _projected(
        self, attention: Any, normed: Made, turns: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Project tokens to turned queries, turned keys, and values, each (tokens, heads, head_dim)."""
        q, k, v = self._heads(attention, normed)
        return self._small.rope(q, *turns), self._small.rope(k, *turns), v

    def _heads(self, attention: Any, normed: Made) -> tuple[Tensor, Tensor, Tensor]:
        """Project tokens to queries, keys, and values, each (tokens, heads, head_dim)."""
        q, k, v = (project(normed).unflatten(-1, (-1, self.head_dim)) for project in _asking(attention))
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
        text, seen, columns = Seen(positions + 1, buffers.columns), buffers.extra["seen"], aligned(width)
        own, number = self._small.fused, 0
        for index, layer in enumerate(self._model.layers):
            if self._crossing[index]:
                keys, values = (
                    buffers.extra[f"{what}.{index}"][:, :columns].transpose(1, 2)
                    for what in ("keys", "values")
                )
                queries = self._queries(layer, states)
                mixed = group_attention(queries, keys, values, buffers.states, seen, own=own)
                change = layer.cross_attn.o_proj(mixed.flatten(1))
                states.addcmul_(change, layer.cross_attn_attn_gate.tanh())
                states.addcmul_(self._changed(layer, states), layer.cross_attn_mlp_gate.tanh())
                continue
            normed = self._small.norm(layer.input_layernorm, states, *_asking(layer.self_attn))
            static = buffers.keys[number], buffers.values[number]
            q = self._small.turned_and_kept(self._heads(layer.self_attn, normed), turns, positions, static)
            self._after(layer, states, decode_attention(q, *static, text, own=own).flatten(1))
            number += 1
        last: Tensor = self._small.norm(self._model.norm, states)
        return last


def _asking(attention: Any) -> tuple[Any, Any, Any]:
    """Return what takes the norm before an attention."""
    return attention.q_proj, attention.k_proj, attention.v_proj


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

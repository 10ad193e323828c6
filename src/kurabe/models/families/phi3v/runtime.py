# PEFT wraps the modules, so that their types are not known beforehand.
"""Phi-3.5-vision in the runtime: prompts and single tokens through the loaded model's modules."""

from array import array
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import torch
from torch import Tensor

from kurabe.common.errors import ModelError
from kurabe.models.families.phi3v.configuration import Phi3VConfig
from kurabe.models.families.phi3v.encoder import Encoder, moved
from kurabe.models.runtime.cache import Buffers
from kurabe.models.runtime.counts import Counts
from kurabe.models.runtime.features import Features
from kurabe.models.runtime.graph import Workspace
from kurabe.models.runtime.kernels.attention import Seen, decode_attention, prefill_attention
from kurabe.models.runtime.kernels.elementwise import Elementwise
from kurabe.models.runtime.prepared import Picture, Row
from kurabe.models.runtime.signature import signature

REMEMBERED_BYTES = 2 * 2**30
"""Limit of what is kept of pictures: 460 of them at Phi-3.5-vision's size and 4 crops."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Tokens that lie together in a pass: a prefix that rows share, or what follows it in one of them.

    Attributes:
        row: Where the tokens are from.
        start: The first of them.
        size: Positions that the block takes, padding on the right included.
    """

    row: Row
    start: int
    size: int

    @property
    def ids(self) -> list[int]:
        """The tokens; padding repeats the last one."""
        own = self.row.ids[self.start : self.start + self.size]
        return own + own[-1:] * (self.size - len(own))

    @property
    def positions(self) -> list[int]:
        """The positions, and behind them the row's last one: the rope takes its factors by the highest."""
        end = self.row.length - 1
        own = range(self.start, min(self.start + self.size, end + 1))
        return [*own, *[end] * (self.size - len(own) + 1)]

    def pictures(self) -> list[tuple[int, Picture]]:
        """Return where in the block each picture begins.

        Raises:
            ModelError: If a picture's tokens are not as many as its features, one after the other.
        """
        ids, found = self.row.ids, []
        for tag, picture in enumerate(self.row.pictures, 1):
            start = ids.index(-tag) if -tag in ids else 0
            count = ids.count(-tag)
            if count != picture.tokens or ids[start : start + count] != [-tag] * count:
                raise ModelError(
                    f"image {tag} of a row has {picture.tokens} features, but {count} tokens stand for it, "
                    "or not one after the other; ids and crops must come from the same processor"
                )
            if self.start <= start < self.start + self.size:
                found.append((start - self.start, picture))
        return found


@dataclass(frozen=True, slots=True)
class _Pass:
    """A pass of prompts: one matrix of tokens, first the prefixes that rows share, then their rests.

    Attributes:
        prefixes: Number of prefixes; 0 if nothing is shared.
        prefix: Their length in tokens; 0 likewise.
        source: int64 (rows,): each row's prefix.
        last: int64 (rows,): each row's last position.
        cosines: (positions of all, rotary channels).
        sines: Likewise.
    """

    prefixes: int
    prefix: int
    source: Tensor
    last: Tensor
    cosines: Tensor
    sines: Tensor

    def split(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Part (positions of all, ...) into prefixes and rests, (prefixes or rows, positions, ...) each."""
        before = self.prefixes * self.prefix
        rests = tokens[before:].unflatten(0, (len(self.last), -1))
        return tokens[:before].view(self.prefixes, self.prefix, *tokens.shape[1:]), rests


class Phi3VRuntime:
    """`FamilyRuntime` of a `Phi3VForCausalLM`, adapters around its modules included.

    Args:
        model: The model, or PEFT's around it; whole on one device.
        processor: Its processor, for the normalisation of pixels.
        counts: Of the engine.
        remembered: Bytes of features that are kept.
        fused: Whether a GPU computes what is elementwise by kernels of our own.
    """

    def __init__(
        self,
        model: Any,
        processor: Any,
        counts: Counts,
        *,
        remembered: int = REMEMBERED_BYTES,
        fused: bool = True,
    ) -> None:
        # PEFT puts itself around modules in place, so the base sees adapters that are attached later.
        self._base = model.get_base_model() if hasattr(model, "get_base_model") else model
        self._config: Phi3VConfig = self._base.config
        self._elementwise = Elementwise(fused)
        self._encoder = Encoder(self._base.model, processor, counts, self._elementwise)
        self._features = Features(remembered)
        self.counts, self.workspace = counts, Workspace()
        self.reuse, self.graphs = True, True

    @property
    def device(self) -> torch.device:
        """See `FamilyRuntime`."""
        device: torch.device = self._base.model.norm.weight.device
        return device

    @property
    def dtype(self) -> torch.dtype:
        """See `FamilyRuntime`."""
        dtype: torch.dtype = self._base.model.norm.weight.dtype
        return dtype

    @property
    def layers(self) -> int:
        """See `FamilyRuntime`."""
        return len(self._base.model.layers)

    @property
    def kv_heads(self) -> int:
        """See `FamilyRuntime`."""
        return int(self._base.model.layers[0].self_attn.num_key_value_heads)

    @property
    def head_dim(self) -> int:
        """See `FamilyRuntime`."""
        return int(self._base.model.layers[0].self_attn.head_dim)

    def row_state(self) -> Mapping[str, tuple[tuple[int, ...], torch.dtype]]:
        """See `FamilyRuntime`."""
        return {}

    def begin(self, rows: Sequence[Row]) -> None:
        """See `FamilyRuntime`."""

    def graph_key(self) -> Hashable:
        """See `FamilyRuntime`."""
        return ()

    def signature(self) -> Hashable:
        """See `FamilyRuntime`."""
        return signature(self._base)

    def forget(self) -> None:
        """See `FamilyRuntime`."""
        self._features.clear()
        self.workspace.forget()

    def takes(self, row: Row, limit: int) -> bool:
        """See `FamilyRuntime`; a row whose rope factors change while it grows is left to ``generate``."""
        config = self._config
        fed, switch, window = row.length + max(limit - 1, 0), config.rope_switch, config.sliding_window
        crosses = switch is not None and row.length <= switch < fed
        fits = fed <= config.max_position_embeddings and (window is None or fed <= window)
        return fits and not crosses and (config.rope_parameters or {}).get("rope_type") != "dynamic"

    def prefix(self, row: Row) -> tuple[Hashable, int]:
        """See `FamilyRuntime`: what goes up to the end of the picture that comes first."""
        start = next((place for place, token in enumerate(row.ids) if token < 0), None)
        if start is None or not self.reuse:
            return None, 0
        picture = row.pictures[-row.ids[start] - 1]
        end = start + picture.tokens
        if end >= row.length:
            return None, 0
        switch = self._config.rope_switch
        factors = switch is not None and row.length > switch
        words = blake2b(array("q", row.ids[:end]).tobytes(), digest_size=16).digest()
        return (words, picture.digest, picture.grid, factors), end

    def encode(self, pictures: Sequence[Picture]) -> list[Tensor]:
        """See `FamilyRuntime`.

        Returns:
            (tokens, hidden_size) of each picture.
        """
        if not self.reuse:
            return self._encoder.encode(pictures)
        version = signature(self._encoder.embedding)
        each = self._config.hidden_size * self.dtype.itemsize
        before = self.counts.pictures_encoded
        features = self._features.of(
            [(version, picture.digest, picture.grid) for picture in pictures],
            [picture.tokens * each for picture in pictures],
            lambda numbers: self._encoder.encode([pictures[number] for number in numbers]),
        )
        self.counts.features_reused += len(pictures) - (self.counts.pictures_encoded - before)
        return features

    def prefill(self, rows: Sequence[Row], buffers: Buffers | None, first_row: int) -> Tensor:
        """See `FamilyRuntime`; a prefix that rows have in common is computed once."""
        states, laid = self._lay_out(rows)
        self.counts.prefills += 1
        self.counts.prefill_tokens += len(states)
        model, every = self._base.model, torch.arange(len(rows), device=self.device)
        for number, layer in enumerate(model.layers):
            heads = self._heads(layer, states, laid.cosines, laid.sines)
            # (prefixes or rows, heads, positions, head_dim)
            prefixes, (queries, keys, values) = (
                [part.transpose(1, 2) for part in parts]
                for parts in zip(*(laid.split(part) for part in heads), strict=True)
            )
            if laid.prefix:
                # Token by token in memory, heads beside each other, as they are without a prefix.
                keys, values = (
                    torch.cat([common[laid.source].transpose(1, 2), own.transpose(1, 2)], 1).transpose(1, 2)
                    for common, own in zip(prefixes[1:], (keys, values), strict=True)
                )
            if buffers is not None:
                buffers.write(number, first_row, keys, values)
            if number == self.layers - 1:
                break
            fused = self._elementwise.fused
            mixed = _joined(prefill_attention(queries, keys, values, laid.prefix, own=fused))
            if laid.prefix:
                mixed = torch.cat([_joined(prefill_attention(*prefixes, own=fused)), mixed])
            states = self._after(layer, states, mixed)
        # Of the last layer's output, only the rows' last positions are looked at.
        last = laid.last - laid.prefix
        seen, own = Seen(laid.last + 1, keys.shape[2]), self._elementwise.fused
        asked = queries[every, :, last]
        mixed = decode_attention(asked, keys, values, seen, plans=False, own=own).flatten(1)
        states = self._after(layer, laid.split(states)[1][every, last], mixed)
        return self._elementwise.norm(model.norm, states)

    def _lay_out(self, rows: Sequence[Row]) -> tuple[Tensor, _Pass]:
        """Embed a pass: (positions of all, hidden_size), and how they lie."""
        keys, lengths = zip(*(self.prefix(row) for row in rows), strict=True)
        owners = dict(zip(reversed(keys), reversed(rows), strict=True))
        shared = len(set(lengths)) == 1 and len(owners) < len(rows)
        prefix = int(lengths[0]) if shared else 0
        beginnings = [_Block(row, 0, prefix) for row in owners.values() if prefix]
        rests = [_Block(row, prefix, max(row.length for row in rows) - prefix) for row in rows]
        blocks = beginnings + rests
        self.counts.prefix_tokens_reused += prefix * len(rows) - prefix * len(beginnings)

        pictures: list[Picture] = []
        where: list[int] = []
        origin = 0
        for block in blocks:
            for start, picture in block.pictures():
                pictures.append(picture)
                where += range(origin + start, origin + start + picture.tokens)
            origin += block.size
        features = self.encode(pictures)
        # From here on the host works while the device encodes.
        ids = self._sent([token for block in blocks for token in block.ids]).clamp_(min=0)
        states: Tensor = self._base.model.embed_tokens(ids)
        if pictures:
            states = states.index_copy(0, self._sent(where), torch.cat(features).to(states.dtype))

        turns = [self._turns(part, states) for part in (beginnings, rests) if part]
        cosines, sines = (torch.cat(parts) for parts in zip(*turns, strict=True))
        order = {key: number for number, key in enumerate(owners)}
        source = self._sent([order[key] for key in keys])
        last = self._sent([row.length - 1 for row in rows])
        return states, _Pass(len(beginnings), prefix, source, last, cosines, sines)

    def _turns(self, blocks: Sequence[_Block], states: Tensor) -> tuple[Tensor, Tensor]:
        """Return cosines and sines of blocks of one size, (positions of all, rotary channels)."""
        positions = self._sent([place for block in blocks for place in block.positions])
        cosines, sines = self._base.model.rotary_emb(states, positions.view(len(blocks), -1))
        return cosines[:, :-1].flatten(0, 1), sines[:, :-1].flatten(0, 1)

    def _sent(self, numbers: list[int]) -> Tensor:
        """Bring whole numbers to the device without waiting for it."""
        return moved(torch.tensor(numbers, dtype=torch.int64), self.device, self.counts)

    def _projected(self, layer: Any, states: Tensor) -> tuple[Tensor, int]:
        """Return queries, keys and values side by side, (tokens, heads, head_dim); and how many heads ask."""
        attention = layer.self_attn
        projected = attention.qkv_proj(self._elementwise.norm(layer.input_layernorm, states))
        heads: Tensor = projected.unflatten(-1, (-1, attention.head_dim))
        return heads, heads.shape[1] - 2 * attention.num_key_value_heads

    def _heads(self, layer: Any, states: Tensor, cosines: Tensor, sines: Tensor) -> list[Tensor]:
        """Return queries, keys and values, each (tokens, heads, head_dim), the first two turned."""
        heads, number = self._projected(layer, states)
        both = (heads.shape[1] + number) // 2
        turned = self._elementwise.rope(heads[:, :both], cosines, sines)
        return [*turned.tensor_split([number], 1), heads[:, both:]]

    def _after(self, layer: Any, states: Tensor, mixed: Tensor) -> Tensor:
        """Do what follows the attention: (tokens, channels) into (tokens, hidden_size), in place."""
        states = self._elementwise.added(states, layer.self_attn.o_proj, mixed)
        mlp = layer.mlp
        wide = mlp.gate_up_proj(self._elementwise.norm(layer.post_attention_layernorm, states))
        gate, up = wide.chunk(2, -1)
        inner = self._elementwise.gated(gate, up, mlp.activation_fn)
        return self._elementwise.added(states, mlp.down_proj, inner)

    def step(self, ids: Tensor, positions: Tensor, buffers: Buffers) -> Tensor:
        """See `FamilyRuntime`."""
        model = self._base.model
        states: Tensor = model.embed_tokens(ids)
        cosines, sines = (turn[:, 0] for turn in model.rotary_emb(states, positions[:, None]))
        seen, own = Seen(positions + 1, buffers.columns), self._elementwise.fused
        for number, layer in enumerate(model.layers):
            heads, asking = self._projected(layer, states)
            q, k, v = heads.tensor_split([asking, (heads.shape[1] + asking) // 2], 1)
            kept = buffers.keys[number], buffers.values[number]
            q = self._elementwise.turned_and_kept((q, k, v), (cosines, sines), positions, kept)
            mixed = decode_attention(q, *kept, seen, own=own)
            states = self._after(layer, states, mixed.flatten(1))
        return self._elementwise.norm(model.norm, states)

    def logits(self, hidden: Tensor) -> Tensor:
        """See `FamilyRuntime`."""
        logits: Tensor = self._base.lm_head(hidden)
        return logits


def _joined(heads: Tensor) -> Tensor:
    """Write (rows, heads, positions, head_dim) as (positions of all, channels)."""
    return heads.transpose(1, 2).flatten(2).flatten(0, 1)

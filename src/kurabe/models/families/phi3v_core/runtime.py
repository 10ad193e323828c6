# PEFT wraps the modules, so that their types are not known beforehand.
"""Phi-3.5-vision in the runtime: prompts and single tokens through the loaded model's modules."""

from collections.abc import Hashable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
import torch
from torch import Tensor

from kurabe.common.errors import ModelError
from kurabe.models.families.phi3v_core.configuration import Phi3VConfig
from kurabe.models.families.phi3v_core.encoder import Encoder, moved
from kurabe.models.runtime.cache import Buffers
from kurabe.models.runtime.counts import Counts
from kurabe.models.runtime.features import Features
from kurabe.models.runtime.forest import Beginning, Forest, Node
from kurabe.models.runtime.graph import Workspace
from kurabe.models.runtime.kernels.attention import Seen, decode_attention
from kurabe.models.runtime.kernels.elementwise import Elementwise, Made
from kurabe.models.runtime.kernels.forest_attention import forest_attention, sights
from kurabe.models.runtime.kernels.shared_attention import parted_attention
from kurabe.models.runtime.pinned import sent
from kurabe.models.runtime.prepared import Picture, Row
from kurabe.models.runtime.seats import Kept
from kurabe.models.runtime.signature import signature

REMEMBERED_BYTES = 2 * 2**30
"""Limit of what is kept of pictures: 460 of them at Phi-3.5-vision's size and 4 crops."""


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
        self.shares = True
        self.parted = True
        self.trees_per_pass: int | None = None

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

    def beginning(self, row: Row) -> Beginning:
        """See `FamilyRuntime`: rows on different sides of the rope switch have nothing in common."""
        found = np.array(row.ids, dtype=np.int64)
        for tag, picture in enumerate(row.pictures, 1):
            named = blake2b(repr((picture.digest, picture.grid)).encode(), digest_size=7).digest()
            found[found == -tag] = -(2**60) - int.from_bytes(named)
        switch = self._config.rope_switch
        found[:1] += (switch is not None and row.length > switch) * 2**40
        return found

    def alike(self, row: Row) -> Hashable:
        """See `FamilyRuntime`: any rows."""

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

    def prefill(self, forest: Forest, kept: Kept | None) -> Tensor:
        """See `FamilyRuntime`."""
        states = self._embedded(forest)
        self.counts.prefills += 1
        self.counts.prefill_tokens += len(states)
        model, fused = self._base.model, self._elementwise.fused
        sight, last = sights(forest, self.device)
        cosines, sines = self._turns(forest, states)
        ends = self._sent([forest.nodes[n].flat + forest.nodes[n].size - 1 for n in forest.last])
        normed = self._elementwise.norm(*_first(model.layers[0], states))
        for number, layer in enumerate(model.layers):
            queries, keys, values = self._heads(layer, normed, cosines, sines)
            if kept is not None:
                for source, own in ((keys, True), (values, False)):
                    for target, where in kept.targets(number, own):
                        self._elementwise.kept(source, where, target)
            if number == self.layers - 1:
                # Of the last layer's output, only the rows' last positions are looked at.
                queries, states, sight = queries[ends], states[ends], last
            mixed = forest_attention(queries, keys, values, sight, own=fused)
            normed = self._after(number, states, mixed.flatten(1))
        assert isinstance(normed, Tensor)  # the last norm's
        return normed

    def _embedded(self, forest: Forest) -> Tensor:
        """Embed a pass, its pictures included: (positions of all, hidden_size)."""
        pictures: list[Picture] = []
        where: list[int] = []
        ids: list[int] = []
        starts: dict[int, list[int]] = {}
        for node in forest.nodes:
            ids += node.row.ids[node.start : node.end]
            if id(node.row) not in starts:
                starts[id(node.row)] = _starts(node.row)
            for start, picture in zip(starts[id(node.row)], node.row.pictures, strict=True):
                if node.start <= start < node.end:
                    place = node.flat + start - node.start
                    pictures.append(picture)
                    where += range(place, place + picture.tokens)
        features = self.encode(pictures)
        # From here on the host works while the device encodes.
        states: Tensor = self._base.model.embed_tokens(self._sent(ids).clamp_(min=0))
        if pictures:
            states = states.index_copy(0, self._sent(where), torch.cat(features).to(states.dtype))
        return states

    def _turns(self, forest: Forest, states: Tensor) -> tuple[Tensor, Tensor]:
        """Return cosines and sines of a pass, (positions of all, rotary channels)."""
        switch = self._config.rope_switch
        sides: dict[bool, list[Node]] = {}
        for node in forest.nodes:
            sides.setdefault(switch is not None and node.row.length > switch, []).append(node)
        found, order = [], []
        for long, nodes in sides.items():
            # The rope takes its factors by the highest position, which comes last.
            top = max(node.row.length if long else node.end for node in nodes) - 1
            places = [place for node in nodes for place in range(node.start, node.end)]
            turns = self._base.model.rotary_emb(states, self._sent([*places, top])[None])
            found.append([part[0, :-1] for part in turns])
            order += [place for node in nodes for place in range(node.flat, node.flat + node.size)]
        cosines, sines = (torch.cat(parts) for parts in zip(*found, strict=True))
        if len(sides) > 1:
            back = torch.empty(len(order), dtype=torch.int64)
            back[torch.tensor(order)] = torch.arange(len(order))
            where = sent(back, self.device)
            cosines, sines = cosines[where], sines[where]
        return cosines, sines

    def _sent(self, numbers: list[int]) -> Tensor:
        """Bring whole numbers to the device without waiting for it."""
        return moved(torch.tensor(numbers, dtype=torch.int64), self.device, self.counts)

    def _projected(self, layer: Any, normed: Made) -> tuple[Tensor, int]:
        """Return queries, keys and values side by side, (tokens, heads, head_dim); and how many heads ask."""
        attention = layer.self_attn
        heads: Tensor = attention.qkv_proj(normed).unflatten(-1, (-1, attention.head_dim))
        return heads, heads.shape[1] - 2 * attention.num_key_value_heads

    def _heads(self, layer: Any, normed: Made, cosines: Tensor, sines: Tensor) -> list[Tensor]:
        """Return queries, keys and values, each (tokens, heads, head_dim), the first two turned."""
        heads, number = self._projected(layer, normed)
        both = (heads.shape[1] + number) // 2
        turned = self._elementwise.rope(heads[:, :both], cosines, sines)
        return [*turned.tensor_split([number], 1), heads[:, both:]]

    def _after(self, number: int, states: Tensor, mixed: Tensor) -> Made:
        """Do what follows a layer's attention: (tokens, channels) into (tokens, hidden_size), in place.

        Returns:
            What the next layer takes, or behind the last one the last norm.
        """
        model, own = self._base.model, self._elementwise
        layer = model.layers[number]
        mlp = layer.mlp
        normed = own.added_then_normed(
            states, layer.self_attn.o_proj, mixed, layer.post_attention_layernorm, mlp.gate_up_proj
        )
        gate, up = mlp.gate_up_proj(normed).chunk(2, -1)
        inner = own.gated(gate, up, mlp.activation_fn, mlp.down_proj)
        if number + 1 == self.layers:
            return own.added_then_normed(states, mlp.down_proj, inner, model.norm)
        norm, _, into = _first(model.layers[number + 1], states)
        return own.added_then_normed(states, mlp.down_proj, inner, norm, into)

    def step(self, ids: Tensor, positions: Tensor, buffers: Buffers) -> Tensor:
        """See `FamilyRuntime`."""
        model = self._base.model
        states: Tensor = model.embed_tokens(ids)
        cosines, sines = (turn[:, 0] for turn in model.rotary_emb(states, positions[:, None]))
        # Rows that have ended may have lost their seats, and go on in any column.
        columns = (positions - buffers.begun).clamp_(max=buffers.columns - 1)
        seen, own = Seen(columns + 1, buffers.columns), self._elementwise.fused
        normed = self._elementwise.norm(*_first(model.layers[0], states))
        for number, layer in enumerate(model.layers):
            heads, asking = self._projected(layer, normed)
            q, k, v = heads.tensor_split([asking, (heads.shape[1] + asking) // 2], 1)
            kept = buffers.keys[number], buffers.values[number]
            q = self._elementwise.turned_and_kept((q, k, v), (cosines, sines), columns, kept)
            if buffers.stems is None:
                mixed = decode_attention(q, *kept, seen, own=own)
            else:
                common = buffers.stem_keys[number], buffers.stem_values[number]
                mixed = parted_attention(q, common, buffers.stems, kept, seen.lengths, own=own)
            normed = self._after(number, states, mixed.flatten(1))
        assert isinstance(normed, Tensor)  # the last norm's
        return normed

    def logits(self, hidden: Tensor) -> Tensor:
        """See `FamilyRuntime`."""
        logits: Tensor = self._base.lm_head(hidden)
        return logits


def _first(layer: Any, states: Tensor) -> tuple[Any, Tensor, Any]:
    """Return a layer's first norm, what it norms, and what takes that."""
    return layer.input_layernorm, states, layer.self_attn.qkv_proj


def _starts(row: Row) -> list[int]:
    """Return where in a row each picture begins.

    Raises:
        ModelError: If a picture's tokens are not as many as its features, one after the other.
    """
    found = []
    for tag, picture in enumerate(row.pictures, 1):
        start = row.ids.index(-tag) if -tag in row.ids else 0
        count = row.ids.count(-tag)
        if count != picture.tokens or row.ids[start : start + count] != [-tag] * count:
            raise ModelError(
                f"image {tag} of a row has {picture.tokens} features, but {count} tokens stand for it, "
                "or not one after the other; ids and crops must come from the same processor"
            )
        found.append(start)
    return found

"""Llama-3.2-Vision in the runtime: one picture a row, whose features, keys and values are computed once."""

from collections.abc import Hashable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
import torch
from torch import Tensor

from kurabe.models.families.mllama import vision as mllama_vision
from kurabe.models.families.mllama.text import Asked, Looking, Shown, Text
from kurabe.models.runtime.cache import Buffers
from kurabe.models.runtime.counts import Counts
from kurabe.models.runtime.features import Features
from kurabe.models.runtime.forest import LEAST, Beginning, Forest
from kurabe.models.runtime.graph import Workspace
from kurabe.models.runtime.kernels.elementwise import Elementwise
from kurabe.models.runtime.kernels.forest_attention import sights
from kurabe.models.runtime.pinned import sent
from kurabe.models.runtime.prepared import Picture, Row
from kurabe.models.runtime.seats import Kept
from kurabe.models.runtime.signature import signature

TREES_PER_PASS = 16
"""Pictures whose prompts are computed at once. They take the memory: 16 of them 0.8 GB as features, 0.4 GB as
keys and values of one layer; and some 1,800 tokens are enough for the matrix products."""

PICTURES_PER_PASS = 8
"""Pictures that go through the tower at once: 0.5 GB for the widest activation, 0.8 GB for features."""

REMEMBERED_BYTES = {"cpu": 512 * 2**20, "cuda": 4 * 2**30}
"""Limit of features that are kept, 52 MB a picture in 16 bit; on a GPU also a twentieth of its memory."""


class MllamaRuntime:
    """A loaded Llama-3.2-Vision as the loop sees it.

    Args:
        model: A `transformers.MllamaForConditionalGeneration`, or what PEFT has put around one.
        processor: The model's.
        counts: Where to count.
        fused: Whether a GPU computes what is elementwise by kernels of our own.
    """

    def __init__(self, model: Any, processor: Any, counts: Counts, *, fused: bool = True) -> None:
        base = model.get_base_model() if hasattr(model, "get_base_model") else model
        self.counts = counts
        self.workspace = Workspace()
        self.reuse = True
        self.graphs = True
        self.shares = True
        self.parted = False
        self.trees_per_pass: int | None = TREES_PER_PASS
        self._base = base
        self._small = Elementwise(fused)
        self._tower = base.model.vision_model
        self._text = Text(base.model.language_model, self._small)
        vision = base.config.vision_config
        self._tag = base.config.image_token_index
        self._most_tiles, self._side = vision.max_num_tiles, vision.image_size
        self._per_tile = (vision.image_size // vision.patch_size) ** 2 + 1
        self._device: torch.device = base.get_input_embeddings().weight.device
        self._whole = len({parameter.device for parameter in base.parameters()}) == 1
        self._scales = mllama_vision.scales(processor.image_processor, self._device)
        self._features = Features(_remembered_bytes(self._device))
        hidden = base.config.text_config.hidden_size
        self._feature_bytes = self._most_tiles * self._per_tile * hidden * self.dtype.itemsize
        self._tiles: int = self._most_tiles

    @property
    def _projector(self) -> Any:
        # Looked up anew: an adapter that comes later puts its own module in the place of this one.
        return self._base.model.multi_modal_projector

    # What the loop asks

    @property
    def device(self) -> torch.device:
        """Where the model is."""
        return self._device

    @property
    def dtype(self) -> torch.dtype:
        """Type of keys and values."""
        dtype: torch.dtype = self._base.dtype
        return dtype

    @property
    def layers(self) -> int:
        """Layers in which text attends to itself."""
        return self._text.self_layers

    @property
    def kv_heads(self) -> int:
        """Heads of keys and values, the same in both kinds of layers."""
        return self._text.kv_heads

    @property
    def head_dim(self) -> int:
        """Channels of a head."""
        return self._text.head_dim

    def row_state(self) -> Mapping[str, tuple[tuple[int, ...], torch.dtype]]:
        """Name what is kept of a row's picture; see `Text.row_state`."""
        return self._text.row_state(self._most_tiles * self._per_tile, self.dtype)

    def takes(self, row: Row, limit: int) -> bool:
        """Take rows with one picture, whose tag stands in the prompt once."""
        return (
            self._whole
            and limit >= 1
            and len(row.pictures) == 1
            and row.ids.count(self._tag) == 1
            and 1 <= _used(row) <= self._most_tiles
            and row.pictures[0].crops.shape[-1] == self._side
        )

    def beginning(self, row: Row) -> Beginning:
        """See `FamilyRuntime`: all tokens see the picture, also those in front of its tag."""
        found = np.array(row.ids, dtype=np.int64)
        tag = row.ids.index(self._tag)
        named = row.pictures[0].digest if tag < LEAST - 1 else found.tobytes() + row.pictures[0].digest
        found[0] = -1 - int.from_bytes(blake2b(named, digest_size=7).digest())
        return found

    def alike(self, row: Row) -> Hashable:
        """See `FamilyRuntime`: no token needs a mask where tiles and the tag's place are the same."""
        return _used(row), row.ids.index(self._tag)

    def begin(self, rows: Sequence[Row]) -> None:
        """Find out how many tiles decoding has to look at."""
        self._tiles = max(_used(row) for row in rows)

    def graph_key(self) -> Hashable:
        """Tiles that decoding looks at."""
        return self._tiles

    def signature(self) -> Hashable:
        """Identify the weights that answer now."""
        return signature(self._base)

    def forget(self) -> None:
        """Give back features, buffers and graphs."""
        self._features.clear()
        self.workspace.forget()

    # Pictures

    def encode(self, pictures: Sequence[Picture]) -> list[Tensor]:
        """Compute projected features, or take those that are kept.

        Returns:
            Of each picture (tiles * positions, hidden), unused tiles included.
        """
        if not self.reuse:
            return self._encode(pictures)
        weights = signature(self._tower), signature(self._projector)
        new: list[int] = []

        def encode(numbers: list[int]) -> list[Tensor]:
            new.extend(numbers)
            return self._encode([pictures[number] for number in numbers])

        keys = [(picture.digest, weights) for picture in pictures]
        found = self._features.of(keys, [self._feature_bytes] * len(keys), encode)
        self.counts.features_reused += len(pictures) - len(new)
        return found

    def _encode(self, pictures: Sequence[Picture]) -> list[Tensor]:
        alike: dict[int, list[int]] = {}
        for number, picture in enumerate(pictures):
            alike.setdefault(len(picture.crops), []).append(number)
        found: dict[int, Tensor] = {}
        for used, numbers in alike.items():
            for part in passes(numbers):
                found |= zip(part, self._encode_alike([pictures[n] for n in part], used), strict=True)
        return [found[number] for number in range(len(pictures))]

    def _encode_alike(self, pictures: Sequence[Picture], used: int) -> list[Tensor]:
        tiles = [self._moved(picture.crops) for picture in pictures]
        pixels = mllama_vision.normalise(tiles, self._most_tiles, *self._scales, self.dtype)
        aspects = self._moved(torch.tensor([picture.aspect for picture in pictures]))
        self.counts.crops_encoded += used * len(pictures)
        self.counts.pictures_encoded += len(pictures)
        features = mllama_vision.encode(self._tower, pixels, aspects, used, self._small)
        # One by one, so that each picture's memory is its own.
        return [self._projector(own) for own in features]

    def _moved(self, tensor: Tensor) -> Tensor:
        self.counts.bytes_moved += tensor.nbytes
        return sent(tensor, self._device)

    # Prompts

    def prefill(self, forest: Forest, kept: Kept | None) -> Tensor:
        """Compute prompts; see `FamilyRuntime.prefill`."""
        nodes = forest.nodes
        roots = [number for number, node in enumerate(nodes) if node.parent < 0]
        rows = [nodes[root].row for root in roots]
        features = torch.stack(self.encode([row.pictures[0] for row in rows]))
        tag = rows[0].ids.index(self._tag)
        ids = [token for node in nodes for token in node.row.ids[node.start : node.end]]
        positions = [place for node in nodes for place in range(node.start, node.end)]
        of = [roots.index(forest.way(number)[0]) for number in range(len(nodes))]
        tokens: list[list[int]] = [[] for _ in roots]
        ends: list[list[int]] = [[] for _ in roots]
        for number, node in enumerate(nodes):  # each root first, and with it the tokens before the tag
            tokens[of[number]] += range(node.flat, node.flat + node.size)
        for place, number in enumerate(forest.last):
            ends[of[number]].append(place)
        last = [nodes[number].flat + nodes[number].size - 1 for number in forest.last]
        self.counts.prefills += 1
        self.counts.prefill_tokens += len(ids)
        behind = None
        if tag:
            behind = self._moved(torch.tensor(positions) >= tag)[:, None].to(self.dtype)
        shown = Shown(
            features,
            _used(rows[0]) * self._per_tile,
            self._looking(tokens, len(ids), tag),
            self._looking(ends, len(last), 0),
            behind,
        )
        asked = Asked(
            self._moved(torch.tensor(ids)),
            self._moved(torch.tensor(positions)),
            self._moved(torch.tensor(last)),
            sights(forest, self._device),
        )
        return self._text.prompts(asked, shown, kept)

    def _looking(self, tokens: Sequence[Sequence[int]], number: int, before: int) -> Looking:
        """Lay the tokens of each picture beside each other."""
        most = max(map(len, tokens))
        places = [[*own, *[0] * (most - len(own))] for own in tokens]
        back = [0] * number
        for line, own in enumerate(tokens):
            for column, token in enumerate(own):
                back[token] = line * most + column
        return Looking(self._moved(torch.tensor(places)), self._moved(torch.tensor(back)), before)

    # Single tokens

    def step(self, ids: Tensor, positions: Tensor, buffers: Buffers) -> Tensor:
        """Compute one more token of every row; see `FamilyRuntime.step`."""
        return self._text.token(ids, positions, buffers, self._tiles * self._per_tile)

    def logits(self, hidden: Tensor) -> Tensor:
        """Apply the language-model head: (rows, hidden) to (rows, vocabulary)."""
        logits: Tensor = self._base.lm_head(hidden)
        return logits


def passes(numbers: Sequence[int]) -> list[Sequence[int]]:
    """Part pictures into passes of `PICTURES_PER_PASS`, and what is left into powers of two.

    The fastest attention is planned for each number of pictures anew, in 50 ms: these are few numbers.
    """
    found, start, size = [], 0, PICTURES_PER_PASS
    while start < len(numbers):
        while size > len(numbers) - start:
            size //= 2
        found.append(numbers[start : start + size])
        start += size
    return found


def _used(row: Row) -> int:
    return len(row.pictures[0].crops)


def _remembered_bytes(device: torch.device) -> int:
    if device.type != "cuda":
        return REMEMBERED_BYTES["cpu"]
    return min(REMEMBERED_BYTES["cuda"], torch.cuda.get_device_properties(device).total_memory // 20)

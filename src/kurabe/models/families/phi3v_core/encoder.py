# PEFT wraps the modules, so that their types are not known beforehand.
"""From a picture's bytes to its features, on the device: the runtime's way through the vision tower."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from kurabe.models.families.phi3v_core.image_embedding import CROPS_PER_PASS
from kurabe.models.families.phi3v_core.image_tokens import normalise
from kurabe.models.runtime.counts import Counts
from kurabe.models.runtime.kernels.attention import full_attention
from kurabe.models.runtime.kernels.elementwise import Elementwise, patches
from kurabe.models.runtime.pinned import sent
from kurabe.models.runtime.prepared import Picture


class Encoder:
    """Encodes pictures in bounded passes; attention runs without a mask, whatever the model's setting.

    Args:
        decoder: The `Phi3VModel`, adapters around its modules included.
        processor: Its processor, for the normalisation of pixels.
        counts: Of the engine.
        elementwise: For the activations.
    """

    def __init__(self, decoder: Any, processor: Any, counts: Counts, elementwise: Elementwise) -> None:
        self._decoder = decoder
        self._counts = counts
        self._elementwise = elementwise
        self._mean, self._std = (
            torch.tensor(values, device=self.embedding.glb_GN.device)
            for values in (processor.image_mean, processor.image_std)
        )

    @property
    def embedding(self) -> Any:
        """The model's image embedding; PEFT may exchange it for its own."""
        return self._decoder.vision_embed_tokens

    def encode(self, pictures: Sequence[Picture]) -> list[Tensor]:
        """Return the features of each picture, (tokens, hidden_size)."""
        features: list[Tensor] = []
        for shown in _passes(pictures):
            patches = self._patches(self._pixels(shown))
            together = self.embedding.arrange(patches, [picture.grid for picture in shown])
            # A view would keep the features of the whole pass in memory.
            features += [own.clone() for own in together.split([picture.tokens for picture in shown])]
        self._counts.pictures_encoded += len(pictures)
        return features

    def _pixels(self, pictures: Sequence[Picture]) -> Tensor:
        """Return normalised crops (crops, 3, side, side), each picture's overview before its own."""
        weight = self.embedding.glb_GN
        by_grid: dict[tuple[int, int], list[int]] = {}
        for number, picture in enumerate(pictures):
            by_grid.setdefault(picture.grid, []).append(number)
        parts: dict[int, Tensor] = {}
        for (rows, columns), numbers in by_grid.items():
            crops = torch.stack(
                [moved(pictures[number].crops, self._mean.device, self._counts) for number in numbers]
            )
            values = normalise(crops, rows, columns, self._mean, self._std).to(weight.dtype)
            parts |= dict(zip(numbers, values, strict=True))
        return torch.cat([parts[number] for number in range(len(pictures))])

    def _patches(self, pixels: Tensor) -> Tensor:
        """Run the vision tower: (crops, 3, side, side) to (crops, patches, channels), no class token."""
        self._counts.crops_encoded += len(pixels)
        tower = self.embedding.img_processor.vision_model
        small, states = self._elementwise, self._embedded(tower.embeddings, pixels)
        states = tower.pre_layrnorm(states)
        layers = tower.encoder.layers[: tower.layers_run]
        normed = small.offered(layers[0].layer_norm1(states), *_asking(layers[0]))
        for number, layer in enumerate(layers, 1):
            attention = layer.self_attn
            queries, keys, values = (
                project(normed).unflatten(-1, (attention.num_heads, -1)).transpose(1, 2)
                for project in _asking(layer)
            )
            mixed = full_attention(queries, keys, values, own=small.fused)
            change = attention.out_proj(mixed.transpose(1, 2).flatten(2))
            mlp = layer.mlp
            wide = mlp.fc1(small.added_and_normed(states, change, layer.layer_norm2, into=[mlp.fc1]))
            change = mlp.fc2(small.activated(wide, mlp.activation_fn, mlp.fc2))
            if number < len(layers):
                following = layers[number]
                normed = small.added_and_normed(
                    states, change, following.layer_norm1, into=_asking(following)
                )
        result: Tensor = states.add_(change)[:, 1:]
        return result

    def _embedded(self, embeddings: Any, pixels: Tensor) -> Tensor:
        """Embed patches, the class token and positions: (crops, 1 + patches, channels)."""
        own = patches(embeddings.patch_embedding, pixels)
        classes = embeddings.class_embedding.expand(len(own), 1, -1)
        states: Tensor = torch.cat([classes, own], 1)
        positions = torch.arange(states.shape[1], device=states.device)
        return states.add_(embeddings.position_embedding(positions))


def _asking(layer: Any) -> tuple[Any, Any, Any]:
    """Return what takes a layer's first norm."""
    attention = layer.self_attn
    return attention.q_proj, attention.k_proj, attention.v_proj


def moved(tensor: Tensor, device: torch.device, counts: Counts) -> Tensor:
    """Bring a tensor to the device without waiting for it, and count what went."""
    if tensor.device != device:
        counts.bytes_moved += tensor.nbytes
    return sent(tensor, device)


def _passes(pictures: Sequence[Picture]) -> list[list[Picture]]:
    """Part pictures into passes of the vision tower."""
    passes: list[list[Picture]] = []
    room = 0
    for picture in pictures:
        crops = len(picture.crops) + 1
        if not passes or crops > room:
            passes.append([])
            room = CROPS_PER_PASS
        passes[-1].append(picture)
        room -= crops
    return passes

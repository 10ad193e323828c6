"""Llama-3.2-Vision's vision tower without a dense mask.

Tiles are padded from 1,601 to 1,608 positions, and pictures to four tiles. The tower lets every position see
every other, except that padding does not see padding. Its own code says so with an additive mask of
(positions x positions), for which no flash kernel is made. Here real positions come first and padding last,
so that the same attention is two calls without a mask: real positions over all, padding over the real ones.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import pad, scaled_dot_product_attention

_POSITIONS_MULTIPLE = 8
_KERNELS = [
    # At 6,432 positions and 80 channels a head, cuDNN's takes 0.56 of flash attention's time on an H200.
    SDPBackend.CUDNN_ATTENTION,
    SDPBackend.FLASH_ATTENTION,
    SDPBackend.EFFICIENT_ATTENTION,
    SDPBackend.MATH,
]


def scales(processor: Any, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return mean and deviation of bytes, each float32 (3, 1, 1), as an image processor has them for [0, 1].

    It folds its scale into both before it computes; so do we, for the same rounding.
    """
    mean, deviation = (
        torch.tensor(values, device=device).mul_(1.0 / processor.rescale_factor).view(-1, 1, 1)
        for values in (processor.image_mean, processor.image_std)
    )
    return mean, deviation


def normalise(
    tiles: Sequence[Tensor], most: int, mean: Tensor, deviation: Tensor, dtype: torch.dtype
) -> Tensor:
    """Normalise tiles on their device as the image processor does, and pad each picture with zero tiles.

    Args:
        tiles: uint8 (tiles, 3, side, side), one tensor a picture.
        most: Tiles a picture that the model takes.
        mean: Of bytes, (3, 1, 1).
        deviation: Likewise.
        dtype: Of the result; computed in float32.

    Returns:
        (pictures, most, 3, side, side).
    """
    result = mean.new_zeros(len(tiles), most, *tiles[0].shape[1:], dtype=dtype)
    for place, own in zip(result, tiles, strict=True):
        place[: len(own)] = own.float().sub_(mean).div_(deviation)
    return result


def encode(tower: Any, pixels: Tensor, aspects: Tensor, used: int) -> Tensor:
    """Compute the features of pictures that use equally many tiles.

    Each intermediate feature is the *input* of its layer, as the checkpoint was trained (`mllama.apply`).
    The tower's modules are called as modules, so that adapters on them count.

    Args:
        tower: A `transformers.MllamaVisionModel`.
        pixels: (pictures, tiles, 3, side, side), normalised; unused tiles are zero and come last.
        aspects: (pictures,), the model's numbers of the arrangements of tiles.
        used: Tiles that hold something, of each picture.

    Returns:
        (pictures, tiles * positions, channels), unused tiles included: text in front of a picture's tag sees
        them.
    """
    config = tower.config
    pictures, tiles = pixels.shape[:2]
    ids = aspects.view(-1, 1)
    states = _embedded(tower, pixels, ids)
    positions, channels = states.shape[2:]
    padding = tiles * (-positions % _POSITIONS_MULTIPLE)
    # Zeros are what the tower takes for padding; here all of it stands at the end.
    states = pad(states.flatten(1, 2), (0, 0, 0, padding))
    real, inside = used * positions, tiles * positions

    layers = tower.transformer.layers
    kept = [range(len(layers) + 1)[index] for index in config.intermediate_layers_indices]
    features = states.new_empty(pictures, inside, channels * (1 + len(kept)))
    # One channel of all kept layers, then the next: what stacking along the last axis gives.
    intermediate = features[..., channels:].unflatten(-1, (channels, len(kept)))
    for number in range(len(layers) + 1):
        for place, index in enumerate(kept):
            if index == number:
                intermediate[..., place] = states[:, :inside]
        if number < len(layers):
            states = _layer(layers[number], states, real, config.attention_heads)
    states = tower.layernorm_post(states)
    states = _with_tile_positions(tower, states, ids, tiles, inside)
    for layer in tower.global_transformer.layers:
        states = _layer(layer, states, real, config.attention_heads)
    features[..., :channels] = states[:, :inside]
    return features


def _embedded(tower: Any, pixels: Tensor, ids: Tensor) -> Tensor:
    """Embed patches, the class token and positions: (pictures, tiles, positions, channels)."""
    pictures, tiles = pixels.shape[:2]
    patches = tower.patch_embedding(pixels.flatten(0, 1)).flatten(2).transpose(1, 2)
    patches = patches.unflatten(0, (pictures, tiles))
    patches = tower.pre_tile_positional_embedding(patches, ids)
    classes = tower.class_embedding.to(patches.dtype).expand(pictures, tiles, 1, -1)
    states = torch.cat([classes, patches], dim=2)
    result: Tensor = tower.layernorm_pre(tower.gated_positional_embedding(states, ids))
    return result


def _with_tile_positions(tower: Any, states: Tensor, ids: Tensor, tiles: int, inside: int) -> Tensor:
    """Add each tile's embedding to its positions and to its share of the padding."""
    embedding = tower.post_tile_positional_embedding
    parts = [states[:, :inside], states[:, inside:]]
    return torch.cat([embedding(part.unflatten(1, (tiles, -1)), ids).flatten(1, 2) for part in parts], dim=1)


def _layer(layer: Any, states: Tensor, real: int, heads: int) -> Tensor:
    """Run one block; it may reuse the memory of ``states``."""
    attended = _attention(layer.self_attn, layer.input_layernorm(states), real, heads)
    states = _add(states, attended, layer.gate_attn if layer.is_gated else None)
    change = layer.mlp(layer.post_attention_layernorm(states))
    return _add(states, change, layer.gate_ffn if layer.is_gated else None)


def _add(states: Tensor, change: Tensor, gate: Tensor | None) -> Tensor:
    return states.add_(change) if gate is None else states.addcmul_(gate.tanh(), change)


def _attention(attention: Any, states: Tensor, real: int, heads: int) -> Tensor:
    q, k, v = (
        project(states).unflatten(-1, (heads, -1)).transpose(1, 2)
        for project in (attention.q_proj, attention.k_proj, attention.v_proj)
    )
    attended = _seen_by_padding_too(q, k, v, real)
    result: Tensor = attention.o_proj(attended.transpose(1, 2).flatten(2))
    return result


def _seen_by_padding_too(q: Tensor, k: Tensor, v: Tensor, real: int) -> Tensor:
    """Let the first ``real`` positions see all, and the others, which are padding, only those."""
    positions = q.shape[2]
    padding = q[:, :, real:], k[:, :, :real], v[:, :, :real]
    if 8 * (positions - real) < positions:
        # Little padding: computing it twice costs less than putting the parts together.
        with sdpa_kernel(_KERNELS, set_priority=True):
            attended = scaled_dot_product_attention(q, k, v)
        with sdpa_kernel(
            _KERNELS[1:], set_priority=True
        ):  # cuDNN would plan this shape for longer than it runs
            attended[:, :, real:] = scaled_dot_product_attention(*padding)
        return attended
    with sdpa_kernel(_KERNELS, set_priority=True):
        parts = [scaled_dot_product_attention(q[:, :, :real], k, v), scaled_dot_product_attention(*padding)]
    # Kernels write position by position, heads beside each other: joined so, the parts are copied straight.
    return torch.cat([part.transpose(1, 2) for part in parts], dim=1).transpose(1, 2)

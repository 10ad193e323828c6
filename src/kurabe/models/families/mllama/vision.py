"""Llama-3.2-Vision's vision tower without a dense mask.

Tiles are padded from 1,601 to 1,608 positions, and pictures to four tiles. The tower lets every position see
every other, except that padding does not see padding. Its own code says so with an additive mask of
(positions x positions), for which no flash kernel is made. Here real positions come first and padding last,
so that the same attention has no mask: it is one launch of a kernel of our own, or two calls of torch's, real
positions over all and padding over the real ones.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import pad

from kurabe.models.runtime.kernels.attention import full_attention, own_kernel
from kurabe.models.runtime.kernels.elementwise import Elementwise, Made, patches

_POSITIONS_MULTIPLE = 8

_PLAN_PAYS = 2.8e13
"""Operations on one shape by which a plan has paid: at 6,432 positions and 80 channels a head, cuDNN's kernel
does 347 TFLOP/s on an H100 (perf/results/rows_mllama.json) and takes 0.56 of flash attention's time, and a
shape is planned for 65 ms (throughput_mllama_before.json). Eight pictures have that much after two fifths of
the tower, one in its fourth run."""


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


def encode(tower: Any, pixels: Tensor, aspects: Tensor, used: int, small: Elementwise) -> Tensor:
    """Compute the features of pictures that use equally many tiles.

    Each intermediate feature is the *input* of its layer, as the checkpoint was trained (`mllama.apply`).
    The tower's modules are called as modules, so that adapters on them count.

    Args:
        tower: A `transformers.MllamaVisionModel`.
        pixels: (pictures, tiles, 3, side, side), normalised; unused tiles are zero and come last.
        aspects: (pictures,), the model's numbers of the arrangements of tiles.
        used: Tiles that hold something, of each picture.
        small: Computes what is elementwise.

    Returns:
        (pictures, tiles * positions, channels), unused tiles included: text in front of a picture's tag sees
        them.
    """
    config = tower.config
    tiles, ids = pixels.shape[1], aspects.view(-1, 1)
    states = _embedded(tower, pixels, ids)
    positions = states.shape[2]
    padding = tiles * (-positions % _POSITIONS_MULTIPLE)
    # Zeros are what the tower takes for padding; here all of it stands at the end.
    states = pad(states.flatten(1, 2), (0, 0, 0, padding))
    real, inside = used * positions, tiles * positions

    layers = tower.transformer.layers
    # Each kept feature is the input of a layer, or what comes out of the last one.
    wanted = [range(len(layers) + 1)[index] for index in config.intermediate_layers_indices]
    kept: dict[int, Tensor] = {}

    def keep(number: int, states: Tensor) -> None:
        if number in wanted:
            kept[number] = states[:, :inside].clone()

    states = _blocks(layers, states, real, config.attention_heads, small, keep)
    states = tower.layernorm_post(states)
    states = _with_tile_positions(tower, states, ids, tiles, inside)
    states = _blocks(tower.global_transformer.layers, states, real, config.attention_heads, small)
    # One channel of all kept layers, then the next. Stacked along the last axis at once, each layer's numbers
    # would be written two bytes here and two bytes there.
    intermediate = torch.stack([kept[number] for number in wanted], -2).transpose(-1, -2).flatten(2)
    return torch.cat([states[:, :inside], intermediate], -1)


def _embedded(tower: Any, pixels: Tensor, ids: Tensor) -> Tensor:
    """Embed patches, the class token and positions: (pictures, tiles, positions, channels)."""
    pictures, tiles = pixels.shape[:2]
    own = patches(tower.patch_embedding, pixels.flatten(0, 1)).unflatten(0, (pictures, tiles))
    own = tower.pre_tile_positional_embedding(own, ids)
    classes = tower.class_embedding.to(own.dtype).expand(pictures, tiles, 1, -1)
    states = torch.cat([classes, own], dim=2)
    result: Tensor = tower.layernorm_pre(tower.gated_positional_embedding(states, ids))
    return result


def _with_tile_positions(tower: Any, states: Tensor, ids: Tensor, tiles: int, inside: int) -> Tensor:
    """Add each tile's embedding to its positions and to its share of the padding."""
    embedding = tower.post_tile_positional_embedding
    parts = [states[:, :inside], states[:, inside:]]
    return torch.cat([embedding(part.unflatten(1, (tiles, -1)), ids).flatten(1, 2) for part in parts], dim=1)


def _blocks(
    layers: Any,
    states: Tensor,
    real: int,
    heads: int,
    small: Elementwise,
    keep: Callable[[int, Tensor], None] = lambda number, states: None,  # noqa: ARG005
) -> Tensor:
    """Run blocks, changing ``states`` in place; ``keep`` is told each input, and what the last one gives."""
    keep(0, states)
    normed = small.offered(layers[0].input_layernorm(states), *_asking(layers[0]))
    for number, layer in enumerate(layers, 1):
        change = _attention(layer.self_attn, normed, real, heads, small.fused)
        mlp, norm = layer.mlp, layer.post_attention_layernorm
        normed = _added(layer, "gate_attn", states, change, norm, small, [mlp.fc1])
        change = mlp.fc2(small.activated(mlp.fc1(normed), mlp.activation_fn, mlp.fc2))
        following = layers[number] if number < len(layers) else None
        if following is None:
            change = change * layer.gate_ffn.tanh() if layer.is_gated else change
            states.add_(change)
        else:
            into = _asking(following)
            normed = _added(layer, "gate_ffn", states, change, following.input_layernorm, small, into)
        keep(number, states)
    return states


def _asking(layer: Any) -> tuple[Any, Any, Any]:
    """Return what takes a block's first norm."""
    return layer.self_attn.q_proj, layer.self_attn.k_proj, layer.self_attn.v_proj


def _added(
    layer: Any,
    gate: str,
    states: Tensor,
    change: Tensor,
    norm: torch.nn.Module,
    small: Elementwise,
    into: Sequence[Any],
) -> Made:
    """Add a block's change, through its gate if it has one, to ``states`` in place; return their norm."""
    factor = getattr(layer, gate).tanh() if layer.is_gated else None
    made: Made = small.added_and_normed(states, change, norm, factor, into)
    return made


def _attention(attention: Any, states: Made, real: int, heads: int, own: bool) -> Tensor:
    q, k, v = (
        project(states).unflatten(-1, (heads, -1)).transpose(1, 2)
        for project in (attention.q_proj, attention.k_proj, attention.v_proj)
    )
    kernel = own_kernel(q, k, v) if own else None
    attended = kernel.attend(q, k, v, real=real) if kernel else _seen_by_padding_too(q, k, v, real)
    result: Tensor = attention.o_proj(attended.transpose(1, 2).flatten(2))
    return result


def _seen_by_padding_too(q: Tensor, k: Tensor, v: Tensor, real: int) -> Tensor:
    """Let the first ``real`` positions see all, and the others, which are padding, only those."""
    positions = q.shape[2]
    padding = full_attention(q[:, :, real:], k[:, :, :real], v[:, :, :real], _PLAN_PAYS, own=False)
    if 8 * (positions - real) < positions:
        # Little padding: computing it twice costs less than putting the parts together.
        attended = full_attention(q, k, v, _PLAN_PAYS, own=False)
        attended[:, :, real:] = padding
        return attended
    parts = [full_attention(q[:, :, :real], k, v, _PLAN_PAYS, own=False), padding]
    # Kernels write position by position, heads beside each other: joined so, the parts are copied straight.
    return torch.cat([part.transpose(1, 2) for part in parts], dim=1).transpose(1, 2)

"""Pictures of Llama-3.2-Vision cut into tiles, byte for byte as its image processor cuts them.

A picture is scaled into the arrangement of tiles that enlarges it least, or if none holds it, shrinks it
least; of equals, the one with fewer tiles. What is left over is black, on the right and below.
"""

import math
import platform
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from PIL.Image import Resampling

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

_BILINEAR = 2
_FAST_BYTES = ("AVX2", "AVX512")
"""Processors on which torchvision scales bytes as bytes; elsewhere it scales floats and rounds."""


@dataclass(frozen=True, slots=True)
class TileSettings:
    """What is to be known of an image processor; its attributes have the processor's names.

    Attributes:
        side: Of a tile, in pixels.
        max_image_tiles: Tiles a picture at most.
        image_mean: Of the channels, in [0, 1].
        image_std: Likewise.
        rescale_factor: What makes bytes numbers in [0, 1].
        by_pillow: Whether Pillow scales pictures, and not torchvision.
    """

    side: int
    max_image_tiles: int
    image_mean: tuple[float, ...]
    image_std: tuple[float, ...]
    rescale_factor: float
    by_pillow: bool

    @classmethod
    def read(cls, stored: dict[str, Any], *, by_pillow: bool = False) -> "TileSettings | None":
        """Take the settings of an image processor's file; None if they ask for something else than tiles."""
        steps = ("do_convert_rgb", "do_normalize", "do_pad", "do_rescale", "do_resize")
        size = stored.get("size") or {}
        side = size.get("height")
        usual = all(stored.get(step) is True for step in steps) and stored.get("resample") == _BILINEAR
        names = ("max_image_tiles", "image_mean", "image_std", "rescale_factor")
        if not usual or not side or size.get("width") != side or any(stored.get(n) is None for n in names):
            return None
        mean, deviation = tuple(stored["image_mean"]), tuple(stored["image_std"])
        tiles, factor = stored["max_image_tiles"], stored["rescale_factor"]
        return cls(side, tiles, mean, deviation, factor, by_pillow)


@lru_cache(maxsize=16)
def arrangements(tiles: int) -> list[tuple[int, int]]:
    """Return the arrangements of at most so many tiles, (rows, columns), in the order of their numbers.

    The model numbers them from 1.
    """
    sides = range(1, tiles + 1)
    return [(rows, columns) for rows in sides for columns in sides if rows * columns <= tiles]


def arranged(width: int, height: int, tiles: int, side: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Choose the arrangement of a picture, and its size in it.

    Args:
        width: Of the picture, in pixels.
        height: Likewise.
        tiles: At most.
        side: Of a tile, in pixels.

    Returns:
        (rows, columns), and the scaled picture's (height, width).
    """

    def scale(shape: tuple[int, int]) -> float:
        return min(shape[0] * side / height, shape[1] * side / width)

    scales = {shape: scale(shape) for shape in arrangements(tiles)}
    enlarging = [value for value in scales.values() if value >= 1]
    chosen = min(enlarging) if enlarging else max(scales.values())
    shapes = [shape for shape, value in scales.items() if value == chosen]
    rows, columns = min(shapes, key=lambda shape: shape[0] * shape[1])
    # A picture smaller than a tile is enlarged to one; any other keeps its size where it has room.
    wide = min(max(width, side), columns * side)
    high = min(max(height, side), rows * side)
    if wide / width < high / height:
        return (rows, columns), (min(math.floor(height * (wide / width)) or 1, high), wide)
    return (rows, columns), (high, min(math.floor(width * (high / height)) or 1, wide))


def cut(picture: "Image", tiles: int, settings: TileSettings) -> tuple["Tensor", tuple[int, int]]:
    """Cut a picture.

    Args:
        picture: Mode RGB.
        tiles: At most.
        settings: Of the checkpoint.

    Returns:
        uint8 (tiles, 3, side, side), row by row; and their (rows, columns).
    """
    import torch

    side = settings.side
    shape, size = arranged(picture.width, picture.height, tiles, side)
    if settings.by_pillow:
        scaled = _bytes(picture.resize(size[::-1], Resampling.BILINEAR))
    else:
        scaled = _scaled(_bytes(picture), size)
    rows, columns = shape
    whole = torch.zeros(3, rows * side, columns * side, dtype=torch.uint8)
    whole[:, : size[0], : size[1]] = scaled
    parts = whole.unflatten(1, (rows, side)).unflatten(3, (columns, side)).permute(1, 3, 0, 2, 4)
    return parts.flatten(0, 1).contiguous(), shape


def _bytes(picture: "Image") -> "Tensor":
    import numpy as np
    import torch

    return torch.from_numpy(np.array(picture)).permute(2, 0, 1).contiguous()


def _scaled(pixels: "Tensor", size: tuple[int, int]) -> "Tensor":
    """Scale bytes (3, height, width), as torchvision does it on this processor."""
    import torch
    from torch.nn.functional import interpolate

    if pixels.shape[1:] == size:
        return pixels
    as_bytes = torch.backends.cpu.get_cpu_capability() in _FAST_BYTES or platform.machine() in (
        "aarch64",
        "arm64",
    )
    source = pixels[None] if as_bytes else pixels[None].float()
    made = interpolate(source, size=list(size), mode="bilinear", align_corners=False, antialias=True)[0]
    return made if as_bytes else made.round_().to(torch.uint8)

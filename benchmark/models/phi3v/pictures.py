"""A picture as phi3_v sees it: scaled, padded white, cut into crops, with a small overview before them."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from benchmark.errors import ImageError


@dataclass(frozen=True, slots=True)
class Tiling:
    """How a picture is cut.

    Attributes:
        long: Its longer side after scaling, in pixels.
        short: Its shorter side after scaling, before padding.
        crops_long: Crops along the longer side.
        crops_short: Crops along the shorter side.
        upright: True if the picture is higher than wide.
    """

    long: int
    short: int
    crops_long: int
    crops_short: int
    upright: bool

    @property
    def rows(self) -> int:
        """Crops from top to bottom."""
        return self.crops_long if self.upright else self.crops_short

    @property
    def columns(self) -> int:
        """Crops from left to right."""
        return self.crops_short if self.upright else self.crops_long


def tile(width: int, height: int, num_crops: int, side: int) -> Tiling:
    """Choose the largest size at which a picture fills at most ``num_crops`` crops.

    Args:
        width: Of the picture in pixels.
        height: Of the picture in pixels.
        num_crops: The most crops it may be cut into.
        side: Of a crop, in pixels.

    Raises:
        ImageError: If the picture is empty, or so narrow that nothing would be left of its shorter side.
    """
    if width < 1 or height < 1:
        raise ImageError(f"a picture of {width}x{height} pixels is empty")
    if num_crops < 1:
        raise ImageError(f"num_crops must be 1 or more, not {num_crops}")
    upright = width < height
    ratio = max(width, height) / min(width, height)
    crops = 1
    while (crops + 1) * math.ceil((crops + 1) / ratio) <= num_crops:
        crops += 1
    long = side * crops
    short = int(long / ratio)
    if short < 1:
        raise ImageError(
            f"a picture of {width}x{height} pixels is too narrow: scaled to a length of {long} pixels "
            f"(num_crops = {num_crops}) its shorter side vanishes; crop it, or raise num_crops"
        )
    return Tiling(long, short, crops, math.ceil(short / side), upright)


def cut(
    picture: Image.Image, num_crops: int, side: int, mean: list[float], std: list[float]
) -> tuple[Tensor, Tiling]:
    """Scale, pad and normalise a picture and cut it into crops.

    Args:
        picture: Of any mode and size.
        num_crops: The most crops.
        side: Of a crop, in pixels.
        mean: Of the three channels, in [0, 1].
        std: Of the three channels.

    Returns:
        float32 (1 + crops, 3, side, side), the overview first, then the crops row by row; and the tiling.

    Raises:
        ImageError: As `tile`.
    """
    tiling = tile(*picture.size, num_crops, side)
    scaled = _scale(picture.convert("RGB"), tiling, side)
    pixels = (
        torch.from_numpy(np.array(scaled))
        .permute(2, 0, 1)
        .to(torch.float32, memory_format=torch.contiguous_format)
    )
    pixels.div_(255).sub_(torch.tensor(mean)[:, None, None]).div_(torch.tensor(std)[:, None, None])
    rows, columns = tiling.rows, tiling.columns
    crops = torch.empty(1 + rows * columns, 3, side, side)
    crops[:1] = torch.nn.functional.interpolate(pixels[None], size=(side, side), mode="bicubic")
    tiles = pixels.view(3, rows, side, columns, side).permute(1, 3, 0, 2, 4)
    crops[1:].view(rows, columns, 3, side, side).copy_(tiles)
    return crops, tiling


def _scale(picture: Image.Image, tiling: Tiling, side: int) -> Image.Image:
    """Scale to the tiling and pad with white; an upright picture is worked on as if it lay on its side."""
    if tiling.upright:
        picture = picture.transpose(Image.Transpose.TRANSPOSE)
    picture = picture.resize((tiling.long, tiling.short), Image.Resampling.BILINEAR)
    missing = tiling.crops_short * side - tiling.short
    if missing:
        padded = Image.new("RGB", (tiling.long, tiling.short + missing), (255, 255, 255))
        padded.paste(picture, (0, missing // 2))
        picture = padded
    return picture.transpose(Image.Transpose.TRANSPOSE) if tiling.upright else picture

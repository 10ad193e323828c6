"""A picture as phi3_v sees it: scaled, padded white, cut into crops, with a small overview before them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from kurabe.common.errors import ImageError


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


def cut_bytes(picture: Image.Image, num_crops: int, side: int) -> tuple[Tensor, Tiling]:
    """Scale and pad a picture and cut it into crops, as bytes.

    Args:
        picture: Of any mode and size.
        num_crops: The most crops.
        side: Of a crop, in pixels.

    Returns:
        uint8 (crops, 3, side, side), row by row and without the overview, which `normalise` makes; and the
        tiling.

    Raises:
        ImageError: As `tile`.
    """
    tiling = tile(*picture.size, num_crops, side)
    coloured = picture if picture.mode == "RGB" else picture.convert("RGB")  # which would copy even then
    pixels = np.asarray(_scale(coloured, tiling, side))
    # Array functions leave the other threads alone, and take no threads of their own.
    parts = pixels.reshape(tiling.rows, side, tiling.columns, side, 3).transpose(0, 2, 4, 1, 3)
    return torch.from_numpy(np.ascontiguousarray(parts)).view(-1, 3, side, side), tiling


def normalise(
    crops: Tensor, rows: int, columns: int, mean: Sequence[float] | Tensor, std: Sequence[float] | Tensor
) -> Tensor:
    """Turn bytes into what the vision tower takes, on the device where they are.

    Args:
        crops: uint8 (pictures, rows * columns, 3, side, side), as `cut_bytes` gives them.
        rows: Crops from top to bottom.
        columns: Crops from left to right.
        mean: Of the three channels, in [0, 1]. A tensor on the device of the crops saves waiting for it.
        std: Of the three channels.

    Returns:
        float32 (pictures, 1 + rows * columns, 3, side, side): the overview, then the crops.
    """
    pictures, count, channels, side, _ = crops.shape
    values = torch.empty(pictures, 1 + count, channels, side, side, dtype=torch.float32, device=crops.device)
    parts = values[:, 1:]
    parts.copy_(crops)
    centre, spread = (torch.as_tensor(each, device=crops.device).view(3, 1, 1) for each in (mean, std))
    parts.div_(255).sub_(centre).div_(spread)
    grid = parts.reshape(pictures, rows, columns, channels, side, side)
    whole = grid.permute(0, 3, 1, 4, 2, 5).reshape(pictures, channels, rows * side, columns * side)
    values[:, 0] = torch.nn.functional.interpolate(whole, size=(side, side), mode="bicubic")
    return values


def cut(
    picture: Image.Image, num_crops: int, side: int, mean: Sequence[float], std: Sequence[float]
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
    crops, tiling = cut_bytes(picture, num_crops, side)
    return normalise(crops[None], tiling.rows, tiling.columns, mean, std)[0], tiling


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

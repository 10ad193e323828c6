"""What is kept from sight: places that may differ are painted over, and only a region is left."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from kurabe.common.errors import ImageError
from kurabe.common.vocabulary import Box
from kurabe.imaging.load import load_image

PAINT = (128, 128, 128)
"""Middle grey: neither a shadow nor a highlight, and no hue."""


def paint_over(picture: Image.Image, ignored: Sequence[Box] | Path) -> Image.Image:
    """Return a picture with places painted grey, with hard edges.

    Args:
        picture: Mode RGB.
        ignored: Boxes in pixels of the picture, or a mask file that is white (above half) where to paint.

    Raises:
        ImageError: If the mask cannot be read or has another size.
    """
    painted = picture.copy()
    if isinstance(ignored, Path):
        mask = load_image(ignored).convert("L")
        if mask.size != picture.size:
            raise ImageError(
                f"{ignored}: the mask has {mask.width}x{mask.height} pixels and the picture "
                f"{picture.width}x{picture.height}: give a mask of the picture's size"
            )
        white = Image.fromarray((np.asarray(mask) > 127).astype(np.uint8) * 255)
        painted.paste(PAINT, (0, 0), white)
        return painted
    for box in ignored:
        painted.paste(PAINT, whole(box))
    return painted


def cut_out(picture: Image.Image, region: Box) -> Image.Image:
    """Return the part of a picture that lies in a region.

    Raises:
        ImageError: If the region leaves the picture.
    """
    edges = whole(region)
    if edges[2] > picture.width or edges[3] > picture.height:
        raise ImageError(
            f"the region {list(edges)} leaves the picture of {picture.width}x{picture.height}: correct it"
        )
    return picture.crop(edges)


def whole(box: Box) -> tuple[int, int, int, int]:
    """Return a box in whole pixels."""
    return round(box.x1), round(box.y1), round(box.x2), round(box.y2)

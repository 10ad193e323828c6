"""Masks of defects become boxes: one around each connected place."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from kurabe.common.errors import ImageError
from kurabe.common.vocabulary import Box
from kurabe.imaging.load import open_upright

_NEAR = 0.005
"""Places nearer than this share of the longer edge, to each side, are one: masks of one defect have gaps."""

_LOSSY = (".jpg", ".jpeg")


def mask_boxes(
    files: Sequence[Path],
    size: tuple[int, int],
    kinds: Mapping[tuple[int, int, int], str] | None = None,
) -> list[tuple[Box, str | None]]:
    """Return the places that a mask shows, from top to bottom, with their kinds.

    Args:
        files: The mask; several are laid over each other.
        size: Width and height in pixels of the picture that it belongs to.
        kinds: Kind of each colour; without it everything that is not black is a defect.

    Raises:
        ImageError: If a mask cannot be read, has another size, or shows no defect.
    """
    found: list[tuple[Box, str | None]] = []
    for path in files:
        with open_upright(path) as picture:
            if picture.size != size:
                raise ImageError(
                    f"{path}: the mask has {picture.width}x{picture.height} pixels and its picture "
                    f"{size[0]}x{size[1]}: scale the mask to the picture, without smoothing"
                )
            if kinds is None:
                found += [(box, None) for box in _places(_shown(picture, path))]
            else:
                pixels = np.asarray(picture.convert("RGB"))
                for colour, kind in kinds.items():
                    found += [(box, kind) for box in _places((pixels == colour).all(axis=2))]
    if not found:
        names = ", ".join(str(path) for path in files)
        known = "" if kinds is None else f" in the colours of {', '.join(kinds.values())}"
        raise ImageError(
            f"{names}: the mask shows no defect{known}, yet the part is called bad: correct the mask or the "
            "label"
        )
    return sorted(found, key=lambda each: (each[0].y1, each[0].x1))


def _shown(picture: Image.Image, path: Path) -> npt.NDArray[np.bool_]:
    if picture.mode == "P":
        values = np.asarray(picture)  # a palette's entries are classes, whatever their colours
    elif picture.mode in ("RGBA", "LA"):
        values = np.asarray(picture.convert("RGB")).max(axis=2)
    else:
        values = np.asarray(picture)
    if values.ndim == 3:
        values = values.max(axis=2)
    # Lossy files have a haze around what they show.
    return values > (127 if path.suffix.lower() in _LOSSY else 0)


def _places(shown: npt.NDArray[np.bool_]) -> list[Box]:
    if not shown.any():
        return []
    reach = max(1, round(_NEAR * max(shown.shape)))
    # A square's maximum filter runs along each axis apart, so its cost does not grow with the reach.
    wide = ndimage.maximum_filter(shown, size=2 * reach + 1)
    labels, number = ndimage.label(wide, structure=np.ones((3, 3)))
    boxes = []
    for slices in ndimage.find_objects(np.where(shown, labels, 0), number):
        if slices is not None:
            down, across = slices
            boxes.append(Box(across.start, down.start, across.stop, down.stop))
    return boxes

"""A picture as patches: laid on a good part if that is possible, and seen through the network."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image

from kurabe.imaging.align import IN_PLACE, PLACES, Mask, Registration, overlap, register, warp
from kurabe.models.engines.good_parts.backbone import Backbone
from kurabe.models.engines.good_parts.settings import GoodPartsSettings

if TYPE_CHECKING:
    import torch

Half = npt.NDArray[np.float16]

NO_MOTION = Registration(((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), (0.0, 0.0), 0.0, 1.0, 1.0, applied=False)
"""Of a picture that lies in place, or that nobody laid on another."""

_REGISTERED = 320
"""Longest side to which pictures are about reduced for registration: a third of a patch is near enough."""
_WHOLE = 0.99
"""Share of a patch that has to lie in both pictures for it to count."""


@dataclass(frozen=True, slots=True)
class Patches:
    """The patches of a picture on one grid.

    Attributes:
        values: C x H x W; over C of length 1. Half precision, so that stored ones are what fresh ones are.
        valid: H x W; False where the picture does not reach into the frame.
        size: Width and height of the picture as the network saw it.
        motion: 2 x 3, affine: from (x, y) in the frame to (x, y) in the picture, in pixels of that size;
            the identity if it is not laid on another.
    """

    values: Half
    valid: Mask
    size: tuple[int, int]
    motion: npt.NDArray[np.float64]

    @property
    def nbytes(self) -> int:
        """Return how much memory the patches take."""
        return self.values.nbytes + self.valid.nbytes


def laid(frame: Image.Image, picture: Image.Image) -> Registration | None:
    """Find how a picture lies on a frame.

    Args:
        frame: A good part, as the network sees it.
        picture: Another picture, as the network sees it.

    Returns:
        The motion, not applied if there is none; None if the picture cannot be laid on the frame.
    """
    if frame.size != picture.size:
        return None
    factor = max(1, round(max(frame.size) / _REGISTERED))
    one, other = (np.asarray(each.reduce(factor) if factor > 1 else each) for each in (frame, picture))
    found = register(one, other, PLACES)
    if not found.applied:
        return NO_MOTION if found.reason == IN_PLACE else None
    (a, b, c), (d, e, f) = found.transform
    # Pixel centres are integers: the middle of the first small pixel lies between full ones.
    off = (factor - 1) / 2
    c, f = factor * c + off * (1 - a - b), factor * f + off * (1 - d - e)
    shift = (factor * found.shift[0], factor * found.shift[1])
    return replace(found, transform=((a, b, c), (d, e, f)), shift=shift)


def patches(
    backbone: Backbone,
    settings: GoodPartsSettings,
    picture: Image.Image,
    frame: Image.Image | None = None,
    registration: Registration = NO_MOTION,
) -> Patches:
    """Return the patches of a picture.

    Args:
        backbone: The network.
        settings: Of the entry.
        picture: As the network sees it.
        frame: What it is laid on, of its size: patches are then of all grids, joined on the widest. None:
            they are of the widest grid alone, because fine detail differs between parts that lie anyhow.
        registration: How it lies on the frame.
    """
    size, valid = picture.size, np.ones((picture.height, picture.width), np.bool_)
    if frame is not None and registration.applied:
        valid = overlap((picture.height, picture.width), registration)
        mask = Image.fromarray(valid.astype(np.uint8) * 255)
        picture = Image.composite(warp(picture, registration), frame, mask)
    grids = backbone(picture)
    values, whole = _joined(grids if frame is not None else grids[-1:], settings.pool, valid)
    return Patches(values, whole, size, np.array(registration.transform))


def _joined(grids: "Sequence[torch.Tensor]", pool: int, valid: Mask) -> tuple[Half, Mask]:
    import torch
    from torch.nn import functional

    widest = (int(grids[-1].shape[1]), int(grids[-1].shape[2]))
    with torch.inference_mode():
        parts = []
        for grid in grids:
            mean = functional.avg_pool2d(grid[None], pool, 1, pool // 2, count_include_pad=False)
            parts.append(functional.normalize(functional.adaptive_avg_pool2d(mean, widest), dim=1)[0])
        values = (torch.cat(parts) / len(parts) ** 0.5).half().numpy()
        inside = functional.adaptive_avg_pool2d(torch.from_numpy(valid.astype(np.float32))[None], widest)
    whole: Mask = inside[0].numpy() > _WHOLE
    return values, whole

"""How unlike two specimens of one product are, patch by patch.

Two good specimens never agree pixel by pixel. So each patch looks for its like in the neighbourhood of
its own place in the other picture, and what it does not find is weighed against the contrast that is
there anyway. Two scales: the fine one keeps small defects, the coarse one forgives more displacement.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage
from skimage.color import rgb2lab

from kurabe.imaging.difference import Mask

Map = npt.NDArray[np.float32]

_FINE = 192
_COARSE = 96
_PATCH = 5
_REACH_FINE = 3
_REACH_COARSE = 5
_LIGHTNESS = 0.7
"""Weight of lightness against the two colour axes: light varies between shots, hue hardly."""
_FLOOR = 10.0
"""Contrast in CIELAB units that every place is granted."""


@dataclass(frozen=True, slots=True)
class Unlikeness:
    """The comparison of two specimens.

    Attributes:
        fine: Unlikeness of each place over the contrast around it, h x w, of the reduced pictures.
        score: Geometric mean of the fine scale's maximum and the coarse scale's 99th percentile.
        texture: Median gradient of the reduced reference, CIELAB units a pixel: 0 on plain backgrounds.
        contrast: Standard deviation of the reduced reference, CIELAB units.
    """

    fine: Map
    score: float
    texture: float
    contrast: float


def unlikeness(reference: Image.Image, test: Image.Image, valid: Mask) -> Unlikeness:
    """Compare two specimens.

    Args:
        reference: Mode RGB.
        test: Of the same size, registered if that was possible.
        valid: H x W, true where the test shows something; elsewhere nothing is claimed.
    """
    fine = _Scale.of(reference, test, valid, _FINE)
    coarse = _Scale.of(reference, test, valid, _COARSE)
    gradient = np.gradient(coarse.reference, axis=(0, 1))
    steep = np.sqrt(sum((g * g).sum(axis=2) for g in gradient))
    contrast = math.sqrt(float(coarse.reference.var(axis=(0, 1)).sum()))
    # Only the coarse scale is freed of slow light: at the fine one it is below what patches differ by.
    size = _COARSE // 3 | 1
    level = _mean(coarse.reference, size) - _mean(coarse.test, size)
    rough = _relative(coarse.reference, coarse.test + level, coarse.valid, _REACH_COARSE)
    shift = fine.reference.mean(axis=(0, 1)) - fine.test.mean(axis=(0, 1))
    detail = _relative(fine.reference, fine.test + shift, fine.valid, _REACH_FINE)
    score = math.sqrt(float(detail.max()) * float(np.quantile(rough, 0.99)))
    return Unlikeness(detail, score, float(np.median(steep)), contrast)


@dataclass(frozen=True, slots=True)
class _Scale:
    reference: Map
    test: Map
    valid: Mask

    @classmethod
    def of(cls, reference: Image.Image, test: Image.Image, valid: Mask, longest: int) -> "_Scale":
        factor = longest / max(reference.size)
        size = (max(8, round(reference.width * factor)), max(8, round(reference.height * factor)))
        shown = Image.fromarray(valid.astype(np.uint8) * 255).resize(size, Image.Resampling.BOX)
        return cls(_lab(reference, size), _lab(test, size), np.asarray(shown) >= 250)


def _lab(picture: Image.Image, size: tuple[int, int]) -> Map:
    lab = rgb2lab(np.asarray(picture.resize(size, Image.Resampling.BOX))).astype(np.float32)
    lab[..., 0] *= _LIGHTNESS
    return np.asarray(lab)


def _mean(values: Map, size: int) -> Map:
    mean: Map = ndimage.uniform_filter(values, (size, size, 0))
    return mean


def _relative(reference: Map, test: Map, valid: Mask, reach: int) -> Map:
    """Return the patch distance over the contrast around each place, 0 where the test shows nothing."""
    size = 2 * reach + 1
    contrast = [
        ndimage.maximum_filter(_deviation(picture, _PATCH + 2), size) for picture in (reference, test)
    ]
    unlike = patch_distance(reference, test, reach, _PATCH) / (_FLOOR + np.maximum(*contrast))
    return np.where(valid, unlike, np.float32(0)).astype(np.float32)


def _deviation(values: Map, size: int) -> Map:
    mean = _mean(values, size)
    spread: Map = np.sqrt(np.maximum((_mean(values * values, size) - mean * mean).sum(axis=2), 0))
    return spread


def patch_distance(one: Map, other: Map, reach: int, patch: int) -> Map:
    """Return each place's distance to the most similar patch nearby in the other picture.

    The greater of the two directions: what appeared finds nothing in ``one``, what vanished nothing in
    ``other``. One cost volume serves both.

    Args:
        one: h x w x C.
        other: h x w x C.
        reach: Radius in pixels of the disc that is searched.
        patch: Side in pixels of the square patches.

    Returns:
        h x w: root of the mean squared distance over the patch, in units of the values.
    """
    height, width, _ = one.shape
    padded = np.pad(other, ((reach, reach), (reach, reach), (0, 0)), mode="edge")
    forth = np.full((height, width), np.inf, np.float32)
    back = np.full((height + 2 * reach, width + 2 * reach), np.inf, np.float32)
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            if dy * dy + dx * dx > reach * reach:
                continue
            there = (slice(reach + dy, reach + dy + height), slice(reach + dx, reach + dx + width))
            gap = one - padded[there]
            cost = ndimage.uniform_filter(np.einsum("ijk,ijk->ij", gap, gap), patch)
            np.minimum(forth, cost, out=forth)
            np.minimum(back[there], cost, out=back[there])
    inner = back[reach : reach + height, reach : reach + width]
    return np.sqrt(np.maximum(np.maximum(forth, inner), 0))

"""Processors that an inspector would try first.

Those that compare register the test to the reference first; the reference's own picture is made
against itself, so it is calm.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image
from skimage import exposure, filters
from skimage.metrics import structural_similarity

from kurabe.imaging.align import align
from kurabe.imaging.difference import match_light
from kurabe.imaging.processors import Pair, processor

_CLIP = 0.02
"""Share of a tile's pixels that one grey level may hold before its histogram is clipped."""
_EDGE_GAIN = 3.0
"""Steepest slope of a photograph's sharp edges is about a third of a black-white step."""
_SSIM_WINDOW = 7
_EDGE_COLOUR = (255, 40, 40)


@processor("gray")
def gray(reference: Image.Image, test: Image.Image) -> Pair:
    """Show luminance only."""
    return reference.convert("L").convert("RGB"), test.convert("L").convert("RGB")


@processor("absdiff")
@processor("diff")
def absdiff(reference: Image.Image, test: Image.Image) -> Pair:
    """Show twice the absolute difference, in the reference's light: black where they agree."""
    moved, valid, _ = align(reference, test)
    a = np.asarray(reference)
    b = match_light(a, np.asarray(moved), valid)
    gap = np.abs(b.astype(np.int16) - a)
    gap[~valid] = 0
    return Image.new("RGB", reference.size), Image.fromarray(np.minimum(2 * gap, 255).astype(np.uint8))


@processor("clahe")
def clahe(reference: Image.Image, test: Image.Image) -> Pair:
    """Show both with their contrast equalised locally (CLAHE on lightness, hue kept)."""
    return _equalised(reference), _equalised(test)


@processor("edges")
def edges(reference: Image.Image, test: Image.Image) -> Pair:
    """Show the strength of edges (Sobel) in luminance."""
    return _grey(_strength(reference)), _grey(_strength(test))


@processor("ssim-map")
def ssim_map(reference: Image.Image, test: Image.Image) -> Pair:
    """Show where the structural similarity to the reference is low: black is 1, white is 0 or less."""
    moved, _, _ = align(reference, test)
    pair = [np.asarray(picture.convert("L")) for picture in (reference, moved)]
    height, width = pair[0].shape
    # The window has to fit in; a smaller picture is continued by its rim.
    more = [(0, max(0, _SSIM_WINDOW - side)) for side in (height, width)]
    a, b = (np.pad(plane, more, mode="edge") for plane in pair)
    _, similar = structural_similarity(a, b, win_size=_SSIM_WINDOW, data_range=255, full=True)  # type: ignore[no-untyped-call]
    return Image.new("RGB", reference.size), _grey(1 - similar[:height, :width])


@processor("overlay")
def overlay(reference: Image.Image, test: Image.Image) -> Pair:
    """Draw the reference's edges in red over each picture: in the test, what departs lies beside them."""
    moved, _, _ = align(reference, test)
    strength = np.clip(_strength(reference), 0, 1)
    mask = Image.fromarray((strength * 255).astype(np.uint8))
    colour = Image.new("RGB", reference.size, _EDGE_COLOUR)
    return Image.composite(colour, reference, mask), Image.composite(colour, moved, mask)


def _equalised(picture: Image.Image) -> Image.Image:
    lightness, a, b = picture.convert("YCbCr").split()
    values = np.asarray(lightness)
    if values.min() == values.max():  # nothing to equalise, and nothing to divide by
        return picture
    tile = (max(1, values.shape[0] // 8), max(1, values.shape[1] // 8))
    better = exposure.equalize_adapthist(values, kernel_size=tile, clip_limit=_CLIP)
    # The library stretches to the full range as it goes; NaN comes of tiles that are one value.
    better = np.nan_to_num(better, nan=0.0)
    raised = Image.fromarray(np.rint(255 * np.clip(better, 0, 1)).astype(np.uint8))
    return Image.merge("YCbCr", (raised, a, b)).convert("RGB")


def _strength(picture: Image.Image) -> npt.NDArray[np.float64]:
    values = np.asarray(picture.convert("L"), np.float64) / 255
    found: npt.NDArray[np.float64] = _EDGE_GAIN * filters.sobel(values)  # type: ignore[no-untyped-call]
    return found


def _grey(values: npt.NDArray[np.float64]) -> Image.Image:
    return Image.fromarray(np.rint(255 * np.clip(values, 0, 1)).astype(np.uint8)).convert("RGB")

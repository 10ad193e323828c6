"""Distances of patches to the nearest ones of good parts, and what good parts say of them."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from kurabe.imaging.align import Mask

if TYPE_CHECKING:
    import torch

Map = npt.NDArray[np.float32]

_FAR = -4.0
"""Added to the likeness, which is at most 1, of patches out of reach."""
_SLACK = 1e-6
"""Of a place, against rounding."""
_NORMAL = 1.4826
"""Makes a median of deviations a standard deviation."""
_USUAL, _UNUSUAL = 0.1, 2.0
"""Share of the median that scores vary by at least, and the deviations up to which one is taken as it is."""
_ONE_IN = 6
"""Good parts of which one may be unlike the others."""
_LEAST = 1e-6
"""Distance that is expected everywhere, so that it can be divided by."""


def nearest(seen: "torch.Tensor", goods: "torch.Tensor", reach: tuple[float, float]) -> Map:
    """Return each patch's distance to the nearest patch of each good part.

    Args:
        seen: C x H x W, over C of length 1.
        goods: n x C x h x w, likewise.
        reach: Shares of height and width within which the other patch may lie. However small a grid is, a
            patch's own place is within reach.

    Returns:
        n x H x W, in [0, 2].
    """
    import torch

    _, height, width = seen.shape
    number, channels, rows, columns = goods.shape
    flat = goods.reshape(number, channels, rows * columns)
    likeness = torch.empty(number, height, width)
    x = (torch.arange(width) + 0.5) / width
    away = (x[:, None] - (torch.arange(columns) + 0.5) / columns).abs()
    out = torch.zeros(width, 1, columns).masked_fill(
        (away > max(reach[1], 0.5 / columns) + _SLACK)[:, None], _FAR
    )
    high = max(reach[0], 0.5 / rows) + _SLACK
    with torch.inference_mode():
        for row in range(height):
            y = (row + 0.5) / height
            first = max(0, math.ceil((y - high) * rows - 0.5))
            last = min(rows - 1, math.floor((y + high) * rows - 0.5))
            band = flat[:, :, first * columns : (last + 1) * columns]
            found = (seen[:, row].T @ band).view(number, width, last + 1 - first, columns)
            likeness[:, row] = (found + out).amax((2, 3))
        return (2 - 2 * likeness).clamp_min_(0).sqrt_().numpy()


def score(distances: Map, top: float) -> float:
    """Return the mean of the share `top` of the largest distances."""
    count = max(1, round(distances.size * top))
    return float(np.partition(distances.ravel(), -count)[-count:].mean())


def threshold(scores: Sequence[float], deviations: float) -> float:
    """Return the score from which on a picture is different: a mean and so many standard deviations.

    A good part that is unlike all the others counts as one that is just unusual: what it differs by is no
    measure of what good parts differ by, and among ten it would hide every defect that is smaller. Where more
    than one in six is, good parts are of more than one kind, and all count as they are.

    Args:
        scores: Of good parts, each as the others see it; at least two.
        deviations: Standard deviations beyond the mean.
    """
    found = np.asarray(scores, np.float64)
    middle = float(np.median(found))
    spread = max(_NORMAL * float(np.median(np.abs(found - middle))), _USUAL * middle)
    limit = middle + _UNUSUAL * spread
    if (found > limit).sum() <= len(found) // _ONE_IN:
        found = np.minimum(found, limit)
    return max(float(found.mean() + deviations * found.std(ddof=1)), _LEAST)


def expected(apart: Map, valid: Mask, shrink: float) -> Map:
    """Return how far good parts are apart at each place.

    A place is granted what its neighbours need, and where few parts are seen it is drawn towards what all
    places have in common. Statistics of each place are from PaDiM (Defard et al., 2020), the distance to the
    nearest patch is from PatchCore (Roth et al., 2021).

    Args:
        apart: n x H x W: of each good part's patches from the nearest ones of the others.
        valid: n x H x W: where the good parts are seen.
        shrink: Parts that what all places have in common counts as.
    """
    seen = valid.sum(0).astype(np.float32)
    sums = np.where(valid, apart, np.float32(0)).sum(0)
    everywhere = max(float(sums.sum()) / max(float(seen.sum()), 1.0), _LEAST)
    here = ndimage.maximum_filter(sums / np.maximum(seen, 1), 3)
    weight = np.maximum(seen + np.float32(shrink), np.float32(_LEAST))
    found: Map = (seen * here + np.float32(shrink * everywhere)) / weight
    return np.maximum(found, np.float32(_LEAST))


def left_out(apart: Map, valid: Mask, shrink: float, top: float) -> tuple[list[float], Map]:
    """Let each good part be judged by the others, which know nothing of it.

    Args:
        apart: n x n x H x W: of each good part's patches from the nearest ones of each other part; what is on
            the diagonal does not matter. At least three parts.
        valid: n x H x W: where the good parts are seen.
        shrink: See `expected`.
        top: See `score`.

    Returns:
        n scores, of distances over what is expected; and H x W, what all of them expect.
    """
    own = np.arange(len(apart))
    apart = apart.copy()
    apart[own, own] = np.inf
    every = apart.min(1)
    scores = []
    for out in own:
        others = own != out
        within = apart[others][:, others].min(1)
        scores.append(score(every[out] * valid[out] / expected(within, valid[others], shrink), top))
    return scores, expected(every, valid, shrink)

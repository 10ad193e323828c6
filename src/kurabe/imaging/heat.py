"""Heat maps: how strongly each place of a test picture speaks for a difference, as a short text."""

import base64
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image

from kurabe.common.heat import LONGEST

_STEPS = 15
"""Steps of grey above black: a third of the bytes of 255, and nobody tells more apart."""
_FAINT = 0.3
"""Strength below which a place is left black: noise, which takes most of the bytes."""


def heat_map(strength: npt.ArrayLike) -> str:
    """Return a heat map as `kurabe.Answer` takes it: a grey PNG in base64.

    Args:
        strength: H x W, over the whole test picture: 1 where the verdict would turn, 0 where nothing speaks
            for a difference. Of more than 64 cells along a side, the largest of neighbours are kept.

    Raises:
        ValueError: If it is no grid of finite numbers.
    """
    try:
        cells = np.asarray(strength, dtype=np.float64)
    except TypeError as error:
        raise ValueError(f"a heat map is a grid of numbers: {error}") from error
    if cells.ndim != 2 or not cells.size:
        raise ValueError(f"a heat map is a grid, height x width; this one has the shape {cells.shape}")
    if not np.isfinite(cells).all():
        raise ValueError("a heat map has finite numbers; this one has NaN or infinity")
    squares = np.square(np.maximum(_smaller(cells), 0).clip(max=1e6))
    # Half of what there is where the verdict turns, so that strong and weak ones are both told apart.
    squares[squares < _FAINT**2] = 0
    grey = (np.round(_STEPS * squares / (1 + squares)) * (255 // _STEPS)).astype(np.uint8)
    content = BytesIO()
    Image.fromarray(grey).save(content, "PNG", compress_level=9)
    return base64.b64encode(content.getvalue()).decode("ascii")


def _smaller(cells: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Keep the largest of neighbours, so that no side has more cells than `LONGEST`."""
    for axis in (0, 1):
        length = cells.shape[axis]
        if length > LONGEST:
            starts = np.arange(LONGEST) * length // LONGEST
            cells = np.maximum.reduceat(cells, starts, axis=axis)
    return cells

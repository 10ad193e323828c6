"""Heat maps as numbers again."""

import base64
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image


def strength_of(heat: str) -> npt.NDArray[np.float64]:
    """Return the strengths of a heat map, H x W, as far as its 256 steps tell."""
    with Image.open(BytesIO(base64.b64decode(heat))) as picture:
        share = np.asarray(picture, np.float64) / 255
    return np.sqrt(share / np.maximum(1 - share, 1 / 510))

"""Which good part is nearest to a test picture: a distance for choosing among hundreds, not for judging.

Pictures are reduced to a few thousand values and freed of their light, so that what counts is which specimen,
pose or product variant is shown. A defect is local: the worst places are left out of the sum, so that it does
not decide which good part it is compared with.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

Gist = npt.NDArray[np.float32]
"""A reduced picture, `SIDE` x `SIDE` x 3, each channel with mean 0, all together with deviation 1."""

SIDE = 48

_SHIFT = 1
"""Places by which the test may be displaced, a fiftieth of the picture."""

_KEPT = 0.95
"""Share of the places that counts, those which agree best."""

_SHORT = 16
"""Good parts that are compared in full where there are more."""


def gist(picture: Image.Image) -> Gist:
    """Reduce a picture to what it is compared by.

    Args:
        picture: Mode RGB, of any size and shape.
    """
    # Reducing first by whole factors is several times as fast, and the rest of it as exact.
    small = picture.resize((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    values = np.asarray(small, np.float32)
    values = values - values.mean(axis=(0, 1))
    return np.asarray(values / max(float(values.std()), 1.0), np.float32)


def distances(test: Gist, goods: Sequence[Gist]) -> npt.NDArray[np.float64]:
    """Return the distance of a test picture to each good part, (n,): 0 for equal pictures in equal light."""
    inner = slice(_SHIFT, SIDE - _SHIFT)
    shifts = range(-_SHIFT, _SHIFT + 1)
    # Channels first: a sum over a last axis of three takes twice as long as all the rest.
    planes = np.moveaxis(test, 2, 0)
    moved = [np.roll(planes, (dy, dx), axis=(1, 2))[:, inner, inner] for dy in shifts for dx in shifts]
    tests = np.stack(moved, axis=1).reshape(3, len(moved), -1)
    kept = round(_KEPT * tests.shape[2])
    found = np.empty(len(goods))
    for number, good in enumerate(goods):
        gap = np.abs(tests - np.moveaxis(good, 2, 0)[:, inner, inner].reshape(3, 1, -1)).sum(axis=0)
        best = np.partition(gap, kept - 1, axis=1)[:, :kept]
        found[number] = best.mean(axis=1).min()
    return found


class Candidates:
    """Good parts among which the nearest is looked for again and again.

    With many, a coarse look chooses a few of them, and `distances` chooses among these.

    Args:
        gists: The good parts; at least one.
    """

    def __init__(self, gists: Sequence[Gist]) -> None:
        # Half precision holds a gist's three or four digits, and hundreds of good parts in little memory.
        self._gists = np.asarray(gists, np.float16)
        self._coarse = _coarse(self._gists)
        self._lengths = (self._coarse**2).sum(axis=1)

    def nearest(self, test: Gist) -> int:
        """Return the place of the good part that is nearest to a test picture; of equal ones the first."""
        places = np.arange(len(self._gists))
        if len(places) > _SHORT:
            far = self._lengths - 2 * self._coarse @ _coarse(test[None])[0]
            places = np.sort(np.argpartition(far, _SHORT)[:_SHORT])
        chosen = [self._gists[place].astype(np.float32) for place in places]
        return int(places[distances(test, chosen).argmin()])


def _coarse(gists: npt.NDArray[np.float16] | npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the means over squares of 4 x 4 places, (n, values)."""
    side = SIDE // 4
    squares = gists.astype(np.float32).reshape(len(gists), side, 4, side, 4, 3)
    return np.asarray(squares.mean(axis=(2, 4)).reshape(len(gists), -1), np.float32)

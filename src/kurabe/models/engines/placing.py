"""Where what lies in a registered picture is in the test picture."""

from dataclasses import dataclass

import numpy as np

from kurabe.common.heat import LONGEST
from kurabe.common.vocabulary import Box
from kurabe.imaging.align import Registration
from kurabe.imaging.difference import Map
from kurabe.imaging.heat import heat_map

_FINE = 4
"""Places that are looked at along each side of a cell of a heat map."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Turns boxes of the registered picture into boxes of the test picture."""

    registration: Registration
    across: float
    size: tuple[int, int]
    pad: int
    down: float = 0

    def __call__(self, box: Box) -> Box:
        """Return where a box of the registered picture is in the test picture."""
        (a, b, c), (d, e, f) = self.registration.transform
        corners = [(x - 0.5, y - 0.5) for x in (box.x1, box.x2) for y in (box.y1, box.y2)]
        xs = [(a * x + b * y + c + 0.5) * self.across for x, y in corners]
        ys = [(d * x + e * y + f + 0.5) * (self.down or self.across) for x, y in corners]
        width, height = self.size
        x1, x2 = max(0, round(min(xs)) - self.pad), min(width, round(max(xs)) + self.pad)
        y1, y2 = max(0, round(min(ys)) - self.pad), min(height, round(max(ys)) + self.pad)
        # A registration may put a place just outside; a box is never empty.
        x1, y1 = min(x1, width - 1), min(y1, height - 1)
        return Box(x1, y1, max(x2, x1 + 1), max(y2, y1 + 1))

    def heat(self, strength: Map, cell: tuple[float, float] = (1, 1)) -> str:
        """Return the heat map of the test picture.

        Args:
            strength: H x W, over the registered picture; 1 where the verdict turns.
            cell: Width and height of one of its cells, in pixels of the registered picture.
        """
        strength, cell = _coarse(strength, cell)
        width, height = self.size
        columns, rows = (max(1, round(side * LONGEST / max(self.size))) for side in self.size)
        x = (np.arange(columns * _FINE) + 0.5) * width / (columns * _FINE) / self.across
        y = (np.arange(rows * _FINE) + 0.5) * height / (rows * _FINE) / (self.down or self.across)
        (a, b, c), (d, e, f) = self.registration.transform
        (a, b), (d, e) = np.linalg.inv(((a, b), (d, e)))
        u, v = x[None, :] - 0.5 - c, y[:, None] - 0.5 - f
        column = np.floor((a * u + b * v + 0.5) / cell[0]).astype(int)
        row = np.floor((d * u + e * v + 0.5) / cell[1]).astype(int)
        within = (column >= 0) & (column < strength.shape[1]) & (row >= 0) & (row < strength.shape[0])
        found = np.where(within, strength[row * within, column * within], 0)
        return heat_map(found.reshape(rows, _FINE, columns, _FINE).max((1, 3)))


def _coarse(strength: Map, cell: tuple[float, float]) -> tuple[Map, tuple[float, float]]:
    """Keep the largest of neighbours, so that no place lies between those that are looked at."""
    sizes = [cell[0], cell[1]]
    for axis, number in ((0, 1), (1, 0)):
        block = -(-strength.shape[axis] // (LONGEST * _FINE // 2))
        if block > 1:
            strength = np.maximum.reduceat(strength, np.arange(0, strength.shape[axis], block), axis=axis)
            sizes[number] *= block
    return strength, (sizes[0], sizes[1])

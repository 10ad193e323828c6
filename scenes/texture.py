"""Patterns: noise for the grain of things, and a painted sheet for the ground that they stand on."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from scenes.solid import Array

TILE = 256


@cache
def noise_tile(octaves: tuple[int, ...] = (2, 4, 8, 16, 64)) -> Array:
    """Return a (TILE, TILE) tile without seams of noise about 0, within -1 and 1; coarse to fine."""
    rng = np.random.default_rng(20)
    total = np.zeros((TILE, TILE))
    for cells in octaves:
        coarse = rng.uniform(-1, 1, (cells, cells))
        fine = ndimage.zoom(
            np.pad(coarse, 3, mode="wrap"), TILE / cells, order=1, grid_mode=True, mode="nearest"
        )
        edge = 3 * TILE // cells
        total += fine[edge : edge + TILE, edge : edge + TILE] * cells**-0.3
    return np.asarray(total / np.abs(total).max(), np.float32)


@cache
def noise_slopes() -> tuple[Array, Array]:
    """Return the slopes of the noise tile along x and y, scaled to about -1 to 1."""
    tile = noise_tile((32, 64, 128))
    along_y, along_x = (np.roll(tile, -1, axis) - np.roll(tile, 1, axis) for axis in (0, 1))
    return np.asarray(4 * along_x, np.float32), np.asarray(4 * along_y, np.float32)


def slopes(height: Array, density: float) -> tuple[Array, Array]:
    """Return the slopes along x and y of a relief in millimetres with ``density`` pixels per millimetre."""
    along_y, along_x = np.gradient(np.asarray(height * density, np.float32))
    return np.asarray(along_x), np.asarray(along_y)


def lookup(tile: Array, x: Array, y: Array) -> Array:
    """Return the tile's values at coordinates in tile pixels, wrapped around."""
    column = np.asarray(x, np.int32) & (TILE - 1)
    row = np.asarray(y, np.int32) & (TILE - 1)
    return np.asarray(np.take(tile, row * TILE + column))


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What is painted on the ground, in the world's plane z = 0.

    Attributes:
        corner: The world's x and y of the upper left corner, in millimetres.
        density: Pixels per millimetre.
        paint: (H, W, 4): linear red, green, blue, and how much of it is bare metal.
        slopes: Slope of the relief along x and along y, each (H, W).
        gloss: How strongly the sheet mirrors, 0 to 1.
    """

    corner: tuple[float, float]
    density: float
    paint: Array
    slopes: tuple[Array, Array]
    gloss: float = 0.3

    def index(self, x: Array, y: Array) -> NDArray[np.integer[Any]]:
        """Return flat indices of the sheet's pixels at points of the world; outside, those of its border."""
        rows, columns = self.paint.shape[:2]
        column = np.clip((x - self.corner[0]) * self.density, 0, columns - 1).astype(np.int32)
        row = np.clip((y - self.corner[1]) * self.density, 0, rows - 1).astype(np.int32)
        return np.asarray(row * columns + column)

"""From light to a picture: focus, sensor, noise and tone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from scenes.raster import Surface, View, pack, rasterise
from scenes.shade import Frame, Light, shade
from scenes.solid import Array, Solid, rotation
from scenes.texture import Sheet

Picture = NDArray[np.uint8]
"""(H, W, 3), sRGB-like."""


@dataclass(frozen=True, slots=True)
class Shot:
    """How a picture is taken.

    Attributes:
        light: The light in the room.
        tilt: Degrees by which the camera looks from the front instead of straight down.
        swing: Degrees by which the scene is turned about the vertical.
        roll: Degrees by which the camera is turned about its own axis.
        zoom: Pixels per millimetre.
        centre: The point of the world in the middle of the picture, in millimetres.
        focus: Height in millimetres that is sharp.
        blur: Blur in pixels per millimetre of distance from the sharp height.
        soften: Blur in pixels everywhere.
        exposure: Factor on the light.
        vignette: Loss of light in the corners, as a share.
        noise: Standard deviation of the sensor's noise in grey levels at middle grey.
    """

    light: Light
    tilt: float = 20.0
    swing: float = 0.0
    roll: float = 0.0
    zoom: float = 8.0
    centre: tuple[float, float, float] = (0.0, 0.0, 0.0)
    focus: float = 2.0
    blur: float = 0.12
    soften: float = 0.3
    exposure: float = 1.0
    vignette: float = 0.15
    noise: float = 0.8

    def view(self, size: tuple[int, int]) -> View:
        """Return the projection onto a picture of that height and width."""
        axes = rotation("z", self.roll) @ rotation("x", self.tilt) @ rotation("z", self.swing)
        return View(axes, np.asarray(self.centre, float), self.zoom, size)


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """What is seen where, without light: enough for `mask`, at a fraction of the time.

    Attributes:
        surface: What is seen where.
        tags: The tag of each solid.
    """

    surface: Surface
    tags: tuple[str, ...]


def outline(solids: Iterable[Solid], shot: Shot, size: tuple[int, int], fine: int = 2) -> Outline:
    """Return what `expose` would show where, with the same arguments."""
    scene = pack(solids)
    surface = rasterise(scene, _fine_view(shot, size, fine))
    return Outline(surface, tuple(solid.tag for solid in scene.solids))


def _fine_view(shot: Shot, size: tuple[int, int], fine: int) -> View:
    return replace(shot, zoom=shot.zoom * fine).view((size[0] * fine, size[1] * fine))


def expose(solids: Iterable[Solid], shot: Shot, sheet: Sheet, size: tuple[int, int], fine: int = 2) -> Frame:
    """Return the lit scene, ``fine`` times as fine as the picture of that height and width."""
    return shade(solids, _fine_view(shot, size, fine), shot.light, sheet)


def _focus(frame: Frame, shot: Shot, fine: int) -> Array:
    """Blur by the distance from the sharp height, as a mixture of three blurred copies."""
    picture = frame.light
    scale = shot.zoom * fine
    height, width = picture.shape[:2]
    view = replace(shot, zoom=scale).view((height, width))
    sharp_at = view.project(np.array([[shot.centre[0], shot.centre[1], shot.focus]]))[0, 2]
    distance = np.abs(frame.surface.depth - np.float32(sharp_at)) / np.float32(scale)
    radius = np.float32(fine) * (distance * np.float32(shot.blur) + np.float32(shot.soften))
    radius = ndimage.uniform_filter(radius, 2 * fine + 1)
    result = picture
    previous = 0.0
    for sigma in (0.7 * fine, 1.8 * fine):
        if float(radius.max()) <= previous:
            break
        blurred = ndimage.gaussian_filter(picture, (sigma, sigma, 0), truncate=2.5)
        share = np.clip((radius - previous) / (sigma - previous), 0, 1)[:, :, None]
        result = result + share * (blurred - result)
        previous = sigma
    return np.asarray(result)


def develop(frame: Frame, shot: Shot, rng: np.random.Generator, fine: int = 2) -> Picture:
    """Return the picture that the sensor makes of a frame.

    Args:
        frame: From `expose`.
        shot: The one that it was exposed with.
        rng: Draws the sensor's noise.
        fine: As given to `expose`.
    """
    light = _focus(frame, shot, fine)
    height, width = light.shape[0] // fine, light.shape[1] // fine
    total = np.zeros((height, width, 3), np.float32)
    for dy in range(fine):
        for dx in range(fine):
            total += light[dy::fine, dx::fine]
    total *= np.float32(shot.exposure / fine**2)
    x = np.linspace(-1, 1, width, dtype=np.float32)
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    total *= (1 - np.float32(shot.vignette / 2) * (x * x + y * y))[:, :, None]
    # A shoulder for the highlights, then a square root for the eye.
    total = np.maximum(total, 0) * (1 + total * np.float32(0.16)) / (1 + total)
    level = np.sqrt(np.minimum(total * np.float32(1.7), 1)) * 255
    if shot.noise:
        grain = rng.standard_normal(level.shape, np.float32)
        level = level + grain * np.float32(shot.noise) * (np.float32(0.6) + level * np.float32(0.003))
    return np.asarray(np.clip(level + np.float32(0.5), 0, 255), np.uint8)


def mask(frame: Frame | Outline, tags: Sequence[str], fine: int = 2) -> NDArray[np.bool_]:
    """Return (H, W): pixels of the picture in which solids with one of the tags are seen."""
    chosen = np.array([tag in tags for tag in frame.tags] + [False])
    seen: NDArray[Any] = chosen[frame.surface.solid]
    height, width = seen.shape[0] // fine, seen.shape[1] // fine
    return np.asarray(seen.reshape(height, fine, width, fine).any(axis=(1, 3)))

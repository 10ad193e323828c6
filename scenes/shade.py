"""Light on surfaces: key light with soft shadow, surroundings with occlusion, highlights and mirrored room.

Only sums, products, quotients and square roots touch a pixel: these are exact to the bit on every processor,
where the vectorised exponentials and logarithms of numpy are not. So equal seeds give equal pictures.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from scenes.material import Colour
from scenes.raster import Indices, Packed, Surface, View, normals, pack, rasterise
from scenes.solid import Array, Solid, toward
from scenes.texture import Sheet, lookup, noise_slopes, noise_tile

# Offsets of the shadow's samples in units of the half shadow: two rings, so that the edge fades evenly.
RINGS = (
    *((1.0, 0.0), (0.5, 0.87), (-0.5, 0.87), (-1.0, 0.0), (-0.5, -0.87), (0.5, -0.87)),
    *((0.35, 0.35), (-0.48, 0.13), (0.13, -0.48)),
)
# The rings are turned and shrunk from pixel to pixel in a pattern of this side, then averaged over it: each
# pixel is as good as lit by 16 times as many samples.
WEAVE = 4
_STEPS = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / WEAVE**2
_SHRINK = 1 - 0.45 * _STEPS.T
TURNS = (
    (_SHRINK * np.cos(_STEPS * np.pi / 3)).astype(np.float32),
    (_SHRINK * np.sin(_STEPS * np.pi / 3)).astype(np.float32),
)


@dataclass(frozen=True, slots=True)
class Light:
    """The light in the room.

    Attributes:
        direction: Towards the key light, in the world's axes; need not be of unit length.
        key: Strength and colour of the key light.
        fill: Strength and colour of the light from everywhere above.
        softness: Width of the shadow's edge as a share of the height that throws it.
    """

    direction: tuple[float, float, float]
    key: Colour = (1.08, 1.04, 0.98)
    fill: Colour = (0.30, 0.325, 0.36)
    softness: float = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture before the lens.

    Attributes:
        light: (H, W, 3), linear.
        surface: What is seen where.
        tags: The tag of each solid.
    """

    light: Array
    surface: Surface
    tags: tuple[str, ...]


def occlusion(height: Array, radius: float) -> Array:
    """Return (H, W), 1 in the open, less where things within ``radius`` pixels stand higher."""
    total = np.zeros_like(height)
    for share, weight in ((0.3, 0.9), (1.0, 1.1)):
        size = max(3, int(2 * radius * share) | 1)
        level = ndimage.uniform_filter(ndimage.uniform_filter(height, size), size)
        total += np.clip((level - height) / (radius * share), 0, 1.2) * np.float32(weight)
    return np.asarray(1 / (1 + total))


def shadow(scene: Packed, surface: Surface, facing: Array, view: View, light: Light) -> Array:
    """Return (H, W), how much of the key light arrives: 1 lit, 0 in shadow.

    Args:
        scene: What throws the shadows.
        surface: What is seen.
        facing: (3, H, W), its normals.
        view: From where it is seen.
        light: The light that is blocked.
    """
    turn = toward(light.direction)
    height, width = view.size
    reach = max(2, int(0.9 * view.scale))
    # The map covers all of the ground that is seen, and what leans over it.
    side = int(1.05 * np.hypot(height / view.axes[2, 2], width)) + 2 * reach + 6
    axes = turn.T
    seen = View(axes, view.centre, view.scale, (side, side))
    depth = rasterise(scene, seen).depth
    back = axes @ view.axes.T  # from the axes of the view to those of the light
    x = (np.arange(width) + 0.5 - width / 2).astype(np.float32)
    y = (np.arange(height) + 0.5 - height / 2).astype(np.float32)[:, None]
    across, down, near = (
        np.float32(row[0]) * x + np.float32(row[1]) * y + np.float32(row[2]) * surface.depth for row in back
    )
    across, down = (
        np.minimum(np.maximum(place + np.float32(side / 2), reach + 1), side - reach - 2)
        for place in (across, down)
    )

    def sample(grid: Array, dx: Array, dy: Array) -> Array:
        return np.asarray(np.take(grid, (down + dy).astype(np.int32) * side + (across + dx).astype(np.int32)))

    still = np.zeros(1, np.float32)
    caster = sample(ndimage.maximum_filter(depth, 2 * reach + 1), still, still)
    spread = np.minimum(np.maximum((caster - near) * np.float32(light.softness), 0.7), reach)
    bound = near + np.float32(0.04 * view.scale + 0.8) + spread * np.float32(0.08)
    # A surface aslant to the light would shade itself; its own plane says how deep it lies under each sample.
    toward_light = [
        np.float32(row[0]) * facing[0] + np.float32(row[1]) * facing[1] + np.float32(row[2]) * facing[2]
        for row in back
    ]
    steep = np.maximum(toward_light[2], 0.3)
    lean_x, lean_y = (-part / steep for part in toward_light[:2])
    repeats = (-(-height // WEAVE), -(-width // WEAVE))
    cosine, sine = (spread * np.tile(turn, repeats)[:height, :width] for turn in TURNS)
    lit = np.zeros(view.size, np.float32)
    for ring_x, ring_y in RINGS:
        dx = cosine * np.float32(ring_x) - sine * np.float32(ring_y)
        dy = sine * np.float32(ring_x) + cosine * np.float32(ring_y)
        lit += sample(depth, dx, dy) <= bound + lean_x * dx + lean_y * dy
    return np.asarray(ndimage.uniform_filter(lit, WEAVE)) / np.float32(len(RINGS))


def _power(base: Array, exponent: Indices) -> Array:
    """Return base**(2**exponent) for small whole exponents, by squaring."""
    result = base
    for step in range(int(exponent.max(initial=0))):
        result = np.where(exponent > step, result * result, result)
    return result


def _smooth(low: float, high: float, value: Array) -> Array:
    share = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(share * share * (3 - 2 * share))


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """Material of each pixel: red, green and blue, and the rest; all (H, W)."""

    colour: list[Array]
    metal: Array
    gloss: Array
    sharp: Indices


def _ground(
    look: _Look, bump: Array, sheet: Sheet, view: View, place: tuple[Array, Array], facing: Array
) -> None:
    """Paint the sheet, in place, on the pixels at which no solid is seen; ``place`` is their x and y."""
    bare = look.sharp < 0
    spot = sheet.index(place[0][bare], place[1][bare])
    red, green, blue, metal = (np.take(sheet.paint[:, :, i], spot) for i in range(4))
    for channel, paint in zip(look.colour, (red, green, blue), strict=True):
        channel[bare] = paint * (1 + np.float32(0.05) * channel[bare])
    look.metal[bare] = metal
    look.gloss[bare] = np.float32(sheet.gloss) + np.float32(0.5) * metal
    look.sharp[bare] = 4
    bump[bare] = 0.004
    slope_x, slope_y = (np.take(slope, spot) for slope in sheet.slopes)
    for axis, channel in enumerate(facing):
        right, down = (np.float32(view.axes[axis, i]) for i in (0, 1))
        channel[bare] -= right * slope_x + down * slope_y


def _look(scene: Packed, surface: Surface, view: View, sheet: Sheet, facing: Array) -> _Look:
    """Collect the materials, with their grain, and roughen the normals in place."""
    rows = [
        (*m.colour, m.metal, m.gloss, m.sharp, m.grain, m.bump, *solid.at)
        for solid in scene.solids
        for m in (solid.material,)
    ]
    # The ground, solid -1, is the last row; its sharpness marks it.
    table = np.array([*rows, (1.0, 1.0, 1.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 0.0)], np.float32)
    red, green, blue, metal, gloss, sharp, grain, bump, *at = (
        np.take(column, surface.solid) for column in table.T
    )
    height, width = view.size
    x = (np.arange(width) + 0.5 - width / 2).astype(np.float32)
    y = (np.arange(height) + 0.5 - height / 2).astype(np.float32)[:, None]
    inverse = (view.axes.T / view.scale).astype(np.float32)
    world = [
        row[0] * x + row[1] * y + row[2] * surface.depth + np.float32(c)
        for row, c in zip(inverse, view.centre, strict=True)
    ]
    lift = np.float32(0.7) * (world[2] - at[2]) + 64
    u, v = (world[i] - at[i] + lift for i in (0, 1))
    speckle = lookup(noise_tile(), u * 7, v * 7)
    bare = surface.solid < 0
    shades = 1 + grain * speckle
    channels = [np.where(bare, speckle, colour * shades) for colour in (red, green, blue)]
    look = _Look(channels, metal, gloss, sharp.astype(np.int32))
    if bare.any():
        _ground(look, bump, sheet, view, (world[0], world[1]), facing)
    slope_x, slope_y = (lookup(tile, u * 11, v * 11) for tile in noise_slopes())
    facing[0] += bump * slope_x
    facing[1] += bump * slope_y
    facing /= np.sqrt(facing[0] * facing[0] + facing[1] * facing[1] + facing[2] * facing[2])
    return look


def _room(up: Array, side: Array, key: Array) -> Array:
    """Return the brightness that a direction mirrors: a pale ceiling, dark walls, the lamp's white panel."""
    ceiling = 0.10 + 0.62 * _smooth(-0.1, 1.0, up)
    window = 0.35 * _smooth(0.15, 0.5, side) * _smooth(0.9, 0.6, side)
    return np.asarray(ceiling + window + 1.1 * _smooth(0.86, 0.97, key))


def shade(solids: Iterable[Solid], view: View, light: Light, sheet: Sheet) -> Frame:
    """Return the scene in its light."""
    scene = pack(solids)
    surface = rasterise(scene, view)
    facing = normals(scene, surface, view)
    lit = shadow(scene, surface, facing, view, light)
    look = _look(scene, surface, view, sheet, facing)
    aim = np.asarray(light.direction, float)
    aim = (view.axes @ (aim / np.sqrt((aim * aim).sum()))).astype(np.float32)
    up, right = view.axes[:, 2].astype(np.float32), view.axes[:, 0].astype(np.float32)

    def along(direction: Array, vectors: Array) -> Array:
        return np.asarray(sum(direction[i] * vectors[i] for i in range(3)))

    a, b, c = view.ground()
    height, width = view.size
    floor = np.float32(a) * np.arange(width, dtype=np.float32)
    floor = floor + (np.float32(b) * np.arange(height, dtype=np.float32) + np.float32(c))[:, None]
    standing = (surface.depth - floor) * up[2]
    open_sky = occlusion(standing, 2.2 * view.scale)
    direct = np.maximum(along(aim, facing), 0) * lit
    around = (0.65 + 0.35 * along(up, facing)) * open_sky
    mirrored = 2 * facing[2] * facing
    mirrored[2] -= 1
    room = _room(along(up, mirrored), along(right, mirrored), along(aim, mirrored)) * open_sky
    half = aim + np.array([0, 0, 1], np.float32)
    half = half / np.sqrt((half * half).sum())
    glint = _power(np.maximum(along(half, facing), 0), look.sharp + 2) * lit * look.gloss
    grazing = 1 - np.clip(facing[2], 0, 1)
    sheen = look.gloss * (0.04 + 0.5 * grazing * grazing * grazing) * room
    channels = []
    for colour, key, fill in zip(look.colour, light.key, light.fill, strict=True):
        incoming = np.float32(key) * direct + np.float32(fill) * around
        dull = colour * incoming + sheen * np.float32(fill + 0.5) + 0.35 * glint * np.float32(key)
        strength = np.float32(0.25 * key + 0.9 * fill)
        bare = colour * (
            0.18 * incoming
            + (0.25 + 0.75 * look.gloss) * room * strength * 1.6
            + 0.9 * glint * np.float32(key)
        )
        channels.append(dull + look.metal * (bare - dull))
    return Frame(np.stack(channels, axis=-1), surface, tuple(solid.tag for solid in scene.solids))

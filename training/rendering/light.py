"""Light on many views, as `scenes.shade`: soft shadow, occlusion, highlights, mirrored room."""

from typing import NamedTuple

import torch
from torch import Tensor

from scenes.shade import RINGS, TURNS, WEAVE
from scenes.texture import TILE, noise_slopes, noise_tile
from training.rendering.filters import box, even_box, largest
from training.rendering.raster import Surface, Views, normals, rasterise
from training.rendering.takes import Sheets, Takes


class Frames(NamedTuple):
    """Pictures before the lens: ``light`` (B, 3, H, W), linear, and the ``surface`` that is seen."""

    light: Tensor
    surface: Surface


class _Look(NamedTuple):
    """Material of each pixel: colours (3, B, H, W), the others (B, H, W)."""

    colour: Tensor
    metal: Tensor
    gloss: Tensor
    sharp: Tensor


def shade(takes: Takes, sheets: Sheets, views: Views) -> Frames:
    """Return the scenes in their light."""
    surface, seen = rasterise(takes, views)
    facing = normals(takes, surface, seen, views)
    lit = _shadow(takes, surface, facing, views)
    look = _look(takes, sheets, surface, views, facing)
    height, width = views.size
    shot = takes.shot
    aim = (views.axes @ shot["aim"][:, :, None])[:, :, 0]
    up, right = views.axes[:, :, 2], views.axes[:, :, 0]

    def along(direction: Tensor, vectors: Tensor) -> Tensor:
        return (direction.T[:, :, None, None] * vectors).sum(0)

    def each(values: Tensor) -> Tensor:
        return values[:, None, None]

    a, b, c = views.ground().T[:, :, None, None]
    device = lit.device
    floor = a * torch.arange(width, device=device) + (b * torch.arange(height, device=device)[:, None] + c)
    open_sky = _occlusion((surface.depth - floor) * each(up[:, 2]), 2.2 * views.scale)
    direct = along(aim, facing).clamp(min=0) * lit
    around = (0.65 + 0.35 * along(up, facing)) * open_sky
    mirrored = 2 * facing[2] * facing
    mirrored[2] -= 1
    room = _room(along(up, mirrored), along(right, mirrored), along(aim, mirrored)) * open_sky
    half = aim + aim.new_tensor([0.0, 0.0, 1.0])
    half = half / half.square().sum(1, keepdim=True).sqrt()
    glint = along(half, facing).clamp(min=0) ** (2.0 ** (look.sharp + 2)) * lit * look.gloss
    sheen = look.gloss * (0.04 + 0.5 * (1 - facing[2].clamp(0, 1)) ** 3) * room
    channels = []
    for colour, key, fill in zip(look.colour, shot["key"].T, shot["fill"].T, strict=True):
        incoming = each(key) * direct + each(fill) * around
        dull = colour * incoming + sheen * each(fill + 0.5) + 0.35 * glint * each(key)
        strength = each(0.25 * key + 0.9 * fill)
        bare = colour * (
            0.18 * incoming + (0.25 + 0.75 * look.gloss) * room * strength * 1.6 + 0.9 * glint * each(key)
        )
        channels.append(dull + look.metal * (bare - dull))
    return Frames(torch.stack(channels, 1), surface)


def _smooth(low: float, high: float, value: Tensor) -> Tensor:
    share = ((value - low) / (high - low)).clamp(0, 1)
    return share * share * (3 - 2 * share)


def _room(up: Tensor, side: Tensor, key: Tensor) -> Tensor:
    ceiling = 0.10 + 0.62 * _smooth(-0.1, 1.0, up)
    window = 0.35 * _smooth(0.15, 0.5, side) * _smooth(0.9, 0.6, side)
    return ceiling + window + 1.1 * _smooth(0.86, 0.97, key)


def _occlusion(height: Tensor, radius: Tensor) -> Tensor:
    total = torch.zeros_like(height)
    for share, weight in ((0.3, 0.9), (1.0, 1.1)):
        sides = ((2 * radius * share).long() | 1).clamp(min=3)
        level = box(box(height, sides), sides)
        total += ((level - height) / (radius * share)[:, None, None]).clamp(0, 1.2) * weight
    return 1 / (1 + total)


def _shadow(takes: Takes, surface: Surface, facing: Tensor, views: Views) -> Tensor:
    """Return (B, H, W), how much of the key light arrives: 1 lit, 0 in shadow."""
    height, width = views.size
    device = surface.depth.device
    reach = (0.9 * views.scale).long().clamp(min=2)
    across_all = 1.05 * torch.hypot(height / views.axes[:, 2, 2], torch.full_like(views.scale, width))
    # One map's side for all: larger than some need, which changes nothing within their own.
    side = int((across_all.long() + 2 * reach + 6).max())
    side += side % 2
    axes = takes.shot["light_axes"]
    depth = rasterise(takes, Views(axes, views.centre, views.scale, (side, side)))[0].depth
    back = axes @ views.axes.transpose(1, 2)
    x = torch.arange(width, device=device) + 0.5 - width / 2
    y = (torch.arange(height, device=device) + 0.5 - height / 2)[:, None]

    def row(number: int) -> Tensor:
        a, b, c = back[:, number].T[:, :, None, None]
        places: Tensor = a * x + b * y + c * surface.depth
        return places

    def leaning(number: int) -> Tensor:
        return (back[:, number].T[:, :, None, None] * facing).sum(0)

    border = reach[:, None, None]
    across, down = ((row(number) + side / 2).clamp(border + 1, side - border - 2) for number in (0, 1))
    near = row(2)
    first = (torch.arange(len(depth), device=device) * side * side)[:, None, None]

    def sample(grid: Tensor, dx: Tensor | float, dy: Tensor | float) -> Tensor:
        return grid.flatten()[first + (down + dy).long() * side + (across + dx).long()]

    caster = sample(largest(depth, reach), 0.0, 0.0)
    softness = takes.shot["softness"][:, None, None]
    spread = torch.minimum(((caster - near) * softness).clamp(min=0.7), border)
    bound = near + (0.04 * views.scale + 0.8)[:, None, None] + spread * 0.08
    steep = leaning(2).clamp(min=0.3)
    lean_x, lean_y = (-leaning(number) / steep for number in (0, 1))
    repeats = (-(-height // WEAVE), -(-width // WEAVE))
    cosine, sine = (
        spread * torch.from_numpy(turn).to(device).tile(repeats)[:height, :width] for turn in TURNS
    )
    lit = torch.zeros_like(near)
    for ring_x, ring_y in RINGS:
        dx = cosine * ring_x - sine * ring_y
        dy = sine * ring_x + cosine * ring_y
        lit += sample(depth, dx, dy) <= bound + lean_x * dx + lean_y * dy
    return even_box(lit, WEAVE) / len(RINGS)


def _lookup(tile: Tensor, x: Tensor, y: Tensor) -> Tensor:
    return tile.flatten()[(y.long() & (TILE - 1)) * TILE + (x.long() & (TILE - 1))]


def _look(takes: Takes, sheets: Sheets, surface: Surface, views: Views, facing: Tensor) -> _Look:
    """Collect the materials, with their grain, and roughen the normals in place."""
    device = surface.depth.device
    solid = takes.solid
    names = ("metal", "gloss", "sharp", "grain", "bump")
    table = torch.cat([solid["colour"].T, torch.stack([solid[name] for name in names]), solid["at"].T])
    ground = torch.tensor([1, 1, 1, 0, 0, 4, 0, 0.004, 0, 0, 0], dtype=table.dtype, device=device)
    table = torch.cat([table, ground[:, None]], 1)  # the ground, solid -1, is the last column
    values = table[:, surface.solid]
    colour, (metal, gloss, sharp, grain, bump), at = values[:3], values[3:8], values[8:]
    height, width = views.size
    x = torch.arange(width, device=device) + 0.5 - width / 2
    y = (torch.arange(height, device=device) + 0.5 - height / 2)[:, None]
    inverse = views.axes.transpose(1, 2) / views.scale[:, None, None]

    def world(number: int) -> Tensor:
        a, b, c = inverse[:, number].T[:, :, None, None]
        places: Tensor = a * x + b * y + c * surface.depth + views.centre[:, number, None, None]
        return places

    place_x, place_y = world(0), world(1)
    lift = 0.7 * (world(2) - at[2]) + 64
    u, v = place_x - at[0] + lift, place_y - at[1] + lift
    speckle = _lookup(torch.from_numpy(noise_tile()).to(device), u * 7, v * 7)
    colour = colour * (1 + grain * speckle)
    bare = (surface.solid.flatten() < 0).nonzero()[:, 0]
    take = bare // (height * width)
    which = takes.sheet[take]
    last = (sheets.size[which] - 1).clamp(min=0)
    corner, density = sheets.corner[which], sheets.density[which]
    column = ((place_x.flatten()[bare] - corner[:, 0]) * density).clamp(torch.zeros_like(density), last[:, 0])
    row = ((place_y.flatten()[bare] - corner[:, 1]) * density).clamp(torch.zeros_like(density), last[:, 1])
    high, wide = sheets.paint.shape[1:3]
    paint = sheets.paint.view(-1, 6)[(which * high + row.long()) * wide + column.long()].float().T
    flat = colour.view(3, -1)
    flat[:, bare] = paint[:3] * (1 + 0.05 * speckle.flatten()[bare])
    metal.flatten()[bare] = paint[3]
    gloss.flatten()[bare] = sheets.gloss + 0.5 * paint[3]
    axes = views.axes[take]
    facing.view(3, -1)[:, bare] -= axes[:, :, 0].T * paint[4] + axes[:, :, 1].T * paint[5]
    slopes = (_lookup(torch.from_numpy(tile).to(device), u * 11, v * 11) for tile in noise_slopes())
    for axis, slope in enumerate(slopes):
        facing[axis] += bump * slope
    facing /= facing.square().sum(0).sqrt()
    return _Look(colour, metal, gloss, sharp)

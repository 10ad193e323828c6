"""Which solid is in front at each pixel of many views, how near, and which way it faces.

As `scenes.raster`: parallel projection, one element for each (solid, pixel of its bounding rectangle), and
the nearest is kept. Lengths are pixels; x to the right, y down, z towards the viewer.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from training.rendering.takes import Takes

EDGE_ON = 1e-4
_FAR = 1e9


class Views(NamedTuple):
    """Parallel projections.

    Attributes:
        axes: (B, 3, 3), rows: right, down and towards the viewer, in the world's axes.
        centre: (B, 3), the point of the world in the middle of each picture.
        scale: (B,) pixels per millimetre.
        size: Height and width of all.
    """

    axes: Tensor
    centre: Tensor
    scale: Tensor
    size: tuple[int, int]

    def project(self, points: Tensor, owner: Tensor) -> Tensor:
        """Return (N, 3) points of the world, each of a take, as pixels and depth."""
        moved = (points - self.centre[owner])[:, None, :] @ self.axes[owner].transpose(1, 2)
        middle = points.new_tensor([self.size[1] / 2, self.size[0] / 2, 0.0])
        return moved[:, 0] * self.scale[owner, None] + middle

    def ground(self) -> Tensor:
        """Return (B, 3): a, b, c so that the plane z = 0 of the world has the depth a x + b y + c."""
        normal = self.axes[:, :, 2]
        takes = torch.arange(len(normal), device=normal.device)
        origin = self.project(torch.zeros_like(normal), takes)
        a, b = -normal[:, 0] / normal[:, 2], -normal[:, 1] / normal[:, 2]
        return torch.stack([a, b, origin[:, 2] - a * origin[:, 0] - b * origin[:, 1]], 1)


class Bodies(NamedTuple):
    """Solids in the axes and pixels of their views: places, half extents, planes, quadrics."""

    at: Tensor
    reach: Tensor
    normals: Tensor
    offsets: Tensor
    quadric: Tensor
    curved: Tensor


class Surface(NamedTuple):
    """What views see; all (B, H, W): depth in pixels, and the number of the solid in front or -1."""

    depth: Tensor
    solid: Tensor


def bodies(takes: Takes, views: Views) -> Bodies:
    """Return all solids of a batch as their views see them."""
    solid, owner = takes.solid, takes.owner
    turns = views.axes[owner] @ solid["turn"]
    back = turns.transpose(1, 2)
    scale = views.scale[owner]
    return Bodies(
        views.project(solid["at"], owner),
        (turns.abs() @ solid["reach"][:, :, None])[:, :, 0] * scale[:, None],
        solid["normals"] @ back,
        solid["offsets"] * scale[:, None],
        turns @ solid["quadric"] @ back / scale[:, None, None] ** 2,
        solid["curved"] > 0,
    )


def rasterise(takes: Takes, views: Views) -> tuple[Surface, Bodies]:
    """Return what the views see of the solids on the ground plane z = 0."""
    height, width = views.size
    seen = bodies(takes, views)
    device = seen.at.device
    a, b, c = views.ground().T[:, :, None, None]
    x = torch.arange(width, device=device) + 0.5
    y = (torch.arange(height, device=device) + 0.5)[:, None]
    depth = (a * x + (b * y + c)).flatten()
    limits = torch.tensor([width, height], device=device)
    zero = torch.zeros_like(limits)
    low = (seen.at[:, :2] - seen.reach[:, :2]).floor().long().clamp(zero, limits)
    high = (seen.at[:, :2] + seen.reach[:, :2]).ceil().long().clamp(zero, limits)
    wide, tall = (high - low).T
    counts = wide * tall
    owner = torch.repeat_interleave(torch.arange(len(counts), device=device), counts)
    place = torch.arange(len(owner), device=device) - (counts.cumsum(0) - counts)[owner]
    row = low[owner, 1] + place // wide[owner]
    column = low[owner, 0] + place % wide[owner]
    flat = (takes.owner[owner] * height + row) * width + column
    nearest, farthest = _interval(
        seen, owner, column + 0.5 - seen.at[owner, 0], row + 0.5 - seen.at[owner, 1]
    )
    here = farthest + seen.at[owner, 2]
    front = (nearest < farthest) & (here > depth[flat])
    flat, here, owner = flat[front], here[front], owner[front]
    depth.scatter_reduce_(0, flat, here, "amax")
    index = torch.full_like(depth, -1, dtype=torch.long)
    first = here == depth[flat]
    index[flat[first]] = owner[first]
    shape = (len(views.scale), height, width)
    return Surface(depth.view(shape), index.view(shape)), seen


def _interval(seen: Bodies, owner: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return lowest and highest depth of a body along rays; empty where low > high."""
    steep = seen.normals[:, :, 2]
    steep = torch.where(steep.abs() < EDGE_ON, EDGE_ON, steep)
    slope_x, slope_y = (-seen.normals[:, :, axis] / steep for axis in (0, 1))
    start = seen.offsets / steep
    below = steep < 0
    low, high = torch.full_like(x, -_FAR), torch.full_like(x, _FAR)
    for plane in range(steep.shape[1]):
        depth = slope_x[owner, plane] * x + (slope_y[owner, plane] * y + start[owner, plane])
        from_below = below[owner, plane]
        low = torch.where(from_below, torch.maximum(low, depth), low)
        high = torch.where(from_below, high, torch.minimum(high, depth))
    curved = seen.curved[owner].nonzero()[:, 0]
    q, u, v = seen.quadric[owner[curved]], x[curved], y[curved]
    lead = q[:, 2, 2].clamp(min=1e-9)
    half = (q[:, 0, 2] * u + q[:, 1, 2] * v) / lead
    rest = (q[:, 0, 0] * u * u + 2 * q[:, 0, 1] * u * v + q[:, 1, 1] * v * v - 1) / lead
    square = half * half - rest
    root = square.clamp(min=0).sqrt()
    met = square > 0
    low[curved] = torch.maximum(low[curved], torch.where(met, -half - root, _FAR))
    high[curved] = torch.minimum(high[curved], torch.where(met, root - half, -_FAR))
    return low, high


def normals(takes: Takes, surface: Surface, seen: Bodies, views: Views) -> Tensor:
    """Return (3, B, H, W) unit normals in the axes of the views, blended at edges."""
    batch, height, width = surface.depth.shape
    facing = views.axes[:, :, 2].T[:, :, None, None].expand(3, batch, height, width).contiguous()
    covered = (surface.solid.flatten() >= 0).nonzero()[:, 0]
    owner = surface.solid.flatten()[covered]
    inside = covered % (height * width)
    column, row = inside % width + 0.5, inside // width + 0.5
    point = torch.stack([column, row, surface.depth.flatten()[covered]]) - seen.at.T[:, owner]
    bevel = (takes.solid["bevel"] * views.scale[takes.owner])[owner]
    total = torch.zeros_like(point)
    for plane in range(seen.normals.shape[1]):
        n = seen.normals[owner, plane].T
        weight = (1 + ((n * point).sum(0) - seen.offsets[owner, plane]) / bevel).clamp(0.02, 1)
        total += n * weight**3
    n = (seen.quadric[owner] @ point.T[:, :, None])[:, :, 0].T
    length = n.square().sum(0).clamp(min=1e-12).sqrt()
    weight = (1 + ((n * point).sum(0) - 1) / (2 * length) / bevel).clamp(0.02, 1)
    total += torch.where(seen.curved[owner], n / length * weight**3, 0)
    total /= total.square().sum(0).sqrt().clamp(min=1e-6)
    flat = facing.view(3, -1)
    flat[:, covered] = total
    flat[2].clamp_(min=0.02)
    flat /= flat.square().sum(0).sqrt()
    return facing

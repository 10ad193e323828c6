"""From solids to surfaces: which body is in front at each pixel, how near, and which way it faces.

The projection is parallel, as with the telecentric lenses of inspection, so every plane of a body is an
affine function of the pixel. All bodies of one make are worked through together, one array element for each
(body, pixel of its bounding rectangle), and the nearest is kept: no loop over bodies, which is what keeps
small pictures cheap. The same function makes the shadow map, seen from the light.

Inside, lengths are pixels: x to the right, y down, z towards the viewer.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenes.solid import Array, Convex, Solid

Indices = NDArray[np.integer[Any]]
FAR = 1e9
# A plane seen edge on has no depth of its own; this much slope makes it a plain inside-outside test.
EDGE_ON = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A parallel projection.

    Attributes:
        axes: (3, 3), rows: right, down and towards the viewer, in the world's axes.
        centre: (3,), the point of the world in the middle of the picture.
        scale: Pixels per millimetre.
        size: Height and width in pixels.
    """

    axes: Array
    centre: Array
    scale: float
    size: tuple[int, int]

    def project(self, points: Array) -> Array:
        """Return (N, 3) points of the world as pixels and depth."""
        middle = np.array([self.size[1] / 2, self.size[0] / 2, 0.0])
        return np.asarray((points - self.centre) @ self.axes.T * self.scale + middle)

    def ground(self) -> tuple[float, float, float]:
        """Return a, b, c so that the plane z = 0 of the world has the depth a x + b y + c."""
        normal = self.axes[:, 2]
        origin = self.project(np.zeros((1, 3)))[0]
        a, b = -normal[0] / normal[2], -normal[1] / normal[2]
        return float(a), float(b), float(origin[2] - a * origin[0] - b * origin[1])


class Surface(NamedTuple):
    """What a view sees; all (H, W).

    ``depth`` towards the viewer in pixels, ``solid``, the number of the one in front or -1 for the ground,
    ``inner`` where the wall of a cavity is seen.
    """

    depth: Array
    solid: Indices
    inner: NDArray[np.bool_]


class _Stack(NamedTuple):
    """Bodies about their origins: in their own axes and millimetres, or in a view's and pixels."""

    normals: Array  # (S, K, 3)
    offsets: Array  # (S, K)
    quadric: Array | None  # (S, 3, 3)


class _Batch(NamedTuple):
    """Solids that are worked through together.

    As packed: their numbers, places (S, 3) and turns in the world, half extents (S, 3). In a view: places and
    half extents in pixels, the turns used up.
    """

    numbers: Indices
    at: Array
    reach: Array
    turns: Array
    body: _Stack
    cavity: _Stack | None


class Packed(NamedTuple):
    """The solids of a scene as arrays: made once, seen from the camera and from the light."""

    solids: tuple[Solid, ...]
    batches: tuple[_Batch, ...]


class _Pixels(NamedTuple):
    """Pixels of many rectangles, run by run: one run is a row of one rectangle."""

    owner: Indices  # (R,) rectangle of each run
    y: Array  # (R,) from the centre of the owner
    lengths: Indices  # (R,)
    x: Array  # (N,) from the centre of the owner
    flat: Indices  # (N,) index into the picture

    def spread(self, values: Array) -> Array:
        """Repeat one value per run along the run."""
        return np.repeat(values.astype(np.float32), self.lengths)


def _stack(bodies: Sequence[Convex]) -> _Stack:
    most = max(len(body.planes) for body in bodies)
    planes = np.zeros((len(bodies), most, 4))
    planes[:, :, 3] = FAR  # a plane without direction limits nothing
    for body, place in zip(bodies, planes, strict=True):
        place[: len(body.planes)] = body.planes
    quadrics = [body.quadric for body in bodies if body.quadric is not None]
    return _Stack(planes[:, :, :3], planes[:, :, 3], np.stack(quadrics) if quadrics else None)


def pack(solids: Iterable[Solid]) -> Packed:
    """Return the solids as arrays, those with and without quadric and cavity apart."""
    everything = tuple(solids)
    makes: defaultdict[tuple[bool, ...], list[int]] = defaultdict(list)
    for number, solid in enumerate(everything):
        hollow = solid.cavity is not None
        curved = solid.cavity is not None and solid.cavity.quadric is not None
        makes[solid.body.quadric is not None, hollow, curved].append(number)
    batches = []
    for numbers in makes.values():
        some = [everything[number] for number in numbers]
        cavities = [solid.cavity for solid in some if solid.cavity is not None]
        batches.append(
            _Batch(
                np.array(numbers),
                np.array([solid.at for solid in some]),
                np.array([solid.reach for solid in some]),
                np.array([solid.turn for solid in some]),
                _stack([solid.body for solid in some]),
                _stack(cavities) if cavities else None,
            )
        )
    return Packed(everything, tuple(batches))


def _seen(batch: _Batch, view: View) -> _Batch:
    """Return a batch in the axes and pixels of a view."""
    turns = view.axes @ batch.turns
    back = turns.transpose(0, 2, 1)

    def turned(stack: _Stack) -> _Stack:
        quadric = None if stack.quadric is None else turns @ stack.quadric @ back / view.scale**2
        return _Stack(stack.normals @ back, stack.offsets * view.scale, quadric)

    reach = (np.abs(turns) @ batch.reach[:, :, None])[:, :, 0] * view.scale
    cavity = None if batch.cavity is None else turned(batch.cavity)
    return _Batch(batch.numbers, view.project(batch.at), reach, turns, turned(batch.body), cavity)


def _pixels(batch: _Batch, size: tuple[int, int]) -> _Pixels:
    height, width = size
    limits = np.array([width, height])
    low = np.clip(np.floor(batch.at[:, :2] - batch.reach[:, :2]), 0, limits).astype(np.int64)
    high = np.clip(np.ceil(batch.at[:, :2] + batch.reach[:, :2]), 0, limits).astype(np.int64)
    wide, tall = (high - low).T
    owner = np.repeat(np.arange(len(tall)), tall)
    row = np.arange(len(owner)) - np.repeat(np.cumsum(tall) - tall - low[:, 1], tall)
    lengths = wide[owner]
    starts = np.cumsum(lengths) - lengths
    column = np.arange(lengths.sum()) - np.repeat(starts - low[owner, 0], lengths)
    x = (column + 0.5).astype(np.float32) - np.repeat(batch.at[owner, 0].astype(np.float32), lengths)
    return _Pixels(
        owner, row + 0.5 - batch.at[owner, 1], lengths, x, np.repeat(row * width, lengths) + column
    )


def _interval(stack: _Stack, pixels: _Pixels) -> tuple[Array, Array]:
    """Return lowest and highest depth of each body at each of its pixels; empty where low > high."""
    steep = stack.normals[:, :, 2]
    steep = np.where(np.abs(steep) < EDGE_ON, EDGE_ON, steep)
    affine = np.stack([-stack.normals[:, :, 0], -stack.normals[:, :, 1], stack.offsets]) / steep
    bounds = []
    for facing, idle in ((steep < 0, -FAR), (steep > 0, FAR)):
        # The planes that bound from this side come first; past a body's own, they bound nothing.
        order = np.argsort(~facing, axis=1, kind="stable")[:, : facing.sum(1).max(initial=0)]
        bodies = np.arange(len(order))[:, None]
        a, b, c = np.where(facing, affine, np.array([0.0, 0.0, idle])[:, None, None])[:, bodies, order]
        slopes = np.take(a.T, pixels.owner, 1).astype(np.float32)
        starts = (np.take(b.T, pixels.owner, 1) * pixels.y + np.take(c.T, pixels.owner, 1)).astype(np.float32)
        bound = np.full(len(pixels.x), idle, np.float32)
        for slope, start in zip(slopes, starts, strict=True):
            depth = np.repeat(slope, pixels.lengths) * pixels.x + np.repeat(start, pixels.lengths)
            (np.minimum if idle > 0 else np.maximum)(bound, depth, out=bound)
        bounds.append(bound)
    low, high = bounds
    if stack.quadric is not None:
        _within_quadric(stack.quadric, pixels, low, high)
    return low, high


def _within_quadric(quadric: Array, pixels: _Pixels, low: Array, high: Array) -> None:
    """Narrow the intervals, in place, to the roots of the quadric along the ray."""
    q = quadric[pixels.owner]
    y = pixels.y
    # The ray along the axis of a cylinder has no roots; a trace of curvature puts them far away.
    lead = np.maximum(q[:, 2, 2], 1e-9)
    half = pixels.spread(q[:, 0, 2] / lead) * pixels.x + pixels.spread(q[:, 1, 2] / lead * y)
    rest = pixels.spread(q[:, 0, 0] / lead) * pixels.x + pixels.spread(2 * q[:, 0, 1] / lead * y)
    rest = rest * pixels.x + pixels.spread((q[:, 1, 1] * y * y - 1) / lead)
    square = half * half - rest
    root = np.sqrt(np.maximum(square, 0))
    np.maximum(low, np.where(square > 0, -half - root, np.float32(FAR)), out=low)
    np.minimum(high, np.where(square > 0, root - half, np.float32(-FAR)), out=high)


def rasterise(scene: Packed, view: View) -> Surface:
    """Return what the view sees of the solids on the ground plane z = 0."""
    height, width = view.size
    a, b, c = view.ground()
    x = (np.arange(width) + 0.5).astype(np.float32)
    y = (np.arange(height) + 0.5).astype(np.float32)
    depth = (np.float32(a) * x + (np.float32(b) * y + np.float32(c))[:, None]).ravel()
    index = np.full(depth.size, -1, np.int32)
    inner = np.zeros(depth.size, np.bool_)
    for packed in scene.batches:
        batch = _seen(packed, view)
        pixels = _pixels(batch, view.size)
        low, high = _interval(batch.body, pixels)
        seen = low < high
        hollow = np.zeros(len(seen), np.bool_)
        if batch.cavity is not None:
            bottom, top = _interval(batch.cavity, pixels)
            hollow = (bottom < high) & (high <= top)
            seen &= ~hollow | (bottom > low)
            high = np.where(hollow, bottom, high)
        here = high + pixels.spread(batch.at[pixels.owner, 2])
        seen &= here > depth[pixels.flat]
        flat, here = pixels.flat[seen], here[seen]
        owner = np.repeat(batch.numbers[pixels.owner], pixels.lengths)[seen]
        np.maximum.at(depth, flat, here)
        front = here == depth[flat]
        index[flat[front]] = owner[front]
        inner[flat[front]] = hollow[seen][front]
    shape = view.size
    return Surface(depth.reshape(shape), index.reshape(shape), inner.reshape(shape))


def _facing(stack: _Stack, owner: Indices, point: Array, bevel: Array) -> Array:
    """Return (3, N) unit normals at points of the surfaces, blended over ``bevel`` pixels at edges."""
    total = np.zeros_like(point)
    normals, offsets = stack.normals.astype(np.float32), stack.offsets.astype(np.float32)
    for k in range(normals.shape[1]):
        n = normals[:, k].T[:, owner]
        away = n[0] * point[0] + n[1] * point[1] + n[2] * point[2] - offsets[owner, k]
        weight = np.clip(1 + away / bevel, 0.02, 1)
        total += n * (weight * weight * weight)
    if stack.quadric is not None:
        q = stack.quadric.astype(np.float32)
        x, y, z = point
        n = np.stack([q[owner, i, 0] * x + q[owner, i, 1] * y + q[owner, i, 2] * z for i in range(3)])
        length = np.sqrt(np.maximum(n[0] * n[0] + n[1] * n[1] + n[2] * n[2], np.float32(1e-12)))
        away = (n[0] * x + n[1] * y + n[2] * z - 1) / (2 * length)
        weight = np.clip(1 + away / bevel, 0.02, 1)
        total += n / length * (weight * weight * weight)
    length = np.sqrt(total[0] * total[0] + total[1] * total[1] + total[2] * total[2])
    return np.asarray(total / np.maximum(length, np.float32(1e-6)))


def normals(scene: Packed, surface: Surface, view: View) -> Array:
    """Return (3, H, W) unit normals in the axes of the view."""
    height, width = view.size
    facing = np.empty((3, height * width), np.float32)
    facing[:] = view.axes[:, 2].astype(np.float32)[:, None]
    index, inner, depth = surface.solid.ravel(), surface.inner.ravel(), surface.depth.ravel()
    for packed in scene.batches:
        batch = _seen(packed, view)
        place = np.full(len(scene.solids) + 1, -1)
        place[batch.numbers] = np.arange(len(batch.numbers))
        owners = place[index]
        bevels = np.array([scene.solids[n].bevel * view.scale for n in batch.numbers], np.float32)
        centres = batch.at.astype(np.float32).T
        for stack, side in ((batch.body, False), (batch.cavity, True)):
            if stack is None:
                continue
            flat = np.flatnonzero((owners >= 0) & (inner == side))
            owner = owners[flat]
            row = flat // width
            point = np.stack([flat - row * width + 0.5, row + 0.5, depth[flat]]).astype(np.float32)
            outward = _facing(stack, owner, point - centres[:, owner], bevels[owner])
            facing[:, flat] = -outward if side else outward
    # At an outline, the blend with the face behind would lean over the horizon, which no eye can see.
    np.maximum(facing[2], 0.02, out=facing[2])
    facing /= np.sqrt(facing[0] * facing[0] + facing[1] * facing[1] + facing[2] * facing[2])
    return facing.reshape(3, height, width)

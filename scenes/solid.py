"""Bodies that a scene is made of: convex solids, each with an optional convex cavity.

A body is the set of points that keep to all of its planes and, if it has one, to its quadric. That is enough
for boxes, pins, prisms, cylinders, balls and domes, and with a cavity for housings, mugs and rings; and it
has a closed form along a ray, so that `raster` needs no marching.

Lengths are in millimetres. The world is x to the right, y towards the viewer (down in the picture), z up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenes.material import Material

Array: TypeAlias = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Convex:
    """The points p with ``planes[:, :3] @ p <= planes[:, 3]`` and ``p @ quadric @ p <= 1``.

    Attributes:
        planes: (K, 4), outward unit normals and offsets.
        quadric: (3, 3), symmetric and positive semi-definite, or None.
    """

    planes: Array
    quadric: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Solid:
    """A body in its place.

    Attributes:
        body: The shape about its own origin.
        reach: (3,), half extents of a box about the origin that holds the shape.
        material: What it is made of.
        at: (3,), where its origin lies in the world.
        turn: (3, 3), rotation from its own axes to the world's.
        cavity: What is cut out of it, about the same origin.
        bevel: Width of the rounding that edges are shaded with.
        tag: Name of the thing that it is a part of; `Frame.mask` selects by it.
    """

    body: Convex
    reach: Array
    material: Material
    at: Array = field(default_factory=lambda: np.zeros(3))
    turn: Array = field(default_factory=lambda: np.eye(3))
    cavity: Convex | None = None
    bevel: float = 0.1
    tag: str = ""

    def moved(self, by: ArrayLike) -> Self:
        """Return the solid displaced by a vector of the world."""
        return replace(self, at=self.at + np.asarray(by, float))

    def turned(self, turn: Array, about: ArrayLike = (0.0, 0.0, 0.0)) -> Self:
        """Return the solid rotated about a point of the world."""
        pivot = np.asarray(about, float)
        return replace(self, turn=turn @ self.turn, at=pivot + turn @ (self.at - pivot))


def rotation(axis: str, degrees: float) -> Array:
    """Return the (3, 3) rotation about the world's ``x``, ``y`` or ``z``."""
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    turn = np.eye(3)
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn[first, first] = turn[second, second] = cosine
    turn[first, second], turn[second, first] = -sine, sine
    return turn


def toward(direction: ArrayLike) -> Array:
    """Return a rotation whose third column is the direction: it takes z there."""
    third = np.asarray(direction, float)
    third = third / np.sqrt((third * third).sum())
    helper = np.array([0.0, 1.0, 0.0]) if abs(third[1]) < 0.9 else np.array([1.0, 0.0, 0.0])
    first = np.cross(helper, third)
    first = first / np.sqrt((first * first).sum())
    return np.stack([first, np.cross(third, first), third], axis=1)


def box_planes(size: Sequence[float], middle: Sequence[float] = (0.0, 0.0, 0.0)) -> Array:
    """Return the (6, 4) planes of an upright box of that size about a middle point."""
    normals = np.concatenate([np.eye(3), -np.eye(3)])
    offsets = np.concatenate([np.asarray(size), np.asarray(size)]) / 2 + normals @ np.asarray(middle, float)
    return np.concatenate([normals, offsets[:, None]], axis=1)


def box(size: Sequence[float], material: Material, **kwargs: Any) -> Solid:
    """Return a box standing on z = 0 of its own axes."""
    planes = box_planes(size, (0.0, 0.0, size[2] / 2))
    return Solid(Convex(planes), np.array([size[0] / 2, size[1] / 2, size[2]]), material, **kwargs)


def tray(size: Sequence[float], wall: float, floor: float, material: Material, **kwargs: Any) -> Solid:
    """Return a box that is open above, with walls and a floor of the given thickness."""
    inner = (size[0] - 2 * wall, size[1] - 2 * wall, size[2])
    cavity = Convex(box_planes(inner, (0.0, 0.0, floor + size[2] / 2)))
    return box(size, material, cavity=cavity, **kwargs)


def pin(width: float, height: float, tip: float, material: Material, **kwargs: Any) -> Solid:
    """Return a square pin standing on z = 0 whose last ``tip`` millimetres narrow to half the width."""
    planes = box_planes((width, width, height), (0.0, 0.0, height / 2))
    sides = planes[[0, 1, 3, 4], :3]
    slope = width / 4 / tip
    normals = (sides + np.array([0.0, 0.0, slope])) / np.sqrt(1 + slope * slope)
    offsets = (width / 2 + slope * (height - tip)) / np.sqrt(1 + slope * slope)
    slants = np.concatenate([normals, np.full((4, 1), offsets)], axis=1)
    reach = np.array([width / 2, width / 2, height])
    return Solid(Convex(np.concatenate([planes, slants])), reach, material, **kwargs)


def prism(outline: ArrayLike, height: float, material: Material, **kwargs: Any) -> Solid:
    """Return an upright prism over a convex outline.

    Args:
        outline: (N, 2) corners, anticlockwise seen with x right and y up (clockwise in the picture).
        height: From z = 0 up.
        material: What it is made of.
        **kwargs: Further attributes of the solid.
    """
    corners = np.asarray(outline, float)
    edges = np.roll(corners, -1, axis=0) - corners
    normals = np.stack([edges[:, 1], -edges[:, 0]], axis=1) / np.sqrt((edges**2).sum(1, keepdims=True))
    sides = np.column_stack([normals, np.zeros(len(corners)), (normals * corners).sum(1)])
    caps = np.array([[0.0, 0.0, 1.0, height], [0.0, 0.0, -1.0, 0.0]])
    reach = np.append(np.abs(corners).max(0), height)
    return Solid(Convex(np.concatenate([sides, caps])), reach, material, **kwargs)


def cylinder(radius: float, height: float, material: Material, hollow: float = 0.0, **kwargs: Any) -> Solid:
    """Return an upright cylinder on z = 0; ``hollow`` is the thickness of wall and floor of a cup."""
    caps = np.array([[0.0, 0.0, 1.0, height], [0.0, 0.0, -1.0, 0.0]])
    body = Convex(caps, np.diag([radius**-2, radius**-2, 0.0]))
    if hollow:
        inner = (radius - hollow) ** -2
        hole = np.array([[0.0, 0.0, 1.0, 2 * height], [0.0, 0.0, -1.0, -hollow]])
        kwargs["cavity"] = Convex(hole, np.diag([inner, inner, 0.0]))
    return Solid(body, np.array([radius, radius, height]), material, **kwargs)


def rod(start: ArrayLike, end: ArrayLike, radius: float, material: Material, **kwargs: Any) -> Solid:
    """Return a cylinder from one point of the world to another."""
    first, last = np.asarray(start, float), np.asarray(end, float)
    length = float(np.sqrt(((last - first) ** 2).sum()))
    solid = cylinder(radius, length, material, **kwargs)
    return replace(solid, at=first, turn=toward(last - first))


def ellipsoid(radii: Sequence[float], material: Material, **kwargs: Any) -> Solid:
    """Return an ellipsoid about its own origin."""
    axes = np.asarray(radii, float)
    return Solid(Convex(np.zeros((0, 4)), np.diag(axes**-2)), axes, material, **kwargs)


def dome(radii: Sequence[float], material: Material, **kwargs: Any) -> Solid:
    """Return the upper half of an ellipsoid, flat side on z = 0."""
    axes = np.asarray(radii, float)
    floor = np.array([[0.0, 0.0, -1.0, 0.0]])
    return Solid(Convex(floor, np.diag(axes**-2)), axes, material, **kwargs)

"""A board connector as a set of solids: the good specimen, and what can be wrong with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from scenes import solid as make
from scenes.material import GOLD, SOLDER, TIN, Colour, Material
from scenes.solid import Array, Solid, rotation

Style = Literal["header", "box", "wafer", "joints"]
Kind = Literal["missing", "bent", "shifted", "discoloured", "bridged", "foreign"]
KINDS: tuple[Kind, ...] = ("missing", "bent", "shifted", "discoloured", "bridged", "foreign")
Matter = Literal["fibre", "solder ball", "flake"]

PITCH = 2.54
HOLE = Material((0.008, 0.008, 0.009), gloss=0.05, sharp=2)
HOUSINGS: dict[str, Colour] = {
    "black": (0.028, 0.028, 0.031),
    "ivory": (0.54, 0.47, 0.34),
    "brown": (0.11, 0.055, 0.03),
    "blue": (0.03, 0.07, 0.24),
    "white": (0.55, 0.55, 0.53),
}
METALS = {"gold": GOLD, "tin": TIN}


@dataclass(frozen=True, slots=True)
class Part:
    """A good connector.

    Attributes:
        style: ``header`` (pins in a strip), ``box`` (shrouded), ``wafer`` (open housing with a back wall) or
            ``joints`` (the solder side of one: stubs in solder on pads).
        rows: Rows of pins, counted from the top of the picture.
        pins: Pins a row, counted from the left.
        housing: Name of the plastic's colour, one of `HOUSINGS`.
        metal: Name of the pins' metal, one of `METALS`.
        height: How far the pins stand out of the plastic, in millimetres.
    """

    style: Style
    rows: int
    pins: int
    housing: str
    metal: str
    height: float

    @property
    def base(self) -> float:
        """Height in millimetres of the surface that the pins stand on."""
        return {"header": 2.5, "box": 1.2, "wafer": 2.2, "joints": 0.0}[self.style]

    @property
    def body(self) -> tuple[float, float]:
        """Width and depth of the whole in millimetres."""
        margin = {"header": (0.0, 0.0), "box": (7.0, 4.2), "wafer": (2.4, 3.2), "joints": (-0.4, -0.4)}[
            self.style
        ]
        return self.pins * PITCH + margin[0], self.rows * PITCH + margin[1]

    def place(self, row: int, pin: int) -> Array:
        """Return where a pin (both from 1) leaves its surface, in the world."""
        x, y = (pin - (self.pins + 1) / 2) * PITCH, (row - (self.rows + 1) / 2) * PITCH
        return np.array([x, y, self.base])


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a part.

    Attributes:
        kind: What is wrong.
        row: Row of the pin; of foreign matter, 0.
        pin: The pin; of a bridge the left or upper one.
        offset: Millimetres along x and y by which a tip or a pin is off; for a bridge, the step to the second
            pin in pins and rows; for foreign matter, its place.
        size: Thickness of a bridge, or diameter or length of foreign matter, in millimetres.
        colour: Of a discoloured pin or of foreign matter.
        matter: Of what form the foreign matter is.
        twist: Seed of the irregularities of its form.
    """

    kind: Kind
    row: int = 0
    pin: int = 0
    offset: tuple[float, float] = (0.0, 0.0)
    size: float = 0.0
    colour: Colour = (0.0, 0.0, 0.0)
    matter: Matter | None = None
    twist: int = 0

    @property
    def tag(self) -> str:
        """The tag of the solids that the flaw adds."""
        return f"{self.kind} {self.row} {self.pin}"


def pin_tag(row: int, pin: int) -> str:
    """Return the tag of the solids of one pin."""
    return f"pin {row} {pin}"


def plastic(name: str) -> Material:
    """Return the plastic of a housing."""
    return Material(HOUSINGS[name], gloss=0.3, sharp=3, grain=0.05, bump=0.02)


def _housing(part: Part) -> Iterator[Solid]:
    stuff = plastic(part.housing)
    width, depth = part.body
    if part.style == "header":
        cut, x, y = 0.42, PITCH / 2, depth / 2
        outline = [(x - cut, -y), (x, -y + cut), (x, y - cut), (x - cut, y)]
        outline += [(-a, -b) for a, b in outline]
        for pin in range(part.pins):
            at = np.array([part.place(1, pin + 1)[0], 0.0, 0.0])
            yield make.prism(outline, part.base, stuff, at=at, bevel=0.18)
    elif part.style == "box":
        tall, wall = part.base + part.height * 1.1, 1.1
        yield make.box((width, depth, part.base), stuff, bevel=0.2)
        sides = [(0.0, wall / 2 - depth / 2, width, wall)]
        sides += [(side * (width - wall) / 2, 0.0, wall, depth) for side in (-1, 1)]
        front = (width - 4.4) / 2
        sides += [(side * (width - front) / 2, (depth - wall) / 2, front, wall) for side in (-1, 1)]
        for x, y, w, d in sides:
            yield make.box((w, d, tall), stuff, at=np.array([x, y, 0.0]), bevel=0.25)
    elif part.style == "wafer":
        yield make.box((width, depth, part.base), stuff, bevel=0.25)
        tall = part.base + part.height * 0.8
        back = np.array([0.0, 0.45 - depth / 2, 0.0])
        yield make.box((width, 0.9, tall), stuff, at=back, bevel=0.3)
        for side in (-1, 1):
            at = np.array([side * (width / 2 - 0.4), -depth * 0.1, 0.0])
            yield make.box((0.8, depth * 0.8, tall * 0.8), stuff, at=at, bevel=0.25)


def _pin(part: Part, row: int, pin: int, flaw: Flaw | None) -> Iterator[Solid]:
    place, tag = part.place(row, pin), pin_tag(row, pin)
    metal = METALS[part.metal]
    solder = SOLDER
    if part.style == "joints":
        pad = replace(TIN, colour=(0.70, 0.66, 0.55), sharp=3)
        yield make.cylinder(0.92, 0.04, pad, at=place, bevel=0.03)
        yield make.cylinder(0.48, 0.05, HOLE, at=place)
    else:
        yield make.box((0.95, 0.95, 0.02), HOLE, at=place)
    if flaw and flaw.kind == "missing":
        return
    if flaw and flaw.kind == "discoloured":
        metal = replace(metal, colour=flaw.colour, gloss=0.3, metal=0.35, grain=0.2)
        solder = replace(solder, colour=flaw.colour, gloss=0.3, metal=0.35, grain=0.2)
    if flaw and flaw.kind == "shifted":
        place = place + np.array([*flaw.offset, 0.0])
    solids = [make.pin(0.66, part.height, 0.55, metal, at=place, bevel=0.16, tag=tag)]
    if part.style == "joints":
        yield make.dome((0.82, 0.82, 0.62), solder, at=place, tag=tag)
    if flaw and flaw.kind == "bent":
        dx, dy = flaw.offset
        off = float(np.hypot(dx, dy))
        lean = np.degrees(np.arcsin(min(0.9, off / part.height)))
        heading = np.degrees(np.arctan2(dy, dx))
        turn = rotation("z", heading) @ rotation("y", lean) @ rotation("z", -heading)
        solids = [solid.turned(turn, place) for solid in solids]
    yield from solids


def _bridge(part: Part, flaw: Flaw) -> Iterator[Solid]:
    first = part.place(flaw.row, flaw.pin)
    step = np.array([flaw.offset[0], flaw.offset[1], 0.0]) * PITCH
    thick = flaw.size
    rng = np.random.default_rng(flaw.twist)
    lift = np.array([0.0, 0.0, 0.25 * thick])
    turn = make.toward(step)
    for share, length in ((0.5, 0.62), (0.1, 0.3), (0.9, 0.3)):
        swell = thick / 2 * (1.0 if share == 0.5 else rng.uniform(1.2, 1.5))
        blob = make.ellipsoid(
            (swell, swell, PITCH * length), SOLDER, at=first + lift + share * step, tag=flaw.tag
        )
        yield replace(blob, turn=turn)


def _fibre(flaw: Flaw, at: Array, stuff: Material) -> Iterator[Solid]:
    rng = np.random.default_rng(flaw.twist)
    heading, bend = rng.uniform(0, 2 * np.pi), rng.uniform(-0.35, 0.35, 10)
    headings = heading + np.cumsum(bend)
    steps = np.stack([np.cos(headings), np.sin(headings), np.zeros(10)], axis=1) * flaw.size / 10
    points = np.concatenate([np.zeros((1, 3)), np.cumsum(steps, axis=0)])
    thick = max(0.02 * flaw.size, 0.06)
    points = points - points.mean(0) + at + [0.0, 0.0, thick]
    points[:, 2] += 0.06 * flaw.size * np.sin(np.linspace(0, np.pi, 11))
    for start, end in pairwise(points):
        yield make.rod(start, end, thick, stuff, tag=flaw.tag)
        yield make.ellipsoid((thick,) * 3, stuff, at=end, tag=flaw.tag)


def _foreign(part: Part, flaw: Flaw) -> Iterator[Solid]:
    width, depth = part.body
    x, y = flaw.offset
    on_part = part.style != "joints" and abs(x) < width / 2 and abs(y) < depth / 2
    at = np.array([x, y, part.base if on_part else 0.0])
    if flaw.matter == "solder ball":
        radius = flaw.size / 2
        yield make.ellipsoid((radius,) * 3, SOLDER, at=at + np.array([0, 0, radius]), tag=flaw.tag)
    elif flaw.matter == "fibre":
        yield from _fibre(flaw, at, Material(flaw.colour, gloss=0.15, sharp=3))
    else:
        rng = np.random.default_rng(flaw.twist)
        angles = np.arange(6) * np.pi / 3 + rng.uniform(-0.3, 0.3, 6)
        # Corners of an ellipse: whatever their angles, the outline stays convex.
        outline = np.stack([np.cos(angles), 0.65 * np.sin(angles)], axis=1) * flaw.size / 2
        stuff = Material(flaw.colour, gloss=0.4, sharp=4, grain=0.25, bump=0.06)
        flake = make.prism(outline, 0.06 * flaw.size, stuff, tag=flaw.tag, bevel=0.05)
        turn = rotation("z", float(rng.uniform(0, 360))) @ rotation("x", float(rng.uniform(5, 18)))
        yield flake.turned(turn).moved(at + np.array([0.0, 0.0, 0.1 * flaw.size]))


def build(part: Part, flaws: Sequence[Flaw] = ()) -> list[Solid]:
    """Return the solids of a connector with its flaws, standing on the board about the world's origin."""
    of_pin = {(flaw.row, flaw.pin): flaw for flaw in flaws if flaw.kind in KINDS[:4]}
    solids = list(_housing(part))
    for row in range(1, part.rows + 1):
        for pin in range(1, part.pins + 1):
            solids += _pin(part, row, pin, of_pin.get((row, pin)))
    for flaw in flaws:
        if flaw.kind == "bridged":
            solids += _bridge(part, flaw)
        elif flaw.kind == "foreign":
            solids += _foreign(part, flaw)
    return solids

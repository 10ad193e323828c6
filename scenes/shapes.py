"""Pairs of a body and the same or another one, turned and lit differently: prisms against cylinders.

The question is whether form is told from light and pose. The harder the grade, the more sides the prism has.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np

from scenes import solid as make
from scenes.camera import Picture, Shot, develop, expose, mask
from scenes.material import Material
from scenes.pair import Change, Grade, RenderedPair, enclosing, region
from scenes.shade import Frame, Light
from scenes.solid import Solid, rotation
from scenes.texture import Sheet, lookup, noise_tile, slopes
from scenes.things import COLOURS

SIZE = (216, 288)
Kind = Literal["shape"]
KINDS: tuple[Kind, ...] = ("shape",)
Form = Literal["prism", "cylinder"]
SIDES = {"easy": (3, 4), "medium": (5, 6), "hard": (7, 8)}
WORDS: dict[Form, tuple[str, ...]] = {
    "cylinder": ("cylinder", "cylindrical", "round", "rounded", "circular", "curved", "円柱", "円筒", "曲面"),
    "prism": ("prism", "prismatic", "polygon", "polygonal", "faceted", "facets", "flat sides", "angular",
              "triangular", "square", "pentagonal", "hexagonal", "heptagonal", "octagonal", "角柱", "多角",
              "三角", "四角", "五角", "六角", "七角", "八角"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Body:
    """A body on a table.

    Attributes:
        form: Prism or cylinder.
        sides: Of the prism.
        radius: Of the cylinder, or of the circle through the prism's corners; in centimetres.
        height: Along its axis, in centimetres.
        lying: Whether it lies on its side.
        heading: Degrees by which it is turned about the vertical.
        roll: Degrees by which it is turned about its own axis, if it stands.
    """

    form: Form
    sides: int
    radius: float
    height: float
    lying: bool
    heading: float
    roll: float


def build(body: Body, stuff: Material) -> list[Solid]:
    """Return the body's one solid, on the ground about the world's origin, with its form as tag."""
    if body.form == "cylinder":
        solid = make.cylinder(body.radius, body.height, stuff, bevel=0.1, tag=body.form)
        rest = body.radius
    else:
        angles = (np.arange(body.sides) + 0.5) * 2 * np.pi / body.sides
        outline = body.radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        solid = make.prism(outline, body.height, stuff, bevel=0.08, tag=body.form)
        rest = body.radius * float(np.cos(np.pi / body.sides))
    if not body.lying:
        return [solid.turned(rotation("z", body.heading + body.roll))]
    # The face in the middle of side 0 looks along x; a quarter turn about y lays the body on it.
    solid = solid.moved((0.0, 0.0, -body.height / 2)).turned(
        rotation("z", 180 if body.form == "prism" else 0)
    )
    laid = solid.turned(rotation("y", -90)).moved((0.0, 0.0, rest))
    return [laid.turned(rotation("z", body.heading))]


@dataclass(frozen=True, slots=True, eq=False)
class Setup:
    """The first body, what it is made of, and its picture."""

    body: Body
    stuff: Material
    shot: Shot
    sheet: Sheet
    picture: Picture


def _light(rng: np.random.Generator) -> Light:
    heading = rng.uniform(0, 2 * np.pi)
    side = rng.uniform(0.5, 1.1)
    warm = float(rng.uniform(0.93, 1.07))
    return Light(
        (float(np.cos(heading) * side), float(np.sin(heading) * side), 1.0),
        key=(1.08 * warm, 1.04, 1.0 / warm),
        softness=float(rng.uniform(0.1, 0.3)),
    )


def _table(rng: np.random.Generator, area: tuple[float, float], density: float) -> Sheet:
    width, height = (int(side * density) for side in area)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(density)
    shift = np.float32(rng.integers(0, 256))
    tone = (
        1
        + 0.10 * lookup(noise_tile(), x * 5 + shift, y * 5)
        + 0.05 * lookup(noise_tile(), x * 1.3, y * 1.3 + shift)
    )
    base = np.array([(0.40, 0.40, 0.40), (0.10, 0.11, 0.12), (0.34, 0.28, 0.22)][rng.integers(3)], np.float32)
    paint = np.zeros((height, width, 4), np.float32)
    paint[:, :, :3] = base * tone[:, :, None]
    return Sheet((-area[0] / 2, -area[1] / 2), density, paint, slopes(np.zeros_like(x), density), 0.06)


def _draw(seed: int, grade: Grade) -> tuple[np.random.Generator, Body]:
    """Return the first body of a seed, and the generator as it stands after it."""
    rng = np.random.default_rng([seed, len(grade), 4])
    low, high = SIDES[grade]
    return rng, Body(
        form="prism" if rng.random() < 0.5 else "cylinder",
        sides=int(rng.integers(low, high + 1)),
        radius=float(rng.uniform(1.6, 2.4)),
        height=float(rng.uniform(3.5, 6.0)),
        lying=bool(rng.random() < 0.5),
        heading=float(rng.uniform(0, 180)),
        roll=float(rng.uniform(0, 180)),
    )


def first_body(seed: int, grade: Grade) -> Body:
    """Return the body that the first scene of a seed shows."""
    return _draw(seed, grade)[1]


@lru_cache(maxsize=8)
def setup(seed: int, grade: Grade, size: tuple[int, int] = SIZE, fine: int = 2) -> Setup:
    """Return the first scene of a seed; it depends on nothing else that a pair is made with."""
    rng, body = _draw(seed, grade)
    colour = COLOURS[str(rng.choice(["red", "blue", "green", "yellow", "white"]))]
    stuff = Material(colour, gloss=float(rng.uniform(0.15, 0.5)), sharp=4, grain=0.04, bump=0.01)
    if rng.random() < 0.3:
        stuff = Material((0.75, 0.76, 0.78), metal=0.8, gloss=0.6, sharp=3, grain=0.06, bump=0.03)
    zoom = float(rng.uniform(17, 21)) * size[1] / SIZE[1]
    tilt = float(rng.uniform(35, 55))
    shot = Shot(_light(rng), tilt=tilt, zoom=zoom, centre=(0.0, 0.0, 1.6), focus=1.5, blur=0.05, noise=0.5)
    sheet = _table(rng, (1.5 * size[1] / zoom, 2.6 * size[0] / zoom), 1.5 * zoom)
    picture = develop(expose(build(body, stuff), shot, sheet, size, fine), shot, rng, fine)
    return Setup(body, stuff, shot, sheet, picture)


def _retake(rng: np.random.Generator, shot: Shot) -> Shot:
    return replace(
        shot,
        light=_light(rng),
        tilt=float(rng.uniform(35, 55)),
        zoom=shot.zoom * float(rng.uniform(0.9, 1.1)),
        centre=(float(rng.uniform(-1.2, 1.2)), float(rng.uniform(-0.8, 0.8)), shot.centre[2]),
        exposure=float(rng.uniform(0.85, 1.15)),
    )


def render_pair(
    seed: int,
    grade: Grade = "easy",
    kinds: Sequence[Kind] | None = None,
    *,
    reference_seed: int | None = None,
    size: tuple[int, int] = SIZE,
    fine: int = 2,
) -> RenderedPair:
    """Render a pair of bodies; arguments as for `connector.render_pair`, ``shape`` being the one kind."""
    scene = setup(seed if reference_seed is None else reference_seed, grade, size, fine)
    rng = np.random.default_rng([seed, 5])
    if kinds is None:
        kinds = KINDS if rng.random() < 0.5 else ()
    shot = _retake(rng, scene.shot)
    other: Form = "cylinder" if scene.body.form == "prism" else "prism"
    body = replace(
        scene.body,
        form=other if kinds else scene.body.form,
        lying=bool(rng.random() < 0.5),
        heading=float(rng.uniform(0, 180)),
        roll=float(rng.uniform(0, 180)),
    )
    frame = expose(build(body, scene.stuff), shot, scene.sheet, size, fine)
    spec = {
        "seed": seed,
        "grade": grade,
        "bodies": [asdict(scene.body), asdict(body)],
        "shots": [asdict(scene.shot), asdict(shot)],
    }
    changes = (_change(scene.body, body, frame, fine),) if kinds else ()
    return RenderedPair(scene.picture, develop(frame, shot, rng, fine), changes, spec)


def _change(before: Body, after: Body, frame: Frame, fine: int) -> Change:
    seen = mask(frame, (after.form,), fine)
    box = enclosing(seen)
    place = region(box, (seen.shape[0], seen.shape[1]))
    # Naming either body tells them apart: "round instead of six-sided" and "a cylinder" are both right.
    says = ((*WORDS[after.form], *WORDS[before.form]),)
    return Change("shape", place, place, box, says, f"a {after.form} instead of a {before.form}")

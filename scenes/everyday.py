"""Pairs of pictures of ordinary objects on a table, of which one or two were changed in between."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np

from scenes.camera import Outline, Picture, Shot, develop, expose, mask, outline
from scenes.material import Colour
from scenes.pair import Change, Grade, RenderedPair, enclosing, region
from scenes.shade import Light
from scenes.solid import Solid, rotation
from scenes.texture import TILE, Sheet, lookup, noise_tile, slopes
from scenes.things import COLOUR_WORDS, COLOURS, METALS, THINGS

SIZE = (216, 288)
Kind = Literal["missing", "added", "moved", "colour", "size"]
KINDS: tuple[Kind, ...] = ("missing", "added", "moved", "colour", "size")
SAYS: dict[Kind, tuple[str, ...]] = {
    "missing": ("missing", "gone", "absent", "removed", "no longer", "not there", "not present",
                "disappeared", "消え", "なくな", "無くな", "取り除"),
    "added": ("added", "new", "extra", "additional", "appears", "appeared", "追加", "増え",
              "加わ", "現れ"),
    "moved": ("moved", "shifted", "position", "displaced", "different place",
              "elsewhere", "relocated", "farther", "further", "closer", "移動", "位置", "動い"),
    "colour": ("colour", "color", "colored", "coloured", "色"),
    "size": ("size", "larger", "bigger", "smaller", "大き", "小さ", "サイズ"),
}  # fmt: skip
# Objects; how far they move; by what factor they grow; the share of `_retake`'s ranges.
AMOUNT = {"easy": (3, 4), "medium": (4, 6), "hard": (6, 8)}
STEP = {"easy": 4.5, "medium": 2.6, "hard": 1.5}
GROWTH = {"easy": 1.7, "medium": 1.4, "hard": 1.22}
UNREST = {"easy": 0.1, "medium": 0.4, "hard": 0.8}
TABLES: dict[str, Colour] = {
    "oak": (0.36, 0.22, 0.11),
    "walnut": (0.14, 0.075, 0.04),
    "cloth": (0.42, 0.43, 0.44),
    "slate": (0.08, 0.09, 0.10),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """An object in its place: name in `THINGS`, colour, place on the table, heading (degrees), size."""

    name: str
    colour: str
    x: float
    y: float
    heading: float
    factor: float = 1.0

    @property
    def radius(self) -> float:
        """Of the circle on the table that it needs."""
        return THINGS[self.name].radius * self.factor

    def clear_of(self, other: "Thing", gap: float = 0.3) -> bool:
        """Say whether it and another have room beside each other; the tall ones hide what is behind them."""
        return bool(np.hypot(self.x - other.x, (self.y - other.y) * 0.8) > self.radius + other.radius + gap)


def scaled(solid: Solid, factor: float) -> Solid:
    """Return a solid made larger about the world's origin."""
    body, cavity = (
        part
        and replace(
            part,
            planes=part.planes * np.array([1.0, 1.0, 1.0, factor]),
            quadric=None if part.quadric is None else part.quadric / factor**2,
        )
        for part in (solid.body, solid.cavity)
    )
    assert body is not None
    return replace(solid, body=body, cavity=cavity, reach=solid.reach * factor, at=solid.at * factor)


def build(things: Sequence[Thing]) -> list[Solid]:
    """Return the solids of the objects; the tag of each is the object's name."""
    solids = []
    for thing in things:
        colour = {**COLOURS, **METALS}[thing.colour]
        for solid in THINGS[thing.name].build(colour):
            placed = scaled(solid, thing.factor).turned(rotation("z", thing.heading))
            solids.append(replace(placed.moved((thing.x, thing.y, 0.0)), tag=thing.name))
    return solids


def _table(rng: np.random.Generator, name: str, area: tuple[float, float], density: float) -> Sheet:
    width, height = (int(side * density) for side in area)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(density)
    first, second = rng.integers(0, TILE, 2).astype(np.float32)
    wood = name in ("oak", "walnut")
    tile = noise_tile()
    if wood:
        plank = np.floor(y / 6)
        waves = lookup(tile, x * 1.5 + 97 * plank + first, y * 22 + 6 * lookup(tile, x * 2 + second, y * 3))
        fine = lookup(tile, x * 6 + second, y * 60)
        tone = 1 + 0.4 * waves + 0.15 * fine + 0.12 * lookup(tile, plank * 37 + first, second + 0 * plank)
        groove = (y - 6 * plank < 0.12).astype(np.float32)
        relief = -0.1 * groove
        tone = tone * (1 - 0.7 * groove)
    else:
        tone = 1 + 0.12 * lookup(tile, x * 4 + first, y * 4 + second)
        weave = 0.03 if name == "cloth" else 0.0
        relief = np.float32(weave) * ((x * 3 % 1 < 0.5) != (y * 3 % 1 < 0.5)).astype(np.float32)
    paint = np.zeros((height, width, 4), np.float32)
    paint[:, :, :3] = np.array(TABLES[name], np.float32) * tone[:, :, None]
    return Sheet(
        (-area[0] / 2, -area[1] / 2), density, paint, slopes(relief, density), 0.25 if wood else 0.05
    )


@dataclass(frozen=True, slots=True, eq=False)
class Setup:
    """The scene as it was first: objects, shot, table and picture."""

    things: tuple[Thing, ...]
    shot: Shot
    sheet: Sheet
    picture: Picture


def _draw(
    rng: np.random.Generator, names: Sequence[str], others: Sequence[Thing], reach: tuple[float, float]
) -> Thing:
    """Draw an object that none of the others is, with room around it.

    Raises:
        ValueError: If there is no room.
    """
    free = [name for name in names if name not in {other.name for other in others}]
    for _ in range(200):
        name = str(rng.choice(free))
        colour = str(rng.choice(THINGS[name].colours))
        margin = 0.6 * THINGS[name].radius
        x, y = (float(rng.uniform(margin - side, side - margin)) for side in reach)
        thing = Thing(name, colour, x, y, float(rng.uniform(-40, 40)))
        if all(thing.clear_of(other) for other in others):
            return thing
    raise ValueError("the table is full")


@lru_cache(maxsize=8)
def setup(seed: int, grade: Grade, size: tuple[int, int] = SIZE, fine: int = 2) -> Setup:
    """Return the first scene of a seed; it depends on nothing else that a pair is made with."""
    rng = np.random.default_rng([seed, len(grade), 2])
    tilt = float(rng.uniform(34, 48))
    zoom = float(rng.uniform(11.5, 13.0)) * size[1] / SIZE[1]
    reach = _reach(zoom, tilt, size)
    low, high = AMOUNT[grade]
    things: list[Thing] = []
    for _ in range(int(rng.integers(low, high + 1))):
        try:
            things.append(_draw(rng, [*THINGS], things, reach))
        except ValueError:
            break
    heading = rng.uniform(0.9, 2.2) * np.pi
    light = Light((float(np.cos(heading)) * 0.8, float(np.sin(heading)) * 0.6, 1.0), softness=0.2)
    shot = Shot(light, tilt=tilt, zoom=zoom, centre=(0.0, 0.0, 2.2), focus=1.5, blur=0.05, noise=0.35)
    area = (1.4 * size[1] / zoom, 2.2 * size[0] / zoom)
    sheet = _table(rng, str(rng.choice([*TABLES])), area, 1.6 * zoom)
    picture = develop(expose(build(things), shot, sheet, size, fine), shot, rng, fine)
    return Setup(tuple(things), shot, sheet, picture)


def _reach(zoom: float, tilt: float, size: tuple[int, int]) -> tuple[float, float]:
    """Return half width and half depth in centimetres of the part of the table on which things stand."""
    return 0.46 * size[1] / zoom, 0.40 * size[0] / zoom / float(np.cos(np.radians(tilt)))


def _retake(rng: np.random.Generator, shot: Shot, unrest: float) -> Shot:
    def about(spread: float) -> float:
        return float(rng.uniform(-spread, spread) * unrest)

    x, y, z = shot.light.direction
    red, green, blue = shot.light.key
    tint = about(0.1)
    light = replace(
        shot.light,
        direction=(x + about(0.5), y + about(0.5), z),
        key=(red * (1 + tint), green, blue * (1 - tint)),
    )
    return replace(
        shot,
        light=light,
        roll=about(1.5),
        swing=about(1.0),
        centre=(about(0.4), about(0.4), shot.centre[2]),
        exposure=1 + about(0.2),
        noise=shot.noise + abs(about(0.3)),
    )


def _apply(
    rng: np.random.Generator,
    kind: Kind,
    grade: Grade,
    things: list[Thing],
    busy: set[str],
    reach: tuple[float, float],
) -> tuple[str, str]:
    """Change one object, in place; return its name and what changed, in words.

    Raises:
        ValueError: If the change has no room.
    """
    if kind == "added":
        new = _draw(rng, [name for name in THINGS if name not in busy], things, reach)
        things.append(new)
        return new.name, f"a {new.colour} {new.name} was added"
    chosen = int(rng.choice([i for i, thing in enumerate(things) if thing.name not in busy]))
    old = things.pop(chosen)
    if kind == "missing":
        return old.name, f"the {old.name} is missing"
    if kind == "colour":
        colours = [colour for colour in THINGS[old.name].colours if colour != old.colour]
        new = replace(old, colour=str(rng.choice(colours)))
        text = f"the {old.name} is {new.colour} instead of {old.colour}"
    elif kind == "size":
        larger = bool(rng.random() < 0.5)
        new = replace(old, factor=GROWTH[grade] if larger else 1 / GROWTH[grade])
        text = f"the {old.name} is {'larger' if larger else 'smaller'}"
    else:
        angle, step = rng.uniform(0, 2 * np.pi), STEP[grade] * rng.uniform(1, 1.3)
        new = replace(old, x=old.x + float(step * np.cos(angle)), y=old.y + float(step * np.sin(angle)))
        text = f"the {old.name} was moved"
    if (
        not all(new.clear_of(other, 0.1) for other in things)
        or abs(new.x) > reach[0]
        or abs(new.y) > reach[1]
    ):
        raise ValueError("no room")
    things.insert(chosen, new)
    return new.name, text


def _says(kind: Kind, name: str, things: Sequence[Thing]) -> tuple[tuple[str, ...], ...]:
    words = SAYS[kind]
    if kind == "colour":
        colour = next(thing.colour for thing in things if thing.name == name)
        words = (*words, *COLOUR_WORDS.get(colour, (colour,)))
    return words, THINGS[name].words


def render_pair(
    seed: int,
    grade: Grade = "easy",
    kinds: Sequence[Kind] | None = None,
    *,
    reference_seed: int | None = None,
    size: tuple[int, int] = SIZE,
    fine: int = 2,
) -> RenderedPair:
    """Render a pair of scenes on a table; arguments as for `connector.render_pair`.

    Raises:
        ValueError: If no room is found for the changes.
    """
    scene = setup(seed if reference_seed is None else reference_seed, grade, size, fine)
    rng = np.random.default_rng([seed, 3])
    if kinds is None:
        kinds = [KINDS[i] for i in rng.integers(len(KINDS), size=int(rng.choice(3, p=[0.3, 0.5, 0.2])))]
    for _ in range(60):
        shot = _retake(rng, scene.shot, UNREST[grade])
        reach = _reach(shot.zoom, shot.tilt, size)
        things, done = list(scene.things), list[tuple[str, str]]()
        try:
            for kind in kinds:
                done.append(_apply(rng, kind, grade, things, {name for name, _ in done}, reach))
        except ValueError:
            continue
        after = build(things)
        were = outline(build(scene.things), shot, size, fine)
        changes = _changes(kinds, done, things, were, outline(after, shot, size, fine), fine)
        if changes is None:
            continue
        picture = develop(expose(after, shot, scene.sheet, size, fine), shot, rng, fine)
        spec = {
            "seed": seed,
            "grade": grade,
            "before": [asdict(thing) for thing in scene.things],
            "after": [asdict(thing) for thing in things],
            "shots": [asdict(scene.shot), asdict(shot)],
        }
        return RenderedPair(scene.picture, picture, changes, spec)
    raise ValueError(f"seed {seed}: no room for {', '.join(kinds)}")


def _changes(
    kinds: Sequence[Kind],
    done: Sequence[tuple[str, str]],
    things: Sequence[Thing],
    before: Outline,
    after: Outline,
    fine: int,
) -> tuple[Change, ...] | None:
    """Return the changes as they are seen, or None if an object is hidden for the most part."""
    changes = []
    for kind, (name, text) in zip(kinds, done, strict=True):
        seen = mask(before, (name,), fine) | mask(after, (name,), fine)
        if seen.sum() < 0.004 * seen.size:
            return None
        box = enclosing(seen)
        place = region(box, (seen.shape[0], seen.shape[1]))
        changes.append(Change(kind, place, place, box, _says(kind, name, things), text))
    return tuple(changes)

"""Pairs of board connectors: a good one, and the same one later, with or without something wrong.

Rows are counted from the top of the picture, pins from the left. A good pair differs in light, noise and
pose alone; so does, besides its flaws, every other pair.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.board import FINISH, MASKS, neighbours, paint_board
from scenes.camera import Picture, Shot, develop, expose, mask
from scenes.material import Colour
from scenes.pair import Change, Grade, RenderedPair, enclosing, region
from scenes.part import HOUSINGS, KINDS, PITCH, Flaw, Kind, Matter, Part, Style, build, pin_tag
from scenes.shade import Frame, Light
from scenes.solid import Solid
from scenes.texture import Sheet

PIN = (
    "pin",
    "pins",
    "contact",
    "contacts",
    "terminal",
    "terminals",
    "lead",
    "ピン",
    "端子",
    "接点",
    "コンタクト",
)
SAYS: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "missing": (
        ("missing", "absent", "gone", "lacks", "lacking", "removed", "not there", "not present", "empty hole",
         "欠け", "欠落", "欠品", "欠損", "抜け", "なくな", "無くな", "存在しない", "見当たらない"),
        PIN,
    ),
    "bent": (
        ("bent", "bends", "bending", "tilted", "tilts", "leaning", "leans", "slanted", "crooked",
         "not straight", "deformed", "曲が", "傾い", "傾き", "折れ", "変形"),
        PIN,
    ),
    "shifted": (
        ("shifted", "displaced", "moved", "offset", "misaligned", "out of line", "out of place", "off-centre",
         "off-center", "mispositioned", "位置ずれ", "ずれて", "ズレ", "位置が違", "移動"),
        PIN,
    ),
    "discoloured": (
        ("discoloured", "discolored", "discolouration", "discoloration", "darker", "different colour",
         "different color", "tarnished", "corroded", "corrosion", "oxidised", "oxidized", "rusty", "stained",
         "変色", "腐食", "色が違", "色が異な", "黒ず", "錆", "さび", "酸化"),
        PIN,
    ),
    "bridged": (
        ("bridge", "bridged", "bridges", "bridging", "shorted", "short circuit", "short between",
         "connected", "joined", "excess solder", "ブリッジ", "短絡", "ショート", "つながって", "繋がって"),
    ),
    "foreign": (
        ("foreign", "debris", "contamination", "contaminant", "particle", "residue", "dirt",
         "fibre", "fiber", "thread", "hair", "strand", "solder ball", "ball", "bead", "flake", "fragment",
         "異物", "繊維", "糸", "毛", "はんだボール", "半田ボール", "ボール", "破片", "くず", "ゴミ",
         "ごみ", "付着"),
    ),
}  # fmt: skip
NOUNS: dict[Kind, str] = {
    "missing": "missing pin",
    "bent": "bent pin",
    "shifted": "shifted pin",
    "discoloured": "discoloured pin",
    "bridged": "solder bridge",
    "foreign": "foreign matter",
}
STAINS: tuple[Colour, ...] = ((0.2, 0.09, 0.04), (0.09, 0.09, 0.11), (0.1, 0.38, 0.28), (0.42, 0.12, 0.05))
LINTS: tuple[Colour, ...] = ((0.75, 0.74, 0.7), (0.55, 0.06, 0.05), (0.1, 0.22, 0.6), (0.7, 0.55, 0.1))
SIZE = (216, 288)
# Rows; pins a row; the extent of a flaw in pixels of a picture of that size; the share of `retake`'s ranges.
ROWS = {"easy": (1, 2), "medium": (1, 3), "hard": (2, 3)}
PINS = {"easy": (4, 6), "medium": (6, 9), "hard": (9, 12)}
EXTENT = {"easy": (11.0, 15.0), "medium": (6.0, 8.0), "hard": (3.0, 4.0)}
UNREST = {"easy": 0.15, "medium": 0.5, "hard": 1.0}
# A flaw is seen if its picture without noise differs by this much (of 255) in this many pixels.
CONTRAST = {"easy": 40, "medium": 26, "hard": 16}
AREA = {"easy": 40, "medium": 14, "hard": 5}


@dataclass(frozen=True, slots=True, eq=False)
class Setup:
    """A good connector on its board, among other parts, before the camera; and its picture."""

    part: Part
    others: tuple[Solid, ...]
    shot: Shot
    sheet: Sheet
    picture: Picture


def draw_part(rng: np.random.Generator, grade: Grade) -> Part:
    """Draw a good connector."""
    style: Style = rng.choice(["header", "header", "box", "wafer", "joints"])
    low, high = ROWS[grade]
    rows = int(rng.integers(low, high + 1))
    if style == "wafer":
        rows = min(rows, 2)
    low, high = PINS[grade]
    height = {"header": rng.uniform(3.2, 5.5), "box": 3.4, "wafer": 3.2, "joints": rng.uniform(1.3, 1.7)}[
        style
    ]
    housing = str(
        rng.choice({"box": ["black", "blue"], "wafer": ["ivory", "white", "brown"]}.get(style, [*HOUSINGS]))
    )
    metal = "tin" if style == "joints" else str(rng.choice(["gold", "gold", "tin"]))
    return Part(style, rows, int(rng.integers(low, high + 1)), housing, metal, float(height))


def first_shot(rng: np.random.Generator, part: Part, size: tuple[int, int]) -> Shot:
    """Draw how a good connector's picture of that height and width is taken."""
    width, depth = part.body
    tilt = float(
        rng.uniform(*{"header": (10, 26), "box": (8, 18), "wafer": (14, 26), "joints": (0, 22)}[part.style])
    )
    rise = (part.base + part.height) * np.sin(np.radians(tilt))
    zoom = min(size[1] * 0.80 / width, size[0] * 0.62 / (depth + rise), size[1] / 16)
    heading = rng.uniform(0, 2 * np.pi)
    side = rng.uniform(0.4, 0.9)
    light = Light((float(np.cos(heading) * side), float(np.sin(heading) * side), 1.0), softness=0.15)
    return Shot(
        light,
        tilt=tilt,
        swing=float(rng.uniform(-6, 6)),
        zoom=float(zoom * rng.uniform(0.92, 1)),
        centre=(0.0, 0.0, part.base * 0.7),
        focus=part.base + 0.6 * part.height,
        blur=0.06,
        vignette=float(rng.uniform(0.1, 0.3)),
        noise=0.35,
    )


def retake(rng: np.random.Generator, shot: Shot, unrest: float) -> Shot:
    """Return the shot as it is taken another day: other light, pose, focus and noise."""

    def about(spread: float) -> float:
        return float(rng.uniform(-spread, spread) * unrest)

    light = shot.light
    turn, tint = about(1.6), about(0.14)
    x, y, z = light.direction
    cosine, sine = float(np.cos(turn)), float(np.sin(turn))
    direction = (x * cosine - y * sine, x * sine + y * cosine, z * (1 + about(0.35)))
    key = 1 + about(0.45)
    red, green, blue = light.key
    step = 6.5 / shot.zoom
    return replace(
        shot,
        light=replace(
            light, direction=direction, key=(red * key * (1 + tint), green * key, blue * key * (1 - tint))
        ),
        tilt=max(0.0, shot.tilt + about(1.5)),
        roll=about(2.5),
        zoom=shot.zoom * (1 + about(0.025)),
        centre=(shot.centre[0] + about(step), shot.centre[1] + about(step), shot.centre[2]),
        focus=shot.focus + about(1.5),
        soften=shot.soften + abs(about(0.3)),
        exposure=1 + about(0.25),
        noise=0.35 + 0.35 * abs(about(1.0)),
    )


def surroundings(
    rng: np.random.Generator, part: Part, shot: Shot, size: tuple[int, int]
) -> tuple[tuple[Solid, ...], dict[str, Any]]:
    """Draw the parts about a connector, and what its board is painted with: arguments of `paint_board`."""
    area = (1.5 * size[1] / shot.zoom, 1.6 * size[0] / shot.zoom)
    others = tuple(neighbours(rng, (area[0] / 1.5, area[1] / 1.6), part.body))
    return others, {
        "area": area,
        "body": part.body,
        "density": min(1.4 * shot.zoom, 24.0),
        "mask": str(rng.choice([*MASKS], p=[0.5, 0.25, 0.15, 0.1])),
        "finish": str(rng.choice([*FINISH])),
        "label": f"J{rng.integers(1, 20)}",
    }


@lru_cache(maxsize=8)
def setup(seed: int, grade: Grade, size: tuple[int, int] = SIZE, fine: int = 2) -> Setup:
    """Return the good connector of a seed; it depends on nothing else that a pair is made with."""
    rng = np.random.default_rng([seed, len(grade)])
    part = draw_part(rng, grade)
    shot = first_shot(rng, part, size)
    others, board = surroundings(rng, part, shot, size)
    sheet = paint_board(rng, **board)
    picture = develop(expose([*build(part), *others], shot, sheet, size, fine), shot, rng, fine)
    return Setup(part, others, shot, sheet, picture)


def draw_flaw(rng: np.random.Generator, kind: Kind, part: Part, extent: float, grade: Grade) -> Flaw:
    """Draw a flaw; ``extent`` is its size on the picture, in millimetres."""
    row, pin = int(rng.integers(1, part.rows + 1)), int(rng.integers(1, part.pins + 1))
    twist = int(rng.integers(1 << 30))
    if kind == "foreign":
        return draw_matter(rng, part, extent, twist)
    if kind == "bridged":
        across = part.rows > 1 and rng.random() < 0.25
        row = min(row, part.rows - 1) if across else row
        pin = pin if across else min(pin, part.pins - 1)
        step = (0.0, 1.0) if across else (1.0, 0.0)
        return Flaw(kind, row, pin, step, size=min(extent, 0.45 * PITCH), twist=twist)
    if kind == "discoloured":
        stain = np.array(STAINS[rng.integers(len(STAINS))])
        clean = np.array([0.8, 0.7, 0.5])
        strength = {"easy": 1.0, "medium": 0.8, "hard": 0.6}[grade]
        red, green, blue = (float(c) for c in clean + strength * (stain - clean))
        return Flaw(kind, row, pin, colour=(red, green, blue))
    if kind == "missing":
        return Flaw(kind, row, pin)
    angle = rng.choice([0.0, np.pi]) + rng.uniform(-0.6, 0.6)
    room = 0.24 if part.style == "joints" else 0.36
    limit = {"bent": 0.85 * part.height, "shifted": room * PITCH}[kind]
    off = min(extent, limit, 0.6 * PITCH)
    return Flaw(kind, row, pin, (float(off * np.cos(angle)), float(off * np.sin(angle))))


def draw_matter(rng: np.random.Generator, part: Part, extent: float, twist: int) -> Flaw:
    """Draw foreign matter, between the pins or beside the connector."""
    matter: Matter = rng.choice(["fibre", "solder ball", "flake"])
    width, depth = part.body
    if rng.random() < 0.5 and part.rows > 1:
        row, pin = int(rng.integers(1, part.rows)), int(rng.integers(1, part.pins))
        place = part.place(row, pin)[:2] + PITCH / 2
    else:
        side = rng.choice([-1.0, 1.0])
        place = np.array([rng.uniform(-0.45, 0.45) * width, side * (depth / 2 + rng.uniform(0.9, 1.8))])
    size = extent * {"fibre": 3.0, "solder ball": 1.0, "flake": 1.3}[matter]
    size = min(size, {"fibre": 7.0, "solder ball": 1.5, "flake": 2.6}[matter])
    colour = LINTS[rng.integers(len(LINTS))]
    return Flaw("foreign", 0, 0, (float(place[0]), float(place[1])), size, colour, matter, twist)


def touches(flaw: Flaw) -> set[tuple[int, int]]:
    """Return the pins that a flaw concerns."""
    pins = {(flaw.row, flaw.pin)}
    if flaw.kind == "bridged":
        pins.add((flaw.row + int(flaw.offset[1]), flaw.pin + int(flaw.offset[0])))
    return pins


def where_of(flaw: Flaw) -> str:
    """Name the pins that a flaw concerns."""
    if flaw.kind != "bridged":
        return f"row {flaw.row}, pin {flaw.pin}"
    if flaw.offset[1]:
        return f"rows {flaw.row} and {flaw.row + 1}, pin {flaw.pin}"
    return f"row {flaw.row}, pins {flaw.pin} and {flaw.pin + 1}"


def footprint_of(flaw: Flaw, good: Frame, bad: Frame, fine: int) -> NDArray[np.bool_]:
    """Return the (H, W) pixels in which the flawed thing is seen, or would be if it were good."""
    if flaw.kind in ("bridged", "foreign"):
        return mask(bad, (flaw.tag,), fine)
    tags = (pin_tag(flaw.row, flaw.pin),)
    return mask(good, tags, fine) | mask(bad, tags, fine)


def _change(flaw: Flaw, footprint: NDArray[np.bool_], size: tuple[int, int]) -> Change:
    box = enclosing(footprint)
    place = region(box, size)
    where = place if flaw.kind == "foreign" else where_of(flaw)
    return Change(flaw.kind, where, place, box, SAYS[flaw.kind], NOUNS[flaw.kind])


def render_pair(
    seed: int,
    grade: Grade = "easy",
    kinds: Sequence[Kind] | None = None,
    *,
    reference_seed: int | None = None,
    size: tuple[int, int] = SIZE,
    fine: int = 2,
) -> RenderedPair:
    """Render a pair of connectors.

    Args:
        seed: Draws the flaws and the second shot.
        grade: How large the flaws are and how much light and pose vary.
        kinds: The flaws, one each; empty for a good pair. By default none (3 in 10), one, two or three.
        reference_seed: Draws the good connector and its shot; by default ``seed``. Pairs with equal reference
            seed, grade, size and ``fine`` have the same reference picture.
        size: Height and width in pixels.
        fine: Rays a pixel, along each side.

    Raises:
        ValueError: If no place is found at which the flaws can be seen.
    """
    scene = setup(seed if reference_seed is None else reference_seed, grade, size, fine)
    rng = np.random.default_rng([seed, 1])
    if kinds is None:
        amount = int(rng.choice(4, p=[0.3, 0.5, 0.13, 0.07]))
        kinds = [KINDS[i] for i in rng.integers(len(KINDS), size=amount)]
    part = scene.part
    for _ in range(40):
        shot = retake(rng, scene.shot, UNREST[grade])
        flaws = []
        for kind in kinds:
            extent = float(rng.uniform(*EXTENT[grade])) * size[1] / SIZE[1] / shot.zoom
            flaws.append(draw_flaw(rng, kind, part, extent, grade))
        touched = [pin for flaw in flaws if flaw.row for pin in touches(flaw)]
        if len(set(touched)) < len(touched) or sum(not flaw.row for flaw in flaws) > 1:
            continue
        bad = expose([*build(part, flaws), *scene.others], shot, scene.sheet, size, fine)
        good = expose([*build(part), *scene.others], shot, scene.sheet, size, fine) if flaws else bad
        changes = _changes(flaws, good, bad, shot, size, fine, grade)
        if changes is not None:
            picture = develop(bad, shot, rng, fine)
            spec = {
                "seed": seed,
                "grade": grade,
                "part": asdict(part),
                "shots": [asdict(scene.shot), asdict(shot)],
                "flaws": [asdict(flaw) for flaw in flaws],
            }
            return RenderedPair(scene.picture, picture, changes, spec)
    raise ValueError(f"seed {seed}: no place where {', '.join(kinds)} can be seen")


def _changes(
    flaws: Sequence[Flaw],
    good: Frame,
    bad: Frame,
    shot: Shot,
    size: tuple[int, int],
    fine: int,
    grade: Grade,
) -> tuple[Change, ...] | None:
    """Return the changes as they are seen, or None if one of them is not."""
    if not flaws:
        return ()
    still = replace(shot, noise=0.0)
    rng = np.random.default_rng(0)
    first, second = (develop(frame, still, rng, fine).astype(np.int16) for frame in (good, bad))
    seen = np.abs(first - second).max(2) >= CONTRAST[grade]
    changes = []
    for flaw in flaws:
        footprint = footprint_of(flaw, good, bad, fine)
        if (footprint & seen).sum() < AREA[grade] * (size[1] / SIZE[1]) ** 2:
            return None
        changes.append(_change(flaw, footprint, size))
    return tuple(changes)

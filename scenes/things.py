"""Ordinary objects: what each looks like, and what people call it. One unit of length is a centimetre."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from scenes import solid as make
from scenes.material import GOLD, TIN, Colour, Material
from scenes.solid import Convex, Solid, rotation

COLOURS: dict[str, Colour] = {
    "red": (0.55, 0.03, 0.03),
    "blue": (0.03, 0.10, 0.45),
    "green": (0.04, 0.30, 0.08),
    "yellow": (0.75, 0.50, 0.04),
    "white": (0.70, 0.70, 0.68),
    "black": (0.02, 0.02, 0.022),
    "orange": (0.75, 0.22, 0.02),
    "purple": (0.20, 0.05, 0.32),
}
COLOUR_WORDS: dict[str, tuple[str, ...]] = {
    "red": ("red", "赤"),
    "blue": ("blue", "青"),
    "green": ("green", "緑"),
    "yellow": ("yellow", "黄"),
    "white": ("white", "白"),
    "black": ("black", "黒"),
    "orange": ("orange", "オレンジ", "橙"),
    "purple": ("purple", "violet", "紫"),
}


def _paint(colour: Colour, gloss: float = 0.35, sharp: int = 5) -> Material:
    return Material(colour, gloss=gloss, sharp=sharp, grain=0.03, bump=0.008)


def _mug(colour: Colour) -> Iterator[Solid]:
    glaze = _paint(colour, 0.7, 6)
    yield make.cylinder(2.1, 4.4, glaze, hollow=0.25, bevel=0.15)
    angles = np.linspace(-np.pi / 2, np.pi / 2, 9)
    points = np.stack([2.0 + 1.3 * np.cos(angles), np.zeros(9), 2.3 + 1.25 * np.sin(angles)], axis=1)
    for start, end in pairwise(points):
        yield make.rod(start, end, 0.28, glaze)
        yield make.ellipsoid((0.28, 0.28, 0.28), glaze, at=end)


def _box(colour: Colour) -> Iterator[Solid]:
    yield make.box((4.4, 3.2, 2.2), _paint(colour, 0.2, 3), bevel=0.12)
    band = _paint(tuple(0.35 + 0.4 * c for c in colour), 0.3)  # type: ignore[arg-type]
    yield make.box((0.6, 3.24, 2.22), band, bevel=0.05)


def _ball(colour: Colour) -> Iterator[Solid]:
    yield make.ellipsoid((1.8, 1.8, 1.8), _paint(colour, 0.5, 5), at=np.array([0.0, 0.0, 1.8]))


def _book(colour: Colour) -> Iterator[Solid]:
    cover, paper = _paint(colour, 0.25, 3), Material((0.62, 0.58, 0.48), gloss=0.05, sharp=2, grain=0.15)
    yield make.box((6.4, 4.6, 0.14), cover, bevel=0.05)
    yield make.box((6.2, 4.3, 0.86), paper, at=np.array([-0.05, 0.0, 0.14]), bevel=0.04)
    yield make.box((6.4, 4.6, 0.14), cover, at=np.array([0.0, 0.0, 1.0]), bevel=0.06)
    yield make.box((0.14, 4.6, 1.0), cover, at=np.array([-3.2, 0.0, 0.1]), bevel=0.06)
    label = _paint((0.6, 0.57, 0.5), 0.1, 2)
    yield make.box((3.0, 1.0, 0.02), label, at=np.array([0.2, -0.7, 1.14]))


def _apple(colour: Colour) -> Iterator[Solid]:
    yield make.ellipsoid((1.75, 1.75, 1.55), _paint(colour, 0.5, 5), at=np.array([0.0, 0.0, 1.5]))
    yield make.rod((0.0, 0.0, 2.9), (0.25, -0.1, 3.75), 0.1, Material((0.10, 0.06, 0.03)))
    leaf = make.ellipsoid((0.75, 0.32, 0.07), _paint((0.06, 0.25, 0.04)))
    yield leaf.turned(rotation("y", -20)).moved((0.85, -0.1, 3.4))


def _pencil(colour: Colour) -> Iterator[Solid]:
    angles = np.arange(6) * np.pi / 3
    outline = 0.36 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    wood, lead = Material((0.55, 0.38, 0.20), gloss=0.1), Material((0.03, 0.03, 0.035), gloss=0.4)
    shaft = make.prism(outline, 7.5, _paint(colour, 0.5), bevel=0.06)
    planes = make.prism(outline, 1.4, wood).body.planes[:6]
    slope = 0.36 * np.cos(np.pi / 6) / 1.4
    length = np.sqrt(1 + slope * slope)
    slants = (planes + np.array([0.0, 0.0, slope, 0.0])) / length
    floor, ceiling = np.array([[0.0, 0.0, -1.0, 0.0]]), np.array([[0.0, 0.0, 1.0, 0.95]])
    cone = Solid(Convex(np.concatenate([slants, floor, ceiling])), np.array([0.36, 0.36, 0.95]), wood)
    floor = np.array([[0.0, 0.0, -1.0, -0.95]])
    point = Solid(Convex(np.concatenate([slants, floor])), np.array([0.36, 0.36, 1.4]), lead)
    ferrule = make.cylinder(0.36, 0.6, TIN, at=np.array([0.0, 0.0, -0.6]))
    rubber = make.cylinder(
        0.33, 0.6, _paint((0.55, 0.20, 0.22), 0.05), at=np.array([0.0, 0.0, -1.2]), bevel=0.15
    )
    for piece in (shaft, cone.moved((0, 0, 7.5)), point.moved((0, 0, 7.5)), ferrule, rubber):
        yield piece.moved((0.0, 0.0, -3.8)).turned(rotation("y", 90)).moved((0.0, 0.0, 0.36))


def _coin(colour: Colour) -> Iterator[Solid]:
    metal = Material(colour, metal=0.8, gloss=0.45, sharp=4, grain=0.12, bump=0.05)
    yield make.cylinder(1.25, 0.2, metal, bevel=0.06)
    yield make.cylinder(0.95, 0.235, metal, bevel=0.05)


def _key(colour: Colour) -> Iterator[Solid]:
    metal = Material(colour, metal=0.9, gloss=0.8, sharp=5, grain=0.06, bump=0.03)
    hole = Convex(np.array([[0.0, 0.0, 1.0, 9.0], [0.0, 0.0, -1.0, 9.0]]), np.diag([0.45**-2, 0.45**-2, 0.0]))
    yield replace(make.cylinder(1.1, 0.28, metal, bevel=0.06), cavity=hole, at=np.array([-2.0, 0.0, 0.0]))
    yield make.box((3.6, 0.5, 0.26), metal, at=np.array([0.7, 0.0, 0.0]), bevel=0.06)
    for x, reach in ((1.2, 0.45), (1.7, 0.3), (2.2, 0.5)):
        yield make.box((0.3, reach, 0.26), metal, at=np.array([x, 0.25 + reach / 2, 0.0]), bevel=0.04)


def _die(colour: Colour) -> Iterator[Solid]:
    yield make.box((1.9, 1.9, 1.9), _paint(colour, 0.5, 5), bevel=0.25)
    dark = sum(colour) > 0.8
    spot = _paint((0.03, 0.03, 0.03) if dark else (0.75, 0.75, 0.73), 0.2)
    for x, y in ((0.0, 0.0), (-0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (0.5, -0.5)):
        yield make.ellipsoid((0.2, 0.2, 0.03), spot, at=np.array([x, y, 1.9]))
    for x, z in ((-0.45, 0.5), (0.45, 1.4)):
        yield make.ellipsoid((0.2, 0.03, 0.2), spot, at=np.array([x, 0.95, z]))


def _candle(colour: Colour) -> Iterator[Solid]:
    yield make.cylinder(1.1, 4.2, _paint(colour, 0.25, 3), bevel=0.25)
    yield make.rod((0.0, 0.0, 4.2), (0.08, 0.0, 4.9), 0.08, Material((0.03, 0.03, 0.03)))


@dataclass(frozen=True, slots=True)
class Make:
    """An object that a scene can have.

    Attributes:
        build: Returns its solids about the origin, standing on the ground.
        radius: Of a circle on the ground that holds it.
        words: What it is called, the first being its name.
        colours: The colours that it comes in.
    """

    build: Callable[[Colour], Iterator[Solid]]
    radius: float
    words: tuple[str, ...]
    colours: tuple[str, ...]


METALS: dict[str, Colour] = {"gold": GOLD.colour, "silver": TIN.colour, "copper": (0.72, 0.33, 0.18)}
PAINTS = ("red", "blue", "green", "yellow", "white", "purple")
PRIMARIES = ("red", "blue", "green", "yellow")
THINGS: dict[str, Make] = {
    "mug": Make(_mug, 3.1, ("mug", "cup", "マグ", "カップ", "コップ"), PAINTS),
    "box": Make(_box, 2.8, ("box", "package", "carton", "gift", "箱"), PAINTS),
    "ball": Make(_ball, 1.9, ("ball", "sphere", "ボール", "球", "玉"), PAINTS),
    "book": Make(_book, 3.9, ("book", "notebook", "本", "書籍", "ノート"), PRIMARIES),
    "apple": Make(
        _apple, 1.9, ("apple", "fruit", "りんご", "リンゴ", "林檎", "果物"), ("red", "green", "yellow")
    ),
    "pencil": Make(_pencil, 4.6, ("pencil", "crayon", "pen", "鉛筆", "えんぴつ", "ペン"), PRIMARIES),
    "coin": Make(
        _coin, 1.3, ("coin", "disc", "disk", "token", "硬貨", "コイン"), ("gold", "silver", "copper")
    ),
    "key": Make(_key, 3.2, ("key", "鍵", "かぎ", "キー"), ("gold", "silver")),
    "die": Make(_die, 1.4, ("die", "dice", "cube", "サイコロ", "さいころ"), ("white", "red", "black")),
    "candle": Make(
        _candle, 1.3, ("candle", "cylinder", "ろうそく", "キャンドル"), ("white", "red", "yellow")
    ),
}

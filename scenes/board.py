"""The circuit board under a connector: solder mask over traces, vias, pads and printed legend."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from scenes import solid as make
from scenes.material import TIN, Colour, Material
from scenes.solid import Solid, rotation
from scenes.texture import Sheet, slopes

MASKS: dict[str, Colour] = {
    "green": (0.012, 0.085, 0.035),
    "blue": (0.010, 0.035, 0.13),
    "black": (0.016, 0.017, 0.019),
    "red": (0.16, 0.012, 0.014),
}
FINISH: dict[str, Colour] = {"gold": (0.85, 0.60, 0.25), "tin": (0.66, 0.68, 0.70)}
GLOSS = 0.32
RELIEF = 0.035  # millimetres of copper under the mask, drawn larger than life so that it catches the light


def _traces(
    draw: ImageDraw.ImageDraw, rng: np.random.Generator, width: int, height: int, unit: float
) -> None:
    """Draw buses of parallel traces that run straight and turn by 45 degrees."""
    for _ in range(int(rng.integers(5, 9))):
        lanes, gap = int(rng.integers(1, 6)), 0.55 * unit
        thick = max(1, round(0.22 * unit))
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        knee, bend = rng.uniform(0.1, 0.5) * width, rng.choice([-1, 1]) * rng.uniform(1, 5) * unit
        upright = rng.random() < 0.4
        for lane in range(lanes):
            off = lane * gap
            path = [(x - width, y + off), (x + knee, y + off), (x + knee + abs(bend), y + off + bend)]
            path.append((path[-1][0] + width, path[-1][1]))
            if upright:
                path = [(b - y + x, a - x + y) for a, b in path]
            draw.line(path, fill=255, width=thick, joint="curve")


def _disc(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, fill: int) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def paint_board(
    rng: np.random.Generator,
    area: tuple[float, float],
    body: tuple[float, float],
    density: float,
    mask: str = "green",
    finish: str = "tin",
    label: str = "J1",
) -> Sheet:
    """Paint a board whose middle is the world's origin.

    Args:
        rng: Draws traces and vias.
        area: Width and height of the painted area in millimetres.
        body: Width and height of the connector, which the printed outline goes around.
        density: Pixels per millimetre.
        mask: Colour of the solder mask, one of `MASKS`.
        finish: Metal of bare pads, one of `FINISH`.
        label: What is printed beside the connector.
    """
    raised, metal, printed, open_ = board_layers(rng, area, body, density, label)
    colour = np.array(MASKS[mask], np.float32) * (1 + 0.9 * raised[:, :, None])
    colour += metal[:, :, None] * (np.array(FINISH[finish], np.float32) - colour)
    colour += printed[:, :, None] * (np.float32(0.62) - colour)
    colour *= 1 - 0.95 * open_[:, :, None]
    paint = np.concatenate([colour, (metal * (1 - printed) * (1 - open_))[:, :, None]], axis=2)
    relief = np.asarray(RELIEF * raised + 0.01 * printed, np.float32)
    return Sheet((-area[0] / 2, -area[1] / 2), density, paint, slopes(relief, density), gloss=GLOSS)


def board_layers(
    rng: np.random.Generator,
    area: tuple[float, float],
    body: tuple[float, float],
    density: float,
    label: str,
) -> list[NDArray[np.float32]]:
    """Return copper, bare metal, printed legend and drilled holes, (H, W) from 0 to 1."""
    width, height = (int(side * density) for side in area)
    copper, bare, legend, drilled = (Image.new("L", (width, height)) for _ in range(4))
    draw, holes, ink, bores = (ImageDraw.Draw(layer) for layer in (copper, bare, legend, drilled))
    _traces(draw, rng, width, height, density)
    drills = []
    for _ in range(int(rng.integers(5, 14))):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        _disc(draw, x, y, 0.5 * density, 255)
        if rng.random() < 0.6:
            _disc(holes, x, y, 0.36 * density, 255)
        drills.append((x, y))
    left, top = width / 2 - (body[0] / 2 + 0.5) * density, height / 2 - (body[1] / 2 + 0.5) * density
    right, bottom = width - left, height - top
    line = max(1, round(0.15 * density))
    ink.rectangle((left, top, right, bottom), outline=255, width=line)
    corner = 0.9 * density
    ink.polygon([(left - corner, top - corner), (left, top - corner), (left - corner, top)], fill=255)
    font = ImageFont.load_default(max(6, 1.7 * density))
    ink.text((left + 0.3 * density, bottom + 0.35 * density), label, fill=255, font=font)
    ink.text((right - 5.5 * density, top - 2.4 * density), f"R{rng.integers(1, 99)}", fill=255, font=font)
    for x, y in drills:
        _disc(bores, x, y, 0.17 * density, 255)
    layers = [np.asarray(layer, np.float32) / 255 for layer in (copper, bare, legend, drilled)]
    return [ndimage.gaussian_filter(layer, 0.06 * density, truncate=2) for layer in layers]


def neighbours(rng: np.random.Generator, area: tuple[float, float], body: tuple[float, float]) -> list[Solid]:
    """Return small parts that stand about the connector: resistors, capacitors, a can.

    Args:
        rng: Draws them.
        area: Width and height in millimetres of the region that they may stand in.
        body: Width and height of the connector about the origin, which they keep away from.
    """
    solids: list[Solid] = []
    for _ in range(int(rng.integers(3, 9))):
        x, y = (float(rng.uniform(-side / 2, side / 2)) for side in area)
        if abs(x) < body[0] / 2 + 4 and abs(y) < body[1] / 2 + 4:
            continue
        at = np.array([x, y, 0.0])
        form = rng.choice(["resistor", "capacitor", "can"], p=[0.45, 0.45, 0.1])
        if form == "can":
            solids.append(make.cylinder(2.0, 3.2, TIN, at=at, bevel=0.3))
            continue
        colour = (0.03, 0.03, 0.035) if form == "resistor" else (0.30, 0.20, 0.12)
        tall = 0.5 if form == "resistor" else 0.9
        turn = rotation("z", float(rng.choice([0, 90])))
        solids.append(make.box((1.3, 1.2, tall), Material(colour, gloss=0.3), at=at, turn=turn, bevel=0.08))
        for side in (-0.85, 0.85):
            end = make.box((0.42, 1.22, tall + 0.03), TIN, at=np.array([side, 0.0, 0.0]), bevel=0.15)
            solids.append(end.turned(turn).moved(at))
    return solids

"""Draws the pictures of the example that ``kurabe init`` writes: ``uv run python tools/example.py``.

A row of pins on a board, three good parts and four to inspect; light, place and noise vary as they do between
two shots.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIZE = (240, 150)
FOLDER = Path(__file__).parents[1] / "src/kurabe/authoring/example/cases/example"
_LARGE = 4  # drawn so many times as large, then reduced: edges without steps
_PINS = tuple(range(30, 211, 30))


def part(seed: int, missing: int | None = None, scratch: bool = False) -> Image.Image:
    """Draw a shot of one part."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (SIZE[0] * _LARGE, SIZE[1] * _LARGE), (22, 78, 58))
    draw = ImageDraw.Draw(image)

    def box(x1: float, y1: float, x2: float, y2: float, fill: tuple[int, int, int]) -> None:
        draw.rectangle([round(edge * _LARGE) for edge in (x1, y1, x2, y2)], fill=fill)

    box(12, 30, 228, 122, (46, 46, 50))
    box(16, 34, 224, 118, (62, 62, 66))
    for number, x in enumerate(_PINS):
        box(x - 8, 52, x + 8, 100, (34, 34, 36))
        if number != missing:
            box(x - 5, 44, x + 5, 108, (196, 176, 120))
            box(x - 5, 44, x - 2, 108, (232, 220, 178))
    if scratch:
        ends = [(148 * _LARGE, 112 * _LARGE), (216 * _LARGE, 96 * _LARGE)]
        draw.line(ends, fill=(225, 228, 226), width=2 * _LARGE)
    small = image.resize(SIZE, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(0.6))
    values = np.asarray(small, np.float32) * rng.uniform(0.96, 1.04)
    values += rng.normal(0, 1.2, (*values.shape[:2], 1))
    moved = np.roll(values, tuple(rng.integers(-1, 2, 2)), (0, 1))
    return Image.fromarray(np.clip(np.rint(moved), 0, 255).astype(np.uint8))


def main() -> None:
    """Write all pictures."""
    pictures = {f"good/{number}": part(number) for number in (1, 2, 3)}
    pictures |= {"images/p1": part(11), "images/p2": part(12, missing=4)}
    pictures |= {"images/p3": part(13), "images/p4": part(14, scratch=True)}
    for name, picture in pictures.items():
        path = FOLDER / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path, optimize=True)


if __name__ == "__main__":
    main()

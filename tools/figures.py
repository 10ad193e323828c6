"""Draw the figures of the docs: ``uv run python tools/figures.py``.

``docs/pictures/processors.png``: a case of the suite ``connector``, cut around what differs, and what each
processor makes of it; reference on the left, test on the right. The README's first picture is drawn by
``tools/pair_picture.py``.
"""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from kurabe.cases.case import Case
from kurabe.cases.suites import Suite, find, read
from kurabe.imaging.load import load_image
from kurabe.imaging.processors import Pair, apply, get_processor, names

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
CASE = "c004"
CUT = (144, 108)
COLUMNS = 3
GAP, HEAD, MARGIN = 3, 20, 9
PAPER, INK = "white", "black"


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair with what is written above it."""

    title: str
    pair: Pair


def distinct() -> list[str]:
    """Return the names of all processors but raw; of several names for one function, all as one."""
    of_function: dict[object, list[str]] = {}
    for name in names()[1:]:
        of_function.setdefault(get_processor(name).function, []).append(name)
    return [", ".join(alike) for alike in of_function.values()]


def cut_of(box: tuple[float, float, float, float], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the part of a picture of that size around a box: left, top, right, bottom."""
    left, top = (
        int(min(max((low + high - side) / 2, 0), limit - side))
        for low, high, side, limit in zip(box[:2], box[2:], CUT, size, strict=True)
    )
    return left, top, left + CUT[0], top + CUT[1]


def connector(name: str) -> tuple[Suite, Case, Image.Image, Image.Image]:
    """Return a case of the suite ``connector`` with its two pictures."""
    (suite,) = read(find(ROOT / "cases" / "connector")).good
    case = next(case for case in suite.cases if case.id == name)
    assert case.reference is not None
    assert case.test is not None
    return suite, case, load_image(suite.image(case.reference)), load_image(suite.image(case.test))


def processed() -> list[Shown]:
    """Return the case raw and processed; what is processed is the whole picture, cut afterwards."""
    suite, case, reference, test = connector(CASE)
    boxes = [change.box for change in case.expect.differences or () if change.box is not None]
    around = (
        min(box.x1 for box in boxes),
        min(box.y1 for box in boxes),
        max(box.x2 for box in boxes),
        max(box.y2 for box in boxes),
    )
    part = cut_of(around, reference.size)
    shown = []
    for title in ["raw", *distinct()]:
        done = apply(title.split(", ")[0], reference, test, suite.relation(case))
        shown.append(Shown(title, (done.reference.crop(part), done.test.crop(part))))
    return shown


def grid(cells: list[Shown]) -> Image.Image:
    """Return all pairs in rows, the title above each."""
    width, height = 2 * CUT[0] + GAP, HEAD + CUT[1]
    rows = -(-len(cells) // COLUMNS)
    size = (COLUMNS * (width + MARGIN) + MARGIN, rows * (height + MARGIN) + MARGIN)
    sheet = Image.new("RGB", size, PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for number, cell in enumerate(cells):
        left = MARGIN + number % COLUMNS * (width + MARGIN)
        top = MARGIN + number // COLUMNS * (height + MARGIN)
        draw.text((left, top), cell.title, fill=INK, font=font)
        for side, picture in enumerate(cell.pair):
            sheet.paste(picture, (left + side * (CUT[0] + GAP), top + HEAD))
    return sheet


def main() -> None:
    """Draw all figures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    # The last two bits of a colour are noise that no eye sees, and two fifths of the file.
    ImageOps.posterize(grid(processed()), 6).save(PICTURES / "processors.png", optimize=True)


if __name__ == "__main__":
    main()

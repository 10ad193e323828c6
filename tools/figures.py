"""Draw the figures of the docs: ``uv run python tools/figures.py``.

``docs/pictures/processors.png``: a case of the suite ``connector``, cut around what differs, and what each
processor makes of it; reference on the left, test on the right.

``docs/pictures/pair.png``: a good part, a suspect part, the difference boxed, and what a model answers. The
model is asked for it; ``perf/results/pair.json`` keeps the answer, from which ``tools/readme.py`` writes the
caption.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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

PAIR, MODEL = ROOT / "perf" / "results" / "pair.json", "tiny-phi3v-connector"
PAIR_CASE = "c071"
ENLARGED, MARK = 1.5, (216, 32, 32)
KEPT = ("case", "model", "question", "variant", "layout", "prompt", "text", "outcome", "expected")
"""What is kept of the model's answer."""


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


def ask() -> dict[str, Any]:
    """Ask the model to name the differences of the pair; return what is kept of its answer.

    Raises:
        SystemExit: If the bench fails, with the end of its output.
    """
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                sys.executable, "-m", "pytest", "benchmark",
                "-k", f"connector/{PAIR_CASE} and differences and raw", "--model", MODEL, "--no-controls",
                "--no-pictures", f"--reports={folder}", "-p", "no:cacheprovider",
            ],
            cwd=ROOT, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode != 0:
            raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
        (results,) = Path(folder).glob("runs/*/results.jsonl")
        found = json.loads(results.read_text(encoding="utf-8"))
    return {name: found[name] for name in KEPT}


def pair(answer: dict[str, Any]) -> Image.Image:
    """Return the good part, the suspect part, and that one with the difference boxed; the answer below."""
    _, case, reference, test = connector(PAIR_CASE)
    size = (round(reference.width * ENLARGED), round(reference.height * ENLARGED))
    good, suspect = (picture.resize(size, Image.Resampling.LANCZOS) for picture in (reference, test))
    boxed = suspect.copy()
    for difference in case.expect.differences or ():
        if difference.box is not None:
            left, top, right, bottom = (round(edge * ENLARGED) for edge in difference.box)
            edges = (left - 5, top - 5, right + 4, bottom + 4)
            ImageDraw.Draw(boxed).rectangle(edges, outline=MARK, width=3)
    panels = [("good part", good), ("suspect part", suspect), ("what differs", boxed)]
    said = answer["text"].strip().replace("\n", "; ")
    lines = [f"{answer['model']}, asked to name the differences:", f"“{said}”"]
    head, foot = 26, 62
    width = len(panels) * (size[0] + MARGIN) + MARGIN
    sheet = Image.new("RGB", (width, head + size[1] + foot), PAPER)
    draw, font, large = ImageDraw.Draw(sheet), ImageFont.load_default(16), ImageFont.load_default(20)
    for number, (title, picture) in enumerate(panels):
        left = MARGIN + number * (size[0] + MARGIN)
        draw.text((left, 4), title, fill=INK, font=font)
        sheet.paste(picture, (left, head))
    draw.text((MARGIN, head + size[1] + 6), lines[0], fill=(90, 90, 90), font=font)
    draw.text((MARGIN, head + size[1] + 28), lines[1], fill=INK, font=large)
    return sheet


def main() -> None:
    """Draw all figures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    # The last two bits of a colour are noise that no eye sees, and two fifths of the file.
    ImageOps.posterize(grid(processed()), 6).save(PICTURES / "processors.png", optimize=True)
    answer = ask()
    PAIR.write_text(json.dumps(answer, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    ImageOps.posterize(pair(answer), 6).save(PICTURES / "pair.png", optimize=True)


if __name__ == "__main__":
    main()

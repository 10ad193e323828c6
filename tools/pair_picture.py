"""Draw the README's first picture: ``uv run python tools/pair_picture.py FOLDER``.

``FOLDER`` is ``aliens-dataset`` of the public repository aws-samples/amazon-lookout-for-vision: photographs
of a moulded figure (Amazon.com, CC BY-SA 4.0, which then holds for the picture, too). The bench asks
``good-parts``, which has seen twelve good ones, for a verdict on a bad one; ``docs/pictures/pair.png`` shows
the good part, the suspect one, and that one with the boxes of the answer.
``perf/results/pair.json`` keeps the answer, from which ``tools/readme.py`` writes the caption.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont, ImageOps

ROOT = Path(__file__).resolve().parent.parent
RECORD, PICTURE = ROOT / "perf" / "results" / "pair.json", ROOT / "docs" / "pictures" / "pair.png"
GOOD, SUSPECT = "normal/20.png", "anomaly/57.png"
"""Neither is in the pairs of ``perf.good_parts``; how surely parts are laid was decided on this folder."""
OTHERS = [f"normal/{number}.png" for number in range(21, 32)]
KEPT = ("model", "question", "verdict", "expected_verdict", "outcome", "p_different", "text")
"""What is kept of the answer, beside where its boxes are."""

SIZE, MARGIN, HEAD = (385, 266), 9, 26
PAPER, INK, MARK = "white", "black", (216, 32, 32)
MODELS = '[models.good-parts]\nengine = "good-parts"\ndefault = true\n'


def ask(folder: Path) -> dict[str, Any]:
    """Ask for a verdict in a project of its own; return the result's line.

    Raises:
        SystemExit: If the bench fails, with the end of its output.
    """
    with tempfile.TemporaryDirectory() as name:
        project = Path(name)
        (project / "cases").mkdir()
        (project / "models.toml").write_text(MODELS, encoding="utf-8")
        with (project / "pairs.csv").open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(("id", "before", "after", "label", "pair_type"))
            rows.writerow(("suspect", folder / GOOD, folder / SUSPECT, "different", "instance"))
            # Only as references: the bank is all good parts of the suite.
            rows.writerows(
                (f"good{n}", folder / good, folder / GOOD, "same", "instance")
                for n, good in enumerate(OTHERS)
            )
        pytest = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--pyargs",
            "kurabe.plugin.test_pairs",
            "-k",
            "suspect and verdict",
        ]
        for command in (
            [sys.executable, "-m", "kurabe.cli", "import", "pairs", "pairs.csv", "--name", "figures"],
            [*pytest, "--kurabe-no-controls", "--kurabe-no-pictures"],
        ):
            done = subprocess.run(command, cwd=project, capture_output=True, text=True)
            if done.returncode != 0:
                raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
        (results,) = (project / "reports" / "runs").glob("*/results.jsonl")
        found: dict[str, Any] = json.loads(results.read_text(encoding="utf-8"))
    return found


def drawn(folder: Path, answer: dict[str, Any]) -> Image.Image:
    """Return the three pictures beside each other, each with what it is above it."""
    good, suspect = (Image.open(folder / name).convert("RGB") for name in (GOOD, SUSPECT))
    marked = suspect.copy()
    for box in answer["score"]["boxes"]:
        ImageDraw.Draw(marked).rectangle(tuple(box), outline=MARK, width=4)
    title = f"{answer['model']}: {answer['verdict']}, P = {answer['p_different']:.2f}"
    panels = (("a good part", good), ("a suspect part", suspect), (title, marked))
    sheet = Image.new("RGB", (len(panels) * (SIZE[0] + MARGIN) + MARGIN, HEAD + SIZE[1] + MARGIN), PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(16)
    for number, (words, picture) in enumerate(panels):
        left = MARGIN + number * (SIZE[0] + MARGIN)
        draw.text((left, 4), words, fill=INK, font=font)
        sheet.paste(picture.resize(SIZE, Image.Resampling.LANCZOS), (left, HEAD))
    return sheet


def main() -> None:
    """Ask, keep the answer, draw."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder.resolve()
    answer = ask(folder)
    kept = {name: answer[name] for name in KEPT} | {
        "good": GOOD, "suspect": SUSPECT, "good_parts": 1 + len(OTHERS),
        "boxes": [[round(edge) for edge in box] for box in answer["score"]["boxes"]],
    }  # fmt: skip
    RECORD.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    # The last bits of a colour are noise that no eye sees, and half of the file.
    ImageOps.posterize(drawn(folder, answer), 6).quantize(192).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()

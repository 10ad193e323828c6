"""Measure registration and every processor: ``python perf/imaging.py [--out FILE]``.

Processor time of one core on a rendered scene that is shifted, turned and lit differently: the 640x640
pair, how the cost grows with the pixels, and how ``n-soartc`` depends on its window.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # figures are for one core

import argparse
import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from kurabe.common.vocabulary import Relation
from kurabe.imaging.align import register
from kurabe.imaging.processors import apply, names
from kurabe.imaging.rt import normalised_residual
from kurabe.models.engines.pixel_diff import inspect

REPEATS = 7


def scene(side: int) -> tuple[Image.Image, Image.Image]:
    """Render a pair of side x side pixels: shapes with noise; the test moved, dimmed and with a defect."""
    random = np.random.default_rng(0)
    picture = Image.new("RGB", (side, side), (70, 100, 80))
    draw = ImageDraw.Draw(picture)
    for _ in range(120):
        x, y, w, h = (int(v) for v in random.integers(1, (side, side, side // 8, side // 8)))
        draw.rectangle((x, y, x + w, y + h), fill=tuple(int(c) for c in random.integers(20, 240, 3)))
    picture = picture.filter(ImageFilter.GaussianBlur(0.7))
    test = picture.rotate(0.8, Image.Resampling.BICUBIC, translate=(3, -2))
    ImageDraw.Draw(test).ellipse((side // 2, side // 2, side // 2 + 12, side // 2 + 12), fill="white")

    def shot(seen: Image.Image, light: float, seed: int) -> Image.Image:
        noise = np.random.default_rng(seed).normal(0, 2, (side, side, 3))
        return Image.fromarray(np.clip(np.asarray(seen) * light + noise, 0, 255).astype(np.uint8))

    return shot(picture, 1, 1), shot(test, 0.9, 2)


def milliseconds(call: Callable[[], object]) -> float:
    """Return the least processor time of several calls: what is above it is other programs."""
    call()
    times = []
    for _ in range(REPEATS):
        started = time.process_time()
        call()
        times.append(1e3 * (time.process_time() - started))
    return min(times)


def measure() -> dict[str, dict[str, float]]:
    """Return the tables: milliseconds by processor, by pixels, by window."""
    reference, test = scene(640)
    a, b = np.asarray(reference), np.asarray(test)
    by_name = {"registration": milliseconds(partial(register, a, b))}
    for name in names():
        by_name[name] = milliseconds(partial(apply, name, reference, test, "aligned"))
    relations: tuple[Relation, ...] = ("aligned", "instance")
    for relation in relations:
        by_name[f"pixel-diff {relation}"] = milliseconds(partial(inspect, reference, test, relation))
    by_side = {}
    for side in (320, 640, 1280):
        pair = scene(side)
        by_side[f"{side}x{side}"] = milliseconds(partial(apply, "n-soartc", *pair, "aligned"))
    m, x = (np.asarray(p.convert("L"), np.float32) / np.float32(255) for p in (reference, test))
    by_window = {f"{w}x{w}": milliseconds(partial(normalised_residual, m, x, w)) for w in (5, 9, 31, 101)}
    return {
        "640x640, ms": by_name,
        "n-soartc by size, ms": by_side,
        "n-soartc by window, one channel, ms": by_window,
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, help="write the figures there as JSON")
    options = parser.parse_args()
    tables = measure()
    for title, rows in tables.items():
        print(title)
        for key, value in rows.items():
            print(f"  {key:22}{value:8.1f}")
    if options.out is not None:
        options.out.write_text(json.dumps(tables, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

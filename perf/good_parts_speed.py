"""Seconds that ``good-parts`` takes for a pair: ``uv run python -m perf.good_parts_speed [--threads N]``.

Plates of 640 x 640 pixels with parts on them, a bank of 12 good ones that is made beforehand, and bad ones
that nobody has seen yet. Beside the time from question to answer stands the time of the processor, which
counts what this program took even if others keep the machine busy. Writes
``perf/results/good_parts_speed.json``.
"""

import argparse
import json
import os
import statistics
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

from kurabe.common.request import Picture
from kurabe.imaging.content import content_id
from kurabe.models.engines.good_parts.backbone import Backbone, weights_file
from kurabe.models.engines.good_parts.bank import Banks
from kurabe.models.engines.good_parts.settings import GoodPartsSettings
from kurabe.models.engines.good_parts.store import Store

FIGURES = Path(__file__).resolve().parent / "results" / "good_parts_speed.json"
SIDE, BANK, TESTS = 640, 12, 7


def plate(seed: int, *, lies: bool) -> Picture:
    """Draw a plate, a little elsewhere in each picture, or with its parts anywhere."""
    random, layout = np.random.default_rng(seed), np.random.default_rng(0 if lies else seed)
    image = Image.new("RGB", (SIDE, SIDE), (20, 90, 40))
    draw = ImageDraw.Draw(image)
    for _ in range(80):
        x, y, w, h = (int(value) for value in layout.integers((40, 40, 10, 10), (560, 560, 60, 60)))
        draw.rectangle((x, y, x + w, y + h), fill=tuple(int(value) for value in layout.integers(0, 255, 3)))
    dx, dy = (int(value) for value in random.integers(-15, 16, 2))
    image = image.transform(image.size, Image.Transform.AFFINE, (1, 0, dx, 0, 1, dy))
    pixels = np.asarray(image) + random.normal(0, 3, (SIDE, SIDE, 3))
    made = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    return Picture(content_id(made), made.copy)


def measure(threads: int, *, lies: bool) -> dict[str, object]:
    """Return milliseconds a pair: medians, and the least."""
    torch.set_num_threads(threads)
    settings = GoodPartsSettings()
    path = weights_file(settings, Path())
    if isinstance(path, str):
        raise SystemExit(path)
    banks = Banks(Backbone(path, settings), settings, Store(None, ""))
    goods = [plate(seed, lies=lies) for seed in range(BANK)]
    started = time.perf_counter()
    banks.judge(plate(99, lies=lies), goods)
    making = time.perf_counter() - started
    walls, works = [], []
    for seed in range(100, 100 + TESTS):
        test = plate(seed, lies=lies)
        wall, work = time.perf_counter(), time.process_time()
        banks.judge(test, goods)
        walls.append(1000 * (time.perf_counter() - wall))
        works.append(1000 * (time.process_time() - work))
    return {
        "lies": lies,
        "threads": threads,
        "bank_seconds": round(making, 1),
        "ms": round(statistics.median(walls)),
        "ms_least": round(min(walls)),
        "ms_processor": round(statistics.median(works)),
    }


def main() -> None:
    """Measure, and write what came out."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--threads", type=int, default=2)
    threads = parser.parse_args().threads
    load = os.getloadavg()[0]
    rows = [measure(threads, lies=lies) for lies in (True, False)]
    found = {
        "side": SIDE,
        "bank": BANK,
        "tests": TESTS,
        "cpus": os.cpu_count(),
        "load_before": load,
        "rows": rows,
    }
    FIGURES.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

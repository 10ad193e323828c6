"""Train the connector adapters of tiny-phi3v on a GPU from connectors without end.

    python -m training.adapt --out FOLDER --seconds 480 --course plain-64-0 --course linked-64-0

A course is a kind (``plain``, or ``linked`` with linking pairs besides), a rank (0: all weights, the limit
that an adapter is measured by) and a seed. All courses of a run learn from the same pairs, in turn. Pictures
are rendered on the GPU while training goes on; no picture of the shipped suites is among them, as their seeds
are others.

FOLDER gets ``COURSE.safetensors`` and ``adapt.json``, settings and held-out figures over time;
``python -m training.finish`` makes adapters of them.
"""

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.connectors.batches import Batch
from training.connectors.examination import Examination
from training.connectors.rows import Asker
from training.connectors.supply import Supply
from training.connectors.workers import Workers
from training.course import ROOT, SHARES, Course, Name

VERDICTS = 0.75
"""Share of the steps that ask for verdicts."""

WARM = 15.0
"""Seconds until the full rate is reached."""


class Watch:
    """Times the parts of one step in seconds, waiting for the device; does nothing if it is not to."""

    def __init__(self, runs: bool) -> None:
        self.laps: dict[str, float] = {}
        self._runs, self._last = runs, 0.0
        if runs:
            self._last = self._now()

    def lap(self, name: str) -> None:
        """End a part."""
        if self._runs:
            now = self._now()
            self.laps[name], self._last = round(now - self._last, 4), now

    @staticmethod
    def _now() -> float:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        return time.monotonic()


def main() -> None:
    """Train; see the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=480, help="of training, rendering included")
    parser.add_argument("--course", type=Name.of, action="append", required=True, metavar="KIND-RANK-SEED")
    parser.add_argument("--start", type=Path, help="go on from the weights in this folder")
    parser.add_argument(
        "--part",
        type=float,
        nargs=2,
        default=(0.0, 1.0),
        help="of the course that this run is, such as 0 0.5",
    )
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--seed", type=int, default=1, help="of the connectors")
    parser.add_argument("--held-out", type=int, default=180, help="connectors that are kept for figures")
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) - 2))
    parser.add_argument("--room", type=int, nargs=2, default=(40_000, 100_000), help="connectors, processed")
    parser.add_argument("--connectors", type=int, default=6, help="rendered in each step of a course at most")
    parser.add_argument("--renew", type=int, default=2, help="steps between two renderings")
    parser.add_argument("--every", type=float, default=60, help="seconds between held-out figures")
    parser.add_argument("--profile", action="store_true", help="print what a step's time goes to")
    parser.add_argument("--compile", action="store_true")
    chosen = parser.parse_args()
    torch.set_float32_matmul_precision("high")
    torch._dynamo.config.suppress_errors = True
    torch._dynamo.config.cache_size_limit = 64
    linked = any(name.kind == "linked" for name in chosen.course)
    workers = Workers(chosen.workers, chosen.seed, int(linked))
    try:
        train(chosen, workers)
    finally:
        workers.close()


def train(chosen: argparse.Namespace, workers: Workers) -> None:
    """Let the courses take steps in turn until the time is over."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    courses = [Course(name, device, chosen.compile) for name in chosen.course]
    if chosen.start is not None:
        for course in courses:
            course.load(chosen.start)
    first, last = chosen.part
    processor = courses[0].processor
    asker = Asker(processor, ROOT / "cases")
    begun = time.monotonic()
    examination = Examination(chosen.held_out, asker, workers, device, int(processor.tokenizer.pad_token_id))
    print(f"{len(examination.pairs)} held-out pairs after {time.monotonic() - begun:.0f} s", flush=True)
    supply = Supply(workers, processor, asker, chosen.room, device)
    while supply.gallery.count < 4 * chosen.connectors or supply.processed < 16:
        supply.renew(chosen.connectors, 8)
    rng = np.random.default_rng(3)
    print(f"first pairs after {time.monotonic() - begun:.0f} s", flush=True)
    begun = told = time.monotonic()
    log: list[dict[str, Any]] = []
    while (elapsed := time.monotonic() - begun) < chosen.seconds:
        verdict = bool(rng.random() < VERDICTS)
        for course in courses:
            watch = Watch(course.step % 50 == 49)
            if sum(each.step for each in courses) % chosen.renew == 0:
                supply.renew(chosen.connectors, 2)
            watch.lap("renew")
            batch = supply.draw(chosen.batch, verdict, SHARES[course.name.kind])
            watch.lap("draw")
            share = first + (last - first) * elapsed / chosen.seconds
            warm = min(1.0, elapsed / WARM)
            if chosen.profile and course.step == 90:
                _profiled(course, batch, share, warm)
            else:
                course.learn(batch, share, warm)
            watch.lap("learn")
            if watch.laps:
                print(course.step, supply.gallery.count, supply.processed, watch.laps, flush=True)
        if time.monotonic() - told > chosen.every:
            log += tell(courses, supply, examination, elapsed)
            told = time.monotonic()
    log += tell(courses, supply, examination, chosen.seconds)
    for course in courses:
        course.save(chosen.out)
    settings = {name: str(value) for name, value in vars(chosen).items()}
    card = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
    rates = (supply.gallery.seen / np.maximum(1, supply.gallery.drawn)).round(3).tolist()
    facts = {"settings": settings, "card": card, "torch": torch.__version__, "seen": rates, "log": log}
    (chosen.out / "adapt.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def _profiled(course: Course, batch: Batch, share: float, warm: float) -> None:
    kinds = [torch.profiler.ProfilerActivity.CPU, torch.profiler.ProfilerActivity.CUDA]
    with torch.profiler.profile(activities=kinds) as profile:
        course.learn(batch, share, warm)
        torch.cuda.synchronize()
    print(
        profile.key_averages().table(sort_by="self_cuda_time_total", row_limit=22, max_name_column_width=70)
    )


def tell(
    courses: list[Course], supply: Supply, examination: Examination, elapsed: float
) -> list[dict[str, Any]]:
    """Return each course's losses since the last time, and its held-out figures."""
    rows = []
    for course in courses:
        loss, spot = torch.stack(course.losses).mean(0).tolist()
        course.losses.clear()
        row = {
            "course": str(course.name),
            "seconds": round(elapsed, 1),
            "steps": course.step,
            "connectors": supply.gallery.count,
            "pairs_processed": supply.processed,
            "bodies": supply.items,
            "loss": round(loss, 4),
            "spots_loss": round(spot, 4),
            **examination.examine(course.told),
        }
        print(json.dumps(row), flush=True)
        rows.append(row)
    return rows


if __name__ == "__main__":
    main()

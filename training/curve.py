"""How many pictures does an adapter need? Trains adapters of tiny-phi3v on 16, 64, 256 … pairs of connectors.

    python -m training.curve --out FOLDER --size 16 --size 64 --size 256 --compile

Each size is trained with and without linking pairs, on raw pictures and (up to 256 pairs) on processed ones,
with three seeds: of the connectors, of the first weights, of the order. All are asked about the same held-out
connectors and the same everyday things. ``--weights`` asks adapters that are there, too, and the base is
always asked. FOLDER gets ``curve.json``, written after each training; what is in it is not trained again.
"""

import argparse
import json
import multiprocessing
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from sklearn.metrics import roc_auc_score
from torch import Tensor

from kurabe.imaging.rt import n_soartc
from scenes.connector import SIZE
from scenes.pair import GRADES
from scenes.part import KINDS
from training.connectors.batches import LENGTHS
from training.connectors.draw import Drawn, without_end
from training.connectors.examination import Examination
from training.connectors.few import SHARES, Few, Pair, pairs_of
from training.connectors.gallery import Gallery
from training.connectors.rows import Asker, Row
from training.connectors.workers import Workers
from training.course import ROOT, Course, Name
from training.items import EVAL_SEEDS, TRAIN_SEEDS, Item, stream
from training.tiny import encode

STEPS = {16: 100, 64: 200, 256: 400, 1024: 800, 4096: 1200}
"""Of each size: more change little up to 256 pairs, which are known by heart by then."""

ROWS = {16: 64, 64: 64, 256: 64, 1024: 128, 4096: 128}
"""Of a step, by size."""

PROCESSED_UP_TO = 256
SEED = 700_000
"""Of the connectors to learn from; a thousand lie between two seeds. No other program's."""

BODIES = 256
"""Pairs of prisms and cylinders that link shapes."""

EVERYDAY = 160
"""Pairs of everyday things, and as many of shapes, that tell what was forgotten."""

RANK = 64
WARM = 20
"""Steps until the full rate is reached."""


@dataclass(frozen=True, slots=True)
class Run:
    """A training: pairs, pictures that are learned from, whether they are linked, and the seed."""

    size: int
    pictures: str
    linked: bool
    seed: int

    @property
    def name(self) -> str:
        """Such as ``256-raw-linked-1``."""
        return f"{self.size}-{self.pictures}-{'linked' if self.linked else 'plain'}-{self.seed}"


def runs(sizes: Sequence[int], seeds: Sequence[int]) -> list[Run]:
    """Return all trainings; those of one seed and size stand together."""
    return [
        Run(size, pictures, linked, seed)
        for size in sizes
        for seed in seeds
        for pictures in ("raw", "processed")
        for linked in (False, True)
        if pictures == "raw" or size <= PROCESSED_UP_TO
    ]


def _drawn(seed: int) -> list[Drawn]:
    connectors = without_end(seed)
    return [next(connectors) for _ in GRADES]


def _processed(pair: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(n_soartc(Image.fromarray(pair[0]), Image.fromarray(pair[1]))[1])


def _items(asked: tuple[int, int, float]) -> list[Item]:
    seed, amount, shapes = asked
    items = stream(seed, ("separate",), SIZE, shapes_share=shapes)
    return [next(items) for _ in range(amount)]


def _ready() -> None:
    torch.set_num_threads(1)
    os.nice(10)


class Stock:
    """Connectors, rendered and processed, of one seed: the first pairs of a larger size are a smaller one."""

    def __init__(self, pool: Any, seed: int, size: int, device: str) -> None:
        # A few flaws cannot be seen; connectors come three at a time, one of each grade.
        chunks = -(-(size + size // 8) // (4 * len(GRADES))) + 1
        self.gallery = Gallery.empty(chunks * len(GRADES), device)
        for some in pool.imap(_drawn, [SEED + 1000 * seed + number for number in range(chunks)]):
            self.gallery.add(some)
        self.pairs = pairs_of(self.gallery, size)
        flat = self.gallery.flat()
        both = torch.tensor([(pair.first, pair.second) for pair in self.pairs], device=device)
        pictures = flat[both.flatten()].permute(0, 2, 3, 1).cpu().numpy().reshape(size, 2, *SIZE, 3)
        made = np.stack(pool.map(_processed, list(pictures), chunksize=8))
        self.processed = torch.from_numpy(made).permute(0, 3, 1, 2).contiguous().to(device)


class Everyday:
    """Held-out pairs of everyday things and shapes, each with the verdict that is right."""

    def __init__(self, items: Sequence[Item], processor: Any, device: str, yes: str) -> None:
        pad = int(processor.tokenizer.pad_token_id)
        self.parts: dict[str, tuple[Tensor, Tensor, int, NDArray[np.bool_]]] = {}
        for number, suite in enumerate(("everyday", "shapes")):
            chosen = [item for item in items if item.suite == number]
            rows = [encode("phi3v", processor, item.turns["separate"][0], 2) for item in chosen]
            starts = {start for _, start in rows}
            if len(starts) != 1:
                raise ValueError(f"{suite}: prompts of several lengths: {sorted(starts)}")
            ids = torch.full((LENGTHS[True],), pad, device=device)
            ids[: len(rows[0][0])] = torch.tensor(rows[0][0], device=device)
            pictures = torch.from_numpy(np.concatenate([item.pictures for item in chosen]))
            different = np.array([item.turns["separate"][0].answer == yes for item in chosen])
            self.parts[suite] = (pictures.permute(0, 3, 1, 2).to(device), ids, starts.pop(), different)

    def figures(self, course: Course, yes: int, no: int) -> dict[str, float]:
        """Return the balanced accuracy of each suite."""
        found = {}
        for suite, (pictures, ids, start, different) in self.parts.items():
            amount = len(different)
            which = torch.arange(2 * amount, device=pictures.device).view(amount, 2)
            said = course.told(pictures, which, ids.expand(amount, -1), start, yes, no).cpu().numpy()
            right = (said[:, 0] > said[:, 1]) == different
            found[suite] = round(float((right[different].mean() + right[~different].mean()) / 2), 4)
        return found


def summed(examination: Examination, said: NDArray[np.float32]) -> dict[str, Any]:
    """Return what a model is worth on held-out connectors.

    Returns:
        ``references``: of each connector [good pairs, called same, bad pairs, called different, loss], the
        loss being summed over its pairs, of the right answer's first token; ``auc``; and ``grades``, the
        balanced accuracy of each grade.
    """
    lean, different = said[:, 0] - said[:, 1], examination.different
    loss = -np.where(different, said[:, 0], said[:, 1])
    right = (lean > 0) == different
    places = np.array([pair[0] for pair in examination.pairs])
    rows = []
    for place in np.unique(places):
        here = places == place
        good, bad = here & ~different, here & different
        row = (good.sum(), right[good].sum(), bad.sum(), right[bad].sum())
        rows.append([*(int(value) for value in row), round(float(loss[here].sum()), 3)])
    grades = {}
    for number, grade in enumerate(GRADES):
        of = examination.grade == number
        shares = [right[of & (different == side)].mean() for side in (False, True)]
        grades[grade] = round(float(np.mean(shares)), 4)
    return {"references": rows, "auc": round(float(roc_auc_score(different, lean)), 4), "grades": grades}


class Bench:
    """One course that all trainings share, and what their adapters are asked."""

    def __init__(self, chosen: argparse.Namespace, pool: Any, workers: Workers) -> None:
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        amount = max(2, EVERYDAY // 16)
        jobs = [
            (EVAL_SEEDS + 900 + n + 500 * shapes, amount, float(shapes))
            for shapes in (0, 1)
            for n in range(16)
        ]
        bodies = [(TRAIN_SEEDS + 990_000 + n, BODIES // 16, 1.0) for n in range(16)]
        told = pool.map_async(_items, jobs, chunksize=1)
        linking = pool.map_async(_items, bodies, chunksize=1)
        self.course = Course(Name("plain", RANK, 0), self.device, chosen.compile)
        processor = self.course.processor
        self.pad = int(processor.tokenizer.pad_token_id)
        self.asker = Asker(processor, ROOT / "cases")
        self.examination = Examination(chosen.held_out, self.asker, workers, self.device, self.pad)
        said = self.asker.prompt("verdict").yes[0]
        self.everyday = Everyday([each for some in told.get() for each in some], processor, self.device, said)
        self.bodies = self._bodies([each for some in linking.get() for each in some], processor)

    def _bodies(
        self, items: Sequence[Item], processor: Any
    ) -> tuple[Tensor, list[tuple[NDArray[np.float32], list[Row]]]]:
        pictures = torch.from_numpy(np.concatenate([item.pictures for item in items]))
        written = []
        for item in items:
            boxes = item.boxes.copy()
            boxes[:, 4] = np.where(boxes[:, 4] >= 0, len(KINDS), -1)  # a kind of their own
            written.append((boxes, [encode("phi3v", processor, item.turns["separate"][0], 2)]))
        return pictures.permute(0, 3, 1, 2).contiguous().to(self.device), written

    def train(self, run: Run, stock: Stock, steps: int, batch: int) -> dict[str, Any]:
        """Train an adapter and ask it."""
        course = self.course
        course.begin(run.seed)
        pairs: Sequence[Pair] = stock.pairs[: run.size]
        few = Few(stock.gallery.flat(), stock.processed, pairs, self.bodies, self.asker, self.pad, run.seed)
        shares = SHARES[run.pictures, run.linked]
        begun = time.monotonic()
        for step in range(steps):
            course.learn(few.draw(batch, shares), step / steps, min(1.0, (step + 1) / WARM))
        last = torch.stack(course.losses[-min(20, steps) :]).mean(0).tolist()
        seconds = time.monotonic() - begun
        course.losses.clear()
        facts = {"run": run.name, "size": run.size, "pictures": run.pictures, "linked": run.linked}
        facts |= {"seed": run.seed, "steps": steps, "batch": batch, "seconds": round(seconds, 1)}
        return facts | {"trained_loss": round(last[0], 4), **self.ask()}

    def ask(self) -> dict[str, Any]:
        """Return what the course is worth now."""
        examination = self.examination
        found: dict[str, Any] = {
            variant: summed(examination, examination.told(variant, self.course.told))
            for variant in ("raw", "processed")
        }
        return found | self.everyday.figures(self.course, examination.yes, examination.no)


def shown(facts: dict[str, Any]) -> str:
    """Return a line about a training."""
    words = [f"{facts['run']:28} {facts.get('steps', 0):5} steps {facts.get('seconds', 0):6} s"]
    for variant in ("raw", "processed"):
        good, same, bad, different, loss = np.sum(facts[variant]["references"], 0)
        words.append(f"{variant} {(same / good + different / bad) / 2:.3f} loss {loss / (good + bad):.3f}")
    return "  ".join([*words, f"everyday {facts['everyday']} shapes {facts['shapes']}"])


def main() -> None:
    """Train and ask; see the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", type=int, action="append", default=[], help="pairs to learn from")
    parser.add_argument("--seed", type=int, action="append", help="1, 2 and 3 by default")
    parser.add_argument("--steps", type=int, help="of each training, instead of the size's own")
    parser.add_argument("--weights", action="append", default=[], metavar="NAME=FOLDER", help="PEFT adapters")
    parser.add_argument("--batch", type=int, help="rows of a step, instead of the size's own")
    parser.add_argument("--held-out", type=int, default=90, help="connectors that all are asked about")
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) - 2))
    parser.add_argument("--until", type=float, default=float("inf"), help="seconds after which none begins")
    parser.add_argument("--compile", action="store_true")
    chosen = parser.parse_args()
    torch.set_float32_matmul_precision("high")
    torch._dynamo.config.suppress_errors = True
    torch._dynamo.config.cache_size_limit = 64
    pool = multiprocessing.get_context("fork").Pool(chosen.workers, _ready)
    workers = Workers(max(1, chosen.workers // 2), 77, 0)
    try:
        measure(chosen, pool, workers)
    finally:
        workers.close()
        pool.terminate()


def measure(chosen: argparse.Namespace, pool: Any, workers: Workers) -> None:
    """Train and ask what is not in the record yet."""
    begun = time.monotonic()
    record = chosen.out / "curve.json"
    known: list[dict[str, Any]] = json.loads(record.read_text()) if record.exists() else []
    done = {facts["run"] for facts in known}
    bench = Bench(chosen, pool, workers)
    pairs = len(bench.examination.pairs)
    print(f"{pairs} held-out pairs after {time.monotonic() - begun:.0f} s", flush=True)
    facts_of_all = {
        "held_out_pairs": pairs,
        "card": torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU",
        "torch": torch.__version__,
    }

    def keep(facts: dict[str, Any]) -> None:
        known.append(facts | facts_of_all)
        chosen.out.mkdir(parents=True, exist_ok=True)
        lines = ",\n".join(json.dumps(each) for each in known)
        record.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        print(f"{time.monotonic() - begun:5.0f} s  {shown(facts)}", flush=True)

    for named in ("base=", *chosen.weights):
        name, _, folder = named.partition("=")
        if name not in done:
            bench.course.begin(0)
            if folder:
                bench.course.put_on(Path(folder))
            keep({"run": name, **bench.ask()})
            bench.course.take_off()
    stock: tuple[tuple[int, int], Stock] | None = None
    for run in runs(chosen.size, chosen.seed or (1, 2, 3)):
        if run.name in done:
            continue
        if time.monotonic() - begun > chosen.until:
            print(f"{run.name} and what follows: no time left", flush=True)
            return
        if stock is None or stock[0] != (run.seed, run.size):
            stock = (run.seed, run.size), Stock(pool, run.seed, run.size, bench.device)
        steps, batch = chosen.steps or STEPS[run.size], chosen.batch or ROWS[run.size]
        keep(bench.train(run, stock[1], steps, batch))


if __name__ == "__main__":
    main()

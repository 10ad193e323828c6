"""Make the connector adapters of tiny-phi3v on a GPU, plain and linked, several seeds side by side.

    python -m training.adapters --out FOLDER --until SECONDS [--references 420] [--run linked-0]

What ``kurabe finetune --base tiny-phi3v --suite CONNECTORS --spots 1`` with the variants raw, n-soartc and
soart3 does, and for the linked ones ``--link raw-processed --link SHAPES``; with two differences that only
save time. Pictures are rendered, processed and cut up once for all trainings, by as many processes as there
are cores, into a file that the trainings map, and go from there to the GPU as a whole. And the number of
steps is what a trial of the speed says can be done in time; all are to see the same number of records.
"""

import argparse
import json
import multiprocessing
import os
import pickle
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import torch
from transformers import TrainerCallback

from kurabe.cases import suites
from kurabe.finetune import lora
from kurabe.finetune.linking import LINKING, RAW_PROCESSED
from kurabe.finetune.records import balanced
from kurabe.finetune.settings import About, Settings
from kurabe.finetune.train import train_adapter
from kurabe.models.adapters.card import read_card, trained_on
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local.checkpoint import Base
from kurabe.project import Project
from scenes.__main__ import load
from scenes.suite import write
from training.prepared import SharedRows, normalising, prepare, take_up, to_device

ROOT = Path(__file__).resolve().parents[1]
BASE = "tiny-phi3v"
RUNS = tuple(f"{kind}-{seed}" for kind in ("plain", "linked") for seed in range(3))
PROBE = 25
WRITING = 15
"""Seconds that a last evaluation and writing the adapter may take."""

SETTINGS = Settings(
    rank=14, alpha=28, dropout=0.0, vision=True, learning_rate=1e-3, batch_size=64, validation=0.012,
    patience=0, checkpointing=False, keep=0, workers=0, spots=1.0,
)  # fmt: skip


class Onward(TrainerCallback):
    """Goes on from the weights of an adapter, once the base itself has been evaluated."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def on_step_begin(self, args: Any, state: Any, control: Any, model: Any = None, **kwargs: Any) -> None:  # noqa: ARG002
        """Set the weights before the first step."""
        if state.global_step == 0:
            lora.load(model, self._folder)


class Deadline(TrainerCallback):
    """Ends a training that is slower than was foreseen while there is time to write it down."""

    def __init__(self, end: float) -> None:
        self._end = end

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:  # noqa: ARG002
        """Look at the clock."""
        control.should_training_stop |= time.monotonic() > self._end


class Clock(TrainerCallback):
    """Tells when each step ended."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def on_step_end(self, *_args: Any, **_kwargs: Any) -> None:
        """Take the time."""
        self.times.append(time.monotonic())


@dataclass(frozen=True, slots=True)
class Job:
    """One training: the name of its folder, plain or linked, how it is trained, and from what on."""

    name: str
    kind: str
    settings: Settings
    start: Path | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a training finds its records and pictures, and where its adapter goes.

    Attributes:
        records: A file with `Prepared` and the number of pictures.
        pictures: The file of the pictures.
        out: Folder of the adapters.
    """

    records: Path
    pictures: Path
    out: Path


def _train(
    job: Job, place: Place, number: int, end: float, probe: int, compiled: bool, parent: Connection
) -> None:
    """Try the speed, tell it, and train as many steps as is answered; runs in a process of its own."""
    torch.set_num_threads(2)
    if (gpus := torch.cuda.device_count()) > 1:
        visible = os.environ.get("CUDA_VISIBLE_DEVICES") or ",".join(map(str, range(gpus)))
        os.environ["CUDA_VISIBLE_DEVICES"] = visible.split(",")[number % gpus]
    with place.records.open("rb") as file:
        made, amount = pickle.load(file)  # our own, made a minute ago
    take_up(made, place.pictures, amount)
    engine: Any = Project.at(ROOT, None, None, None).registry().engine(BASE)
    base = engine.base.load()
    if compiled:
        torch._dynamo.config.suppress_errors = True
        inner = base.model.model
        for layer in (*inner.layers, *inner.vision_embed_tokens.img_processor.vision_model.encoder.layers):
            layer.compile()
    normalising(base.model, base.processor)
    prepared = SharedRows.prepared
    settings = job.settings
    links = {"plain": ("",), "linked": ("", RAW_PROCESSED, "shapes")}[job.kind]
    records = balanced([record for record in prepared.records if record.link in links])
    to_device(records, base.device)
    seen = frozenset(digest for link in links for digest in prepared.images[link])
    name = f"tiny-phi3v-connector{'-linked' if job.kind == 'linked' else ''}"
    origin = ""
    callbacks: list[TrainerCallback] = [Deadline(end)]
    if job.start is not None:
        found = read_card(job.start)
        assert found is not None, f"{job.start} has no card"
        before = found["summary"]
        seen |= trained_on(job.start)
        shown = f"{before['steps']} steps of {before['settings']['batch_size']} records"
        origin = f"It went on from an adapter of the same program after {shown}."
        callbacks.append(Onward(job.start))
    about = About(name, BASE, engine.base.settings.checkpoint, engine.fingerprint(), seen, origin)
    clock = Clock()
    tried = replace(settings, steps=probe, validation=0.0, evaluate_every=probe)
    folder = place.out / job.name
    trial = place.out.parent / "trial" / folder.name
    train_adapter(base, records[:4096], tried, trial, about=about, rows=SharedRows, callbacks=[clock])
    first = probe // 5  # libraries are still coming in
    parent.send((clock.times[-1] - clock.times[first]) / (probe - 1 - first) / settings.batch_size)
    steps = parent.recv() // settings.batch_size
    settings = replace(settings, steps=steps, evaluate_every=max(1, steps // 8))
    trained = train_adapter(
        base, records, settings, folder, about=about, rows=SharedRows, callbacks=callbacks
    )
    print(folder.name, len(records), trained.steps, trained.before, trained.after, flush=True)


def main() -> None:
    """Render, prepare, train; see the module's text."""
    begun = time.monotonic()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--until", type=float, required=True, help="seconds in which all has to be done")
    parser.add_argument(
        "--references", type=int, default=420, help="connectors of each grade, four tests each"
    )
    parser.add_argument("--shapes", type=int, default=60, help="bodies of each grade, four tests each")
    parser.add_argument(
        "--run", action="append", metavar="KIND-SEED", help="such as linked-0; default: all six"
    )
    parser.add_argument(
        "--start", type=Path, help="go on from the adapters in this folder, by their run's name"
    )
    parser.add_argument("--compile", action="store_true", help="compile the blocks of the base")
    parser.add_argument("--batch", type=int, default=SETTINGS.batch_size)
    parser.add_argument("--probe", type=int, default=PROBE, help="steps by which the speed is tried")
    parser.add_argument("--steps", type=int, help="instead of what the time allows")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()) / "kurabe-training")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    chosen = parser.parse_args()

    def say(text: str) -> None:
        print(f"{time.monotonic() - begun:6.0f} s  {text}", flush=True)

    for name, amount in (("connector", chosen.references), ("shapes", chosen.shapes)):
        write(load(name, amount, 1), chosen.scratch / name, chosen.processes, small=False)
    say("rendered")
    parts = [
        (suites.read([path]).good[0], link)
        for path, link in (
            (chosen.scratch / "connector" / "connector.yaml", ""),
            (chosen.scratch / "shapes" / "shapes.yaml", "shapes"),
            (ROOT / "cases" / LINKING / f"{LINKING}.yaml", RAW_PROCESSED),
        )
    ]
    base = Base(LocalSettings(checkpoint=str(ROOT / "checkpoints" / BASE), device="cpu"), ROOT).load()
    place = Place(chosen.scratch / "records.pickle", chosen.scratch / "pictures", chosen.out)
    prepared, amount = prepare(parts, chosen.processes, base.model, base.processor, place.pictures)
    with place.records.open("wb") as file:
        pickle.dump((prepared, amount), file)
    say(f"{len(prepared.records)} records, {sum(map(len, prepared.images.values()))} pictures")

    def enough(slowest: float) -> int:
        left = chosen.until - (time.monotonic() - begun)
        # The rest is for evaluations and for writing.
        affordable = max(50 * chosen.batch, int(0.85 * (left - WRITING) / slowest))
        decided: int = chosen.steps * chosen.batch if chosen.steps else affordable
        say(f"{1 / slowest:.0f} records a second each, {left:.0f} s left: {decided} records")
        return decided

    facts = {"records": len(prepared.records), "cpus": os.cpu_count()}
    end = begun + chosen.until - WRITING
    facts |= train(jobs_of(chosen), place, end, chosen.probe, chosen.compile, enough)
    say("done")
    (chosen.out / "adapters.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def jobs_of(chosen: argparse.Namespace) -> list[Job]:
    """Return the trainings that were asked for."""
    jobs = []
    for run in chosen.run or RUNS:
        kind, seed = run.split("-")
        settings = replace(SETTINGS, seed=int(seed), batch_size=chosen.batch)
        jobs.append(Job(run, kind, settings, chosen.start and chosen.start / run))
    return jobs


def train(
    jobs: Sequence[Job],
    place: Place,
    end: float,
    probe: int,
    compiled: bool,
    enough: Callable[[float], int],
) -> dict[str, Any]:
    """Do all trainings side by side, each in a process of its own.

    Args:
        jobs: What to train.
        place: Where everything is.
        end: When all have to end, by the monotonic clock.
        probe: Steps by which the speed is tried.
        compiled: Whether the base's blocks are compiled.
        enough: Told the seconds that a record takes in the slowest training, says how many each is to see.
    """
    # Not forked: what has asked a driver for GPUs, as libraries do, leaves none to its children.
    context = multiprocessing.get_context("spawn")
    running = []
    for number, job in enumerate(jobs):
        ours, theirs = context.Pipe()
        child = context.Process(target=_train, args=(job, place, number, end, probe, compiled, theirs))
        child.start()
        running.append((child, ours))
    heard = [_heard(child, pipe) for child, pipe in running]
    if not any(heard):
        raise SystemExit("no training has begun")
    slowest = max(filter(None, heard))
    decided = enough(slowest)
    for told, (_, pipe) in zip(heard, running, strict=True):
        if told is not None:  # one that ended does not hold the others up
            pipe.send(decided)
    for child, _ in running:
        child.join()
    failed = [job.name for job, (child, _) in zip(jobs, running, strict=True) if child.exitcode]
    return {"seconds_a_record": slowest, "records_seen": decided, "failed": failed}


def _heard(child: BaseProcess, pipe: Connection) -> float | None:
    """Wait for what a training says of its speed; None if it ended without a word."""
    while not pipe.poll(1):
        if not child.is_alive():
            return None
    try:
        return float(pipe.recv())
    except EOFError:
        return None


if __name__ == "__main__":
    main()

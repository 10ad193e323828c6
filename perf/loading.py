"""Loading from safetensors to the device, switching between adapters, loading beside another's answers.

    python -m perf.loading PAIRS.csv [--family phi] [--layers 32] [--files FOLDER] [--out FILE]
    python -m perf.loading --cpu

Writes a full-size model with random weights and two LoRA adapters of the size that training makes to a
temporary folder, and then measures, each in a process of its own:

load     seconds and memory of the bench's own loading, twice, and of safetensors alone on the same files
switch   milliseconds from one adapter to the other, and what the switch costs the next answer
overlap  answering with one model while another is loaded in a thread, against either alone

Host memory is told apart as Linux does: what the process itself holds, and pages of the files that it has
mapped, which the system takes back whenever it needs them.
"""

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

from kurabe.finetune import lora
from kurabe.models import adapters
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local.checkpoint import Base, correct
from kurabe.models.engines.local.engine import LocalEngine
from kurabe.project import Project
from perf import models, pairs
from perf.asking import Asker, Subject
from perf.models import FAMILIES, synchronize

RANK = 16
SWITCHES = 20
PAIRS = 64
ADAPTERS = ("first", "second")
STEPS = ("write", "load", "switch", "overlap")


class Memory:
    """The largest host memory of this process while the context lasts, beyond what it had before."""

    def __init__(self) -> None:
        self.own: int | None = None
        self.mapped: int | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "Memory":
        self._before = _memory()
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            done = self._over.wait(0.005)
            now = _memory()
            for name in ("own", "mapped"):
                if name in now:
                    grown = now[name] - self._before[name]
                    setattr(self, name, max(getattr(self, name) or 0, grown))
            if done:
                return

    def figures(self) -> dict[str, float | None]:
        """Return both in GiB; None where the system does not tell."""
        return {"host_gib": _gib(self.own), "mapped_files_gib": _gib(self.mapped)}


def _memory() -> dict[str, int]:
    """Return the bytes that this process holds itself, and those of files that it has mapped."""
    names = {"RssAnon": "own", "RssFile": "mapped"}
    with suppress(OSError):
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        fields = dict(line.split(":", 1) for line in lines if ":" in line)
        return {name: int(fields[key].split()[0]) * 1024 for key, name in names.items() if key in fields}
    return {}


def _gib(size: int | None) -> float | None:
    return None if size is None else round(size / 2**30, 3)


# Steps, each in a process of its own


def write(folder: Path, subject: Subject, files: Path | None, layers: int | None) -> dict[str, Any]:
    """Write the checkpoint, unless there is one, and two adapters of it."""
    family = FAMILIES[subject.name]
    if subject.checkpoint == folder / "checkpoint":
        model, processor = family.build(files, layers)
        model.save_pretrained(subject.checkpoint, safe_serialization=True)
        processor.save_pretrained(subject.checkpoint)
    else:
        model = _base(subject).load().model
    for seed, name in enumerate(ADAPTERS):
        torch.manual_seed(seed)
        adapted = lora.put_on(model, rank=RANK, alpha=2 * RANK, dropout=0.0, vision=False)
        with torch.no_grad():
            for key, parameter in adapted.named_parameters():
                if "lora_B" in key:  # zeros as PEFT makes them; an adapter that was trained has others
                    parameter.normal_(std=0.02)
        lora.save(adapted, folder / name, dtype=torch.bfloat16)
        lora.take_off(adapted)
    assert subject.checkpoint is not None
    sizes = [sum(path.stat().st_size for path in place.glob("*.safetensors"))
             for place in (subject.checkpoint, folder / ADAPTERS[0])]  # fmt: skip
    return {
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "checkpoint_gib": _gib(sizes[0]),
        "adapter_mib": round(sizes[1] / 2**20, 1),
        "rank": RANK,
    }


def _base(subject: Subject) -> Base:
    dtype: Any = subject.dtype
    device: Any = subject.device
    settings = LocalSettings(checkpoint=str(subject.checkpoint), dtype=dtype, device=device)
    return Base(settings, Path.cwd())


def load(subject: Subject) -> dict[str, Any]:
    """Load twice as the bench does, and the same files by safetensors alone."""
    from safetensors.torch import load_file

    _warm(subject)
    base, figures = _base(subject), {}
    for name in ("first", "again"):
        figures[name] = _measured(subject.device, lambda: base.load_for_loops().model)
        base.unload()
        _free(subject.device)
    assert subject.checkpoint is not None
    shards = sorted(subject.checkpoint.glob("*.safetensors"))
    figures["safetensors_alone"] = _measured(
        subject.device, lambda: [load_file(shard, device=subject.device) for shard in shards]
    )
    return figures


def _warm(subject: Subject) -> None:
    """Bring in what the first model of a process pays for whatever its size: libraries, the CUDA context."""
    torch.ones(1, device=subject.device)
    correct("phi3_v" if subject.name == "phi" else "mllama")
    assert subject.checkpoint is not None
    models.transformers.AutoConfig.from_pretrained(subject.checkpoint)


def _free(device: str) -> None:
    gc.collect()
    if device == "cuda":
        torch.cuda.empty_cache()


def _measured(device: str, work: Callable[[], object]) -> dict[str, Any]:
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    with Memory() as memory:
        start = time.perf_counter()
        held = work()
        synchronize(device)
        seconds = time.perf_counter() - start
    figures: dict[str, Any] = {"seconds": round(seconds, 2)} | memory.figures()
    if device == "cuda":
        figures["gpu_gib"] = _gib(torch.cuda.memory_allocated())
        figures["gpu_peak_gib"] = _gib(torch.cuda.max_memory_allocated())
    del held
    return figures


def _project(folder: Path, subject: Subject, table: Path | None) -> Project:
    project = Project.at(folder / "project")
    if not project.cases.exists():
        source = pairs.of_table(table) if table else pairs.of_suites(models.ROOT / "cases")
        number = PAIRS if subject.device == "cuda" else 8
        pairs.write_suite(project, "distinct", pairs.distinct(source, number, folder / "more"), folder)
    return project


def switch(subject: Subject, folder: Path, table: Path | None) -> dict[str, Any]:
    """Switch between two adapters on one base."""
    project = _project(folder, subject, table)
    lines = [subject.entry(None)]
    lines += [
        f'[models.{name}]\nengine = "local"\nbase = "{subject.name}"\n'
        f'adapter = "{(folder / name).as_posix()}"\n'
        for name in ADAPTERS
    ]
    project.models.write_text("\n".join(lines), encoding="utf-8")
    registry = project.registry()
    engines, attaching = [], []
    registry.ready(subject.name)
    for name in ADAPTERS:
        start = time.perf_counter()
        engine = registry.ready(name)
        synchronize(subject.device)
        attaching.append(time.perf_counter() - start)
        assert isinstance(engine, LocalEngine)
        engines.append(engine)
    model = engines[0].base.load().model
    taken = []
    for number in range(SWITCHES + 2):
        synchronize(subject.device)
        start = time.perf_counter()
        adapters.use(model, ADAPTERS[number % 2])
        synchronize(subject.device)
        taken.append((time.perf_counter() - start) * 1000)
    assert adapters.in_use(model) == ADAPTERS[(SWITCHES + 1) % 2]
    registry.close()
    return {
        "attach_seconds": [round(seconds, 2) for seconds in attaching],
        "switches": SWITCHES,
        "median_milliseconds": round(statistics.median(taken[2:]), 2),
        "slowest_milliseconds": round(max(taken[2:]), 2),
    }


def overlap(subject: Subject, folder: Path, table: Path | None) -> dict[str, Any]:
    """Answer with one model while another one is loaded in a thread."""
    project = _project(folder, subject, table)
    asker = Asker(project, subject)
    trials = asker.trials("distinct", "verdict")
    half = len(trials) // 2
    asker.ask(trials[:half])
    alone = asker.ask(trials[half:]).seconds
    other, took = _base(subject), []

    def loading() -> None:
        start = time.perf_counter()
        other.load_for_loops()
        synchronize(subject.device)
        took.append(time.perf_counter() - start)

    loading()
    other.unload()
    _free(subject.device)
    thread = threading.Thread(target=loading)
    start = time.perf_counter()
    thread.start()
    beside, rounds = [], 0
    while thread.is_alive() or not rounds:
        beside.append(asker.ask(trials[half:]).seconds)
        rounds += 1
    thread.join()
    together = time.perf_counter() - start
    asker.close()
    return {
        "pairs": len(trials) - half,
        "answering_alone_seconds": round(alone, 3),
        "answering_beside_loading_seconds": [round(seconds, 3) for seconds in beside],
        "loading_alone_seconds": round(took[0], 2),
        "loading_beside_answering_seconds": round(took[1], 2),
        "both_together_seconds": round(together, 2),
    }


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure, print and record; with ``--step`` do one step in this process and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("table", type=Path, nargs="?", help="a table as 'kurabe import pairs' takes it")
    parser.add_argument("--family", choices=sorted(FAMILIES), default="phi")
    parser.add_argument("--layers", type=int, help="decoder layers instead of all")
    parser.add_argument("--files", type=Path, help="folder with the published tokenizer and configuration")
    parser.add_argument("--cpu", action="store_true", help="the family's tiny checkpoint, on the CPU")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.table is None and not chosen.cpu:
        parser.error("name a table of pairs")
    if chosen.step:
        found = _step(chosen, chosen.step, chosen.folder)
        print(json.dumps(found), flush=True)
        return found
    record: dict[str, Any] = models.surroundings("cpu" if chosen.cpu else "cuda") | {"family": chosen.family}
    passed = list(sys.argv[1:] if arguments is None else arguments)
    with tempfile.TemporaryDirectory() as folder:
        for step in STEPS:
            if chosen.cpu:  # no figure of it is kept: one process will do
                record[step] = _step(chosen, step, Path(folder))
            else:
                record[step] = _alone([*passed, "--step", step, "--folder", folder])
            print(f"{step}: {json.dumps(record[step])}", flush=True)
            if chosen.out:
                chosen.out.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return record


def _alone(arguments: Sequence[str]) -> dict[str, Any]:
    """Do one step in a process of its own, so that its memory is its own."""
    path = os.pathsep.join([str(models.ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-m", "perf.loading", *arguments],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=600,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _step(chosen: argparse.Namespace, name: str, folder: Path) -> dict[str, Any]:
    family = FAMILIES[chosen.family]
    checkpoint = family.tiny(folder / "tiny") if chosen.cpu else folder / "checkpoint"
    device, dtype = ("cpu", "float32") if chosen.cpu else ("cuda", "bfloat16")
    crops = None if chosen.cpu else family.crops
    subject = Subject(chosen.family, family.layout, crops, device, dtype, checkpoint)
    if name == "write":
        return write(folder, subject, chosen.files, chosen.layers)
    if name == "load":
        return load(subject)
    step = switch if name == "switch" else overlap
    return step(subject, folder, chosen.table)


if __name__ == "__main__":
    main()

"""The same trials on one GPU and on several of one host, under pytest-xdist; and with a worker killed.

    python -m perf.several_gpus PAIRS.csv --gpus 4 [--layers 32] [--files FOLDER] [--out FILE]
    python -m perf.several_gpus --cpu [--pairs 24]

Writes a full-size Phi-3.5-vision with random weights to disk once (``--layers`` makes it smaller), and runs
``pytest`` on a project that names it: with one worker, with as many as there are GPUs, and so again while one
worker is killed by its process id. Results are compared trial by trial. Seconds are counted in each worker
from its model being there to its last answer; the slowest worker's count. ``--cpu`` does the same on two
processes with the tiny checkpoint and the shipped suites' pairs: it shows that nothing is lost, not speed.
"""

import argparse
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from kurabe.project import Project
from kurabe.results.record import Record
from kurabe.results.run import find_run
from perf import models, pairs
from perf.asking import Subject
from perf.worker_log import LOG

QUESTIONS = ("verdict", "differences", "count")
SECONDS = 540
"""Limit of one session."""

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Session:
    """What a pytest session left.

    Attributes:
        seconds: From the command to its end.
        code: Its exit code.
        records: Results by trial.
        twice: Trials that have more than one result.
        manifest: Of the run.
        events: What its workers told.
        output: The end of what it printed.
    """

    seconds: float
    code: int
    records: dict[str, Record]
    twice: list[str]
    manifest: dict[str, Any]
    events: list[Event]
    output: str

    def figures(self) -> dict[str, Any]:
        """Return what goes into a record."""
        busy = answering_seconds(self.events)
        return {
            "exit_code": self.code,
            "seconds_in_all": round(self.seconds, 2),
            "seconds_without_loading": round(busy, 2),
            "trials": len(self.records),
            "trials_per_second": round(len(self.records) / busy, 2) if busy else None,
            "planned": self.manifest["planned"],
            "answered": self.manifest["answered"],
            "answered_twice": self.twice,
            "errors": sum(record.outcome == "error" for record in self.records.values()),
            "loads": loads(self.events),
        }


def events_of(log: Path) -> list[Event]:
    """Read what workers told; a line that is being written is left for later."""
    if not log.is_file():
        return []
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


def answering_seconds(events: Sequence[Event]) -> float:
    """Return the seconds from a worker's model being there to its last answer, of the slowest worker."""
    ends: dict[int, float] = {}
    there: dict[int, float] = {}
    for event in events:
        if event["event"] == "loaded":
            there[event["pid"]] = event["end"]
        else:
            ends[event["pid"]] = max(ends.get(event["pid"], 0.0), event["end"])
    return max((end - there[pid] for pid, end in ends.items() if pid in there), default=0.0)


def loads(events: Sequence[Event]) -> list[dict[str, Any]]:
    """Return who loaded what, and how long it took."""
    return [
        {
            "worker": event["worker"],
            "gpu": event["gpu"],
            "seconds": round(event["end"] - event["start"], 2),
        }
        for event in events
        if event["event"] == "loaded"
    ]


def run(
    folder: Path, workers: int, watcher: Callable[[Path, threading.Event], None] | None = None
) -> Session:
    """Run the project's trials with so many workers.

    Args:
        folder: Of the project.
        workers: Number.
        watcher: Runs beside the session; gets the workers' log, and an event that is set at the end.

    Raises:
        SystemExit: If the session leaves no run, with the end of its output.
    """
    log = folder / f"events-{time.time_ns()}.jsonl"
    path = os.pathsep.join([str(models.ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    over = threading.Event()
    beside = threading.Thread(target=watcher, args=(log, over)) if watcher is not None else None
    if beside is not None:
        beside.start()
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--pyargs",
        "kurabe.plugin.test_pairs",
        "-q",
        "-p",
        "perf.worker_log",
    ]
    command += ["-p", "no:cacheprovider", "-n", str(workers)]
    command += ["--kurabe-fresh", "--kurabe-swap", "--kurabe-no-pictures"]
    for question in QUESTIONS:
        command += ["--kurabe-question", question]
    # Bytecode as it is wherever libraries are installed for good.
    environment = {**os.environ, LOG: str(log), "PYTHONPATH": path}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    seconds = time.perf_counter() - start
    over.set()
    if beside is not None:
        beside.join()
    output = (done.stdout + done.stderr)[-3000:]
    try:
        left = find_run(folder / "reports", "latest")
    except Exception as error:
        raise SystemExit(f"{output}\nno run was left: {error}") from error
    lines = left.records()
    records = {record.trial: record for record in lines}
    names = [record.trial for record in lines]
    manifest = json.loads((left.folder / "manifest.json").read_text(encoding="utf-8"))
    twice = sorted({name for name in records if names.count(name) > 1})
    return Session(seconds, done.returncode, records, twice, manifest, events_of(log), output)


class Killer:
    """Kills the worker that answers first, once, in the middle of its first batches."""

    def __init__(self) -> None:
        self.killed: Event | None = None

    def __call__(self, log: Path, over: threading.Event) -> None:
        """Wait for a worker's first answer, then kill its process."""
        while self.killed is None and not over.wait(0.02):
            for event in events_of(log):
                if event["event"] == "first answer" and event["worker"] is not None:
                    os.kill(event["pid"], signal.SIGKILL)
                    self.killed = event
                    break


def differing(one: Session, other: Session) -> dict[str, Any]:
    """Compare two sessions trial by trial."""
    common = [name for name in one.records if name in other.records]
    pairs = [(one.records[name], other.records[name]) for name in common]
    gaps = [
        abs(first - second)
        for first, second in ((first.p_different, second.p_different) for first, second in pairs)
        if first is not None and second is not None
    ]
    return {
        "compared": len(common),
        "missing": sorted(set(one.records) ^ set(other.records)),
        "unequal": sum(_answer(first) != _answer(second) for first, second in pairs),
        "unequal_texts": sum(first.text != second.text for first, second in pairs),
        "unequal_verdicts": sum(first.verdict != second.verdict for first, second in pairs),
        "largest_difference_of_p": max(gaps, default=None),
    }


def _answer(record: Record) -> tuple[Any, ...]:
    return record.text, record.verdict, record.p_different, record.outcome, record.error


def checkpoint(folder: Path, files: Path | None, layers: int | None) -> dict[str, Any]:
    """Write Phi-3.5-vision with random weights; return its facts. The GPU is free again afterwards."""
    start = time.perf_counter()
    model, processor = models.phi(files, layers)
    model.save_pretrained(folder, safe_serialization=True)
    processor.save_pretrained(folder)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    del model
    gc.collect()
    torch.cuda.empty_cache()
    size = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    seconds = time.perf_counter() - start
    return {"parameters": parameters, "checkpoint_gb": round(size / 1e9, 2), "written_in": round(seconds, 1)}


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("table", type=Path, nargs="?", help="a table as 'kurabe import pairs' takes it")
    parser.add_argument("--gpus", type=int, help="workers (default: as many as there are GPUs)")
    parser.add_argument("--layers", type=int, help="decoder layers instead of 32")
    parser.add_argument("--files", type=Path, help="folder with the published tokenizer and configuration")
    parser.add_argument("--pairs", type=int, help="pairs (default: 400, on the CPU 24)")
    parser.add_argument("--session", action="append", choices=("many", "killed"), help="default: both")
    parser.add_argument("--cpu", action="store_true", help="two processes with the tiny checkpoint")
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args(arguments)
    if chosen.table is None and not chosen.cpu:
        parser.error("name a table of pairs")
    there = 0 if chosen.cpu else torch.cuda.device_count()
    workers = chosen.gpus or (2 if chosen.cpu else there)
    if not chosen.cpu and there < max(2, workers):
        raise SystemExit(f"this machine has {there} GPUs, {max(2, workers)} are needed; --cpu shows the rest")
    record: dict[str, Any] = models.surroundings("cpu" if chosen.cpu else "cuda")
    record |= {"cpus": os.cpu_count(), "gpus": there, "workers": workers, "questions": QUESTIONS}
    with tempfile.TemporaryDirectory() as name:
        record |= make_project(Path(name), chosen)
        _sessions(Path(name), workers, record, chosen)
    return record


def make_project(folder: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    """Write suite, checkpoint and ``models.toml``; return the checkpoint's facts."""
    project = Project.at(folder)
    source = pairs.of_table(chosen.table) if chosen.table else pairs.of_suites(models.ROOT / "cases")
    wanted = pairs.distinct(source, chosen.pairs or (24 if chosen.cpu else 400), folder / "more")
    pairs.write_suite(project, "pairs", wanted, folder / "tables")
    family = models.FAMILIES["phi"]
    weights = family.tiny(folder) if chosen.cpu else folder / "checkpoint"
    facts = {} if chosen.cpu else checkpoint(weights, chosen.files, chosen.layers)
    device, dtype, crops = ("cpu", "float32", None) if chosen.cpu else ("cuda", "bfloat16", family.crops)
    subject = Subject("phi", family.layout, crops, device, dtype, weights)
    entry = subject.entry(None) + f'default = true\nlayout = "{family.layout}"\n'
    project.models.write_text(entry, encoding="utf-8")
    project.registry().engine("phi").fingerprint()  # hashes the weights once, for all sessions
    return facts


def _sessions(folder: Path, workers: int, record: dict[str, Any], chosen: argparse.Namespace) -> None:
    """Run the sessions; the record is written after each."""
    wanted = chosen.session or ("many", "killed")

    def keep(name: str, session: Session, **more: Any) -> None:
        record[name] = session.figures() | more
        if session.code and name != "killed":
            record[name]["output"] = session.output
        print(f"{name}: {json.dumps(record[name])}", flush=True)
        if chosen.out:
            chosen.out.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")

    one = run(folder, 1)
    keep("one", one)
    if "many" in wanted:
        many = run(folder, workers)
        record["ratio"] = round(answering_seconds(one.events) / answering_seconds(many.events), 3)
        keep("many", many, against_one=differing(one, many), ratio=record["ratio"])
    if "killed" in wanted:
        killer = Killer()
        session = run(folder, workers, killer)
        keep("killed", session, against_one=differing(one, session), killed=killer.killed)


if __name__ == "__main__":
    main()

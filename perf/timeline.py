"""What the threads of a run do when, and how long the GPU waits between batches.

    python -m perf.timeline PAIRS.csv [--family phi] [--files FOLDER] [--question verdict] [--out FILE]
    python -m perf.timeline --cpu

A full-size model with random weights is asked as a run asks it: 32 pairs cold, 256 others warm. Printed, in
milliseconds since the first question: windows made ready, batches handed to the device and waited for. And
in sums: pictures and rows made, answers read, writes to the cache, the device's time in batches and between
them. `perf.throughput` says how fast; this says why not faster.
"""

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch

from kurabe.answering.cache import AnswerCache
from kurabe.answering.lookup import Lookup
from kurabe.answering.requests import RequestMaker
from kurabe.finetune.watch import DeviceClock
from kurabe.models.engines.local import answers
from kurabe.models.engines.local.rows import Preparer
from kurabe.models.runtime import loop
from kurabe.project import Project
from perf import models, pairs
from perf.asking import Asker
from perf.throughput import COLD, prepare, subject


class Timeline:
    """Events of all threads, and sums of what happens too often to be an event."""

    def __init__(self, device: str) -> None:
        self.events: list[tuple[float, str, str]] = []
        self.sums: dict[str, list[float]] = {}
        self._clock = DeviceClock(torch.device(device))
        self._batches: list[tuple[Any, Any]] = []
        self._start = time.perf_counter()

    def note(self, what: str) -> None:
        """Note an event of this thread."""
        at = 1000 * (time.perf_counter() - self._start)
        self.events.append((at, threading.current_thread().name, what))

    @contextmanager
    def timed(self, what: str, *, event: bool = False) -> Iterator[None]:
        """Add the time of this context to a sum; with ``event`` also note it."""
        start = time.perf_counter()
        try:
            yield
        finally:
            taken = 1000 * (time.perf_counter() - start)
            self.sums.setdefault(what, []).append(taken)
            if event:
                self.note(f"{what}: {taken:.1f}")

    def watching(self) -> ExitStack:
        """Watch the bench while the context lasts."""
        stack = ExitStack()
        for owner, name, what, event in (
            (Lookup, "ready", "window made ready", True),
            (RequestMaker, "_throttled", "pictures made", False),
            (Preparer, "row", "row made", False),
            (AnswerCache, "put", "written to the cache", False),
            (answers, "of_batch", "answers read", False),
        ):
            stack.enter_context(patch.object(owner, name, self._around(getattr(owner, name), what, event)))
        stack.enter_context(patch.object(loop, "ask_rows", self._asked(loop.ask_rows)))
        return stack

    def _around(self, real: Callable[..., Any], what: str, event: bool) -> Callable[..., Any]:
        def called(*arguments: Any, **more: Any) -> Any:
            with self.timed(what, event=event):
                return real(*arguments, **more)

        return called

    def _asked(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """Return `ask_rows` with the device's clock around it."""

        def asked(model: Any, rows: Sequence[Any], **more: Any) -> Callable[[], Any]:
            begun = self._clock.now()
            with self.timed(f"{len(rows)} rows handed over", event=True):
                finish = real(model, rows, **more)
            number = len(self._batches)
            self._batches.append((begun, self._clock.now()))

            def waited() -> Any:
                with self.timed("waited for a batch", event=True):
                    produced = finish()
                if max(more["limit"]) > 1:  # words are written meanwhile
                    self._batches[number] = begun, self._clock.now()
                return produced

            return waited

        return asked

    def figures(self) -> dict[str, Any]:
        """Return sums in milliseconds, and the device's time in batches and between them."""
        between = self._clock.between
        spans = [between(begun, ended) for begun, ended in self._batches]
        gaps = [between(before[1], after[0]) for before, after in pairwise(self._batches)]
        return {
            "sums": {
                what: {"times": len(each), "milliseconds": round(sum(each), 1), "most": round(max(each), 1)}
                for what, each in self.sums.items()
            },
            "batches_milliseconds": [round(1000 * span, 1) for span in spans],
            "between_milliseconds": [round(1000 * gap, 1) for gap in gaps],
        }


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("table", type=Path, nargs="?", help="a table as 'kurabe import pairs' takes it")
    parser.add_argument("--family", choices=sorted(models.FAMILIES), default="phi")
    parser.add_argument("--files", type=Path, help="folder with the published tokenizer and configuration")
    parser.add_argument("--question", choices=("verdict", "differences"), default="verdict")
    parser.add_argument("--pairs", type=int, help="pairs of the warm run (default: 256, on the CPU 8)")
    parser.add_argument("--cpu", action="store_true", help="the family's tiny checkpoint, on the CPU")
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args(arguments)
    if chosen.table is None and not chosen.cpu:
        parser.error("name a table of pairs")
    number = chosen.pairs or (8 if chosen.cpu else 256)
    cold = min(COLD, number)
    device = "cpu" if chosen.cpu else "cuda"
    record: dict[str, Any] = models.surroundings(device)
    record |= {"family": chosen.family, "question": chosen.question}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = Project.at(folder / "project")
        source = pairs.of_table(chosen.table) if chosen.table else pairs.of_suites(models.ROOT / "cases")
        prepare(project, source, number, cold, folder)
        made, _ = subject(chosen.family, chosen.files, chosen.cpu, folder)
        asker = Asker(project, made)
        trials = asker.trials("distinct", chosen.question)
        for part, asked in (("cold", trials[:cold]), ("warm", trials[cold:])):
            timeline = Timeline(device)
            with timeline.watching():
                seconds = asker.ask(asked).seconds
            print(f"{part}: {len(asked)} pairs in {seconds:.3f} s")
            for at, thread, what in timeline.events:
                print(f"{at:9.1f}  {thread[-12:]:12}  {what}")
            record[part] = {"pairs": len(asked), "seconds": round(seconds, 3)} | timeline.figures()
            print(json.dumps(record[part], indent=1), flush=True)
        asker.close()
    if chosen.out:
        chosen.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return record


if __name__ == "__main__":
    main()

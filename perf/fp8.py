"""What 8-bit floating point gains: verdicts of one model in bfloat16 and then in 8 bits, and single products.

    python -m perf.fp8 PAIRS.csv [--family phi] [--files FOLDER] [--pairs 256] [--out FILE]
    python -m perf.fp8 --cpu

The model has random weights and is built on the GPU. The same pairs are asked in both types, through
registry, engine and answering as in a run. Sections, in this order; the record is written after each:

products  each product of the family by itself: in bfloat16, in 8 bits, and what quantising its rows takes
verdict   the first 32 pairs, then the others, warm; the profiler's account of 64 pairs
words     64 pairs with 64 tokens each

Then the weights are put into 8 bits, and ``verdict`` and ``words`` are measured again. On the CPU, with the
tiny checkpoint, figures say nothing about speed.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from kurabe.models import families
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local.checkpoint import Base
from kurabe.models.runtime import fp8
from kurabe.project import Project
from perf import pairs, throughput, watch
from perf.asking import Asked, Asker, Subject
from perf.models import FAMILIES, ROOT, surroundings, synchronize
from perf.notes import Notes

DEMANDED = 1.4
"""Verdicts in 8 bits to those in bfloat16."""

COLD, WORDS = 32, 64
SHAPES = {
    "phi": {
        "qkv_proj": (3072, 9216), "o_proj": (3072, 3072), "gate_up_proj": (3072, 16_384),
        "down_proj": (8192, 3072), "tower q_proj": (1024, 1024), "tower fc1": (1024, 4096),
        "tower fc2": (4096, 1024),
    },
    "mllama": {
        "q_proj": (4096, 4096), "k_proj": (4096, 1024), "gate_proj": (4096, 14_336),
        "down_proj": (14_336, 4096), "tower q_proj": (1280, 1280), "tower fc1": (1280, 5120),
        "tower fc2": (5120, 1280),
    },
}  # fmt: skip
"""Inputs and outputs of the large products."""

ROWS, TOWER_ROWS = (16, 64, 128, 2048, 32_768), (147_712,)
"""Rows of a product: of a step, of a small and a full pass of prompts; and of a pass of the vision tower."""

_COLD_BYTES = 200e6
"""Of different weights that a product goes through, so that no cache holds them."""


def products(family: str, device: str) -> list[dict[str, Any]]:
    """Time each product by itself."""
    found = []
    shapes = SHAPES[family] if device == "cuda" else {"any": (64, 48)}
    for name, (inputs, outputs) in shapes.items():
        sizes = (TOWER_ROWS if name.startswith("tower") else ROWS) if device == "cuda" else (4,)
        copies = max(1, int(_COLD_BYTES // (inputs * outputs))) if device == "cuda" else 1
        plain = [torch.randn(outputs, inputs, device=device, dtype=torch.bfloat16) for _ in range(copies)]
        eights = [fp8.plainly_quantised(weight) for weight in plain]
        for rows in sizes:
            states = torch.randn(rows, inputs, device=device, dtype=torch.bfloat16)
            made = fp8.quantised(states)
            columns = [scales.view(1, -1) for _, scales in eights]

            def small(number: int, made: Any = made, eights: Any = eights, columns: Any = columns) -> Any:
                weight, scales = eights[number][0], columns[number]
                return fp8.product(made.values, made.scales, weight, scales, None, torch.bfloat16)

            def usual(number: int, states: Any = states, plain: Any = plain) -> Any:
                return states @ plain[number].t()

            work = 2 * rows * inputs * outputs
            one: dict[str, Any] = {
                "product": name, "rows": rows, "inputs": inputs, "outputs": outputs,
                "bfloat16": _microseconds(usual, copies, device),
                "fp8": _microseconds(small, copies, device),
                "quantising": _microseconds(lambda _, states=states: fp8.quantised(states), 1, device),  # type: ignore[misc]
            }  # fmt: skip
            one |= {f"{kind}_tflops": round(work / one[kind] / 1e6, 1) for kind in ("bfloat16", "fp8")}
            found.append(one)
        del plain, eights
    return found


def _microseconds(work: Callable[[int], Any], copies: int, device: str) -> float:
    """Return the median time of a call, with other weights each time."""
    times: list[float] = []
    for number in range(3):
        work(number % copies)
    calls = max(copies, 8)
    for _ in range(3):
        synchronize(device)
        start = time.perf_counter()
        if device == "cuda":
            begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            begin.record()
        for number in range(calls):
            work(number % copies)
        if device == "cuda":
            end.record()
            end.synchronize()
            times.append(begin.elapsed_time(end) * 1e3 / calls)
        else:
            times.append((time.perf_counter() - start) * 1e6 / calls)
    return round(statistics.median(times), 2)


class Measurement:
    """One model's verdicts and words, in the type that it has at the time."""

    def __init__(self, project: Project, subject: Subject, number: int, cold: int) -> None:
        self._project, self._subject = project, subject
        self._number, self._cold = number, cold
        self.asked: dict[str, list[Asked]] = {"verdict": [], "words": []}

    def verdict(self) -> dict[str, Any]:
        """Ask for verdicts: the first pairs, then the others, then some under the profiler."""
        asker = Asker(self._project, self._subject)
        trials = asker.trials("distinct", "verdict")
        first, then = asker.ask(trials[: self._cold]), asker.ask(trials[self._cold :])
        asker.close()
        self.asked["verdict"].append(then)
        figures = {"cold": first.figures(), "warm": then.figures()}
        if self._subject.device == "cuda":
            asker = Asker(self._project, self._subject)  # it remembers no picture
            ran = watch.kernels(lambda: asker.ask(trials[:WORDS]))
            asker.close()
            figures["kernels"] = watch.by_kind(ran, 14)
        return figures

    def words(self) -> dict[str, Any]:
        """Ask for answers of 64 tokens."""
        asker = Asker(self._project, self._subject)
        trials = asker.trials("distinct", "differences")
        most = min(WORDS, self._number)
        asker.ask(trials[: self._cold])
        then = asker.ask(trials[-most:])
        asker.close()
        self.asked["words"].append(then)
        return then.figures()


def compared(asked: dict[str, list[Asked]]) -> dict[str, Any]:
    """Hold 8 bits against bfloat16: speed, and how far P(different) moves."""
    found: dict[str, Any] = {"demanded": DEMANDED}
    for name, both in asked.items():
        if len(both) == 2:
            found[f"{name}_ratio"] = round(both[0].seconds / both[1].seconds, 3)
    if len(asked["verdict"]) == 2:
        exact, small = (each.answers for each in asked["verdict"])
        moved = [abs((exact[t].p_different or 0) - (small[t].p_different or 0)) for t in exact]
        found |= {"mean_difference_of_p": statistics.mean(moved), "largest_difference_of_p": max(moved)}
        found["verdicts_changed"] = sum(exact[t].text != small[t].text for t in exact)
    return found


def table(record: dict[str, Any]) -> str:
    """Write what was found as a few lines."""
    lines = [f"{'product':<16}{'rows':>8}{'bfloat16':>10}{'fp8':>9}{'quantising':>11}  microseconds"]
    for one in record["products"] if isinstance(record["products"], list) else ():
        lines += [
            f"{one['product']:<16}{one['rows']:>8}{one['bfloat16']:>10}{one['fp8']:>9}{one['quantising']:>11}"
        ]
    for kind in ("bfloat16", "fp8"):
        warm = record.get(f"verdict_{kind}", {}).get("warm", {})
        lines += [f"verdicts, {kind}: {warm.get('pairs_per_second')}/s, {warm.get('peak_gib')} GiB"]
    return "\n".join([*lines, json.dumps(record.get("compared"))])


def _tiny(family: str, folder: Path) -> Subject:
    checkpoint = FAMILIES[family].tiny(folder)
    loaded = Base(LocalSettings(checkpoint=str(checkpoint), dtype="bfloat16", device="cpu"), ROOT).load()
    layout = FAMILIES[family].layout
    return Subject(family, layout, None, "cpu", "bfloat16", model=loaded.model, processor=loaded.processor)


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("table", type=Path, nargs="?", help="a table as 'kurabe import pairs' takes it")
    parser.add_argument("--family", choices=sorted(FAMILIES), default="phi")
    parser.add_argument("--files", type=Path, help="folder with the published tokenizer and configuration")
    parser.add_argument("--pairs", type=int, help="pairs of a warm run (default: 256, on the CPU 4)")
    parser.add_argument("--cpu", action="store_true", help="the family's tiny checkpoint, on the CPU")
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args(arguments)
    if chosen.table is None and not chosen.cpu:
        parser.error("name a table of pairs")
    number = chosen.pairs or (4 if chosen.cpu else 256)
    record: dict[str, Any] = surroundings("cpu" if chosen.cpu else "cuda") | {"family": chosen.family}
    note = Notes(record, chosen.out).note

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = Project.at(folder / "project")
        source = pairs.of_table(chosen.table) if chosen.table else pairs.of_suites(ROOT / "cases")
        cold = min(COLD, number)
        throughput.prepare(project, source, number, cold, folder)
        subject = (
            _tiny(chosen.family, folder) if chosen.cpu
            else throughput.subject(chosen.family, chosen.files, False, folder)[0]
        )  # fmt: skip
        note("products", lambda: products(chosen.family, subject.device))
        measurement = Measurement(project, subject, number, cold)
        asked = ("verdict",) if chosen.cpu else ("verdict", "words")
        for what in asked:
            note(f"{what}_bfloat16", getattr(measurement, what))
        model = subject.model
        if subject.device == "cuda":
            note("kernels_refused", lambda: fp8.kernels_refused(model.device, torch.bfloat16))
            note("rows_scaled", lambda: [fp8.rows_scaled(model.device, biased) for biased in (False, True)])
        note("layers", lambda: fp8.put_in(families.of_model(model).matrices(model)))
        for what in asked:
            note(f"{what}_fp8", getattr(measurement, what))
        note("compared", lambda: compared(measurement.asked))
    print(table(record), flush=True)
    return record


if __name__ == "__main__":
    main()

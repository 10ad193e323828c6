"""How fast the bench asks a full-size model, against one pair at a time and against what the card allows.

    python -m perf.throughput --family phi PAIRS.csv [--files FOLDER] [--pairs 256] [--out FILE]
    python -m perf.throughput --family phi --cpu [--pairs 16]

The model has random weights, on which speed does not depend, and is built on the GPU from its configuration.
Everything else is the bench's own: real pairs become a suite, and trials go through registry, processor,
engine and answering as in a run. Answers have 64 tokens, because the only end token is one that the model
cannot emit. No picture is asked twice in a section, except in 'reuse', where each reference has four tests.
``--cpu`` does the same with the family's tiny checkpoint and, without a table, the shipped suites.

Sections, each runnable alone (``--section``, repeatable), in this order; the record is written after each:

ceilings  a large matrix product and a copy in memory
verdict   verdicts from the logits: the first 32 pairs cold, then the others warm
words     answers of 64 tokens: the same, and 32 pairs again without and with captured graphs
single    one pair at a time: the bench with batches of one, and transformers' own generate
questions three questions about each pair, in the order of a run, with and without sharing beginnings
reuse     verdicts where each reference has four tests, with and without remembering it
idle      how long the GPU computes nothing while pairs are left
float32   a tiny model of the family in float32: answers in batches against answers alone
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from kurabe.answering.pictures import Pictures
from kurabe.cases.trials import Trial, prompt_of
from kurabe.common.vocabulary import QuestionKind
from kurabe.models.engines.local.checkpoint import correct
from kurabe.project import Project
from perf import ceilings, flops, pairs, watch
from perf.asking import NEW_TOKENS, Asked, Asker, Subject, compared, plain
from perf.models import FAMILIES, ROOT, end_nowhere, surroundings

COLD = 32
"""Pairs of a first run, before anything is captured."""

ALONE = 8
QUESTIONS: dict[str, QuestionKind] = {"verdict": "verdict", "words": "differences"}
THREE: tuple[QuestionKind, ...] = ("verdict", "differences", "count")
"""What is asked about each pair together. A suite's own count is answered in 16 tokens, here in 64."""

TESTS = 4
"""Tests of each reference where references are shared."""


class Measurement:
    """One family's figures, section by section."""

    def __init__(self, subject: Subject, project: Project, number: int, costs: flops.Costs) -> None:
        self.record: dict[str, Any] = {}
        self._subject, self._project = subject, project
        self._number, self._costs = number, costs
        self._prompts = project.prompts(project.suites())
        self._warm: dict[QuestionKind, Asked] = {}
        self._known: dict[str, list[flops.Size]] = {}

    # Sections

    def ceilings(self) -> dict[str, Any]:
        """Measure the device alone."""
        return asdict(ceilings.measure(self._subject.device))

    def verdict(self) -> dict[str, Any]:
        """Ask for verdicts."""
        return self._cold_and_warm("verdict")

    def words(self) -> dict[str, Any]:
        """Ask for answers of 64 tokens."""
        figures = self._cold_and_warm("differences")
        if self._subject.device == "cuda":
            # The very first run loads kernels, too; these two have the same of them there.
            for name, graphs in (("cold_without_graphs", False), ("cold_again", True)):
                asker = self._asker()
                if asker.runtime is not None:
                    asker.runtime.graphs = graphs
                    cold, _ = self._parts(asker, "differences")
                    figures[name] = asker.ask(cold).figures()
                asker.close()
        return figures

    def single(self) -> dict[str, Any]:
        """Ask one pair at a time."""
        figures: dict[str, Any] = {}
        for name, question in QUESTIONS.items():
            asker = self._asker(batch=1)  # a new one: it remembers no picture of the question before
            first, others = self._parts(asker, question)
            asker.ask(first[:2])
            alone = asker.ask(others[:ALONE])
            figures[name] = alone.figures()
            if question in self._warm:
                figures[name] |= compared(alone, self._warm[question])
            asked = [self._shown(trial) for trial in others[: ALONE // 2]]
            loaded = asker.engine.base.load()
            if not self._subject.ends:
                end_nowhere(loaded.model, loaded.processor)
            seconds = plain(
                self._subject, loaded.model, loaded.processor, asked, 1 if name == "verdict" else NEW_TOKENS
            )
            figures[f"plain_{name}"] = _rate(len(asked), seconds)
            asker.close()
        return figures

    def questions(self) -> dict[str, Any]:
        """Ask three questions about each pair, in the order of a run."""
        figures: dict[str, Any] = {"questions": THREE, "tests_of_a_reference": TESTS}
        asked: dict[bool, Asked] = {}
        for shares in (True, False):
            asker = self._asker()
            if asker.runtime is None:
                asker.close()
                return figures | {"skipped": "no runtime of the bench's own answers here"}
            asker.runtime.shares = shares
            trials = asker.trials("distinct", *THREE)
            cold = len(trials) - len(THREE) * self._number
            first, then = asker.ask(trials[:cold]), asker.ask(trials[cold:])
            asked[shares] = then
            if shares:
                figures |= {"cold": _of_trials(first), "warm": _of_trials(then)}
                figures["shared_references"] = _of_trials(asker.ask(asker.trials("shared", *THREE)))
            else:
                figures |= {"cold_without_sharing": _of_trials(first), "without_sharing": _of_trials(then)}
            asker.close()
        return figures | compared(*asked.values())

    def reuse(self) -> dict[str, Any]:
        """Ask for verdicts of pairs that share references."""
        figures: dict[str, Any] = {"tests_of_a_reference": TESTS}
        for name, remembers in (("with", True), ("without", False)):
            asker = self._asker()
            if asker.runtime is None:
                asker.close()
                return figures | {"skipped": "no runtime of the bench's own answers here"}
            asker.runtime.reuse = remembers
            asker.ask(self._parts(asker, "verdict")[0][: 2 * TESTS])  # other pictures: sets kernels up
            figures[name] = asker.ask(asker.trials("shared", "verdict")).figures()
            asker.close()
        figures["ratio"] = round(
            figures["with"]["pairs_per_second"] / figures["without"]["pairs_per_second"], 3
        )
        return figures

    def idle(self) -> dict[str, Any]:
        """Look at the gaps between kernels, of a run that is warm."""
        if self._subject.device != "cuda":
            return {"skipped": "the gaps between kernels are a GPU's"}
        figures: dict[str, Any] = {}
        for name, question in QUESTIONS.items():
            asker = self._asker()
            cold, warm = self._parts(asker, question)
            asker.ask(cold)
            asked: list[Asked] = []
            ran = watch.kernels(lambda a=asker, w=warm, to=asked: to.append(a.ask(w)))  # type: ignore[misc]
            found = watch.idle([span for _, span in ran])
            figures[name] = {"pairs": len(warm), "seconds_with_profiler": round(asked[0].seconds, 3)}
            figures[name] |= {"skipped": "the profiler saw no kernel"} if found is None else asdict(found)
            figures[name]["longest_gaps"] = watch.longest_gaps(ran)
            asker.close()
        return figures

    def float32(self) -> dict[str, Any]:
        """Compare answers in batches with answers alone where rounding decides nothing."""
        with tempfile.TemporaryDirectory() as name:
            checkpoint = FAMILIES[self._subject.name].tiny(Path(name))
            tiny = replace(
                self._subject, checkpoint=checkpoint, dtype="float32", crops=None, model=None, processor=None,
                ends=True,
            )  # fmt: skip
            asked = []
            for batch in (1, None):
                asker = Asker(self._project, tiny, batch)
                trials = [
                    t for q in ("verdict", "differences") for t in self._parts(asker, q)[0][: 2 * ALONE]
                ]
                asked.append(asker.ask(trials))
                asker.close()
        return compared(*asked)

    # What the sections have in common

    def _asker(self, batch: int | None = None) -> Asker:
        return Asker(self._project, self._subject, batch)

    def _parts(self, asker: Asker, question: QuestionKind) -> tuple[list[Trial], list[Trial]]:
        """Return the trials of the cold run and of the warm one, whose pictures are others."""
        trials = asker.trials("distinct", question)
        cold = len(trials) - self._number
        return trials[:cold], trials[cold:]

    def _cold_and_warm(self, question: QuestionKind) -> dict[str, Any]:
        asker = self._asker()
        cold, warm = self._parts(asker, question)
        first, then = asker.ask(cold), asker.ask(warm)
        asker.close()
        self._warm[question] = then
        figures = {"cold": first.figures(), "warm": then.figures()}
        if "ceilings" in self.record:
            figures["warm"] |= self._shares(then, warm, question)
        return figures

    def _shares(self, asked: Asked, trials: Sequence[Trial], question: QuestionKind) -> dict[str, Any]:
        """Hold a run against the floor of its own pairs."""
        measured = self.record["ceilings"]
        sizes = self._sizes(trials)
        lengths = [asked.answers[trial.id].tokens_in or 0 for trial in trials]
        tokens, rows = 1, 1.0
        if question != "verdict":
            tokens = NEW_TOKENS
            steps = asked.counts.get("steps", 0)
            # Rows to a decoding step: counted where the engine counts, else as many as there are.
            rows = len(trials) * (NEW_TOKENS - 1) / steps if steps else len(trials)
        limits = measured["flops"], measured["bandwidth"]
        least = flops.floor(self._costs, list(zip(lengths, sizes, strict=True)), limits, tokens, rows)
        rate = len(trials) / asked.seconds
        return {
            "tflop_per_pair": round(least.tflop, 4),
            "vision_tflop_per_pair": round(least.vision_tflop, 4),
            "tflops_reached": round(least.tflop * rate, 3),
            "share_of_matrix_ceiling": round(least.tflop * 1e12 * rate / measured["flops"], 4),
            "rows_to_a_step": round(rows, 1) if tokens > 1 else None,
            "gigabytes_per_step": None if least.step_gigabytes is None else round(least.step_gigabytes, 3),
            "ceiling_pairs_per_second": round(least.pairs_per_second, 3),
            "share_of_ceiling": round(rate / least.pairs_per_second, 4),
        }

    def _sizes(self, trials: Sequence[Trial]) -> list[list[flops.Size]]:
        """Return width and height of the pictures that each trial shows."""
        missing = {trial.case_id: trial for trial in trials if trial.case_id not in self._known}
        with ThreadPoolExecutor(8) as pool:
            shown = pool.map(lambda trial: Pictures(None).show(trial).pictures, missing.values())
            found = [[picture.size for picture in pictures] for pictures in shown]
        self._known.update(zip(missing, found, strict=True))
        return [self._known[trial.case_id] for trial in trials]

    def _shown(self, trial: Trial) -> tuple[str, tuple[Any, ...]]:
        """Return a trial's prompt and pictures."""
        return prompt_of(trial, self._prompts[trial.suite.name]).text, Pictures(None).show(trial).pictures


SECTIONS: dict[str, Callable[[Measurement], dict[str, Any]]] = {
    name: getattr(Measurement, name)
    for name in ("ceilings", "verdict", "words", "single", "questions", "reuse", "idle", "float32")
}


def _of_trials(asked: Asked) -> dict[str, Any]:
    """Return the figures of a run that asks several questions about a pair."""
    figures = asked.figures()
    trials, rate = figures.pop("pairs"), figures.pop("pairs_per_second")
    return {"trials": trials, "trials_per_second": rate, **figures}


def _rate(number: int, seconds: float) -> dict[str, Any]:
    return {
        "pairs": number,
        "seconds": round(seconds, 3),
        "pairs_per_second": round(number / seconds, 3),
    }


def ratios(record: dict[str, Any]) -> dict[str, float]:
    """Hold the bench's warm rate against one pair at a time, as far as both were measured."""
    found = {}
    for name in ("verdict", "words"):
        if "warm" not in record.get(name, {}) or name not in record.get("single", {}):
            continue
        warm, single = record[name]["warm"]["pairs_per_second"], record["single"]
        found[f"{name}_against_batches_of_one"] = round(warm / single[name]["pairs_per_second"], 2)
        found[f"{name}_against_plain_generate"] = round(warm / single[f"plain_{name}"]["pairs_per_second"], 2)
    return found


def subject(family: str, files: Path | None, cpu: bool, folder: Path) -> tuple[Subject, dict[str, Any]]:
    """Build the model, or name the tiny one; return it and what there is to say about it."""
    described = FAMILIES[family]
    if cpu:
        checkpoint = described.tiny(folder / "tiny")
        correct("phi3_v")
        config: Any = import_module("transformers").AutoConfig.from_pretrained(checkpoint)
        stored = checkpoint / "preprocessor_config.json"  # of phi3_v; mllama takes all its tiles
        crops = json.loads(stored.read_text(encoding="utf-8")).get("num_crops") if stored.is_file() else None
        made = Subject(family, described.layout, crops, "cpu", "float32", checkpoint)
        return made, {"config": config, "weights": "tiny checkpoint"}
    model, processor = described.build(files)
    made = Subject(
        family, described.layout, described.crops, "cuda", "bfloat16", model=model, processor=processor
    )
    parameters = sum(parameter.numel() for parameter in model.parameters())
    return made, {"config": model.config, "weights": "random", "parameters": parameters}


def prepare(project: Project, source: list[pairs.Pair], number: int, cold: int, folder: Path) -> None:
    """Write the suites: pairs without a common picture, and pairs that share references."""
    project.cases.mkdir(parents=True, exist_ok=True)
    longer = f"count:\n  en:\n    max_new_tokens: {NEW_TOKENS}\n"
    (project.cases / "prompts.yaml").write_text(longer, encoding="utf-8")
    chosen = pairs.distinct(source, number + cold, folder / "mirrored")
    pairs.write_suite(project, "distinct", chosen, folder)
    pairs.write_suite(project, "shared", pairs.with_shared_references(chosen[cold:], TESTS), folder)


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("table", type=Path, nargs="?", help="a table as 'kurabe import pairs' takes it")
    parser.add_argument("--family", choices=sorted(FAMILIES), default="phi")
    parser.add_argument("--files", type=Path, help="folder with the published tokenizer and configuration")
    parser.add_argument("--pairs", type=int, help="pairs of a warm run (default: 256, on the CPU 16)")
    parser.add_argument("--section", action="append", choices=list(SECTIONS), help="default: all")
    parser.add_argument("--limit", type=float, default=300, help="seconds after which no section begins")
    parser.add_argument("--cpu", action="store_true", help="the family's tiny checkpoint, on the CPU")
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args(arguments)
    if chosen.table is None and not chosen.cpu:
        parser.error("name a table of pairs")
    started = time.perf_counter()
    number = chosen.pairs or (16 if chosen.cpu else 256)
    cold = min(COLD, number)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = Project.at(folder / "project")
        source = pairs.of_table(chosen.table) if chosen.table else pairs.of_suites(ROOT / "cases")
        prepare(project, source, number, cold, folder)
        start = time.perf_counter()
        made, facts = subject(chosen.family, chosen.files, chosen.cpu, folder)
        seconds = time.perf_counter() - start
        costs = flops.costs_of(facts.pop("config"), made.crops, 2 if made.dtype == "bfloat16" else 4)
        measurement = Measurement(made, project, number, costs)
        record = measurement.record
        record |= surroundings(made.device)
        record |= {"family": made.name, "layout": made.layout, "crops": made.crops, "dtype": made.dtype}
        record |= facts | {"build_seconds": round(seconds, 1), "new_tokens": NEW_TOKENS, "ends": "none"}
        for section in chosen.section or SECTIONS:
            elapsed = time.perf_counter() - started
            if elapsed > chosen.limit:
                record[section] = {"skipped": f"{elapsed:.0f} s had passed"}
            else:
                record[section] = SECTIONS[section](measurement)
            record["ratios"] = ratios(record)
            print(
                f"{time.perf_counter() - started:6.1f} s  {section}: {json.dumps(record[section])}",
                flush=True,
            )
            if chosen.out:
                chosen.out.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(record["ratios"]), flush=True)
    return record


if __name__ == "__main__":
    main()

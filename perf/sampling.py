"""Sampled answers: eight repeats of a pair, against greedy answers and transformers' own generate.

    python -m perf.sampling PAIRS.csv [--family phi] [--files FOLDER] [--pairs 64] [--out FILE]
    python -m perf.sampling --cpu

The model has random weights and is built on the GPU; answers have 64 tokens. Each of the runs begins with 32
other pairs, which do not count. What is drawn is compared between batches of one and of 64 with the family's
tiny checkpoint in float32, where rounding decides nothing.
"""

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kurabe.project import Project
from perf import pairs, throughput
from perf.asking import NEW_TOKENS, Asked, Asker, Subject, plain
from perf.models import FAMILIES, ROOT, end_nowhere, surroundings
from perf.notes import Notes

REPEAT = 8
SAMPLED = ("temperature = 0.7",)
NARROWED = ("temperature = 0.7", "top_k = 50", "top_p = 0.95")
COLD, ALONE, DRAWN = 32, 4, 8


def measured(project: Project, subject: Subject, repeat: int, cold: int, number: int) -> dict[str, Any]:
    """Ask for answers in words, warm: each of so many pairs ``repeat`` times."""
    asker = Asker(project, subject)
    trials = asker.trials("distinct", "differences", repeat=repeat)
    asker.ask(trials[: cold * repeat])
    asked = asker.ask(trials[cold * repeat : (cold + number) * repeat])
    asker.close()
    figures = asked.figures()
    trials_, rate = figures.pop("pairs"), figures.pop("pairs_per_second")
    found = {"trials": trials_, "trials_per_second": rate, **figures}
    return found | {"different_texts": len({answer.text for answer in asked.answers.values()})}


def by_generate(project: Project, subject: Subject, cold: int) -> dict[str, Any]:
    """Answer some of the same pairs by transformers' ``generate``, one after the other."""
    from kurabe.answering.pictures import Pictures
    from kurabe.cases.trials import prompt_of

    asker = Asker(project, subject)
    prompts = project.prompts(project.suites())
    trials = asker.trials("distinct", "differences")[cold : cold + ALONE]
    asked = [
        (prompt_of(trial, prompts[trial.suite.name]).text, Pictures(None).show(trial).pictures)
        for trial in trials
    ]
    loaded = asker.engine.base.load()
    if not subject.ends:
        end_nowhere(loaded.model, loaded.processor)
    seconds = plain(subject, loaded.model, loaded.processor, asked, NEW_TOKENS)
    asker.close()
    return {"trials": len(asked), "trials_per_second": round(len(asked) / seconds, 3)}


def draws(project: Project, tiny: Subject, repeat: int, number: int) -> dict[str, Any]:
    """Draw the same answers in batches of one and of 64."""
    asked: list[Asked] = []
    for batch in (1, 64):
        asker = Asker(project, replace(tiny, more=NARROWED), batch)
        trials = asker.trials("distinct", "differences", repeat=repeat)[: number * repeat]
        asked.append(asker.ask(trials))
        asker.close()
    one, many = (each.answers for each in asked)
    equal = sum(one[trial].text == many[trial].text for trial in one)
    texts = len({answer.text for answer in one.values()})
    return {"compared": len(one), "texts_equal": equal, "different_texts": texts}


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("table", type=Path, nargs="?", help="a table as 'kurabe import pairs' takes it")
    parser.add_argument("--family", choices=sorted(FAMILIES), default="phi")
    parser.add_argument("--files", type=Path, help="folder with the published tokenizer and configuration")
    parser.add_argument("--pairs", type=int, help="pairs of a run (default: 64, on the CPU 4)")
    parser.add_argument("--cpu", action="store_true", help="the family's tiny checkpoint, on the CPU")
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args(arguments)
    if chosen.table is None and not chosen.cpu:
        parser.error("name a table of pairs")
    number = chosen.pairs or (4 if chosen.cpu else 64)
    cold, repeat, drawn = (1, 2, 1) if chosen.cpu else (COLD, REPEAT, DRAWN)
    device = "cpu" if chosen.cpu else "cuda"
    record: dict[str, Any] = surroundings(device)
    record |= {"family": chosen.family, "repeat": repeat, "new_tokens": NEW_TOKENS}

    note = Notes(record, chosen.out).note
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = Project.at(folder / "project")
        source = pairs.of_table(chosen.table) if chosen.table else pairs.of_suites(ROOT / "cases")
        throughput.prepare(project, source, number, cold, folder)
        tiny, _ = throughput.subject(chosen.family, chosen.files, True, folder)
        own = replace(tiny, device=device)
        note("draws", lambda: draws(project, own, repeat, drawn))
        subject = tiny if chosen.cpu else throughput.subject(chosen.family, chosen.files, False, folder)[0]
        note("greedy", lambda: measured(project, subject, 1, cold, number))
        for what, settings in (("sampled", SAMPLED), ("sampled_narrowed", NARROWED)):
            drawing = replace(subject, more=settings)
            note(what, lambda of=drawing: measured(project, of, repeat, cold, number))  # type: ignore[misc]
        note("generate", lambda: by_generate(project, subject, cold))
    rates = {name: record[name].get("trials_per_second") for name in ("greedy", "sampled", "generate")}
    if all(rates.values()):
        record["ratios"] = {
            f"sampled_to_{name}": round(rates["sampled"] / rates[name], 2) for name in ("greedy", "generate")
        }
        note("ratios", lambda: record["ratios"])
    return record


if __name__ == "__main__":
    main()

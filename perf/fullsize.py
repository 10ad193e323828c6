"""Phi-3.5-vision and Llama-3.2-11B-Vision at their real sizes, with random weights, on one GPU.

    python -m perf.fullsize PAIRS.csv [--files phi=FOLDER] [--pairs 32] [--out perf/results/fullsize.json]

Speed and memory do not depend on the weights' values, so the models are built on the GPU from their
configurations. Everything else is the bench's own: real pairs are imported as a suite, and trials go
through registry, processor, batching and cache as in a run. ``--files phi=FOLDER`` names a folder with the
published tokenizer and configuration; without it a small tokenizer is trained, and prompts are a few
tokens longer. Nothing here says anything about what the models can see.
"""

import argparse
import json
import platform
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

from kurabe.answering.answerer import Answerer
from kurabe.answering.cache import AnswerCache
from kurabe.cases.trials import Participant, Selection, Trial, expand
from kurabe.common.request import Answer
from kurabe.models.engines.local.engine import LocalEngine
from kurabe.project import Project
from perf.models import FAMILIES
from perf.pairs import import_table

NEW_TOKENS = 64


def measure(family: str, files: Path | None, project: Project, limit: int) -> dict[str, Any]:
    """Build one model and put the pairs to it; return the figures."""
    crops = FAMILIES[family].crops
    torch.cuda.reset_peak_memory_stats()
    start = time.perf_counter()
    model, processor = FAMILIES[family].build(files)
    torch.cuda.synchronize()
    figures: dict[str, Any] = {
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "build_seconds": round(time.perf_counter() - start, 1),
        "weights_gib": round(torch.cuda.memory_allocated() / 2**30, 2),
        "attention": "sdpa",
        "dtype": "bfloat16",
        "crops": crops,
    }
    for batch in (1, 32):
        lines = [f"[models.{family}]", 'engine = "local"', 'checkpoint = "."', 'dtype = "bfloat16"']
        lines += [f"batch_size = {batch}", f"max_new_tokens = {NEW_TOKENS}"]
        lines += [f"crops = {crops}"] if crops else []
        project.models.write_text("\n".join(lines), encoding="utf-8")
        figures[f"batch_{batch}"] = _answer(family, model, processor, project, limit if batch > 1 else 8)
    single, many = figures["batch_1"].pop("answers"), figures["batch_32"].pop("answers")
    figures["verdicts_compared"] = len(single["verdict"])
    figures["largest_difference_of_p"] = max(
        abs(one - many["verdict"][trial]) for trial, one in single["verdict"].items()
    )
    figures["texts_equal"] = sum(text == many["differences"][t] for t, text in single["differences"].items())
    del model
    torch.cuda.empty_cache()
    return figures


def _answer(family: str, model: Any, processor: Any, project: Project, limit: int) -> dict[str, Any]:
    """Ask verdicts and differences of the first pairs through the bench's own answering."""
    suites = project.suites()
    registry = project.registry()
    engine = registry.engine(family)
    assert isinstance(engine, LocalEngine)
    engine.adopt(model, processor, "sdpa")
    figures: dict[str, Any] = {"answers": {}}
    for question in ("verdict", "differences"):
        asker = Participant(family, FAMILIES[family].layout, engine.questions)
        selection = Selection([asker], questions=[question], controls=False)
        trials = expand(suites, selection)[:limit]
        cache = AnswerCache(project.cache / f"{time.time_ns()}.sqlite")
        answering = Answerer(registry, cache, project.prompts(suites), fresh=True)
        _put(answering, trials[:2])  # the first call of each kind sets kernels up
        torch.cuda.reset_peak_memory_stats()
        start = time.perf_counter()
        answers = _put(answering, trials)
        seconds = time.perf_counter() - start
        answering.close()
        if failed := [answer.error for answer in answers.values() if answer.error]:
            raise SystemExit(f"{family}: {failed[0]}")
        figures["answers"][question] = {
            trial: answer.p_different if question == "verdict" else answer.text
            for trial, answer in answers.items()
        }
        figures[question] = {
            "pairs": len(trials),
            "pairs_per_second": round(len(trials) / seconds, 2),
            "new_tokens_per_second": round(sum(a.tokens_out or 0 for a in answers.values()) / seconds, 1),
            "prompt_tokens_mean": round(sum(a.tokens_in or 0 for a in answers.values()) / len(trials)),
            "peak_gib": round(torch.cuda.max_memory_allocated() / 2**30, 2),
        }
    return figures


def _put(answering: Answerer, trials: list[Trial]) -> dict[str, Answer]:
    answering.plan(trials)
    return {trial.id: answering.answer(trial).answer for trial in trials}


def main() -> None:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("table", type=Path, help="a table of pairs, as 'kurabe import pairs' takes it")
    parser.add_argument("--files", action="append", default=[], metavar="FAMILY=FOLDER")
    parser.add_argument("--family", action="append", choices=sorted(FAMILIES))
    parser.add_argument("--pairs", type=int, default=64)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    files = {name: Path(folder) for name, _, folder in (entry.partition("=") for entry in arguments.files)}
    record: dict[str, Any] = {
        "card": torch.cuda.get_device_name(),
        "torch": torch.__version__,
        "transformers": version("transformers"),
        "python": platform.python_version(),
        "weights": "random",
        "new_tokens": NEW_TOKENS,
    }
    with tempfile.TemporaryDirectory() as name:
        project = Project.at(Path(name))
        import_table(arguments.table, project.cases, "pairs")
        for family in arguments.family or FAMILIES:
            record[family] = measure(family, files.get(family), project, arguments.pairs)
            print(json.dumps({family: record[family]}, indent=2), flush=True)
            if arguments.out:
                arguments.out.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

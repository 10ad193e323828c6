"""The shipped models on connectors that none of them was trained on, of several seeds.

    python -m perf.fresh_connectors [--adapter NAME=FOLDER] [--out perf/results/fresh_connectors.json]
    python -m perf.study.fresh_page

For each seed a suite is rendered (``python -m scenes connector --train 28 --seed N``) and put to the models
by ``pytest benchmark``, as a user would, raw and processed. ``--adapter`` puts another adapter on tiny-phi3v
besides. The record holds each pair once (reference, grade, whether it is bad, how large its largest defect
is, the kinds), and of each model and variant a letter a pair: ``d`` for different, ``s`` for same, ``-`` for
an answer that was not read. It is written after each seed; what is in it is not asked again.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from perf.default_run import COMMAND, ROOT, VERDICTS, run
from scenes.pair import GRADES

SEEDS = (2, 3, 4)
"""Of ``scenes --seed``; seed 1 is the README's."""

TRAIN = 28
"""References of each grade."""

MODELS = ("pixel-diff", "good-parts", "tiny-phi3v", "tiny-phi3v-connector", "tiny-phi3v-connector-linked")
LETTERS = {"different": "d", "same": "s"}
ADAPTER = """
[models."{name}"]
engine = "local"
base = "tiny-phi3v"
adapter = "{folder}"
layout = "separate"
"""


def models_file(adapters: Sequence[str], folder: Path) -> Path:
    """Write the shipped models and further adapters, each given as ``NAME=FOLDER``; return the file."""
    text = (ROOT / "models.toml").read_text(encoding="utf-8")
    text = text.replace('"checkpoints/', f'"{ROOT.as_posix()}/checkpoints/')
    for named in adapters:
        name, _, where = named.partition("=")
        text += ADAPTER.format(name=name, folder=Path(where).resolve().as_posix())
    file = folder / "models.toml"
    file.write_text(text, encoding="utf-8")
    return file


def size_of(boxes: Sequence[Sequence[float]]) -> float:
    """Return the size of the largest defect in pixels: the square root of its box's area; 0 without one."""
    return max((((right - left) * (low - top)) ** 0.5 for left, top, right, low in boxes), default=0.0)


def pair_of(line: dict[str, Any]) -> list[Any]:
    """Return what the record holds of a pair, from one of its trials."""
    grade = next(tag for tag in line["tags"] if tag in GRADES)
    bad = line["expected_verdict"] == "different"
    return [line["reference"][:8], grade, int(bad), round(size_of(line["boxes"]), 1), sorted(line["kinds"])]


def read(results: Path) -> tuple[dict[str, list[Any]], dict[str, dict[str, dict[str, str]]]]:
    """Return the pairs by case, and of each model and variant the letter of each case."""
    pairs: dict[str, list[Any]] = {}
    said: dict[str, dict[str, dict[str, str]]] = {}
    for text in results.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        pairs[line["case"]] = pair_of(line)
        letter = LETTERS.get(line["verdict"], "-")
        said.setdefault(line["model"], {}).setdefault(line["variant"], {})[line["case"]] = letter
    return pairs, said


def measured(seed: int, models: Sequence[str], adapters: Sequence[str], train: int) -> dict[str, Any]:
    """Render a seed's suite and ask models about it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scenes = ("scenes", "connector", "--train", str(train), "--seed", str(seed))
        run([*scenes, "--out", str(folder / "cases" / "connector"), "--processes", str(os.cpu_count() or 1)])
        asked = ["--kurabe-cases", str(folder / "cases"), "--kurabe-split", "train"]
        asked += ["--kurabe-models-file", str(models_file(adapters, folder))]
        asked += [part for model in models for part in ("--kurabe-model", model)]
        seconds = run([*COMMAND, *VERDICTS, *asked], folder / "reports")
        (results,) = (folder / "reports" / "runs").glob("*/results.jsonl")
        pairs, said = read(results)
    cases = sorted(pairs)
    letters = {
        model: {variant: "".join(by_case[case] for case in cases) for variant, by_case in variants.items()}
        for model, variants in said.items()
    }
    return {"pairs": [pairs[case] for case in cases], "said": letters, "seconds": round(seconds, 1)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the record does not hold yet."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, action="append", help="2, 3 and 4 by default")
    parser.add_argument("--model", action="append", help="instead of all that come with the bench")
    parser.add_argument("--adapter", action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument("--train", type=int, default=TRAIN, help="references of each grade")
    parser.add_argument("--out", type=Path, default=ROOT / "perf" / "results" / "fresh_connectors.json")
    chosen = parser.parse_args(arguments)
    record: dict[str, Any] = json.loads(chosen.out.read_text("utf-8")) if chosen.out.is_file() else {}
    record.setdefault("train", chosen.train)
    seeds: dict[str, Any] = record.setdefault("seeds", {})
    wanted = [*(chosen.model or MODELS), *(named.partition("=")[0] for named in chosen.adapter)]
    for seed in chosen.seed or SEEDS:
        known = seeds.get(str(seed), {"said": {}})
        missing = [model for model in wanted if model not in known["said"]]
        if not missing:
            continue
        found = measured(seed, missing, chosen.adapter, chosen.train)
        if known["said"] and known["pairs"] != found["pairs"]:
            raise SystemExit(f"{chosen.out}: seed {seed} holds other pairs; name another file with --out")
        found["said"] = known["said"] | found["said"]
        seeds[str(seed)] = found
        chosen.out.write_text(json.dumps(record, separators=(",", ":")) + "\n", encoding="utf-8")
        print(f"seed {seed}: {len(found['pairs'])} pairs, {found['seconds']:.0f} s", flush=True)


if __name__ == "__main__":
    main()

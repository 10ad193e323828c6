"""Fine-tuning on a few real photographs against ``good-parts`` with the same pictures.

    uv run python -m perf.photographs PAIRS.csv

The splits are `training.splits`; what adapters make of them comes from ``python -m training.photographs`` and
stands in ``training/results/photographs.json``. ``good-parts`` gets the good pictures of a split as its bank;
where a family is left out, the family's own good references.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from kurabe.report.statistics import auroc
from training.splits import Split, splits

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "perf" / "results" / "photographs.json"
ADAPTERS = ROOT / "training" / "results" / "photographs.json"
MODELS = """
[models.good-parts]
engine = "good-parts"
bank = "case"
default = true
"""
SEEDS = 3
WAYS = {
    ("base", "untrained"): "base",
    ("adapter", "untrained"): "connector adapter",
    ("base", "leans"): "base, fine-tuned",
    ("adapter", "leans"): "connector adapter, fine-tuned",
}


def suite_of(split: Split, pictures: Path) -> dict[str, Any]:
    """Return a suite with a case for each pair that is asked about."""
    cases = []
    for number, pair in enumerate(split.asked):
        case: dict[str, Any] = {
            "id": f"c{number:03}",
            "test": pair.test,
            "relation": "aligned" if pair.aligned else "instance",
            "expect": {"verdict": "different" if pair.different else "same"},
            "ask": ["verdict"],
        }
        good = [name for name in split.good if name != pair.test]
        case |= {"reference": pair.reference} if pair.aligned else {"references": good}
        cases.append(case)
    return {"suite": split.name, "root": str(pictures), "cases": cases}


def measure(table: Path) -> None:
    """Ask ``good-parts`` about every split, and write how sure it is of each pair.

    Raises:
        SystemExit: If a trial has no P(different).
    """
    every = [split for split in splits(table, SEEDS) if split.size or split.seed == 1]
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        (project / "models.toml").write_text(MODELS, encoding="utf-8")
        for split in every:
            (project / "cases" / split.name).mkdir(parents=True)
            text = yaml.safe_dump(suite_of(split, table.parent), allow_unicode=True, sort_keys=False)
            (project / "cases" / split.name / f"{split.name}.yaml").write_text(text, encoding="utf-8")
        asked = ("--kurabe-no-controls", "--kurabe-no-pictures")
        command = [sys.executable, "-m", "pytest", "-q", "--pyargs", "kurabe.plugin.test_pairs", *asked]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True)
        found = list((project / "reports" / "runs").glob("*/results.jsonl"))
        if len(found) != 1:
            raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
        lines = [json.loads(line) for line in found[0].read_text(encoding="utf-8").splitlines()]
    sure: dict[str, dict[str, float]] = {}
    for line in lines:
        if line["p_different"] is None:
            raise SystemExit(f"{line}")
        sure.setdefault(line["suite"], {})[line["case"]] = line["p_different"]
    rows = [
        {
            "split": split.name,
            "family": split.family,
            "size": split.size,
            "seed": split.seed,
            "different": [int(pair.different) for pair in split.asked],
            "p_different": [round(p, 4) for _, p in sorted(sure[split.name].items())],
        }
        for split in every
    ]
    FIGURES.write_text("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n", encoding="utf-8")


def worth(different: Sequence[int], said: Sequence[float], turn: float) -> tuple[float, float]:
    """Return balanced accuracy and AUROC."""
    bad, scores = np.array(different, bool), np.array(said, float)
    shares = [((scores > turn) == bad)[bad == side].mean() for side in (False, True)]
    return float(np.mean(shares)), float(auroc(bad, scores) or 0.0)


def figures() -> dict[tuple[str, int], dict[str, list[tuple[float, float]]]]:
    """Return (balanced accuracy, AUROC) of each seed, by family and size, and by way."""
    found: dict[tuple[str, int], dict[str, list[tuple[float, float]]]] = {}
    different: dict[tuple[str, int, int], list[int]] = {}
    for row in json.loads(FIGURES.read_text(encoding="utf-8")):
        key = row["family"], row["size"]
        seeds = (row["seed"],) if row["size"] else range(1, SEEDS + 1)
        for seed in seeds:
            different[(*key, seed)] = row["different"]
        got = worth(row["different"], row["p_different"], 0.5)
        found.setdefault(key, {}).setdefault("`good-parts`", []).append(got)
    for row in json.loads(ADAPTERS.read_text(encoding="utf-8")):
        key = row["family"], row["size"]
        for (start, field), name in WAYS.items():
            if row["start"] == start:
                got = worth(different[(*key, row["seed"])], row[field], 0.0)
                found.setdefault(key, {}).setdefault(name, []).append(got)
    return found


def main() -> None:
    """Measure; ``python -m perf.study.curve_page`` writes what came out."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pairs", type=Path, help="the table, as kurabe import pairs takes it")
    measure(parser.parse_args().pairs.resolve())


if __name__ == "__main__":
    main()

"""Put the embedded models to rendered pairs that nothing was trained on, through the bench itself.

    python -m training.figures [--references 17] [--out checkpoints/figures.json]

Each of the suites ``everyday`` and ``shapes`` is rendered anew with other seeds, at the quality of the
shipped ones, so many references of each grade and four tests each; the questions are ``verdict`` and
``differences``. ``choice`` and ``describe`` are asked about the shipped suites.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from scenes.__main__ import load
from scenes.suite import write

ROOT = Path(__file__).resolve().parents[1]
SUITES = ("everyday", "shapes")
MODELS = ("tiny-phi3v", "tiny-mllama")
KEPT = ("n", "accuracy", "accuracy_lo", "accuracy_hi", "balanced_accuracy", "overkill_rate", "miss_rate")


def main() -> None:
    """Render, ask, record."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--references", type=int, default=17)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, default=ROOT / "checkpoints" / "figures.json")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for suite in SUITES:
            write(load(suite, chosen.references), folder / "cases" / suite, chosen.processes)
        new = ["--cases", str(folder / "cases"), "--split", "train"]
        tables = [
            _ask([*new, *_questions("verdict", "differences")], folder / "new"),
            _ask(["-k", " or ".join(SUITES), *_questions("choice", "describe")], folder / "shipped"),
        ]
    table = pd.concat(tables)
    rows: list[dict[str, Any]] = []
    for row in table.to_dict("records"):
        kept = {key: None if pd.isna(row[key]) else round(float(row[key]), 4) for key in KEPT}
        rows.append({key: row[key] for key in ("model", "suite", "question")} | kept)
    rows.sort(key=lambda row: (row["model"], row["suite"], row["question"]))
    figures = {"references_a_grade": chosen.references, "rows": rows}
    chosen.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _questions(*questions: str) -> list[str]:
    return [part for question in questions for part in ("--question", question)]


def _ask(options: Sequence[str], reports: Path) -> pd.DataFrame:
    """Put raw pairs to the models that are there; return the leaderboard."""
    there = [model for model in MODELS if (ROOT / "checkpoints" / model).is_dir()]
    models = [part for model in there for part in ("--model", model)]
    quiet = ["-q", "--all-cases", "--no-controls", "--no-pictures", "-p", "no:cacheprovider"]
    shown = ["--variant", "raw", "--reports", str(reports), *quiet]
    subprocess.run(
        [sys.executable, "-m", "pytest", "benchmark", *models, *options, *shown], cwd=ROOT, check=True
    )
    return pd.read_csv(reports / "leaderboard.csv")


if __name__ == "__main__":
    main()

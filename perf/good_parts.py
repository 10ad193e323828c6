"""What the engine ``good-parts`` is worth on real pairs: ``uv run python -m perf.good_parts PAIRS.csv``.

Imports the table into a temporary project, a suite for each family of pairs of two specimens, asks
``good-parts`` (all good parts of the suite, and one alone) and ``pixel-diff`` for verdicts, and writes the
table in ``docs/background/good-parts.md`` and the figures behind it.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

from kurabe.report.statistics import auroc
from perf.pairs import import_table

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "perf" / "results" / "good_parts.json"
PAGE = ROOT / "docs" / "background" / "good-parts.md"
MODELS = """
[models.bank]
engine = "good-parts"
default = true

[models.one]
engine = "good-parts"
bank = "case"
default = true

[models.pixel-diff]
engine = "pixel-diff"
default = true
"""
FAMILIES = ("circuitboard", "cookie", "alien", "magtile")
NAMES = {"bank": "`good-parts`", "one": "`good-parts`, one reference", "pixel-diff": "`pixel-diff`"}


def measure(table: Path) -> list[dict[str, object]]:
    """Run the bench on the families; return a row for each family and model.

    Raises:
        SystemExit: If a trial has no P(different).
    """
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        import_table(table, project / "cases", "real", by_product=True)
        (project / "models.toml").write_text(MODELS, encoding="utf-8")
        asked = ("--kurabe-question", "verdict", "--kurabe-no-controls", "--kurabe-no-pictures")
        command = [sys.executable, "-m", "pytest", "-q", "--pyargs", "kurabe.plugin.test_pairs", *asked]
        done = subprocess.run(
            [*command, "-k", " or ".join(FAMILIES)], cwd=project, capture_output=True, text=True
        )
        found = list((project / "reports" / "runs").glob("*/results.jsonl"))
        if len(found) != 1:
            raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
        lines = [json.loads(line) for line in found[0].read_text(encoding="utf-8").splitlines()]
    if any(line["p_different"] is None for line in lines):
        raise SystemExit(f"{next(line for line in lines if line['p_different'] is None)}")
    trials = pd.DataFrame(lines)
    trials["bad"] = trials["expected_verdict"] == "different"
    rows: list[dict[str, object]] = []
    for (suite, model), each in trials.groupby(["suite", "model"]):
        said = each["p_different"] >= 0.5
        area = auroc(each["bad"].to_numpy(), each["p_different"].to_numpy(float))
        rates = [(said == each["bad"])[each["bad"] == bad].mean() for bad in (True, False)]
        rows.append(
            {
                "family": str(suite).removeprefix("real-"),
                "model": model,
                "n": len(each),
                "n_bad": int(each["bad"].sum()),
                "auroc": round(area or 0.0, 3),
                "balanced_accuracy": round(float(sum(rates) / 2), 3),
                "seconds": round(float(each["seconds"].median()), 3),
            }
        )
    return rows


def table_of(rows: list[dict[str, object]]) -> str:
    """Return the rows as a table in Markdown."""
    places = {name: place for place, name in enumerate((*FAMILIES, *NAMES))}
    ordered = sorted(rows, key=lambda row: (places[str(row["family"])], places[str(row["model"])]))
    lines = ["| family | pairs | model | AUROC | balanced accuracy |", "|---|---|---|---|---|"]
    lines += [
        f"| {row['family']} | {row['n']} | {NAMES[str(row['model'])]} | {row['auroc']:.2f} | "
        f"{row['balanced_accuracy']:.2f} |"
        for row in ordered
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, and write what came out."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pairs", type=Path, help="the table, as kurabe import pairs takes it")
    rows = measure(parser.parse_args().pairs.resolve())
    FIGURES.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    inner = f"<!-- table -->\n{table_of(rows)}\n<!-- end -->"
    PAGE.write_text(
        re.sub("<!-- table -->.*?<!-- end -->", lambda _: inner, text, flags=re.DOTALL), encoding="utf-8"
    )
    print(table_of(rows))


if __name__ == "__main__":
    main()

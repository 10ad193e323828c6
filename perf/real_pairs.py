"""Raw against processed on real pairs: ``python -m perf.real_pairs PAIRS.csv``.

Imports the table (see ``kurabe import pairs``) into a temporary project, a suite for each family, runs the
bench there with ``pixel-diff`` on the raw pairs and on what every processor makes of them, and writes the
page ``docs/background/real-pairs.md`` and the figures behind it. Any trial that ends in an error stops it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kurabe.imaging.processors import get_processor, names
from kurabe.report.statistics import holm
from kurabe.results.run import find_run
from perf.pairs import import_table

ROOT = Path(__file__).resolve().parent.parent
MODEL = "pixel-diff"
SUITE = "real"
LEVEL = 0.05
COLUMNS = (
    "processor", "raw", "processed", "AUROC raw", "AUROC processed", "Δ accuracy [95%]", "only raw",
    "only processed", "p", "p (Holm)",
)  # fmt: skip

HEAD = """\
# Raw against processed on real pairs

Does processing the pictures first let the inspector see what it does not see in the raw ones? Here the
question is put to real photographs, scans and screenshots, and to the one inspector that runs everywhere:
`pixel-diff`, classical image processing without any learned weights.

This page is written by `perf/real_pairs.py`, figures and counts included; the figures alone stand in
`perf/results/real_pairs.json`. To make both again, with the table of pairs at hand:

    uv run python -m perf.real_pairs PAIRS.csv
"""

READING = """\
## How to read the tables

- **raw**, **processed**: balanced accuracy, the mean of the share of different pairs called different and the
  share of same pairs called same; calling everything different gives 0.50.
- **AUROC**, raw and processed: how often a different pair gets a higher P(different) than a same one. It
  needs no threshold, so it tells whether the pictures still hold the difference where the verdict has gone
  astray.
- **Δ accuracy** is the change in the share of right verdicts from raw to processed, on the same pairs, with
  its 95% interval from a bootstrap over reference pictures. It is not the difference of the two columns
  before it: those weigh both classes equally, this one counts pairs, as the test does.
- **only raw**, **only processed**: pairs that only the raw, only the processed pictures got right.
- **p** is McNemar's exact test on these two numbers; **p (Holm)** is adjusted over the {comparisons}
  comparisons of the families, or over the {processors} processors in the table of all pairs.
"""

LIMITS = """\
## What this does not say

- `pixel-diff` registers the pair, evens out the light and looks for what is left, so it does for itself what
  `absdiff`, `ssim-map` and the RT pictures do. Shown the result, it does that work twice, and thresholds that
  were chosen on raw photographs meet pictures of another kind. A vision-language model does none of this for
  itself; whether it gains is a question for a run with that model: `pytest benchmark --model NAME`.
- Processors that compare show the reference calm, and `pixel-diff` takes nearly any departure from a calm
  picture for a difference: it calls most of the good pairs different as well. A balanced accuracy near 0.50
  beside an AUROC near the raw one is a threshold that does not fit these pictures, not a picture from which
  the difference is gone. Where the AUROC falls, too, the difference is harder to tell from what good pairs
  differ by.
- Its constants for pairs of two specimens were fitted on the raw pictures of these families
  (`perf/pixel_diff.py --calibrate`). The raw column is therefore flattered, and the comparison leans
  towards raw.
- Families differ in size. Where few pairs are left, an interval spans most of what is possible and a p-value
  cannot become small, whatever the truth is.
"""

SOURCES = """\
## Where the pairs come from

The pairs are **not** in this repository. They were cut from public material, whose terms are the ones
below; whoever makes the table again has to respect them. *aligned* pairs show one specimen or scene twice;
*instance* pairs show two specimens of one product, where "same" means that both are good.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run left: its records as a table, the bench's own two tables, and its seconds."""

    trials: pd.DataFrame
    leaderboard: pd.DataFrame
    compared: pd.DataFrame
    seconds: float


def variants() -> list[str]:
    """Return ``raw`` and one name of every processor; of two names for one function, the first."""
    by_function = {get_processor(name).function: name for name in reversed(names())}
    return [name for name in names() if name in by_function.values()]


def run_bench(pairs: Path, chosen: Sequence[str], workers: int) -> Run:
    """Import the pairs and run the bench on them in a process of its own.

    Raises:
        SystemExit: If the run fails or any trial ends without a verdict.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        imported = import_table(pairs, folder / "cases", SUITE, by_product=True)
        expected = sum(imported.suites.values()) * len(chosen)
        (folder / "models.toml").write_text(
            f'[models.{MODEL}]\nengine = "{MODEL}"\ndefault = true\n', encoding="utf-8"
        )
        asked = ["--kurabe-question", "verdict"]
        asked += [word for variant in chosen for word in ("--kurabe-variant", variant)]
        command = [
            sys.executable,
            "-m",
            "pytest",
            "--pyargs",
            "kurabe.plugin.test_pairs",
            "-q",
            "-n",
            str(workers),
        ]
        started = time.perf_counter()
        done = subprocess.run(
            [*command, "--kurabe-model", MODEL, "--kurabe-no-controls", *asked],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
        )
        seconds = time.perf_counter() - started
        if done.returncode:
            raise SystemExit(done.stdout[-5000:] + done.stderr[-5000:])
        run = find_run(folder / "reports", "latest")
        trials = pd.read_csv(run.folder / "trials.csv")
        failed = trials[~trials["outcome"].isin(["correct", "wrong"])]
        if len(trials) != expected or len(failed):
            told = failed[["trial", "outcome", "text", "error"]].to_string(max_colwidth=300)
            raise SystemExit(f"{len(trials)} of {expected} trials, {len(failed)} of them failed:\n{told}")
        board, compared = (
            pd.read_csv(run.folder / f"{table}.csv") for table in ("leaderboard", "raw_vs_processed")
        )
        return Run(trials, board, compared, seconds)


def family_of(suite: str) -> str:
    """Return the family that a suite was made of."""
    return suite.removeprefix(f"{SUITE}-")


def compare(run: Run) -> pd.DataFrame:
    """Return a row for each family and processor, ``all`` last, with p-values adjusted over the rows.

    The bench adjusts over models; here there is one model, and the family of tests is the page's table.
    """
    board = run.leaderboard.set_index(["suite", "variant"])
    table = run.compared.copy()
    for column, figure in (
        ("balanced", "balanced_accuracy"),
        ("auroc", "auroc"),
        ("overkill", "overkill_rate"),
    ):
        table[f"raw_{column}"] = [board.loc[(suite, "raw"), figure] for suite in table["suite"]]
        table[column] = [board.loc[key, figure] for key in zip(table["suite"], table["variant"], strict=True)]
    total = table["suite"] == "all"
    for part in (total, ~total):
        table.loc[part, "p_holm"] = holm(table.loc[part, "p_value"].tolist())
    table["family"] = [family_of(suite) for suite in table["suite"]]
    table = table.assign(total=total).sort_values(["total", "family", "variant"])
    figures = [f"{side}{name}" for name in ("balanced", "auroc", "overkill") for side in ("raw_", "")]
    tests = [
        "delta",
        "delta_lo",
        "delta_hi",
        "raw_only_correct",
        "processed_only_correct",
        "p_value",
        "p_holm",
    ]
    return table[["family", "variant", "n", *figures, *tests]]


def markdown(rows: Sequence[Sequence[str]], head: Sequence[str], left: int) -> str:
    """Return a table; the first ``left`` columns are text, the others figures."""
    rule = ["---" if column < left else "---:" for column in range(len(head))]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows]) + "\n"


def p_text(value: float) -> str:
    """Return a p-value as it is read."""
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def family_table(rows: pd.DataFrame) -> str:
    """Return the table of one family, the best processor first."""
    lines = []
    for row in rows.sort_values(["balanced", "delta"], ascending=False).to_dict("records"):
        interval = f"{row['delta']:+.2f} [{row['delta_lo']:+.2f}, {row['delta_hi']:+.2f}]"
        counts = [str(row["raw_only_correct"]), str(row["processed_only_correct"])]
        p = [p_text(row["p_value"]), p_text(row["p_holm"])]
        shares = [f"{row[key]:.2f}" for key in ("raw_balanced", "balanced", "raw_auroc", "auroc")]
        lines.append([f"`{row['variant']}`", *shares, interval, *counts, *p])
    return markdown(lines, COLUMNS, 1)


def named(rows: pd.DataFrame) -> str:
    """Return families and processors in words: ``alien: gray, edges; cookie: gray``."""
    groups = [
        f"{family}: {', '.join(f'`{v}`' for v in part['variant'])}" for family, part in rows.groupby("family")
    ]
    return "; ".join(groups)


def findings(table: pd.DataFrame) -> str:
    """Say in words what the tables say."""
    families = table[table["family"] != "all"]
    sure = families[families["p_holm"] < LEVEL]
    better, worse = sure[sure["delta"] > 0], sure[sure["delta"] < 0]
    higher = families[families["balanced"] > families["raw_balanced"]]
    ranked = families[families["auroc"] > families["raw_auroc"] + 0.005]
    blind = families[families["overkill"] == 1]
    said = [
        f"Of {len(families)} comparisons of a family and a processor, {len(sure)} differ beyond chance "
        f"(p < {LEVEL} after Holm): {len(better)} for the better, {len(worse)} for the worse.",
        f"Better: {named(better)}." if len(better) else "No processor is shown to help.",
        f"Worse: {named(worse)}." if len(worse) else "No processor is shown to harm.",
        f"Going by balanced accuracy alone, the processed pictures are ahead in {len(higher)} comparisons"
        + (f" ({named(higher)})." if len(higher) else "."),
        f"Going by AUROC alone, they are ahead in {len(ranked)}"
        + (f" ({named(ranked)})." if len(ranked) else "."),
        f"In {len(blind)} comparisons every good pair is called different once it is processed.",
    ]
    total = table[table["family"] == "all"].sort_values("balanced")
    best, last = total.iloc[-1], total.iloc[0]
    reached = [
        f"{row['balanced']:.2f} balanced and AUROC {row['auroc']:.2f} with `{row['variant']}`"
        for row in (best, last)
    ]
    said.append(
        f"Over all pairs: {best['raw_balanced']:.2f} balanced and AUROC {best['raw_auroc']:.2f} raw; at best "
        f"{reached[0]}, at worst {reached[1]}."
    )
    return "\n".join(filled(f"- {sentence}", "  ") for sentence in said) + "\n"


def filled(text: str, indent: str = "") -> str:
    """Return a paragraph in lines of a page's width."""
    return textwrap.fill(text, 110, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)


def sources(pairs: pd.DataFrame) -> str:
    """Return the table of sources and licences."""
    lines = []
    for (family, source), part in pairs.groupby(["family", "source_repo"]):
        counts = [str((part["label"] == label).sum()) for label in ("different", "same")]
        kinds, licences = (", ".join(sorted(part[key].unique())) for key in ("pair_type", "licence"))
        lines.append([str(family), str(source).rstrip("."), licences, kinds, *counts])
    return markdown(lines, ["family", "source", "terms", "pairs", "different", "same"], 4)


def page(table: pd.DataFrame, pairs: pd.DataFrame, chosen: Sequence[str], trials: int) -> str:
    """Return the page as Markdown."""
    families = [name for name in table["family"].unique() if name != "all"]
    ran = (
        f"What was run: {len(pairs)} pairs of {len(families)} families, the `verdict` question, raw and "
        f"{len(chosen) - 1} processors, {trials} trials, one session of the bench. Every trial ended with a "
        f"verdict; no processor failed on any pair."
    )
    parts = [HEAD, filled(ran) + "\n", "## What came out\n", findings(table)]
    comparisons = int((table["family"] != "all").sum())
    parts.append(READING.format(comparisons=comparisons, processors=len(chosen) - 1))
    for family in ["all", *families]:
        rows = table[table["family"] == family]
        title = "All pairs" if family == "all" else f"Family `{family}`"
        parts.append(f"## {title} ({rows['n'].iloc[0]})\n")
        parts.append(family_table(rows))
    parts += [LIMITS, SOURCES, sources(pairs)]
    return "\n".join(parts)


def plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows with None where a figure is undefined."""
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records", double_precision=5))
    return rows


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "perf" / "results" / "real_pairs.json")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "background" / "real-pairs.md")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    chosen = variants()
    run = run_bench(options.pairs, chosen, options.workers)
    table = compare(run)
    figures = {
        "trials": len(run.trials),
        "seconds": round(run.seconds, 1),
        "workers": options.workers,
        "variants": chosen,
        "rows": plain(table),
    }
    for path, text in (
        (options.page, page(table, pd.read_csv(options.pairs), chosen, len(run.trials))),
        (options.out, json.dumps(figures, indent=1) + "\n"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(findings(table) + f"{len(run.trials)} trials in {run.seconds:.0f} s")


if __name__ == "__main__":
    main()

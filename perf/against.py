"""How long the default run takes against an earlier commit, on this machine, one after the other.

    git worktree add ../earlier 4b6508c && (cd ../earlier && uv sync --compile-bytecode)
    python -m perf.against ../earlier [--rounds 2] [--out perf/results/against.json]

Both checkouts run ``pytest benchmark -k connector`` in their own environments, in turns, with the models
that the default run had then, pixel-diff and the four of ``checkpoints/``, and with the weights, adapters and
cases of the earlier commit. The reports go to a temporary folder, so that nothing is answered from a cache.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from perf.start_end import ROOT, timed

MODELS = ("pixel-diff", "tiny-phi3v", "tiny-phi3v-connector", "tiny-phi3v-connector-linked", "tiny-mllama")
COMMAND = (
    *("pytest", "benchmark", "-k", "connector", "-p", "no:cacheprovider"),
    *(word for model in MODELS for word in ("--model", model)),
)


def run(checkout: Path, earlier: Path) -> dict[str, Any]:
    """Run the bench of a checkout; return what it took and how many trials it asked."""
    with tempfile.TemporaryDirectory() as reports:
        python = str(checkout / ".venv" / "bin" / "python")
        given = {
            "reports": reports,
            "models-file": str(earlier / "models.toml"),
            "cases": str(earlier / "cases"),
        }
        # All that commit 4b6508c knows is where reports go; the rest is its own anyway.
        options = (
            ["--reports", reports]
            if checkout == earlier
            else [word for name, value in given.items() for word in (f"--kurabe-{name}", value)]
        )
        figures: dict[str, Any] = timed([*COMMAND, *options], checkout, python)[0]
        (run,) = (Path(reports) / "runs").iterdir()
        with (run / "results.jsonl").open(encoding="utf-8") as lines:
            return figures | {"trials": sum(1 for _ in lines)}


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("earlier", type=Path, help="checkout of the earlier commit, with its .venv")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args(arguments)
    earlier = chosen.earlier.resolve()
    taken: dict[str, list[dict[str, Any]]] = {"earlier": [], "now": []}
    for _ in range(chosen.rounds):
        taken["earlier"].append(run(earlier, earlier))
        taken["now"].append(run(ROOT, earlier))
    commit = ["git", "rev-parse", "--short=7", "HEAD"]
    record: dict[str, Any] = {
        "command": " ".join(COMMAND),
        "earlier_commit": subprocess.check_output(commit, cwd=earlier, text=True).strip(),
    }
    for way, runs in taken.items():
        record[way] = {key: round(statistics.median(each[key] for each in runs), 2) for key in runs[0]}
    for key in ("seconds", "cpu_seconds"):
        pairs = zip(taken["now"], taken["earlier"], strict=True)
        record[f"{key}_ratio"] = round(statistics.median(a[key] / b[key] for a, b in pairs), 2)
    record |= {"rounds": taken, "cpus": os.cpu_count(), "python": platform.python_version()}
    print(json.dumps(record, indent=1))
    if chosen.out:
        chosen.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return record


if __name__ == "__main__":
    main()

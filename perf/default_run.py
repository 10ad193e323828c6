"""The run that the README shows first: the command as it stands there, its time and its leaderboard.

    uv run python perf/default_run.py [--out perf/results/default_run.json]

Runs ``pytest benchmark -k connector`` in a process of its own, with its reports in a temporary folder, so
that nothing is answered from a cache. What is recorded is the leaderboard as the run left it, how long it
took from the command to its end, and what was left out and why.
"""

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COMMAND = ("pytest", "benchmark", "-k", "connector")
COLUMNS = (
    "model", "variant", "question", "n", "balanced_accuracy", "balanced_accuracy_lo", "balanced_accuracy_hi",
    "accuracy", "overkill_rate", "miss_rate", "difference_recall", "seconds_per_trial",
)  # fmt: skip
WORDS = frozenset({"model", "variant", "question"})


def run(reports: Path) -> float:
    """Run the command with its reports in a folder; return its seconds.

    Raises:
        SystemExit: If it fails, with the end of its output.
    """
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", *COMMAND, "--kurabe-reports", str(reports), "-p", "no:cacheprovider"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    return seconds


def table(leaderboard: Path, suite: str) -> list[dict[str, Any]]:
    """Return the rows of a suite from ``leaderboard.csv``, with the columns that are recorded."""
    with leaderboard.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["suite"] == suite]
    return [{name: _value(name, row[name]) for name in COLUMNS} for row in rows]


def _value(name: str, text: str) -> str | int | float | None:
    if name in WORDS:
        return text
    if name == "n":
        return int(text)
    return round(float(text), 4) if text else None


def main() -> None:
    """Run the command and write what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=ROOT / "perf" / "results" / "default_run.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        reports = Path(folder)
        load = os.getloadavg()[0]
        seconds = run(reports)
        (left,) = (reports / "runs").iterdir()
        manifest = json.loads((left / "manifest.json").read_text(encoding="utf-8"))
        record = {
            "command": " ".join(COMMAND),
            "seconds": round(seconds, 1),
            "trials": manifest["answered"],
            "fewer": manifest["fewer"].get("connector"),
            "left_out": manifest["left_out"],
            "leaderboard": table(left / "leaderboard.csv", "connector"),
            "cpus": os.cpu_count(),
            "load_before": round(load, 2),
            "python": platform.python_version(),
            "packages": manifest["packages"],
        }
    options.out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{record['trials']} trials in {seconds:.0f} s; wrote {options.out}")


if __name__ == "__main__":
    main()

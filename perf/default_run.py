"""The run that the README shows first, and how the same models do on all cases and on fresh ones.

    uv run python perf/default_run.py [--out perf/results/default_run.json]

Runs ``pytest benchmark -k connector`` in a process of its own, with its reports in a temporary folder, so
that nothing is answered from a cache: what is recorded is how long it took from the command to its end, and
what was left out and why. Then the verdicts on all cases of the suite, and on a suite rendered from other
seeds (``python -m scenes connector --train 14 --seed 1``), which no shipped checkpoint was trained on.
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
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COMMAND = ("pytest", "benchmark", "-k", "connector")
SCENES = ("scenes", "connector", "--train", "14", "--seed", "1")
VERDICTS = (
    *("--kurabe-question", "verdict", "--kurabe-all-cases"),
    *("--kurabe-no-controls", "--kurabe-no-pictures"),
)
COLUMNS = (
    "model", "variant", "question", "n", "references", "balanced_accuracy", "balanced_accuracy_lo",
    "balanced_accuracy_hi", "overkill_rate", "overkilled", "n_good", "overkill_rate_hi", "miss_rate",
    "missed", "n_bad", "miss_rate_hi", "auroc", "seconds_per_trial",
)  # fmt: skip
WORDS = frozenset({"model", "variant", "question"})
COUNTS = frozenset({"n", "references", "overkilled", "n_good", "missed", "n_bad"})


def run(command: Sequence[str], reports: Path | None = None) -> float:
    """Run a module with its reports in a folder; return its seconds.

    Raises:
        SystemExit: If it fails, with the end of its output.
    """
    kept = [] if reports is None else ["--kurabe-reports", str(reports), "-p", "no:cacheprovider"]
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", *command, *kept], cwd=ROOT, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    return seconds


def table(reports: Path, suite: str = "connector") -> list[dict[str, Any]]:
    """Return the rows of a suite from ``leaderboard.csv``, with the columns that are recorded."""
    with (reports / "leaderboard.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["suite"] == suite]
    return [{name: _value(name, row[name]) for name in COLUMNS} for row in rows]


def _value(name: str, text: str) -> str | int | float | None:
    if name in WORDS:
        return text
    if name in COUNTS:
        return int(text) if text else None
    return round(float(text), 4) if text else None


def main() -> None:
    """Run the command and write what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=ROOT / "perf" / "results" / "default_run.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        load = os.getloadavg()[0]
        seconds = run(COMMAND, folder / "default")
        (left,) = (folder / "default" / "runs").iterdir()
        manifest = json.loads((left / "manifest.json").read_text(encoding="utf-8"))
        run([*COMMAND, *VERDICTS], folder / "all")
        run([*SCENES, "--out", str(folder / "cases" / "connector"), "--processes", str(os.cpu_count() or 1)])
        fresh = ["--kurabe-cases", str(folder / "cases"), "--kurabe-split", "train"]
        run([*COMMAND, *VERDICTS, *fresh], folder / "fresh")
        record = {
            "command": " ".join(COMMAND),
            "scenes": " ".join(("python -m", *SCENES)),
            "seconds": round(seconds, 1),
            "trials": manifest["answered"],
            "fewer": manifest["fewer"].get("connector"),
            "left_out": manifest["left_out"],
            "leaderboard": table(folder / "default"),
            "all": table(folder / "all"),
            "fresh": table(folder / "fresh"),
            "cpus": os.cpu_count(),
            "load_before": round(load, 2),
            "python": platform.python_version(),
            "packages": manifest["packages"],
        }
    options.out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{record['trials']} trials in {seconds:.0f} s; wrote {options.out}")


if __name__ == "__main__":
    main()

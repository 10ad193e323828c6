"""How much longer a short run takes than a plain script, from the command to the prompt.

    python -m perf.start_end [--rounds 5] [--out perf/results/start_end.json]

In each round, one after the other: the script (`perf.plain_mllama`) asks tiny-mllama for 32 verdicts; the
bench asks for the same and for 16 controls, and leaves tables, pictures and page; it asks for the 32 alone;
and it runs again with all answers in its cache. Ratios are taken within a round, as other programs may slow
down a machine for minutes.
"""

import argparse
import csv
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CHECKPOINT = "checkpoints/tiny-mllama"
BENCH = (
    *("pytest", "benchmark", "-k", "connector", "--model", "tiny-mllama"),
    *("--question", "verdict", "--variant", "raw"),
)
BENCHES = ("bench", "without_controls", "cached")


def timed(
    command: Sequence[str], folder: Path = ROOT, python: str = sys.executable
) -> tuple[dict[str, float], str]:
    """Run a module of Python; return its seconds and CPU seconds, and what it printed.

    Raises:
        SystemExit: If it fails, with the end of its output.
    """
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [python, "-m", *command], cwd=folder, env=environment, capture_output=True, text=True
    )
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit((done.stdout + done.stderr)[-3000:])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2)}, done.stdout


def bench(reports: Path, *options: str) -> dict[str, float]:
    """Run the bench with its reports in a folder."""
    return timed([*BENCH, *options, "--kurabe-reports", str(reports), "-p", "no:cacheprovider"])[0]


def answers(reports: Path) -> list[dict[str, str]]:
    """Return what the bench was asked, controls left out."""
    with (reports / "trials.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["control"] == "False"]


def write_pairs(rows: Sequence[dict[str, str]], reports: Path, table: Path) -> None:
    """Write what the script asks, from what the bench has asked."""
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["prompt", "reference", "test"])
        for row in rows:
            pictures = (reports / row[f"{name}_picture"] for name in ("reference", "test"))
            writer.writerow([row["prompt"], *pictures])


def measured(rounds: int, folder: Path) -> dict[str, Any]:
    """Measure so many rounds, after one that writes bytecode and fills the system's cache of files."""
    bench(folder / "first")
    asked = answers(folder / "first")
    write_pairs(asked, folder / "first", folder / "pairs.csv")
    plain = ["perf.plain_mllama", CHECKPOINT, str(folder / "pairs.csv")]
    told = timed(plain)[1].splitlines()
    taken: dict[str, list[dict[str, float]]] = {way: [] for way in ("plain", *BENCHES)}
    for number in range(rounds):
        taken["plain"].append(timed(plain)[0])
        taken["bench"].append(bench(folder / f"{number}"))
        taken["without_controls"].append(bench(folder / f"{number}-alone", "--kurabe-no-controls"))
        taken["cached"].append(bench(folder / f"{number}"))
    figures: dict[str, Any] = {
        way: {key: round(statistics.median(each[key] for each in runs), 2) for key in runs[0]}
        for way, runs in taken.items()
    }
    for way in BENCHES:
        for key in ("seconds", "cpu_seconds"):
            pairs = zip(taken[way], taken["plain"], strict=True)
            figures[way][f"{key}_to_plain"] = round(statistics.median(a[key] / b[key] for a, b in pairs), 2)
    equal = sum(row["text"] == text for row, text in zip(asked, told, strict=True))
    return figures | {"verdicts": len(asked), "equal_answers": equal, "rounds": taken}


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        record = {"command": " ".join(BENCH)} | measured(chosen.rounds, Path(name))
    record |= {"cpus": os.cpu_count(), "load_after": round(os.getloadavg()[0], 2)}
    record |= {"python": platform.python_version()}
    record |= {name: version(name) for name in ("torch", "transformers")}
    print(json.dumps(record, indent=1))
    if chosen.out:
        chosen.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return record


if __name__ == "__main__":
    main()

"""What a report of a large run takes: ``uv run python -m perf.report_size [TRIALS] [--record]``.

Runs ``kurabe report`` on drawn trials in a process of its own, and opens the page that it writes. Processor
time is given beside the seconds, as other programs may be running.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from perf.page_decide import measure, write_run
from tests.support.browser import COMPLETE, READY

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "perf" / "results" / "report_size.json"
NAME = "20260101-000000"


def report(reports: Path) -> dict[str, float]:
    """Run ``kurabe report``; return its seconds, and the most memory that it held.

    Raises:
        SystemExit: If it fails.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    command = [sys.executable, "-m", "kurabe.cli", "report", NAME, "--reports", str(reports)]
    done = subprocess.run(command, cwd=reports, capture_output=True, text=True)
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": round(seconds, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime, 1),
        "most_mib": round(used.ru_maxrss / 1024),
    }


def main() -> None:
    """Measure, print, and record if this is wanted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("trials", type=int, nargs="?", default=50_000)
    parser.add_argument("--record", action="store_true", help=f"write the figures to {FIGURES.name}")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        reports = Path(folder) / "reports"
        run = write_run(reports / "runs" / NAME, asked.trials)
        figures: dict[str, object] = {
            "trials": asked.trials,
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            **report(reports),
        }
        page = run.folder / "index.html"
        shown = measure(page, 3)
        figures["page_mib"] = round(page.stat().st_size / 2**20, 1)
        figures |= {"first_figures_s": round(shown[READY], 2), "all_figures_s": round(shown[COMPLETE], 2)}
    print(json.dumps(figures, indent=2))
    if asked.record:
        FIGURES.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

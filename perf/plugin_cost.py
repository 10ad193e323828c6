"""What kurabe's plugin costs a pytest session that has nothing to do with it.

    uv run python perf/plugin_cost.py [--sessions 100] [--out perf/results/plugin_cost.json]

Sessions of one test and of 200, in turns with the plugin and without it (``-p no:kurabe``). Each runs in a
child of a process that has imported everything but kurabe, so that what differs is a large part of what is
measured. It is CPU time, of which the quickest session counts, as other programs on the machine only add to
it. Where they keep all cores busy, everything takes up to twice as long: the record holds the load. The
import alone is measured by ``python -X importtime``: what the plugin's modules add once pytest is there.
"""

import argparse
import gc
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
OTHERS = ("-p", "no:randomly", "-p", "no:benchmark", "-p", "no:repeat", "-p", "no:cacheprovider")
"""Leaves out plugins of others, which this repository's tests need."""

IMPORTS = """
import pytest
print("begin", file=__import__("sys").stderr)
import kurabe.plugin
"""


def environment() -> dict[str, str]:
    """Return the environment of the sessions: they keep their bytecode, as users' do."""
    found = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    found.pop("PYTHONDONTWRITEBYTECODE", None)
    return found


def session(folder: Path, *options: str) -> float:
    """Run pytest on a folder in a child of this process; return its CPU seconds."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), 1)
        start = time.process_time()
        code = pytest.main(["-q", *OTHERS, "--rootdir", str(folder), *options, str(folder)])
        os.write(writer, f"{code:d} {time.process_time() - start}".encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        ended, seconds = told.read().split()
    os.waitpid(child, 0)
    if int(ended):
        raise SystemExit(f"pytest ended with {ended}")
    return float(seconds)


def imported() -> tuple[float, list[str]]:
    """Return the milliseconds of the plugin's imports, and the modules that come with them."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", IMPORTS],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stderr.splitlines()
    after = [line.split("|") for line in lines[lines.index("begin") + 1 :] if line.startswith("import time:")]
    own = sum(float(parts[0].removeprefix("import time:")) for parts in after) / 1000
    return own, sorted(parts[2].strip() for parts in after)


def cost(tests: int, sessions: int) -> dict[str, Any]:
    """Measure sessions of so many tests, in turns with the plugin and without it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = "".join(f"def test_{number}():\n    pass\n\n\n" for number in range(tests))
        (folder / f"test_{tests}.py").write_text(text, encoding="utf-8")
        pytest.main(["-q", *OTHERS, "-p", "no:kurabe", "--rootdir", name, name])  # imports what all share
        gc.freeze()  # else what a child allocates makes it look through all objects of its parent
        ways: dict[str, tuple[str, ...]] = {"with": (), "without": ("-p", "no:kurabe")}
        taken: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(sessions):
            for way, options in ways.items():
                taken[way].append(1000 * session(folder, *options))
    least = {way: min(times) for way, times in taken.items()}
    return {
        "tests": tests,
        "ms_with": round(least["with"], 1),
        "ms_without": round(least["without"], 1),
        "ms_more": round(least["with"] - least["without"], 1),
    }


def main() -> None:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sessions", type=int, default=100, help="of each kind (default: 100)")
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    imports = [imported() for _ in range(chosen.sessions)]
    figures = {
        "import_ms": round(min(time for time, _ in imports), 2),
        "modules": imports[-1][1],
        "sessions": [cost(tests, chosen.sessions) for tests in (1, 200)],
        "sessions_of_each": chosen.sessions,
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "load_average": round(os.getloadavg()[1], 1),
    }
    print(json.dumps(figures, indent=2))
    if chosen.out:
        chosen.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

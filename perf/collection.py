"""The bench's own cost: collecting 10,000 cases, and a trial's share of everything but the model.

    uv run python perf/collection.py [--cases 10000] [--out perf/results/collection.json]

Makes a project with that many cases, each with images of its own, in a temporary folder, and runs pytest
there in fresh processes. The engine looks at the pixels and answers at once (``tests/support/instant.py``),
so what is left is the bench: reading files, hashing pictures, caching, scoring, writing results.
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

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
QUIET = ("-p", "no:randomly", "-p", "no:benchmark", "-p", "no:repeat")
"""Leaves out plugins that the tests have installed: they cost a session more than kurabe does."""

CASE = """  - id: c{0:05d}
    reference: images/r{1:04d}.png
    test: images/t{0:05d}.png
    tags: [missing, easy]
    expect:
      verdict: {2}
"""


def make_project(folder: Path, cases: int, per_reference: int = 4) -> None:
    """Write a suite of ``cases`` cases with 64×48 images, and a models.toml with the instant engine."""
    images = folder / "cases" / "big" / "images"
    images.mkdir(parents=True)
    generator = np.random.default_rng(0)
    lines = ["suite: big\ncases:\n"]
    for number in range(cases):
        reference = number // per_reference
        if number % per_reference == 0:
            pixels = generator.integers(0, 255, (48, 64, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(images / f"r{reference:04d}.png", compress_level=1)
        changed = pixels.copy()
        changed[5, 5, 0] ^= 1 + number % 7  # no two files are alike
        if number % 2:
            changed[10:20, 10:20] = 255 - changed[10:20, 10:20]
        Image.fromarray(changed).save(images / f"t{number:05d}.png", compress_level=1)
        lines.append(CASE.format(number, reference, "different" if number % 2 else "same"))
    (images.parent / "big.yaml").write_text("".join(lines), encoding="utf-8")
    (folder / "models.toml").write_text(
        '[models.instant]\nengine = "tests.support.instant:create"\ndefault = true\n', encoding="utf-8"
    )


def run(folder: Path, *options: str) -> tuple[float, str]:
    """Run pytest in a process of its own; return its seconds and its output."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # users' pythons keep their bytecode
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *QUIET, "--pyargs", "kurabe.plugin.test_pairs", *options],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(done.stdout[-3000:] + done.stderr[-3000:])
    return seconds, done.stdout


def child_peak() -> int:
    """Return the largest resident memory of any finished child process, in bytes."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def main() -> None:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_project(folder, arguments.cases)
        run(folder, "--collect-only", "-q", "-k", "c00001")  # writes the bytecode
        collect, _ = run(folder, "--collect-only", "-q", "--kurabe-no-controls")
        memory = child_peak()
        few, _ = run(folder, "-q", "--kurabe-no-controls", "-k", "c0000")
        whole, _ = run(folder, "-q", "--kurabe-no-controls")
        again, _ = run(folder, "-q", "--kurabe-no-controls")
    # What a session costs whatever its length (start, collection, tables) is in both runs.
    trial = (whole - few) / (arguments.cases - 10) * 1000
    cached = (again - few) / (arguments.cases - 10) * 1000
    shipped = min(
        run(ROOT, "--collect-only", "-q", "--kurabe-reports", tempfile.gettempdir())[0] for _ in range(3)
    )
    figures = {
        "cases": arguments.cases,
        "collection_seconds": round(collect, 2),
        "collection_peak_mb": round(memory / 1e6),
        "milliseconds_per_trial": round(trial, 2),
        "milliseconds_per_cached_trial": round(cached, 2),
        "collect_shipped_suites_seconds": round(shipped, 2),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "load_before": os.getloadavg()[0],
    }
    print(json.dumps(figures, indent=2))
    if arguments.out:
        arguments.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

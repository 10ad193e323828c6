"""Whether memory stays flat: ``python perf/memory.py [--pairs 300] [--runs 15] [--record]``.

First one run over many large pairs with ``pixel-diff``, its resident memory taken after each twentieth
result; then many runs in one process, taken after each. Both are of a process of their own, and of synthetic
pictures.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import psutil
import yaml
from PIL import Image, ImageFilter

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "perf" / "results" / "memory.json"
SIZE = (1400, 760)
EACH = 20
MIB = 2**20

PLUGIN = """
from pathlib import Path

import psutil

results = 0

def pytest_runtest_logreport(report):
    global results
    if report.when == "call":
        results += 1
        if results % {each} == 0:
            with Path({log!r}).open("a") as file:
                print(psutil.Process().memory_info().rss, file=file)
"""

RUNS = """
import contextlib, io, sys
import psutil, pytest

for _ in range(int(sys.argv[1])):
    with contextlib.redirect_stdout(io.StringIO()):
        code = pytest.main([*sys.argv[3:], "--kurabe-fresh", "-q"])
    if code:
        raise SystemExit(f"a run ended with {code}")
    with open(sys.argv[2], "a") as file:
        print(psutil.Process().memory_info().rss, file=file)
"""

MAIN = (
    "-p",
    "no:cacheprovider",
    "-p",
    "no:randomly",
    "-p",
    "no:benchmark",
    "--pyargs",
    "kurabe.plugin.test_pairs",
)


def project(root: Path, pairs: int, size: tuple[int, int]) -> None:
    """Write a project with ``pixel-diff`` and a suite of so many pairs, each with pictures of its own."""
    chance = np.random.default_rng(1)
    images = root / "cases" / "large" / "images"
    images.mkdir(parents=True)
    cases = []
    for number in range(pairs):
        coarse = chance.integers(0, 255, (size[1] // 20, size[0] // 20, 3), np.uint8)
        good = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC).filter(ImageFilter.BLUR)
        test = good.copy()
        if number % 2:
            test.paste((255, 255, 255), (size[0] // 3, size[1] // 3, size[0] // 2, size[1] // 2))
        for name, picture in (("good", good), ("test", test)):
            picture.save(images / f"{name}{number:03}.jpg", quality=90)
        cases.append(
            {
                "id": f"c{number:03}",
                "reference": f"images/good{number:03}.jpg",
                "test": f"images/test{number:03}.jpg",
                "expect": {"verdict": "different" if number % 2 else "same"},
            }
        )
    text = yaml.safe_dump(
        {"suite": "large", "defaults": {"ask": ["verdict"]}, "cases": cases}, sort_keys=False
    )
    (root / "cases" / "large" / "large.yaml").write_text(text, encoding="utf-8")
    (root / "models.toml").write_text('[models.pixel-diff]\nengine = "pixel-diff"\ndefault = true\n')


def measured(command: list[str], root: Path, log: Path) -> list[int]:
    """Run a command; return the resident memory that it logged, in MiB.

    Raises:
        SystemExit: If it fails.
    """
    path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        command, cwd=root, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stdout[-3000:] + done.stderr[-3000:])
    return [round(int(line) / MIB) for line in log.read_text().splitlines()]


def over_pairs(pairs: int, *more: str) -> list[int]:
    """Return the memory of one run after each twentieth pair."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        project(root, pairs, SIZE)
        log = root / "memory"
        (root / "watching.py").write_text(PLUGIN.format(each=EACH, log=str(log)))
        chosen = ["-p", "watching", "-q", "--kurabe-no-controls", *more]
        return measured([sys.executable, "-m", "pytest", *MAIN, *chosen], root, log)


def over_runs(runs: int) -> list[int]:
    """Return the memory of a process after each of its runs of 20 small pairs."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        project(root, 20, (320, 200))
        log = root / "memory"
        return measured([sys.executable, "-c", RUNS, str(runs), str(log), *MAIN], root, log)


def main() -> None:
    """Measure, print, and record if this is wanted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--record", action="store_true", help=f"write the figures to {FIGURES.name}")
    chosen = parser.parse_args()
    figures: dict[str, object] = {"cores": os.cpu_count(), "python": platform.python_version()}
    figures["machine_gib"] = round(psutil.virtual_memory().total / 2**30)
    if chosen.pairs:
        figures |= {"pairs": chosen.pairs, "size": SIZE, "each": EACH, "mib": over_pairs(chosen.pairs)}
    if chosen.runs:
        figures |= {"runs": chosen.runs, "mib_after_runs": over_runs(chosen.runs)}
    print(json.dumps(figures, indent=2))
    if chosen.record:
        FIGURES.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Fills the disk under a run at random moments, and looks at what is left.

    python -m tests.hard.disk --tries 30 --record

Each try is a run whose reports lie on a file system of one or two MiB, which is filled before the run or
after some of its results. The run must end by itself and tell it once, without a traceback; what it leaves is
whole, and once there is room again the next run does the rest. It takes the right to mount.
"""

import os
import random
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kurabe.common.errors import KurabeError
from kurabe.results.run import Run, runs_of
from tests.hard.records import ROOT, parser, record, spread
from tests.support.project import MAIN, case, project, suite

LIMIT = 300

CONFTEST = """
from contextlib import suppress

from kurabe.plugin.session import Session

keep = Session.keep

def kept(self, record, line=None):
    if len(self.records) == {after}:
        with suppress(OSError), open({ballast!r}, "wb", buffering=0) as ballast:
            while ballast.write(bytes(1024)) == 1024:
                pass
    keep(self, record, line)

Session.keep = kept
"""


@dataclass(frozen=True)
class Outcome:
    """What came of a try.

    Attributes:
        faults: What went wrong; empty if nothing did.
        results: How many results the full disk left.
    """

    seed: int
    faults: tuple[str, ...]
    results: int


def attempt(seed: int) -> Outcome:
    """Make a run whose disk fills up, and another one with room."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="kurabe-disk-") as folder:
        root, disk = Path(folder) / "project", Path(folder) / "disk"
        root.mkdir()
        disk.mkdir()
        size = f"size={chance.choice((1, 2))}m"
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", disk], check=True)
        try:
            return _attempt(seed, chance, root, disk)
        finally:
            subprocess.run(["umount", "-l", disk], check=True)


def _attempt(seed: int, chance: random.Random, root: Path, disk: Path) -> Outcome:
    trials = chance.randint(10, 60)
    project(root)
    suite(root, "pins", [case(f"p{i}", "different" if i % 3 else "same") for i in range(trials)])
    after = chance.randint(0, trials)
    (root / "conftest.py").write_text(CONFTEST.format(after=after, ballast=str(disk / "ballast")))
    pictures = chance.choice(((), ("--kurabe-no-pictures",)))
    workers = chance.choice(((), (), ("-n", "2")))
    first = _run(root, disk, *pictures, *workers)
    faults = _told(first)
    if first.returncode != 1:
        faults.append(f"exit code {first.returncode}")
    if left := list(disk.rglob("*.tmp")):
        faults.append(f"left {left[0].name}")
    runs = runs_of(disk / "reports")
    kept = _whole(runs[-1], faults) if runs else 0
    (disk / "ballast").unlink(missing_ok=True)
    (root / "conftest.py").unlink()
    again = _run(root, disk, "--kurabe-no-pictures")
    faults += _told(again)
    if again.returncode != 0 or _whole(runs_of(disk / "reports")[-1], faults) != trials + 1:
        faults.append(f"with room again: exit code {again.returncode}: {again.stdout[-600:]}")
    return Outcome(seed, tuple(faults), kept)


def _run(root: Path, disk: Path, *more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    kept["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    where = ("--kurabe-reports", str(disk / "reports"), "-p", "no:cacheprovider")
    return subprocess.run(
        [sys.executable, "-m", "pytest", *MAIN, *where, *more],
        cwd=root, env=kept, capture_output=True, text=True, timeout=LIMIT,
    )  # fmt: skip


def _told(done: subprocess.CompletedProcess[str]) -> list[str]:
    out = done.stdout + done.stderr
    return [f"{word}: {out[-2000:]}" for word in ("INTERNALERROR", "Traceback") if word in out]


def _whole(run: Run, faults: list[str]) -> int:
    """Read what a run left; return how many results it has."""
    try:
        return len({each.trial for each in run.records()})
    except KurabeError as error:
        faults.append(str(error))
        return 0


def main(arguments: list[str] | None = None) -> int:
    """Try, tell what failed, and record the figures if this is wanted."""
    chosen = parser(__doc__, tries=5).parse_args(arguments)
    seeds = [1000 * chosen.seed + number for number in range(chosen.tries)]
    outcomes = []
    with suppress(KeyboardInterrupt):
        for outcome in spread(attempt, seeds, chosen.processes):
            outcomes.append(outcome)
            told = "; ".join(outcome.faults) or "ok"
            print(f"seed {outcome.seed}: {told} ({outcome.results} results)", flush=True)
    failed = [outcome.seed for outcome in outcomes if outcome.faults]
    figures = {"tries": len(outcomes), "failed": failed, "seed": chosen.seed}
    print(figures)
    if chosen.record:
        record("disk", figures)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

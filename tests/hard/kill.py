"""Kills workers of pytest-xdist at random moments, late ones above all, and looks at what is left.

    python -m tests.hard.kill --tries 100 --processes 8 --record

Each try is a run with two workers in a project of its own, of which every second asks again what it has
asked before (``--fresh``). It must end, leave its tables and one result for each trial, and ask nothing a
second time that was stored. A temporary file that a killed worker leaves must go with the next file that is
written into its folder.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from kurabe.common.atomic import write_text
from tests.hard.records import ROOT, parser, record, spread
from tests.support.project import MAIN, case, project, results, suite

LIMIT = 300
"""Seconds after which a run counts as hanging; one takes five on an idle machine."""

ENGINE = """
[models.instant]
engine = "tests.support.instant:create"
default = true
seconds = {seconds}
"""

# Notes what is asked and what is stored, in one file and one order. Small groups make many of few trials.
CONFTEST = """
import os
from pathlib import Path

from kurabe.answering.cache import AnswerCache
from kurabe.answering.lookup import Lookup
from kurabe.plugin import scheduling

scheduling.GROUP = {group}
log = os.open(Path(__file__).with_name("events"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
put, ready = AnswerCache.put, Lookup.ready

def noted(event, keys):
    os.write(log, "".join(f"{{event}} {{key}}\\n" for key in keys).encode())

def stored(self, answers):
    put(self, answers)
    noted("stored", answers)

def asked(self, *told, **more):
    found = ready(self, *told, **more)
    noted("asked", [each.key for each in getattr(found, "asked", ())])
    return found

AnswerCache.put, Lookup.ready = stored, asked
"""


@dataclass(frozen=True)
class Outcome:
    """What came of a try.

    Attributes:
        faults: What went wrong; empty if nothing did.
        kills: Workers that were killed.
        late: Of these, those killed when less than a fifth of the trials had no result.
        temporary: Temporary files that killed workers left until the next run.
    """

    seed: int
    faults: tuple[str, ...]
    kills: int
    late: int
    temporary: int = 0


def attempt(seed: int) -> Outcome:
    """Make one run, and kill one or two of its workers."""
    chance = random.Random(seed)
    root = Path(tempfile.mkdtemp(prefix="kurabe-kill-"))
    try:
        return _attempt(seed, chance, root)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _attempt(seed: int, chance: random.Random, root: Path) -> Outcome:
    trials = chance.randint(12, 60)
    seconds = chance.choice([0.0, 0.01, 0.05])
    project(root, ENGINE.format(seconds=seconds))
    suite(root, "pins", [case(f"p{i}", "different" if i % 3 else "same") for i in range(trials)])
    (root / "conftest.py").write_text(CONFTEST.format(group=chance.randint(2, 16)), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *MAIN, "-n", "2"]
    if fresh := seed % 2 == 1:
        subprocess.run(command, cwd=root, env=_environment(), capture_output=True, timeout=LIMIT, check=True)
        (root / "events").unlink()
        command.append("--kurabe-fresh")
    total = trials + 1  # and the control
    moments = sorted(_moment(chance, total) for _ in range(chance.choice([1, 1, 2])))
    earlier = len(_runs(root))
    # Into a file: a pipe that nobody reads before the end would stop a session that has much to tell.
    output = root / "output.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=root, env=_environment(), stdout=file, stderr=subprocess.STDOUT
        )
    kills = late = 0
    for moment in moments:
        at = _wait(process, root, earlier, moment)
        if at is not None and _kill_one(process, chance):
            kills += 1
            late += at >= 0.8 * total
    try:
        process.wait(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        process.kill()
        return Outcome(seed, ("hangs",), kills, late)
    told = output.read_text(encoding="utf-8", errors="replace")
    faults = _faults(root, process.returncode, told, total, fresh)
    left = list(root.rglob("*.tmp"))
    return Outcome(seed, (*faults, *_unremoved(left)), kills, late, len(left))


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}


def _moment(chance: random.Random, total: int) -> int:
    """Return after how many results a worker is killed: mostly among the last ones."""
    return chance.randint(int(0.8 * total), total) if chance.random() < 0.7 else chance.randint(0, total)


def _runs(root: Path) -> list[Path]:
    folder = root / "reports" / "runs"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _wait(process: subprocess.Popen[bytes], root: Path, earlier: int, moment: int) -> int | None:
    """Wait for so many results; return how many there are, None if the run has ended."""
    while process.poll() is None:
        runs = _runs(root)[earlier:]
        path = runs[0] / "results.jsonl" if runs else None
        there = path.read_bytes().count(b"\n") if path is not None and path.is_file() else 0
        if there >= moment and (there or moment):
            return there
        if moment == 0 and len(psutil.Process(process.pid).children()) == 2:
            return 0
        time.sleep(0.005)
    return None


def _kill_one(process: subprocess.Popen[bytes], chance: random.Random) -> bool:
    with suppress(psutil.Error):
        if workers := psutil.Process(process.pid).children():
            chance.choice(workers).kill()
            return True
    return False


def _faults(root: Path, code: int, told: str, total: int, fresh: bool) -> list[str]:
    """Say what is wrong with what a run has left."""
    faults = []
    if code != 0:
        faults.append(f"exit code {code}: {told[-2000:]}")
    if "INTERNALERROR" in told:
        faults.append(f"INTERNALERROR: {told[-2000:]}")
    if not _runs(root):
        return [*faults, f"no run: {told[-2000:]}"]
    counts = Counter(line["trial"] for line in results(root))
    if len(counts) != total or set(counts.values()) != {1}:
        faults.append(f"{len(counts)} of {total} trials, at most {max(counts.values(), default=0)} times")
    faults += [
        f"{name} is missing"
        for name in ("leaderboard.csv", "trials.csv")
        if not (_runs(root)[-1] / name).is_file()
    ]
    stored: set[str] = set()
    for line in (root / "events").read_text().splitlines():
        event, key = line.split()
        if event == "stored":
            stored.add(key)
        elif key in stored:
            faults.append(f"asked although stored{', with --fresh' if fresh else ''}")
    return faults


def _unremoved(left: list[Path]) -> list[str]:
    """Write beside temporary files, as a later run does; say which of them stay."""
    for path in left:
        os.utime(path, (1e9, 1e9))
        write_text(path.with_name("later"), "")
    return [f"{path.name} stays" for path in left if path.exists()]


def main(arguments: list[str] | None = None) -> int:
    """Try, tell what failed, and record the figures if this is wanted."""
    chosen = parser(__doc__, tries=5).parse_args(arguments)
    seeds = [1000 * chosen.seed + number for number in range(chosen.tries)]
    outcomes = []
    for outcome in spread(attempt, seeds, chosen.processes):
        outcomes.append(outcome)
        print(
            f"seed {outcome.seed}: {'; '.join(outcome.faults) or 'ok'} ({outcome.kills} killed)", flush=True
        )
    failed = [outcome.seed for outcome in outcomes if outcome.faults]
    figures = {
        "tries": len(outcomes),
        "kills": sum(outcome.kills for outcome in outcomes),
        "temporary_files_removed": sum(outcome.temporary for outcome in outcomes),
        "late_kills": sum(outcome.late for outcome in outcomes),
        "failed": failed,
        "seed": chosen.seed,
    }
    print(figures)
    if chosen.record:
        record("kill", figures)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

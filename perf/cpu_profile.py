"""Where the default run spends its time on a CPU: shares by what is done, over all threads.

    python -m perf.cpu_profile [--out perf/results/cpu_profile.json] [-- PYTEST OPTIONS]

Runs ``pytest benchmark`` in a process of its own with a thread that looks at all the others a hundred times a
second. What a thread has computed since the last look, by the system's own count, is put to the account of
where its stack is: the innermost line that belongs to one of the rooms below decides. Threads that wait have
computed nothing. Threads without a Python stack are those of the arithmetic libraries. Reports go to a
temporary folder, so that nothing is answered from a cache.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EVERY = 0.01
"""Seconds between two looks."""

IMPORTING = "importing libraries"
ROOMS = {
    "arithmetic of the models": (
        "kurabe/models/families/phi3v/modeling", "kurabe/models/families/phi3v/vision",
        "kurabe/models/families/phi3v_core/image_embedding", "kurabe/models/families/phi3v_core/bare",
        "kurabe/models/families/bare", "kurabe/models/families/mllama/bare",
        "kurabe/models/families/phi3v_core/encoder", "kurabe/models/families/phi3v_core/rope",
        "kurabe/models/families/phi3v_core/runtime", "kurabe/models/runtime/",
        "kurabe/models/families/mllama/runtime", "kurabe/models/families/mllama/text",
        "kurabe/models/families/mllama/vision", "kurabe/models/engines/local/by_generate",
        "kurabe/models/engines/good_parts",
    ),
    "image processing": (
        "kurabe/imaging/", "kurabe/models/engines/pixel_diff", "kurabe/models/engines/local/rows",
        "kurabe/models/families/phi3v_core/processing", "kurabe/models/families/phi3v_core/image_tokens",
        "kurabe/models/families/mllama/correction", "kurabe/models/families/mllama/rows",
        "kurabe/models/families/mllama/tiles", "kurabe/models/families/phi3v_core/rows",
        "kurabe/models/families/inputs", "kurabe/answering/pictures",
    ),
    "keeping pictures": ("kurabe/results/album",),
    IMPORTING: ("<frozen importlib",),
    "loading weights": (
        "kurabe/models/engines/local/checkpoint", "kurabe/models/engines/local/building",
        "kurabe/models/engines/local/bare_loading", "kurabe/models/engines/local/early",
        "kurabe/models/weights",
    ),
    "reports": ("kurabe/report/",),
    "collecting cases": ("kurabe/cases/",),
    "asking and keeping": ("kurabe/",),
    "pytest": ("_pytest/", "pluggy/", "/pytest/"),
}  # fmt: skip
"""Beginnings of a file's place within its package, by room; the first room that fits is taken."""

FREE = ("arithmetic of the models", "image processing")
"""What a run is there for; everything else should take little."""

LIBRARIES = "arithmetic of the models"
"""Where the computing threads of torch belong, which have no Python stack."""


def room_of(frame: FrameType | None) -> str:
    """Return the room of a stack: its innermost frame that is in one decides."""
    found = None
    while frame is not None:
        room = _room(frame.f_code)
        if room == IMPORTING:
            return room
        if found is None and room is not None:
            found = room
            if room in FREE:
                return room
        frame = frame.f_back
    return found or "other"


_known: dict[CodeType, str | None] = {}


def imported(frame: FrameType | None) -> str:
    """Return the library that the program asked for, where a stack is within an import."""
    library = "the bench"
    while frame is not None:
        path = PurePath(frame.f_code.co_filename)
        if "site-packages" in path.parts:
            name = path.parts[path.parts.index("site-packages") + 1]
            if name not in ("_pytest", "pluggy", "xdist"):
                library = name.removesuffix(".py")
        elif "/kurabe/" in path.as_posix():
            return library
        frame = frame.f_back
    return library


def _room(code: CodeType) -> str | None:
    if code not in _known:
        _known[code] = room_of_file(code.co_filename)
    return _known[code]


def room_of_file(name: str) -> str | None:
    """Return the room that a file belongs to; None where whoever calls it decides."""
    path = PurePath(name).as_posix()
    for room, beginnings in ROOMS.items():
        for beginning in beginnings:
            inside = path.rpartition("/kurabe/")[2]
            if beginning.startswith("kurabe/"):
                if "/kurabe/" in path and f"kurabe/{inside}".startswith(beginning):
                    return room
            elif beginning in path:
                return room
    return None


class Sampler(threading.Thread):
    """Looks at all threads of this process until it is told to stop.

    Attributes:
        seconds: CPU time by room.
        imports: Of importing, by the library that was asked for.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seconds: dict[str, float] = defaultdict(float)
        self.imports: dict[str, float] = defaultdict(float)
        self._over = threading.Event()
        self._before: dict[int, float] = cpu_seconds()

    def run(self) -> None:
        """Look, until `stop`."""
        while not self._over.wait(EVERY):
            self._look()

    def stop(self) -> None:
        """End the thread after a last look, so that what was computed since the one before counts, too."""
        self._over.set()
        self.join()
        self._look()

    def _look(self) -> None:
        frames = sys._current_frames()
        own = {thread.native_id: thread.ident for thread in threading.enumerate()}
        now = cpu_seconds()
        for thread, seconds in now.items():
            spent = seconds - self._before.get(thread, 0.0)
            if spent <= 0 or thread == self.native_id:
                continue
            ident = own.get(thread)
            frame = None if ident is None else frames.get(ident)
            room = LIBRARIES if ident is None else room_of(frame)
            self.seconds[room] += spent
            if room == IMPORTING:
                self.imports[imported(frame)] += spent
        self._before = now


def cpu_seconds() -> dict[int, float]:
    """Return the CPU time of each thread of this process, by its number in the system.

    By the scheduler's own clock where the system keeps it, else in ticks of a hundredth of a second.
    """
    found = {}
    for task in Path("/proc/self/task").iterdir():
        try:
            spent: float = int((task / "schedstat").read_text(encoding="ascii").split()[0]) * 1e-9
            if not spent:
                fields = (task / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
                spent = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except (OSError, IndexError, ValueError):
            continue  # the thread has ended meanwhile
        found[int(task.name)] = spent
    return found


def largest(seconds: Mapping[str, float], number: int | None = None) -> dict[str, float]:
    """Return the largest of these, in order."""
    ordered = sorted(seconds.items(), key=lambda item: -item[1])
    return {name: round(spent, 2) for name, spent in ordered[:number]}


def shares(seconds: Mapping[str, float]) -> dict[str, float]:
    """Return each room's share, the largest first."""
    total = sum(seconds.values())
    return {room: round(seconds[room] / total, 4) for room in largest(seconds)} if total else {}


def over(found: Mapping[str, float], rooms: Iterable[str] = FREE, limit: float = 0.1) -> dict[str, float]:
    """Return the shares above the limit of what a run is not there for."""
    return {room: share for room, share in found.items() if share > limit and room not in rooms}


def inside(options: Sequence[str], out: Path) -> None:
    """Run pytest in this process under the sampler, and write what was found."""
    sampler = Sampler()
    sampler.start()
    start = time.perf_counter()
    import pytest

    code = pytest.main(["--pyargs", "kurabe.plugin.test_pairs", *options])
    wall = time.perf_counter() - start
    sampler.stop()
    used = resource.getrusage(resource.RUSAGE_SELF)
    record = {
        "exit_code": int(code),
        "wall_seconds": round(wall, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "sampled_seconds": round(sum(sampler.seconds.values()), 1),
        "seconds": largest(sampler.seconds),
        "shares": shares(sampler.seconds),
        "importing": largest(sampler.imports, 12),
    }
    out.write_text(json.dumps(record), encoding="utf-8")
    if code > pytest.ExitCode.TESTS_FAILED:
        raise SystemExit(int(code))


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Profile, print and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, default=ROOT, help="the project (default: this repository)")
    parser.add_argument("options", nargs="*", help="for pytest")
    chosen = parser.parse_args(arguments)
    if chosen.inside:
        inside(chosen.options, chosen.inside)
        return {}
    with tempfile.TemporaryDirectory() as name:
        found = Path(name) / "found.json"
        options = [*chosen.options, "--kurabe-fresh", f"--kurabe-reports={name}", "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "perf.cpu_profile", "--inside", str(found), "--", *options]
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        # Bytecode as it is from the second run on, without writing any beside the libraries.
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONPYCACHEPREFIX": str(Path(name) / "bytecode")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        first = [
            sys.executable,
            "-m",
            "pytest",
            "--pyargs",
            "kurabe.plugin.test_pairs",
            "-k",
            "connector/c001",
            *options,
        ]
        for words in (first, command):
            load = os.getloadavg()[0]
            done = subprocess.run(words, cwd=chosen.folder, env=environment, capture_output=True, text=True)
        if done.returncode or not found.is_file():
            raise SystemExit((done.stdout + done.stderr)[-3000:])
        record: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    record["above_a_tenth"] = over(record["shares"])
    record |= {"command": " ".join(["pytest", "benchmark", *chosen.options]), "cpus": os.cpu_count()}
    record |= {"load_before": round(load, 2), "python": platform.python_version()}
    print(json.dumps(record, indent=2))
    if chosen.out:
        chosen.out.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return record


if __name__ == "__main__":
    main()

"""What the programs share: their options, several processes at once, and the file of figures."""

import argparse
import json
import platform
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from kurabe.common.atomic import write_text

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "perf" / "results" / "reliability.json"

T = TypeVar("T")
R = TypeVar("R")


def parser(about: str | None, **numbers: int) -> argparse.ArgumentParser:
    """Return a parser with the common options, and one for each number with its default."""
    made = argparse.ArgumentParser(description=about)
    for name, default in numbers.items():
        made.add_argument(f"--{name}", type=int, default=default)
    made.add_argument("--seed", type=int, default=1, help="the same seed tries the same things")
    made.add_argument("--processes", type=int, default=1, help="how many try at once")
    made.add_argument("--record", action="store_true", help=f"write the figures to {FIGURES.name}")
    return made


def spread(work: Callable[[T], R], parts: Iterable[T], processes: int) -> Iterable[R]:
    """Apply a function to all parts, in several processes if there are to be more than one."""
    if processes == 1:
        yield from map(work, parts)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(work, parts)


def record(program: str, figures: dict[str, Any]) -> None:
    """Write a program's figures beside those of the others."""
    known = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.is_file() else {}
    made = {"date": date.today().isoformat(), "python": platform.python_version(), **figures}
    write_text(FIGURES, json.dumps({**known, program: made}, indent=2, sort_keys=True) + "\n")

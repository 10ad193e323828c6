"""The runs of a folder of reports as a shelf: what each is, what it is called, which may be thrown away."""

import shutil
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kurabe.common.errors import KurabeError
from kurabe.results.run import MANIFEST, RESULTS, Run, called, latest_run, runs_of

_RESTS = 3600.0
"""Seconds without a new result after which a run that has not ended counts as killed, not as running."""


@dataclass(frozen=True, slots=True)
class Held:
    """A run on the shelf.

    Attributes:
        run: The run.
        called: What a person calls it; "" if nobody has named it.
        trials: Number of its results.
        models: The models that took part.
        state: ``full``, ``partial``, ``running``, ``killed`` or ``unreadable``.
        latest: Whether its tables and page stand beside all runs.
        size: Bytes of its files. Pictures are shared with other runs and the cache where the file system
            has hard links, so that throwing a run away may free less.
    """

    run: Run
    called: str
    trials: int
    models: tuple[str, ...]
    state: str
    latest: bool
    size: int


def shelf(reports: Path) -> list[Held]:
    """Return all runs, oldest first."""
    runs = runs_of(reports)
    latest = latest_run(runs)
    return [_held(run, latest is not None and run.name == latest.name) for run in runs]


def _held(run: Run, latest: bool) -> Held:
    state, models = _state(run)
    try:
        with (run.folder / RESULTS).open("rb") as file:
            trials = sum(line.endswith(b"\n") for line in file)
    except OSError:
        trials = 0
    size = 0
    for path in run.folder.rglob("*"):
        with suppress(OSError):  # a run that is being made may rename one meanwhile
            size += path.stat().st_size if path.is_file() else 0
    return Held(run, called(run), trials, models, state, latest, size)


def _state(run: Run) -> tuple[str, tuple[str, ...]]:
    try:
        manifest = run.manifest()
    except KurabeError:
        return ("running" if _fresh(run) else "unreadable"), ()
    models = tuple(manifest.get("models", {}))
    if manifest.get("finished") is not None:
        return ("partial" if manifest.get("partial") else "full"), models
    return ("running" if _fresh(run) else "killed"), models


def _fresh(run: Run) -> bool:
    """Whether something was written a short while ago."""
    for file in (RESULTS, MANIFEST):
        with suppress(OSError):
            if time.time() - (run.folder / file).stat().st_mtime < _RESTS:
                return True
    return False


def to_prune(held: Sequence[Held], keep: int) -> list[Held]:
    """Return the runs that may go: not the ``keep`` newest, nor any that is named, latest or being made."""
    old = held[: max(0, len(held) - keep)]
    return [each for each in old if not (each.called or each.latest or each.state == "running")]


def throw_away(held: Iterable[Held]) -> None:
    """Remove runs with all their files.

    Raises:
        OSError: If a file cannot be removed.
    """
    for each in held:
        shutil.rmtree(each.run.folder)

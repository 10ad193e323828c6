"""The folder that each run leaves: its manifest, its results and its pictures."""

import errno
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from kurabe.common.atomic import write_text
from kurabe.common.errors import KurabeError
from kurabe.results.album import PICTURES, files_of, link
from kurabe.results.record import Record

FORMAT = 3
"""Version of what a run leaves: 2 added what was asked and shown, 3 what cases share."""

OLDEST = 1
"""The oldest format that is still read; what it lacks is None."""

_STAMP = "%Y%m%d-%H%M%S"

RESULTS = "results.jsonl"
MANIFEST = "manifest.json"

CALLED = "name.txt"
"""What a person calls a run. A file of its own: the manifest is what the run itself has left."""


class Run:
    """The folder of one run: its manifest, and its results as they come in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._results: IO[bytes] | None = None
        self._linked: set[str] = set()

    @classmethod
    def create(cls, reports: Path, kind: str = "") -> "Run":
        """Make the folder of a new run, named by the time; runs that start together are numbered.

        Names in their order are the order of the runs. Where a name would come before that of a run that is
        there, as the plain time comes before a part of the same second, the next second is waited for.

        Args:
            reports: Folder of the reports.
            kind: Follows the time, such as ``shard-2-of-4``.
        """
        runs = reports / "runs"
        runs.mkdir(parents=True, exist_ok=True)
        while True:
            now = datetime.now().astimezone()
            newest = max((path.name for path in runs.glob(f"{now.strftime(_STAMP)}*")), default="")
            stamp = "-".join(filter(None, [now.strftime(_STAMP), kind]))
            for number in range(1, 1000):
                name = stamp if number == 1 else f"{stamp}-{number:03}"
                if name > newest:
                    with suppress(FileExistsError):
                        (runs / name).mkdir()
                        return cls(runs / name)
            time.sleep(1 - now.microsecond / 1e6)

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    def append(self, record: Record, line: str | None = None) -> None:
        """Add a result; it is on its way to the disk when this returns.

        Args:
            record: The result.
            line: The same as `Record.to_json` wrote it, where that has been done.

        Raises:
            FileNotFoundError: If the file or its folder was removed since the last result.
            OSError: If it cannot be written; the file is then as it was.
        """
        if self._results is None:
            self._results = (self.folder / RESULTS).open("ab", buffering=0)
        elif not os.fstat(self._results.fileno()).st_nlink:  # else it would go where nobody can read it
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.folder / RESULTS))
        text = ((record.to_json() if line is None else line) + "\n").encode()
        before = self._results.seek(0, os.SEEK_END)
        try:
            # A disk that is all but full takes the beginning.
            if self._results.write(text) < len(text):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            with suppress(OSError):
                self._results.truncate(before)
            raise

    def rewrite(self, records: Iterable[Record]) -> None:
        """Replace all results in one step, as after a second pass.

        Raises:
            OSError: If they cannot be written; the file is then as it was.
        """
        self.close()
        write_text(self.folder / RESULTS, "".join(record.to_json() + "\n" for record in records))

    def restore(self, records: Sequence[Record], album: Path | None) -> None:
        """Write results again, after their folder was removed, and their pictures as far as they are left.

        Raises:
            OSError: If they cannot be written.
        """
        self._linked.clear()
        if album is not None:
            for record in records:
                self.keep_pictures(record, album)
        self.rewrite(records)

    def keep_pictures(self, record: Record, album: Path) -> None:
        """Take over a result's pictures from the album that they were written to.

        Raises:
            OSError: If they cannot be written here.
        """
        new = [file for file in files_of(record) if file not in self._linked]
        if new:
            link(album, new, self.pictures)
            self._linked.update(new)

    @property
    def reports(self) -> Path:
        """The folder of reports that it lies in, under ``runs``."""
        return self.folder.resolve().parent.parent

    @property
    def pictures(self) -> Path:
        """The folder of the pictures; there is none where they are not kept."""
        return self.folder / PICTURES

    def close(self) -> None:
        """Close the file of results; a second call does nothing."""
        if self._results is not None:
            self._results.close()
            self._results = None

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Write the manifest in one step, replacing an earlier one."""
        write_text(
            self.folder / MANIFEST,
            json.dumps({"format": FORMAT, **manifest}, indent=2, ensure_ascii=False) + "\n",
        )

    @property
    def is_full(self) -> bool:
        """Whether the run ended by itself and asked at least one suite in full, by its manifest."""
        try:
            manifest = self.manifest()
        except KurabeError:
            return False
        return manifest.get("finished") is not None and not manifest.get("partial")

    @property
    def has_manifest(self) -> bool:
        """Whether there is a manifest, readable or not."""
        return (self.folder / MANIFEST).is_file()

    def manifest(self) -> dict[str, Any]:
        """Return the manifest.

        Raises:
            KurabeError: If it is missing, damaged, or of a kurabe that is too old or too new.
        """
        path = self.folder / MANIFEST
        try:
            manifest: Any = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise KurabeError(f"{path} is missing: {self.folder} is no run of kurabe") from None
        except ValueError as error:
            raise KurabeError(f"{path} is damaged: {error}") from error
        if not isinstance(manifest, dict):
            raise KurabeError(f"{path} is damaged: it holds no mapping")
        found = manifest.get("format")
        whose = f"{self.folder} was left by kurabe {manifest.get('kurabe', '?')} in format {found!r}"
        if not isinstance(found, int) or found < OLDEST:
            raise KurabeError(
                f"{whose}, which cannot be read (this one reads {OLDEST} to {FORMAT}): make the run again"
            )
        if found > FORMAT:
            raise KurabeError(f"{whose}, which is newer than {FORMAT}: upgrade kurabe")
        return dict(manifest)

    def records(self) -> list[Record]:
        """Return the results; the last line may be cut off where the run was killed.

        Raises:
            KurabeError: If they are damaged, or of a kurabe that is too old or too new.
        """
        if self.has_manifest:
            self.manifest()
        return list(self._records())

    def _records(self) -> Iterator[Record]:
        path = self.folder / RESULTS
        if not path.is_file():
            return
        lines = path.read_bytes().split(b"\n")  # a line may be cut off inside a character
        for number, line in enumerate(lines, 1):
            if not line:
                continue
            try:
                yield Record.from_json(line.decode("utf-8"))
            except ValueError as error:
                if number == len(lines):  # no line feed behind it: the run was killed while it wrote
                    return
                raise KurabeError(f"{path}:{number}: damaged: {error}") from error


def find_run(reports: Path, name: str, before: str | None = None) -> Run:
    """Return a run by name, by path, or as ``latest``.

    Args:
        reports: Folder of the reports.
        name: Name of a folder under ``runs/``, the name that `name_run` gave it, a path, or ``latest``: the
            newest full run, and where there is none the newest run.
        before: With ``latest``, a run that does not count: the one that is being made.

    Raises:
        KurabeError: If there is none; the newest ones are named.
    """
    runs = runs_of(reports)
    if name == "latest":
        latest = latest_run([run for run in runs if run.name != before])
        if latest is None:
            raise KurabeError(f"{reports / 'runs'} holds no earlier run")
        return latest
    for folder in (reports / "runs" / name, Path(name)):
        if (folder / MANIFEST).is_file() or (folder / RESULTS).is_file():
            return Run(folder)
    for run in runs:
        if name and called(run) == name:
            return run
    newest = ", ".join(run.name for run in runs[-5:]) or "none"
    raise KurabeError(f"no run is called {name!r} in {reports / 'runs'}; the newest: {newest}")


def latest_run(runs: Sequence[Run]) -> Run | None:
    """Return the newest full one of some runs, oldest first; the newest where none is full, None of none.

    A folder that is dated later than tomorrow, by a clock that was wrong, is newer than none.
    """
    tomorrow = (datetime.now().astimezone() + timedelta(days=1)).strftime(_STAMP)
    ordered = sorted(runs, key=lambda run: run.name[:15].replace("-", "").isdigit() and run.name <= tomorrow)
    return next((run for run in reversed(ordered) if run.is_full), ordered[-1] if ordered else None)


def runs_of(reports: Path) -> list[Run]:
    """Return all runs, oldest first."""
    folder = reports / "runs"
    return [Run(path) for path in sorted(folder.iterdir()) if path.is_dir()] if folder.is_dir() else []


def called(run: Run) -> str:
    """Return what a person calls a run; "" if nobody has named it."""
    try:
        return (run.folder / CALLED).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def name_run(reports: Path, run: Run, name: str) -> None:
    """Give a run a name, by which it is found; the folder stays where it is. "" takes the name away.

    Raises:
        KurabeError: If the name cannot be one, or is another run's.
        OSError: If it cannot be written.
    """
    if not name:
        (run.folder / CALLED).unlink(missing_ok=True)
        return
    if name == "latest" or not name.isprintable() or name != name.strip() or set(name) & set("/\\"):
        raise KurabeError(f"{name!r} cannot be a run's name: use words without / or \\, not 'latest'")
    for other in runs_of(reports):
        same = other.folder.resolve() == run.folder.resolve()
        if not same and name in (other.name, called(other)):
            raise KurabeError(f"the run {other.name} has the name {name!r} already")
    write_text(run.folder / CALLED, name + "\n")

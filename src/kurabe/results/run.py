"""What is on disk: cached answers, and the folder that each run leaves."""

import json
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from kurabe.common.errors import KurabeError
from kurabe.common.vocabulary import Box
from kurabe.models.protocol import Answer
from kurabe.results.album import PICTURES, files_of, link
from kurabe.results.record import Record

FORMAT = 2
"""Version of what a run leaves: 2 added what was asked and shown."""

OLDEST = 1
"""The oldest format that is still read; what it lacks is None."""

RESULTS = "results.jsonl"
MANIFEST = "manifest.json"


class AnswerCache:
    """Answers by the digest of everything that they depend on; durable as soon as `put` returns.

    Several processes may share one file.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with _told(path):
            # The answering thread writes, whoever closes the session closes.
            self._db = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
            # A write-ahead log survives the process being killed; only a power cut may lose the last batch.
            _write_ahead(self._db)
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL)"
            )

    def get(self, keys: Sequence[str]) -> dict[str, Answer]:
        """Return those answers that are there, by key.

        Raises:
            KurabeError: If the file is damaged.
        """
        found: dict[str, Answer] = {}
        with _told(self._path):
            for start in range(0, len(keys), 500):  # SQLite limits the variables of a statement
                part = keys[start : start + 500]
                marks = ",".join("?" * len(part))
                rows = self._db.execute(f"SELECT key, answer FROM answers WHERE key IN ({marks})", part)  # noqa: S608
                found.update((key, _answer(json.loads(text))) for key, text in rows)
        return found

    def put(self, answers: Mapping[str, Answer]) -> None:
        """Store answers, in one transaction.

        Raises:
            KurabeError: If the file is damaged or the disk is full.
        """
        # ASCII, because SQLite refuses the half characters that a tokenizer may leave.
        rows = [(key, json.dumps(asdict(answer))) for key, answer in answers.items()]
        with _told(self._path), self._db:
            self._db.execute("BEGIN")
            self._db.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?)", rows)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._db.close()


def _write_ahead(db: sqlite3.Connection) -> None:
    """Switch to a write-ahead log, however many processes do so at this moment."""
    # SQLite's own timeout does not hold for this switch: it fails at once while another connection does it.
    for left in reversed(range(600)):
        try:
            db.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or not left:
                raise
        time.sleep(0.1)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ones that name the file and the remedy."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise KurabeError(f"{path} cannot be used: {error}") from error
    except (sqlite3.DatabaseError, ValueError, KeyError, TypeError) as error:
        raise KurabeError(
            f"{path} is damaged ({error}): delete it, the answers are then asked again"
        ) from error


def _answer(data: dict[str, Any]) -> Answer:
    boxes = data.pop("boxes")
    return Answer(**data, boxes=None if boxes is None else tuple(Box(*box) for box in boxes))


class Run:
    """The folder of one run: its manifest, and its results as they come in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._results: IO[str] | None = None
        self._linked: set[str] = set()

    @classmethod
    def create(cls, reports: Path) -> "Run":
        """Make the folder of a new run, named by the time; runs that start together are numbered."""
        stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
        for number in range(1, 1000):
            folder = reports / "runs" / (stamp if number == 1 else f"{stamp}-{number:03}")
            try:
                folder.mkdir(parents=True)
            except FileExistsError:
                continue
            return cls(folder)
        raise KurabeError(f"{reports / 'runs'}: a thousand runs began within this second")

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    def append(self, record: Record) -> None:
        """Add a result; it is on its way to the disk when this returns."""
        if self._results is None:
            self._results = (self.folder / RESULTS).open("a", encoding="utf-8")
        self._results.write(record.to_json() + "\n")
        self._results.flush()

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
        replace(
            self.folder / MANIFEST,
            json.dumps({"format": FORMAT, **manifest}, indent=2, ensure_ascii=False) + "\n",
        )

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
        name: Name of a folder under ``runs/``, a path, or ``latest``.
        before: With ``latest``, a run that does not count: the one that is being made.

    Raises:
        KurabeError: If there is none; the newest ones are named.
    """
    runs = runs_of(reports)
    if name == "latest":
        earlier = [run for run in runs if run.name != before]
        if not earlier:
            raise KurabeError(f"{reports / 'runs'} holds no earlier run")
        return earlier[-1]
    for folder in (reports / "runs" / name, Path(name)):
        if (folder / MANIFEST).is_file() or (folder / RESULTS).is_file():
            return Run(folder)
    newest = ", ".join(run.name for run in runs[-5:]) or "none"
    raise KurabeError(f"no run is called {name!r} in {reports / 'runs'}; the newest: {newest}")


def runs_of(reports: Path) -> list[Run]:
    """Return all runs, oldest first."""
    folder = reports / "runs"
    return [Run(path) for path in sorted(folder.iterdir()) if path.is_dir()] if folder.is_dir() else []


def replace(path: Path, text: str) -> None:
    """Write a file in one step: readers see the old text or the new one, never a part."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)

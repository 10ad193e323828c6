"""Answers that earlier runs were given, on disk."""

import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from threading import RLock
from typing import Any

from filelock import FileLock

from kurabe.common.errors import KurabeError
from kurabe.common.request import Answer
from kurabe.common.vocabulary import Box


class AnswerCache:
    """Answers by the digest of everything that they depend on; durable as soon as `put` returns.

    Several processes may share one file. A file that is damaged is set aside and begun anew; where none can
    be written any more, answers are no longer kept. Neither stops a run.

    Attributes:
        problem: What went wrong, in a sentence for the user; "" if nothing did.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, which is made if need be.

        Raises:
            KurabeError: If it cannot be opened.
        """
        self.problem = ""
        self._path = path
        self._kept = True
        self._lock = RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._db = _open(path)
            except _Damage as error:
                self._begin_anew(error)
        except (sqlite3.Error, OSError) as error:
            raise KurabeError(f"{path} cannot be used: {error}") from error

    def get(self, keys: Sequence[str], since: float = 0.0) -> dict[str, Answer]:
        """Return those answers that are there, by key.

        Args:
            keys: The keys.
            since: Only answers stored from then on, in seconds since the epoch.
        """
        try:
            with self._lock:
                return self._get(keys, since)
        except sqlite3.Error as error:
            self._mend(error)
        return {}

    def _mend(self, error: sqlite3.Error) -> None:
        """Begin anew if the file is damaged; else do without one."""
        if type(error) is not sqlite3.DatabaseError:  # "malformed", and not one of its subclasses
            self._give_up(error)
            return
        with self._lock:
            self._db.close()
            try:
                self._begin_anew(error)
            except (sqlite3.Error, OSError) as again:
                self._give_up(again)

    def _get(self, keys: Sequence[str], since: float) -> dict[str, Answer]:
        found: dict[str, Answer] = {}
        broken: list[str] = []
        for start in range(0, len(keys), 500):  # SQLite limits the variables of a statement
            part = keys[start : start + 500]
            marks = ",".join("?" * len(part))
            rows = self._db.execute(f"SELECT key, answer FROM answers WHERE key IN ({marks})", part)  # noqa: S608
            for key, text in rows:
                try:
                    stored, answer = _answer(json.loads(text))
                except (ValueError, KeyError, TypeError, AttributeError):
                    broken.append(key)
                    continue
                if stored >= since:
                    found[key] = answer
        if broken and not self.problem:
            self.problem = f"{self._path} holds answers that cannot be read: they were asked again"
        return found

    def put(self, answers: Mapping[str, Answer]) -> None:
        """Store answers, in one transaction; `problem` says if they could not be."""
        # ASCII, because SQLite refuses the half characters that a tokenizer may leave.
        now = {"stored": time.time()}
        rows = [(key, json.dumps(asdict(answer) | now)) for key, answer in answers.items()]
        if not self._kept or not rows:
            return
        try:
            with self._lock, self._db:
                self._db.execute("BEGIN")
                self._db.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?)", rows)
        except sqlite3.Error as error:
            self._mend(error)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._db.close()

    def _begin_anew(self, error: Exception) -> None:
        """Set a damaged file aside, unless another process has done so, and open a new one."""
        lock = self._path.with_name(f"{self._path.name}.lock")
        aside = self._path.with_name(f"damaged-{self._path.name}")
        with FileLock(lock, timeout=60):
            try:
                self._db = _open(self._path, whole=True)
            except _Damage:
                self._path.replace(aside)
                for part in ("-wal", "-shm"):
                    self._path.with_name(self._path.name + part).unlink(missing_ok=True)
                self._db = _open(self._path)
        lock.unlink(missing_ok=True)
        self.problem = (
            f"{self._path} was damaged ({error}): a new one was begun, and what it held is asked again; "
            f"the old one is {aside.name}"
        )

    def _give_up(self, error: Exception) -> None:
        self._kept = False
        self.problem = self.problem or (
            f"{self._path} cannot be used ({error}): answers from here on are not kept for later runs; free "
            "space or allow writing there"
        )


class _Damage(sqlite3.DatabaseError):
    """The file is a database, but not one of ours."""


def _open(path: Path, whole: bool = False) -> sqlite3.Connection:
    """Open a file and check what it is; all of it only if this is asked for, as it takes long."""
    # The answering thread writes, whoever closes the session closes.
    db = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
    try:
        # A write-ahead log survives the process being killed; only a power cut may lose the last batch.
        _write_ahead(db)
        db.execute("PRAGMA synchronous=NORMAL")
        db.execute("CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL)")
        columns = [row[1] for row in db.execute("PRAGMA table_info(answers)")]
        if columns != ["key", "answer"]:
            raise _Damage(f"its columns are {', '.join(columns)}")
        if whole and (found := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise _Damage(found)
    except BaseException as error:
        db.close()
        if type(error) is sqlite3.DatabaseError:  # no database at all, or malformed
            raise _Damage(str(error)) from error
        raise
    return db


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


def _answer(data: dict[str, Any]) -> tuple[float, Answer]:
    """Return when an answer was stored, 0 where an earlier kurabe did not note it, and the answer."""
    boxes, stored = data.pop("boxes"), float(data.pop("stored", 0.0))
    if data.get("seen") is not None:
        data["seen"] = tuple((int(width), int(height)) for width, height in data["seen"])
    if data.get("p_options") is not None:
        data["p_options"] = tuple(map(float, data["p_options"]))
    return stored, Answer(**data, boxes=None if boxes is None else tuple(Box(*box) for box in boxes))

"""Answers that earlier runs were given, on disk."""

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kurabe.common.errors import KurabeError
from kurabe.common.request import Answer
from kurabe.common.vocabulary import Box


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

    def get(self, keys: Sequence[str], since: float = 0.0) -> dict[str, Answer]:
        """Return those answers that are there, by key.

        Args:
            keys: The keys.
            since: Only answers stored from then on, in seconds since the epoch.

        Raises:
            KurabeError: If the file is damaged.
        """
        found: dict[str, Answer] = {}
        with _told(self._path):
            for start in range(0, len(keys), 500):  # SQLite limits the variables of a statement
                part = keys[start : start + 500]
                marks = ",".join("?" * len(part))
                rows = self._db.execute(f"SELECT key, answer FROM answers WHERE key IN ({marks})", part)  # noqa: S608
                for key, text in rows:
                    stored, answer = _answer(json.loads(text))
                    if stored >= since:
                        found[key] = answer
        return found

    def put(self, answers: Mapping[str, Answer]) -> None:
        """Store answers, in one transaction.

        Raises:
            KurabeError: If the file is damaged or the disk is full.
        """
        # ASCII, because SQLite refuses the half characters that a tokenizer may leave.
        now = {"stored": time.time()}
        rows = [(key, json.dumps(asdict(answer) | now)) for key, answer in answers.items()]
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


def _answer(data: dict[str, Any]) -> tuple[float, Answer]:
    """Return when an answer was stored, 0 where an earlier kurabe did not note it, and the answer."""
    boxes, stored = data.pop("boxes"), float(data.pop("stored", 0.0))
    return stored, Answer(**data, boxes=None if boxes is None else tuple(Box(*box) for box in boxes))

"""What was learned of good parts, on disk, for later sessions: arrays by the digest of all they depend on."""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kurabe.common.atomic import replacing

Arrays = dict[str, npt.NDArray[np.generic]]

LIMIT = 500 * 2**20
"""Bytes; a good part of 640 x 640 takes about 0.5 MB."""


class Store:
    """Files of arrays in one folder; those that were not used for longest leave when there are too many.

    What cannot be read is made again, and what cannot be written is not kept: neither is an error.

    Args:
        folder: Made if need be; None keeps nothing.
        identity: What all of it depends on, such as weights and settings.
        limit: Bytes that are kept.
    """

    def __init__(self, folder: Path | None, identity: str, limit: int = LIMIT) -> None:
        self._folder = folder
        self._identity = identity
        self._limit = limit
        self._written = 0

    def _path(self, folder: Path, key: tuple[object, ...]) -> Path:
        name = json.dumps([self._identity, *key])
        return folder / f"{hashlib.sha256(name.encode()).hexdigest()}.npz"

    def get(self, key: tuple[object, ...], names: frozenset[str]) -> Arrays | None:
        """Return the arrays of these names; None if they are not there or damaged."""
        if self._folder is None:
            return None
        path = self._path(self._folder, key)
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in names}  # a damaged one fails its check sum
        except FileNotFoundError:
            return None
        except Exception:  # a damaged archive raises whatever its bytes mean
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            os.utime(path)
        return arrays

    def put(self, key: tuple[object, ...], arrays: Mapping[str, npt.NDArray[np.generic]]) -> None:
        """Keep arrays under a key."""
        if self._folder is None:
            return
        with suppress(OSError):
            path = self._path(self._folder, key)
            with replacing(path) as fresh, fresh.open("wb") as file:
                np.savez(file, allow_pickle=False, **arrays)
            if self._written == 0 or self._written > self._limit // 10:  # looking costs more than writing
                self._written = 0
                self._make_room(self._folder)
            self._written += path.stat().st_size

    def _make_room(self, folder: Path) -> None:
        files = []
        for path in folder.glob("*.npz"):
            with suppress(OSError):  # another process made room
                files.append((path.stat().st_mtime, path.stat().st_size, path))
        held = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if held <= self._limit:
                break
            with suppress(OSError):
                path.unlink()
            held -= size

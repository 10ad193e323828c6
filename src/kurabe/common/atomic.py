"""Files that are there are complete: each is written beside its place and then moved into it.

The temporary name is unique to each call, so that several processes and threads may write one file at once;
the last one wins. What a process that was killed has left beside a file is removed by the next one that
writes into that folder.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_MODE = 0o666
"""Permissions before the umask: those that `open` gives; `tempfile` gives its files to the owner alone."""

_PREFIX = ".kurabe-"
_SUFFIX = ".tmp"

_LEFT = 3600.0
"""Seconds since its last change after which nobody writes to a temporary file any more, whatever its host."""

_seen: set[Path] = set()
"""Folders that this process has looked through."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a new, empty file in the folder of ``path`` to write to, which then takes the place of ``path``.

    The folder is made if need be. If the block raises, ``path`` is as it was and nothing is left beside it.

    Yields:
        The file to write to.

    Raises:
        OSError: If the folder cannot be written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_left(path.parent)
    fresh: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f"{_PREFIX}{path.name[:40]}.", suffix=_SUFFIX, dir=path.parent)
        os.close(handle)
        fresh = Path(name)
        yield fresh
        if path.exists():
            fresh.chmod(path.stat().st_mode & 0o777)
        else:
            fresh.chmod(_MODE & ~_umask())
        fresh.replace(path)
    except OSError as error:
        if error.filename is None or Path(error.filename).name.startswith(_PREFIX):
            error.filename = str(path)  # what the user knows
        raise
    finally:
        if fresh is not None:
            with suppress(OSError):  # a disk that cannot be written any more; what went wrong is told above
                fresh.unlink(missing_ok=True)


def write_text(path: Path, text: str, *, errors: str = "strict") -> None:
    """Write a text in UTF-8 in one step; its line ends stay as they are.

    Raises:
        OSError: If it cannot be written; ``path`` is then as it was.
    """
    with replacing(path) as fresh:
        fresh.write_bytes(text.encode("utf-8", errors))


def _remove_left(folder: Path) -> None:
    """Remove what killed processes have left in a folder, once in each process."""
    if folder in _seen:
        return
    _seen.add(folder)
    before = time.time() - _LEFT
    # Another process may do the same, and what cannot be removed is no reason not to write.
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            ours = entry.name.startswith(_PREFIX) and entry.name.endswith(_SUFFIX)
            if ours and entry.stat(follow_symlinks=False).st_mtime < before:
                Path(entry.path).unlink(missing_ok=True)


def _umask() -> int:
    """Return the umask without setting it, where the system tells; a thread may be making files meanwhile."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("Umask:")[1].split()[0], 8)
    except (OSError, IndexError, ValueError):
        return 0o022

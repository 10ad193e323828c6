"""Files that are there are complete: each is written beside its place and then moved into it.

The temporary name is unique to each call, so that several processes and threads may write one file at once;
the last one wins.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MODE = 0o666
"""Permissions before the umask: those that `open` gives; `tempfile` gives its files to the owner alone."""


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
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".tmp", dir=path.parent)
    os.close(handle)
    fresh = Path(name)
    try:
        yield fresh
        if path.exists():
            fresh.chmod(path.stat().st_mode & 0o777)
        else:
            fresh.chmod(_MODE & ~_umask())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def write_text(path: Path, text: str, *, errors: str = "strict") -> None:
    """Write a text in UTF-8 in one step; its line ends stay as they are.

    Raises:
        OSError: If it cannot be written; ``path`` is then as it was.
    """
    with replacing(path) as fresh:
        fresh.write_bytes(text.encode("utf-8", errors))


def _umask() -> int:
    """Return the umask without setting it, where the system tells; a thread may be making files meanwhile."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("Umask:")[1].split()[0], 8)
    except (OSError, IndexError, ValueError):
        return 0o022

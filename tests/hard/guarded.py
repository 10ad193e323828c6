"""What no file that is read may do: start programs, write elsewhere, use the network, take long."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SLOW = 20.0
"""Seconds of processor time that no file may take; the usual ones take milliseconds."""

_RUNS = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "socket.connect",
)
_CHANGES = (
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.symlink",
    "os.link",
    "os.chmod",
    "os.truncate",
)

_watching: list[tuple[Path, list[str]]] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if not _watching:
        return
    folder, seen = _watching[-1]
    if event in _RUNS:
        seen.append(f"{event} {arguments[0]!r}")
    elif event in _CHANGES or (event == "open" and _writes(arguments)):
        path = arguments[0]
        if isinstance(path, str | bytes | os.PathLike) and not _inside(os.fsdecode(path), folder):
            seen.append(f"{event} {path!r}")


def _writes(arguments: tuple[object, ...]) -> bool:
    _, mode, flags = arguments
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _inside(path: str, folder: Path) -> bool:
    # Python keeps its bytecode wherever it likes.
    return os.path.realpath(path).startswith(str(folder)) or path.endswith(".pyc") or "__pycache__" in path


_installed = False


@contextmanager
def watched(folder: Path) -> Iterator[list[str]]:
    """Take note of what a block does that it may not; only what it writes below ``folder`` is allowed."""
    global _installed
    if not _installed:
        sys.addaudithook(_note)
        _installed = True
    seen: list[str] = []
    _watching.append((Path(os.path.realpath(folder)), seen))
    try:
        yield seen
    finally:
        _watching.pop()


def tried(
    read: Callable[[Path], object], path: Path, allowed: tuple[type[Exception], ...]
) -> tuple[str, str]:
    """Read a file; return ``read`` or ``refused``, and what it did that it may not, or "".

    Args:
        read: Reads it.
        path: The file, in a folder of its own.
        allowed: The exceptions that tell the user what is wrong.
    """
    begun = time.process_time()
    how, fault = "read", ""
    with watched(path.parent) as seen:
        try:
            read(path)
        except allowed as error:
            how = "refused"
            if not str(error):
                fault = "says nothing"
        except RecursionError:
            fault = "RecursionError"
        except Exception as error:
            fault = f"{type(error).__name__}: {str(error)[:300]}"
    if seen:
        fault = f"{fault} {seen[0]}".strip()
    elif (took := time.process_time() - begun) > SLOW:
        fault = f"{fault} took {took:.0f} s".strip()
    elif (path.parent / "ran").exists() or Path("ran").exists():
        fault = "ran code"
    return how, fault

"""Folders that cannot be written: told at the start where that can be known, and with the remedy."""

import errno
import tempfile
from pathlib import Path

from kurabe.common.errors import KurabeError

_PROBE = b"\0" * 2**16  # a full disk may still take an empty file


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_LOCKED = (errno.EROFS, errno.EACCES, errno.EPERM)


def in_a_sentence(error: OSError) -> str:
    """Name the file that could not be read or written, and what to do where that is plain."""
    place = error.filename or "the file system"
    why = error.strerror or str(error)
    if error.errno in _FULL:
        return f"{place} cannot be written ({why}): free space there, or name another folder"
    if error.errno in _LOCKED:
        return f"{place}: {why}: allow reading and writing there, or name another folder"
    return f"{place}: {why}"


def check_writable(folder: Path, option: str) -> None:
    """Try to write to a folder, which is made if need be; nothing is left in it.

    Args:
        folder: The folder.
        option: By which option the user names another one.

    Raises:
        KurabeError: If it cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(_PROBE)
            probe.flush()
    except OSError as error:
        raise unwritable(folder, error, option) from error


def unwritable(folder: Path, error: OSError, option: str) -> KurabeError:
    """Say that a folder cannot be written to, and what to do."""
    why = error.strerror or str(error)
    return KurabeError(
        f"{folder} cannot be written ({why}): free space or allow writing there, or name another folder with "
        f"{option}"
    )

"""Finding the files that people name, as other systems write their names."""

import unicodedata
from pathlib import Path


def located(folder: Path, relative: str) -> Path:
    r"""Return where a named file is.

    A name that is not there as it is written is looked up once more: with ``\`` taken as ``/``, as Windows
    writes it, and with accents composed or not (macOS keeps ``ガ`` as two characters, most programs as one).

    Args:
        folder: The folder that the name is relative to.
        relative: The name as the user wrote it.

    Returns:
        The file's path; where no file is found, the path as it was written.
    """
    path = folder / relative
    if is_there(path):
        return path
    found = folder
    for part in Path(relative.replace("\\", "/")).parts:
        step = found / part
        if part != ".." and not is_there(step):
            wanted = unicodedata.normalize("NFC", part)
            names = found.iterdir() if found.is_dir() else ()
            like = (each for each in names if unicodedata.normalize("NFC", each.name) == wanted)
            step = next(like, step)
            if not is_there(step):
                return path
        found = step
    return found


def is_there(path: Path) -> bool:
    """Say whether there is such a file or folder; a name that no file system can hold is not there."""
    try:
        return path.exists()
    except (OSError, ValueError):  # too long, or with a null character in it
        return False


def shortened(name: str, longest: int = 300) -> str:
    """Return a name for a message: one that is very long is cut."""
    return name if len(name) <= longest else f"{name[:longest]}…"

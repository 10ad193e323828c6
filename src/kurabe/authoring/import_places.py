"""Finding the pictures that label files name: their paths rarely survive the labelling tool."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from kurabe.authoring.import_files import SUFFIXES


class Finder:
    """Finds pictures below some folders, by the path that a label file names or by the end of it."""

    def __init__(self, folders: Iterable[Path]) -> None:
        """Take the folders, the likeliest first."""
        self._folders = [folder for folder in dict.fromkeys(folders) if folder.is_dir()]
        self._last: tuple[Path, int] | None = None

    def find(self, named: str) -> Path:
        """Return where a picture is; where none is, the likeliest place, which then is told to be empty."""
        parts = PurePosixPath(named.replace("\\", "/")).parts
        parts = tuple(part for part in parts if part not in ("/", ".", "..") and not part.endswith(":"))
        if not parts:
            return self._folders[0] / "?" if self._folders else Path(named)
        tries = [(folder, start) for start in range(len(parts)) for folder in self._folders]
        if self._last in tries:  # pictures of one file mostly lie alike
            tries.insert(0, self._last)
        for folder, start in tries:
            path = folder.joinpath(*parts[start:])
            if path.is_file():
                self._last = folder, start
                return path
        return self._folders[0].joinpath(*parts) if self._folders else Path(named)

    def with_stem(self, stem: str) -> Path | None:
        """Return the picture of a name without suffix; None if there is none."""
        for folder in self._folders:
            for suffix in sorted(SUFFIXES):
                for cased in (suffix, suffix.upper()):
                    if (path := folder / f"{stem}{cased}").is_file():
                        return path
        return None

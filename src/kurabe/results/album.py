"""The pictures of trials as files, named by their content: written once, shared by models and runs.

The threads that prepare trials write them into the project's cache, before anything is asked; whoever
keeps a result links its pictures into the run's folder. So a run that is killed has the pictures of
all its results, and no pixels travel between processes.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from kurabe.answering.pictures import Shown
from kurabe.imaging.content import content_id as content_id
from kurabe.results.record import Record

PICTURES = "pictures"
"""Folder of a run's pictures, ``ID.png``, and of the pairs' thumbnails, ``ID.webp``."""

THUMBNAIL = 120
"""Longest side of a thumbnail in pixels."""


@dataclass(frozen=True, slots=True)
class Names:
    """The content ids of a trial's pictures.

    Attributes:
        raw: Reference and test as the files are, or the one picture of ``describe``.
        pair: The same after processing, in the same order, also where the trial exchanges them.
        shown: What a VLM gets, in the order in which it gets it.
    """

    raw: tuple[str, ...]
    pair: tuple[str, ...]
    shown: tuple[str, ...]


class Listed:
    """Pictures that are known by the beginnings of their content ids, as an adapter's card lists them."""

    def __init__(self, beginnings: Iterable[str]) -> None:
        self._beginnings = frozenset(beginnings)
        self._lengths = {len(beginning) for beginning in self._beginnings}

    def __contains__(self, name: str) -> bool:
        """Say whether a content id is listed."""
        return any(name[:length] in self._beginnings for length in self._lengths)


class Album:
    """A folder of pictures by content; several threads and processes may add to one."""

    def __init__(self, folder: Path | None) -> None:
        """Take the folder; with None pictures are named but not written."""
        self._folder = folder
        self._there: set[Path] = set()
        self.problem = ""
        """Why a picture could not be written, the first time that happened; a trial does not fail for it."""

    @property
    def keeps(self) -> bool:
        """Whether pictures are written."""
        return self._folder is not None

    def add(self, shown: Shown) -> Names:
        """Name a trial's pictures; their files are complete when this returns."""
        known: dict[int, str] = {}  # a layout or a variant may pass pictures on as they are

        def name(picture: Image.Image, thumbnail: bool = False) -> str:
            if id(picture) not in known:
                known[id(picture)] = found = content_id(picture)
                self._write(found, picture, thumbnail)
            return known[id(picture)]

        pair = tuple(name(picture, thumbnail=True) for picture in shown.in_case_order)
        return Names(tuple(map(name, shown.raw)), pair, tuple(map(name, shown.pictures)))

    def _write(self, name: str, picture: Image.Image, thumbnail: bool) -> None:
        if self._folder is None:
            return
        path = place(self._folder, f"{name}.png")
        try:
            if thumbnail:
                self._once(path.with_suffix(".webp"), lambda path: write_thumbnail(picture, path))
            # Level 1 takes a third of the time of the default, for files that are a tenth larger.
            self._once(path, lambda path: _save(picture, path, compress_level=1))
        except OSError as error:
            self.problem = self.problem or f"{path}: the picture could not be kept: {error.strerror or error}"

    def _once(self, path: Path, write: Callable[[Path], None]) -> None:
        if path in self._there:
            return
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path)
        self._there.add(path)


def files_of(record: Record) -> list[str]:
    """Return the names of a result's files: its pictures, and the thumbnails of the pair."""
    pictures = [f"{name}.png" for name in record.pictures]
    return pictures + [f"{name}.webp" for name in dict.fromkeys(record.pair or ())]


def place(album: Path, file: str) -> Path:
    """Return where an album's folder has a file."""
    return album / file[:2] / file


def link(album: Path, files: Iterable[str], into: Path) -> None:
    """Give a run files of an album: as links to the same bytes where the file system has such links.

    A file that the album lacks is passed over; the page says that the picture is missing.
    """
    into.mkdir(parents=True, exist_ok=True)
    for file in files:
        with suppress(FileExistsError, FileNotFoundError):
            _link(place(album, file), into / file)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:  # no links here, or another file system
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copyfile(source, fresh)
        fresh.replace(target)


def write_thumbnail(picture: Image.Image, path: Path) -> None:
    """Write a picture's thumbnail as WebP, no side longer than `THUMBNAIL`."""
    small = picture.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX, reducing_gap=2.0)
    _save(small, path, quality=70, method=0)


def _save(picture: Image.Image, path: Path, **options: int) -> None:
    """Write in one step: a file that is there is complete."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        picture.save(fresh, "PNG" if path.suffix == ".png" else "WEBP", **options)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)

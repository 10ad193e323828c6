"""What importers share: finding pictures, reading text, JSON and XML, with errors that say what to do."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from kurabe.common.errors import KurabeError

SUFFIXES = frozenset(
    [
        ".png",
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".bmp",
        ".tif",
        ".tiff",
        ".webp",
        ".gif",
        ".ppm",
        ".pgm",
        ".pbm",
        ".pnm",
        ".jp2",
        ".avif",
        ".dib",
    ]
)

_ENCODINGS = ("utf-8-sig", "cp932")
"""Tried in turn where no mark tells: what is not UTF-8 in a factory in Japan is Shift-JIS."""


def is_picture(path: Path | str) -> bool:
    """Say whether a file's name is a picture's; hidden files are none."""
    name = os.path.basename(path)  # noqa: PTH119 - a Path for each of 100,000 names costs seconds
    return os.path.splitext(name)[1].lower() in SUFFIXES and not name.startswith(".")  # noqa: PTH122


def folders_in(folder: Path) -> list[Path]:
    """Return the folders in a folder, sorted, without hidden ones."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as found:
        return [folder / name for name in sorted(e.name for e in found if e.is_dir() and e.name[0] != ".")]


def pictures_in(folder: Path) -> list[Path]:
    """Return the pictures in a folder, sorted, without those of folders in it."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as found:
        return [folder / name for name in sorted(e.name for e in found if is_picture(e.name) and e.is_file())]


def pictures_below(folder: Path) -> Iterator[Path]:
    """Give the pictures in a folder and in all folders below it, each folder sorted."""
    yield from pictures_in(folder)
    for below in folders_in(folder):
        yield from pictures_below(below)


def name_of(picture: Path, root: Path) -> str:
    """Return a picture's path below ``root`` without its suffix, with forward slashes."""
    return picture.relative_to(root).with_suffix("").as_posix()


def need_folder(source: Path, layout: str) -> None:
    """Refuse a source that is no folder.

    Raises:
        KurabeError: With what is meant.
    """
    if not source.is_dir():
        raise KurabeError(f"{source}: is a file; a folder is meant: {layout}")


def unknown_layout(source: Path, layout: str, hint: str = "") -> KurabeError:
    """Return the error for a source that is in another layout than its format's."""
    there = [path.name + "/" for path in folders_in(source)] if source.is_dir() else []
    if source.is_dir():
        with os.scandir(source) as found:
            there += sorted(entry.name for entry in found if entry.is_file())
    shown = ", ".join(there[:8]) + (f" and {len(there) - 8} more" if len(there) > 8 else "")
    found_there = f"; there is: {shown}" if there else "; there is nothing" if source.is_dir() else ""
    return KurabeError(
        f"{source}: unknown layout; looked for {layout}{found_there}{'. ' if hint else ''}{hint}"
    )


def decoded(path: Path) -> str:
    """Return the text of a file in UTF-8, UTF-16 (with its mark) or Shift-JIS.

    Raises:
        KurabeError: If it cannot be read, or is in none of them.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        what = "there is no such file" if missing else f"cannot be read: {error.strerror or error}"
        raise KurabeError(f"{path}: {what}") from None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            raise KurabeError(f"{path}: begins as UTF-16, but is cut off: save it anew") from None
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise KurabeError(
        f"{path}: is not UTF-8, nor UTF-16, nor Shift-JIS: save it as UTF-8 (a table: as 'CSV UTF-8')"
    )


def read_json(path: Path) -> Any:
    """Return what a JSON file holds.

    Raises:
        KurabeError: If it cannot be read or is no JSON, with the line.
    """
    try:
        return json.loads(decoded(path))
    except json.JSONDecodeError as error:
        raise KurabeError(f"{path}:{error.lineno}: is not JSON: {error.msg}") from None


def json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    """Give each line of JSON with its number; a line that is no JSON gives its `ValueError`."""
    for number, line in enumerate(decoded(path).splitlines(), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as error:
                yield number, error


def xml_root(path: Path) -> ElementTree.Element:
    """Return the root of an XML file.

    Raises:
        KurabeError: As `xml_elements`.
    """
    *_, root = xml_elements(path)
    return root


def xml_elements(path: Path, tag: str | None = None) -> Iterator[ElementTree.Element]:
    """Give the elements of an XML file as they end, the root last.

    Args:
        path: The file.
        tag: Give only elements of this tag, and empty each after it was used: large files are read piece by
            piece.

    Raises:
        KurabeError: If the file cannot be read, is no XML, or declares a document type: entities may fill
            the memory, and no labelling tool needs them.
    """
    try:
        with path.open("rb") as file:
            if b"<!DOCTYPE" in file.read(4096).upper():
                raise KurabeError(
                    f"{path}: declares a document type, which is refused: remove '<!DOCTYPE …>'"
                )
            file.seek(0)
            # No document type, no entities; expat itself has limits against what gets past.
            for _, element in ElementTree.iterparse(file, ("end",)):  # noqa: S314
                if tag is None:
                    yield element
                elif element.tag == tag:
                    yield element
                    element.clear()
    except OSError as error:
        raise KurabeError(f"{path}: cannot be read: {error.strerror or error}") from None
    except ElementTree.ParseError as error:
        raise KurabeError(f"{path}:{error.position[0]}: is not XML: {error}") from None


def hull(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Return the box around points."""
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across), min(down), max(across), max(down)

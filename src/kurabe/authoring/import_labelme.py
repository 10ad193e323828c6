"""LabelMe: a JSON file for each picture with ``shapes`` (https://github.com/wkentaro/labelme)."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from kurabe.authoring.import_files import (
    folders_in,
    hull,
    need_folder,
    pictures_below,
    read_json,
    unknown_layout,
)
from kurabe.authoring.import_places import Finder
from kurabe.authoring.import_unlabelled import unlabelled
from kurabe.authoring.parts import Found, Hints, Mark, Part
from kurabe.common.errors import KurabeError, Problem
from kurabe.common.vocabulary import Relation


class LabelmeImporter:
    """Reads a folder of JSON files and pictures."""

    title: ClassVar[str] = "LabelMe"
    layout: ClassVar[str] = "JSON files with shapes and imagePath, beside the pictures"
    relation: ClassVar[Relation] = "instance"

    def __init__(self, source: Path, hints: Hints) -> None:
        """Look for files of LabelMe's."""
        need_folder(source, self.layout)
        self._source = source
        self._hints = hints
        if not any("shapes" in read_json(path) for path in self._files(source)):
            raise unknown_layout(source, self.layout)

    def _files(self, folder: Path) -> Iterator[Path]:
        yield from sorted(folder.glob("*.json"))
        for below in folders_in(folder):
            yield from self._files(below)

    def parts(self) -> Iterator[Found]:
        """Give the pictures that have JSON files, then those that have none."""
        named: set[Path] = set()
        for path in self._files(self._source):
            try:
                found = read_json(path)
            except KurabeError as error:
                yield Problem(str(error).split(": ", 1)[-1], path)
                continue
            if not isinstance(found, dict) or "shapes" not in found:
                continue
            folders = ([self._hints.images] if self._hints.images else []) + [path.parent, self._source]
            finder = Finder(folders)
            picture = finder.find(str(found.get("imagePath") or path.name))
            if not picture.is_file():
                picture = finder.with_stem(path.stem) or picture
            named.add(picture)
            yield self._part(path, found, picture)
        yield from unlabelled(pictures_below(self._source), named, self._source, self._hints)

    def _part(self, path: Path, found: dict[str, Any], picture: Path) -> Found:
        labels = self._hints.labels
        marks: list[Mark] = []
        for shape in found["shapes"]:
            label = str(shape.get("label", ""))
            if labels.is_good(label) is True:
                continue
            try:
                box = _box(shape)
            except (TypeError, ValueError, KeyError, IndexError):
                return Problem(f"the shape {label!r} has no points in numbers: draw it anew", path)
            marks.append(Mark(box, labels.kind(label) or None))
        # Whole pictures are labelled by flags.
        flags = [str(name) for name, on in (found.get("flags") or {}).items() if on]
        bad = [flag for flag in flags if labels.is_good(flag) is False]
        size = (found.get("imageWidth"), found.get("imageHeight"))
        unplaced = bool(bad) and not marks
        return Part(
            picture=picture,
            good=not marks and not bad,
            name=(path.parent.relative_to(self._source) / path.stem).as_posix(),
            kinds=tuple(dict.fromkeys(mark.kind for mark in marks if mark.kind)),
            marks=None if unplaced else tuple(marks),
            size=(int(size[0]), int(size[1])) if size[0] and size[1] else None,
            count=None if unplaced else len(marks),
            source=path,
        )


def _box(shape: dict[str, Any]) -> tuple[float, float, float, float]:
    points = [(float(x), float(y)) for x, y in shape["points"]]
    if shape.get("shape_type") == "circle":
        (x, y), edge = points[0], points[1]
        radius = math.dist((x, y), edge)
        return x - radius, y - radius, x + radius, y + radius
    return hull(points)

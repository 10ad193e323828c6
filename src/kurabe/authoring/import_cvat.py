"""CVAT for images 1.1: one XML file with an element for each picture (https://docs.cvat.ai)."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import ClassVar
from xml.etree.ElementTree import Element

from kurabe.authoring.import_files import hull, unknown_layout, xml_elements
from kurabe.authoring.import_places import Finder
from kurabe.authoring.parts import Found, Hints, Mark, Part
from kurabe.common.errors import Problem
from kurabe.common.vocabulary import Relation


class CvatImporter:
    """Reads ``annotations.xml``; pictures without shapes are good parts."""

    title: ClassVar[str] = "CVAT"
    layout: ClassVar[str] = (
        "annotations.xml of 'CVAT for images 1.1', with the pictures beside it or in images/"
    )
    relation: ClassVar[Relation] = "instance"

    def __init__(self, source: Path, hints: Hints) -> None:
        """Find the file."""
        self._hints = hints
        self._file = source / "annotations.xml" if source.is_dir() else source
        if not self._file.is_file() or next(xml_elements(self._file, "image"), None) is None:
            raise unknown_layout(source, self.layout)

    def parts(self) -> Iterator[Found]:
        """Give the pictures in the file's order."""
        home = self._file.parent
        finder = Finder([*([self._hints.images] if self._hints.images else []), home / "images", home])
        for image in xml_elements(self._file, "image"):
            yield self._part(image, finder)

    def _part(self, image: Element, finder: Finder) -> Found:
        name = image.get("name", "")
        labels = self._hints.labels
        tags = [tag.get("label", "") for tag in image.findall("tag")]
        marks: list[Mark] = []
        for shape in image:
            label = shape.get("label", "")
            if shape.tag == "tag" or labels.is_good(label) is True:
                continue
            try:
                marks.append(Mark(_box(shape), labels.kind(label) or None))
            except (TypeError, ValueError):
                return Problem(
                    f"{name}: the {shape.tag} {label!r} has no place in numbers: draw it anew", self._file
                )
        unknown = next((tag for tag in tags if labels.is_good(tag) is None), None)
        if unknown is not None and not marks:
            return Problem(f"{name}: {labels.unknown(unknown)}", self._file)
        unplaced = not marks and any(labels.is_good(tag) is False for tag in tags)
        width, height = image.get("width"), image.get("height")
        return Part(
            picture=finder.find(name),
            good=not marks and not unplaced,
            name=PurePosixPath(name.replace("\\", "/")).with_suffix("").as_posix(),
            kinds=tuple(dict.fromkeys(mark.kind for mark in marks if mark.kind)),
            marks=None if unplaced else tuple(marks),
            size=(int(width), int(height)) if width and height else None,
            count=None if unplaced else len(marks),
            source=self._file,
        )


def _box(shape: Element) -> tuple[float, float, float, float]:
    def number(name: str) -> float:
        return float(shape.get(name, ""))

    if shape.tag == "box":
        return number("xtl"), number("ytl"), number("xbr"), number("ybr")
    if shape.tag == "ellipse":
        x, y, across, down = number("cx"), number("cy"), number("rx"), number("ry")
        return x - across, y - down, x + across, y + down
    if shape.tag == "mask":
        left, top = number("left"), number("top")
        return left, top, left + number("width"), top + number("height")
    points = [point.split(",") for point in shape.get("points", "").split(";")]
    return hull([(float(x), float(y)) for x, y in points])

"""Pascal VOC: an XML file for each picture, as labelImg and many others write it.

``Annotations/`` and ``JPEGImages/`` lie beside each other, or the XML files beside the pictures. Pixels are
counted from 1 and both edges belong to the box (VOC development kit, section 3.3).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar
from xml.etree.ElementTree import Element

from kurabe.authoring.import_files import (
    folders_in,
    need_folder,
    pictures_below,
    unknown_layout,
    xml_root,
)
from kurabe.authoring.import_places import Finder
from kurabe.authoring.import_unlabelled import unlabelled
from kurabe.authoring.parts import Found, Hints, Mark, Part
from kurabe.common.errors import KurabeError, Problem
from kurabe.common.vocabulary import Relation


class VocImporter:
    """Reads a folder of XML files and pictures."""

    title: ClassVar[str] = "Pascal VOC"
    layout: ClassVar[str] = "Annotations/*.xml and JPEGImages/, or XML files beside the pictures"
    relation: ClassVar[Relation] = "instance"

    def __init__(self, source: Path, hints: Hints) -> None:
        """Find the XML files."""
        need_folder(source, self.layout)
        self._source = source
        self._hints = hints
        annotations = source / "Annotations"
        self._home = annotations if annotations.is_dir() else source
        if next(self._files(self._home), None) is None:
            raise unknown_layout(source, self.layout)

    def _files(self, folder: Path) -> Iterator[Path]:
        yield from sorted(folder.glob("*.xml"))
        for below in folders_in(folder):
            yield from self._files(below)

    def parts(self) -> Iterator[Found]:
        """Give the pictures that have XML files, then those that have none."""
        named: set[Path] = set()
        for path in self._files(self._home):
            try:
                root = xml_root(path)
            except KurabeError as error:
                yield Problem(str(error).split(": ", 1)[-1], path)
                continue
            if root.tag != "annotation":
                yield Problem("is no annotation of Pascal VOC: the element 'annotation' is missing", path)
                continue
            picture = self._picture(path, root)
            named.add(picture)
            yield self._part(path, root, picture)
        yield from unlabelled(pictures_below(self._source), named, self._source, self._hints)

    def _picture(self, path: Path, root: Element) -> Path:
        homes = [self._hints.images] if self._hints.images else []
        inner = path.parent.relative_to(self._home)
        homes += [path.parent, *(self._source / name / inner for name in ("JPEGImages", "images", "."))]
        finder = Finder(homes)
        name = (root.findtext("filename") or "").strip()
        # labelImg writes names without suffix where the picture had several dots.
        found = finder.find(name) if name else path
        return found if name and found.is_file() else finder.with_stem(path.stem) or found

    def _part(self, path: Path, root: Element, picture: Path) -> Found:
        marks: list[Mark] = []
        labels = self._hints.labels
        for entry in root.iter("object"):
            kind = (entry.findtext("name") or "").strip()
            if labels.is_good(kind) is True:
                continue
            try:
                edges = [
                    float(entry.findtext(f"bndbox/{edge}") or "") for edge in ("xmin", "ymin", "xmax", "ymax")
                ]
            except ValueError:
                return Problem(f"the object {kind!r} has no bndbox of numbers: draw it anew", path)
            box = (edges[0] - 1, edges[1] - 1, edges[2], edges[3])
            marks.append(Mark(box, labels.kind(kind) or None))
        width, height = root.findtext("size/width"), root.findtext("size/height")
        size = (int(float(width)), int(float(height))) if width and height else (0, 0)
        return Part(
            picture=picture,
            good=not marks,
            name=(path.parent.relative_to(self._home) / path.stem).as_posix(),
            kinds=tuple(dict.fromkeys(mark.kind for mark in marks if mark.kind)),
            marks=tuple(marks),
            size=size if all(size) else None,
            count=len(marks),
            source=path,
        )

"""COCO: one JSON file of ``images``, ``annotations`` and ``categories`` (https://cocodataset.org/#format-data).

Pictures without annotations are good parts. Roboflow's ``_annotations.coco.json`` in ``train``, ``valid`` and
``test`` is read as well.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from kurabe.authoring.import_files import hull, read_json, unknown_layout
from kurabe.authoring.import_places import Finder
from kurabe.authoring.parts import Found, Hints, Mark, Part
from kurabe.common.errors import KurabeError, Problem
from kurabe.common.vocabulary import Relation


class CocoImporter:
    """Reads one file, or all COCO files of a folder."""

    title: ClassVar[str] = "COCO"
    layout: ClassVar[str] = (
        "a JSON file with images, annotations and categories, or a folder with such files in it, in "
        "annotations/ "
        "or in train/, valid/ and test/"
    )
    relation: ClassVar[Relation] = "instance"

    def __init__(self, source: Path, hints: Hints) -> None:
        """Read the files."""
        self._hints = hints
        self._source = source
        below = {*source.glob("*.json"), *source.glob("*/*.json")}
        files = sorted(below) if source.is_dir() else [source]
        read = {path: read_json(path) for path in files}
        self._files = {path: sets for path, sets in read.items() if _is_coco(sets)}
        if not self._files:
            raise unknown_layout(source, self.layout)

    def parts(self) -> Iterator[Found]:
        """Give the pictures of each file in its order."""
        for path, sets in self._files.items():
            yield from self._of_file(path, sets)

    def _of_file(self, path: Path, sets: dict[str, Any]) -> Iterator[Found]:
        kinds = {entry.get("id"): str(entry.get("name", "")) for entry in sets.get("categories", [])}
        marks: dict[Any, list[Mark]] = {}
        broken: set[Any] = set()
        for entry in sets.get("annotations", []):
            kind = kinds.get(entry.get("category_id"))
            if kind is None:
                broken.add(entry.get("image_id"))
                what = (
                    f"annotation {entry.get('id')}: there is no category {entry.get('category_id')!r}: add it"
                )
                yield Problem(what, path)
                continue
            listed = marks.setdefault(entry.get("image_id"), [])
            if self._hints.labels.is_good(kind) is True:
                continue
            box = _box(entry)
            if box is None:
                broken.add(entry.get("image_id"))
                yield Problem(f"annotation {entry.get('id')}: has neither bbox nor polygons: draw it", path)
            else:
                listed.append(Mark(box, self._hints.labels.kind(kind) or None))
        home = path.parent
        folders = [home, home / "images", home.parent, home.parent / "images", home.parent / path.stem]
        finder = Finder(([self._hints.images] if self._hints.images else []) + folders)
        top = f"{home.name}/" if len(self._files) > 1 and home != self._source else ""
        for image in sets["images"]:
            if image.get("id") in broken:
                continue
            name = str(image.get("file_name", ""))
            found = tuple(marks.get(image.get("id"), ()))
            width, height = image.get("width"), image.get("height")
            yield Part(
                picture=finder.find(name),
                good=not found,
                name=top + PurePosixPath(name.replace("\\", "/")).with_suffix("").as_posix().lstrip("./"),
                kinds=tuple(dict.fromkeys(mark.kind for mark in found if mark.kind)),
                marks=found,
                size=(int(width), int(height)) if width and height else None,
                count=len(found),
                source=path,
            )


def _is_coco(sets: Any) -> bool:
    return isinstance(sets, dict) and isinstance(sets.get("images"), list) and "annotations" in sets


def _box(entry: dict[str, Any]) -> tuple[float, float, float, float] | None:
    try:
        if entry.get("bbox"):
            x, y, width, height = map(float, entry["bbox"])
            return x, y, x + width, y + height
        polygons = entry.get("segmentation")
        if isinstance(polygons, list) and polygons:
            flat = [float(value) for polygon in polygons for value in polygon]
            return hull(list(zip(flat[::2], flat[1::2], strict=True)))
    except (TypeError, ValueError) as error:
        raise KurabeError(
            f"annotation {entry.get('id')}: bbox or segmentation is no list of numbers"
        ) from error
    return None

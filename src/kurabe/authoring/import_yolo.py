"""YOLO: a text file for each picture, ``class x y width height`` in shares of the picture.

``images/`` and ``labels/`` lie beside each other, or the text files beside the pictures; ``data.yaml``,
``classes.txt`` or ``obj.names`` names the classes. Lines of more numbers are polygons. As in training, a
picture without labels is background: a good part.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from kurabe.authoring.import_files import decoded, hull, name_of, need_folder, pictures_below, unknown_layout
from kurabe.authoring.parts import Found, Hints, Mark, Part
from kurabe.cases import yaml_lines
from kurabe.common.errors import KurabeError, Problem
from kurabe.common.vocabulary import Relation

_NAMES = ("classes.txt", "obj.names", "labels.txt", "classes.names")


class YoloImporter:
    """Reads a folder of pictures and labels."""

    title: ClassVar[str] = "YOLO"
    layout: ClassVar[str] = (
        "images/ and labels/ (also in train/, val/ and test/, or text files beside the pictures), and "
        "data.yaml or "
        "classes.txt with the names of the classes"
    )
    relation: ClassVar[Relation] = "instance"

    def __init__(self, source: Path, hints: Hints) -> None:
        """Read the names of the classes."""
        need_folder(source, self.layout)
        self._source = source
        self._labels = hints.labels
        self._names = self._classes()
        if not any(_label_file(p, source).is_file() for p in pictures_below(source)):
            raise unknown_layout(source, self.layout)

    def _classes(self) -> list[str] | dict[int, str]:
        for path in sorted([*self._source.glob("*.yaml"), *self._source.glob("*.yml")]):
            try:
                names: Any = (yaml_lines.load(decoded(path)) or {}).get("names")
            except (AttributeError, yaml_lines.YamlError):
                continue
            if isinstance(names, list):
                return [str(name) for name in names]
            if isinstance(names, dict):
                return {int(number): str(name) for number, name in names.items()}
        for folder in (self._source, self._source / "labels"):
            for name in _NAMES:
                if (folder / name).is_file():
                    return [line.strip() for line in decoded(folder / name).splitlines() if line.strip()]
        raise KurabeError(
            f"{self._source}: nothing names the classes: add data.yaml with 'names: [scratch, dent]', or "
            "classes.txt "
            "with a name in each line"
        )

    def parts(self) -> Iterator[Found]:
        """Give the pictures, folder by folder."""
        for picture in pictures_below(self._source):
            path = _label_file(picture, self._source)
            marks: list[Mark] = []
            told: list[Problem] = []
            if path.is_file():
                for number, line in enumerate(decoded(path).splitlines(), 1):
                    if line.strip():
                        mark = self._mark(line)
                        if isinstance(mark, str):
                            told.append(Problem(mark, path, number))
                        elif mark is not None:
                            marks.append(mark)
            yield from told
            if not told:
                name = name_of(picture, self._source)
                yield Part(
                    picture=picture,
                    good=not marks,
                    name="/".join(part for part in name.split("/") if part != "images"),
                    kinds=tuple(dict.fromkeys(mark.kind for mark in marks if mark.kind)),
                    marks=tuple(marks),
                    count=len(marks),
                    source=path if path.is_file() else None,
                )

    def _mark(self, line: str) -> Mark | str | None:
        """Read a line; None if its class is a good part's, a text if it cannot be read."""
        try:
            first, *values = map(float, line.split())
        except ValueError:
            return f"not 'class x y width height' in numbers: {line.strip()[:60]!r}"
        try:
            kind = self._names[int(first)]
        except (KeyError, IndexError):
            return (
                f"there is no class {int(first)} among {len(self._names)}: add its name to data.yaml or "
                "classes.txt"
            )
        if self._labels.is_good(kind) is True:
            return None
        if len(values) in (4, 5):  # a fifth is a confidence
            x, y, width, height = values[:4]
            box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        elif len(values) >= 6 and len(values) % 2 == 0:
            box = hull(list(zip(values[::2], values[1::2], strict=True)))
        else:
            return (
                f"a line is 'class x y width height' or a polygon, not {len(values)} numbers after the class"
            )
        return Mark(box, self._labels.kind(kind) or None, relative=True)


def _label_file(picture: Path, source: Path) -> Path:
    parts = picture.relative_to(source).parts
    if "images" in parts:
        last = len(parts) - 1 - parts[::-1].index("images")
        return source.joinpath(*parts[:last], "labels", *parts[last + 1 :]).with_suffix(".txt")
    return picture.with_suffix(".txt")

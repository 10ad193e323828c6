"""Hugging Face: imagefolder, with or without metadata, and `datasets` saved on disk.

An imagefolder has a folder for each label, or ``metadata.csv`` or ``metadata.jsonl`` with ``file_name`` and
``label`` or ``objects`` (https://huggingface.co/docs/datasets/image_dataset); either may lie in ``train``,
``validation`` and ``test``.
"""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from kurabe.authoring.import_files import (
    decoded,
    folders_in,
    json_lines,
    name_of,
    need_folder,
    pictures_below,
    unknown_layout,
)
from kurabe.authoring.import_saved import SavedDataset
from kurabe.authoring.parts import Found, Hints, Mark, Part
from kurabe.common.errors import Problem
from kurabe.common.vocabulary import Relation

_LABELS = ("label", "labels", "anomaly", "defect")
_METADATA = ("metadata.csv", "metadata.jsonl")


class ImagefolderImporter:
    """Reads an imagefolder or a saved dataset."""

    title: ClassVar[str] = "imagefolder"
    layout: ClassVar[str] = (
        "metadata.csv or metadata.jsonl with file_name and label or objects, or a folder for each label, "
        "here or in "
        "train/, validation/ and test/; or what datasets' save_to_disk writes"
    )
    relation: ClassVar[Relation] = "instance"

    def __init__(self, source: Path, hints: Hints) -> None:
        """Find out which of them it is."""
        need_folder(source, self.layout)
        self._source = source
        self._labels = hints.labels
        self._saved = SavedDataset.at(source, hints)
        self._homes = [home for home in (source, *folders_in(source)) if _metadata(home) is not None]
        if not self._homes and self._saved is None and not self._label_folders():
            raise unknown_layout(source, self.layout)

    def _label_folders(self) -> list[Path]:
        inner = [below for split in folders_in(self._source) for below in folders_in(split)]
        return [
            path
            for path in (*folders_in(self._source), *inner)
            if self._labels.is_good(path.name) is not None
        ]

    def parts(self) -> Iterator[Found]:
        """Give the pictures, split by split."""
        if self._saved is not None:
            for name, row, picture in self._saved.rows():
                yield self._part(picture, name, row, self._saved.source, None)
            return
        if not self._homes:
            yield from self._by_folder()
        for home in self._homes:
            path = _metadata(home)
            assert path is not None
            for line, row in _rows(path):
                if isinstance(row, ValueError):
                    yield Problem(f"is not JSON: {row}", path, line)
                elif not isinstance(row, dict) or not row.get("file_name"):
                    yield Problem("the column 'file_name' is missing or empty", path, line)
                else:
                    picture = home / str(row["file_name"])
                    yield self._part(picture, name_of(picture, self._source), row, path, line)

    def _by_folder(self) -> Iterator[Found]:
        labels = self._label_folders()
        homes = {folder.parent for folder in labels}
        for home in sorted(homes):
            for folder in folders_in(home):
                good = self._labels.is_good(folder.name)
                if good is None:
                    if folder not in homes:
                        yield Problem(self._labels.unknown(folder.name), folder)
                    continue
                kind = "" if good else self._labels.kind(folder.name)
                for picture in pictures_below(folder):
                    name = name_of(picture, self._source)
                    yield Part(picture=picture, good=good, name=name, kinds=(kind,) if kind else ())

    def _part(self, picture: Path, name: str, row: dict[str, Any], source: Path, line: int | None) -> Found:
        try:
            marks = self._marks(row.get("objects"))
        except (TypeError, ValueError):
            return Problem("objects: bbox is a list of [x, y, width, height] in pixels", source, line)
        told = [row[key] for key in _LABELS if row.get(key) is not None]
        word = str(told[0]).strip() if told else ""
        good = self._labels.is_good(word) if word else None
        if good is None and marks is None:
            what = self._labels.unknown(word) if word else "there is neither label nor objects"
            return Problem(what, source, line)
        if good is None:
            good = not marks
        named = [mark.kind for mark in marks or () if mark.kind]
        own = self._labels.kind(word) if word and not good else ""
        unplaced = not marks and not good
        return Part(
            picture=picture,
            good=good,
            name=PurePosixPath(name).as_posix(),
            kinds=() if good else tuple(dict.fromkeys(named or ([own] if own else []))),
            marks=None if marks is None or unplaced else tuple(marks),
            count=None if marks is None or unplaced else len(marks),
            source=source,
            line=line,
        )

    def _marks(self, objects: Any) -> list[Mark] | None:
        if not isinstance(objects, dict) or "bbox" not in objects:
            return None
        kinds = objects.get("categories") or objects.get("category") or []
        marks = []
        for place, (x, y, width, height) in enumerate(objects["bbox"]):
            kind = str(kinds[place]) if place < len(kinds) else ""
            if self._labels.is_good(kind) is not True:
                box = (float(x), float(y), float(x + width), float(y + height))
                marks.append(Mark(box, self._labels.kind(kind) or None))
        return marks


def _metadata(folder: Path) -> Path | None:
    return next((folder / name for name in _METADATA if (folder / name).is_file()), None)


def _rows(path: Path) -> Iterator[tuple[int, Any]]:
    if path.suffix == ".jsonl":
        yield from json_lines(path)
        return
    reader = csv.DictReader(io.StringIO(decoded(path)))
    for row in reader:
        found: dict[str, Any] = dict(row)
        if str(found.get("objects", "")).startswith("{"):
            try:
                found["objects"] = json.loads(found["objects"])
            except ValueError as error:
                yield reader.line_num, error
                continue
        yield reader.line_num, found

"""Amazon Lookout for Vision: a manifest with a line of JSON for each picture.

The format is that of SageMaker Ground Truth (https://docs.aws.amazon.com/lookout-for-vision/latest/
developer-guide/manifest-files.html); pictures in S3 are looked for beside the manifest, by the end of
their path.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from kurabe.authoring.import_files import json_lines, unknown_layout
from kurabe.authoring.import_places import Finder
from kurabe.authoring.parts import Found, Hints, Mask, Part
from kurabe.common.errors import Problem
from kurabe.common.vocabulary import Relation

_SUFFIXES = ("*.manifest", "*.jsonl", "*.json")


class LookoutImporter:
    """Reads a manifest."""

    title: ClassVar[str] = "Lookout for Vision"
    layout: ClassVar[str] = (
        "a manifest (.manifest, .jsonl) whose lines have source-ref and anomaly-label, or a folder with "
        "one; the "
        "pictures and masks copied from S3 beside it, or where --images says"
    )
    relation: ClassVar[Relation] = "instance"

    def __init__(self, source: Path, hints: Hints) -> None:
        """Find the manifest."""
        self._hints = hints
        files = [p for end in _SUFFIXES for p in sorted(source.glob(end))] if source.is_dir() else [source]
        self._file = next((path for path in files if _is_manifest(path)), source)
        if self._file == source and (source.is_dir() or not _is_manifest(source)):
            raise unknown_layout(source, self.layout)

    def parts(self) -> Iterator[Found]:
        """Give the lines in their order."""
        home = self._file.parent
        finder = Finder([*([self._hints.images] if self._hints.images else []), home, home / "images"])
        for number, entry in json_lines(self._file):
            if isinstance(entry, ValueError):
                yield Problem(f"is not JSON: {entry}", self._file, number)
            elif not isinstance(entry, dict) or "source-ref" not in entry:
                yield Problem("the key 'source-ref' is missing", self._file, number)
            else:
                yield self._part(entry, finder, number)

    def _part(self, entry: dict[str, Any], finder: Finder, line: int) -> Found:
        label, mask_key = (
            _attribute(entry, "image-classification"),
            _attribute(entry, "semantic-segmentation"),
        )
        if label is None:
            what = "no anomaly-label tells whether the part is good: label the picture"
            return Problem(what, self._file, line)
        name = entry.get(f"{label}-metadata", {}).get("class-name")
        good = self._hints.labels.is_good(str(name if name is not None else entry[label]))
        if good is None:
            return Problem(self._hints.labels.unknown(str(name)), self._file, line)
        path = unquote(urlsplit(entry["source-ref"]).path).lstrip("/")
        mask = None
        if mask_key is not None and not good:
            colours = _colours(entry.get(f"{mask_key}-metadata", {}))
            file = finder.find(unquote(urlsplit(entry[mask_key]).path))
            mask = Mask((file,), colours or None)
        return Part(
            picture=finder.find(path),
            good=good,
            name=PurePosixPath(path).with_suffix("").as_posix(),
            marks=() if good and mask_key is not None else None,
            mask=mask,
            source=self._file,
            line=line,
        )


def _is_manifest(path: Path) -> bool:
    first = next(json_lines(path), (0, None))[1]
    return isinstance(first, dict) and "source-ref" in first


def _attribute(entry: dict[str, Any], kind: str) -> str | None:
    """Return the attribute that a labelling job of a kind has filled; jobs name it themselves."""
    usual = "anomaly-label" if kind == "image-classification" else "anomaly-mask-ref"
    if usual in entry:
        return usual
    for key in entry:
        metadata = entry.get(f"{key}-metadata")
        if isinstance(metadata, dict) and str(metadata.get("type", "")).endswith(kind):
            return key
    return None


def _colours(metadata: dict[str, Any]) -> dict[tuple[int, int, int], str]:
    found = {}
    for entry in metadata.get("internal-color-map", {}).values():
        name, colour = str(entry.get("class-name", "")), str(entry.get("hex-color", "")).lstrip("#")
        if name.upper() != "BACKGROUND" and len(colour) == 6:
            red, green, blue = bytes.fromhex(colour)
            found[red, green, blue] = name
    return found

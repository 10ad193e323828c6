"""Datasets that the library `datasets` saved on disk: Arrow files with the pictures inside."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from kurabe.authoring.import_arrow import arrow_rows
from kurabe.authoring.import_files import folders_in, read_json
from kurabe.authoring.parts import Hints
from kurabe.common.errors import KurabeError

_STATE = "state.json"


class SavedDataset:
    """Reads what ``save_to_disk`` writes, of one split or of several; pictures are taken out of it.

    Args:
        source: The folder.
        splits: The folder of each split.
    """

    def __init__(self, source: Path, splits: list[Path]) -> None:
        self.source = source
        self._splits = splits
        # It lives as long as the importer does, which is until the pictures have been copied.
        self._taken_out = tempfile.TemporaryDirectory(prefix="kurabe-import-")

    @classmethod
    def at(cls, source: Path, hints: Hints) -> Self | None:
        """Return the dataset in a folder; None if there is none.

        Raises:
            KurabeError: If the pictures are not to be copied: they are no files that a suite could name.
        """
        splits = [folder for folder in (source, *folders_in(source)) if (folder / _STATE).is_file()]
        if not splits:
            return None
        if not hints.copy:
            raise KurabeError(f"{source}: the pictures are inside its Arrow files: take them out with --copy")
        return cls(source, splits)

    def rows(self) -> Iterator[tuple[str, dict[str, Any], Path]]:
        """Give each row's name, its values with labels in words, and its picture."""
        for split in self._splits:
            features = read_json(split / "dataset_info.json").get("features") or {}
            image = next((key for key, kind in features.items() if _is(kind, "Image")), None)
            if image is None:
                raise KurabeError(f"{split / 'dataset_info.json'}: there is no column of pictures")
            words = {key: kind["names"] for key, kind in features.items() if _is(kind, "ClassLabel")}
            number = 0
            for file in read_json(split / _STATE)["_data_files"]:
                for row in arrow_rows(split / file["filename"]):
                    name = f"{'' if split == self.source else split.name + '/'}{number:06d}"
                    yield name, _in_words(row, words), self._picture(split, name, row[image] or {})
                    number += 1

    def _picture(self, split: Path, name: str, value: dict[str, Any]) -> Path:
        if not value.get("bytes"):
            path = Path(str(value.get("path") or "?"))
            return path if path.is_absolute() else split / path
        suffix = Path(str(value.get("path") or "")).suffix or ".png"
        path = Path(self._taken_out.name) / f"{name}{suffix}"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(value["bytes"])
        return path


def _is(feature: Any, kind: str) -> bool:
    return isinstance(feature, dict) and feature.get("_type") == kind


def _in_words(row: dict[str, Any], words: dict[str, list[str]]) -> dict[str, Any]:
    return {
        key: words[key][value] if key in words and isinstance(value, int) and value >= 0 else value
        for key, value in row.items()
    }

"""Real-IAD: 30 products, each part photographed from five sides (https://realiad4ad.github.io/Real-IAD).

A JSON file for each product lists ``train`` and ``test`` with ``anomaly_class``, ``image_path`` and
``mask_path``; the pictures lie in ``realiad_256``, ``_512``, ``_1024`` or ``_raw``. The pictures of one part
are one specimen, and are compared with good parts seen by the same camera.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from kurabe.authoring.import_files import folders_in, read_json, unknown_layout
from kurabe.authoring.parts import Found, Hints, Mask, Part
from kurabe.common.errors import Problem
from kurabe.common.vocabulary import Relation

_KINDS = {
    "AK": "pit", "BX": "deformation", "CH": "abrasion", "HS": "scratch", "PS": "damage", "QS": "missing "
    "parts",
    "YW": "foreign objects", "ZW": "contamination",
}  # fmt: skip
_CAMERA = re.compile(r"_(C\d+)_")
_PART = re.compile(r"S\d+")


class RealIadImporter:
    """Reads one JSON file, or those of all products."""

    title: ClassVar[str] = "Real-IAD"
    layout: ClassVar[str] = (
        "PRODUCT.json with train and test, or realiad_jsons/PRODUCT.json, with the pictures in "
        "realiad_*/PRODUCT/ or PRODUCT/ beside, or where --images says"
    )
    relation: ClassVar[Relation] = "instance"

    def __init__(self, source: Path, hints: Hints) -> None:
        """Find the JSON files."""
        self._source = source
        self._labels = hints.labels
        self._images = hints.images
        files = [source]
        if source.is_dir():
            jsons = source / "realiad_jsons"
            homes = [source, jsons / "realiad_jsons", jsons]
            files = next((found for home in homes if (found := sorted(home.glob("*.json")))), [])
        read = {path: read_json(path) for path in files}
        self._sets = {p: s for p, s in read.items() if isinstance(s, dict) and ("train" in s or "test" in s)}
        if not self._sets:
            raise unknown_layout(source, self.layout)

    def parts(self) -> Iterator[Found]:
        """Give the training pictures as references, and the test pictures."""
        for path, sets in self._sets.items():
            entries = [(split, entry) for split in ("train", "test") for entry in sets.get(split, [])]
            home = self._home(path, sets, [entry for _, entry in entries[:1]])
            for split, entry in entries:
                yield self._part(path, home, split, entry)

    def _home(self, path: Path, sets: dict[str, Any], first: list[dict[str, Any]]) -> Path:
        """Return the folder that a product's paths are relative to: the first in which a picture is."""
        roots = [*dict.fromkeys(([self._images] if self._images else []) + [*path.parents][:3])]
        prefix = str(sets.get("meta", {}).get("prefix", ""))
        tried = []
        for root in roots:
            for base in (root, *(f for f in folders_in(root) if f.name.startswith("realiad_"))):
                for inner in dict.fromkeys((prefix, path.stem, "")):
                    tried.append(base / inner)
                    if first and (base / inner / first[0]["image_path"]).is_file():
                        return base / inner
        return tried[0]

    def _part(self, path: Path, home: Path, split: str, entry: dict[str, Any]) -> Found:
        label = str(entry.get("anomaly_class", ""))
        image = PurePosixPath(str(entry.get("image_path", "")))
        good = self._labels.is_good(label)
        if good is None and label not in _KINDS:
            return Problem(f"{image}: {self._labels.unknown(label)}", path)
        product = str(entry.get("category") or path.stem)
        camera = _CAMERA.search(image.name)
        number = next((each for each in image.parts if _PART.fullmatch(each)), image.stem)
        mask = entry.get("mask_path")
        training = split == "train"
        return Part(
            picture=home / image,
            good=bool(good),
            name=f"{product}/{image.with_suffix('').as_posix()}",
            product=product,
            pool=camera[1] if camera else "",
            kinds=(_KINDS[label],) if label in _KINDS else (),
            role="reference" if good and training else "test",
            marks=() if good else None,
            mask=Mask((home / str(mask),)) if mask and not good else None,
            specimen=f"{product}-{label}-{number}",
            split="train" if training else None,
            tags=(camera[1],) if camera else (),
            source=path,
        )

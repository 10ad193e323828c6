"""VisA: pictures of 12 objects, listed in ``split_csv`` (https://github.com/amazon-science/spot-diff)."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from kurabe.authoring.import_files import decoded, unknown_layout
from kurabe.authoring.parts import Found, Hints, Mask, Part
from kurabe.common.errors import Problem
from kurabe.common.vocabulary import Relation

_COLUMNS = {"object", "split", "label", "image", "mask"}


class VisaImporter:
    """Reads a split: ``split_csv/1cls.csv``, or the CSV file that is named."""

    title: ClassVar[str] = "VisA"
    layout: ClassVar[str] = (
        "split_csv/1cls.csv (object,split,label,image,mask) with the folders of the objects beside "
        "split_csv/; "
        "name another split's CSV file to read that"
    )
    relation: ClassVar[Relation] = "instance"

    def __init__(self, source: Path, hints: Hints) -> None:
        """Find the split."""
        self._labels = hints.labels
        self._table = source
        if source.is_dir():
            tables = [
                source / "split_csv" / "1cls.csv",
                source / "1cls.csv",
                *sorted(source.glob("split_csv/*.csv")),
            ]
            self._table = next((path for path in tables if path.is_file()), source)
        if not self._table.is_file() or not set(next(self._rows(), {})) >= _COLUMNS:
            raise unknown_layout(source, self.layout)
        home = self._table.parent
        self._home = hints.images or (home.parent if home.name == "split_csv" else home)
        self._kinds: dict[str, dict[str, str]] = {}

    def _rows(self) -> Iterator[dict[str, str]]:
        for row in csv.DictReader(io.StringIO(decoded(self._table))):
            yield {str(key).strip().lower(): str(value or "").strip() for key, value in row.items()}

    def parts(self) -> Iterator[Found]:
        """Give the rows in their order; good training pictures are references."""
        for line, row in enumerate(self._rows(), 2):
            good = self._labels.is_good(row["label"])
            if good is None:
                yield Problem(self._labels.unknown(row["label"]), self._table, line)
                continue
            training = row["split"].startswith("train")
            picture = Path(row["image"])
            yield Part(
                picture=self._home / picture,
                good=good,
                name=f"{row['object']}/{row['label']}/{picture.stem}",
                product=row["object"],
                kinds=() if good else self._kinds_of(row["object"], row["image"]),
                role="reference" if good and training else "test",
                marks=() if good else None,
                mask=None if good or not row["mask"] else Mask((self._home / row["mask"],)),
                split="train" if training and not good else None,
                source=self._table,
                line=line,
            )

    def _kinds_of(self, product: str, picture: str) -> tuple[str, ...]:
        """Return the kinds that the object's ``image_anno.csv`` has of a picture; nothing without one."""
        if product not in self._kinds:
            path = self._home / product / "image_anno.csv"
            known = self._kinds[product] = {}
            if path.is_file():
                for row in csv.DictReader(io.StringIO(decoded(path))):
                    known[str(row.get("image", "")).strip()] = str(row.get("label") or "")
        labels = self._kinds[product].get(picture, "").split(",")
        return tuple(filter(None, (self._labels.kind(label.strip()) for label in labels if label.strip())))

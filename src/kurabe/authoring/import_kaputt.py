"""Kaputt: parcels in trays, with good captures of the same item (https://www.kaputt-dataset.com).

``query-SPLIT.parquet`` lists captures with ``defect`` and ``defect_types``, ``reference-SPLIT.parquet`` good
captures by ``item_identifier``. The masks show the item, not its defects, so there are no boxes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from kurabe.authoring.import_arrow import parquet_rows
from kurabe.authoring.import_files import need_folder, unknown_layout
from kurabe.authoring.import_places import Finder
from kurabe.authoring.parts import Found, Hints, Part
from kurabe.common.errors import Problem
from kurabe.common.vocabulary import Relation

_SPLITS = ("train", "validation", "test")


class KaputtImporter:
    """Reads all splits that are there."""

    title: ClassVar[str] = "Kaputt"
    layout: ClassVar[str] = (
        "query-SPLIT.parquet and reference-SPLIT.parquet (train, validation, test), here or in datasets/, "
        "with the "
        "folders of the pictures"
    )
    relation: ClassVar[Relation] = "instance"

    def __init__(self, source: Path, hints: Hints) -> None:
        """Find the tables."""
        need_folder(source, self.layout)
        homes = [home for home in (source, source / "datasets") if any(home.glob("query-*.parquet"))]
        if not homes:
            raise unknown_layout(source, self.layout)
        self._home = homes[0]
        roots = [hints.images] if hints.images else []
        self._finder = Finder([*roots, source, source / "query-image", source / "reference-image"])

    def parts(self) -> Iterator[Found]:
        """Give the captures of each split; those of ``train`` are of that split."""
        for split in _SPLITS:
            queries, references = (self._home / f"{kind}-{split}.parquet" for kind in ("query", "reference"))
            if not queries.is_file():
                continue
            if not references.is_file():
                yield Problem(f"there is no {references.name} beside it: download it, too", queries)
                continue
            goods: dict[str, list[str]] = {}
            for row in parquet_rows(references, ("item_identifier", "reference_image")):
                named = str(row["reference_image"]).split(",")
                goods.setdefault(str(row["item_identifier"]), []).extend(name.strip() for name in named)
            columns = ("capture_id", "item_identifier", "defect", "query_image")
            for row in parquet_rows(queries, columns):
                yield self._part(row, goods, split, queries)

    def _part(self, row: dict[str, Any], goods: dict[str, list[str]], split: str, table: Path) -> Found:
        item, capture = str(row["item_identifier"]), str(row["capture_id"])
        named = goods.get(item)
        if not named:
            what = (
                f"capture {capture}: no reference capture of the item {item!r}: complete the reference table"
            )
            return Problem(what, table)
        bad = bool(row["defect"])
        kinds = [kind.strip() for kind in str(row.get("defect_types") or "").split(",") if kind.strip()]
        return Part(
            picture=self._finder.find(str(row["query_image"])),
            good=not bad,
            name=capture,
            product=str(row.get("item_material") or ""),
            kinds=tuple(kinds) if bad else (),
            role="test",
            references=tuple(self._finder.find(name) for name in named),
            split="train" if split == "train" else None,
            tags=(("major" if row.get("major_defect") else "minor"),) if bad else (),
            source=table,
        )

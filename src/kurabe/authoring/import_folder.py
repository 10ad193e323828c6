"""Folders of good and bad parts: ``good/`` and ``bad/`` in any language; kinds are folders in ``bad/``."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from kurabe.authoring.import_files import (
    folders_in,
    name_of,
    need_folder,
    pictures_below,
    pictures_in,
    unknown_layout,
)
from kurabe.authoring.labels import normal
from kurabe.authoring.parts import Found, Hints, Mask, Part
from kurabe.common.errors import Problem
from kurabe.common.vocabulary import Relation

_MASKS = frozenset(
    normal(word)
    for word in ["mask", "masks", "ground_truth", "groundtruth", "gt", "label_mask", "segmentation", "マスク"]
)


class FolderImporter:
    """Reads ``good/`` and ``bad/``, of one product or of a folder for each product."""

    title: ClassVar[str] = "Folders of good and bad parts"
    layout: ClassVar[str] = (
        "the folders good/ and bad/ (also OK/ and NG/, 良品/ and 不良品/, …), or a folder for each product "
        "with these in it; kinds are folders in bad/, masks lie in masks/"
    )
    relation: ClassVar[Relation] = "instance"

    def __init__(self, source: Path, hints: Hints) -> None:
        """Find the products."""
        need_folder(source, self.layout)
        self._source = source
        self._labels = hints.labels
        # A folder called "good" in a folder called "ok" is no product of its own.
        if self._good_in(source):
            self._products = [source]
        else:
            self._products = [below for below in folders_in(source) if self._good_in(below)]
        if not self._products:
            raise unknown_layout(source, self.layout, "--ok and --ng name folders of other names")

    def _good_in(self, folder: Path) -> bool:
        return any(self._labels.is_good(below.name) is not None for below in folders_in(folder))

    def parts(self) -> Iterator[Found]:
        """Give the pictures of each product: the good ones, then the bad ones."""
        for folder in self._products:
            product = folder.name if folder != self._source else ""
            known = {below: self._labels.is_good(below.name) for below in folders_in(folder)}
            masks = [below for below in known if normal(below.name) in _MASKS]
            for below, good in known.items():
                if below in masks:
                    continue
                if good is None:
                    if any(pictures_below(below)):
                        yield Problem(self._labels.unknown(below.name), below)
                    continue
                for picture in pictures_below(below):
                    yield self._part(picture, product, folder, below, good, masks)
            for picture in pictures_in(folder):
                what = (
                    "the picture is neither in the folder of the good parts nor in that of the bad ones: "
                    "move it"
                )
                yield Problem(what, picture)

    def _part(
        self, picture: Path, product: str, folder: Path, below: Path, good: bool, masks: list[Path]
    ) -> Part:
        inner = picture.relative_to(below).parent
        words = [word for word in (self._labels.kind(below.name), *inner.parts) if word]
        kinds = () if good else tuple(words[:1])
        mask = None if good or not masks else _mask(picture, folder, below, masks)
        return Part(
            picture=picture,
            good=good,
            name=name_of(picture, self._source),
            product=product,
            kinds=kinds,
            # With masks it is known where defects are, and that good parts have none.
            marks=() if good and masks else None,
            mask=mask,
        )


def _mask(picture: Path, folder: Path, below: Path, masks: list[Path]) -> Mask:
    """Return the mask of a picture: it has the picture's name, or that with ``_mask`` behind it."""
    inner = picture.relative_to(below)
    tried = []
    for home in masks:
        for relative in (picture.relative_to(folder), inner, Path(inner.name)):
            for stem in (relative.stem, f"{relative.stem}_mask"):
                suffixes = dict.fromkeys([".png", picture.suffix, ".bmp", ".tif", ".jpg"])
                tried += [home / relative.parent / f"{stem}{suffix}" for suffix in suffixes]
    return Mask((next((path for path in tried if path.is_file()), tried[0]),))

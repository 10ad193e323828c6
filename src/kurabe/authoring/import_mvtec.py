"""MVTec AD, AD 2, LOCO AD, and what others keep in that layout.

The layout is described at https://www.mvtec.com/company/research/datasets: a folder for each category with
``train/good``, ``test/KIND`` and ``ground_truth/KIND/NAME_mask.png``; AD 2 has ``test_public`` with its
``ground_truth`` inside, ``validation/good``, and private test sets without labels; LOCO AD has a folder of
masks for each picture.
"""

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
from kurabe.authoring.parts import Found, Hints, LeftOut, Mask, Part
from kurabe.common.errors import Problem
from kurabe.common.vocabulary import Relation

_TESTS = ("test", "test_public")
_PRIVATE = ("test_private", "test_private_mixed")


class MvtecImporter:
    """Reads one category, or a folder of categories."""

    title: ClassVar[str] = "MVTec AD"
    layout: ClassVar[str] = (
        "train/good/, test/KIND/ and ground_truth/KIND/ (AD 2: test_public/KIND/), or a folder of categories "
        "with these in it"
    )
    relation: ClassVar[Relation] = "instance"

    def __init__(self, source: Path, hints: Hints) -> None:
        """Find the categories."""
        need_folder(source, self.layout)
        self._source = source
        self._labels = hints.labels
        self._categories = [source] if _is_category(source) else [*filter(_is_category, folders_in(source))]
        if not self._categories:
            raise unknown_layout(source, self.layout)

    def parts(self) -> Iterator[Found]:
        """Give the training pictures as references, and the test pictures."""
        for folder in self._categories:
            product = folder.name if folder != self._source else ""
            for training in ("train", "validation"):
                yield from self._training(folder / training, product)
            for name in _TESTS:
                for below in folders_in(folder / name):
                    if below.name != "ground_truth":
                        yield from self._tests(folder, below, product)
            for name in _PRIVATE:
                if (folder / name).is_dir():
                    yield LeftOut("private test pictures have no labels", folder / name)

    def _training(self, folder: Path, product: str) -> Iterator[Found]:
        for below in folders_in(folder):
            if self._labels.is_good(below.name):
                for picture in pictures_below(below):
                    yield Part(
                        picture=picture,
                        good=True,
                        name=name_of(picture, self._source),
                        product=product,
                        role="reference",
                    )
            else:
                yield Problem("only good parts are meant for training: move this folder to test/", below)

    def _tests(self, category: Path, below: Path, product: str) -> Iterator[Found]:
        good = bool(self._labels.is_good(below.name))
        kind = self._labels.kind(below.name)
        truth = _truth(category, below)
        for picture in pictures_in(below):
            mask = None if good or truth is None else _mask(truth, picture)
            yield Part(
                picture=picture,
                good=good,
                name="/".join(filter(None, (product, below.name, picture.stem))),
                product=product,
                kinds=(kind,) if kind and not good else (),
                role="test",
                marks=() if good else None,
                mask=mask,
            )


def _is_category(folder: Path) -> bool:
    return (folder / "train").is_dir() and any((folder / name).is_dir() for name in _TESTS)


def _truth(category: Path, below: Path) -> Path | None:
    for truth in (below.parent / "ground_truth", category / "ground_truth"):
        if truth.is_dir():
            return truth / below.name
    return None


def _mask(truth: Path, picture: Path) -> Mask:
    several = pictures_in(truth / picture.stem)
    if several:
        return Mask(tuple(several))
    for name in (f"{picture.stem}_mask.png", f"{picture.stem}.png"):
        if (truth / name).is_file():
            return Mask((truth / name,))
    return Mask((truth / f"{picture.stem}_mask.png",))

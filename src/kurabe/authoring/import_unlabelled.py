"""Pictures that nobody labelled, beside others that have label files."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from kurabe.authoring.import_files import name_of
from kurabe.authoring.parts import Found, Hints, LeftOut, Part


def unlabelled(
    pictures: Iterable[Path], labelled: Collection[Path], source: Path, hints: Hints
) -> Iterator[Found]:
    """Give the pictures that no label file is about.

    They are good parts if the user says so, or if they lie in a folder whose name does; else nobody knows.
    """
    for picture in pictures:
        if picture in labelled:
            continue
        known = hints.labels.is_good(picture.parent.name)
        if known is True or hints.unlabelled_good:
            yield Part(picture=picture, good=True, name=name_of(picture, source), marks=(), count=0)
        else:
            what = (
                "pictures without labels may be good or not yet looked at: --unlabelled-good takes them for "
                "good parts"
            )
            yield LeftOut(what, picture)

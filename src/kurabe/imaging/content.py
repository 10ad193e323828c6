"""What a picture is, by its pixels, and the pictures of one trial."""

import hashlib
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from kurabe.common.request import Picture


def content_id(picture: Image.Image) -> str:
    """Identify a picture by its mode, size and pixels: 32 hex digits."""
    digest = hashlib.blake2b(f"{picture.mode} {picture.size} ".encode(), digest_size=16)
    digest.update(picture.tobytes())
    return digest.hexdigest()


_known: dict[int, tuple["weakref.ref[Image.Image]", str]] = {}


def known_id(picture: Image.Image) -> str:
    """As `content_id`, computed once for a picture that nobody changes, as those of the bench's memories.

    Each trial names all of its pictures, and most of them belong to many trials.
    """
    key = id(picture)
    known = _known.get(key)
    if known is not None and known[0]() is picture:
        return known[1]
    found = content_id(picture)
    _known[key] = weakref.ref(picture, lambda _: _known.pop(key, None)), found
    return found


def set_id(contents: Iterable[str]) -> str:
    """Identify a set of pictures by their content ids: 32 hex digits; a single one is its own set."""
    names = sorted(set(contents))
    if len(names) == 1:
        return names[0]
    return hashlib.blake2b(" ".join(names).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class GoodParts:
    """The good parts of a trial.

    Attributes:
        set: Content id of the set that the case names.
        chosen: Content id of the one that is the pair's reference.
        pictures: Those that the test can be compared with: all but itself.
    """

    set: str
    chosen: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """The pictures of a trial.

    Attributes:
        raw: Reference and test as the files are, or the one picture of ``describe``; empty where the
            suite brings processed files and the raw ones cannot be read.
        pair: The processed pictures as an engine gets them: reference and test, exchanged if the trial
            is, or the one picture of ``describe``.
        pictures: The same after layout, in the order in which the model gets them.
        note: What else was done to the pair, such as fitting the test to the reference's size; or "".
        swapped: True if ``pair`` has the test first.
        good: The good parts; None where there is no reference, or it cannot be read.
        originals: Content ids of the pair's files, where something was painted over or cut off.
        suite: As in `kurabe.common.request.Request`.
        files: For each of ``pictures`` the file that it was read from, if nothing was done to it.
    """

    raw: tuple[Image.Image, ...]
    pair: tuple[Image.Image, ...]
    pictures: tuple[Image.Image, ...]
    note: str = ""
    swapped: bool = False
    good: GoodParts | None = None
    originals: tuple[str, ...] = ()
    suite: Callable[[], tuple[Picture, ...]] | None = None
    files: tuple[Path | None, ...] = ()

    @property
    def in_case_order(self) -> tuple[Image.Image, ...]:
        """The processed pictures with the reference first."""
        return self.pair[::-1] if self.swapped else self.pair


@dataclass(frozen=True, slots=True)
class Names:
    """The content ids of a trial's pictures.

    Attributes:
        raw: Reference and test as the files are, or the one picture of ``describe``.
        pair: The same after processing, in the same order, also where the trial exchanges them.
        shown: What a VLM gets, in the order in which it gets it.
    """

    raw: tuple[str, ...]
    pair: tuple[str, ...]
    shown: tuple[str, ...]


class Listed:
    """Pictures that are known by the beginnings of their content ids, as an adapter's card lists them."""

    def __init__(self, beginnings: Iterable[str]) -> None:
        self._beginnings = frozenset(beginnings)
        self._lengths = {len(beginning) for beginning in self._beginnings}

    def __contains__(self, name: str) -> bool:
        """Say whether a content id is listed."""
        return any(name[:length] in self._beginnings for length in self._lengths)


Keep = Callable[[str, Image.Image, bool], object]
"""Takes a picture's content id, the picture, and whether it is one of the pair."""


def name_pictures(shown: Shown, keep: Keep = lambda name, picture, of_pair: None) -> Names:  # noqa: ARG005
    """Name a trial's pictures by their content.

    Args:
        shown: The pictures.
        keep: Called once for each different picture.
    """
    known: dict[int, str] = {}  # a layout or a variant may pass pictures on as they are

    def name(picture: Image.Image, of_pair: bool = False) -> str:
        if id(picture) not in known:
            known[id(picture)] = found = known_id(picture)
            keep(found, picture, of_pair)
        return known[id(picture)]

    pair = tuple(name(picture, of_pair=True) for picture in shown.in_case_order)
    return Names(tuple(map(name, shown.raw)), pair, tuple(map(name, shown.pictures)))

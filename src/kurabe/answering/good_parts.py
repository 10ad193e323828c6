"""Which of several good parts a test picture is compared with, and which others are shown beside it."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from PIL import Image

from kurabe.answering.sources import Source
from kurabe.common.memo import Memo
from kurabe.common.request import Picture
from kurabe.imaging.content import content_id, set_id
from kurabe.imaging.nearest import Gist, distances, gist

_SETS = 1000
"""Good parts of sets that are remembered, reduced to 27 KiB each; more in a set of its own are no harm."""

_CHOICES = 20_000
"""Test pictures of which the order of their good parts is remembered."""


@dataclass(frozen=True, slots=True)
class GoodSet:
    """Several good parts, each looked at once.

    Attributes:
        name: Content id of the set.
        pictures: The parts, in the case's order.
        gists: What they are compared by, in the same order.
    """

    name: str
    pictures: tuple[Picture, ...]
    gists: tuple[Gist, ...]


class GoodSets:
    """The sets of good parts of a run.

    Args:
        load: Reads a picture, ready to be shown.
    """

    def __init__(self, load: Callable[[Source], Image.Image]) -> None:
        self._load = load
        self._sets: Memo[GoodSet] = Memo(_SETS, lambda found: len(found.pictures))
        self._orders: Memo[tuple[int, ...]] = Memo(_CHOICES, lambda order: 1)  # noqa: ARG005

    def of(self, sources: tuple[Source, ...]) -> GoodSet:
        """Return a set, of which every picture is read when it is asked for first.

        Raises:
            ImageError: If one of them cannot be read.
        """
        return self._sets.get(sources, lambda: self._look(sources))

    def nearest(self, sources: tuple[Source, ...], test: Source) -> tuple[int, ...]:
        """Return the places of the good parts, nearest to a test picture first.

        Raises:
            ImageError: If a picture cannot be read.
        """

        def order() -> tuple[int, ...]:
            away = distances(gist(self._load(test)), self.of(sources).gists)
            return tuple(int(place) for place in away.argsort(kind="stable"))

        return self._orders.get((sources, test), order)

    def _look(self, sources: tuple[Source, ...]) -> GoodSet:
        # Whoever needs one of them needs the set, so nobody else has work for the processor meanwhile.
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            seen = list(pool.map(self._see, sources))
        pictures = tuple(picture for picture, _ in seen)
        return GoodSet(set_id(each.content for each in pictures), pictures, tuple(each for _, each in seen))

    def _see(self, source: Source) -> tuple[Picture, Gist]:
        picture = self._load(source)
        return Picture(content_id(picture), partial(self._load, source)), gist(picture)

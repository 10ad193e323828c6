"""A fixed number of pairs to learn from, again and again: what a user with so many pictures has."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.connectors.batches import Batch, Batches, Rows
from training.connectors.draw import TAKES, TESTS
from training.connectors.gallery import Flawed, Gallery
from training.connectors.rows import Asker, Row

SHARES = {
    ("raw", False): {"raw": 1.0},
    ("raw", True): {"raw": 0.75, "linked": 0.125, "bodies": 0.125},
    ("processed", False): {"processed": 1.0},
    ("processed", True): {"processed": 0.75, "linked": 0.125, "bodies": 0.125},
}
"""What rows show, by the pictures that are learned from and by whether linking pairs are among them."""


class Pair(NamedTuple):
    """A pair of a gallery: places of its pictures, what differs, and its connector's place."""

    first: int
    second: int
    flaws: tuple[Flawed, ...]
    place: int


def pairs_of(gallery: Gallery, amount: int) -> list[Pair]:
    """Return so many pairs, every other one flawed, each connector's tests with one reference.

    Raises:
        ValueError: If the gallery has too few.
    """
    found: list[Pair] = []
    for place in range(gallery.filled):
        for test in np.flatnonzero(gallery.valid[place]):
            if len(found) == amount:
                return found
            bad = len(found) % 2
            second = place * TAKES + 1 + int(test) + TESTS * bad
            flaws = gallery.differences[place][test] if bad else ()
            found.append(Pair(place * TAKES, second, flaws, place))
    if len(found) < amount:
        raise ValueError(f"{gallery.filled} connectors have {len(found)} pairs, not {amount}")
    return found


class Few:
    """Draws batches of verdicts on a fixed number of pairs."""

    def __init__(
        self,
        pictures: Tensor,
        processed: Tensor,
        pairs: Sequence[Pair],
        bodies: tuple[Tensor, Sequence[tuple[NDArray[np.float32], list[Row]]]],
        asker: Asker,
        pad: int,
        seed: int,
    ) -> None:
        """Take what there is.

        Args:
            pictures: (pictures, 3, H, W) bytes that the pairs name.
            processed: (pairs, 3, H, W), the test pictures processed; the references are black.
            pairs: What is learned from.
            bodies: (2 * items, 3, H, W), prisms and cylinders, and of each item its boxes and rows.
            asker: Writes rows.
            pad: The id that fills rows up.
            seed: Of the draws.
        """
        self._pairs, self._items = pairs, bodies[1]
        self._rng = np.random.default_rng([seed, 31])
        sources = {"raw": pictures, "processed": processed, "body": bodies[0]}
        self._batches = Batches(sources, asker, pad, self._rng)

    def draw(self, amount: int, shares: dict[str, float]) -> Batch:
        """Return verdicts on drawn pairs.

        Args:
            amount: Rows.
            shares: One of `SHARES`.
        """
        rows = Rows(amount)
        # Exact shares, so that a batch never has more pictures than there is room for.
        counts = np.round(np.cumsum([0.0, *shares.values()]) * amount).astype(int)
        names = [name for name, count in zip(shares, np.diff(counts), strict=True) for _ in range(count)]
        kinds = [names[place] for place in self._rng.permutation(amount)]
        order = self._order(amount)
        for number, name in zip(order, kinds, strict=True):
            pair = self._pairs[number]
            if name == "bodies":
                which = int(self._rng.integers(len(self._items)))
                boxes, written = self._items[which]
                shown = rows.picture(("body", 2 * which)), rows.picture(("body", 2 * which + 1))
                rows.add(shown, (), written[0], boxes)
                continue
            black = rows.picture(("black", 0)) if name == "processed" else -1
            first = black if name == "processed" else rows.picture(("raw", pair.first))
            second = rows.picture(("raw", pair.second) if name == "raw" else ("processed", number))
            # What differs lies at the same place in both pictures, so they may be exchanged.
            exchanged = name == "raw" and self._rng.random() < 0.5
            rows.add((second, first) if exchanged else (first, second), pair.flaws)
        return self._batches.of(rows, True)

    def _order(self, amount: int) -> list[int]:
        """Return numbers of pairs; those of one connector come together, their reference being seen once."""
        if len(self._pairs) <= amount:
            return [int(number) for number in self._rng.integers(len(self._pairs), size=amount)]
        found: list[int] = []
        while len(found) < amount:
            number = int(self._rng.integers(len(self._pairs)))
            place = self._pairs[number].place
            low, high = number, number
            while low and self._pairs[low - 1].place == place:
                low -= 1
            while high + 1 < len(self._pairs) and self._pairs[high + 1].place == place:
                high += 1
            found += range(low, high + 1)
        return found[:amount]


def black(amount: int, like: Tensor) -> Tensor:
    """Return room for so many pictures like those of a tensor."""
    return torch.zeros(amount, *like.shape[1:], dtype=torch.uint8, device=like.device)

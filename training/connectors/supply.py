"""What the trainings are fed from: raw and processed pairs of connectors, and pairs of bodies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scenes.connector import SIZE
from scenes.part import KINDS
from training.connectors.batches import Batch, Batches, Rows
from training.connectors.draw import TAKES, TESTS
from training.connectors.gallery import Flawed, Gallery
from training.connectors.rows import Asker, Row
from training.connectors.workers import Workers
from training.items import QUESTIONS as ITEM_QUESTIONS
from training.items import Item
from training.tiny import encode

BODIES = 4000
"""Pairs of bodies at most."""

ELSEWHERE = 0.2
"""Share of pairs whose reference is not the connector's own but another good picture of it."""


@dataclass(slots=True)
class _Processed:
    """Processed pairs in a ring: test pictures on the device (the others are black), and what differs."""

    tests: Tensor
    places: NDArray[np.int64]
    flaws: list[tuple[Flawed, ...]]
    grade: NDArray[np.int64]
    count: int = 0

    @classmethod
    def empty(cls, room: int, device: torch.device | str) -> "_Processed":
        return cls(
            torch.zeros(room, 3, *SIZE, dtype=torch.uint8, device=device),
            np.zeros(room, np.int64),
            [()] * room,
            np.zeros(room, np.int64),
        )


class Supply:
    """Pairs that grow in number while others are learned from."""

    def __init__(
        self,
        workers: Workers,
        processor: Any,
        asker: Asker,
        room: tuple[int, int],
        device: torch.device | str,
    ) -> None:
        """Reserve room.

        Args:
            workers: Draw and process.
            processor: The model's.
            asker: Writes the rows.
            room: Connectors and processed pairs that are kept.
            device: Where pictures are.
        """
        self.gallery = Gallery.empty(room[0], device)
        self._processed = _Processed.empty(room[1], device)
        self._items: list[tuple[NDArray[np.float32], list[Row]]] = []
        self._bodies = torch.zeros(2 * BODIES, 3, *SIZE, dtype=torch.uint8, device=device)
        self._workers, self._processor, self._device = workers, processor, device
        self._rng = np.random.default_rng(5)
        sources = {"raw": self.gallery.flat(), "processed": self._processed.tests, "body": self._bodies}
        self._batches = Batches(sources, asker, int(processor.tokenizer.pad_token_id), self._rng)

    @property
    def processed(self) -> int:
        """Processed pairs that are there."""
        return min(self._processed.count, len(self._processed.flaws))

    @property
    def items(self) -> int:
        """Pairs of bodies that are there."""
        return len(self._items)

    def renew(self, most: int, pairs: int) -> int:
        """Render connectors that have been drawn, and hand pairs on to be processed; returns how many.

        Args:
            most: Connectors at most.
            pairs: Pairs of each connector that are to be processed.
        """
        drawn = self._workers.drawn(most)
        if drawn:
            places = self.gallery.add(drawn)
            self._hand_on(places, pairs)
        for (flaws, place, grade), picture in self._workers.processed():
            ring = self._processed
            at = ring.count % len(ring.flaws)
            ring.tests[at] = torch.from_numpy(picture).to(self._device).permute(2, 0, 1)
            ring.flaws[at], ring.places[at], ring.grade[at] = flaws, place, grade
            ring.count += 1
        for item in self._workers.bodies()[: BODIES - len(self._items)]:
            self._items.append(self._body(item))
        return len(drawn)

    def _hand_on(self, places: Sequence[int], pairs: int) -> None:
        wanted = []
        for place in places:
            valid = np.flatnonzero(self.gallery.valid[place])
            for number in range(pairs if len(valid) else 0):
                test = int(self._rng.choice(valid))
                wanted.append((place, test, bool(number % 2)))
        if not wanted:
            return
        first = [place * TAKES for place, _, _ in wanted]
        second = [place * TAKES + 1 + test + TESTS * bad for place, test, bad in wanted]
        chosen = self.gallery.flat()[torch.tensor(first + second, device=self._device)]
        pictures = chosen.permute(0, 2, 3, 1).cpu().numpy()
        for number, (place, test, bad) in enumerate(wanted):
            flaws = self.gallery.differences[place][test] if bad else ()
            key = (flaws, first[number], int(self.gallery.grade[place]))
            if not self._workers.process(key, pictures[number], pictures[len(wanted) + number]):
                break

    def _body(self, item: Item) -> tuple[NDArray[np.float32], list[Row]]:
        place = 2 * len(self._items)
        self._bodies[place : place + 2] = torch.from_numpy(item.pictures).to(self._device).permute(0, 3, 1, 2)
        turns = item.turns["separate"][: len(ITEM_QUESTIONS)]
        rows = [encode("phi3v", self._processor, turn, 2) for turn in turns]
        boxes = item.boxes.copy()
        boxes[:, 4] = np.where(boxes[:, 4] >= 0, len(KINDS), -1)  # a kind of their own
        return boxes, rows

    def draw(self, amount: int, verdict: bool, shares: dict[str, float]) -> Batch:
        """Return rows of one length.

        Args:
            amount: Rows.
            verdict: Whether verdicts are asked, or the other questions.
            shares: How many rows are ``raw``, ``processed``, ``linked`` (raw reference, processed test), or
                ``bodies``.
        """
        rows = Rows(amount)
        kinds = [
            list(shares)[number] for number in self._rng.choice(len(shares), amount, p=[*shares.values()])
        ]
        if self.processed < 16:
            kinds = ["raw" if kind in ("processed", "linked") else kind for kind in kinds]
        if not self._items:
            kinds = ["raw" if kind == "bodies" else kind for kind in kinds]
        self._raw(rows, kinds.count("raw"))
        black = rows.picture(("black", 0))
        for kind in kinds:
            if kind == "bodies":
                which = int(self._rng.integers(len(self._items)))
                boxes, written = self._items[which]
                asked = 0 if verdict else int(self._rng.integers(1, len(written)))
                pair = rows.picture(("body", 2 * which)), rows.picture(("body", 2 * which + 1))
                rows.add(pair, (), written[asked], boxes)
            elif kind != "raw":
                which = int(self._rng.integers(self.processed))
                raw = kind == "linked"
                first = rows.picture(("raw", int(self._processed.places[which]))) if raw else black
                rows.add((first, rows.picture(("processed", which))), self._processed.flaws[which])
        return self._batches.of(rows, verdict)

    def _raw(self, rows: Rows, amount: int) -> None:
        """Add rows of raw pairs, those of one connector with one reference."""
        rng = self._rng
        weights = self.gallery.weight[: self.gallery.filled]
        cumulated = weights.sum(1).cumsum()
        while amount:
            place = int(np.searchsorted(cumulated, rng.random() * cumulated[-1], "right"))
            valid = rng.permutation(np.flatnonzero(weights[place]))[:amount].tolist()
            reference = 0
            if len(valid) > 1 and rng.random() < ELSEWHERE:
                reference = 1 + valid.pop()  # as it should be, in that test's shot
            first = rows.picture(("raw", place * TAKES + reference))
            for test in valid:
                bad = bool(rng.random() < 0.5)
                second = rows.picture(("raw", place * TAKES + 1 + test + TESTS * bad))
                rows.add((first, second), self.gallery.differences[place][test] if bad else ())
            amount -= len(valid)


Pair = tuple[int, int, tuple[Flawed, ...], int]


def held_out(gallery: Gallery) -> list[Pair]:
    """Return (first, second, differences, grade) of each test of a gallery, once flawed and once good."""
    pairs: list[Pair] = []
    for place in range(gallery.filled):
        for test in np.flatnonzero(gallery.valid[place]):
            first, grade = place * TAKES, int(gallery.grade[place])
            pairs.append((first, first + 1 + int(test), (), grade))
            flaws = gallery.differences[place][test]
            pairs.append((first, first + 1 + int(test) + TESTS, flaws, grade))
    return pairs

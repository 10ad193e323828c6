"""What the trainings are fed from: raw and processed pairs of connectors, and pairs of bodies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kurabe.common.vocabulary import QuestionKind
from scenes.connector import SIZE
from scenes.part import KINDS
from training.connectors.draw import MOST, TAKES, TESTS
from training.connectors.gallery import Flawed, Gallery
from training.connectors.rows import Asker, Row
from training.connectors.workers import Workers
from training.items import QUESTIONS as ITEM_QUESTIONS
from training.items import Item
from training.tiny import encode

LENGTHS = {True: 72, False: 136}
"""Tokens of rows that ask for a verdict, and of the others; a batch holds one of the two."""

OTHERS: tuple[tuple[QuestionKind, float], ...] = (("differences", 0.5), ("count", 0.25), ("choice", 0.25))
BODIES = 4000
"""Pairs of bodies at most."""

ELSEWHERE = 0.2
"""Share of pairs whose reference is not the connector's own but another good picture of it."""


class Batch(NamedTuple):
    """Rows on the device.

    Attributes:
        pictures: (`room`, 3, H, W) bytes, each once, however many rows show it.
        which: (n, 2) the pictures of each row.
        ids: (n, LENGTH) prompt and answer.
        answers: (n,) where answers begin.
        boxes: (n, MOST, 5) as shares of the picture, and kinds; -1 where there is no difference.
    """

    pictures: Tensor
    which: Tensor
    ids: Tensor
    answers: Tensor
    boxes: Tensor


def room(rows: int) -> int:
    """Return how many pictures a batch of so many rows has: tests of one connector share their reference."""
    return rows + rows // 2


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


class _Rows:
    """The rows of a batch while they are chosen: each picture is named once."""

    def __init__(self, amount: int) -> None:
        self.amount = amount
        self.pictures: dict[tuple[str, int], int] = {}
        self.rows: list[
            tuple[tuple[int, int], tuple[Flawed, ...], Row | None, NDArray[np.float32] | None]
        ] = []

    def picture(self, name: tuple[str, int]) -> int:
        """Return the place of a picture in the batch."""
        return self.pictures.setdefault(name, len(self.pictures))

    def add(
        self,
        pair: tuple[int, int],
        flaws: tuple[Flawed, ...],
        row: Row | None = None,
        boxes: NDArray[np.float32] | None = None,
    ) -> None:
        """Add a row; what is not written yet is asked about its flaws."""
        self.rows.append((pair, flaws, row, boxes))

    def of(self, source: str) -> tuple[list[int], list[int]]:
        """Return places in the batch and numbers of a source's pictures."""
        found = [(place, number) for (name, number), place in self.pictures.items() if name == source]
        return [place for place, _ in found], [number for _, number in found]


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
        self._workers, self._processor, self._asker, self._device = workers, processor, asker, device
        self._rng = np.random.default_rng(5)

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
        rows = _Rows(amount)
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
        return self._batch(rows, verdict)

    def _raw(self, rows: "_Rows", amount: int) -> None:
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

    def _batch(self, rows: "_Rows", verdict: bool) -> Batch:
        device = self._device
        pictures = torch.zeros(room(rows.amount), 3, *SIZE, dtype=torch.uint8, device=device)
        sources = {"raw": self.gallery.flat(), "processed": self._processed.tests, "body": self._bodies}
        for name, source in sources.items():
            places, numbers = rows.of(name)
            if places:
                chosen = source[torch.tensor(numbers, device=device)]
                pictures[torch.tensor(places, device=device)] = chosen
        boxes = np.full((rows.amount, MOST, 5), -1, np.float32)
        written: list[Row] = []
        for number, (_, flaws, row, known) in enumerate(rows.rows):
            if row is None:
                question = "verdict" if verdict else self._other(flaws)
                row = self._asker.row(question, flaws, self._rng)
            written.append(row)
            if known is not None:
                boxes[number] = known
            for place, flaw in zip(boxes[number], flaws, strict=False):
                edges = np.array(flaw.box, np.float32) / (SIZE[1], SIZE[0], SIZE[1], SIZE[0])
                place[:] = [*edges, flaw.kind]
        which = torch.tensor([row[0] for row in rows.rows], device=device)
        ids, answers = self._padded(written, verdict)
        return Batch(pictures, which, ids, answers, torch.from_numpy(boxes).to(device))

    def _other(self, flaws: Sequence[Flawed]) -> QuestionKind:
        names, chances = zip(*OTHERS, strict=True)
        name: QuestionKind = names[int(self._rng.choice(len(names), p=chances))]
        return "count" if name == "choice" and len(flaws) > 1 else name

    def _padded(self, rows: Sequence[Row], verdict: bool) -> tuple[Tensor, Tensor]:
        pad = int(self._processor.tokenizer.pad_token_id)
        ids = np.full((len(rows), LENGTHS[verdict]), pad, np.int64)
        for place, (row, _) in zip(ids, rows, strict=True):
            if len(row) > len(place):
                raise ValueError(f"a row of {len(row)} tokens does not fit into {len(place)}")
            place[: len(row)] = row
        answers = np.array([start for _, start in rows])
        return torch.from_numpy(ids).to(self._device), torch.from_numpy(answers).to(self._device)


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

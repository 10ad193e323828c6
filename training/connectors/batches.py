"""Rows that learn together: which pictures they show, what is asked of them, and where differences lie."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kurabe.common.vocabulary import QuestionKind
from training.connectors.draw import MOST
from training.connectors.gallery import Flawed
from training.connectors.rows import Asker, Row

LENGTHS = {True: 72, False: 136}
"""Tokens of rows that ask for a verdict, and of the others; a batch holds one of the two."""

OTHERS: tuple[tuple[QuestionKind, float], ...] = (("differences", 0.5), ("count", 0.25), ("choice", 0.25))


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


class Rows:
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


class Batches:
    """Makes batches of rows whose pictures lie in some sources."""

    def __init__(
        self,
        sources: Mapping[str, Tensor],
        asker: Asker,
        pad: int,
        rng: np.random.Generator,
    ) -> None:
        """Take where pictures are.

        Args:
            sources: (pictures, 3, H, W) bytes of each source, all on one device; a picture of a name that is
                none of them is black.
            asker: Writes rows.
            pad: The id that fills rows up.
            rng: Draws which question is asked, and how.
        """
        first = next(iter(sources.values()))
        self._sources, self._size, self._device = dict(sources), tuple(first.shape[-2:]), first.device
        self._asker, self._pad, self._rng = asker, pad, rng

    def of(self, rows: Rows, verdict: bool, most: int | None = None) -> Batch:
        """Return rows as they go into the model.

        Args:
            rows: What was chosen.
            verdict: Whether verdicts are asked, or the other questions.
            most: Pictures of the batch, `room` by default.
        """
        device = self._device
        pictures = torch.zeros(most or room(rows.amount), 3, *self._size, dtype=torch.uint8, device=device)
        for name, source in self._sources.items():
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
                edges = np.array(flaw.box, np.float32) / (*self._size[::-1], *self._size[::-1])
                place[:] = [*edges, flaw.kind]
        which = torch.tensor([row[0] for row in rows.rows], device=device)
        ids, answers = self._padded(written, verdict)
        return Batch(pictures, which, ids, answers, torch.from_numpy(boxes).to(device))

    def _other(self, flaws: Sequence[Flawed]) -> QuestionKind:
        names, chances = zip(*OTHERS, strict=True)
        name: QuestionKind = names[int(self._rng.choice(len(names), p=chances))]
        return "count" if name == "choice" and len(flaws) > 1 else name

    def _padded(self, rows: Sequence[Row], verdict: bool) -> tuple[Tensor, Tensor]:
        ids = np.full((len(rows), LENGTHS[verdict]), self._pad, np.int64)
        for place, (row, _) in zip(ids, rows, strict=True):
            if len(row) > len(place):
                raise ValueError(f"a row of {len(row)} tokens does not fit into {len(place)}")
            place[: len(row)] = row
        answers = np.array([start for _, start in rows])
        return torch.from_numpy(ids).to(self._device), torch.from_numpy(answers).to(self._device)

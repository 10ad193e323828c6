"""Where the keys and values of a batch go: what rows have in common is stored and read once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from kurabe.models.runtime.cache import Buffers, Room, bucket_columns, bucket_rows
from kurabe.models.runtime.forest import Forest
from kurabe.models.runtime.pinned import sent

TOGETHER = 16
"""Rows that look at one beginning at most; it is stored again for more of them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where what a pass has computed goes.

    Attributes:
        buffers: The batch's.
        own: int64 (3, tokens): a token of the pass, its row in the buffers, and its column.
        common: The same for what rows have in common; None if that is nothing.
        states: int64 (2, states): a tree of the pass, and the state of the family that it is of.
    """

    buffers: Buffers
    own: Tensor
    common: Tensor | None
    states: Tensor

    def targets(self, layer: int, keys: bool) -> list[tuple[Tensor, Tensor]]:
        """Return a layer's keys or values of rows and of what they have in common, with what goes there."""
        found = [((self.buffers.keys if keys else self.buffers.values)[layer], self.own)]
        if self.common is not None:
            stems = self.buffers.stem_keys if keys else self.buffers.stem_values
            found.append((stems[layer], self.common))
        return found


@dataclass(slots=True)
class _Seat:
    """A row whose answer is written.

    Attributes:
        number: Of the row in the batch.
        pass_: In which its prompt is computed.
        way: The nodes of it.
        stem: The number of the beginning that it has in common with others; -1 for none.
        state: The number of its state.
        begun: Tokens of its stem.
    """

    number: int
    pass_: int
    way: list[int]
    stem: int = -1
    state: int = -1
    begun: int = 0


@dataclass(slots=True)
class Seats:
    """The rows of a batch whose answers are written.

    Attributes:
        rows: In the order of their places.
        stems: The pass and the way of each beginning that rows have in common.
        states: The pass of each state, and its root.
    """

    rows: list[_Seat]
    stems: list[tuple[int, list[int]]] = field(default_factory=list)
    states: list[tuple[int, int]] = field(default_factory=list)

    @classmethod
    def of(cls, passes: Sequence[tuple[list[int], Forest]], limits: Sequence[int], parted: bool) -> "Seats":
        """Seat the rows that have more than one token to write.

        Args:
            passes: The rows' numbers and their trees, pass by pass.
            limits: Tokens of each row at most.
            parted: Whether the family reads what rows have in common once.
        """
        made = cls([])
        shared = False
        ends: list[int] = []
        for pass_, (numbers, forest) in enumerate(passes):
            writing = [
                _Seat(number, pass_, forest.way(end))
                for number, end in zip(numbers, forest.ends, strict=True)
                if limits[number] > 1
            ]
            users = Counter(node for seat in writing for node in seat.way)
            shared |= any(number > 1 for number in users.values())
            for seat in writing:
                several = [node for node in seat.way if users[node] > 1]
                ends.append(several[-1] if several else seat.way[-1])
            made.rows += writing
        if shared and parted:
            made._seat_stems(passes, ends)
        made._seat_states()
        return made

    def _seat_stems(self, passes: Sequence[tuple[list[int], Forest]], ends: Sequence[int]) -> None:
        latest: dict[tuple[int, int], tuple[int, int]] = {}
        for seat, end in zip(self.rows, ends, strict=True):
            stem, users = latest.get((seat.pass_, end), (-1, TOGETHER))
            if users == TOGETHER:
                stem, users = len(self.stems), 0
                self.stems.append((seat.pass_, seat.way[: seat.way.index(end) + 1]))
            latest[seat.pass_, end] = stem, users + 1
            seat.stem, seat.begun = stem, passes[seat.pass_][1].nodes[end].end

    def _seat_states(self) -> None:
        latest: dict[tuple[int, int], tuple[int, int]] = {}
        for seat in self.rows:
            root = seat.pass_, seat.way[0]
            state, users = latest.get(root, (-1, TOGETHER))
            if users == TOGETHER:
                state, users = len(self.states), 0
                self.states.append(root)
            latest[root] = state, users + 1
            seat.state = state

    def room(
        self, lengths: Sequence[int], limits: Sequence[int], parts: Sequence[Forest], states: bool
    ) -> Room:
        """Return what the batch needs.

        Args:
            lengths: Of the prompts in tokens.
            limits: Tokens of each row at most.
            parts: The trees, pass by pass.
            states: Whether the family keeps any.
        """
        own = max(lengths[seat.number] - seat.begun + limits[seat.number] for seat in self.rows)
        stems = [parts[pass_].nodes[way[-1]].end for pass_, way in self.stems]
        return Room(
            rows=bucket_rows(len(self.rows)),
            columns=bucket_columns(own),
            stems=bucket_rows(len(stems)) if stems else 0,
            stem_columns=bucket_columns(max(stems)) if stems else 0,
            together=_power(max(Counter(seat.stem for seat in self.rows).values())) if stems else 1,
            states=bucket_rows(len(self.states)) if states else 1,
            shown=_power(max(Counter(seat.state for seat in self.rows).values())) if states else TOGETHER,
        )

    def take(self, buffers: Buffers, live: Mapping[int, int] | None = None) -> None:
        """Tell buffers what their rows have in common.

        Args:
            buffers: The batch's.
            live: Where rows are now that are still written: place in the buffers to row; None for all, as
                they are.
        """
        live = {row: row for row in range(len(self.rows))} if live is None else live
        seats = [
            self.rows[live[place]] if place in live else None for place in range(max(live, default=-1) + 1)
        ]
        states = [-1 if seat is None or not buffers.extra else seat.state for seat in seats]
        stems = [-1 if seat is None else seat.stem for seat in seats]
        buffers.seat([0 if seat is None else seat.begun for seat in seats], stems, states)

    def begin(self, buffers: Buffers, parts: Sequence[Forest]) -> None:
        """Tell buffers how long the beginnings are, and who has them."""
        if buffers.stems is not None:
            lengths = [parts[pass_].nodes[way[-1]].end for pass_, way in self.stems]
            buffers.stems.lengths[: len(lengths)] = sent(torch.tensor(lengths), buffers.begun.device)
        self.take(buffers)

    def kept(self, buffers: Buffers, pass_: int, forest: Forest) -> Kept:
        """Say where the keys and values of a pass go."""
        own = [
            _run(forest, node, row, seat.begun)
            for row, seat in enumerate(self.rows)
            if seat.pass_ == pass_
            for node in seat.way
            if forest.nodes[node].start >= seat.begun
        ]
        common = [
            _run(forest, node, stem, 0)
            for stem, (own_pass, way) in enumerate(self.stems)
            if own_pass == pass_
            for node in way
        ]
        roots = [node for node, each in enumerate(forest.nodes) if each.parent < 0]
        states = [
            (roots.index(root), state)
            for state, (own_pass, root) in enumerate(self.states)
            if own_pass == pass_
        ]
        device = buffers.begun.device
        return Kept(
            buffers,
            _joined(own, device),
            _joined(common, device) if self.stems else None,
            sent(torch.tensor(states, dtype=torch.int64).view(-1, 2).T.contiguous(), device),
        )


def _run(forest: Forest, number: int, row: int, begun: int) -> np.ndarray:
    """Return token, row and column of each token of a node."""
    node = forest.nodes[number]
    tokens = np.arange(node.size)
    return np.stack([node.flat + tokens, np.full(node.size, row), node.start - begun + tokens])


def _joined(runs: Sequence[np.ndarray], device: torch.device) -> Tensor:
    joined = np.concatenate(runs, 1) if runs else np.zeros((3, 0), dtype=np.int64)
    return sent(torch.from_numpy(np.ascontiguousarray(joined, dtype=np.int64)), device)


def _power(number: int) -> int:
    return 1 << (number - 1).bit_length()

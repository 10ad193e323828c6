"""Answers written on, one token a row and step, with the device ahead of who reads them."""

from collections.abc import Sequence
from functools import partial

import torch

from kurabe.models.runtime.cache import Buffers, bucket_rows
from kurabe.models.runtime.drawing import Sampling
from kurabe.models.runtime.graph import Slots
from kurabe.models.runtime.protocol import FamilyRuntime
from kurabe.models.runtime.seats import Seats

STEPS_PER_LOOK = 8
"""Steps between two looks at the tokens, each of which waits for the device."""


class Writing:
    """Rows whose first tokens are chosen, or about to be.

    Args:
        model: Computes the steps.
        buffers: Hold the keys and values of the prompts.
        slots: Hold the first tokens.
        seats: The rows that are used, and what they have in common.
        limits: New tokens of each row at most, the first included.
        ends: Tokens that end an answer.
        sampling: How tokens are drawn; None for the likeliest ones.
    """

    def __init__(
        self,
        model: FamilyRuntime,
        buffers: Buffers,
        slots: Slots,
        seats: Seats,
        limits: Sequence[int],
        ends: frozenset[int],
        sampling: Sampling | None = None,
    ) -> None:
        self._model = model
        self._buffers, self._slots, self._seats = buffers, slots, seats
        self._limits, self._limit, self._ends = limits, max(limits), ends
        self._live = {row: row for row in range(len(limits))}  # place in the buffers to row
        self._sampling = sampling
        self._done, self._queued = 1, 0
        self._adapters = model.signature()
        self._window = torch.empty(STEPS_PER_LOOK + 1, buffers.rows, dtype=torch.int64, device=model.device)

    def queue(self) -> None:
        """Hand the steps up to the next look to the device; a GPU does them in its time.

        Whether rows have ended by then is not known. Those that have go nowhere.
        """
        places = self._buffers.key, self._slots.key
        key = self._adapters, self._model.graph_key(), *places, self._sampling
        step = partial(_advance, self._model, self._buffers, self._slots, self._sampling)
        self._queued = min(STEPS_PER_LOOK, self._limit - self._done)
        seen = self._window[:, : self._buffers.rows]
        for number in range(self._queued):
            self._model.workspace.run(self._model, key, step)
            seen[number] = self._slots.ids
        seen[self._queued] = self._slots.finite

    def written(self, first: Sequence[int], finite: Sequence[bool]) -> tuple[list[list[int]], list[bool]]:
        """Write all rows to their ends.

        Args:
            first: The first token of each row.
            finite: Whether the logits that it was chosen by were numbers.

        Returns:
            The tokens of each row, and whether all of its logits were numbers.
        """
        tokens, good = [[token] for token in first], list(finite)
        self._live = {
            row: row
            for row in self._live
            if good[row] and first[row] not in self._ends and self._limits[row] > 1
        }
        while self._live and self._done < self._limit:
            if not self._queued:
                self._compact()
                self.queue()
            self._look(tokens, good)
        return tokens, good

    def _look(self, tokens: list[list[int]], good: list[bool]) -> None:
        """Wait for the steps that are queued, and read what they wrote."""
        *steps, finite = self._window[: self._queued + 1, : self._buffers.rows].tolist()
        self._done, self._queued = self._done + self._queued, 0
        for place, row in list(self._live.items()):
            for step in steps:
                tokens[row].append(step[place])
                if step[place] in self._ends or len(tokens[row]) == self._limits[row]:
                    break
            good[row] = bool(finite[place])
            if tokens[row][-1] in self._ends or len(tokens[row]) == self._limits[row] or not good[row]:
                del self._live[place]

    def _compact(self) -> None:
        """Move live rows to the front if a smaller batch holds them."""
        rows = bucket_rows(len(self._live))
        if rows >= self._buffers.rows:
            return
        sources = [place for place in self._live if place >= rows]
        targets = [place for place in range(rows) if place not in self._live][: len(sources)]
        if sources:
            self._buffers.move(sources, targets)
            self._slots.move(sources, targets)
        moved = dict(zip(sources, targets, strict=True))
        self._live = {moved.get(place, place): row for place, row in self._live.items()}
        self._buffers, self._slots = self._buffers.front(rows), self._slots.front(rows)
        self._seats.take(self._buffers, self._live)


def _advance(model: FamilyRuntime, buffers: Buffers, slots: Slots, sampling: Sampling | None) -> None:
    """Feed each row its token and choose the next; the same code runs eagerly and captured."""
    logits = model.logits(model.step(slots.ids, slots.positions, buffers))
    best, tokens = logits.max(-1)
    if sampling is not None:
        tokens = sampling.draw(logits, slots.keys, slots.positions + 1)
    slots.finite.logical_and_(best.isfinite() | slots.ended)
    slots.ids.copy_(torch.where(slots.ended, slots.pad, tokens))
    slots.positions.add_(~slots.ended)
    ending = (tokens[:, None] == slots.ends).any(-1) | (slots.positions >= slots.lasts)
    slots.ended.logical_or_(ending | ~slots.finite)

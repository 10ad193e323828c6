"""Static buffers of keys and values: one allocation, cut anew for each batch, at addresses that stay.

A CUDA graph reads and writes fixed addresses. So each layer has its own slab, at whose beginning the rows of
any batch lie; where a row lies depends on the batch's columns alone, and leaving rows away at the end moves
nothing.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Protocol

import torch
from torch import Tensor

from kurabe.models.runtime.pinned import sent

COLUMN_STEP = 128
ROWS = (1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128)


def bucket_rows(rows: int) -> int:
    """Round a number of rows up to one for which buffers and graphs are made."""
    return next((size for size in ROWS if size >= rows), -(-rows // 64) * 64)


def bucket_columns(columns: int) -> int:
    """Round a number of columns up; also what the attention kernels' alignment asks of a mask."""
    return -(-columns // COLUMN_STEP) * COLUMN_STEP


class Cached(Protocol):
    """A model as the cache sees it: what keys, values and other state of its rows look like."""

    @property
    def device(self) -> torch.device:
        """Where the model is, whole."""

    @property
    def dtype(self) -> torch.dtype:
        """Type of keys and values."""

    @property
    def layers(self) -> int:
        """Layers that keep keys and values of the row's tokens."""

    @property
    def kv_heads(self) -> int:
        """Heads of keys and values."""

    @property
    def head_dim(self) -> int:
        """Channels of a head."""

    def row_state(self) -> Mapping[str, tuple[tuple[int, ...], torch.dtype]]:
        """Name what else is kept of each row while decoding: its shape, without the rows, and its type."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Which rows look at the same keys and values: static, as a captured step has fixed addresses.

    Attributes:
        members: int64 (groups, most): the rows of each group, -1 for none.
        slots: int64 (rows,): the place of each row in ``members``, flattened; -1 for none.
        lengths: int64 (groups,): the columns that they look at.
    """

    members: Tensor
    slots: Tensor
    lengths: Tensor

    @property
    def key(self) -> Hashable:
        """Equal for groups at equal addresses."""
        return self.members.data_ptr(), self.members.shape

    def front(self, rows: int) -> "Groups":
        """Return the same groups for fewer rows."""
        return replace(self, slots=self.slots[:rows])

    def seat(self, of: Sequence[int]) -> None:
        """Say which group each row is of, -1 for none; rows that are not named are of none."""
        groups, most = self.members.shape
        members = [-1] * (groups * most)
        slots = [-1] * len(self.slots)
        taken = [0] * groups
        for row, group in enumerate(of):
            if group >= 0:
                slots[row] = group * most + taken[group]
                members[slots[row]] = row
                taken[group] += 1
        self.members.copy_(sent(torch.tensor(members), self.members.device).view(groups, most))
        self.slots.copy_(sent(torch.tensor(slots), self.slots.device))


@dataclass(frozen=True, slots=True)
class Room:
    """What a batch needs.

    Attributes:
        rows: Rows whose answers are written.
        columns: Of what is a row's own.
        stems: Beginnings that rows have in common, whose keys and values are stored once.
        stem_columns: Of those.
        together: Rows of a beginning at most.
        states: Of the family; 0 for one a row.
        shown: Rows of a state at most.
    """

    rows: int
    columns: int
    stems: int = 0
    stem_columns: int = 0
    together: int = 1
    states: int = 0
    shown: int = 1


@dataclass(frozen=True, slots=True)
class Buffers:
    """The part of the store that a batch uses.

    Attributes:
        keys: Of each layer, (rows, kv_heads, columns, head_dim).
        values: Likewise.
        stem_keys: Of each layer, (stems, kv_heads, columns, head_dim): what rows have in common; else empty.
        stem_values: Likewise.
        stems: Which rows have which; None if nothing is in common.
        begun: int64 (rows,): the tokens that a row has in common with others; its own ones follow.
        extra: The family's other state, (states, ...) each.
        states: Which rows have which.
        rows: Number of rows.
        columns: Tokens that a row has room for.
        place: Identifies the store's memory.
    """

    keys: list[Tensor]
    values: list[Tensor]
    stem_keys: list[Tensor]
    stem_values: list[Tensor]
    stems: Groups | None
    begun: Tensor
    extra: dict[str, Tensor]
    states: Groups
    rows: int
    columns: int
    place: Hashable

    @property
    def key(self) -> Hashable:
        """Equal for buffers at equal addresses."""
        common = self.stems and (self.stems.key, self.stem_keys[0].shape)
        return self.place, self.rows, self.columns, common, self.states.key

    def front(self, rows: int) -> "Buffers":
        """Return the same buffers without the rows behind the first ``rows``."""
        return replace(
            self,
            keys=[tensor[:rows] for tensor in self.keys],
            values=[tensor[:rows] for tensor in self.values],
            stems=self.stems and self.stems.front(rows),
            begun=self.begun[:rows],
            states=self.states.front(rows),
            rows=rows,
        )

    def move(self, sources: Sequence[int], targets: Sequence[int]) -> None:
        """Copy what is the rows' own over that of other rows."""
        copy_rows([*self.keys, *self.values], sources, targets)

    def seat(self, begun: Sequence[int], stems: Sequence[int], states: Sequence[int]) -> None:
        """Say of the first rows how many tokens they have in common with others, and what they look at."""
        rest = [0] * (self.rows - len(begun))
        self.begun.copy_(sent(torch.tensor([*begun, *rest]), self.begun.device))
        if self.stems is not None:
            self.stems.seat(stems)
        self.states.seat(states)

    def wipe(self) -> None:
        """Set all to zero: what is no number in a masked column would spoil a later batch."""
        for tensor in (*self.keys, *self.values, *self.stem_keys, *self.stem_values, *self.extra.values()):
            tensor.zero_()


def copy_rows(tensors: Sequence[Tensor], sources: Sequence[int], targets: Sequence[int]) -> None:
    """Copy rows over other rows in each of several tensors; the two sets must not overlap."""
    source, target = (sent(torch.tensor(places), tensors[0].device) for places in (sources, targets))
    for tensor in tensors:
        tensor.index_copy_(0, target, tensor.index_select(0, source))


class Store:
    """The memory behind all buffers of a model; it grows when a batch needs more."""

    def __init__(self) -> None:
        self._slabs: Tensor | None = None
        self._extra: dict[str, Tensor] = {}
        self._tables: dict[str, Tensor] = {}

    @property
    def held(self) -> int:
        """Bytes that are allocated for keys, values and state."""
        tensors = [*self._extra.values()] + ([] if self._slabs is None else [self._slabs])
        return sum(tensor.nbytes for tensor in tensors)

    def buffers(self, model: Cached, room: Room) -> Buffers:
        """Return buffers for a batch; the ones that were returned before are then no longer valid.

        Raises:
            torch.OutOfMemoryError: If they do not fit.
        """
        common = (room.stems, model.kv_heads, room.stem_columns, model.head_dim)
        shape = (room.rows, model.kv_heads, room.columns, model.head_dim)
        first, size = prod(common), prod(shape)
        slabs = self._slabs
        if slabs is None or slabs.shape[2] < first + size:
            del slabs
            self._slabs = None  # the old memory is free before the new is asked for
            whole = (2, model.layers, first + size)
            self._slabs = slabs = torch.zeros(whole, dtype=model.dtype, device=model.device)
        states = (room.states or room.rows) if model.row_state() else 1
        for name, (row, dtype) in model.row_state().items():
            known = self._extra.get(name)
            if known is None or len(known) < states or known.shape[1:] != row:
                self._extra.pop(name, None)
                del known
                self._extra[name] = torch.zeros(states, *row, dtype=dtype, device=model.device)
        stem_keys, stem_values = ([slab[:first].view(common) for slab in half] for half in slabs)
        keys, values = ([slab[first : first + size].view(shape) for slab in half] for half in slabs)
        extra = {name: tensor[:states] for name, tensor in self._extra.items()}
        begun = self._table("begun", model, room.rows)
        stems = self._groups("stems", model, room.stems, room.together, room.rows) if room.stems else None
        shown = self._groups("states", model, states, room.shown, room.rows)
        place = (slabs.data_ptr(), slabs.shape[2], begun.data_ptr(), *(t.data_ptr() for t in extra.values()))
        return Buffers(
            keys, values, stem_keys, stem_values, stems, begun, extra, shown, room.rows, room.columns, place
        )

    def _groups(self, name: str, model: Cached, groups: int, most: int, rows: int) -> Groups:
        made = Groups(
            self._table(f"{name}.members", model, groups * most).view(groups, most),
            self._table(f"{name}.slots", model, rows),
            self._table(f"{name}.lengths", model, groups),
        )
        with torch.inference_mode():  # as they are made in it, mostly
            made.seat([])
        return made

    def _table(self, name: str, model: Cached, size: int) -> Tensor:
        known = self._tables.get(name)
        if known is None or len(known) < size:
            known = torch.zeros(max(size, 1024), dtype=torch.int64, device=model.device)
            self._tables[name] = known
        with torch.inference_mode():
            return known[:size].zero_()

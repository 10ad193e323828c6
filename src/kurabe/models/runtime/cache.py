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
class Buffers:
    """The part of the store that a batch uses.

    Attributes:
        keys: Of each layer, (rows, kv_heads, columns, head_dim).
        values: Likewise.
        extra: The family's other state, (rows, ...) each.
        rows: Number of rows.
        columns: Tokens that a row has room for.
        place: Identifies the store's memory.
    """

    keys: list[Tensor]
    values: list[Tensor]
    extra: dict[str, Tensor]
    rows: int
    columns: int
    place: Hashable

    @property
    def key(self) -> Hashable:
        """Equal for buffers at equal addresses."""
        return self.place, self.rows, self.columns

    def write(self, layer: int, first_row: int, keys: Tensor, values: Tensor) -> None:
        """Store a layer's keys and values of prompts, each (rows, kv_heads, tokens, head_dim)."""
        rows, _, tokens, _ = keys.shape
        self.keys[layer][first_row : first_row + rows, :, :tokens] = keys
        self.values[layer][first_row : first_row + rows, :, :tokens] = values

    def front(self, rows: int) -> "Buffers":
        """Return the same buffers without the rows behind the first ``rows``."""
        return replace(
            self,
            keys=[tensor[:rows] for tensor in self.keys],
            values=[tensor[:rows] for tensor in self.values],
            extra={name: tensor[:rows] for name, tensor in self.extra.items()},
            rows=rows,
        )

    def move(self, sources: Sequence[int], targets: Sequence[int]) -> None:
        """Copy rows over other rows."""
        tensors = [*self.keys, *self.values, *self.extra.values()]
        copy_rows(tensors, sources, targets)

    def clear_state(self, used: int) -> None:
        """Set the state of the rows behind the first ``used``, which no answer comes from, to zero."""
        for tensor in self.extra.values():
            tensor[used:].zero_()

    def wipe(self) -> None:
        """Set all to zero: a NaN that is left in a masked column would spoil a later batch."""
        for tensor in (*self.keys, *self.values, *self.extra.values()):
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

    @property
    def held(self) -> int:
        """Bytes that are allocated."""
        tensors = [*self._extra.values()] + ([] if self._slabs is None else [self._slabs])
        return sum(tensor.nbytes for tensor in tensors)

    def buffers(self, model: Cached, rows: int, columns: int) -> Buffers:
        """Return buffers for a batch; the ones that were returned before are then no longer valid.

        Raises:
            torch.OutOfMemoryError: If they do not fit.
        """
        shape = (rows, model.kv_heads, columns, model.head_dim)
        size = prod(shape)
        slabs = self._slabs
        if slabs is None or slabs.shape[2] < size:
            del slabs
            self._slabs = None  # the old memory is free before the new is asked for
            self._slabs = slabs = torch.zeros(2, model.layers, size, dtype=model.dtype, device=model.device)
        for name, (row, dtype) in model.row_state().items():
            known = self._extra.get(name)
            if known is None or len(known) < rows or known.shape[1:] != row:
                self._extra.pop(name, None)
                del known
                self._extra[name] = torch.zeros(rows, *row, dtype=dtype, device=model.device)
        keys, values = ([slab[:size].view(shape) for slab in half] for half in slabs)
        extra = {name: tensor[:rows] for name, tensor in self._extra.items()}
        place = (slabs.data_ptr(), slabs.shape[2], *(tensor.data_ptr() for tensor in extra.values()))
        return Buffers(keys, values, extra, rows, columns, place)

"""How many rows fit into memory: what a row keeps, and how much of it there is."""

from collections import Counter
from collections.abc import Hashable
from math import prod

import psutil
import torch

from kurabe.models.runtime.cache import bucket_columns, bucket_rows
from kurabe.models.runtime.protocol import FamilyRuntime


def kv_bytes_per_token(model: FamilyRuntime) -> int:
    """Return the bytes of one token's keys and values."""
    return 2 * model.layers * model.kv_heads * model.head_dim * model.dtype.itemsize


def row_bytes(model: FamilyRuntime) -> int:
    """Return the bytes of what is kept of a row besides its keys and values."""
    return sum(prod(shape) * dtype.itemsize for shape, dtype in model.row_state().values())


def budget(model: FamilyRuntime, share: float = 0.6) -> int:
    """Return how many bytes buffers may take: a share of what is free, what they hold already included."""
    if model.device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(model.device)
        free += torch.cuda.memory_reserved(model.device) - torch.cuda.memory_allocated(model.device)
    else:
        free = psutil.virtual_memory().available
    return int(share * (free + model.workspace.held))


class Load:
    """What a batch will take, row by row of those whose answers are written.

    Attributes:
        rows: How many there are.
    """

    def __init__(self) -> None:
        self.rows = 0
        self._pairs: Counter[Hashable] = Counter()
        self._longest = self._whole = self._own = 0

    def add(self, pair: Hashable, length: int, own: int, limit: int) -> None:
        """Add a row.

        Args:
            pair: Rows of one pair have a beginning in common.
            length: Tokens of the prompt.
            own: Those behind the beginning.
            limit: New tokens at most.
        """
        self.rows += 1
        self._pairs[pair] += 1
        self._longest = max(self._longest, length)
        self._whole = max(self._whole, length + limit)
        self._own = max(self._own, own + limit)

    def bytes(self, model: FamilyRuntime) -> int:
        """Return the bytes of keys, values and state."""
        pairs, rows = bucket_rows(len(self._pairs)), bucket_rows(self.rows)
        columns = rows * bucket_columns(self._whole)
        shared = model.reuse and model.shares
        if shared and model.parted and self.rows > len(self._pairs):
            columns = pairs * bucket_columns(self._longest) + rows * bucket_columns(self._own)
        return columns * kv_bytes_per_token(model) + (pairs if shared else rows) * row_bytes(model)

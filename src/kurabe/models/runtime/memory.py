"""How many rows fit into memory: what a row keeps, and how much of it there is."""

from math import prod

import psutil
import torch

from kurabe.models.runtime.cache import ROWS, bucket_columns
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


def rows_that_fit(model: FamilyRuntime, columns: int, budget: int, most: int = 64) -> int:
    """Return how many rows a batch may have, at least 1.

    Args:
        model: The model.
        columns: Tokens of the longest row, new ones included.
        budget: Bytes for the buffers.
        most: Upper limit.
    """
    each = bucket_columns(columns) * kv_bytes_per_token(model) + row_bytes(model)
    rows = max(1, min(most, budget // each))
    # Buffers come in certain sizes; the next larger one would not fit.
    return max((size for size in (*ROWS, *range(192, rows + 1, 64)) if size <= rows), default=1)

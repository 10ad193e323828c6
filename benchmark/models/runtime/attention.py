"""Attention without dense masks for prompts, and over static buffers for single tokens."""

from collections import Counter
from collections.abc import Hashable
from contextlib import AbstractContextManager, nullcontext
from threading import get_ident
from typing import Literal

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.attention.bias import causal_lower_right
from torch.nn.functional import scaled_dot_product_attention

DecodeWay = Literal["auto", "sdpa", "matmul"]

# cuDNN's kernels are the fastest (H200: 384 TFLOP/s over prompts, where flash attention has 270; 4.0 TB/s
# over keys and values under a mask, where the others have 1.7), but each new shape has to be planned.
# The rates are those of perf/results/kernels.json.
_ALIGNED = 64
_DECODE_KERNELS = [SDPBackend.CUDNN_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]
_PLANNED = [SDPBackend.CUDNN_ATTENTION, SDPBackend.FLASH_ATTENTION, *_DECODE_KERNELS[1:]]
_UNPLANNED = [SDPBackend.FLASH_ATTENTION, *_DECODE_KERNELS[1:]]

_PLAN_PAYS = 7.4e14
"""Operations on one shape by which a plan has paid, going by the two speeds: 0.8 s / (1/270e12 - 1/384e12).
The first plan of a process was seen to stop an H100 for so long, once and in no record; others took 0.06 to
0.36 s (the gaps in perf/results/throughput_*_before.json). A shape that comes seldom is not planned, and one
that keeps coming costs at most twice what it must."""

_ROWS_TO_PLAN = 16
"""Rows from which on a plan pays within one answer: Phi-3.5-vision saves 0.2 ms a row and step."""

_operations: Counter[Hashable] = Counter()


def _kernels(queries: Tensor, columns: int, pays: float = _PLAN_PAYS) -> AbstractContextManager[None]:
    """Choose kernels for (rows, heads, tokens, head_dim) by how much was computed in this shape before."""
    if not queries.is_cuda:
        return nullcontext()
    # A thread's plans are its own.
    shape = get_ident(), queries.device, queries.dtype, queries.shape, columns
    _operations[shape] += 4 * queries.numel() * columns
    chosen: AbstractContextManager[None] = sdpa_kernel(
        _PLANNED if _operations[shape] > pays else _UNPLANNED, set_priority=True
    )
    return chosen


def full_attention(queries: Tensor, keys: Tensor, values: Tensor, pays: float = _PLAN_PAYS) -> Tensor:
    """Attend everywhere.

    Args:
        queries: (rows, heads, positions, head_dim).
        keys: (rows, heads, columns, head_dim).
        values: Likewise.
        pays: Operations on one shape by which a plan for cuDNN's kernel has paid.

    Returns:
        As ``queries``.
    """
    with _kernels(queries, keys.shape[2], pays):
        return scaled_dot_product_attention(queries, keys, values)


def prefill_attention(queries: Tensor, keys: Tensor, values: Tensor, prefix: int = 0) -> Tensor:
    """Attend causally; rows are padded on the right, where no token of a row looks.

    Args:
        queries: (rows, heads, tokens, head_dim).
        keys: (rows, kv_heads, prefix + tokens, head_dim).
        values: Likewise.
        prefix: Columns before the queries' own, all of which every query sees.

    Returns:
        As ``queries``.
    """
    grouped = queries.shape[1] != keys.shape[1]
    if not prefix:
        with _kernels(queries, keys.shape[2]):
            return scaled_dot_product_attention(queries, keys, values, is_causal=True, enable_gqa=grouped)
    tokens, columns = queries.shape[2], keys.shape[2]
    assert columns == prefix + tokens
    if queries.is_cuda:
        if grouped:
            keys, values = (t.repeat_interleave(queries.shape[1] // t.shape[1], 1) for t in (keys, values))
        with _kernels(queries, columns):
            return scaled_dot_product_attention(queries, keys, values, causal_lower_right(tokens, columns))
    mask = torch.ones(tokens, columns, dtype=torch.bool, device=queries.device).tril(prefix)
    return scaled_dot_product_attention(queries, keys, values, mask, enable_gqa=grouped)


def seen_columns(lengths: Tensor, columns: int) -> Tensor:
    """Return bool (rows, columns): the first ``lengths`` columns of each row; once a step, for all layers."""
    return torch.arange(columns, device=lengths.device) < lengths[:, None]


def decode_attention(
    queries: Tensor, keys: Tensor, values: Tensor, seen: Tensor, way: DecodeWay = "auto"
) -> Tensor:
    """Attend with one query a row.

    Args:
        queries: (rows, heads, head_dim).
        keys: (rows, kv_heads, columns, head_dim).
        values: Likewise.
        seen: bool (rows, columns), as `seen_columns` makes it.
        way: ``sdpa`` leaves it to torch, which plans nothing; ``auto`` prefers cuDNN's kernel on a GPU if
            the columns suit it and the rows are many; ``matmul`` is two matrix products with a float32
            softmax between.

    Returns:
        (rows, heads, head_dim).
    """
    rows, heads, channels = queries.shape
    # The queries of a group share keys and mask, so they stand where a row's tokens would.
    grouped = queries.reshape(rows, keys.shape[1], -1, channels)
    mask = seen[:, None, None]
    planned = rows >= _ROWS_TO_PLAN and keys.shape[2] % _ALIGNED == 0
    if way == "auto" and queries.is_cuda and planned:
        with sdpa_kernel(_DECODE_KERNELS, set_priority=True):
            mixed = scaled_dot_product_attention(grouped, keys, values, mask)
    elif way != "matmul":
        mixed = scaled_dot_product_attention(grouped, keys, values, mask)
    else:
        scores = torch.matmul(grouped * channels**-0.5, keys.transpose(-1, -2)).float()
        weights = scores.masked_fill(~mask, -torch.inf).softmax(-1)
        mixed = torch.matmul(weights.to(values.dtype), values)
    return mixed.reshape(rows, heads, channels)

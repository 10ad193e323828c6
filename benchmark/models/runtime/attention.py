"""Attention without dense masks for prompts, and over static buffers for single tokens."""

from collections import Counter
from collections.abc import Hashable
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from importlib import import_module
from threading import get_ident
from typing import Any, Literal

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.attention.bias import causal_lower_right
from torch.nn.functional import scaled_dot_product_attention

DecodeWay = Literal["auto", "sdpa", "matmul"]

# Of torch's, cuDNN's kernels are the fastest (H200: 384 TFLOP/s over prompts, where flash attention has
# 270; 4.0 TB/s over keys and values under a mask, where the others have 1.7), but each new shape has to be
# planned. The rates are those of perf/results/kernels.json.
_ALIGNED = 64
_DECODE_KERNELS = [SDPBackend.CUDNN_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]
_PLANNED = [SDPBackend.CUDNN_ATTENTION, SDPBackend.FLASH_ATTENTION, *_DECODE_KERNELS[1:]]
_UNPLANNED = [SDPBackend.FLASH_ATTENTION, *_DECODE_KERNELS[1:]]

_PLAN_PAYS = 7.4e14
"""Operations on one shape by which a plan has paid, going by the two speeds: 0.8 s / (1/270e12 - 1/384e12).
The first plan of a process was seen to stop an H100 for so long, once and in no record; others took 0.06 to
0.36 s (the gaps in perf/results/throughput_*_before.json). A shape that comes seldom is not planned, and one
that keeps coming costs at most twice what it must."""

_PLAN_PAYS_OVER_OURS = 1.7e15
"""The same where our kernel is the other way: 0.8 s / (1/312e12 - 1/364e12), by the rates over prompts in
perf/results/prompt_attention.json."""

_ROWS_TO_PLAN = 16
"""Rows from which on a plan pays within one answer: Phi-3.5-vision saves 0.2 ms a row and step."""

_operations: Counter[Hashable] = Counter()


def _planned(queries: Tensor, columns: int, pays: float) -> bool:
    """Say whether a plan for (rows, heads, tokens, head_dim) has paid by what was computed in this shape."""
    # A thread's plans are its own.
    shape = get_ident(), queries.device, queries.dtype, queries.shape, columns
    _operations[shape] += 4 * queries.numel() * columns
    return _operations[shape] > pays


def _kernels(queries: Tensor, columns: int, pays: float = _PLAN_PAYS) -> AbstractContextManager[None]:
    """Choose from torch's kernels."""
    if not queries.is_cuda:
        return nullcontext()
    planned = _planned(queries, columns, pays)
    chosen: AbstractContextManager[None] = sdpa_kernel(_PLANNED if planned else _UNPLANNED, set_priority=True)
    return chosen


_CAPABILITY = 9
"""Of GPUs that our kernel was made for and measured on: H100 and H200."""


def own_kernel(queries: Tensor, keys: Tensor, values: Tensor) -> Any:
    """Return `benchmark.models.runtime.prompt_attention` where it computes these; None where torch does."""
    if not queries.is_cuda:
        return None
    module = _tried(queries.device, queries.dtype)[0]
    return module if module is not None and module.takes(queries, keys, values) else None


def own_kernel_refused(device: torch.device, dtype: torch.dtype) -> str:
    """Say why our kernel does not attend on a device; "" if it does."""
    return _tried(device, dtype)[1]


@cache
def _tried(device: torch.device, dtype: torch.dtype) -> tuple[Any, str]:
    if dtype not in (torch.bfloat16, torch.float16):
        return None, f"made for numbers of 16 bit, not {dtype}"
    if device.type != "cuda" or torch.cuda.get_device_capability(device)[0] != _CAPABILITY:
        return None, "made for GPUs of compute capability 9"
    try:
        module: Any = import_module("benchmark.models.runtime.prompt_attention")
        with torch.inference_mode():
            # In the sizes of the two families, so that all is compiled when the first batch comes.
            for channels, causal in ((64, False), (80, False), (96, True)):
                heads = torch.ones(1, 128, 16, channels, dtype=dtype, device=device).transpose(1, 2)
                module.attend(heads, heads, heads, causal=causal)
    except torch.OutOfMemoryError:
        raise
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"
    return module, ""


def full_attention(
    queries: Tensor, keys: Tensor, values: Tensor, pays: float = _PLAN_PAYS, *, own: bool = True
) -> Tensor:
    """Attend everywhere.

    Args:
        queries: (rows, heads, positions, head_dim).
        keys: (rows, heads, columns, head_dim).
        values: Likewise.
        pays: Operations on one shape by which a plan for cuDNN's kernel has paid.
        own: Whether our kernel may attend.

    Returns:
        As ``queries``.
    """
    kernel = own_kernel(queries, keys, values) if own else None
    if kernel is not None:
        if not _planned(queries, keys.shape[2], _PLAN_PAYS_OVER_OURS):
            attended: Tensor = kernel.attend(queries, keys, values)
            return attended
        pays = 0
    with _kernels(queries, keys.shape[2], pays):
        return scaled_dot_product_attention(queries, keys, values)


def prefill_attention(
    queries: Tensor, keys: Tensor, values: Tensor, prefix: int = 0, *, own: bool = True
) -> Tensor:
    """Attend causally; rows are padded on the right, where no token of a row looks.

    Args:
        queries: (rows, heads, tokens, head_dim).
        keys: (rows, kv_heads, prefix + tokens, head_dim).
        values: Likewise.
        prefix: Columns before the queries' own, all of which every query sees.
        own: Whether our kernel may attend.

    Returns:
        As ``queries``.
    """
    kernel = own_kernel(queries, keys, values) if own else None
    if kernel is not None and not _planned(queries, keys.shape[2], _PLAN_PAYS_OVER_OURS):
        attended: Tensor = kernel.attend(queries, keys, values, causal=True)
        return attended
    pays = _PLAN_PAYS if kernel is None else 0
    grouped = queries.shape[1] != keys.shape[1]
    if not prefix:
        with _kernels(queries, keys.shape[2], pays):
            return scaled_dot_product_attention(queries, keys, values, is_causal=True, enable_gqa=grouped)
    tokens, columns = queries.shape[2], keys.shape[2]
    assert columns == prefix + tokens
    if queries.is_cuda:
        if grouped:
            keys, values = (t.repeat_interleave(queries.shape[1] // t.shape[1], 1) for t in (keys, values))
        with _kernels(queries, columns, pays):
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

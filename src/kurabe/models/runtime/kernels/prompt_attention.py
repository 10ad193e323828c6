# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False
"""Attention over whole prompts and pictures, written in Triton for GPUs like the H100.

Heads of 80 or 96 channels are taken as 64 + 16 or 64 + 32: two matrix products for the scores and two
accumulators for the output, where other kernels compute with 128. What a query sees is a number of keys from
the first one on, so that causal rows, and padding that sees no padding, take one launch and no mask.
Import it as `kurabe.models.runtime.kernels.triton` is imported: if Triton is there.
"""

from dataclasses import dataclass
from math import e, log2

import torch
import triton
import triton.language as tl
from torch import Tensor
from triton.tools.tensor_descriptor import TensorDescriptor

from kurabe.models.runtime.kernels.triton import FUSING

# Triton looks annotations up as it compiles, and knows no other than its own; so arguments have none.

_LEAST = 16
"""Channels that a matrix product takes at the least."""


@dataclass(frozen=True, slots=True)
class Tiling:
    """How the work is cut.

    Attributes:
        queries: Of one program.
        keys: Of one step.
        warps: Of one program, a multiple of four.
        stages: Steps for which keys and values have room in shared memory.
        registers: Of a thread at most; 0 leaves it to the compiler.
    """

    queries: int = 128
    keys: int = 64
    warps: int = 4
    stages: int = 3
    registers: int = 0


@triton.jit  # type: ignore[untyped-decorator,unused-ignore]
def _tiles(
    wide_source, narrow_source, line, column, start, end,
    wide: tl.constexpr, narrow: tl.constexpr, keys: tl.constexpr, ragged: tl.constexpr,
):  # fmt: skip
    """Fetch keys or values, their channels in two parts; if ragged, zeros from ``end`` on.

    The second part stands for nothing where there is one part.
    """
    first = wide_source.load([line + start, column])
    second = first
    if narrow:
        second = narrow_source.load([line + start, column + wide])
    if ragged:
        # Behind a row's end begins the next row, whose numbers may be none.
        inside = (start + tl.arange(0, keys) < end)[:, None]
        first = tl.where(inside, first, 0.0)
        if narrow:
            second = tl.where(inside, second, 0.0)
    return first, second


@triton.jit  # type: ignore[untyped-decorator,unused-ignore]
def _scores(q_wide, q_narrow, k_wide, k_narrow, narrow: tl.constexpr):
    scores = tl.dot(q_wide, k_wide.T)
    if narrow:
        scores = tl.dot(q_narrow, k_narrow.T, scores)
    return scores


@triton.jit  # type: ignore[untyped-decorator,unused-ignore]
def _weights(scores, highest, total, scale):
    """Return weights relative to the highest score so far, and what earlier ones have to be multiplied by."""
    higher = tl.maximum(highest, tl.max(scores, 1) * scale)
    weights = tl.math.exp2(scores * scale - higher[:, None])
    fade = tl.math.exp2(highest - higher)
    return weights, fade, higher, total * fade + tl.sum(weights, 1)


@triton.jit  # type: ignore[untyped-decorator,unused-ignore]
def _mixed(weights, v_wide, v_narrow, out_wide, out_narrow, fade, narrow: tl.constexpr):
    out_wide = tl.dot(weights, v_wide, out_wide * fade[:, None])
    if narrow:
        out_narrow = tl.dot(weights, v_narrow, out_narrow * fade[:, None])
    return out_wide, out_narrow


# One compilation serves all sizes.
@triton.jit(do_not_specialize=["heads", "positions", "columns", "real"])  # type: ignore[untyped-decorator,unused-ignore]
def _attention(
    q, k_wide, k_narrow, v_wide, v_narrow, out, scale, heads, positions, columns, real,
    q_row, q_head, q_position,
    wide: tl.constexpr, narrow: tl.constexpr, queries: tl.constexpr, keys: tl.constexpr,
    causal: tl.constexpr,
):  # fmt: skip
    kind: tl.constexpr = q.dtype.element_ty
    row = (tl.program_id(1) // heads).to(tl.int64)
    head = tl.program_id(1) % heads
    if causal:
        # The last queries see the most, and begin first.
        begin = (tl.num_programs(0) - 1 - tl.program_id(0)) * queries
        before = columns - positions
        query = begin + tl.arange(0, queries)
        sees = (before + query + 1)[:, None]
        # Columns that any query here sees, and the full blocks of those that all of them see.
        end = tl.minimum(before + begin + queries, columns)
        whole = (before + begin + 1) // keys * keys
    else:
        begin = tl.program_id(0) * queries
        query = begin + tl.arange(0, queries)
        sees = tl.where(query < real, columns, real)[:, None]
        end = tl.where(begin < real, columns, real)
        whole = tl.where(tl.minimum(begin + queries, positions) <= real, columns, real) // keys * keys
    inside = (query < positions)[:, None]

    places = q + row * q_row + head * q_head + query[:, None] * q_position
    q_wide = tl.load(places + tl.arange(0, wide)[None, :], mask=inside, other=0.0)
    q_narrow = q_wide
    if narrow:
        q_narrow = tl.load(places + (wide + tl.arange(0, narrow))[None, :], mask=inside, other=0.0)
    line = (row * columns).to(tl.int32)
    column = head * (wide + narrow)
    out_wide = tl.zeros([queries, wide], tl.float32)
    out_narrow = tl.zeros([queries, narrow if narrow else 16], tl.float32)
    highest = tl.full([queries], float("-inf"), tl.float32)
    total = tl.zeros([queries], tl.float32)

    for start in tl.range(0, whole, keys):
        kw, kn = _tiles(k_wide, k_narrow, line, column, start, columns, wide, narrow, keys, False)
        scores = _scores(q_wide, q_narrow, kw, kn, narrow)
        weights, fade, highest, total = _weights(scores, highest, total, scale)
        vw, vn = _tiles(v_wide, v_narrow, line, column, start, columns, wide, narrow, keys, False)
        out_wide, out_narrow = _mixed(weights.to(kind), vw, vn, out_wide, out_narrow, fade, narrow)
    # A ragged end, and columns that some of the queries see.
    for start in tl.range(whole, end, keys, num_stages=1):
        kw, kn = _tiles(k_wide, k_narrow, line, column, start, columns, wide, narrow, keys, False)
        scores = _scores(q_wide, q_narrow, kw, kn, narrow)
        scores = tl.where((start + tl.arange(0, keys))[None, :] < sees, scores, float("-inf"))
        weights, fade, highest, total = _weights(scores, highest, total, scale)
        vw, vn = _tiles(v_wide, v_narrow, line, column, start, columns, wide, narrow, keys, True)
        out_wide, out_narrow = _mixed(weights.to(kind), vw, vn, out_wide, out_narrow, fade, narrow)

    share = (1.0 / total)[:, None]
    places = out + ((row * positions + query[:, None]) * heads + head) * (wide + narrow)
    tl.store(places + tl.arange(0, wide)[None, :], (out_wide * share).to(kind), mask=inside)
    if narrow:
        channel = wide + tl.arange(0, narrow)
        tl.store(places + channel[None, :], (out_narrow * share).to(kind), mask=inside)


def parts(channels: int) -> tuple[int, int]:
    """Split the channels of a head into two powers of two from 16 on, or one and 0; (0, 0) if impossible."""
    wide = 1 << max(0, channels.bit_length() - 1)
    narrow = channels - wide
    if wide < _LEAST or (narrow and (narrow < _LEAST or narrow & (narrow - 1))):
        return 0, 0
    return wide, narrow


USUAL = Tiling()
"""The fastest for prompts, and nearly so for pictures, of those in perf/results/prompt_attention.json."""


def takes(q: Tensor, k: Tensor, v: Tensor) -> bool:
    """Say whether the kernel computes these: see `attend`."""
    return (
        q.dtype in (torch.bfloat16, torch.float16)
        and q.dtype == k.dtype == v.dtype
        and k.shape == v.shape
        and q.shape[:2] == k.shape[:2]
        and q.shape[3] == k.shape[3]
        and parts(q.shape[3])[0] > 0
        and q.stride(3) == 1
        and _addressable(k)
        and _addressable(v)
    )


def attend(
    q: Tensor, k: Tensor, v: Tensor, *, real: int | None = None, causal: bool = False,
    tiling: Tiling = USUAL,
) -> Tensor:  # fmt: skip
    """Attend: each query to all keys, or to fewer.

    Args:
        q: (rows, heads, positions, channels), of 16 bit; channels lie beside each other.
        k: (rows, heads, columns, channels); in memory a matrix (rows * columns, heads * channels) or part of
            a wider one, aligned to 16 bytes.
        v: Likewise.
        real: Queries from this one on see only the keys before it, as padding that sees no padding does;
            at least 1. None for no such queries.
        causal: Each query sees the keys up to its own, which are the last ones; then ``real`` has no use.
        tiling: How the work is cut.

    Returns:
        As ``q``; in memory (rows, positions, heads, channels).

    Raises:
        ValueError: If the kernel does not take these.
    """
    rows, heads, positions, channels = q.shape
    columns = k.shape[2]
    real = columns if real is None else real
    if not takes(q, k, v) or not 1 <= real <= columns or (causal and positions > columns):
        shapes = ", ".join(f"{tuple(t.shape)} {t.dtype} by {t.stride()}" for t in (q, k, v))
        raise ValueError(f"not for this kernel: {shapes}, real {real}, causal {causal}")
    wide, narrow = parts(channels)
    out = torch.empty(rows, positions, heads, channels, dtype=q.dtype, device=q.device)
    sources = [_described(whole, tiling.keys, width) for whole in (k, v) for width in (wide, narrow or wide)]
    grid = (triton.cdiv(positions, tiling.queries), rows * heads)
    _attention[grid](
        q, *sources, out, channels**-0.5 * log2(e), heads, positions, columns, real, *q.stride()[:3],
        wide=wide, narrow=narrow, queries=tiling.queries, keys=tiling.keys, causal=causal,
        num_warps=tiling.warps, num_stages=tiling.stages, maxnreg=tiling.registers or None, **FUSING,
    )  # fmt: skip
    return out.transpose(1, 2)


def _addressable(whole: Tensor) -> bool:
    """Say whether keys or values are a matrix (rows * columns, heads * channels) to the copy engine."""
    rows, heads, columns, channels = whole.shape
    row, head, column, channel = whole.stride()
    joined = (rows == 1 or row == columns * column) and (heads == 1 or head == channels) and channel == 1
    return joined and column * whole.element_size() % 16 == 0 and whole.data_ptr() % 16 == 0


def _described(whole: Tensor, keys: int, width: int) -> TensorDescriptor:
    """Describe keys or values to the copy engine, which fetches (keys, width) of them at a time."""
    rows, heads, columns, channels = whole.shape
    return TensorDescriptor(whole, [rows * columns, heads * channels], [whole.stride(2), 1], [keys, width])

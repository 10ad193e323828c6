# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False
"""Attention over trees of prompts, written in Triton for GPUs like the H100.

All tokens of a pass lie one behind the other. What a query sees are some runs of tokens that its row has in
common with others, and the tokens of its own node up to its own. Queries that see the same runs are computed
together, also those of several nodes, so that a run is read once for all questions about it. See
`kurabe.models.runtime.kernels.prompt_attention`, whose parts these are, and import it likewise.
"""

from collections.abc import Sequence
from math import e, log2

import torch
import triton
import triton.language as tl
from torch import Tensor
from triton.tools.tensor_descriptor import TensorDescriptor

from kurabe.models.runtime.kernels.prompt_attention import (
    USUAL,
    Tiling,
    _mixed,
    _scores,
    _tiles,
    _weights,
    parts,
)
from kurabe.models.runtime.kernels.triton import FUSING


# One compilation serves all sizes.
@triton.jit(do_not_specialize=["group"])  # type: ignore[untyped-decorator,unused-ignore]
def _attention(
    q, k_wide, k_narrow, v_wide, v_narrow, out, blocks, firsts, places, scale, group,
    q_token, q_head, out_token,
    wide: tl.constexpr, narrow: tl.constexpr, queries: tl.constexpr, keys: tl.constexpr, runs: tl.constexpr,
):  # fmt: skip
    """Compute a block of queries of one head: they see ``runs`` runs of tokens, the last of them in part."""
    kind: tl.constexpr = q.dtype.element_ty
    head = tl.program_id(1)
    block = blocks + tl.program_id(0) * (2 + 3 * runs)
    begin, end = tl.load(block), tl.load(block + 1)
    query = begin + tl.arange(0, queries)
    there = query < end
    inside = there[:, None]
    first = tl.load(firsts + query, mask=there, other=0)
    place = tl.load(places + query, mask=there, other=2147483647)

    source = q + query.to(tl.int64)[:, None] * q_token + head * q_head
    q_wide = tl.load(source + tl.arange(0, wide)[None, :], mask=inside, other=0.0)
    q_narrow = q_wide
    if narrow:
        q_narrow = tl.load(source + (wide + tl.arange(0, narrow))[None, :], mask=inside, other=0.0)
    column = (head // group) * (wide + narrow)
    out_wide = tl.zeros([queries, wide], tl.float32)
    out_narrow = tl.zeros([queries, narrow if narrow else 16], tl.float32)
    highest = tl.full([queries], float("-inf"), tl.float32)
    total = tl.zeros([queries], tl.float32)

    for run in tl.static_range(runs):
        start = tl.load(block + 2 + 3 * run)
        whole = tl.load(block + 3 + 3 * run)
        stop = tl.load(block + 4 + 3 * run)
        for column_of in tl.range(start, whole, keys):
            kw, kn = _tiles(k_wide, k_narrow, 0, column, column_of, stop, wide, narrow, keys, False)
            scores = _scores(q_wide, q_narrow, kw, kn, narrow)
            weights, fade, highest, total = _weights(scores, highest, total, scale)
            vw, vn = _tiles(v_wide, v_narrow, 0, column, column_of, stop, wide, narrow, keys, False)
            out_wide, out_narrow = _mixed(weights.to(kind), vw, vn, out_wide, out_narrow, fade, narrow)
        for column_of in tl.range(whole, stop, keys, num_stages=1):
            kw, kn = _tiles(k_wide, k_narrow, 0, column, column_of, stop, wide, narrow, keys, False)
            scores = _scores(q_wide, q_narrow, kw, kn, narrow)
            seen = (column_of + tl.arange(0, keys))[None, :]
            sees = seen < stop
            if run == runs - 1:
                sees = sees & (seen >= first[:, None]) & (seen <= place[:, None])
            scores = tl.where(sees, scores, float("-inf"))
            # A block of tokens may be hidden from a query that has seen nothing yet.
            higher = tl.maximum(highest, tl.max(scores, 1) * scale)
            base = tl.where(higher == float("-inf"), 0.0, higher)
            weights = tl.math.exp2(scores * scale - base[:, None])
            fade = tl.math.exp2(highest - base)
            total = total * fade + tl.sum(weights, 1)
            highest = higher
            vw, vn = _tiles(v_wide, v_narrow, 0, column, column_of, stop, wide, narrow, keys, True)
            out_wide, out_narrow = _mixed(weights.to(kind), vw, vn, out_wide, out_narrow, fade, narrow)

    share = (1.0 / total)[:, None]
    target = out + query.to(tl.int64)[:, None] * out_token + head * (wide + narrow)
    tl.store(target + tl.arange(0, wide)[None, :], (out_wide * share).to(kind), mask=inside)
    if narrow:
        channel = wide + tl.arange(0, narrow)
        tl.store(target + channel[None, :], (out_narrow * share).to(kind), mask=inside)


def takes(q: Tensor, k: Tensor, v: Tensor) -> bool:
    """Say whether the kernel computes these: see `attend`."""
    return (
        q.dtype in (torch.bfloat16, torch.float16)
        and q.dtype == k.dtype == v.dtype
        and k.shape == v.shape
        and q.shape[1] % k.shape[1] == 0
        and q.shape[2] == k.shape[2]
        and parts(q.shape[2])[0] > 0
        and q.stride(2) == 1
        and _addressable(k)
        and _addressable(v)
    )


def attend(
    q: Tensor, k: Tensor, v: Tensor, blocks: Sequence[Tensor], firsts: Tensor, places: Tensor,
    *, tiling: Tiling = USUAL,
) -> Tensor:  # fmt: skip
    """Attend.

    Args:
        q: (queries, heads, channels), of 16 bit; channels lie beside each other.
        k: (tokens, kv_heads, channels); in memory a matrix or part of a wider one, aligned to 16 bytes. Heads
            are in groups that share keys.
        v: Likewise.
        blocks: By the number of runs that their queries see, from 1 on: int32 (blocks, 2 + 3 * runs) each. A
            block has its first query and the one behind its last, ``tiling.queries`` at most; and of each run
            its first token, the one up to which all of its queries see all, and the one behind its last. Of
            the last run, queries see what `firsts` and `places` say.
        firsts: int32 (queries,): the first token that a query sees of the last run.
        places: int32 (queries,): the last one.
        tiling: How the work is cut.

    Returns:
        (queries, heads, channels).

    Raises:
        ValueError: If the kernel does not take these.
    """
    if not takes(q, k, v):
        shapes = ", ".join(f"{tuple(t.shape)} {t.dtype} by {t.stride()}" for t in (q, k, v))
        raise ValueError(f"not for this kernel: {shapes}")
    heads, channels = q.shape[1:]
    wide, narrow = parts(channels)
    out = torch.empty(q.shape, dtype=q.dtype, device=q.device)
    sources = [_described(whole, tiling.keys, width) for whole in (k, v) for width in (wide, narrow or wide)]
    for runs, own in enumerate(blocks, 1):
        if len(own):
            _attention[len(own), heads](
                q, *sources, out, own, firsts, places, channels**-0.5 * log2(e), heads // k.shape[1],
                *q.stride()[:2], out.stride(0),
                wide=wide, narrow=narrow, queries=tiling.queries, keys=tiling.keys, runs=runs,
                num_warps=tiling.warps, num_stages=tiling.stages, maxnreg=tiling.registers or None, **FUSING,
            )  # fmt: skip
    return out


def _addressable(whole: Tensor) -> bool:
    """Say whether keys or values are a matrix (tokens, heads * channels) to the copy engine."""
    heads, channels = whole.shape[1:]
    token, head, channel = whole.stride()
    joined = (heads == 1 or head == channels) and channel == 1
    return joined and token * whole.element_size() % 16 == 0 and whole.data_ptr() % 16 == 0


def _described(whole: Tensor, keys: int, width: int) -> TensorDescriptor:
    """Describe keys or values to the copy engine, which fetches (keys, width) of them at a time."""
    tokens, heads, channels = whole.shape
    return TensorDescriptor(whole, [tokens, heads * channels], [whole.stride(0), 1], [keys, width])

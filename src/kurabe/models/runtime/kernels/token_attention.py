# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False
"""Attention of single tokens over static keys and values, written in Triton for GPUs.

One token a row reads each key and value of its row once, so that the speed is that of memory. torch's fast
kernel for it is planned anew for each shape and reads what a row's mask hides, too; this one is not planned,
and reads the beginning that a row sees. Import it as `kurabe.models.runtime.kernels.triton` is imported: if
Triton is there.
"""

from dataclasses import dataclass
from functools import cache
from math import e, log2

import torch
import triton
import triton.language as tl
from torch import Tensor

from kurabe.models.runtime.kernels.triton import FUSING

# Triton looks annotations up as it compiles, and knows no other than its own; so arguments have none.

_LEAST = 16
"""Queries that a matrix product takes at the least: groups of heads are filled up with zeros."""

_MOST_QUERIES = 64
"""Queries of one program: heads that share keys, of as many rows as share them."""

_MOST_PARTS = 32
"""A power of two: one compilation puts all numbers of parts together."""

_COLUMNS_A_PART = 256
"""Columns of a part at the least: shorter parts gain next to nothing (perf/results/token_attention.json)."""


@dataclass(frozen=True, slots=True)
class Tiling:
    """How the work is cut.

    Attributes:
        keys: Of one step.
        warps: Of one program.
        stages: Steps for which keys and values have room in shared memory.
        programs: For each multiprocessor at the least, if rows are long enough to be cut into parts.
    """

    keys: int = 64
    warps: int = 4
    stages: int = 3
    programs: int = 4


USUAL = Tiling()


# One compilation serves all sizes of batches.
@triton.jit(  # type: ignore[untyped-decorator,unused-ignore]
    do_not_specialize=["kv_heads", "parts", "most", "before_parts"]
)
def _attention(
    q, k, v, lengths, members, held, before, before_of, out, mixed, highest_of,
    scale, kv_heads, parts, most, before_parts,
    q_row, q_head, k_row, k_head, k_column, v_row, v_head, v_column,
    group: tl.constexpr, channels: tl.constexpr, queries: tl.constexpr, block: tl.constexpr,
    keys: tl.constexpr, cut: tl.constexpr, together: tl.constexpr, begun: tl.constexpr,
):  # fmt: skip
    """Let queries look at one part of the columns that they see: of a row, or of rows that see the same.

    ``together``: the rows are those of ``members``. ``begun``: they have seen other columns before.
    """
    kind: tl.constexpr = q.dtype.element_ty
    line = (tl.program_id(0) // kv_heads).to(tl.int64)
    shared = (tl.program_id(0) % kv_heads).to(tl.int64)
    length = tl.maximum(tl.load(lengths + line).to(tl.int32), 1)
    query, channel = tl.arange(0, queries), tl.arange(0, block)
    if together:
        member = tl.load(members + line * most + query // group, mask=query < most * group, other=-1)
        real, row = member >= 0, tl.maximum(member, 0)
        if tl.max(member, 0) < 0:  # all have ended
            length = 0
    else:
        real, row = query < group, line + query * 0
    start, end = 0, length
    if cut:
        each = tl.cdiv(tl.cdiv(length, keys), parts) * keys
        start = tl.program_id(1) * each
        end = tl.minimum(start + each, length)

    inside = channel < channels
    own = real[:, None] & inside[None, :]
    head = shared * group + query % group
    asked = tl.load(q + row[:, None] * q_row + head[:, None] * q_head + channel[None, :], mask=own, other=0.0)
    from_keys = k + line * k_row + shared * k_head + channel[None, :]
    from_values = v + line * v_row + shared * v_head + channel[None, :]
    total = tl.zeros([queries], tl.float32)
    highest = tl.full([queries], float("-inf"), tl.float32)
    result = tl.zeros([queries, block], tl.float32)
    heads = kv_heads * group
    if begun:
        known = real & (tl.load(held + row) >= 0)
        for part in range(before_parts):
            place = ((row * heads + head) * before_parts + part).to(tl.int64)
            top = tl.load(before_of + place * 2, mask=known, other=float("-inf"))
            more = tl.load(before_of + place * 2 + 1, mask=known, other=0.0)
            kept = before + place[:, None] * channels + channel[None, :]
            some = tl.load(kept, mask=known[:, None] & inside[None, :], other=0.0)
            higher = tl.maximum(highest, top)
            base = tl.where(higher == float("-inf"), 0.0, higher)
            fade, weight = tl.math.exp2(highest - base), tl.math.exp2(top - base)
            total = total * fade + more * weight
            result = result * fade[:, None] + some * weight[:, None]
            highest = higher
    for first in tl.range(start, end, keys):
        column = first + tl.arange(0, keys)
        there = column < end
        read = there[:, None] & inside[None, :]
        # What a row does not see may be anything, numbers or not.
        some = tl.load(from_keys + column.to(tl.int64)[:, None] * k_column, mask=read, other=0.0)
        scores = tl.where(there[None, :], tl.dot(asked, some.T) * scale, float("-inf"))
        higher = tl.maximum(highest, tl.max(scores, 1))
        weights = tl.math.exp2(scores - higher[:, None])
        fade = tl.math.exp2(highest - higher)
        total = total * fade + tl.sum(weights, 1)
        some = tl.load(from_values + column.to(tl.int64)[:, None] * v_column, mask=read, other=0.0)
        result = tl.dot(weights.to(kind), some, result * fade[:, None])
        highest = higher

    if cut:
        # A part that holds no column weighs nothing.
        place = ((row * heads + head) * parts + tl.program_id(1)).to(tl.int64)
        tl.store(mixed + place[:, None] * channels + channel[None, :], result, mask=own)
        tl.store(highest_of + place * 2, highest, mask=real)
        tl.store(highest_of + place * 2 + 1, total, mask=real)
    else:
        places = out + (row * heads + head)[:, None] * channels + channel[None, :]
        tl.store(places, (result / total[:, None]).to(kind), mask=own)


@triton.jit(do_not_specialize=["parts"])  # type: ignore[untyped-decorator,unused-ignore]
def _put_together(
    mixed, highest_of, out, parts, channels: tl.constexpr, block: tl.constexpr, most: tl.constexpr
):  # fmt: skip
    """Weigh what the parts of a row have given to one head."""
    head = tl.program_id(0).to(tl.int64)
    part, channel = tl.arange(0, most), tl.arange(0, block)
    there, inside = part < parts, channel < channels
    place = head * parts + part
    highest = tl.load(highest_of + place * 2, mask=there, other=float("-inf"))
    weight = tl.math.exp2(highest - tl.max(highest, 0))
    total = tl.sum(tl.load(highest_of + place * 2 + 1, mask=there, other=0.0) * weight, 0)
    read = there[:, None] & inside[None, :]
    some = tl.load(mixed + place[:, None] * channels + channel[None, :], mask=read, other=0.0)
    result = tl.sum(some * weight[:, None], 0) / total
    tl.store(out + head * channels + channel, result.to(out.dtype.element_ty), mask=inside)


def takes(q: Tensor, k: Tensor, v: Tensor, most: int = 0) -> bool:
    """Say whether the kernel computes these: see `attend`; ``most`` rows share keys, 0 for none."""
    return (
        q.dtype in (torch.bfloat16, torch.float16)
        and q.dtype == k.dtype == v.dtype
        and k.shape == v.shape
        and (most > 0 or q.shape[0] == k.shape[0])
        and q.shape[1] % k.shape[1] == 0
        and _LEAST <= q.shape[2] == k.shape[3]
        and most * (q.shape[1] // k.shape[1]) <= _MOST_QUERIES
        and q.stride(2) == k.stride(3) == v.stride(3) == 1
    )


@dataclass(frozen=True, slots=True)
class Begun:
    """What queries have seen already, to be put together with what they still see.

    Attributes:
        mixed: float32 (rows, heads, parts, channels).
        highest: float32 (rows, heads, parts, 2): the highest score, and the sum of weights against it.
        held: int64 (rows,): -1 for rows that have seen nothing.
    """

    mixed: Tensor
    highest: Tensor
    held: Tensor


def attend(
    q: Tensor, k: Tensor, v: Tensor, lengths: Tensor, *, tiling: Tiling = USUAL, parts: int | None = None,
    members: Tensor | None = None, begun: Begun | None = None,
) -> Tensor:  # fmt: skip
    """Attend with one query a row.

    Args:
        q: (rows, heads, channels), of 16 bit; channels lie beside each other, here and below.
        k: (rows, kv_heads, columns, channels); heads are in groups that share keys.
        v: Likewise.
        lengths: Whole numbers (rows,): the columns that a row sees, from the first one on, at least 1; 0
            counts as 1.
        tiling: How the work is cut.
        parts: Of a row's columns, each read by programs of its own, 32 at most; None takes what keeps a GPU
            busy.
        members: int64 (lines, most): where rows share keys, ``k``, ``v`` and ``lengths`` have a line for
            each group of them, and these are the group's rows, -1 for none. Other rows come out as anything.
        begun: What the rows have seen before; their columns are not cut into parts then.

    Returns:
        (rows, heads, channels).

    Raises:
        ValueError: If the kernel does not take these.
    """
    rows, heads, channels = q.shape
    if parts is None:
        lines, kv_heads, columns = k.shape[:3]
        parts = 1 if begun is not None else parts_of(lines * kv_heads, columns, _wanted(q.device, tiling))
    out = torch.empty(rows, heads, channels, dtype=q.dtype, device=q.device)
    if parts > 1:
        found = _look(q, k, v, lengths, out, tiling, parts, members, None, open_=True)
        _put_together[(rows * heads,)](
            found.mixed, found.highest, out, parts, channels=channels,
            block=triton.next_power_of_2(channels), most=_MOST_PARTS, **FUSING,
        )  # fmt: skip
    else:
        _look(q, k, v, lengths, out, tiling, 1, members, begun, open_=False)
    return out


def begin(
    q: Tensor, k: Tensor, v: Tensor, lengths: Tensor, members: Tensor, held: Tensor,
    *, tiling: Tiling = USUAL, parts: int | None = None,
) -> Begun:  # fmt: skip
    """Let rows look at what they share; see `attend`, which takes the result. ``held`` goes into it."""
    if parts is None:
        parts = parts_of(k.shape[0] * k.shape[1], k.shape[2], _wanted(q.device, tiling))
    found = _look(q, k, v, lengths, q, tiling, parts, members, None, open_=True)
    return Begun(found.mixed, found.highest, held)


def _look(
    q: Tensor, k: Tensor, v: Tensor, lengths: Tensor, out: Tensor, tiling: Tiling, parts: int,
    members: Tensor | None, begun: Begun | None, *, open_: bool,
) -> Begun:  # fmt: skip
    """Launch the kernel; ``open_`` leaves it to others to put parts together."""
    most = 0 if members is None else members.shape[1]
    if not takes(q, k, v, most):
        shapes = ", ".join(f"{tuple(t.shape)} {t.dtype} by {t.stride()}" for t in (q, k, v))
        raise ValueError(f"not for this kernel: {shapes}, {most} rows together")
    rows, heads, channels = q.shape
    lines, kv_heads = k.shape[:2]
    group = heads // kv_heads
    mixed = highest = q
    if open_:
        mixed = torch.empty(rows, heads, parts, channels, dtype=torch.float32, device=q.device)
        highest = torch.empty(rows, heads, parts, 2, dtype=torch.float32, device=q.device)
    before, before_of, held = (q, q, lengths) if begun is None else (begun.mixed, begun.highest, begun.held)
    _attention[lines * kv_heads, parts](
        q, k, v, lengths, lengths if members is None else members, held, before, before_of, out, mixed,
        highest, channels**-0.5 * log2(e), kv_heads, parts, most, 0 if begun is None else before.shape[2],
        *q.stride()[:2], *k.stride()[:3], *v.stride()[:3],
        group=group, channels=channels,
        queries=max(_LEAST, triton.next_power_of_2(max(most, 1) * group)),
        block=triton.next_power_of_2(channels), keys=tiling.keys, cut=open_, together=most > 0,
        begun=begun is not None, num_warps=tiling.warps, num_stages=tiling.stages, **FUSING,
    )  # fmt: skip
    return Begun(mixed, highest, held)


def _wanted(device: torch.device, tiling: Tiling) -> int:
    return tiling.programs * _multiprocessors(device)


def parts_of(programs: int, columns: int, wanted: int) -> int:
    """Return into how many parts a row is cut: a power of two, so that few kernels are compiled.

    Args:
        programs: Without parts.
        columns: Of a row.
        wanted: Programs that keep the GPU busy.
    """
    parts = 1
    while parts < _MOST_PARTS and programs * parts < wanted and columns >= 2 * parts * _COLUMNS_A_PART:
        parts *= 2
    return parts


@cache
def _multiprocessors(device: torch.device) -> int:
    return torch.cuda.get_device_properties(device).multi_processor_count if device.type == "cuda" else 1

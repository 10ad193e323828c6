"""Elementwise work of a layer in one pass over memory each, written in Triton; GPUs alone compute it.

torch's own operations take several passes for each of these, and what torch.compile makes of them one that
reads at half the card's speed (perf/results/rows_phi_compiled.json). A kernel is compiled in under a second
when it is first used, and Triton keeps it on disk for the next run.
"""

import torch
import triton
import triton.language as tl
from torch import Tensor

# Triton looks annotations up as it compiles, and knows no other than its own; so arguments have none.

FUSING = {"enable_fp_fusion": True}
"""An option of every launch: a product and a sum make one instruction, which Triton will do from 3.10 on only
where it is told to; 3.9 warns of it."""

_HEADS = 16
"""Heads that one program of the rotation takes."""

_CHANNELS = 2048
"""Channels that one program of an activation takes."""


@triton.jit  # type: ignore[untyped-decorator,unused-ignore]
def _turned(place, cosine, sine, inside, half: tl.constexpr):
    """Return both halves of some heads, turned."""
    first = tl.load(place, mask=inside, other=0.0).to(tl.float32)
    second = tl.load(place + half, mask=inside, other=0.0).to(tl.float32)
    return first * cosine - second * sine, second * cosine + first * sine


@triton.jit  # type: ignore[untyped-decorator,unused-ignore]
def _rope(
    heads,
    cosines,
    sines,
    number,
    token_stride,
    head_stride,
    turn_stride,
    half: tl.constexpr,
    block: tl.constexpr,
    together: tl.constexpr,
):
    token = tl.program_id(0).to(tl.int64)
    head = tl.program_id(1) * together + tl.arange(0, together)[:, None]
    channel = tl.arange(0, block)[None, :]
    inside = (head < number) & (channel < half)
    turned = channel < half
    cosine = tl.load(cosines + token * turn_stride + channel, mask=turned, other=0.0).to(tl.float32)
    sine = tl.load(sines + token * turn_stride + channel, mask=turned, other=0.0).to(tl.float32)
    place = heads + token * token_stride + head * head_stride + channel
    first, second = _turned(place, cosine, sine, inside, half)
    tl.store(place, first.to(heads.dtype.element_ty), mask=inside)
    tl.store(place + half, second.to(heads.dtype.element_ty), mask=inside)


@triton.jit(do_not_specialize=["heads", "kv_heads"])  # type: ignore[untyped-decorator,unused-ignore]
def _turned_and_kept(
    q, k, v, cosines, sines, positions, kept_keys, kept_values, heads, kv_heads,
    q_row, q_head, k_row, k_head, v_row, v_head, turn_stride,
    keys_row, keys_head, keys_column, values_row, values_head, values_column,
    half: tl.constexpr, turned_block: tl.constexpr, channels: tl.constexpr, block: tl.constexpr,
    together: tl.constexpr,
):  # fmt: skip
    """Take some heads of one row: of its queries, or behind those of its keys and values."""
    row = tl.program_id(0).to(tl.int64)
    for_queries = tl.cdiv(heads, together)
    channel = tl.arange(0, turned_block)[None, :]
    turned = channel < half
    cosine = tl.load(cosines + row * turn_stride + channel, mask=turned, other=0.0).to(tl.float32)
    sine = tl.load(sines + row * turn_stride + channel, mask=turned, other=0.0).to(tl.float32)
    if tl.program_id(1) < for_queries:
        head = tl.program_id(1) * together + tl.arange(0, together)[:, None]
        inside = (head < heads) & turned
        place = q + row * q_row + head * q_head + channel
        first, second = _turned(place, cosine, sine, inside, half)
        tl.store(place, first.to(q.dtype.element_ty), mask=inside)
        tl.store(place + half, second.to(q.dtype.element_ty), mask=inside)
    else:
        head = (tl.program_id(1) - for_queries) * together + tl.arange(0, together)[:, None]
        column = tl.load(positions + row)
        inside = (head < kv_heads) & turned
        first, second = _turned(k + row * k_row + head * k_head + channel, cosine, sine, inside, half)
        target = kept_keys + row * keys_row + head * keys_head + column * keys_column
        tl.store(target + channel, first.to(kept_keys.dtype.element_ty), mask=inside)
        tl.store(target + channel + half, second.to(kept_keys.dtype.element_ty), mask=inside)
        whole = tl.arange(0, block)[None, :]
        there = (head < kv_heads) & (whole < channels)
        if channels > 2 * half:
            still = there & (whole >= 2 * half)
            rest = tl.load(k + row * k_row + head * k_head + whole, mask=still, other=0.0)
            tl.store(target + whole, rest, mask=still)
        value = tl.load(v + row * v_row + head * v_head + whole, mask=there, other=0.0)
        target = kept_values + row * values_row + head * values_head + column * values_column
        tl.store(target + whole, value, mask=there)


@triton.jit(do_not_specialize=["number", "heads"])  # type: ignore[untyped-decorator,unused-ignore]
def _kept(
    source, where, target, number, heads, token_stride, head_stride, row_stride, kept_stride, column_stride,
    channels: tl.constexpr, block: tl.constexpr, together: tl.constexpr,
):  # fmt: skip
    """Copy some heads of one token."""
    place = tl.program_id(0).to(tl.int64)
    token, row = tl.load(where + place), tl.load(where + number + place)
    column = tl.load(where + 2 * number + place)
    head = (tl.program_id(1) * together + tl.arange(0, together)[:, None]).to(tl.int64)
    channel = tl.arange(0, block)[None, :]
    inside = (head < heads) & (channel < channels)
    some = tl.load(source + token * token_stride + head * head_stride + channel, mask=inside, other=0.0)
    to = target + row * row_stride + head * kept_stride + column * column_stride + channel
    tl.store(to, some, mask=inside)


@triton.jit  # type: ignore[untyped-decorator,unused-ignore]
def _gated(gate, up, out, width, gate_stride, up_stride, block: tl.constexpr):
    token = tl.program_id(0).to(tl.int64)
    channel = tl.program_id(1) * block + tl.arange(0, block)
    inside = channel < width
    opened = tl.load(gate + token * gate_stride + channel, mask=inside, other=0.0).to(tl.float32)
    value = tl.load(up + token * up_stride + channel, mask=inside, other=0.0).to(tl.float32)
    result = opened * tl.sigmoid(opened) * value
    tl.store(out + token * width + channel, result.to(out.dtype.element_ty), mask=inside)


@triton.jit  # type: ignore[untyped-decorator,unused-ignore]
def _quick_gelu(states, size, block: tl.constexpr):
    place = tl.program_id(0).to(tl.int64) * block + tl.arange(0, block)
    inside = place < size
    value = tl.load(states + place, mask=inside, other=0.0).to(tl.float32)
    tl.store(states + place, (value * tl.sigmoid(1.702 * value)).to(states.dtype.element_ty), mask=inside)


@triton.jit  # type: ignore[untyped-decorator,unused-ignore]
def _added_and_normed(
    states, change, gate, weight, bias, out, width, epsilon, block: tl.constexpr, gated: tl.constexpr
):
    row = tl.program_id(0).to(tl.int64) * width
    channel = tl.arange(0, block)
    inside = channel < width
    before = tl.load(states + row + channel, mask=inside, other=0.0).to(tl.float32)
    more = tl.load(change + row + channel, mask=inside, other=0.0).to(tl.float32)
    if gated:
        more *= tl.load(gate).to(tl.float32)
    added = before + more
    kept = added.to(states.dtype.element_ty)
    tl.store(states + row + channel, kept, mask=inside)
    value = kept.to(tl.float32)
    mean = tl.sum(value, 0) / width
    centred = tl.where(inside, value - mean, 0.0)
    scale = tl.rsqrt(tl.sum(centred * centred, 0) / width + epsilon)
    factor = tl.load(weight + channel, mask=inside, other=0.0).to(tl.float32)
    shift = tl.load(bias + channel, mask=inside, other=0.0).to(tl.float32)
    tl.store(out + row + channel, (centred * scale * factor + shift).to(out.dtype.element_ty), mask=inside)


def rope(heads: Tensor, cosines: Tensor, sines: Tensor) -> None:
    """Turn heads in place; see `kurabe.models.runtime.kernels.elementwise.Elementwise.rope`."""
    tokens, number, _ = heads.shape
    half = cosines.shape[-1] // 2
    assert heads.stride(2) == cosines.stride(1) == sines.stride(1) == 1
    assert cosines.stride(0) == sines.stride(0)
    grid = (tokens, triton.cdiv(number, _HEADS))
    _rope[grid](
        heads, cosines, sines, number, heads.stride(0), heads.stride(1), cosines.stride(0),
        half=half, block=triton.next_power_of_2(half), together=_HEADS, **FUSING,
    )  # fmt: skip


def turned_and_kept(
    q: Tensor, k: Tensor, v: Tensor, cosines: Tensor, sines: Tensor, positions: Tensor,
    kept_keys: Tensor, kept_values: Tensor,
) -> None:  # fmt: skip
    """Turn queries in place, store turned keys, and values; see `Elementwise.turned_and_kept`."""
    rows, heads, channels = q.shape
    half = cosines.shape[-1] // 2
    assert q.stride(2) == k.stride(2) == v.stride(2) == kept_keys.stride(3) == kept_values.stride(3) == 1
    assert cosines.stride(0) == sines.stride(0)
    assert cosines.stride(1) == sines.stride(1) == 1
    grid = (rows, triton.cdiv(heads, _HEADS) + triton.cdiv(k.shape[1], _HEADS))
    _turned_and_kept[grid](
        q, k, v, cosines, sines, positions, kept_keys, kept_values, heads, k.shape[1],
        *q.stride()[:2], *k.stride()[:2], *v.stride()[:2], cosines.stride(0),
        *kept_keys.stride()[:3], *kept_values.stride()[:3],
        half=half, turned_block=triton.next_power_of_2(half), channels=channels,
        block=triton.next_power_of_2(channels), together=_HEADS, **FUSING,
    )  # fmt: skip


def kept(source: Tensor, where: Tensor, target: Tensor) -> None:
    """Copy tokens to where they are kept; see `Elementwise.kept`."""
    number, heads, channels = where.shape[1], source.shape[1], source.shape[2]
    if number:
        assert source.stride(2) == target.stride(3) == where.stride(1) == 1
        _kept[number, triton.cdiv(heads, 2 * _HEADS)](
            source, where, target, number, heads, *source.stride()[:2], *target.stride()[:3],
            channels=channels, block=triton.next_power_of_2(channels), together=2 * _HEADS, **FUSING,
        )  # fmt: skip


def gated(gate: Tensor, up: Tensor) -> Tensor:
    """Return silu(gate) * up, (tokens, channels) each."""
    tokens, width = gate.shape
    assert gate.stride(1) == up.stride(1) == 1
    out = torch.empty(tokens, width, dtype=gate.dtype, device=gate.device)
    grid = (tokens, triton.cdiv(width, _CHANNELS))
    _gated[grid](gate, up, out, width, gate.stride(0), up.stride(0), block=_CHANNELS, num_warps=8, **FUSING)
    return out


def quick_gelu(states: Tensor) -> None:
    """Apply x * sigmoid(1.702 x) in place."""
    assert states.is_contiguous()
    grid = (triton.cdiv(states.numel(), _CHANNELS),)
    _quick_gelu[grid](states, states.numel(), block=_CHANNELS, num_warps=8, **FUSING)


def added_and_normed(
    states: Tensor, change: Tensor, weight: Tensor, bias: Tensor, epsilon: float, gate: Tensor | None = None
) -> Tensor:
    """Add ``change``, times a number, to ``states`` in place; see `Elementwise.added_and_normed`."""
    width = states.shape[-1]
    assert states.is_contiguous()
    assert change.is_contiguous()
    out = torch.empty_like(states)
    _added_and_normed[(states.numel() // width,)](
        states, change, states if gate is None else gate, weight, bias, out, width, epsilon,
        block=triton.next_power_of_2(width), gated=gate is not None, **FUSING,
    )  # fmt: skip
    return out

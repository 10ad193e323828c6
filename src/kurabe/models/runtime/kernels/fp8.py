"""Rows of activations in 8 bits, each by a scale of its own, in one pass over memory; written in Triton.

What would have to be read again to be quantised, as what a norm or an activation gives, is quantised where it
is made. Nothing is clamped: the largest number of a row becomes the largest one of the type. A row that holds
NaN or infinity gives NaN.
"""

import torch
import triton
import triton.language as tl
from torch import Tensor

from kurabe.models.runtime.kernels.triton import FUSING

# Triton looks annotations up as it compiles, and knows no other than its own; so arguments have none.

ACTIVATIONS = {"": 0, "QuickGELUActivation": 1, "GELUActivation": 2}
"""Numbers of the activations that `quantised` applies first, by the names of transformers' classes."""

STORED = torch.float8_e4m3fn
"""The type that rows get. Tests by Triton's interpreter, which rounds to it wrongly, take float32."""

WIDEST = 16_384
"""Channels of a row at most: one program holds a row."""


@triton.jit  # type: ignore[untyped-decorator,unused-ignore]
def _store(value, row, channel, inside, out, scales, width):
    """Store a row, float32, in 8 bits; a row of zeros has a scale, too."""
    largest = tl.maximum(tl.max(tl.abs(value), 0), 1e-10)
    tl.store(scales + row, largest / 448.0)
    small = (value * (448.0 / largest)).to(out.dtype.element_ty)
    tl.store(out + row * width + channel, small, mask=inside)


@triton.jit  # type: ignore[untyped-decorator,unused-ignore]
def _quantised(states, out, scales, width, stride, block: tl.constexpr, activation: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    channel = tl.arange(0, block)
    inside = channel < width
    value = tl.load(states + row * stride + channel, mask=inside, other=0.0).to(tl.float32)
    if activation == 1:
        value = value * tl.sigmoid(1.702 * value)
    if activation == 2:
        value = 0.5 * value * (1.0 + tl.erf(value * 0.7071067811865476))
    _store(value, row, channel, inside, out, scales, width)


@triton.jit  # type: ignore[untyped-decorator,unused-ignore]
def _gated(gate, up, out, scales, width, gate_stride, up_stride, block: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    channel = tl.arange(0, block)
    inside = channel < width
    opened = tl.load(gate + row * gate_stride + channel, mask=inside, other=0.0).to(tl.float32)
    value = tl.load(up + row * up_stride + channel, mask=inside, other=0.0).to(tl.float32)
    _store(opened * tl.sigmoid(opened) * value, row, channel, inside, out, scales, width)


@triton.jit  # type: ignore[untyped-decorator,unused-ignore]
def _normed(
    states, change, gate, weight, bias, out, scales, width, epsilon,
    block: tl.constexpr, added: tl.constexpr, gated: tl.constexpr, centred: tl.constexpr,
):  # fmt: skip
    """Norm a row, after adding to it in place; ``centred`` is a layer norm, else it is an RMS norm."""
    row = tl.program_id(0).to(tl.int64)
    channel = tl.arange(0, block)
    inside = channel < width
    place = states + row * width + channel
    value = tl.load(place, mask=inside, other=0.0).to(tl.float32)
    if added:
        more = tl.load(change + row * width + channel, mask=inside, other=0.0).to(tl.float32)
        if gated:
            more *= tl.load(gate).to(tl.float32)
        kept = (value + more).to(states.dtype.element_ty)
        tl.store(place, kept, mask=inside)
        value = kept.to(tl.float32)
    if centred:
        value = tl.where(inside, value - tl.sum(value, 0) / width, 0.0)
    value *= tl.rsqrt(tl.sum(value * value, 0) / width + epsilon)
    value *= tl.load(weight + channel, mask=inside, other=0.0).to(tl.float32)
    if centred:
        value += tl.load(bias + channel, mask=inside, other=0.0).to(tl.float32)
    _store(value, row, channel, inside, out, scales, width)


def quantised(states: Tensor, activation: str = "") -> tuple[Tensor, Tensor]:
    """Quantise rows, (rows, channels), channels beside each other; see `kurabe.models.runtime.fp8`."""
    rows, width = states.shape
    assert states.stride(1) == 1
    out, scales = _empty(states, width)
    if rows:
        _quantised[(rows,)](
            states, out, scales, width, states.stride(0), activation=ACTIVATIONS[activation],
            **_sizes(width),
        )  # fmt: skip
    return out, scales


def gated(gate: Tensor, up: Tensor) -> tuple[Tensor, Tensor]:
    """Quantise silu(gate) * up, (rows, channels) each."""
    rows, width = gate.shape
    assert gate.stride(1) == up.stride(1) == 1
    out, scales = _empty(gate, width)
    if rows:
        _gated[(rows,)](gate, up, out, scales, width, gate.stride(0), up.stride(0), **_sizes(width))
    return out, scales


def normed(
    states: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    epsilon: float,
    change: Tensor | None = None,
    gate: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Add ``change``, times a number, to ``states`` in place; quantise the norm of the sum.

    Args:
        states: (rows, channels), contiguous.
        weight: Of the norm.
        bias: Of a layer norm; None for an RMS norm.
        epsilon: Of the norm.
        change: As ``states``; None adds nothing.
        gate: A single number; None for 1.
    """
    rows, width = states.shape
    assert states.is_contiguous()
    assert change is None or change.is_contiguous()
    out, scales = _empty(states, width)
    if rows:
        _normed[(rows,)](
            states, states if change is None else change, states if gate is None else gate, weight,
            weight if bias is None else bias, out, scales, width, epsilon,
            added=change is not None, gated=gate is not None, centred=bias is not None, **_sizes(width),
        )  # fmt: skip
    return out, scales


def _empty(states: Tensor, width: int) -> tuple[Tensor, Tensor]:
    rows = len(states)
    out = torch.empty(rows, width, dtype=STORED, device=states.device)
    return out, torch.empty(rows, 1, dtype=torch.float32, device=states.device)


def _sizes(width: int) -> dict[str, object]:
    block = triton.next_power_of_2(width)
    warps = 4 if block <= 2048 else 8 if block <= 8192 else 16
    return {"block": block, "num_warps": warps, **FUSING}

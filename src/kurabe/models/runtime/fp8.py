"""Linear layers in 8 bits: weights by output channel, activations by row, products in float8_e4m3fn.

Each row of the activations and each output of the weights has a scale, so a product is scaled back by two
numbers. Sums are float32, results are bfloat16.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from kurabe.models.runtime.kernels.trial import tried

LEAST_CAPABILITY = (8, 9)
"""Of a GPU that multiplies in 8 bits: Ada, Hopper, Blackwell."""

_MULTIPLE = 16
"""Inputs and outputs of a product in 8 bits are a multiple of this."""

_LARGEST, _SMALLEST = 448.0, 1e-10


@dataclass(frozen=True, slots=True)
class Quantised:
    """Activations in 8 bits, as an `Fp8Linear` takes them.

    Attributes:
        values: float8_e4m3fn (..., channels), contiguous.
        scales: float32 (rows, 1), the rows of all leading axes: a number is its value times its row's scale.
    """

    values: Tensor
    scales: Tensor


class Fp8Linear(nn.Linear):
    """A linear layer whose weights have 8 bits. It takes activations in any form, and quantises if need be.

    Adapters are put around it as around any linear layer, and compute beside it in their own type.

    Args:
        linear: What it stands for; bfloat16 on a GPU. Its weights can go afterwards.
    """

    scales: Tensor

    def __init__(self, linear: nn.Linear) -> None:
        # Without weights in 16 bit, which nn.Linear would make.
        nn.Module.__init__(self)
        self.in_features, self.out_features = linear.in_features, linear.out_features
        self.dtype = linear.weight.dtype
        values, scales = plainly_quantised(linear.weight.detach())
        self.weight8 = nn.Parameter(values, requires_grad=False)
        self.register_buffer("scales", scales.view(1, -1))
        self.bias = linear.bias

    def forward(self, input: Tensor | Quantised) -> Tensor:  # noqa: A002 (the name is nn.Linear's)
        """Return (..., out_features)."""
        rows = input if isinstance(input, Quantised) else quantised(input)
        shape = rows.values.shape
        flat = rows.values.reshape(-1, shape[-1])
        made = product(flat, rows.scales, self.weight8, self.scales, self.bias, self.dtype)
        return made.view(*shape[:-1], self.out_features)

    @property
    def weight(self) -> Tensor:  # type: ignore[override]
        """A copy of the weights in 16 bits, for adapters that look at them; changing it changes nothing."""
        return (self.weight8.float() * self.scales.t()).to(self.dtype)


def takes_quantised(module: nn.Module) -> bool:
    """Say whether a module is an `Fp8Linear` with nothing around it that would look at what goes in."""
    return type(module) is Fp8Linear and not (module._forward_hooks or module._forward_pre_hooks)


def put_in(roots: Sequence[nn.Module]) -> int:
    """Put the linear layers within some modules into 8 bits, one after the other.

    Layers whose sizes are no multiples of 16 stay as they are.

    Returns:
        How many were.
    """
    number = 0
    for root in roots:
        for parent in list(root.modules()):
            for name, child in list(parent.named_children()):
                if not isinstance(child, nn.Linear) or type(child) is not nn.Linear:
                    continue
                if not (child.in_features % _MULTIPLE or child.out_features % _MULTIPLE):
                    setattr(parent, name, Fp8Linear(child).train(child.training))
                    number += 1
    return number


def quantised(states: Tensor) -> Quantised:
    """Quantise activations, (..., channels), by row."""
    flat = states.reshape(-1, states.shape[-1])
    kernels = kernels_for(states.device, states.dtype) if states.is_cuda else None
    if kernels is None or flat.shape[1] > kernels.WIDEST or flat.stride(1) != 1:
        values, scales = plainly_quantised(flat)
    else:
        values, scales = kernels.quantised(flat)
    return Quantised(values.view(states.shape), scales)


def plainly_quantised(rows: Tensor) -> tuple[Tensor, Tensor]:
    """Quantise by torch's own operations: (rows, channels) to values, and float32 scales (rows, 1)."""
    wide = rows.float()
    largest = wide.abs().amax(-1, keepdim=True).clamp_(min=_SMALLEST)
    # NaN stays NaN; else the largest number becomes the type's, which rounding does not exceed.
    values = (wide * (_LARGEST / largest)).to(torch.float8_e4m3fn)
    return values, largest / _LARGEST


def product(
    values: Tensor,
    scales: Tensor,
    weight: Tensor,
    weight_scales: Tensor,
    bias: Tensor | None,
    dtype: torch.dtype,
) -> Tensor:
    """Multiply rows by weights.

    Args:
        values: float8_e4m3fn (rows, inputs), contiguous.
        scales: float32 (rows, 1).
        weight: float8_e4m3fn (outputs, inputs), contiguous.
        weight_scales: float32 (1, outputs).
        bias: (outputs,); None for none.
        dtype: Of the result; bfloat16 on a GPU.

    Returns:
        (rows, outputs).
    """
    if not len(values):
        return values.new_empty(0, len(weight), dtype=dtype)
    if not values.is_cuda:
        made = functional.linear(values.float(), weight.float()) * scales * weight_scales
        return (made if bias is None else made + bias.float()).to(dtype)
    if rows_scaled(values.device, bias is not None):
        return _product(values, weight, scales, weight_scales, bias)
    if rows_scaled(values.device, False):
        made = _product(values, weight, scales, weight_scales, None)
    else:
        one = _one(values.device)
        made = _product(values, weight, one, one, None).float() * scales * weight_scales
    return (made if bias is None else made + bias).to(dtype)


def _product(values: Tensor, weight: Tensor, scales: Tensor, others: Tensor, bias: Tensor | None) -> Tensor:
    made: Tensor = torch._scaled_mm(
        values, weight.t(), scales, others, bias, out_dtype=torch.bfloat16, use_fast_accum=True
    )
    return made


@cache
def _one(device: torch.device) -> Tensor:
    return torch.ones((), device=device)


@cache
def rows_scaled(device: torch.device, biased: bool) -> bool:
    """Say whether torch's product takes scales by row and column there; where not, they come afterwards.

    Args:
        device: A GPU.
        biased: Whether it is to add a bias, too.
    """
    values = torch.ones(32, 64, device=device).to(torch.float8_e4m3fn)
    scales = torch.ones(32, 1, device=device)
    bias = torch.ones(32, device=device, dtype=torch.bfloat16) if biased else None
    try:
        _product(values, values, scales, scales.t().contiguous(), bias)
    except RuntimeError:
        return False
    return True


def kernels_for(device: torch.device, dtype: torch.dtype) -> Any:
    """Return the module of kernels once they have run on a GPU; None if they cannot."""
    return _tried(device, dtype)[0]


def kernels_refused(device: torch.device, dtype: torch.dtype) -> str:
    """Say why the kernels cannot run on a GPU; "" if they can."""
    return _tried(device, dtype)[1]


@cache
def _tried(device: torch.device, dtype: torch.dtype) -> tuple[Any, str]:
    def load() -> Any:
        import kurabe.models.runtime.kernels.fp8 as module

        return module

    def run(kernels: Any) -> None:
        # As the two families launch them, so that all is compiled when the first batch comes.
        for width, norm, activation in (
            (3072, "rms", ""), (4096, "rms", ""), (1024, "layer", ""), (1280, "layer", ""),
            (4096, "", "QuickGELUActivation"), (5120, "", "GELUActivation"),
        ):  # fmt: skip
            rows = torch.ones(2, width, dtype=dtype, device=device)
            one, shift = rows[0], rows[1] if norm == "layer" else None
            kernels.quantised(rows, activation)
            if norm == "rms":
                kernels.normed(rows, one, None, 1e-5)
            if norm:
                kernels.normed(rows.clone(), one, shift, 1e-5, rows)
            if norm == "layer" and width == 1280:
                kernels.normed(rows.clone(), one, shift, 1e-5, rows, one[:1])
        for width in (8192, 14_336):
            wide = torch.ones(2, 2 * width, dtype=dtype, device=device)
            kernels.gated(*wide.chunk(2, -1))

    return tried(load, run)

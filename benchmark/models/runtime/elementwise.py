"""What is neither a matrix product nor attention, in few passes over memory."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

Activation = Callable[[Tensor], Tensor]

PAYS_FROM = 1_500_000
"""Prompt tokens after which kernels are compiled: by then about as much time would have been saved as
compiling takes, 4 ms a pair of 1,560 tokens (Phi-3.5-vision, perf/results/rows.json), so that it costs at
most double what it gives."""


class Elementwise:
    """Norm, rotation and activations of a layer.

    Args:
        compiled: Whether torch.compile makes one kernel of each, which takes it some seconds at first; None
            for as soon as it pays, and never on a CPU. The norm is left to torch's own kernel, which is
            faster.
    """

    def __init__(self, compiled: bool | None = None) -> None:
        self._compiled = bool(compiled)
        self._left = PAYS_FROM if compiled is None else None
        self._kernels: dict[Callable[..., Tensor], Callable[..., Tensor]] = {}

    def passing(self, states: Tensor) -> None:
        """Take notice of prompts, (tokens, channels), that are about to be computed."""
        if self._left is not None and states.is_cuda:
            self._left -= len(states)
            self._compiled = self._left < 0

    def added(self, states: Tensor, linear: nn.Module, inputs: Tensor) -> Tensor:
        """Add a linear layer's output to ``states``, in place; where nothing is around the layer, within it.

        Args:
            states: (tokens, channels).
            linear: The layer, or an adapter's around it.
            inputs: (tokens, its input channels).
        """
        weight: Any = getattr(linear, "weight", None)
        bare = type(linear) is nn.Linear and getattr(linear, "bias", None) is None
        hooked = linear._forward_hooks or linear._forward_pre_hooks
        if bare and not hooked and weight.dtype == states.dtype:
            return states.addmm_(inputs, weight.t())
        return states.add_(linear(inputs))

    def norm(self, module: nn.Module, states: Tensor) -> Tensor:
        """Apply an RMS norm; another module, as an adapter's around a norm, is called as it is."""
        if type(module).__name__.endswith("RMSNorm") and hasattr(module, "variance_epsilon"):
            weight: Any = module.weight
            epsilon: Any = module.variance_epsilon
            return nn.functional.rms_norm(states, weight.shape, weight, epsilon)
        other: Tensor = module(states)
        return other

    def rope(self, heads: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
        """Turn heads by their positions; channels behind the rotary ones are left as they are.

        Args:
            heads: (tokens, heads, head_dim), queries and keys side by side.
            cosines: (tokens, rotary channels), the second half equal to the first.
            sines: Likewise.
        """
        return self._made(_rope)(heads, cosines, sines)

    def gated(self, gate: Tensor, up: Tensor, activation: Activation) -> Tensor:
        """Return activation(gate) * up."""
        plain = _plain(activation)
        return _gated(gate, up, activation) if plain is None else self._made(_gated)(gate, up, plain)

    def activated(self, states: Tensor, activation: Activation) -> Tensor:
        """Return activation(states)."""
        plain = _plain(activation)
        return activation(states) if plain is None or not self._compiled else self._made(plain)(states)

    def _made(self, function: Callable[..., Tensor]) -> Callable[..., Tensor]:
        if not self._compiled:
            return function
        if function not in self._kernels:
            compiled = torch.compile(function, dynamic=True)

            def guarded(*arguments: Any) -> Tensor:
                try:
                    return compiled(*arguments)
                except torch.OutOfMemoryError:
                    raise
                except Exception:
                    # It takes a C compiler and Triton, which not every machine has; the result is the same.
                    self._kernels[function] = function
                    return function(*arguments)

            self._kernels[function] = guarded
        return self._kernels[function]


def _rope(heads: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    turned, half = cosines.shape[-1], cosines.shape[-1] // 2
    if turned < heads.shape[-1]:
        cosines = nn.functional.pad(cosines, (0, heads.shape[-1] - turned), value=1.0)
    sines = sines[:, None, :half]
    out = heads * cosines[:, None]
    out[..., :half].addcmul_(heads[..., half:turned], sines, value=-1)
    out[..., half:turned].addcmul_(heads[..., :half], sines)
    return out


def _gated(gate: Tensor, up: Tensor, activation: Activation) -> Tensor:
    return activation(gate).mul_(up)


def _quick_gelu(states: Tensor) -> Tensor:
    return states * torch.sigmoid(1.702 * states)


def _plain(activation: Activation) -> Activation | None:
    """Return an activation module as a function that is the same for all layers; None if it is not known."""
    if isinstance(activation, nn.SiLU) or type(activation).__name__ == "SiLUActivation":
        return nn.functional.silu
    return _quick_gelu if type(activation).__name__ == "QuickGELUActivation" else None

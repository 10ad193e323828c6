"""What is neither a matrix product nor attention, in few passes over memory."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from kurabe.models.runtime import fp8
from kurabe.models.runtime.fp8 import Quantised
from kurabe.models.runtime.kernels.trial import tried

Activation = Callable[[Tensor], Tensor]
Made = Tensor | Quantised
"""What a linear layer takes."""


class Elementwise:
    """Norms, rotation and activations of a layer.

    What is made for linear layers in 8 bits alone (``into``) is made in 8 bits.

    Args:
        fused: Whether a GPU computes them by kernels of our own, where those can be compiled.
    """

    def __init__(self, fused: bool = True) -> None:
        self.fused = fused

    def added(self, states: Tensor, linear: nn.Module, inputs: Made) -> Tensor:
        """Add a linear layer's output to ``states``, in place; where nothing is around the layer, within it.

        Args:
            states: (tokens, channels).
            linear: The layer, or an adapter's around it.
            inputs: (tokens, its input channels).
        """
        bare = type(linear) is nn.Linear and getattr(linear, "bias", None) is None
        if bare and not (linear._forward_hooks or linear._forward_pre_hooks):
            weight: Any = linear.weight
            if weight.dtype == states.dtype and isinstance(inputs, Tensor):
                return states.addmm_(inputs, weight.t())
        return states.add_(linear(inputs))

    def added_then_normed(
        self, states: Tensor, linear: nn.Module, inputs: Made, norm: nn.Module, *into: nn.Module
    ) -> Made:
        """Add a layer's output to ``states``, as `added` does; return the RMS norm of the sum, as `norm`."""
        eights = self._eights(states, into)
        if eights is None or type(linear) is not fp8.Fp8Linear or not _is_rms(norm):
            made: Made = self.norm(norm, self.added(states, linear, inputs), *into)
            return made
        weight: Any = norm.weight
        epsilon: Any = norm.variance_epsilon
        return _as(states, eights.normed(states, weight, None, epsilon, linear(inputs)))

    def added_and_normed(
        self,
        states: Tensor,
        change: Tensor,
        norm: nn.Module,
        gate: Tensor | None = None,
        into: Sequence[nn.Module] = (),
    ) -> Any:
        """Add ``change`` to ``states`` in place, and return the norm of the sum.

        Args:
            states: (..., channels).
            change: Likewise.
            norm: A layer norm, or what an adapter has put around one.
            gate: A single number by which ``change`` is multiplied; None for 1.
            into: All that takes the norm.
        """
        kernels = self._kernels(states)
        plain = type(norm) is nn.LayerNorm and norm.bias is not None and not norm._forward_hooks
        if kernels is None or not plain or not (states.is_contiguous() and change.is_contiguous()):
            added: Tensor = norm(states.add_(change if gate is None else change * gate))
            return added
        eights = self._eights(states, into)
        if eights is not None:
            flat, more = states.flatten(0, -2), change.flatten(0, -2)
            return _as(states, eights.normed(flat, norm.weight, norm.bias, norm.eps, more, gate))
        result: Tensor = kernels.added_and_normed(states, change, norm.weight, norm.bias, norm.eps, gate)
        return result

    def norm(self, module: nn.Module, states: Tensor, *into: nn.Module) -> Any:
        """Apply an RMS norm; another module, as an adapter's around a norm, is called as it is.

        Args:
            module: The norm.
            states: (..., channels).
            into: All that takes the result.
        """
        if _is_rms(module):
            weight: Any = module.weight
            epsilon: Any = module.variance_epsilon
            eights = self._eights(states, into)
            if eights is not None and states.is_contiguous():
                return _as(states, eights.normed(states.flatten(0, -2), weight, None, epsilon))
            return functional.rms_norm(states, weight.shape, weight, epsilon)
        other: Tensor = module(states)
        return other

    def rope(self, heads: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
        """Turn heads by their positions, possibly in place; channels behind the rotary ones stay as they are.

        Args:
            heads: (tokens, heads, head_dim), queries and keys side by side.
            cosines: (tokens, rotary channels), the second half equal to the first.
            sines: Likewise.
        """
        kernels = self._kernels(heads)
        if kernels is None:
            return _rope(heads, cosines, sines)
        kernels.rope(heads, cosines, sines)
        return heads

    def turned_and_kept(
        self,
        heads: tuple[Tensor, Tensor, Tensor],
        turns: tuple[Tensor, Tensor],
        positions: Tensor,
        kept: tuple[Tensor, Tensor],
    ) -> Tensor:
        """Turn queries and keys of one token a row, possibly in place, and store keys and values.

        Args:
            heads: Queries, keys and values, (rows, heads or kv_heads, head_dim) each.
            turns: Cosines and sines, as `rope` takes them.
            positions: int64 (rows,): the column of each row in which its token is stored.
            kept: Static keys and values, (rows, kv_heads, columns, head_dim) each.

        Returns:
            The queries, turned.
        """
        kernels = self._kernels(heads[0])
        if kernels is not None and all(part.dtype == heads[0].dtype for part in (*heads, *kept)):
            kernels.turned_and_kept(*heads, *turns, positions, *kept)
            return heads[0]
        queries, keys, values = self.rope(heads[0], *turns), self.rope(heads[1], *turns), heads[2]
        where = torch.arange(len(positions), device=positions.device), positions
        for target, source in zip(kept, (keys, values), strict=True):
            target.transpose(1, 2).index_put_(where, source.to(target.dtype))
        return queries

    def kept(self, source: Tensor, where: Tensor, target: Tensor) -> None:
        """Copy keys or values of tokens to where they are kept.

        Args:
            source: (tokens, kv_heads, head_dim).
            where: int64 (3, tokens that are kept): the token, its row, and its column.
            target: (rows, kv_heads, columns, head_dim).
        """
        kernels = self._kernels(source)
        if kernels is not None and source.dtype == target.dtype:
            kernels.kept(source, where, target)
            return
        token, row, column = where
        target.transpose(1, 2).index_put_((row, column), source[token].to(target.dtype))

    def gated(self, gate: Tensor, up: Tensor, activation: Activation, *into: nn.Module) -> Any:
        """Return activation(gate) * up, (tokens, channels) each; ``into`` is all that takes it."""
        kernels = self._kernels(gate)
        if kernels is None or _name(activation) not in ("SiLU", "SiLUActivation"):
            return activation(gate).mul_(up)
        eights = self._eights(gate, into)
        if eights is not None:
            return _as(gate, eights.gated(gate, up))
        result: Tensor = kernels.gated(gate, up)
        return result

    def activated(self, states: Tensor, activation: Activation, *into: nn.Module) -> Any:
        """Return activation(states), possibly in place; ``into`` is all that takes it."""
        kernels, eights = self._kernels(states), self._eights(states, into)
        if eights is not None and _name(activation) in eights.ACTIVATIONS and states.is_contiguous():
            return _as(states, eights.quantised(states.flatten(0, -2), _name(activation)))
        if kernels is None or _name(activation) != "QuickGELUActivation" or not states.is_contiguous():
            return activation(states)
        kernels.quick_gelu(states)
        return states

    def offered(self, states: Tensor, *into: nn.Module) -> Made:
        """Return states, in 8 bits if all that takes them does: so they are quantised once."""
        return states if self._eights(states, into) is None else fp8.quantised(states)

    def _eights(self, states: Tensor, into: Sequence[nn.Module]) -> Any:
        """Return the module of kernels that make 8 bits, or None where they cannot or need not be made."""
        if not (self.fused and states.is_cuda and into and all(map(fp8.takes_quantised, into))):
            return None
        kernels = fp8.kernels_for(states.device, states.dtype)
        return kernels if kernels is not None and states.shape[-1] <= kernels.WIDEST else None

    def _kernels(self, states: Tensor) -> Any:
        """Return the module of kernels, or None where torch's own operations compute."""
        return kernels_for(states.device, states.dtype) if self.fused and states.is_cuda else None


def kernels_for(device: torch.device, dtype: torch.dtype) -> Any:
    """Return the module `triton` once its kernels have run on a device; None if they cannot.

    They take Triton and a C compiler, which not every machine has; without them the result is the same.
    """
    return _tried(device, dtype)[0]


def kernels_refused(device: torch.device, dtype: torch.dtype) -> str:
    """Say why the kernels cannot run on a device; "" if they can."""
    return _tried(device, dtype)[1]


@cache
def _tried(device: torch.device, dtype: torch.dtype) -> tuple[Any, str]:
    def load() -> Any:
        import kurabe.models.runtime.kernels.triton as module

        return module

    def run(kernels: Any) -> None:
        # In the sizes of the two families, so that all is compiled when the first batch comes.
        for number, kv_heads, channels in ((32, 32, 96), (32, 8, 128)):
            heads = torch.ones(2, number, channels, dtype=dtype, device=device)
            turns, places = heads[:, 0].clone(), torch.zeros(2, dtype=torch.int64, device=device)
            kept = torch.ones(2, kv_heads, 16, channels, dtype=dtype, device=device)
            few = heads[:, :kv_heads].clone()
            kernels.rope(heads, turns, turns)
            kernels.turned_and_kept(heads, few, few, turns, turns, places, kept, kept)
            kernels.kept(few, torch.zeros(3, 2, dtype=torch.int64, device=device), kept)
        for width, gate in ((1024, None), (1280, None), (1280, heads[0, 0, :1])):
            tokens = torch.ones(16, width, dtype=dtype, device=device)
            kernels.added_and_normed(tokens, tokens.clone(), tokens[0], tokens[0], 1e-5, gate)
        kernels.gated(tokens, tokens)
        kernels.quick_gelu(tokens)

    return tried(load, run)


def _rope(heads: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    turned, half = cosines.shape[-1], cosines.shape[-1] // 2
    if turned < heads.shape[-1]:
        cosines = functional.pad(cosines, (0, heads.shape[-1] - turned), value=1.0)
    sines = sines[:, None, :half]
    out = heads * cosines[:, None]
    out[..., :half].addcmul_(heads[..., half:turned], sines, value=-1)
    out[..., half:turned].addcmul_(heads[..., :half], sines)
    return out


def _is_rms(module: nn.Module) -> bool:
    return type(module).__name__.endswith("RMSNorm") and hasattr(module, "variance_epsilon")


def _as(states: Tensor, made: tuple[Tensor, Tensor]) -> Quantised:
    return Quantised(made[0].view(states.shape), made[1])


def _name(activation: Activation) -> str:
    return type(activation).__name__


def patches(embedding: nn.Module, pixels: Tensor) -> Tensor:
    """Embed patches, as one matrix product where nothing is around the convolution.

    A convolution whose kernels do not overlap is that product, and in 16 bit its own kernels are far slower.

    Args:
        embedding: ``nn.Conv2d`` without bias whose stride is its kernel's size, or an adapter's around it.
        pixels: (pictures, 3, side, side), of the embedding's type.

    Returns:
        (pictures, patches, channels), row by row.
    """
    if type(embedding) is not nn.Conv2d or not pixels.is_cuda or embedding.bias is not None:
        found: Tensor = embedding(pixels)
        return found.flatten(2).transpose(1, 2)
    high, wide = embedding.kernel_size
    parts = pixels.unflatten(2, (-1, high)).unflatten(4, (-1, wide)).permute(0, 2, 4, 1, 3, 5)
    return functional.linear(parts.flatten(3).flatten(1, 2), embedding.weight.flatten(1))

"""Modules of a model alone: what our own loops read of it, without transformers around them.

To import transformers' classes of models takes seconds: compilers, distributed tensors and statistics come
with them. Our loops call linear layers, norms and embeddings and read nothing else, so a run that they answer
is built of these. Modules and weights have the names that transformers gives them.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

_STATIC_ROPES = ("linear", "llama3", "yarn")
"""Kinds of rope whose frequencies depend on nothing but the configuration."""


class UnfitError(Exception):
    """A configuration says something that these modules do not compute; transformers has to."""


class RMSNorm(nn.Module):
    """RMS norm with a weight; its attributes are those that `Elementwise` looks for."""

    def __init__(self, width: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(width))
        self.variance_epsilon = epsilon

    def forward(self, states: Tensor) -> Tensor:
        """Norm the last axis."""
        return functional.rms_norm(states, self.weight.shape, self.weight, self.variance_epsilon)


class QuickGELUActivation(nn.Module):
    """The activation of CLIP; kernels know it by its name."""

    def forward(self, states: Tensor) -> Tensor:
        """Return ``states`` times the sigmoid of 1.702 of them."""
        return states * torch.sigmoid(1.702 * states)


class GELUActivation(nn.Module):
    """The exact GELU; kernels know it by its name."""

    def forward(self, states: Tensor) -> Tensor:
        """Return the GELU of ``states``."""
        return functional.gelu(states)


_ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "silu": nn.SiLU,
    "gelu": GELUActivation,
    "quick_gelu": QuickGELUActivation,
}


def activation(name: str) -> nn.Module:
    """Return the activation of a configuration's ``hidden_act``.

    Raises:
        UnfitError: If it is none of those that the two families have.
    """
    if name not in _ACTIVATIONS:
        raise UnfitError(f"activation {name}")
    return _ACTIVATIONS[name]()


class Rope(nn.Module):
    """Rotary cosines and sines whose frequencies are fixed by the configuration.

    The frequencies are no buffers, so that no cast of the model touches them.

    Raises:
        UnfitError: If they depend on the length of a row.
    """

    def __init__(self, config: Any) -> None:
        super().__init__()
        described = config.rope_parameters
        if described["rope_type"] not in ("default", *_STATIC_ROPES):
            raise UnfitError(f"rope {described['rope_type']}")
        self._config = config
        self._on: dict[torch.device, tuple[Tensor, float]] = {}

    @torch.no_grad()
    def forward(self, states: Tensor, position_ids: Tensor) -> tuple[Tensor, Tensor]:
        """Compute cosines and sines.

        Args:
            states: For device and dtype.
            position_ids: (rows, tokens).

        Returns:
            Both (rows, tokens, rotary channels), the second half equal to the first.
        """
        if states.device not in self._on:
            frequencies, scaling = self._frequencies()
            self._on[states.device] = frequencies.to(states.device), scaling
        frequencies, scaling = self._on[states.device]
        angles = position_ids[..., None].float() * frequencies
        angles = torch.cat((angles, angles), dim=-1)
        return (angles.cos() * scaling).to(states.dtype), (angles.sin() * scaling).to(states.dtype)

    def _frequencies(self) -> tuple[Tensor, float]:
        config, described = self._config, self._config.rope_parameters
        if described["rope_type"] != "default":
            from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

            frequencies, scaling = ROPE_INIT_FUNCTIONS[described["rope_type"]](config)
            return frequencies, float(scaling)
        whole = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
        channels = int(whole * described.get("partial_rotary_factor", 1.0))
        steps = torch.arange(0, channels, 2, dtype=torch.float32) / channels
        return 1.0 / (described["rope_theta"] ** steps), 1.0


class _Unset(TorchFunctionMode):
    """Leaves weights as they are made: what initialises them on no device imports torch's compiler."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if getattr(func, "__module__", None) == "torch.nn.init" or func in _SETTING:
            return args[0] if args else (kwargs or {})["tensor"]
        return func(*args, **(kwargs or {}))


_SETTING = (Tensor.fill_, Tensor.zero_, Tensor.normal_, Tensor.uniform_)


def unset(build: Callable[[], "Bare"]) -> "Bare":
    """Build a model whose weights are on no device, to be filled; see `Bare.fill`."""
    with torch.device("meta"), _Unset():
        return build()


class Bare(nn.Module):
    """A model of which there is no more than its modules.

    Attributes:
        config: As transformers reads it.
        generation_config: Likewise.
    """

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.config = config
        self.generation_config: Any = None

    def generates(self, generation: Any) -> None:
        """Take what the checkpoint says of generating."""
        self.generation_config = generation

    @property
    def dtype(self) -> torch.dtype:
        """Type of the weights."""
        return next(self.parameters()).dtype

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.parameters()).device

    def num_parameters(self) -> int:
        """Count the weights."""
        return sum(parameter.numel() for parameter in self.parameters())

    @staticmethod
    def named(tensor: str) -> str | None:
        """Return the name that a tensor of a checkpoint's files has here; None for one that is left out."""
        return tensor

    def fits(self, shapes: Mapping[str, tuple[int, ...]]) -> bool:
        """Say whether tensors of a checkpoint's files, by their shapes, fill this model exactly."""
        there = {self.named(name): shape for name, shape in shapes.items()}
        there.pop(None, None)
        return there == {name: tuple(parameter.shape) for name, parameter in self.named_parameters()}

    def fill(self, tensors: Mapping[str, Tensor], dtype: torch.dtype) -> None:
        """Take the tensors of a checkpoint's files as weights, without a copy where they have the type."""
        mine = {self.named(name): value.to(dtype) for name, value in tensors.items()}
        mine.pop(None, None)
        self.load_state_dict(mine, assign=True)  # type: ignore[arg-type]
        self.requires_grad_(False)


def projections(module: nn.Module, wide: int, outputs: Mapping[str, int], *, bias: bool = False) -> None:
    """Give a module linear layers of one input width, by name."""
    for name, width in outputs.items():
        setattr(module, name, nn.Linear(wide, width, bias=bias))

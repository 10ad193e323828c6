"""Which weights answer now: what is remembered of a model holds for these alone."""

from collections.abc import Hashable
from operator import attrgetter
from typing import Any

from torch import nn


def signature(module: nn.Module) -> Hashable:
    """Identify what a module computes now: where its weights lie, and which adapters act in it.

    Adapters that have no part in the module make no difference. Nor do weights that are changed in place, as
    by training.
    """
    adapters = tuple(
        _acting(part)
        for part in module.modules()
        if hasattr(part, "active_adapters") and hasattr(part, "merged_adapters")
    )
    return adapters, hash(tuple(parameter.data_ptr() for parameter in module.parameters()))


def _acting(part: Any) -> Hashable:
    """Name the adapters that PEFT's layer applies, and those that are merged into its weights."""
    held = {name for kind in part.adapter_layer_names for name in attrgetter(kind)(part)}
    active = () if part.disable_adapters else tuple(name for name in part.active_adapters if name in held)
    return active, tuple(part.merged_adapters)

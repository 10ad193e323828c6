"""An adapter's products folded into its base's weights, where only the time changes: in float32 on a CPU.

Beside each layer, two thin products and a sum take longer there than their arithmetic says; one product with
the sum of both weights does the same. The base's own weights stay in memory untouched and are put back as
they were, so the base answers exactly as before. On a GPU, in 16 bits and for quantised layers sums would be
rounded: nothing is folded there.
"""

from collections.abc import Iterator
from typing import Any

_OWN, _FOLDED = "kurabe_own", "kurabe_folded"

MOST = 2**29
"""Bytes of folded weights per adapter at most: a model that large has better things to do with its memory."""


def layers(model: Any, key: str) -> Iterator[Any]:
    """Yield the layers that an adapter changes.

    Args:
        model: A base with PEFT around it.
        key: PEFT's name of the adapter.
    """
    from peft.tuners.lora import LoraLayer

    for module in model.modules():
        if isinstance(module, LoraLayer) and key in module.scaling:
            yield module


def can_fold(model: Any, key: str) -> bool:
    """Say whether an adapter may be folded: plain LoRA on float32 linear layers in a CPU's memory."""
    import torch
    from peft.tuners.lora import Linear
    from peft.utils.other import AuxiliaryTrainingWrapper

    room = MOST
    for module in layers(model, key):
        base = module.base_layer
        plain = type(module) is Linear and type(base) is torch.nn.Linear and key not in module.lora_variant
        if not plain or module.lora_bias.get(key) or key not in module.lora_A:
            return False
        weights = (base.weight, module.lora_A[key].weight, module.lora_B[key].weight)
        if any(weight.dtype != torch.float32 or weight.device.type != "cpu" for weight in weights):
            return False
        room -= base.weight.nbytes
    return room >= 0 and not any(
        isinstance(module, AuxiliaryTrainingWrapper) and key in getattr(module, "modules_to_save", ())
        for module in model.modules()
    )


def fold(model: Any, key: str) -> None:
    """Let the layers of an adapter answer with the sum of both weights; see `can_fold`, `unfold`."""
    import torch

    for module in layers(model, key):
        base = module.base_layer
        # In lists and dictionaries, so that they are no parameters of the module.
        known = module.__dict__.setdefault(_FOLDED, {})
        if key not in known:
            with torch.no_grad():
                whole = base.weight + module.get_delta_weight(key)
            known[key] = torch.nn.Parameter(whole, requires_grad=False)
        module.__dict__[_OWN] = [base.weight]
        base.weight = known[key]


def unfold(model: Any) -> None:
    """Put the base's own weights back."""
    for module in model.modules():
        own = module.__dict__.pop(_OWN, None)
        if own is not None:
            module.base_layer.weight = own[0]

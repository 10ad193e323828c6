"""LoRA on a model: which layers it changes, how it is put on, written down and taken off again."""

import re
import warnings
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import torch
from torch import nn

from kurabe.common.errors import ModelError
from kurabe.models.adapters.file import CONFIG, WEIGHTS

LARGE = 1_000_000_000
"""Parameters from which on a model counts as large: checkpointed, and with its vision tower left alone."""


def parameters_of(model: Any) -> int:
    """Return the number of parameters, those packed in 4 bit counted one by one."""
    return int(model.num_parameters())


def targets(model: Any, *, vision: bool) -> str:
    """Return an expression for the linear layers that are to be adapted.

    Args:
        model: A transformers model that makes text of images.
        vision: Whether the vision tower and the projector are adapted beside the decoder's layers.

    Returns:
        What PEFT takes as ``target_modules``; layers of equal kind differ by their number only.
    """
    head = model.get_output_embeddings()
    decoder = {id(module) for module in model.get_decoder().layers.modules()}
    modules = dict(model.named_modules())
    chosen = {
        name
        for name, module in modules.items()
        # Quantised layers are linear layers, too.
        if isinstance(module, nn.Linear) and module is not head and (vision or id(module) in decoder)
    }
    patterns: set[str] = set()
    for name in chosen:
        general = re.sub(r"(?<=\\\.)\d+(?=\\\.|$)", r"\\d+", re.escape(name))
        # Between the layers of a sequence may be others that cannot be adapted.
        alike = {other for other in modules if re.fullmatch(general, other)}
        patterns.add(general if alike <= chosen else re.escape(name))
    return "|".join(sorted(patterns))


def put_on(model: Any, *, rank: int, alpha: int, dropout: float, vision: bool) -> Any:
    """Put a fresh LoRA on a model; its base is frozen.

    What a quantised base keeps in 16 bit stays so: answers will be computed with it as it is.

    Raises:
        ModelError: If the model has an adapter already, or is quantised and on the CPU.
    """
    from peft import LoraConfig, get_peft_model

    if hasattr(model, "peft_config"):
        raise ModelError(
            f"{model.config.model_type}: an adapter is on this model already: load its base anew"
        )
    quantized = getattr(model, "quantization_method", None) is not None
    if quantized and model.device.type == "cpu":
        raise ModelError(
            "weights in 4 bit are trained on a GPU: on a CPU bitsandbytes repacks them for inference. Set "
            "quantization to none for the base"
        )
    config = LoraConfig(
        r=rank, lora_alpha=alpha, lora_dropout=dropout, target_modules=targets(model, vision=vision)
    )
    with warnings.catch_warnings():
        # PEFT asks transformers by names that its newer releases give up.
        warnings.simplefilter("ignore", FutureWarning)
        return get_peft_model(model, config)


def cast_once(model: Any) -> AbstractContextManager[None]:
    """Keep a LoRA from casting what goes into it, while it is trained under autocast on a GPU.

    PEFT casts each input to the float32 of the LoRA's weights, and autocast casts it back to 16 bit: the
    values are the same, and for wide layers the two copies are most of what is read and written.
    """
    if model.device.type != "cuda":
        return nullcontext()
    from peft.helpers import disable_input_dtype_casting

    uncast: AbstractContextManager[None] = disable_input_dtype_casting(model)
    return uncast


def weights(model: Any) -> dict[str, torch.Tensor]:
    """Return the adapter's weights under PEFT's names, on the CPU."""
    from peft import get_peft_model_state_dict

    # Nothing but LoRA weights is trained; to look whether the embeddings have grown would ask the hub.
    state = get_peft_model_state_dict(model, save_embedding_layers=False)
    return {name: value.detach().cpu().contiguous() for name, value in state.items()}


def save(model: Any, folder: Path, base: str | None = None, dtype: torch.dtype | None = None) -> None:
    """Write an adapter's configuration and weights.

    Args:
        model: What `put_on` returned.
        folder: Made if need be.
        base: The checkpoint that it belongs to, as the configuration names it.
        dtype: Type of the weights; None for that of training.
    """
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    state = weights(model)
    save_file({name: value.to(dtype or value.dtype) for name, value in state.items()}, folder / WEIGHTS)
    config = model.peft_config["default"]
    training, named = config.inference_mode, config.base_model_name_or_path
    config.inference_mode, config.base_model_name_or_path = True, base
    config.save_pretrained(str(folder))
    config.inference_mode, config.base_model_name_or_path = training, named
    assert (folder / CONFIG).is_file()


def load(model: Any, folder: Path) -> None:
    """Set the adapter's weights to those that `save` wrote."""
    from peft import set_peft_model_state_dict
    from safetensors.torch import load_file

    set_peft_model_state_dict(model, load_file(folder / WEIGHTS))


def finite(folder: Path) -> bool:
    """Say whether the weights that `save` wrote are numbers."""
    from safetensors.torch import load_file

    return all(bool(value.isfinite().all()) for value in load_file(folder / WEIGHTS).values())


def take_off(model: Any) -> None:
    """Leave the base as it was: without adapter, frozen, in evaluation mode."""
    base = model.unload()
    switch_off = getattr(base, "activation_checkpointing_disable", None)
    (switch_off or base.gradient_checkpointing_disable)()
    base.requires_grad_(False)
    base.eval()

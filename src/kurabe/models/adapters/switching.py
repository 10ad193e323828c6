"""Adapters on a model in memory: put on, switched, mixed in one batch."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kurabe.common.errors import ModelError
from kurabe.models import families
from kurabe.models.adapters import folding
from kurabe.models.adapters.file import PREFIX, WEIGHTS, AdapterFile, inspect_adapter
from kurabe.models.adapters.plan import make_plan, no_place

if TYPE_CHECKING:
    from peft import PeftModel


_STATE = "kurabe_in_use"
"""Attribute of a model: the adapter that answers, and whether it may be folded; absent if unknown."""


@dataclass(frozen=True, slots=True)
class AttachReport:
    """What `attach` did.

    Attributes:
        model: The model with PEFT around it; use this one from now on.
        name: The adapter's name for `use` and `mixed`.
        file: What was attached.
        modules: Modules that the adapter changes.
        loaded: Tensors of the file that are now in the model.
        same_as_base: Tensors that were left out, because they only repeat the base's weights.
        warnings: What the user should know; nothing of it makes the answers wrong by itself.
    """

    model: "PeftModel"
    name: str
    file: AdapterFile
    modules: int
    loaded: int
    same_as_base: int
    warnings: tuple[str, ...]


def attach(model: Any, folder: Path, name: str, *, in_base_dtype: bool = False) -> AttachReport:
    """Put an adapter on a model, beside those that are there. What is in use stays in use: at first the base.

    Args:
        model: A transformers model, or what an earlier `attach` returned as ``model``.
        folder: The adapter's folder.
        name: A name for `use` and `mixed`, not taken yet.
        in_base_dtype: Compute the adapter in its base's dtype, which takes less on a 16-bit base. The
            default is float32, as PEFT does it in training.

    Raises:
        ModelError: If the adapter is not for this model, or not all of it can be loaded. Nothing is attached.
    """
    from peft import PeftModel, get_peft_model
    from safetensors.torch import load_file

    if name in attached(model):
        raise ModelError(f"adapter {name}: the name is taken; give each adapter its own.")
    file = inspect_adapter(folder)
    saved = load_file(folder / WEIGHTS)
    base = model.get_base_model() if isinstance(model, PeftModel) else model
    _check_values(file, base, saved)
    plan = make_plan(file, base, saved)
    (before, fold), key, was_training = _state(model), _key(name), base.training
    use(model, None)
    try:
        with warnings.catch_warnings():
            # PEFT asks transformers by a name that goes away in its version 6.
            warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning)
            if isinstance(model, PeftModel):
                model.add_adapter(key, plan.config, autocast_adapter_dtype=not in_base_dtype)
            else:
                model = get_peft_model(model, plan.config, key, autocast_adapter_dtype=not in_base_dtype)
    except (ValueError, RuntimeError, KeyError) as error:
        raise ModelError(f"{folder}: PEFT refuses the adapter: {error}") from error
    model.train(was_training)
    if hasattr(model, _STATE):
        delattr(model, _STATE)  # PEFT has put the new one on
    missing = _load(model, key, {PREFIX + plan.target(t, key): saved[t.key] for t in plan.tensors})
    if missing:
        if len(model.peft_config) == 1:
            model.unload()
        else:
            model.delete_adapter(key)
            use(model, before, fold=fold)
        raise ModelError(no_place(file, base, missing, len(plan.tensors), "tensors"))
    use(model, before, fold=fold)
    return AttachReport(
        model=model,
        name=name,
        file=file,
        modules=len({tensor.module for tensor in plan.tensors}),
        loaded=len(plan.tensors),
        same_as_base=len(file.tensors) - len(plan.tensors),
        warnings=plan.warnings,
    )


def _check_values(file: AdapterFile, base: Any, saved: dict[str, Any]) -> None:
    """Refuse weights that are no numbers, and a base that is not in memory."""
    broken = [key for key, value in saved.items() if not value.isfinite().all()]
    if broken:
        raise ModelError(
            f"{file.folder / WEIGHTS}: {len(broken)} tensors hold NaN or infinity, {broken[0]} is the first; "
            "take an earlier step of the training."
        )
    if any(parameter.is_meta for parameter in base.parameters()):
        raise ModelError(
            f"{file.folder}: part of the base is offloaded to CPU or disk, where adapters cannot be put on; "
            "choose a smaller dtype, quantization or more devices."
        )


def _load(model: Any, adapter: str, tensors: dict[str, Any]) -> list[str]:
    """Copy tensors into the model and look whether they are there.

    Returns:
        Names of those that are not.
    """
    import torch

    there = {name: value for name, value in model.named_parameters(remove_duplicate=False) if adapter in name}
    fitting = {k: v for k, v in tensors.items() if k in there and there[k].shape == v.shape}
    model.load_state_dict(fitting, strict=False)
    arrived = {k for k, v in fitting.items() if torch.equal(there[k].detach().cpu(), v.to(there[k].dtype))}
    return [name.removeprefix(PREFIX) for name in tensors if name not in arrived]


def _key(name: str) -> str:
    """Return a name that PEFT can use: it keeps adapters in modules, whose names have no dots."""
    return "adapter:" + name.replace("%", "%25").replace(".", "%2E")


def attached(model: Any) -> list[str]:
    """Return the names of the adapters on a model, in order of attachment."""
    keys = getattr(model, "peft_config", {})
    return [key.removeprefix("adapter:").replace("%2E", ".").replace("%25", "%") for key in keys]


def in_use(model: Any) -> str | None:
    """Return the adapter that answers now; None for the base."""
    if not attached(model):
        return None
    return _state(model)[0]


def _state(model: Any) -> tuple[str | None, bool]:
    state: tuple[str | None, bool] = getattr(model, _STATE, (None, False))
    return state


def use(model: Any, name: str | None, *, fold: bool = False) -> None:
    """Switch to an adapter, or with None to the base, whose answers are then exactly its own.

    Args:
        model: What `attach` returned.
        name: The adapter; None for the base.
        fold: Let it answer through the base's weights where `kurabe.models.adapters.folding` can; what looks
            at the weights sees sums of both until another one is used.

    Raises:
        ModelError: If no adapter of that name is attached.
    """
    _known(model, [name])
    if not attached(model) or getattr(model, _STATE, None) == (name, fold):
        return
    folding.unfold(model)
    if name is None:
        model.base_model.disable_adapter_layers()
    else:
        model.base_model.enable_adapter_layers()
        model.set_adapter(_key(name))
        if fold and folding.can_fold(model, _key(name)):
            folding.fold(model, _key(name))
            model.base_model.disable_adapter_layers()
    # PEFT takes the active adapter to be in training.
    model.requires_grad_(False)
    setattr(model, _STATE, (name, fold))


def _known(model: Any, names: Iterable[str | None]) -> None:
    unknown = sorted({name for name in names if name is not None} - set(attached(model)))
    if unknown:
        raise ModelError(
            f"no adapter {', '.join(unknown)} is attached; there are {', '.join(attached(model)) or 'none'}."
        )


def why_not_mixed(model: Any, names: Iterable[str | None]) -> str | None:
    """Say why a batch cannot mix these adapters (None stands for the base); None if it can.

    PEFT picks the adapter by the row of each module's input. Modules that see images, tiles or single tokens
    instead of rows would take the wrong one.
    """
    from peft.tuners.lora import LoraLayer
    from peft.utils.other import AuxiliaryTrainingWrapper

    wanted = {name for name in names if name is not None}
    _known(model, wanted)
    if not wanted:
        return None
    if any(isinstance(module, AuxiliaryTrainingWrapper) for module in model.modules()):
        return "an attached adapter replaces whole modules"
    base = model.get_base_model()
    per_row = {id(module) for module in base.get_decoder().layers.modules()}
    per_row |= {id(base.get_input_embeddings()), id(base.get_output_embeddings())}
    family = families.of_model(base)
    for name in sorted(wanted):
        if model.peft_config[_key(name)].use_dora:
            return f"{name} is a DoRA adapter"
        for path, module in base.named_modules():
            if not isinstance(module, LoraLayer) or _key(name) not in module.scaling:
                continue
            if id(module) not in per_row or not family.by_row(path):
                return f"{name} changes {path}, whose input has other rows than the batch"
    return None


@contextmanager
def mixed(model: Any, names: Sequence[str | None]) -> Iterator[dict[str, list[str]]]:
    """Let each row of a batch be answered by its own adapter.

    Args:
        model: What `attach` returned.
        names: The adapter of each row; None for the base.

    Yields:
        Arguments to add to the model's ``forward`` or ``generate``.

    Raises:
        ModelError: If these cannot be mixed; `why_not_mixed` says so beforehand.
    """
    if reason := why_not_mixed(model, names):
        raise ModelError(f"a batch cannot mix these adapters: {reason}; answer them one after the other.")
    if not attached(model):
        yield {}
        return
    before, fold = _state(model)
    use(model, None)
    delattr(model, _STATE)
    model.base_model.enable_adapter_layers()
    try:
        yield {"adapter_names": ["__base__" if name is None else _key(name) for name in names]}
    finally:
        use(model, before, fold=fold)

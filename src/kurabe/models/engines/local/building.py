"""A checkpoint's files become a model: as the modules that our loops read, or as transformers' own."""

import json
import sys
from pathlib import Path
from typing import Any

from kurabe.common.errors import ModelError
from kurabe.models import families
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local import bare_loading, early
from kurabe.models.engines.local.loaded import Loaded, input_device, pad_left
from kurabe.models.families import Family
from kurabe.models.host_memory import keep_freed

_ATTENTIONS = ("flash_attention_2", "flash_attention_4", "sdpa", "eager")


def load(folder: Path, settings: LocalSettings, device: str, dtype: str, *, bare: bool) -> Loaded:
    """Load a checkpoint.

    Args:
        folder: Of the checkpoint.
        settings: Of its entry.
        device: ``cuda`` or ``cpu``.
        dtype: Of the weights in memory.
        bare: Whether the modules that our loops read are enough, where there are loops for it.

    Raises:
        ModelError: If tensors are missing, the attention or the quantization that was asked for is not
            there, or memory runs out.
    """
    if device == "cpu":
        keep_freed()
    # Where the weights go is known before transformers is there: to one device, as they are.
    plain = settings.quantization in (None, "fp8") and settings.device_map is None
    weights = early.begin(folder, device) if plain else None
    try:
        if bare and plain and settings.attention in ("auto", "sdpa"):
            loaded = _load_bare(folder, settings, device, dtype, weights)
            if loaded is not None:
                return loaded
        return _build(folder, settings, device, dtype, weights)
    finally:
        if weights is not None:
            weights.stop()


def _load_bare(
    folder: Path, settings: LocalSettings, device: str, dtype: str, weights: early.Early | None
) -> Loaded | None:
    """Load what our loops read; None where that is not enough."""
    import torch

    family = _family(folder)
    try:
        made = bare_loading.load(folder, family, device, getattr(torch, dtype), weights)
    except torch.OutOfMemoryError as error:
        raise _out_of_memory(folder) from error
    if made is None:
        return None
    model, processor = made
    eights = settings.quantization == "fp8"
    if eights:
        _put_in_eights(folder, family, model)

    def complete() -> Loaded:
        # Weights in 8 bits are no longer those of the files.
        there = None if eights else early.There(model.state_dict())
        return _build(folder, settings, device, dtype, there)

    attention = _candidates(settings.attention, device, dtype)[0]
    return Loaded(model, pad_left(processor), attention, input_device(model), [], complete)


def _build(
    folder: Path,
    settings: LocalSettings,
    device: str,
    dtype: str,
    weights: early.Early | early.There | None,
) -> Loaded:
    import torch
    from transformers import AutoConfig, AutoModelForImageTextToText
    from transformers.utils import logging

    logging.set_verbosity_error()
    if not sys.stderr.isatty():
        logging.disable_progress_bar()
    family = _family(folder)
    family.register()
    try:
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
    except (ValueError, KeyError, OSError) as error:
        raise ModelError(
            f"{folder}: this transformers does not know the architecture {family.model_type!r}, and code "
            f"from repositories is never run: {error}"
        ) from error
    auto: Any = AutoModelForImageTextToText  # whose annotations leave out what else may be returned
    options: dict[str, Any] = {"device_map": settings.device_map or {"": device}}
    if settings.quantization in ("4bit", "8bit"):
        options["quantization_config"] = _quantization(settings.quantization)
    candidates = _candidates(settings.attention, device, dtype)
    own = _class_of(config) if weights is not None else None
    tensors = weights.tensors() if weights is not None and own is not None else None
    source: Any = auto if tensors is None else own
    for attention in candidates:
        try:
            model, info = source.from_pretrained(
                folder if tensors is None else None,
                state_dict=tensors,
                generation_config=None if tensors is None else _generation(folder),
                config=config,
                dtype=getattr(torch, dtype),
                attn_implementation=attention,
                trust_remote_code=False,
                use_safetensors=True,
                local_files_only=True,
                output_loading_info=True,
                ignore_mismatched_sizes=True,  # told below, with names
                **options,
            )
            break
        except torch.OutOfMemoryError as error:
            raise _out_of_memory(folder) from error
        except (ImportError, ValueError) as error:
            if settings.attention != "auto" or attention == "eager":
                raise ModelError(
                    f"{folder}: cannot be loaded with attention {attention!r}: {error}"
                ) from error
    _complete(folder, info)
    if tensors is not None:
        model.config.name_or_path = model.name_or_path = str(folder)
        tensors = None
        if torch.cuda.is_initialized():
            torch.cuda.empty_cache()  # what transformers reserves for weights that were there already
    model.eval()
    if settings.quantization == "fp8":
        _put_in_eights(folder, family, model)
    used = getattr(model.config, "_attn_implementation", None) or attention
    return Loaded(
        model,
        _processor(folder, family),
        str(used),
        input_device(model),
        sorted(info["unexpected_keys"]),
    )


def _family(folder: Path) -> Family:
    return families.of(
        str(json.loads((folder / "config.json").read_text(encoding="utf-8")).get("model_type"))
    )


def _out_of_memory(folder: Path) -> ModelError:
    return ModelError(f"{folder}: out of memory while loading: set 'quantization', a 'device_map' or 'dtype'")


def _class_of(config: Any) -> Any:
    """Return the class that transformers makes of a configuration; None if that is not all it does."""
    from transformers import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING as KNOWN

    known: Any = KNOWN
    if getattr(type(config), "extra_files", ()) or type(config) not in known:
        return None
    found = known[type(config)]
    if isinstance(found, tuple | list):
        return None
    text = config.sub_configs.get("text_config")
    return None if text is not None and found.config_class == text else found


def _generation(folder: Path) -> Any:
    """Return how a checkpoint generates, where a file says so; else the configuration says it."""
    from transformers import GenerationConfig

    try:
        return GenerationConfig.from_pretrained(folder, local_files_only=True)
    except OSError:
        return None


def _put_in_eights(folder: Path, family: Family, model: Any) -> None:
    """Put the large matrices of a model into 8 bits.

    Raises:
        ModelError: If the bench has no loops of its own for the family.
    """
    import torch

    from kurabe.models.runtime import fp8

    roots = family.matrices(model)
    if not roots:
        raise ModelError(
            f"{folder}: quantization = 'fp8' is for phi3_v and mllama, this is {family.model_type}: set "
            "'4bit' or '8bit'"
        )
    fp8.put_in(roots)
    if torch.cuda.is_initialized():
        torch.cuda.empty_cache()  # the weights in 16 bit


def _candidates(asked: str, device: str, dtype: str) -> list[str]:
    """Return the attention implementations to try, best first."""
    from transformers.utils.import_utils import is_flash_attn_2_available, is_flash_attn_4_available

    there = {
        "flash_attention_2": is_flash_attn_2_available,
        "flash_attention_4": is_flash_attn_4_available,
    }
    fits = device == "cuda" and dtype != "float32"
    if asked == "auto":
        return [name for name in _ATTENTIONS if name not in there or (fits and there[name]())]
    if asked not in _ATTENTIONS:
        raise ModelError(f"no attention is called {asked!r}: choose auto, {', '.join(_ATTENTIONS)}")
    if asked in there and not fits:
        raise ModelError(
            f"{asked} needs a CUDA device and bfloat16 or float16 weights: set attention = 'auto'"
        )
    if asked in there and not there[asked]():
        package = "flash-attn" if asked == "flash_attention_2" else "flash-attn-4"
        raise ModelError(f"{asked} is not installed: 'uv pip install {package}', or attention = 'auto'")
    return [asked]


def _quantization(bits: str) -> Any:
    from importlib.util import find_spec

    if find_spec("bitsandbytes") is None:
        raise ModelError(
            f"quantization = '{bits}' needs bitsandbytes: install the extra kurabe[quantization]"
        )
    import torch
    from transformers import BitsAndBytesConfig

    if bits == "8bit":
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16
    )


def _complete(folder: Path, info: dict[str, Any]) -> None:
    """Refuse a model of which some weights would stay random."""
    wrong = [*sorted(info["missing_keys"]), *(str(key) for key in sorted(info["mismatched_keys"]))]
    if wrong:
        shown = ", ".join(wrong[:5]) + (f" and {len(wrong) - 5} more" if len(wrong) > 5 else "")
        raise ModelError(
            f"{folder}: {len(wrong)} tensors are missing or have another shape than the configuration says: "
            f"{shown}. The checkpoint is incomplete or belongs to another architecture"
        )


def _processor(folder: Path, family: Family) -> Any:
    processor = family.processor(folder)
    if getattr(processor, "tokenizer", None) is None:
        raise ModelError(f"{folder}: the processor has no tokenizer, so the model takes no text")
    return pad_left(processor)

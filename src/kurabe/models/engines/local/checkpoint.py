"""A checkpoint in memory: the model and its processor, shared by all entries that build on it."""

import inspect
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from kurabe.common.errors import ModelError
from kurabe.models import families
from kurabe.models import weights as files
from kurabe.models.config import LocalSettings
from kurabe.models.device import cuda_capability, cuda_devices, gib
from kurabe.models.engines.local import early
from kurabe.models.families import Family
from kurabe.models.host_memory import keep_freed
from kurabe.models.protocol import Needs

if TYPE_CHECKING:
    import torch

_DTYPE_BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}
_ATTENTIONS = ("flash_attention_2", "flash_attention_4", "sdpa", "eager")
_WORKING = 1.25
"""Activations, keys and values on top of the weights; a guess that keeps the registry from overfilling."""


@dataclass(slots=True)
class Loaded:
    """What a loaded checkpoint consists of.

    Attributes:
        model: An image-text-to-text model of transformers, in evaluation mode.
        processor: Its processor; the tokenizer pads on the left.
        attention: The implementation really used.
        device: Where the inputs go.
        unexpected: Names of tensors in the files that the architecture does not have.
    """

    model: Any
    processor: Any
    attention: str
    device: "torch.device"
    unexpected: list[str]

    @property
    def family(self) -> Family:
        """What is special about the model's family."""
        return families.of_model(self.model)


class Base:
    """A checkpoint that is loaded at most once."""

    def __init__(self, settings: LocalSettings, root: Path) -> None:
        assert settings.checkpoint is not None
        self.settings = settings
        self._root = root
        self._checkpoint = settings.checkpoint
        self._weights: files.Weights | None = None
        self._reading = Lock()
        self._read = False
        self.loaded: Loaded | None = None

    @property
    def weights(self) -> files.Weights:
        """Where the checkpoint's files are."""
        if self._weights is None:
            self._weights = files.locate(self._checkpoint, self.settings.revision, self._root)
        return self._weights

    @property
    def device(self) -> str:
        """``cuda`` or ``cpu``, as the settings and this machine have it."""
        if self.settings.device != "auto":
            return self.settings.device
        return "cuda" if cuda_devices() else "cpu"

    def problem(self) -> str:
        """Say why this checkpoint cannot run here; "" if it can."""
        return self._device_problem() or self.weights.problem

    @property
    def fetchable(self) -> bool:
        """True if a download of the weights is all that is missing."""
        return self.weights.fetchable and not self._device_problem()

    def _device_problem(self) -> str:
        if self.settings.quantization == "fp8" and (problem := lacks_eights(self.device)):
            return problem
        if self.device != "cuda":
            return ""
        cards = cuda_devices()
        if not cards:
            return "needs a CUDA device, and none is here"
        need = self.needs().memory
        have = sum(cards) if self.settings.device_map else cards[0]
        return f"needs about {gib(need)} on the GPU, which has {gib(have)}" if need > have else ""

    def needs(self) -> Needs:
        """Estimate memory from the files' sizes, the types of weights, and a share for working memory."""
        if self.loaded is not None:
            return Needs(0, self.device)
        if self.settings.memory is not None:
            return Needs(self.settings.memory, self.device)
        folder = self.weights.folder
        if folder is None:
            return Needs(0, self.device)
        size: float = files.tensor_bytes(folder)
        share = {"4bit": 0.3, "8bit": 0.55}.get(self.settings.quantization or "")
        if share is not None:
            size *= share * 2 / self._stored_bytes(folder)
        else:
            size *= _DTYPE_BYTES[self.dtype(folder)] / self._stored_bytes(folder)
        return Needs(int(size * _WORKING), self.device)

    def dtype(self, folder: Path) -> str:
        """Return the type that the weights get: the checkpoint's own on a GPU, float32 on the CPU."""
        if self.settings.quantization == "fp8":
            return "bfloat16"
        if self.settings.dtype != "auto":
            return self.settings.dtype
        return "float32" if self.device == "cpu" else self._stored_dtype(folder)

    def _stored_dtype(self, folder: Path) -> str:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        text = config.get("text_config") or {}
        stored = next(
            (c[key] for c in (config, text) for key in ("dtype", "torch_dtype") if c.get(key)), "float32"
        )
        return stored if stored in _DTYPE_BYTES else "float32"

    def _stored_bytes(self, folder: Path) -> int:
        return _DTYPE_BYTES[self._stored_dtype(folder)]

    def load(self) -> Loaded:
        """Bring model and processor into memory, fetching hub repositories if need be.

        Raises:
            ModelError: If files are missing or incomplete, tensors are missing, the attention or the
                quantization that was asked for is not there, or memory runs out.
        """
        if self.loaded is not None:
            return self.loaded
        if self.fetchable:
            files.fetch(self._checkpoint, self.settings.revision)
            self._weights = None
        if problem := self.problem():
            raise ModelError(f"{self._checkpoint}: {problem}")
        assert self.weights.folder is not None
        self.loaded = _load(self.weights.folder, self.settings, self.device, self.dtype(self.weights.folder))
        return self.loaded

    def read_ahead(self) -> None:
        """Read the weights once while another model answers; any thread may ask for it."""
        with self._reading:
            if not self._read and self.loaded is None and self.weights.folder is not None:
                files.read_ahead(self.weights.folder)
            self._read = True

    def unload(self) -> None:
        """Let go of the model; its memory is free once nobody else holds it."""
        self.loaded = None
        self._read = False


def lacks_eights(device: str) -> str:
    """Say why ``quantization = "fp8"`` cannot be had on ``cpu`` or ``cuda``; "" if it can."""
    if device == "cuda" and cuda_capability() >= (8, 9):
        return ""
    return (
        "quantization = 'fp8' needs a CUDA GPU of compute capability 8.9 or newer (Ada, Hopper, Blackwell): "
        "leave it out, or set '4bit' or '8bit'"
    )


def _load(folder: Path, settings: LocalSettings, device: str, dtype: str) -> Loaded:
    if device == "cpu":
        keep_freed()
    # Where the weights go is known before transformers is there: to one device, as they are.
    plain = settings.quantization in (None, "fp8") and settings.device_map is None
    weights = early.begin(folder, device) if plain else None
    try:
        return _build(folder, settings, device, dtype, weights)
    finally:
        if weights is not None:
            weights.stop()


def _build(
    folder: Path, settings: LocalSettings, device: str, dtype: str, weights: early.Early | None
) -> Loaded:
    import torch
    from transformers import AutoConfig, AutoModelForImageTextToText
    from transformers.utils import logging

    logging.set_verbosity_error()
    if not sys.stderr.isatty():
        logging.disable_progress_bar()
    model_type = str(json.loads((folder / "config.json").read_text(encoding="utf-8")).get("model_type"))
    family = families.of(model_type)
    family.register()
    try:
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
    except (ValueError, KeyError, OSError) as error:
        raise ModelError(
            f"{folder}: this transformers does not know the architecture {model_type!r}, and code from "
            f"repositories is never run: {error}"
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
                **options,
            )
            break
        except torch.OutOfMemoryError as error:
            raise ModelError(
                f"{folder}: out of memory while loading: set 'quantization', a 'device_map' or 'dtype'"
            ) from error
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
        _input_device(model),
        sorted(info["unexpected_keys"]),
    )


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


def correct(model_type: str) -> None:
    """Prepare transformers for a family that it lacks or computes wrongly; before a checkpoint is opened."""
    families.of(model_type).register()


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


def pad_left(processor: Any) -> Any:
    """Let a processor pad batches on the left, where new tokens do not follow padding."""
    tokenizer = processor.tokenizer
    tokenizer.padding_side = "left"
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return processor


def _input_device(model: Any) -> "torch.device":
    device: torch.device = model.get_input_embeddings().weight.device
    return device


def accepts(function: Any, name: str) -> bool:
    """Say whether a function takes a keyword."""
    return name in inspect.signature(function).parameters

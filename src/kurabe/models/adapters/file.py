"""What an adapter's folder holds: read without a model and without torch."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kurabe.common.errors import ModelError
from kurabe.models import families
from kurabe.models.weights import unread_weights

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"

PREFIX = "base_model.model."
# Some tools leave PEFT's name of the adapter in the tensor's name: ``lora_A.default.weight``.
_LORA = re.compile(
    r"(?P<module>.+)\.(?P<part>lora_[AB]|lora_embedding_[AB]|lora_magnitude_vector)"
    r"(?:\.(?!weight$|bias$)[^.]+)?(?:\.(?P<leaf>weight|bias))?"
)
# Initialisations that change the base's weights: such an adapter fits its own base only.
_CHANGES_BASE = ("pissa", "olora", "corda", "loftq", "lora_ga")
_UNSUPPORTED = {
    "layer_replication": "repeats layers of its base",
    "target_parameters": "targets parameters instead of modules",
    "trainable_token_indices": "trains single tokens' embeddings",
    "alora_invocation_tokens": "is switched on by tokens of the prompt",
}
MERGE = "Merge it into its base (PEFT's merge_and_unload, then save_pretrained) and name that as checkpoint."


class Tensor(NamedTuple):
    """One tensor of an adapter file: ``module`` and ``part`` say what it belongs to, ``part`` "" no LoRA."""

    key: str
    module: str
    part: str
    leaf: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AdapterFile:
    """What an adapter's folder holds, as far as it can be known without a model.

    Attributes:
        folder: Where it is.
        kind: ``LoRA``, ``rsLoRA``, ``DoRA`` or ``rsLoRA + DoRA``.
        rank: Rank, where no pattern says otherwise.
        alpha: Numerator of the scaling, where no pattern says otherwise.
        base: The checkpoint that it was trained on, as its configuration names it.
        sha256: Hash over configuration and weights.
        tensors: All tensors of the file.
    """

    folder: Path
    kind: str
    rank: int
    alpha: float
    base: str | None
    sha256: str
    tensors: tuple[Tensor, ...]
    config: dict[str, Any] = field(repr=False)

    @property
    def modules(self) -> tuple[str, ...]:
        """Saved names of the modules that have LoRA weights."""
        return tuple(dict.fromkeys(tensor.module for tensor in self.tensors if tensor.part))

    @property
    def family(self) -> str | None:
        """The ``model_type`` of its base, where names or configuration tell; imports the known families."""
        trained = str((self.config.get("auto_mapping") or {}).get("base_model_class", ""))
        modules = [tensor.module for tensor in self.tensors]
        return next((name for name in families.KNOWN if families.of(name).trained(trained, modules)), None)


def inspect_adapter(folder: Path) -> AdapterFile:
    """Read an adapter's configuration and the header of its weights; neither torch nor a model is needed.

    Raises:
        ModelError: If there is no adapter, it is incomplete, pickled or of a kind that cannot be attached.
    """
    config = _read_config(folder)
    if beside := unread_weights(path.name for path in folder.iterdir() if path.is_file()):
        raise ModelError(f"{folder}: {beside}")
    tensors = _read_header(folder)
    if not any(tensor.part for tensor in tensors):
        raise ModelError(f"{folder / WEIGHTS}: holds no LoRA weights; save the adapter anew with PEFT.")
    digest = hashlib.sha256((folder / CONFIG).read_bytes())
    with (folder / WEIGHTS).open("rb") as weights:
        digest.update(hashlib.file_digest(weights, "sha256").digest())
    kinds = [name for name, key in (("rsLoRA", "use_rslora"), ("DoRA", "use_dora")) if config.get(key)]
    return AdapterFile(
        folder=folder,
        kind=" + ".join(kinds) or "LoRA",
        rank=int(config.get("r", 8)),
        alpha=float(config.get("lora_alpha", 8)),
        base=config.get("base_model_name_or_path") or None,
        sha256=digest.hexdigest(),
        tensors=tensors,
        config=config,
    )


class _Config(BaseModel):
    """The keys that we read, with the types that PEFT gives them; PEFT itself checks none."""

    model_config = ConfigDict(strict=True, extra="allow")

    peft_type: str
    r: int = Field(8, ge=1)
    lora_alpha: float = Field(8, gt=0, allow_inf_nan=False)
    lora_dropout: float = 0.0
    use_rslora: bool = False
    use_dora: bool = False
    bias: str = "none"
    base_model_name_or_path: str | None = None
    auto_mapping: dict[str, Any] | None = None
    target_modules: str | list[str] | None = None
    exclude_modules: str | list[str] | None = None
    modules_to_save: list[str] | None = None
    layers_to_transform: int | list[int] | None = None
    layers_pattern: str | list[str] | None = None
    rank_pattern: dict[str, int] | None = None
    alpha_pattern: dict[str, float] | None = None


def _read_config(folder: Path) -> dict[str, Any]:
    path = folder / CONFIG
    if not path.is_file():
        full = (
            " It holds a whole model: name it as 'checkpoint'." if (folder / "config.json").is_file() else ""
        )
        raise ModelError(f"{folder}: no LoRA adapter, {CONFIG} is missing.{full}")
    try:
        config = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path}: cannot be read: {error}. Copy the adapter again.") from error
    if not isinstance(config, dict):
        raise ModelError(f"{path}: holds no mapping of settings. Copy the adapter again.")
    kind = str(config.get("peft_type"))
    if kind.upper() != "LORA":
        raise ModelError(f"{path}: peft_type is {kind}; only LORA can be attached. {MERGE}")
    try:
        _Config.model_validate(config)
    except ValidationError as error:
        raise ModelError("\n".join(_wrong_types(path, error))) from error
    reasons = [reason for key, reason in _UNSUPPORTED.items() if config.get(key)]
    if config.get("bias", "none") != "none":
        reasons.append("changes its base's biases")
    if str(config.get("init_lora_weights")).lower().startswith(_CHANGES_BASE):
        reasons.append(f"was started by {config['init_lora_weights']}, which changes its base's weights")
    if reasons:
        raise ModelError(f"{path}: the adapter {' and '.join(reasons)}; it cannot share a base. {MERGE}")
    return {**config, "peft_type": "LORA"}


def _wrong_types(path: Path, error: ValidationError) -> Iterator[str]:
    seen = set()
    for finding in error.errors(include_url=False):
        key = str(finding["loc"][0])
        if key not in seen:  # of a union each member has its say
            seen.add(key)
            message = finding["msg"][0].lower() + finding["msg"][1:]
            yield f"{path}: {key}: {message}, not {json.dumps(finding['input'])}. Save the adapter anew."


def _read_header(folder: Path) -> tuple[Tensor, ...]:
    from safetensors import SafetensorError, safe_open

    path = folder / WEIGHTS
    if not path.is_file():
        if (folder / "adapter_model.bin").is_file():
            raise ModelError(
                f"{folder / 'adapter_model.bin'}: pickled weights can run code and are not read. Load the "
                "adapter where you trust it and save it again with PEFT's save_pretrained."
            )
        raise ModelError(f"{path}: is missing. Download or copy the whole adapter.")
    try:
        with safe_open(path, framework="np") as file:
            shapes = {key: tuple(file.get_slice(key).get_shape()) for key in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{path}: cannot be read: {error}. Download or copy it again.") from error
    return tuple(_parse(key, shape) for key, shape in shapes.items())


def _parse(key: str, shape: tuple[int, ...]) -> Tensor:
    name = key.removeprefix(PREFIX)
    if match := _LORA.fullmatch(name):
        return Tensor(key, match["module"], match["part"], match["leaf"] or "", shape)
    module, _, leaf = name.rpartition(".")
    return Tensor(key, module.removesuffix(".base_layer"), "", leaf, shape)

"""Which tensor of an adapter goes to which module of a model, decided before the model is touched."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kurabe.common.errors import ModelError
from kurabe.models.adapters.file import CONFIG, MERGE, WEIGHTS, AdapterFile, Tensor

if TYPE_CHECKING:
    from peft import LoraConfig

_NAMED = 6


@dataclass(frozen=True, slots=True)
class Plan:
    """Which tensors go where: ``paths`` maps saved module names to the base's."""

    config: "LoraConfig"
    tensors: tuple[Tensor, ...]
    paths: dict[str, str]
    owners: dict[str, str]
    warnings: tuple[str, ...]

    def target(self, tensor: Tensor, adapter: str) -> str:
        """Return the parameter, named from the base model down, that a tensor goes to."""
        path = self.paths[tensor.module]
        if tensor.part:
            # DoRA's vector was a plain parameter once; it still is in the files.
            leaf = "weight" if tensor.part == "lora_magnitude_vector" else tensor.leaf
            return ".".join(filter(None, (path, tensor.part, adapter, leaf)))
        owner = self.owners[tensor.module]
        inside = path.removeprefix(owner).lstrip(".")
        return ".".join(filter(None, (owner, "modules_to_save", adapter, inside, tensor.leaf)))


def make_plan(file: AdapterFile, base: Any, saved: dict[str, Any]) -> Plan:
    """Find every tensor's place before anything is changed."""
    config, newer = _settings(file)
    paths = _paths(file, base)
    missing = [module for module, path in paths.items() if path is None]
    if missing:
        raise ModelError(no_place(file, base, missing, len(paths), "modules"))
    found = {module: path for module, path in paths.items() if path is not None}
    _check_shapes(file, base, found)
    absent = _check_complete(file, base, found, config)
    tensors, owners = _whole_modules(file, base, saved, found, config.modules_to_save or [])
    _aim(config, file, found, set(owners.values()), base)
    warnings = []
    if newer:
        warnings.append(f"its configuration has settings of a newer PEFT, all off: {', '.join(newer)}")
    identity = str(getattr(base.config, "_name_or_path", "") or "")
    if file.base and Path(file.base).name.casefold() != Path(identity).name.casefold():
        warnings.append(
            f"the adapter was trained on {file.base}; it is put on {identity or 'a model without name'}"
        )
    if absent:
        warnings.append(f"its configuration also names modules that its file leaves alone: {_some(absent)}")
    return Plan(config, tensors, found, owners, tuple(warnings))


def _settings(file: AdapterFile) -> tuple["LoraConfig", list[str]]:
    """Return PEFT's settings, and the keys that the installed PEFT does not know and that are off.

    Raises:
        ModelError: If such a key is on: nobody here knows what it would do to the answers.
    """
    from peft import LoraConfig
    from peft import __version__ as installed

    known = {each.name for each in fields(LoraConfig)}
    newer = sorted(file.config.keys() - known)
    if on := [key for key in newer if file.config[key] not in (None, False, "", [], {})]:
        raise ModelError(
            f"{file.folder / CONFIG}: {', '.join(on)} may change what the adapter computes, and PEFT "
            f"{installed} does not know it (saved with PEFT {file.config.get('peft_version') or '?'}). "
            f"Upgrade peft. {MERGE}"
        )
    # Patterns may be null, as some tools write them.
    given = {key: value for key, value in file.config.items() if key in known}
    given |= {key: given.get(key) or {} for key in ("rank_pattern", "alpha_pattern")}
    try:
        return LoraConfig(**given), newer
    except (TypeError, ValueError) as error:
        raise ModelError(f"{file.folder / CONFIG}: PEFT cannot read it: {error}") from error


def _paths(file: AdapterFile, base: Any) -> dict[str, str | None]:
    """Map saved module names to the model's, renamed as transformers renames the base's own weights."""
    from transformers.conversion_mapping import get_model_conversion_mapping
    from transformers.core_model_loading import WeightRenaming, rename_source_key

    present = {path for path, _ in base.named_modules(remove_duplicate=False)}
    renamings = [rule for rule in get_model_conversion_mapping(base) if isinstance(rule, WeightRenaming)]
    paths: dict[str, str | None] = {}
    for module in dict.fromkeys(tensor.module for tensor in file.tensors):
        renamed = rename_source_key(f"{module}.weight", renamings, [])[0].removesuffix(".weight")
        paths[module] = next((path for path in (module, renamed) if path in present), None)
    return paths


def _check_shapes(file: AdapterFile, base: Any, paths: dict[str, str]) -> None:
    """Compare what each LoRA tensor was made for with the module that it would go to."""
    wrong = []
    for tensor in file.tensors:
        if not tensor.part or len(tensor.shape) < 2:
            continue
        layer = _plain(base.get_submodule(paths[tensor.module]))
        axis, which, end = (1, 0, "inputs") if tensor.part.endswith("_A") else (0, 1, "outputs")
        size = _sizes(layer)[which]
        if size is None:
            wrong.append(f"{tensor.module} (a {type(layer).__name__}, which takes no LoRA weights)")
        elif tensor.shape[axis] != size:
            wrong.append(f"{tensor.module} ({tensor.shape[axis]} {end}, the model has {size})")
    if wrong:
        raise ModelError(
            f"{file.folder}: the adapter is for {_origin(file)} and does not fit {_identity(base)}: "
            f"{_some(wrong)}. Put it on the base that it was trained on."
        )


def _sizes(layer: Any) -> tuple[int | None, int | None]:
    for taken, given in (
        ("in_features", "out_features"),
        ("num_embeddings", "embedding_dim"),
        ("in_channels", "out_channels"),
    ):
        # A module that only wraps a layer may have one of the two: Qwen2-VL's patch embedding has.
        if hasattr(layer, taken) and hasattr(layer, given):
            return int(getattr(layer, taken)), int(getattr(layer, given))
    return None, None


def _plain(layer: Any) -> Any:
    """Look under what PEFT has put around a module."""
    while inner := getattr(layer, "base_layer", None) or getattr(layer, "original_module", None):
        layer = inner
    return layer


def _check_complete(file: AdapterFile, base: Any, paths: dict[str, str], config: Any) -> list[str]:
    """Refuse a file that lacks tensors which it must have held.

    Returns:
        Kinds of modules that the configuration names and the file leaves out altogether, as an adapter
        does that was trained on the language model alone.
    """
    from peft.tuners.tuners_utils import check_target_module_exists

    parts: dict[str, set[str]] = {}
    for tensor in file.tensors:
        parts.setdefault(tensor.module, set()).add(tensor.part)
    dora = {"lora_magnitude_vector"} if config.use_dora else set()
    wanted = ({"lora_A", "lora_B"} | dora, {"lora_embedding_A", "lora_embedding_B"} | dora)
    halves = [module for module in file.modules if not any(whole <= parts[module] for whole in wanted)]
    held = {paths[module] for module in file.modules}
    held_kinds = {_kind(path) for path in held}
    lost, absent = [], set()
    old_name = _old_names(paths)
    for path, layer in base.named_modules():
        if path in held or _sizes(_plain(layer))[0] is None or _PEFT_INSIDE.search(path):
            continue
        saved_name = old_name(path)
        # Without names (None, "all-linear") there is nothing to hold the file against.
        if not config.target_modules or config.target_modules == "all-linear":
            continue
        if any(check_target_module_exists(config, key) for key in {path, saved_name}):
            lost.append(saved_name) if _kind(path) in held_kinds else absent.add(_kind(path))
    if halves or lost:
        raise ModelError(
            f"{file.folder / WEIGHTS}: the adapter is incomplete, it lacks weights of "
            f"{len(halves) + len(lost)} modules: {_some(halves + lost)}. Copy it again, or save it anew."
        )
    return sorted(absent)


_PEFT_INSIDE = re.compile(r"\.(base_layer|lora_\w+|modules_to_save|original_module)(\.|$)")


def _kind(path: str) -> str:
    """Write a module's path without layer numbers: modules of equal kind differ in depth only."""
    return re.sub(r"\.\d+(?=\.)", ".*", path)


def _old_names(paths: dict[str, str]) -> Callable[[str], str]:
    """Return what translates a path of the model back to the names of the adapter's file."""
    prefixes: dict[str, str] = {}
    for saved, path in paths.items():
        old, new = saved.split("."), path.split(".")
        while old and new and old[-1] == new[-1]:
            old.pop()
            new.pop()
        prefixes["".join(f"{part}." for part in new)] = "".join(f"{part}." for part in old)

    def translate(path: str) -> str:
        fitting = max((prefix for prefix in prefixes if path.startswith(prefix)), key=len, default=None)
        return path if fitting is None else prefixes[fitting] + path.removeprefix(fitting)

    return translate


def _whole_modules(
    file: AdapterFile, base: Any, saved: dict[str, Any], paths: dict[str, str], to_save: Sequence[str]
) -> tuple[tuple[Tensor, ...], dict[str, str]]:
    """Sort out tensors that are no LoRA weights: copies of the base's, and modules that replace its own.

    Returns:
        The tensors to load, and for those modules that are saved whole the path of the module to replace.
    """
    import torch

    lora, keep = set(file.modules), [tensor for tensor in file.tensors if tensor.part]
    owners: dict[str, str] = {}
    for tensor in file.tensors:
        if tensor.part:
            continue
        path = paths[tensor.module]
        held = dict(_plain(base.get_submodule(path)).named_parameters(recurse=False))
        mine = held.get(tensor.leaf)
        if mine is None and "weight8" in held:
            raise ModelError(
                f"{file.folder}: the adapter brings {tensor.module}.{tensor.leaf} whole, which the base has "
                "in 8 bits: put it on a base without quantization = 'fp8'"
            )
        if mine is None or tuple(mine.shape) != tensor.shape:
            raise ModelError(
                f"{file.folder}: the adapter brings {tensor.module}.{tensor.leaf} as {tensor.shape}, "
                f"{_identity(base)} has {None if mine is None else tuple(mine.shape)}; was its vocabulary "
                f"extended? {MERGE}"
            )
        owner = next((whole for ending in to_save if (whole := _up_to(path, ending))), None)
        brought, own = saved[tensor.key], mine.detach().cpu()
        same = torch.equal(brought.to(own.dtype), own) or torch.equal(brought, own.to(brought.dtype))
        if owner is None and same:
            continue
        if tensor.module in lora:
            raise ModelError(
                f"{file.folder}: the adapter brings its own {tensor.module}.{tensor.leaf}, unlike that of "
                f"{_identity(base)}, under LoRA weights; it was trained on another base. {MERGE}"
            )
        owners[tensor.module] = owner or path
        keep.append(tensor)
    _check_whole(file, base, to_save, {f"{paths[t.module]}.{t.leaf}" for t in keep if not t.part}, owners)
    return tuple(keep), owners


def _check_whole(
    file: AdapterFile, base: Any, to_save: Sequence[str], brought: set[str], owners: dict[str, str]
) -> None:
    """Refuse a file that lacks parameters of a module which it should bring whole."""
    named = {_up_to(path, ending) for path, _ in base.named_modules() for ending in to_save}
    wanted = {path for path in named if path and not _PEFT_INSIDE.search(path)} | set(owners.values())
    lost = [
        f"{path}.{name}"
        for path in sorted(wanted)
        for name, _ in _plain(base.get_submodule(path)).named_parameters()
        if f"{path}.{name}" not in brought
    ]
    if lost:
        raise ModelError(
            f"{file.folder / WEIGHTS}: the adapter is incomplete, it lacks {len(lost)} parameters of modules "
            f"that it should bring whole: {_some(lost)}. Copy it again, or save it anew."
        )


def _up_to(path: str, ending: str) -> str | None:
    """Return the beginning of a path that ends in a whole module's name, as PEFT matches it.

    PEFT compares ends of texts: ``embed_tokens`` is also ``vision_embed_tokens``. What stands before a dot
    may be named otherwise here, so only the last name is compared.
    """
    parts = path.split(".")
    starts = (".".join(parts[:length]) for length in range(1, len(parts) + 1))
    above, _, last = ending.rpartition(".")
    for start in starts:
        name = start.rpartition(".")[2]
        if name == last or (not above and name.endswith(last)):
            return start
    return None


def _aim(config: Any, file: AdapterFile, paths: dict[str, str], owners: set[str], base: Any) -> None:
    """Point PEFT's configuration at exactly the modules that the file holds, with their rank and alpha."""
    from peft.utils.other import get_pattern_key

    ranks = {t.module: t.shape[0] for t in file.tensors if t.part in ("lora_A", "lora_embedding_A")}
    patterns = dict(config.alpha_pattern)
    alphas = {m: patterns.get(get_pattern_key(list(patterns), m), config.lora_alpha) for m in file.modules}
    config.r = Counter(ranks.values()).most_common(1)[0][0]
    config.rank_pattern = {_exactly(paths[m]): rank for m, rank in ranks.items() if rank != config.r}
    config.alpha_pattern = {_exactly(paths[m]): a for m, a in alphas.items() if a != config.lora_alpha}
    config.target_modules = "|".join(re.escape(paths[module]) for module in file.modules)
    config.modules_to_save = sorted(owners) or None
    config.exclude_modules = config.layers_to_transform = config.layers_pattern = config.task_type = None
    config.init_lora_weights, config.lora_dropout, config.inference_mode = True, 0.0, True
    config.base_model_name_or_path = base.__dict__.get("name_or_path")


def _exactly(path: str) -> str:
    # PEFT lets a pattern match the end of a path.
    return "^" + re.escape(path)


def no_place(file: AdapterFile, base: Any, missing: Sequence[str], total: int, what: str) -> str:
    """Say which of an adapter's modules or tensors (``what``) a model has no place for."""
    return (
        f"{file.folder}: the adapter is for {_origin(file)} and does not fit {_identity(base)}: "
        f"{len(missing)} of its {total} {what} have no place there: {_some(missing)}. "
        "Put it on the base that it was trained on."
    )


def _origin(file: AdapterFile) -> str:
    return f"{file.base or 'an unnamed base'}{f' ({file.family})' if file.family else ''}"


def _identity(base: Any) -> str:
    name = getattr(base.config, "_name_or_path", "") or type(base).__name__
    return f"{name} ({base.config.model_type})"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more

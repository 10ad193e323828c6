"""Adapters that cannot be read, do not fit or would change their base are refused, with the reason."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kurabe.common.errors import ModelError
from kurabe.models import adapters
from tests.models.adapters.made import DATA, MLLAMA_ADAPTERS, PHI_ADAPTERS, Edit, llama, phi


def test_inspection_tells_what_a_folder_holds_without_torch() -> None:
    file = adapters.inspect_adapter(llama("list"))

    assert (file.kind, file.rank, file.alpha, file.base, file.family) == ("LoRA", 4, 8.0, "tiny", "mllama")
    assert len(file.tensors) == 80
    assert len(file.modules) == 40
    assert {adapters.inspect_adapter(phi(name)).family for name in PHI_ADAPTERS} == {"phi3_v"}
    hashes = {adapters.inspect_adapter(folder).sha256 for folder in map(phi, PHI_ADAPTERS)}
    assert len(hashes) == len(PHI_ADAPTERS)


def test_a_file_that_lost_a_module_is_refused_by_name(
    mllama_base: Any, edited: Callable[[Path, Edit], Path]
) -> None:
    lost = "language_model.model.layers.2.self_attn.k_proj"

    def drop(config: dict[str, Any], tensors: dict[str, Any]) -> None:
        for key in [key for key in tensors if lost in key]:
            del tensors[key]

    for name in MLLAMA_ADAPTERS:
        folder = edited(llama(name), drop)
        with pytest.raises(ModelError, match=lost.replace(".", r"\.")):
            adapters.attach(mllama_base, folder, name)
    assert adapters.attached(mllama_base) == []


def test_a_file_that_lost_half_a_pair_is_refused(phi_base: Any, edited: Callable[[Path, Edit], Path]) -> None:
    def drop(config: dict[str, Any], tensors: dict[str, Any]) -> None:
        del tensors["base_model.model.model.layers.1.mlp.down_proj.lora_B.weight"]

    with pytest.raises(ModelError, match=r"model\.layers\.1\.mlp\.down_proj"):
        adapters.attach(phi_base, edited(phi("lm_only"), drop), "broken")


def test_weights_that_are_no_numbers_are_refused(phi_base: Any, edited: Callable[[Path, Edit], Path]) -> None:
    def spoil(config: dict[str, Any], tensors: dict[str, Any]) -> None:
        tensors["base_model.model.model.layers.1.mlp.down_proj.lora_B.weight"][0, 0] = float("nan")

    with pytest.raises(ModelError, match=r"1 tensors hold NaN"):
        adapters.attach(phi_base, edited(phi("lm_only"), spoil), "broken")


def test_modules_without_a_place_are_named(phi_base: Any, edited: Callable[[Path, Edit], Path]) -> None:
    def rename(config: dict[str, Any], tensors: dict[str, Any]) -> None:
        for key in [key for key in tensors if "layers.1.self_attn.qkv_proj" in key]:
            tensors[key.replace("layers.1", "layers.7")] = tensors.pop(key)

    with pytest.raises(ModelError, match=r"1 of its 8 modules .*model\.layers\.7\.self_attn\.qkv_proj"):
        adapters.attach(phi_base, edited(phi("lm_only"), rename), "deeper")


def test_an_adapter_of_another_family_says_which_base_it_wants(phi_base: Any, mllama_base: Any) -> None:
    with pytest.raises(ModelError, match=r"for tiny \(mllama\) and does not fit .*\(phi3_v\)"):
        adapters.attach(phi_base, llama("text_full"), "llama")
    with pytest.raises(ModelError, match=r"for tiny_hub_style \(phi3_v\) and does not fit .*\(mllama\)"):
        adapters.attach(mllama_base, phi("lm_only"), "phi")


def test_an_adapter_of_another_size_names_the_sizes(mllama_base: Any) -> None:
    from transformers import MllamaConfig, MllamaForConditionalGeneration

    config: Any = MllamaConfig.from_pretrained(DATA / "mllama" / "tiny")
    config.text_config.intermediate_size = 128
    larger = MllamaForConditionalGeneration(config)

    with pytest.raises(ModelError, match=r"down_proj \(96 inputs, the model has 128\)"):
        adapters.attach(larger, llama("text_full"), "small")


def test_a_base_of_another_name_is_a_warning(mllama_base: Any, edited: Callable[[Path, Edit], Path]) -> None:
    def rename(config: dict[str, Any], tensors: dict[str, Any]) -> None:
        config["base_model_name_or_path"] = "somebody/another-base"

    report = adapters.attach(mllama_base, edited(llama("list"), rename), "list")

    assert "somebody/another-base" in report.warnings[0]


def test_folders_that_are_no_adapter_are_refused(
    tmp_path: Path, edited: Callable[[Path, Edit], Path]
) -> None:
    with pytest.raises(ModelError, match="is missing"):
        adapters.inspect_adapter(tmp_path)
    with pytest.raises(ModelError, match="whole model"):
        adapters.inspect_adapter(DATA / "mllama" / "tiny")

    folder = edited(phi("lm_only"), lambda config, tensors: None)
    weights = folder / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ModelError, match="cannot be read"):
        adapters.inspect_adapter(folder)
    weights.rename(folder / "adapter_model.bin")
    with pytest.raises(ModelError, match="pickled"):
        adapters.inspect_adapter(folder)
    (folder / "adapter_model.bin").unlink()
    with pytest.raises(ModelError, match="is missing"):
        adapters.inspect_adapter(folder)
    (folder / "adapter_config.json").write_text("{")
    with pytest.raises(ModelError, match="cannot be read"):
        adapters.inspect_adapter(folder)


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ({"peft_type": "IA3"}, "IA3"),
        ({"bias": "lora_only"}, "biases"),
        ({"init_lora_weights": "pissa_niter_16"}, "pissa_niter_16"),
        ({"layer_replication": [[0, 2], [1, 2]]}, "repeats layers"),
    ],
)
def test_adapters_that_would_change_their_base_are_refused(
    setting: dict[str, Any], reason: str, edited: Callable[[Path, Edit], Path]
) -> None:
    folder = edited(phi("lm_only"), lambda config, tensors: config.update(setting))

    with pytest.raises(ModelError, match=reason):
        adapters.inspect_adapter(folder)


def test_a_base_layer_unlike_the_bases_is_refused(
    phi_base: Any, edited: Callable[[Path, Edit], Path]
) -> None:
    def other_head(config: dict[str, Any], tensors: dict[str, Any]) -> None:
        tensors["base_model.model.lm_head.base_layer.weight"] += 1

    with pytest.raises(ModelError, match=r"its own lm_head\.weight"):
        adapters.attach(phi_base, edited(phi("cookbook_like"), other_head), "other")


def test_an_extended_vocabulary_is_refused(mllama_base: Any, edited: Callable[[Path, Edit], Path]) -> None:
    import torch

    def longer(config: dict[str, Any], tensors: dict[str, Any]) -> None:
        tensors["base_model.model.language_model.lm_head.weight"] = torch.zeros(310, 64)

    with pytest.raises(ModelError, match=r"\(310, 64\).*\(300, 64\)"):
        adapters.attach(mllama_base, edited(llama("list"), longer), "longer")


@pytest.mark.parametrize(
    "name", ["non_lora_state_dict.bin", "non_lora_trainables.bin", "mm_projector.bin", "new.safetensors"]
)
def test_trained_weights_beside_an_adapter_are_refused(
    name: str, edited: Callable[[Path, Edit], Path]
) -> None:
    folder = edited(phi("lm_only"), lambda config, tensors: None)
    (folder / name).write_bytes(b"weights")
    with pytest.raises(
        ModelError, match=rf"{name} beside the adapter holds weights that are not\s+loaded.*Merge"
    ):
        adapters.inspect_adapter(folder)


def test_what_training_leaves_beside_an_adapter_is_passed_over(edited: Callable[[Path, Edit], Path]) -> None:
    folder = edited(phi("lm_only"), lambda config, tensors: None)
    for name in ("optimizer.pt", "scheduler.pt", "rng_state.pth", "rng_state_0.pth", "training_args.bin"):
        (folder / name).write_bytes(b"x")
    (folder / "adapter_model.bin").write_bytes(b"the same, pickled")
    (folder / "tokenizer.model").write_bytes(b"x")
    assert adapters.inspect_adapter(folder).rank


WRONG_TYPES: list[tuple[dict[str, Any], str]] = [
    ({"r": None}, "r: .*not null"),
    ({"r": "16"}, 'r: .*not "16"'),
    ({"r": 0}, "r: .*not 0"),
    ({"r": True}, "r: .*not true"),
    ({"lora_alpha": "8"}, 'lora_alpha: .*not "8"'),
    ({"lora_alpha": None}, "lora_alpha: .*not null"),
    ({"lora_alpha": float("nan")}, "lora_alpha: .*not NaN"),
    ({"use_dora": "no"}, 'use_dora: .*not "no"'),
    ({"target_modules": 3}, "target_modules: .*not 3"),
    ({"modules_to_save": "lm_head"}, 'modules_to_save: .*not "lm_head"'),
    ({"rank_pattern": ["q_proj"]}, "rank_pattern: "),
    ({"alpha_pattern": {"q_proj": "a"}}, 'alpha_pattern: .*not "a"'),
    ({"base_model_name_or_path": 7}, "base_model_name_or_path: .*not 7"),
    ({"auto_mapping": "Phi3V"}, "auto_mapping: "),
    ({"peft_type": None}, "peft_type is None"),
]


@pytest.mark.parametrize(("setting", "message"), WRONG_TYPES)
def test_settings_of_a_wrong_type_are_errors_with_their_key(
    setting: dict[str, Any], message: str, edited: Callable[[Path, Edit], Path]
) -> None:
    folder = edited(phi("lm_only"), lambda config, tensors: config.update(setting))
    with pytest.raises(ModelError, match=rf"adapter_config\.json: {message}"):
        adapters.inspect_adapter(folder)


@pytest.mark.parametrize("text", ["[]", "3", "null", "[" * 100_000, '"lora"'])
def test_a_configuration_that_is_no_mapping_is_refused(
    text: str, edited: Callable[[Path, Edit], Path]
) -> None:
    folder = edited(phi("lm_only"), lambda config, tensors: None)
    (folder / "adapter_config.json").write_text(text)
    with pytest.raises(ModelError, match=r"adapter_config\.json: (cannot be read|holds no mapping)"):
        adapters.inspect_adapter(folder)


def test_a_configuration_of_another_spelling_is_read(
    phi_base: Any, edited: Callable[[Path, Edit], Path]
) -> None:
    def respelled(config: dict[str, Any], tensors: dict[str, Any]) -> None:
        config |= {"peft_type": "lora", "rank_pattern": None, "alpha_pattern": None}

    folder = edited(phi("lm_only"), respelled)
    path = folder / "adapter_config.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert adapters.attach(phi_base, folder, "mine").loaded


@pytest.mark.parametrize("value", [True, 0.5, {"kind": "sqrt"}, "sqrt", [1]])
def test_a_setting_of_a_newer_peft_that_is_on_is_refused(
    value: object, phi_base: Any, edited: Callable[[Path, Edit], Path]
) -> None:
    def newer(config: dict[str, Any], tensors: dict[str, Any]) -> None:
        config |= {"use_superlora": value, "peft_version": "99.0"}

    with pytest.raises(ModelError, match=r"use_superlora may change.*saved with PEFT 99\.0.*Upgrade peft"):
        adapters.attach(phi_base, edited(phi("lm_only"), newer), "mine")
    assert not hasattr(phi_base, "peft_config")


def test_settings_of_a_newer_peft_that_are_off_are_told(
    phi_base: Any, edited: Callable[[Path, Edit], Path], recwarn: pytest.WarningsRecorder
) -> None:
    def newer(config: dict[str, Any], tensors: dict[str, Any]) -> None:
        config |= {"use_superlora": False, "super_config": None, "super_list": []}

    report = adapters.attach(phi_base, edited(phi("lm_only"), newer), "mine")
    told = "its configuration has settings of a newer PEFT, all off: super_config, super_list, use_superlora"
    assert told in report.warnings
    assert not [each for each in recwarn if "Unexpected keyword" in str(each.message)]


def test_a_misfit_counts_what_it_names(phi_base: Any, edited: Callable[[Path, Edit], Path]) -> None:
    def elsewhere(config: dict[str, Any], tensors: dict[str, Any]) -> None:
        key = next(key for key in tensors if "lora_A" in key)
        tensors[key.replace("layers.0", "layers.9")] = tensors.pop(key)

    with pytest.raises(ModelError) as told:
        adapters.attach(phi_base, edited(phi("lm_only"), elsewhere), "mine")
    missing, total = map(int, re.findall(r"(\d+) of its (\d+) modules", str(told.value))[0])
    assert missing == 1 < total

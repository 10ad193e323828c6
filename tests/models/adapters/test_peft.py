"""What PEFT can be set to gives the logits that it gave in training."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kurabe.common.errors import ModelError
from kurabe.models import adapters
from tests.finetune.made import loaded
from tests.models.adapters.made import DATA, Edit, gap, llama, load, phi, run


def trained(base: Any, folder: Path, inputs: dict[str, Any], **settings: Any) -> Any:
    """Save an adapter with random weights as PEFT does; return the logits that it gave."""
    import torch
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(1)
    model = get_peft_model(base, LoraConfig(r=2, init_lora_weights=False, **settings)).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "modules_to_save" in name or "magnitude" in name:
                parameter.mul_(1 + 0.3 * torch.rand_like(parameter))
    logits = run(model, inputs)
    model.save_pretrained(str(folder))
    return logits


def to_old_names(folder: Path) -> None:
    """Rewrite an mllama adapter to the names that transformers had before 4.52."""
    from safetensors.torch import save_file

    def old(name: str) -> str:
        name = name.replace("model.language_model.", "language_model.model.")
        return name.replace("model.vision_model.", "vision_model.").replace(
            "model.multi_modal", "multi_modal"
        )

    config = json.loads((folder / "adapter_config.json").read_text())
    for key in ("target_modules", "modules_to_save"):
        config[key] = config[key] and [old(name) for name in config[key]]
    for key in ("rank_pattern", "alpha_pattern"):
        config[key] = {old(name): value for name, value in config[key].items()}
    (folder / "adapter_config.json").write_text(json.dumps(config))
    path = folder / "adapter_model.safetensors"
    prefix = "base_model.model."
    tensors = {prefix + old(key.removeprefix(prefix)): value for key, value in load(path).items()}
    save_file(tensors, path)


DOWN = "model.language_model.layers.0.mlp.down_proj"


Q = "model.language_model.layers.2.self_attn.q_proj"


@pytest.mark.parametrize(
    "settings",
    [
        {"target_modules": [DOWN, Q], "alpha_pattern": {Q: 64}, "rank_pattern": {DOWN: 5}},
        {"target_modules": "all-linear", "use_rslora": True, "lora_alpha": 3},
        {"target_modules": [DOWN, "fc1"], "use_dora": True},
        {"target_modules": ["q_proj"], "modules_to_save": ["model.multi_modal_projector", "lm_head"]},
        {"target_modules": ["q_proj"], "layers_to_transform": [0, 2]},
        {"target_modules": ["q_proj", "embed_tokens", "lm_head"]},
    ],
    ids=["patterns", "rslora", "dora", "modules_to_save", "some-layers", "embeddings"],
)
@pytest.mark.parametrize("naming", ["new", "old"])
def test_settings_of_peft_give_the_logits_that_they_gave_in_training(
    settings: dict[str, Any], naming: str, mllama_base: Any, mllama_inputs: dict[str, Any], tmp_path: Path
) -> None:
    import copy

    import torch

    expected = trained(copy.deepcopy(mllama_base), tmp_path, mllama_inputs, **settings)
    if naming == "old":
        to_old_names(tmp_path)
    base_logits = run(mllama_base, mllama_inputs)

    model = adapters.attach(mllama_base, tmp_path, "mine").model
    model = adapters.attach(model, llama("unsloth_regex"), "other").model
    adapters.use(model, "mine")

    assert gap(base_logits, expected) > 1e-2
    assert gap(run(model, mllama_inputs), expected) < 1e-5
    adapters.use(model, None)
    assert torch.equal(run(model, mllama_inputs), base_logits)


def test_modules_to_save_take_what_ends_like_them_as_peft_does(
    phi_base: Any, phi_inputs: dict[str, Any], tmp_path: Path
) -> None:
    import copy

    # PEFT takes "embed_tokens" for "vision_embed_tokens", too: the whole tower comes with such an adapter.
    settings = {"target_modules": ["qkv_proj"], "modules_to_save": ["embed_tokens", "lm_head"]}
    expected = trained(copy.deepcopy(phi_base), tmp_path, phi_inputs, **settings)
    assert any("vision_embed_tokens" in key for key in load(tmp_path / "adapter_model.safetensors"))

    model = adapters.attach(phi_base, tmp_path, "mine").model
    adapters.use(model, "mine")
    assert gap(run(model, phi_inputs), expected) < 1e-5


def test_weights_saved_alongside_replace_the_bases_for_that_adapter_only(
    mllama_base: Any,
    mllama_golden: dict[str, Any],
    mllama_inputs: dict[str, Any],
    edited: Callable[[Path, Edit], Path],
) -> None:
    import torch

    bases_head = mllama_base.lm_head.weight.detach().clone()
    head = torch.randn(bases_head.shape, generator=torch.Generator().manual_seed(0))

    def own_head(config: dict[str, Any], tensors: dict[str, Any]) -> None:
        tensors["base_model.model.language_model.lm_head.weight"] = head

    base_logits = run(mllama_base, mllama_inputs)
    model = adapters.attach(mllama_base, edited(llama("list"), own_head), "own").model
    model = adapters.attach(model, llama("text_full"), "plain").model

    adapters.use(model, "own")
    states = mllama_golden["expected.adapter.list.logits"] @ torch.linalg.pinv(bases_head.T)
    assert gap(run(model, mllama_inputs), states @ head.T) < 1e-3
    adapters.use(model, "plain")
    assert gap(run(model, mllama_inputs), mllama_golden["expected.adapter.text_full.logits"]) < 1e-4
    adapters.use(model, None)
    assert torch.equal(run(model, mllama_inputs), base_logits)
    assert "replaces whole modules" in str(adapters.why_not_mixed(model, ["plain"]))


def test_a_module_that_should_come_whole_and_does_not_is_refused(
    mllama_base: Any, mllama_inputs: dict[str, Any], tmp_path: Path
) -> None:
    import copy

    from safetensors.torch import save_file

    settings = {"target_modules": ["q_proj"], "modules_to_save": ["multi_modal_projector"]}
    trained(copy.deepcopy(mllama_base), tmp_path, mllama_inputs, **settings)
    tensors = load(tmp_path / "adapter_model.safetensors")
    for part in ("bias", "weight"):
        del tensors[f"base_model.model.model.multi_modal_projector.{part}"]
        save_file(tensors, tmp_path / "adapter_model.safetensors")
        with pytest.raises(ModelError, match=rf"lacks .*multi_modal_projector\.{part}"):
            adapters.attach(mllama_base, tmp_path, "partial")


def test_what_cannot_be_loaded_beside_another_leaves_everything_as_it_was(
    phi_base: Any, phi_inputs: dict[str, Any], tmp_path: Path
) -> None:
    import copy

    import torch

    settings = {"target_modules": ["qkv_proj"], "modules_to_save": ["img_projection"]}
    trained(copy.deepcopy(phi_base), tmp_path, phi_inputs, **settings)
    model = adapters.attach(phi_base, phi("2u1_vision"), "lora").model
    adapters.use(model, "lora")
    before = run(model, phi_inputs)

    # PEFT would copy the module with the first adapter's LoRA layers inside.
    with pytest.raises(ModelError, match="img_projection"):
        adapters.attach(model, tmp_path, "whole")

    assert adapters.attached(model) == ["lora"]
    assert torch.equal(run(model, phi_inputs), before)


def test_names_with_pefts_adapter_name_are_read(
    phi_base: Any, phi_inputs: dict[str, Any], edited: Callable[[Path, Edit], Path]
) -> None:
    def keep_name(config: dict[str, Any], tensors: dict[str, Any]) -> None:
        for key in list(tensors):
            tensors[key.replace(".weight", ".default.weight")] = tensors.pop(key)

    model = adapters.attach(phi_base, edited(phi("lm_only"), keep_name), "raw").model
    adapters.use(model, "raw")

    golden = load(DATA / "adapters" / "logits_img_2x2.safetensors")
    assert gap(run(model, phi_inputs)[:, -16:], golden["lm_only"]) < 1e-4


def test_an_adapter_fits_a_model_whose_patch_embedding_is_half_a_layer(tmp_path: Path) -> None:
    import copy

    import torch

    base = loaded(tmp_path, "qwen2_vl").model
    inputs = {"input_ids": torch.tensor([[5, 7, 9]]), "attention_mask": torch.ones(1, 3, dtype=torch.long)}
    before = run(base, inputs)
    expected = trained(copy.deepcopy(base), tmp_path / "mine", inputs, target_modules=["q_proj", "qkv"])
    model = adapters.attach(base, tmp_path / "mine", "mine").model
    adapters.use(model, "mine")
    assert gap(before, expected) > 1e-3
    assert gap(run(model, inputs), expected) < 1e-5

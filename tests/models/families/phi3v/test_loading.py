"""Configurations and checkpoints of phi3_v: what loads, what is refused, what is written."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForImageTextToText

from kurabe.common.errors import ModelError
from kurabe.models.families.phi3v import Phi3VConfig, Phi3VForCausalLM
from kurabe.models.families.phi3v_core.configuration import count_image_tokens

TINY = Path(__file__).parents[3] / "data" / "phi3v" / "tiny"
PUBLISHED = Path(__file__).parents[4].parent / "shared" / "phi35"
SMALL: dict[str, Any] = {
    "vocab_size": 300,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "max_position_embeddings": 512,
    "pad_token_id": 0,
    "img_processor": {
        "clip_config": {
            "hidden_size": 16,
            "intermediate_size": 24,
            "num_hidden_layers": 4,
            "num_attention_heads": 2,
            "image_size": 168,
        }
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tiny checkpoint whose config carries what the published one does."""
    copy = tmp_path / "checkpoint"
    shutil.copytree(TINY, copy)
    change(copy, _attn_implementation="flash_attention_2", auto_map={"AutoConfig": "remote.Config"})
    return copy


def change(folder: Path, **values: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | values), encoding="utf-8")


def rewrite(folder: Path, *, drop: str = "", add: dict[str, torch.Tensor] | None = None) -> None:
    path = folder / "model.safetensors"
    tensors = load_file(path) | (add or {})
    tensors.pop(drop, None)
    save_file(tensors, path, metadata={"format": "pt"})


@pytest.mark.parametrize("auto", [AutoModelForImageTextToText, AutoModelForCausalLM])
def test_the_published_layout_loads_unchanged(folder: Path, auto: Any) -> None:
    model, info = auto.from_pretrained(folder, output_loading_info=True)
    assert type(model) is Phi3VForCausalLM
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    assert set(model.state_dict()) == set(load_file(folder / "model.safetensors"))


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_the_baked_in_attention_and_code_are_ignored(folder: Path, attention: str) -> None:
    config = AutoConfig.from_pretrained(folder)
    assert type(config) is Phi3VConfig
    assert config._attn_implementation is None
    assert not hasattr(config, "auto_map")
    model = AutoModelForImageTextToText.from_pretrained(folder, attn_implementation=attention)
    tower = model.model.vision_embed_tokens.img_processor.vision_model
    assert model.config._attn_implementation == tower.config._attn_implementation == attention
    # Even a caller who trusts remote code gets the class that is registered here.
    assert type(AutoConfig.from_pretrained(folder, trust_remote_code=True)) is Phi3VConfig


def test_changing_the_attention_reaches_the_tower() -> None:
    model = Phi3VForCausalLM.from_pretrained(TINY, attn_implementation="eager")
    model.set_attn_implementation("sdpa")
    assert model.model.vision_embed_tokens.img_processor.vision_model.config._attn_implementation == "sdpa"


def test_a_missing_tensor_is_named(folder: Path) -> None:
    rewrite(folder, drop="model.vision_embed_tokens.glb_GN")
    with pytest.raises(ModelError, match=r"1 missing \(model.vision_embed_tokens.glb_GN\)"):
        AutoModelForImageTextToText.from_pretrained(folder)


def test_an_unexpected_tensor_is_named(folder: Path) -> None:
    rewrite(folder, add={"model.layers.2.mlp.down_proj.weight": torch.zeros(64, 96)})
    with pytest.raises(ModelError, match=r"1 unexpected \(model.layers.2.mlp.down_proj.weight\)"):
        AutoModelForImageTextToText.from_pretrained(folder)


def test_what_other_tools_store_twice_is_accepted(folder: Path) -> None:
    tensors = load_file(folder / "model.safetensors")
    tower = "model.vision_embed_tokens.img_processor.vision_model.embeddings.position_ids"
    copy = tensors["model.embed_tokens.weight"].clone()
    rewrite(folder, add={"model.vision_embed_tokens.wte.weight": copy, tower: torch.arange(577)[None]})
    assert AutoModelForImageTextToText.from_pretrained(folder).config.vocab_size == 512


def test_a_saved_model_has_the_published_names(folder: Path, tmp_path: Path) -> None:
    model = AutoModelForImageTextToText.from_pretrained(folder)
    model.save_pretrained(tmp_path / "saved")
    before, after = (
        load_file(folder / "model.safetensors"),
        load_file(tmp_path / "saved" / "model.safetensors"),
    )
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)
    stored = json.loads((tmp_path / "saved" / "config.json").read_text(encoding="utf-8"))
    assert not {"auto_map", "_attn_implementation"} & stored.keys()
    again = AutoModelForImageTextToText.from_pretrained(tmp_path / "saved")
    assert again.config.to_diff_dict() | {"_name_or_path": ""} == model.config.to_diff_dict() | {
        "_name_or_path": ""
    }


def test_the_published_end_of_text_is_corrected(folder: Path, tmp_path: Path) -> None:
    config = Phi3VConfig.from_pretrained(folder, vocab_size=32064, eos_token_id=2)
    assert Phi3VConfig(vocab_size=32064, eos_token_id=2).eos_token_id == [32000, 32007]
    Phi3VForCausalLM(config).save_pretrained(tmp_path / "big")
    shutil.copy(folder / "generation_config.json", tmp_path / "big")
    model = Phi3VForCausalLM.from_pretrained(tmp_path / "big")
    assert model.generation_config.eos_token_id == [32000, 32007]
    assert Phi3VForCausalLM.from_pretrained(folder).generation_config.eos_token_id == 2


def test_at_full_size_it_has_the_published_tensors() -> None:
    factors = {"type": "su", "short_factor": [1.0] * 48, "long_factor": [2.0] * 48}
    published = {"max_position_embeddings": 131072, "rope_scaling": factors, "sliding_window": 262144}
    config = Phi3VConfig.from_dict(published)
    with torch.device("meta"):
        model = Phi3VForCausalLM(config)
    shapes = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    assert len(shapes) == 592
    assert sum(p.numel() for p in model.parameters()) == 4_146_621_440
    tower = "model.vision_embed_tokens.img_processor.vision_model"
    expected = {
        "model.layers.31.self_attn.qkv_proj.weight": (9216, 3072),
        "model.layers.31.mlp.gate_up_proj.weight": (16384, 3072),
        "model.vision_embed_tokens.glb_GN": (1, 1, 4096),
        "model.vision_embed_tokens.sub_GN": (1, 1, 1, 4096),
        "model.vision_embed_tokens.img_projection.0.weight": (3072, 4096),
        f"{tower}.embeddings.position_embedding.weight": (577, 1024),
        f"{tower}.pre_layrnorm.bias": (1024,),
        f"{tower}.encoder.layers.23.mlp.fc1.weight": (4096, 1024),
    }
    assert expected.items() <= shapes.items()
    assert (config.sliding_window, config.rope_switch, config.crop_size, config.crop_grid) == (
        None,
        4096,
        336,
        12,
    )


@pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason="the published configuration is not beside this repository"
)
def test_the_published_config_itself() -> None:
    config = AutoConfig.from_pretrained(PUBLISHED)
    assert (config.eos_token_id, config._attn_implementation, config.rope_switch) == (
        [32000, 32007],
        None,
        4096,
    )
    assert config.clip_config().num_hidden_layers == 24


def test_a_small_model_of_the_architecture(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model: Any = Phi3VForCausalLM(Phi3VConfig(**SMALL)).eval()
    grid = model.config.crop_grid
    assert (model.config.crop_size, grid, model.config.rope_switch) == (168, 6, None)
    tokens = count_image_tokens(1, 2, grid)
    assert tokens == 3 * 36 + 1 + 2 * 6
    ids = torch.tensor([[1] + [-1] * tokens + [1, 5]])
    batch = {
        "input_ids": ids,
        "attention_mask": torch.ones_like(ids),
        "pixel_values": torch.randn(1, 5, 3, 168, 168),
        "image_sizes": torch.tensor([[168, 336]]),
    }
    assert model.model.vision_embed_tokens.glb_GN.std() > 0
    answer = model.generate(**batch, max_new_tokens=4, do_sample=False)
    model.save_pretrained(tmp_path)
    assert torch.equal(
        Phi3VForCausalLM.from_pretrained(tmp_path).generate(**batch, max_new_tokens=4, do_sample=False),
        answer,
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"img_processor": {"model_name": "someone/else"}}, "not known"),
        ({"img_processor": {"image_dim_out": 768}}, "image_dim_out is 768"),
        ({"img_processor": {"num_img_tokens": 100}}, "num_img_tokens is 100"),
        ({"img_processor": {"type_feature": "cls_patch"}}, "type_feature"),
        ({"img_processor": {"layer_idx": 30}}, "outside"),
        ({"img_processor": {"clip_config": {"image_size": 350}}}, "multiple of two patches"),
        ({"img_processor": {"clip_config": {"image_size": [336, 168]}}}, "square"),
        ({"embd_layer": {"hd_transform_order": "glb_sub"}}, "only 'sub_glb'"),
    ],
)
def test_configs_that_would_be_computed_differently_are_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        Phi3VConfig(**values)

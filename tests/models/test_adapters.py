"""Adapters as the common tools write them: loaded whole, equal to the expected logits, switched in memory."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmark.errors import ModelError
from benchmark.models import adapters
from tests.finetune.made import loaded

DATA = Path(__file__).parents[1] / "data"
PHI_ADAPTERS = ["2u1_vision", "cookbook_add_adapter", "cookbook_like", "lm_only", "swift_like"]
MLLAMA_ADAPTERS = ["list", "text_full", "unsloth_regex"]

Edit = Callable[[dict[str, Any], dict[str, Any]], None]


def phi(name: str) -> Path:
    return DATA / "adapters" / name


def llama(name: str) -> Path:
    return DATA / "mllama" / "adapters" / name


def load(path: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return dict(load_file(path))


def gap(a: Any, b: Any) -> float:
    return float((a - b).abs().max())


def run(model: Any, inputs: dict[str, Any], **more: Any) -> Any:
    import torch

    with torch.inference_mode():
        return model(**inputs, **more).logits


@pytest.fixture
def mllama_base() -> Any:
    from transformers import AutoModelForImageTextToText

    from benchmark.models import mllama

    mllama.apply()
    model: Any = AutoModelForImageTextToText.from_pretrained(DATA / "mllama" / "tiny")
    return model.eval()


@pytest.fixture
def phi_base() -> Any:
    from transformers import AutoModelForImageTextToText

    import benchmark.models.phi3v  # noqa: F401

    # The expected logits were computed by eager attention.
    model: Any = AutoModelForImageTextToText.from_pretrained(
        DATA / "phi3v" / "tiny", attn_implementation="eager"
    )
    return model.eval()


@pytest.fixture(scope="module")
def mllama_golden() -> dict[str, Any]:
    return load(DATA / "mllama" / "golden.safetensors")


@pytest.fixture(scope="module")
def mllama_inputs(mllama_golden: dict[str, Any]) -> dict[str, Any]:
    return {key.removeprefix("in."): value for key, value in mllama_golden.items() if key.startswith("in.")}


@pytest.fixture(scope="module")
def phi_inputs() -> dict[str, Any]:
    golden = load(DATA / "phi3v" / "golden_model.safetensors")
    pixels = golden["img_2x2.pixel_low"].repeat_interleave(42, -1).repeat_interleave(42, -2)
    return {key: golden[f"img_2x2.{key}"] for key in ("input_ids", "image_sizes")} | {"pixel_values": pixels}


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[Path, Edit], Path]:
    """Copy an adapter and change its configuration and tensors."""
    from safetensors.torch import save_file

    def edit(folder: Path, change: Edit) -> Path:
        copy = tmp_path / folder.name
        shutil.copytree(folder, copy)
        config = json.loads((copy / "adapter_config.json").read_text())
        tensors = load(copy / "adapter_model.safetensors")
        change(config, tensors)
        (copy / "adapter_config.json").write_text(json.dumps(config))
        save_file(tensors, copy / "adapter_model.safetensors")
        return copy

    return edit


def test_mllama_adapters_share_a_base_and_equal_the_golden_logits(
    mllama_base: Any, mllama_golden: dict[str, Any], mllama_inputs: dict[str, Any]
) -> None:
    import torch

    base_logits = run(mllama_base, mllama_inputs)
    model = mllama_base
    for name in MLLAMA_ADAPTERS:
        report = adapters.attach(model, llama(name), name)
        model = report.model
        assert report.loaded == len(report.file.tensors)
        assert report.warnings == ()
        assert adapters.in_use(model) is None
        assert torch.equal(run(model, mllama_inputs), base_logits)

    for name in [*MLLAMA_ADAPTERS, *reversed(MLLAMA_ADAPTERS)]:
        adapters.use(model, name)
        assert adapters.in_use(model) == name
        assert gap(run(model, mllama_inputs), mllama_golden[f"expected.adapter.{name}.logits"]) < 1e-4

    adapters.use(model, None)
    assert torch.equal(run(model, mllama_inputs), base_logits)
    assert adapters.attached(model) == MLLAMA_ADAPTERS


def test_phi_adapters_share_a_base_and_equal_the_golden_logits(
    phi_base: Any, phi_inputs: dict[str, Any]
) -> None:
    import torch

    golden = load(DATA / "adapters" / "logits_img_2x2.safetensors")
    base_logits = run(phi_base, phi_inputs)
    assert gap(base_logits[:, -16:], golden["base"]) < 1e-5
    model = phi_base
    for name in PHI_ADAPTERS:
        report = adapters.attach(model, phi(name), name)
        model = report.model
        # The two cookbook layouts repeat the base's lm_head, which must not be written into the shared base.
        assert report.same_as_base == (1 if name.startswith("cookbook") else 0)
        assert report.loaded + report.same_as_base == len(report.file.tensors)

    for name in PHI_ADAPTERS:
        adapters.use(model, name)
        # The reference's own rounding is 1.7e-4 from float64 for this one; another CPU came out at 1.01e-4.
        limit = 1.5e-4 if name == "cookbook_add_adapter" else 1e-4
        assert gap(run(model, phi_inputs)[:, -16:], golden[name]) < limit

    adapters.use(model, None)
    assert torch.equal(run(model, phi_inputs), base_logits)


@pytest.mark.parametrize("in_base_dtype", [True, False])
def test_adapters_on_a_16_bit_base_are_computed_in_the_dtype_that_was_asked_for(
    in_base_dtype: bool, mllama_base: Any, mllama_golden: dict[str, Any], mllama_inputs: dict[str, Any]
) -> None:
    import torch

    base = mllama_base.to(torch.bfloat16)
    model = adapters.attach(base, llama("list"), "list", in_base_dtype=in_base_dtype).model
    adapters.use(model, "list")

    lora = {parameter.dtype for name, parameter in model.named_parameters() if ".lora_" in name}
    error = run(model, mllama_inputs).float() - mllama_golden["expected.adapter.list.logits"]
    assert lora == {torch.bfloat16 if in_base_dtype else torch.float32}
    # The base alone is off by 0.02; the adapter moves the logits by more than 1.
    assert float(error.pow(2).mean().sqrt()) < 0.1


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


def test_an_adapter_of_the_language_model_alone_is_whole(
    mllama_base: Any, edited: Callable[[Path, Edit], Path]
) -> None:
    def text_only(config: dict[str, Any], tensors: dict[str, Any]) -> None:
        for key in [key for key in tensors if "vision_model" in key]:
            del tensors[key]

    report = adapters.attach(mllama_base, edited(llama("list"), text_only), "list")

    assert report.modules == 28
    assert "vision_model" in report.warnings[0]


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


def test_names_need_not_suit_peft(mllama_base: Any) -> None:
    model = adapters.attach(mllama_base, llama("list"), "lora").model
    model = adapters.attach(model, llama("text_full"), "phi-3.5%2E").model

    assert adapters.attached(model) == ["lora", "phi-3.5%2E"]
    with pytest.raises(ModelError, match="taken"):
        adapters.attach(model, llama("list"), "lora")
    with pytest.raises(ModelError, match="there are lora"):
        adapters.use(model, "unknown")


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


def test_a_batch_mixes_base_and_language_adapters(phi_base: Any) -> None:
    import torch

    ids = torch.randint(3, 400, (1, 12), generator=torch.Generator().manual_seed(0))
    model: Any = adapters.attach(phi_base, phi("lm_only"), "a").model
    model = adapters.attach(model, phi("swift_like"), "b").model
    model = adapters.attach(model, phi("2u1_vision"), "vision").model
    rows = ["b", None, "a", "b"]
    alone = {}
    for name in set(rows):
        adapters.use(model, name)
        alone[name] = run(model, {"input_ids": ids})[0], model.generate(ids, max_new_tokens=4)[0]
    assert gap(alone["a"][0], alone["b"][0]) > 1

    adapters.use(model, None)
    batch = ids.expand(len(rows), -1)
    with adapters.mixed(model, rows) as extra:
        logits = run(model, {"input_ids": batch}, **extra)
        texts = model.generate(batch, max_new_tokens=4, **extra)
    for i, name in enumerate(rows):
        assert gap(logits[i], alone[name][0]) < 1e-5
        assert torch.equal(texts[i], alone[name][1])

    assert adapters.in_use(model) is None
    assert gap(run(model, {"input_ids": ids})[0], alone[None][0]) == 0
    assert "vision_embed_tokens" in str(adapters.why_not_mixed(model, ["vision", None]))
    with pytest.raises(ModelError, match="one after the other"), adapters.mixed(model, ["vision", None]):
        pass


def test_cross_attention_sees_tiles_instead_of_rows_and_cannot_be_mixed(mllama_base: Any) -> None:
    model = adapters.attach(mllama_base, llama("text_full"), "text").model

    assert "cross_attn" in str(adapters.why_not_mixed(model, ["text", None]))
    assert adapters.why_not_mixed(model, [None, None]) is None


@pytest.mark.parametrize("family", ["mllama", "phi3_v"])
def test_a_merged_checkpoint_loads_as_a_model(
    family: str,
    request: pytest.FixtureRequest,
    mllama_golden: dict[str, Any],
    mllama_inputs: dict[str, Any],
    phi_inputs: dict[str, Any],
    tmp_path: Path,
) -> None:
    from transformers import AutoModelForImageTextToText

    if family == "mllama":
        base, folder, inputs = request.getfixturevalue("mllama_base"), llama("list"), mllama_inputs
        expected = mllama_golden["expected.adapter.list.logits"]
    else:
        base, folder, inputs = request.getfixturevalue("phi_base"), phi("2u1_vision"), phi_inputs
        expected = load(DATA / "adapters" / "logits_img_2x2.safetensors")["2u1_vision"]
    model: Any = adapters.attach(base, folder, "mine").model
    adapters.use(model, "mine")

    model.merge_and_unload().save_pretrained(tmp_path)
    merged: Any = AutoModelForImageTextToText.from_pretrained(tmp_path)

    assert gap(run(merged.eval(), inputs)[:, -expected.shape[1] :], expected) < 2e-4


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


def test_attaching_warns_of_nothing(phi_base: Any, recwarn: pytest.WarningsRecorder) -> None:
    model = adapters.attach(phi_base, phi("lm_only"), "one").model
    adapters.attach(model, phi("swift_like"), "two")
    assert [str(warning.message) for warning in recwarn] == []

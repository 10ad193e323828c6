"""phi3_v against outputs of the published code: a tiny random checkpoint, float32, recorded once."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file
from torch import Tensor
from transformers import CompileConfig

from kurabe.common.errors import ModelError
from kurabe.models.families.phi3v import Phi3VForCausalLM, rope_side

DATA = Path(__file__).parents[3] / "data" / "phi3v"
CASES = (
    "text",
    "text_1024",
    "text_1025",
    "text_cross",
    "img_1x1",
    "img_1x2",
    "img_2x2",
    "img_4x1",
    "img_cross",
    "two_img_short",
    "two_img_long",
)
GENERATED = tuple(case for case in CASES if case not in ("img_1x1", "text_1024", "text_1025"))
PAD = 500


def assert_near(actual: Tensor, expected: Tensor) -> None:
    torch.testing.assert_close(actual, expected, rtol=0.0, atol=1e-5)


@lru_cache
def golden() -> dict[str, Tensor]:
    return load_file(DATA / "golden_model.safetensors")


def pictures(*names: str) -> dict[str, Tensor]:
    """The pictures of some cases, one after the other."""
    data = golden()
    low = [data[f"{name}.pixel_low"] for name in names if f"{name}.pixel_low" in data]
    if not low:
        return {}
    pixels = torch.cat(low).repeat_interleave(42, -1).repeat_interleave(42, -2)
    sizes = torch.cat([data[f"{name}.image_sizes"] for name in names if f"{name}.image_sizes" in data])
    return {"pixel_values": pixels, "image_sizes": sizes}


def inputs(*names: str) -> dict[str, Tensor]:
    """A batch of some cases, padded on the left."""
    rows = [golden()[f"{name}.input_ids"][0] for name in names]
    width = max(map(len, rows))
    ids = torch.full((len(rows), width), PAD)
    mask = torch.zeros_like(ids)
    for number, row in enumerate(rows):
        ids[number, width - len(row) :] = row
        mask[number, width - len(row) :] = 1
    return {"input_ids": ids, "attention_mask": mask} | pictures(*names)


def load(attention: str = "sdpa") -> Any:
    model: Any = Phi3VForCausalLM.from_pretrained(DATA / "tiny", attn_implementation=attention)
    return model.eval()


@pytest.fixture(scope="module", params=["eager", "sdpa"])
def model(request: pytest.FixtureRequest) -> Any:
    return load(request.param)


@pytest.fixture(scope="module")
def sdpa() -> Any:
    return load()


def generate(model: Any, batch: dict[str, Tensor], count: int, **kwargs: Any) -> Any:
    settings = {"do_sample": False, "return_dict_in_generate": True, "output_logits": True} | kwargs
    return model.generate(**batch, max_new_tokens=count, min_new_tokens=count, **settings)


@torch.no_grad()
def logits(model: Any, batch: dict[str, Tensor], **kwargs: Any) -> Tensor:
    output: Tensor = model(**batch, **kwargs).logits
    return output


@pytest.mark.parametrize("case", CASES)
def test_logits_equal_the_published_ones(model: Any, case: str) -> None:
    ours = logits(model, inputs(case))
    assert_near(ours[:, -16:], golden()[f"{case}.logits_last16"])
    assert_near(ours.mean(-1), golden()[f"{case}.logits_mean"])
    assert torch.equal(ours.argmax(-1), golden()[f"{case}.argmax"])


@pytest.mark.parametrize("case", [case for case in CASES if "img" in case])
def test_image_embeddings_equal_the_published_ones(model: Any, case: str) -> None:
    embedding = model.model.vision_embed_tokens
    shown = pictures(case)
    with torch.no_grad():
        ours = embedding(shown["pixel_values"], embedding.crops(shown["image_sizes"]))
    assert_near(ours[::7], golden()[f"{case}.img_embeds_every7"])
    assert_near(ours.mean(-1), golden()[f"{case}.img_embeds_rowmean"])


@pytest.mark.parametrize("case", GENERATED)
def test_greedy_tokens_equal_the_published_ones(model: Any, case: str) -> None:
    check_generation(model, case)


@pytest.mark.parametrize("case", ["img_1x2", "text_cross", "img_cross"])
def test_greedy_tokens_are_the_same_from_a_static_cache(sdpa: Any, case: str) -> None:
    check_generation(sdpa, case, cache_implementation="static")


def check_generation(model: Any, case: str, **kwargs: Any) -> None:
    batch, expected = inputs(case), golden()[f"{case}.gen_ids"]
    output = generate(model, batch, expected.shape[1], **kwargs)
    assert torch.equal(output.sequences[:, batch["input_ids"].shape[1] :], expected)
    assert_near(torch.stack(output.logits, 1), golden()[f"{case}.gen_logits"])


def test_a_padded_batch_equals_the_published_one(model: Any) -> None:
    batch, data = inputs("img_1x2", "img_2x2"), golden()
    assert torch.equal(batch["input_ids"], data["batch2.input_ids"])
    assert_near(logits(model, batch)[:, -16:], data["batch2.logits_last16"])
    output = generate(model, batch, data["batch2.gen_ids"].shape[1])
    assert torch.equal(output.sequences[:, batch["input_ids"].shape[1] :], data["batch2.gen_ids"])


@pytest.mark.parametrize("cache", [None, "static"])
def test_rows_on_both_sides_of_the_rope_switch_answer_as_if_alone(sdpa: Any, cache: str | None) -> None:
    # Two rows cross the switch at different tokens, one lies beyond it from the start, two stay below.
    names = ("text_cross", "text", "img_cross", "img_1x2", "two_img_long")
    batch = inputs(*names)
    output = generate(sdpa, batch, 12, cache_implementation=cache)
    tokens = output.sequences[:, batch["input_ids"].shape[1] :]
    steps = torch.stack(output.logits, 1)
    for row, name in enumerate(names):
        expected = golden()[f"{name}.gen_ids"][0]
        assert torch.equal(tokens[row, : len(expected)], expected), name
        assert_near(steps[row, : len(expected)], golden()[f"{name}.gen_logits"][0])


def test_only_the_row_that_crosses_the_switch_is_computed_anew(sdpa: Any) -> None:
    shown: list[int] = []
    embedding = sdpa.model.vision_embed_tokens
    handle = embedding.register_forward_pre_hook(lambda _, args: shown.append(len(args[1])))
    generate(sdpa, inputs("img_1x2", "img_cross", "two_img_short"), 8)
    handle.remove()
    assert shown == [4, 1]


def test_decoding_compiles_to_one_graph_even_across_the_switch(sdpa: Any) -> None:
    batch = inputs("img_1x2", "img_cross")
    compiled: Any = CompileConfig(backend="eager", fullgraph=True)
    compiled.mode = None  # a mode goes with inductor alone
    compiled._compile_all_devices = True  # transformers compiles on accelerators only, unless told so
    torch._dynamo.reset()
    torch._dynamo.utils.counters.clear()
    output = generate(sdpa, batch, 8, cache_implementation="static", compile_config=compiled)
    for row, name in enumerate(("img_1x2", "img_cross")):
        assert torch.equal(output.sequences[row, -8:], golden()[f"{name}.gen_ids"][0])
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] == 1


def test_a_conversation_continued_across_the_switch_needs_all_its_ids(sdpa: Any) -> None:
    batch = inputs("text_1024")
    with torch.no_grad():
        cache = sdpa(**batch, use_cache=True).past_key_values
    mask = torch.ones(1, 1026, dtype=torch.long)
    with pytest.raises(ModelError, match="rope factors change"):
        sdpa.generate(
            torch.full((1, 1026), 9)[:, 1024:], attention_mask=mask, past_key_values=cache, max_new_tokens=1
        )


def test_one_long_row_leaves_the_others_logits_alone(model: Any) -> None:
    names = ("text_1024", "text_1025", "img_2x2")
    ours = logits(model, inputs(*names))
    for row, name in enumerate(names):
        assert_near(ours[row, -16:], golden()[f"{name}.logits_last16"][0])


def test_features_go_where_their_tag_stands(sdpa: Any) -> None:
    # The published code fills images in by order, whatever their tags: here -2 stands before -1. Written
    # as tags, what it computes is 313 tokens of image 1 followed by 457 of image 2 at the places of both.
    ids = golden()["reversed_tags_hub_quirk.input_ids"]
    shown = pictures("two_img_short")
    as_filled = ids.clone()
    as_filled[ids < 0] = torch.tensor([-1] * 313 + [-2] * 457)
    quirk = golden()["reversed_tags_hub_quirk.logits_last16"]
    assert_near(logits(sdpa, {"input_ids": as_filled} | shown)[:, -16:], quirk)

    ours = logits(sdpa, {"input_ids": ids} | shown)
    exchanged = ids.where(ids >= 0, -3 - ids)
    other_way = {key: value.flip(0) for key, value in shown.items()}
    assert_near(ours, logits(sdpa, {"input_ids": exchanged} | other_way))
    assert (ours[:, -16:] - quirk).abs().max() > 1e-2


def test_padding_crops_are_never_looked_at(sdpa: Any) -> None:
    batch = inputs("img_1x2")
    batch["pixel_values"][:, 3:] = torch.nan
    assert_near(logits(sdpa, batch)[:, -16:], golden()["img_1x2.logits_last16"])


def test_without_cache_and_with_one_logit_nothing_changes(sdpa: Any) -> None:
    batch = inputs("img_1x2")
    last = logits(sdpa, batch, logits_to_keep=1)
    assert last.shape == (1, 1, 512)
    assert_near(last, golden()["img_1x2.logits_last16"][:, -1:])
    output = generate(sdpa, batch, 3, use_cache=False)
    assert torch.equal(output.sequences[:, -3:], golden()["img_1x2.gen_ids"][:, :3])


def test_beams_keep_a_rows_images_together(sdpa: Any) -> None:
    names = ("img_1x2", "two_img_short")
    settings = {"num_beams": 3, "num_return_sequences": 2}
    together = generate(sdpa, inputs(*names), 5, **settings).sequences[:, -5:]
    alone = [generate(sdpa, inputs(name), 5, **settings).sequences[:, -5:] for name in names]
    assert torch.equal(together, torch.cat(alone))


def test_rope_side_counts_what_is_fed() -> None:
    config = load().config
    assert config.rope_switch == 1024
    assert rope_side(1024, 1, config) == "short"
    assert rope_side(1024, 2, config) == rope_side(1025, 0, config) == "long"
    assert rope_side(8192, 1, config) == "long"
    with pytest.raises(ModelError, match="context of 8192"):
        rope_side(8192, 2, config)


@pytest.mark.parametrize("position", [{}, {"position_ids": torch.tensor([[1024]])}])
def test_a_cache_is_not_continued_across_the_switch(sdpa: Any, position: dict[str, Tensor]) -> None:
    with torch.no_grad():
        cache = sdpa(**inputs("text_1024"), use_cache=True).past_key_values
        with pytest.raises(ModelError, match="rope factors change"):
            sdpa(input_ids=torch.tensor([[7]]), past_key_values=cache, **position)


def test_more_than_the_context_is_an_error(sdpa: Any) -> None:
    ids = torch.ones(1, 8193, dtype=torch.long)
    with pytest.raises(ModelError, match="exceed the model's context"):
        sdpa(input_ids=ids)
    with pytest.raises(ModelError, match="exceed the model's context"):
        sdpa.generate(input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=1)


def test_images_that_do_not_fit_their_tags_are_errors(sdpa: Any) -> None:
    one, two = inputs("img_1x2"), inputs("two_img_short")
    ids = one["input_ids"]
    with pytest.raises(ModelError, match="ask for 1 images"):
        sdpa(ids, **pictures("two_img_short"))
    with pytest.raises(ModelError, match="ask for 2 images"):
        sdpa(two["input_ids"], **pictures("img_1x2"))
    with pytest.raises(ModelError, match="has 313 features, but its tag stands for 457"):
        sdpa(ids, **pictures("img_1x1"))
    with pytest.raises(ModelError, match="stands for 0 tokens"):
        sdpa(ids.where(ids >= 0, -2), **pictures("two_img_short"))
    with pytest.raises(ModelError, match="pixel_values is missing"):
        sdpa(ids)
    with pytest.raises(ModelError, match="given together"):
        sdpa(ids, pixel_values=one["pixel_values"])
    with pytest.raises(ModelError, match="no multiple of this model's crops"):
        sdpa(ids, pixel_values=one["pixel_values"], image_sizes=torch.tensor([[168, 336]]))
    with pytest.raises(ModelError, match="this model takes"):
        sdpa(ids, pixel_values=one["pixel_values"][..., :168], image_sizes=one["image_sizes"])
    with pytest.raises(ModelError, match="holds 2 crops an image"):
        sdpa(ids, pixel_values=one["pixel_values"][:, :2], image_sizes=one["image_sizes"])


def test_penalties_over_the_prompt_are_refused_where_it_holds_images(sdpa: Any) -> None:
    with pytest.raises(ModelError, match="repetition_penalty"):
        generate(sdpa, inputs("img_1x2"), 1, repetition_penalty=1.2)
    assert generate(sdpa, inputs("text"), 1, repetition_penalty=1.2).sequences.shape == (1, 13)


def test_half_precision_keeps_the_rope_exact() -> None:
    model, positions = load(), torch.arange(2000)[None]
    expected = model.model.rotary_emb(torch.zeros(1), positions)
    halved = model.to(torch.bfloat16).model.rotary_emb(torch.zeros(1), positions)
    assert all(map(torch.equal, expected, halved))
    assert torch.isfinite(logits(model, inputs("img_1x1"))).all()


def test_gradients_under_checkpointing_are_the_same() -> None:
    batch = inputs("img_1x1", "text")
    model, gradients = load().train(), []
    with torch.inference_mode():  # what is kept from an answer may be used in training
        model(**batch)
    for checkpointing in (False, True):
        if checkpointing:
            model.gradient_checkpointing_enable()
            model.enable_input_require_grads()
        model.zero_grad()
        loss = model(**batch, labels=batch["input_ids"]).loss
        loss.backward()
        gradients.append([p.grad.clone() for p in model.parameters() if p.grad is not None])
    assert len(gradients[0]) == len(gradients[1]) > 50
    for plain, checkpointed in zip(*gradients, strict=True):
        torch.testing.assert_close(plain, checkpointed, rtol=1e-4, atol=1e-6)


def test_lora_reaches_every_part() -> None:
    targets = ["qkv_proj", "down_proj", "img_projection.0", "fc1", "q_proj"]
    peft = get_peft_model(load().train(), LoraConfig(r=2, target_modules=targets, init_lora_weights=False))
    peft(**inputs("img_1x1"), labels=inputs("img_1x1")["input_ids"]).loss.backward()
    trained = {name: p.grad for name, p in peft.named_parameters() if p.requires_grad}
    for target in targets:
        assert any(f".{target}." in name for name in trained), target
    unused = ".encoder.layers.2."  # the tower's last layer is stored, but not run
    assert all((grad is None) == (unused in name) for name, grad in trained.items())

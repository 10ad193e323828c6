"""Llama-3.2-Vision: features and logits as its makers compute them, on the transformers that is installed."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kurabe.common.errors import ModelError
from kurabe.models.families.mllama import correction as mllama

DATA = Path(__file__).parents[3] / "data" / "mllama"


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    from safetensors.torch import load_file

    return dict(load_file(DATA / "golden.safetensors"))


@pytest.fixture(scope="module")
def model() -> Any:
    from transformers import AutoModelForImageTextToText

    model: Any = AutoModelForImageTextToText.from_pretrained(DATA / "tiny", attn_implementation="sdpa")
    return model.eval()


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The encoder class as transformers publishes it; whatever a test does to it is undone."""
    from transformers.models.mllama.modeling_mllama import MllamaVisionEncoder

    forward: Any = MllamaVisionEncoder.forward
    monkeypatch.setattr(MllamaVisionEncoder, "forward", getattr(forward, "__wrapped__", forward))
    return MllamaVisionEncoder


def run(model: Any, golden: dict[str, Any]) -> tuple[Any, Any]:
    """Vision features and logits for the golden inputs."""
    import torch

    inputs = {key.removeprefix("in."): value for key, value in golden.items() if key.startswith("in.")}
    vision = ("pixel_values", "aspect_ratio_ids", "aspect_ratio_mask")
    with torch.inference_mode():
        features = model.model.vision_model(*(inputs[name] for name in vision)).last_hidden_state
        return features, model(**inputs).logits


def gap(a: Any, b: Any) -> float:
    return float((a - b).abs().max())


def test_corrected_features_and_logits_equal_the_golden_ones(
    encoder: Any, model: Any, golden: dict[str, Any]
) -> None:
    assert mllama.apply() == "corrected"

    features, logits = run(model, golden)

    assert features.shape == golden["expected.vision_features"].shape
    assert gap(features, golden["expected.vision_features"]) < 1e-5
    assert gap(logits, golden["expected.logits"]) < 1e-5


def test_transformers_still_needs_the_correction(encoder: Any, model: Any, golden: dict[str, Any]) -> None:
    """If this fails, transformers has been put right and the correction can go."""
    features, logits = run(model, golden)

    assert mllama.intermediate_states() == "block outputs"
    assert gap(features, golden["expected.vision_features"]) > 1
    assert gap(logits, golden["expected.logits"]) > 0.1


def test_a_second_call_changes_nothing(encoder: Any, model: Any, golden: dict[str, Any]) -> None:
    mllama.apply()
    forward = encoder.forward

    assert mllama.apply() == "corrected"
    assert encoder.forward is forward


def corrected_upstream(self: Any, hidden_states: Any, attention_mask: Any = None) -> Any:
    """An encoder as a corrected transformers would have it."""
    from transformers.modeling_outputs import BaseModelOutput

    states: tuple[Any, ...] = ()
    for layer in self.layers:
        states += (hidden_states,)
        hidden_states = layer(hidden_states, attention_mask=attention_mask)
    return BaseModelOutput(last_hidden_state=hidden_states, hidden_states=(*states, hidden_states))


def unlike_either(self: Any, hidden_states: Any, attention_mask: Any = None) -> Any:
    output = corrected_upstream(self, hidden_states, attention_mask)
    output.hidden_states = tuple(state * 2 for state in output.hidden_states)
    return output


def test_a_transformers_that_has_it_right_is_left_alone(
    encoder: Any, model: Any, golden: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder, "forward", corrected_upstream)

    assert mllama.apply() == "as published"
    assert encoder.forward is corrected_upstream
    assert gap(run(model, golden)[0], golden["expected.vision_features"]) < 1e-5


def test_an_encoder_unlike_either_is_refused(encoder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "forward", unlike_either)

    with pytest.raises(ModelError, match="unknown"):
        mllama.apply()


def test_the_check_leaves_the_random_state_alone(encoder: Any) -> None:
    import torch

    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)

    mllama.apply()

    assert torch.equal(torch.rand(3), expected)


@pytest.fixture(scope="module")
def processor() -> Any:
    """A processor whose tokenizer knows ``w3`` to ``w290`` and the tiny checkpoint's special ids."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import MllamaImageProcessorPil, MllamaProcessor, PreTrainedTokenizerFast

    special = {"<unk>": 0, "<s>": 1, "</s>": 2, "<|python_tag|>": 297, "<|image|>": 298, "<|pad|>": 299}
    words = Tokenizer(models.WordLevel({f"w{i}": i for i in range(3, 291)} | special, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    fast: Any = PreTrainedTokenizerFast
    tokenizer = fast(
        tokenizer_object=words,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<|pad|>",
        unk_token="<unk>",
        additional_special_tokens=["<|image|>", "<|python_tag|>"],
        padding_side="right",
    )
    build: Any = MllamaProcessor
    return build(MllamaImageProcessorPil(size={"height": 56, "width": 56}, max_image_tiles=4), tokenizer)


def picture(seed: int, width: int, height: int) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


ONE = ("<s> w5 w7 <|image|> w9 w11 w12", [picture(0, 50, 100)])
ONE_SHORT = ("<s> <|image|> w40", [picture(1, 60, 60)])
TWO = ("<s> w5 <|image|> <|image|> w9 w40", [picture(2, 120, 50), picture(3, 56, 56)])
NONE: tuple[str, list[Image.Image]] = ("<s> w5 w7 w8 w9", [])


def generate(model: Any, batch: Any) -> Any:
    """Logits of four greedy steps: (rows, 4, vocabulary)."""
    import torch

    with torch.inference_mode():
        output = model.generate(
            **batch, max_new_tokens=4, do_sample=False, output_logits=True, return_dict_in_generate=True
        )
    return torch.stack(output.logits, dim=1)


def test_a_batch_equals_its_rows_alone(encoder: Any, model: Any, processor: Any) -> None:
    mllama.apply()
    for rows in ([ONE, ONE_SHORT, ONE], [TWO, TWO], [NONE, NONE]):
        texts, pictures = [text for text, _ in rows], [images for _, images in rows]
        together = generate(model, mllama.prepare_batch(processor, texts, pictures))
        for i, (text, images) in enumerate(rows):
            alone = generate(model, mllama.prepare_batch(processor, [text], [images]))
            assert gap(together[i], alone[0]) < 1e-5


def test_unequal_image_counts_would_change_answers_so_they_are_grouped(
    encoder: Any, model: Any, processor: Any
) -> None:
    mllama.apply()
    rows = [ONE, TWO, ONE_SHORT]
    texts, pictures = [text for text, _ in rows], [images for _, images in rows]

    with pytest.raises(ModelError, match="group_by_images"):
        mllama.prepare_batch(processor, texts, pictures)
    assert mllama.group_by_images([1, 2, 0, 1]) == [[0, 3], [1], [2]]

    # Why they are grouped: what transformers makes of the mixed batch is not what the rows give alone.
    mixed = processor(text=texts, images=pictures, padding=True, padding_side="left", return_tensors="pt")
    together = generate(model, mixed)
    alone = [generate(model, mllama.prepare_batch(processor, [text], [images]))[0] for text, images in rows]
    assert gap(together[0], alone[0]) > 1e-3


def test_pictures_that_the_prompt_does_not_mention_are_an_error(processor: Any) -> None:
    with pytest.raises(ModelError, match="image"):
        mllama.prepare_batch(processor, [NONE[0]], [ONE[1]])


@pytest.mark.parametrize("tiles", [1, 2, 3])
def test_fewer_tiles_than_the_model_takes_are_those_tiles_and_padding(
    encoder: Any, model: Any, processor: Any, tiles: int
) -> None:
    import torch
    from transformers.models.mllama.image_processing_mllama import get_all_supported_aspect_ratios

    mllama.apply()
    shapes = [(250, 50), (50, 180), (60, 60), (120, 110)]
    pictures = [[picture(seed, *size)] for seed, size in enumerate(shapes)]
    texts = ["<s> <|image|> w40"] * len(pictures)
    options = {"padding": True, "padding_side": "left", "return_tensors": "pt"}
    made = processor(text=texts, images=pictures, max_image_tiles=tiles, **options)
    whole = mllama.with_all_tiles(dict(made), tiles, 4)
    assert whole["pixel_values"].shape[2] == whole["aspect_ratio_mask"].shape[2] == 4
    assert torch.equal(whole["pixel_values"][:, :, :tiles], made["pixel_values"])
    assert not whole["pixel_values"][:, :, tiles:].any()
    # The number of an arrangement means the same to the model as it did to the processor.
    few, all_of_them = get_all_supported_aspect_ratios(tiles), get_all_supported_aspect_ratios(4)
    for before, after in zip(made["aspect_ratio_ids"], whole["aspect_ratio_ids"], strict=True):
        assert few[before.item() - 1] == all_of_them[after.item() - 1]
    assert torch.isfinite(generate(model, whole)).all()
    # What one tile holds does not depend on how many there might have been.
    alone = processor(text=texts[:1], images=[[picture(2, 50, 50)]], **options)
    small = processor(text=texts[:1], images=[[picture(2, 50, 50)]], max_image_tiles=tiles, **options)
    filled = mllama.with_all_tiles(dict(small), tiles, 4)
    assert all(torch.equal(filled[name], alone[name]) for name in alone)


def test_more_tiles_than_the_model_takes_are_an_error() -> None:
    with pytest.raises(ModelError, match="at most 4 tiles a picture: set crops = 4"):
        mllama.with_all_tiles({}, 5, 4)

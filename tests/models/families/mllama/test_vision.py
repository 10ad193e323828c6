"""The vision tower without a dense mask gives the corrected features of transformers' own forward."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.models.adapters.made import gap, llama, load

DATA = Path(__file__).parents[3] / "data" / "mllama"
ARRANGEMENTS = [(1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (3, 1), (4, 1)]
"""Rows and columns of tiles, in the order of their numbers, which begin with 1."""


@pytest.fixture
def model() -> Any:
    from transformers import AutoModelForImageTextToText

    from kurabe.models.families.mllama import correction as mllama

    mllama.apply()
    found: Any = AutoModelForImageTextToText.from_pretrained(DATA / "tiny", attn_implementation="sdpa")
    return found.eval()


def made(aspect: int, pictures: int = 3) -> tuple[Any, Any, int]:
    """Random pixels of an arrangement: (pictures, 4, 3, 56, 56), its number for each, tiles used."""
    import torch

    used = ARRANGEMENTS[aspect - 1][0] * ARRANGEMENTS[aspect - 1][1]
    pixels = torch.randn(pictures, 4, 3, 56, 56, generator=torch.Generator().manual_seed(aspect))
    pixels[:, used:] = 0
    return pixels, torch.full((pictures,), aspect), used


def by_transformers(tower: Any, pixels: Any, aspects: Any, used: int) -> Any:
    import torch

    mask = (torch.arange(4) < used).long().expand(len(pixels), 1, 4)
    with torch.inference_mode():
        features = tower(pixels[:, None], aspects[:, None], mask).last_hidden_state
    return features.reshape(len(pixels), -1, features.shape[-1])


def by_us(tower: Any, pixels: Any, aspects: Any, used: int) -> Any:
    import torch

    from kurabe.models.families.mllama import vision as mllama_vision
    from kurabe.models.runtime.kernels.elementwise import Elementwise

    with torch.inference_mode():
        return mllama_vision.encode(tower, pixels, aspects, used, Elementwise())


def test_the_arrangements_are_those_of_transformers() -> None:
    from transformers.models.mllama.image_processing_mllama import get_all_supported_aspect_ratios

    assert get_all_supported_aspect_ratios(4) == ARRANGEMENTS


@pytest.mark.parametrize("aspect", range(1, 9))
def test_features_equal_those_with_the_dense_mask(model: Any, aspect: int) -> None:
    tower = model.model.vision_model
    ours, theirs = by_us(tower, *made(aspect)), by_transformers(tower, *made(aspect))
    assert ours.shape == theirs.shape
    assert gap(ours, theirs) < 1e-5


@pytest.fixture(scope="module")
def finer() -> Any:
    """A tower with 257 positions a tile: little of it is padding if all tiles are used, as at full size."""
    import torch
    from transformers.models.mllama.configuration_mllama import MllamaVisionConfig
    from transformers.models.mllama.modeling_mllama import MllamaVisionModel

    from kurabe.models.families.mllama import correction as mllama

    mllama.apply()
    config = MllamaVisionConfig(
        hidden_size=16,
        attention_heads=2,
        intermediate_size=16,
        num_hidden_layers=3,
        num_global_layers=2,
        image_size=224,
        intermediate_layers_indices=[0, 2],
        vision_output_dim=48,
    )
    build: Any = MllamaVisionModel
    config._attn_implementation = "sdpa"
    torch.manual_seed(0)
    tower = build(config).double().eval()
    for parameter in tower.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return tower


@pytest.mark.parametrize("aspect", [4, 6, 7, 2, 1])
def test_features_of_finer_tiles_equal_those_with_the_dense_mask(finer: Any, aspect: int) -> None:
    import torch

    _, aspects, used = made(aspect, pictures=2)
    pixels = torch.randn(2, 4, 3, 224, 224, generator=torch.Generator().manual_seed(0)).double()
    pixels[:, used:] = 0
    theirs = by_transformers(finer, pixels, aspects, used)
    assert gap(by_us(finer, pixels, aspects, used), theirs) < 1e-10


def test_features_equal_the_golden_ones(model: Any) -> None:
    golden = load(DATA / "golden.safetensors")
    pixels, aspects = golden["in.pixel_values"][:, 0], golden["in.aspect_ratio_ids"][0]
    used = int(golden["in.aspect_ratio_mask"].sum())
    features = by_us(model.model.vision_model, pixels, aspects, used)
    assert gap(features, golden["expected.vision_features"].reshape(features.shape)) < 1e-5


def test_pictures_do_not_see_each_other(model: Any) -> None:
    tower = model.model.vision_model
    pixels, aspects, used = made(6)
    together = by_us(tower, pixels, aspects, used)
    for number in range(len(pixels)):
        one = slice(number, number + 1)
        assert gap(by_us(tower, pixels[one], aspects[one], used), together[one]) < 1e-5


def test_an_adapter_on_the_tower_counts(model: Any) -> None:
    from kurabe.models import adapters

    tower = model.model.vision_model
    before = by_us(tower, *made(5))
    wrapped = adapters.attach(model, llama("unsloth_regex"), "a").model
    adapters.use(wrapped, "a")
    assert gap(by_us(tower, *made(5)), before) > 1e-3
    # Its features are six times as large, so float32 rounds more coarsely; float64 hides nothing.
    wrapped.double()
    pixels, aspects, used = made(5)
    exact = by_transformers(tower, pixels.double(), aspects, used)
    assert gap(by_us(tower, pixels.double(), aspects, used), exact) < 1e-10


@pytest.mark.parametrize("layers", [[2, 0], [1, -1]])
def test_any_layers_may_be_kept(model: Any, layers: list[int]) -> None:
    """The last number stands for the tower's output, as transformers counts."""
    tower = model.model.vision_model
    tower.intermediate_layers_indices = tower.config.intermediate_layers_indices = layers
    assert gap(by_us(tower, *made(3)), by_transformers(tower, *made(3))) < 1e-5


@pytest.mark.parametrize("aspect", [1, 3, 6])
def test_no_attention_is_given_a_mask(model: Any, aspect: int) -> None:
    from torch.overrides import TorchFunctionMode

    masks: list[Any] = []

    class Watching(TorchFunctionMode):
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            if getattr(func, "__name__", "") == "scaled_dot_product_attention":
                masks.append(args[3] if len(args) > 3 else (kwargs or {}).get("attn_mask"))
            return func(*args, **(kwargs or {}))

    with Watching():
        by_us(model.model.vision_model, *made(aspect))
    assert masks == [None] * 2 * 3  # two calls in each of three layers

    masks.clear()
    with Watching():
        by_transformers(model.model.vision_model, *made(aspect))
    assert all(mask is not None for mask in masks)


@pytest.mark.parametrize(("width", "height"), [(50, 50), (50, 110), (168, 56), (110, 110)])
def test_bytes_are_normalised_as_the_processor_does(width: int, height: int) -> None:
    import torch
    from transformers import MllamaImageProcessor

    from kurabe.models.families.mllama import vision as mllama_vision

    build: Any = MllamaImageProcessor
    size = {"height": 56, "width": 56}
    normalising, plain = build(size=size), build(size=size, do_rescale=False, do_normalize=False)
    pixels = np.random.default_rng(7).integers(0, 256, (height, width, 3), dtype=np.uint8)
    image = Image.fromarray(pixels)
    expected = normalising(image, return_tensors="pt")
    used = int(expected["aspect_ratio_mask"].sum())
    tiles = plain(image, return_tensors="pt")["pixel_values"][0, 0, :used].to(torch.uint8)
    scales = mllama_vision.scales(normalising, torch.device("cpu"))
    ours = mllama_vision.normalise([tiles], 4, *scales, torch.float32)
    assert gap(ours, expected["pixel_values"][0]) < 1e-6

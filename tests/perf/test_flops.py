"""The formula of a pair's arithmetic, held against what PyTorch counts while tiny models run."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from kurabe.models.config import LocalSettings
from kurabe.models.engines.local.checkpoint import Base
from perf import flops
from tests.support import checkpoints

TOLERANCE = 2e-3
"""Rotary positions are made by a small product that the formula leaves out."""


def _counted(model: Any, tensors: dict[str, torch.Tensor]) -> int:
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        model(**tensors, logits_to_keep=1, use_cache=False)
    return int(counter.get_total_flops())


def _loaded(folder: Path) -> Any:
    return Base(LocalSettings(checkpoint=str(folder), attention="eager", device="cpu"), folder.parent).load()


def test_phi3v_costs_what_is_counted(tmp_path: Path) -> None:
    loaded = _loaded(checkpoints.golden_phi3v(tmp_path / "tiny"))
    config, processor = loaded.model.config, loaded.processor
    picture = import_module("PIL.Image").new("RGB", (300, 200), (90, 20, 30))
    text = "<|user|>\n<|image_1|>\n<|image_2|>\nIs there a difference?<|end|>\n<|assistant|>\n"
    tensors = dict(processor(text=text, images=[picture, picture], num_crops=4, return_tensors="pt"))
    tokens = tensors["input_ids"].shape[1]
    crops = sum(1 + rows * columns for rows, columns in _crops(config, tensors["image_sizes"]))
    # The model itself computes the scores that causality hides.
    vision = crops * flops.phi_crop(config) + flops.phi_projection(config, crops * config.crop_grid**2 + 2)
    expected = vision + flops.phi_language(config, tokens, causal=False)
    assert _counted(loaded.model, tensors) == pytest.approx(expected, rel=TOLERANCE)
    work = flops.costs_of(config, 4, 4).prompt(tokens, [picture.size, picture.size])
    assert work.vision == vision
    assert 0.5 * expected < work.total < expected


def _crops(config: Any, image_sizes: torch.Tensor) -> list[tuple[int, int]]:
    side = config.crop_size
    return [(int(height) // side, int(width) // side) for height, width in image_sizes.tolist()]


def test_mllama_costs_what_is_counted(tmp_path: Path) -> None:
    loaded = _loaded(checkpoints.golden_mllama(tmp_path / "tiny"))
    config, processor = loaded.model.config, loaded.processor
    side = config.vision_config.image_size
    picture = import_module("PIL.Image").new("RGB", (2 * side, 2 * side), (90, 20, 30))
    text = "<s><|user|><|image|>Is there a difference?<|assistant|>"
    tensors = dict(processor(text=[text], images=[[picture]], add_special_tokens=False, return_tensors="pt"))
    tokens = tensors["input_ids"].shape[1]
    positions = flops.mllama_positions(config, picture.size, 4)
    patches = (side // config.vision_config.patch_size) ** 2 + 1
    assert positions == 4 * patches
    # transformers fills each tile up to a multiple of eight positions, which the projector does not see.
    filled = 4 * (-(-patches // 8) * 8)
    expected = flops.mllama_vision(config, filled) - _projector(config, filled - positions)
    expected -= (filled - positions) * _patch(config)
    expected -= 4 * _patch(config)  # the class token comes from no pixels
    expected += flops.mllama_language(config, tokens, positions, causal=False)
    assert _counted(loaded.model, tensors) == pytest.approx(expected, rel=TOLERANCE)
    work = flops.costs_of(config, None, 4).prompt(tokens, [picture.size])
    assert 0.5 * expected < work.total < expected


def _projector(config: Any, rows: int) -> int:
    return int(2 * rows * config.vision_config.vision_output_dim * config.text_config.hidden_size)


def _patch(config: Any) -> int:
    vision = config.vision_config
    return int(2 * vision.num_channels * vision.patch_size**2 * vision.hidden_size)


def test_a_decoding_step_costs_what_is_counted(tmp_path: Path) -> None:
    loaded = _loaded(checkpoints.golden_phi3v(tmp_path / "tiny"))
    ids = torch.arange(3, 20)[None]
    with torch.inference_mode():
        past = loaded.model(input_ids=ids, use_cache=True).past_key_values
        with FlopCounterMode(display=False) as counter:
            loaded.model(input_ids=ids[:, :1], past_key_values=past, use_cache=True)
    expected = flops.costs_of(loaded.model.config, None, 4).step(ids.shape[1], [])
    assert counter.get_total_flops() == pytest.approx(expected, rel=TOLERANCE)


def test_phi_at_full_size_costs_what_was_published_of_it() -> None:
    native: Any = import_module("kurabe.models.families.phi3v")
    config = native.Phi3VConfig(
        hidden_size=3072, num_hidden_layers=32, num_attention_heads=32, num_key_value_heads=32,
        intermediate_size=8192, vocab_size=32064,
    )  # fmt: skip
    costs = flops.costs_of(config, 4, 2)
    assert costs.row_bytes(1, []) == 2 * 32 * 3072 * 2
    floor = flops.floor(costs, [(1539, [(640, 640)] * 2)], (791e12, 4.3e12), new_tokens=64, rows=64)
    assert floor.vision_tflop == pytest.approx(3.7, abs=0.1)
    assert floor.step_gigabytes == pytest.approx(47, abs=1)
    assert floor.pairs_per_second == pytest.approx(33, abs=3)


def test_causality_hides_almost_half_of_the_scores() -> None:
    assert flops.scores(4, 4, 8, causal=True) == 4 * 10 * 8
    assert flops.scores(2, 5, 8, causal=True) == 4 * (4 + 5) * 8
    assert flops.scores(4, 4, 8, causal=False) == 4 * 16 * 8


def test_an_unknown_architecture_is_refused() -> None:
    with pytest.raises(ValueError, match="no formula"):
        flops.costs_of(import_module("transformers").LlavaConfig(), None, 2)

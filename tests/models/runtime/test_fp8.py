"""Linear layers in 8 bits: near what they stand for, with adapters around them, and in a whole model."""

import copy
import statistics
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from kurabe.common.errors import ModelError
from kurabe.models import adapters, families
from kurabe.models.runtime import fp8
from kurabe.models.runtime.fp8 import Fp8Linear, Quantised, put_in, quantised
from kurabe.models.runtime.kernels.elementwise import Elementwise
from kurabe.models.runtime.loop import answer_rows
from tests.models.runtime.made import DATA, PAD, golden, picture, row, runtime

NEEDS_EIGHTS = pytest.mark.skipif(
    not torch.cuda.is_available() or torch.cuda.get_device_capability() < fp8.LEAST_CAPABILITY,
    reason="needs a CUDA GPU that multiplies in 8-bit floating point",
)
DEVICES = ["cpu", pytest.param("cuda", marks=NEEDS_EIGHTS)]


def layer(device: str, bias: bool = True, seed: int = 0) -> nn.Linear:
    torch.manual_seed(seed)
    return nn.Linear(64, 48, bias=bias).to(device, torch.bfloat16).requires_grad_(False)


def off(found: torch.Tensor, exact: torch.Tensor) -> float:
    """How far something is from what it should be, as a share of that."""
    return float((found.float() - exact.float()).norm() / exact.float().norm())


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("rows", [0, 1, 3, 17, 200])
def test_a_product_in_8_bits_is_near_the_one_in_16(device: str, bias: bool, rows: int) -> None:
    exact = layer(device, bias)
    inputs = torch.randn(rows, 64, device=device, dtype=torch.bfloat16)
    inputs *= torch.logspace(-3, 3, max(rows, 1), device=device)[:rows, None]  # a scale for all would not do
    made = Fp8Linear(exact)
    found = made(inputs)
    assert found.shape == (rows, 48)
    assert found.dtype == torch.bfloat16
    wanted = exact(inputs)
    for row_found, row_wanted in zip(found, wanted, strict=True):
        assert off(row_found, row_wanted) < 0.1
    assert torch.equal(made(quantised(inputs)), found)


@NEEDS_EIGHTS
def test_scales_that_come_after_the_product_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    made, inputs = Fp8Linear(layer("cuda")), torch.randn(40, 64, device="cuda", dtype=torch.bfloat16)
    usual = made(inputs)
    monkeypatch.setattr(fp8, "rows_scaled", lambda _device, _biased: False)
    assert off(made(inputs), usual) < 0.01


def test_leading_axes_stay() -> None:
    made, inputs = Fp8Linear(layer("cpu")), torch.randn(2, 3, 5, 64).bfloat16()
    found = made(inputs)
    assert found.shape == (2, 3, 5, 48)
    assert torch.equal(found[1, 2], made(inputs[1, 2]))
    assert quantised(inputs).values.shape == inputs.shape


def test_what_is_no_number_stays_none() -> None:
    made, inputs = Fp8Linear(layer("cpu")), torch.randn(3, 64).bfloat16()
    inputs[1, 5] = torch.nan
    assert made(inputs).isfinite().all(1).tolist() == [True, False, True]


def test_layers_of_other_sizes_stay_as_they_are() -> None:
    inner = nn.Sequential(nn.Linear(16, 16))
    model = nn.Sequential(nn.Linear(32, 16), nn.Linear(16, 10), inner, nn.LayerNorm(16))
    assert put_in([model]) == 2
    assert [type(part).__name__ for part in model.modules()].count("Fp8Linear") == 2
    assert type(model[1]) is nn.Linear


def test_only_layers_with_nothing_around_them_take_what_is_quantised() -> None:
    plain, made = layer("cpu"), Fp8Linear(layer("cpu"))
    assert not fp8.takes_quantised(plain)
    assert fp8.takes_quantised(made)
    made.register_forward_hook(lambda *_: None)
    assert not fp8.takes_quantised(made)


def put(model: Any) -> int:
    return put_in(families.of_model(model).matrices(model))


def test_the_large_layers_of_a_model_are_put_in() -> None:
    model = golden()
    number = put(model)
    held = [name for name, part in model.named_modules() if type(part) is Fp8Linear]
    assert len(held) == number > 0
    assert all(".layers." in name for name in held)
    kinds = {name.rpartition(".")[2] for name in held}
    assert kinds >= {
        "qkv_proj",
        "o_proj",
        "gate_up_proj",
        "fc1",
        "q_proj",
    }
    assert type(model.lm_head) is nn.Linear


def logits(model: Any, rows: list[Any]) -> torch.Tensor:
    made = runtime(model)
    return answer_rows(made, rows, limit=4, ends=frozenset(), pad=PAD).first_logits


@pytest.fixture
def rows() -> list[Any]:
    return [row(n, picture(1, 1, 2), picture(10 + n)) for n in range(3)] + [row(9, words=5)]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("adapter", [None, "lm_only", "2u1_vision"])
def test_a_model_answers_nearly_the_same(device: str, adapter: str | None, rows: list[Any]) -> None:
    exact = golden(torch.bfloat16).to(device)
    eights = copy.deepcopy(exact)
    put(eights)
    if adapter is not None:
        exact, eights = (
            adapters.attach(model, DATA / "adapters" / adapter, adapter).model for model in (exact, eights)
        )
        for model in (exact, eights):
            adapters.use(model, adapter)
        assert off(logits(eights, rows), logits(golden(torch.bfloat16).to(device), rows)) > 0.2
    # One of the rows is sensitive: bfloat16 alone moves it three times as far as the others.
    pairs = zip(logits(eights, rows), logits(exact, rows), strict=True)
    assert 1e-4 < statistics.median(off(*pair) for pair in pairs) < 0.15


@NEEDS_EIGHTS
def test_what_is_quantised_where_it_is_made_gives_nearly_the_same(rows: list[Any]) -> None:
    model = golden(torch.bfloat16).cuda()
    put(model)
    fused, apart = (
        answer_rows(runtime(model, fused=own), rows, limit=4, ends=frozenset(), pad=PAD).first_logits
        for own in (True, False)
    )
    assert off(fused, apart) < 0.1


@NEEDS_EIGHTS
def test_captured_steps_write_the_same_tokens(rows: list[Any]) -> None:
    model = golden(torch.bfloat16).cuda()
    put(model)
    made = runtime(model)
    found = []
    for graphs in (False, True, True):
        made.graphs = graphs
        found.append(answer_rows(made, rows, limit=24, ends=frozenset(), pad=PAD).tokens)
    assert made.counts.graphs_captured > 0
    assert found[0] == found[1] == found[2]


def test_nothing_is_made_in_8_bits_on_the_cpu() -> None:
    made, states = Fp8Linear(layer("cpu")), torch.randn(3, 64).bfloat16()
    norm = nn.RMSNorm(64).bfloat16()
    assert isinstance(Elementwise().norm(norm, states, made), torch.Tensor)
    assert not isinstance(Elementwise().offered(states, made), Quantised)


def test_an_adapter_that_brings_a_layer_whole_is_refused(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = DATA / "adapters" / "lm_only"
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = tmp_path / "adapter_model.safetensors"
    saved = load_file(weights)
    model = golden()
    name = next(name for name, part in model.named_modules() if name.endswith("layers.0.mlp.down_proj"))
    saved[f"base_model.model.{name}.weight"] = model.get_submodule(name).weight.detach().clone()
    save_file(saved, weights)
    put(model)
    with pytest.raises(ModelError, match="in 8 bits"):
        adapters.attach(model, tmp_path, "whole")

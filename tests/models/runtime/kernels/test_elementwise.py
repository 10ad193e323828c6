"""Our kernels against what torch computes: on a GPU as they are, elsewhere by Triton's interpreter."""

import importlib
from typing import Any

import pytest
import torch

from kurabe.models.runtime.kernels.elementwise import Elementwise
from tests.support import interpreted

pytest.importorskip("triton")

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
RUNS_HERE = DEVICE == "cuda" or interpreted.INTERPRETS
KINDS = {"epsilon": "fp32", "positions": "*i64"}
"""Of arguments that are neither whole numbers nor tensors of the model's type."""

CASES = [(torch.float32, 1e-5), (torch.bfloat16, 2e-2)]


@pytest.mark.skipif(RUNS_HERE, reason="the tests below run as they are")
def test_the_interpreter_passes_the_tests_below() -> None:
    interpreted.run(__file__)


@pytest.mark.parametrize(
    ("name", "pointers", "constants"),
    [
        ("_rope", ["heads", "cosines", "sines"], {"half": 48, "block": 64, "together": 16}),
        (
            "_turned_and_kept",
            ["q", "k", "v", "cosines", "sines", "kept_keys", "kept_values"],
            {"half": 48, "turned_block": 64, "channels": 96, "block": 128, "together": 16},
        ),
        ("_gated", ["gate", "up", "out"], {"block": 2048}),
        ("_quick_gelu", ["states"], {"block": 2048}),
        (
            "_added_and_normed",
            ["states", "change", "gate", "weight", "bias", "out"],
            {"block": 1024, "gated": True},
        ),
    ],
)
@pytest.mark.skipif(interpreted.INTERPRETS, reason="the interpreter compiles nothing")
def test_each_kernel_compiles_for_a_gpu(name: str, pointers: list[str], constants: dict[str, int]) -> None:
    kernel = getattr(importlib.import_module("kurabe.models.runtime.kernels.triton"), name)
    made = interpreted.compiled(kernel, KINDS | dict.fromkeys(pointers, "*bf16"), constants)
    assert ".visible .entry" in made.asm["ptx"]


@pytest.fixture(scope="module")
def kernels() -> Any:
    if not RUNS_HERE:
        pytest.skip(f"needs a GPU, or {interpreted.VARIABLE}=1, as another test sets it")
    return importlib.import_module("kurabe.models.runtime.kernels.triton")


def drawn(*shape: int, dtype: torch.dtype, seed: int = 0) -> torch.Tensor:
    numbers = torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
    return numbers.to(DEVICE, dtype)


def near(found: torch.Tensor, expected: torch.Tensor, within: float) -> None:
    gap = (found.float() - expected.float()).abs().max() / expected.float().abs().max()
    assert float(gap) <= within


@pytest.mark.parametrize(("dtype", "within"), CASES)
@pytest.mark.parametrize(("channels", "turned", "heads"), [(96, 96, 20), (32, 16, 3)])
def test_heads_are_turned_in_place_within_a_wider_row(
    kernels: Any, dtype: torch.dtype, within: float, channels: int, turned: int, heads: int
) -> None:
    whole = drawn(5, heads + 4, channels, dtype=dtype)
    angles = drawn(5, turned // 2, dtype=torch.float32, seed=1).repeat(1, 2)
    cosines, sines = angles.cos().to(dtype), angles.sin().to(dtype)
    before = whole.clone()
    expected = Elementwise(fused=False).rope(before[:, :heads].clone(), cosines, sines)
    kernels.rope(whole[:, :heads], cosines, sines)
    near(whole[:, :heads], expected, within)
    assert torch.equal(whole[:, heads:], before[:, heads:])


@pytest.mark.parametrize(("dtype", "within"), CASES)
@pytest.mark.parametrize(("heads", "kv_heads"), [(20, 20), (12, 3)])
@pytest.mark.parametrize(("channels", "turned"), [(96, 96), (24, 16)])
def test_one_token_a_row_is_turned_and_stored_in_its_column(
    kernels: Any, dtype: torch.dtype, within: float, heads: int, kv_heads: int, channels: int, turned: int
) -> None:
    # Side by side, as one product gives them.
    whole = drawn(3, heads + 2 * kv_heads, channels, dtype=dtype)
    angles = drawn(3, turned // 2, dtype=torch.float32, seed=1).repeat(1, 2)
    turns = angles.cos().to(dtype), angles.sin().to(dtype)
    positions = torch.tensor([0, 5, 2], device=DEVICE)
    kept, small = drawn(2, 3, kv_heads, 6, channels, dtype=dtype, seed=2), Elementwise(fused=False)
    parts, expected = whole.clone().split([heads, kv_heads, kv_heads], 1), kept.clone()
    queries = small.turned_and_kept(parts, turns, positions, (expected[0], expected[1]))
    own = whole.split([heads, kv_heads, kv_heads], 1)
    kernels.turned_and_kept(*own, *turns, positions, kept[0], kept[1])
    near(own[0], queries, within)
    near(kept, expected, within)
    others = torch.ones(6, dtype=torch.bool, device=DEVICE)
    others[positions] = False
    assert torch.equal(kept[:, :, :, others], expected[:, :, :, others])
    assert torch.equal(kept[1], expected[1])  # values are stored as they are


@pytest.mark.parametrize(("dtype", "within"), CASES)
@pytest.mark.parametrize("width", [7, 2500])
def test_gates_are_computed_within_a_wider_row(
    kernels: Any, dtype: torch.dtype, within: float, width: int
) -> None:
    gate, up = drawn(3, 2 * width, dtype=dtype).chunk(2, -1)
    near(kernels.gated(gate, up), torch.nn.functional.silu(gate.float()) * up.float(), within)


@pytest.mark.parametrize(("dtype", "within"), CASES)
def test_quick_gelu_is_computed_in_place(kernels: Any, dtype: torch.dtype, within: float) -> None:
    states = drawn(3, 11, 70, dtype=dtype)
    expected = states.float() * torch.sigmoid(1.702 * states.float())
    kernels.quick_gelu(states)
    near(states, expected, within)


@pytest.mark.parametrize(("dtype", "within"), CASES)
@pytest.mark.parametrize("width", [64, 1280])
@pytest.mark.parametrize("gate", [None, -0.5])
def test_a_sum_is_kept_and_normed(
    kernels: Any, dtype: torch.dtype, within: float, width: int, gate: float | None
) -> None:
    states, change = drawn(2, 2, 3, width, dtype=dtype)
    weight, bias = drawn(2, width, dtype=dtype, seed=2)
    opened = None if gate is None else torch.tensor([gate], dtype=dtype, device=DEVICE)
    total = states + (change if opened is None else change * opened)
    expected = torch.nn.functional.layer_norm(total.float(), (width,), weight.float(), bias.float(), 1e-5)
    found = kernels.added_and_normed(states, change, weight, bias, 1e-5, opened)
    near(states, total, within)
    near(found, expected, within)

"""Kernels that make 8 bits, against torch: on a GPU as they are, elsewhere by Triton's interpreter."""

import importlib
from typing import Any

import pytest
import torch
from torch.nn import functional

from kurabe.models.runtime.fp8 import plainly_quantised
from tests.support import interpreted

pytest.importorskip("triton")

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
RUNS_HERE = DEVICE == "cuda" or interpreted.INTERPRETS
KINDS = {"out": "*fp8e4nv", "scales": "*fp32", "epsilon": "fp32"}
DTYPE = torch.float32 if interpreted.INTERPRETS else torch.bfloat16
"""The interpreter loses a carry where it rounds."""

STEP = 2.0**-4 + 2.0**-9
"""Relative distance of two neighbours, and a rounding before."""


@pytest.mark.skipif(RUNS_HERE, reason="the tests below run as they are")
def test_the_interpreter_passes_the_tests_below() -> None:
    interpreted.run(__file__)


@pytest.mark.parametrize(
    ("name", "pointers", "constants"),
    [
        ("_quantised", ["states"], {"block": 4096, "activation": 2}),
        ("_gated", ["gate", "up"], {"block": 8192}),
        (
            "_normed",
            ["states", "change", "gate", "weight", "bias"],
            {"block": 1024, "added": True, "gated": True, "centred": True},
        ),
    ],
)
@pytest.mark.skipif(interpreted.INTERPRETS, reason="the interpreter compiles nothing")
def test_each_kernel_compiles_for_a_gpu(name: str, pointers: list[str], constants: dict[str, int]) -> None:
    kernel = getattr(importlib.import_module("kurabe.models.runtime.kernels.fp8"), name)
    made = interpreted.compiled(kernel, KINDS | dict.fromkeys(pointers, "*bf16"), constants)
    assert "cvt.rn.satfinite.e4m3x2" in made.asm["ptx"]


@pytest.fixture(scope="module")
def kernels() -> Any:
    if not RUNS_HERE:
        pytest.skip(f"needs a GPU, or {interpreted.VARIABLE}=1, as another test sets it")
    if DEVICE == "cuda" and torch.cuda.get_device_capability() < (8, 9):
        pytest.skip("this GPU has no 8-bit floating point")
    module: Any = importlib.import_module("kurabe.models.runtime.kernels.fp8")
    if interpreted.INTERPRETS:
        module.STORED = torch.float32
    return module


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    numbers = torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
    return numbers.to(DEVICE, DTYPE)


def assert_made(made: tuple[torch.Tensor, torch.Tensor], exact: torch.Tensor) -> None:
    """Values are within a step of their own size, or of the smallest one of the row."""
    values, scales = made
    assert scales.shape == (len(exact), 1)
    torch.testing.assert_close(scales, exact.float().abs().amax(1, keepdim=True) / 448, rtol=1e-2, atol=1e-9)
    found = values.float() * scales
    assert ((found - exact.float()).abs() <= STEP * exact.float().abs() + scales * 2.0**-9).all()


@pytest.mark.parametrize("activation", ["", "QuickGELUActivation", "GELUActivation"])
def test_rows_have_a_scale_each(kernels: Any, activation: str) -> None:
    wide = drawn(5, 96) * torch.tensor([[1e-3], [1.0], [50.0], [0.0], [3.0]], device=DEVICE).to(DTYPE)
    rows = wide[:, :80]  # rows that do not stand beside each other
    exact = {
        "": rows,
        "QuickGELUActivation": rows.float() * (1.702 * rows.float()).sigmoid(),
        "GELUActivation": functional.gelu(rows.float()),
    }[activation]
    made = kernels.quantised(rows, activation)
    assert_made(made, exact)
    if not activation:
        assert made[0].float().abs().amax(1).tolist() == pytest.approx([448, 448, 448, 0, 448])
        plain = plainly_quantised(rows)
        assert ((plain[0].float() * plain[1] - made[0].float() * made[1]).abs() <= STEP * rows.abs()).all()


def test_a_row_that_is_no_number_stays_none(kernels: Any) -> None:
    rows = drawn(3, 32)
    rows[0, 3], rows[1, 4] = torch.nan, torch.inf
    values, scales = kernels.quantised(rows)
    found = (values.float() * scales).isfinite().all(1).tolist()
    assert found == [False, False, True]


def test_gates_are_opened(kernels: Any) -> None:
    gate, up = drawn(4, 192).chunk(2, -1)
    assert_made(kernels.gated(gate, up), functional.silu(gate.float()) * up.float())


@pytest.mark.parametrize("added", [False, True])
@pytest.mark.parametrize("gated", [False, True])
@pytest.mark.parametrize("centred", [False, True])
def test_norms_of_sums(kernels: Any, added: bool, gated: bool, centred: bool) -> None:
    states, change, gate = drawn(4, 80), drawn(4, 80, seed=1), drawn(1, seed=2)
    weight, bias = drawn(80, seed=3), drawn(80, seed=4)
    sums = states.float()
    if added:
        sums = sums + change.float() * (gate.float() if gated else 1)
    kept = sums.to(DTYPE)
    wide = kept.float()
    if centred:
        exact = functional.layer_norm(wide, (80,), weight.float(), bias.float(), 1e-5)
    else:
        exact = functional.rms_norm(wide, (80,), weight.float(), 1e-5)
    made = kernels.normed(
        states, weight, bias if centred else None, 1e-5, change if added else None, gate if gated else None
    )
    assert_made(made, exact)
    torch.testing.assert_close(states, kept)

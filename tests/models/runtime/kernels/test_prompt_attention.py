"""Our attention kernel against attention in float32: on a GPU as it is, elsewhere by Triton's interpreter."""

import importlib
import sys
from typing import Any

import pytest
import torch
from torch import Tensor

from kurabe.models.families.mllama import vision as mllama_vision
from kurabe.models.runtime.kernels import attention
from tests.support import interpreted

pytest.importorskip("triton")

ON_GPU = torch.cuda.is_available() and torch.cuda.get_device_capability()[0] == 9
DEVICE = "cuda" if ON_GPU else "cpu"
RUNS_HERE = ON_GPU or interpreted.INTERPRETS
HERE = "kurabe.models.runtime.kernels.prompt_attention"
DTYPE = torch.bfloat16 if ON_GPU else torch.float16
"""The interpreter multiplies matrices of bfloat16 as if their bits were integers."""


@pytest.mark.skipif(RUNS_HERE, reason="the tests below run as they are")
def test_the_interpreter_passes_the_tests_below() -> None:
    interpreted.run(__file__)


def compiled(tiling: Any, channels: int, causal: bool) -> Any:
    module = importlib.import_module(HERE)
    wide, narrow = module.parts(channels)
    kinds = {"scale": "fp32", "q": "*bf16", "out": "*bf16"}
    for part, width in (("wide", wide), ("narrow", narrow or wide)):
        for name in (f"k_{part}", f"v_{part}"):
            kinds[name] = f"tensordesc<bf16[{tiling.keys}, {width}]>"
    constants = {"wide": wide, "narrow": narrow, "queries": tiling.queries, "keys": tiling.keys}
    options = {"num_warps": tiling.warps, "num_stages": tiling.stages}
    if tiling.registers:
        options["maxnreg"] = tiling.registers
    aligned = ("q", "out", "q_row", "q_head", "q_position")
    return interpreted.compiled(module._attention, kinds, constants | {"causal": causal}, aligned, **options)


@pytest.mark.parametrize(("channels", "causal"), [(80, False), (96, True), (64, False)])
@pytest.mark.skipif(interpreted.INTERPRETS, reason="the interpreter compiles nothing")
def test_all_products_are_those_of_warpgroups_and_the_copy_engine_fetches(
    channels: int, causal: bool
) -> None:
    module = importlib.import_module(HERE)
    tiling = module.Tiling()
    made = compiled(tiling, channels, causal)
    ptx = made.asm["ptx"]
    for columns in (tiling.keys, *(part for part in module.parts(channels) if part)):
        assert f"wgmma.mma_async.sync.aligned.m64n{columns}k16" in ptx
    assert " mma.sync" not in ptx
    assert "cp.async.bulk.tensor" in ptx
    # Two programs fit on a multiprocessor.
    assert made.metadata.shared <= 113 * 1024


@pytest.fixture(scope="module")
def module() -> Any:
    if not RUNS_HERE:
        pytest.skip(f"needs a GPU, or {interpreted.VARIABLE}=1, as another test sets it")
    return importlib.import_module(HERE)


@pytest.fixture
def small(module: Any) -> Any:
    return module.Tiling(queries=64, keys=32, warps=4)


def heads(rows: int, number: int, positions: int, channels: int) -> tuple[Tensor, ...]:
    """Return queries, keys and values as linear layers write them."""
    drawn = torch.randn(3, rows, positions, number, channels, generator=torch.Generator().manual_seed(0))
    # Scores that differ by more than rounding, and grow with the position, so that the highest one changes.
    drawn[1] *= torch.linspace(0.5, 3, positions)[:, None, None]
    q, k, v = drawn.to(DEVICE, DTYPE).transpose(2, 3)
    return q, k, v


def expected(q: Tensor, k: Tensor, v: Tensor, real: int | None = None, causal: bool = False) -> Tensor:
    seen = torch.ones(q.shape[2], k.shape[2], dtype=torch.bool, device=q.device)
    if causal:
        seen = seen.tril(k.shape[2] - q.shape[2])
    elif real is not None:
        seen[real:, real:] = False
    scores = (q.float() @ k.float().transpose(-1, -2)) * q.shape[-1] ** -0.5
    return torch.matmul(scores.masked_fill(~seen, -torch.inf).softmax(-1), v.float())


def near(found: Tensor, exact: Tensor, within: float = 0.01) -> None:
    assert found.shape == exact.shape
    assert float((found.float() - exact.float()).abs().max() / exact.float().abs().max()) <= within


@pytest.mark.parametrize(
    ("positions", "real"),
    [
        (128, None),  # all full blocks
        (150, None),  # a ragged end, of queries and of keys
        (150, 100),  # a block of both kinds
        (160, 128),  # padding begins with a block
        (160, 64),
        (150, 7),  # fewer real positions than one step takes
        (20, 5),  # one block of everything
        (97, 1),
    ],
)
def test_padding_sees_real_positions_and_they_see_all(
    module: Any, small: Any, positions: int, real: int | None
) -> None:
    q, k, v = heads(2, 3, positions, 80)
    found = module.attend(q, k, v, real=real, tiling=small)
    near(found, expected(q, k, v, real))
    assert found.dtype == q.dtype
    # So that heads beside each other are no copy.
    assert found.transpose(1, 2).is_contiguous()


@pytest.mark.parametrize(("positions", "columns"), [(128, 128), (150, 150), (31, 31), (1, 1), (33, 100)])
def test_causal_queries_see_what_is_before_them(
    module: Any, small: Any, positions: int, columns: int
) -> None:
    q, k, v = heads(2, 3, columns, 96)
    q = q[:, :, columns - positions :]
    near(module.attend(q, k, v, causal=True, tiling=small), expected(q, k, v, causal=True))


def test_what_stands_behind_a_causal_query_changes_nothing(module: Any, small: Any) -> None:
    q, k, v = heads(1, 2, 100, 96)
    before = module.attend(q, k, v, causal=True, tiling=small)
    k[:, :, 70:], v[:, :, 70:] = 50, -50
    after = module.attend(q, k, v, causal=True, tiling=small)
    assert torch.equal(after[:, :, :70], before[:, :, :70])
    assert not torch.equal(after[:, :, 70:], before[:, :, 70:])


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("channels", [16, 48, 64, 80, 96])
def test_heads_of_other_sizes_are_attended_to(module: Any, small: Any, channels: int, causal: bool) -> None:
    q, k, v = heads(1, 2, 70, channels)
    near(module.attend(q, k, v, causal=causal, tiling=small), expected(q, k, v, causal=causal))


def test_keys_within_wider_rows_are_fetched_as_they_lie(module: Any, small: Any) -> None:
    whole = torch.randn(2, 70, 3, 2, 48, generator=torch.Generator().manual_seed(1))
    q, k, v = whole.to(DEVICE, DTYPE).permute(2, 0, 3, 1, 4).unbind(0)
    assert module.takes(q, k, v)
    near(module.attend(q, k, v, tiling=small), expected(q, k, v))


def test_a_row_does_not_reach_into_the_one_before(module: Any, small: Any) -> None:
    q, k, v = heads(2, 2, 70, 80)
    k[1], v[1] = torch.nan, torch.nan
    near(module.attend(q, k, v, real=50, tiling=small)[0], expected(q, k, v, 50)[0])
    near(module.attend(q, k, v, causal=True, tiling=small)[0], expected(q, k, v, causal=True)[0])


def test_what_the_kernel_does_not_take_is_refused(module: Any) -> None:
    q, k, v = heads(1, 2, 20, 80)
    assert module.takes(q, k, v)
    together = [part.contiguous() for part in (q, k, v)]  # positions beside each other, heads apart
    for refused in (
        (q.float(), k.float(), v.float()),
        heads(1, 2, 20, 72),
        (q, k, v.transpose(2, 3).contiguous().transpose(2, 3)),
        (q, k[:, :1], v[:, :1]),  # queries in groups
        together,
    ):
        assert not module.takes(*refused)
        with pytest.raises(ValueError, match="not for this kernel"):
            module.attend(*refused)
    for more in ({"real": 0}, {"real": 21}):
        with pytest.raises(ValueError, match="real"):
            module.attend(q, k, v, **more)
    with pytest.raises(ValueError, match="causal"):
        module.attend(q, k[:, :, :5], v[:, :, :5], causal=True)


def test_without_a_fitting_gpu_torch_attends(monkeypatch: pytest.MonkeyPatch) -> None:
    place = torch.device("cpu"), torch.bfloat16
    assert "capability 9" in attention.own_kernels_refused(*place)["attention"]
    assert "16 bit" in attention.own_kernels_refused(torch.device("cuda"), torch.float32)["attention"]
    assert attention.own_kernel(*heads(1, 2, 20, 80)) is None or ON_GPU
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (9, 0))
    monkeypatch.setitem(sys.modules, HERE, None)
    attention._tried_with_prompts.cache_clear()
    attention.tried_with_tokens.cache_clear()
    refused = attention.own_kernels_refused(torch.device("cuda"), torch.bfloat16)
    assert "ModuleNotFoundError" in refused["attention"]
    attention._tried_with_prompts.cache_clear()
    attention.tried_with_tokens.cache_clear()


@pytest.mark.skipif(not ON_GPU, reason="needs a GPU of compute capability 9")
@pytest.mark.parametrize("tiles", [1, 2, 4])
def test_at_full_size_it_agrees_with_torchs_two_calls(module: Any, tiles: int) -> None:
    q, k, v = heads(2, 16, 6432, 80)
    by_torch = mllama_vision._seen_by_padding_too(q, k, v, tiles * 1601)
    near(module.attend(q, k, v, real=tiles * 1601), by_torch, within=0.02)


@pytest.mark.skipif(not ON_GPU, reason="needs a GPU of compute capability 9")
@pytest.mark.parametrize(("shape", "causal"), [((5, 32, 1569, 96), True), ((40, 16, 577, 64), False)])
def test_at_the_sizes_of_phi_it_agrees_with_torch(
    module: Any, shape: tuple[int, int, int, int], causal: bool
) -> None:
    q, k, v = heads(*shape)
    by_torch = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
    near(
        attention.prefill_attention(q, k, v) if causal else attention.full_attention(q, k, v), by_torch, 0.02
    )

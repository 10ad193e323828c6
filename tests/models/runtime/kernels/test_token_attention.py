"""Our kernel for single tokens against attention in float32: on a GPU, or by Triton's interpreter."""

import importlib
from typing import Any

import pytest
import torch
from torch import Tensor

from kurabe.models.runtime.kernels import attention
from tests.support import interpreted

pytest.importorskip("triton")

ON_GPU = torch.cuda.is_available() and torch.cuda.get_device_capability()[0] in (8, 9)
DEVICE = "cuda" if ON_GPU else "cpu"
RUNS_HERE = ON_GPU or interpreted.INTERPRETS
HERE = "kurabe.models.runtime.kernels.token_attention"
DTYPE = torch.bfloat16 if ON_GPU else torch.float16
"""The interpreter multiplies matrices of bfloat16 as if their bits were integers."""


@pytest.mark.skipif(RUNS_HERE, reason="the tests below run as they are")
def test_the_interpreter_passes_the_tests_below() -> None:
    interpreted.run(__file__)


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize(("channels", "group"), [(96, 1), (128, 4)])
@pytest.mark.skipif(interpreted.INTERPRETS, reason="the interpreter compiles nothing")
def test_keys_and_values_are_fetched_ahead(channels: int, group: int, cut: bool) -> None:
    module = importlib.import_module(HERE)
    tiling = module.Tiling()
    constants = {"group": group, "channels": channels, "queries": 16, "block": 128, "keys": tiling.keys}
    constants |= {"together": cut, "begun": not cut}
    pointers = dict.fromkeys(["q", "k", "v", "out"], "*bf16")
    pointers |= dict.fromkeys(["lengths", "members", "held"], "*i64")
    pointers |= dict.fromkeys(["mixed", "highest_of"], "*fp32" if cut else "*bf16")
    pointers |= dict.fromkeys(["before", "before_of"], "*bf16" if cut else "*fp32")
    strides = [f"{what}_{step}" for what in "kv" for step in ("row", "head", "column")]
    made = interpreted.compiled(
        module._attention,
        pointers | {"scale": "fp32"},
        constants | {"cut": cut},
        (*pointers, *strides, "q_row", "q_head"),
        num_warps=tiling.warps,
        num_stages=tiling.stages,
    )
    assert "cp.async.cg.shared.global" in made.asm["ptx"]
    # Three programs fit on a multiprocessor.
    assert made.metadata.shared <= 75 * 1024


@pytest.fixture(scope="module")
def module() -> Any:
    if not RUNS_HERE:
        pytest.skip(f"needs a GPU, or {interpreted.VARIABLE}=1, as another test sets it")
    return importlib.import_module(HERE)


def drawn(rows: int, heads: int, kv_heads: int, columns: int, channels: int) -> tuple[Tensor, ...]:
    """Return queries, keys and values; scores differ by more than rounding and grow with the column."""
    generator = torch.Generator().manual_seed(0)
    q = torch.randn(rows, heads, channels, generator=generator)
    k, v = torch.randn(2, rows, kv_heads, columns, channels, generator=generator)
    k *= torch.linspace(0.5, 3, columns)[:, None]
    return tuple(part.to(DEVICE, DTYPE) for part in (q, k, v))


def expected(q: Tensor, k: Tensor, v: Tensor, lengths: list[int]) -> Tensor:
    group = q.shape[1] // k.shape[1]
    k, v = (part.float().repeat_interleave(group, 1) for part in (k, v))
    scores = q.float()[:, :, None] @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
    seen = torch.arange(k.shape[2]) < torch.tensor(lengths)[:, None]
    weights = scores.masked_fill(~seen.to(q.device)[:, None, None], -torch.inf).softmax(-1)
    # As the rest is no number in some tests.
    return torch.matmul(weights, v.nan_to_num())[:, :, 0]


def near(found: Tensor, exact: Tensor) -> None:
    assert found.shape == exact.shape
    assert float((found.float() - exact.float()).abs().max() / exact.float().abs().max()) <= 0.01


@pytest.mark.parametrize("parts", [1, 2, 8, None])
@pytest.mark.parametrize(
    ("heads", "kv_heads", "channels"),
    [(4, 4, 96), (8, 2, 128), (3, 1, 16), (6, 6, 80), (40, 2, 64)],
)
def test_each_row_sees_its_own_columns(
    module: Any, heads: int, kv_heads: int, channels: int, parts: int | None
) -> None:
    q, k, v = drawn(4, heads, kv_heads, 300, channels)
    lengths = [1, 300, 64, 193]
    found = module.attend(q, k, v, torch.tensor(lengths, device=DEVICE), parts=parts)
    near(found, expected(q, k, v, lengths))
    assert found.dtype == DTYPE


@pytest.mark.parametrize("parts", [1, 4])
def test_what_a_row_does_not_see_may_be_no_number(module: Any, parts: int) -> None:
    q, k, v = drawn(3, 4, 2, 200, 96)
    lengths = [70, 0, 128]
    for row, length in enumerate(lengths):
        k[row, :, max(length, 1) :] = v[row, :, max(length, 1) :] = torch.nan
    found = module.attend(q, k, v, torch.tensor(lengths, device=DEVICE), parts=parts)
    near(found, expected(q, k.nan_to_num(), v, [70, 1, 128]))


@pytest.mark.parametrize("parts", [1, 2])
def test_keys_may_lie_column_by_column_within_a_larger_memory(module: Any, parts: int) -> None:
    q, *_ = drawn(2, 8, 2, 1, 128)
    memory = torch.randn(2, 3, 200, 2, 128, generator=torch.Generator().manual_seed(1)).to(DEVICE, DTYPE)
    k, v = memory[:, :2, :150].transpose(2, 3)
    lengths = torch.tensor([150, 99], device=DEVICE, dtype=torch.int32)
    near(module.attend(q, k, v, lengths, parts=parts), expected(q, k, v, [150, 99]))


def test_rows_are_cut_while_programs_are_few_and_rows_long(module: Any) -> None:
    assert module.parts_of(8, 6464, 528) == 16
    assert module.parts_of(48 * 8, 6464, 528) == 2
    assert module.parts_of(48 * 32, 1664, 528) == 1
    assert module.parts_of(1, 500, 528) == 1
    assert module.parts_of(1, 512, 528) == 2
    assert module.parts_of(1, 10**6, 10**6) == 32


def test_what_the_kernel_does_not_take_is_refused(module: Any) -> None:
    q, k, v = drawn(2, 4, 2, 20, 32)
    lengths = torch.tensor([20, 3], device=DEVICE)
    assert module.takes(q, k, v)
    for refused in (
        (q.float(), k.float(), v.float()),
        (q[:, :3], k, v),  # three heads cannot share two
        (q[..., :8], k[..., :8], v[..., :8]),
        (q, k, v.transpose(2, 3).contiguous().transpose(2, 3)),
        (q, k[:1], v[:1]),
    ):
        assert not module.takes(*refused)
        with pytest.raises(ValueError, match="not for this kernel"):
            module.attend(*refused, lengths)


def test_without_a_fitting_gpu_torch_attends() -> None:
    refused = attention.own_kernels_refused(torch.device("cpu"), torch.bfloat16)
    assert "capability 8 or 9" in refused["attention of tokens"]
    refused = attention.own_kernels_refused(torch.device("cuda"), torch.float32)
    assert "16 bit" in refused["attention of tokens"]
    q, k, v = (part.float().cpu() for part in drawn(3, 8, 2, 40, 32))
    lengths = [40, 1, 17]
    for plans in (False, True):
        found = attention.decode_attention(q, k, v, attention.Seen(torch.tensor(lengths), 40), plans=plans)
        near(found, expected(q, k, v, lengths))


@pytest.mark.skipif(not ON_GPU, reason="needs a GPU of compute capability 8 or 9")
@pytest.mark.parametrize(
    ("rows", "heads", "kv_heads", "columns", "channels"),
    [(48, 32, 32, 1664, 96), (1, 32, 32, 1664, 96), (48, 32, 8, 6464, 128), (1, 32, 8, 6464, 128)],
)
def test_at_full_size_it_agrees_with_torch(
    module: Any, rows: int, heads: int, kv_heads: int, columns: int, channels: int
) -> None:
    q, k, v = drawn(rows, heads, kv_heads, columns, channels)
    lengths = torch.linspace(columns // 2, columns, rows, device=DEVICE).long()
    seen = attention.Seen(lengths, columns)
    found = attention.decode_attention(q, k, v, seen)
    assert torch.equal(found, module.attend(q, k, v, lengths))
    near(found, attention.decode_attention(q, k, v, seen, own=False))


def test_kernels_are_imported_where_a_gpu_could_run_them(monkeypatch: pytest.MonkeyPatch) -> None:
    # Whatever goes wrong with a kernel only makes answers slower, so a wrong import would go unnoticed.
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (9, 0))
    tried = attention._tried_with_prompts, attention.tried_with_tokens
    try:
        for each in tried:
            each.cache_clear()
        refused = attention.own_kernels_refused(torch.device("cuda"), torch.bfloat16)
    finally:
        for each in tried:
            each.cache_clear()
    assert not any("Import" in why or "ModuleNotFound" in why for why in refused.values()), refused


@pytest.mark.parametrize("parts", [1, 2, None])
@pytest.mark.parametrize(("heads", "kv_heads", "channels"), [(4, 4, 96), (8, 2, 128)])
def test_rows_of_a_group_see_what_they_share_and_then_their_own(
    module: Any, heads: int, kv_heads: int, channels: int, parts: int | None
) -> None:
    q, own_k, own_v = drawn(5, heads, kv_heads, 40, channels)
    _, k, v = drawn(3, heads, kv_heads, 300, channels)
    own, shared = [7, 40, 1, 16, 33], [300, 129, 5]
    # The last row has nothing in common with others, and the last group has no rows any more.
    groups = [[0, 2], [3, 1]]
    members = torch.tensor([[0, 2, -1, -1], [3, 1, -1, -1], [-1] * 4]).to(DEVICE)
    held = torch.tensor([0, 5, 1, 4, -1]).to(DEVICE)
    k[0, :, 300:], own_k[0, :, 7:] = torch.nan, torch.nan
    begun = module.begin(q, k, v, torch.tensor(shared).to(DEVICE), members, held, parts=parts)
    found = module.attend(q, own_k, own_v, torch.tensor(own).to(DEVICE), begun=begun)
    alone = module.attend(q, k, v, torch.tensor(shared).to(DEVICE), members=members, parts=parts)
    for row in range(5):
        common = [(g, shared[g]) for g, rows in enumerate(groups) if row in rows]
        keys, values = (
            torch.cat([*(whole[g, :, :n] for g, n in common), mine[row, :, : own[row]]], 1)[None]
            for whole, mine in ((k, own_k), (v, own_v))
        )
        near(found[row : row + 1], expected(q[row : row + 1], keys, values, [keys.shape[2]]))
        for g, n in common:
            near(alone[row : row + 1], expected(q[row : row + 1], k[g : g + 1], v[g : g + 1], [n]))

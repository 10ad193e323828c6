"""Attention over trees of prompts: our kernel, and torch's way, against each row alone in float32."""

import importlib
from typing import Any

import pytest
import torch
from torch import Tensor

from kurabe.models.runtime.forest import forest, in_order
from kurabe.models.runtime.kernels.forest_attention import Sight, forest_attention, sights
from kurabe.models.runtime.prepared import Row
from tests.support import interpreted

pytest.importorskip("triton")

ON_GPU = torch.cuda.is_available() and torch.cuda.get_device_capability()[0] == 9
DEVICE = torch.device("cuda" if ON_GPU else "cpu")
RUNS_HERE = ON_GPU or interpreted.INTERPRETS
HERE = "kurabe.models.runtime.kernels.tree_attention"
DTYPE = torch.bfloat16 if ON_GPU else torch.float16
"""The interpreter multiplies matrices of bfloat16 as if their bits were integers."""


@pytest.mark.skipif(RUNS_HERE, reason="the tests below run as they are")
def test_the_interpreter_passes_the_tests_below() -> None:
    interpreted.run(__file__)


@pytest.mark.parametrize("runs", [1, 3])
@pytest.mark.skipif(interpreted.INTERPRETS, reason="the interpreter compiles nothing")
def test_keys_and_values_are_fetched_ahead(runs: int) -> None:
    module = importlib.import_module(HERE)
    pointers = dict.fromkeys(["q", "out"], "*bf16") | dict.fromkeys(["blocks", "firsts", "places"], "*i32")
    wide = dict.fromkeys(["k_wide", "v_wide"], "tensordesc<bf16[64, 64]>")
    narrow = dict.fromkeys(["k_narrow", "v_narrow"], "tensordesc<bf16[64, 32]>")
    constants = {"wide": 64, "narrow": 32, "queries": 128, "keys": 64, "runs": runs}
    made = interpreted.compiled(
        module._attention,
        pointers | wide | narrow | {"scale": "fp32"},
        constants,
        (*pointers, "q_token", "q_head", "out_token"),
        num_warps=4,
        num_stages=3,
    )
    assert made.asm["ptx"].count("cp.async.bulk.tensor") >= 4
    assert "wgmma.mma_async" in made.asm["ptx"]


def rows() -> list[Row]:
    """Two references with two tests and three questions each, one asked twice; and a row of its own."""
    drawn = torch.Generator().manual_seed(0)

    def words(number: int) -> list[int]:
        return torch.randint(0, 9999, (number,), generator=drawn).tolist()

    found = []
    for _ in range(2):
        reference = words(150)
        for _ in range(2):
            test = [*reference, *words(130)]
            questions = [[*test, *words(number)] for number in (3, 61, 20)]
            found += [Row(ids) for ids in (*questions, questions[1])]
    return [*found, Row(words(5))]


def laid(asked: list[Row]) -> Any:
    order = in_order(asked, lambda row: torch.tensor(row.ids).numpy())
    return forest([asked[number] for number in order.numbers], order.common), order


def expected(q: Tensor, k: Tensor, v: Tensor, made: Any, sight: Sight) -> Tensor:
    """Each query alone."""
    group = q.shape[1] // k.shape[1]
    k, v = (part.float().repeat_interleave(group, 1) for part in (k, v))
    found = torch.zeros(q.shape)
    for asking in (asking for own in sight.groups for asking in own):
        for number, place in enumerate(asking.places, asking.begin):
            seen = [n for run in asking.runs for n in range(*run)] + list(range(asking.first, place + 1))
            scores = torch.einsum("hc,khc->hk", q[number].float(), k[seen]) * q.shape[-1] ** -0.5
            found[number] = torch.einsum("hk,khc->hc", scores.softmax(-1), v[seen])
    return found


def test_a_pass_of_trees_has_each_token_once() -> None:
    asked = rows()
    made, order = laid(asked)
    assert made.tokens == 2 * (150 + 2 * (130 + 3 + 61 + 20)) + 5
    for number, end in zip(order.numbers, made.ends, strict=True):
        nodes = [made.nodes[each] for each in made.way(end)]
        assert [token for node in nodes for token in node.row.ids[node.start : node.end]] == asked[number].ids
    flat = [place for node in made.nodes for place in range(node.flat, node.flat + node.size)]
    assert flat == list(range(made.tokens))
    assert max(len(own) for own in made.siblings) == 3


@pytest.mark.parametrize(("heads", "kv_heads", "channels"), [(2, 2, 96), (4, 2, 64), (1, 1, 16)])
@pytest.mark.parametrize("which", [0, 1])
def test_each_query_sees_its_own_row(heads: int, kv_heads: int, channels: int, which: int) -> None:
    made, _ = laid(rows())
    sight = sights(made, DEVICE)[which]
    number = sum(len(asking.places) for own in sight.groups for asking in own)
    drawn = torch.Generator().manual_seed(1)
    q = torch.randn(number, heads, channels, generator=drawn).to(DTYPE)
    k, v = (torch.randn(made.tokens, kv_heads, channels, generator=drawn).to(DTYPE) for _ in range(2))
    exact = expected(q, k, v, made, sight)
    own = [part.to(DEVICE) for part in (q, k, v)]
    asked, keys, values = (part.float() for part in own)
    found = [forest_attention(asked, keys, values, sight)]
    if RUNS_HERE:
        found.append(importlib.import_module(HERE).attend(*own, *sight.tables))
    for mixed, within in zip(found, (1e-5, 0.01), strict=False):
        assert float((mixed.float().cpu() - exact).abs().max()) <= within * float(exact.abs().max())

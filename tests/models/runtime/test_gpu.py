"""The same steps captured as CUDA graphs: the same tokens as without."""

from typing import Any

import pytest
import torch

from kurabe.models import adapters
from kurabe.models.runtime.decoding import STEPS_PER_LOOK
from kurabe.models.runtime.loop import answer_rows
from tests.models.runtime.made import DATA, PAD, assert_near, golden, last_logits, picture, row, runtime

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")

LIMIT = 4 * STEPS_PER_LOOK


@pytest.fixture(scope="module")
def rows() -> list[Any]:
    return [row(n, picture(1, 1, 2), picture(10 + n)) for n in range(5)] + [
        row(9, words=5 + n) for n in range(4)
    ]


@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize(("dtype", "within"), [(torch.float32, 1e-3), (torch.bfloat16, 0.2)])
def test_captured_steps_write_the_same_tokens(
    rows: list[Any], dtype: torch.dtype, within: float, fused: bool
) -> None:
    exact = last_logits(golden(), rows)
    made = runtime(golden(dtype).cuda(), fused=fused)
    made.graphs = False
    eager = answer_rows(made, rows, limit=LIMIT, ends=frozenset(), pad=PAD)
    assert_near(eager.first_logits, exact, within)
    # Some rows end early, so that the batch shrinks while it is captured.
    ends = frozenset({eager.tokens[0][2], eager.tokens[6][4]})
    short = answer_rows(made, rows, limit=LIMIT, ends=ends, pad=PAD)
    assert made.counts.graphs_captured == 0
    made.graphs = True
    for _ in range(2):
        assert answer_rows(made, rows, limit=LIMIT, ends=frozenset(), pad=PAD).tokens == eager.tokens
        assert answer_rows(made, rows, limit=LIMIT, ends=ends, pad=PAD).tokens == short.tokens
    captured = made.counts.graphs_captured
    assert captured > 0
    answer_rows(made, rows, limit=LIMIT, ends=frozenset(), pad=PAD)
    assert made.counts.graphs_captured == captured


def test_graphs_of_one_adapter_do_not_answer_for_another(rows: list[Any]) -> None:
    model = golden().cuda()
    made = runtime(model)
    for name in ("lm_only", "2u1_vision"):
        model = adapters.attach(model, DATA / "adapters" / name, name).model
    expected: dict[str | None, list[list[int]]] = {}
    order: list[str | None] = ["lm_only", None, "2u1_vision"]
    for graphs in (False, True):
        made.graphs = graphs
        for used in order:
            adapters.use(model, used)
            tokens = answer_rows(made, rows, limit=LIMIT, ends=frozenset(), pad=PAD).tokens
            assert expected.setdefault(used, tokens) == tokens
    assert len({str(tokens) for tokens in expected.values()}) == 3

"""phi3_v in the runtime against the model itself: the same logits, the same greedy tokens."""

from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from kurabe.common.errors import ModelError
from kurabe.models.runtime import loop
from kurabe.models.runtime.cache import Room
from kurabe.models.runtime.decoding import STEPS_PER_LOOK, Writing
from kurabe.models.runtime.loop import Produced, answer_rows
from kurabe.models.runtime.prepared import Row
from tests.models.runtime.made import (
    DATA,
    PAD,
    Watched,
    assert_near,
    generated,
    golden,
    last_logits,
    picture,
    row,
    runtime,
)

NOTHING: frozenset[int] = frozenset()


@pytest.fixture(scope="module")
def model() -> Any:
    return golden()


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Text alone, one and two pictures; the last row lies beyond the rope switch of 1,024 tokens."""
    one, two, four = picture(1), picture(2, 1, 2), picture(3, 2, 2)
    return [row(1), row(2, one), row(3, two, one), row(4, four), row(5, four, four), row(6, words=30)]


def verdicts(model: Watched, rows: list[Row], **more: Any) -> Produced:
    return answer_rows(model, rows, limit=1, ends=NOTHING, pad=PAD, **more)


def test_logits_of_rows_alone_and_in_a_batch_equal_the_models_own(model: Any, rows: list[Row]) -> None:
    expected = last_logits(model, rows)
    made = runtime(model)
    assert any(each.length > 1024 for each in rows)
    for number, each in enumerate(rows):
        assert_near(verdicts(made, [each]).first_logits, expected[number : number + 1])
    together = verdicts(made, rows)
    assert_near(together.first_logits, expected)
    assert together.tokens == [[token] for token in expected.argmax(-1).tolist()]
    assert together.finite == [True] * len(rows)


@pytest.mark.parametrize("case", ["text", "text_1024", "text_1025"])
def test_logits_equal_the_published_ones(model: Any, case: str) -> None:
    data = load_file(DATA / "phi3v" / "golden_model.safetensors")
    ids = data[f"{case}.input_ids"][0].tolist()
    produced = verdicts(runtime(model), [Row(ids)])
    assert_near(produced.first_logits, data[f"{case}.logits_last16"][:, -1])


def test_a_prompt_pass_takes_as_many_tokens_as_it_may(model: Any, rows: list[Row]) -> None:
    made = runtime(model)
    parted = verdicts(made, rows, tokens_per_pass=1200)
    assert made.counts.prefills == 3
    assert_near(parted.first_logits, last_logits(model, rows))


def test_greedy_tokens_of_a_batch_equal_generate_row_by_row(model: Any, rows: list[Row]) -> None:
    made = runtime(model)
    produced = answer_rows(made, rows, limit=12, ends=NOTHING, pad=PAD)
    assert produced.tokens == [generated(model, each, 12) for each in rows]
    assert_near(produced.first_logits, last_logits(model, rows))
    assert made.counts.steps == 11


def test_rows_that_end_leave_the_batch(model: Any, rows: list[Row]) -> None:
    limit = 3 * STEPS_PER_LOOK
    free = [generated(model, each, limit) for each in rows]
    # Two rows end in the first look, one at once; what remains fits a smaller batch, then a smaller one.
    ends = frozenset({free[0][0], free[1][3], free[2][9]})
    expected = [generated(model, each, limit, sorted(ends)) for each in rows]
    made = runtime(model)
    produced = answer_rows(made, rows, limit=limit, ends=ends, pad=PAD)
    assert produced.tokens == expected
    assert len({len(tokens) for tokens in expected}) > 2
    assert made.sizes[0] > made.sizes[-1]
    # The same memory serves the next batch, whose rows lie elsewhere in it.
    other = answer_rows(made, rows[::-1][:3], limit=limit, ends=NOTHING, pad=PAD)
    assert other.tokens == free[::-1][:3]


def test_steps_that_are_handed_over_before_the_first_tokens_are_read_change_nothing(
    model: Any, rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hurried(Writing):
        """As on a GPU: the first steps are handed over with the prompts."""

        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            self.queue()

    with torch.no_grad():
        sick = golden()
        sick.model.embed_tokens.weight[499] = torch.nan
    asked = [*rows, Row([*rows[2].ids, 499, 9], rows[2].pictures)]
    limit = 2 * STEPS_PER_LOOK + 3
    free = answer_rows(runtime(sick), asked, limit=limit, ends=NOTHING, pad=PAD)
    assert [len(tokens) for tokens in free.tokens] == [limit] * len(rows) + [1]
    for ends in (NOTHING, {free.tokens[0][0], free.tokens[1][3]}, {tokens[0] for tokens in free.tokens}):
        wanted = answer_rows(runtime(sick), asked, limit=limit, ends=frozenset(ends), pad=PAD)
        with monkeypatch.context() as patch:
            patch.setattr(loop, "Writing", Hurried)
            made = runtime(sick)
            produced = answer_rows(made, asked, limit=limit, ends=frozenset(ends), pad=PAD)
        assert produced.tokens == wanted.tokens
        assert produced.finite == wanted.finite == [True] * len(rows) + [False]
        assert torch.equal(produced.first_logits[:-1], wanted.first_logits[:-1])
        assert made.counts.steps <= limit - 1


def test_rows_that_all_end_at_once_take_no_step(model: Any, rows: list[Row]) -> None:
    firsts = frozenset(int(token) for token in last_logits(model, rows).argmax(-1))
    made = runtime(model)
    produced = answer_rows(made, rows, limit=9, ends=firsts, pad=PAD)
    assert made.counts.steps == 0
    assert [len(tokens) for tokens in produced.tokens] == [1] * len(rows)


@pytest.mark.parametrize("limit", [1, 5])
def test_logits_are_brought_back_of_the_tokens_that_are_read(model: Any, rows: list[Row], limit: int) -> None:
    whole = answer_rows(runtime(model), rows, limit=limit, ends=NOTHING, pad=PAD)
    assert whole.read is None
    for read in ([499, 7, 30], []):
        asked = loop.ask_rows(runtime(model), rows, limit=limit, ends=NOTHING, pad=PAD, read=read)
        produced = asked()
        assert produced.read == read
        assert produced.tokens == whole.tokens
        assert torch.equal(produced.first_logits, whole.first_logits[:, read])


def test_verdicts_keep_nothing(model: Any, rows: list[Row]) -> None:
    made = runtime(model)
    verdicts(made, rows)
    assert made.workspace.held == 0
    assert made.counts.steps == 0


def test_the_last_layer_goes_on_with_the_last_positions_alone(model: Any, rows: list[Row]) -> None:
    seen: dict[str, list[int]] = {"o_proj": [], "gate_up_proj": [], "lm_head": []}
    last = model.model.layers[-1]
    watched = {
        "o_proj": last.self_attn.o_proj,
        "gate_up_proj": last.mlp.gate_up_proj,
        "lm_head": model.lm_head,
    }
    handles = [
        module.register_forward_pre_hook(
            lambda _, args, name=name: seen[name].append(args[0].numel() // args[0].shape[-1])
        )
        for name, module in watched.items()
    ]
    try:
        verdicts(runtime(model), rows)
    finally:
        for handle in handles:
            handle.remove()
    assert seen == {name: [len(rows)] for name in seen}


def test_rows_beyond_the_rope_switch_are_taken_and_rows_that_cross_it_are_not(model: Any) -> None:
    made = runtime(model)

    def takes(length: int, limit: int) -> bool:
        return made.takes(Row([7] * length), limit)

    assert takes(1024, 1)
    assert takes(1000, 25)
    assert not takes(1024, 2)
    assert not takes(1000, 26)
    assert takes(1025, 64)
    assert takes(8192, 1)
    assert not takes(8192, 2)
    for words in (1023, 1024):  # with the first token: 1,024 and 1,025
        each = Row([1, *range(3, 400), *range(3, 400), *range(3, 400)][: words + 1])
        limit = 1 if words == 1023 else 6
        produced = answer_rows(made, [each, row(1)], limit=limit, ends=NOTHING, pad=PAD)
        assert produced.tokens[0] == generated(model, each, limit)


def test_weights_that_are_nan_are_told_row_by_row_and_leave_nothing_behind(rows: list[Row]) -> None:
    model = golden()
    made = runtime(model)
    expected = [generated(model, each, 6) for each in rows]
    kept = model.model.embed_tokens.weight.detach().clone()
    with torch.no_grad():
        model.model.embed_tokens.weight[499] = torch.nan
    sick = Row([*rows[2].ids, 499, 9], rows[2].pictures)
    produced = answer_rows(made, [rows[0], sick, rows[3]], limit=6, ends=NOTHING, pad=PAD)
    assert produced.finite == [True, False, True]
    assert [produced.tokens[0], produced.tokens[2]] == [expected[0], expected[3]]
    assert verdicts(made, [rows[0], sick]).finite == [True, False]
    with torch.no_grad():
        model.model.embed_tokens.weight.copy_(kept)
    again = answer_rows(made, rows, limit=6, ends=NOTHING, pad=PAD)
    assert again.tokens == expected
    assert all(again.finite)


def test_a_row_that_becomes_nan_while_decoding_is_told(rows: list[Row]) -> None:
    model = golden()
    free = generated(model, rows[0], 4)
    assert free.index(free[2]) == 2
    with torch.no_grad():
        model.model.embed_tokens.weight[free[2]] = torch.nan
    produced = answer_rows(runtime(model), rows[:1], limit=12, ends=NOTHING, pad=PAD)
    assert produced.tokens[0][:3] == free[:3]
    assert produced.finite == [False]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_respected(rows: list[Row], dtype: torch.dtype) -> None:
    exact = last_logits(golden(), rows)
    model = golden(dtype)
    made = runtime(model)
    produced = answer_rows(made, rows, limit=3, ends=NOTHING, pad=PAD)
    assert made.workspace.buffers(made, Room(8, 128)).keys[0].dtype == dtype
    assert produced.first_logits.dtype == torch.float32
    own = last_logits(model, rows)
    # The runtime rounds in other places than the model does, but comes out no farther from float32.
    assert (produced.first_logits - exact).abs().mean() < 1.5 * (own - exact).abs().mean()


def test_tokens_and_pictures_that_do_not_agree_are_an_error(model: Any) -> None:
    one = picture(1)
    good = row(1, one)
    for ids in ([token for token in good.ids if token >= 0], [*good.ids, -1, 3], [-1, 4, *good.ids[5:]]):
        with pytest.raises(ModelError, match="same processor"):
            verdicts(runtime(model), [Row(list(ids), (one,))])

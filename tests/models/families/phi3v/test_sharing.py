"""What the runtime computes once for several rows: features of pictures and prefixes, adapter by adapter."""

from typing import Any

import pytest
import torch

from kurabe.models import adapters
from kurabe.models.families.phi3v import Phi3VForCausalLM, Phi3VProcessor
from kurabe.models.families.phi3v_core.runtime import Phi3VRuntime
from kurabe.models.runtime.counts import Counts
from kurabe.models.runtime.loop import answer_rows
from kurabe.models.runtime.prepared import Row
from tests.models.runtime.made import (
    DATA,
    PAD,
    ROOT,
    assert_near,
    generated,
    golden,
    last_logits,
    picture,
    row,
    runtime,
)

NOTHING: frozenset[int] = frozenset()
ADAPTERS = ["2u1_vision", "cookbook_add_adapter", "cookbook_like", "lm_only", "swift_like"]
EMBEDDED = ROOT / "checkpoints" / "tiny-phi3v"


def logits(made: Any, rows: list[Row], **more: Any) -> torch.Tensor:
    return answer_rows(made, rows, limit=1, ends=NOTHING, pad=PAD, **more).first_logits


@pytest.fixture(scope="module")
def model() -> Any:
    return golden()


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Two references, three tests each, of different sizes; a row of another reference; a text."""
    references = picture(1, 1, 2), picture(2)
    tests = picture(11), picture(12, 1, 2), picture(13, 2, 1)
    pairs = [row(n, reference, test) for n, test in enumerate(tests) for reference in references]
    return [*pairs, row(7, picture(3), tests[0]), row(8)]


def test_a_prefix_that_rows_share_is_computed_once(model: Any, rows: list[Row]) -> None:
    # The words before the picture are the same; with them, 313 and 457 tokens to 318 and 474.
    prefixes = [5 + each.pictures[0].tokens for each in rows[:2]]
    made = runtime(model)
    together = logits(made, rows)
    assert made.counts.prefix_tokens_reused == 2 * sum(prefixes)
    assert_near(together, last_logits(model, rows))
    alone = runtime(model)
    alone.reuse = False
    assert_near(logits(alone, rows), together)
    assert alone.counts.prefix_tokens_reused == 0
    saved = alone.counts.prefill_tokens - made.counts.prefill_tokens
    assert saved > sum(prefixes)


def test_answers_after_a_shared_prefix_equal_generate(model: Any, rows: list[Row]) -> None:
    made = runtime(model)
    produced = answer_rows(made, rows, limit=10, ends=NOTHING, pad=PAD)
    assert made.counts.prefix_tokens_reused > 0
    assert produced.tokens == [generated(model, each, 10) for each in rows]


def test_a_prefix_is_shared_among_rows_of_one_side_of_the_rope_switch(model: Any) -> None:
    reference = picture(1, 2, 2)
    both = [row(1, reference), row(2, reference, picture(4)), row(3, reference, picture(5))]
    assert [each.length > 1024 for each in both] == [False, True, True]
    made = runtime(model)
    assert_near(logits(made, both), last_logits(model, both))
    assert made.counts.prefix_tokens_reused == 5 + reference.tokens


def test_a_prefix_that_is_not_whole_in_one_pass_is_computed_again(model: Any, rows: list[Row]) -> None:
    made = runtime(model)
    assert_near(logits(made, rows, tokens_per_pass=1500), last_logits(model, rows))
    assert 0 < made.counts.prefix_tokens_reused < 2 * sum(5 + own.pictures[0].tokens for own in rows[:2])


def test_pictures_are_encoded_once_whichever_calls_show_them(model: Any, rows: list[Row]) -> None:
    made = runtime(model)
    first = logits(made, rows)
    shown = {each.digest: each for own in rows for each in own.pictures}
    crops = sum(len(each.crops) + 1 for each in shown.values())
    assert made.counts.pictures_encoded == len(shown)
    assert made.counts.crops_encoded == crops
    before = made.counts.features_reused
    again = logits(made, rows)
    assert made.counts.crops_encoded == crops
    assert made.counts.features_reused > before
    assert torch.equal(first, again)
    made.reuse = False
    assert_near(logits(made, rows), first)
    assert made.counts.crops_encoded == crops + sum(len(p.crops) + 1 for own in rows for p in own.pictures)


def test_features_are_kept_in_bounded_memory(model: Any) -> None:
    pictures = [picture(seed) for seed in range(3)]
    each = pictures[0].tokens * 64 * 4
    made = runtime(model, remembered=2 * each)
    first = made.encode(pictures)
    made.encode(pictures[1:])
    assert made.counts.pictures_encoded == 3
    again = made.encode(pictures[:1])
    assert made.counts.pictures_encoded == 4
    assert_near(again[0], first[0])
    made.forget()
    made.encode(pictures[:1])
    assert made.counts.pictures_encoded == 5


def test_equal_bytes_in_another_grid_are_another_picture(model: Any) -> None:
    wide, high = picture(1, 1, 2), picture(1, 2, 1)
    assert wide.digest == high.digest
    rows = [row(1, wide), row(1, high)]
    assert_near(logits(runtime(model), rows), last_logits(model, rows))


def test_adapters_answer_through_the_runtime_as_through_the_model(rows: list[Row]) -> None:
    model = golden()
    made = runtime(model)
    some = [rows[0], rows[2], rows[6], rows[7]]
    base = logits(made, some)
    encoded = made.counts.pictures_encoded
    assert encoded == 4
    for name in ADAPTERS:
        model = adapters.attach(model, DATA / "adapters" / name, name).model
    order: list[str | None] = [*ADAPTERS, None, *reversed(ADAPTERS)]
    for used in order:
        adapters.use(model, used)
        produced = answer_rows(made, some, limit=6, ends=NOTHING, pad=PAD)
        # LoRA alone moves the logits by more than 1; two ways of adding up the same differ by 1e-5.
        assert_near(produced.first_logits, last_logits(model, some), 5e-5)
        assert produced.tokens == [generated(model, each, 6) for each in some]
        assert (used is None) == bool((produced.first_logits - base).abs().max() < 1e-5)
    # Once by the base, then once with the inactive adapters around its modules, which is also how those two
    # encode that leave the tower alone, and once by each of the others.
    assert made.counts.pictures_encoded == encoded * (2 + 3)


def test_a_merged_adapter_is_computed_as_merged(rows: list[Row]) -> None:
    model = adapters.attach(golden(), DATA / "adapters" / "2u1_vision", "a").model
    made = runtime(model)
    some = rows[:2]
    adapters.use(model, "a")
    plain = logits(made, some)
    model.merge_adapter()
    assert_near(logits(made, some), last_logits(model, some))
    assert_near(logits(made, some), plain, 1e-3)
    encoded = made.counts.pictures_encoded
    model.unmerge_adapter()
    assert_near(logits(made, some), plain, 1e-4)
    assert made.counts.pictures_encoded == encoded


def test_the_embedded_model_answers_alike() -> None:
    model: Any = Phi3VForCausalLM.from_pretrained(EMBEDDED, dtype=torch.float32)
    model.eval()
    processor = Phi3VProcessor.from_pretrained(EMBEDDED)
    sizes = {"side": processor.crop_size, "grid": processor.grid}
    reference = picture(1, **sizes)
    rows = [row(n, reference, picture(20 + n, rows=1 + n % 2, **sizes)) for n in range(3)]
    made = Phi3VRuntime(model, processor, Counts())
    produced = answer_rows(made, rows, limit=8, ends=NOTHING, pad=6)
    assert_near(produced.first_logits, last_logits(model, rows), 2e-5)
    assert produced.tokens == [generated(model, each, 8) for each in rows]
    assert made.counts.prefix_tokens_reused == 2 * (5 + reference.tokens)


def questions(pairs: int) -> tuple[list[Row], list[int]]:
    """Three questions about each pair of one reference, one of them asked twice; and their limits."""
    drawn = torch.Generator().manual_seed(3)

    def words(number: int) -> list[int]:
        return torch.randint(3, 400, (number,), generator=drawn).tolist()

    reference, found = picture(1), []
    for number in range(pairs):
        test = picture(10 + number)
        begin = [1, 5, 5, *[-1] * reference.tokens, 7, *[-2] * test.tokens, *words(40)]
        asked = [Row(begin + words(more), (reference, test)) for more in (9, 14, 11)]
        found += [*asked, asked[1]]
    return found, [1, 12, 6, 9] * pairs


def test_all_that_is_asked_about_a_pair_is_computed_kept_and_read_together(model: Any) -> None:
    rows, limits = questions(3)
    made = runtime(model)
    produced = answer_rows(made, rows, limit=limits, ends=NOTHING, pad=PAD)
    assert produced.tokens == [
        generated(model, each, limit) for each, limit in zip(rows, limits, strict=True)
    ]
    assert_near(produced.first_logits, last_logits(model, rows))
    # The reference once, each test and its words once, each question once.
    shared = 3 + rows[0].pictures[0].tokens + 1
    pair = rows[0].length - 9
    assert made.counts.prefill_tokens == shared + 3 * (pair - shared + 9 + 14 + 11)
    together = made.workspace.held
    apart = runtime(model)
    apart.shares = False
    assert answer_rows(apart, rows, limit=limits, ends=NOTHING, pad=PAD).tokens == produced.tokens
    assert together < 0.7 * apart.workspace.held


def test_rows_that_share_a_beginning_end_at_their_own_times(model: Any) -> None:
    rows, _ = questions(3)
    limits = [1, 30, 28, 25] * 3
    free = answer_rows(runtime(model), rows, limit=limits, ends=NOTHING, pad=PAD).tokens
    for ends in ({free[1][2], free[6][11]}, {free[2][0], free[9][5], free[10][20]}):
        made = runtime(model)
        produced = answer_rows(made, rows, limit=limits, ends=frozenset(ends), pad=PAD).tokens
        for tokens, whole in zip(produced, free, strict=True):
            stop = next((n + 1 for n, token in enumerate(whole) if token in ends), len(whole))
            assert tokens == whole[:stop]
        assert min(made.sizes) < 16  # as rows leave

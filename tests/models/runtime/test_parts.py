"""The runtime's parts for themselves: plan, buffers, attention, elementwise work, features."""

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers.models.phi3.modeling_phi3 import Phi3RMSNorm, apply_rotary_pos_emb

from kurabe.models.runtime import cache, memory
from kurabe.models.runtime.cache import Room, Store, bucket_columns, bucket_rows
from kurabe.models.runtime.counts import Counts
from kurabe.models.runtime.features import Features
from kurabe.models.runtime.forest import LEAST, forest, in_order, passes
from kurabe.models.runtime.graph import Workspace
from kurabe.models.runtime.kernels import elementwise
from kurabe.models.runtime.kernels.attention import Seen, decode_attention, prefill_attention
from kurabe.models.runtime.kernels.elementwise import Elementwise, kernels_for, kernels_refused, patches
from kurabe.models.runtime.loop import answer_rows
from kurabe.models.runtime.pinned import Slabs
from kurabe.models.runtime.prepared import Row
from kurabe.models.runtime.protocol import FamilyRuntime
from tests.models.runtime.made import PAD, Statistics, Watched, assert_near, golden, picture, row, runtime


@pytest.fixture(scope="module")
def made() -> FamilyRuntime:
    return runtime(golden())


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("de"), st.integers(1, 50)), min_size=1, max_size=12
    ),
    st.integers(100, 500),
    st.sampled_from([None, 2]),
)
def test_passes_hold_each_row_once_and_no_more_than_they_may(
    drawn: list[tuple[str, str, int]], most: int, trees: int | None
) -> None:
    rows = [
        Row([ord(reference)] * 60 + [ord(test)] * 40 + list(range(words))) for reference, test, words in drawn
    ]
    order = in_order(rows, lambda row: np.array(row.ids))
    found = passes(rows, order, most, trees, lambda row: row.ids[0] == ord("a"))
    assert sorted(number for numbers, _ in found for number in numbers) == list(range(len(rows)))
    for numbers, trees_of in found:
        assert len({drawn[number][0] == "a" for number in numbers}) == 1
        # Few tokens in common are computed again.
        assert trees_of.tokens <= max(most, *(rows[n].length for n in numbers)) + LEAST * len(numbers)
        assert trees is None or sum(node.parent < 0 for node in trees_of.nodes) <= trees
        for number, end in zip(numbers, trees_of.ends, strict=True):
            nodes = [trees_of.nodes[each] for each in trees_of.way(end)]
            ids = [token for node in nodes for token in node.row.ids[node.start : node.end]]
            assert ids == rows[number].ids
        if most == 500 and trees is None:  # all of a reference is in one pass
            beginnings = [tuple(node.row.ids[:60]) for node in trees_of.nodes if node.parent < 0]
            assert len(beginnings) == len(set(beginnings))


def test_few_tokens_in_common_are_not_worth_a_node() -> None:
    rows = [Row([1] * LEAST + [n] * 5) for n in (2, 3)] + [Row([9] * (LEAST - 1) + [n] * 5) for n in (2, 3)]
    order = in_order(rows, lambda row: np.array(row.ids))
    made = forest([rows[number] for number in order.numbers], order.common)
    assert sorted(node.size for node in made.nodes) == [5, 5, LEAST, LEAST + 4, LEAST + 4]
    apart = in_order(rows, None)
    assert forest(rows, apart.common).tokens == sum(each.length for each in rows)


def test_buckets_hold_what_they_are_for() -> None:
    for number in range(1, 300):
        assert number <= bucket_rows(number) <= max(2 * number, 8)
        assert bucket_rows(bucket_rows(number)) == bucket_rows(number)
        assert number <= bucket_columns(number) < number + cache.COLUMN_STEP


def test_a_load_is_what_the_buffers_of_its_rows_take(made: Any) -> None:
    beginnings = [row(n, picture(n), words=6) for n in range(3)]
    rows = [Row([*each.ids, *[n] * 9], each.pictures) for each in beginnings for n in range(2)]
    for asked, limits in ((rows, [5, 9] * 3), (rows[::2], [7] * 3), (rows[:3], [5, 1, 5])):
        load, own = memory.Load(), runtime(golden())
        for each, limit in zip(asked, limits, strict=True):
            if limit > 1:
                load.add(each.pictures[0].digest, each.length, 15, limit)
        answer_rows(own, asked, limit=limits, ends=frozenset(), pad=PAD)
        assert own.workspace.held == load.bytes(own)


def test_the_budget_counts_what_is_held_as_free(made: FamilyRuntime) -> None:
    assert memory.budget(made, 0.0) == 0
    assert memory.budget(made, 0.5) > 2**20


def test_buffers_lie_where_they_lay(made: FamilyRuntime) -> None:
    store = Store()
    large = store.buffers(made, Room(8, 256))
    addresses = [tensor.data_ptr() for tensor in (*large.keys, *large.values)]
    held = store.held
    smaller = store.buffers(made, Room(4, 256))
    front = large.front(4)
    for a, b in zip((*smaller.keys, *smaller.values), (*front.keys, *front.values), strict=True):
        assert a.data_ptr() == b.data_ptr()
        assert a.shape == b.shape
        assert a.is_contiguous()
    assert smaller.key == front.key != large.key
    narrow = store.buffers(made, Room(16, 128))
    assert [tensor.data_ptr() for tensor in (*narrow.keys, *narrow.values)] == addresses
    assert store.held == held == 8 * 256 * memory.kv_bytes_per_token(made)
    assert store.buffers(made, Room(16, 256)).key != large.key
    assert store.held == 2 * held


def test_rows_are_written_moved_and_wiped(made: FamilyRuntime) -> None:
    buffers = Store().buffers(made, Room(4, 128))
    generator = torch.Generator().manual_seed(0)
    keys = torch.randn(10, 2, 16, generator=generator)
    where = torch.tensor([[9, 0, 4], [2, 3, 3], [0, 7, 1]])
    Elementwise().kept(keys, where, buffers.keys[1])
    for token, place, column in where.T.tolist():
        assert torch.equal(buffers.keys[1][place, :, column], keys[token])
    assert int(buffers.keys[1].count_nonzero()) == 3 * 2 * 16
    assert not buffers.keys[0].any()
    before = buffers.keys[1].clone()
    buffers.move([3], [0])
    assert torch.equal(buffers.keys[1][0], before[3])
    assert torch.equal(buffers.keys[1][1:], before[1:])
    buffers.keys[1][0, 0, 0, 0] = torch.nan
    buffers.wipe()
    assert not any(tensor.any() for tensor in (*buffers.keys, *buffers.values))


class Stateful(Watched):
    """A runtime that keeps more of a row than keys and values."""

    def row_state(self) -> dict[str, tuple[tuple[int, ...], torch.dtype]]:
        return {"mark": ((3,), torch.int64)}

    def prefill(self, forest: Any, kept: Any) -> torch.Tensor:
        roots = [node for node in forest.nodes if node.parent < 0]
        if kept is not None:
            for root, state in kept.states.T.tolist():
                kept.buffers.extra["mark"][state] = roots[root].row.length
        return super().prefill(forest, kept)

    def step(self, ids: torch.Tensor, positions: torch.Tensor, buffers: Any) -> torch.Tensor:
        states = buffers.states.slots // buffers.states.members.shape[1]
        marks = torch.where(states[:, None] < 0, 0, buffers.extra["mark"][states.clamp(min=0)])
        assert marks.shape == (len(ids), 3)
        self.seen = marks.clone(), positions.clone()
        return super().step(ids, positions, buffers)


def test_a_familys_own_state_goes_along_with_its_rows() -> None:
    made = Stateful(golden(), Statistics, Counts())
    rows = [row(n, words=20 - n) for n in range(6)]
    free = answer_rows(made, rows, limit=2, ends=frozenset(), pad=PAD).tokens
    assert sorted(made.seen[0].tolist()) == [[0, 0, 0], [0, 0, 0], *([n, n, n] for n in range(16, 22))]
    ends = frozenset({free[0][0], free[1][0]})
    answer_rows(made, rows, limit=30, ends=ends, pad=PAD)
    marks, positions = made.seen
    live = positions >= marks[:, 0] + 28
    assert 1 <= int(live.sum()) < len(rows)
    assert memory.row_bytes(made) == 24


def test_a_batch_that_does_not_fit_gives_its_memory_back() -> None:
    class Full(Watched):
        def step(self, ids: torch.Tensor, positions: torch.Tensor, buffers: Any) -> torch.Tensor:
            assert self.workspace.held > 0
            raise torch.OutOfMemoryError("no memory left for a step")

    made = Full(golden(), Statistics, Counts())
    with pytest.raises(torch.OutOfMemoryError, match="no memory left"):
        answer_rows(made, [row(1)], limit=4, ends=frozenset(), pad=PAD)
    assert made.workspace.held == 0


def test_slots_stay_where_they_are_until_a_batch_needs_more() -> None:
    workspace, device = Workspace(), torch.device("cpu")
    slots = workspace.slots(device, 8, {3, 4}, 9)
    slots.begin(torch.tensor([4, 5]), [10, 11], torch.tensor([True, True]), [3, 9])
    assert slots.ids.tolist() == [4, 5] + [9] * 6
    assert slots.positions.tolist() == [10, 11] + [0] * 6
    assert slots.lasts.tolist()[:2] == [12, 19]
    assert slots.ended.tolist() == [True, False] + [True] * 6
    same = workspace.slots(device, 8, {6, 7}, 1)
    assert same.key == slots.key
    assert same.ends.tolist() == [6, 7]
    assert workspace.slots(device, 4, {6, 7}, 1).key == slots.front(4).key
    assert workspace.slots(device, 16, {6, 7}, 1).key != slots.key


@pytest.mark.parametrize("prefix", [0, 3])
@pytest.mark.parametrize("kv_heads", [4, 2])
def test_prefill_attention_equals_dense_attention(prefix: int, kv_heads: int) -> None:
    generator = torch.Generator().manual_seed(1)
    queries = torch.randn(2, 4, 7, 8, generator=generator)
    keys, values = torch.randn(2, 2, kv_heads, 7 + prefix, 8, generator=generator)
    wide = keys.repeat_interleave(4 // kv_heads, 1)
    scores = queries @ wide.transpose(-1, -2) / 8**0.5
    seen = torch.arange(7 + prefix) <= torch.arange(7)[:, None] + prefix
    weights = scores.masked_fill(~seen, -torch.inf).softmax(-1)
    expected = weights @ values.repeat_interleave(4 // kv_heads, 1)
    assert_near(prefill_attention(queries, keys, values, prefix), expected, 1e-6)


@pytest.mark.parametrize("kv_heads", [4, 2])
def test_decode_attention_sees_each_rows_own_columns(kv_heads: int) -> None:
    generator = torch.Generator().manual_seed(2)
    queries = torch.randn(3, 4, 8, generator=generator)
    keys, values = torch.randn(2, 3, kv_heads, 16, 8, generator=generator)
    found = decode_attention(queries, keys, values, Seen(torch.tensor([0, 16, 5]), 16))
    for place, length in enumerate([1, 16, 5]):  # a row that sees nothing computes with one column
        own = [t[place : place + 1, :, :length].repeat_interleave(4 // kv_heads, 1) for t in (keys, values)]
        weights = (queries[place : place + 1, :, None] @ own[0].transpose(-1, -2) / 8**0.5).softmax(-1)
        assert_near(found[place], (weights @ own[1])[0, :, 0], 1e-6)


def test_one_token_a_row_is_turned_and_stored_in_its_column() -> None:
    generator = torch.Generator().manual_seed(5)
    queries, kept = torch.randn(3, 4, 8, generator=generator), torch.randn(2, 3, 2, 6, 8, generator=generator)
    keys, values = torch.randn(2, 3, 2, 8, generator=generator)
    angles = torch.randn(3, 2, generator=generator).repeat(1, 2)
    turns, positions, before = (angles.cos(), angles.sin()), torch.tensor([0, 5, 2]), kept.clone()
    small = Elementwise()
    expected = [small.rope(part.clone(), *turns) for part in (queries, keys)]
    found = small.turned_and_kept((queries, keys, values), turns, positions, (kept[0], kept[1]))
    assert torch.equal(found, expected[0])
    for place, position in enumerate(positions.tolist()):
        assert torch.equal(kept[0, place, :, position], expected[1][place])
        assert torch.equal(kept[1, place, :, position], values[place])
        before[:, place, :, position] = kept[:, place, :, position]
    assert torch.equal(kept, before)


@pytest.mark.parametrize("turned", [8, 4])
def test_rope_equals_the_models(turned: int) -> None:
    generator = torch.Generator().manual_seed(3)
    heads = torch.randn(5, 3, 8, generator=generator)
    angles = torch.randn(5, turned // 2, generator=generator).repeat(1, 2)
    cosines, sines = angles.cos(), angles.sin()
    expected, _ = apply_rotary_pos_emb(heads[None], heads[None], cosines[None], sines[None], unsqueeze_dim=2)
    assert_near(Elementwise().rope(heads, cosines, sines), expected[0], 1e-6)


def test_norm_equals_the_models_and_leaves_other_modules_to_themselves() -> None:
    norm = Phi3RMSNorm(16, eps=1e-5)
    with torch.no_grad():
        norm.weight.copy_(torch.linspace(0.5, 2, 16))
        states = torch.randn(4, 16, generator=torch.Generator().manual_seed(4))
        assert_near(Elementwise().norm(norm, states), norm(states), 1e-6)
        assert torch.equal(Elementwise().norm(torch.nn.Identity(), states), states)


def test_without_triton_torch_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kurabe.models.runtime.kernels.triton", None)
    place = torch.device("cpu"), torch.float32
    elementwise._tried.cache_clear()
    assert kernels_for(*place) is None
    assert "ImportError" in kernels_refused(*place) or "ModuleNotFoundError" in kernels_refused(*place)
    elementwise._tried.cache_clear()


def test_a_norm_follows_what_is_added_whatever_is_around_it() -> None:
    generator = torch.Generator().manual_seed(5)
    states, change = torch.randn(2, 3, 4, 8, generator=generator)
    norm = torch.nn.LayerNorm(8).requires_grad_(False)
    for around in (norm, torch.nn.Sequential(norm, torch.nn.Tanh())):
        own = states.clone()
        normed = Elementwise().added_and_normed(own, change, around)
        assert_near(own, states + change, 1e-6)
        assert_near(normed, around(states + change), 1e-6)


@pytest.mark.parametrize("bias", [False, True])
def test_patches_are_what_the_convolution_gives(bias: bool) -> None:
    pixels = torch.randn(2, 3, 8, 12, generator=torch.Generator().manual_seed(6))
    layer = torch.nn.Conv2d(3, 5, 4, 4, bias=bias).requires_grad_(False)
    assert_near(patches(layer, pixels), layer(pixels).flatten(2).transpose(1, 2), 1e-6)


@pytest.mark.parametrize("around", ["nothing", "a hook", "a bias", "an adapter"])
def test_a_layer_is_added_in_place_whatever_is_around_it(around: str) -> None:
    generator = torch.Generator().manual_seed(6)
    states, inputs = torch.randn(5, 8, generator=generator), torch.randn(5, 4, generator=generator)
    layer: Any = torch.nn.Linear(4, 8, bias=around == "a bias").requires_grad_(False)
    seen: list[int] = []
    if around == "a hook":
        layer.register_forward_hook(lambda *_: seen.append(1))
    if around == "an adapter":
        layer = torch.nn.Sequential(layer, torch.nn.Tanh())
    expected = states + layer(inputs)
    seen.clear()
    added = Elementwise().added(states, layer, inputs)
    assert added is states
    assert_near(added, expected, 1e-6)
    assert len(seen) == (around == "a hook")


def test_features_are_computed_together_and_each_once() -> None:
    features, asked = Features(40), []

    def encode(numbers: list[int]) -> list[torch.Tensor]:
        asked.append(numbers)
        return [torch.full((2,), float(number)) for number in numbers]

    first = features.of(["a", "b", "a"], [8, 8, 8], encode)
    assert [int(each[0]) for each in first] == [0, 1, 0]
    features.of(["c", "a"], [8, 8], encode)
    assert asked == [[0, 1], [0]]
    features.of(["d", "e", "f"], [8, 8, 8], encode)
    features.of(["b"], [8], encode)
    assert asked[2:] == [[0, 1, 2], [0]]
    with pytest.raises(RuntimeError, match="no"):
        features.of(["g"], [8], lambda numbers: (_ for _ in ()).throw(RuntimeError("no")))
    features.of(["g"], [8], encode)
    assert asked[4:] == [[0]]


def test_pictures_go_through_the_tower_in_bounded_passes(
    made: FamilyRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kurabe.models.families.phi3v_core import encoder

    pictures = [picture(seed, 1, 1 + seed % 2) for seed in range(5)]
    whole = runtime(golden()).encode(pictures)
    monkeypatch.setattr(encoder, "CROPS_PER_PASS", 5)
    sizes = [[len(each.crops) + 1 for each in part] for part in encoder._passes(pictures)]
    assert sizes == [[2, 3], [2, 3], [2]]
    for a, b in zip(runtime(golden()).encode(pictures), whole, strict=True):
        assert_near(a, b)


def test_slabs_grow_and_are_as_many_as_it_takes() -> None:
    asked: list[int] = []

    def allocate(size: int) -> torch.Tensor:
        asked.append(size)
        return torch.zeros(size, dtype=torch.uint8)

    slabs = Slabs(allocate)
    third = 6 * 2**20
    copies = []
    for number in range(6):
        tensor = torch.full((third,), number, dtype=torch.uint8).view(2, -1)
        copies.append(slabs.copy(tensor))
        assert torch.equal(copies[-1], tensor)
    assert asked == [16 * 2**20, 32 * 2**20]
    assert [int(copy[1, -1]) for copy in copies] == list(range(6))
    assert slabs.copy(torch.ones(100 * 2**20, dtype=torch.uint8)).numel() == 100 * 2**20
    assert asked[2:] == [100 * 2**20]


def test_many_threads_copy_into_slabs_without_treading_on_each_other() -> None:
    slabs = Slabs(lambda size: torch.zeros(size, dtype=torch.uint8))
    tensors = [torch.full((70_000 + number,), number, dtype=torch.uint8) for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        copies = list(pool.map(slabs.copy, tensors))
    assert all(torch.equal(copy, tensor) for copy, tensor in zip(copies, tensors, strict=True))

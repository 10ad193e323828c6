"""Batches: one kind each, by length, as many rows as memory takes; nothing lost and nothing twice."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kurabe.common.request import Request
from kurabe.models.engines.local.batches import Batch, Item, Kind, Sizes, batches

VERDICT, WORDS = Kind(True, 1), Kind(True, 64)
ITEMS = st.lists(
    st.tuples(
        st.builds(Kind, st.booleans(), st.sampled_from([1, 8]), st.sampled_from([0, 2])),
        st.one_of(st.none(), st.integers(1, 50)),
    ),
    max_size=40,
)


def request(side: int = 4, prompt: str = "Same?") -> Request:
    picture = Image.new("RGB", (side, side))
    return Request("t", "verdict", prompt, (picture,), (picture,), "aligned")


def item(index: int, length: int | None, side: int = 4) -> Item:
    return Item(index, request(side), length)


@given(ITEMS, st.integers(1, 9))
def test_every_item_is_in_one_batch_of_its_kind(drawn: list[tuple[Kind, int | None]], most: int) -> None:
    given_items = [(kind, item(index, length)) for index, (kind, length) in enumerate(drawn)]
    made = batches(given_items, lambda kind, longest: most)
    assert sorted(each.index for batch in made for each in batch.items) == list(range(len(drawn)))
    for batch in made:
        assert 1 <= len(batch.items) <= most
        assert {drawn[each.index][0] for each in batch.items} == {batch.kind}
        sizes = [each.size for each in batch.items]
        assert sizes == sorted(sizes, reverse=True)
        assert batch.longest == max(each.length or 0 for each in batch.items)
    for first, second in zip(list(made)[:-1], list(made)[1:], strict=True):
        if first.kind == second.kind:
            assert len(first.items) == most
            assert first.items[-1].size >= second.items[0].size


def test_items_of_one_length_stay_in_their_order() -> None:
    # What is asked about one reference stands together in the plan, and shares its prefix in a batch.
    made = batches([(WORDS, item(n, 30)) for n in range(6)], lambda kind, longest: 4)
    assert [[each.index for each in batch.items] for batch in made] == [[0, 1, 2, 3], [4, 5]]


def test_a_batch_has_as_many_rows_as_its_longest_allows() -> None:
    lengths = [10, 100, 20, 50, 10, 10]
    asked: list[tuple[Kind, int]] = []

    def most(kind: Kind, longest: int) -> int:
        asked.append((kind, longest))
        return 100 // longest

    made = batches([(WORDS, item(n, length)) for n, length in enumerate(lengths)], most)
    assert [[each.length for each in batch.items] for batch in made] == [[100], [50, 20], [10, 10, 10]]
    assert asked == [(WORDS, 100), (WORDS, 50), (WORDS, 10)]


def test_where_lengths_are_unknown_pixels_stand_for_them() -> None:
    made = batches(
        [(VERDICT, item(n, None, side)) for n, side in enumerate([4, 9, 2])],
        lambda kind, longest: 2,
    )
    assert [[each.index for each in batch.items] for batch in made] == [[1, 0], [2]]


def test_parts_of_a_batch() -> None:
    batch = Batch(WORDS, tuple(item(n, 9 - n) for n in range(5)))
    assert [[each.index for each in part.items] for part in batch.parts(2)] == [[0, 1], [2, 3], [4]]


class Memory:
    """As much of a runtime as the choice of a batch's size looks at."""

    layers, kv_heads, head_dim = 32, 32, 96

    def __init__(self) -> None:
        import torch

        self.dtype, self.device = torch.bfloat16, torch.device("cpu")
        self.workspace = self
        self.held = 0

    def row_state(self) -> dict[str, Any]:
        return {}


def test_memory_limits_batches_that_are_decoded_and_no_others(monkeypatch: Any) -> None:
    from kurabe.models.runtime import memory

    sizes = Sizes("auto", "cuda")
    memorised: Any = Memory()
    each = 2048 * 2 * 32 * 32 * 96 * 2  # columns, keys and values, layers, heads, channels, bytes
    for free, rows in [(1000 * each, 64), (33 * each, 32), (9 * each, 8), (each // 2, 1)]:
        monkeypatch.setattr(memory, "budget", lambda model, free=free: free)
        assert sizes.most(memorised, Kind(True, 64), 1900) == rows
        assert sizes.most(memorised, Kind(True, 1), 1900) == 64
        assert sizes.most(memorised, Kind(False, 64), 1900) == 32
    assert Sizes(7, "cuda").most(memorised, Kind(True, 64), 1900) == 7


def test_a_failure_halves_the_batches_of_its_way_alone() -> None:
    sizes, none = Sizes(10, "cpu"), None
    sizes.failed(Kind(False, 8), 7)
    assert sizes.most(none, Kind(False, 1), 0) == 4
    assert sizes.most(none, Kind(True, 1), 0) == 10
    sizes.failed(Kind(False, 8), 1)
    assert sizes.most(none, Kind(False, 8), 0) == 1


def test_what_is_usual_depends_on_the_device() -> None:
    assert (Sizes("auto", "cpu").usual, Sizes("auto", "cuda").usual, Sizes(3, "cpu").usual) == (8, 64, 3)

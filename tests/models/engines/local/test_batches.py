"""Batches: one kind each, by length, as many rows as memory takes; nothing lost and nothing twice."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kurabe.common.request import Request
from kurabe.models.engines.local.batches import Batch, Item, Kind, Sizes, batches
from kurabe.models.runtime.prepared import Picture, Row

RUNTIME, WORDS = Kind(True, 0), Kind(False, 64)
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
    made = batches(given_items, lambda kind, rest: min(most, len(rest)))
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
    made = batches([(WORDS, item(n, 30)) for n in range(6)], lambda kind, rest: 4)
    assert [[each.index for each in batch.items] for batch in made] == [[0, 1, 2, 3], [4, 5]]


def test_a_batch_has_as_many_rows_as_its_longest_allows() -> None:
    lengths = [10, 100, 20, 50, 10, 10]
    asked: list[tuple[Kind, int]] = []

    def most(kind: Kind, rest: Sequence[Item]) -> int:
        asked.append((kind, rest[0].length or 0))
        return 100 // (rest[0].length or 0)

    made = batches([(WORDS, item(n, length)) for n, length in enumerate(lengths)], most)
    assert [[each.length for each in batch.items] for batch in made] == [[100], [50, 20], [10, 10, 10]]
    assert asked == [(WORDS, 100), (WORDS, 50), (WORDS, 10)]


def test_where_lengths_are_unknown_pixels_stand_for_them() -> None:
    made = batches(
        [(WORDS, item(n, None, side)) for n, side in enumerate([4, 9, 2])],
        lambda kind, rest: 2,
    )
    assert [[each.index for each in batch.items] for batch in made] == [[1, 0], [2]]


def test_parts_of_a_batch() -> None:
    batch = Batch(WORDS, tuple(item(n, 9 - n) for n in range(5)))
    assert [[each.index for each in part.items] for part in batch.parts(2)] == [[0, 1], [2, 3], [4]]


def shown(index: int, pair: str, length: int, limit: int) -> Item:
    """An item that shows the pictures of these names."""
    import torch

    pictures = tuple(Picture(name.encode(), torch.zeros(0), (1, 1), 40) for name in pair)
    ids = [*range(length - 90), *[-1] * 80, *range(10)]
    return Item(index, request(), length, Row(ids, pictures), limit)


def test_what_is_asked_about_a_pair_and_about_a_reference_stays_together() -> None:
    asked = [
        (RUNTIME, shown(place, pair, length, 1))
        for place, (pair, length) in enumerate(
            [("ra", 110), ("sb", 130), ("ra", 108), ("rc", 120), ("sb", 131), ("sd", 125), ("ra", 108)]
        )
    ]
    (made,) = batches(asked, lambda kind, rest: len(rest))
    assert [each.index for each in made.items] == [4, 1, 5, 3, 0, 2, 6]
    assert made.items[0].own == 10


class Memory:
    """As much of a runtime as the choice of a batch's size looks at."""

    layers, kv_heads, head_dim = 32, 32, 96
    parted = reuse = shares = True

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
    words = [shown(n, f"r{n}", 1900, 64) for n in range(100)]
    verdicts = [shown(n, f"r{n}", 1900, 1) for n in range(100)]
    three = [shown(n, f"r{n // 3}", 1900 + n % 3, (1, 64, 64)[n % 3]) for n in range(300)]
    token = 2 * 32 * 32 * 96 * 2  # keys and values, layers, heads, channels, bytes
    each = 2048 * token
    cases = [(1000 * each, 64, 64), (33 * each, 32, 24), (9 * each, 8, 8), (each // 2, 1, 0)]
    for free, rows, pairs in cases:
        monkeypatch.setattr(memory, "budget", lambda model, free=free: free)
        assert sizes.fitting(memorised, RUNTIME, words) == rows
        assert sizes.fitting(memorised, RUNTIME, verdicts) == 64
        assert sizes.fitting(memorised, RUNTIME, three) == (3 * pairs or 1)
        assert sizes.fitting(memorised, WORDS, words) == 32
    assert Sizes(7, "cuda").fitting(memorised, RUNTIME, words) == 7


def test_a_failure_halves_the_batches_of_its_way_alone() -> None:
    sizes, none, items = Sizes(10, "cpu"), None, [item(n, 9) for n in range(20)]
    sizes.failed(Kind(False, 8), 7)
    assert sizes.fitting(none, Kind(False, 1), items) == 4
    assert sizes.fitting(none, Kind(True, 0), items) == 10
    sizes.failed(Kind(False, 8), 1)
    assert sizes.fitting(none, Kind(False, 8), items) == 1


def test_what_is_usual_depends_on_the_device() -> None:
    assert (Sizes("auto", "cpu").usual, Sizes("auto", "cuda").usual, Sizes(3, "cpu").usual) == (8, 64, 3)

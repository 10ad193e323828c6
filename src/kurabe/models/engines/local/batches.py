"""Which requests are answered together: those of one kind, as many as memory takes.

What is asked about one pair stays together, whatever it is, and so do the pairs of one reference: a runtime
computes once what their prompts begin with.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kurabe.common.request import Request
from kurabe.models.runtime.prepared import Row

if TYPE_CHECKING:
    from kurabe.models.runtime.protocol import FamilyRuntime

_USUAL = {"cpu": 8, "cuda": 64}
"""Pairs of a batch by device, and half of the answers in words. On a GPU decoding reads the weights once for
all rows, and 64 pairs of Phi-3.5-vision take 43 GB of keys and values; on the CPU, where arithmetic is what
there is, more save nothing."""

_BY_GENERATE = {"cpu": 4, "cuda": 32}
"""Rows of a batch for ``generate``, whose masks and activations grow with all of them at once. Where
questions share pictures these are pairs, and as many rows go on from them at once."""

_ROWS_SHARING = 4
"""Questions of a batch that shares, for each pair that it may have: what is decoded for them is kept."""


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """What the requests of a batch have in common.

    Attributes:
        runtime: True if a runtime computes them, False for transformers' ``generate``.
        limit: New tokens at most, 1 where the logits decide; 0 for whoever mixes limits.
        pictures: Pictures of a row, where a batch cannot mix their numbers; else 0.
        group: What rows must have in common besides; see `Family.batch_group`.
        shares: True where ``generate`` goes on from what the questions of a pair have in common.
    """

    runtime: bool
    limit: int
    pictures: int = 0
    group: str = ""
    shares: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A request on its way.

    Attributes:
        index: Its place among those that were asked.
        request: The request.
        length: Of its prompt in tokens, where that is known beforehand.
        row: What a runtime takes.
        limit: New tokens at most; 1 where the logits decide.
        shown: Content ids of its pictures, where ``generate`` may compute them once for several questions.
    """

    index: int
    request: Request
    length: int | None = None
    row: Row | None = None
    limit: int = 1
    shown: tuple[str, ...] = ()

    @property
    def size(self) -> tuple[int, int, int]:
        """Grows with the length in tokens; where that is unknown, with what it comes from."""
        pixels = sum(picture.width * picture.height for picture in self.request.pictures)
        return self.length or 0, pixels, len(self.request.prompt)

    @property
    def pair(self) -> Hashable:
        """Equal for items whose pictures are the same."""
        if self.row is None:
            return self.shown or self.index
        return tuple(picture.digest for picture in self.row.pictures) or self.index

    @property
    def reference(self) -> Hashable:
        """Equal for items whose pictures begin with the same one."""
        if self.row is None or len(self.row.pictures) < 2:
            return self.pair
        return self.row.pictures[0].digest

    @property
    def own(self) -> int:
        """Tokens of the prompt behind its last picture: about what it does not have in common with others."""
        if self.row is None:
            return self.length or 0
        ids = self.row.ids
        return next((place for place, token in enumerate(reversed(ids)) if token < 0), len(ids))


@dataclass(frozen=True, slots=True)
class Batch:
    """Items of one kind."""

    kind: Kind
    items: tuple[Item, ...]

    def parts(self, most: int) -> list["Batch"]:
        """Cut into batches of at most ``most`` items."""
        return [
            Batch(self.kind, self.items[start : start + most]) for start in range(0, len(self.items), most)
        ]

    @property
    def longest(self) -> int:
        """Tokens of the longest prompt; 0 if that is unknown."""
        return max(item.length or 0 for item in self.items)

    @property
    def writes(self) -> bool:
        """Whether any answer has more than one token."""
        return self.kind.limit > 1 or any(item.limit > 1 for item in self.items)


def batches(
    items: Iterable[tuple[Kind, Item]], fitting: Callable[[Kind, Sequence[Item]], int]
) -> deque[Batch]:
    """Group items.

    Those that show the same pictures stay together, and so do those whose first picture is the same, as long
    as they fit into a batch. Otherwise items of equal length keep their order.

    Args:
        items: With their kinds.
        fitting: How many of some items, from the first one on, a batch of a kind may have.

    Returns:
        Batches, the longest of each kind first: what does not fit is known early.
    """
    kinds: dict[Kind, list[Item]] = {}
    for kind, item in items:
        kinds.setdefault(kind, []).append(item)
    waiting: deque[Batch] = deque()
    for kind in sorted(kinds, reverse=True):
        ordered = _together(kinds[kind])
        while ordered:
            size = max(1, fitting(kind, ordered))
            waiting.append(Batch(kind, tuple(ordered[:size])))
            ordered = ordered[size:]
    return waiting


def _together(items: Sequence[Item]) -> list[Item]:
    """Sort items: the longest first, those of one reference beside each other, and so those of one pair."""
    largest: dict[Hashable, tuple[int, int, int]] = {}
    first: dict[Hashable, int] = {}
    for place, item in enumerate(items):
        for key in (("reference", item.reference), ("pair", item.pair)):
            largest[key] = max(item.size, largest.get(key, item.size))
            first.setdefault(key, place)

    def order(item: Item) -> tuple[object, ...]:
        places: list[object] = []
        for key in (("reference", item.reference), ("pair", item.pair)):
            places += [*(-number for number in largest[key]), first[key]]
        return (*places, *(-number for number in item.size))

    return sorted(items, key=order)


class Sizes:
    """How many rows the batches of an entry have: as it says, or as its device and memory allow.

    Args:
        asked: ``batch_size`` of the entry.
        device: ``cpu`` or ``cuda``.
    """

    def __init__(self, asked: Literal["auto"] | int, device: str) -> None:
        self._asked = asked if isinstance(asked, int) else None
        self._device = device
        self._failed: dict[bool, int] = {}

    @property
    def usual(self) -> int:
        """Pairs of a batch where memory is no matter."""
        return self._asked or _USUAL[self._device]

    @property
    def rows(self) -> int:
        """Rows that ``generate`` gets at once where memory is no matter."""
        return self._asked or _BY_GENERATE[self._device]

    def fitting(self, runtime: "FamilyRuntime | None", kind: Kind, items: Sequence[Item]) -> int:
        """Return how many of some items, from the first one on, a batch may have; at least 1."""
        if kind.runtime and runtime is not None:
            most = self._by_pairs(runtime, items)
        elif kind.shares:
            most = _whole_pairs(items, self.rows)
        else:
            most = self.rows
        return max(1, min(most, len(items), self._failed.get(kind.runtime, most)))

    def _by_pairs(self, runtime: "FamilyRuntime", items: Sequence[Item]) -> int:
        from kurabe.models.runtime.memory import Load, budget

        limit = budget(runtime) if self._asked is None else None
        load, pairs, good = Load(), set(), 0
        for number, item in enumerate(items):
            pairs.add(item.pair)
            if item.limit > 1:
                load.add(item.pair, item.length or 0, min(item.own, item.length or 0), item.limit)
            full = len(pairs) > self.usual or load.rows > 2 * self.usual
            if full or (limit is not None and load.bytes(runtime) > limit):
                break
            if number + 1 == len(items) or items[number + 1].pair != item.pair:
                good = number + 1
        else:
            return len(items)
        return good or number  # a pair that does not fit is parted

    def failed(self, kind: Kind, rows: int) -> None:
        """Note that memory was too short for so many rows, so that later batches need not fail first."""
        self._failed[kind.runtime] = (rows + 1) // 2


def _whole_pairs(items: Sequence[Item], most: int) -> int:
    """Return how many items, from the first one on, show at most so many pairs, uncut if possible."""
    pairs, good = set(), 0
    for number, item in enumerate(items):
        pairs.add(item.pair)
        if len(pairs) > most or number == _ROWS_SHARING * most:
            return good or number
        if number + 1 == len(items) or items[number + 1].pair != item.pair:
            good = number + 1
    return good

"""Which requests are answered together: those of one kind, of about one length, as many as memory takes."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kurabe.common.request import Request
from kurabe.models.runtime.prepared import Row

if TYPE_CHECKING:
    from kurabe.models.runtime.protocol import FamilyRuntime

_USUAL = {"cpu": 8, "cuda": 64}
"""Rows of a batch by device. On a GPU decoding reads the weights once for all rows, and 64 of Phi-3.5-vision
take 43 GB of keys and values; on the CPU, where arithmetic is what there is, more save nothing."""

_BY_GENERATE = {"cpu": 4, "cuda": 32}
"""Rows of a batch for ``generate``, whose masks and activations grow with all of them at once."""


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """What the requests of a batch have in common.

    Attributes:
        runtime: True if a runtime computes them, False for transformers' ``generate``.
        limit: New tokens at most; 1 where the logits decide.
        pictures: Pictures of a row, where a batch cannot mix their numbers; else 0.
        group: What rows must have in common besides; see `Family.batch_group`.
    """

    runtime: bool
    limit: int
    pictures: int = 0
    group: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A request on its way.

    Attributes:
        index: Its place among those that were asked.
        request: The request.
        length: Of its prompt in tokens, where that is known beforehand.
        row: What a runtime takes.
    """

    index: int
    request: Request
    length: int | None = None
    row: Row | None = None

    @property
    def size(self) -> tuple[int, int, int]:
        """Grows with the length in tokens; where that is unknown, with what it comes from."""
        pixels = sum(picture.width * picture.height for picture in self.request.pictures)
        return self.length or 0, pixels, len(self.request.prompt)


@dataclass(frozen=True, slots=True)
class Batch:
    """Items of one kind, the longest first."""

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
        return self.items[0].length or 0


def batches(items: Iterable[tuple[Kind, Item]], most: Callable[[Kind, int], int]) -> deque[Batch]:
    """Group items.

    Items of equal length keep their order, so that what is asked about one reference stays together.

    Args:
        items: With their kinds.
        most: How many a batch of a kind may have whose longest prompt has so many tokens.

    Returns:
        Batches, the longest of each kind first: what does not fit is known early.
    """
    kinds: dict[Kind, list[Item]] = {}
    for kind, item in items:
        kinds.setdefault(kind, []).append(item)
    waiting: deque[Batch] = deque()
    for kind in sorted(kinds, reverse=True):
        ordered = sorted(kinds[kind], key=lambda item: item.size, reverse=True)
        while ordered:
            size = max(1, most(kind, ordered[0].length or 0))
            waiting.append(Batch(kind, tuple(ordered[:size])))
            ordered = ordered[size:]
    return waiting


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
        """Rows of a batch where memory is no matter."""
        return self._asked or _USUAL[self._device]

    def most(self, runtime: "FamilyRuntime | None", kind: Kind, longest: int) -> int:
        """Return how many rows of so many tokens a batch may have."""
        if not kind.runtime:
            usual = self._asked or _BY_GENERATE[self._device]
        elif self._asked is None and kind.limit > 1 and runtime is not None:
            from kurabe.models.runtime.memory import budget, rows_that_fit

            usual = rows_that_fit(runtime, longest + kind.limit, budget(runtime), self.usual)
        else:
            usual = self.usual
        return min(usual, self._failed.get(kind.runtime, usual))

    def failed(self, kind: Kind, rows: int) -> None:
        """Note that memory was too short for so many rows, so that later batches need not fail first."""
        self._failed[kind.runtime] = (rows + 1) // 2

"""Which requests are answered together: those of one kind, of about one length, as many as memory takes."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kurabe.models.protocol import Request
from kurabe.models.runtime.prepared import Row


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """What the requests of a batch have in common.

    Attributes:
        runtime: True if a runtime computes them, False for transformers' ``generate``.
        limit: New tokens at most; 1 where the logits decide.
        pictures: Pictures of a row, where a batch cannot mix their numbers; else 0.
        side: On which side of a switch of rope factors the rows end, where a model has one.
    """

    runtime: bool
    limit: int
    pictures: int = 0
    side: str = ""


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

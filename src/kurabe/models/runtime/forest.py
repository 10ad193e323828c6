"""What rows have in common: each beginning that several of them share is computed once.

Rows are sorted by what they begin with, so that those that begin alike are neighbours. A pass then is a few
trees: a node is a run of tokens, its children go on behind it in different ways, and a row is the way from a
root to the node where it ends. Rows that are equal end in the same node.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kurabe.models.runtime.prepared import Row

Beginning = NDArray[np.int64]
"""One number a token: rows have equal keys and values as far as these are equal from the first one on."""

LEAST = 32
"""Tokens that are worth a node of their own: fewer are computed once for each row."""

_Tree = tuple[list[int], list[int], int]
"""Numbers of rows, what each has in common with the one before, and positions in all."""

LEVELS = 4
"""Nodes on the way of a row at most: references, pairs, questions, and one to spare."""


@dataclass(frozen=True, slots=True)
class Node:
    """A run of tokens.

    Attributes:
        row: A row that has them.
        start: The first of them, counted from the beginning of the row.
        end: Behind the last of them.
        parent: The number of the node before; -1 for a root.
        flat: Where the first token lies in the pass.
    """

    row: Row
    start: int
    end: int
    parent: int
    flat: int

    @property
    def size(self) -> int:
        """Tokens."""
        return self.end - self.start


@dataclass(frozen=True)
class Forest:
    """A pass.

    Attributes:
        nodes: In the order in which they lie in the pass: parents first, and siblings beside each other.
        ends: Of each row, the node in which it ends.
    """

    nodes: list[Node]
    ends: list[int]

    @property
    def tokens(self) -> int:
        """Positions of the pass."""
        return sum(node.size for node in self.nodes)

    @cached_property
    def last(self) -> list[int]:
        """The nodes in which rows end, each once, in order."""
        return sorted(set(self.ends))

    @property
    def answers(self) -> list[int]:
        """Of each row, its place in `last`."""
        place = {node: number for number, node in enumerate(self.last)}
        return [place[node] for node in self.ends]

    def way(self, number: int) -> list[int]:
        """Return the nodes from the root to this one."""
        way = [number]
        while (number := self.nodes[number].parent) >= 0:
            way.append(number)
        return way[::-1]

    @cached_property
    def siblings(self) -> list[list[int]]:
        """Nodes with the same parent; each root is alone."""
        found: list[list[int]] = []
        for number, node in enumerate(self.nodes):
            if found and node.parent >= 0 and self.nodes[found[-1][0]].parent == node.parent:
                found[-1].append(number)
            else:
                found.append([number])
        return found


@dataclass
class _Growing:
    """A forest on its way."""

    rows: Sequence[Row]
    common: Sequence[int]
    levels: list[list[tuple[Row, int, int, tuple[int, int]]]] = field(default_factory=list)
    ends: dict[int, tuple[int, int]] = field(default_factory=dict)

    def add(self, row: int, start: int, end: int, parent: tuple[int, int]) -> tuple[int, int]:
        level = parent[0] + 1
        if level == len(self.levels):
            self.levels.append([])
        self.levels[level].append((self.rows[row], start, end, parent))
        return level, len(self.levels[level]) - 1

    def grow(self, low: int, high: int, start: int, parent: tuple[int, int]) -> None:
        """Add rows from ``low`` to before ``high``, which are equal up to ``start``."""
        alike = min(self.common[low + 1 : high], default=self.rows[low].length)
        longest = max(self.rows[number].length for number in range(low, high))
        if alike == longest:  # all are equal
            node = self.add(low, start, alike, parent)
            self.ends |= dict.fromkeys(range(low, high), node)
            return
        deep = parent[0] + 1 >= LEVELS - 1
        if alike - start >= LEAST and not deep:
            parent = self.add(low, start, alike, parent)
            start = alike
            while self.rows[low].length == alike:  # it ends where the others go on
                self.ends[low] = parent
                low += 1
        cuts = [number for number in range(low + 1, high) if self.common[number] <= max(alike, start)]
        if deep:
            cuts = [
                n
                for n in range(low + 1, high)
                if self.common[n] < max(self.rows[n].length, self.rows[n - 1].length)
            ]
        for first, end in zip([low, *cuts], [*cuts, high], strict=True):
            self.grow(first, end, start, parent)

    def grown(self) -> Forest:
        offsets = np.cumsum([0, *map(len, self.levels)]).tolist()
        nodes, flat = [], 0
        for level in self.levels:
            for row, start, end, (above, place) in level:
                parent = offsets[above] + place if above >= 0 else -1
                nodes.append(Node(row, start, end, parent, flat))
                flat += end - start
        ends = [self.ends[number] for number in range(len(self.rows))]
        return Forest(nodes, [offsets[level] + place for level, place in ends])


def forest(rows: Sequence[Row], common: Sequence[int]) -> Forest:
    """Build the trees of a pass.

    Args:
        rows: Sorted by their beginnings.
        common: Of each row, how many tokens it has in common with the one before; see `Sorted`.
    """
    growing = _Growing(rows, common)
    if not rows:
        return Forest([], [])
    cuts = [number for number in range(1, len(rows)) if common[number] < 1]
    for first, end in zip([0, *cuts], [*cuts, len(rows)], strict=True):
        growing.grow(first, end, 0, (-1, 0))
    return growing.grown()


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows in the order of their beginnings.

    Attributes:
        numbers: Of the rows, in that order.
        common: Of each in that order, how many tokens it has in common with the one before; 0 for too few.
    """

    numbers: list[int]
    common: list[int]


def in_order(rows: Sequence[Row], beginning: Callable[[Row], Beginning] | None) -> Sorted:
    """Sort rows by their beginnings.

    Args:
        rows: The rows.
        beginning: What may be shared; None for nothing.
    """
    if beginning is None:
        return Sorted(list(range(len(rows))), [0] * len(rows))
    made = [beginning(row) for row in rows]
    # Any order will do in which rows that begin alike are neighbours.
    numbers = sorted(range(len(rows)), key=lambda number: made[number].tobytes())
    common = [0]
    for before, number in pairwise(numbers):
        one, other = made[before], made[number]
        size = min(len(one), len(other))
        unequal = np.flatnonzero(one[:size] != other[:size])
        shared = int(unequal[0]) if len(unequal) else size
        whole = shared == len(one) == len(other)
        common.append(shared if shared >= LEAST or whole else 0)
    return Sorted(numbers, common)


def passes(
    rows: Sequence[Row], order: Sorted, most: int, trees: int | None, alike: Callable[[Row], Hashable]
) -> list[tuple[list[int], Forest]]:
    """Part a batch into passes.

    Args:
        rows: Of the batch.
        order: Of the same.
        most: Positions of a pass at most; a single row may have more.
        trees: Of a pass at most; None for any number.
        alike: Rows of a pass are equal by this.

    Returns:
        The numbers of each pass's rows, and its trees.
    """
    # Rows of one tree stay together, if they fit into a pass.
    grown: list[_Tree] = []
    for number, shared in zip(order.numbers, order.common, strict=True):
        if shared and grown:
            alone, earlier, size = grown[-1]
            grown[-1] = [*alone, number], [*earlier, shared], size + rows[number].length - shared
        else:
            grown.append(([number], [0], rows[number].length))
    parts: dict[Hashable, list[_Tree]] = {}
    for each in grown:
        cut = [each] if each[2] <= most else _cut(rows, each[0], each[1], most)
        parts.setdefault(alike(rows[each[0][0]]), []).extend(cut)
    found: list[tuple[list[int], list[int]]] = []
    for own in parts.values():
        total = sum(size for *_, size in own)
        even = min(most, -(-total // -(-total // most)) + max(size for *_, size in own) // 2)
        numbers: list[int] = []
        common: list[int] = []
        held = grown_here = 0
        for tree, before, size in own:
            if numbers and (held + size > even or grown_here == trees):
                found.append((numbers, common))
                numbers, common = [], []
                held = grown_here = 0
            numbers, common = [*numbers, *tree], [*common, *before]
            held, grown_here = held + size, grown_here + 1
        found.append((numbers, common))
    return [(numbers, forest([rows[n] for n in numbers], common)) for numbers, common in found]


def _cut(rows: Sequence[Row], numbers: Sequence[int], common: Sequence[int], most: int) -> list[_Tree]:
    """Cut a tree that does not fit into a pass; its beginning is computed once for each part."""
    parts: list[_Tree] = []
    for number, shared in zip(numbers, common, strict=True):
        new = rows[number].length - shared
        if parts and parts[-1][2] + new <= most:
            own, before, size = parts[-1]
            parts[-1] = [*own, number], [*before, shared], size + new
        else:
            parts.append(([number], [0], rows[number].length))
    return parts

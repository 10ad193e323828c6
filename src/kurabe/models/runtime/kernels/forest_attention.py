"""Attention over a pass of trees: each token sees the way from the root of its tree to itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

from kurabe.models.runtime.forest import Forest
from kurabe.models.runtime.kernels.attention import OF_PROMPTS, attempted, prefill_attention
from kurabe.models.runtime.pinned import sent

_QUERIES, _KEYS = 128, 64
"""Of a block and of a step, as our kernel cuts them."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """Queries of one node, which lie beside each other.

    Attributes:
        begin: The first of them.
        runs: First and last-but-one token of what they see of the nodes before theirs.
        first: The first token of their own node.
        places: The tokens that they stand at, one after the other.
    """

    begin: int
    runs: tuple[tuple[int, int], ...]
    first: int
    places: range


@dataclass(frozen=True)
class Sight:
    """What the queries of a pass see.

    Attributes:
        groups: Queries that see the same runs, node by node; those of a group lie beside each other.
        device: Of queries and keys.
    """

    groups: Sequence[Sequence[_Asking]]
    device: torch.device

    @cached_property
    def tables(self) -> tuple[list[Tensor], Tensor, Tensor]:
        """The same as our kernel takes it: `kurabe.models.runtime.kernels.tree_attention.attend`."""
        blocks: dict[int, list[tuple[int, list[int]]]] = {}
        firsts: list[int] = []
        places: list[int] = []
        for group in self.groups:
            own_firsts = [asking.first for asking in group for _ in asking.places]
            own_places = [place for asking in group for place in asking.places]
            origin = len(firsts)
            runs = [n for a, b in group[0].runs for n in (a, a + (b - a) // _KEYS * _KEYS, b)]
            for start in range(0, len(own_places), _QUERIES):
                end = min(start + _QUERIES, len(own_places))
                low, high = own_firsts[start], own_places[end - 1] + 1
                whole = low
                if own_firsts[end - 1] == low:  # a single node's
                    whole += (own_places[start] + 1 - low) // _KEYS * _KEYS
                seen = sum(b - a for a, b in group[0].runs) + high - low
                table = [origin + start, origin + end, *runs, low, whole, high]
                blocks.setdefault(len(group[0].runs) + 1, []).append((seen, table))
            firsts += own_firsts
            places += own_places
        # Those that see the most begin first.
        by_runs = [
            [table for _, table in sorted(blocks.get(runs, []), key=lambda each: each[0], reverse=True)]
            for runs in range(1, max(blocks) + 1)
        ]
        found = [self._sent(own) for own in by_runs]
        return found, self._sent(firsts), self._sent(places)

    def _sent(self, numbers: Any) -> Tensor:
        return sent(torch.tensor(numbers, dtype=torch.int32), self.device)


def sights(forest: Forest, device: torch.device) -> tuple[Sight, Sight]:
    """Return what all tokens of a pass see, and what its rows' last tokens see.

    The latter are as many as nodes in which rows end, in the order of these.
    """
    every: list[list[_Asking]] = []
    last: list[list[_Asking]] = []
    ending = {number: place for place, number in enumerate(forest.last)}
    for siblings in forest.siblings:
        own: list[_Asking] = []
        ends: list[_Asking] = []
        for number in siblings:
            node = forest.nodes[number]
            before = [forest.nodes[each] for each in forest.way(number)[:-1]]
            runs = tuple((each.flat, each.flat + each.size) for each in before)
            own.append(_Asking(node.flat, runs, node.flat, range(node.flat, node.flat + node.size)))
            if number in ending:
                end = node.flat + node.size - 1
                ends.append(_Asking(ending[number], runs, node.flat, range(end, end + 1)))
        every.append(own)
        last += [ends] if ends else []
    return Sight(every, device), Sight(last, device)


def forest_attention(
    queries: Tensor, keys: Tensor, values: Tensor, sight: Sight, *, own: bool = True
) -> Tensor:
    """Attend.

    Args:
        queries: (queries, heads, head_dim).
        keys: (tokens of the pass, kv_heads, head_dim).
        values: Likewise.
        sight: What the queries see.
        own: Whether our kernel may attend.

    Returns:
        As ``queries``.
    """
    module = tried(queries.device, queries.dtype)[0] if own and queries.is_cuda else None
    if module is not None and module.takes(queries, keys, values):
        attended: Tensor = module.attend(queries, keys, values, *sight.tables)
        return attended
    parts = []
    for asking in (asking for group in sight.groups for asking in group):
        asked = queries[asking.begin : asking.begin + len(asking.places)]
        seen = [slice(*run) for run in asking.runs] + [slice(asking.first, asking.places[-1] + 1)]
        columns = [torch.cat([whole[run] for run in seen]) for whole in (keys, values)]
        heads = [part.transpose(0, 1)[None] for part in (asked, *columns)]
        mixed = prefill_attention(heads[0], heads[1], heads[2], len(columns[0]) - len(asked), own=own)
        parts.append(mixed[0].transpose(0, 1))
    return torch.cat(parts)


_TRIED: dict[tuple[torch.device, torch.dtype], tuple[Any, str]] = {}


def tried(device: torch.device, dtype: torch.dtype) -> tuple[Any, str]:
    """Return our kernel's module, or None and why it cannot run on this device."""
    key = device, dtype
    if key not in _TRIED:
        _TRIED[key] = attempted(
            _load, device, dtype, OF_PROMPTS, lambda module: _attend(module, device, dtype)
        )
    return _TRIED[key]


def _load() -> ModuleType:
    import kurabe.models.runtime.kernels.tree_attention as module

    return module


def _attend(module: Any, device: torch.device, dtype: torch.dtype) -> None:
    """Run it in the sizes of the two families, so that all is compiled when the first batch comes."""
    blocks = [
        torch.tensor([[0, 128, *[0, 64, 64] * (runs - 1), 0, 64, 128]], dtype=torch.int32, device=device)
        for runs in (1, 2, 3)
    ]
    firsts = torch.zeros(128, dtype=torch.int32, device=device)
    for heads, kv_heads, channels in ((32, 32, 96), (32, 8, 128)):
        queries = torch.ones(128, heads, channels, dtype=dtype, device=device)
        keys = torch.ones(128, kv_heads, channels, dtype=dtype, device=device)
        module.attend(queries, keys, keys, blocks, firsts, firsts + 64)

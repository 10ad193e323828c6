"""Taking a share of a large set: so many of each kind, so many in all, always the same for a seed."""

import random
from collections.abc import Hashable


class Chooser:
    """Chooses among numbered things of several kinds while they pass by; keeps only what it may choose.

    Each kind has a reservoir: every thing of it has the same chance, and nobody needs to know how many
    there will be (J. S. Vitter, Random Sampling with a Reservoir, 1985, algorithm R).
    """

    def __init__(self, sample: int | None, limit: int | None, seed: int) -> None:
        """Take how many of each kind, and how many in all, are wanted at most; None: all."""
        self._limit = limit
        self._most = min(number for number in (sample, limit) if number is not None) if sample or limit else 0
        self._seed = seed
        self._kinds: dict[Hashable, tuple[random.Random, list[int]]] = {}
        self._seen: dict[Hashable, int] = {}

    def offer(self, number: int, kind: Hashable) -> None:
        """Let a thing pass by."""
        if kind not in self._kinds:
            self._kinds[kind] = random.Random(f"{self._seed}/{kind}"), []  # noqa: S311 - nothing secret
        chance, kept = self._kinds[kind]
        seen = self._seen[kind] = self._seen.get(kind, 0) + 1
        if len(kept) < self._most:
            kept.append(number)
        elif (place := chance.randrange(seen)) < self._most:
            kept[place] = number

    def chosen(self) -> frozenset[int]:
        """Return the numbers that are chosen: of each kind in turn, until there are enough."""
        # In random order: the first places of a reservoir are those of the first things.
        queues = [
            random.Random(f"{self._seed}/{kind}").sample(kept, len(kept))  # noqa: S311
            for kind, (_, kept) in self._kinds.items()
        ]
        chosen: list[int] = []
        for turn in range(self._most):
            for queue in queues:
                if turn < len(queue) and (self._limit is None or len(chosen) < self._limit):
                    chosen.append(queue[turn])
        return frozenset(chosen)

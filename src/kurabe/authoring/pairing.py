"""Which good part a test picture is compared with: the rules, and the good parts that there are."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kurabe.authoring.looking import Look, Looker
from kurabe.authoring.parts import Part
from kurabe.common.errors import Problem
from kurabe.common.vocabulary import PairingRule
from kurabe.imaging.nearest import Candidates, Gist

SAID: dict[PairingRule, str] = {
    "same-name": "each test picture with the good part of the same file name",
    "nearest": "each test picture with the good part that looks most like it, by the distance that runs use",
    "first": "each test picture with the first good part by name",
    "all-good": "each test picture with all good parts",
}

_ADD = "add one, or name a folder of good parts with --references"

_MOST = 4096
"""Good parts of a place among which the nearest is looked for; of more so many are drawn."""


@dataclass(slots=True)
class Pool:
    """The good parts of one place (product, camera).

    Attributes:
        kept: Good parts that are only compared with.
        free: Good parts that may be asked about as well.
        tests: Number of pictures that are asked about, without the free ones.
    """

    kept: list[Path] = field(default_factory=list)
    free: list[Path] = field(default_factory=list)
    tests: int = 0


Place = tuple[str, str]


class Pairing:
    """Finds partners by a rule; ``problems`` has what is wrong with the good parts themselves."""

    def __init__(
        self, rule: PairingRule, pools: Mapping[Place, Pool], extra: Sequence[Path], seed: int, looker: Looker
    ) -> None:
        """Decide which good parts are compared with.

        Args:
            rule: The rule.
            pools: The good parts of each place.
            extra: Good parts for every place.
            seed: Which of the free ones are taken.
            looker: Looks at pictures.
        """
        self._rule = rule
        self._looker = looker
        self._extra = list(extra)
        self._seed = seed
        self._goods = {place: self._kept(place, pool, seed) for place, pool in pools.items()}
        self._members = {place: frozenset(goods) for place, goods in self._goods.items()}
        self._ready: dict[Place, list[Path]] = {}
        self._candidates: dict[Place, Candidates] = {}
        self._names: dict[Place, dict[str, list[Path]]] = {}
        self.problems: list[Problem] = []

    def _kept(self, place: Place, pool: Pool, seed: int) -> list[Path]:
        kept = [*pool.kept, *self._extra]
        if self._rule == "same-name":
            return [*kept, *pool.free]
        if kept or not pool.free:
            return kept
        if self._rule == "first":
            return pool.free[:1]
        if len(pool.free) == 1 or not pool.tests:
            return pool.free[: max(1, len(pool.free) // 2)]
        # Half is compared with, half is asked about: a picture that is both makes cases depend on each other.
        order = random.Random(f"{seed}/{place}").sample(range(len(pool.free)), (len(pool.free) + 1) // 2)  # noqa: S311
        return [pool.free[index] for index in sorted(order)]

    def is_reference(self, part: Part) -> bool:
        """Say whether a part is only compared with."""
        if part.role == "reference":
            return True
        return part.role == "any" and part.good and part.picture in self._members.get(part.place, ())

    def partners(self, parts: Sequence[Part], looks: Mapping[Path, Look]) -> list[tuple[Path, ...] | str]:
        """Return each part's good parts, or why it has none; "" where that has been told of its place.

        Args:
            parts: Parts that are asked about.
            looks: What their pictures look like.
        """
        found: list[tuple[Path, ...] | str] = [""] * len(parts)
        groups: dict[Place, list[int]] = {}
        for index, part in enumerate(parts):
            if part.references:
                found[index] = part.references
            elif self._rule == "same-name":
                found[index] = self._namesake(part)
            else:
                groups.setdefault(part.place, []).append(index)
        for place, indices in groups.items():
            goods = self._readable(place, parts[indices[0]])
            if not goods:
                continue
            if self._rule == "nearest":
                for index in indices:
                    seen = looks[parts[index].picture].gist
                    if seen is not None:  # a picture that cannot be read is told of by itself
                        found[index] = (goods[self._candidates[place].nearest(seen)],)
            else:
                for index in indices:
                    found[index] = tuple(goods)
        return found

    def _few(self, goods: list[Path], place: Place) -> list[Path]:
        if self._rule != "nearest" or len(goods) <= _MOST:
            return goods
        drawn = random.Random(f"{self._seed}/{place}").sample(range(len(goods)), _MOST)  # noqa: S311
        return [goods[index] for index in sorted(drawn)]

    def _namesake(self, part: Part) -> tuple[Path, ...] | str:
        place = part.place
        if place not in self._names:
            self._names[place] = {}
            for path in self._goods.get(place, self._extra):
                self._names[place].setdefault(path.stem.casefold(), []).append(path)
        goods = [p for p in self._names[place].get(part.picture.stem.casefold(), []) if p != part.picture]
        if not goods:
            return (
                f"there is no good part of the name {part.picture.stem!r} to compare {part.picture.name} "
                f"with: {_ADD}"
            )
        if len(goods) > 1:
            return f"two good parts are called {part.picture.stem!r}: {goods[0]} and {goods[1]}: rename one"
        return (goods[0],)

    def _readable(self, place: Place, part: Part) -> list[Path]:
        """Return the good parts of a place that can be read, looked at once; what is wrong is told."""
        if place not in self._ready:
            goods = self._few(self._goods.get(place, self._extra), place)
            good: list[Path] = []
            gists: list[Gist] = []
            for chunk in _chunks(goods):
                for path, look in self._looker.look(chunk).items():
                    if look.wrong:
                        self.problems.append(Problem(look.wrong.removeprefix(f"{path}: "), path))
                        continue
                    good.append(path)
                    if look.gist is not None:
                        gists.append(look.gist)
                if self._rule == "first" and good:
                    good = good[:1]
                    break
            if gists:
                self._candidates[place] = Candidates(gists)
            if not good:
                name = " ".join(filter(None, place))
                what = f"{name or 'the source'} has no good part to compare with: {_ADD}"
                self.problems.append(Problem(what, part.source or part.picture.parent))
            self._ready[place] = good
        return self._ready[place]


def _chunks(paths: Sequence[Path], size: int = 256) -> Iterable[Sequence[Path]]:
    return (paths[start : start + size] for start in range(0, len(paths), size))

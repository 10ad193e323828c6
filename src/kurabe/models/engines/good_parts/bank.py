"""Good parts by their features: how far a picture is from the nearest of them, and how far they are apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image

from kurabe.common.memo import Memo
from kurabe.common.request import Picture
from kurabe.models.engines.good_parts.backbone import Backbone
from kurabe.models.engines.good_parts.features import Patches, laid, patches
from kurabe.models.engines.good_parts.nearest import Map, left_out, nearest, score, threshold
from kurabe.models.engines.good_parts.settings import GoodPartsSettings
from kurabe.models.engines.good_parts.store import Arrays, Store

if TYPE_CHECKING:
    import torch

ENOUGH = 4
"""Good parts from which on they say themselves how far good parts are apart."""

_FRAMES = 3
"""Good parts that are tried, one after the other, as what all others are laid on."""
_MOST, _LEAST_LAID = 0.75, 0.5
"""Share of the good parts that lie on a frame for it to be taken at once, and for it to be taken at all.
Boards and figures: all of them lie; cookies and tiles: one in five at most."""

_PICTURES = 64 * 2**20
_PARTS = 200 * 2**20
_STACKS = 200 * 2**20
_MAPS = 64 * 2**20
"""Bytes of pictures, of features, of features of whole banks, and of distances that are remembered."""
_PATCHES = frozenset({"lies", "values", "valid", "size", "motion"})
_LEARNED = frozenset({"threshold", "expected"})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a bank says of a picture.

    Attributes:
        distances: Of every patch from the nearest one of the bank, H x W; over what good parts differ by at
            that place, where they lie on each other.
        score: Mean of the largest of them.
        threshold: The score from which on the picture is different.
        learned: True if the threshold comes from the good parts.
        size: Width and height of the picture as the network saw it.
        motion: 2 x 3: from places of `distances` to the picture, in pixels of that size.
    """

    distances: Map
    score: float
    threshold: float
    learned: bool
    size: tuple[int, int]
    motion: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Learned:
    """What good parts tell: the frame (None: they do not lie on each other), threshold and expectation."""

    frame: Picture | None
    members: tuple[Picture, ...]
    threshold: float
    expected: Map


class Banks:
    """Compares pictures with banks of good parts; features are made once for each picture.

    Args:
        backbone: The network.
        settings: Of the entry.
        store: Keeps what was learned of good parts.
    """

    def __init__(self, backbone: Backbone, settings: GoodPartsSettings, store: Store) -> None:
        self._backbone = backbone
        self._settings = settings
        self._store = store
        self._fitted: Memo[Image.Image] = Memo(_PICTURES, lambda made: 3 * made.width * made.height)
        self._patches: Memo[Patches | None] = Memo(_PARTS, lambda made: made.nbytes if made else 1)
        self._stacks: Memo[torch.Tensor] = Memo(_STACKS, lambda made: made.nbytes)
        self._apart: Memo[Map] = Memo(_MAPS, lambda made: made.nbytes)
        self._learned: Memo[_Learned] = Memo(_MAPS, lambda made: made.expected.nbytes + 1)

    def judge(self, test: Picture, bank: Sequence[Picture]) -> Judgement:
        """Compare a picture with good parts, of which it is none; there is at least one.

        Raises:
            ImageError: If a picture cannot be read.
        """
        if len(bank) < ENOUGH:
            return self._by_few(test, bank)
        frame, members = self._laid(bank)
        seen = None if frame is None else self._on(test, frame)
        if seen is None:  # the test lies otherwise than the good parts: as if they did not lie on each other
            frame, members = None, tuple(bank)
        learned = self._of_bank(frame, members)
        seen = seen or self._anyhow(test)
        distances = self._distances(test, seen, frame, members).min(0) * seen.valid / learned.expected
        found = score(distances, self._settings.top)
        return Judgement(distances, found, learned.threshold, True, seen.size, seen.motion)

    def _by_few(self, test: Picture, bank: Sequence[Picture]) -> Judgement:
        """Compare with each, by the threshold of the settings; what looks most alike counts."""
        found = []
        for part in bank:
            seen = self._on(test, part)
            frame, limit = (None, self._settings.far_limit) if seen is None else (part, self._settings.limit)
            seen = seen or self._anyhow(test)
            distances = self._distances(test, seen, frame, (part,))[0] * seen.valid
            value = score(distances, self._settings.top)
            found.append(Judgement(distances, value, limit, False, seen.size, seen.motion))
        return min(found, key=lambda judgement: judgement.score / judgement.threshold)

    def _laid(self, bank: Sequence[Picture]) -> tuple[Picture | None, tuple[Picture, ...]]:
        """Choose the part that others are laid on, however the bank is ordered, and say which of them are.

        Returns:
            None and the whole bank, if there is none that enough of them lie on.
        """
        best: tuple[Picture | None, tuple[Picture, ...]] = (None, tuple(bank))
        most = max(ENOUGH, _LEAST_LAID * len(bank)) - 1
        for frame in sorted(bank, key=lambda part: part.content)[:_FRAMES]:
            members = tuple(part for part in bank if self._on(part, frame, keep=True) is not None)
            if len(members) > most:
                best, most = (frame, members), len(members)
            if most >= _MOST * len(bank):
                break
        return best

    def _of_bank(self, frame: Picture | None, members: tuple[Picture, ...]) -> _Learned:
        names = sorted(part.content for part in members)
        key = ("bank", frame.content if frame else "", *names)

        def learn() -> _Learned:
            kept = self._store.get(key, _LEARNED)
            if kept is None:
                scores, expectation = self._left_out(frame, members)
                limit = threshold(scores, self._settings.deviations)
                kept = {"threshold": np.array(limit), "expected": expectation}
                self._store.put(key, kept)
            return _Learned(frame, members, float(kept["threshold"]), kept["expected"].astype(np.float32))

        return self._learned.get(key, learn)

    def _left_out(self, frame: Picture | None, members: tuple[Picture, ...]) -> tuple[list[float], Map]:
        """Return the score of each good part as the others see it, and what is expected at each place."""
        if frame is None:
            scores = []
            for part in members:
                others = [each for each in members if each.content != part.content]
                apart = self._distances(part, self._anyhow(part, keep=True), None, others)
                scores.append(score(apart.min(0), self._settings.top))
            return scores, np.ones((1, 1), np.float32)
        seen = [self._member(part, frame) for part in members]
        rows = [self._distances(*pair, frame, members) for pair in zip(members, seen, strict=True)]
        valid = np.stack([each.valid for each in seen])
        return left_out(np.stack(rows), valid, self._settings.shrink, self._settings.top)

    def _distances(
        self, test: Picture, seen: Patches, frame: Picture | None, goods: Sequence[Picture]
    ) -> Map:
        """Return n x H x W: of a picture's patches from each good part's; known ones are not made again."""
        keys = [(test.content, part.content, frame.content if frame else "") for part in goods]
        known = {key: found for key in keys if (found := self._apart.held(key)) is not None}
        by_shape: dict[tuple[int, ...], list[tuple[Picture, Patches]]] = {}
        for key, part in zip(keys, goods, strict=True):
            if key not in known:
                made = self._member(part, frame)
                by_shape.setdefault(made.values.shape, []).append((part, made))
        for parts in by_shape.values():
            for (part, _), found in zip(parts, self._measured(seen, frame, parts), strict=True):
                key = (test.content, part.content, frame.content if frame else "")
                known[key] = self._apart.get(key, found.copy)
        return np.stack([known[key] for key in keys])

    def _measured(
        self, seen: Patches, frame: Picture | None, parts: Sequence[tuple[Picture, Patches]]
    ) -> Map:
        import torch

        stacked = self._stacked(frame.content if frame else "", parts)
        return nearest(torch.from_numpy(seen.values).float(), stacked, self._reach(seen, frame))

    def _stacked(self, name: str, parts: Sequence[tuple[Picture, Patches]]) -> "torch.Tensor":
        import torch

        key = (name, *(part.content for part, _ in parts))
        return self._stacks.get(
            key, lambda: torch.stack([torch.from_numpy(made.values).float() for _, made in parts])
        )

    def _reach(self, seen: Patches, frame: Picture | None) -> tuple[float, float]:
        if frame is None:
            return self._settings.window, self._settings.window
        rows, columns = seen.valid.shape
        cells = round(self._settings.near * max(rows, columns))
        return cells / rows, cells / columns

    def _member(self, part: Picture, frame: Picture | None) -> Patches:
        made = self._anyhow(part, keep=True) if frame is None else self._on(part, frame, keep=True)
        assert made is not None  # members of a bank were laid before
        return made

    def _anyhow(self, picture: Picture, *, keep: bool = False) -> Patches:
        def make() -> Patches:
            return patches(self._backbone, self._settings, self._fit(picture))

        found = self._kept(("anyhow", picture.content), make, keep)
        assert found is not None
        return found

    def _on(self, picture: Picture, frame: Picture, *, keep: bool = False) -> Patches | None:
        """Return a picture's patches as it lies on a frame; None if it does not."""
        if not self._settings.register_parts:
            return None

        def make() -> Patches | None:
            onto, fitted = self._fit(frame), self._fit(picture)
            motion = laid(onto, fitted)
            return patches(self._backbone, self._settings, fitted, onto, motion) if motion else None

        return self._kept(("on", picture.content, frame.content), make, keep)

    def _fit(self, picture: Picture) -> Image.Image:
        return self._fitted.get(picture.content, lambda: self._backbone.fitted(picture.load()))

    def _kept(self, key: tuple[str, ...], make: Callable[[], Patches | None], keep: bool) -> Patches | None:
        def find() -> Patches | None:
            kept = self._store.get(key, _PATCHES) if keep else None
            if kept is not None:
                return _unpacked(kept)
            made = make()
            if keep:
                self._store.put(key, _packed(made))
            return made

        return self._patches.get(key, find)


def _packed(made: Patches | None) -> Arrays:
    if made is None:
        made = Patches(np.zeros((0, 0, 0), np.float16), np.zeros((0, 0), np.bool_), (0, 0), np.zeros((2, 3)))
    lies = np.array(made.values.size > 0)
    return {
        "lies": lies, "values": made.values, "valid": made.valid, "size": np.array(made.size),
        "motion": made.motion,
    }  # fmt: skip


def _unpacked(kept: Arrays) -> Patches | None:
    if not kept["lies"]:
        return None
    width, height = (int(each) for each in kept["size"])
    return Patches(
        kept["values"].astype(np.float16, copy=False),
        kept["valid"].astype(np.bool_, copy=False),
        (width, height),
        kept["motion"].astype(np.float64, copy=False),
    )

"""Good parts by their features: how far a picture is from the nearest of them, and how far they are apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kurabe.common.memo import Memo
from kurabe.common.request import Picture
from kurabe.imaging.align import Mask, Registration, align
from kurabe.models.engines.good_parts.backbone import Backbone
from kurabe.models.engines.good_parts.settings import GoodPartsSettings

if TYPE_CHECKING:
    import torch

Map = npt.NDArray[np.float32]

ENOUGH = 4
"""Good parts from which on they say themselves how far good parts are apart."""

_PARTS = 300 * 2**20
"""Bytes of features that are remembered."""
_MAPS = 100 * 2**20
"""Bytes of distances between good parts that are remembered."""
_LEAST = 1e-6
_WHOLE = 0.99
"""Share of a patch that has to lie in both pictures for it to count."""


@dataclass(frozen=True, slots=True)
class Patches:
    """The patches of a picture.

    Attributes:
        values: N x C, of length 1 on every grid.
        places: N x 2, (y, x) as shares of the picture.
        shape: Rows and columns of the grid; their product is N.
        valid: N; 0 where the picture does not reach into the frame, else 1.
        size: Width and height of the picture as the network saw it.
        registration: How the picture lay on the frame; None if nobody looked.
    """

    values: "torch.Tensor"
    places: "torch.Tensor"
    shape: tuple[int, int]
    valid: "torch.Tensor"
    size: tuple[int, int]
    registration: Registration | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a bank says of a picture.

    Attributes:
        distances: Of every patch from the nearest one of the bank, rows x columns.
        score: Mean of the largest of them.
        threshold: The score from which on the picture is different.
        learned: True if the threshold comes from the good parts.
        size: Width and height of the picture as the network saw it.
        registration: How the picture lay on the frame in which `distances` are; None if it is the frame.
    """

    distances: Map
    score: float
    threshold: float
    learned: bool
    size: tuple[int, int]
    registration: Registration | None


class Banks:
    """Compares pictures with banks of good parts; features are made once for each picture.

    Args:
        backbone: The network.
        settings: Of the entry.
    """

    def __init__(self, backbone: Backbone, settings: GoodPartsSettings) -> None:
        self._backbone = backbone
        self._settings = settings
        self._patches: Memo[Patches] = Memo(_PARTS, lambda made: made.values.nbytes)
        self._apart: Memo[Map] = Memo(_MAPS, lambda made: made.nbytes)
        self._thresholds: Memo[float] = Memo(10_000, lambda made: 1)  # noqa: ARG005

    def judge(self, test: Picture, bank: Sequence[Picture]) -> Judgement:
        """Compare a picture with good parts, of which it is none; there is at least one."""
        frame = self._frame(bank)
        distances = self._from(test, bank, frame)
        seen = self._of(test, frame)
        learned = len(bank) >= ENOUGH
        threshold = self._threshold(bank) if learned else self._settings.limit
        score = self.score(distances)
        return Judgement(distances, score, max(threshold, _LEAST), learned, seen.size, seen.registration)

    def _frame(self, bank: Sequence[Picture]) -> Picture:
        """Return the part that all others are laid on: one of a set, however the set is ordered."""
        return min(bank, key=lambda part: part.content)

    def score(self, distances: Map) -> float:
        """Return the mean of the largest distances."""
        count = max(1, round(distances.size * self._settings.top))
        return float(np.partition(distances.ravel(), -count)[-count:].mean())

    def _threshold(self, bank: Sequence[Picture]) -> float:
        frame = self._frame(bank)

        def learn() -> float:
            scores = [
                self.score(self._from(part, [each for each in bank if each.content != part.content], frame))
                for part in bank
            ]
            return float(np.mean(scores) + self._settings.deviations * np.std(scores, ddof=1))

        return self._thresholds.get(tuple(sorted(part.content for part in bank)), learn)

    def _from(self, test: Picture, bank: Sequence[Picture], frame: Picture) -> Map:
        found: Map = np.minimum.reduce([self._between(test, part, frame) for part in bank])
        return found

    def _between(self, test: Picture, part: Picture, frame: Picture) -> Map:
        key = test.content, part.content, frame.content
        return self._apart.get(key, lambda: self._measured(self._of(test, frame), self._of(part, frame)))

    def _measured(self, seen: Patches, good: Patches) -> Map:
        import torch

        with torch.inference_mode():
            square = (seen.values**2).sum(1)[:, None] + (good.values**2).sum(1)[None]
            square = torch.addmm(square, seen.values, good.values.T, alpha=-2)
            away = (seen.places[:, None] - good.places[None]).abs()
            # However small a picture is, the place itself is within reach.
            reach = torch.tensor([max(self._settings.window, 0.5 / cells) for cells in good.shape])
            square.masked_fill_((away > reach + _LEAST).any(-1), torch.inf)
            nearest = square.amin(1).clamp_min(0).sqrt() * seen.valid
            if seen.shape == good.shape:
                nearest *= good.valid
        found: Map = nearest.reshape(seen.shape).numpy()
        return found

    def _of(self, picture: Picture, frame: Picture) -> Patches:
        def make() -> Patches:
            fitted, valid, found = self._backbone.fitted(picture.load()), None, None
            if self._settings.register_parts and picture.content != frame.content:
                onto = self._backbone.fitted(frame.load())
                if onto.size == fitted.size:
                    fitted, valid, found = align(onto, fitted)
            return _patches(self._backbone(fitted), self._settings, fitted.size, valid, found)

        return self._patches.get((picture.content, frame.content), make)


def _patches(
    features: "Sequence[torch.Tensor]",
    settings: GoodPartsSettings,
    size: tuple[int, int],
    valid: Mask | None,
    registration: Registration | None,
) -> Patches:
    import torch
    from torch.nn import functional

    rows, columns = features[0].shape[1:]
    grids = []
    with torch.inference_mode():
        for each in features:
            grid = functional.avg_pool2d(
                each[None], settings.pool, 1, settings.pool // 2, count_include_pad=False
            )
            if grid.shape[2:] != (rows, columns):
                grid = functional.interpolate(grid, size=(rows, columns), mode="bilinear")
            grids.append(functional.normalize(grid, dim=1)[0])
        values = torch.cat(grids).flatten(1).T.contiguous()
        inside = torch.ones(rows * columns)
        if valid is not None:
            whole = torch.from_numpy(valid.astype(np.float32))[None, None]
            inside = (functional.adaptive_avg_pool2d(whole, (rows, columns)) > _WHOLE).float().flatten()
    y, x = (torch.arange(rows) + 0.5) / rows, (torch.arange(columns) + 0.5) / columns
    places = torch.stack(torch.meshgrid(y, x, indexing="ij"), -1).reshape(-1, 2)
    return Patches(values, places, (rows, columns), inside, size, registration)

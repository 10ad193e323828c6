"""Held-out connectors: how well verdicts on them are told while a course goes on."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor

from scenes.pair import GRADES
from training.connectors.batches import LENGTHS
from training.connectors.draw import Drawn, without_end
from training.connectors.gallery import Gallery
from training.connectors.rows import Asker
from training.connectors.supply import held_out
from training.connectors.workers import Workers

SEED = 900_001
"""No run's own: those begin at a thousand times the run's seed."""

Told = Callable[[Tensor, Tensor, Tensor, int, int, int], Tensor]
"""`training.course.Course.told`: the logarithms of P(yes) and P(no) of some pairs."""


class Examination:
    """Held-out connectors, raw and processed, and how verdicts on them are counted."""

    def __init__(self, amount: int, asker: Asker, workers: Workers, device: str, pad: int) -> None:
        some: list[Drawn] = []
        for drawn in without_end(SEED):
            some.append(drawn)
            if len(some) == amount:
                break
        self.gallery = Gallery.empty(amount, device)
        for start in range(0, amount, 6):
            self.gallery.add(some[start : start + 6])
        self.pairs = held_out(self.gallery)
        self.different = np.array([bool(flaws) for _, _, flaws, _ in self.pairs])
        self.grade = np.array([grade for *_, grade in self.pairs])
        row, self.start = asker.row("verdict", (), np.random.default_rng(0))
        self.row = torch.full((LENGTHS[True],), pad, device=device)
        self.row[: len(row)] = torch.tensor(row, device=device)
        self.yes, self.no = asker.answers(True), asker.answers(False)
        self.processed = self._processed(workers)

    def _processed(self, workers: Workers) -> Tensor:
        flat = self.gallery.flat()
        tests = torch.zeros(len(self.pairs), *flat.shape[1:], dtype=torch.uint8, device=flat.device)
        left = list(enumerate(self.pairs))
        while left or workers.waiting:
            while left:
                number, (first, second, _, _) = left[-1]
                both = flat[[first, second]].permute(0, 2, 3, 1).cpu().numpy()
                if not workers.process(number, both[0], both[1]):
                    break
                left.pop()
            for number, picture in workers.processed():
                tests[number] = torch.from_numpy(picture).to(flat.device).permute(2, 0, 1)
            time.sleep(0.01)
        return tests

    def told(self, variant: str, of: Told) -> np.ndarray[Any, Any]:
        """Return (pairs, 2), what a model says to the pairs: the logarithms of P(yes) and P(no).

        Args:
            variant: ``raw`` or ``processed``.
            of: The model.
        """
        flat, size = self.gallery.flat(), 128
        which = torch.arange(2 * size, device=flat.device).view(2, size).T
        said = []
        for start in range(0, len(self.pairs), size):
            part = self.pairs[start : start + size]
            pictures = torch.zeros(2 * size, *flat.shape[1:], dtype=torch.uint8, device=flat.device)
            if variant == "raw":
                pictures[: len(part)] = flat[[pair[0] for pair in part]]
                pictures[size : size + len(part)] = flat[[pair[1] for pair in part]]
            else:
                pictures[size : size + len(part)] = self.processed[start : start + size]
            ids = self.row.expand(size, -1)
            said.append(of(pictures, which, ids, self.start, self.yes, self.no)[: len(part)].cpu().numpy())
        return np.concatenate(said)

    def examine(self, of: Told) -> dict[str, float]:
        """Return balanced accuracy and area under the curve, raw and processed, also by grade."""
        found: dict[str, float] = {}
        for variant in ("raw", "processed"):
            said = self.told(variant, of)
            lean = said[:, 0] - said[:, 1]
            found |= self._figures(variant, lean, np.ones(len(lean), np.bool_))
            for number, grade in enumerate(GRADES):
                if (self.grade == number).any():
                    found |= self._figures(f"{variant}_{grade}", lean, self.grade == number)
        return found

    def _figures(
        self, name: str, lean: np.ndarray[Any, Any], which: np.ndarray[Any, Any]
    ) -> dict[str, float]:
        lean, different = lean[which], self.different[which]
        right = (lean > 0) == different
        balanced = (right[different].mean() + right[~different].mean()) / 2
        return {
            name: round(float(balanced), 4),
            f"{name}_auc": round(float(roc_auc_score(different, lean)), 4),
            f"{name}_overkill": round(float((~right[~different]).mean()), 4),
        }

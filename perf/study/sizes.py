"""The learning curve's figures: what adapters of so many pairs are worth on the held-out connectors.

All are asked about the same connectors, so intervals and changes come from drawing whole connectors again;
seeds are averaged, and stand beside the mean.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kurabe.report.statistics import CONFIDENCE
from perf.study.figures import Estimate

ROOT = Path(__file__).resolve().parents[2]
RECORD = ROOT / "training" / "results" / "curve.json"
DRAWS = 4000
GOOD, SAME, BAD, DIFFERENT, LOSS = range(5)
"""Columns of what the record holds of each connector."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Way:
    """Adapters of one size, of one kind of pictures, with or without linking pairs; of several seeds.

    Attributes:
        size: Pairs that were learned from.
        pictures: ``raw`` or ``processed``.
        linked: Whether linking pairs were learned from besides.
        runs: What the record holds of each seed.
    """

    size: int
    pictures: str
    linked: bool
    runs: tuple[dict[str, Any], ...]

    def sums(self, variant: str = "") -> Floats:
        """Return (seeds, connectors, 5) of a variant; of the one that was learned from by default."""
        return np.array([run[variant or self.pictures]["references"] for run in self.runs], float)

    def mean(self, field: str) -> float:
        """Return the mean of a figure over the seeds."""
        return float(np.mean([run[field] for run in self.runs]))


def ways(record: Path = RECORD) -> tuple[list[Way], dict[str, Way]]:
    """Return the trainings of the record by size, and what else was asked, by name."""
    groups: dict[tuple[int, str, bool], list[dict[str, Any]]] = {}
    others: dict[str, Way] = {}
    for run in json.loads(record.read_text(encoding="utf-8")):
        if "size" in run:
            groups.setdefault((run["size"], run["pictures"], run["linked"]), []).append(run)
        else:
            others[run["run"]] = Way(0, "raw", False, (run,))
    return [
        Way(*key, tuple(sorted(runs, key=lambda run: run["seed"]))) for key, runs in sorted(groups.items())
    ], others


def balanced(sums: Floats) -> Floats:
    """Return the balanced accuracy of sums over connectors, (…, 5)."""
    return np.asarray((sums[..., SAME] / sums[..., GOOD] + sums[..., DIFFERENT] / sums[..., BAD]) / 2)


def loss(sums: Floats) -> Floats:
    """Return the mean loss of a pair."""
    return np.asarray(sums[..., LOSS] / (sums[..., GOOD] + sums[..., BAD]))


def _drawn(sums: Floats, rate: Any) -> tuple[float, Floats]:
    """Return a rate, the mean over the seeds, and that of connectors drawn again."""
    chances = np.full(sums.shape[1], 1 / sums.shape[1])
    counts = np.random.default_rng(0).multinomial(sums.shape[1], chances, size=DRAWS).astype(float)
    return float(rate(sums.sum(1)).mean()), rate(counts @ sums).mean(0)


def _interval(value: float, draws: Floats) -> Estimate:
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    return Estimate(value, float(low), float(high))


def estimate(sums: Floats, rate: Any = balanced) -> Estimate:
    """Return a rate with its interval."""
    return _interval(*_drawn(sums, rate))


def change(before: Floats, after: Floats, rate: Any = balanced) -> Estimate:
    """Return by how much a rate changes on the same connectors."""
    one, other = _drawn(before, rate), _drawn(after, rate)
    return _interval(other[0] - one[0], other[1] - one[1])


def by_seed(sums: Floats, rate: Any = balanced) -> list[float]:
    """Return a rate of each seed."""
    return [float(value) for value in rate(sums.sum(1))]


def find(every: Sequence[Way], size: int, pictures: str, linked: bool) -> Way | None:
    """Return a way, if it was trained."""
    asked = (size, pictures, linked)
    return next((way for way in every if (way.size, way.pictures, way.linked) == asked), None)

"""Designs of the simulation of coverage, and tables drawn from them whose truth is known."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

Bools = NDArray[np.bool_]
Generator = Literal["copula", "copies"]
Kind = Literal["none", "shared", "bias"]
Recalls = tuple[float, float]

MIXES: dict[str, tuple[tuple[int, int], ...]] = {
    "1": ((1, 0), (0, 1)),
    "2": ((1, 1),),
    "3": ((2, 1), (1, 2)),
    "4": ((2, 2),),
    "1 good + 3 bad": ((1, 3),),
    "1 to 4": ((0, 1), (1, 1), (2, 1), (2, 2)),
}
"""Good and bad cases of the units, in turn."""

HELD_OUT_MIXES: dict[str, tuple[tuple[int, int], ...]] = {
    "3 good + 1 bad": ((3, 1),),
    "5": ((3, 2), (2, 3)),
    "1 or 6": ((1, 0), (3, 3), (0, 1)),
    "2 good + 6 bad": ((2, 6),),
}
"""The same of the cells held out."""

RECALLS: tuple[tuple[Recalls, Recalls], ...] = (
    ((0.6, 0.6), (0.6, 0.6)),
    ((0.8, 0.8), (0.8, 0.8)),
    ((0.95, 0.95), (0.95, 0.95)),
    ((0.6, 0.95), (0.6, 0.95)),
    ((0.95, 0.6), (0.6, 0.95)),
    ((0.6, 0.6), (0.8, 0.8)),
    ((0.95, 0.95), (0.8, 0.8)),
    ((0.95, 0.6), (0.75, 0.85)),
)
"""Recall of good and of bad parts, raw and processed."""

HELD_OUT_RECALLS: tuple[tuple[Recalls, Recalls], ...] = (
    ((0.5, 0.5), (0.5, 0.5)),
    ((0.7, 0.9), (0.7, 0.9)),
    ((0.9, 0.7), (0.9, 0.7)),
    ((0.55, 0.9), (0.7, 0.75)),
    ((0.7, 0.7), (0.85, 0.9)),
    ((0.97, 0.85), (0.92, 0.92)),
)
"""The same of the cells held out."""


@dataclass(frozen=True)
class Design:
    """One cell: how many units of which cases, with which truth."""

    units: int
    mix: str
    raw: Recalls
    processed: Recalls
    generator: Generator
    kind: Kind
    correlation: float
    paired: float

    @property
    def cases(self) -> NDArray[np.int64]:
        """Good and bad cases of each unit, shape (units, 2)."""
        mix = (MIXES | HELD_OUT_MIXES)[self.mix]
        return np.array([mix[unit % len(mix)] for unit in range(self.units)])


def designs(
    units: Sequence[int] = (8, 16, 32, 64),
    mixes: Sequence[str] = tuple(MIXES),
    recalls: Sequence[tuple[Recalls, Recalls]] = RECALLS,
    correlations: Sequence[float] = (0.0, 0.3, 0.6),
) -> Iterator[Design]:
    """Yield all cells; units of one case have no correlation within, so they stand there once."""
    for count in units:
        for mix in mixes:
            for raw, processed in recalls:
                for paired in (0.0, 0.6):
                    for correlation in correlations if mix != "1" else (0.0,):
                        for kind in ("shared", "bias") if correlation else ("none",):
                            for generator in ("copula", "copies") if correlation else ("copula",):
                                yield Design(count, mix, raw, processed, generator, kind, correlation, paired)


def held_out_designs() -> Iterator[Design]:
    """Yield cells on which nothing was chosen."""
    return designs(
        (10, 12, 20, 24, 48, 100), tuple(HELD_OUT_MIXES), HELD_OUT_RECALLS, correlations=(0.0, 0.15, 0.45)
    )


def draw(design: Design, tables: int, random: np.random.Generator) -> tuple[Bools, Bools, Bools, Bools]:
    """Draw answers.

    Returns:
        Whether each place of a unit holds a case, and whether its part is bad, shape (units, places);
        whether each answer is right, raw and processed, shape (tables, units, places).
    """
    good, bad = design.cases.T[:, :, None]
    place = np.arange((good + bad).max())
    held, is_bad = place < good + bad, place >= good
    make = _copula if design.generator == "copula" else _copies
    raw, processed = make(design, is_bad, tables, random)
    return held, is_bad, raw & held, processed & held


def _copula(design: Design, is_bad: Bools, tables: int, random: np.random.Generator) -> tuple[Bools, Bools]:
    of_unit = random.standard_normal((tables, design.units, 1), np.float32)
    of_case = random.standard_normal((tables, *is_bad.shape), np.float32)
    sign = np.where(is_bad & (design.kind == "bias"), -1, 1).astype(np.float32)
    kept, new = np.float32(design.paired), np.float32(math.sqrt(1 - design.paired**2))
    answers: list[Bools] = []
    for recalls in (design.raw, design.processed):
        if answers:
            of_unit = kept * of_unit + new * random.standard_normal(of_unit.shape, np.float32)
            of_case = kept * of_case + new * random.standard_normal(of_case.shape, np.float32)
        latent = [_latent(recall, design.correlation) for recall in recalls]
        shared = np.where(is_bad, latent[1], latent[0])
        score = np.sqrt(shared).astype(np.float32) * sign * of_unit
        score += np.sqrt(1 - shared).astype(np.float32) * of_case
        answers.append(score < ndtri(np.where(is_bad, recalls[1], recalls[0])).astype(np.float32))
    return answers[0], answers[1]


def _copies(design: Design, is_bad: Bools, tables: int, random: np.random.Generator) -> tuple[Bools, Bools]:
    of_unit = random.random((tables, design.units, 1), np.float32)
    of_case = random.random((tables, *is_bad.shape), np.float32)
    copied = random.random(of_case.shape, np.float32) < math.sqrt(design.correlation)
    answers: list[Bools] = []
    for recalls in (design.raw, design.processed):
        if answers:
            for drawn in (of_unit, of_case):
                new = random.random(drawn.shape, np.float32) >= design.paired
                drawn[new] = random.random(int(new.sum()), np.float32)
        unit = np.where(is_bad & (design.kind == "bias"), 1 - of_unit, of_unit)
        answers.append(np.where(copied, unit, of_case) < np.where(is_bad, recalls[1], recalls[0]))
    return answers[0], answers[1]


@cache
def _latent(recall: float, correlation: float) -> float:
    """Return the normal variables' correlation that gives two answers of this recall the stated phi."""
    if not correlation:
        return 0.0
    nodes, weights = np.polynomial.hermite_e.hermegauss(200)
    weights = weights / weights.sum()

    def excess(latent: float) -> float:
        chance = ndtr((ndtri(recall) - math.sqrt(latent) * nodes) / math.sqrt(1 - latent))
        return float((weights @ chance**2 - recall**2) / (recall * (1 - recall)) - correlation)

    return float(brentq(excess, 1e-6, 0.9999))

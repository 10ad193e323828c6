"""Whether operating points flatter: how often their upper limits hold, by simulation with known truth.

    uv run python -m perf.decisions_coverage [--samples 2000] [--processes N] [--only TEXT]
    uv run python -m perf.decisions_coverage --levels

Draws samples of good and bad parts in units, with normal scores that are turned into P(different); parts of
a unit share a part of their score. Each sample is given to the table of operating points as it is. Held
against it is the true miss rate, and the true overkill rate, of the printed threshold, which is known from
the normal distribution. Beside the limits of the table two others are measured, to show what they are worth:
those of the cross-fitted counts alone (``crossed``), and those of the counts at the printed threshold as if
it had not been chosen on them (``own``).

``--levels`` computes the table of `kurabe.report.decisions.confidence_of_any`.
"""

import argparse
import json
import math
import os
import platform
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import betaincinv, expit, logit, ndtr
from scipy.stats import poisson

from kurabe.report.decisions import decisions
from kurabe.report.points import Group, Point, points_of
from kurabe.report.rules import BALANCED, Rule, least_cost, parse_rule
from kurabe.report.thresholds import Sample

Floats = NDArray[np.float64]

OUT = Path(__file__).parent / "results" / "decisions_coverage.json"
LEAST = 0.95


@dataclass(frozen=True)
class Design:
    """One cell.

    Attributes:
        units: How many units there are.
        good: Good parts of each.
        bad: Bad parts of each.
        apart: Distance of the two means, in standard deviations.
        share: Share of a score's variance that the parts of a unit have in common.
        steps: P is rounded to so many steps; 0 for none.
        centre: Score at which P is 0.5, seen from the good parts' mean.
        rule: How the threshold is chosen.
    """

    units: int
    good: int
    bad: int
    apart: float
    share: float
    steps: int
    centre: float
    rule: str

    @property
    def asked(self) -> Rule:
        """The rule itself."""
        if self.rule == "balanced":
            return BALANCED
        return least_cost(0.02, 200.0, 1.0) if self.rule == "least cost" else parse_rule(self.rule)


BASE = Design(40, 1, 1, 2.0, 0.0, 0, 0.5, "balanced")
RULES = (
    "balanced", "least cost", "miss_rate <= 0.1", "miss_rate <= 0.02", "overkill_rate <= 0.1",
    "miss_rate <= 0.1 overkill_rate <= 0.1",
)  # fmt: skip


def designs() -> Iterator[Design]:
    """Yield all cells, each of which is another sample in one respect."""
    shapes = [
        *({"units": n} for n in (20, 60, 160)),
        {"units": 40, "bad": 3},
        *({"units": 60, "good": 2, "bad": 2, "share": share} for share in (0.3, 0.6)),
        {"units": 60, "apart": 0.5},
        {"units": 100, "steps": 10},
    ]
    for rule in RULES:
        for shape in shapes:
            yield replace(BASE, rule=rule, **shape)  # type: ignore[arg-type]


def draw(design: Design, random: np.random.Generator) -> Sample:
    """Draw one sample."""
    parts = design.good + design.bad
    unit = np.repeat(np.arange(design.units), parts)
    bad = np.tile(np.arange(parts) >= design.good, design.units)
    common = random.standard_normal(design.units)[unit] * math.sqrt(design.share)
    score = common + random.standard_normal(unit.size) * math.sqrt(1 - design.share) + design.apart * bad
    p = expit(score - design.centre)
    if design.steps:
        p = np.round(p * design.steps) / design.steps
    return Sample.of(p, bad, unit)


def truth(design: Design, threshold: float) -> tuple[float, float]:
    """Return the true miss rate and overkill rate of a threshold."""
    if design.steps:
        # P takes these values alone, made as `draw` makes them; a threshold may lie a hair above one of them.
        values = np.arange(design.steps + 1) / design.steps
        first = int(np.searchsorted(values, threshold))
        # Scores are rounded to a value from half a step below it on.
        threshold = (first - 0.5) / design.steps
    score = float(logit(np.clip(threshold, 0.0, 1.0))) + design.centre
    return float(ndtr(score - design.apart)), float(1 - ndtr(score))


def measure(design: Design, samples: int, seed: int) -> dict[str, float | int | None]:
    """Return how often the limits of a cell hold."""
    random = np.random.default_rng([seed, *map(ord, str(design))])
    points: list[Point] = []
    for _ in range(samples):
        sample = draw(design, random)
        group = Group(("m", "raw", "stacked", "s", "verdict"), "reference", sample, sample.bad, None)
        points.append(list(points_of(group, [design.asked]))[1])
    usable = [point for point in points if point.wrong is not None]
    if not usable:
        return {"samples": samples, "with_threshold": 0}
    true = np.array([_true(design, point) for point in usable])
    found: dict[str, float | int | None] = {"samples": samples, "with_threshold": len(usable)}
    ways = {
        "": usable,
        "_crossed": [replace(point, own=None, picked=False) for point in usable],
        "_own": [replace(point, wrong=point.own, own=None, picked=False) for point in usable],
    }
    for way, taken in ways.items():
        table = decisions(taken)
        for place, name in enumerate(("miss_rate", "overkill_rate")):
            high = table[f"{name}_hi"].to_numpy(np.float64)
            # Samples without a threshold print no limit that could be wrong.
            failed = int((true[:, place] > high + 1e-12).sum())
            found[f"{name}_hi_holds{way}"] = round(1 - failed / samples, 4)
            if not way:
                found[f"{name}_true"] = round(float(true[:, place].mean()), 4)
                found[f"{name}_hi_mean"] = round(float(high.mean()), 4)
                found[name] = round(float(table[name].to_numpy(np.float64).mean()), 4)
                found[f"{name}_hi_holds_where_any"] = round(1 - failed / len(usable), 4)
    return found


def _true(design: Design, point: Point) -> tuple[float, float]:
    assert point.low is not None
    return truth(design, point.low)[0], truth(design, point.low if point.high is None else point.high)[1]


def chance_of_all(parts: int, confidence: float) -> float:
    """Return how often all order statistics of uniform numbers stay below their beta quantiles.

    The numbers are taken as a Poisson process that has so many events (Noé 1972's recursion, step by step).
    """
    rank = np.arange(1, parts + 1)
    ends = np.append(betaincinv(rank, parts - rank + 1, confidence), 1.0)
    state, last, scale = np.eye(1, parts + 1)[0], 0.0, 0.0
    for k, end in enumerate(ends):
        mean = parts * (end - last)
        most = int(min(parts, mean + 12 * math.sqrt(mean) + 30))
        state = np.convolve(state, poisson.pmf(np.arange(most + 1), mean))[: parts + 1]
        if k < parts:
            state[: k + 1] = 0.0  # fewer than k + 1 numbers below the end of the k-th: beyond its quantile
        total = state.sum()
        state, scale, last = state / total, scale + math.log(total), end
    return float(np.exp(scale + np.log(state[-1]) - poisson.logpmf(parts, parts)))


def level(parts: int) -> float:
    """Return how rarely one limit may fail, so that all hold together in 95 % of samples."""
    if parts == 1:
        return 1 - LEAST
    return 1 - float(brentq(lambda each: chance_of_all(parts, each) - LEAST, 0.94, 0.99999, xtol=1e-8))


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--only", default="", help="cells whose description has this text")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--levels", action="store_true")
    parser.add_argument("--out", type=Path, default=OUT)
    told = parser.parse_args()
    if told.levels:
        for parts in (1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200, 300, 500, 1000, 2000, 4000):
            print(parts, round(level(parts), 6), flush=True)
        return
    began = time.time()
    asked = [design for design in designs() if told.only in str(design)]
    cells = []
    with ProcessPoolExecutor(told.processes) as pool:
        measured = pool.map(partial(measure, samples=told.samples, seed=told.seed), asked)
        for design, found in zip(asked, measured, strict=True):
            cells.append(asdict(design) | found)
            print(json.dumps(cells[-1]), flush=True)
    held = [cell[f"{name}_hi_holds"] for cell in cells for name in ("miss_rate", "overkill_rate")
            if cell["with_threshold"]]  # fmt: skip
    record = {
        "program": "perf/decisions_coverage.py",
        "samples": told.samples,
        "seed": told.seed,
        "asked": LEAST,
        "least": min(held),
        "cells_below": sum(one < LEAST for one in held),
        "cells": cells,
        "seconds": round(time.time() - began),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }
    print({key: value for key, value in record.items() if key != "cells"})
    told.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

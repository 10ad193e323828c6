"""How often the intervals of attribute agreement hold, by simulation with known truth.

    uv run python -m perf.agreement_coverage [--samples 2000] [--processes N] [--out FILE]

Draws parts, a third of them bad, that raters judge three times each. A part's difficulty is common to all
raters and trials: judgements come from correlated normal variables, so that decisions about one part are not
independent. The true miss rate is set. The true kappas are those of 400,000 parts of the same kind.
"""

import argparse
import json
import os
import platform
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from kurabe.report.kappa import cohen, fleiss, rate

OUT = Path(__file__).parent / "results" / "agreement_coverage.json"
ASKED = 0.95
TRIALS = 3
BAD = 1 / 3
MANY = 400_000


@dataclass(frozen=True)
class Design:
    """One cell.

    Attributes:
        parts: Parts that are judged.
        raters: Who judges them.
        right: Chance of each judgement to be right.
        shared: Correlation of the judgements of one part.
    """

    parts: int
    raters: int
    right: float
    shared: float


def designs() -> list[Design]:
    """Return all cells."""
    return [
        Design(parts, raters, right, shared)
        for parts in (20, 50, 100)
        for raters in (2, 3)
        for right in (0.8, 0.95)
        for shared in (0.2, 0.6)
    ]


def draw(
    design: Design, parts: int, random: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which parts are bad, shape (parts,), and which are called bad, (parts, raters, trials)."""
    bad = np.arange(parts) < round(parts * BAD)
    common = random.standard_normal((parts, 1, 1)) * np.sqrt(design.shared)
    own = random.standard_normal((parts, design.raters, TRIALS)) * np.sqrt(1 - design.shared)
    return bad, (common + own < ndtri(design.right)) == bad[:, None, None]


def tables(called: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what the two kappas take: the first two raters crossed by trial, and counts by class."""
    one, other = called[:, 0].astype(np.int64), called[:, 1].astype(np.int64)
    crossed = np.zeros((len(called), 2, 2))
    np.add.at(crossed, (np.arange(len(called))[:, None], one, other), 1)
    of_bad = called.sum((1, 2))
    return crossed, np.column_stack([called[0].size - of_bad, of_bad]).astype(np.float64)


def kappas(called: NDArray[np.bool_]) -> tuple[float, float]:
    """Return Cohen's and Fleiss' kappa of very many parts, without their intervals."""
    crossed, counts = tables(called)
    shares = crossed.sum(0) / crossed.sum()
    chance = float(shares.sum(1) @ shares.sum(0))
    ratings = float(counts[0].sum())
    observed = float((((counts**2).sum(1) - ratings) / (ratings * (ratings - 1))).mean())
    by_chance = float(((counts.sum(0) / counts.sum()) ** 2).sum())
    return (float(np.trace(shares)) - chance) / (1 - chance), (observed - by_chance) / (1 - by_chance)


def measure(design: Design, samples: int, seed: int) -> dict[str, float]:
    """Return in which share of samples each interval holds the truth."""
    random = np.random.default_rng([seed, *map(ord, str(design))])
    true_cohen, true_fleiss = kappas(draw(design, MANY, random)[1])
    held, drawn = {"miss_rate": 0, "cohen": 0, "fleiss": 0}, {"miss_rate": 0, "cohen": 0, "fleiss": 0}
    for _ in range(samples):
        bad, called = draw(design, design.parts, random)
        crossed, counts = tables(called)
        missed = (~called[bad]).sum((1, 2)).astype(np.float64)
        found = {
            "miss_rate": (rate(missed, np.full(int(bad.sum()), float(called[0].size))), 1 - design.right),
            "cohen": (cohen(crossed), true_cohen),
            "fleiss": (fleiss(counts), true_fleiss),
        }
        for name, (figure, truth) in found.items():
            if figure is not None:  # of raters that said one thing alone there is no kappa
                drawn[name] += 1
                held[name] += figure[1] - 1e-9 <= truth <= figure[2] + 1e-9
    return {
        "true_cohen": round(true_cohen, 4), "true_fleiss": round(true_fleiss, 4),
        **{f"{name}_holds": round(held[name] / drawn[name], 4) for name in held},
    }  # fmt: skip


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=Path, default=OUT)
    told = parser.parse_args()
    with ProcessPoolExecutor(told.processes) as pool:
        measured = list(pool.map(partial(measure, samples=told.samples, seed=told.seed), designs()))
    cells = [asdict(design) | found for design, found in zip(designs(), measured, strict=True)]
    held = [cell[f"{name}_holds"] for cell in cells for name in ("miss_rate", "cohen", "fleiss")]
    record = {
        "program": "perf/agreement_coverage.py", "samples": told.samples, "seed": told.seed, "asked": ASKED,
        "least": min(held), "most": max(held),
        "python": platform.python_version(), "numpy": np.__version__, "cells": cells,
    }  # fmt: skip
    for cell in cells:
        print(json.dumps(cell))
    print({key: value for key, value in record.items() if key != "cells"})
    told.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

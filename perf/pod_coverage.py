"""How often the limit a90/95 holds, by simulation with known truth.

    uv run python -m perf.pod_coverage [--samples 1000] [--processes N] [--out FILE]

Draws sizes evenly in their logarithm and hits from a logistic curve, so the size that is found nine times in
ten is known. With ``parts`` above 1, that many parts share a unit: their hits come from correlated normal
variables, which leaves the curve of each part as it is. Each sample is fitted by maximum likelihood and with
Firth's penalty. A sample that gives no limit makes no promise, and counts as held.
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
from scipy.special import expit, logit, ndtr

from kurabe.report.pod_fit import fit_pod

OUT = Path(__file__).parent / "results" / "pod_coverage.json"
ASKED = 0.95
SIZES = (1.0, 20.0)


@dataclass(frozen=True)
class Design:
    """One cell.

    Attributes:
        n: Bad parts.
        middle: Size that is found in half of the cases.
        slope: Slope of the logit over the logarithm of the size.
        parts: Parts of a unit.
        shared: Correlation of the normal variables within a unit.
    """

    n: int
    middle: float
    slope: float
    parts: int = 1
    shared: float = 0.0

    @property
    def a90(self) -> float:
        """The size that is found nine times in ten."""
        return self.middle * float(np.exp(logit(0.9) / self.slope))


def designs() -> list[Design]:
    """Return all cells."""
    alone = [Design(n, middle, slope) for n in (30, 60, 150) for middle in (3.0, 6.0) for slope in (2.0, 4.0)]
    return alone + [Design(60, 3.0, 3.0, 3, shared) for shared in (0.3, 0.6)]


def draw(
    design: Design, random: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]:
    """Return sizes, hits and units of one sample, each of shape (n,)."""
    sizes = np.exp(random.uniform(np.log(SIZES[0]), np.log(SIZES[1]), design.n))
    unit = np.arange(design.n) // design.parts
    common = random.standard_normal(design.n)[unit] * np.sqrt(design.shared)
    own = random.standard_normal(design.n) * np.sqrt(1 - design.shared)
    chance = expit(design.slope * (np.log(sizes) - np.log(design.middle)))
    return sizes, ndtr(common + own) < chance, unit


def measure(design: Design, samples: int, seed: int) -> dict[str, float | int]:
    """Return in which share of samples the limit is at least the true size, by each way of fitting."""
    random = np.random.default_rng([seed, *map(ord, str(design))])
    held, given = {"likelihood": 0, "firth": 0}, {"likelihood": 0, "firth": 0}
    for _ in range(samples):
        sizes, hit, unit = draw(design, random)
        if hit.all() or not hit.any():
            for way in held:
                held[way] += 1
            continue
        for way in held:
            limit = fit_pod(sizes, hit, unit, penalised=way == "firth").limit(0.9)
            given[way] += limit is not None
            held[way] += limit is None or limit >= design.a90
    return {
        **{f"{way}_holds": round(count / samples, 4) for way, count in held.items()},
        **{f"{way}_given": count for way, count in given.items()},
    }


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=Path, default=OUT)
    told = parser.parse_args()
    with ProcessPoolExecutor(told.processes) as pool:
        measured = list(pool.map(partial(measure, samples=told.samples, seed=told.seed), designs()))
    cells = [asdict(design) | found for design, found in zip(designs(), measured, strict=True)]
    record = {
        "program": "perf/pod_coverage.py", "samples": told.samples, "seed": told.seed, "asked": ASKED,
        **{f"{way}_{end.__name__}": end(cell[f"{way}_holds"] for cell in cells)
           for way in ("likelihood", "firth") for end in (min, max)},
        "python": platform.python_version(), "numpy": np.__version__, "cells": cells,
    }  # fmt: skip
    for cell in cells:
        print(json.dumps(cell))
    print({key: value for key, value in record.items() if key != "cells"})
    told.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

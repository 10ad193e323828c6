"""How often the intervals, limits and tests of the tables hold what they say, by simulation.

    uv run python -m perf.coverage [--quick] [--held-out] [--processes 2] [--cells FILE] [--out FILE]

Draws tables whose truth is known: units of good and bad parts, each answered raw and processed. Within a
unit answers are correlated, in two ways: *shared* difficulty (good and bad parts of a unit are right
together) and *bias* towards one answer (good right where bad is wrong). Two generators, neither of which
knows the methods: ``copula``, normal variables that are right below a threshold, their correlation solved so
that two answers of a class correlate by the stated number (phi); and ``copies``, where a case takes over the
unit's uniform number with probability √correlation, else draws its own, which gives the same phi. Processed
answers are tied to raw ones by the stated number: the correlation of the normal variables, or the
probability to keep the uniform ones. Recalls are set, so that all true values are known exactly.

A cell is one design. Where a figure is outside its bounds, or a coverage is within two standard errors of
them, the cell is drawn again with ten times as many tables, and those figures decide, without any margin.

The constants of the methods were chosen on the cells of `RECALLS` and `MIXES`. With ``--held-out`` the cells
are others in all four: numbers of units, mixes, recalls and correlations.
"""

import argparse
import csv
import json
import math
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from kurabe.report import intervals
from kurabe.report.paired import sign_flips
from kurabe.report.units import UnitChanges, UnitSums
from perf.coverage_draws import RECALLS, Design, designs, draw, held_out_designs

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
MANY, AGAIN = 4_000, 10
"""Tables drawn for a cell, and how many times as many where that does not decide."""

DISCORDANT = 10
"""Cases that change, as expected, from which on an interval may be too wide, too."""


@dataclass(frozen=True)
class Methods:
    """What is measured: by default what the tables use."""

    accuracy: Callable[[UnitSums], intervals.Intervals] = intervals.accuracy
    balanced_accuracy: Callable[[UnitSums], intervals.Intervals] = intervals.balanced_accuracy
    change_of_accuracy: Callable[[UnitChanges], intervals.Intervals] = intervals.change_of_accuracy
    change_of_balanced_accuracy: Callable[[UnitChanges], intervals.Intervals] = (
        intervals.change_of_balanced_accuracy
    )
    overkill_limit: Callable[[UnitSums], intervals.Limits] = intervals.overkill_limit
    miss_limit: Callable[[UnitSums], intervals.Limits] = intervals.miss_limit
    test: Callable[[UnitChanges], Floats] = sign_flips


@dataclass(frozen=True)
class Bound:
    """What a figure has to keep.

    Attributes:
        figure: The figure's name, as `measure` gives it.
        low: The least that it may be.
        high: The most that it may be; for intervals only where `DISCORDANT` changes are expected.
        units: The units from which on it holds.
    """

    figure: str
    low: float
    high: float
    units: tuple[int, float]


TWO_SIDED = ("accuracy", "balanced_accuracy", "change_of_accuracy", "change_of_balanced_accuracy")
ONE_SIDED = ("overkill_limit", "miss_limit")
BOUNDS = (
    *(Bound(name, 0.93, 0.99, (16, math.inf)) for name in TWO_SIDED),
    *(Bound(name, 0.91, 1.0, (8, 15)) for name in TWO_SIDED),
    *(Bound(name, 0.93, 1.0, (8, math.inf)) for name in ONE_SIDED),
    Bound("type_1", 0.0, 0.06, (8, math.inf)),
    Bound("family_of_5", 0.0, 0.06, (8, math.inf)),
    Bound("power_over_mcnemar", 0.0, 1.0, (8, math.inf)),
)


def measure(
    design: Design,
    tables: int,
    seed: Sequence[int],
    methods: Methods = Methods(),
) -> dict[str, float]:
    """Return the figures of a cell: coverages, mean widths, rates of rejection, changed cases."""
    held, is_bad, raw, processed = draw(design, tables, np.random.default_rng(seed))
    row = np.repeat(np.arange(tables), design.units)
    classes = [held & ~is_bad, held & is_bad]
    cases = np.stack([np.tile(each.sum(1), tables) for each in classes]).astype(np.float64)

    def add(values: NDArray[np.generic]) -> Floats:
        return np.stack([(values * each).sum(2).ravel() for each in classes]).astype(np.float64)

    sums = UnitSums(tables, row, cases, add(raw))
    change = processed.astype(np.int8) - raw
    changes = UnitChanges(tables, row, cases, add(change), add(change != 0))
    share = design.cases.sum(0) / design.cases.sum()
    half = np.array([0.5, 0.5])
    before, moved = np.array(design.raw), np.array(design.processed) - np.array(design.raw)
    found: dict[str, float] = {"discordant": float((change != 0).sum((1, 2)).mean())}
    for name, truth, given in (
        ("accuracy", share @ before, methods.accuracy(sums)),
        ("balanced_accuracy", half @ before, methods.balanced_accuracy(sums)),
        ("change_of_accuracy", share @ moved, methods.change_of_accuracy(changes)),
        ("change_of_balanced_accuracy", half @ moved, methods.change_of_balanced_accuracy(changes)),
    ):
        inside = (given.low <= truth + 1e-9) & (truth - 1e-9 <= given.high)
        found[name] = float(inside.mean())
        found[f"{name}_width"] = float((given.high - given.low).mean())
    for name, recall, limit in (
        ("overkill_limit", design.raw[0], methods.overkill_limit(sums)),
        ("miss_limit", design.raw[1], methods.miss_limit(sums)),
    ):
        found[name] = float((1 - recall <= limit.high + 1e-9).mean())
        found[f"{name}_mean"] = float(limit.high.mean())
    p, least = methods.test(changes), 0.05 + 1e-9
    better, worse = (change > 0).sum((1, 2)), (change < 0).sum((1, 2))
    mcnemar = np.minimum(1, 2 * binom.cdf(np.minimum(better, worse), better + worse, 0.5))
    rejected, by_mcnemar = float((p <= least).mean()), float((mcnemar <= least).mean())
    if abs(half @ moved) < 1e-9:
        # Holm over five models errs where one p-value is below 0.05 / 5: at most five times one's rate.
        found |= {"type_1": rejected, "family_of_5": 5 * float((p <= least / 5).mean())}
        found["mcnemar_type_1"] = by_mcnemar
    else:
        found |= {"power": rejected, "mcnemar_power": by_mcnemar}
        if design.mix == "1" and abs(moved[0] - moved[1]) < 1e-9:
            found["power_over_mcnemar"] = rejected - by_mcnemar
    return found


def limits_of(design: Design, figure: str, found: dict[str, float]) -> tuple[float, float] | None:
    """Return the least and the most that a cell's figure may be; None if nothing is asked of it."""
    for bound in BOUNDS:
        if bound.figure == figure and figure in found and bound.units[0] <= design.units <= bound.units[1]:
            wide = figure in TWO_SIDED and found["discordant"] < DISCORDANT
            return bound.low, 1.0 if wide else bound.high
    return None


def outside(design: Design, found: dict[str, float], errors: float, tables: int) -> list[str]:
    """Return the figures that are outside by so many standard errors; below 0, also those near a bound."""
    wrong = []
    for figure, value in found.items():
        limits = limits_of(design, figure, found)
        if limits is None:
            continue
        low, high = limits
        times = 5 if figure == "family_of_5" else 1
        low_error, high_error = (
            errors * times * math.sqrt(end / times * (1 - end / times) / tables) for end in limits
        )
        if value < low - low_error - 1e-9 or value > high + high_error + 1e-9:
            wrong.append(figure)
    return wrong


def _decided(job: tuple[int, Design]) -> tuple[dict[str, float], int]:
    """Measure a cell, again with more tables where the first figures do not decide."""
    number, design = job
    found = measure(design, MANY, (number, 0))
    near = set(outside(design, found, -2.0, MANY)) & {*TWO_SIDED, *ONE_SIDED}
    if not near and not outside(design, found, 0.0, MANY):
        return found, MANY
    many = [measure(design, MANY, (number, again)) for again in range(1, AGAIN + 1)]
    return {name: sum(each[name] for each in many) / AGAIN for name in found}, MANY * AGAIN


def summary(cells: Sequence[tuple[Design, dict[str, float], int]]) -> list[dict[str, object]]:
    """Return a row for each number of units and figure: the least, mean and most, and where."""
    rows: list[dict[str, object]] = []
    for units in sorted({design.units for design, _, _ in cells}):
        names = [bound.figure for bound in BOUNDS] + ["mcnemar_type_1", "power", "mcnemar_power"]
        for name in dict.fromkeys(names):
            held = [
                (found[name], design, found)
                for design, found, _ in cells
                if design.units == units and name in found
            ]
            if not held:
                continue
            least, most = min(held, key=lambda each: each[0]), max(held, key=lambda each: each[0])
            dense = [value for value, _, found in held if found["discordant"] >= DISCORDANT]
            row = {"units": units, "figure": name, "cells": len(held), "least": least[0]}
            row |= {"mean": float(np.mean([value for value, _, _ in held])), "most": most[0]}
            if name in TWO_SIDED:
                row |= {"most_where_many_change": max(dense, default=None)}
                row |= {"mean_width": float(np.mean([found[f"{name}_width"] for _, _, found in held]))}
            if name in ONE_SIDED:
                row |= {"mean_limit": float(np.mean([found[f"{name}_mean"] for _, _, found in held]))}
            rows.append(row | {"least_at": asdict(least[1]), "most_at": asdict(most[1])})
    return rows


def show(rows: Sequence[dict[str, object]]) -> None:
    """Print the coverage table."""
    print(
        f"{'units':>5}  {'figure':<28}{'cells':>6}{'least':>8}{'mean':>8}{'most':>8}{'most*':>8}{'width':>8}"
    )
    for row in rows:
        wide, width = row.get("most_where_many_change"), row.get("mean_width", row.get("mean_limit"))
        last = "".join(f"{value:8.3f}" if isinstance(value, float) else " " * 8 for value in (wide, width))
        print(
            f"{row['units']:>5}  {row['figure']:<28}{row['cells']:>6}"
            f"{row['least']:8.3f}{row['mean']:8.3f}{row['most']:8.3f}{last}"
        )
    print(f"* where at least {DISCORDANT} cases are expected to change; width: mean width, or mean limit")


def main() -> int:
    """Measure all cells, print and write the table; 1 if one is outside."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="few cells and tables: what the tests run")
    parser.add_argument("--held-out", action="store_true", help="cells on which no constant was chosen")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--cells", type=Path, help="also write every cell, as CSV")
    parser.add_argument("--out", type=Path, help="default: perf/results/coverage.json or …_held_out.json")
    options = parser.parse_args()
    if options.quick:
        told = quick()
        print("\n".join(told) or "all cells inside")
        return int(bool(told))
    name = "coverage_held_out.json" if options.held_out else "coverage.json"
    out = options.out or Path(__file__).parent / "results" / name
    start, all_designs = time.perf_counter(), list(held_out_designs() if options.held_out else designs())
    with ProcessPoolExecutor(options.processes) as pool:
        measured = list(pool.map(_decided, enumerate(all_designs), chunksize=8))
    cells = [(design, *result) for design, result in zip(all_designs, measured, strict=True)]
    rows = summary(cells)
    show(rows)
    wrong = [
        {"figure": figure, "value": found[figure], "tables": tables, **asdict(design)}
        for design, found, tables in cells
        for figure in outside(design, found, 0.0, tables)
    ]
    again = sum(tables > MANY for _, _, tables in cells)
    print(f"{len(cells)} cells, {again} drawn again with {MANY * AGAIN} tables, {len(wrong)} figures outside")
    for each in wrong:
        print(each)
    result = {
        "tables": MANY, "tables_again": MANY * AGAIN, "cells": len(cells), "drawn_again": again,
        "seconds": round(time.perf_counter() - start), "processes": options.processes,
        "numpy": np.__version__, "python": platform.python_version(), "outside": wrong, "summary": rows,
    }  # fmt: skip
    out.write_text(json.dumps(_rounded(result), indent=1) + "\n", encoding="utf-8")
    if options.cells:
        _write_cells(cells, options.cells)
    return int(bool(wrong))


def quick(methods: Methods = Methods(), tables: int = 1_000) -> list[str]:
    """Measure the cells that are hardest on an interval; return what is outside by three standard errors."""
    wrong = []
    chosen = designs(
        (8, 16, 32), ("1", "2", "4", "1 good + 3 bad"), (RECALLS[0], RECALLS[2], RECALLS[6]), (0.0, 0.6)
    )
    for number, design in enumerate(chosen):
        found = measure(design, tables, (number, 0), methods)
        wrong += [f"{name} {found[name]:.3f} at {design}" for name in outside(design, found, 3.0, tables)]
    return wrong


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return round(value, 4) if isinstance(value, float) else value


def _write_cells(cells: Sequence[tuple[Design, dict[str, float], int]], path: Path) -> None:
    names = list(dict.fromkeys(name for _, found, _ in cells for name in found))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*asdict(cells[0][0]), "tables", *names])
        writer.writeheader()
        for design, found, tables in cells:
            writer.writerow(asdict(design) | {"tables": tables} | found)


if __name__ == "__main__":
    sys.exit(main())

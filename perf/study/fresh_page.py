"""Writes docs/background/fresh-connectors.md from its record: ``python -m perf.study.fresh_page``.

The record is ``perf/results/fresh_connectors.json`` (`perf.fresh_connectors`). All seeds' connectors count as
one sample: figures are rates over all of them, intervals come from drawing whole references again.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perf.study.curve_page import figure, filled, table
from perf.study.figures import Estimate
from perf.study.sizes import balanced, by_seed, change, estimate
from scenes.pair import GRADES

ROOT = Path(__file__).resolve().parents[2]
RECORD = ROOT / "perf" / "results" / "fresh_connectors.json"
PAGE = ROOT / "docs" / "background" / "fresh-connectors.md"
VARIANTS = ("raw", "n-soartc")
BASELINE = "pixel-diff"
SECOND = "connector-seed-1"
"""The same adapter, trained anew: not shipped."""

NAMES = {SECOND: "`tiny-phi3v-connector`, trained anew"}
EDGES = (0.0, 8.0, 10.0, 13.0, 18.0, 24.0, 1e9)
"""Of the classes of size, in pixels."""

HEAD = """\
# Fresh connectors

Figures on the shipped suite can be luck: its connectors are few, and whoever chose a model has seen them.
These are of {n:,} pairs of {references} connectors that nobody had seen: {amount} seeds of
`python -m scenes connector --train {train}`, {seeds} pairs each, {bad} of all flawed. No checkpoint was
trained or chosen on any of them. All models were asked by `pytest benchmark`, as a user would ask them.
Intervals (95 %) come from drawing whole references again.

This page is written by `python -m perf.study.fresh_page` from `perf/results/fresh_connectors.json`;
`python -m perf.fresh_connectors` makes that anew.
"""


SIZES = """\
Grades mix sizes, contrasts and unrest. Here the share of flawed pairs that are called different stands by the
size of the largest defect: the square root of its box's area, in pixels of a picture of 288 × 216.
`tiny-phi3v` sees with tokens of 24 pixels. The last row holds the good pairs, and the share called same.
Raw pictures:
"""


@dataclass(frozen=True, slots=True)
class Fresh:
    """All pairs of all seeds, and what was said of them.

    Attributes:
        reference: (n,) the number of each pair's reference; no two seeds share one.
        seed: (n,) the number of the pair's seed.
        grade: (n,) the number of its grade.
        bad: (n,) whether it is flawed.
        size: (n,) pixels of its largest flaw, 0 without one.
        several: (n,) whether it has several flaws.
        kinds: The kinds of each pair's flaws.
        right: By model and variant, (n,) whether the verdict is right; an unread answer is not.
    """

    reference: NDArray[np.int64]
    seed: NDArray[np.int64]
    grade: NDArray[np.int64]
    bad: NDArray[np.bool_]
    size: NDArray[np.float64]
    several: NDArray[np.bool_]
    kinds: list[list[str]]
    right: dict[tuple[str, str], NDArray[np.bool_]]

    @property
    def models(self) -> list[str]:
        """Their names, in the order of the record."""
        return list(dict.fromkeys(model for model, _ in self.right))

    def sums(self, model: str, variant: str, of: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        """Return (1, references, 5) as `perf.study.sizes` sums connectors, of some pairs; the last is 0."""
        right = self.right[model, variant]
        chosen = np.ones(len(right), np.bool_) if of is None else of
        sums = np.zeros((1, int(self.reference.max()) + 1, 5))
        for column, which in enumerate((~self.bad, ~self.bad & right, self.bad, self.bad & right)):
            np.add.at(sums[0, :, column], self.reference[chosen & which], 1)
        return sums


def fresh(record: dict[str, Any]) -> Fresh:
    """Take a record apart."""
    seeds = record["seeds"]
    rows = [(seed, *pair) for seed, found in seeds.items() for pair in found["pairs"]]
    numbers: dict[tuple[str, str], int] = {}
    reference = [numbers.setdefault((seed, name), len(numbers)) for seed, name, *_ in rows]
    bad = np.array([bool(row[3]) for row in rows])
    first = next(iter(seeds.values()))
    right = {}
    for model, variants in first["said"].items():
        for variant in variants:
            said = np.array(list("".join(found["said"][model][variant] for found in seeds.values())))
            right[model, variant] = said == np.where(bad, "d", "s")
    return Fresh(
        np.array(reference),
        np.array([list(seeds).index(row[0]) for row in rows]),
        np.array([GRADES.index(row[2]) for row in rows]),
        bad,
        np.array([row[4] for row in rows], float),
        np.array([len(row[5]) > 1 for row in rows]),
        [row[5] for row in rows],
        right,
    )


def named(model: str) -> str:
    """Return how a model is called on the page."""
    return NAMES.get(model, f"`{model}`")


def verdicts(of: Fresh, variant: str) -> str:
    """Return balanced accuracy, over all and by grade, and what is gained on the baseline."""
    rows = []
    plain = of.sums(BASELINE, variant)
    for model in of.models:
        sums = of.sums(model, variant)
        seeds = [by_seed(of.sums(model, variant, of.seed == seed))[0] for seed in range(of.seed.max() + 1)]
        gained = "" if model == BASELINE else figure(change(plain, sums), signed=True)
        grades = [
            f"{balanced(of.sums(model, variant, of.grade == grade).sum(1))[0]:.2f}"
            for grade in range(len(GRADES))
        ]
        rows.append(
            [
                named(model),
                figure(estimate(sums)),
                ", ".join(f"{seed:.2f}" for seed in seeds),
                gained,
                *grades,
            ]
        )
    head = ("model", "balanced accuracy", "each seed", f"gained on `{BASELINE}`", *GRADES)
    return table(head, rows)


def share(of: Fresh, model: str, variant: str, which: NDArray[np.bool_]) -> Estimate:
    """Return the share of some pairs that is right, with its interval over references."""

    def rate(sums: NDArray[np.float64]) -> NDArray[np.float64]:
        right, all_ = sums[..., 1] + sums[..., 3], sums[..., 0] + sums[..., 2]
        return np.asarray(np.divide(right, all_, out=np.full(all_.shape, np.nan), where=all_ > 0))

    sums = of.sums(model, variant, which)
    return estimate(sums[:, sums[0].sum(1) > 0], rate)


def by_class(
    of: Fresh, variant: str, models: Sequence[str], classes: dict[str, NDArray[np.bool_]], what: str
) -> str:
    """Return the share of flawed pairs that each model calls different, by class."""
    rows = []
    for name, which in classes.items():
        row = [name, str(int(which.sum()))]
        row += [figure(share(of, model, variant, which)) if which.any() else "–" for model in models]
        rows.append(row)
    return table((what, "pairs", *(named(model) for model in models)), rows)


def classes_of_size(of: Fresh) -> dict[str, NDArray[np.bool_]]:
    """Return the flawed pairs of each class of size."""
    found = {}
    for low, high in pairwise(EDGES):
        name = f"{low:.0f} to {high:.0f}" if low else f"under {high:.0f}"
        name = name if high < EDGES[-1] else f"{low:.0f} and more"
        found[name] = of.bad & (of.size >= low) & (of.size < high)
    return found


def classes_of_kind(of: Fresh) -> dict[str, NDArray[np.bool_]]:
    """Return the flawed pairs with one flaw, by its kind, and those with several."""
    kinds = sorted({kind for some in of.kinds for kind in some})
    single = of.bad & ~of.several
    found = {kind: single & np.array([some == [kind] for some in of.kinds]) for kind in kinds}
    return found | {"several": of.bad & of.several}


def demands(of: Fresh) -> str:
    """Say which of the figures that were asked for are reached, of the plain adapter."""
    model = "tiny-phi3v-connector"
    raw = balanced(of.sums(model, "raw").sum(1))[0]
    grade = [balanced(of.sums(model, "raw", of.grade == number).sum(1))[0] for number in range(len(GRADES))]
    gained = raw - balanced(of.sums(BASELINE, "raw").sum(1))[0]
    processed = balanced(of.sums(model, "n-soartc").sum(1))[0]
    asked: list[tuple[str, float, float]] = [
        ("easy, raw", grade[0], 0.97),
        ("medium, raw", grade[1], 0.88),
        ("all grades, raw", raw, 0.85),
        (f"more than `{BASELINE}`, raw", gained, 0.08),
        ("all grades, `n-soartc`", processed, 0.88),
    ]
    rows = [
        [name, f"{value:.2f}", f"{least:.2f}", "yes" if value >= least else "no"]
        for name, value, least in asked
    ]
    return table(("`tiny-phi3v-connector`", "measured", "aimed at", "reached"), rows)


def page(record: dict[str, Any]) -> str:
    """Return the page."""
    of = fresh(record)
    shown = [model for model in of.models if model not in ("tiny-phi3v",)]
    sizes = {len(found["pairs"]) for found in record["seeds"].values()}
    head = HEAD.format(
        n=len(of.bad),
        references=int(of.reference.max()) + 1,
        train=record["train"],
        amount={1: "one", 2: "two", 3: "three"}.get(len(record["seeds"]), len(record["seeds"])),
        seeds=sizes.pop(),
        bad=f"{of.bad.mean():.0%}".replace("%", " %"),
    )
    sized = classes_of_size(of) | {"good pairs": ~of.bad}
    parts = [
        head,
        "## Verdicts on raw pictures",
        verdicts(of, "raw"),
        "## Verdicts on pictures processed by `n-soartc`",
        verdicts(of, "n-soartc"),
        "## What was aimed at",
        demands(of),
        "## By the size of the defect",
        SIZES,
        by_class(of, "raw", shown, sized, "pixels"),
        "Processed by `n-soartc`:",
        by_class(of, "n-soartc", shown, sized, "pixels"),
        "## By the kind of the defect",
        "Raw pictures; pairs with several defects stand apart:",
        by_class(of, "raw", shown, classes_of_kind(of), "kind"),
    ]
    return "\n\n".join(filled(part.rstrip()) for part in parts) + "\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(json.loads(RECORD.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()

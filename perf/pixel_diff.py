"""Measure ``pixel-diff`` on a table of real pairs: ``python perf/pixel_diff.py PAIRS.csv [--out FILE]``.

The table is what ``kurabe import pairs`` reads: before, after, label, boxes, n_differences, family,
pair_type. Boxes match one to one, best overlap first, from an intersection over union of 0.33 on, as
the authors of DeepPCB count; 0.5 is given beside it. With ``--calibrate`` the constants of
`InstanceSettings` are fitted anew and judged on pairs whose reference the fit has not seen.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # figures are for one core

import argparse
import json
import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import LeaveOneGroupOut, StratifiedGroupKFold

from kurabe.common.vocabulary import Box, Relation
from kurabe.imaging.align import align
from kurabe.imaging.load import load_image
from kurabe.imaging.specimen import unlikeness
from kurabe.models.engines.pixel_diff import (
    _INSTANCE_SIZE,
    _LEAST,
    AlignedSettings,
    Inspection,
    PixelDiffSettings,
    inspect,
)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """One row of the table; ``boxes`` and ``count`` are None where they are unknown."""

    reference: Path
    test: Path
    different: bool
    family: str
    relation: Relation
    boxes: tuple[Box, ...] | None
    count: int | None


@dataclass
class Row:
    """The figures of one group of pairs; None where undefined."""

    group: str
    pairs: int
    balanced_accuracy: float | None
    detected: float | None
    good_passed: float | None
    box_precision: float | None
    box_recall: float | None
    box_precision_50: float | None
    box_recall_50: float | None
    exact_count: float | None
    ms_median: float


def read_pairs(table: Path) -> list[Pair]:
    """Read the table; paths are relative to it."""
    pairs = []
    for row in pd.read_csv(table).to_dict("records"):
        known = isinstance(row["boxes"], str)
        boxes = tuple(Box(*map(float, box[:4])) for box in json.loads(row["boxes"])) if known else None
        count = None if pd.isna(row["n_differences"]) else int(row["n_differences"])
        relation: Relation = "aligned" if row["pair_type"] == "aligned" else "instance"
        before, after = table.parent / str(row["before"]), table.parent / str(row["after"])
        pairs.append(
            Pair(before, after, row["label"] == "different", str(row["family"]), relation, boxes, count)
        )
    return pairs


def overlap(a: Box, b: Box) -> float:
    """Return the intersection over union of two boxes."""
    width, height = min(a.x2, b.x2) - max(a.x1, b.x1), min(a.y2, b.y2) - max(a.y1, b.y1)
    shared = max(width, 0) * max(height, 0)
    return shared / ((a.x2 - a.x1) * (a.y2 - a.y1) + (b.x2 - b.x1) * (b.y2 - b.y1) - shared)


def matches(found: Sequence[Box], wanted: Sequence[Box], least: float) -> int:
    """Count one-to-one matches, best overlap first."""
    pairs = sorted(
        ((overlap(f, w), i, j) for i, f in enumerate(found) for j, w in enumerate(wanted)), reverse=True
    )
    free_found, free_wanted, count = set(range(len(found))), set(range(len(wanted))), 0
    for value, i, j in pairs:
        if value >= least and i in free_found and j in free_wanted:
            free_found.remove(i)
            free_wanted.remove(j)
            count += 1
    return count


def ratio(hits: float, total: float) -> float | None:
    """Return hits / total, None without any."""
    return hits / total if total else None


def row(group: str, done: Sequence[tuple[Pair, Inspection, float]]) -> Row:
    """Sum a group of inspected pairs up."""
    bad = [i.verdict == "different" for p, i, _ in done if p.different]
    good = [i.verdict == "same" for p, i, _ in done if not p.different]
    boxed = [([f.box for f in i.findings], p.boxes) for p, i, _ in done if p.boxes is not None]
    found, wanted = sum(len(f) for f, _ in boxed), sum(len(w) for _, w in boxed)
    hits = {least: sum(matches(f, w, least) for f, w in boxed) for least in (0.33, 0.5)}
    counted = [len(i.findings) == p.count for p, i, _ in done if p.different and p.count is not None]
    detected, passed = ratio(sum(bad), len(bad)), ratio(sum(good), len(good))
    return Row(
        group=group,
        pairs=len(done),
        balanced_accuracy=None if detected is None or passed is None else (detected + passed) / 2,
        detected=detected,
        good_passed=passed,
        box_precision=ratio(hits[0.33], found),
        box_recall=ratio(hits[0.33], wanted),
        box_precision_50=ratio(hits[0.5], found),
        box_recall_50=ratio(hits[0.5], wanted),
        exact_count=ratio(sum(counted), len(counted)),
        ms_median=float(np.median([ms for *_, ms in done])),
    )


def measure(pairs: Iterable[Pair], settings: PixelDiffSettings | None = None) -> list[Row]:
    """Inspect all pairs, one after the other; processor time, loading not counted."""
    groups: dict[str, list[tuple[Pair, Inspection, float]]] = defaultdict(list)
    for pair in pairs:
        reference, test = load_image(pair.reference), load_image(pair.test)
        started = time.process_time()
        inspection = inspect(reference, test, pair.relation, settings)
        done = (pair, inspection, 1e3 * (time.process_time() - started))
        for group in (pair.family, f"all {pair.relation}", "all"):
            groups[group].append(done)
    return [row(group, groups[group]) for group in sorted(groups, key=lambda g: (g.startswith("all"), g))]


def show(rows: Sequence[Row]) -> None:
    """Print the table."""
    table = pd.DataFrame([asdict(r) for r in rows]).set_index("group")
    print(table.to_string(float_format=lambda value: f"{value:.2f}", na_rep="-"))


def features(pair: Pair) -> list[float]:
    """Return what the verdict on two specimens is made of: score, then the two regimes' terms."""
    reference = load_image(pair.reference)
    test = load_image(pair.test).resize(reference.size, Image.Resampling.LANCZOS)
    factor = max(1, round(max(reference.size) / _INSTANCE_SIZE))
    small = (reference.reduce(factor), test.reduce(factor)) if factor > 1 else (reference, test)
    moved, valid, found = align(*small)
    unlike = unlikeness(small[0], moved, valid)
    applied = float(found.applied)
    texture, contrast = math.log(unlike.texture + _LEAST), math.log(unlike.contrast + _LEAST)
    return [math.log(unlike.score + 1e-6), applied, applied * texture, (1 - applied) * contrast]


def fitted(x: Floats, y: npt.NDArray[np.bool_]) -> Callable[[Floats], Floats]:
    """Fit the logit; returned as a function, linear in the features."""
    spread = np.maximum(x.std(axis=0), 1e-9)
    model = LogisticRegression(C=30, class_weight="balanced", max_iter=1000).fit(x / spread, y)
    weights, start = model.coef_[0] / spread, float(model.intercept_[0])
    return lambda rows: np.asarray(rows @ weights + start, np.float64)


def calibrate(pairs: Sequence[Pair]) -> dict[str, object]:
    """Fit the constants on all specimens, and judge the way they are fitted on unseen ones."""
    chosen = [pair for pair in pairs if pair.relation == "instance"]
    x = np.array([features(pair) for pair in chosen])
    y = np.array([pair.different for pair in chosen])
    references = pd.factorize(pd.Series([pair.reference.read_bytes() for pair in chosen]))[0]
    families = np.array([pair.family for pair in chosen])

    def judged(splits: Iterable[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]) -> Floats:
        logits = np.zeros(len(y))
        for train, held_out in splits:
            logits[held_out] = fitted(x[train], y[train])(x[held_out])
        return logits

    def balanced(logits: Floats, within: npt.NDArray[np.bool_]) -> float:
        return float(((logits > 0)[y & within].mean() + (logits <= 0)[~y & within].mean()) / 2)

    folds = [
        judged(StratifiedGroupKFold(5, shuffle=True, random_state=seed).split(x, y, references))
        for seed in range(10)
    ]
    everywhere = np.ones(len(y), np.bool_)
    logit = fitted(x, y)
    start = float(logit(np.zeros((1, 4)))[0])
    score, applied, texture, contrast = (float(logit(np.eye(4)[i : i + 1])[0]) - start for i in range(4))
    return {
        "constants": {
            "registered": -(start + applied) / score,
            "texture": -texture / score,
            "unregistered": -start / score,
            "contrast": -contrast / score,
            "steepness": score,
        },
        "held_out_references": {
            "balanced_accuracy": float(np.mean([balanced(f, everywhere) for f in folds])),
            "auroc": float(np.mean([roc_auc_score(y, f) for f in folds])),
            **{
                str(f): float(np.mean([balanced(g, families == f) for g in folds]))
                for f in np.unique(families)
            },
        },
        "held_out_families": {
            "balanced_accuracy": balanced(judged(LeaveOneGroupOut().split(x, y, families)), everywhere)
        },
        "fitted_and_judged_on_the_same": balanced(logit(x), everywhere),
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--out", type=Path, help="write the figures there as JSON")
    parser.add_argument("--calibrate", action="store_true", help="fit the constants for specimens anew")
    parser.add_argument(
        "--lines", type=float, default=0.125, help="the setting of that name, for aligned pairs"
    )
    options = parser.parse_args()
    pairs = read_pairs(options.pairs)
    result: dict[str, object]
    if options.calibrate:
        result = calibrate(pairs)
        print(json.dumps(result, indent=2))
    else:
        rows = measure(pairs, PixelDiffSettings(aligned=AlignedSettings(lines=options.lines)))
        show(rows)
        result = {"groups": [asdict(r) for r in rows]}
    if options.out is not None:
        options.out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

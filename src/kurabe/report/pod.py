"""Probability of detection against the size of the defect, a row for each model, suite and question."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from kurabe.common.vocabulary import Box
from kurabe.report.columns import KEYS, POD
from kurabe.report.frame import frame, ordinary, plain, rank
from kurabe.report.pod_fit import PodFit, fit_pod, is_separated
from kurabe.report.sheet.render import sheet_words
from kurabe.report.statistics import CONFIDENCE, Bools, Floats
from kurabe.results.record import Record

Measure = Literal["auto", "size", "box", "area"]

LEAST_PARTS = 10
"""With fewer bad parts there is no curve."""

LEAST_LEVELS = 4
"""With fewer different sizes there is none, either: two or three points fit any curve."""

ADVISED = 60
"""Parts that MIL-HDBK-1823A asks for where the result is hit or miss."""


Reason = tuple[str, dict[str, Any]]
"""Which sentence of the page's words, and what stands in it."""


@dataclass(frozen=True, slots=True)
class Curve:
    """What one row of the table is made of.

    Attributes:
        row: The row.
        sizes: Size of each bad part, shape (n,).
        hit: Whether it was called bad, shape (n,).
        fit: The curve; None where there is none.
        reasons: Why there is none, or what is to be taken with care.
    """

    row: dict[str, Any]
    sizes: Floats
    hit: Bools
    fit: PodFit | None
    reasons: tuple[Reason, ...] = ()

    def why(self, words: Mapping[str, str]) -> str:
        """Return the reasons in the words of a page, ``why_…``."""
        return "; ".join(words[f"why_{key}"].format(**values) for key, values in self.reasons)


def pod_table(curves: Sequence[Curve]) -> pd.DataFrame:
    """Return the table of some curves."""
    words = sheet_words("pod", "en")
    rows = [curve.row | {"why": curve.why(words) or None} for curve in curves]
    table = pd.DataFrame(rows, columns=POD, dtype=object)
    table = table.sort_values(["suite", "question", "model", "variant", "layout"], key=rank, kind="stable")
    return plain(table)


def pod_curves(
    records: Sequence[Record],
    measure: Measure = "auto",
    *,
    log: bool = True,
    by_kind: bool = False,
    penalised: bool = False,
) -> list[Curve]:
    """Return the probability of detection of each row.

    A bad part is detected if it was called different; an unread answer detects nothing. The size of a part
    with several defects is that of the largest. Trials are those of the leaderboard.

    Args:
        records: The results.
        measure: What a size is: the declared ``size``, the longer side of the ``box`` in pixels, or the root
            of the box's ``area``; ``auto`` takes the declared size if all bad parts of a suite have one, else
            the box.
        log: Whether the logit is straight in the logarithm of the size.
        by_kind: Also make a curve for each kind, of the parts with that kind alone.
        penalised: Fit with Firth's penalty in any case.
    """
    trials = frame(records)
    trials["kinds"] = [tuple(dict.fromkeys(record.kinds or ())) for record in records]
    for name in ("size", "box", "area"):
        trials[name] = [_size(record, name) for record in records]
    trials = ordinary(trials)
    trials = trials[trials["expected_verdict"].notna()]
    chosen = {suite: _measure(asked, measure) for suite, asked in trials.groupby("suite")}
    curves = []
    for key, asked in trials.groupby(KEYS, sort=False):
        row = dict(zip(KEYS, key, strict=True)) | {"measure": chosen[asked["suite"].iloc[0]]}
        good = asked[asked["expected_verdict"] == "same"]
        row |= {"n_good": len(good), "overkilled": int((good["verdict"] != "same").sum())}
        for kind, bad in _kinds(asked[asked["expected_verdict"] == "different"], by_kind):
            told = row | {"kind": kind, "scale": "log" if log else "linear"}
            curves.append(_curve(told, bad, log=log, penalised=penalised))
    return curves


def _kinds(bad: pd.DataFrame, by_kind: bool) -> Iterator[tuple[str, pd.DataFrame]]:
    yield "all", bad
    if by_kind:
        for kind in sorted({kinds[0] for kinds in bad["kinds"] if len(kinds) == 1}):
            yield kind, bad[[kinds == (kind,) for kinds in bad["kinds"]]]


def _size(record: Record, measure: str) -> float | None:
    if measure == "size":
        return record.size
    sizes = [_extent(box, measure) for box in record.boxes or ()]
    return max(sizes, default=None)


def _extent(box: Box, measure: str) -> float:
    width, height = box.x2 - box.x1, box.y2 - box.y1
    return float(max(width, height) if measure == "box" else np.sqrt(width * height))


def _measure(asked: pd.DataFrame, measure: Measure) -> str:
    if measure != "auto":
        return measure
    bad = asked[asked["expected_verdict"] == "different"]
    return "size" if len(bad) and bad["size"].notna().all() else "box"


def _curve(row: dict[str, Any], bad: pd.DataFrame, *, log: bool, penalised: bool) -> Curve:
    known = bad[bad[row["measure"]].notna()]
    sizes = known[row["measure"]].to_numpy(np.float64)
    hit = (known["verdict"] == "different").to_numpy(np.bool_)
    unit = np.asarray(pd.factorize(known["unit"])[0], dtype=np.int64)
    row |= {
        "n": sizes.size,
        "units": int(unit.max()) + 1 if unit.size else 0,
        "unit": "+".join(sorted(set(known["unit_kind"]))) or None,
        "hits": int(hit.sum()),
        "misses": int((~hit).sum()),
        "unsized": len(bad) - sizes.size,
        "levels": np.unique(sizes).size,
        "size_min": float(sizes.min()) if sizes.size else None,
        "size_max": float(sizes.max()) if sizes.size else None,
    }
    if reason := _no_curve(sizes, hit):
        return Curve(row, sizes, hit, None, (reason,))
    fit = fit_pod(sizes, hit, unit, log=log, penalised=penalised)
    row |= {"method": fit.method, "intercept": fit.intercept, "slope": fit.slope, "deff": fit.deff}
    if not fit.grows:
        return Curve(row, sizes, hit, None, (("flat", {}),))
    limit = fit.limit(0.9)
    row |= {"a50": fit.size(0.5), "a90": fit.size(0.9), "a90_95": limit}
    return Curve(row, sizes, hit, fit, tuple(_cautions(row, is_separated(sizes, hit))))


def _no_curve(sizes: Floats, hit: Bools) -> Reason | None:
    """Say why no curve can be fitted; None if one can."""
    n, levels = sizes.size, np.unique(sizes).size
    if not n:
        return "no_size", {}
    if n < LEAST_PARTS:
        return "few", {"n": n, "least": LEAST_PARTS, "advised": ADVISED}
    if hit.all():
        shown = float(betaincinv(n, 1, 1 - CONFIDENCE))
        return "no_misses", {"n": n, "size": f"{sizes.min():.3g}", "shown": f"{shown:.1%}"}
    if not hit.any():
        return "no_hits", {"n": n, "size": f"{sizes.max():.3g}"}
    if levels < LEAST_LEVELS:
        return "levels", {"levels": levels, "least": LEAST_LEVELS}
    return None


def _cautions(row: dict[str, Any], separated: bool) -> Iterator[Reason]:
    """Say what is to be taken with care in a row that has a curve."""
    if row["a90_95"] is None:
        yield "no_limit", {}
    for name, told in (("a90", "a90"), ("a90_95", "a90/95")):
        if row[name] is not None and row[name] > row["size_max"]:
            yield "beyond", {"what": told, "size": f"{row['size_max']:.3g}"}
            break
    if separated:
        yield "separated", {}
    if row["n"] < ADVISED:
        yield "advised", {"n": row["n"], "advised": ADVISED}

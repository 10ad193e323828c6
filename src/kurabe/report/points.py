"""Operating points of a run: each row of the leaderboard at each threshold that is asked for.

A threshold that is chosen and scored on the same parts flatters. So each unit is scored at a threshold that
was chosen without it (cross-fitting), while the threshold that is printed is chosen on all units. Where the
run holds cases to calibrate on, thresholds are chosen on those, and scored on the others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kurabe.report.columns import KEYS
from kurabe.report.frame import frame, ordinary, rank, with_total
from kurabe.report.rules import BALANCED, SHIPPED, Rule, with_band
from kurabe.report.thresholds import Sample, choose, needed
from kurabe.report.units import Bools, Floats
from kurabe.results.record import Record

USUAL = 0.5
"""The threshold that an engine's own verdict mostly stands for."""


@dataclass(frozen=True)
class Group:
    """The trials of one row of the leaderboard, as far as a threshold needs them.

    Attributes:
        keys: Values of `KEYS`.
        kind: What its unit is.
        sample: P, truth and unit of each trial.
        right: Whether each verdict, as it was read, is right, shape (n,).
        shipped: The threshold that the verdicts stand for; None where they stand for none.
        fixed: Whether the verdicts were made with that threshold, and not read from words.
        calibration: The cases to calibrate on, and the suite that they are of.
    """

    keys: tuple[Any, ...]
    kind: str
    sample: Sample
    right: Bools
    shipped: float | None
    fixed: bool = False
    calibration: tuple[Sample, str] | None = None


@dataclass(frozen=True)
class Point:
    """A group at one operating point.

    Attributes:
        rule: How the threshold was chosen.
        fitted: ``no``, ``crossed`` or the suite of the calibration.
        low: The threshold; None where there is none.
        high: The upper end of a band.
        wrong: Whether each trial is missed or overkilled, shape (n,); None where there are no figures.
        own: The same at the printed threshold, where figures are of other ones.
        undecided: Whether each trial lies in a band, shape (n,).
        needs: What the rule would take, where no threshold keeps it.
        picked: Whether the threshold was picked from all for how this sample looks there.
    """

    group: Group
    rule: str
    fitted: str
    low: float | None
    high: float | None = None
    wrong: Bools | None = None
    own: Bools | None = None
    undecided: Bools | None = None
    needs: str | None = None
    picked: bool = False

    @property
    def is_band(self) -> bool:
        """Whether parts may be undecided."""
        return self.high is not None


def groups_of(records: Sequence[Record]) -> list[Group]:
    """Return the rows that have P(different) and a truth, in the order of the leaderboard's keys."""
    trials = with_total(ordinary(frame(records)))
    trials = trials[trials["expected_verdict"].notna()]
    if trials.empty:
        return []
    calibrated = calibrations(records)
    trials = trials.assign(p=trials["p_different"].where(~trials["error"]))
    trials = trials.sort_values(["suite", "question", "model", "variant", "layout"], key=rank, kind="stable")
    # As arrays, once: taking rows of a wide table for each of a thousand groups takes seconds.
    unit = pd.factorize(trials["unit"])[0].astype(np.int64)
    kind = trials["unit_kind"].to_numpy(object)
    p = trials["p"].to_numpy(np.float64)
    fixed = trials["threshold"].to_numpy(np.float64)
    bad = (trials["expected_verdict"] == "different").to_numpy(bool)
    said = trials["verdict"].to_numpy(object)
    right = np.where(bad, said == "different", said == "same")
    found = []
    for keys, at in _indices(trials, KEYS).items():
        if np.isnan(p[at]).all():
            continue
        model, variant, layout, _, question = keys
        found.append(
            Group(
                keys,
                "+".join(sorted(set(kind[at]))),
                Sample.of(p[at], bad[at], unit[at]),
                right[at],
                _shipped(fixed[at], p[at], bad[at], right[at]),
                bool((~np.isnan(fixed[at])).any()),
                calibrated.get((model, variant, layout, question)),
            )
        )
    return found


def _shipped(fixed: Floats, p: Floats, bad: Bools, right: Bools) -> float | None:
    if not np.isnan(fixed).any() and fixed.min() == fixed.max():
        return float(fixed[0])
    at_half = np.where(bad, p >= USUAL, p < USUAL)  # False without P
    return USUAL if np.isnan(fixed).all() and bool((at_half == right).all()) else None


def calibrations(records: Sequence[Record]) -> dict[tuple[str, ...], tuple[Sample, str]]:
    """Return the cases to calibrate on, with their suite, by model, variant, layout and question."""
    kept = [record for record in records if record.calibration and record.expected_verdict is not None]
    if not kept:
        return {}
    trials = frame(kept)
    p = trials["p_different"].where(~trials["error"]).to_numpy(np.float64)
    bad = (trials["expected_verdict"] == "different").to_numpy()
    unit = pd.factorize(trials["unit"])[0].astype(np.int64)
    grouped = _indices(trials, ["model", "variant", "layout", "question"])
    return {
        keys: (Sample.of(p[at], bad[at], unit[at]), str(trials["suite"].iloc[at[0]]))
        for keys, at in grouped.items()
    }


def _indices(trials: pd.DataFrame, keys: list[str]) -> dict[tuple[Any, ...], NDArray[np.int64]]:
    """Return the places of the trials of each group."""
    found: Any = trials.groupby(keys, sort=False, observed=True).indices
    return dict(found)


def points_of(group: Group, rules: Sequence[Rule]) -> Iterator[Point]:
    """Yield a group's operating points: as shipped, then by each rule."""
    fitted = group.calibration[1] if group.calibration is not None and group.fixed else "no"
    yield Point(group, SHIPPED, fitted, group.shipped, wrong=~group.right)
    for rule in rules:
        yield _point(group, rule)


def _point(group: Group, rule: Rule) -> Point:
    sample, base = group.sample, group.sample
    fitted = "crossed"
    if group.calibration is not None:
        base, fitted = group.calibration
    chosen = choose(base, rule)
    if np.isnan(chosen.low):
        needs = "; ".join(needed(base, rule)) or "needs good and bad parts"
        return Point(group, rule.text, fitted, None, needs=needs)
    own = _errors(sample, chosen.low, chosen.high)
    high = chosen.high if chosen.high > chosen.low else None
    made = Point(group, rule.text, fitted, chosen.low, high)
    if group.calibration is not None:
        return replace(made, wrong=own, undecided=_between(sample, chosen.low, chosen.high))
    low, top = chosen.fold_low[sample.fold], chosen.fold_high[sample.fold]
    if np.isnan(low).any() or sample.folds < 2:
        # Without some unit there is but one class: nothing can be chosen without it.
        return replace(made, needs="needs more units of both classes")
    return replace(
        made,
        wrong=_errors(sample, low, top),
        own=own,
        undecided=_between(sample, low, top),
        picked=rule.weighs,
    )


def _errors(sample: Sample, low: Floats | float, high: Floats | float) -> Bools:
    return sample.missed(low) | sample.overkilled(high)


def _between(sample: Sample, low: Floats | float, high: Floats | float) -> Bools:
    return (sample.p >= low) & (sample.p < high)


def all_points(records: Sequence[Record], rules: Sequence[Rule] = ()) -> list[Point]:
    """Return the operating points of a run: as shipped, balanced, and by the rules that are asked for."""
    wanted = with_band([BALANCED, *rules])
    return [point for group in groups_of(records) for point in points_of(group, wanted)]

"""How many parts a claim needs, and how many units a comparison of two models."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import bdtr

from kurabe.report.frame import frame, ordinary
from kurabe.report.statistics import CONFIDENCE
from kurabe.report.units import Bools, Floats, Ints
from kurabe.results.record import Record

POWER = 0.8
"""How often a real change should be found: Cohen's convention (1988)."""

FACTORS = (1, 2, 3, 4, 6, 8)
"""Times the pilot's units for which the power is told."""


def parts_needed(rate: float, wrong: int = 0, confidence: float = CONFIDENCE) -> int:
    """Return how many independent parts the claim ``rate or less`` needs, if so many of them are wrong.

    That is the least n of which the exact upper limit is at most the rate: the chance of no more than
    ``wrong`` errors among n, if the rate were just that, is then at most 5 %. With none wrong it is 59, 149
    and 299 for 5, 2 and 1 %.

    Raises:
        ValueError: If the rate is not between 0 and 1; no number of parts shows that nothing ever fails.
    """
    if not 0 < rate < 1:
        raise ValueError(f"a claim needs a rate between 0 and 1, not {rate}")
    enough = wrong + 1
    while bdtr(wrong, enough, rate) > 1 - confidence:
        enough *= 2
    too_few = enough // 2
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        proves = middle > wrong and bdtr(wrong, middle, rate) <= 1 - confidence
        too_few, enough = (too_few, middle) if proves else (middle, enough)
    return enough


@dataclass(frozen=True, slots=True)
class Pilot:
    """What a pilot run says of two models on the same cases.

    Attributes:
        cases: Cases that both models have.
        units: Units that these are in.
        kind: What a unit is.
        first: Balanced accuracy of the first model.
        second: That of the second.
        effect: Mean change of a unit over its standard deviation; None where no unit changed.
    """

    cases: int
    units: int
    kind: str
    first: float
    second: float
    effect: float | None

    @property
    def change(self) -> float:
        """Change of balanced accuracy from the first to the second model."""
        return self.second - self.first

    def power(self, units: int) -> float:
        """Return how often so many units would show the change at 5 %, two-sided, if it is as in the pilot.

        By the t-test over units, to which the sign-flip test of the tables comes close.
        """
        from statsmodels.stats.power import TTestPower

        if self.effect is None:
            return 0.0
        return float(TTestPower().power(abs(self.effect), units, 1 - CONFIDENCE))

    def units_needed(self, power: float = POWER) -> int | None:
        """Return how many units would show the change so often; None where the pilot shows none."""
        if self.effect is None or self.effect == 0:
            return None
        low, high = 2, 2
        while self.power(high) < power:
            high *= 2
            if high > 1 << 24:
                return None
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.power(middle) < power else (low, middle)
        return high


def pilot_of(records: Sequence[Record], models: tuple[str, str], suite: str | None, variant: str) -> Pilot:
    """Return what a run says of two models, by their verdicts.

    Args:
        records: The run's results.
        models: The two models.
        suite: The suite; None for all.
        variant: The variant.

    Raises:
        ValueError: If the run does not hold both models on the same cases, of good and of bad parts.
    """
    trials = ordinary(frame(records))
    trials = trials[(trials["question"] == "verdict") & (trials["variant"] == variant)]
    trials = trials[
        trials["expected_verdict"].notna() & (True if suite is None else trials["suite"] == suite)
    ]
    known = sorted(set(trials["model"]))
    for model in models:
        if model not in known:
            raise ValueError(
                f"the run has no verdicts of {model!r} here; it has: {', '.join(known) or 'none'}"
            )
    one, other = (trials[trials["model"] == model].drop_duplicates("case") for model in models)
    both = one.merge(other[["case", "correct"]], on="case", suffixes=("", "_second"))
    bad = (both["expected_verdict"] == "different").to_numpy()
    if bad.all() or not bad.any():
        raise ValueError("the run does not hold good and bad parts that both models were asked about")
    right = both[["correct", "correct_second"]].to_numpy(np.float64)
    first, second = (float(right[~bad, i].mean() + right[bad, i].mean()) / 2 for i in (0, 1))
    effect, units = _effect(right[:, 1] - right[:, 0], bad, pd.factorize(both["unit"])[0])
    return Pilot(len(both), units, "+".join(sorted(set(both["unit_kind"]))), first, second, effect)


def _effect(change: Floats, bad: Bools, unit: Ints) -> tuple[float | None, int]:
    """Return the units' mean change of balanced accuracy over its standard deviation, and their number."""
    units = int(unit.max()) + 1
    each = np.zeros(units)
    for which in (~bad, bad):
        mean, weight = change[which].mean(), units / (2 * which.sum())
        each += mean / 2 + weight * np.bincount(unit[which], change[which] - mean, minlength=units)
    spread = float(each.std(ddof=1)) if units > 1 else 0.0
    return (float(each.mean()) / spread if spread > 0 else None), units

"""The study's figures: rates with intervals over reference pictures, and paired tests.

Several cases share a reference picture and several seeds answer one case, so neither cases nor seeds are
independent: a case counts once, with the mean over the seeds, and whole references are drawn again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kurabe.report import statistics as stats
from kurabe.results.record import Record

Floats = NDArray[np.float64]
Rate = Callable[[Floats], Floats]
"""From sums of `SUMS` in the last axis to a rate; NaN where it is undefined."""

SUMS = ("good_right", "good", "bad_right", "bad", "bad_missed", "good_called_bad", "found", "wanted")
CASE = ["model", "suite", "variant", "reference", "case"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its interval; ``low`` and ``high`` are NaN where references are too few to tell."""

    value: float
    low: float
    high: float

    @property
    def above(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.low > 0

    @property
    def below(self) -> bool:
        """Whether the whole interval lies below 0."""
        return self.high < 0


@dataclass(frozen=True, slots=True)
class Paired:
    """Two ways held against each other on the same cases.

    Attributes:
        first: One way, as (model, variant).
        second: The other.
        cases: How many cases both have.
        delta: Balanced accuracy of the second minus that of the first.
        first_only: Cases that the first way got right and the second did not, or in fewer seeds.
        second_only: The other way round.
        p: Of McNemar's exact test on those two.
        p_holm: Adjusted over the comparisons that are made together.
    """

    first: tuple[str, str]
    second: tuple[str, str]
    cases: int
    delta: Estimate
    first_only: int
    second_only: int
    p: float
    p_holm: float = float("nan")

    @property
    def better(self) -> bool:
        """Whether the second is better beyond chance: by the interval and by the adjusted test."""
        return self.p_holm < 1 - stats.CONFIDENCE and self.delta.above

    @property
    def worse(self) -> bool:
        """Whether the second is worse beyond chance."""
        return self.p_holm < 1 - stats.CONFIDENCE and self.delta.below


def balanced(sums: Floats) -> Floats:
    """Balanced accuracy: the mean of the shares of good and of bad pairs that were called so."""
    return (_share(sums, "good_right", "good") + _share(sums, "bad_right", "bad")) / 2


def missed(sums: Floats) -> Floats:
    """Share of bad pairs that were called good."""
    return _share(sums, "bad_missed", "bad")


def overkill(sums: Floats) -> Floats:
    """Share of good pairs that were called bad."""
    return _share(sums, "good_called_bad", "good")


def recall(sums: Floats) -> Floats:
    """Share of the differences that were named."""
    return _share(sums, "found", "wanted")


def _share(sums: Floats, part: str, whole: str) -> Floats:
    wholes = sums[..., SUMS.index(whole)]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(wholes > 0, sums[..., SUMS.index(part)] / wholes, np.nan)


def cases_of(records: Sequence[Record], question: str) -> pd.DataFrame:
    """Return a row for each case, model and variant, controls left out, with the mean over the seeds.

    Returns:
        `CASE`, ``right`` (share of seeds with the right verdict), ``correct`` (with a correct answer),
        the columns `SUMS`, ``kinds`` and ``grade``.
    """
    rows = []
    for record in records:
        if record.control or record.question != question or record.expected_verdict is None:
            continue
        bad, verdict = record.expected_verdict == "different", record.verdict
        right = float(verdict == record.expected_verdict)
        named = len(record.score.get("found", ())) if question == "differences" else 0
        wanted = record.score.get("expected", 0) if question == "differences" else 0
        row: dict[str, object] = {name: getattr(record, name) for name in CASE}
        row |= {"right": right, "correct": float(record.outcome == "correct")}
        sums = (right * (not bad), not bad, right * bad, bad, bad and verdict == "same")
        row |= dict(
            zip(SUMS, map(float, (*sums, not bad and verdict == "different", named, wanted)), strict=True)
        )
        row |= {"kinds": tuple(record.kinds or ()), "grade": _grade(record)}
        rows.append(row)
    frame = pd.DataFrame(rows)
    means = {name: (name, "mean") for name in ("right", "correct", *SUMS)}
    firsts = {name: (name, "first") for name in ("kinds", "grade")}
    return frame.groupby(CASE, sort=False).agg(**means, **firsts).reset_index()


def _grade(record: Record) -> str:
    return next((tag for tag in record.tags if tag in ("easy", "medium", "hard")), "")


def of_kind(cases: pd.DataFrame, model: str, variant: str, suites: Sequence[str]) -> pd.DataFrame:
    """Return the cases of a model, variant and suites."""
    chosen = (cases["model"] == model) & (cases["variant"] == variant) & cases["suite"].isin(suites)
    return cases[chosen]


def estimate(cases: pd.DataFrame, rate: Rate) -> Estimate:
    """Return a rate over cases with its interval by bootstrap over references."""
    sums = _per_reference(cases)
    return _estimate(float(rate(sums.sum(0))), rate(_drawn(len(sums), 0) @ sums), len(sums))


def unpaired(first: pd.DataFrame, second: pd.DataFrame, rate: Rate) -> Estimate:
    """Return the rate of the second minus that of the first, the two being of different references."""
    sums = [_per_reference(cases) for cases in (first, second)]
    values = [float(rate(each.sum(0))) for each in sums]
    draws = [rate(_drawn(len(each), seed) @ each) for seed, each in enumerate(sums)]
    return _estimate(values[1] - values[0], draws[1] - draws[0], min(map(len, sums)))


def compare(cases: pd.DataFrame, pairs: Sequence[tuple[tuple[str, str], tuple[str, str]]]) -> list[Paired]:
    """Hold ways against each other, each a model and a variant, on the suite that they share.

    The p-values are adjusted over ``pairs``.
    """
    made = [_paired(cases, first, second) for first, second in pairs]
    adjusted = stats.holm([each.p for each in made])
    return [replace(each, p_holm=p) for each, p in zip(made, adjusted, strict=True)]


def _paired(cases: pd.DataFrame, first: tuple[str, str], second: tuple[str, str]) -> Paired:
    ways = [
        cases[(cases["model"] == model) & (cases["variant"] == variant)] for model, variant in (first, second)
    ]
    shared = sorted(set(ways[0]["case"]) & set(ways[1]["case"]))
    one, other = (way.set_index("case").loc[shared].reset_index() for way in ways)
    change = (other["right"] - one["right"]).round(9)
    first_only, second_only = int((change < 0).sum()), int((change > 0).sum())
    before, after = _per_reference(one), _per_reference(other)
    weights = _drawn(len(before), 0)
    value = float(balanced(after.sum(0)) - balanced(before.sum(0)))
    delta = _estimate(value, balanced(weights @ after) - balanced(weights @ before), len(before))
    p = stats.mcnemar(first_only, second_only)
    return Paired(first, second, len(shared), delta, first_only, second_only, p)


def _per_reference(cases: pd.DataFrame) -> Floats:
    """Return (references, sums), in the order of the references' names."""
    return cases.groupby("reference", sort=True)[list(SUMS)].sum().to_numpy(np.float64)


def _drawn(references: int, seed: int) -> Floats:
    """Return how often each of so many references is drawn, (draws, references)."""
    chances = np.full(references, 1 / references)
    drawn = np.random.default_rng(seed).multinomial(references, chances, size=stats.DRAWS)
    return drawn.astype(np.float64)


def _estimate(value: float, draws: Floats, references: int) -> Estimate:
    draws = draws[~np.isnan(draws)]
    if references < 2 or not draws.size:
        return Estimate(value, float("nan"), float("nan"))
    tail = (1 - stats.CONFIDENCE) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    return Estimate(value, float(low), float(high))


@dataclass(frozen=True, slots=True)
class Linking:
    """The held-out loss with linking pairs against that without.

    Attributes:
        plain: Loss per answer token of each seed.
        linked: The same with linking pairs.
        change: Loss with linking pairs over loss without, minus 1; means over the seeds.
    """

    plain: tuple[float, ...]
    linked: tuple[float, ...]
    change: Estimate

    @property
    def apart(self) -> bool:
        """Whether all seeds of the one kind lie on one side of all seeds of the other."""
        return max(self.linked) < min(self.plain) or max(self.plain) < min(self.linked)


def linking(losses: pd.DataFrame, variant: str | None = None) -> Linking:
    """Compare the two kinds of adapters on the held-out records, of one variant or of all."""
    if variant is not None:
        losses = losses[losses["variant"] == variant]
    sums = []
    for kind in ("plain", "linked"):
        mine = losses[losses["kind"] == kind]
        sums.append(mine.groupby("reference", sort=True)[["loss", "tokens"]].sum().to_numpy(np.float64))
    weights = _drawn(len(sums[0]), 0)

    def change(plain: Floats, linked: Floats) -> Floats:
        ratio = (linked[..., 0] / linked[..., 1]) / (plain[..., 0] / plain[..., 1])
        return np.asarray(ratio - 1)

    value = float(change(sums[0].sum(0), sums[1].sum(0)))
    interval = _estimate(value, change(weights @ sums[0], weights @ sums[1]), len(sums[0]))
    return Linking(per_seed(losses, "plain"), per_seed(losses, "linked"), interval)


def per_seed(losses: pd.DataFrame, kind: str) -> tuple[float, ...]:
    """Return the loss per answer token of each seed of a kind of model."""
    sums = losses[losses["kind"] == kind].groupby("seed", sort=True)[["loss", "tokens"]].sum()
    return tuple(float(value) for value in sums["loss"] / sums["tokens"])

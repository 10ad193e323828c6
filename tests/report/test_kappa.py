"""Kappas against published examples, and intervals against how often they hold."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score

from kurabe.report.kappa import cohen, exact_interval, fleiss, rate
from kurabe.report.statistics import Floats

Said = NDArray[np.int_]


def tables(one: Said, other: Said) -> Floats:
    made = np.zeros((len(one), 2, 2))
    made[np.arange(len(one)), one, other] = 1
    return made


def test_fleiss_kappa_of_a_known_example() -> None:
    """Ten subjects, fourteen raters, five classes; kappa 0.210 (the example of Wikipedia's article)."""
    counts = np.array([
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ], dtype=float)  # fmt: skip
    figure = fleiss(counts)
    assert figure is not None
    assert figure[0] == pytest.approx(0.210, abs=5e-4)
    assert figure[1] < figure[0] < figure[2]


def test_cohens_kappa_of_a_known_example() -> None:
    """Fifty grant proposals, 20 and 15 agreed on, 5 and 10 not: kappa 0.4."""
    one = np.repeat([1, 1, 0, 0], [20, 5, 10, 15])
    other = np.repeat([1, 0, 1, 0], [20, 5, 10, 15])
    figure = cohen(tables(one, other))
    assert figure is not None
    assert figure[0] == pytest.approx(0.4)
    assert figure[0] == pytest.approx(cohen_kappa_score(one, other))


def test_a_rate_of_single_decisions_has_clopper_and_pearsons_interval() -> None:
    wrong = np.repeat([1.0, 0.0], [3, 45])
    share, low, high = rate(wrong, np.ones(48))
    exact = binomtest(3, 48).proportion_ci(0.95, method="exact")
    assert (share, low, high) == pytest.approx((3 / 48, exact.low, exact.high))


def test_parts_that_are_judged_alike_each_time_count_once() -> None:
    once, thrice = np.repeat([1.0, 0.0], [5, 45]), np.repeat([3.0, 0.0], [5, 45])
    assert rate(thrice, np.full(50, 3.0)) == pytest.approx(rate(once, np.ones(50)), abs=0.01)
    # Decisions that have nothing to do with each other count as so many.
    spread = np.repeat([1.0, 0.0], [15, 35])
    _, low, high = rate(spread, np.full(50, 3.0))
    assert (low, high) == pytest.approx(exact_interval(0.1, 150), abs=0.01)


def test_perfect_agreement_has_an_interval() -> None:
    said = np.repeat([0, 1], 20)
    figure = cohen(tables(said, said))
    assert figure is not None
    kappa, low, high = figure
    assert (kappa, high) == (1, 1)
    # 40 of 40 parts: the agreement is at least 0.9119, and half of that is chance.
    assert low == pytest.approx((0.025 ** (1 / 40) - 0.5) / 0.5)


def test_one_class_only_has_no_kappa() -> None:
    said = np.zeros(20, dtype=int)
    assert cohen(tables(said, said)) is None
    assert fleiss(np.tile([3.0, 0.0], (20, 1))) is None


@pytest.mark.parametrize(
    ("parts", "trials", "right", "varies"), [(50, 3, 0.9, 1.5), (20, 3, 0.9, 1.0), (50, 1, 0.85, 0.0)]
)
def test_intervals_hold_as_often_as_they_say(parts: int, trials: int, right: float, varies: float) -> None:
    """Of 200 samples at least 181 hold the kappa of very many parts: 190 less three standard deviations."""
    rng = np.random.default_rng(11)

    def draw(n: int) -> tuple[Floats, Floats]:
        bad = rng.random(n) < 0.4
        ease = np.log(right / (1 - right)) + rng.normal(0, varies, n)
        chance = 1 / (1 + np.exp(-np.where(bad, ease, -ease)))
        said = (rng.random((2, trials, n)) < chance).astype(int)
        crossed = sum(tables(said[0, k], said[1, k]) for k in range(trials))
        high = said.reshape(-1, n).sum(0)
        return np.asarray(crossed), np.stack([2 * trials - high, high], axis=1).astype(float)

    many = draw(100_000)
    true = [figure(sums) for figure, sums in zip((cohen, fleiss), many, strict=True)]
    held = np.zeros(2)
    for _ in range(200):
        for i, (figure, sums) in enumerate(zip((cohen, fleiss), draw(parts), strict=True)):
            found, wanted = figure(sums), true[i]
            assert found is not None
            assert wanted is not None
            held[i] += found[1] <= wanted[0] <= found[2]
    assert held.min() >= 181

import gc
import warnings
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binom, binomtest
from sklearn.metrics import balanced_accuracy_score, matthews_corrcoef, recall_score, roc_auc_score
from statsmodels.stats.multitest import multipletests

from kurabe.report import statistics as stats
from kurabe.report.statistics import DIFFERENT, SAME, UNREAD

trials = st.lists(
    st.tuples(st.booleans(), st.sampled_from([SAME, DIFFERENT, UNREAD]), st.floats(0, 1)),
    min_size=1,
    max_size=40,
)
Trials = list[tuple[bool, int, float]]


def arrays(rows: Trials) -> tuple[stats.Bools, stats.Calls, stats.Floats]:
    truth, called, p = zip(*rows, strict=True)
    return np.array(truth, dtype=np.bool_), np.array(called, dtype=np.int8), np.array(p, dtype=np.float64)


def bools(*values: int) -> stats.Bools:
    return np.array(values, dtype=np.bool_)


def calls(*values: int) -> stats.Calls:
    return np.array(values, dtype=np.int8)


def floats(*values: float) -> stats.Floats:
    return np.array(values, dtype=np.float64)


def clusters(*values: int) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def test_rates_of_a_table_counted_by_hand() -> None:
    # Four good parts: 2 called good, 1 called bad, 1 unread. Five bad: 3 called bad, 2 called good.
    truth = bools(0, 0, 0, 0, 1, 1, 1, 1, 1)
    called = calls(SAME, SAME, DIFFERENT, UNREAD, DIFFERENT, DIFFERENT, DIFFERENT, SAME, SAME)
    assert stats.overkill_rate(truth, called) == 2 / 4
    assert stats.miss_rate(truth, called) == 2 / 5
    assert stats.balanced_accuracy(truth, called) == pytest.approx((2 / 4 + 3 / 5) / 2)


def test_a_model_that_never_answers_misses_and_overkills_all() -> None:
    truth, called = bools(0, 0, 1, 1, 1), calls(*[UNREAD] * 5)
    assert stats.overkill_rate(truth, called) == stats.miss_rate(truth, called) == 1
    assert stats.balanced_accuracy(truth, called) == 0
    assert stats.matthews(truth, called) == -1


@pytest.mark.parametrize("bad", [0, 1])
def test_with_one_class_only_what_needs_both_is_undefined(bad: int) -> None:
    truth, called, p = bools(bad, bad), calls(SAME, DIFFERENT), floats(0.2, 0.8)
    assert stats.balanced_accuracy(truth, called) is None
    assert stats.matthews(truth, called) is None
    assert stats.auroc(truth, p) is None
    assert (stats.overkill_rate(truth, called), stats.miss_rate(truth, called)) == (
        (None, 0.5) if bad else (0.5, None)
    )
    assert stats.calibration_error(truth, p) is not None


def test_calling_everything_different_correlates_with_nothing() -> None:
    assert stats.matthews(bools(0, 1, 1), calls(DIFFERENT, DIFFERENT, DIFFERENT)) == 0


@given(trials)
def test_balanced_accuracy_is_what_miss_and_overkill_leave(rows: Trials) -> None:
    truth, called, _ = arrays(rows)
    miss, overkill = stats.miss_rate(truth, called), stats.overkill_rate(truth, called)
    if miss is None or overkill is None:
        assert stats.balanced_accuracy(truth, called) is None
    else:
        assert stats.balanced_accuracy(truth, called) == 1 - (miss + overkill) / 2


@given(trials)
def test_an_unread_verdict_counts_as_the_wrong_one(rows: Trials) -> None:
    truth, called, _ = arrays(rows)
    wrong = np.where(called == UNREAD, np.where(truth, SAME, DIFFERENT), called).astype(np.int8)
    for figure in (stats.balanced_accuracy, stats.matthews, stats.overkill_rate, stats.miss_rate):
        assert figure(truth, called) == figure(truth, wrong)


@pytest.fixture(scope="module")
def tables() -> tuple[NDArray[np.bool_], NDArray[np.int8], NDArray[np.float64]]:
    """3,000 random tables of 40 trials, one a row, of all prevalences and qualities; P has ties."""
    rng = np.random.default_rng(17)
    truth = rng.random((3000, 40)) < rng.uniform(0.05, 0.95, (3000, 1))
    truth[:, 0], truth[:, 1] = True, False
    right = rng.random(truth.shape) < rng.random((3000, 1))
    called = np.where(right, truth, ~truth).astype(np.int8)
    called[rng.random(truth.shape) < 0.1] = UNREAD
    return truth, called, rng.random(truth.shape).round(2)


def test_3000_tables_have_the_figures_of_scikit_learn(
    tables: tuple[stats.Bools, stats.Calls, stats.Floats],
) -> None:
    truth, called, p = tables
    told = np.where(called == UNREAD, ~truth, called == DIFFERENT)
    # A table is a label here, so that one call tells the figures of all of them.
    caught = recall_score(truth.T, told.T, average=None)
    passed = recall_score(~truth.T, ~told.T, average=None)
    areas = roc_auc_score(truth.T, p.T, average=None)
    for i in range(len(truth)):
        assert stats.miss_rate(truth[i], called[i]) == pytest.approx(1 - caught[i])
        assert stats.overkill_rate(truth[i], called[i]) == pytest.approx(1 - passed[i])
        assert stats.balanced_accuracy(truth[i], called[i]) == pytest.approx((caught[i] + passed[i]) / 2)
        assert stats.auroc(truth[i], p[i]) == pytest.approx(areas[i])
        both = told[i].any() and not told[i].all()
        phi = np.corrcoef(truth[i], told[i])[0, 1] if both else 0.0
        assert stats.matthews(truth[i], called[i]) == pytest.approx(phi)


def test_tables_have_the_correlation_and_balanced_accuracy_of_scikit_learn(
    tables: tuple[stats.Bools, stats.Calls, stats.Floats],
) -> None:
    for truth, called in zip(tables[0][:200], tables[1][:200], strict=True):
        told = np.where(called == UNREAD, ~truth, called == DIFFERENT)
        assert stats.matthews(truth, called) == pytest.approx(matthews_corrcoef(truth, told))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # unread is no class of the truth
            expected = balanced_accuracy_score(truth * 1, called)
        assert stats.balanced_accuracy(truth, called) == pytest.approx(expected)


def test_3000_families_have_the_p_values_of_statsmodels_and_scipy() -> None:
    rng = np.random.default_rng(3)
    gc.freeze()  # statsmodels collects garbage at each call: 70 ms with all that the tests hold
    try:
        for _ in range(3000):
            pairs = rng.integers(0, 30, (rng.integers(1, 6), 2))
            p = [stats.mcnemar(int(first), int(second)) for first, second in pairs]
            assert p == pytest.approx([_binomial(int(first), int(second)) for first, second in pairs])
            assert stats.holm(p) == pytest.approx(multipletests(p, method="holm")[1].tolist())
    finally:
        gc.unfreeze()


@cache
def _binomial(first: int, second: int) -> float:
    return float(binomtest(first, first + second).pvalue) if first + second else 1.0


@given(trials, st.randoms(use_true_random=False))
def test_the_order_of_the_trials_does_not_matter(rows: Trials, random: "object") -> None:
    shuffled = rows[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = arrays(rows), arrays(shuffled)
    for figure in (stats.balanced_accuracy, stats.matthews, stats.overkill_rate, stats.miss_rate):
        assert figure(*one[:2]) == pytest.approx(figure(*other[:2]))
    assert stats.auroc(one[0], one[2]) == pytest.approx(stats.auroc(other[0], other[2]))
    error = stats.calibration_error(one[0], one[2])
    assert error == pytest.approx(stats.calibration_error(other[0], other[2]))


@given(trials)
def test_figures_stay_in_their_bounds(rows: Trials) -> None:
    truth, called, p = arrays(rows)
    for value in (
        stats.balanced_accuracy(truth, called),
        stats.overkill_rate(truth, called),
        stats.miss_rate(truth, called),
        stats.auroc(truth, p),
        stats.calibration_error(truth, p),
    ):
        assert value is None or 0 <= value <= 1 + 1e-12


def test_calibration_error_counted_by_hand() -> None:
    # Bin [0.1, 0.2): mean 0.15, none different. Bin [0.9, 1]: mean 0.95, half different. Two trials each.
    error = stats.calibration_error(bools(0, 0, 1, 0), floats(0.12, 0.18, 0.9, 1.0))
    assert error == pytest.approx(0.5 * 0.15 + 0.5 * 0.45)
    assert stats.calibration_error(bools(1, 0), floats(1.0, 0.0)) == 0
    assert stats.calibration_error(bools(), floats()) is None


def test_wilson_is_that_of_scipy_and_reaches_the_ends() -> None:
    low, high = stats.wilson(floats(0, 7, 10), floats(10, 10, 10))
    for i, successes in enumerate((0, 7, 10)):
        expected = binomtest(successes, 10).proportion_ci(method="wilson")
        assert (low[i], high[i]) == pytest.approx((expected.low, expected.high))
    assert (low[0], high[2]) == pytest.approx((0, 1))


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_the_interval_of_balanced_accuracy_is_newcombes(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    # Newcombe 1998, "Interval estimation for the difference between independent proportions", table II,
    # method 10. With one recall p and the other 1 - q, twice the balanced accuracy is p - q + 1.
    p, q = first[0] / first[1], second[0] / second[1]
    found = stats.balanced_accuracy_interval(floats(p), floats(first[1]), floats(1 - q), floats(second[1]))
    assert [2 * float(end[0]) - 1 for end in found] == pytest.approx([low, high], abs=6e-5)


@pytest.mark.parametrize(
    ("p", "q", "good", "bad"),
    [(0.95, 0.8, 20, 30), (0.5, 0.5, 12, 12), (0.99, 0.6, 60, 15), (0.7, 0.9, 100, 40)],
)
def test_the_interval_of_balanced_accuracy_covers_as_often_as_it_says(
    p: float, q: float, good: int, bad: int
) -> None:
    # Not drawn but summed: every outcome of the two binomials with its probability.
    i, j = (each.ravel() for each in np.meshgrid(np.arange(good + 1), np.arange(bad + 1)))
    ones = np.ones(i.size)
    low, high = stats.balanced_accuracy_interval(i / good, good * ones, j / bad, bad * ones)
    weight = binom.pmf(i, good, p) * binom.pmf(j, bad, q)
    covered = weight[(low <= (p + q) / 2) & ((p + q) / 2 <= high)].sum()
    assert 0.93 < covered < 0.98


def test_the_interval_of_balanced_accuracy_is_undefined_without_a_class() -> None:
    low, high = stats.balanced_accuracy_interval(
        floats(1, np.nan, 1), floats(3, 0, 3), floats(np.nan, 0.5, 1), floats(0, 2, 3)
    )
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, True, False]
    assert low[2] < high[2] == 1


@pytest.mark.parametrize(("first", "second"), [(0, 0), (1, 0), (5, 1), (3, 3), (40, 20)])
def test_mcnemar_is_the_binomial_test_of_the_discordant_pairs(first: int, second: int) -> None:
    expected = binomtest(first, first + second).pvalue if first + second else 1.0
    assert stats.mcnemar(first, second) == pytest.approx(expected)


@settings(max_examples=15)  # statsmodels collects garbage at each call
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_that_of_statsmodels(p_values: Sequence[float]) -> None:
    assert stats.holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1].tolist())


def test_holm_by_hand() -> None:
    assert stats.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert stats.holm([]) == []


def test_one_cluster_has_no_interval() -> None:
    assert stats.cluster_interval(floats(0, 1, 1), clusters(0, 0, 0)) is None


def test_equal_clusters_leave_nothing_to_vary() -> None:
    assert stats.cluster_interval(floats(1, 0, 1, 0), clusters(0, 0, 1, 1)) == (0.5, 0.5)


def test_the_interval_is_that_of_drawing_whole_clusters_one_by_one() -> None:
    rng = np.random.default_rng(7)
    cluster = rng.integers(0, 30, 120)
    values = rng.integers(-1, 2, 120).astype(np.float64)
    groups = [values[cluster == c] for c in np.unique(cluster)]
    means = [
        np.concatenate([groups[i] for i in rng.integers(0, len(groups), len(groups))]).mean()
        for _ in range(4000)
    ]
    low, high = stats.cluster_interval(values, cluster) or (0.0, 0.0)
    assert (low, high) == pytest.approx(tuple(np.quantile(means, [0.025, 0.975])), abs=0.025)


def test_clusters_that_agree_within_widen_the_interval() -> None:
    values = np.repeat(floats(1, 0, 1, 0, 1, 0, 1, 0), 10)
    low, high = stats.cluster_interval(values, np.repeat(np.arange(8), 10)) or (0.0, 0.0)
    lone_low, lone_high = stats.cluster_interval(values, np.arange(80)) or (0.0, 0.0)
    assert high - low > 2 * (lone_high - lone_low)


@given(st.lists(st.tuples(st.sampled_from([-1.0, 0.0, 1.0]), st.integers(0, 5)), min_size=1, max_size=30))
def test_the_interval_is_repeatable_and_in_bounds(rows: list[tuple[float, int]]) -> None:
    values, cluster = floats(*(v for v, _ in rows)), clusters(*(c for _, c in rows))
    interval = stats.cluster_interval(values, cluster)
    assert interval == stats.cluster_interval(values, cluster)
    assert (interval is None) == (len(set(cluster.tolist())) < 2)
    if interval:
        assert values.min() - 1e-9 <= interval[0] <= interval[1] <= values.max() + 1e-9

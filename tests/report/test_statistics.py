import gc
import warnings
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binomtest
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

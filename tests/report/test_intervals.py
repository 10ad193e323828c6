import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import beta, binomtest
from statsmodels.stats.proportion import proportion_confint

from kurabe.report import intervals
from kurabe.report.intervals import (
    accuracy,
    balanced_accuracy,
    change_of_accuracy,
    change_of_balanced_accuracy,
    miss_limit,
    overkill_limit,
    upper_limit,
)
from kurabe.report.sample_size import parts_needed
from kurabe.report.units import UnitChanges, UnitSums, sum_changes, sum_units

Case = tuple[int, bool, float, float]

shares = st.sampled_from([0.0, 0.5, 1.0])
cases = st.lists(st.tuples(st.integers(0, 11), st.booleans(), shares, shares), min_size=1, max_size=60)
rate_intervals = pytest.mark.parametrize("figure", [accuracy, balanced_accuracy])
change_intervals = pytest.mark.parametrize("figure", [change_of_accuracy, change_of_balanced_accuracy])


def sums(rows: list[Case]) -> UnitSums:
    unit, bad, right, _ = (np.array([each[i] for each in rows]) for i in range(4))
    return sum_units(np.zeros(len(rows), np.int64), unit, bad.astype(bool), right, rows=1)


def changes(rows: list[Case]) -> UnitChanges:
    unit, bad, before, after = (np.array([each[i] for each in rows]) for i in range(4))
    return sum_changes(np.zeros(len(rows), np.int64), unit, bad.astype(bool), before, after, rows=1)


def ends(found: intervals.Intervals) -> tuple[float, float]:
    return float(found.low[0]), float(found.high[0])


def drawn(seed: int, units: int, size: int) -> list[Case]:
    """Cases whose answers cling together within units, some of which hold one class only."""
    rng = np.random.default_rng(seed)
    rows = []
    for unit in range(units):
        ease = rng.uniform(0.2, 1.0)
        for _ in range(int(rng.integers(1, size + 1))):
            before, after = (rng.random(2) < ease).tolist()
            rows.append((unit, bool(rng.random() < 0.4), float(before), float(after)))
    return rows


# -- Bounds and identities


@given(cases)
def test_an_interval_of_a_rate_holds_it_and_has_a_width(rows: list[Case]) -> None:
    for figure in (accuracy, balanced_accuracy):
        found = figure(sums(rows))
        low, high = ends(found)
        if np.isnan(found.estimate[0]) or found.too_few[0]:
            assert np.isnan([low, high]).all()
        else:
            assert 0 <= low <= found.estimate[0] <= high <= 1
            assert high - low > 1e-3


@given(cases)
def test_an_interval_of_a_change_holds_it_and_has_a_width(rows: list[Case]) -> None:
    for figure in (change_of_accuracy, change_of_balanced_accuracy):
        found = figure(changes(rows))
        low, high = ends(found)
        if np.isnan(found.estimate[0]) or found.too_few[0]:
            assert np.isnan([low, high]).all()
        else:
            assert -1 <= low <= found.estimate[0] <= high <= 1
            assert high - low > 1e-3


@given(cases)
def test_an_upper_limit_is_above_its_rate_and_counts_no_more_parts_than_there_are(rows: list[Case]) -> None:
    for which, limits in enumerate((overkill_limit(sums(rows)), miss_limit(sums(rows)))):
        parts = sum(each[1] is bool(which) for each in rows)
        assert limits.parts[0] == parts
        if not parts:
            assert np.isnan([limits.rate[0], limits.high[0]]).all()
            continue
        units = len({each[0] for each in rows if each[1] is bool(which)})
        assert min(limits.rate[0] + 1e-3, 1) <= limits.high[0] <= 1
        assert 1 - 1e-9 <= limits.effective[0] <= parts
        assert limits.high[0] >= upper_limit(limits.wrong, limits.parts)[0] - 1e-9
        if parts == units:
            assert limits.effective[0] == pytest.approx(parts)


@given(cases)
def test_the_figures_are_those_of_the_cases(rows: list[Case]) -> None:
    right = [[each[2] for each in rows if each[1] is which] for which in (False, True)]
    found = sums(rows)
    assert accuracy(found).estimate[0] == pytest.approx(np.mean(right[0] + right[1]))
    assume(right[0] and right[1])
    balanced = balanced_accuracy(found).estimate[0]
    assert balanced == pytest.approx((np.mean(right[0]) + np.mean(right[1])) / 2)
    assert balanced == pytest.approx(1 - (miss_limit(found).rate[0] + overkill_limit(found).rate[0]) / 2)
    after = balanced_accuracy(sums([(unit, bad, right, 0.0) for unit, bad, _, right in rows])).estimate[0]
    assert change_of_balanced_accuracy(changes(rows)).estimate[0] == pytest.approx(after - balanced)


@given(cases)
def test_exchanging_before_and_after_turns_the_change_around(rows: list[Case]) -> None:
    turned = [(unit, bad, after, before) for unit, bad, before, after in rows]
    for figure in (change_of_accuracy, change_of_balanced_accuracy):
        low, high = ends(figure(changes(rows)))
        assert ends(figure(changes(turned))) == pytest.approx((-high, -low), nan_ok=True)


@given(cases, st.randoms(use_true_random=False))
def test_neither_order_nor_names_of_units_nor_exchanged_classes_matter(
    rows: list[Case], random: "object"
) -> None:
    names = list(range(100, 112))
    shuffled = [(names[unit], not bad, before, after) for unit, bad, before, after in rows]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for figure in (accuracy, balanced_accuracy):
        assert ends(figure(sums(rows))) == pytest.approx(ends(figure(sums(shuffled))), nan_ok=True)
    for change in (change_of_accuracy, change_of_balanced_accuracy):
        assert ends(change(changes(rows))) == pytest.approx(ends(change(changes(shuffled))), nan_ok=True)
    assert miss_limit(sums(rows)).high == pytest.approx(overkill_limit(sums(shuffled)).high, nan_ok=True)


@given(cases, cases)
def test_rows_do_not_touch_each_other(one: list[Case], other: list[Case]) -> None:
    rows = [*one, *other]
    unit, bad, before, after = (np.array([each[i] for each in rows]) for i in range(4))
    row = np.repeat([0, 1], [len(one), len(other)])
    together = sum_units(row, unit, bad.astype(bool), before, rows=3)
    paired = sum_changes(row, unit, bad.astype(bool), before, after, rows=3)
    for number, part in enumerate((one, other)):
        found = balanced_accuracy(together)
        assert (found.low[number], found.high[number]) == pytest.approx(
            ends(balanced_accuracy(sums(part))), nan_ok=True
        )
        change = change_of_balanced_accuracy(paired)
        assert (change.low[number], change.high[number]) == pytest.approx(
            ends(change_of_balanced_accuracy(changes(part))), nan_ok=True
        )
    assert np.isnan(accuracy(together).estimate[2])
    assert np.isnan(miss_limit(together).high[2])


# -- Against libraries


def test_3000_limits_of_independent_parts_are_those_of_scipy_and_statsmodels() -> None:
    rng = np.random.default_rng(11)
    parts = rng.integers(1, 400, 3000)
    wrong = rng.binomial(parts, rng.random(3000) ** 3)
    found = upper_limit(wrong.astype(np.float64), parts.astype(np.float64))
    expected = proportion_confint(wrong, parts, alpha=0.1, method="beta")[1]
    assert found == pytest.approx(np.where(wrong == parts, 1.0, expected))
    for i in range(100):
        test = binomtest(int(wrong[i]), int(parts[i]), alternative="less")
        assert found[i] == pytest.approx(test.proportion_ci(0.95, method="exact").high)


def test_3000_tables_of_one_part_a_unit_have_the_limits_of_scipy() -> None:
    rng = np.random.default_rng(12)
    count, units = 3000, 30
    row, unit = (each.ravel() for each in np.indices((count, units)))
    bad = rng.random(row.size) < 0.5
    right = (rng.random(row.size) < np.repeat(rng.random(count), units)).astype(np.float64)
    table = sum_units(row, unit, bad, right, rows=count)
    for which, found in ((True, miss_limit(table)), (False, overkill_limit(table))):
        parts = np.bincount(row[bad == which], minlength=count)
        wrong = np.bincount(row[(bad == which) & (right == 0)], minlength=count)
        expected = beta.ppf(0.95, wrong + 1, np.maximum(parts - wrong, 1e-300))
        assert found.high == pytest.approx(np.where(wrong == parts, 1.0, expected))


@pytest.mark.parametrize("seed", range(30))
def test_the_variance_between_units_is_the_cluster_robust_one_of_statsmodels(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intervals, "PRIOR_UNITS", 0.0)
    rows = drawn(seed, units=20, size=5)
    unit, bad, before, after = (np.array([each[i] for each in rows]) for i in range(4))
    table, paired, shared = sums(rows), changes(rows), np.array([True])
    for values, classes in (
        (before, [intervals._rate(table, which, shared) for which in (0, 1)]),
        (after - before, [intervals._change(paired, which, shared) for which in (0, 1)]),
    ):
        design = np.column_stack([bad == 0, bad == 1]).astype(float)
        fit = sm.OLS(values, design).fit(
            cov_type="cluster", cov_kwds={"groups": unit, "use_correction": False}
        )
        n = design.sum(0)
        for which, each in enumerate(classes):
            held = len(set(unit[bad == which]))
            expected = fit.cov_params()[which, which] * n[which] ** 2 * held / (held - 1)
            assert each.spread[0] == pytest.approx(expected)
        together = float((classes[0].deviation * classes[1].deviation).sum())
        assert together == pytest.approx(fit.cov_params()[0, 1] * n.prod())


def test_the_change_of_one_case_a_unit_is_bonett_and_prices() -> None:
    # 2012, "Adjusted Wald confidence interval for a difference of binomial proportions based on paired
    # data", with half a case instead of one in each cell; nothing is skewed here.
    rows = [(i, i % 2 == 1, 0.0, 1.0) for i in range(8)] + [(8 + i, i % 2 == 1, 1.0, 0.0) for i in range(8)]
    rows += [(16 + i, i % 2 == 1, 1.0, 1.0) for i in range(24)]
    half = 1.959964 * math.sqrt(2 * (4.5 + 4.5) / 21 / 21) / 2
    assert ends(change_of_balanced_accuracy(changes(rows))) == pytest.approx((-half, half), rel=1e-6)


# -- What units do


def agreeing(units: int, size: int, wrong: int) -> list[Case]:
    """``wrong`` of the units have all their bad parts wrong, the others none; one good part each."""
    return [
        (unit, bad, 0.0 if bad and unit < wrong else 1.0, 1.0)
        for unit in range(units)
        for bad in [False] + [True] * size
    ]


def scattered(units: int, size: int, wrong: int) -> list[Case]:
    """As many bad parts wrong as in `agreeing`, no two of one unit before each has one."""
    left = [wrong * size // units + (unit < wrong * size % units) for unit in range(units)]
    return [
        (unit, bad, 0.0 if bad and i <= left[unit] else 1.0, 1.0)
        for unit in range(units)
        for i, bad in enumerate([False] + [True] * size)
    ]


def test_units_that_answer_alike_count_once() -> None:
    found = miss_limit(sums(agreeing(40, 4, 10)))
    assert found.effective[0] == pytest.approx(40, rel=0.02)
    assert found.high[0] == pytest.approx(upper_limit(np.array([10.0]), np.array([40.0]))[0], rel=0.02)
    assert miss_limit(sums(scattered(40, 4, 10))).effective[0] > 150


@rate_intervals
def test_agreement_within_units_widens_an_interval(figure: "object") -> None:
    together, apart = (ends(figure(sums(make(40, 4, 10)))) for make in (agreeing, scattered))  # type: ignore[operator]
    assert together[1] - together[0] > 1.4 * (apart[1] - apart[0])


@change_intervals
def test_agreement_within_units_widens_the_interval_of_a_change(figure: "object") -> None:
    together, apart = (ends(figure(changes(make(40, 4, 10)))) for make in (agreeing, scattered))  # type: ignore[operator]
    assert together[1] - together[0] > 1.3 * (apart[1] - apart[0])


def test_without_an_error_a_unit_counts_as_one_part() -> None:
    limits = miss_limit(sums(agreeing(16, 4, 0)))
    assert limits.effective[0] == pytest.approx(16)
    assert limits.high[0] == pytest.approx(1 - 0.05 ** (1 / 16))


def test_the_limit_rises_with_errors_and_falls_with_parts() -> None:
    limits = upper_limit(np.arange(20.0), np.full(20, 50.0))
    assert (np.diff(limits) > 0).all()
    assert (np.diff(upper_limit(np.ones(20), np.arange(2.0, 22))) < 0).all()
    of_units = [miss_limit(sums(scattered(16, 4, wrong))).high[0] for wrong in range(16)]
    assert (np.diff(of_units) >= 0).all()
    assert (np.diff(of_units[1:]) > 0).all()


def test_both_of_two_bad_parts_caught_is_no_proof() -> None:
    limits = miss_limit(sums([(0, True, 1.0, 1.0), (1, True, 1.0, 1.0)]))
    assert (limits.rate[0], limits.wrong[0]) == (0, 0)
    assert limits.high[0] == pytest.approx(0.776, abs=5e-4)


@pytest.mark.parametrize("units", [1, 4, 5])
def test_below_five_units_there_is_no_interval_but_a_limit(units: int) -> None:
    rows = [(unit, bad, 1.0, 0.0) for unit in range(units) for bad in (False, True) for _ in range(5)]
    for found in (balanced_accuracy(sums(rows)), change_of_balanced_accuracy(changes(rows))):
        assert found.units[0] == units
        assert bool(found.too_few[0]) == bool(np.isnan(found.low[0])) == (units < 5)
        assert not np.isnan(found.estimate[0])
    assert miss_limit(sums(rows)).high[0] == pytest.approx(1 - 0.05 ** (1 / units))


def test_a_question_without_good_and_bad_parts_has_an_accuracy_alone() -> None:
    rows = [(i, False, float(i % 3 > 0), 1.0) for i in range(30)]
    assert np.isnan(balanced_accuracy(sums(rows)).estimate[0])
    assert not balanced_accuracy(sums(rows)).too_few[0]
    low, high = ends(accuracy(sums(rows)))
    wide = proportion_confint(20, 30, method="beta")
    assert wide[0] < low < 0.53
    assert 0.79 < high < wide[1]
    assert np.isnan(change_of_balanced_accuracy(changes(rows)).estimate[0])
    assert change_of_accuracy(changes(rows)).estimate[0] == pytest.approx(1 / 3)


def test_how_many_parts_a_claim_needs() -> None:
    assert [parts_needed(rate) for rate in (0.05, 0.02, 0.01)] == [59, 149, 299]
    for rate in (0.5, 0.1, 0.03, 0.001):
        n = parts_needed(rate)
        assert (1 - rate) ** n <= 0.05 < (1 - rate) ** (n - 1)
        assert upper_limit(np.zeros(1), np.array([float(n)]))[0] <= rate


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, math.nan])
def test_a_claim_that_no_number_of_parts_carries_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        parts_needed(rate)

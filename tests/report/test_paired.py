import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, norm, permutation_test

from kurabe.report import paired
from kurabe.report.paired import sign_flips, units_needed
from kurabe.report.units import Bools, Ints, UnitChanges, sum_changes

Case = tuple[int, bool, float, float]
values = st.sampled_from([0.0, 0.5, 1.0])
cases = st.lists(st.tuples(st.integers(0, 8), st.booleans(), values, values), min_size=1, max_size=30)


def changes(rows: list[Case]) -> UnitChanges:
    unit, bad, before, after = (np.array([each[i] for each in rows]) for i in range(4))
    return sum_changes(np.zeros(len(rows), np.int64), unit, bad.astype(bool), before, after, rows=1)


def tables(count: int, units: int, seed: int) -> tuple[UnitChanges, Bools, Ints]:
    """Changes of many tables with one case a unit, good and bad in turn; the changes, (count, units)."""
    rng = np.random.default_rng(seed)
    before, after = rng.random((2, count, units)) < rng.uniform(0.2, 0.9, (2, count, 1))
    bad = np.tile(np.arange(units) % 2 == 1, count)
    row, unit = (each.ravel() for each in np.indices((count, units)))
    made = sum_changes(row, unit, bad, before.ravel() * 1.0, after.ravel() * 1.0, rows=count)
    return made, bad, after.astype(np.int64) - before


def by_enumeration(given: UnitChanges, balanced: bool) -> float:
    n = given.cases.sum(1)
    parts = (given.change / (n[:, None] if balanced else 1)).sum(0)
    signs = np.array(list(itertools.product([-1, 1], repeat=parts.size)))
    return float(np.mean(np.abs(signs @ parts) >= abs(parts.sum()) - 1e-9))


@given(cases, st.booleans())
def test_the_p_value_is_that_of_all_ways_to_set_the_signs(rows: list[Case], balanced: bool) -> None:
    given = changes(rows)
    p = sign_flips(given, balanced=balanced)[0]
    if balanced and len({each[1] for each in rows}) < 2:
        assert np.isnan(p)
    else:
        assert p == pytest.approx(by_enumeration(given, balanced), rel=1e-9)


def test_3000_tables_of_one_case_a_unit_have_the_p_value_of_mcnemar() -> None:
    given, _, change = tables(3000, 40, seed=1)
    for p, each in zip(sign_flips(given), change, strict=True):
        better, worse = int((each > 0).sum()), int((each < 0).sum())
        expected = binomtest(better, better + worse).pvalue if better + worse else 1.0
        assert p == pytest.approx(expected, rel=1e-9)


def test_it_is_the_permutation_test_of_scipy() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        units, n = 9, 30
        rows = [
            (int(rng.integers(units)), bool(i % 3), float(rng.integers(2)), float(rng.integers(2)))
            for i in range(n)
        ]
        given = changes(rows)
        # As whole numbers: sums that differ by float noise only would be ties no more.
        parts = (given.change * given.cases.sum(1)[::-1, None]).sum(0)
        expected = permutation_test(
            (parts, np.zeros_like(parts)),
            lambda one, other, axis: np.mean(one - other, axis=axis),
            permutation_type="samples",
            vectorized=True,
            n_resamples=np.inf,
        ).pvalue
        assert sign_flips(given)[0] == pytest.approx(expected, rel=1e-9)


@given(cases)
def test_exchanging_before_and_after_changes_nothing(rows: list[Case]) -> None:
    turned = [(unit, bad, after, before) for unit, bad, before, after in rows]
    assert sign_flips(changes(rows)) == pytest.approx(sign_flips(changes(turned)), nan_ok=True)


def test_where_nothing_changed_the_p_value_is_1() -> None:
    assert sign_flips(changes([(0, False, 1, 1), (1, True, 0, 0)]))[0] == 1


def test_all_units_better_is_the_least_that_so_many_can_give() -> None:
    for units in (4, 30, 200):
        rows = [(unit, bad, 0.0, 1.0) for unit in range(units) for bad in (False, True)]
        assert sign_flips(changes(rows))[0] == pytest.approx(2.0 ** (1 - units), rel=1e-9)


def test_units_that_answer_alike_count_once() -> None:
    # Ten cases of each of three units, all better: McNemar's test would take them for 30 independent cases.
    rows = [(unit, bool(i % 2), 0.0, 1.0) for unit in range(3) for i in range(10)]
    assert sign_flips(changes(rows))[0] == pytest.approx(0.25)


def test_rows_do_not_touch_each_other() -> None:
    given, bad, change = tables(30, 12, seed=2)
    together = sign_flips(given)
    for i, each in enumerate(change):
        before, after = (each < 0) * 1.0, (each > 0) * 1.0
        alone = sum_changes(np.zeros(12, np.int64), np.arange(12), bad[:12], before, after, rows=1)
        assert together[i] == pytest.approx(sign_flips(alone)[0], rel=1e-12)


@pytest.mark.parametrize("name", ["SUMS", "PARTS"])
def test_drawing_signs_comes_near_to_counting_them(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given, _, _ = tables(40, 40, seed=4)
    exact = sign_flips(given)
    monkeypatch.setattr(paired, name, 0)
    drawn = sign_flips(given)
    assert drawn == pytest.approx(exact, abs=5 * 0.5 / paired.DRAWS**0.5)
    assert (drawn != exact).any()
    assert drawn.min() >= 1 / (1 + paired.DRAWS)
    assert np.array_equal(drawn, sign_flips(given))


def test_how_many_units_a_family_needs() -> None:
    for comparisons in range(1, 30):
        units = units_needed(comparisons)
        assert comparisons * 2.0 ** (1 - units) <= 0.05 < comparisons * 2.0 ** (2 - units)
    assert units_needed(5) == 8


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_many_cases_in_unequal_classes_have_a_p_value(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 3000
    unit, bad = rng.integers(0, 700, n), rng.random(n) < 0.3
    before, after = (rng.random((2, n)) < 0.8).astype(np.float64)
    given = sum_changes(np.zeros(n, np.int64), unit, bad, before, after, rows=1)
    p = float(sign_flips(given)[0])
    parts = (given.change / given.cases.sum(1)[:, None]).sum(0)
    normal = abs(parts.sum()) / np.sqrt((parts**2).sum())
    assert p == pytest.approx(2 * norm.sf(normal), abs=0.03)

"""The simulation of coverage: that what it draws is what it says, and that it sees what is too narrow."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kurabe.report import intervals
from kurabe.report.intervals import Intervals, miss_limit
from kurabe.report.units import Floats, UnitChanges, UnitSums
from perf.coverage import BOUNDS, Methods, measure, outside, quick, summary
from perf.coverage_draws import (
    HELD_OUT_MIXES,
    HELD_OUT_RECALLS,
    MIXES,
    RECALLS,
    Design,
    Generator,
    Kind,
    designs,
    draw,
    held_out_designs,
)

EVEN = Design(16, "4", (0.8, 0.8), (0.8, 0.8), "copula", "shared", 0.6, 0.0)


def pooled(sums: UnitSums) -> UnitSums:
    """Return the same cases as if each were a unit of its own class by class: what was done before."""
    cases = sums.cases.astype(np.int64).ravel()
    bad = np.repeat(np.repeat([False, True], sums.row.size), cases)
    row, right = np.repeat(np.tile(sums.row, 2), cases), sums.right.ravel()
    # The first of a unit's cases are the right ones; which are does not matter to figures that pool them.
    place = np.arange(cases.sum()) - np.repeat(np.cumsum(cases) - cases, cases)
    each = (place < np.repeat(right, cases)).astype(np.float64)
    one = np.stack([~bad, bad]).astype(np.float64)
    return UnitSums(sums.rows, row, one, one * each)


def _with(figure: str, method: Any) -> Methods:
    return Methods(**{figure: method})


def narrower(found: Intervals, by: float) -> Intervals:
    low = found.estimate - by * (found.estimate - found.low)
    return replace(found, low=low, high=found.estimate + by * (found.high - found.estimate))


def test_the_cells_held_out_share_nothing_with_those_that_the_methods_were_chosen_on() -> None:
    chosen, held_out = list(designs()), list(held_out_designs())
    assert not set(HELD_OUT_MIXES.values()) & set(MIXES.values())
    assert not set(HELD_OUT_RECALLS) & set(RECALLS)
    for name in ("units", "mix", "raw", "correlation"):
        values = [{getattr(design, name) for design in cells} for cells in (chosen, held_out)]
        assert values[0] & values[1] <= {0.0}, name


def test_the_intervals_and_tests_of_the_tables_hold_in_the_quick_cells() -> None:
    assert quick(tables=500) == []


def test_a_limit_that_takes_cases_for_independent_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MIXES, "4 bad", ((1, 4),))
    design = replace(EVEN, mix="4 bad", raw=(0.95, 0.95), processed=(0.95, 0.95))
    found = measure(design, 1000, (1, 0), Methods(miss_limit=lambda sums: miss_limit(pooled(sums))))
    assert found["miss_limit"] == pytest.approx(0.77, abs=0.03)
    assert "miss_limit" in outside(design, found, 3.0, 1000)
    assert measure(design, 1000, (1, 0))["miss_limit"] > 0.93


@pytest.mark.parametrize("figure", ["accuracy", "balanced_accuracy"])
def test_an_interval_that_takes_cases_for_independent_is_seen(figure: str) -> None:
    method = getattr(intervals, figure)
    found = measure(EVEN, 1000, (2, 0), _with(figure, lambda sums: method(pooled(sums))))
    assert found[figure] < 0.85
    assert outside(EVEN, found, 3.0, 1000) == [figure]


@pytest.mark.parametrize(
    "figure", ["accuracy", "balanced_accuracy", "change_of_accuracy", "change_of_balanced_accuracy"]
)
def test_an_interval_that_is_too_narrow_or_too_wide_is_seen(figure: str) -> None:
    method = getattr(intervals, figure)
    for by in (0.6, 3.0):
        methods = _with(figure, lambda sums, by=by: narrower(method(sums), by))
        assert figure in outside(EVEN, measure(EVEN, 1000, (3, 0), methods), 3.0, 1000)


def test_a_test_that_takes_cases_for_independent_is_seen() -> None:
    def by_case(changes: UnitChanges) -> Floats:
        from scipy.stats import norm

        rows = [
            np.bincount(changes.row, each.sum(0), changes.rows) for each in (changes.change, changes.squares)
        ]
        p: Floats = 2 * norm.sf(np.abs(rows[0]) / np.sqrt(np.maximum(rows[1], 1)))
        return p

    found = measure(EVEN, 1000, (4, 0), Methods(test=by_case))
    assert {"type_1", "family_of_5"} <= set(outside(EVEN, found, 3.0, 1000))


@pytest.mark.parametrize("generator", ["copula", "copies"])
@pytest.mark.parametrize("kind", ["shared", "bias"])
def test_answers_have_the_recalls_and_the_correlation_that_are_stated(
    generator: Generator, kind: Kind
) -> None:
    design = Design(8, "1 to 4", (0.9, 0.7), (0.8, 0.6), generator, kind, 0.6, 0.6)
    held, is_bad, raw, processed = draw(design, 20_000, np.random.default_rng(5))
    assert held.sum(1).tolist() == [1, 2, 3, 4] * 2
    for answers, recalls in ((raw, design.raw), (processed, design.processed)):
        for which, recall in enumerate(recalls):
            assert answers[:, held & (is_bad == bool(which))].mean() == pytest.approx(recall, abs=0.01)
    good, other, bad = raw[:, 3, 0], raw[:, 3, 1], raw[:, 3, 2]
    assert np.corrcoef(good, other)[0, 1] == pytest.approx(0.6, abs=0.03)
    assert np.corrcoef(bad, raw[:, 3, 3])[0, 1] == pytest.approx(0.6, abs=0.03)
    assert (np.corrcoef(good, bad)[0, 1] > 0) == (kind == "shared")
    assert abs(np.corrcoef(good, raw[:, 7, 0])[0, 1]) < 0.03  # another unit
    assert np.corrcoef(good, processed[:, 3, 0])[0, 1] > 0.25


def test_unpaired_answers_are_independent() -> None:
    for generator in ("copula", "copies"):
        _, _, raw, processed = draw(replace(EVEN, generator=generator), 20_000, np.random.default_rng(6))
        assert abs(np.corrcoef(raw[:, 0, 0], processed[:, 0, 0])[0, 1]) < 0.03


def test_the_cells_are_those_that_are_asked_for() -> None:
    cells = list(designs())
    assert len(cells) == len(set(cells))
    assert {each.units for each in cells} == {8, 16, 32, 64}
    assert {(each.kind, each.correlation) for each in cells} == {
        ("none", 0.0),
        *((kind, correlation) for kind in ("shared", "bias") for correlation in (0.3, 0.6)),
    }


def test_a_cell_without_effect_has_errors_and_one_with_effect_has_power() -> None:
    asked = {bound.figure for bound in BOUNDS}
    null = measure(EVEN, 50, (7, 0))
    assert asked - set(null) == {"power_over_mcnemar"}
    single = Design(32, "1", (0.6, 0.6), (0.8, 0.8), "copula", "none", 0.0, 0.0)
    real = measure(single, 200, (8, 0))
    assert asked - set(real) == {"type_1", "family_of_5"}
    assert real["power_over_mcnemar"] == 0
    assert real["power"] > 0.2
    rows = summary([(EVEN, null, 50), (single, real, 200)])
    assert {row["figure"] for row in rows} > asked

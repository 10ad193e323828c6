"""How many parts and units, against scipy, statsmodels, published numbers and simulation."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint

from kurabe.report.paired import sign_flips
from kurabe.report.sample_size import parts_needed, pilot_of
from kurabe.report.units import sum_changes
from kurabe.results.record import Record
from tests.report.made_records import verdict


def test_published_numbers() -> None:
    # 59, 299 and 2995 parts without a failure: the success-run theorem's table at 95 %; 22 and 29 at 90 %.
    assert [parts_needed(rate) for rate in (0.05, 0.01, 0.001)] == [59, 299, 2995]
    assert [parts_needed(0.1, 0, 0.9), parts_needed(0.1, 0, 0.95)] == [22, 29]
    assert [parts_needed(0.01, wrong) for wrong in (1, 2)] == [473, 628]


@pytest.mark.parametrize("wrong", [0, 1, 2, 7])
@pytest.mark.parametrize("rate", [0.3, 0.05, 0.01])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_it_is_the_least_number_whose_limit_keeps_the_rate(
    wrong: int, rate: float, confidence: float
) -> None:
    parts = parts_needed(rate, wrong, confidence)
    for n, holds in ((parts, True), (parts - 1, False)):
        assert (binom.cdf(wrong, n, rate) <= 1 - confidence) is np.bool_(holds)
        high = (
            proportion_confint(wrong, n, alpha=2 * (1 - confidence), method="beta")[1] if n > wrong else 1.0
        )
        assert (high <= rate) == holds


def pilot(units: int, gain: float, seed: int) -> list[Record]:
    random = np.random.default_rng(seed)
    found = []
    for unit in range(units):
        for number, truth in enumerate(("different", "same") * 2):
            for model, right in (("a", 0.7), ("b", 0.7 + gain)):
                said = truth if random.random() < right else {"different": "same", "same": "different"}[truth]
                case, reference = f"c{unit}-{number}", f"r{unit}"
                found.append(verdict(case, truth, said, model=model, reference=reference))  # type: ignore[arg-type]
    return found


def test_power_is_what_the_tables_test_finds() -> None:
    found = pilot_of(pilot(400, 0.12, 1), ("a", "b"), None, "raw")
    assert (found.units, found.cases, found.kind) == (400, 1600, "reference")
    told = found.power(60)
    hits = []
    for seed in range(150):
        records = pilot(60, found.change, seed + 10)
        both = [[r.outcome == "correct" for r in records if r.model == model] for model in "ab"]
        bad = np.array([r.expected_verdict == "different" for r in records if r.model == "a"])
        before, after = (np.array(right, dtype=np.float64) for right in both)
        unit = np.repeat(np.arange(60), 4)
        changes = sum_changes(np.zeros(240, dtype=np.int64), unit, bad, before, after, 1)
        hits.append(sign_flips(changes)[0] < 0.05)
    assert np.mean(hits) == pytest.approx(told, abs=0.12)


def test_units_needed_reach_the_power() -> None:
    found = pilot_of(pilot(60, 0.1, 3), ("a", "b"), "connector", "raw")
    units = found.units_needed(0.8)
    assert units is not None
    assert found.power(units) >= 0.8 > found.power(units - 1)


def test_models_without_a_difference_promise_nothing() -> None:
    records = pilot(8, 0.0, 1)
    records = [each for each in records if each.model == "a"]
    same = [replace(each, model=model) for each in records for model in "ab"]
    found = pilot_of(same, ("a", "b"), None, "raw")
    assert (found.effect, found.units_needed(), found.power(50)) == (None, None, 0.0)


def test_what_the_run_does_not_hold_is_said() -> None:
    with pytest.raises(ValueError, match="no verdicts of 'c' here; it has: a, b"):
        pilot_of(pilot(8, 0.1, 1), ("a", "c"), None, "raw")
    with pytest.raises(ValueError, match="good and bad"):
        pilot_of([verdict("c", model=m) for m in "ab"], ("a", "b"), None, "raw")

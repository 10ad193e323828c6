"""The study's figures: those of the bench where both have them, and intervals that hold what they say."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from perf.study import figures
from perf.study.figures import Paired
from tests.perf.study.made import Made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(right={("plain", "raw"): 0.7, ("plain", "n-soartc"): 0.95, ("linked", "raw"): 0.85})


def test_p_values_are_adjusted_over_what_is_compared_together(made: Made, tmp_path: Path) -> None:
    cases = figures.cases_of(made.kept(tmp_path).records, "verdict")
    pairs = [(("plain", "raw"), ("plain", "n-soartc")), (("linked", "raw"), ("linked", "n-soartc"))]
    together = figures.compare(cases, pairs)
    least = min(together, key=lambda each: each.p)
    assert least.p_holm == pytest.approx(2 * least.p)


def cases(rng: np.random.Generator, references: int, mean: float, spread: float) -> pd.DataFrame:
    """Draw cases whose references differ in how hard they are."""
    rows = []
    for reference in range(references):
        chance = min(1.0, max(0.0, mean + float(rng.uniform(-spread, spread))))
        for test in range(4):
            bad = float(test > 0)
            good, right = 1 - bad, float(rng.random() < chance)
            sums = (right * good, good, right * bad, bad, bad * (1 - right), 0.0, 0.0, 0.0)
            rows.append(
                {"reference": f"r{reference:02}", "case": f"c{reference}-{test}"}
                | dict(zip(figures.SUMS, sums, strict=True))
            )
    return pd.DataFrame(rows)


def test_intervals_hold_the_true_rate_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(200):
        found = figures.estimate(cases(rng, 30, 0.7, 0.3), figures.balanced)
        held += found.low <= 0.7 <= found.high
    assert 0.88 <= held / 200 <= 0.99


def test_a_change_between_different_references_adds_both_uncertainties() -> None:
    rng = np.random.default_rng(6)
    first, second = cases(rng, 20, 0.9, 0.1), cases(rng, 20, 0.6, 0.1)
    alone = [figures.estimate(each, figures.balanced) for each in (first, second)]
    change = figures.unpaired(first, second, figures.balanced)
    assert change.value == pytest.approx(alone[1].value - alone[0].value)
    widths = [each.high - each.low for each in alone]
    assert change.high - change.low == pytest.approx(math.hypot(*widths), rel=0.25)


def test_one_reference_has_no_interval() -> None:
    found = figures.estimate(cases(np.random.default_rng(0), 1, 0.5, 0), figures.balanced)
    assert np.isnan(found.low)
    assert not found.above
    assert not found.below


def test_a_rate_without_its_class_is_undefined() -> None:
    good = cases(np.random.default_rng(0), 8, 0.5, 0)
    good = good[good["bad"] == 0]
    assert np.isnan(figures.estimate(good, figures.missed).value)


def test_better_needs_the_interval_and_the_test() -> None:
    up, unsure = figures.Estimate(0.1, 0.05, 0.2), figures.Estimate(0.1, -0.01, 0.2)

    def of(delta: figures.Estimate, p: float) -> Paired:
        return Paired(("a", "raw"), ("a", "b"), 64, delta, 1, 9, p, p)

    assert of(up, 0.01).better
    assert not of(up, 0.06).better
    assert not of(unsure, 0.01).better
    down = figures.Estimate(-0.1, -0.2, -0.05)
    assert of(down, 0.01).worse
    assert not of(down, 0.01).better


def test_the_loss_of_linking_is_per_token_and_by_seed(tmp_path: Path) -> None:
    kept = Made(loss={"base": (3.0,), "plain": (0.4, 0.4, 0.4), "linked": (0.2, 0.3, 0.1)}).kept(tmp_path)
    found = figures.linking(kept.losses)
    assert found.change.value == pytest.approx(-0.5, abs=1e-3)
    assert found.linked[1] / found.plain[1] == pytest.approx(0.75, abs=1e-3)
    assert found.apart
    raw = figures.linking(kept.losses, "raw")
    assert raw.change.value == pytest.approx(-0.5, abs=1e-3)
    assert raw.plain != found.plain

"""The graded series: the same good parts, and one defect that grows."""

import numpy as np

from scenes.connector import render_pair
from scenes.connector_sizes import GOOD, LARGEST, SMALLEST, STEPS, render_ball, suite
from scenes.suite import case_of


def test_a_larger_ball_has_a_larger_box_on_the_same_reference() -> None:
    pairs = [render_ball(5, "easy", size, reference_seed=0, fine=1) for size in (3.0, 6.0, 12.0)]
    for pair, size in zip(pairs, (3.0, 6.0, 12.0), strict=True):
        (change,) = pair.differences
        width, height = change.box.x2 - change.box.x1, change.box.y2 - change.box.y1
        assert change.size == size
        # A ball is as wide as it is declared, as far as nothing hides it; its box is whole pixels.
        assert abs(max(width, height) - size) <= 2.0
    references = {pair.reference.tobytes() for pair in pairs}
    assert references == {render_pair(9, "easy", [], reference_seed=0, fine=1).reference.tobytes()}


def test_a_good_pair_has_no_difference() -> None:
    pair = render_ball(6, "hard", None, reference_seed=12, fine=1)
    assert pair.differences == ()


def test_each_good_part_meets_each_step_of_size_and_good_parts() -> None:
    planned = suite(fine=1)
    references = [plan.reference for plan in planned.plans]
    assert {references.count(name) for name in references} == {STEPS + GOOD}
    assert len({plan.id for plan in planned.plans}) == len(planned.plans) == 16 * (STEPS + GOOD)
    sizes = [plan.render.args[3] for plan in planned.plans if plan.render.args[3] is not None]  # type: ignore[attr-defined]
    assert len(set(sizes)) == 16 * STEPS
    counts = np.histogram(np.log(sizes), STEPS, (np.log(SMALLEST), np.log(LARGEST)))[0]
    assert set(counts) == {16}


def test_a_case_carries_its_size() -> None:
    plan = next(plan for plan in suite(fine=1).plans if plan.render.args[3])  # type: ignore[attr-defined]
    case = case_of(plan, plan.render())
    assert case["expect"]["differences"][0]["size"] == round(plan.render.args[3], 2)  # type: ignore[attr-defined]

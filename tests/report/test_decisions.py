"""Operating points, against independent calculations."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta
from sklearn.metrics import balanced_accuracy_score, roc_curve

from kurabe.report.columns import DECISIONS
from kurabe.report.decisions import confidence_of_any, decisions, gaps
from kurabe.report.leaderboard import leaderboard
from kurabe.report.points import all_points
from kurabe.report.rules import BALANCED, Rule, Wanted, least_cost, parse_rule
from kurabe.report.tables import make_tables
from kurabe.report.thresholds import Sample, choose
from kurabe.results.record import Record
from perf.decisions_coverage import level
from tests.report.made_records import verdict

SCORES = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.8, 1.0]) | st.floats(0, 1), st.booleans()),
    min_size=12,
    max_size=40,
).filter(lambda parts: 1 < sum(bad for _, bad in parts) < len(parts) - 1)


def record(number: int, p: float | None, bad: bool, **more: object) -> Record:
    said = None if p is None else "different" if p >= 0.5 else "same"
    made = {"reference": f"r{number}", "p_different": p} | more
    return verdict(f"c{number}", "different" if bad else "same", said, **made)  # type: ignore[arg-type]


def made(parts: Sequence[tuple[float | None, bool]], **more: object) -> list[Record]:
    return [record(number, p, bad, **more) for number, (p, bad) in enumerate(parts)]


def normal(units: int, *, apart: float, shift: float, seed: int = 1) -> list[tuple[float, bool]]:
    random = np.random.default_rng(seed)
    bad = np.arange(units) % 2 == 0
    score = random.standard_normal(units) + apart * bad + shift
    return [(float(p), bool(b)) for p, b in zip(1 / (1 + np.exp(-score)), bad, strict=True)]


def table(records: Sequence[Record], *rules: str) -> Any:
    found = decisions(all_points(records, Wanted.of(rules, None).rules))
    return found[found["suite"] != "all"].set_index("rule")


def limit(wrong: float, parts: int) -> float:
    return 1.0 if wrong >= parts else float(beta.ppf(0.95, wrong + 1, parts - wrong))


def by_hand(parts: Sequence[tuple[float, bool]], m: float) -> float | None:
    """The largest value of P whose miss rate's exact limit is at most m, by trying each."""
    bad = [p for p, is_bad in parts if is_bad]
    fit = [t for t in bad if limit(sum(p < t for p in bad), len(bad)) <= m]
    return max(fit, default=None)


def test_columns_are_those_of_the_interface() -> None:
    wanted = (
        "model,variant,layout,suite,question,rule,threshold,threshold_hi,fitted,unit,n,n_p,n_good,n_bad,missed,"
        "overkilled,undecided,miss_rate,miss_rate_hi,overkill_rate,overkill_rate_hi,balanced_accuracy,"
        "balanced_accuracy_lo,balanced_accuracy_hi"
    )
    assert wanted.split(",") == DECISIONS


def test_shipped_is_the_leaderboard_s_row() -> None:
    records = made(normal(60, apart=2, shift=1))
    shipped, board = table(records).loc["shipped"], leaderboard(records)
    same = board[board["suite"] != "all"].iloc[0]
    for name in DECISIONS:
        if name in board and name not in ("model", "suite"):
            assert shipped[name] == pytest.approx(same[name], abs=1e-12) or shipped[name] == same[name], name
    assert (shipped["threshold"], shipped["fitted"]) == (0.5, "no")


def test_words_that_follow_no_threshold_have_none() -> None:
    records = made(normal(60, apart=2, shift=1))
    records[0] = verdict("c0", "different", "same", reference="r0", p_different=0.9)
    assert table(records).loc["shipped", "threshold"] is None


@settings(max_examples=15, deadline=None)
@given(SCORES)
def test_balanced_threshold_is_the_best_of_the_roc_curve(parts: list[tuple[float, bool]]) -> None:
    p, bad = np.array([p for p, _ in parts]), np.array([b for _, b in parts])
    threshold = table(made(parts)).loc["balanced", "threshold"]
    false, true, _ = roc_curve(bad, p, drop_intermediate=False)
    reached = balanced_accuracy_score(bad, p >= threshold)
    assert reached == pytest.approx((true - false).max() / 2 + 0.5)


@settings(max_examples=5, deadline=None)
@given(SCORES)
def test_each_part_is_scored_at_a_threshold_chosen_without_it(parts: list[tuple[float, bool]]) -> None:
    row = table(made(parts)).loc["balanced"]
    missed = overkilled = 0
    for place, (p, bad) in enumerate(parts):
        others = made([*parts[:place], *parts[place + 1 :]])
        threshold = table(others).loc["balanced", "threshold"]
        missed += bad and p < threshold
        overkilled += not bad and p >= threshold
    assert (row["missed"], row["overkilled"]) == (missed, overkilled)
    assert row["balanced_accuracy"] == 1 - (row["miss_rate"] + row["overkill_rate"]) / 2


@settings(max_examples=20, deadline=None)
@given(SCORES, st.sampled_from([0.15, 0.3, 0.5, 0.8]))
def test_bounded_threshold_is_the_largest_that_its_limit_allows(
    parts: list[tuple[float, bool]], m: float
) -> None:
    row = table(made(parts), f"miss_rate <= {m}").loc[f"miss_rate <= {m}"]
    assert row["threshold"] == by_hand(parts, m)
    if row["threshold"] is not None:
        own = sum(bad and p < row["threshold"] for p, bad in parts)
        assert row["miss_rate_hi"] >= limit(own, row["n_bad"]) - 1e-9
    else:
        assert row["needs"].startswith("needs ")


@settings(max_examples=15, deadline=None)
@given(SCORES, st.sampled_from([0.3, 0.5]))
def test_overkill_mirrors_miss(parts: list[tuple[float, bool]], bound: float) -> None:
    row = table(made(parts), f"overkill_rate <= {bound}").loc[f"overkill_rate <= {bound}"]
    good = [p for p, bad in parts if not bad]
    allowed = max((k for k in range(len(good)) if limit(k, len(good)) <= bound), default=None)
    if row["threshold"] is None:
        assert allowed is None
        return
    assert allowed is not None
    at, below = row["threshold"], float(np.nextafter(row["threshold"], -1))
    assert sum(p >= at for p in good) <= allowed < sum(p >= below for p in good)


@settings(max_examples=8, deadline=None)
@given(SCORES, st.randoms(use_true_random=False))
def test_order_does_not_matter(parts: list[tuple[float, bool]], random: object) -> None:
    records = made(parts)
    before = decisions(all_points(records, [parse_rule("miss_rate <= 0.3")]))
    random.shuffle(records)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(before, decisions(all_points(records, [parse_rule("miss_rate <= 0.3")])))


def test_least_cost_is_least_by_hand() -> None:
    parts = normal(120, apart=1.5, shift=0.3)
    share, escape, overkill = 0.05, 40.0, 1.0
    rule = least_cost(share, escape, overkill)
    p, bad = np.array([p for p, _ in parts]), np.array([b for _, b in parts])

    def cost(threshold: float) -> float:
        miss, over = (p[bad] < threshold).mean(), (p[~bad] >= threshold).mean()
        return float(share * escape * miss + (1 - share) * overkill * over)

    chosen = choose(Sample.of(p, bad, np.arange(p.size)), rule)
    assert cost(chosen.low) == pytest.approx(min(cost(t) for t in [0.0, *p, 1.1]))


def test_a_band_leaves_parts_between_to_a_person() -> None:
    row = table(made(normal(400, apart=1, shift=0)), "miss_rate <= 0.1 overkill_rate <= 0.1").iloc[-1]
    assert row["threshold"] < row["threshold_hi"]
    assert row["undecided"] > 0
    assert row["balanced_accuracy"] is None
    assert row["missed"] + row["overkilled"] + row["undecided"] < row["n"]
    assert row["miss_rate"] == row["missed"] / row["n_bad"]


def test_a_band_of_rules_asked_for_one_by_one() -> None:
    rows = table(made(normal(400, apart=1, shift=0)), "miss_rate <= 0.1", "overkill_rate <= 10%")
    assert list(rows.index) == [
        *("shipped", "balanced", "miss_rate <= 0.1", "overkill_rate <= 0.1"),
        "miss_rate <= 0.1 overkill_rate <= 0.1",
    ]


def test_a_band_that_one_threshold_serves_has_no_width() -> None:
    row = table(made(normal(400, apart=8, shift=-4)), "miss_rate <= 0.1 overkill_rate <= 0.1").iloc[-1]
    assert row["threshold_hi"] is None
    assert row["undecided"] == 0
    assert row["balanced_accuracy"] > 0.9


def test_parts_without_p_are_lost_at_every_threshold() -> None:
    parts: list[tuple[float | None, bool]] = [*normal(40, apart=3, shift=0), (None, True), (None, False)]
    rows = table(made(parts), "miss_rate <= 0.5")
    for rule in ("balanced", "miss_rate <= 0.5"):
        assert (rows.loc[rule, "n"], rows.loc[rule, "n_p"]) == (42, 40)
        assert rows.loc[rule, "missed"] >= 1
        assert rows.loc[rule, "overkilled"] >= 1


def test_what_cannot_be_shown_says_how_many_parts_would() -> None:
    row = table(made(normal(60, apart=3, shift=0)), "miss_rate <= 0.01").loc["miss_rate <= 0.01"]
    assert row["threshold"] is None
    assert row["miss_rate"] is None
    assert row["needs"] == "needs 299 bad parts, has 30"


def test_parts_that_come_together_count_as_fewer() -> None:
    records = [
        record(i, p, bad, reference=f"r{i // 10}") for i, (p, bad) in enumerate(normal(200, apart=3, shift=0))
    ]
    row = table(records, "miss_rate <= 0.02").loc["miss_rate <= 0.02"]
    assert "149 bad parts (about 745 that come together like these), has 100" in row["needs"]


def test_one_class_alone_has_no_balanced_point() -> None:
    rows = table(made([(p, True) for p, _ in normal(40, apart=3, shift=0)]), "miss_rate <= 0.2")
    assert rows.loc["balanced", "threshold"] is None
    assert rows.loc["miss_rate <= 0.2", "overkill_rate"] is None
    assert rows.loc["miss_rate <= 0.2", "miss_rate"] is not None


def test_rows_without_p_are_not_listed() -> None:
    assert decisions(all_points(made([(None, True), (None, False)]))).empty


def test_a_threshold_that_is_off_is_said_in_words() -> None:
    records = made(normal(200, apart=2.5, shift=3))
    told = gaps(all_points(records))
    assert {gap["suite"] for gap in told} == {"all", "connector"}
    row = table(records)
    before, after = (row.loc[rule, "balanced_accuracy"] for rule in ("shipped", "balanced"))
    assert told[0]["words"].startswith(f"ranks well, threshold is off: {before:.2f} → {after:.2f} at P ≥ 0.")


@pytest.mark.parametrize(
    ("apart", "shift", "units"),
    [(2.5, -1.25, 200), (0.0, 3, 200), (2.5, 3, 8)],
    ids=["threshold is right", "ranks nothing", "too few to tell"],
)
def test_nothing_is_said_where_the_sample_does_not_carry_it(apart: float, shift: float, units: int) -> None:
    assert gaps(all_points(made(normal(units, apart=apart, shift=shift)))) == []


def test_calibration_cases_choose_and_others_are_scored() -> None:
    chosen_on = made(normal(80, apart=2, shift=1, seed=2), suite="cal", calibration=True)
    scored = made(normal(80, apart=2, shift=1))
    rows = table([*scored, *chosen_on], "miss_rate <= 0.2")
    alone = table(made(normal(80, apart=2, shift=1, seed=2), suite="cal"), "miss_rate <= 0.2")
    for rule in ("balanced", "miss_rate <= 0.2"):
        row = rows.loc[rule]
        assert (row["fitted"], row["n"]) == ("cal", 80)
        assert row["threshold"] == alone.loc[rule, "threshold"]
        missed = sum(
            r.expected_verdict == "different" and (r.p_different or 0) < row["threshold"] for r in scored
        )
        assert row["missed"] == missed
        assert row["miss_rate_hi"] == pytest.approx(limit(missed, 40))
    assert set(leaderboard([*scored, *chosen_on])["n"]) == {80}


def test_leaderboard_at_a_point_has_that_point_s_figures() -> None:
    records = made(normal(200, apart=2, shift=1))
    tables = make_tables(records, "r", Wanted.of(["miss_rate <= 0.1"], None))
    at: Any = tables.leaderboard_at
    points: Any = tables.decisions
    assert list(at.columns[-4:]) == ["rule", "threshold", "threshold_hi", "fitted"]
    assert list(at.columns[:5]) == list(tables.leaderboard.columns[:5])
    point = points[points["rule"] == "miss_rate <= 0.1"].iloc[0]
    for name in ("missed", "overkilled", "miss_rate_hi", "balanced_accuracy", "threshold"):
        assert at.iloc[0][name] == point[name]
    assert at.iloc[0]["accuracy"] == pytest.approx(1 - (point["missed"] + point["overkilled"]) / 200)
    assert at.iloc[0]["auroc"] == tables.leaderboard.iloc[0]["auroc"]


def test_limits_at_every_threshold_hold_together() -> None:
    # Two parts: U(1) <= a and U(2) <= b for uniform numbers holds with probability 2ab - a².
    a, b = (beta.ppf(1 - level(2), k, 3 - k) for k in (1, 2))
    assert 2 * a * b - a**2 == pytest.approx(0.95, abs=1e-6)
    for parts in (1, 5, 30, 80):
        assert 1 - confidence_of_any(np.array([float(parts)]))[0] == pytest.approx(level(parts), rel=2e-3)


@pytest.mark.parametrize(
    "text",
    [
        "miss_rate >= 0.1",
        "miss_rate <= 2",
        "auroc <= 0.5",
        "miss_rate < 0.1",
        "",
        "best",
        "suite=x miss_rate <= 0.1",
    ],
)
def test_what_is_no_operating_point_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no operating point"):
        parse_rule(text)


def test_a_rule_has_one_spelling() -> None:
    assert (
        parse_rule("overkill_rate<=5%   miss_rate <= .010").text == "miss_rate <= 0.01 overkill_rate <= 0.05"
    )
    assert parse_rule("balanced") == BALANCED
    with pytest.raises(ValueError, match="needs bad_share"):
        Wanted.of(["least cost"], {"parts_per_hour": 3})
    costs = {"bad_share": 0.5, "escape_cost": 2, "overkill_cost": 4}
    assert Wanted.of(["least cost"], costs).at == (Rule("least cost", costs=(1.0, 2.0)),)
    assert math.isclose(sum(BALANCED.costs or ()), 1.0)

import dataclasses

import pytest

from kurabe.report.compare import Change, compare, parse_compare_fail
from tests.report.made_records import verdict

OLD = [
    verdict("c1"),
    verdict("c2", said="same"),
    verdict("c3", "same", "same"),
    verdict("c4", "same", "same"),
    verdict("gone"),
]
NEW = [
    verdict("c1", said="same"),
    verdict("c2"),
    verdict("c3", "same", "different"),
    verdict("c4", "same", "same"),
    verdict("come", "same", "different"),
]


def change(metric: str) -> Change:
    found = [c for c in compare(OLD, NEW).changes if c.metric == metric and c.row["suite"] == "connector"]
    assert len(found) == 1
    return found[0]


def test_trials_are_fixed_broken_gone_and_come() -> None:
    found = compare(OLD, NEW)
    assert found.fixed == ("connector/c2-verdict-raw-pixel-diff",)
    assert found.broken == ("connector/c1-verdict-raw-pixel-diff", "connector/c3-verdict-raw-pixel-diff")
    assert found.only_old == ("connector/gone-verdict-raw-pixel-diff",)
    assert found.only_new == ("connector/come-verdict-raw-pixel-diff",)
    assert found.shared == 4


def test_figures_are_of_the_shared_trials() -> None:
    accuracy = change("balanced_accuracy")
    assert (accuracy.old, accuracy.new, accuracy.delta) == (0.75, 0.5, -0.25)
    assert accuracy.worse_by == 0.25
    overkill = change("overkill_rate")
    assert (overkill.old, overkill.new, overkill.worse_by) == (0, 0.5, 0.5)
    miss = change("miss_rate")
    assert (miss.old, miss.new, miss.worse_by) == (0.5, 0.5, 0)


def test_a_run_against_itself_has_not_changed() -> None:
    found = compare(OLD, OLD)
    assert (found.fixed, found.broken, found.only_old, found.only_new) == ((), (), (), ())
    assert all(c.delta == 0 for c in found.changes)
    assert parse_compare_fail("accuracy:0").violations(found) == []


@pytest.mark.parametrize(
    ("limit", "holds"),
    [
        ("balanced_accuracy:0.2", False),
        ("balanced_accuracy:0.25", True),
        ("balanced_accuracy:33%", False),
        ("balanced_accuracy:34%", True),
        ("overkill_rate:0.4", False),
        ("overkill_rate:0.5", True),
        ("overkill_rate:500%", False),  # any share of nothing is nothing
        ("miss_rate:0", True),
    ],
)
def test_limits(limit: str, holds: bool) -> None:
    assert (parse_compare_fail(limit).violations(compare(OLD, NEW)) == []) == holds


def test_a_violation_names_both_figures_and_whose_they_are() -> None:
    sentence = parse_compare_fail("balanced_accuracy:5%").violations(compare(OLD, NEW))[0]
    assert sentence == (
        "compare-fail 'balanced_accuracy:5%': balanced_accuracy went from 0.75 to 0.5 "
        "for pixel-diff on all, verdict, raw, stacked"
    )


def test_getting_better_is_no_violation() -> None:
    for limit in ("balanced_accuracy:0", "overkill_rate:0"):
        assert parse_compare_fail(limit).violations(compare(NEW, OLD)) == []


def test_a_check_that_could_not_be_made_has_not_passed() -> None:
    nothing = compare(OLD, [verdict("other")])
    assert "share no trial" in parse_compare_fail("accuracy:5%").violations(nothing)[0]
    with_p = [dataclasses.replace(record, p_different=0.5) for record in OLD]
    lost = parse_compare_fail("auroc:5%").violations(compare(with_p, OLD))
    assert "from 0.5 to undefined" in lost[0]


@pytest.mark.parametrize(
    "text", ["accuracy", "accuracy:", "accuracy:-5%", "accuracy:much", "accuracy=5%", ":5%"]
)
def test_a_bad_limit_says_how_it_is_written(text: str) -> None:
    with pytest.raises(ValueError, match="balanced_accuracy:5%"):
        parse_compare_fail(text)


def test_an_unknown_column_comes_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean 'miss_rate'"):
        parse_compare_fail("miss_rat:5%")

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurabe.report.units import choose_units, sum_changes, sum_units


def test_the_unit_is_the_set_of_good_parts() -> None:
    units = choose_units(list("aabbccddee"), [None] * 10, list(range(10)))
    assert (units.kind, units.count, units.given_these_good_parts) == ("reference", 5, False)
    assert units.number.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_with_fewer_than_five_sets_it_is_the_specimen() -> None:
    units = choose_units(list("aaaaaabbbb"), list("uuvvwwxxyy"), list(range(10)))
    assert (units.kind, units.count, units.given_these_good_parts) == ("specimen", 5, True)
    assert units.number.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


@pytest.mark.parametrize(
    "specimens",
    [list("uuvvwwxxxx"), [*"uuvvwwxxy", None], [None] * 10],
    ids=["four specimens", "one not named", "none named"],
)
def test_else_it_is_the_test_picture(specimens: list[str | None]) -> None:
    units = choose_units(["a"] * 10, specimens, [0, 0, 1, 2, 3, 4, 5, 6, 7, 8])
    assert (units.kind, units.count) == ("test", 9)
    assert units.number.tolist() == [0, 0, 1, 2, 3, 4, 5, 6, 7, 8]


def test_too_few_of_any_kind_are_still_units() -> None:
    assert choose_units(["a", "a"], [None, None], [1, 2]).count == 2
    assert choose_units([], [], []).count == 0


def test_sums_by_hand() -> None:
    row, unit = np.array([0, 0, 0, 1, 1]), np.array([4, 4, 2, 2, 2])
    bad = np.array([False, True, True, False, False])
    sums = sum_units(row, unit, bad, np.array([1, 0.5, 1, 1, 0]), rows=3)
    assert sums.row.tolist() == [0, 0, 1]
    assert sums.cases.tolist() == [[0, 1, 2], [1, 1, 0]]
    assert sums.right.tolist() == [[0, 1, 1], [1, 0.5, 0]]
    changes = sum_changes(row, unit, bad, np.array([1, 1, 0, 0, 0.5]), np.array([0, 1, 0.5, 1, 0]), rows=3)
    assert changes.change.tolist() == [[0, -1, 0.5], [0.5, 0, 0]]
    assert changes.squares.tolist() == [[0, 1, 1.25], [0.25, 0, 0]]


cases = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 5), st.booleans(), st.sampled_from([0.0, 0.5, 1.0])),
    max_size=40,
)


@given(cases)
def test_sums_lose_no_case(rows: list[tuple[int, int, bool, float]]) -> None:
    row, unit, bad, right = (np.array([each[i] for each in rows]) for i in range(4))
    sums = sum_units(row.astype(np.int64), unit.astype(np.int64), bad.astype(bool), right, rows=4)
    assert sums.cases.sum() == len(rows)
    assert len({(each[0], each[1]) for each in rows}) == sums.row.size
    for number in range(4):
        for which in (False, True):
            expected = sum(each[3] for each in rows if each[0] == number and each[2] is which)
            assert sums.right[int(which), sums.row == number].sum() == expected

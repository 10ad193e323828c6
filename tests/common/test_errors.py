"""Hints at what was probably meant."""

from kurabe.common.errors import did_you_mean


def test_the_nearest_names_are_suggested() -> None:
    assert did_you_mean("verdikt", ["verdict", "count"]) == "; did you mean 'verdict'?"
    assert did_you_mean("edge", ["edges", "edged", "raw"], most=3) == "; did you mean 'edges' or 'edged'?"


def test_nothing_is_suggested_where_nothing_is_near() -> None:
    assert did_you_mean("zzz", ["verdict", "count"]) == ""
    assert did_you_mean("x", []) == ""
    assert did_you_mean("zzz", ["verdict"], cutoff=0) == "; did you mean 'verdict'?"

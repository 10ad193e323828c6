"""The table of the probability of detection: what enters it, and what it says where there is no number."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kurabe.common.vocabulary import Box, Verdict
from kurabe.report.pod import Measure, pod_curves, pod_table
from kurabe.report.pod_chart import pod_svg
from kurabe.report.pod_fit import fit_pod
from kurabe.report.sheet.render import sheet_words
from kurabe.results.record import Record
from tests.report.made_records import verdict

SIZES = np.exp(np.linspace(0, 3, 64))
FOUND = np.random.default_rng(3).random(64) < 1 / (1 + (3 / SIZES) ** 3)


def parts(sizes: Any = SIZES, found: Any = FOUND, **other: Any) -> list[Record]:
    said: dict[bool, Verdict] = {True: "different", False: "same"}
    return [
        verdict(f"c{i}", "different", said[bool(hit)], size=float(size), **other)
        for i, (size, hit) in enumerate(zip(sizes, found, strict=True))
    ]


def the_row(records: list[Record], measure: Measure = "auto") -> dict[Any, Any]:
    (row,) = pod_table(pod_curves(records, measure)).to_dict("records")
    return row


def test_the_figures_are_those_of_the_fit_and_its_counts() -> None:
    said: tuple[Verdict | None, ...] = ("same", "different", None)
    good = [verdict(f"g{i}", "same", each) for i, each in enumerate(said)]
    row, fit = the_row([*parts(), *good]), fit_pod(SIZES, FOUND)
    assert (row["a50"], row["a90"], row["a90_95"]) == (fit.size(0.5), fit.size(0.9), fit.limit(0.9))
    assert row["a50"] < row["a90"] < row["a90_95"]
    assert (row["n"], row["hits"], row["misses"]) == (64, FOUND.sum(), 64 - FOUND.sum())
    assert (row["measure"], row["n_good"], row["overkilled"]) == ("size", 3, 2)
    assert row["why"] is None


def test_controls_repeats_and_changed_pictures_do_not_enter() -> None:
    more = [*parts(repeat=1), *parts(swapped=True), *parts(control=True), *parts(shake="light 0.90")]
    assert the_row([*parts(), *more]) == the_row(parts())


def test_an_unread_answer_is_a_miss() -> None:
    unread = [replace(record, verdict=None, outcome="unparsed") for record in parts()[-3:]]
    assert the_row([*parts()[:-3], *unread])["misses"] == 64 - FOUND[:-3].sum()


def test_sizes_come_from_boxes_where_none_are_declared() -> None:
    boxed = [
        replace(record, size=None, boxes=(Box(0, 0, 1, 1), Box(0, 0, size, 4 * size)))
        for record, size in zip(parts(), SIZES, strict=True)
    ]
    row = the_row(boxed)
    assert (row["measure"], row["size_max"]) == ("box", pytest.approx(4 * SIZES.max()))
    assert the_row(boxed, "area")["size_max"] == pytest.approx(2 * SIZES.max())
    half = [*boxed[:32], *[replace(record, boxes=()) for record in boxed[32:]]]
    assert (the_row(half)["n"], the_row(half)["unsized"]) == (32, 32)


@pytest.mark.parametrize(
    ("records", "says"),
    [
        (parts(found=np.ones(64)), "no misses: all 64 parts from size 1 on were found"),
        (parts(found=np.zeros(64)), "no hits: none of 64 parts up to size 20.1"),
        (parts(sizes=np.repeat([1, 2], 32)), "of 2 levels only"),
        (parts()[:9], "9 bad parts are too few"),
        ([replace(record, size=None) for record in parts()], "no bad part has a size"),
        (parts(sizes=SIZES[::-1]), "does not grow with the size"),
    ],
)
def test_where_there_can_be_no_number_it_says_why(records: list[Record], says: str) -> None:
    row = the_row(records)
    assert (row["a50"], row["a90"], row["a90_95"]) == (None, None, None)
    assert says in row["why"]


def test_no_misses_of_59_parts_show_95_percent() -> None:
    assert "at least 95.0%" in the_row(parts(SIZES[:59], np.ones(59)))["why"]


def test_a_limit_beyond_the_largest_size_is_told() -> None:
    small = SIZES < 5
    assert "beyond the largest size" in the_row(parts(SIZES[small], FOUND[small]))["why"]


def test_each_kind_has_a_curve_of_its_own() -> None:
    kinds = [(("bent",), ("ball",), ("bent", "ball"))[i % 3] for i in range(64)]
    records = [replace(record, kinds=kind) for record, kind in zip(parts(), kinds, strict=True)]
    curves = pod_curves(records, by_kind=True)
    assert [(curve.row["kind"], curve.row["n"]) for curve in curves] == [
        ("all", 64),
        ("ball", 21),
        ("bent", 22),
    ]


def test_the_curve_is_drawn() -> None:
    (curve,) = pod_curves(parts())
    svg = pod_svg(curve, sheet_words("pod", "en"))
    assert svg.startswith("<svg")
    assert "Probability of detection" in svg
    (none,) = pod_curves(parts(found=np.ones(64)))
    assert pod_svg(none, sheet_words("pod", "en")) == ""

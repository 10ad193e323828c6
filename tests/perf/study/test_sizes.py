"""The learning curve's page: its figures, its sentences, and that it is written from its records."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from perf import photographs
from perf.study import curve_page
from perf.study.sizes import Way, balanced, by_seed, change, estimate, loss, ways


def _run(seed: int, right: int, lost: float, pictures: str = "raw", linked: bool = False) -> dict[str, Any]:
    """Return what the record holds of a training that tells so many of four good and four bad pairs."""
    rows = [[4, right, 4, min(4, right + place % 2), 8 * lost] for place in range(12)]
    facts = {"run": f"64-{pictures}-{'linked' if linked else 'plain'}-{seed}", "size": 64, "seed": seed}
    variants = {name: {"references": rows} for name in ("raw", "processed")}
    return facts | {"pictures": pictures, "linked": linked, "everyday": 0.9, "shapes": 0.8} | variants


def _way(*runs: dict[str, Any]) -> Way:
    first = runs[0]
    return Way(first["size"], first["pictures"], first["linked"], tuple(runs))


def test_rates_are_means_over_the_seeds_with_connectors_drawn_again() -> None:
    """Each seed counts alike; an interval holds the figure."""
    way = _way(_run(1, 2, 0.5), _run(2, 3, 0.7))
    assert by_seed(way.sums()) == [0.5625, 0.8125]
    assert by_seed(way.sums(), loss) == pytest.approx([0.5, 0.7])
    of = estimate(way.sums())
    assert of.value == pytest.approx(np.mean(by_seed(way.sums())))
    assert of.low < of.value < of.high


def test_a_change_on_the_same_connectors_is_surer_than_its_parts() -> None:
    """What all connectors gain alike has no width."""
    plain, better = _way(_run(1, 2, 0.5)), _way(_run(1, 3, 0.4))
    of = change(plain.sums(), better.sums(), balanced)
    assert (of.value, of.low, of.high) == pytest.approx((0.25, 0.25, 0.25))
    assert change(plain.sums(), plain.sums(), balanced).value == 0


def test_linking_pays_only_where_no_seed_says_otherwise() -> None:
    """One seed of three that lies among those without linking leaves it untold."""
    plain = _way(*(_run(seed, 2, 0.5) for seed in (1, 2, 3)))
    better = _way(*(_run(seed, 3, 0.4, linked=True) for seed in (1, 2, 3)))
    mixed = _way(_run(1, 3, 0.4, linked=True), _run(2, 2, 0.5, linked=True), _run(3, 3, 0.4, linked=True))
    assert "better with 64 raw pairs (+0.25)" in curve_page.linking_sentence([plain, better])
    said = curve_page.linking_sentence([plain, mixed])
    assert "better" not in said
    assert "not told from chance in 1 of 1 rows" in said


def test_unequal_seeds_are_compared_by_those_that_both_have() -> None:
    """So that no seed's luck counts as the effect of what differs."""
    plain = _way(_run(1, 2, 0.5), _run(2, 4, 0.1))
    linked = _way(_run(1, 2, 0.5, linked=True))
    assert "+0.00 [+0.00, +0.00]" in curve_page.curve_table([plain, linked], "raw")


def test_what_was_planned_and_not_run_is_said() -> None:
    """By size; nothing is said once all is there."""
    some = _way(_run(1, 2, 0.5))
    said = curve_page.missing_sentence([some])
    assert "11 of 64 pairs" in said
    assert "6 of 4,096 pairs" in said


def test_worth_counts_both_sides_alike() -> None:
    """And the turning point is the way's own."""
    balanced_accuracy, area = photographs.worth([0, 0, 0, 1], [0.1, 0.2, 0.6, 0.9], 0.5)
    assert (balanced_accuracy, area) == pytest.approx((5 / 6, 1.0))
    assert photographs.worth([0, 1], [-2.0, -1.0], 0.0)[0] == 0.5


def test_the_page_is_the_one_that_its_records_give() -> None:
    """The picture, too."""
    assert curve_page.page() == curve_page.PAGE.read_text(encoding="utf-8")
    every, others = ways()
    assert curve_page.chart(every) == curve_page.CHART.read_text(encoding="utf-8")
    assert {"base", "tiny-phi3v-connector", "tiny-phi3v-connector-linked"} <= set(others)
    assert all(Path(name).exists() for name in (photographs.FIGURES, photographs.ADAPTERS))
    assert len(json.loads(photographs.ADAPTERS.read_text(encoding="utf-8"))) > 40

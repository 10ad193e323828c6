"""Distances to the nearest patches, and what good parts expect of each other."""

import numpy as np
import pytest
import torch

from kurabe.models.engines.good_parts.nearest import expected, left_out, nearest, score, threshold


def vectors(*shape: int, seed: int = 0) -> torch.Tensor:
    """Return patches of length 1: ... x C x H x W."""
    values = torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.normalize(values, dim=-3)


@pytest.mark.parametrize("reach", [(0.01, 0.01), (0.2, 0.35), (1.0, 1.0)])
@pytest.mark.parametrize("shape", [(6, 7), (4, 9)])
def test_it_is_what_looking_at_every_patch_within_reach_gives(
    reach: tuple[float, float], shape: tuple[int, int]
) -> None:
    seen, goods = vectors(5, 6, 7), vectors(2, 5, *shape, seed=1)
    found = nearest(seen, goods, reach)
    rows, columns = shape
    high, wide = max(reach[0], 0.5 / rows), max(reach[1], 0.5 / columns)
    for good, y, x in np.ndindex(2, 6, 7):
        near = [
            float((seen[:, y, x] - goods[good, :, j, i]).norm())
            for j, i in np.ndindex(rows, columns)
            if abs((y + 0.5) / 6 - (j + 0.5) / rows) <= high + 1e-6
            and abs((x + 0.5) / 7 - (i + 0.5) / columns) <= wide + 1e-6
        ]
        assert found[good, y, x] == pytest.approx(min(near), abs=1e-3)


def test_a_place_where_good_parts_differ_much_is_granted_it_and_its_neighbours() -> None:
    apart = np.full((5, 9, 9), 0.1, np.float32)
    apart[:, 4, 4] = 1
    found = expected(apart, np.ones((5, 9, 9), np.bool_), 3)
    assert found[4, 4] == found[3, 5] > 0.6
    assert found[0, 0] == pytest.approx((5 * 0.1 + 3 * apart.mean()) / 8)


def test_a_place_that_no_good_part_shows_is_granted_what_all_places_have_in_common() -> None:
    apart, valid = np.full((5, 4, 4), 0.2, np.float32), np.ones((5, 4, 4), np.bool_)
    apart[:, :, 2:], valid[:, :, 2:] = 9, False
    assert expected(apart, valid, 3)[:, 3] == pytest.approx(0.2)


def test_a_part_that_is_judged_has_no_say_in_what_is_expected_of_it() -> None:
    apart = np.full((5, 5, 6, 6), 0.2, np.float32)
    apart[0, :, 2, 2] = 2  # the first part alone is odd: nobody else expects that
    scores, found = left_out(apart, np.ones((5, 6, 6), np.bool_), 3, 1 / 36)
    assert scores[0] == pytest.approx(10, rel=1e-3)
    assert scores[1:] == pytest.approx([1] * 4, rel=0.5)
    assert found[2, 2] > 0.3


def test_the_score_is_the_mean_of_the_worst() -> None:
    distances = np.arange(200, dtype=np.float32).reshape(10, 20)
    assert score(distances, 0.01) == 198.5
    assert score(distances, 1e-9) == 199


def test_a_threshold_is_a_mean_and_deviations() -> None:
    scores = [1.0, 1.1, 1.2, 1.05, 1.15]
    assert threshold(scores, 1) == pytest.approx(np.mean(scores) + np.std(scores, ddof=1))


def test_one_good_part_unlike_the_others_does_not_hide_defects() -> None:
    usual = [1.43, 1.6, 1.45, 1.46, 1.49, 1.7, 1.64, 1.49, 1.59, 1.52, 1.43]
    without = threshold(usual, 1)
    with_it = threshold([*usual, 4.25], 1)
    assert without < with_it < without + 0.15
    assert threshold([*usual, 400.0], 1) == pytest.approx(with_it)


@pytest.mark.parametrize("scores", [[0.2] * 6 + [0.5, 0.55, 0.6, 0.5], [0.3, 0.3, 0.32, 0.9], [0, 0, 0, 1.0]])
def test_good_parts_of_two_kinds_and_very_few_count_as_they_are(scores: list[float]) -> None:
    assert threshold(scores, 1) == pytest.approx(np.mean(scores) + np.std(scores, ddof=1))

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from kurabe.common.vocabulary import Box
from kurabe.imaging.difference import (
    Pixels,
    contrast,
    departure,
    inner,
    match_light,
    neighbourhood,
    noise_level,
    regions,
)


def texture(seed: int, shape: tuple[int, ...] = (60, 80, 1)) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 99), st.integers(0, 6), st.tuples(st.integers(1, 20), st.integers(1, 20)))
def test_the_neighbourhood_is_a_disc(seed: int, radius: int, shape: tuple[int, int]) -> None:
    picture = texture(seed, shape)
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    disc = x * x + y * y <= radius * radius
    least, greatest = neighbourhood(picture, radius)
    assert np.array_equal(least, ndimage.minimum_filter(picture, footprint=disc, mode="nearest"))
    assert np.array_equal(greatest, ndimage.maximum_filter(picture, footprint=disc, mode="nearest"))


@pytest.mark.parametrize("shift", [(0, 0), (3, 0), (-2, 2), (0, -3)])
def test_a_small_shift_departs_nowhere(shift: tuple[int, int]) -> None:
    picture = ndimage.zoom(texture(0, (8, 8)), 10, order=0)[..., None]
    other = np.roll(picture, shift, axis=(0, 1))
    assert not departure(picture, other, 3)[8:-8, 8:-8].any()
    assert departure(picture, np.roll(picture, 8, axis=0), 3)[8:-8, 8:-8].any()


def test_what_appears_and_what_vanishes_departs_alike() -> None:
    plain = np.full((40, 40, 3), 100, np.uint8)
    spot = plain.copy()
    spot[20:23, 20:23, 1] = 150
    for pair in ((plain, spot), (spot, plain)):
        found = departure(*pair, 3)
        assert found.max() == 50
        assert (found > 0).sum() == 9
    assert contrast(spot, 2).max() == 50
    assert contrast(plain, 2).max() == 0


def test_light_is_matched_and_a_defect_is_not() -> None:
    reference = np.clip(
        ndimage.gaussian_filter(texture(1, (120, 160, 3)).astype(float), (4, 4, 0)) * 8 - 900, 30, 220
    )
    ramp = np.linspace(0.75, 1.05, 160)[None, :, None]
    light = np.clip(reference * ramp + 12, 0, 255)
    light[50:70, 60:80] = 250
    before = np.abs(light - reference).mean()
    matched = match_light(reference.astype(np.uint8), light.astype(np.uint8), np.ones((120, 160), bool))
    gap = np.abs(matched.astype(float) - reference)
    outside = np.ones((120, 160), bool)
    outside[50:70, 60:80] = False
    assert before > 8
    assert gap[outside].mean() < 1.5
    assert gap[~outside].mean() > 60


def test_uniform_pictures_keep_a_plain_gain() -> None:
    dark, bright = np.full((30, 30, 1), 90, np.uint8), np.full((30, 30, 1), 120, np.uint8)
    matched = match_light(dark, bright, np.ones((30, 30), bool))
    assert np.abs(matched.astype(int) - 90).max() <= 2


def test_noise_is_told_from_structure() -> None:
    reference = ndimage.zoom(texture(2, (12, 12)), 10, order=0)[..., None]
    clean = np.clip(reference, 20, 230)
    noisy = np.clip(clean + np.random.default_rng(0).normal(0, 5, clean.shape), 0, 255).astype(np.uint8)
    assert noise_level(clean, clean) == 0
    assert noise_level(clean, noisy) == pytest.approx(5, rel=0.15)
    assert noise_level(clean[:1], noisy[:1]) == 0


def test_regions_are_joined_ordered_and_tight() -> None:
    evidence = np.zeros((60, 60), np.float32)
    evidence[10:14, 10:14] = 0.6
    evidence[11, 11] = 1.5
    evidence[18, 12] = 0.7  # near: belongs to the first
    evidence[40:43, 40:45] = 3
    evidence[50, 5] = 0.9  # never reaches 1
    found = regions(evidence, 0.5, 3)
    assert [r.box for r in found] == [Box(40, 40, 45, 43), Box(10, 10, 14, 19)]
    assert [r.area for r in found] == [15, 17]
    assert found[0].evidence == 3
    assert regions(np.zeros((5, 5), np.float32), 0.5, 3) == []


def test_inner_keeps_away_from_the_rim_and_from_what_is_not_shown() -> None:
    valid = np.ones((20, 30), bool)
    valid[:, :5] = False
    kept = inner(valid, 2)
    assert kept.sum() == 16 * (30 - 5 - 4)
    assert kept[2:18, 7:28].all()


def test_a_uniform_reference_does_not_swallow_what_the_test_shows() -> None:
    reference = np.zeros((60, 80, 3), np.uint8)
    test = np.full((60, 80, 3), 20, np.uint8)
    test[20:30, 40:55] = 200
    matched = match_light(reference, test, np.ones((60, 80), np.bool_))
    assert matched[0, 0].tolist() == [0, 0, 0]
    assert matched[25, 45].tolist() == [180, 180, 180]

"""The properties that the RT metrics must have, whatever the pictures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kurabe.imaging.processors import apply
from kurabe.imaging.rt import BETA_CAP, WINDOW, Map, noise_level, normalised_residual, rt_metrics

shapes = st.tuples(st.integers(1, 30), st.integers(1, 30))
seeds = st.integers(0, 2**32 - 1)


def pattern(shape: tuple[int, int], seed: int, low: float = 0.1, high: float = 0.9) -> Map:
    return np.random.default_rng(seed).uniform(low, high, shape).astype(np.float32)


def by_hand(m: Map, x: Map, row: int, column: int, window: int) -> tuple[float, float]:
    """Beta and Y2 of one window, straight from the definition."""
    reach = window // 2
    where = (slice(max(0, row - reach), row + reach + 1), slice(max(0, column - reach), column + reach + 1))
    one, other = m[where].astype(np.float64).ravel(), x[where].astype(np.float64).ravel()
    divider, form = float(one @ one), float(one @ other)
    left = float(other @ other) - form * form / divider
    return form / divider, float(np.sqrt(max(left, 0.0) / max(one.size - 1, 1)))


@settings(deadline=None)
@given(shapes, seeds, st.sampled_from([3, 9]))
def test_it_is_what_the_definition_says_rim_included(shape: tuple[int, int], seed: int, window: int) -> None:
    m, x = pattern(shape, seed), pattern(shape, seed + 1)
    found = rt_metrics(m, x, window)
    for row, column in {(0, 0), (shape[0] // 2, shape[1] // 2), (shape[0] - 1, 0)}:
        beta, residual = by_hand(m, x, row, column, window)
        assert found.beta[row, column] == pytest.approx(beta, rel=1e-5)
        assert found.residual[row, column] == pytest.approx(residual, abs=1e-4)


@settings(deadline=None)
@given(shapes, seeds)
def test_equal_pictures_have_beta_one_and_no_residual(shape: tuple[int, int], seed: int) -> None:
    m = pattern(shape, seed)
    found = rt_metrics(m, m)
    assert np.abs(found.beta - 1).max() < 1e-6
    assert not found.residual.any()
    assert not normalised_residual(m, m).any()


@settings(deadline=None)
@given(shapes, seeds, st.floats(0.2, 4))
def test_beta_follows_a_gain_and_the_residual_does_not_move(
    shape: tuple[int, int], seed: int, gain: float
) -> None:
    m = pattern(shape, seed)
    found = rt_metrics(m, np.float32(gain) * m)
    assert np.allclose(found.beta, gain, rtol=1e-5)
    assert found.residual.max() < 1e-5


@settings(deadline=None)
@given(shapes, seeds, st.floats(0.2, 4))
def test_scaling_both_changes_nothing(shape: tuple[int, int], seed: int, scale: float) -> None:
    m, x = pattern(shape, seed), pattern(shape, seed + 1)
    one, other = rt_metrics(m, x), rt_metrics(np.float32(scale) * m, np.float32(scale) * x)
    assert np.allclose(one.beta, other.beta, rtol=1e-4)
    # Y2 has the unit of the values; it is shown against the reference's own level, which scales too.
    assert np.allclose(scale * one.residual, other.residual, rtol=1e-3, atol=1e-5)
    assert noise_level(np.float32(scale) * m) == pytest.approx(scale * noise_level(m), rel=1e-4)
    a, b = normalised_residual(m, x), normalised_residual(np.float32(scale) * m, np.float32(scale) * x)
    assert np.allclose(a, b, rtol=1e-2, atol=1e-3)


@settings(deadline=None)
@given(seeds, st.integers(8, 31), st.integers(8, 31), st.sampled_from([3, 9]))
def test_a_defect_raises_the_residual_in_its_windows_only(
    seed: int, row: int, column: int, window: int
) -> None:
    m = pattern((40, 40), seed, 0.4, 0.6)
    x = m.copy()
    x[row, column] += 0.4
    for residual in (rt_metrics(m, x, window).residual, normalised_residual(m, x, window)):
        reach = window // 2
        inside = np.zeros(m.shape, bool)
        inside[row - reach : row + reach + 1, column - reach : column + reach + 1] = True
        assert residual[inside].min() > 0.02
        assert residual[~inside].max() < 1e-4


@pytest.mark.parametrize(("m", "x", "beta"), [(0, 0, 1), (0, 1, BETA_CAP), (1, 0, 0), (1, 1, 1), (0.5, 1, 2)])
def test_constant_windows_are_defined(m: float, x: float, beta: float) -> None:
    reference, test = np.full((20, 12), m, np.float32), np.full((20, 12), x, np.float32)
    found = rt_metrics(reference, test)
    assert np.allclose(found.beta, beta)
    assert np.isfinite(found.residual).all()
    assert bool(found.residual.any()) == (m == 0 and x > 0)
    # Both lose their mean: two constants are equal.
    assert not normalised_residual(reference, test).any()


def test_what_a_black_reference_does_not_explain_is_shown_in_full() -> None:
    black, grey = Image.new("RGB", (20, 20)), Image.new("RGB", (20, 20), (90, 90, 90))
    assert np.asarray(apply("rt-residual", black, grey, "aligned").test).min() == 255
    assert not np.asarray(apply("rt-residual", black, black, "aligned").test).any()


def test_what_varies_over_a_uniform_reference_is_shown_in_full() -> None:
    flat, noisy = Image.new("RGB", (20, 20), "gray"), pattern((20, 20), 0)
    test = Image.fromarray((255 * noisy).astype(np.uint8)).convert("RGB")
    assert np.asarray(apply("n-soartc", flat, test, "aligned").test).min() == 255


def test_the_hue_tells_the_channel() -> None:
    values = np.random.default_rng(0).integers(60, 190, (60, 60, 3), np.uint8)
    other = values.copy()
    other[25:33, 25:33, 2] = np.random.default_rng(1).integers(60, 190, (8, 8), np.uint8)
    shown = apply("n-soartc", Image.fromarray(values), Image.fromarray(other), "aligned").test
    red, green, blue = np.asarray(shown)[29, 29]
    assert blue > 80
    assert max(red, green) < 10


def test_scales_come_from_the_reference_alone() -> None:
    """A worse defect elsewhere must not change how this one looks."""
    m = (255 * pattern((64, 64), 3, 0.4, 0.6)).astype(np.uint8)
    small = m.copy()
    small[10, 10] += 40
    large = small.copy()
    large[50:56, 50:56] = 255
    for name in ("rt-residual", "n-soartc", "soart3", "rt-beta"):
        reference, *tests = (Image.fromarray(p).convert("RGB") for p in (m, small, large))
        shown = [np.asarray(apply(name, reference, test, "aligned").test) for test in tests]
        assert np.array_equal(shown[0][: 30 - WINDOW], shown[1][: 30 - WINDOW])


def test_noise_is_estimated_on_texture_and_ramps() -> None:
    ramp = np.linspace(0, 0.8, 200, dtype=np.float32)[None, :].repeat(200, axis=0)
    noisy = ramp + np.random.default_rng(0).normal(0, 0.02, ramp.shape).astype(np.float32)
    assert noise_level(ramp) < 1e-4
    assert noise_level(noisy) == pytest.approx(0.02, rel=0.05)

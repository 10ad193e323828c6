"""The RT metrics of the Mahalanobis-Taguchi system as pictures: this project's reading of SOART.

A reference pattern m and a pattern x of n values are described by two figures: the sensitivity
beta = sum(m x) / sum(m^2), how bright x is against m, and Y2 = sqrt(Se / (n - 1)) with the residual
Se = sum(x^2) - sum(m x)^2 / sum(m^2), how differently shaped it is. The patterns are the windows around
every pixel of reference and registered test picture. The articles that speak of SOART3 and N-SOARTC
publish no formula; what those names mean here is written down below.

All sums are box filters, so the cost does not grow with the window.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from kurabe.imaging.align import align
from kurabe.imaging.processors import Pair, processor

Map = npt.NDArray[np.float32]
Sums = npt.NDArray[np.float64]

WINDOW = 9
"""Side in pixels of the sliding window; at the rim it is clipped."""
BETA_CAP = 16.0
"""Sensitivity of a window whose reference is black while the test is not; no other exceeds it."""

# Scales are fractions of the reference's own figures: scaling both pictures changes nothing.
_NOISE_FLOOR = 0.05
"""A reference is granted a noise of this share of its root mean square, even if it shows none."""
_DEVIATION_FLOOR = 0.15
"""A window is granted a standard deviation of this share of the whole reference's."""
_RESIDUAL_SPAN = 8.0
"""Noise levels at which a residual is shown as full white."""
_SHAPE_SPAN = 2.0
"""Reference deviations at which a normalised residual is shown as full white."""
_BETA_SPAN = 0.5
"""Sensitivities from 1 - span to 1 + span fill the grey scale."""
_GREY_LEVEL = 1 / 255
_ROUNDING = 1e-9
"""Share of a window's sum of squares that is rounding, not residual."""


@dataclass(frozen=True, slots=True)
class RT:
    """The two figures around every pixel, H x W each.

    Attributes:
        beta: Sensitivity (Y1), 1 where the test equals the reference.
        residual: Y2, 0 where the test is a multiple of the reference.
    """

    beta: Map
    residual: Map


def rt_metrics(reference: Map, test: Map, window: int = WINDOW) -> RT:
    """Take the RT metrics in a sliding window.

    A black reference window explains nothing: the whole test is residual, and beta is 1 if the test is
    black too (within a grey level), `BETA_CAP` otherwise.

    Args:
        reference: H x W, values in [0, 1].
        test: H x W, registered.
        window: Odd side in pixels.
    """
    m, x = reference.astype(np.float64), test.astype(np.float64)
    mean = _Means(window, m.shape)
    divider, form, total = mean(m * m), mean(m * x), mean(x * x)
    black = divider <= (_GREY_LEVEL / 100) ** 2
    beta = np.where(
        black, np.where(total > _GREY_LEVEL**2, BETA_CAP, 1.0), form / np.where(black, 1.0, divider)
    )
    residual = _residual(mean, divider, form, total, black)
    return RT(np.clip(beta, 0, BETA_CAP).astype(np.float32), residual.astype(np.float32))


def normalised_residual(reference: Map, test: Map, window: int = WINDOW) -> Map:
    """Take Y2 of windows that lost their mean and were divided by the reference window's deviation.

    The deviation is floored at a share of the whole reference's and at its noise. If the reference is
    uniform, there is no scale: every departure counts as infinite, equal windows as 0.

    Args:
        reference: H x W, values in [0, 1].
        test: H x W, registered.
        window: Odd side in pixels.

    Returns:
        H x W, in deviations of the reference.
    """
    m, x = reference.astype(np.float64), test.astype(np.float64)
    mean = _Means(window, m.shape)
    mean_m, mean_x = mean(m), mean(x)
    var_m = np.maximum(mean(m * m) - mean_m**2, 0)
    var_x = np.maximum(mean(x * x) - mean_x**2, 0)
    cov = mean(m * x) - mean_m * mean_x
    var_x[var_x < _ROUNDING * (mean_x**2 + 1e-3)] = 0
    flat = var_m <= _ROUNDING * (mean_m**2 + 1e-3)
    residual = _residual(mean, var_m, cov, var_x, flat)
    floor = max(_DEVIATION_FLOOR * float(m.std()), noise_level(reference))
    deviation = np.maximum(np.sqrt(var_m), floor)
    return np.divide(
        residual, deviation, out=np.where(residual > 0, np.inf, 0.0), where=deviation > 1e-9
    ).astype(np.float32)


def noise_level(picture: Map) -> float:
    """Estimate a picture's own noise: the deviation of what neighbouring pixels do not share.

    Second differences in both directions remove slopes and straight edges (Immerkaer, "Fast noise
    variance estimation", 1996); the median leaves the rest of the structure out.
    """
    if min(picture.shape) < 3:
        return 0.0
    # Every third row tells as much as all of them.
    rows = picture[2::3] - 2 * picture[1:-1:3] + picture[:-2:3]
    both = rows[:, 2:] - 2 * rows[:, 1:-1] + rows[:, :-2]
    return 1.4826 * float(np.median(np.abs(both))) / 6


def _residual(mean: "_Means", divider: Sums, form: Sums, total: Sums, nothing: npt.NDArray[np.bool_]) -> Sums:
    """Return Y2 from means over windows; where the reference is nothing, the whole test is left."""
    explained = np.where(nothing, 0.0, form * form / np.where(nothing, 1.0, divider))
    left = np.maximum(total - explained, 0.0)
    left[left < _ROUNDING * total] = 0
    found: Sums = np.sqrt(left * (mean.size / np.maximum(mean.size - 1, 1)))
    return found


class _Means:
    """Means over clipped windows: zeros come in from outside, and the divisor counts only the inside."""

    def __init__(self, window: int, shape: tuple[int, ...]) -> None:
        self.window = window
        self.size: Sums = np.outer(*(self._counts(length) for length in shape[:2]))
        self._inside = window**2 / self.size

    def _counts(self, length: int) -> Sums:
        reach = self.window // 2
        at = np.arange(length)
        counted: Sums = (np.minimum(at + reach, length - 1) - np.maximum(at - reach, 0) + 1).astype(
            np.float64
        )
        return counted

    def __call__(self, values: Sums) -> Sums:
        filtered: Sums = ndimage.uniform_filter(values, self.window, mode="constant")
        filtered *= self._inside
        return filtered


@processor("rt-beta")
def rt_beta(reference: Image.Image, test: Image.Image) -> Pair:
    """Show the sensitivity: mid-grey where the test is as bright as the reference."""
    m, pair = _registered(reference, test)
    first, second = (_grey(_beta_shown(rt_metrics(m, x).beta)) for x in pair)
    return first, second


@processor("rt-residual")
def rt_residual(reference: Image.Image, test: Image.Image) -> Pair:
    """Show Y2: black where the test is a multiple of the reference."""
    m, pair = _registered(reference, test)
    first, second = (_grey(_shown(rt_metrics(m, x).residual, _residual_span(m))) for x in pair)
    return first, second


@processor("soart3")
def soart3(reference: Image.Image, test: Image.Image) -> Pair:
    """Show three metrics in one: red Y2, green the departure of beta from 1, blue the luminance."""
    m, pair = _registered(reference, test)
    pictures = []
    for x in pair:
        found = rt_metrics(m, x)
        bands = (
            _shown(found.residual, _residual_span(m)),
            _shown(np.abs(found.beta - 1), _BETA_SPAN),
            _shown(x, 1),
        )
        pictures.append(Image.fromarray(np.dstack(bands)))
    return pictures[0], pictures[1]


@processor("n-soartc")
def n_soartc(reference: Image.Image, test: Image.Image) -> Pair:
    """Show the normalised residual of each colour channel: the hue tells which one departs."""
    moved, _, _ = align(reference, test)
    m, x = ([_unit(band) for band in picture.split()] for picture in (reference, moved))
    # The channels of grey pictures are one.
    channels = 1 if all(np.array_equal(p[0], band) for p in (m, x) for band in p[1:]) else 3
    bands = [_shown(normalised_residual(m[c], x[c]), _SHAPE_SPAN) for c in range(channels)]
    bands *= 3 // channels
    # Against itself every window is explained completely.
    return Image.new("RGB", reference.size), Image.fromarray(np.dstack(bands))


def _registered(reference: Image.Image, test: Image.Image) -> tuple[Map, tuple[Map, Map]]:
    moved, _, _ = align(reference, test)
    m, x = _unit(reference.convert("L")), _unit(moved.convert("L"))
    return m, (m, x)


def _unit(picture: Image.Image) -> Map:
    return np.asarray(picture, np.float32) / np.float32(255)


def _residual_span(reference: Map) -> float:
    """Return the residual that is shown as full white: fixed by the reference alone."""
    rms = float(np.sqrt(np.mean(reference.astype(np.float64) ** 2)))
    return _RESIDUAL_SPAN * max(noise_level(reference), _NOISE_FLOOR * rms)


def _shown(values: Map, span: float) -> npt.NDArray[np.uint8]:
    """Map 0 to span onto bytes; without a span, everything above 0 is full white."""
    if span <= 0:
        return np.where(values > 0, np.uint8(255), np.uint8(0))
    shown: npt.NDArray[np.uint8] = np.clip(np.rint(values * (255 / span)), 0, 255).astype(np.uint8)
    return shown


def _beta_shown(beta: Map) -> npt.NDArray[np.uint8]:
    return _shown(beta - np.float32(1 - _BETA_SPAN), 2 * _BETA_SPAN)


def _grey(values: npt.NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(values).convert("RGB")

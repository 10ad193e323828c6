"""The search for the motion between two pictures: coarse to fine, with its rivals and its certainty.

Translation comes from phase correlation of strongly reduced pictures; an inverse compositional
Gauss-Newton search (Baker and Matthews, "Lucas-Kanade 20 Years On", 2004) then refines translation,
rotation and scale from coarse to fine on the reference's strongest edges. Gain and offset of the light
are estimated along with the motion, and residuals are weighted robustly, so that neither light nor a
defect pulls the pair apart. Where the reference repeats itself, motions a period away compete; the
standard errors of the last step tell what its edges leave open.
"""

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import fft, ndimage

Array = npt.NDArray[np.float32]

_COARSE = 96
"""Longest side in pixels of the coarsest level: small enough that a few degrees move edges by a pixel."""
_POINTS = 6000
"""Edge pixels a level: more do not make the estimate better, only slower."""
_FITS = 0.95
"""Correlation at the coarsest level that ends the search for a start."""
_FAR = 2.0
"""Pixels of a level from which on two motions are different ones."""
_ALIKE = 1.15
"""Ratio of the squared residuals below which two motions explain the test picture equally well."""
_RIVAL = 2.0
"""Ratio of the squared residuals up to which the finest level has a say in which motion is right."""
_REPEATS = 0.5
"""Autocorrelation of the reference from which on a shift of it may be taken for another."""
_WINDOW = 15
"""Side in full pixels of the finest high pass: clipped light and the frame's end reach no further."""
_ENOUGH = 100
"""Edge pixels below which residuals, which are alike among neighbours, tell nothing about certainty."""
_SPLINE = np.array([0.125, 0.75, 0.125], np.float32)
"""The quadratic B-spline at the pixels' centres."""
_TURNS = (-4.0, 4.0, -8.0, 8.0, -12.0, 12.0)
_CANDIDATES = 3
MAX_SHIFT = 0.3
"""Share of the longest side beyond which no motion is looked for."""


@dataclass(frozen=True, slots=True)
class Motion:
    """A similarity about the picture's middle: z -> factor * z + shift in complex coordinates."""

    factor: complex = 1 + 0j
    shift: complex = 0j


@dataclass(frozen=True, slots=True)
class Level:
    """One step of the pyramid: the two pictures and the pixels that the search looks at.

    Attributes:
        reference: The reduced reference, high-passed.
        test: The reduced test picture, high-passed.
        middle: The full picture's middle in this level's pixels.
        factor: Full pixels per pixel of this level.
        at: Chosen pixels of the reference, complex x + iy from the middle.
        values: The reference there.
        jacobian: n x 6: how the reference changes with shift x, shift y, scale, rotation; its values; 1.
    """

    reference: Array
    test: Array
    middle: complex
    factor: int
    at: npt.NDArray[np.complex64]
    values: Array
    jacobian: Array


@dataclass(frozen=True, slots=True)
class _System:
    """The 6 normal equations of a step, and the weighted variance of the residuals."""

    normal: npt.NDArray[np.float64]
    right: npt.NDArray[np.float64]
    variance: float


@dataclass(frozen=True, slots=True)
class Found:
    """What the search ends with.

    Attributes:
        levels: The pyramid, coarsest first.
        motion: The best motion.
        clear: False if another motion explains the test picture as well.
    """

    levels: list[Level]
    motion: Motion
    clear: bool


def search(reference: Array, test: Array) -> Found:
    """Find how the test picture is moved against the reference.

    Args:
        reference: H x W luminance in [0, 255], at least 16 pixels a side.
        test: Of the same shape.
    """
    longest = max(reference.shape)
    halvings = math.ceil(math.log2(max(1.0, longest / _COARSE)))
    levels = [_level(reference, test, 2**k) for k in range(halvings, -1, -1)]
    motion, rivals, clear = _chosen(levels[min(1, halvings)], _starts(levels[0]))
    for level in levels[2:]:
        motion, rivals = _refined(level, motion), [_refined(level, rival) for rival in rivals]
    for rival in rivals:
        ratio, sees_more = _compared(levels[-1], rival, motion)
        if ratio < 1 / _ALIKE:
            motion, clear = rival, sees_more
    return Found(levels, motion, clear)


def _high_passed(picture: Array, most: int) -> Array:
    """Remove slow light: what is left is structure up to an eighth of the picture and to `most` pixels."""
    size = max(5, min(most, min(picture.shape) // 8))
    slow: Array = ndimage.uniform_filter(picture, size, mode="nearest")
    return picture - slow


def _level(reference: Array, test: Array, factor: int) -> Level:
    height, width = reference.shape
    pair = []
    window = _WINDOW if factor == 1 else max(height, width)
    for picture in (reference, test):
        reduced = np.asarray(Image.fromarray(picture).reduce(factor)) if factor > 1 else picture
        # A slight blur makes what is between binary pixels known.
        blurred = ndimage.gaussian_filter(reduced, 0.8, mode="nearest", truncate=2.5)
        pair.append(_high_passed(blurred, window))
    a, b = pair
    for axis in (0, 1):
        a = ndimage.convolve1d(a, _SPLINE, axis, mode="nearest")
    offset = (factor - 1) / 2
    middle = complex(((width - 1) / 2 - offset) / factor, ((height - 1) / 2 - offset) / factor)
    gy, gx = (np.asarray(g, np.float32) for g in np.gradient(a))
    ys, xs = _edges(gx * gx + gy * gy)
    x, y = (xs - middle.real).astype(np.float32), (ys - middle.imag).astype(np.float32)
    dx, dy, values = gx[ys, xs], gy[ys, xs], a[ys, xs]
    jacobian = np.stack([dx, dy, dx * x + dy * y, dy * x - dx * y, values, np.ones_like(values)], axis=1)
    return Level(a, b, middle, factor, x + 1j * y, values, jacobian)


def _edges(strength: Array) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Choose the strongest pixels of every cell of a grid, so that one bright corner does not decide."""
    cell = max(1, round(math.sqrt(strength.size / _POINTS * 2)))
    height, width = (side // cell * cell for side in strength.shape)
    cells = strength[:height, :width].reshape(height // cell, cell, width // cell, cell).swapaxes(1, 2)
    flat: Array = cells.reshape(height // cell, width // cell, cell * cell)
    best = flat.argmax(axis=2)
    peak: Array = np.take_along_axis(flat, best[..., None], axis=2)[..., 0]
    rows, columns = np.nonzero(peak >= max(float(np.median(peak)), 1e-6))
    within = best[rows, columns]
    return rows * cell + within // cell, columns * cell + within % cell


def _starts(level: Level) -> list[Motion]:
    """Choose where the search starts, best first: in place, and where phase correlation puts it.

    Turns are tried only while nothing fits well. Periodic structure gives several peaks that fit almost
    equally before they are refined, so the best few are.
    """
    found = [(correlation(level, motion), motion) for motion in (_refined(level, Motion()),)]
    for turns in ((0.0,), _TURNS):
        if found[0][0] > _FITS:
            break
        peaks = [(correlation(level, motion), motion) for motion in _peaks(level, turns)]
        peaks.sort(key=lambda pair: -pair[0])
        for _, motion in peaks[:_CANDIDATES]:
            refined = _refined(level, motion)
            found.append((correlation(level, refined), refined))
        found.sort(key=lambda pair: -pair[0])
    distinct: list[Motion] = []
    for _, motion in found:
        if all(_apart(level, motion, other) > _FAR for other in distinct):
            distinct.append(motion)
    return distinct[:_CANDIDATES]


def _apart(level: Level, one: Motion, other: Motion) -> float:
    """Return how far apart two motions put the middle or the corners, in the level's pixels."""
    return abs(one.shift - other.shift) / level.factor + abs(one.factor - other.factor) * abs(level.middle)


def _chosen(level: Level, starts: Sequence[Motion]) -> tuple[Motion, list[Motion], bool]:
    """Refine the starts; return the best, the next best, and whether none of these explains the test as well.

    What else may be is one of the other starts or, where the reference repeats itself, the best start
    moved on by a period.
    """
    refined = [_refined(level, motion) for motion in starts]
    best = max(refined, key=lambda motion: correlation(level, motion))
    others = refined + [
        _refined(level, Motion(best.factor, best.shift + best.factor * period * level.factor))
        for period in _periods(level)
    ]
    farthest = MAX_SHIFT * level.factor * max(level.reference.shape)
    rivals: list[Motion] = []
    clear = True
    for other in others:
        if _apart(level, best, other) <= _FAR or abs(other.shift) > farthest:
            continue
        ratio, sees_more = _compared(level, other, best)
        if ratio < 1 / _ALIKE and sees_more:
            best, clear = other, True
        elif ratio < _ALIKE:
            clear = False
        elif ratio < _RIVAL and len(rivals) < _CANDIDATES - 1:
            rivals.append(other)
    return best, rivals if clear else [], clear


def _periods(level: Level) -> list[complex]:
    """Return the shifts in pixels of the level, both ways, that bring the reference onto itself."""
    height, width = level.reference.shape
    shape = (fft.next_fast_len(2 * height, real=True), fft.next_fast_len(2 * width, real=True))
    power = np.abs(fft.rfft2(level.reference, shape)) ** 2
    y, x = (np.minimum(np.arange(n), n - np.arange(n)) for n in shape)
    shared = np.outer(np.maximum(height - y, 0), np.maximum(width - x, 0)) / (height * width)
    # What is shared by less than a half says little.
    surface = np.where(shared > 0.5, fft.irfft2(power, shape) / np.maximum(shared, 0.5), 0)
    surface /= max(float(surface[0, 0]), 1e-6)
    summits = (ndimage.maximum_filter(surface, 5, mode="wrap") == surface) & (surface > _REPEATS)
    rows, columns = np.nonzero(summits)
    found = [
        complex(c - shape[1] if c > shape[1] // 2 else c, r - shape[0] if r > shape[0] // 2 else r)
        for r, c in zip(rows.tolist(), columns.tolist(), strict=True)
    ]
    return sorted((shift for shift in found if abs(shift) > _FAR), key=abs)[: 2 * _CANDIDATES]


def _compared(level: Level, one: Motion, other: Motion) -> tuple[float, bool]:
    """Compare two motions where both see the test picture.

    Returns:
        The share of the test that the one leaves unexplained over that of the other (squared residual over
        variance), and whether the one sees as much of the test: a motion that fits well because it pushes
        out of sight what does not fit may raise doubts, but not win.
    """
    seen = np.stack([_sample(level, one), _sample(level, other)])
    visible = np.isfinite(seen)
    inside = visible.all(axis=0) & _off_frame(level, Motion())
    for motion in (one, other):
        inside &= _off_frame(level, motion)
    if inside.sum() < max(32, 0.3 * inside.size):
        return math.inf, False
    values = level.values[inside]
    left = [
        float(((target - _fit_light(values, target)) ** 2).mean()) / max(float(target.var()), 1e-6)
        for target in seen[:, inside]
    ]
    more = bool(visible[0].sum() >= visible[1].sum())
    # What is this small is rounding, not structure.
    return (left[0] + 1e-3) / (left[1] + 1e-3), more


def _off_frame(level: Level, motion: Motion) -> npt.NDArray[np.bool_]:
    """Tell which chosen pixels fall where the high pass of the picture knows nothing of its frame."""
    height, width = level.test.shape
    at = motion.factor * level.at + motion.shift / level.factor + level.middle
    reach = min(height, width) // 16 + 2
    inside: npt.NDArray[np.bool_] = (abs(at.real - (width - 1) / 2) < (width - 1) / 2 - reach) & (
        abs(at.imag - (height - 1) / 2) < (height - 1) / 2 - reach
    )
    return inside


def _peaks(level: Level, turns: tuple[float, ...]) -> list[Motion]:
    """Return the likeliest shifts of the test picture for every turn in degrees."""
    height, width = level.test.shape
    window = np.outer(np.hanning(height + 2)[1:-1], np.hanning(width + 2)[1:-1]).astype(np.float32)
    shape = (fft.next_fast_len(height, real=True), fft.next_fast_len(width, real=True))
    fixed = np.conj(fft.rfft2(level.reference * window, shape))
    picture = Image.fromarray(level.test)
    motions = []
    for angle in turns:
        # Pillow turns against the clock as seen, which is from the y axis (down) towards the x axis.
        turned = np.asarray(picture.rotate(angle, Image.Resampling.BILINEAR)) if angle else level.test
        cross = fft.rfft2(turned * window, shape) * fixed
        strength = np.abs(cross)
        surface = fft.irfft2(cross / (strength + 1e-6 * strength.max() + 1e-9), shape)
        surface = ndimage.gaussian_filter(surface, 1, mode="wrap", truncate=2)
        summits = np.where(ndimage.maximum_filter(surface, 5, mode="wrap") == surface, surface, -np.inf)
        factor = cmath.exp(1j * math.radians(angle))
        for index in np.argpartition(summits, -_CANDIDATES, axis=None)[-_CANDIDATES:]:
            y, x = (
                int(p) - n if p > n // 2 else int(p)
                for p, n in zip(divmod(index, shape[1]), shape, strict=True)
            )
            motions.append(Motion(factor, factor * complex(x, y) * level.factor))
    return motions


def _sample(level: Level, motion: Motion) -> Array:
    """Return the test picture at the chosen pixels, NaN outside.

    The B-spline approximates: it blurs the test as much anywhere between its pixels as `_level` blurs the
    reference, where interpolation blurs more the farther from a pixel, which pulls towards whole pixels.
    """
    at = motion.factor * level.at + motion.shift / level.factor + level.middle
    found: Array = ndimage.map_coordinates(
        level.test, np.stack([at.imag, at.real]), order=2, mode="constant", cval=np.nan, prefilter=False
    )
    return found


def _refined(level: Level, motion: Motion, steps: int = 12) -> Motion:
    extent = max(abs(level.middle), 1.0)
    for _ in range(steps):
        system = _linearised(level, motion)
        if system is None:
            return motion
        solved = np.linalg.solve(system.normal, system.right)
        light = solved[4]
        if light < 0.05:  # inverted or unrelated: no motion explains this
            return motion
        dx, dy, grow, turn = (solved[:4] / light).tolist()
        # The update moves the reference; its inverse comes before the motion.
        factor = 1 / complex(1 + grow, turn)
        shift = -complex(dx, dy) * factor
        motion = Motion(motion.factor * factor, motion.shift + motion.factor * shift * level.factor)
        if abs(shift) + abs(factor - 1) * extent < 0.01:
            break
    return motion


def _linearised(level: Level, motion: Motion) -> _System | None:
    """Return the weighted normal equations around a motion; None if the test shows too little."""
    seen = _sample(level, motion)
    inside = np.isfinite(seen)
    if inside.sum() < 32:
        return None
    columns, target = level.jacobian[inside], seen[inside]
    residual = target - _fit_light(columns[:, 4], target)
    width = 1.5 * max(float(np.median(np.abs(residual[::4]))), 1e-3)
    # Geman-McClure: what fits nowhere (a defect) loses its say.
    weights = 1 / (1 + (residual / (2 * width)) ** 2) ** 2
    weighted = columns * weights[:, None]
    normal = (weighted.T @ columns).astype(np.float64)
    normal[np.diag_indices(6)] *= 1 + 1e-6
    normal[np.diag_indices(6)] += 1e-6
    variance = float((weights * residual**2).sum() / weights.sum())
    return _System(normal, (weighted.T @ target).astype(np.float64), variance)


def standard_errors(level: Level, motion: Motion) -> tuple[float, float, float]:
    """Return how uncertain the residuals leave a motion; along a straight edge it is not known at all.

    Returns:
        Standard errors of the shift in its least and in its most certain direction (full pixels), and of
        the angle (degrees).
    """
    system = _linearised(level, motion)
    if system is None or level.values.size < _ENOUGH:
        return math.inf, math.inf, math.inf
    covariance = np.linalg.inv(system.normal) * system.variance
    least, most = np.sqrt(np.maximum(np.linalg.eigvalsh(covariance[:2, :2]), 0)) * level.factor
    return float(most), float(least), math.degrees(math.sqrt(max(float(covariance[3, 3]), 0)))


def _fit_light(values: Array, target: Array) -> Array:
    deviation = values - values.mean()
    gain = float((deviation * target).sum() / max(float((deviation**2).sum()), 1e-6))
    return np.asarray(target.mean() + gain * deviation)


def correlation(level: Level, motion: Motion) -> float:
    """Return the correlation of the pictures around the reference's edges; 0 if they hardly overlap."""
    seen = _sample(level, motion)
    inside = np.isfinite(seen)
    if inside.sum() < max(32, 0.4 * inside.size):
        return 0.0
    a, b = level.values[inside], seen[inside]
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / max(math.sqrt(float((a * a).sum() * (b * b).sum())), 1e-6))

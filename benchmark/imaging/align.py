"""Registration: bring the test picture into the reference's place, or leave it alone when unsure.

Translation comes from phase correlation of strongly reduced pictures; an inverse compositional
Gauss-Newton search (Baker and Matthews, "Lucas-Kanade 20 Years On", 2004) then refines translation,
rotation and scale from coarse to fine on the reference's strongest edges. Gain and offset of the light
are estimated along with the motion, and residuals are weighted robustly, so that neither light nor a
defect pulls the pair apart.
"""

import cmath
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import fft, ndimage

from benchmark.errors import ImageError

Array = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_COARSE = 96
"""Longest side in pixels of the coarsest level: small enough that a few degrees move edges by a pixel."""
_POINTS = 6000
"""Edge pixels a level: more do not make the estimate better, only slower."""
_SURE = 0.5
"""Correlation of the edges' surroundings below which the pictures do not show one thing."""
_GAIN = 0.002
"""Correlation that a motion has to win to be believed."""
_FITS = 0.95
"""Correlation at the coarsest level that ends the search for a start."""
_TURNS = (-4.0, 4.0, -8.0, 8.0, -12.0, 12.0)
_CANDIDATES = 3
_MAX_ANGLE = 15.0
_MAX_SCALE = 1.25
_MAX_SHIFT = 0.3
_IN_PLACE = 0.05
"""Motion in pixels at the picture's corner that is not worth resampling."""


@dataclass(frozen=True, slots=True)
class Registration:
    """How the test picture lies on the reference.

    Attributes:
        transform: 2x3 affine matrix from (x, y) of a reference pixel's centre to (x, y) in the test picture;
            pixel centres are integers. The identity if not applied.
        shift: Motion (x, y) in pixels at the middle of the picture.
        angle: Rotation in degrees; positive turns from the x axis (right) towards the y axis (down).
        scale: Size of things in the test picture over their size in the reference.
        confidence: Correlation of the registered pictures around the reference's edges, in [0, 1].
        applied: True if the transform is worth using; otherwise `reason` says why not.
        reason: Why the pair is left alone; or "".
    """

    transform: tuple[tuple[float, float, float], tuple[float, float, float]]
    shift: tuple[float, float]
    angle: float
    scale: float
    confidence: float
    applied: bool
    reason: str = ""


_IDENTITY = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


@dataclass(frozen=True, slots=True)
class _Motion:
    """A similarity about the picture's middle: z -> factor * z + shift in complex coordinates."""

    factor: complex = 1 + 0j
    shift: complex = 0j


@dataclass(frozen=True, slots=True)
class _Level:
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


def register(reference: npt.NDArray[np.generic], test: npt.NDArray[np.generic]) -> Registration:
    """Find how the test picture is shifted, turned and scaled against the reference.

    Args:
        reference: H x W or H x W x 3, 8-bit or float in [0, 255].
        test: Of the same height and width.

    Returns:
        The motion; not applied if the pair does not fit together convincingly or lies in place already.

    Raises:
        ImageError: If the pictures are of different size.
    """
    if reference.shape[:2] != test.shape[:2]:
        raise ImageError(
            "cannot register pictures of different size: {1}x{0} and {3}x{2}".format(
                *reference.shape[:2], *test.shape[:2]
            )
        )
    a, b = _luminance(reference), _luminance(test)
    if min(a.shape) < 16:
        return _left_alone("too small to register")
    if np.ptp(a) < 4 or np.ptp(b) < 4:
        return _left_alone("nothing to hold on to: a picture is uniform")
    factors = [2**k for k in range(math.ceil(math.log2(max(1.0, max(a.shape) / _COARSE))), -1, -1)]
    # The finest level of a large picture costs most and adds least: half a pixel of it is precise enough.
    levels = [_level(a, b, factor) for factor in factors]
    motion = _start(levels[0])
    for level in levels[1:]:
        motion = _refined(level, motion)
    return _judged(levels, motion, a.shape)


def warp(test: Image.Image, registration: Registration) -> Image.Image:
    """Resample the test picture into the reference's place; black where it shows nothing.

    A registration that is not applied returns the picture itself.
    """
    if not registration.applied:
        return test
    (a, b, c), (d, e, f) = registration.transform
    # Pillow counts from pixel corners, the transform from pixel centres.
    c, f = c + 0.5 - 0.5 * (a + b), f + 0.5 - 0.5 * (d + e)
    return test.transform(
        test.size, Image.Transform.AFFINE, (a, b, c, d, e, f), resample=Image.Resampling.BICUBIC
    )


def overlap(shape: tuple[int, int], registration: Registration) -> Mask:
    """Return the H x W mask of reference pixels that the registered test picture covers."""
    height, width = shape
    if not registration.applied:
        return np.ones(shape, np.bool_)
    x, y = np.arange(width)[None, :], np.arange(height)[:, None]
    (a, b, c), (d, e, f) = registration.transform
    u, v = a * x + b * y + c, d * x + e * y + f
    # Half a pixel beyond the outermost centres is still picture.
    inside: Mask = (u > -0.5) & (u < width - 0.5) & (v > -0.5) & (v < height - 0.5)
    return inside


def align(reference: Image.Image, test: Image.Image) -> tuple[Image.Image, Mask, Registration]:
    """Register and warp a pair of one size.

    Returns:
        The test picture in the reference's place, with the reference where the test shows nothing (no
        difference is claimed there); the H x W mask of pixels that come from the test; the registration.
    """
    found = register(np.asarray(reference), np.asarray(test))
    mask = overlap((reference.height, reference.width), found)
    moved = warp(test, found)
    if not mask.all():
        moved = Image.composite(moved, reference, Image.fromarray(mask.astype(np.uint8) * 255))
    return moved, mask, found


def _luminance(picture: npt.NDArray[np.generic]) -> Array:
    values = np.asarray(picture, np.float32)
    if values.ndim == 2:
        return values
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    return np.asarray(values[..., :3] @ weights)


def _high_passed(picture: Array) -> Array:
    """Remove slow light: what is left is structure up to an eighth of the picture."""
    size = max(5, min(picture.shape) // 8)
    slow: Array = ndimage.uniform_filter(picture, size, mode="nearest")
    return picture - slow


def _level(reference: Array, test: Array, factor: int) -> _Level:
    height, width = reference.shape
    pair = []
    for picture in (reference, test):
        reduced = np.asarray(Image.fromarray(picture).reduce(factor)) if factor > 1 else picture
        # A slight blur makes linear interpolation between binary pixels unbiased.
        pair.append(_high_passed(ndimage.gaussian_filter(reduced, 0.8, mode="nearest", truncate=2.5)))
    a, b = pair
    offset = (factor - 1) / 2
    middle = complex(((width - 1) / 2 - offset) / factor, ((height - 1) / 2 - offset) / factor)
    gy, gx = (np.asarray(g, np.float32) for g in np.gradient(a))
    ys, xs = _edges(gx * gx + gy * gy)
    x, y = (xs - middle.real).astype(np.float32), (ys - middle.imag).astype(np.float32)
    dx, dy, values = gx[ys, xs], gy[ys, xs], a[ys, xs]
    jacobian = np.stack([dx, dy, dx * x + dy * y, dy * x - dx * y, values, np.ones_like(values)], axis=1)
    return _Level(a, b, middle, factor, x + 1j * y, values, jacobian)


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


def _start(level: _Level) -> _Motion:
    """Choose where the search starts: where the pictures are, or where phase correlation puts them.

    Turns are tried only while nothing fits well. Periodic structure gives several peaks that fit almost
    equally before they are refined, so the best few are.
    """
    best = _refined(level, _Motion())
    score = _correlation(level, best)
    found: list[tuple[float, _Motion]] = []
    for turns in ((0.0,), _TURNS):
        if score > _FITS:
            break
        found += [(_correlation(level, motion), motion) for motion in _peaks(level, turns)]
        found.sort(key=lambda pair: -pair[0])
        for _, motion in found[:_CANDIDATES]:
            refined = _refined(level, motion)
            reached = _correlation(level, refined)
            if reached > score:
                best, score = refined, reached
    return best


def _peaks(level: _Level, turns: tuple[float, ...]) -> list[_Motion]:
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
            motions.append(_Motion(factor, factor * complex(x, y) * level.factor))
    return motions


def _sample(level: _Level, motion: _Motion) -> Array:
    at = motion.factor * level.at + motion.shift / level.factor + level.middle
    found: Array = ndimage.map_coordinates(
        level.test, np.stack([at.imag, at.real]), order=1, mode="constant", cval=np.nan, prefilter=False
    )
    return found


def _refined(level: _Level, motion: _Motion, steps: int = 12) -> _Motion:
    extent = max(abs(level.middle), 1.0)
    for _ in range(steps):
        seen = _sample(level, motion)
        inside = np.isfinite(seen)
        if inside.sum() < 32:
            return motion
        columns, target = level.jacobian[inside], seen[inside]
        residual = target - _fit_light(columns[:, 4], target)
        width = 1.5 * max(float(np.median(np.abs(residual[::4]))), 1e-3)
        # Geman-McClure: what fits nowhere (a defect) loses its say.
        weights = 1 / (1 + (residual / (2 * width)) ** 2) ** 2
        weighted = columns * weights[:, None]
        normal = weighted.T @ columns
        normal[np.diag_indices(6)] *= 1 + 1e-6
        normal[np.diag_indices(6)] += 1e-6
        solved = np.linalg.solve(normal.astype(np.float64), (weighted.T @ target).astype(np.float64))
        light = solved[4]
        if light < 0.05:  # inverted or unrelated: no motion explains this
            return motion
        dx, dy, grow, turn = (solved[:4] / light).tolist()
        # The update moves the reference; its inverse comes before the motion.
        factor = 1 / complex(1 + grow, turn)
        shift = -complex(dx, dy) * factor
        motion = _Motion(motion.factor * factor, motion.shift + motion.factor * shift * level.factor)
        if abs(shift) + abs(factor - 1) * extent < 0.01:
            break
    return motion


def _fit_light(values: Array, target: Array) -> Array:
    deviation = values - values.mean()
    gain = float((deviation * target).sum() / max(float((deviation**2).sum()), 1e-6))
    return np.asarray(target.mean() + gain * deviation)


def _correlation(level: _Level, motion: _Motion) -> float:
    seen = _sample(level, motion)
    inside = np.isfinite(seen)
    if inside.sum() < max(32, 0.4 * inside.size):
        return 0.0
    a, b = level.values[inside], seen[inside]
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / max(math.sqrt(float((a * a).sum() * (b * b).sum())), 1e-6))


def _judged(levels: list[_Level], motion: _Motion, shape: tuple[int, ...]) -> Registration:
    """Decide whether a motion is believable and worth resampling.

    Two specimens agree in their shapes but not in their finest texture, so a reduced level judges.
    """
    fine, level = levels[-1], levels[min(1, len(levels) - 1)]
    before = min(max(_correlation(level, _Motion()), 0.0), 1.0)
    after = min(max(_correlation(level, motion), 0.0), 1.0)
    height, width = shape
    angle, scale = math.degrees(cmath.phase(motion.factor)), abs(motion.factor)
    far = abs(motion.shift) > _MAX_SHIFT * max(height, width)
    if after < _SURE:
        return _left_alone("the pictures do not fit together well enough", before)
    if abs(angle) > _MAX_ANGLE or not 1 / _MAX_SCALE < scale < _MAX_SCALE or far:
        return _left_alone("the motion found is larger than a registration may be", before)
    gain = _correlation(fine, motion) - _correlation(fine, _Motion())
    moved = abs(motion.shift) + abs(motion.factor - 1) * abs(fine.middle)
    if gain < _GAIN or moved < _IN_PLACE:
        return _left_alone("the test lies in place already", max(before, after))
    middle = complex((width - 1) / 2, (height - 1) / 2)
    c, s = motion.factor.real, motion.factor.imag
    origin = middle + motion.shift - motion.factor * middle
    return Registration(
        ((c, -s, origin.real), (s, c, origin.imag)),
        (motion.shift.real, motion.shift.imag),
        angle,
        scale,
        after,
        applied=True,
    )


def _left_alone(reason: str, confidence: float = 0.0) -> Registration:
    return Registration(_IDENTITY, (0.0, 0.0), 0.0, 1.0, confidence, applied=False, reason=reason)

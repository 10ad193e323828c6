"""Registration: bring the test picture into the reference's place, or leave it alone when unsure.

`motion` holds the search; here its result is judged. A pair stays as it is when the pictures do not fit
together, when another motion fits as well (structure that repeats itself), or when there is too little
structure to tell the motion to a fraction of a pixel.
"""

import cmath
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from kurabe.common.errors import ImageError
from kurabe.common.memo import Memo
from kurabe.imaging.content import content_id
from kurabe.imaging.motion import MAX_SHIFT, Array, Found, Motion, correlation, search, standard_errors

Mask = npt.NDArray[np.bool_]

UNLIKE = "the pictures do not fit together well enough"
"""Why a pair is left alone that shows two things."""
IN_PLACE = "the test lies in place already"
"""Why a pair is left alone that needs no motion."""

_SURE = 0.5
"""Correlation of the edges' surroundings below which the pictures do not show one thing."""
_TRACE = 0.1
"""The same in full pixels, where two specimens of one thing agree far less."""
_GAIN = 0.002
"""Correlation that a motion has to win to be believed."""
_MAX_ANGLE = 15.0
_MAX_SCALE = 1.25
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


@dataclass(frozen=True, slots=True)
class Certainty:
    """How well a motion has to be told for the pictures to be laid on each other.

    Attributes:
        shift: Standard error in pixels from which on too little is seen.
        angle: The same in degrees.
        apart: How much less certain one direction may be than the other.
        never: Standard error in pixels that is never too large.
    """

    shift: float
    angle: float
    apart: float
    never: float


PIXELS = Certainty(0.06, 0.02, 8.0, 0.015)
"""For pictures that are compared pixel by pixel."""
PLACES = Certainty(0.5, 0.2, math.inf, 0.0)
"""For pictures that are compared place by place, with patience for a few pixels."""

_IDENTITY = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))

_registrations: Memo[Registration] = Memo(20_000, lambda _: 1)
"""By the content of both: each processed variant of a pair asks, and whoever compares its pixels."""


def register(
    reference: npt.NDArray[np.generic], test: npt.NDArray[np.generic], certainty: Certainty = PIXELS
) -> Registration:
    """Find how the test picture is shifted, turned and scaled against the reference.

    Args:
        reference: H x W or H x W x 3, 8-bit or float in [0, 255].
        test: Of the same height and width.
        certainty: How well the motion has to be told.

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
    return _judged(search(a, b), a.shape, certainty)


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
    """Register and warp a pair of one size; how equal pairs lie is found once in a process.

    Returns:
        The test picture in the reference's place, with the reference where the test shows nothing (no
        difference is claimed there); the H x W mask of pixels that come from the test; the registration.
    """
    key = content_id(reference), content_id(test)  # anybody may call this, and change a picture
    found = _registrations.get(key, lambda: register(np.asarray(reference), np.asarray(test)))
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


def _judged(found: Found, shape: tuple[int, ...], certainty: Certainty) -> Registration:
    """Decide whether a motion is believable and worth resampling.

    Two specimens agree in their shapes but not in their finest texture, so a reduced level judges.
    """
    levels, motion = found.levels, found.motion
    fine, level = levels[-1], levels[min(1, len(levels) - 1)]
    before = min(max(correlation(level, Motion()), 0.0), 1.0)
    after = min(max(correlation(level, motion), 0.0), 1.0)
    height, width = shape
    angle, scale = math.degrees(cmath.phase(motion.factor)), abs(motion.factor)
    far = abs(motion.shift) > MAX_SHIFT * max(height, width)
    fits = correlation(fine, motion)
    if after < _SURE or fits < _TRACE:
        return _left_alone(UNLIKE, before)
    if abs(angle) > _MAX_ANGLE or not 1 / _MAX_SCALE < scale < _MAX_SCALE or far:
        return _left_alone("the motion found is larger than a registration may be", before)
    gain = fits - correlation(fine, Motion())
    moved = abs(motion.shift) + abs(motion.factor - 1) * abs(fine.middle)
    if gain < _GAIN or moved < _IN_PLACE:
        return _left_alone(IN_PLACE, max(before, after))
    if not found.clear:
        return _left_alone("the structure repeats itself: other motions fit as well", before)
    worst, least, turn = standard_errors(fine, motion)
    sliding = worst > max(certainty.apart * least, certainty.never)
    if worst > certainty.shift or turn > certainty.angle or sliding:
        return _left_alone("too little structure to tell the motion", before)
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

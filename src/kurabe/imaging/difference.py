"""Where a test picture departs from its reference, whatever the light, the noise and small shifts.

All maps are in grey levels of the reference, 0 to 255, and of the reference's height and width.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from kurabe.common.vocabulary import Box

Pixels = npt.NDArray[np.uint8]
Map = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_GAIN = 4.0
"""Two exposures of one thing differ by no more than two stops."""

_LINE = 4
"""Half the width in pixels of the widest line whose change of width is looked for."""

_LINE_FLOOR = 120.0
"""Grey levels times pixels of width by which a line has to change: noise and rounding stay far below."""

_LINE_SHARE = 0.3
"""Share of what is drawn that is added: a shift by half a pixel changes a line of one pixel by as much."""


@dataclass(frozen=True, slots=True)
class Region:
    """A connected place of difference.

    Attributes:
        box: Its tight bounding box.
        evidence: Peak of the evidence in it; 1 is where a region begins to count.
        area: Pixels above the region's border.
    """

    box: Box
    evidence: float
    area: int


def match_light(reference: Pixels, test: Pixels, valid: Mask) -> Pixels:
    """Give the test picture the reference's light.

    Per channel a gain and an offset are fitted that vary slowly over the picture (gain linearly, offset
    quadratically), robustly, so that differences keep their say in their own place only.

    Args:
        reference: H x W x C.
        test: H x W x C, registered.
        valid: H x W, true where the test shows something.

    Returns:
        The test picture with the reference's light, H x W x C.
    """
    height, width, channels = reference.shape
    step = max(1, round(math.sqrt(height * width / 12000)))
    ys, xs = np.nonzero(valid[::step, ::step])
    if len(ys) < 64:
        return test
    ys, xs = ys * step, xs * step
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    u, v = x[0, xs], y[ys, 0]
    matched = np.empty_like(test)
    for channel in range(channels):
        seen, wanted = test[ys, xs, channel].astype(np.float32), reference[ys, xs, channel].astype(np.float32)
        c = _light(
            np.stack([seen, seen * u, seen * v, np.ones_like(u), u, v, u * u, u * v, v * v], 1), wanted
        )
        if not 1 / _GAIN <= c[0] <= _GAIN:
            # No light does that: one picture is (nearly) uniform. Its level is all there is to match.
            c = np.array([1, 0, 0, float(np.median(wanted - seen)), 0, 0, 0, 0, 0], np.float32)
        gain = c[0] + c[1] * x + c[2] * y
        offset = c[3] + c[4] * x + c[5] * y + c[6] * x * x + c[7] * x * y + c[8] * y * y
        matched[..., channel] = np.clip(gain * test[..., channel] + offset + 0.5, 0, 255)
    return matched


def _light(columns: Map, wanted: Map) -> Map:
    """Fit robustly by reweighted least squares, drawn towards no change where the picture cannot tell."""
    prior = np.zeros(columns.shape[1], np.float64)
    prior[0] = 1
    # In units of grey levels: an offset may cost nothing, a gain is held where the picture is uniform.
    stiffness = np.array([100.0, 300, 300, 1, 3, 3, 3, 3, 3]) ** 2
    weights = np.ones_like(wanted)
    found: npt.NDArray[np.floating] = prior
    for _ in range(6):
        weighted = columns * weights[:, None]
        normal = (weighted.T @ columns).astype(np.float64) + np.diag(stiffness)
        found = np.linalg.solve(normal, (weighted.T @ wanted).astype(np.float64) + stiffness * prior)
        residual = np.abs(wanted - columns @ found.astype(np.float32))
        width = 2 * max(1.5 * float(np.median(residual)), 2.0)
        weights = 1 / (1 + (residual / width) ** 2) ** 2
    return found.astype(np.float32)


def neighbourhood(picture: Pixels, radius: int) -> tuple[Pixels, Pixels]:
    """Return the least and the greatest value within a disc around every pixel, H x W each."""
    least = _extreme(picture, radius, np.minimum)
    greatest = _extreme(picture, radius, np.maximum)
    return least, greatest


def _extreme(picture: Pixels, radius: int, pick: np.ufunc) -> Pixels:
    """Slide over a disc by whole rows: vectorised on bytes this is far faster than a footprint filter."""
    if radius == 0:
        return picture
    height, width = picture.shape
    padded = np.pad(picture, radius, mode="edge")
    rows = {0: padded[:, radius : radius + width]}
    for reach in range(1, radius + 1):
        ahead, behind = radius + reach, radius - reach
        sides = pick(padded[:, ahead : ahead + width], padded[:, behind : behind + width])
        rows[reach] = pick(rows[reach - 1], sides)
    result: Pixels | None = None
    for dy in range(-radius, radius + 1):
        row = rows[math.isqrt(radius * radius - dy * dy)][radius + dy : radius + dy + height]
        result = row.copy() if result is None else pick(result, row, out=result)
    assert result is not None
    return result


def departure(reference: Pixels, test: Pixels, radius: int) -> Pixels:
    """Return how far each picture leaves the values that the other has within ``radius`` pixels.

    An edge that moved by up to ``radius`` pixels departs nowhere; what appears or vanishes does, by its
    contrast. Symmetric in the two pictures.

    Args:
        reference: H x W x C.
        test: H x W x C, registered and in the reference's light.
        radius: Tolerance in pixels.

    Returns:
        H x W: the greatest over the channels.
    """
    worst = np.zeros(reference.shape[:2], np.uint8)
    for channel in range(reference.shape[2]):
        planes = [np.ascontiguousarray(picture[..., channel]) for picture in (reference, test)]
        for one, other in (planes, planes[::-1]):
            least, greatest = neighbourhood(one, radius)
            # Subtraction of bytes that stops at 0: max(a, b) - b.
            np.maximum(worst, np.maximum(other, greatest) - greatest, out=worst)
            np.maximum(worst, least - np.minimum(other, least), out=worst)
    return worst


def line_change(reference: Pixels, test: Pixels, tolerance: int) -> Map:
    """Return how far lines are drawn thinner or thicker, or are gone, in units from which on that counts.

    `departure` does not see it: each edge of a line may lie elsewhere. A line that moves keeps its sum of
    grey levels over a window that holds both of its places; one that is drawn thinner does not. The lines of
    one picture are weighed against whatever is up to twice as wide in the other, so that a width that is just
    short of a limit in one picture, and just beyond it in the other, is no change.

    Args:
        reference: H x W x C.
        test: H x W x C, registered and in the reference's light.
        tolerance: Pixels by which a line may lie elsewhere.

    Returns:
        H x W: the greatest over channels, and over bright and dark lines.
    """
    worst = np.zeros(reference.shape[:2], np.float32)
    side = 2 * (_LINE + tolerance) + 1
    for channel in range(reference.shape[2]):
        pair = [np.ascontiguousarray(picture[..., channel]) for picture in (reference, test)]
        narrow, wide = ([_thin(plane, reach) for plane in pair] for reach in (_LINE, 2 * _LINE))
        for one, other in ((0, 1), (1, 0)):
            for kind in (0, 1):
                drawn, there = (
                    side * ndimage.uniform_filter(found, side, mode="constant")
                    for found in (narrow[one][kind], wide[other][kind])
                )
                np.maximum(worst, (drawn - there) / (_LINE_FLOOR + _LINE_SHARE * drawn), out=worst)
    return worst


def _thin(plane: Pixels, reach: int) -> tuple[Map, Map]:
    """Return by how much bright and dark structures no wider than ``2 * reach`` stand out."""
    side = 2 * reach + 1
    opened = _over_square(_over_square(plane, side, np.minimum), side, np.maximum)
    closed = _over_square(_over_square(plane, side, np.maximum), side, np.minimum)
    return (plane - opened).astype(np.float32), (closed - plane).astype(np.float32)


def _over_square(picture: Pixels, side: int, pick: np.ufunc) -> Pixels:
    """Return the least or greatest value of a square around every pixel, where it lies in the picture.

    Windows are put together of windows half as wide: on bytes several times as fast as scipy's filter.
    """
    reach = side // 2
    beyond = 255 if pick is np.minimum else 0
    rows, columns = ((reach, reach), (0, 0)), ((0, 0), (reach, reach))
    found = _over_line(np.pad(picture, rows, constant_values=beyond), side, pick)
    across = np.pad(found, columns, constant_values=beyond)
    return np.ascontiguousarray(_over_line(across.T, side, pick).T)


def _over_line(picture: Pixels, side: int, pick: np.ufunc) -> Pixels:
    """Return the least or greatest of each ``side`` values below one another."""
    wide = 1
    while 2 * wide <= side:
        picture = pick(picture[:-wide], picture[wide:])
        wide *= 2
    return picture if wide == side else pick(picture[: wide - side], picture[side - wide :])


def long_alone(evidence: Map, least: int) -> Map:
    """Return the evidence of those connected places above 1 that are at least so many pixels long; else 0."""
    labels, count = ndimage.label(evidence >= 1)
    kept = np.zeros_like(evidence)
    for index, where in enumerate(ndimage.find_objects(labels, count), start=1):
        if where is not None and max(part.stop - part.start for part in where) >= least:
            inside = labels[where] == index
            kept[where][inside] = evidence[where][inside]
    return kept


def contrast(picture: Pixels, radius: int) -> Pixels:
    """Return the range of values within ``radius`` pixels, H x W: the greatest over the channels."""
    worst = np.zeros(picture.shape[:2], np.uint8)
    for channel in range(picture.shape[2]):
        least, greatest = neighbourhood(np.ascontiguousarray(picture[..., channel]), radius)
        np.maximum(worst, greatest - least, out=worst)
    return worst


def noise_level(reference: Pixels, test: Pixels) -> float:
    """Estimate the standard deviation in grey levels of what differs between neighbouring pixels.

    Only the difference of the pair counts, so the structure that both share is no noise. The greatest
    over the channels of H x W x C.
    """
    gap = test.astype(np.int16) - reference
    # Every third row tells as much as all of them.
    upper, lower = gap[:-1:3], gap[1::3]
    fine = np.abs(lower[:, 1:] - upper[:, 1:] - lower[:, :-1] + upper[:, :-1])
    if not fine.size:
        return 0.0
    # Each such value sums four independent ones; 1.4826 turns a median deviation into a standard one.
    return 1.4826 * float(np.median(fine, axis=(0, 1)).max()) / 2


def inner(valid: Mask, margin: int) -> Mask:
    """Return the mask of pixels that are at least ``margin`` pixels inside of ``valid`` and the picture."""
    size = 2 * margin + 1
    within = ndimage.minimum_filter(valid.view(np.uint8), size, mode="constant", cval=0)
    result: Mask = within.astype(np.bool_)
    return result


def regions(evidence: Map, border: float, join: int) -> list[Region]:
    """Collect what lies above 1 into regions.

    Args:
        evidence: H x W; 1 is where a difference begins to count.
        border: Evidence down to which a region extends around its peak.
        join: Regions nearer than twice this many pixels are one.

    Returns:
        The regions, strongest first.
    """
    peak = float(evidence.max(initial=0))
    if peak < 1:
        return []
    above = evidence >= border
    size = 2 * join + 1
    labels, count = ndimage.label(ndimage.maximum_filter(above.view(np.uint8), size))
    labels *= above
    found = []
    for index, where in enumerate(ndimage.find_objects(labels, count), start=1):
        if where is None:
            continue
        inside = labels[where] == index
        strongest = float(evidence[where][inside].max())
        if strongest >= 1:
            rows, columns = where
            box = Box(columns.start, rows.start, columns.stop, rows.stop)
            found.append(Region(box, strongest, int(inside.sum())))
    return sorted(found, key=lambda region: -region.evidence)

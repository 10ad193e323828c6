"""Layouts: how a pair is shown, to the pixel and without resampling."""

from collections.abc import Sequence

from PIL import Image

from kurabe.common.errors import ImageError
from kurabe.common.vocabulary import Layout

Size = tuple[int, int]
"""Width and height in pixels."""


def bar_width(extent: int) -> int:
    """Return the thickness in pixels of the black bar between pictures of that height (or width)."""
    return max(8, round(0.04 * extent))


def lay_out(images: Sequence[Image.Image], layout: Layout) -> tuple[Image.Image, ...]:
    """Arrange the pictures that a question shows.

    ``stacked`` puts the reference above the test with a black bar between them, ``side-by-side`` left
    of it; the smaller picture is padded with black. ``separate`` leaves them as they are, and a
    single picture always passes unchanged.

    Args:
        images: One picture, or (reference, test), mode RGB.
        layout: The arrangement.

    Returns:
        One picture, or as many as came in for ``separate``.

    Raises:
        ImageError: If there are no pictures, or more than two to be joined.
    """
    if not images:
        raise ImageError("there is no picture to lay out")
    if layout == "separate" or len(images) == 1:
        return tuple(images)
    if len(images) > 2:
        raise ImageError(f"layout {layout!r} joins two pictures, not {len(images)}")
    sizes = (images[0].size, images[1].size)
    left, top = test_offset(layout, sizes)
    joined = Image.new("RGB", (max(sizes[0][0], left + sizes[1][0]), max(sizes[0][1], top + sizes[1][1])))
    joined.paste(images[0], (0, 0))
    joined.paste(images[1], (left, top))
    return (joined,)


def test_offset(layout: Layout, sizes: tuple[Size, Size]) -> tuple[int, int]:
    """Return where (x, y) the test picture's upper left corner lies in the picture that shows it.

    Args:
        layout: The arrangement.
        sizes: Sizes of reference and test before layout.
    """
    if layout == "stacked":
        return 0, sizes[0][1] + bar_width(max(sizes[0][1], sizes[1][1]))
    if layout == "side-by-side":
        return sizes[0][0] + bar_width(max(sizes[0][0], sizes[1][0])), 0
    return 0, 0

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

    ``stacked`` puts them one above the other, the test picture last, with a black bar between any two;
    ``side-by-side`` from left to right; smaller pictures are padded with black. ``separate`` leaves them as
    they are, and a single picture always passes unchanged.

    Args:
        images: One picture, or good parts and the test picture, mode RGB.
        layout: The arrangement.

    Returns:
        One picture, or as many as came in for ``separate``.

    Raises:
        ImageError: If there are no pictures.
    """
    if not images:
        raise ImageError("there is no picture to lay out")
    if layout == "separate" or len(images) == 1:
        return tuple(images)
    places = offsets(layout, [image.size for image in images])
    width = max(left + image.width for (left, _), image in zip(places, images, strict=True))
    height = max(top + image.height for (_, top), image in zip(places, images, strict=True))
    joined = Image.new("RGB", (width, height))
    for place, image in zip(places, images, strict=True):
        joined.paste(image, place)
    return (joined,)


def offsets(layout: Layout, sizes: Sequence[Size]) -> list[tuple[int, int]]:
    """Return where (x, y) each picture's upper left corner lies in the picture that shows it.

    Args:
        layout: The arrangement.
        sizes: Sizes before layout.
    """
    if layout == "separate":
        return [(0, 0)] * len(sizes)
    axis = 1 if layout == "stacked" else 0
    bar = bar_width(max(size[axis] for size in sizes))
    starts = [0]
    for size in sizes[:-1]:
        starts.append(starts[-1] + size[axis] + bar)
    return [(0, start) if axis else (start, 0) for start in starts]


def test_offset(layout: Layout, sizes: tuple[Size, Size]) -> tuple[int, int]:
    """Return where (x, y) the test picture's upper left corner lies in the picture that shows it.

    Args:
        layout: The arrangement.
        sizes: Sizes of reference and test before layout.
    """
    return offsets(layout, sizes)[-1]

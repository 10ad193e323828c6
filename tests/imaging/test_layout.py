import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kurabe.common.errors import ImageError
from kurabe.common.vocabulary import LAYOUTS, Layout
from kurabe.imaging.layout import bar_width, lay_out
from kurabe.imaging.layout import test_offset as where_test_starts

sides = st.integers(1, 60)


def noise(width: int, height: int, seed: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(1, 255, (height, width, 3), np.uint8))


@given(sides, sides, sides, sides, st.sampled_from(LAYOUTS))
def test_pixels_are_kept_and_the_rest_is_black(w1: int, h1: int, w2: int, h2: int, layout: Layout) -> None:
    reference, test = noise(w1, h1, 0), noise(w2, h2, 1)
    shown = lay_out((reference, test), layout)
    if layout == "separate":
        assert shown == (reference, test)
        return
    (joined,) = shown
    left, top = where_test_starts(layout, (reference.size, test.size))
    whole = (left, top, left + w2, top + h2)
    assert np.array_equal(np.asarray(joined.crop(whole)), np.asarray(test))
    assert np.array_equal(np.asarray(joined.crop((0, 0, w1, h1))), np.asarray(reference))
    # The pictures hold no black pixel, so every other pixel is padding or bar.
    assert (np.asarray(joined).max(axis=2) > 0).sum() == w1 * h1 + w2 * h2


def test_the_bar_grows_with_the_picture() -> None:
    (joined,) = lay_out((noise(50, 500, 0), noise(40, 400, 1)), "stacked")
    assert joined.size == (50, 500 + 20 + 400)
    assert not np.asarray(joined)[500:520].any()
    assert bar_width(10) == 8


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_single_picture_passes(layout: Layout) -> None:
    picture = noise(5, 4, 0)
    assert lay_out([picture], layout) == (picture,)


def test_nothing_is_refused() -> None:
    with pytest.raises(ImageError, match="no picture"):
        lay_out([], "separate")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_several_good_parts_come_before_the_test_with_a_bar_between_any_two(layout: Layout) -> None:
    pictures = [noise(30, 20, seed) for seed in range(4)]
    shown = lay_out(pictures, layout)
    if layout == "separate":
        assert shown == tuple(pictures)
        return
    (joined,) = shown
    step = (0, 20 + 8) if layout == "stacked" else (30 + 8, 0)
    assert joined.size == (30 + 3 * step[0], 20 + 3 * step[1])
    for number, picture in enumerate(pictures):
        left, top = number * step[0], number * step[1]
        assert joined.crop((left, top, left + 30, top + 20)).tobytes() == picture.tobytes()

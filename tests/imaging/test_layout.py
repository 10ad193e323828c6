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


def test_nothing_and_too_many_are_refused() -> None:
    with pytest.raises(ImageError, match="no picture"):
        lay_out([], "separate")
    with pytest.raises(ImageError, match="not 3"):
        lay_out([noise(2, 2, 0)] * 3, "stacked")

import cmath
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage

from kurabe.common.errors import ImageError
from kurabe.imaging.align import PLACES, align, overlap, register, warp
from kurabe.imaging.load import load_image

PAIRS = Path(__file__).parents[3] / "shared" / "data" / "pairs"


def scene(size: tuple[int, int] = (320, 240), seed: int = 0) -> Image.Image:
    """Scattered shapes on a slope of light: structure without period."""
    random = np.random.default_rng(seed)
    width, height = size
    picture = Image.fromarray(np.linspace(60, 120, width).astype(np.uint8)[None].repeat(height, 0)).convert(
        "RGB"
    )
    draw = ImageDraw.Draw(picture)
    for _ in range(45):
        x, y, w, h = random.integers((0, 0, 6, 6), (width, height, 50, 40))
        colour = tuple(int(c) for c in random.integers(20, 240, 3))
        (draw.ellipse if random.random() < 0.5 else draw.rectangle)((x, y, x + w, y + h), fill=colour)
    return picture.filter(ImageFilter.GaussianBlur(0.7))


def moved(picture: Image.Image, shift: complex, angle: float, scale: float, light: float = 1) -> Image.Image:
    """Show the picture shifted, turned and scaled about its middle, with other light and noise."""
    middle = complex((picture.width - 1) / 2, (picture.height - 1) / 2)
    back = 1 / (scale * cmath.exp(1j * math.radians(angle)))
    origin = middle - back * (middle + shift)
    # From pixel centres, which the registration counts, to the corners that Pillow counts.
    half = 0.5 + 0.5j
    origin += half - back * half
    matrix = (back.real, -back.imag, origin.real, back.imag, back.real, origin.imag)
    done = picture.transform(picture.size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)
    values = np.asarray(done) * light + np.random.default_rng(9).normal(0, 2, (*done.size[::-1], 3))
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


@settings(max_examples=15, deadline=None)
@given(
    st.floats(-12, 12),
    st.floats(-12, 12),
    st.floats(-4, 4),
    st.floats(0.96, 1.04),
    st.floats(0.7, 1.1),
    st.integers(0, 9),
)
def test_known_motions_are_recovered(
    dx: float, dy: float, angle: float, scale: float, light: float, seed: int
) -> None:
    reference = scene(seed=seed)
    found = register(
        np.asarray(reference), np.asarray(moved(reference, complex(dx, dy), angle, scale, light))
    )
    if not found.applied:
        assert abs(complex(dx, dy)) + abs(angle) < 0.3
        return
    assert math.hypot(found.shift[0] - dx, found.shift[1] - dy) < 0.3
    assert abs(found.angle - angle) < 0.1
    assert abs(found.scale - scale) < 0.003
    assert found.confidence > 0.8


def test_defects_do_not_pull_the_pair_apart() -> None:
    reference = scene()
    test = moved(reference, 3.4 - 2.2j, 1.0, 1.0)
    ImageDraw.Draw(test).rectangle((100, 60, 170, 130), fill="white")
    found = register(np.asarray(reference), np.asarray(test))
    assert math.hypot(found.shift[0] - 3.4, found.shift[1] + 2.2) < 0.3
    assert abs(found.angle - 1.0) < 0.1


def test_a_registered_pair_agrees() -> None:
    reference = scene()
    test = moved(reference, 5 + 3j, -2, 1.02)
    back, valid, found = align(reference, test)
    assert found.applied
    gap = np.abs(np.asarray(back, np.int16) - np.asarray(reference)).mean(axis=2)
    assert gap[20:-20, 20:-20].mean() < 4
    assert 0.85 < valid.mean() < 1
    # What the test does not show is filled from the reference: no difference is made up.
    assert not gap[~valid].any()


def test_unrelated_pictures_are_left_alone() -> None:
    for seed in range(6):
        found = register(np.asarray(scene(seed=seed)), np.asarray(scene(seed=seed + 100)))
        assert not found.applied
        assert "do not fit" in found.reason


def resampled(picture: Image.Image, shift: complex, angle: float, scale: float) -> Image.Image:
    """Move a picture with splines of a degree that no longer favours whole pixels, and make it noisy."""
    values = np.asarray(picture.convert("L"), np.float64)
    height, width = values.shape
    middle = complex((width - 1) / 2, (height - 1) / 2)
    here = np.arange(width)[None, :] + 1j * np.arange(height)[:, None]
    source = (here - middle - shift) / (scale * cmath.exp(1j * math.radians(angle))) + middle
    seen = ndimage.map_coordinates(values, np.stack([source.imag, source.real]), order=5)
    seen = 0.9 * seen + np.random.default_rng(9).normal(0, 2, seen.shape)
    return Image.fromarray(np.clip(seen.round(), 0, 255).astype(np.uint8))


def textured(side: int = 256, seed: int = 3) -> Image.Image:
    """Smooth noise of several sizes, such as stone or cast metal shows."""
    random = np.random.default_rng(seed)
    values = np.zeros((side, side))
    for sigma in (1.2, 3, 8):
        layer = ndimage.gaussian_filter(random.normal(size=(side, side)), sigma)
        values += layer / layer.std()
    return Image.fromarray(np.clip(120 + 22 * values, 0, 255).astype(np.uint8)).convert("RGB")


@pytest.mark.parametrize(
    ("shift", "angle", "scale"), [(0.37 - 0.61j, 0, 1), (7.45 + 3.2j, 1.3, 1.01), (-9.8 + 0.5j, -2.7, 0.98)]
)
def test_a_textured_picture_is_recovered_to_a_twentieth_of_a_pixel(
    shift: complex, angle: float, scale: float
) -> None:
    reference = textured()
    found = register(np.asarray(reference), np.asarray(resampled(reference, shift, angle, scale)))
    assert found.applied
    assert abs(complex(*found.shift) - shift) < 0.05
    assert abs(found.angle - angle) < 0.02


def test_light_that_saturates_does_not_pull_the_pair_apart() -> None:
    reference = Image.eval(scene(), lambda value: min(255, value + 60))
    found = register(np.asarray(reference), np.asarray(moved(reference, 4.6 - 3.3j, 1.5, 1.01, 1.2)))
    assert found.applied
    assert abs(complex(*found.shift) - (4.6 - 3.3j)) < 0.2
    assert abs(found.angle - 1.5) < 0.05


def grid(period: int, size: tuple[int, int] = (320, 320)) -> Image.Image:
    """Blurred dots in rows and columns."""
    picture = Image.new("RGB", size, (60, 90, 70))
    draw = ImageDraw.Draw(picture)
    for x in range(period // 2, size[0], period):
        for y in range(period // 2, size[1], period):
            draw.ellipse((x - period // 4, y - period // 4, x + period // 4, y + period // 4), fill="silver")
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def cropped(picture: Image.Image, shift: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
    """Show the middle of a picture, and the same size with its content moved by whole pixels."""
    dx, dy = shift
    box = (40, 40, picture.width - 40, picture.height - 40)
    return picture.crop(box), picture.crop((box[0] - dx, box[1] - dy, box[2] - dx, box[3] - dy))


@pytest.mark.parametrize("period", [16, 24, 40])
@pytest.mark.parametrize("shift", [(3, -2), (11, 7)])
def test_what_repeats_itself_is_left_alone(period: int, shift: tuple[int, int]) -> None:
    reference, test = cropped(grid(period), shift)
    found = register(np.asarray(reference), np.asarray(test))
    assert not found.applied
    assert "repeats" in found.reason


def test_marks_of_its_own_make_a_repeating_picture_clear() -> None:
    picture = grid(24)
    for centre, colour in (((90, 120), "red"), ((200, 95), "black"), ((150, 220), "white")):
        x, y = centre
        ImageDraw.Draw(picture).rectangle((x, y, x + 30, y + 22), fill=colour)
    reference, test = cropped(picture, (7, -5))
    found = register(np.asarray(reference), np.asarray(test))
    assert found.applied
    assert abs(complex(*found.shift) - (7 - 5j)) < 0.1


def test_a_straight_edge_alone_is_left_alone() -> None:
    picture = Image.new("RGB", (320, 320), "white")
    ImageDraw.Draw(picture).polygon([(0, 0), (140, 0), (200, 320), (0, 320)], fill="black")
    reference, test = cropped(picture.filter(ImageFilter.GaussianBlur(1)), (6, 3))
    random = np.random.default_rng(1)
    one, other = (np.asarray(p) + random.normal(0, 3, (240, 240, 3)) for p in (reference, test))
    found = register(one.clip(0, 255), other.clip(0, 255))
    assert not found.applied
    # An edge lies on itself when it moves along itself, which is either of the two.
    assert "repeats" in found.reason or "too little structure" in found.reason


def test_a_disc_that_tells_no_angle_is_left_alone() -> None:
    picture = Image.new("RGB", (320, 320), "white")
    ImageDraw.Draw(picture).ellipse((150, 150, 190, 190), fill="black")
    reference = picture.filter(ImageFilter.GaussianBlur(1))
    found = register(np.asarray(reference), np.asarray(resampled(reference, 5.3 + 2.1j, 2, 1)))
    assert not found.applied
    assert "too little structure" in found.reason


def figure(seed: int, shift: tuple[int, int] = (0, 0), angle: float = 0) -> npt.NDArray[np.float64]:
    """A smooth body with a head and an arm, under noise: little tells by which angle it is turned."""
    picture = Image.new("RGB", (320, 240), "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((60, 95, 250, 135), fill="green")
    draw.ellipse((40, 85, 100, 145), fill="green")
    draw.line((150, 120, 200, 185), fill="green", width=14)
    turned = picture.filter(ImageFilter.GaussianBlur(2)).rotate(
        angle, Image.Resampling.BICUBIC, translate=shift, fillcolor="white"
    )
    noise = np.random.default_rng(seed).normal(0, 30, (120, 160, 1))
    return (np.asarray(turned.reduce(2)) + noise).clip(0, 255)


def test_what_is_compared_place_by_place_may_be_told_less_surely() -> None:
    pair = figure(0), figure(1, (6, -10), 2)
    assert "too little structure" in register(*pair).reason
    found = register(*pair, PLACES)
    assert found.applied
    assert found.shift == pytest.approx((3, -5), abs=0.3)
    assert found.angle == pytest.approx(-2, abs=0.3)


def test_what_lies_in_place_is_left_alone() -> None:
    reference = scene()
    found = register(np.asarray(reference), np.asarray(moved(reference, 0j, 0, 1, 0.8)))
    assert not found.applied
    assert "in place" in found.reason
    assert found.confidence > 0.9
    assert warp(reference, found) is reference
    assert overlap((240, 320), found).all()


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (40, 30)])
def test_uniform_and_tiny_pictures_are_left_alone(size: tuple[int, int]) -> None:
    plain = np.asarray(Image.new("RGB", size, "gray"))
    assert not register(plain, plain).applied


def test_pictures_of_different_size_are_refused() -> None:
    with pytest.raises(ImageError, match="30x20 and 30x21"):
        register(np.zeros((20, 30)), np.zeros((21, 30)))


@pytest.mark.skipif(not PAIRS.is_dir(), reason="the shared real pairs are not beside the repository")
def test_real_pictures_are_recovered() -> None:
    import pandas as pd

    table = pd.read_csv(PAIRS / "pairs.csv")
    for family in ("alien", "cookie", "circuitboard"):
        path = PAIRS / table[table.family == family].before.iloc[0]
        reference = load_image(path)
        found = register(np.asarray(reference), np.asarray(moved(reference, 4.3 - 6.1j, 1.7, 0.99, 0.9)))
        assert math.hypot(found.shift[0] - 4.3, found.shift[1] + 6.1) < 0.3, path
        assert abs(found.angle - 1.7) < 0.1, path


def test_equal_pairs_are_registered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    good = scene(seed=91)
    bad = moved(good, 3 + 2j, 0.5, 1)
    tried: list[object] = []

    def count(one: npt.NDArray[np.generic], other: npt.NDArray[np.generic]) -> object:
        tried.append(one)
        return register(one, other)

    monkeypatch.setattr("kurabe.imaging.align.register", count)
    first = align(good, bad)
    again = align(good.copy(), bad.copy())
    assert len(tried) == 1
    assert first[2] == again[2]
    assert first[0].tobytes() == again[0].tobytes()
    bad.paste((0, 0, 0), (0, 0, 160, 240))
    align(good, bad)
    assert len(tried) == 2  # it is another picture now

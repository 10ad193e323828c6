import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from kurabe.imaging.specimen import patch_distance, unlikeness


def toy(seed: int, broken: bool = False) -> Image.Image:
    """A specimen: the same parts, a little different each time."""
    random = np.random.default_rng(seed)
    picture = Image.fromarray(random.normal(235, 3, (200, 260, 3)).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for x, y in ((60, 60), (130, 60), (200, 60), (60, 130), (130, 130), (200, 130)):
        dx, dy = random.integers(-2, 3, 2)
        if not (broken and (x, y) == (200, 130)):
            draw.ellipse((x + dx - 22, y + dy - 22, x + dx + 22, y + dy + 22), fill=(60, 150, 70))
    return picture


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 99), st.integers(0, 3), st.sampled_from([1, 3]))
def test_patch_distance_is_what_a_search_finds(seed: int, reach: int, patch: int) -> None:
    random = np.random.default_rng(seed)
    one, other = random.normal(size=(2, 12, 14, 3)).astype(np.float32)
    found = patch_distance(one, other, reach, patch)
    assert found.shape == (12, 14)
    row, column, half = 6, 7, patch // 2
    window = slice(row - half, row + half + 1), slice(column - half, column + half + 1)

    def nearest(fixed: np.ndarray, searched: np.ndarray) -> float:
        best = np.inf
        for dy in range(-reach, reach + 1):
            for dx in range(-reach, reach + 1):
                if dy * dy + dx * dx <= reach * reach:
                    moved = np.roll(searched, (-dy, -dx), axis=(0, 1))
                    gap = ((fixed[window] - moved[window]) ** 2).sum(axis=2)
                    best = min(best, float(gap.mean()))
        return best

    assert found[row, column] ** 2 == pytest.approx(max(nearest(one, other), nearest(other, one)), rel=1e-3)


def test_a_missing_part_is_less_alike_than_another_good_one() -> None:
    everywhere = np.ones((200, 260), bool)
    good = unlikeness(toy(0), toy(1), everywhere)
    bad = unlikeness(toy(0), toy(1, broken=True), everywhere)
    same = unlikeness(toy(0), toy(0), everywhere)
    assert same.score < good.score < 0.6 * bad.score
    row, column = np.unravel_index(int(bad.fine.argmax()), bad.fine.shape)
    assert abs(row / bad.fine.shape[0] - 130 / 200) < 0.15
    assert abs(column / bad.fine.shape[1] - 200 / 260) < 0.15


def test_what_is_not_shown_is_not_claimed() -> None:
    valid = np.ones((200, 260), bool)
    valid[95:170, 165:235] = False
    assert (
        unlikeness(toy(0), toy(1, broken=True), valid).score
        < 0.6 * unlikeness(toy(0), toy(1, broken=True), np.ones_like(valid)).score
    )


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (5, 3)])
def test_tiny_pictures_have_a_finite_score(size: tuple[int, int]) -> None:
    black, white = Image.new("RGB", size), Image.new("RGB", size, "white")
    found = unlikeness(black, white, np.ones(size[::-1], bool))
    assert np.isfinite(found.score)
    assert found.texture == 0

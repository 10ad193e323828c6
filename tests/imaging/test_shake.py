"""Harmless changes: of the stated size, the same in every run, and no larger than they say."""

import numpy as np
import pytest
from PIL import Image

from kurabe.imaging.shake import SHAKES, Shake, draw


@pytest.fixture
def picture() -> Image.Image:
    rng = np.random.default_rng(0)
    coarse = Image.fromarray(rng.integers(0, 220, (8, 12, 3), dtype=np.uint8))
    return coarse.resize((96, 64), Image.Resampling.BICUBIC)


def pixels(picture: Image.Image) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    return np.asarray(picture, dtype=np.float64)


def test_light_changes_every_value_by_a_tenth(picture: Image.Image) -> None:
    for factor in (0.9, 1.1):
        changed = pixels(Shake("light", (factor,)).apply(picture))
        assert np.abs(changed - np.minimum(255, factor * pixels(picture))).max() <= 0.5


def test_a_shift_moves_the_picture_and_continues_its_rim(picture: Image.Image) -> None:
    before, after = pixels(picture), pixels(Shake("shift", (2, -1)).apply(picture))
    assert after.shape == before.shape
    assert (after[:-1, 2:] == before[1:, :-2]).all()
    assert (after[:-1, 0] == before[1:, 0]).all()
    assert (after[-1, 2:] == before[-1, :-2]).all()


def test_jpeg_and_blur_change_little(picture: Image.Image) -> None:
    for shake in (Shake("jpeg", (80,)), Shake("blur", (0.8,))):
        gap = np.abs(pixels(shake.apply(picture)) - pixels(picture))
        assert 0 < gap.mean() < 4
        assert shake.apply(picture).size == picture.size


def test_kinds_take_turns_and_a_draw_is_always_the_same() -> None:
    for case in ("connector/c01", "pins/a1"):
        assert {draw(case, number).kind for number in range(4)} == set(SHAKES)
        assert [draw(case, number) for number in range(9)] == [draw(case, number) for number in range(9)]
    # With one change a case, a suite still tries all kinds, in about equal parts.
    first = [draw(f"s/c{i}", 0).kind for i in range(400)]
    assert min(first.count(kind) for kind in SHAKES) > 70


def test_no_change_is_larger_than_it_may_be() -> None:
    drawn = [draw(f"s/c{i}", number) for i in range(50) for number in range(12)]
    for shake in drawn:
        match shake.kind:
            case "light":
                assert 0.03 <= abs(shake.values[0] - 1) <= 0.1 + 1e-9
            case "shift":
                assert max(map(abs, shake.values)) == 2
            case "jpeg":
                assert 80 <= shake.values[0] <= 94
            case "blur":
                assert 0.25 <= shake.values[0] <= 0.8
    full = [draw(f"s/c{i}", number) for i in range(50) for number in range(4)]
    assert {shake.values for shake in full if shake.kind == "light"} == {(0.9,), (1.1,)}
    assert {shake.values for shake in full if shake.kind == "jpeg"} == {(80.0,)}


def test_a_change_is_named_by_its_kind_first() -> None:
    shakes = [Shake("light", (0.9,)), Shake("shift", (2, -1)), Shake("jpeg", (80,)), Shake("blur", (0.8,))]
    assert [*map(str, shakes)] == ["light 0.90", "shift 2,-1", "jpeg 80", "blur 0.80"]

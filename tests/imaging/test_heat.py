"""Heat maps: what is put in comes out, the strongest places stay, and nothing else passes for one."""

import base64
import re
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

import kurabe
from kurabe.common.heat import LONGEST, is_heat_map
from kurabe.imaging.heat import heat_map
from tests.support.heat import strength_of


def test_the_numbers_come_back_within_the_steps_of_grey() -> None:
    strength = np.array([[0, 0.4, 0.5], [1, 1.5, 2.5]])
    assert strength_of(kurabe.heat_map(strength)) == pytest.approx(strength, rel=0.2)


def test_what_is_faint_is_left_out() -> None:
    assert strength_of(kurabe.heat_map([[0.1, 0.29, 1.0]]))[0].tolist()[:2] == [0, 0]


def test_where_the_verdict_turns_it_is_half_grey() -> None:
    with Image.open(BytesIO(base64.b64decode(heat_map([[1.0]])))) as picture:
        assert picture.mode == "L"
        assert picture.getpixel((0, 0)) in (119, 136)


def test_a_large_map_keeps_its_strongest_places() -> None:
    strength = np.zeros((300, 1000))
    strength[211, 777] = 2
    found = strength_of(heat_map(strength))
    assert found.shape == (LONGEST, LONGEST)
    assert found[211 * LONGEST // 300, 777 * LONGEST // 1000] == found.max()
    assert found.max() == pytest.approx(2, abs=0.1)


def test_a_map_of_noise_is_one_too() -> None:
    heat = heat_map(np.random.default_rng(0).random((64, 64)) * 3)
    assert is_heat_map(heat)
    assert len(heat) < 3_600


@pytest.mark.parametrize(
    ("grid", "says"),
    [
        ([1.0, 2.0], "this one has the shape (2,)"),
        (np.zeros((3, 0)), "this one has the shape (3, 0)"),
        ([[float("nan")]], "NaN or infinity"),
        ([[1j]], "a grid of numbers"),
    ],
)
def test_what_is_no_grid_is_refused(grid: Any, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        heat_map(grid)


def coded(picture: Image.Image) -> str:
    content = BytesIO()
    picture.save(content, "PNG")
    return base64.b64encode(content.getvalue()).decode()


@pytest.mark.parametrize(
    "heat",
    [
        None, 3, "", "no map", "iVBORw0KGgo=", '");background:url("x', coded(Image.new("RGB", (4, 4))),
        coded(Image.new("L", (65, 4))), heat_map([[1.0]]) + "\n", heat_map([[1.0]])[:20], "iVBO" * 5_000,
    ],
)  # fmt: skip
def test_nothing_else_passes_for_a_heat_map(heat: object) -> None:
    assert not is_heat_map(heat)

import numpy as np
import pytest

from scenes.material import Material
from scenes.raster import View, pack, rasterise
from scenes.shapes import Body, Form, build, render_pair

STUFF = Material((0.5, 0.5, 0.5))


@pytest.mark.parametrize("form", ["prism", "cylinder"])
@pytest.mark.parametrize("lying", [False, True])
def test_a_body_rests_on_the_ground(form: Form, lying: bool) -> None:
    body = Body(form, sides=6, radius=2.0, height=5.0, lying=lying, heading=30.0, roll=10.0)
    view = View(np.eye(3), np.zeros(3), 10.0, (120, 120))
    top = rasterise(pack(build(body, STUFF)), view).depth.max() / 10
    flat = 2 * 2.0 * (np.cos(np.pi / 6) if form == "prism" else 1.0)
    assert top == pytest.approx(flat if lying else 5.0, abs=0.02)


def test_a_triangular_prism_lies_on_a_side() -> None:
    body = Body("prism", sides=3, radius=2.0, height=5.0, lying=True, heading=0.0, roll=0.0)
    view = View(np.eye(3), np.zeros(3), 10.0, (120, 120))
    surface = rasterise(pack(build(body, STUFF)), view)
    assert surface.depth.max() / 10 == pytest.approx(3.0, abs=0.1)  # inner radius 1, and 2 to the ridge
    columns = np.flatnonzero((surface.solid == 0).any(0))
    assert len(columns) / 10 == pytest.approx(5.0, abs=0.1)


def test_same_and_different_are_what_the_bodies_are() -> None:
    for seed in range(4):
        for kinds in ((), ("shape",)):
            pair = render_pair(seed, "hard", kinds, size=(72, 96), fine=1)
            first, second = (body["form"] for body in pair.spec["bodies"])
            assert (first != second) == bool(kinds)
            assert len(pair.differences) == len(kinds)
            assert (pair.reference != pair.test).mean() > 0.2


def test_a_pair_is_told_by_the_name_of_either_body() -> None:
    (change,) = render_pair(1, "easy", ["shape"], size=(72, 96), fine=1).differences
    assert {"cylinder", "prism", "円柱", "角柱"} <= set(change.says[0])

import numpy as np
import pytest

from scenes import solid as make
from scenes.camera import Shot, develop, expose
from scenes.material import TIN, Material
from scenes.raster import View, normals, pack, rasterise
from scenes.shade import Light, shadow
from scenes.solid import Array, Solid, rotation
from scenes.texture import Sheet

MATT = Material((0.5, 0.5, 0.5))


def straight_down(scale: float = 10.0, size: tuple[int, int] = (80, 100)) -> View:
    return View(np.eye(3), np.zeros(3), scale, size)


def oblique(degrees: float, scale: float = 10.0, size: tuple[int, int] = (80, 100)) -> View:
    return View(rotation("x", degrees), np.zeros(3), scale, size)


def sheet() -> Sheet:
    flat = np.zeros((4, 4), np.float32)
    return Sheet((-2.0, -2.0), 1.0, np.full((4, 4, 4), (0.2, 0.2, 0.2, 0.0), np.float32), (flat, flat))


def test_a_box_covers_its_size_and_stands_at_its_height() -> None:
    surface = rasterise(pack([make.box((4.0, 2.0, 1.5), MATT)]), straight_down())
    seen = surface.solid == 0
    assert seen.sum() == 40 * 20
    assert surface.depth[seen] == pytest.approx(15.0)
    assert surface.depth[~seen] == pytest.approx(0.0, abs=1e-6)


def test_a_ball_is_a_disc_of_its_radius_with_normals_from_its_centre() -> None:
    scene = pack([make.ellipsoid((2.0, 2.0, 2.0), MATT, at=np.array([0.5, -0.5, 2.0]))])
    view = straight_down()
    surface = rasterise(scene, view)
    seen = surface.solid == 0
    assert seen.sum() == pytest.approx(np.pi * 20**2, rel=0.01)
    facing = normals(scene, surface, view)
    rows, columns = np.nonzero(seen)
    middle = np.array([55.0, 35.0, 20.0])
    points = np.stack([columns + 0.5, rows + 0.5, surface.depth[seen]], axis=1) - middle
    assert pytest.approx(points / 20, abs=1e-3) == facing[:, seen].T


def test_normals_have_length_one_and_face_the_viewer() -> None:
    solids = [
        make.pin(1.0, 3.0, 0.5, MATT),
        make.cylinder(1.0, 2.0, MATT, hollow=0.2, at=np.array([3.0, 0.0, 0.0])),
        make.tray((2.0, 2.0, 1.0), 0.2, 0.2, MATT, at=np.array([-3.0, 0.0, 0.0])),
        make.rod((-2.0, 2.0, 0.3), (2.0, 2.5, 0.8), 0.3, MATT),
        make.dome((1.0, 0.5, 0.5), MATT, at=np.array([0.0, -3.0, 0.0])),
    ]
    view = oblique(25)
    surface = rasterise(pack(solids), view)
    assert set(np.unique(surface.solid)) == {-1, 0, 1, 2, 3, 4}
    facing = normals(pack(solids), surface, view)
    assert np.sqrt((facing**2).sum(0)) == pytest.approx(1, abs=1e-4)
    assert facing[2].min() > 0


def test_the_nearer_of_two_bodies_hides_the_other_whatever_their_order() -> None:
    low = make.box((4.0, 4.0, 1.0), MATT, tag="low")
    high = make.cylinder(1.0, 2.0, MATT, tag="high")
    for solids in ([low, high], [high, low]):
        surface = rasterise(pack(solids), straight_down())
        assert solids[surface.solid[40, 50]].tag == "high"
        assert solids[surface.solid[40, 35]].tag == "low"


def test_a_cup_shows_its_floor_inside_and_its_rim_above() -> None:
    surface = rasterise(pack([make.cylinder(2.0, 3.0, MATT, hollow=0.5)]), straight_down())
    assert surface.inner[40, 50]
    assert surface.depth[40, 50] == pytest.approx(5.0)
    assert not surface.inner[40, 50 + 18]
    assert surface.depth[40, 50 + 18] == pytest.approx(30.0)


def test_a_tilted_view_lifts_what_stands_up() -> None:
    surface = rasterise(pack([make.cylinder(0.5, 3.0, MATT)]), oblique(30))
    rows = np.flatnonzero((surface.solid == 0).any(1))
    # The top's far edge: 3 mm up, seen at 30 degrees, and half a millimetre further back.
    assert rows[0] == pytest.approx(40 - 30 * np.sin(np.radians(30)) - 5 * np.cos(np.radians(30)), abs=1)


@pytest.mark.parametrize("turn", [rotation("z", 30), rotation("x", 40) @ rotation("z", 10)])
def test_a_turned_body_is_the_body_in_a_view_turned_back(turn: Array) -> None:
    body = make.prism([(-1.0, -1.0), (2.0, -0.5), (0.0, 1.5)], 1.0, MATT, at=np.array([0.0, 0.0, 5.0]))
    turned = rasterise(pack([body.turned(turn)]), straight_down())
    view = View(np.eye(3) @ turn, np.zeros(3), 10.0, (80, 100))
    assert np.mean((turned.solid == 0) != (rasterise(pack([body]), view).solid == 0)) < 0.002


def test_the_shadow_falls_away_from_the_light() -> None:
    scene = pack([make.box((1.0, 1.0, 2.0), MATT)])
    view = straight_down()
    surface = rasterise(scene, view)
    lit = shadow(scene, surface, normals(scene, surface, view), view, Light((-1.0, 0.0, 1.0)))
    assert lit[40, 60] < 0.3  # to the right, within two millimetres of the foot
    assert lit[40, 38] == 1
    assert lit[40, 90] == 1
    assert lit[10, 10:90] == pytest.approx(1)  # the ground does not shade itself
    assert lit[40, 50] == 1  # the top itself


def picture(solids: list[Solid], shot: Shot, size: tuple[int, int] = (48, 64)) -> np.ndarray:
    return develop(expose(solids, shot, sheet(), size), shot, np.random.default_rng(0))


def test_more_light_is_brighter_and_blur_softens_edges() -> None:
    solids = [make.box((4.0, 4.0, 1.0), TIN)]
    shot = Shot(Light((-0.5, -0.5, 1.0)), noise=0.0)
    plain = picture(solids, shot)
    assert plain.shape == (48, 64, 3)
    assert plain.dtype == np.uint8
    bright = picture(solids, Shot(Light((-0.5, -0.5, 1.0)), noise=0.0, exposure=1.5))
    soft = picture(solids, Shot(Light((-0.5, -0.5, 1.0)), noise=0.0, soften=2.0))
    assert bright.mean() > plain.mean() + 5

    def sharpness(image: np.ndarray) -> float:
        return float(np.abs(np.diff(image.astype(float), axis=1)).max())

    assert sharpness(soft) < 0.7 * sharpness(plain)


def test_the_same_seed_gives_the_same_bytes() -> None:
    solids = [
        make.pin(1.0, 3.0, 0.5, TIN),
        make.ellipsoid((1.0, 1.0, 1.0), MATT, at=np.array([2.0, 0.0, 1.0])),
    ]
    shot = Shot(Light((0.5, -0.5, 1.0)), noise=2.0)
    assert picture(solids, shot).tobytes() == picture(solids, shot).tobytes()


def test_a_scene_without_solids_shows_the_ground() -> None:
    assert picture([], Shot(Light((0.0, 0.0, 1.0)), noise=0.0)).std() < 20

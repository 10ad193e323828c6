import numpy as np
import pytest

from scenes import solid as make
from scenes.camera import Picture
from scenes.everyday import KINDS, Kind, Thing, build, render_pair, scaled
from scenes.material import Material
from scenes.raster import View, pack, rasterise
from scenes.things import COLOURS, METALS, THINGS


def gap(first: Picture, second: Picture) -> np.ndarray:
    return np.asarray(np.abs(first.astype(int) - second.astype(int)).max(2))


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_is_seen_in_its_box(kind: Kind) -> None:
    pair = render_pair(4, "easy", [kind], fine=1)
    (change,) = pair.differences
    assert change.kind == kind
    x1, y1, x2, y2 = (int(side) for side in change.box)
    seen = gap(pair.reference, pair.test) > 25
    assert seen[y1:y2, x1:x2].mean() > 0.1
    outside = seen.copy()
    outside[max(0, y1 - 45) : y2 + 45, max(0, x1 - 45) : x2 + 45] = False  # its shadow lies beside it
    assert outside.mean() < 0.02


@pytest.mark.parametrize("kind", KINDS)
def test_the_spec_says_what_was_done(kind: Kind) -> None:
    spec = render_pair(9, "medium", [kind], size=(72, 96), fine=1).spec
    before = {thing["name"]: thing for thing in spec["before"]}
    after = {thing["name"]: thing for thing in spec["after"]}
    changed = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    assert len(before.keys() ^ after.keys()) + len(changed) == 1
    assert (before.keys() > after.keys()) == (kind == "missing")
    assert (before.keys() < after.keys()) == (kind == "added")
    for name in changed:
        differing = {key for key in before[name] if before[name][key] != after[name][key]}
        assert differing <= {"colour": {"colour"}, "size": {"factor"}, "moved": {"x", "y"}}[kind]


def test_a_good_pair_has_the_same_objects() -> None:
    pair = render_pair(2, "hard", [], size=(72, 96), fine=1)
    assert pair.differences == ()
    assert pair.spec["before"] == pair.spec["after"]
    assert gap(pair.reference, pair.test).mean() > 0.5


@pytest.mark.parametrize("name", THINGS)
def test_every_object_stands_on_the_ground_within_its_circle(name: str) -> None:
    thing = Thing(name, THINGS[name].colours[0], 0.0, 0.0, 0.0)
    solids = build([thing])
    view = View(np.eye(3), np.zeros(3), 10.0, (160, 160))
    surface = rasterise(pack(solids), view)
    rows, columns = np.nonzero(surface.solid >= 0)
    assert len(rows) > 200
    distance = np.hypot(rows + 0.5 - 80, columns + 0.5 - 80) / 10
    assert distance.max() <= thing.radius + 0.5
    assert set(THINGS[name].colours) <= {*COLOURS, *METALS}


def test_a_scaled_body_is_larger_in_every_direction() -> None:
    stuff = Material((0.5, 0.5, 0.5))
    view = View(np.eye(3), np.zeros(3), 10.0, (100, 100))
    for solid in (make.cylinder(1.0, 2.0, stuff, hollow=0.2), make.ellipsoid((1.0, 2.0, 1.0), stuff)):
        once, twice = (rasterise(pack([scaled(solid, factor)]), view) for factor in (1.0, 2.0))
        assert (twice.solid == 0).sum() == pytest.approx(4 * (once.solid == 0).sum(), rel=0.02)
        assert twice.depth.max() == pytest.approx(2 * once.depth.max(), rel=0.01)

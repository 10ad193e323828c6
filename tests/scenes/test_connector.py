import numpy as np
import pytest

from kurabe.common.vocabulary import Box
from scenes.camera import Picture
from scenes.connector import SAYS, SIZE, render_pair
from scenes.pair import GRADES, Grade, enclosing, region
from scenes.part import KINDS, Flaw, Kind, Part, build, pin_tag

HEADER = Part("header", rows=2, pins=4, housing="black", metal="gold", height=4.0)


def gap(first: Picture, second: Picture) -> np.ndarray:
    return np.asarray(np.abs(first.astype(int) - second.astype(int)).max(2))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("grade", GRADES)
def test_a_flaw_changes_the_picture_in_its_box_and_its_shadow_alone(kind: Kind, grade: Grade) -> None:
    flawed = render_pair(7, grade, [kind])
    (change,) = flawed.differences
    assert change.kind == kind
    assert change.says == SAYS[kind]
    x1, y1, x2, y2 = (int(side) for side in change.box)
    assert 0 <= x1 < x2 <= SIZE[1]
    assert 0 <= y1 < y2 <= SIZE[0]
    assert (x2 - x1) * (y2 - y1) < 0.12 * SIZE[0] * SIZE[1]
    # The same shot of the good part: the shot is drawn before the flaws of the first attempt.
    good = render_pair(7, grade, [])
    if good.spec["shots"] == flawed.spec["shots"]:
        far = gap(good.test, flawed.test).astype(float)
        margin = 40
        assert far[y1:y2, x1:x2].max() > 20
        far[max(0, y1 - margin) : y2 + margin, max(0, x1 - margin) : x2 + margin] = 0
        assert np.percentile(far, 99.5) < 12


@pytest.mark.parametrize("grade", GRADES)
def test_a_good_pair_differs_in_light_and_pose_and_has_no_differences(grade: Grade) -> None:
    pair = render_pair(3, grade, [])
    assert pair.differences == ()
    assert pair.reference.shape == pair.test.shape == (*SIZE, 3)
    assert gap(pair.reference, pair.test).mean() > 1
    assert pair.spec["flaws"] == []


def test_harder_grades_have_smaller_flaws() -> None:
    areas = []
    for grade in GRADES:
        boxes = [render_pair(seed, grade, ["foreign"], fine=1).differences[0].box for seed in range(4)]
        areas.append(np.mean([(box.x2 - box.x1) * (box.y2 - box.y1) for box in boxes]))
    assert areas[0] > areas[1] > areas[2]


def test_the_reference_depends_on_its_own_seed_alone() -> None:
    first = render_pair(1, "easy", ["bent"], reference_seed=9)
    second = render_pair(2, "easy", ["missing"], reference_seed=9)
    other = render_pair(1, "easy", ["bent"], reference_seed=10)
    assert first.reference.tobytes() == second.reference.tobytes()
    assert first.reference.tobytes() != other.reference.tobytes()


def test_the_same_seed_gives_the_same_pair_and_another_seed_another() -> None:
    def take(seed: int) -> tuple[bytes, object]:
        pair = render_pair(seed, "medium", size=(72, 96), fine=1)
        return pair.test.tobytes(), pair.differences

    assert take(5) == take(5)
    assert take(5)[0] != take(6)[0]


def test_several_flaws_concern_different_pins() -> None:
    pair = render_pair(12, "medium", ["missing", "bent", "bridged"])
    assert [change.kind for change in pair.differences] == ["missing", "bent", "bridged"]
    assert len({change.where for change in pair.differences}) == 3


def test_pairs_without_given_kinds_are_good_or_have_up_to_three_flaws() -> None:
    counts = [len(render_pair(seed, "easy", size=(72, 96), fine=1).differences) for seed in range(16)]
    assert 0 in counts
    assert 1 in counts
    assert max(counts) <= 3


def test_a_missing_pin_leaves_all_others() -> None:
    tags = {solid.tag for solid in build(HEADER, [Flaw("missing", 2, 3)])}
    everything = {pin_tag(row, pin) for row in (1, 2) for pin in (1, 2, 3, 4)}
    assert everything - tags == {pin_tag(2, 3)}


def test_a_bent_pin_keeps_its_foot_and_moves_its_tip() -> None:
    def of(flaws: list[Flaw]) -> tuple[np.ndarray, np.ndarray]:
        (solid,) = [solid for solid in build(HEADER, flaws) if solid.tag == pin_tag(1, 2)]
        return solid.at, solid.at + solid.turn @ np.array([0, 0, HEADER.height])

    foot, tip = of([])
    bent_foot, bent_tip = of([Flaw("bent", 1, 2, (0.9, -0.4))])
    assert bent_foot == pytest.approx(foot)
    assert (bent_tip - tip)[:2] == pytest.approx([0.9, -0.4])
    assert bent_tip[2] < tip[2]


def test_rows_count_downwards_and_pins_to_the_right() -> None:
    assert HEADER.place(2, 1)[1] > HEADER.place(1, 1)[1]
    assert HEADER.place(1, 2)[0] > HEADER.place(1, 1)[0]


def test_boxes_enclose_exactly_and_regions_are_named_by_ninths() -> None:
    mask = np.zeros((90, 90), bool)
    mask[4:9, 60:75] = True
    box = enclosing(mask)
    assert box == Box(60, 4, 75, 9)
    assert region(box, (90, 90)) == "upper right"
    assert region(Box(40, 40, 50, 50), (90, 90)) == "centre"
    assert region(Box(40, 80, 50, 90), (90, 90)) == "lower"
    with pytest.raises(ValueError, match="nothing"):
        enclosing(np.zeros((4, 4), bool))

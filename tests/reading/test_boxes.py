"""Boxes in words: every form that models are known to write, and nothing that only looks like one."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kurabe.answering.requests import place_of
from kurabe.common.request import Place
from kurabe.common.vocabulary import Box, BoxForm, Layout
from kurabe.imaging.content import Shown
from kurabe.imaging.layout import lay_out
from kurabe.reading import read_grounded
from kurabe.reading.boxes import find_boxes

ONE = Box(100, 200, 300, 400)
TWO = Box(10, 20, 30.5, 40)
QWEN = (
    '[{"bbox_2d": [100, 200, 300, 400], "label": "missing pin"}, '
    '{"bbox_2d": [10, 20, 30.5, 40], "label": "dent"}]'
)


@pytest.mark.parametrize(
    ("form", "text", "boxes", "labels"),
    [
        ("0-1000", QWEN, (ONE, TWO), ("missing pin", "dent")),
        ("pixels", QWEN, (ONE, TWO), ("missing pin", "dent")),
        ("0-1000", f"```json\n{QWEN}\n```", (ONE, TWO), ("missing pin", "dent")),
        ("0-1000", f"Two places differ:\n```json\n{QWEN}\n```\nBoth are in the upper row.", (ONE, TWO), None),
        ("0-1000", '{"bbox_2d": [100, 200, 300, 400], "label": "scratch"}', (ONE,), ("scratch",)),
        ("0-1000", '{"differences": [{"box": [100, 200, 300, 400]}]}', (ONE,), ("",)),
        ("0-1000", "[[100, 200, 300, 400]]", (ONE,), ("",)),
        ("0-1000", "[100, 200, 300, 400]", (ONE,), ("",)),
        ("0-1000", "[{'bbox': [100, 200, 300, 400], 'score': 0.9},]", (ONE,), ("",)),
        ("0-1000", '[{"label": "chip", "bounding_box": [100, 200, 300, 400]}]', (ONE,), ("chip",)),
        ("0-1000", "<ref>missing pin</ref><box>[[100, 200, 300, 400]]</box>", (ONE,), ("missing pin",)),
        ("0-1000", "<box>[[100,200,300,400], [10, 20, 30.5, 40]]</box>", (ONE, TWO), ("", "")),
        ("0-1000", "<ref>dent</ref><box>(100,200),(300,400)</box>", (ONE,), ("dent",)),
        ("0-1000-yx", '[{"box_2d": [200, 100, 400, 300], "label": "burr"}]', (ONE,), ("burr",)),
        ("0-1000-yx", "[[200, 100, 400, 300]]", (ONE,), ("",)),
        ("0-1", '[{"bbox": [0.1, 0.2, 0.3, 1]}]', (Box(0.1, 0.2, 0.3, 1),), ("",)),
        ("0-1000", "[]", (), ()),
        ("0-1000", "```json\n[]\n```", (), ()),
        ("0-1000", '{"defects": []}', (), ()),
        ("0-1000", "No difference.", None, ()),
        ("0-1000", "The pin at the left is missing.", None, ()),
    ],
)
def test_the_forms_that_models_write(
    form: BoxForm, text: str, boxes: tuple[Box, ...] | None, labels: tuple[str, ...] | None
) -> None:
    found = find_boxes(text, form)
    assert found.reason == ""
    assert found.boxes == boxes
    if labels is not None:
        assert found.labels == labels


@pytest.mark.parametrize(
    ("form", "text", "why"),
    [
        ("0-1000", '[{"box_2d": [200, 100, 400, 300]}]', "'box_2d' holds [top, left, bottom, right]"),
        ("0-1000-yx", QWEN, "'bbox_2d' holds [left, top, right, bottom]"),
        ("0-1000-yx", "<box>[[100, 200, 300, 400]]</box>", "holds the horizontal coordinate first"),
        ("0-1000", "[[100, 200, 1300, 400]]", "the box [100, 200, 1300, 400] lies outside of 0-1000"),
        ("0-1000", "[[-1, 200, 300, 400]]", "lies outside"),
        ("0-1", "[[0.1, 0.2, 0.3, 4]]", "lies outside of 0-1"),
        ("0-1000", "[[0.1, 0.2, 0.3, 0.4]]", "holds shares of the picture"),
        ("pixels", "[[0.1, 0.2, 0.3, 0.4]]", "holds shares of the picture"),
        ("0-1000", "[[300, 200, 100, 400]]", "is empty: the form is [left, top, right, bottom]"),
        ("0-1000", "[[100, 200, 100, 400]]", "is empty"),
        ("0-1000", '[{"bbox_2d": [100, 200, 300]}]', "does not hold one box of four numbers"),
        ("0-1000", '[{"bbox_2d": [100, 200, 300, "400"]}]', "does not hold one box"),
        ("0-1000", '[{"bbox_2d": [100, 200, 300, true]}]', "does not hold one box"),
        ("0-1000", '[{"bbox": [1, 2, 3, 4], "bbox_2d": [1, 2, 3, 4]}]', "does not hold one box"),
        ("0-1000", '[{"bbox_2d": [1, 2, 3, 4], "image": 1}]', "'image' says in which picture a box is"),
        ("0-1000", '[{"label": "missing pin"}]', "an object with 'label' does not hold one box"),
        ("0-1000", '["missing pin"]', "an entry of the list is no box"),
        ("0-1000", '{"verdict": "different"}', "an object with 'verdict' holds no box"),
        ("0-1000", QWEN[:60], "the list of boxes is cut off, or no JSON"),
        ("0-1000", "<box>[[100, 200, 300, 400]]</box><box>[[10,", "cut off within a box"),
        ("0-1000", "<box>upper left</box>", "<box> holds 'upper left', and no four numbers"),
    ],
)
def test_what_does_not_have_the_form_is_not_guessed(form: BoxForm, text: str, why: str) -> None:
    found = find_boxes(text, form)
    assert found.boxes is None
    assert why in found.reason


PLACE = Place(0, (1000, 1000), 0, 0, (1000, 1000))


@pytest.mark.parametrize(
    ("text", "verdict", "boxes", "why"),
    [
        (QWEN, "different", (ONE, TWO), ""),
        ("[]", "same", (), ""),
        ("No difference.", "same", (), ""),
        ("The two pictures are identical: []", "same", (), ""),
        ("The pin at the left is missing.", None, None, "differences are named without boxes"),
        ("A pin is missing: []", None, None, "there is no box, and words name a difference"),
        (f"{QWEN}\nThere is no difference.", None, None, "there are boxes, and words that say that nothing"),
        ('[{"bbox_2d": [1, 2, 3, 4], "label": "no difference"}]', None, None, "called 'no difference'"),
        ("Perhaps.", None, None, ""),
        ("", None, None, "the answer is empty"),
    ],
)
def test_words_and_boxes_must_agree(
    text: str, verdict: str | None, boxes: tuple[Box, ...] | None, why: str
) -> None:
    reading, found = read_grounded(text, "en", "0-1000", PLACE)
    assert (reading.verdict, found) == (verdict, boxes)
    assert why in reading.reason
    assert bool(reading.reason) == (verdict is None)


def test_what_is_read_names_labels_and_the_form() -> None:
    reading, _ = read_grounded(QWEN.replace(', "label": "dent"', ""), "en", "0-1000", PLACE)
    assert reading.items == ("missing pin", "box 10, 20, 30.5, 40")
    assert reading.rule == "2 boxes (0-1000)"
    said, found = read_grounded("違いはありません", "ja", "0-1000", PLACE)
    assert (said.verdict, found) == ("same", ())


def test_pixels_beyond_the_picture_are_another_form() -> None:
    place = Place(0, (640, 480), 0, 0, (640, 480))
    reading, found = read_grounded("[[10, 10, 900, 400]]", "en", "pixels", place)
    assert (reading.reason, found) == ("a box leaves the picture of 640 x 480 pixels", None)
    assert read_grounded("[[10, 10, 641, 480]]", "en", "pixels", place)[1] == (Box(10, 10, 640, 480),)


def test_a_box_on_the_good_part_stays_outside_of_the_test_picture() -> None:
    place = Place(0, (100, 210), 0, 110, (100, 100))
    _, found = read_grounded("[[10, 20, 30, 40], [10, 90, 30, 150]]", "en", "pixels", place)
    assert found == (Box(10, -90, 30, -70), Box(10, 0, 30, 40))


edges = st.tuples(st.integers(0, 999), st.integers(0, 999)).filter(lambda pair: pair[0] < pair[1])
sizes = st.tuples(st.integers(20, 90), st.integers(20, 90))


@given(
    sizes,
    sizes,
    st.sampled_from(["stacked", "side-by-side", "separate"]),
    st.sampled_from(["0-1000", "0-1000-yx", "0-1", "pixels"]),
    edges,
    edges,
    st.booleans(),
    st.sampled_from([0.5, 1.0, 1.7]),
)
def test_a_box_comes_back_to_where_it_is_in_the_test_picture(
    reference: tuple[int, int],
    test: tuple[int, int],
    layout: Layout,
    form: BoxForm,
    across: tuple[int, int],
    down: tuple[int, int],
    swapped: bool,
    scale: float,
) -> None:
    pictures = Image.new("RGB", reference), Image.new("RGB", test)
    pair = pictures[::-1] if swapped else pictures
    shown = Shown(pictures, pair, lay_out(pair, layout), swapped=swapped)
    # A box of the test picture, painted where the model is shown it.
    left, right = (edge / 999 * test[0] for edge in across)
    top, bottom = (edge / 999 * test[1] for edge in down)
    spot = Image.new("RGB", test, "white")
    where = lay_out((spot, pictures[0]) if swapped else (pictures[0], spot), layout)
    index = next(n for n, each in enumerate(where) if each.convert("L").getextrema()[1] == 255)
    corner = where[index].getbbox()
    assert corner is not None
    width, height = where[index].size
    box = (corner[0] + left, corner[1] + top, corner[0] + right, corner[1] + bottom)
    seen = [(math.ceil(w * scale), math.ceil(h * scale)) for w, h in (each.size for each in where)]
    counts: dict[str, tuple[int, int]] = {"pixels": seen[index], "0-1": (1, 1)}
    whole = counts.get(form, (1000, 1000))
    across_, down_ = whole[0] / width, whole[1] / height
    x1, y1, x2, y2 = box[0] * across_, box[1] * down_, box[2] * across_, box[3] * down_
    x1, y1, x2, y2 = (round(edge, 6) for edge in (x1, y1, x2, y2))  # 1000.0000000001 is beyond the edge
    told = [y1, x1, y2, x2] if form == "0-1000-yx" else [x1, y1, x2, y2]
    if form != "0-1" and max(told) <= 1:
        return  # shares, to anybody who reads it
    key = "box_2d" if form == "0-1000-yx" else "bbox_2d"
    text = json.dumps([{key: told, "label": "dent"}])
    reading, found = read_grounded(text, "en", form, place_of(shown, layout), seen)
    assert reading.verdict == "different", reading.reason
    assert found is not None
    assert found[0] == pytest.approx((left, top, right, bottom), abs=0.02)


@given(st.text(alphabet='[]{}":,<>/box2d0123456789. -', max_size=80), st.sampled_from(["0-1000", "pixels"]))
def test_no_text_breaks_the_reader(text: str, form: BoxForm) -> None:
    found = find_boxes(text, form)
    assert not (found.reason and found.boxes is not None)
    assert found.boxes is None or len(found.boxes) == len(found.labels)
    for box in found.boxes or ():
        assert box.x1 < box.x2
        assert box.y1 < box.y2

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageEnhance
from pydantic import ValidationError

from kurabe.common.errors import ImageError
from kurabe.common.request import Request
from kurabe.common.vocabulary import Box, QuestionKind, Relation
from kurabe.imaging.load import load_image
from kurabe.models.engines.inspecting import sentence
from kurabe.models.engines.pixel_diff import AlignedSettings, PixelDiff, PixelDiffSettings, inspect
from kurabe.models.protocol import Engine
from kurabe.reading import read
from tests.support.heat import strength_of

PAIRS = Path(__file__).parents[4] / "shared" / "data" / "pairs"


def board(seed: int = 0, noise: float = 2.0) -> Image.Image:
    """A green board with pads and traces; the seed changes noise only."""
    picture = Image.new("RGB", (320, 240), (30, 90, 50))
    draw = ImageDraw.Draw(picture)
    layout = np.random.default_rng(42)
    for _ in range(30):
        x, y = layout.integers((10, 10), (290, 210))
        w, h = layout.integers(8, 30, 2)
        colour = [(200, 170, 60), (170, 180, 190), (20, 20, 25)][int(layout.integers(3))]
        draw.rectangle((x, y, x + w, y + h), fill=colour)
    for y in range(20, 230, 35):
        draw.line((0, y, 320, y + 8), fill=(120, 160, 70), width=3)
    values = np.asarray(picture) + np.random.default_rng(seed).normal(0, noise, (240, 320, 3))
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def with_spots(picture: Image.Image, spots: list[tuple[int, int]], size: int = 12) -> Image.Image:
    picture = picture.copy()
    draw = ImageDraw.Draw(picture)
    for x, y in spots:
        draw.rectangle((x, y, x + size - 1, y + size - 1), fill=(250, 250, 250))
    return picture


def request(pair: tuple[Image.Image, ...], question: QuestionKind, relation: Relation = "aligned") -> Request:
    return Request("suite/case", question, "?", pair, pair, relation)


def test_it_is_an_engine_that_needs_nothing() -> None:
    engine: Engine = PixelDiff()
    engine.load()
    assert engine.readiness().ready
    assert engine.needs().memory == 0
    assert engine.questions == {"verdict", "differences", "count"}
    engine.unload()


@pytest.mark.parametrize("relation", ["aligned", "instance"])
@pytest.mark.parametrize("motion", [(0, 0), (14, -9)])
def test_its_heat_map_lies_over_the_test_picture(relation: Relation, motion: tuple[int, int]) -> None:
    reference = board()
    test = ImageChops.offset(with_spots(board(1), [(200, 120)], 24), *motion)
    heat = strength_of(inspect(reference, test, relation).heat)
    assert heat.shape == (48, 64)
    # What lay at the rim has come in on the other side; that is not looked at here.
    inner = heat[6:-6, 6:-6]
    row, column = np.unravel_index(inner.argmax(), inner.shape)
    assert abs((column + 6.5) * 5 - 212 - motion[0]) <= 17
    assert abs((row + 6.5) * 5 - 132 - motion[1]) <= 17
    if relation == "aligned":
        assert inner.max() > 1  # the verdict is "different"


@pytest.mark.parametrize("size", [(1600, 1200), (700, 500)])
def test_a_thin_line_is_in_the_heat_map_of_a_large_picture(size: tuple[int, int]) -> None:
    pictures = []
    for width in (2, 1):
        picture = Image.new("RGB", size, (200, 200, 200))
        draw = ImageDraw.Draw(picture)
        draw.rectangle((50, 50, 150, 120), fill=(60, 60, 60))
        draw.line((200, 301, size[0] - 200, 301), fill=(0, 0, 0), width=width)
        pictures.append(picture)
    found = inspect(pictures[0], pictures[1], "aligned")
    assert found.verdict == "different"
    heat = strength_of(found.heat)
    assert heat.max() >= 0.9
    row = np.unravel_index(heat.argmax(), heat.shape)[0]
    assert abs((row + 0.5) / heat.shape[0] * size[1] - 301) < size[1] / heat.shape[0]


@pytest.mark.parametrize("light", [0.75, 1.0, 1.2])
@pytest.mark.parametrize("shift", [0, 3])
def test_light_noise_and_shift_are_no_difference(light: float, shift: int) -> None:
    test = ImageEnhance.Brightness(board(1, noise=4)).enhance(light)
    test = test.transform(test.size, Image.Transform.AFFINE, (1, 0, shift, 0, 1, -shift))
    found = inspect(board(0), test, "aligned")
    assert found.verdict == "same"
    assert found.p_different < 0.5


def bar(width: int, down: float = 0, seed: int = 0) -> Image.Image:
    """A bar of that width and a block, drawn four times as large, so that they may lie between pixels."""
    picture = Image.new("RGB", (4 * 320, 4 * 240), "white")
    draw = ImageDraw.Draw(picture)
    lower = round(4 * down)
    if width:
        draw.rectangle((240, 400 + lower, 1039, 399 + lower + 4 * width), fill=(220, 40, 40))
    draw.rectangle((80, 80 + lower, 320, 240 + lower), fill=(30, 30, 200))
    values = np.asarray(picture.resize((320, 240), Image.Resampling.BOX)).astype(float)
    values += np.random.default_rng(seed).normal(0, 2, values.shape)
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


@pytest.mark.parametrize(
    ("before", "after"), [(8, 5), (8, 4), (3, 1), (3, 5), (3, 7), (3, 0), (2, 0), (1, 0)]
)
def test_a_line_drawn_thinner_or_gone_is_seen(before: int, after: int) -> None:
    found = inspect(bar(before), bar(after, seed=1), "aligned")
    assert found.verdict == "different"
    assert found.p_different > 0.5
    (place,) = (finding.box for finding in found.findings)
    assert place.x1 <= 70 <= 250 <= place.x2
    assert 85 <= place.y1 < 100 + max(before, after)
    assert 100 < place.y2 <= 130


def test_lines_count_for_nothing_where_that_is_asked_for() -> None:
    none = PixelDiffSettings(aligned=AlignedSettings(lines=0))
    assert inspect(bar(8), bar(5, seed=1), "aligned", none).verdict == "same"


@pytest.mark.parametrize("width", [1, 2, 3, 8])
@pytest.mark.parametrize("down", [0, 0.25, 0.5, 1])
def test_a_line_between_other_pixels_is_the_same_line(width: int, down: float) -> None:
    test = ImageEnhance.Brightness(bar(width, down, seed=1)).enhance(0.9)
    assert inspect(bar(width), test, "aligned").verdict == "same"


def test_differences_are_found_counted_and_placed() -> None:
    spots = [(40, 190), (160, 85), (280, 20)]
    found = inspect(board(0), with_spots(board(1), spots), "aligned")
    assert found.verdict == "different"
    assert found.p_different > 0.9
    assert len(found.findings) == 3
    for x, y in spots:
        assert any(
            abs((f.box.x1 + f.box.x2) / 2 - (x + 6)) < 5 and abs((f.box.y1 + f.box.y2) / 2 - (y + 6)) < 5
            for f in found.findings
        )


def test_boxes_are_in_pixels_of_the_test_picture() -> None:
    test = with_spots(board(1), [(160, 85)])
    shifted = test.transform(test.size, Image.Transform.AFFINE, (1, 0, -9, 0, 1, -6))
    (finding,) = inspect(board(0), shifted, "aligned").findings
    assert abs((finding.box.x1 + finding.box.x2) / 2 - 175) < 4
    assert abs((finding.box.y1 + finding.box.y2) / 2 - 97) < 4
    assert finding.brightness > 20


@settings(max_examples=12, deadline=None)
@given(st.integers(20, 280), st.integers(20, 200))
def test_more_evidence_is_never_less_probable(x: int, y: int) -> None:
    reference = Image.new("RGB", (320, 240), (90, 90, 90))
    chances = []
    for level in (90, 100, 130, 180, 250):
        test = reference.copy()
        ImageDraw.Draw(test).rectangle((x, y, x + 9, y + 9), fill=(level, level, level))
        found = inspect(reference, test, "aligned")
        assert (found.p_different >= 0.5) == (found.verdict == "different")
        chances.append(found.p_different)
    assert chances == sorted(chances)
    assert chances[0] < 0.5 < chances[-1]


def test_the_words_are_what_the_bench_reads() -> None:
    none = inspect(board(0), board(1), "aligned")
    assert sentence(none.found.described, "verdict") == "No, there is no difference."
    assert sentence(none.found.described, "differences") == "No difference."
    assert sentence(none.found.described, "count") == "0"
    two = inspect(board(0), with_spots(board(1), [(40, 190), (280, 20)]), "aligned")
    assert sentence(two.found.described, "verdict").startswith("Yes, 2 differences: a change at the ")
    lines = sentence(two.found.described, "differences").splitlines()
    assert [line[:13] for line in lines] == ["1. a change a", "2. a change a"]
    assert {"lower left" in line for line in lines} == {True, False}
    assert all("brighter" in line and "px" in line for line in lines)
    assert sentence(two.found.described, "count") == "2"


@pytest.mark.parametrize("count", [1, 9, 11, 200])
@pytest.mark.parametrize("brightness", [-9.0, 0.0, 9.0])
def test_many_differences_are_read_as_well_as_few(count: int, brightness: float) -> None:
    found = inspect(board(0), with_spots(board(1), [(160, 85)]), "aligned")
    finding = replace(found.findings[0], box=Box(1000, 1000, 1999, 1999), brightness=brightness)
    many = replace(found, findings=(finding,) * count, size=(2000, 2000)).found.described
    assert read("verdict", sentence(many, "verdict"), "en").verdict == "different"
    assert len(read("differences", sentence(many, "differences"), "en").items) == min(count, 60)
    assert read("count", sentence(many, "count"), "en").count == count


def test_answers_come_for_every_request_and_a_bad_one_spoils_no_other() -> None:
    good = (board(0), with_spots(board(1), [(160, 85)]))
    requests = [
        request(good, "verdict"),
        request(good, "count"),
        request(good, "choice"),
        request(good[:1], "verdict"),
        request((board(0), board(1).resize((300, 200))), "verdict"),
        request((board(0), board(1)), "differences"),
    ]
    answers = dict(PixelDiff().answer(requests))
    assert sorted(answers) == list(range(6))
    assert answers[0].text.startswith("Yes, 1 difference")
    assert answers[0].boxes == answers[1].boxes
    assert answers[1].text == "1"
    assert answers[5].boxes == ()
    errors = {index: answer.error for index, answer in answers.items() if answer.error}
    assert sorted(errors) == [2, 3, 4]
    assert "320x240 and 300x200" in str(errors[4])


def test_specimens_may_differ_in_size() -> None:
    small = with_spots(board(1), [(150, 80)], size=60).resize((160, 120))
    found = inspect(board(0), small, "instance")
    assert found.verdict == "different"
    assert found.size == (160, 120)
    (x1, y1, x2, y2) = found.findings[0].box
    assert 60 < (x1 + x2) / 2 < 120
    assert 30 < (y1 + y2) / 2 < 80
    with pytest.raises(ImageError, match="320x240 and 160x120"):
        inspect(board(0), small, "aligned")


@pytest.mark.parametrize("relation", ["aligned", "instance"])
@pytest.mark.parametrize("size", [(1, 1), (2, 40), (16, 16), (64, 8)])
@pytest.mark.parametrize("colours", [("black", "black"), ("black", "white"), ("gray", (90, 10, 200))])
@pytest.mark.filterwarnings("error")
def test_odd_pictures_are_inspected(
    relation: Relation, size: tuple[int, int], colours: tuple[str, str | tuple[int, int, int]]
) -> None:
    reference, test = (Image.new("RGB", size, colour) for colour in colours)
    found = inspect(reference, test, relation)
    assert 0 <= found.p_different <= 1
    for finding in found.findings:
        assert 0 <= finding.box.x1 < finding.box.x2 <= size[0]
        assert 0 <= finding.box.y1 < finding.box.y2 <= size[1]


def test_settings_are_checked_and_part_of_the_fingerprint() -> None:
    coarse = PixelDiff(PixelDiffSettings(aligned=AlignedSettings(floor=40)))
    assert coarse.fingerprint() != PixelDiff().fingerprint() == PixelDiff().fingerprint()
    with pytest.raises(ValidationError, match="extra"):
        PixelDiffSettings.model_validate({"alinged": {}})
    with pytest.raises(ValidationError, match="greater than 0"):
        PixelDiffSettings.model_validate({"aligned": {"floor": 0}})


@pytest.mark.skipif(not PAIRS.is_dir(), reason="the shared real pairs are not beside the repository")
def test_real_board_scans_are_told_apart() -> None:
    import pandas as pd

    table = pd.read_csv(PAIRS / "pairs.csv")
    table = table[table.family == "deeppcb"].groupby("label").head(8)
    right = [
        inspect(load_image(PAIRS / row["before"]), load_image(PAIRS / row["after"]), "aligned").verdict
        == row["label"]
        for row in table.to_dict("records")
    ]
    assert sum(right) >= 15

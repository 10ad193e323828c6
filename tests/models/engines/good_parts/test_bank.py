"""Banks of good parts: parts that lie on each other, parts that do not, and what later sessions know."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from kurabe.common.request import Picture
from kurabe.imaging.content import content_id
from kurabe.models.engines.good_parts import backbone
from kurabe.models.engines.good_parts.backbone import Backbone, read_weights, weights_file
from kurabe.models.engines.good_parts.bank import Banks
from kurabe.models.engines.good_parts.features import laid
from kurabe.models.engines.good_parts.settings import GoodPartsSettings
from kurabe.models.engines.good_parts.store import Store

SETTINGS = GoodPartsSettings(long_side=320)
SPOT = (150, 120, 162, 132)
"""A defect on the board, in the board's own place."""


def board(seed: int, *, defect: bool = False, knob: bool = True) -> Picture:
    """A board with parts on it, somewhere in its picture; one part of it looks other on every board."""
    random = np.random.default_rng(seed)
    image = Image.new("RGB", (320, 256), (20, 90, 40))
    draw = ImageDraw.Draw(image)
    layout = np.random.default_rng(7)
    for _ in range(40):
        x, y = int(layout.integers(40, 260)), int(layout.integers(40, 200))
        tone = tuple(int(value) for value in layout.integers(0, 255, 3))
        w, h = (int(value) for value in layout.integers(6, 30, 2))
        draw.rectangle((x, y, x + w, y + h), fill=tone)
    if knob:
        tone = tuple(int(value) for value in random.integers(0, 255, 3))
        draw.rectangle((60, 60, 100, 100), fill=tone)
        draw.line((60, 60, int(random.integers(60, 100)), 100), fill=(255, 255, 255), width=4)
    if defect:
        draw.rectangle(SPOT, fill=(255, 255, 255))
        draw.line(SPOT, fill=(0, 0, 0), width=3)
    shift = tuple(int(value) for value in random.integers(-12, 13, 2))
    moved = image.transform(image.size, Image.Transform.AFFINE, (1, 0, -shift[0], 0, 1, -shift[1]))
    pixels = np.asarray(moved) + random.normal(0, 3, (256, 320, 3))
    made = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    return Picture(content_id(made), made.copy)


def banks(folder: Path | None = None) -> Banks:
    path = weights_file(SETTINGS, Path())
    assert isinstance(path, Path)
    return Banks(Backbone(path, SETTINGS), SETTINGS, Store(folder, "test"))


@pytest.fixture(scope="module")
def goods() -> list[Picture]:
    return [board(seed) for seed in range(6)]


def test_folded_norms_change_no_feature(monkeypatch: pytest.MonkeyPatch) -> None:
    path, picture = weights_file(SETTINGS, Path()), board(1).load()
    assert isinstance(path, Path)
    folded = Backbone(path, SETTINGS)(picture)
    monkeypatch.setattr(backbone, "_fold_norms", lambda network: None)
    for one, other in zip(folded, Backbone(path, SETTINGS)(picture), strict=True):
        torch.testing.assert_close(one, other, atol=2e-3, rtol=1e-3)
    assert len(read_weights(path, SETTINGS)) > 0


def test_a_motion_found_in_small_pictures_is_that_of_the_large_ones() -> None:
    large = board(3, knob=False).load().resize((640, 512), Image.Resampling.BICUBIC)
    moved = large.transform(large.size, Image.Transform.AFFINE, (1, 0, -14.0, 0, 1, 9.0))
    found = laid(large, moved)
    assert found is not None
    assert found.applied
    (_, _, c), (_, _, f) = found.transform
    assert found.shift == pytest.approx((14, -9), abs=0.7)
    assert (c, f) == pytest.approx((14, -9), abs=1.5)


def test_what_differs_on_every_board_is_no_defect_and_a_small_spot_is(goods: list[Picture]) -> None:
    judged = banks()
    good, bad = judged.judge(board(20), goods), judged.judge(board(21, defect=True), goods)
    assert good.score < bad.score
    assert bad.score > 1.2 * bad.threshold
    rows, columns = bad.distances.shape
    row, column = np.unravel_index(int(bad.distances.argmax()), bad.distances.shape)
    place = np.array([(column + 0.5) * 320 / columns, (row + 0.5) * 256 / rows, 1])
    shift = np.random.default_rng(21)
    shift.integers(0, 255, 3), shift.integers(60, 100)
    moved = shift.integers(-12, 13, 2)
    x, y = bad.motion @ place
    assert x == pytest.approx(156 + moved[0], abs=20)
    assert y == pytest.approx(126 + moved[1], abs=20)


def test_a_part_that_cannot_be_laid_on_the_others_is_judged_all_the_same(goods: list[Picture]) -> None:
    blank = Image.fromarray(np.random.default_rng(1).integers(0, 255, (256, 320, 3), dtype=np.uint8))
    found = banks().judge(Picture(content_id(blank), blank.copy), goods)
    np.testing.assert_array_equal(found.motion, [[1, 0, 0], [0, 1, 0]])
    assert found.learned
    assert found.score > found.threshold


def test_a_later_session_looks_at_no_good_part_again_and_says_the_same(
    goods: list[Picture], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = board(21, defect=True)
    first = banks(tmp_path).judge(test, goods)
    looked: list[Image.Image] = []
    call = Backbone.__call__

    def counted(network: Backbone, picture: Image.Image) -> list[torch.Tensor]:
        looked.append(picture)
        return call(network, picture)

    monkeypatch.setattr(Backbone, "__call__", counted)
    again = banks(tmp_path).judge(test, goods)
    assert len(looked) == 1
    np.testing.assert_array_equal(first.distances, again.distances)
    assert (first.score, first.threshold) == (again.score, again.threshold)
    for path in tmp_path.glob("*.npz"):
        path.write_bytes(path.read_bytes()[:200])
    mended = banks(tmp_path).judge(test, goods)
    assert len(looked) > 6
    np.testing.assert_array_equal(first.distances, mended.distances)


def test_the_order_of_the_bank_makes_no_difference(goods: list[Picture]) -> None:
    test = board(22, defect=True)
    one, other = banks().judge(test, goods), banks().judge(test, goods[::-1])
    assert one.score == pytest.approx(other.score, rel=1e-4)
    assert one.threshold == pytest.approx(other.threshold, rel=1e-4)

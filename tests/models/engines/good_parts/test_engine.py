"""good-parts: the packaged weights are the network's, and parts tell by themselves what is good."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image

from kurabe.common.errors import ModelError
from kurabe.common.request import Answer, Picture, Request
from kurabe.common.vocabulary import QuestionKind
from kurabe.imaging.content import content_id
from kurabe.models.engines.good_parts.backbone import Backbone, read_weights, timm_names, weights_file
from kurabe.models.engines.good_parts.engine import GoodParts
from kurabe.models.engines.good_parts.settings import GoodPartsSettings
from kurabe.models.engines.pixel_diff import PixelDiff
from kurabe.reading import read
from tests.support.heat import strength_of

SETTINGS = GoodPartsSettings(long_side=256)


def part(seed: int, spot: tuple[int, int] | None = None) -> Image.Image:
    """A plate of stripes with noise of its own, and a dark spot if wanted."""
    noise = np.random.default_rng(seed).normal(0, 4, (256, 256, 3))
    pixels = 128 + 40 * np.sin(np.arange(256) / 9)[:, None, None] + noise
    if spot is not None:
        x, y = spot
        pixels[y : y + 40, x : x + 40] = 10
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def named(picture: Image.Image) -> Picture:
    return Picture(content_id(picture), lambda: picture)


def asked(
    test: Image.Image, goods: Sequence[Image.Image], engine: GoodParts, *, exchanged: bool = False
) -> Answer:
    pair = (test, goods[0]) if exchanged else (goods[0], test)
    request = Request(
        "t", "verdict", "", pair, pair, "instance",
        references=(named(goods[0]),), suite=lambda: tuple(map(named, goods)),
    )  # fmt: skip
    ((_, answer),) = engine.answer([request])
    assert answer.error is None
    return answer


@pytest.fixture(scope="module")
def engine() -> GoodParts:
    made = GoodParts(SETTINGS)
    made.load()
    return made


def test_the_mapped_weights_give_what_the_packages_own_model_gives() -> None:
    import timm

    path = weights_file(SETTINGS, Path())
    assert isinstance(path, Path)
    ours = timm.create_model("tf_efficientnet_lite0", bn_eps=1e-3)
    ours.load_state_dict(dict(read_weights(path, SETTINGS)))
    theirs = EfficientNet.from_name("efficientnet-lite0")
    theirs.load_state_dict(torch.load(path, weights_only=True))
    pictures = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        torch.testing.assert_close(ours.eval()(pictures), theirs.eval()(pictures), atol=1e-3, rtol=1e-3)
    assert len(timm_names()) == len(ours.state_dict())


@pytest.mark.parametrize("strides", [(8, 16), (4, 32)])
@pytest.mark.parametrize("size", [(640, 640), (500, 333)])
def test_what_is_folded_changes_no_feature(strides: tuple[int, int], size: tuple[int, int]) -> None:
    """Norms, padding and stages that nobody asks for; against timm's network as it is."""
    import timm

    settings = SETTINGS.model_copy(update={"strides": strides})
    path = weights_file(settings, Path())
    assert isinstance(path, Path)
    backbone = Backbone(path, settings)
    pixels = np.random.default_rng(3).integers(0, 255, (*size[::-1], 3), np.uint8)
    picture = backbone.fitted(Image.fromarray(pixels))
    plain: Any = timm.create_model("tf_efficientnet_lite0", features_only=True, bn_eps=1e-3).eval()
    weights = read_weights(path, settings)
    plain.load_state_dict({name: weights[name] for name in plain.state_dict()})
    values = (np.asarray(picture, np.float32) / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    with torch.inference_mode():
        every = plain(torch.from_numpy(values).float().permute(2, 0, 1)[None])
    expected = [every[plain.feature_info.reduction().index(stride)][0] for stride in strides]
    found = backbone(picture)
    assert [each.shape for each in found] == [each.shape for each in expected]
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-3, rtol=1e-3)


def test_other_bytes_than_the_packages_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    path.write_bytes(b"something else")
    with pytest.raises(ModelError, match="SHA-256"):
        read_weights(path, SETTINGS)


def test_a_bad_part_is_found_among_good_ones_and_where_it_is_bad(engine: GoodParts) -> None:
    goods = [part(seed) for seed in range(6)]
    bad = asked(part(50, (96, 160)), goods, engine)
    assert bad.p_different is not None
    assert bad.p_different > 0.9
    assert bad.text.startswith("Yes")
    assert bad.boxes
    box = bad.boxes[0]
    assert box.x1 < 136
    assert box.x2 > 96
    assert box.y1 < 200
    assert box.y2 > 160
    # The heat map lies over the test picture, and is hottest where it is bad.
    assert bad.heat is not None
    heat = strength_of(bad.heat)
    row, column = (
        place / side * 256
        for place, side in zip(np.unravel_index(heat.argmax(), heat.shape), heat.shape, strict=True)
    )
    assert 96 - 8 <= column <= 136 + 8
    assert 160 - 8 <= row <= 200 + 8


def test_an_exchanged_pair_is_the_same_pair(engine: GoodParts) -> None:
    goods = [part(seed) for seed in range(6)]
    bad = part(50, (96, 160))
    assert asked(bad, goods, engine).p_different == asked(bad, goods, engine, exchanged=True).p_different


def test_a_test_picture_is_no_part_of_its_own_bank(engine: GoodParts) -> None:
    goods = [part(seed) for seed in range(6)]
    with_itself = asked(goods[3], goods, engine)
    without = asked(goods[3], [good for good in goods if good is not goods[3]], engine)
    assert with_itself == without or with_itself.p_different == without.p_different


def test_one_good_part_is_enough_and_the_case_can_be_all_there_is() -> None:
    goods = [part(seed) for seed in range(6)]
    alone = GoodParts(GoodPartsSettings(long_side=256, bank="case"))
    assert not alone.reads_suite
    good, bad = (asked(test, goods, alone).p_different for test in (part(51), part(50, (96, 160))))
    assert good is not None
    assert bad is not None
    assert good < bad
    assert asked(goods[1], goods, alone).p_different == asked(goods[1], goods[:1], alone).p_different


def test_weights_that_are_not_there_are_named() -> None:
    engine = GoodParts(GoodPartsSettings(weights="none.safetensors", backbone="resnet18"))
    readiness = engine.readiness()
    assert not readiness.ready
    assert "none.safetensors" in readiness.reason


def test_questions_about_one_pair_share_its_inspection_and_another_bank_does_not(engine: GoodParts) -> None:
    goods, pair = [part(seed) for seed in range(6)], (part(0), part(9, (100, 60)))

    def request(question: QuestionKind, bank: Sequence[Image.Image]) -> Request:
        return Request(
            "t", question, "", pair, pair, "instance",
            references=(named(goods[0]),), suite=lambda: tuple(map(named, bank)),
        )  # fmt: skip

    asked_for = [request("verdict", goods), request("differences", goods), request("verdict", goods[:2])]
    answers = [answer for _, answer in engine.answer(asked_for)]
    assert [answer.seconds is None for answer in answers] == [False, True, False]
    assert answers[0].p_different == answers[1].p_different != answers[2].p_different
    read_as = read("differences", answers[1].text, "en")
    assert answers[1].boxes
    assert len(read_as.items) == len(answers[1].boxes)


def test_aligned_pairs_are_pixel_diffs_and_need_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GoodParts, "_made", lambda engine: pytest.fail("the network is not needed"))
    pair = (part(1), part(1, (100, 60)))
    request = Request("t", "differences", "", pair, pair, "aligned", references=(named(pair[0]),))
    engine = GoodParts(SETTINGS)
    engine.load()
    ((_, ours),) = engine.answer([request])
    ((_, theirs),) = PixelDiff().answer([request])
    assert theirs.boxes
    assert (ours.text, ours.p_different, ours.boxes) == (theirs.text, theirs.p_different, theirs.boxes)


def test_few_good_parts_are_helped_by_what_pixel_diff_sees() -> None:
    goods, bad = [part(0)], part(50, (96, 160))
    with_it, without = (
        asked(bad, goods, GoodParts(GoodPartsSettings(long_side=256, joined=joined))).p_different
        for joined in (0.2, 0.0)
    )
    ((_, pixels),) = PixelDiff().answer(
        [Request("t", "verdict", "", (goods[0], bad), (goods[0], bad), "instance")]
    )
    assert pixels.p_different is not None
    assert with_it is not None
    assert without is not None
    assert pixels.p_different > 0.5
    assert with_it > without

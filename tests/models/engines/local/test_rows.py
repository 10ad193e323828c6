"""Rows hold what the families' processors give: the same ids, and the same pixels once normalised."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from PIL import Image

from kurabe.common.errors import ImageError, ModelError
from kurabe.common.request import Request
from kurabe.common.vocabulary import Layout
from kurabe.imaging.layout import lay_out
from kurabe.models import families
from kurabe.models.engines.local.rows import Preparer
from kurabe.models.families.inputs import prepare
from kurabe.models.families.phi3v_core.image_tokens import normalise
from kurabe.models.families.phi3v_core.processing import Phi3VProcessor
from kurabe.models.runtime.counts import Counts
from kurabe.models.runtime.prepared import Picture
from tests.support import checkpoints

SIZES = [(40, 40), (97, 31), (31, 97), (113, 112), (300, 50), (640, 480), (1, 4)]
LAYOUTS: list[Layout] = ["stacked", "side-by-side", "separate"]


def picture(size: tuple[int, int], seed: int = 0) -> Image.Image:
    pixels = np.random.default_rng([seed, *size]).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def request(pictures: tuple[Image.Image, ...], prompt: str = "Is there a difference?") -> Request:
    return Request("t", "verdict", prompt, pictures, pictures, "aligned")


@pytest.fixture(scope="module")
def phi3v() -> Any:
    words = checkpoints.tokenizer("<s>", "<|system|>", "<|endoftext|>")
    words.bos_token = "<s>"
    return Phi3VProcessor(words, num_crops=4, num_img_tokens=16, crop_size=112)


@pytest.fixture(scope="module", params=["MllamaImageProcessor", "MllamaImageProcessorPil"])
def mllama(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = checkpoints.golden_mllama(tmp_path_factory.mktemp("mllama"))
    processor: Any = transformers.AutoProcessor.from_pretrained(folder)
    backend: Any = getattr(transformers, request.param)
    processor.image_processor = backend(size={"height": 56, "width": 56}, max_image_tiles=4)
    return processor


def preparer(processor: Any, family: str, crops: int | None = None) -> Preparer:
    return made_with(processor, family, crops, Counts())


def made_with(processor: Any, family: str, crops: int | None, counts: Counts) -> Preparer:
    rows = families.of(family).rows(processor, crops)
    assert rows is not None
    return Preparer(rows, crops, "cpu", counts)


def expected(family: str, processor: Any, asked: Request, crops: int | None) -> dict[str, Any]:
    return prepare(families.of(family), processor, [asked.prompt], [asked.pictures], crops).tensors


def phi3v_values(processor: Any, made: Picture) -> Any:
    rows, columns = made.grid
    return normalise(made.crops[None], rows, columns, processor.image_mean, processor.image_std)[0]


@pytest.mark.parametrize("crops", [None, 1, 3, 16])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_phi3v_rows_are_what_the_processor_gives(phi3v: Any, layout: Layout, crops: int | None) -> None:
    ours = preparer(phi3v, "phi3_v", crops)
    for number, size in enumerate(SIZES[:-1]):
        asked = request(lay_out((picture(size), picture(SIZES[number - 1][::-1])), layout))
        theirs = expected("phi3_v", phi3v, asked, crops)
        row = ours.row(asked)
        assert row.ids == theirs["input_ids"][0].tolist()
        assert ours.length(asked) == row.length
        for place, made in enumerate(row.pictures):
            values = phi3v_values(phi3v, made)
            assert made.crops.dtype == torch.uint8
            assert made.tokens == row.ids.count(-place - 1)
            assert values.shape[0] == made.grid[0] * made.grid[1] + 1
            torch.testing.assert_close(
                theirs["pixel_values"][place, : len(values)], values, rtol=0, atol=1e-6
            )


def test_pictures_of_one_grid_are_normalised_together_as_alone(phi3v: Any) -> None:
    ours = preparer(phi3v, "phi3_v")
    row = ours.row(request((picture((97, 31)), picture((97, 31), seed=1))))
    together = normalise(
        torch.stack([made.crops for made in row.pictures]),
        *row.pictures[0].grid,
        torch.tensor(phi3v.image_mean),
        torch.tensor(phi3v.image_std),
    )
    for made, values in zip(row.pictures, together, strict=True):
        torch.testing.assert_close(phi3v_values(phi3v, made), values, rtol=0, atol=1e-6)


@pytest.mark.parametrize("crops", [None, 1, 2, 4])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_mllama_rows_are_what_the_processor_gives(mllama: Any, layout: Layout, crops: int | None) -> None:
    ours = preparer(mllama, "mllama", crops)
    images = mllama.image_processor
    mean, std = (torch.tensor(each).view(3, 1, 1) for each in (images.image_mean, images.image_std))
    for number, size in enumerate(SIZES):
        asked = request(lay_out((picture(size), picture(SIZES[number - 1])), layout))
        theirs = expected("mllama", mllama, asked, crops)
        row = ours.row(asked)
        assert row.ids == theirs["input_ids"][0].tolist()
        assert ours.length(asked) == row.length
        for place, made in enumerate(row.pictures):
            used = len(made.crops)
            assert made.aspect == int(theirs["aspect_ratio_ids"][0, place])
            assert used == made.grid[0] * made.grid[1] == int(theirs["aspect_ratio_mask"][0, place].sum())
            values = (made.crops.float() / 255 - mean) / std
            torch.testing.assert_close(theirs["pixel_values"][0, place, :used], values, rtol=0, atol=1e-6)
            assert not theirs["pixel_values"][0, place, used:].any()


def test_a_template_that_writes_the_first_token_is_not_given_another(phi3v: Any, mllama: Any) -> None:
    phi3v.tokenizer.chat_template = "<s>{{ messages[0]['content'] }}"
    try:
        asked = request((picture((40, 40)),))
        ids = preparer(phi3v, "phi3_v").row(asked).ids
        assert ids == expected("phi3_v", phi3v, asked, None)["input_ids"][0].tolist()
        assert ids[:2].count(phi3v.tokenizer.bos_token_id) == 1
    finally:
        phi3v.tokenizer.chat_template = None


def test_equal_pictures_are_cut_once_also_by_several_threads(phi3v: Any) -> None:
    counts = Counts()
    ours = made_with(phi3v, "phi3_v", None, counts)
    same = [picture((300, 200)) for _ in range(8)]
    requests = [request((shown, picture((200, 200), seed=place))) for place, shown in enumerate(same)]
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(ours.row, requests))
    assert counts.pictures_decoded == 1 + len(requests)
    assert len({row.pictures[0].digest for row in rows}) == 1
    assert len({row.pictures[1].digest for row in rows}) == len(requests)


def test_digests_tell_apart_what_gives_other_crops(phi3v: Any) -> None:
    wide, high = Image.new("RGB", (60, 30)), Image.new("RGB", (30, 60))  # of the same bytes
    dotted = wide.copy()
    dotted.putpixel((59, 29), (0, 0, 1))
    found = [
        preparer(phi3v, "phi3_v", crops).row(request((shown,))).pictures[0].digest
        for shown, crops in [(wide, 4), (high, 4), (dotted, 4), (wide, 2)]
    ]
    assert len(set(found)) == 4
    assert preparer(phi3v, "phi3_v", 4).row(request((wide.copy(),))).pictures[0].digest == found[0]


def test_a_row_that_is_made_ahead_is_given_once(phi3v: Any) -> None:
    ours = preparer(phi3v, "phi3_v")
    asked = request((picture((40, 40)),))
    ours.keep(asked)
    first = ours.row(asked)
    assert first.ids == ours.row(asked).ids
    assert not ours._kept


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        (lambda: request((picture((4000, 1)),)), ImageError, "too narrow"),
        (lambda: request((picture((9, 9)),), "What is <|image_2|>?"), ModelError, "exactly once"),
    ],
)
def test_what_cannot_be_taken_is_told_when_it_is_asked_and_not_ahead(
    phi3v: Any, asked: Callable[[], Request], error: type[Exception], message: str
) -> None:
    ours = preparer(phi3v, "phi3_v")
    bad = asked()
    ours.keep(bad)
    with pytest.raises(error, match=message):
        ours.row(bad)


def test_more_tiles_than_the_model_takes_are_an_error(mllama: Any) -> None:
    with pytest.raises(ModelError, match="at most 4 tiles"):
        preparer(mllama, "mllama", 5).row(request((picture((300, 50)),)))

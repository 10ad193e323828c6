"""The labels of a picture's tokens, and the head that is asked."""

import dataclasses
import math
from pathlib import Path

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from torch.nn.functional import cross_entropy

from kurabe.common.vocabulary import Box
from kurabe.finetune.encoding import Collator, encoder_for
from kurabe.finetune.spotting import SpotHead, weight_of
from kurabe.models.families.family import UNASKED, Marked
from kurabe.models.families.phi3v_core.image_tokens import tile
from kurabe.models.families.phi3v_core.spots import on_grid, on_tokens
from tests.finetune.made import loaded, records

SIDE, GRID = 336, 12


@st.composite
def pictures(draw: st.DrawFn) -> tuple[tuple[int, int], int, Marked]:
    """Return a size, the most crops, and a region with boxes."""
    width, height = draw(st.integers(16, 900)), draw(st.integers(16, 900))
    left, top = draw(st.integers(0, width - 8)), draw(st.integers(0, height - 8))
    region = Box(left, top, draw(st.integers(left + 8, width)), draw(st.integers(top + 8, height)))
    boxes = []
    for _ in range(draw(st.integers(0, 3))):
        x, y = draw(st.integers(left, int(region.x2) - 1)), draw(st.integers(top, int(region.y2) - 1))
        boxes.append(Box(x, y, draw(st.integers(x + 1, width + 9)), draw(st.integers(y + 1, height + 9))))
    return (width, height), draw(st.integers(4, 16)), Marked(0, region, tuple(boxes))


def covered(area: Box, size: tuple[int, int], num_crops: int) -> torch.Tensor:
    """Return which cells touch an area, by drawing it on the padded canvas."""
    tiling = tile(*size, num_crops, SIDE)
    lie = (tiling.short, tiling.long) if tiling.upright else (tiling.long, tiling.short)
    half = (tiling.crops_short * SIDE - tiling.short) // 2
    left, top = (half, 0) if tiling.upright else (0, half)
    cell = SIDE // GRID
    cells = torch.zeros(tiling.rows * GRID, tiling.columns * GRID, dtype=torch.bool)
    x1, x2 = (round(left + min(x * lie[0] / size[0], lie[0]), 6) for x in (area.x1, area.x2))
    y1, y2 = (round(top + min(y * lie[1] / size[1], lie[1]), 6) for y in (area.y1, area.y2))
    cells[int(y1 // cell) : math.ceil(y2 / cell), int(x1 // cell) : math.ceil(x2 / cell)] = True
    return cells


@given(pictures())
@example(((306, 16), 4, Marked(0, Box(0, 0, 153, 8), ())))
def test_labels_are_differences_within_the_region_and_nothing_elsewhere(
    drawn: tuple[tuple[int, int], int, Marked],
) -> None:
    size, num_crops, spots = drawn
    labels = on_grid(spots, size, num_crops, SIDE, GRID)
    tiling = tile(*size, num_crops, SIDE)
    assert labels.shape == (tiling.rows * GRID, tiling.columns * GRID)
    assert set(labels.unique().tolist()) <= {UNASKED, 0, 1}
    inside = covered(spots.region, size, num_crops)
    assert (labels[~inside] == UNASKED).all()
    assert (labels != UNASKED).any()
    shown = torch.zeros_like(inside)
    for box in spots.boxes:
        touched = covered(box, size, num_crops)
        shown |= touched
        assert (labels[touched] == 1).any(), "each difference is shown by a token at least"
    assert (labels[~shown] != 1).all()


@given(pictures())
def test_more_differences_never_unlabel_a_token(drawn: tuple[tuple[int, int], int, Marked]) -> None:
    size, num_crops, spots = drawn
    all_of_them = on_grid(spots, size, num_crops, SIDE, GRID)
    none = on_grid(dataclasses.replace(spots, boxes=()), size, num_crops, SIDE, GRID)
    assert not (none == 1).any()
    assert torch.equal(none == UNASKED, all_of_them == UNASKED)
    for box in spots.boxes:
        one = on_grid(dataclasses.replace(spots, boxes=(box,)), size, num_crops, SIDE, GRID)
        assert (all_of_them[one == 1] == 1).all()


def test_a_difference_that_fills_a_quarter_of_four_tokens_is_labelled() -> None:
    whole = Box(0, 0, 336, 336)
    labels = on_grid(Marked(0, whole, (Box(14, 14, 42, 42),)), (336, 336), 1, SIDE, GRID)
    assert (labels == 1).nonzero().tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    labels = on_grid(Marked(0, whole, (Box(20, 0, 56, 28),)), (336, 336), 1, SIDE, GRID)
    assert (labels == 1).nonzero().tolist() == [[0, 1]], "it hardly reaches into the first"


@pytest.mark.parametrize("size", [(400, 230), (230, 400), (300, 300)])
def test_the_crops_show_the_difference_where_the_labels_say(size: tuple[int, int], tmp_path: Path) -> None:
    base = loaded(tmp_path, "golden_phi3v")
    processor, box = base.processor, Box(150, 120, 190, 200)
    other, bad = (Image.new("RGB", size, (0, 0, 0)) for _ in range(2))
    ImageDraw.Draw(bad).rectangle((box.x1, box.y1, box.x2 - 1, box.y2 - 1), fill=(255, 0, 0))
    prompt = "<|user|>\n<|image_1|>\n<|image_2|>\nIs there?<|end|>\n<|assistant|>\n"
    encoded = processor(prompt, [other, bad])
    labels = on_grid(Marked(1, Box(0, 0, *size), (box,)), size, 4, processor.crop_size, processor.grid)
    rows, columns = (int(edge) // processor.crop_size for edge in encoded["image_sizes"][1])
    crops = encoded["pixel_values"][1, 1 : 1 + rows * columns]
    cell = processor.crop_size // processor.grid
    canvas = crops.view(rows, columns, *crops.shape[1:]).permute(2, 0, 3, 1, 4).flatten(1, 2).flatten(2)
    red = (canvas[0] > 1) & (canvas[1] < 0)
    share = red.float().unfold(0, cell, cell).unfold(1, cell, cell).mean((2, 3))
    assert (labels[share > 0.35] == 1).all()
    assert (labels[share < 0.25] != 1).all()
    assert (share > 0.35).sum() > 4

    placed = on_tokens(labels, encoded["input_ids"], 1)
    assert (encoded["input_ids"][placed != UNASKED] == -2).all()
    assert (placed != UNASKED).sum() == (labels != UNASKED).sum()
    # The embeddings that hold the tower's view of a red crop are at the tokens that are labelled.
    with torch.no_grad():
        embedded = [
            base.model.model._embed(asked["input_ids"], asked["pixel_values"], asked["image_sizes"])
            for asked in (encoded, processor(prompt, [other, other]))
        ]
    assert (embedded[0] != embedded[1]).any(-1)[placed == 1].all()


def test_each_token_of_the_test_picture_carries_the_label_of_its_place(tmp_path: Path) -> None:
    base = loaded(tmp_path, "golden_phi3v")
    record = next(
        r for r in records(tmp_path, "separate", boxes=True) if r.id.endswith("different0-verdict-raw")
    )
    plain = encoder_for(base.model, base.processor, 1).encode(record)
    row = encoder_for(base.model, base.processor, 1, spots=True).encode(record)
    assert row.keys() - plain.keys() == {"spots"}
    assert all(torch.equal(row[key], value) for key, value in plain.items())
    spots = row["spots"]
    assert (spots.shape, spots.dtype) == (row["input_ids"].shape, torch.int8)
    second = (row["input_ids"][0] == -2).nonzero().flatten()
    lines = spots[0, second[: 12 * 13]].view(12, 13)
    assert (lines[:, 12] == UNASKED).all(), "newlines are not asked"
    assert (spots[0, second[12 * 13 :]] == UNASKED).all(), "nor is the overview"
    assert (lines[:, :12] == 1).any()
    batch = Collator(0, cuts_logits=False)(
        [row, {k: v[:, 5:] if v.shape == spots.shape else v for k, v in row.items()}]
    )
    assert torch.equal(batch["spots"][0], spots[0])
    assert (batch["spots"][1, :5] == UNASKED).all()


def test_the_loss_is_the_weighted_mean_over_the_tokens_that_are_asked() -> None:
    torch.manual_seed(0)
    head, states = SpotHead(8), torch.randn(2, 5, 8)
    labels = torch.full((2, 5), UNASKED, dtype=torch.int8)
    labels[0, 1:4], labels[1, 2] = 0, 1
    asked = labels != UNASKED
    expected = cross_entropy(
        head.linear(states[asked]), labels[asked].long(), weight=torch.tensor([0.15, 1.0])
    )
    torch.testing.assert_close(head(states, labels) / weight_of(labels), expected)
    nothing = torch.full_like(labels, UNASKED)
    assert head(states, nothing).item() == 0 == weight_of(nothing).item()
    assert head.state_dict().keys() == {"linear.weight", "linear.bias"}

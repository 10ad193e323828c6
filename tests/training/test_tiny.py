"""The training programs: what they teach is what the bench asks, and shows it as the bench does."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from kurabe.imaging.layout import lay_out
from kurabe.models import families
from kurabe.models.families.inputs import prepare
from kurabe.reading import read
from training.items import EVAL_SEEDS, QUESTIONS, TRAIN_SEEDS, VIEWS, Item, stream
from training.pool import FULL, TURNS, texts_of
from training.tiny import LAYOUT, LENGTH, Canvas, encode, learner, spots
from training.words import Family

CASES = Path(__file__).resolve().parents[2] / "cases"
FAMILIES: tuple[Family, ...] = ("phi3v", "mllama")


@pytest.fixture(scope="module")
def items() -> list[Item]:
    rendered = stream(EVAL_SEEDS + 8, ("separate", "stacked"), FULL)
    return [next(rendered) for _ in range(12)]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_model_is_small_and_learns_from_what_it_will_be_shown(family: Family, items: list[Item]) -> None:
    torch.manual_seed(0)
    made, processor = learner(family, CASES)
    made.eval()
    assert sum(parameter.numel() for parameter in made.model.parameters()) <= 8_000_000
    item = next(item for item in items if item.boxes[0, 4] >= 0)
    turn = item.turns[LAYOUT[family]][1]
    pair = [Image.fromarray(picture) for picture in item.pictures]
    shown = lay_out(pair, LAYOUT[family])
    row, start = encode(family, processor, turn, len(shown))
    ids = torch.full((1, LENGTH), processor.tokenizer.pad_token_id)
    ids[0, : len(row)] = torch.tensor(row)
    pictures = torch.from_numpy(item.pictures).permute(0, 3, 1, 2)[None].float() / 255
    boxes, objects = torch.from_numpy(item.boxes)[None], torch.from_numpy(item.objects)[None]
    with torch.no_grad():
        loss, heads, foretold = made(pictures, ids, torch.tensor([start]), boxes, objects)
        asked = prepare(families.of_model(made.model), processor, [turn.prompt], [shown], None)
        first = made.model(**asked.tensors).logits[0, -1]
    assert bool(loss.isfinite())
    assert bool(heads.isfinite())
    assert int(first.argmax()) == int(foretold[0, start]), "the training pass sees something else"
    assert (foretold[0, :start] == -1).all()
    assert (foretold[0, start : len(row)] >= 0).all()


def test_what_is_taught_is_read_as_what_is_true(items: list[Item]) -> None:
    seen = set()
    for item in items:
        truth = "different" if item.boxes[0, 4] >= 0 else "same"
        for turns in item.turns.values():
            assert len(turns) == len(VIEWS) * len(QUESTIONS) == TURNS - 1
            for place, turn in enumerate(turns):
                question = QUESTIONS[place % len(QUESTIONS)]
                if question in ("verdict", "differences"):
                    seen.add(truth)
                    assert read(question, turn.answer, "en").verdict == truth
    assert seen == {"same", "different"}


def test_exchanged_pictures_have_the_opposite_differences(items: list[Item]) -> None:
    opposite = {"missing": "added", "added": "missing", "prism": "cylinder", "cylinder": "prism"}
    met = 0
    for item in items:
        turns = item.turns["separate"]
        plain, exchanged = turns[1].answer, turns[len(QUESTIONS) + 1].answer
        for word, other in opposite.items():
            if plain.startswith(word):
                met += 1
                assert exchanged.startswith(other)
    assert met


def test_mirrored_places_change_sides(items: list[Item]) -> None:
    swapped = {"left": "right", "right": "left"}
    met = 0
    for item in items:
        turns = item.turns["separate"]
        plain, mirrored = turns[1].answer.splitlines(), turns[2 * len(QUESTIONS) + 1].answer.splitlines()
        if len(plain) == 1:
            words = [swapped.get(word, word) for word in plain[0].split()]
            met += plain != mirrored
            assert mirrored[0].split() == words
    assert met


def test_training_and_evaluation_render_different_pairs() -> None:
    one, two = (next(stream(seed, ("separate",), (54, 72))) for seed in (TRAIN_SEEDS, EVAL_SEEDS))
    assert not np.array_equal(one.pictures, two.pictures)


def test_texts_fit(items: list[Item]) -> None:
    for family in FAMILIES:
        texts = texts_of(family, learner(family, CASES)[1], items[:2])
        assert texts.ids.shape == (2, TURNS, LENGTH)
        assert (texts.answers > 0).all()


def test_a_spot_is_where_the_box_lies_on_the_canvas() -> None:
    boxes = torch.full((1, 3, 5), -1.0)
    boxes[0, 0] = torch.tensor([0.5, 0.0, 1.0, 0.5, 2])
    canvas = Canvas(0, 0, 336, 336, 0.0)
    labels = spots(boxes, 4, canvas).view(4, 4)
    assert labels[:2, 2:].eq(3).all()
    assert labels.sum() == 4 * 3
    assert not spots(torch.full((1, 3, 5), -1.0), 4, canvas).any()

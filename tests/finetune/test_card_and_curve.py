"""What an adapter's folder says: hashes of pictures, a table and a drawing of the loss."""

import json
import math
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from kurabe.common.errors import ModelError
from kurabe.finetune.curve import COLUMNS, to_csv, to_svg
from kurabe.imaging.load import load_image
from kurabe.models.adapters.card import picture_hash, trained_on
from tests.finetune.made import noise

SVG = "{http://www.w3.org/2000/svg}"
HISTORY = [
    {"step": 0, "epoch": 0, "eval_loss": 6.5, "eval_exact": 0.0, "eval_runtime": 1.0},
    {"step": 1, "epoch": 0.5, "loss": 7.0, "learning_rate": 1e-3, "grad_norm": 2.0},
    {"step": 2, "epoch": 1, "loss": 3.0, "learning_rate": 5e-4, "grad_norm": 1.0},
    {"step": 2, "epoch": 1, "eval_loss": 0.75, "eval_exact": 0.5},
    {"step": 2, "epoch": 1, "train_runtime": 3.0},
]


def test_a_picture_is_known_by_its_pixels_whatever_its_file(tmp_path: Path) -> None:
    picture = noise(20, 10)
    picture.save(tmp_path / "a.png")
    picture.save(tmp_path / "b.webp", lossless=True)
    assert picture_hash(load_image(tmp_path / "a.png")) == picture_hash(load_image(tmp_path / "b.webp"))
    assert picture_hash(picture.convert("RGBA")) == picture_hash(picture)
    assert (
        len({picture_hash(p) for p in (picture, noise(20, 10, 1), noise(10, 20), picture.rotate(180))}) == 4
    )
    assert len(picture_hash(picture)) == 16


def test_an_adapter_from_elsewhere_has_seen_nothing_that_is_known(tmp_path: Path) -> None:
    assert trained_on(tmp_path) == frozenset()


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"images": 3}'])
def test_a_damaged_card_is_no_card_without_pictures(tmp_path: Path, text: str) -> None:
    (tmp_path / "card.json").write_text(text)
    with pytest.raises(ModelError, match=r"card\.json: cannot be read .* copy the card again"):
        trained_on(tmp_path)


def test_the_table_has_a_row_for_each_step_and_no_cell_that_was_not_measured() -> None:
    lines = to_csv(HISTORY).splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert lines[1:] == ["0,0,,,,6.5,,0", "1,0.5,7,0.001,2,,,", "2,1,3,0.0005,1,0.75,,0.5"]


def lines_of(text: str) -> dict[str, list[tuple[float, float]]]:
    root = ElementTree.fromstring(text)
    return {
        line.attrib["stroke"]: [
            (float(x), float(y)) for x, y in (p.split(",") for p in line.attrib["points"].split())
        ]
        for line in root.iter(f"{SVG}polyline")
    }


def test_the_drawing_has_both_losses_at_their_places_within_its_frame() -> None:
    text = to_svg(HISTORY, "a <b> & c")
    training, held = lines_of(text).values()
    assert [x for x, _ in held] == [training[0][0] - (training[1][0] - training[0][0]), training[1][0]]
    assert training[0][1] < held[0][1] < training[1][1] < held[1][1], "the larger the loss, the higher"
    per_decade = (training[1][1] - training[0][1]) / math.log10(7 / 3)
    assert held[1][1] - training[1][1] == pytest.approx(per_decade * math.log10(3 / 0.75), abs=0.3)
    root = ElementTree.fromstring(text)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    assert all(0 <= x <= width and 0 <= y <= height for points in (training, held) for x, y in points)
    labels = [each.text for each in root.iter(f"{SVG}text")]
    assert "a <b> & c: loss per answer token" in labels
    assert {"0", "1", "2"} <= set(labels)


@pytest.mark.parametrize(
    "history",
    [
        [],
        [{"step": 1, "loss": 2.0}],
        [{"step": 1, "loss": math.nan}, {"step": 2, "loss": 0.0}, {"step": 3, "eval_loss": math.inf}],
        [{"step": step, "loss": 1e-6 * step} for step in range(1, 12345, 1000)],
    ],
    ids=["nothing", "one point", "no numbers", "many"],
)
def test_every_history_can_be_drawn(history: list[dict[str, float]]) -> None:
    drawn = lines_of(to_svg(history, "x"))
    assert sum(map(len, drawn.values())) == sum(0 < row.get("loss", 0) < math.inf for row in history)
    assert json.dumps(to_csv(history))

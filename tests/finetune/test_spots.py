"""Which boxes a record has, and where they lie in what it shows."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kurabe.cases import suites
from kurabe.cases.prompts import load_prompts
from kurabe.common.errors import ModelError
from kurabe.common.vocabulary import Box, Layout
from kurabe.finetune.linking import raw_against_processed
from kurabe.finetune.records import TrainingRecord, Wanted, records_of
from kurabe.finetune.spots import boxes_of, check_boxes, check_family, known_boxes, marked
from kurabe.imaging.layout import bar_width
from kurabe.models import families
from kurabe.models.families.family import Marked
from tests.support.project import case, picture, suite

BOX = [18, 8, 25, 25]
LACKING = [{"says": [["missing"], ["pin"]], "box": BOX}]


def bad(differences: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    entry = case("bad", "different", split="train", **more)
    entry["expect"]["differences"] = LACKING if differences is None else differences
    return entry


def made(
    tmp_path: Path, entry: dict[str, Any], layout: Layout = "separate", **more: Any
) -> list[TrainingRecord]:
    path = suite(tmp_path, "pins", [entry, case("good", "same", split="train")], **more)
    found = suites.read([path])
    assert not found.problems
    return records_of(found.good[0], load_prompts(), Wanted(layout, processors=("raw", "absdiff")))


def where(record: TrainingRecord) -> Marked | None:
    return marked(record, record.source.show())


def called(records: list[TrainingRecord], name: str) -> TrainingRecord:
    return next(record for record in records if record.id == f"pins/{name}")


def test_the_test_picture_is_the_second_also_when_the_pictures_are_exchanged(tmp_path: Path) -> None:
    records = made(tmp_path, bad())
    expected = Marked(1, Box(0, 0, 48, 32), (Box(*BOX),))
    for name in ("bad-verdict-raw", "bad-verdict-raw-swap", "bad-differences-raw"):
        assert where(called(records, name)) == expected


def test_of_two_specimens_the_test_picture_is_asked_wherever_it_stands(tmp_path: Path) -> None:
    records = made(tmp_path, bad(relation="instance"))
    assert where(called(records, "bad-verdict-raw")) == Marked(1, Box(0, 0, 48, 32), (Box(*BOX),))
    assert where(called(records, "bad-verdict-raw-swap")) == Marked(0, Box(0, 0, 48, 32), (Box(*BOX),))
    joined = made(tmp_path, bad(relation="instance"), "stacked")
    assert where(called(joined, "bad-verdict-raw-swap")) == Marked(0, Box(0, 0, 48, 32), (Box(*BOX),))


@pytest.mark.parametrize("layout", ["stacked", "side-by-side"])
def test_in_a_joined_picture_boxes_move_to_where_the_test_picture_lies(
    layout: Layout, tmp_path: Path
) -> None:
    spots = where(called(made(tmp_path, bad(), layout), "bad-verdict-raw"))
    x, y = (0, 32 + bar_width(32)) if layout == "stacked" else (48 + bar_width(48), 0)
    moved = Box(BOX[0] + x, BOX[1] + y, BOX[2] + x, BOX[3] + y)
    assert spots == Marked(0, Box(x, y, 48 + x, 32 + y), (moved,))


def test_boxes_are_scaled_where_the_picture_was(tmp_path: Path) -> None:
    own = {"mine": {"reference": "own/r.png", "test": "own/t.png"}}
    for side in "rt":
        picture(tmp_path / f"cases/pins/own/{side}.png", size=(96, 96))
    spots = where(called(made(tmp_path, bad(processed=own)), "bad-verdict-mine"))
    assert spots == Marked(1, Box(0, 0, 96, 96), (Box(36, 24, 50, 75),))


def test_of_a_pair_that_is_the_same_it_is_known_that_nothing_differs(tmp_path: Path) -> None:
    records = made(tmp_path, bad(), variants=["raw", "absdiff"])
    for name in ("good-verdict-raw", "good-verdict-absdiff-swap", "control.good-verdict-raw"):
        assert where(called(records, name)) == Marked(1, Box(0, 0, 48, 32), ())


@pytest.mark.parametrize("differences", [[], [{"says": [["missing"]]}], [*LACKING, {"says": [["bent"]]}]])
def test_differences_of_which_not_all_have_boxes_are_not_asked_for(
    differences: list[dict[str, Any]], tmp_path: Path
) -> None:
    entry = bad(differences)
    if not differences:
        del entry["expect"]["differences"]
    records = made(tmp_path, entry)
    assert where(called(records, "bad-verdict-raw")) is None
    with pytest.raises(ModelError, match=r"no train case says so: give each difference .* 'box'"):
        check_boxes(records)


def test_crossed_records_keep_the_boxes_of_their_case(tmp_path: Path) -> None:
    records = made(tmp_path, bad(), variants=["absdiff"])
    crossed = raw_against_processed(records)
    assert [known_boxes(record) for record in crossed if "bad" in record.id] == [(Box(*BOX),)] * 4
    assert all(where(record) is not None for record in crossed)
    check_boxes(crossed)


def test_one_picture_and_a_source_of_ones_own_are_not_asked(tmp_path: Path) -> None:
    entry = bad()
    entry["expect"]["describe"] = {"says": [["connector"]]}
    records = made(tmp_path, entry)
    assert where(called(records, "bad-describe-raw")) is None

    class Mine:
        def show(self) -> Any:
            return records[0].source.show()

    assert where(dataclasses.replace(records[0], source=Mine())) is None


def test_a_verdict_that_follows_from_the_differences_counts(tmp_path: Path) -> None:
    entry = bad()
    del entry["expect"]["verdict"]
    records = made(tmp_path, entry)
    trial: Any = called(records, "bad-verdict-raw").source
    assert boxes_of(trial.trial.case) == (Box(*BOX),)


def test_a_family_whose_tokens_cannot_be_placed_is_refused() -> None:
    check_family(families.of("phi3_v"))
    with pytest.raises(
        ModelError, match=r"for mllama it is not known .*\(known: phi3_v\): leave --spots out"
    ):
        check_family(families.of("mllama"))


def test_a_picture_that_was_fitted_to_its_reference_takes_its_boxes_along(tmp_path: Path) -> None:
    entry = bad(relation="instance")
    path = tmp_path / "cases/pins/images/bad.png"
    records = made(tmp_path, entry, variants=["raw", "absdiff"])
    with Image.open(path) as small:
        small.resize((96, 64)).save(path)
    entry_ = called(records, "bad-verdict-absdiff")
    halves = Box(*(edge / 2 for edge in BOX))
    assert where(entry_) == Marked(1, Box(0, 0, 48, 32), (halves,))
    assert where(called(records, "bad-verdict-raw")) == Marked(1, Box(0, 0, 96, 64), (Box(*BOX),))

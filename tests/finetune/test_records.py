"""What is learned: which records a suite gives, and that they are what a trial asks and shows."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kurabe.answering.pictures import Pictures
from kurabe.cases import suites
from kurabe.cases.prompts import load_prompts
from kurabe.cases.suites import Suite
from kurabe.cases.trials import RAW
from kurabe.common.errors import CaseError
from kurabe.finetune.linking import RAW_PROCESSED, raw_against_processed
from kurabe.finetune.records import TrainingRecord, TrialPictures, Wanted, check_splits, records_of, see
from kurabe.imaging.load import load_image
from kurabe.models.adapters.card import picture_hash
from tests.support.project import case, picture, suite

PROCESSORS = ("raw", "absdiff", "gray")
DIFFERENCES = [{"where": "pin 2", "says": [["missing", "gone"], ["pin"]]}]


def entry(name: str, verdict: str, **more: Any) -> dict[str, Any]:
    return case(name, verdict, split="train", **more)


def read(path: Path) -> Suite:
    found = suites.read([path])
    assert not found.problems
    return found.good[0]


@pytest.fixture
def pins(tmp_path: Path) -> Suite:
    cases = [
        entry("bad", "different", ask=["verdict"]),
        entry("good", "same"),
        case("unseen", "different"),
    ]
    cases[0]["expect"] |= {"differences": DIFFERENCES, "count": 1}
    return read(suite(tmp_path, "pins", cases, variants=["raw", "absdiff"]))


def wanted(**more: Any) -> Wanted:
    return Wanted("stacked", processors=PROCESSORS, **more)


def records(pins: Suite, **more: Any) -> list[TrainingRecord]:
    return records_of(pins, load_prompts(), wanted(**more))


def test_a_case_is_asked_all_that_it_has_an_answer_to_in_either_order_where_that_stays_true(
    pins: Suite,
) -> None:
    made = {(r.id, r.target) for r in records(pins, variants=["raw"])}
    assert made == {
        ("pins/bad-verdict-raw", "Yes"),
        ("pins/bad-verdict-raw-swap", "Yes"),
        ("pins/bad-differences-raw", "missing pin, pin 2"),
        ("pins/bad-count-raw", "1"),
        ("pins/bad-count-raw-swap", "1"),
        ("pins/good-verdict-raw", "No"),
        ("pins/good-verdict-raw-swap", "No"),
        ("pins/control.good-verdict-raw", "No"),
    }


def test_raw_and_the_suites_own_variants_are_learned_or_those_that_are_named(pins: Suite) -> None:
    assert {record.variant for record in records(pins)} == {"raw", "absdiff"}
    assert {record.variant for record in records(pins, variants=["g*"])} == {"gray"}
    processed = dataclasses.replace(pins, file=pins.file.model_copy(update={"variants": ["absdiff"]}))
    assert {record.variant for record in records(processed)} == {"raw", "absdiff"}


def test_nothing_of_the_test_split_is_learned(pins: Suite) -> None:
    assert not [record.id for record in records(pins) if "unseen" in record.id]


def test_a_record_shows_exactly_what_its_trial_shows(pins: Suite, tmp_path: Path) -> None:
    asking = Pictures(tmp_path / "other")
    for record in records(pins, kept=tmp_path / "kept"):
        source = record.source
        assert isinstance(source, TrialPictures)
        ids = [picture_hash(each) for each in source.show().pictures]
        assert ids == [picture_hash(each) for each in asking.show(source.trial).pictures]


def test_crossed_pairs_have_one_side_raw_and_the_answer_of_the_case(pins: Suite) -> None:
    plain = [r for r in records(pins) if r.variant == "absdiff" and "swap" not in r.id]
    crossed = raw_against_processed(records(pins))
    assert len(crossed) == 2 * len(plain)
    assert {record.link for record in crossed} == {RAW_PROCESSED}
    for first, second in zip(crossed[::2], crossed[1::2], strict=True):
        source = first.source
        assert isinstance(source, TrialPictures)
        processed = dataclasses.replace(source, raw_side=None).show().pair
        raw = dataclasses.replace(source, trial=dataclasses.replace(source.trial, variant=RAW), raw_side=None)
        mine = [picture_hash(each) for each in (*first.source.show().pair, *second.source.show().pair)]
        sides = [raw.show().pair[0], processed[1], processed[0], raw.show().pair[1]]
        assert mine == [picture_hash(each) for each in sides]
        assert first.target == second.target
        assert (first.variant, second.variant) == ("raw/absdiff", "absdiff/raw")
        assert first.source.show().pictures[0].height > first.source.show().pair[0].height


def test_pictures_of_one_colour_are_not_among_those_that_were_seen(pins: Suite, tmp_path: Path) -> None:
    made = records(pins, kept=tmp_path / "kept")
    seen = see([*made, *raw_against_processed(made)])
    shown = [p for r in made for p in r.source.show().pair]
    plain = {picture_hash(p) for p in shown if all(low == high for low, high in p.getextrema())}  # type: ignore[misc]
    assert plain, "the processed reference is black"
    assert seen == {picture_hash(p) for p in shown} - plain
    assert picture_hash(load_image(pins.image("images/unseen.png"))) not in seen
    assert picture_hash(load_image(pins.image("images/good.png"))) in seen


def test_a_suite_without_train_cases_is_refused(tmp_path: Path) -> None:
    untaught = read(suite(tmp_path, "pins", [case("a", "same")]))
    with pytest.raises(CaseError, match=r"pins\.yaml:1: suite pins: it has no train cases.*split: train"):
        records_of(untaught, load_prompts(), wanted())


def test_a_suite_whose_splits_share_a_picture_is_refused_by_its_pixels(tmp_path: Path) -> None:
    other = {**case("b", "different"), "reference": "x.png"}
    path = suite(tmp_path, "pins", [entry("a", "different"), other])
    picture(path.parent / "x.png", shade=150)
    check_splits([read(path)])
    Image.open(path.parent / "images/a.png").save(path.parent / "images/b.png", compress_level=0)
    assert (path.parent / "images/a.png").read_bytes() != (path.parent / "images/b.png").read_bytes()
    with pytest.raises(CaseError, match=r"a\.png and .*b\.png, which are equal.*one split"):
        check_splits([read(path)])


def test_a_picture_shared_with_the_test_split_of_another_suite_is_refused(tmp_path: Path) -> None:
    learned = suite(tmp_path, "learned", [entry("a", "different")])
    asked = suite(tmp_path, "asked", [case("a", "different")])
    with pytest.raises(CaseError, match="suite learned, asked"):
        check_splits([read(learned), read(asked)])


def test_words_that_the_scorer_would_not_take_for_right_are_not_taught(tmp_path: Path) -> None:
    bad = entry("a", "different")
    bad["expect"]["differences"] = [{"says": [["no difference at all", "scratch"]]}]
    with pytest.raises(CaseError, match=r"'no difference at all'.*is scored (wrong|unparsed).*first"):
        records(read(suite(tmp_path, "pins", [bad])))


def test_an_unknown_variant_of_the_suite_is_refused(tmp_path: Path) -> None:
    odd = read(suite(tmp_path, "pins", [entry("a", "same")], variants=["raw", "absdif"]))
    with pytest.raises(CaseError, match="absdiff"):
        records(odd)


def test_a_single_picture_is_described_raw_whatever_the_variants(tmp_path: Path) -> None:
    alone = {"id": "alone", "test": "images/good.png", "split": "train"}
    alone["expect"] = {"describe": {"says": [["connector"], ["pins", "contacts"]]}}  # type: ignore[assignment]
    path = suite(tmp_path, "pins", [entry("a", "same")], variants=["raw", "absdiff"])
    path.write_text(path.read_text(encoding="utf-8") + f"\n- {json.dumps(alone)}\n", encoding="utf-8")
    made = [record for record in records(read(path)) if record.question == "describe"]
    assert [(r.id, r.target) for r in made] == [
        ("pins/alone-describe-raw", "This picture shows connector, pins.")
    ]
    assert len(made[0].source.show().pictures) == 1
    assert raw_against_processed(made) == []


def test_the_users_own_processed_files_are_learned_and_kept_apart(tmp_path: Path) -> None:
    own = {"mine": {"reference": "own/r.png", "test": "own/t.png"}}
    path = suite(tmp_path, "pins", [entry("a", "different", processed=own)])
    picture(path.parent / "own/r.png", shade=40)
    picture(path.parent / "own/t.png", shade=41, defect=True)
    made = [r for r in records(read(path), questions=["verdict"]) if r.variant == "mine"]
    assert [record.target for record in made] == ["Yes", "Yes"]
    expected = {picture_hash(load_image(path.parent / f"own/{side}.png")) for side in "rt"}
    assert {picture_hash(each) for each in made[0].source.show().pair} == expected
    assert expected <= see(made)

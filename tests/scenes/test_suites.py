"""The shipped suites are what their programs make."""

import io
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from PIL import Image

from kurabe.cases.case import SuiteFile
from scenes.__main__ import SUITES, load
from scenes.connector import SIZE
from scenes.everyday import KINDS as EVERYDAY_KINDS
from scenes.pair import GRADES
from scenes.part import KINDS
from scenes.suite import case_of, save_png, spread, suite_text, write

CASES = Path(__file__).parents[2] / "cases"
SAMPLE = 4


@cache
def shipped(name: str) -> dict[str, Any]:
    data = yaml.safe_load((CASES / name / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


@pytest.mark.parametrize("name", SUITES)
def test_a_sample_of_cases_renders_to_the_shipped_pictures_and_expectations(name: str) -> None:
    suite = load(name)
    plans = suite.plans
    cases = {case["id"]: case for case in shipped(name)["cases"]}
    assert [plan.id for plan in plans] == [name for name in cases if name.startswith("c")]
    assert yaml.safe_load(suite_text(suite, suite.extra))["cases"] == shipped(name)["cases"][len(plans) :]
    for plan in plans[:: len(plans) // SAMPLE]:
        pair = plan.render()
        case = cases[plan.id]
        # Through YAML and back: tuples and boxes become plain lists.
        assert yaml.safe_load(suite_text(suite, [case_of(plan, pair)]))["cases"] == [case]
        for key, picture in (("reference", pair.reference), ("test", pair.test)):
            if key in case:
                assert np.array_equal(pixels(CASES / name / case[key]), picture), f"{plan.id}: {key}"


@pytest.mark.parametrize("name", SUITES)
def test_the_shipped_file_is_a_valid_suite(name: str) -> None:
    suite = SuiteFile.model_validate(shipped(name))
    assert suite.suite == name
    assert all(case.questions for case in suite.cases)


@pytest.mark.parametrize("name", SUITES)
def test_every_picture_is_used_and_every_used_picture_is_there(name: str) -> None:
    used = {case[key] for case in shipped(name)["cases"] for key in ("reference", "test") if key in case}
    assert used == {f"images/{path.name}" for path in (CASES / name / "images").iterdir()}


@pytest.mark.parametrize("name", SUITES)
def test_train_and_test_share_no_reference_and_no_picture(name: str) -> None:
    references = defaultdict[str, set[str]](set)
    pictures = defaultdict[str, set[bytes]](set)
    for case in shipped(name)["cases"]:
        references[case["split"]].add(case["reference"])
        pictures[case["split"]] |= {
            (CASES / name / case[key]).read_bytes() for key in ("reference", "test") if key in case
        }
    assert not references["train"] & references["test"]
    assert not pictures["train"] & pictures["test"]


@pytest.mark.parametrize("name", SUITES)
def test_boxes_lie_in_their_pictures_and_counts_agree(name: str) -> None:
    for case in shipped(name)["cases"]:
        expect = case["expect"]
        differences = expect.get("differences")
        if differences is None:
            continue
        assert expect["count"] == len(differences)
        assert (expect["verdict"] == "same") == (not differences)
        height, width = pixels(CASES / name / case["test"]).shape[:2]
        for difference in differences:
            if "box" in difference:
                x1, y1, x2, y2 = difference["box"]
                assert 0 <= x1 < x2 <= width
                assert 0 <= y1 < y2 <= height


def test_the_connector_suite_has_the_amounts_that_it_promises() -> None:
    cases = shipped("connector")["cases"]
    tests = [case for case in cases if case["split"] == "test"]
    assert len(tests) >= 60
    assert len(cases) - len(tests) >= 30
    for some in (tests, [case for case in cases if case["split"] == "train"]):
        good = sum("good" in case["tags"] for case in some) / len(some)
        assert 0.25 < good < 0.36
        for grade in GRADES:
            kinds = Counter(tag for case in some if grade in case["tags"] for tag in case["tags"])
            assert set(KINDS) <= set(kinds), grade
    assert Counter(case["reference"] for case in tests).most_common()[-1][1] == 4
    assert {case["expect"]["count"] for case in tests} == {0, 1, 2, 3}
    asked = [case for case in tests if "choice" in case["expect"]]
    assert len({case["expect"]["choice"]["answer"] for case in asked}) >= 4
    assert all(case["expect"]["choice"]["answer"] in case["expect"]["choice"]["options"] for case in asked)


@pytest.mark.parametrize(
    ("name", "most"), [("connector", 9_000_000), ("everyday", 5_000_000), ("shapes", 5_000_000)]
)
def test_pictures_are_small_and_equal_in_size(name: str, most: int) -> None:
    paths = list((CASES / name / "images").iterdir())
    sizes = [path.stat().st_size for path in paths]
    assert max(sizes) < 150_000
    assert sum(sizes) < most
    assert {pixels(path).shape for path in paths} == {(*SIZE, 3)}


def test_names_and_order_tell_nothing_about_the_label() -> None:
    tests = [case for case in shipped("connector")["cases"] if case["split"] == "test"]
    labels = np.array([case["expect"]["verdict"] == "same" for case in tests], float)
    assert abs(np.corrcoef(labels, np.arange(len(labels)))[0, 1]) < 0.3
    assert abs(np.corrcoef(labels[1:], labels[:-1])[0, 1]) < 0.3


def test_writing_a_suite_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    whole = load("connector")
    few = type(whole)(whole.name, whole.title, whole.head, whole.plans[:2])
    for folder in ("one", "two"):
        write(few, tmp_path / folder)
    first, second = (
        {path.relative_to(tmp_path / folder): path.read_bytes() for path in (tmp_path / folder).rglob("*.*")}
        for folder in ("one", "two")
    )
    assert first == second
    assert len(first) == 1 + len({name for plan in few.plans for name in (plan.id, plan.reference)})


def test_png_keeps_every_pixel(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (9, 7, 3), np.uint8)
    save_png(picture, tmp_path / "x.png")
    assert np.array_equal(np.asarray(Image.open(io.BytesIO((tmp_path / "x.png").read_bytes()))), picture)


def test_the_everyday_suite_has_every_change_and_pictures_to_describe() -> None:
    cases = shipped("everyday")["cases"]
    pairs = {
        split: [case for case in cases if "test" in case and case["split"] == split]
        for split in ("test", "train")
    }
    assert len(pairs["test"]) >= 30
    assert len(pairs["train"]) >= 16
    for some in pairs.values():
        assert set(EVERYDAY_KINDS) <= {tag for case in some for tag in case["tags"]}
    described = [case for case in cases if "test" not in case]
    assert {case["split"] for case in described} == {"test", "train"}
    for case in described:
        describe = case["expect"]["describe"]
        assert len(describe["says"]) >= 3
        assert not set(describe["never"]) & {word for words in describe["says"] for word in words}


def test_the_shapes_suite_is_balanced_and_its_options_are_too() -> None:
    cases = [case for case in shipped("shapes")["cases"] if case["split"] == "test"]
    assert len(cases) >= 24
    assert sum(case["expect"]["verdict"] == "same" for case in cases) == len(cases) / 2
    answers = Counter(case["expect"]["choice"]["answer"] for case in cases)
    assert min(answers["prism"], answers["cylinder"]) >= len(cases) / 4


@pytest.mark.parametrize(("amount", "share"), [(20, 0.34), (12, 0.5), (8, 0.0)])
def test_flags_are_spread_in_proportion(amount: int, share: float) -> None:
    flags = spread(amount, share)
    assert len(flags) == amount
    assert abs(sum(flags) - share * amount) < 1

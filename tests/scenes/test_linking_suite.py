"""What the shipped suite ``linking`` promises beyond what `test_suites` asks of every suite."""

from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from PIL import Image
from scipy.stats import mannwhitneyu

from kurabe.cases.prompts import load_prompts
from scenes.linking import FAMILIES, PROCESSORS, SHARE, SIZE, relations, shown
from scenes.linking_suite import INTRODUCTION, LINKS, Split, suite

FOLDER = Path(__file__).parents[2] / "cases" / "linking"
SPLITS: tuple[Split, ...] = ("test", "train")


@cache
def shipped() -> dict[str, Any]:
    data = yaml.safe_load((FOLDER / "linking.yaml").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def cases(split: Split) -> list[dict[str, Any]]:
    return [case for case in shipped()["cases"] if case["split"] == split]


def family_of(case: dict[str, Any]) -> str:
    (family,) = set(case["tags"]) & set(FAMILIES)
    return str(family)


def kind_of(case: dict[str, Any]) -> tuple[bool, bool]:
    """Return whether it is one subject, and whether one picture is processed, as the answer says."""
    return next(
        key
        for family in FAMILIES
        for key, text in relations(family).items()
        if text == case["expect"]["choice"]["answer"]
    )


@pytest.mark.parametrize("split", SPLITS)
def test_the_four_answers_are_equally_frequent_in_every_family(split: Split) -> None:
    answers = Counter((family_of(case), kind_of(case)) for case in cases(split))
    assert len(cases(split)) == 32
    for family, amount in (("connector", 2), ("things", 2), ("body", 4)):
        assert {n for (of, _), n in answers.items() if of == family} == {amount}
    assert len(answers) == 3 * 4


@pytest.mark.parametrize("split", SPLITS)
def test_each_answer_stands_at_each_letter_equally_often(split: Split) -> None:
    places = Counter(
        (kind_of(case), case["expect"]["choice"]["options"].index(case["expect"]["choice"]["answer"]))
        for case in cases(split)
    )
    assert set(places.values()) == {2}
    assert len(places) == 16
    orders = {tuple(case["expect"]["choice"]["options"]) for case in cases(split)}
    assert len(orders) > 20


@pytest.mark.parametrize("split", SPLITS)
def test_answers_agree_with_tags_and_verdict(split: Split) -> None:
    for case in cases(split):
        one, processed = kind_of(case)
        assert case["expect"]["verdict"] == ("same" if one else "different")
        links = set(case["tags"]) & {"taken", "processed", "concluded"}
        assert links <= set(LINKS[split])
        assert processed == (links != {"taken"}) == bool(set(case["tags"]) & set(PROCESSORS))


@pytest.mark.parametrize("split", SPLITS)
def test_a_reference_is_held_against_its_own_subject_and_another_in_the_same_way(split: Split) -> None:
    of_reference = defaultdict[str, list[tuple[bool, bool]]](list)
    for case in cases(split):
        of_reference[case["reference"]].append(kind_of(case))
    for kinds in of_reference.values():
        assert sorted(one for one, _ in kinds) == [False, True]
        assert len({processed for _, processed in kinds}) == 1


def test_the_splits_share_no_subject() -> None:
    seeds = defaultdict[str, set[int]](set)
    for plan in suite().plans:
        _, _, subjects, _ = plan.render.args  # type: ignore[attr-defined]
        seeds[plan.split] |= {subject.seed for subject in subjects}
    assert seeds["test"]
    assert not seeds["test"] & seeds["train"]


def test_processed_pictures_show_something() -> None:
    for case in shipped()["cases"]:
        if "taken" not in case["tags"]:
            with Image.open(FOLDER / case["test"]) as picture:
                assert shown(np.asarray(picture)) >= SHARE, case["id"]


def test_pictures_are_small() -> None:
    paths = list((FOLDER / "images").iterdir())
    assert sum(path.stat().st_size for path in paths) < 4_000_000
    for path in paths:
        with Image.open(path) as picture:
            assert picture.size == SIZE[::-1]


@pytest.mark.parametrize("which", [0, 1], ids=["one subject", "processed"])
def test_neither_names_nor_order_tell_the_answer(which: int) -> None:
    tests = cases("test")
    label = np.array([kind_of(case)[which] for case in tests])
    for number in (
        [int(case["id"][1:]) for case in tests],
        [int(case["reference"][-6:-4]) for case in tests],
    ):
        assert mannwhitneyu(*(np.array(number)[label == side] for side in (False, True))).pvalue > 0.1


def test_the_pair_is_not_introduced_as_two_specimens_of_one_product() -> None:
    path = FOLDER / "linking.yaml"
    prompts = load_prompts(FOLDER.parent / "prompts.yaml").overlay(shipped()["prompts"], path, ("prompts",))
    choice = shipped()["cases"][0]["expect"]["choice"]
    prompt = prompts.render("choice", "en", "stacked", "instance", choice["options"], choice["question"])
    assert INTRODUCTION in prompt.text
    assert "specimen" not in prompt.text
    assert prompt.text.index("above the other") < prompt.text.index(INTRODUCTION) < prompt.text.index("A. ")

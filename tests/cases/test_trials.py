"""Suites and a selection become trials: which ones, how they are called, and what they show."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kurabe.cases.suites import Suites, find, read
from kurabe.cases.trials import Participant, Selection, Trial, expand, unmatched
from kurabe.common.vocabulary import QUESTIONS
from tests.support.project import case, picture, suite

ALL = frozenset(QUESTIONS)
ONE = Selection([Participant("m", "stacked", ALL)], processors=("raw", "gray", "diff"))
COUNTED = {"verdict": "different", "count": 1, "differences": [{"kind": "missing"}]}


def suites_of(root: Path, *cases: dict[str, Any], **more: Any) -> Suites:
    suite(root, "pins", list(cases), **more)
    suites = read(find(root / "cases"))
    assert suites.problems == []
    return suites


def ids(suites: Suites, selection: Selection = ONE, **changes: Any) -> list[str]:
    """Return the ids of trials without ``pins/``; controls are left out unless they are asked for."""
    chosen = replace(selection, **{"controls": False, **changes})
    found = [trial.id for trial in expand(suites, chosen)]
    assert len(set(found)) == len(found)
    return [name.removeprefix("pins/") for name in found]


def trials(suites: Suites, **changes: Any) -> list[Trial]:
    return expand(suites, replace(ONE, **changes))


def test_a_trial_is_called_by_suite_case_question_variant_and_model(tmp_path: Path) -> None:
    suites = suites_of(tmp_path, case("a1", "different"))
    (trial,) = trials(suites, controls=False)
    assert trial.id == "pins/a1-verdict-raw-m"
    assert (trial.case_id, trial.reference) == ("pins/a1", "pins/images/good.png")
    assert (trial.layout, trial.swapped, trial.repeat, trial.control) == ("stacked", False, 0, False)


def test_a_case_is_asked_all_that_it_knows(tmp_path: Path) -> None:
    suites = suites_of(tmp_path, case("a1", "different", expect=COUNTED))
    assert ids(suites) == ["a1-verdict-raw-m", "a1-differences-raw-m", "a1-count-raw-m"]


def test_the_suites_ask_holds_unless_the_case_has_its_own(tmp_path: Path) -> None:
    suites = suites_of(
        tmp_path,
        case("a1", "different", expect=COUNTED),
        case("a2", "different", expect=COUNTED, ask=["differences"]),
        case("a3", "same"),
        defaults={"ask": ["count"]},
    )
    assert ids(suites) == ["a1-count-raw-m", "a2-differences-raw-m", "a3-verdict-raw-m"]


@pytest.mark.parametrize(
    ("patterns", "asked"),
    [
        (("count",), ["count"]),
        (("*i*",), ["verdict", "differences"]),
        (("count", "verdict"), ["verdict", "count"]),
    ],
)
def test_questions_are_chosen_by_globs(tmp_path: Path, patterns: tuple[str, ...], asked: list[str]) -> None:
    suites = suites_of(tmp_path, case("a1", "different", expect=COUNTED))
    assert ids(suites, questions=patterns) == [f"a1-{question}-raw-m" for question in asked]


def test_a_model_is_asked_only_what_it_can_answer(tmp_path: Path) -> None:
    suites = suites_of(tmp_path, case("a1", "different", expect=COUNTED))
    models = [Participant("m", "stacked", frozenset({"count"})), Participant("n", "separate", ALL)]
    found = ids(suites, models=models, questions=("count", "verdict"))
    assert sorted(found) == ["a1-count-raw-m", "a1-count-raw-n", "a1-verdict-raw-n"]


# Variants


def test_the_suites_variants_are_asked(tmp_path: Path) -> None:
    suites = suites_of(tmp_path, case("a1", "same"), variants=["raw", "gray"])
    assert ids(suites) == ["a1-verdict-raw-m", "a1-verdict-gray-m"]


def test_raw_need_not_be_among_them(tmp_path: Path) -> None:
    suites = suites_of(tmp_path, case("a1", "same"), variants=["gray"])
    assert ids(suites) == ["a1-verdict-gray-m"]


@pytest.mark.parametrize(
    ("patterns", "variants"),
    [
        (("diff",), ["diff"]),
        (("*",), ["raw", "gray", "diff"]),
        (("g*", "raw"), ["raw", "gray"]),
        (("mine",), []),
    ],
)
def test_variants_are_chosen_by_globs_among_all_processors(
    tmp_path: Path, patterns: tuple[str, ...], variants: list[str]
) -> None:
    suites = suites_of(tmp_path, case("a1", "same"), variants=["raw"])
    assert ids(suites, variants=patterns) == [f"a1-verdict-{variant}-m" for variant in variants]


def test_own_processed_files_make_a_variant_of_their_case_alone(tmp_path: Path) -> None:
    picture(tmp_path / "cases/pins/images/p.png", shade=90)
    own = {"mine": {"reference": "images/p.png", "test": "images/p.png"}}
    suites = suites_of(tmp_path, case("a1", "same", processed=own), case("a2", "same"))
    assert ids(suites) == ["a1-verdict-raw-m", "a1-verdict-mine-m", "a2-verdict-raw-m"]
    assert ids(suites, variants=("mine",)) == ["a1-verdict-mine-m"]
    assert ids(suites, variants=("mine",), controls=True) == ["a1-verdict-mine-m"]
    assert unmatched(suites, replace(ONE, variants=["mi*"])) == ""


def test_own_processed_files_can_stand_among_the_suites_variants(tmp_path: Path) -> None:
    picture(tmp_path / "cases/pins/images/p.png", shade=90)
    own = {"mine": {"reference": "images/p.png", "test": "images/p.png"}}
    suites = suites_of(
        tmp_path, case("a1", "same", processed=own), case("a2", "same"), variants=["raw", "mine"]
    )
    assert ids(suites) == ["a1-verdict-raw-m", "a1-verdict-mine-m", "a2-verdict-raw-m"]


def test_a_description_is_asked_of_the_raw_picture_alone(tmp_path: Path) -> None:
    describe = {"verdict": "same", "describe": {"says": [["pin"]]}}
    suites = suites_of(tmp_path, case("a1", "same", expect=describe), variants=["raw", "gray"])
    assert ids(suites) == ["a1-verdict-raw-m", "a1-verdict-gray-m", "a1-describe-raw-m"]
    assert ids(suites, variants=("gray",)) == ["a1-verdict-gray-m"]


def test_an_unknown_variant_breaks_its_suite_and_no_other(tmp_path: Path) -> None:
    suite(tmp_path, "pads", [case("b1", "same")], variants=["grey"])
    suites = suites_of(tmp_path, case("a1", "same"))
    assert [trial.id for trial in trials(suites, controls=False)] == ["pins/a1-verdict-raw-m"]
    (problem,) = suites.problems
    assert "unknown variant 'grey'; did you mean 'gray'?" in problem.what
    assert problem.path is not None
    assert problem.path.name == "pads.yaml"


def test_a_pattern_that_means_nothing_is_told_with_the_nearest(tmp_path: Path) -> None:
    suites = suites_of(tmp_path, case("a1", "same"))
    assert "'gary'; did you mean 'gray'?" in unmatched(suites, replace(ONE, variants=["raw", "gary"]))
    assert "'verdct'; did you mean 'verdict'?" in unmatched(suites, replace(ONE, questions=["verdct"]))
    assert unmatched(suites, replace(ONE, variants=["g*"], questions=["c*"])) == ""


# Twins


def test_twins_are_told_apart_by_suffixes(tmp_path: Path) -> None:
    suites = suites_of(tmp_path, case("a1", "different", expect=COUNTED))
    found = ids(suites, swap=True, repeat=2, layouts=("stacked", "separate"), questions=("verdict",))
    assert found == [
        f"a1-verdict-raw-m{suffix}"
        for suffix in (
            "", "-swap", "-r2", "-r2-swap",
            "-separate", "-separate-swap", "-separate-r2", "-separate-r2-swap",
        )
    ]  # fmt: skip


def test_each_verdict_is_asked_about_so_many_changes_of_its_picture(tmp_path: Path) -> None:
    suites = suites_of(tmp_path, case("a1", "different", expect=COUNTED), case("a2", "same"))
    shaken = [name for name in ids(suites, shake=4, repeat=2, swap=True, controls=True) if "-shake" in name]
    assert len(shaken) == len(set(shaken)) == 4 * 4  # three questions about a1, one about a2, no control
    kinds = {name.rpartition("-")[2] for name in shaken if name.startswith("a1-verdict")}
    assert kinds == {"light", "shift", "jpeg", "blur"}
    assert not [name for name in ids(suites) if "shake" in name]


def test_own_processed_files_and_descriptions_are_not_shaken(tmp_path: Path) -> None:
    own = {"ours": {"reference": "images/good.png", "test": "images/a1.png"}}
    described = {"describe": {"says": [["pin"]]}}
    suites = suites_of(tmp_path, case("a1", "different", processed=own), case("a2", "same", expect=described))
    shaken = [name for name in ids(suites, shake=1) if "-shake" in name]
    assert [name.partition("-shake")[0] for name in shaken] == ["a1-verdict-raw-m"]


def test_only_what_holds_in_either_order_is_swapped(tmp_path: Path) -> None:
    choice = {"options": ["bent", "missing"], "answer": "bent"}
    suites = suites_of(tmp_path, case("a1", "different", expect={**COUNTED, "choice": choice}))
    swapped = [name for name in ids(suites, swap=True, controls=True) if name.endswith("-swap")]
    assert swapped == ["a1-verdict-raw-m-swap", "a1-count-raw-m-swap"]


def test_the_models_own_layout_leaves_no_trace_in_the_id(tmp_path: Path) -> None:
    suites = suites_of(tmp_path, case("a1", "same"))
    models = [Participant("m", "separate", ALL), Participant("n", "stacked", ALL)]
    assert ids(suites, models=models, layouts=("separate", "separate")) == [
        "a1-verdict-raw-m",
        "a1-verdict-raw-n-separate",
    ]


# Splits and controls


def test_the_split_is_chosen(tmp_path: Path) -> None:
    suites = suites_of(
        tmp_path, case("a1", "same"), case("a2", "same", split="test"), defaults={"split": "train"}
    )
    assert ids(suites) == ["a2-verdict-raw-m"]
    assert ids(suites, split="train") == ["a1-verdict-raw-m"]
    assert len(ids(suites, split="all")) == 2
    assert ids(suites, split="train", controls=True)[-1] == "control.good-verdict-raw-m"


def test_each_reference_has_one_control_that_must_be_called_same(tmp_path: Path) -> None:
    for name in ("other/good.png", "images/好.png"):
        picture(tmp_path / "cases/pins" / name, shade=150)
    suites = suites_of(
        tmp_path,
        case("a1", "different", expect=COUNTED),
        case("a2", "same"),
        case("a3", "same", reference="other/good.png"),
        case("a4", "same", reference="images/好.png"),
        variants=["raw", "gray"],
    )
    controls = [trial for trial in trials(suites) if trial.control]
    assert [trial.id.removeprefix("pins/control.") for trial in controls] == [
        f"{name}-verdict-{variant}-m" for name in ("good", "good.2", "好") for variant in ("raw", "gray")
    ]
    assert {trial.case.expect.verdict for trial in controls} == {"same"}
    assert {trial.case.reference == trial.case.test for trial in controls} == {True}
    assert controls[0].suite.tags(controls[0].case) == ("control",)


def test_a_control_takes_no_name_that_a_case_has(tmp_path: Path) -> None:
    suites = suites_of(tmp_path, case("control.good", "different"))
    assert ids(suites, controls=True) == ["control.good-verdict-raw-m", "control.good.2-verdict-raw-m"]


def test_there_are_no_controls_where_no_verdict_is_asked_or_no_pair_is_there(tmp_path: Path) -> None:
    suites = suites_of(tmp_path, case("a1", "different", expect=COUNTED))
    assert not any(trial.control for trial in trials(suites, questions=("count",)))
    entry = {**case("a1", "same", expect={"describe": {"says": [["pin"]]}}), "reference": None}
    suites = suites_of(tmp_path, entry)
    assert [trial.id for trial in trials(suites)] == ["pins/a1-describe-raw-m"]
    assert trials(suites)[0].reference == "pins/images/a1.png"

"""A case says what it must, no more and nothing that contradicts itself."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from kurabe.cases import yaml_lines as yamlfile
from kurabe.cases.case import Case, Expect, SuiteFile, schema
from kurabe.cases.suites import SCHEMA_FILE, find
from kurabe.common.vocabulary import QUESTIONS, Verdict

CASES = Path(__file__).parents[2] / "cases"
CHOICE = {"options": ["bent", "missing"], "answer": "bent"}
DESCRIBE = {"says": [["pin", "lead"]]}


def make(**more: Any) -> Case:
    return Case.model_validate(
        {"id": "a", "reference": "g.png", "test": "t.png", "expect": {"verdict": "same"}, **more}
    )


def problems(**more: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        make(**more)
    return "\n".join(f"{finding['loc']} {finding['msg']}" for finding in caught.value.errors())


# Expectations


@pytest.mark.parametrize(
    ("expect", "verdict"),
    [
        ({}, None),
        ({"verdict": "same"}, "same"),
        ({"verdict": "different"}, "different"),
        ({"differences": []}, "same"),
        ({"differences": [{}]}, "different"),
        ({"differences": [{"kind": "bent"}, {"where": "left"}]}, "different"),
        ({"count": 0}, "same"),
        ({"count": 3}, "different"),
        ({"verdict": "same", "differences": [], "count": 0}, "same"),
        ({"verdict": "different", "differences": [{}], "count": 1}, "different"),
        ({"verdict": "different", "count": 2}, "different"),
        ({"choice": CHOICE}, None),
        ({"describe": DESCRIBE}, None),
    ],
)
def test_the_verdict_is_declared_or_follows(expect: dict[str, Any], verdict: Verdict | None) -> None:
    known = Expect.model_validate(expect)
    assert known.known_verdict == verdict
    assert known.answers("verdict") == (verdict is not None)


@pytest.mark.parametrize(
    ("expect", "says"),
    [
        ({"verdict": "same", "differences": [{"kind": "x"}]}, "verdict is same, yet differences"),
        ({"verdict": "different", "differences": []}, "list of differences is empty"),
        ({"verdict": "same", "count": 1}, "verdict is same, yet the count is 1"),
        ({"verdict": "different", "count": 0}, "verdict is different, yet the count is 0"),
        ({"differences": [{}, {}], "count": 1}, "count is 1, yet 2 differences"),
        ({"differences": [], "count": 1}, "count is 1, yet 0 differences"),
        ({"count": -1}, "greater than or equal to 0"),
        ({"count": "many"}, "valid integer"),
        ({"verdict": "maybe"}, "'same' or 'different'"),
        ({"verdikt": "same"}, "Extra inputs"),
        ({"choice": {"options": ["a", "b"], "answer": "c"}}, "'c' is none of the options"),
        ({"choice": {"options": ["a", "a"], "answer": "a"}}, "repeat themselves"),
        ({"choice": {"options": ["a"], "answer": "a"}}, "at least 2"),
        ({"choice": {"options": [str(n) for n in range(27)], "answer": "1"}}, "at most 26"),
        ({"choice": {"options": ["a", ""], "answer": "a"}}, "at least 1 character"),
        ({"describe": {"says": []}}, "at least 1"),
        ({"describe": {"says": [[]]}}, "at least 1"),
        ({"differences": [{"says": [[]]}]}, "at least 1"),
        ({"differences": [{"says": ["bent"]}]}, "valid list"),
        ({"differences": [{"kind": ""}]}, "at least 1 character"),
        ({"differences": [{"colour": "red"}]}, "Extra inputs"),
    ],
)
def test_an_expectation_that_contradicts_itself_is_refused(expect: dict[str, Any], says: str) -> None:
    assert says in problems(expect=expect)


@pytest.mark.parametrize(
    "box",
    [[10, 10, 10, 20], [10, 20, 20, 20], [20, 10, 10, 20], [-1, 0, 5, 5], [0, -1, 5, 5], [0, 0, "x", 5],
     [0, 0, 5], [0, 0, float("nan"), 5]],
)  # fmt: skip
def test_a_box_has_an_area_and_no_negative_edge(box: list[Any]) -> None:
    assert "box" in problems(expect={"differences": [{"box": box}]})


def test_a_box_is_read_as_left_top_right_bottom() -> None:
    differences = make(expect={"differences": [{"box": [1, 2, 3.5, 4]}]}).expect.differences
    assert differences is not None
    box = differences[0].box
    assert box is not None
    assert (box.x1, box.y1, box.x2, box.y2) == (1, 2, 3.5, 4)


def test_numbers_may_stand_where_text_is_meant() -> None:
    case = make(id=7, expect={"choice": {"options": [1, 2], "answer": 2}, "differences": [{"kind": 3}]})
    assert case.id == "7"
    assert case.expect.choice is not None
    assert case.expect.choice.answer == "2"


# Questions


@pytest.mark.parametrize(
    ("expect", "asked"),
    [
        ({"verdict": "same"}, ["verdict"]),
        ({"count": 2}, ["verdict", "count"]),
        ({"differences": [{}]}, ["verdict", "differences"]),
        ({"choice": CHOICE}, ["choice"]),
        ({"describe": DESCRIBE}, ["describe"]),
        (
            {"differences": [{}], "count": 1, "choice": CHOICE, "describe": DESCRIBE, "verdict": "different"},
            list(QUESTIONS),
        ),
    ],
)
def test_a_case_asks_what_its_expectation_can_answer(expect: dict[str, Any], asked: list[str]) -> None:
    assert make(expect=expect).questions == asked


def test_ask_narrows_the_questions_and_keeps_its_order() -> None:
    expect = {"differences": [{}], "count": 1}
    assert make(expect=expect, ask=["count", "verdict"]).questions == ["count", "verdict"]


def test_one_image_can_be_described_but_not_compared() -> None:
    expect = {"verdict": "same", "describe": DESCRIBE}
    assert make(reference=None, expect=expect).questions == ["describe"]
    assert make(test=None, expect=expect).questions == ["describe"]
    assert "of one image" in problems(reference=None, expect=expect, ask=["verdict"])
    assert "of one image" in problems(test=None, expect={"count": 2})


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"reference": None, "test": None}, "there is no image"),
        ({"expect": {}}, "nothing can be asked"),
        ({"ask": ["count"]}, "asks 'count', but 'expect' does not say"),
        ({"ask": []}, "at least 1"),
        ({"ask": ["verdict", "verdict"]}, "'verdict' stands twice"),
        ({"ask": ["guess"]}, "ask"),
        ({"test": "g.png", "expect": {"verdict": "different"}}, "one file, yet the verdict is different"),
        ({"test": "g.png", "expect": {"count": 1}}, "one file, yet the verdict is different"),
        ({"relation": "similar"}, "'aligned' or 'instance'"),
        ({"split": "training"}, "split"),
        ({"must_pass": "perhaps"}, "valid boolean"),
        ({"id": "a b"}, "use letters, digits"),
        ({"id": "-a"}, "use letters, digits"),
        ({"id": ""}, "use letters, digits"),
        ({"id": "a/b"}, "use letters, digits"),
        ({"id": None}, "valid string"),
        ({"tags": ["two words"]}, "use letters, digits"),
        ({"tags": "missing"}, "valid list"),
        ({"tags": ["light", "skip"]}, "'skip' means something to pytest"),
        ({"tags": ["xfail"]}, "'xfail' means something to pytest"),
        ({"processed": {"mine": {"reference": "r.png"}}}, "Field required"),
        ({"processed": {"a b": {"reference": "r.png", "test": "t.png"}}}, "use letters, digits"),
        ({"expect": None}, "expect"),
        ({"referense": "g.png"}, "Extra inputs"),
    ],
)
def test_a_case_that_cannot_be_asked_is_refused(more: dict[str, Any], says: str) -> None:
    assert says in problems(**more)


def test_one_file_against_itself_may_be_called_same() -> None:
    assert make(test="g.png").questions == ["verdict"]


def test_a_case_never_changes() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        make().id = "b"  # type: ignore[misc]


# Suites


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ({"suite": "all"}, "'all' stands for the total"),
        ({"suite": "a b"}, "use letters, digits"),
        ({"language": "de"}, "'en' or 'ja'"),
        ({"variants": []}, "at least 1"),
        ({"cases": []}, "at least 1"),
        ({"defaults": {"relation": "other"}}, "'aligned' or 'instance'"),
        ({"defaults": {"ask": ["count", "count"]}}, "'count' stands twice"),
        ({"defaults": {"verdict": "same"}}, "Extra inputs"),
        ({"defaults": {"tags": ["parametrize"]}}, "'parametrize' means something to pytest"),
        ({"prompts": ["text"]}, "valid dictionary"),
    ],
)
def test_a_suite_that_is_declared_wrongly_is_refused(header: dict[str, Any], says: str) -> None:
    entry = {"id": "a", "reference": "g", "test": "t", "expect": {"verdict": "same"}}
    with pytest.raises(ValidationError, match=says):
        SuiteFile.model_validate({"cases": [entry], **header})


def test_a_suite_needs_nothing_but_cases() -> None:
    entry = {"id": "a", "reference": "g", "test": "t", "expect": {"verdict": "same"}}
    file = SuiteFile.model_validate({"cases": [entry]})
    assert (file.suite, file.language, file.variants) == (None, "en", ["raw"])
    assert (file.defaults.relation, file.defaults.split, file.defaults.must_pass) == (
        "aligned",
        "test",
        False,
    )


# The schema for editors


def test_the_schema_file_is_current() -> None:
    written = (CASES / SCHEMA_FILE).read_text(encoding="utf-8")
    assert json.loads(written) == schema(), "run 'kurabe schema'"


@pytest.mark.parametrize("path", find(CASES), ids=lambda path: path.stem)
def test_the_shipped_suites_are_as_the_format_says(path: Path) -> None:
    raw = yamlfile.load(path.read_text(encoding="utf-8"))
    assert SuiteFile.model_validate(raw).cases


@pytest.mark.parametrize(
    "box", [[1, 2, float("inf"), 20], [float("nan"), 2, 3, 4], [1, 2, 10**400, 20], [1, 2, -float("inf"), 4]]
)
def test_a_box_without_end_is_an_error_of_its_case(box: list[float]) -> None:
    found = problems(expect={"differences": [{"kind": "x", "box": box}]})
    assert "finite" in found or "four numbers" in found or "valid number" in found


@pytest.mark.parametrize("box", [[0.1, 0.1, 0.2, 0.2], [0, 0, 0.5, 1]])
def test_a_box_in_shares_of_the_picture_is_told_how_to_become_pixels(box: list[float]) -> None:
    assert "times its width" in problems(expect={"differences": [{"kind": "x", "box": box}]})


def test_one_pixel_in_the_corner_is_a_box() -> None:
    assert make(expect={"differences": [{"kind": "x", "box": [0, 0, 1, 1]}]})


def test_numbers_are_texts_as_they_were_written() -> None:
    text = """
    id: 1.10
    reference: a.png
    test: b.png
    specimen: 007
    tags: [1.20]
    expect:
      verdict: different
      choice: {options: [0.10, 0.20, +1], answer: 0.10}
      differences: [{kind: 1.0, says: [[0.10, 2.50]]}]
    """
    case = Case.model_validate(yamlfile.load(text))
    assert (case.id, case.tags, case.specimen) == ("1.10", ["1.20"], "007")
    assert case.expect.choice is not None
    assert case.expect.differences is not None
    assert case.expect.choice.options == ["0.10", "0.20", "+1"]
    assert (case.expect.differences[0].kind, case.expect.differences[0].says) == ("1.0", [["0.10", "2.50"]])

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurabe.cases.case import Choice, Describe, Difference, Expect
from kurabe.cases.prompts import Prompt
from kurabe.common.request import Answer
from kurabe.common.vocabulary import Box, QuestionKind, Verdict
from kurabe.reading import Reading, read
from kurabe.scoring import MIN_IOU, Score, iou, judge, match_boxes, name_of, score

BENT = Difference(kind="bent", where="pin 3", says=[["pin 3", "third pin"], ["bent", "crooked"]])
MISSING = Difference(kind="missing", where="pin 5", says=[["pin 5", "fifth pin"], ["missing", "absent"]])
HERE, THERE = Box(10, 10, 30, 30), Box(100, 100, 140, 120)


def told(question: QuestionKind, expect: Expect, text: str, **answer: object) -> Score:
    options = expect.choice.options if expect.choice else ()
    return score(question, expect, read(question, text, "en", options), Answer(text=text, **answer))  # type: ignore[arg-type]


def found(expect: Expect, items: list[str], verdict: Verdict | None = "different") -> Score:
    """Score an answer of one item a line, whatever the reader would make of it."""
    return score(
        "differences", expect, Reading(verdict=verdict, items=tuple(items)), Answer("\n".join(items))
    )


def boxed(expect: Expect, boxes: list[Box], text: str = "Yes, there is a difference.") -> Score:
    reading = Reading(verdict="different" if boxes else "same")
    return score("differences", expect, reading, Answer(text, boxes=tuple(boxes)))


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Yes, they differ.", "correct"),
        ("They are identical.", "wrong"),
        ("Perhaps.", "unparsed"),
        ("", "unparsed"),
    ],
)
def test_a_verdict(text: str, outcome: str) -> None:
    scored = told("verdict", Expect(verdict="different"), text)
    assert (scored.outcome, scored.expected, scored.expected_verdict) == (outcome, "different", "different")


def test_probability_is_never_taken_for_a_verdict() -> None:
    scored = told("verdict", Expect(verdict="different"), "", p_different=0.99)
    assert (scored.outcome, scored.verdict) == ("unparsed", None)
    assert scored.parts["reason"]


@pytest.mark.parametrize("question", ["verdict", "differences", "count", "choice", "describe"])
def test_no_answer_is_an_error_whatever_was_asked(question: QuestionKind) -> None:
    expect = Expect(
        verdict="different",
        differences=[BENT],
        count=1,
        choice=Choice(options=["scratch", "dent"], answer="dent"),
        describe=Describe(says=[["pin"]]),
    )
    scored = score(question, expect, Reading(reason="empty"), Answer(error="out of memory"))
    assert scored.outcome == "error"
    if question == "differences":
        assert scored.parts["missed"] == ["bent at pin 3"]


def test_nothing_expected_is_a_mistake_of_the_caller() -> None:
    for question in ("verdict", "differences", "count", "choice", "describe"):
        with pytest.raises(ValueError, match=question):
            score(question, Expect(), Reading(), Answer("3"))


@pytest.mark.parametrize(("text", "outcome", "error"), [("3", "correct", 0), ("There are 5.", "wrong", 2)])
def test_a_count_is_exact_and_its_error_is_kept(text: str, outcome: str, error: int) -> None:
    scored = told("count", Expect(count=3), text)
    assert (scored.outcome, scored.parts["count_error"]) == (outcome, error)
    assert (scored.expected, scored.expected_verdict) == ("3", None)


def test_a_count_that_cannot_be_read_has_no_error_to_average() -> None:
    scored = told("count", Expect(count=3), "Several.")
    assert scored.outcome == "unparsed"
    assert "count_error" not in scored.parts


def test_a_choice_by_probabilities_tells_how_it_was_read() -> None:
    choice = Choice(options=["scratch", "dent"], answer="dent")
    expect = Expect(choice=choice)
    prompt = Prompt("?", (), (), 16, ("scratch", "dent"))
    judged = judge("choice", expect, "en", prompt, Answer("B", p_options=(0.25, 0.75)))
    assert judged.outcome == "correct"
    assert judged.rule == "likeliest letter: B, P = 0.75"
    assert judged.parts == {"choice": "dent", "p_options": {"scratch": 0.25, "dent": 0.75}}


@pytest.mark.parametrize(("text", "outcome"), [("B", "correct"), ("A", "wrong"), ("Hmm, hard.", "unparsed")])
def test_a_choice(text: str, outcome: str) -> None:
    choice = Choice(options=["scratch", "dent"], answer="dent")
    assert told("choice", Expect(choice=choice), text).outcome == outcome


def test_a_description_needs_each_group_and_none_of_the_forbidden_words() -> None:
    expect = Expect(describe=Describe(says=[["connector", "plug"], ["white", "ivory"]], never=["cat"]))
    right = told("describe", expect, "An ivory plug.")
    assert (right.outcome, right.parts["hit"]) == ("correct", ["connector", "white"])
    assert told("describe", expect, "A white category connector.").outcome == "correct"
    partly = told("describe", expect, "A red plug.")
    assert (partly.outcome, partly.parts["missed"]) == ("wrong", ["white"])
    forbidden = told("describe", expect, "A white plug and a cat.")
    assert (forbidden.outcome, forbidden.parts["forbidden"]) == ("wrong", ["cat"])
    assert told("describe", expect, "  ").outcome == "unparsed"


def test_what_a_model_thinks_before_it_answers_is_no_answer() -> None:
    expect = Expect(describe=Describe(says=[["plug"]]))
    assert told("describe", expect, "<think>a plug?</think>A pen.").outcome == "wrong"


def test_all_differences_named_are_correct() -> None:
    scored = told(
        "differences", Expect(differences=[BENT, MISSING]), "- Pin 3 is crooked.\n- Pin 5 is absent."
    )
    assert scored.outcome == "correct"
    assert scored.expected == "bent at pin 3; missing at pin 5"
    assert scored.parts["found"] == ["bent at pin 3", "missing at pin 5"]
    assert (scored.parts["claimed"], scored.parts["matched"]) == (2, 2)


def test_exchanged_differences_are_not_found() -> None:
    scored = told("differences", Expect(differences=[BENT, MISSING]), "- Pin 3 is missing.\n- Pin 5 is bent.")
    assert scored.outcome == "wrong"
    assert scored.parts["found"] == []
    assert (scored.parts["claimed"], scored.parts["matched"]) == (2, 0)


def test_a_heading_belongs_to_each_of_its_items() -> None:
    upper = [
        Difference(kind=kind, says=[["upper row"], [pin], [kind]])
        for kind, pin in (("bent", "pin 3"), ("missing", "pin 5"))
    ]
    text = "Upper row:\n- pin 3 is bent\n- pin 5 is missing"
    scored = told("differences", Expect(differences=upper), text + "\n- pin 7 is bent")
    assert scored.outcome == "correct"
    assert (scored.parts["claimed"], scored.parts["matched"]) == (3, 2)


def test_one_difference_may_be_named_across_sentences() -> None:
    scored = found(Expect(differences=[BENT]), ["The third pin stands out.", "It is bent."])
    assert scored.outcome == "correct"
    assert (scored.parts["claimed"], scored.parts["matched"]) == (2, 2)


def test_one_missed_difference_is_wrong() -> None:
    scored = found(Expect(differences=[BENT, MISSING]), ["Pin 3 is bent."])
    assert (scored.outcome, scored.parts["missed"]) == ("wrong", ["missing at pin 5"])


def test_listing_whatever_could_be_wrong_is_not_correct() -> None:
    expect = Expect(differences=[BENT])
    assert found(expect, ["Pin 3 is bent.", "The tip leans left."]).outcome == "correct"
    shotgun = found(expect, ["Pin 3 is bent.", "Pin 1 is burnt.", "Pin 2 is short.", "Pin 4 is rusty."])
    assert shotgun.outcome == "wrong"
    assert (shotgun.parts["claimed"], shotgun.parts["matched"]) == (4, 1)


def test_who_sees_no_difference_has_named_none() -> None:
    scored = told("differences", Expect(differences=[BENT]), "No differences: pin 3 is not bent.")
    assert scored.parts["found"] == []
    assert scored.outcome != "correct"


def test_a_good_pair_is_correct_if_called_same_and_claims_on_it_are_false() -> None:
    good = Expect(verdict="same", differences=[])
    assert told("differences", good, "There are no differences.").outcome == "correct"
    scored = found(good, ["Pin 3 is bent."])
    assert (scored.outcome, scored.parts["claimed"], scored.parts["matched"]) == ("wrong", 1, 0)
    boxes = boxed(good, [HERE])
    assert (boxes.outcome, boxes.parts["claimed"], boxes.parts["matched"]) == ("wrong", 1, 0)


def test_boxes_decide_where_both_sides_have_them() -> None:
    expect = Expect(differences=[Difference(box=HERE, says=[["scratch"]]), Difference(box=THERE)])
    scored = boxed(expect, [THERE, Box(11, 11, 31, 31)], text="Different: dust.")
    assert scored.outcome == "correct"
    assert scored.parts["boxes"] == [list(THERE), [11, 11, 31, 31]]
    assert (scored.parts["expected"], scored.parts["claimed"], scored.parts["matched"]) == (2, 2, 2)
    elsewhere = boxed(expect, [THERE, Box(60, 60, 80, 80)], text="Different: a scratch.")
    assert (elsewhere.outcome, elsewhere.parts["missed"]) == ("wrong", ["scratch"])


def test_a_box_too_many_is_not_exactly_right() -> None:
    scored = boxed(Expect(differences=[Difference(box=HERE)]), [HERE, THERE])
    assert (scored.outcome, scored.parts["missed"], scored.parts["matched"]) == ("wrong", [], 1)


def test_a_box_may_be_of_the_difference_whose_place_is_unknown() -> None:
    expect = Expect(differences=[Difference(box=HERE), Difference(kind="dust", says=[["dust"]])])
    scored = boxed(expect, [HERE, THERE], text="Different: dust.")
    assert (scored.outcome, scored.parts["matched"]) == ("correct", None)
    assert boxed(expect, [HERE, THERE], text="Different: hair.").parts["missed"] == ["dust"]


@pytest.mark.parametrize("text", ["The test picture has a dent.", "No images were provided.", "Unclear."])
def test_a_difference_without_words_of_its_own_is_named_by_its_kind(text: str) -> None:
    silent = Expect(differences=[Difference(kind="scratch", box=HERE)])
    assert told("differences", silent, text).outcome != "correct"
    scored = told("differences", silent, "- There is a scratch on the test picture.")
    assert (scored.outcome, scored.parts["found"]) == ("correct", ["scratch"])


def test_a_text_about_differences_that_nothing_names_is_unparsed() -> None:
    scored = told("differences", Expect(differences=[Difference(box=HERE)]), "The test picture has a dent.")
    assert (scored.outcome, scored.parts["expected"]) == ("unparsed", 0)
    assert "give each a 'kind' or 'says'" in scored.parts["reason"]


def test_the_parts_can_be_written_as_json() -> None:
    for scored in (
        boxed(Expect(differences=[Difference(box=HERE)]), [HERE]),
        found(Expect(differences=[BENT]), ["Pin 3 is bent."]),
        told("count", Expect(count=3), "3"),
    ):
        assert json.loads(json.dumps(scored.parts)) == scored.parts


def test_names() -> None:
    assert name_of(BENT) == "bent at pin 3"
    assert name_of(Difference(where="pin 3")) == "pin 3"
    assert name_of(Difference(says=[["third", "3"], ["bent"]])) == "third bent"
    assert name_of(Difference(box=HERE)) == "box 10,10,30,30"


def test_iou_by_hand() -> None:
    assert iou(Box(0, 0, 10, 10), Box(5, 0, 15, 10)) == pytest.approx(50 / 150)
    assert iou(Box(0, 0, 10, 10), Box(10, 0, 20, 10)) == 0
    assert iou(HERE, HERE) == 1


def test_the_best_overlap_is_matched_first() -> None:
    expected = [Box(0, 0, 10, 10), Box(4, 0, 14, 10)]
    assert match_boxes(expected, [Box(4, 0, 14, 10)]) == {1: 0}
    assert match_boxes(expected, [Box(3, 0, 13, 10), Box(0, 0, 10, 10)]) == {0: 1, 1: 0}


edges = st.integers(0, 40)
boxes = st.builds(lambda x, y, w, h: Box(x, y, x + w + 1, y + h + 1), edges, edges, edges, edges)


@given(st.lists(boxes, max_size=6), st.lists(boxes, max_size=6))
def test_matching_is_one_to_one_and_overlapping(expected: list[Box], claimed: list[Box]) -> None:
    matches = match_boxes(expected, claimed)
    assert len(set(matches.values())) == len(matches) <= min(len(expected), len(claimed))
    assert all(iou(expected[i], claimed[j]) >= MIN_IOU for i, j in matches.items())


@given(st.lists(boxes, min_size=1, max_size=6, unique=True), st.randoms(use_true_random=False))
def test_naming_every_box_is_correct_in_any_order(expected: list[Box], random: "object") -> None:
    shuffled = expected[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    scored = boxed(Expect(differences=[Difference(box=box) for box in expected]), shuffled)
    assert scored.outcome == "correct"


def test_scoring_imports_neither_pandas_nor_torch() -> None:
    code = "import kurabe.scoring, sys; print({'pandas', 'torch', 'scipy', 'sklearn'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

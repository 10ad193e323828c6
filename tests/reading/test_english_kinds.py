"""Kinds of English answers that a fresh corpus showed to be read wrongly, and their counterparts."""

import pytest

from kurabe.common.vocabulary import Verdict
from kurabe.reading import read

DESCRIBED = [
    "The first image shows a plug with eight pins. The second image shows a plug on a grey surface.",
    "Image 1 shows a gear with 12 teeth. Image 2 shows a gear on a white cloth.",
    "The first picture shows a red toy car. The second picture shows a toy car with four wheels.",
]
OTHERWISE = [
    "The first image shows a connector with eight pins. The second image shows a connector with seven pins.",
    "The first picture shows a red toy car. The second picture shows a blue toy car.",
    "Image 1 shows a valve that is open. Image 2 shows a valve that is closed.",
    "The box is ticked in the first picture and unticked in the second.",
    "No differences other than a slight change in position of pin 3.",
    "They are the same except for a small change in the position of the screw.",
    "No differences other than a large change in position.",
    "No, nothing differs except the missing screw, which is to be ignored.",
    "Compared with the left one, the right one lacks its cap.",
]
EXCLUDED = [
    "No, there are no differences other than the slight change in position, which is to be ignored.",
    "There is no difference apart from a small change in framing.",
    "No differences other than a slight change in position of the camera.",
    "Except for a small difference in position they are identical.",
]
NOT_DIFFERENT = [
    "There's no change to the login page: the logo and the checkbox (unticked) are where they were.",
    "Forks are in the left one, knives in the middle, spoons on the right. Nothing was put in, so no.",
    "The left slot holds a fork, the centre one a knife and the right one a spoon in both.",
]

PLAIN = [
    "Yes, the second image is missing a screw.",
    "A link of the chain is broken in the second picture.",
    "Yes. The label is torn in the second picture. The cap is also missing in the second picture.",
    "Yes. The only difference is a crack in the second picture; the lighting is the same.",
    "Yes, the difference is a bright scratch in the second picture.",
    "There is no cap in the first picture and one in the second.",
    "No screw in the second, but one in the first.",
    "Yes, the gap is twice as wide as it is in the first picture.",
    "No label is attached in the second picture, but there is one in the first.",
    '{"different": true, "reason": "The second image is missing the cap."}',
]
CALLED_OFF = [
    "No difference, if the sticker does not matter.",
    "Identical, with the hands of the second dropped off.",
    "I'd go with no, were it not for the bald patch.",
    "The answer is anything but no.",
    "They are far from identical, so do not call this a no.",
    "There is no difference between the first picture and the mirror image.",
]
STILL_SAME = [
    "They are identical, with all pins in place and nothing missing.",
    "No differences, with every screw there and none loose.",
    "Overall: no",
    "Verdict: no",
]
KEYED: list[tuple[str, Verdict | None]] = [
    ("Acceptable: no", "different"),
    ("Conforming: yes", "same"),
    ('{"acceptable": false}', "different"),
    ('{"conforms": true}', "same"),
    ("Damage: no", "same"),
    ("Therefore: no", "same"),
    ("My answer: no", "same"),
    ("Passed: no", None),
    ("In spec: no", None),
    ("Colour: no", None),
    ("Tolerance: yes", None),
]


def verdict(text: str) -> Verdict | None:
    return read("verdict", text, "en").verdict


@pytest.mark.parametrize("text", DESCRIBED)
def test_values_of_other_kinds_are_not_held_against_each_other(text: str) -> None:
    assert verdict(text) is None


@pytest.mark.parametrize("text", OTHERWISE)
def test_what_differs_is_read_so(text: str) -> None:
    assert verdict(text) == "different"


@pytest.mark.parametrize("text", EXCLUDED)
def test_a_small_change_in_position_is_excluded(text: str) -> None:
    assert verdict(text) == "same"


@pytest.mark.parametrize("text", NOT_DIFFERENT)
def test_states_and_places_are_no_difference(text: str) -> None:
    assert verdict(text) != "different"


@pytest.mark.parametrize("text", CALLED_OFF)
def test_sameness_that_is_called_off_is_none(text: str) -> None:
    assert verdict(text) != "same"


@pytest.mark.parametrize(("text", "expected"), KEYED)
def test_a_key_is_answered_and_not_the_prompt(text: str, expected: Verdict | None) -> None:
    assert verdict(text) == expected


@pytest.mark.parametrize("text", PLAIN)
def test_words_of_a_veto_in_a_plain_difference_do_not_undo_it(text: str) -> None:
    """ "Missing", "also", "the difference is" stand in most answers that name a difference."""
    assert verdict(text) == "different"


@pytest.mark.parametrize("text", STILL_SAME)
def test_what_is_only_told_beside_sameness_does_not_call_it_off(text: str) -> None:
    assert verdict(text) == "same"

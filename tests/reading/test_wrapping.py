"""What stands around an answer: reasoning, channels, tags, fences, LaTeX, JSON."""

from typing import Any

import pytest

from kurabe.common.vocabulary import Language, Verdict
from kurabe.reading import read
from kurabe.reading.keys import polarity
from kurabe.reading.plain import plain


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("<think>They are the same.</think>Yes", "different"),
        ("They are the same.</think>\nYes", "different"),
        ("<think>They are the same. So no.", None),
        ("<reasoning>They are the same.</reasoning><answer>Yes</answer>", "different"),
        ("<analysis>Pin 3 is different.</analysis><answer>No</answer>", "same"),
        ("<thinking>a<thinking>b</thinking>Yes</thinking>No", "same"),
        ("◁think▷They differ.◁/think▷No", "same"),
        ("[THINK]They differ.[/THINK]No", "same"),
        ("<|begin_of_thought|>Yes<|end_of_thought|><|begin_of_solution|>No<|end_of_solution|>", "same"),
        ("<|begin_of_box|>Yes<|end_of_box|>", "different"),
        (
            "<|channel|>analysis<|message|>They are the same.<|end|><|start|>assistant<|channel|>final"
            "<|message|>Yes<|return|>",
            "different",
        ),
        ("<|channel|>analysis<|message|>They are the same, so no", None),
        ("analysisThey look alike.assistantfinalNo", "same"),
        ("analysisThey look alike, so no", None),
        ("<|im_start|>assistant\nNo<|im_end|>", "same"),
        ("<start_of_turn>model\nNo<end_of_turn>", "same"),
        ("<answer>Yes</answer><answer>No</answer>", None),
        ("<SUMMARY>I compare.</SUMMARY><REASONING>Alike.</REASONING><CONCLUSION>No</CONCLUSION>", "same"),
        ("<p>No</p><p>They are <b>identical</b>.</p>", "same"),
        ("<difference>no</difference>", "same"),
        ("<same>false</same><reason>pin 3 is bent</reason>", "different"),
        ("\\boxed{\\text{No}}", "same"),
        ("$\\boxed{\\mathrm{Yes}}$", "different"),
        ("\\(\\text{No}\\)", "same"),
        ("\u200bNo\u200b", "same"),
        ("No&nbsp;difference", "same"),
        ("~~~\nNo\n~~~", "same"),
        ("> No", "same"),
    ],
)
def test_what_is_meant_as_the_answer_is_read(text: str, verdict: Verdict | None) -> None:
    assert read("verdict", text, "en").verdict == verdict


def test_list_items_of_a_web_page_stay_apart() -> None:
    found = read("differences", "<ul><li>Pin 3 is bent</li><li>Pin 5 is missing</li></ul>", "en")
    assert found.items == ("Pin 3 is bent", "Pin 5 is missing")


def test_a_text_without_markup_stays_as_it_is() -> None:
    text = "The label reads 3 < 4, costs 5 $, and a_b stays."
    assert plain(text) == text.replace("$", "")


@pytest.mark.parametrize(
    ("key", "kind", "true"),
    [
        ("difference", "verdict", "different"),
        ("no_difference", "verdict", "same"),
        ("noDifference", "verdict", "same"),
        ("not_same", "verdict", "different"),
        ("is_same", "verdict", "same"),
        ("defect_free", "verdict", "same"),
        ("unequal", "verdict", "different"),
        ("mismatch", "verdict", "different"),
        ("no_mismatch", "verdict", "same"),
        ("are_the_images_identical", "verdict", "same"),
        ("unchanged", "verdict", "same"),
        ("num_differences", "count", "different"),
        ("no_of_differences", "count", "different"),
        ("color_difference", "part", "different"),
        ("lighting_difference", "excluded", "different"),
        ("answer", "answer", None),
        ("final_answer", "answer", None),
        ("explanation", "prose", None),
        ("confidence", "neutral", None),
        ("foo", "unknown", None),
        ("approved", "unknown", None),
        ("違い", "verdict", "different"),
        ("違いなし", "verdict", "same"),
        ("不一致", "verdict", "different"),
        ("異常の有無", "verdict", "different"),
        ("違いの数", "count", "different"),
        ("理由", "prose", None),
        ("回答", "answer", None),
        ("何か", "unknown", None),
    ],
)
def test_a_key_is_read_word_by_word(key: str, kind: str, true: Verdict | None) -> None:
    found = polarity(key)
    assert (found.kind, found.true) == (kind, true)


@pytest.mark.parametrize("value", ['"yes"', "true", '"no"', "false"])
def test_a_key_that_is_not_known_is_never_a_yes(value: str) -> None:
    assert read("verdict", f'{{"foo": {value}}}', "en").verdict is None


@pytest.mark.parametrize(
    ("text", "language", "options", "choice"),
    [
        ('{"choice": "B", "reason": "it is not a scratch"}', "en", ("pin", "scratch"), "scratch"),
        ("答えはB（傷）です。", "ja", ("ピン", "傷"), "傷"),
    ],
)
def test_a_choice_is_read_in_json_and_in_brackets(
    text: str, language: Language, options: tuple[str, ...], choice: str
) -> None:
    assert read("choice", text, language, options).choice == choice


@pytest.mark.parametrize(
    ("text", "asks", "verdict"),
    [
        ("Yes", "sameness", "same"),
        ("No", "sameness", "different"),
        ("Yes, they are identical.", "sameness", "same"),
        ("No, they are not.", "sameness", "different"),
        ("Yes, they differ.", "sameness", None),
        ("They differ.", "sameness", "different"),
        ("Is there a difference? No.", "sameness", "same"),
        ("Are they the same? No.", "difference", "different"),
        ("はい", "sameness", "same"),
    ],
)
def test_a_prompt_may_ask_for_sameness(text: str, asks: Any, verdict: Verdict | None) -> None:
    language: Language = "ja" if text == "はい" else "en"
    assert read("verdict", text, language, asks=asks).verdict == verdict


@pytest.mark.parametrize(
    ("kind", "text", "rule"),
    [
        ("verdict", "No.", "answer word: “no”"),
        ("verdict", "They are identical.", "sameness stated: “they are identical”"),
        ("verdict", '{"no_difference": true}', "sameness stated: “no_difference: true”"),
        ("verdict", "Only the lighting differs.", "only what the prompt does not count"),
        ("differences", "- Pin 3 is bent\n- The label is missing", "2 named differences"),
        ("count", "There are 3 differences.", "number of differences: “there are 3 differences.”"),
        ("choice", "The answer is B.", "letter B"),
    ],
)
def test_the_rule_says_by_what_it_was_read(kind: Any, text: str, rule: str) -> None:
    found = read(kind, text, "en", ("missing pin", "bent pin"))
    assert found.rule.startswith(rule)
    assert found.reason == ""


def test_what_is_not_read_has_a_reason_and_no_rule() -> None:
    found = read("verdict", "No. There is a scratch on the housing.", "en")
    assert found.rule == ""
    assert "there is a scratch on the housing" in found.reason


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ('{"difference": false, "reason": "Both pictures show the', "same"),
        ('{"difference": true, "reason": "The left pin is', "different"),
        ('{"difference": false, "reason": "The lower pin is bent and', None),
        ('{"difference": true, "reason": "The pictures are identical, and', None),
        ('{"reason": "They differ", "diff', None),
        ('{"difference": tr', None),
        ("They are identical, but", None),
        ("The first picture shows a straight pin, while the second", None),
    ],
)
def test_an_answer_that_was_cut_off_is_read_where_it_had_decided(text: str, verdict: Verdict | None) -> None:
    assert read("verdict", text, "en").verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("If it weren't for the bent pin, they would be the same.", "different"),
        ("If it weren't for the lighting, they would be identical.", "same"),
        ("Everything matches but the left pin.", "different"),
        ("At first I thought the pin was bent, but that is only a reflection. They are identical.", "same"),
        ("No, there is no difference, except that the lid is worn in the second picture.", "different"),
        ("I can't find any difference, so 0.", "same"),
        ("The match is not perfect.", None),
        ("They will be identical.", None),
        ("I don't see no difference.", None),
        ("Only defects count as differences.", None),
        ("The second picture lacks the scratch guard.", "different"),
        ("All differences are caused by the lighting.", "same"),
    ],
)
def test_what_restricts_a_statement_is_heard(text: str, verdict: Verdict | None) -> None:
    assert read("verdict", text, "en").verdict == verdict

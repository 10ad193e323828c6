"""Verdicts: what an answer says, in English and Japanese, and what it leaves open."""

import pytest

from kurabe.common.vocabulary import Language, Verdict
from kurabe.reading import read
from tests.reading.verdicts import TABLE


@pytest.mark.parametrize(("text", "language", "verdict"), TABLE)
def test_a_verdict_is_read_or_left_open(text: str, language: Language, verdict: Verdict | None) -> None:
    reading = read("verdict", text, language)
    assert reading.verdict == verdict
    assert bool(reading.reason) == (verdict is None)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("<think>They differ, yes.</think>No", "same"),
        ("The pins differ.</think>\n\nNo.", "same"),
        ("<think>Yes, they diff", None),
        ('{"answer": "yes"}', "different"),
        ('```json\n{"answer": "no", "explanation": "both look the same"}\n```', "same"),
        ('{"answer": "yes", "explanation": "both look identical, they are the same"}', None),
        ('{"different": false}', "same"),
        ('{"same": true}', "same"),
        ('{"same": "no"}', "different"),
        ('Here you are: {"verdict": "different"}', "different"),
        ("\\boxed{No}", "same"),
        ("<answer>Yes</answer>", "different"),
        ("No<|end|>", "same"),
        ("# Answer\n\n**Yes**", "different"),
        ("- Yes", "different"),
        ("1. Yes", "different"),
        ("Yes\nNo", None),
        ("Upper: Yes\nLower: No", None),
        ("", None),
        ("...", None),
        ("[" * 50_000, None),
    ],
)
def test_wrappings_of_an_answer_are_taken_off(text: str, verdict: Verdict | None) -> None:
    assert read("verdict", text, "en").verdict == verdict


@pytest.mark.parametrize(
    ("text", "yes", "no", "verdict"),
    [
        ("Same", ("Different",), ("Same",), "same"),
        ("Different.", ("Different",), ("Same",), "different"),
        ("NG", ("NG",), ("OK",), "different"),
        ("OK.", ("NG",), ("OK",), "same"),
        ("Not OK", ("NG",), ("OK",), None),
        ("Yes", ("Different",), ("Same",), None),
        ("Different connectors", ("Different",), ("Same",), None),
        ("Not good", ("Not good",), ("Good",), "different"),
        ("なし。", ("あり",), ("なし",), "same"),
        # The prompt asks whether they are identical: yes means same.
        ("Yes", ("No",), ("Yes",), "same"),
        ("No, they differ.", ("No",), ("Yes",), "different"),
        ("Yes, they are identical.", ("No",), ("Yes",), "same"),
        ("Yes, they differ.", ("No",), ("Yes",), None),
        ("No difference.", ("No",), ("Yes",), "same"),
    ],
)
def test_the_words_of_the_prompt_decide_what_an_answer_means(
    text: str, yes: tuple[str, ...], no: tuple[str, ...], verdict: Verdict | None
) -> None:
    assert read("verdict", text, "en", yes=yes, no=no).verdict == verdict


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("Maybe.", "doubt"),
        ("Yes. They are identical.", "both"),
        ("A connector.", "neither"),
        ("They are identical, but one pin is short.", "but"),
        ("No. The left pin is missing.", "defect"),
    ],
)
def test_the_reason_says_why_nothing_was_read(text: str, reason: str) -> None:
    assert reason in read("verdict", text, "en").reason

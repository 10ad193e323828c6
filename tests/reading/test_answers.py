"""Counts, choices, lists of differences, and descriptions."""

import pytest

from kurabe.common.vocabulary import Verdict
from kurabe.reading import read

COUNTS: list[tuple[str, int | None]] = [
    ("3", 3),
    ("3.", 3),
    ("**3**", 3),
    ("３", 3),
    ("10", 10),
    ("0", 0),
    ("three", 3),
    ("Zero.", 0),
    ("twenty two differences", 22),
    ("twenty-one differences", 21),
    ("None", 0),
    ("No differences were found.", 0),
    ("The two images are identical.", 0),
    ("There are 3 differences.", 3),
    ("There is one difference.", 1),
    ("There is a single difference.", 1),
    ("The only difference is the pin.", 1),
    ("There are 2 visible differences between the two pictures.", 2),
    ("I count five.", 5),
    ("Only 2.", 2),
    ("It's 3.", 3),
    ("Yes, there are 3 differences.", 3),
    ("The number of differences is 4.", 4),
    ("Differences: 3", 3),
    ("Answer: 2", 2),
    ("Total: 7", 7),
    ('{"count": 3}', 3),
    ("\\boxed{3}", 3),
    ("There are three differences: 1. the pin 2. the housing", 3),
    ("1. Pin missing\n2. Label missing\nThere are 2 differences.", 2),
    ("I see three differences: the left pin, pin 5 and the label.", 3),
    ("There are 3 differences between image 1 and image 2.", 3),
    ("There are 2 differences, not 3.", 2),
    ("Not 2 but 3 differences.", 3),
    ("There are differences in 2 places.", 2),
    ("3個", 3),
    ("３箇所です。", 3),
    ("一つ", 1),
    ("一つだけです。", 1),
    ("十二個", 12),
    ("二十三個", 23),
    ("違いは三つあります。", 3),
    ("違いは2箇所です。", 2),
    ("違いは全部で3つあります。", 3),
    ("違いは3つです。左のピン、右のピン、ラベルです。", 3),
    ("2枚の写真に3箇所の違いがあります。", 3),
    ("違いの数は4です。", 4),
    ("違いはありません", 0),
    ("違いは一つもありません。", 0),
    ("between 2 and 3", None),
    ("2 or 3 differences", None),
    ("2-3", None),
    ("2 to 3 differences", None),
    ("about 3 differences", None),
    ("At least 3 differences", None),
    ("3+", None),
    ("~3", None),
    ("-3", None),
    ("3?", None),
    ("2.5 differences", None),
    ("several differences", None),
    ("not 3 differences", None),
    ("None of the 3 differences", None),
    ("I cannot see 3 differences.", None),
    ("Two hundred differences", None),
    ("One of the differences is the pin.", None),
    ("One difference is the pin. Another difference is the label.", None),
    ("There is a difference.", None),
    ("There are 3 differences. 2 differences are in the pins.", None),
    ("Pin 4 is missing.", None),
    ("At pin 3 there is a difference", None),
    ("2 pins", None),
    ("There are two images.", None),
    ("There are 10 pins in the upper image and 9 in the lower.", None),
    ("1. Pin missing\n2. Label missing", 2),
    ("Yes.", None),
    ("2～3個", None),
    ("二、三個", None),
    ("3か4個", None),
    ("約3個", None),
    ("3個以上", None),
    ("1つ目は左のピンです。", None),
    ("ピン3が曲がっています。", None),
    ("3番ピンが違います。", None),
    ("いくつかあります。", None),
]

OPTIONS = ("missing pin", "bent pin", "scratch")
CHOICES: list[tuple[str, str | None]] = [
    ("A", "missing pin"),
    ("b", "bent pin"),
    ("Ｂ", "bent pin"),
    ("(A)", "missing pin"),
    ("[B]", "bent pin"),
    ("A.", "missing pin"),
    ("**C**", "scratch"),
    ("Option A", "missing pin"),
    ("The answer is A", "missing pin"),
    ("The answer is (B).", "bent pin"),
    ("The correct option is B.", "bent pin"),
    ("I would go with C", "scratch"),
    ("I choose C.", "scratch"),
    ("B) bent pin", "bent pin"),
    ("B: bent pin", "bent pin"),
    ("B (bent pin)", "bent pin"),
    ("C, because there is a scratch.", "scratch"),
    ("A because the pin is missing", "missing pin"),
    ("A is correct", "missing pin"),
    ("A pin is bent, so B.", "bent pin"),
    ("B\nA pin is bent.", "bent pin"),
    ("It is not A but B.", "bent pin"),
    ("A is wrong, B is correct.", "bent pin"),
    ("Option A is incorrect. Option C is right.", "scratch"),
    ("A. missing pin\nB. bent pin\nC. scratch\nAnswer: B", "bent pin"),
    ('{"answer": "B"}', "bent pin"),
    ("\\boxed{B}", "bent pin"),
    ("bent pin", "bent pin"),
    ("A bent pin", "bent pin"),
    ("A missing pin.", "missing pin"),
    ("It's a scratch", "scratch"),
    ("There is no scratch, but a bent pin.", "bent pin"),
    ("missing pin, not bent pin", "missing pin"),
    ("答えはBです。", "bent pin"),
    ("選択肢B", "bent pin"),
    ("Bだと思います。", "bent pin"),
    ("A pin is missing", None),
    ("A pin is bent.", None),
    ("A picture of a connector", None),
    ("It is a", None),
    ("The picture shows a", None),
    ("Grade A", None),
    ("AB", None),
    ("A1", None),
    ("D", None),
    ("A or B", None),
    ("A and B", None),
    ("C, B", None),
    ("C/B", None),
    ("Both A and B are correct.", None),
    ("A. missing pin\nB. bent pin", None),
    ("A\nB\nC", None),
    ("B. missing pin", None),
    ("A (bent pin)", None),
    ("bent pin or scratch", None),
    ("Not A.", None),
    ("not a scratch", None),
    ("maybe B", None),
    ("I cannot tell", None),
    ("None of the above", None),
    ("選択肢はAとBです。", None),
    ("答えはAかBです。", None),
]

DIFFERENCES: list[tuple[str, Verdict | None, int]] = [
    ("No difference", "same", 0),
    ("None.", "same", 0),
    ("- None", "same", 0),
    ("Differences: none", "same", 0),
    ("Differences:\n- None", "same", 0),
    ("There are no differences between the two pictures.", "same", 0),
    ("No difference between the two pictures. They are identical.", "same", 0),
    ('{"differences": []}', "same", 0),
    ("違いはありません", "same", 0),
    ("特になし", "same", 0),
    ("- The left pin is missing\n- The housing is darker", "different", 2),
    ("1. Left pin missing\n2. Housing darker\n3. Scratch", "different", 3),
    ("Left pin missing\nHousing darker", "different", 2),
    ("The left pin is missing and the housing is darker.", "different", 2),
    ("The left pin is missing. The housing is darker.", "different", 2),
    ("1) pin bent; 2) label missing", "different", 2),
    ("(1) pin bent (2) label missing", "different", 2),
    ("There are two differences:\n1. **Left pin**: missing\n2. **Housing**: darker", "different", 2),
    ("There are two differences. The left pin is missing. The housing is darker.", "different", 2),
    ("1. Left pin:\n   - missing\n   - darker\n2. Housing: lighter", "different", 2),
    ("Sure! Here are the differences:\n\n* Bent pin.\n\nEverything else is the same.", "different", 1),
    ("- The left pin is missing.\n- No other differences.", "different", 1),
    ("The left pin is missing. Otherwise there are no differences.", "different", 1),
    ("The left pin has been removed. Nothing else has changed.", "different", 1),
    ("The pins are the same. The housing is darker.", "different", 1),
    ("Both images show a connector. The lower one lacks a pin.", "different", 1),
    ("The only difference is that the left pin is bent.", "different", 1),
    ("The two images are identical except for the left pin.", "different", 1),
    ("They are identical, but the left pin is bent.", "different", 1),
    ("The upper picture shows 8 pins, while the lower one shows 7.", "different", 1),
    ("Yes, the left pin is missing.", "different", 1),
    ("There is a difference.", "different", 0),
    ("Yes.", "different", 0),
    ('{"differences": ["left pin missing", "housing darker"]}', "different", 2),
    ('["left pin missing"]', "different", 1),
    ('{"differences": [{"part": "left pin", "change": "missing"}]}', "different", 1),
    ("・左のピンがない\n・ハウジングが暗い", "different", 2),
    ("１．左のピンがない\n２．色が違う", "different", 2),
    ("左のピンが欠けています。ハウジングの色が異なります。", "different", 2),
    ("違いは2つあります。\n1. 左のピンがありません。\n2. 色が違います。", "different", 2),
    ("左のピンが曲がっている。他に違いはない。", "different", 1),
    ("上の写真では左のピンがありますが、下の写真ではありません。", "different", 1),
    ("No difference. The left pin is missing.", None, 0),
    ("There are no differences:\n- The left pin is missing", None, 0),
    ("No, the pin is missing.", None, 0),
    ("The images show a connector.", None, 0),
    ("The housing is the same.", None, 0),
    ("The two pictures are very similar.", None, 0),
    ("Let me compare the two pictures.", None, 0),
    ("2枚の写真を比較します。", None, 0),
    ("I cannot tell.", None, 0),
    ("There might be a difference.", None, 0),
    ("Sorry, I cannot help with that.", None, 0),
    ("画像が見えません。", None, 0),
    ("", None, 0),
]


@pytest.mark.parametrize(("text", "count"), COUNTS)
def test_a_count_is_read_or_left_open(text: str, count: int | None) -> None:
    reading = read("count", text, "en")
    assert reading.count == count
    assert bool(reading.reason) == (count is None)


@pytest.mark.parametrize(("text", "choice"), CHOICES)
def test_a_choice_is_read_or_left_open(text: str, choice: str | None) -> None:
    reading = read("choice", text, "en", OPTIONS)
    assert reading.choice == choice
    assert bool(reading.reason) == (choice is None)


def test_the_longest_option_takes_its_place() -> None:
    options = ("pin", "left pin", "no difference", "difference in colour")
    assert read("choice", "The left pin.", "en", options).choice == "left pin"
    assert read("choice", "There is no difference.", "en", options).choice == "no difference"


def test_an_option_may_be_written_in_japanese() -> None:
    options = ("ピンの欠け", "ピンの曲がり")
    assert read("choice", "ピンの曲がりです。", "ja", options).choice == "ピンの曲がり"
    assert read("choice", "A. ピンの曲がり", "ja", options).choice is None


@pytest.mark.parametrize(("text", "verdict", "number"), DIFFERENCES)
def test_differences_are_listed_or_left_open(text: str, verdict: Verdict | None, number: int) -> None:
    reading = read("differences", text, "en")
    assert (reading.verdict, len(reading.items)) == (verdict, number)
    assert bool(reading.reason) == (verdict is None)


def test_the_claims_are_kept_as_they_were_written() -> None:
    text = "Here are the differences:\n1. **Left pin**: Missing\n2. The Label\n   reads 24V.\n"
    assert read("differences", text, "en").items == ("Left pin: Missing", "The Label reads 24V.")


def test_a_description_needs_no_reading_but_words() -> None:
    assert read("describe", "A red cup.", "en").reason == ""
    assert read("describe", " \n", "en").reason == "the answer is empty"

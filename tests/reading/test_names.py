"""Bare nouns in lists: an item where the list is announced as one of differences, and nothing elsewhere."""

import pytest

from kurabe.common.vocabulary import Language
from kurabe.reading import read
from kurabe.reading.naming import names_thing


@pytest.mark.parametrize(
    ("text", "language", "items"),
    [
        ("Differences:\n- Logo\n- arrow", "en", 2),
        ("Differences:\nLogo\nArrow", "en", 2),
        ("Differing parts:\n- arrow", "en", 1),
        ("The following parts differ.\n1. cap\n2. seal", "en", 2),
        ("Missing:\n- screw\n- washer", "en", 2),
        ("Difference 1: logo\nDifference 2: arrow", "en", 2),
        ("Yes.\n- logo\n- arrow", "en", 2),
        ("Differences:\n- Lighting\n- Logo", "en", 1),
        ("違い:\n・矢印\n・ロゴ", "ja", 2),
        ("違い:\n矢印\nロゴ", "ja", 2),
        ("次の点が違います。\n・歯車\n・ばね", "ja", 2),
        ("以下の部分が異なっています。\n・取っ手", "ja", 1),
        ("違い1：取っ手\n違い2：ふた", "ja", 2),
        ("不足している部品：\n・ネジ\n・ワッシャー", "ja", 2),
        ("違い:\n・明るさ\n・矢印", "ja", 1),
    ],
)
def test_a_bare_noun_of_an_announced_list_is_an_item(text: str, language: Language, items: int) -> None:
    reading = read("differences", text, language)
    assert reading.verdict == "different"
    assert len(reading.items) == items


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("- arrow\n- logo", "en"),
        ("logo\narrow", "en"),
        ("Checked:\n- logo\n- arrow", "en"),
        ("Similarities:\nLogo\nArrow", "en"),
        ("Missing parts:", "en"),
        ("・矢印\n・ロゴ", "ja"),
        ("確認箇所:\n・ロゴ\n・矢印", "ja"),
        ("違い:\n・明るさ", "ja"),
    ],
)
def test_a_bare_noun_elsewhere_is_none(text: str, language: Language) -> None:
    assert not read("differences", text, language).items
    assert read("differences", text, language).verdict is None
    assert read("verdict", text, language).verdict is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Missing parts:\n- none", "en"),
        ("Missing:\n- Nothing", "en"),
        ("Damage:\n- none", "en"),
        ("Damaged:\n- none of the parts", "en"),
        ("Broken parts:\n- All parts are intact", "en"),
        ("Scratches:\n- none visible", "en"),
        ("Differences:\n- Pins: none\n- Label: none", "en"),
        ("Differences:\nNone\n\nConclusion\nThe images are identical.", "en"),
        ("No differences.\n- logo\n- arrow", "en"),
        ("不足している部品：\n・なし", "ja"),
        ("欠けている部分：\n・ありません", "ja"),
    ],
)
def test_a_heading_over_nothing_is_no_difference(text: str, language: Language) -> None:
    assert read("differences", text, language).verdict != "different"
    assert read("verdict", text, language).verdict != "different"


def test_a_list_of_things_that_differ_answers_a_verdict() -> None:
    assert read("verdict", "Differences:\n- Logo\n- Arrow", "en").verdict == "different"
    assert read("verdict", "違い:\n・矢印", "ja").verdict == "different"
    assert read("verdict", "Differences:\n- pins\n- label\nNo differences.", "en").verdict is None


@pytest.mark.parametrize("text", ["Logo", "the top left screw", "number of pins", "矢印の向き", "左上の角"])
def test_names(text: str) -> None:
    assert names_thing(text, known=True)


@pytest.mark.parametrize(
    "text", ["The pins are straight", "Both images", "Conclusion", "none", "ピンはまっすぐ", "結論"]
)
def test_no_names(text: str) -> None:
    assert not names_thing(text)

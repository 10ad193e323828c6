"""Matching words in a text."""

import pytest

from kurabe.reading import says_hit, word_in


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The pin is BENT.", "bent"),
        ("the left  pin\nis gone", "left pin"),
        ("pin's colour", "pin"),
        ("missing_pin", "pin"),
        ("left/right", "right"),
        ("off‑centre pin", "off-centre"),
        ("It isn’t there", "isn't"),
        ("Ｐｉｎ １ is missing", "pin 1"),
        ("Straße", "STRASSE"),
        ("ＬＥＤが消えている", "LED"),
        ("左のピンが曲がっています", "曲が"),
        ("左のﾋﾟﾝ", "ピン"),
        ("ピン12がない", "ピン12"),
        ("3個のピン", "3"),
        ("the C++ part", "c++"),
    ],
)
def test_a_word_is_found(text: str, word: str) -> None:
    assert word_in(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("absentbent", "bent"),
        ("bents", "bent"),
        ("pins", "pin"),
        ("pin 12", "pin 1"),
        ("12 pins", "2"),
        ("ピン12がない", "ピン1"),
        ("left of the pin", "left pin"),
        ("anything", ""),
        ("anything", "  "),
        ("", "pin"),
    ],
)
def test_a_word_is_not_found(text: str, word: str) -> None:
    assert not word_in(text, word)


def test_every_group_needs_one_of_its_words() -> None:
    groups = [["missing", "absent", "欠け"], ["left", "左"]]
    assert says_hit("The left pin is absent.", groups)
    assert says_hit("左のピンが欠けています。", groups)
    assert not says_hit("The left pin is bent.", groups)
    assert not says_hit("A pin is missing.", groups)
    assert says_hit("whatever", [])

"""What a description affirms, and what it denies."""

import pytest

from kurabe.reading import affirms, affirms_all, affirms_each


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("A scratch is visible on the housing.", "scratch"),
        ("There is no scratch on the housing.", "housing"),
        ("It is not only bent but broken.", "bent"),
        ("It is not bent but broken.", "broken"),
        ("The red cup is not on the table.", "cup"),
        ("The red cup is not on the table.", "table"),
        ("There is no label, and the pin is missing.", "missing"),
        ("There is no label, the pin is missing.", "missing"),
        ("no scratch, no dent, but a crack", "crack"),
        ("There is no scratch. Wait, there is a scratch.", "scratch"),
        ("There is no label.", "no label"),
        ("傷があります。", "傷"),
        ("ピンが曲がっています。", "曲が"),
        ("傷のない赤いカップです。", "カップ"),
        ("ピンが欠けている。傷はない。", "欠け"),
    ],
)
def test_a_word_is_affirmed(text: str, word: str) -> None:
    assert affirms(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("There is no scratch.", "scratch"),
        ("no pins are missing", "missing"),
        ("nothing is missing", "missing"),
        ("The housing has no scratches or dents.", "dents"),
        ("No scratches, dents, or cracks are visible.", "cracks"),
        ("The connector is free of scratches.", "scratches"),
        ("No pins in the upper row are missing.", "missing"),
        ("A scratch is not visible.", "scratch"),
        ("Scratches: none", "scratches"),
        ("without any visible scratch", "scratch"),
        ("I can't see a scratch.", "scratch"),
        ("The pin is not straight.", "straight"),
        ("A cup.", "scratch"),
        ("傷はありません。", "傷"),
        ("傷や汚れは見られません。", "汚れ"),
        ("ピンは曲がっていません。", "曲が"),
        ("傷のない赤いカップです。", "傷"),
    ],
)
def test_a_word_is_denied_or_not_mentioned(text: str, word: str) -> None:
    assert not affirms(text, word)


def test_a_negation_that_is_asked_for_denies_nothing_else() -> None:
    assert affirms_all("There is no label.", [["label"], ["missing", "no label"]])
    assert not affirms_all("There is no label.", [["label"]])
    assert affirms_all("anything", [])


@pytest.mark.parametrize(
    ("text", "word", "affirmed"),
    [
        ("I can't deny that the spring is dented.", "dented", True),
        ("There's no question that the gasket is corroded.", "corroded", True),
        ("I looked for a torn gasket, but there is none.", "torn", False),
        ("It is unlikely that the spring is torn.", "torn", False),
        ("A dented lid is nowhere to be seen.", "dented", False),
        ("The connector, which has no label, has a bent pin.", "bent", True),
        ("破れ、変色などは見られません。", "破れ", False),
        ("破れはなさそうです。", "破れ", False),
        ("異物以外に問題はありません。", "異物", True),
        ("汚れの有無を確認しましたが、ありませんでした。", "汚れ", False),
    ],
)
def test_a_denial_reaches_as_far_as_it_is_meant(text: str, word: str, affirmed: bool) -> None:
    assert affirms(text, word) == affirmed


def test_a_negation_that_another_group_asks_for_denies_nothing() -> None:
    groups = [["label"], ["missing", "no label"], ["scratch"]]
    assert affirms_each("There is no label.", groups) == [True, True, False]

"""What an answer says outright against what it seemed to say, and their counterparts."""

import pytest

from kurabe.common.vocabulary import Language
from kurabe.reading import read
from kurabe.reading.outright import states_sameness

YES: dict[Language, tuple[str, ...]] = {"en": ("Yes", "yes"), "ja": ("はい",)}
NO: dict[Language, tuple[str, ...]] = {"en": ("No", "no"), "ja": ("いいえ",)}

SAME = [
    "The two kettles are identical.",
    "As far as I can see, the kettles don't differ.",
    "For these reasons, the two kettles can be considered the same.",
    "The kettle itself is unchanged.",
    "Nothing has changed in the kettle itself.",
    "The same dent is on the upper kettle, so this isn't a difference.",
    "急須自体は変わっていません。",
    "どちらの画像にも同一の急須が写っています。",
    "2つの急須は同じです。",
    "2枚目の急須は1枚目の急須と一致します。",
    "全体として、急須に変化はありません。",
]
NOT_OUTRIGHT = [
    "Apart from the spout, the two kettles are identical.",
    "At first glance the two kettles look the same.",
    "The two kettles look the same. However, the spout is chipped.",
    "The two kettles are not identical.",
    "The spout is in both, so this isn't a difference. The handle of the second one is broken.",
    "2つの急須は同じではありません。",
    "2つの急須は同じです。ただし、2枚目は注ぎ口が欠けています。",
    "注ぎ口以外、2つの急須は同じです。",
    "どちらの画像にも急須が写っています。",
]


@pytest.mark.parametrize("text", SAME)
def test_sameness_of_the_whole_is_said_outright(text: str) -> None:
    assert states_sameness(text)


@pytest.mark.parametrize("text", NOT_OUTRIGHT)
def test_an_exception_a_turn_or_a_denial_is_not_outright(text: str) -> None:
    assert states_sameness(text) is None


READ: list[tuple[Language, str | None, str]] = [
    ("en", None, "The lamp has not changed. What varies is the exposure, and that is to be ignored."),
    ("en", None, "My guess was that the hinge is loose, but it isn't. The cupboard itself is unchanged."),
    ("en", None, "Everything in the upper drawing is repeated in the lower one."),
    ("en", "different", "Apart from the cracked lens, nothing differs."),
    ("en", "same", "Apart from the way the pictures were taken, nothing differs."),
    ("en", "different", "Yes. The second pen is free of ink, unlike the first."),
    ("ja", None, "どちらにも同一の急須が写っています。輪郭のにじみは、急須とは関係ありません。"),
    (
        "ja",
        None,
        "蓋は見直しましたが、変化なしです。しかし、2枚目の急須は1枚目の急須と違って注ぎ口が欠けています。",
    ),
    ("ja", "different", "一致しない点があります。蓋は変化なしです。"),
    ("ja", None, "外観検査では、割れやしみが主な欠陥とされます。"),
    ("ja", "same", "急須に汚れは付いていません。2つの急須は同じです。"),
    ("ja", "different", "2枚目の急須は注ぎ口が欠けています。"),
]


@pytest.mark.parametrize(("language", "expected", "text"), READ)
def test_what_is_said_outright_is_heard(language: Language, expected: str | None, text: str) -> None:
    found = read("verdict", text, language, yes=YES[language], no=NO[language])
    assert found.verdict == expected

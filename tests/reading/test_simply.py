"""Ways of saying one thing in several words, in either language, each with its counterpart."""

import pytest

from kurabe.common.vocabulary import Language
from kurabe.reading import read

YES = {"en": ("Yes", "yes"), "ja": ("はい",)}
NO = {"en": ("No", "no"), "ja": ("いいえ",)}
READ: list[tuple[Language, str | None, str]] = [
    ("en", "same", "Nothing is missing, added or changed on the sample part."),
    ("en", "same", "I checked both gaskets. Nothing has been moved, replaced, or damaged."),
    ("en", "same", "Nothing about the part looks bent, cracked or out of place."),
    (
        "en",
        "different",
        "One washer is missing, added or changed pins were not seen, the lid is cracked.",
    ),
    ("en", None, "I can't say whether nothing is missing, added or changed."),
    (
        "en",
        "same",
        "Image 2 is darker, which I have ignored as told. Apart from that, they are the same.",
    ),
    ("en", "same", "The photo is shifted, and such a shift is excluded. Otherwise, I see no difference."),
    ("en", "different", "The third pin is bent. Apart from that, they are the same."),
    ("en", "different", "The lid is cracked, which is a defect. Apart from that, the boxes are identical."),
    ("en", "same", "I find no dent in the lower image that the upper image does not have. They match."),
    ("en", "same", "Although the position in the frame is not quite the same, both parts are identical."),
    ("ja", "same", "基準品にない傷は検査品になく、その逆もありません。"),
    ("ja", "same", "以上より、1枚目に見られない特徴は2枚目に見られず、逆も同様です。"),
    ("ja", "different", "よって、2つの部品を同じだと判断することはできません。"),
    ("ja", "different", "刻印が「10」ではなく「12」です。両者は同一とは言えません。"),
    ("ja", "different", "汚れは上の部品には見られないのに対し、下の部品には見られます。"),
]
NEVER_SAME = [
    "ふたの色が違うため、2つの瓶には差異があります。ラベルも比べましたが、差はありません。",
    "2枚の画像の歯車には違いがあります。歯の数に差はありません。",
    "端子に1か所、違いが見られます。外形に相違はありません。",
]


@pytest.mark.parametrize(("language", "expected", "text"), READ)
def test_what_is_said_in_several_words_is_read(language: Language, expected: str | None, text: str) -> None:
    assert read("verdict", text, language, yes=YES[language], no=NO[language]).verdict == expected


def test_a_shadow_in_one_picture_is_no_difference() -> None:
    text = "影は上の写真には見られないのに対し、下の写真には見られます。部品は同じです。"
    assert read("verdict", text, "ja", yes=YES["ja"], no=NO["ja"]).verdict != "different"


@pytest.mark.parametrize("text", NEVER_SAME)
def test_a_difference_stated_outright_is_never_sameness(text: str) -> None:
    assert read("verdict", text, "ja", yes=YES["ja"], no=NO["ja"]).verdict != "same"


PICTURED: list[tuple[str | None, str]] = [
    ("same", "Even though there is more noise in Image 2, I see no difference between the two valves."),
    ("same", "I ignored the fact that the lower image is darker. Apart from that, they are the same."),
    ("same", "The first picture is a bit sharper, which does not count. The two caps are identical."),
    ("different", "While the second picture is darker, the lid is cracked in the second picture only."),
    ("different", "Even though the lighting is a bit different, the third pin is missing in Image 2."),
    (None, "Even though there is more noise in Image 2, it is hard to tell."),
    ("different", "It would be wrong to call the two plugs identical."),
    ("different", "The claim that nothing has changed does not hold."),
    ("same", "Neither part shows anything that the other one lacks."),
    (None, "I doubt that neither part shows anything that the other one lacks."),
]


@pytest.mark.parametrize(("expected", "text"), PICTURED)
def test_what_concerns_the_picture_alone_turns_nothing(expected: str | None, text: str) -> None:
    assert read("verdict", text, "en", yes=YES["en"], no=NO["en"]).verdict == expected


DOUBTED: list[tuple[Language, str]] = [
    ("en", "A brighter spot in Image 2 seems to be flare from the lens. I don't believe the lids differ."),
    ("en", "I searched for one place where the pictures disagree about the lid and found none."),
    ("en", "Although there are changes in the shooting conditions, the parts and their number are the same."),
    (
        "en",
        "| Feature | Image 1 | Image 2 |\n|---|---|---|\n| Hue | red | red |\n| Pins | 4 | not shown |",
    ),
    ("ja", "| 項目 | 画像1 | 画像2 |\n|---|---|---|\n| 色 | 赤 | 赤 |\n| 穴の数 | 4 | 不明 |"),
    ("ja", "穴の数を数えます。1枚目は8個です。2枚目は、左から順に1、2、3、4"),
]


@pytest.mark.parametrize(("language", "text"), DOUBTED)
def test_what_may_be_none_is_not_read_as_a_difference(language: Language, text: str) -> None:
    assert read("verdict", text, language, yes=YES[language], no=NO[language]).verdict != "different"


def test_letters_that_have_changed_places_are_never_sameness() -> None:
    text = "2枚目だけ、ふたの「L」と「R」が左右逆です。"
    assert read("verdict", text, "ja", yes=YES["ja"], no=NO["ja"]).verdict != "same"


def test_a_number_before_a_list_is_the_count() -> None:
    assert read("count", "3. The differences are the lid, the label, and the seal.", "en").count == 3

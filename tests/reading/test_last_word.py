"""The last words of an answer: "different" is not read where they speak of the sameness of all."""

import pytest

from kurabe.common.vocabulary import Language
from kurabe.reading import read
from kurabe.reading.last_word import ends_in_sameness, says_nothing_of_the_pair


@pytest.mark.parametrize(
    "text",
    [
        'Even though the biscuits are not exactly the same shade, I\'d call this a "no".',
        "Every difference I can see comes from the camera and not from the part.",
        'The second coil is wound a little tighter, yet I arrive at "no difference".',
        "A stain seems to lie on the lid. That means nothing has changed: No.",
        "Although the strap is turned a bit, it's the same product in the same good state.",
        "右側にだけ線が入っているように感じられるものの、違いとは言えません。",
        "変わったのはカメラの条件であって、対象ではありません。",
        "影を除いて考えると、2枚の間に差はなくなります。",
        "急いで見ると違うように思えますが、部品は何も変わっていません。",
        "A slight rotation aside, I can't tell them apart.",
        "The fabric is creased on the left in the second picture; creases come and go. OK.",
        "The third rivet looked proud, but its neighbour in the reference sits as high. Nothing to flag.",
        "ねじの向きが違いますが、向きは問われていないので良品です。",
    ],
)
def test_an_answer_that_ends_in_sameness_is_not_read_as_different(text: str) -> None:
    """Whatever was understood before."""
    language: Language = "en" if text.isascii() else "ja"
    assert ends_in_sameness(text)
    assert read("verdict", text, language).verdict != "different"


@pytest.mark.parametrize(
    "text",
    [
        "The pin is missing in the second image. Everything else is unchanged.",
        "The tip is broken off in the lower picture. I see no change in the head.",
        "The two images are not the same.",
        "Picture 2 has a hole. Apart from that there is no difference.",
        "| Dial | no difference |\n| Hands | moved |\n| Crown | no difference |",
        "Hands: moved\nCrown: no difference",
        "検査対象では右上にばりが残っています。肉厚は変わりません。",
        "画像2ではクリップが加わっている。硬貨の枚数に差はない。",
        "両者に差があります。",
        "結論：変化あり",
        "右の端子が欠けています。それ以外に違いはありません。",
        "2枚目は蓋が割れています。1枚目は良品です。",
    ],
)
def test_what_is_said_of_one_thing_or_of_the_rest_goes_with_a_difference(text: str) -> None:
    """Answers name a difference and then what is as it was."""
    assert not ends_in_sameness(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The difference between a rivet and a screw is that a screw can be taken out.", "en"),
        ("I'd need a larger photograph before I could list anything.", "en"),
        ("In one way they're the same, in another they're not. It's impossible to give one answer.", "en"),
        ("ねじとリベットの違いは、外せるかどうかという点にあります。", "ja"),
        ("2枚を重ねて表示すると、違いを見つけやすくなります。", "ja"),
        ("1枚目は皿ですが、2枚目は開けませんでした。", "ja"),
    ],
)
def test_things_in_general_and_what_is_needed_say_nothing_of_the_pair(text: str, language: Language) -> None:
    """Neither as a verdict nor as a list."""
    assert says_nothing_of_the_pair(text)
    assert read("verdict", text, language).verdict is None
    assert read("differences", text, language).verdict is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Although there's more dust in the background of the test photo, the gear is intact.", "en"),
        ("違うのは背景だけです。", "ja"),
    ],
)
def test_what_lies_around_the_part_is_no_difference_of_it(text: str, language: Language) -> None:
    """Whether it counts is not for the reader to say."""
    assert read("verdict", text, language).verdict != "different"
    both = "The background is the same, but a pin is missing in the second image."
    assert read("verdict", both, "en").verdict == "different"


def test_a_difference_between_two_pictures_is_one() -> None:
    """Words about the pictures are about the pair."""
    text = "1枚目と2枚目の違いは、右の端子が曲がっている点にあります。"
    assert not says_nothing_of_the_pair(text)
    assert read("verdict", text, "ja").verdict == "different"
    english = "The difference between the first image and the second is that a screw is missing."
    assert read("verdict", english, "en").verdict == "different"

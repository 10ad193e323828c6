"""Statements of sameness and of difference, to be put into the frames."""

from kurabe.common.vocabulary import Verdict

ENGLISH: dict[Verdict, tuple[str, ...]] = {
    "same": (
        "They are identical.",
        "There is no difference.",
        "There are no differences between the two images.",
        "I see no difference.",
        "Nothing differs.",
        "No difference is visible.",
        "Both pictures look the same.",
        "They do not differ.",
    ),
    "different": (
        "They are different.",
        "There is a difference.",
        "They are not the same.",
        "The left pin is missing in the lower picture.",
        "One pin is bent in the second image.",
        "They are the same except for the left pin.",
        "A scratch is visible in the lower picture only.",
        "The lower picture lacks the label.",
    ),
}

JAPANESE: dict[Verdict, tuple[str, ...]] = {
    "same": (
        "違いはありません。",
        "同じです。",
        "2枚の写真は同じです。",
        "違いは見られません。",
        "両者は一致しています。",
        "違いはなさそうです。",
        "どちらも同じです。",
    ),
    "different": (
        "違いがあります。",
        "2枚の写真は異なります。",
        "同じではありません。",
        "下の写真では左のピンが欠けています。",
        "左のピン以外は同じです。",
        "下の画像にだけ傷があります。",
        "ピンの色が違います。",
    ),
}

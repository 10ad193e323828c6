"""Verdicts in sentences, and in a word or a few."""

import random
from collections.abc import Callable

from tests.reading.fifth.ja.different import DIFFERENT
from tests.reading.fifth.ja.same import SAME
from tests.reading.fifth.ja.talk import Made, Talk, drawn_truth, wide
from tests.reading.fifth.ja.undecided import OPEN

FRAMES: dict[str, tuple[Callable[[Talk], str], ...]] = {"same": SAME, "different": DIFFERENT, "?": OPEN}


def verdict_prose(rng: random.Random) -> Made:
    """A verdict in sentences."""
    truth = drawn_truth(rng)
    return truth, wide(rng, rng.choice(FRAMES[truth])(Talk(rng)))


SHORT: dict[str, tuple[str, ...]] = {
    "same": (
        "いいえ",
        "違いなし",
        "同じ",
        "同じです",
        "違いはありません",
        "同一",
        "一致しています",
        "変わりません",
        "差異なし",
        "いいえ、同じです",
        "相違なし",
        "異なりません",
        "変化なし",
        "差はありません",
    ),
    "different": (
        "はい",
        "違いあり",
        "違う",
        "違います",
        "違いがあります",
        "異なる",
        "異なります",
        "一致しません",
        "差異あり",
        "はい、違います",
        "相違あり",
        "同じではありません",
        "変化あり",
        "差があります",
    ),
    "?": (
        "不明",
        "わかりません",
        "判断できません",
        "判定不能",
        "どちらとも言えません",
        "はい/いいえ",
        "比較できません",
        "保留",
        "見えません",
    ),
}


def verdict_short(rng: random.Random) -> Made:
    """A verdict in a word or a few."""
    truth = drawn_truth(rng)
    word = rng.choice(SHORT[truth])
    lead = rng.choice(("", "", "", "答え：", "回答:", "判定: ", "結論："))
    before, after = rng.choice((("", ""), ("", "。"), ("「", "」"), ("**", "**"), ("", "！"), ("『", "』")))
    return truth, f"{lead}{before}{word}{after}"

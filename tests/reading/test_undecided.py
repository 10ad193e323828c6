"""Answers that set a difference aside, advise, describe one thing, or leave the question open.

Each kind came up in an answer that was read though it decides nothing; the wordings here are others.
"""

import pytest

from kurabe.common.vocabulary import QuestionKind
from kurabe.reading import read
from kurabe.reading.japanese import is_japanese

OPEN = [
    "To find the differences, first compare the outlines, then the colours.",
    "The best way to spot a difference is to compare the outlines first.",
    "You should compare the outlines to find the differences.",
    "Differences can be found by comparing the outlines first.",
    "Finding the difference requires comparing the pins one by one.",
    "As to whether they differ, I reserve judgement.",
    "The verdict is left open: part of the picture is cut off.",
    "Part of the picture is cut off, so the whole row of pins cannot be compared.",
    "The lower picture is cut off, and I withhold judgement.",
    "The lower picture is cropped, so I cannot compare the whole row of pins.",
    "The presence of a difference is undetermined.",
    "Whether there is a difference is indeterminable.",
    "The existence of differences is to be classed as undeterminable.",
    "The surface of the casting is grey and has a hole in the middle.",
    "The surface of the casting is grey, and there is a hole in the middle.",
    "There is a hole in the centre of the plate.",
    "A hole is in the middle of the washer.",
    "The washer has a slot and a hole.",
    "The plate has a gap in the middle.",
    "The disc has a line across the middle.",
    "One difference to look for is a bent pin.",
    "It helps to look for missing pins first.",
    "写真の一部が切れており、ピンの列全体を比べることはできません。判断は保留します。",
    "写真の端が切れているため、全体を比べられません。",
    "画像の右側が欠けていて、判断を見送ります。",
    "画像の一部が切れています。",
    "下の写真は端が切れていて、比較は保留とします。",
    "違いの有無については判定不能とします。",
    "違いの有無は判定できないものとします。",
    "差異の有無については保留します。",
    "違いの有無については述べないことにします。",
    "違いがあるかないかは保留にします。",
    "異常の有無は未判定です。",
    "欠陥の有無は読み取れません。",
    "違いについては判断を控えます。",
    "鋳物の表面は灰色で、中央に穴が開いています。",
    "板には穴が3つ開いています。",
    "円盤の中央に穴があいています。",
    "布の中央に線が入っています。",
    "部品は斜めに置かれています。",
    "ふたが開いています。",
    "矢印は逆を向いています。",
    "ケーブルは長く、先に端子が付いています。",
    "表面に筋が入っています。",
    "違いを見つけるには、まず輪郭を比べ、次に色を比べるとよいでしょう。",
    "違いを探すときは、端から順に見るとよいです。",
    "違いを見つけるコツは、輪郭から比べることです。",
    "違いを見つけるためには、ピンを1本ずつ比べるべきです。",
    "傷を見つけるには斜めから光を当てるといいでしょう。",
    "差異を確認するには、拡大するのがおすすめです。",
    "ピンの曲がりは横から見ると見つけやすいです。",
    "表面のつやを見分けられない。",
    "印字の内容を見分けられません。",
    "色を見分けることができません。",
    "文字を区別できません。",
    '{"difference": "確認できない", "理由": "表面のつやを見分けられない"}',
    "{'備考': '印字の内容を見分けられない', '差異': None}",
    '{"不一致": null}',
    '{"difference": null}',
    '{"differences": null}',
    '{"has_difference": "unknown"}',
    '{"difference": "unknown"}',
    '{"difference": "not determinable"}',
    '{"difference": "cannot be confirmed"}',
    '{"difference": "could not be determined", "reason": "glare"}',
    '{"difference": "unable to confirm"}',
    '{"difference": "undeterminable"}',
    '{"difference": "indeterminable"}',
    '{"difference": "can\'t tell"}',
    '{"difference": "?"}',
    '{"difference": "n/a"}',
    '{"mismatch": "unknown"}',
    '{"match": null}',
    '{"identical": null}',
    '{"same": "unknown"}',
    '{"num_differences": null}',
    '{"違い": "不明"}',
    '{"違い": "確認できません"}',
    '{"違い": "判定できず"}',
    '{"違い": "見分けられない"}',
    '{"違い": "区別できない"}',
    '{"一致": null}',
    '{"一致": "確認できない"}',
    '{"差異の有無": "確認できず"}',
    '{"差異の有無": null}',
    '{"判定": null}',
    '{"欠陥": null}',
    '{"欠陥": "確認できない"}',
    '{"異常": "判断つかず"}',
    '{"結果": {"差異": null}}',
    '{"differences": [null]}',
    '{"differences": ["unknown"]}',
    '{"differences": ["判定不能"]}',
    "差異: 確認できない",
    "difference: unknown",
    "difference: not determinable",
    "difference: null",
    "不一致：null",
    "違い：判別できない",
]
"""Advice, descriptions of one thing, pictures that are cut off, judgements that are withheld, and JSON."""
SET_ASIDE = [
    "The two bowls have slightly different flecks, which is normal variation; the second one has no defect.",
    "The grain differs a little, which is natural variation.",
    "The speckles differ slightly, but that is normal variation between pieces.",
    "The seeds are distributed differently, which is to be expected for a natural product.",
    "The weave differs slightly; this is within normal variation.",
    "Slight differences in the grain are normal.",
    "The wood grain is different, as is usual with wood, and there is no defect.",
    "The chips are placed differently, as with any cookie.",
    "The speckles are different, but this is just natural variation and no defect.",
    "The differences in the speckles are merely normal variation.",
    "The two cookies differ in the position of the chips, which is within tolerance.",
    "The patterns are not identical, but such variation is normal; no defect is visible.",
    "2枚のタイルの斑点は少し異なりますが、通常のばらつきです。2枚目に欠陥はありません。",
    "木目は違いますが、これは自然なばらつきの範囲です。",
    "チップの位置が異なりますが、個体差の範囲内です。",
    "斑点の違いは正常なばらつきです。",
    "模様が少し違いますが、製品として普通のことです。",
    "木目の違いは個体差で、欠陥ではありません。",
    "織りにわずかな差がありますが、許容範囲です。",
    "チョコチップの配置が異なるのは、自然なばらつきによるものです。",
    "The speckles differ slightly. This is normal variation. There is no defect on the second one.",
    "The speckles differ slightly. These differences are natural.",
    "The seeds are not in the same place, which is natural for bread; no defect is visible.",
    "The colours vary a bit, but such variations are normal for wood.",
    "They are the same. The grain differs a little. This is natural variation.",
    "The difference in grain is natural and does not count. No.",
    "The knots differ, as is normal for wood; I see no defect.",
    "Each cookie has a slightly different shape, which is perfectly normal. No defects.",
    "The texture varies slightly from piece to piece, which is to be expected. Both are fine.",
    "The difference is normal.",
    "斑点が少し異なります。これは通常のばらつきです。2枚目に欠陥はありません。",
    "木目が違います。この違いは自然なものです。",
    "斑点は異なりますが、正常なばらつきの範囲内で、2枚目に欠陥はありません。",
    "2枚の木目は異なりますが、天然木ならではの個体差です。",
    "焼き色に差がありますが、製造上の許容範囲に収まっています。",
    "チョコの位置が違っていますが、個体差であり、不良ではありません。",
    "形が少し違うのは個体差です。",
    "模様の違いは個体差によるものと考えられます。",
    "斑点の位置は違いますが、良品間のばらつきにすぎません。",
    "粒の配置が異なりますが、これは問題ありません。",
    "色が異なりますが、欠陥ではありません。",
    "斑点の並び方は違いますが、そういうものです。",
    "The specks are arranged differently, but that is not a defect.",
    "The specks are arranged differently; that is no defect.",
    "The chips sit in other places, but that is how cookies are.",
    "Although the speckles differ, this is natural.",
    "While the grain differs, this is just natural variation.",
    "Despite slightly different speckles, which are normal, there is no defect.",
    "Except for normal variation in the speckles, nothing differs.",
    "特に違いはありません。下側の画像では色が変わっていますが、上側では正常です。",
    "The two are not the same, which is normal.",
]
"""Differences that are called normal: the same or unread, never different."""
DIFFERENT = [
    "The speckles differ, which is not normal variation.",
    "The speckles differ slightly, which is normal, but the label is missing.",
    "The speckles differ slightly, which is normal variation; the second one has a crack.",
    "The grain differs naturally. The second tile has a crack.",
    "The pins are bent differently, and this exceeds normal variation.",
    "The colour differs, which is a defect.",
    "The text differs between the two labels.",
    "斑点は少し異なりますが、通常のばらつきです。ただし、2枚目には欠けがあります。",
    "木目は違いますが、自然なばらつきを超えています。",
    "ピンが曲がっています。木目の違いは自然なばらつきです。",
    "2枚目は色が変わっていますが、他は正常です。",
    "色が異なりますが、上の写真は正常です。",
    "2枚目の形が違っていて、1枚目は正常です。",
    "ピンの長さが違います。1枚目は正常です。",
    "The second picture differs in colour, but the first is normal.",
    "The label differs from the first one. It is not within tolerance.",
    "The pin lengths differ; the first is within tolerance.",
    "The colour differs. That is unusual.",
    "The pin is missing. The grain differs, which is natural.",
]
"""Neighbours of these that do state a difference."""


def verdict(text: str) -> str | None:
    return read("verdict", text, "ja" if is_japanese(text) else "en").verdict


@pytest.mark.parametrize("text", OPEN)
def test_what_decides_nothing_is_not_read(text: str) -> None:
    assert verdict(text) is None


@pytest.mark.parametrize("text", SET_ASIDE)
def test_a_difference_that_is_normal_is_none(text: str) -> None:
    assert verdict(text) in ("same", None)


@pytest.mark.parametrize("text", DIFFERENT)
def test_a_difference_beside_what_is_normal_is_read(text: str) -> None:
    assert verdict(text) == "different"


@pytest.mark.parametrize("kind", ["differences", "count"])
@pytest.mark.parametrize(
    "text",
    [
        '{"差異": null, "理由": "見分けられない"}',
        '{"差異": "確認できない"}',
        '{"differences": ["unknown"]}',
        '{"count": null}',
    ],
)
def test_what_is_left_open_is_neither_listed_nor_counted(kind: QuestionKind, text: str) -> None:
    reading = read(kind, text, "en")
    assert reading.verdict is None
    assert reading.count is None


@pytest.mark.parametrize("text", ['{"difference": null, "same": true}', '{"違い": null, "同じか": true}'])
def test_a_null_beside_a_verdict_takes_nothing_back(text: str) -> None:
    assert verdict(text) == "same"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"良否": "OK"}', "same"),
        ('{"良否": "良"}', "same"),
        ('{"合否": "合格"}', "same"),
        ('{"判定": "OK"}', "same"),
        ('{"評価": "良品"}', "same"),
        ('{"合否判定": "合格", "理由": "形も色も同じ"}', "same"),
        ('{"合否": "合格", "理由": "ピンが1本足りない"}', None),
        ('{"良否": "否"}', "different"),
        ('{"合否": "ＮＧ"}', "different"),
        ('{"合否": "保留"}', None),
        ('{"合否": "○"}', "same"),
    ],
)
def test_a_stamp_under_a_key_is_a_judgement(text: str, expected: str | None) -> None:
    assert verdict(text) == expected

"""What is said in Japanese of states: 「曲がっている」, 「ない」, 「暗い」; and descriptions."""

import re

from kurabe.reading.clauses import Act, Meaning
from kurabe.reading.japanese.likeness import attributive, nominal
from kurabe.reading.japanese.sentences import Word
from kurabe.reading.patterns import later

_PART = later("[Qx]")


def place_of(codes: str, sides: set[int], act: Act = "defect", text: str = "") -> Meaning:
    """Return what a fault that is stated amounts to: in one picture it is a difference."""
    if _ONE_OF.search(text):
        return Meaning("different", named=True)
    if len(sides) == 1 and "B" not in codes and not _TOO.search(text):
        return Meaning("different", named=True)
    if _TOO.search(text):
        return Meaning("both")
    return Meaning("both") if "B" in codes or len(sides) == 2 else Meaning(act, named=True)


_TOO = later(
    "(?:どちら|いずれ|両方)の[^。、]{1,20}も|(?:写真|画像|図|枚目|側|方)(?:で|に)?も|と?同じく|と?同様に"
)
_ONE_OF = later("(?:一方|片方|片側)(?:の.{0,12})?(?:だけ|のみ)")


_CHANGES = frozenset(
    [
        "無くな",
        "なくな",
        "消え",
        "増え",
        "減っ",
        "減り",
        "追加",
        "移動し",
        "移動して",
        "入れ替わ",
        "置き換わ",
        "交換され",
        "失われ",
        "消失",
        "取り除",
    ]
)


def defect(words: list[Word], word: Word, left: str, right: str, sides: set[int]) -> Meaning:
    """Read what is said with a word such as 「曲がる」 or 「傷」."""
    thing = attributive(words, word)
    after = (
        re.sub("^[lgA]*[QxP]+(?:F[lgA]*[QxP]+)*", "", right)
        if thing is not None and "E" not in right
        else right
    )
    slight = re.search("わずか|少し|若干|微妙|僅か|ほんの|微小|やや", "".join(one.text for one in words))
    if (
        word.text in ("ずれ", "ズレ")
        and slight
        and not re.search("[xF]", left)
        and {one.text for one in words if one.code == "Q"} <= {"位置"}
    ):
        return Meaning("excluded", named=True)
    if word.text in ("開いて", "空いて") and len(sides) == 1 and "Q" in left and re.search(r"q[^F]*$", left):
        return Meaning("side")  # 「下段には4つの穴が開いています」
    if word.text in _AMOUNTS and re.search("E[IBqAl]*$", left) and "n" not in right:
        return Meaning("excluded", named=True)  # 「2枚目のほうがノイズが多い」
    if re.match(r"[XqAOFcGE]*n", after) and right.count("n") % 2 == 1:
        return Meaning("alike" if len(sides) == 1 else "fine")
    if re.fullmatch(r"[XqAOFc]*[BPI]+[XqAO]*n", after) and word.text not in _CHANGES:
        return Meaning("alike" if len(sides) == 1 else "fine")  # 「傷はどちらにもありません」
    if "R" in left and "n" in right:
        return Meaning("rest")
    if right.endswith("n") and not nominal(words):
        labelled = len(sides) == 1 and any(
            one.text == ":" for one in words
        )  # 「ふたの欠品:下の写真にはふたがない」
        return Meaning("different", named=True) if labelled else Meaning("turn")
    text = "".join(one.text for one in words)
    if (
        word.text in _UNSOUND
        and not right
        and re.fullmatch("[PIBlA]*", left)
        and not _GENERAL_KIND.search(text)
    ):
        return place_of(left + right, sides, "different", text)
    if (word.text in _CHANGES or "発生し" in text) and "n" not in right:
        return Meaning("different", named=True)
    return place_of(left + right, sides, text=text)


_UNSOUND = frozenset(("不良品", "不合格", "ng"))
_GENERAL_KIND = later("とは|場合|例|の特徴|基準|どちらが|なら|れば|たら|か$")
_AMOUNTS = frozenset(
    (
        "多い",
        "少ない",
        "少な",
        "増え",
        "減っ",
        "減り",
        "増加",
        "減少",
        "追加",
        "加わって",
        "多くな",
        "少なくな",
        "濃くな",
        "薄くな",
    )
)
"""What may be said of light and noise, too."""


_GENERAL = later(
    "^(?:この)?(?:写真|画像|図)[はが]|典型|よくある|一般|例えば|例[:は]|どちら|いずれ|両方|双方|共に"
    "|ともに|とも|などの?|可能性|注意|欠陥|不良|見えるの|(?<!た)ように|たとえば|代表"
)


_OPENING = later(
    "(?:穴|孔|開口|窓|溝|口|切れ目|隙間|すき間|切り欠き)[^、。ピ]{0,8}(?:開|空|あ)[いけ]|(?:線|筋|縞"
    "|模様|印|文字)が?[^、。]{0,4}(?:入|走)[っり]"
    "|(?:ふた|蓋|フタ|口|扉|ドア|ファスナー|カバー|窓|箱|袋|バルブ|クリップ|はさみ"
    "|刃)[^、。]{0,4}(?:開|空)[いけ]"
    "|斜め|逆を|長(?:い|く(?!な))|短(?:い|く(?!な))|多(?:い|く(?!な))|(?:丸|細|太|薄|厚|広|狭|小さ"
    "|大き|高|低|長|短)くな"
)
"""What a thing may have by its nature: 「中央に穴が開いています」."""


_WRONG = later(
    "摩耗|すり減|つぶれ|潰れ|溶け|焦げ|腐食|余分|余計|異常|不良|欠陥|傷|ひび|割れ|破れ|余剰|不自然|おかし"
    "|本来|欠け|折れ|曲が|剥が"
)


_DESCRIBED = later(
    "^[^、。]*(?:た|ている)(?!め|と|よう|状態|部分|箇所|跡|線|点)[一-龠ァ-ヶー]{1,8}が(?:写|映|あり"
    "|ある|置|並|見え)[^、。]*$"
    "|^(?!.*(?:位置|向き|だけ|のみ))[^、。]*(?:寄って|反対|消灯|水滴|砕け|貫通|点灯)[^、。]*$"
)
"""What may only describe: 「画像には錆びた釘が写っています」, 「持ち手が左に寄っています」."""
_HAPPENS = later(
    "(?:[てで](?:い(?:る|ます|た|ました)|おり(?:ます)?|しまっています)|(?:見|認め)られ(?:ます|る)"
    "|あり(?:ます)?|ある)$"
)
"""How what befalls a thing is told: 「メッキが剥げて地金が見えています」."""


def states_defect(codes: str, text: str) -> bool:
    """Say whether a clause states that something has a defect: 「ラベルが剥がれています」, 「下端に傷」."""
    if _DESCRIBED.search(text):
        return False
    if re.search(r"[QxPlqAI].*F[gXlAqxQPC]*$", codes) and _HAPPENS.search(text) and not _GENERAL.search(text):
        return _OPENING.search(text) is None or _WRONG.search(text) is not None
    return (
        re.search(r"[QxPlqAI].*F[gXlAq]*$|FX$|Q[^DKSeFJC]*Gn$", codes) is not None
        and _GENERAL.search(text) is None
    ) and (_OPENING.search(text) is None or _WRONG.search(text) is not None)


def comparative(word: str, left: str, right: str, sides: set[int]) -> Meaning:
    """Read what is said with 「暗い」 or 「長い」."""
    if "n" in right:
        return Meaning("alike")
    if left[-1:] == "E" or not re.search("[QxF]", left + right):
        light = word.startswith(("暗", "明る", "ぼやけ")) and not left.strip("qALO")
        about = light or "E" in left + right or re.search("[PI]", left)
        return Meaning("excluded" if about else "defect", named=True)
    return place_of(left + right, sides)


_PASSED = frozenset(("合格", "良品", "ok", "適合", "合格品", "適合品", "ok品"))


def good(words: list[Word], left: str, right: str, sides: set[int]) -> Meaning:
    """Read what is said with 「正常」 or 「揃って」."""
    if "撮影" in "".join(one.text for one in words):
        return Meaning("neutral")
    if right.count("n") % 2 == 1 and not re.match("[^n]*[DKFS]", right):
        return place_of(left + right, sides)
    if "B" in left + right or len(sides) == 2 or (not sides and re.match("[PBl]*$", left)):
        return Meaning(
            "fine", suffices="B" in left and not right and any(one.text in _PASSED for one in words)
        )
    if (
        (sides == {2} or not left)
        and any(one.text in _PASSED for one in words)
        and re.fullmatch("[IPBlqA]*", left)
        and not right
    ):
        return Meaning("alike", suffices=True)  # 「2枚目は合格です」
    return Meaning("side") if sides else Meaning("alike")


_GENERIC = frozenset(
    ("画像", "写真", "図", "絵", "何", "なに", "何も", "どこ", "もの", "物", "全体", "内容", "対象")
)


def scene(words: list[Word], kept: list[Word], codes: str, sides: set[int]) -> Meaning:
    """Read a clause without a pivot: existence alone, a part that is not there, a description."""
    if re.search("はい|いいえ", "".join(word.text for word in words)):
        return Meaning("turn" if "n" in codes else "open")
    if "n" in codes and re.match("、?(?:どこ|何|なに|どれ|一つ|1つ)も", "".join(word.text for word in words)):
        return Meaning("fine" if codes.count("n") == 1 and not sides else "turn")  # 「どこも壊れていません」
    unseen = codes.endswith("Xn") and kept[-2].text in ("見え", "みえ")  # 「見えません」 sees no picture
    if re.fullmatch("[AB]*n|[qAB]*Xn", codes) and not unseen:
        return Meaning("no")
    if re.fullmatch("[qA]*X", codes) and kept[-1].text in (
        "あり",
        "ある",
        "あっ",
        "ござい",
        "有り",
        "有る",
        "見られ",
        "確認でき",
        "有",
    ):
        return Meaning("yes")
    if "n" in codes:
        text = "".join(word.text for word in words)
        if len(sides) == 2 and re.search("I.*X.*I.*n|I.*n.*I.*X", codes) and "にも" not in text:
            return Meaning("different", named=True)  # 「上にあるラベルが下にはありません」
        thing = next((one.text for one in kept if one.code == "P"), "")
        if len(sides) == 1 and re.fullmatch("I[lB]*PX?n", codes) and thing not in _GENERIC:
            return Meaning("different", named=True)  # 「下の写真にはケーブルがない」
        if re.search("[Qx][XqlBIPA]*n", codes):
            return place_of(codes, sides)
        return Meaning("side" if re.fullmatch("I[XqA]*n", codes) else "open")
    if "E" in codes and not _PART.search(codes) and "X" in codes:
        return Meaning("excluded", named=True)
    if len(sides) == 1:
        return Meaning("different", named=True) if "O" in codes and "X" in codes else Meaning("side")
    if "B" in codes or len(sides) == 2:
        return Meaning("neutral")
    return Meaning("open" if "x" in codes else "neutral")

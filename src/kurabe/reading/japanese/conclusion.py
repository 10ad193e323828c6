"""Answers that end in their conclusion: what leads up to it need not be understood word by word.

Who describes what is seen and then concludes, 「…。よって、違いはありません」, has weighed what was
described. A description that is not understood, but that names no difference, no defect, no exception and
no doubt, and that no "but" sets against anything, does not change such a conclusion. What comes after a
verdict may change it, and is not passed over, unless the verdict was given twice.
"""

from collections.abc import Sequence
from dataclasses import replace

from kurabe.reading.clauses import Act, Clause
from kurabe.reading.matching import JAPANESE
from kurabe.reading.patterns import later

_WRITTEN = later(f"[{JAPANESE}]")
_EVIDENCE = frozenset(("same", "alike", "fine", "neutral", "excluded", "open", "side", "both", "no"))
_BLOCKS = frozenset(("turn", "doubt", "refusal", "ask_same", "ask_different"))
_MAY_TELL = later(
    "ません|ない|なく|なし|ず(?:$|、|に)|無|だけ|のみ|しか|以外|除|より|一方|逆|違|異|別|差|変|不|欠"
    "|非|未|余|過|誤|増|減"
    "|追加|新た|代わり|もう(?:1|一)(?:つ|個|本)|おかし|気にな|疑|なって|なった|られた|なのに|ものの|が、"
)
"""What a description that is not understood may hide a difference behind."""
_CONCLUDES = later(
    "(?:よって|したがって|従って|以上|ゆえに|つまり|結論|そのため|このため|ですから|ですので|なので"
    "|総合|最終|まとめ|判定|判断|回答|答え)"
)
_WEAK = later("全体|おおむね|概ね|基本|大まか|ほぼ|ほとんど|大体|だいたい|一見|種類|タイプ|構図")
_OTHER: dict[Act, Act] = {"same": "different", "different": "same"}


def concluded(clauses: Sequence[Clause], text: str) -> list[Clause]:
    """Return clauses without what leaves a conclusion as it is.

    Args:
        clauses: All clauses of an answer, its answers resolved.
        text: The answer.
    """
    clauses = _beside_light(_outvoted(_not_there(_postured(_shared(clauses)))))
    acts = {clause.act for clause in clauses}
    if "same" in acts and acts <= {"same", "alike", "fine", "neutral", "rest"}:
        clauses = [
            replace(one, act="alike") if one.act == "rest" and _TOO.search(one.text) else one
            for one in clauses
        ]
    if len(clauses) < 2 or any(clause.act in _BLOCKS for clause in clauses):
        return clauses
    last = clauses[-1]
    before: Sequence[Clause] = clauses[:-1]
    behind: Sequence[Clause] = ()
    if not _says_same(last):
        place = _said_twice(clauses, text)
        before, behind = clauses[:place], clauses[place:]
        if not place:
            return clauses
    if not all(map(_leads_up, (*before, *behind))):
        return clauses
    sides = {clause.side for clause in clauses if clause.act == "side"}
    told = {clause.side for clause in clauses if clause.act in ("side", "alike", "fine", "same")}
    if len(sides) == 1 and not (told >= {1, 2} or last.answer or _CONCLUDES.search(text[-40:])):
        return clauses
    calm = len(sides) < 2 or _agree(clauses)
    return [
        replace(clause, act="neutral") if clause.act == "open" or (calm and clause.act == "side") else clause
        for clause in clauses
    ]


_SHARED = later(
    "、?[^、。もが]{1,24}(?:は|も)、?(?:[^、。はがも]{0,8}?)(?:同じ|同一|同様|一致|共通)(?:し)?(?:て(?:い"
    "(?:て|ます|る|ました)|おり)|で|です|だ|であり)?"
)


def _shared(clauses: Sequence[Clause]) -> list[Clause]:
    """Take what is said to be the same for alike, though it is named by a fault: 「錆の範囲は同じで」."""
    return [
        replace(one, act="alike", stated=False)
        if one.act in ("defect", "hint") and not one.only and _SHARED.fullmatch(one.text)
        else one
        for one in clauses
    ]


_POSTURE = later(
    "、?[^、。]{1,14}(?:は|も)、?[^、。はがも]{0,10}?"
    "(?:(?:下が|上が|閉ま|広が|伸び|立|向|座|垂れ下が|持ち上が|閉じ|開い|傾い|開|傾)"
    "|(?:[左右上下前後内外](?:側)?|手前|奥|直角|弓なり|緩やか|なだらか|[一-龠a-z]字(?:形|型)?)に?曲が)"
    "(?:っ|い)?(?:て|た)(?:い(?:て|ます|る|ました)|おり(?:ます)?|状態(?:です|で))?(?:です)?"
)
_OF_DIFFERENCE = later("違い|差|変化|変わ|相違|同じ|同一|一致")


def _postured(clauses: Sequence[Clause]) -> list[Clause]:
    """Leave open how a thing lies or stands behind words of sameness: 「変化はない。腕は下がっている」.

    It may be so in both pictures; a picture, or a "but", says that it is not.
    """
    found = list(clauses)
    alike = False
    for place, clause in enumerate(found):
        if clause.act in ("same", "alike") and not clause.conceded and _OF_DIFFERENCE.search(clause.text):
            alike = True
        plain = not (clause.contrast or clause.only or clause.against or clause.side)
        if alike and plain and clause.act in ("defect", "hint") and _POSTURE.fullmatch(clause.text):
            found[place] = replace(clause, act="open", stated=False)
    return found


_FIGURES = later("[0-9]+|[一二三四五六七八九十赤青緑黄黒白灰]|開|閉|オン|オフ|点灯|消灯|左|右|上|下")
_PICTURES = later("[12一二]枚目|画像[12ab]|[上下左右](?:の(?:写真|画像|部品)|[側段](?=[はにがでも]))")


def _agree(clauses: Sequence[Clause]) -> bool:
    """Say whether what is told of the two pictures holds the same numbers, colours and places."""
    figures: dict[int, list[str]] = {1: [], 2: []}
    for clause in clauses:
        if clause.act == "side":
            figures[clause.side] += _FIGURES.findall(_PICTURES.sub("", clause.text))
    return sorted(figures[1]) == sorted(figures[2])


_ASPECTS = later(
    "[^、はが]{1,14}(?:[、・や]|と)[^はが]{1,14}(?:に(?:は)?(?:違い|差異?|変化|相違)|は(?:同じ|同一"
    "|一致|変わ)|も(?:同じ|同一|一致|変わ)|(?:が|とも|ともに)(?:同じ|同一|一致))"
    "|[^、はが]{1,12}(?:自体|そのもの)(?:に(?:は|も)?(?:違い|差異?|変化|相違)|は(?:同じ|同一|変わ|何も変わ))"
)


_NOT_THERE = later(
    "、?(?:基準品|良品|1枚目|基準|見本|参照画像|基準画像)(?:の(?:写真|画像))?には、?(?:ありません"
    "|ない(?:もの)?|見られません|見当たりません)(?:です)?"
)


def _not_there(clauses: Sequence[Clause]) -> list[Clause]:
    """Take a thing for a difference that the first picture is said not to have: 「…。良品にはありません」."""
    found = list(clauses)
    for place in range(1, len(found)):
        before, clause = found[place - 1], found[place]
        if (
            before.act in ("defect", "hint", "open")
            and clause.act in ("side", "open")
            and _NOT_THERE.fullmatch(clause.text)
        ):
            found[place] = replace(clause, act="different", named=True)
    return found


def _beside_light(clauses: Sequence[Clause]) -> list[Clause]:
    """Take several aspects that are the same for the whole where only the light is said to differ."""
    acts = {clause.act for clause in clauses}
    if "excluded" not in acts or not acts <= {"excluded", "alike", "fine", "neutral"}:
        return list(clauses)
    return [
        replace(clause, act="same")
        if clause.act == "alike" and clause.contrast and _ASPECTS.search(clause.text)
        else clause
        for clause in clauses
    ]


def _outvoted(clauses: Sequence[Clause]) -> list[Clause]:
    """Leave out a yes or no that two statements behind it speak against: 「はい、同じです。違いはないです」.

    Such an answer is one to the question whether the two are the same.
    """
    found = list(clauses)
    if not found or not found[0].answer or found[0].act not in _OTHER or len(found[0].text) > 4:
        return found
    if sum(clause.answer for clause in found) > 1 or not _WRITTEN.search(found[0].text):
        return found
    told = [
        clause
        for clause in found[1:]
        if clause.act in ("same", "different", "defect", "hint", "excluded", "rest")
    ]
    other = _OTHER[found[0].act]
    agreed = [
        clause for clause in told if clause.act == other or (other == "different" and clause.act == "defect")
    ]
    plain = bool(agreed) and not agreed[0].first and _OF_BOTH.match(agreed[0].text) is not None
    if (
        len(agreed) < (1 if plain else 2)
        or len(agreed) < len(told)
        or any(clause.contrast or clause.conceded for clause in found)
    ):
        return found
    return found[1:] if agreed[0] is found[1] else found


_OF_BOTH = later("、?(?:この)?(?:2枚|2つ|二枚|二つ|両)[^、。]{0,6}は[^、。ないせ]{0,6}(?:同じ|同一|一致)")


def _says_same(clause: Clause) -> bool:
    """Say whether a clause says that the two are the same, and nothing weakens it."""
    return (
        clause.act == "same"
        and not (clause.conceded or clause.glance or clause.excepts or clause.only)
        and _WRITTEN.search(clause.text) is not None
        and _WEAK.search(clause.text) is None
    )


_ANNOUNCED = later(r"[\W\d]*(?:結論|最終判定|総合判定|比較結果|判定)[】\]]?[\s:：]")
_TOO = later("も(?:同様|同じ|一致|変わ|すべて同じ)|^その他[:は]、?(?:異常|問題|違い|差異?)は?なし")


def _said_twice(clauses: Sequence[Clause], text: str) -> int:
    """Return how many clauses it takes to say "same" twice, or once under a heading; 0 if it is not."""
    told = [place for place, clause in enumerate(clauses) if _says_same(clause)]
    first = told[0] if told else 0
    if told and _ANNOUNCED.match(text) and not clauses[first].answer:
        return first + 1 if all(clause.act == "neutral" for clause in clauses[:first]) else 0
    return told[1] + 1 if len(told) > 1 and clauses[told[0]].answer else 0


def _leads_up(clause: Clause) -> bool:
    """Say whether a clause may stand beside a conclusion that the two are the same."""
    if clause.act not in _EVIDENCE or clause.excepts:
        return False
    if clause.act not in ("open", "side"):
        return True
    restricts = clause.contrast or clause.only or clause.against or clause.conceded
    return not restricts and _MAY_TELL.search(clause.text) is None

"""Keys of JSON and of "key: value" lines, read word by word: ``no_difference``, ``is_same``, 違いなし."""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from kurabe.common.vocabulary import Verdict
from kurabe.reading.clauses import OPPOSITE
from kurabe.reading.key_words import (
    ANSWER,
    ANSWERS_OF,
    COUNTS,
    DIFFERENT,
    EXCLUDED,
    FILL,
    FINDINGS,
    IGNORED,
    NEUTRAL,
    NOT,
    NOUNS,
    PROSE,
    SAME,
    SIDE_WORDS,
    THINGS,
    without_target,
    words_of,
)
from kurabe.reading.matching import JAPANESE, normalise
from kurabe.reading.patterns import later

Kind = Literal[
    "verdict",
    "part",
    "excluded",
    "count",
    "answer",
    "prose",
    "neutral",
    "ignored",
    "question",
    "side",
    "unknown",
]


class Key(NamedTuple):
    """What a key asks.

    Attributes:
        kind: ``verdict`` if its truth is a verdict, ``part`` if it is one of a part only, ``count`` if it
            counts differences, ``answer`` if it holds the answer in words, ``prose`` if it explains,
            ``ignored`` if it tells what was left out of account.
        true: What its truth says, for ``verdict``, ``part``, ``excluded`` and ``count``.
        noun: True if it names a thing that may be none: "differences".
        side: Which picture it describes, 1 or 2.
    """

    kind: Kind
    true: Verdict | None = None
    noun: bool = False
    side: int = 0


_KNOWN = NOT | SAME | DIFFERENT
_PREFIX = later(r"^(no|not|non|is|are|has|have|un|in|num|any)([a-z]{3,})$")

_JA = later(
    "(?P<d>不合格|(?:変わった|変化した|変更された|欠けた|追加された|増えた|減った|消えた|不足した|失われた)"
    "(?:部品|箇所|部分|もの|項目|要素|場所)|不一致|違い|相違点?|差異点?|差分|変化点?|変更点?|異なる(?:点|箇所|部分)?|違う(?:点|箇所)?"
    "|異な(?:り|る|って(?:いる|います))|違(?:う|って(?:いる|います))|変わった点|異常|欠陥|不良|不適合|差)"
    "|(?P<i>対象外|除外(?:した|項目|対象|事項)?|無視(?:した|項目)?|考慮外|不問|度外視)"
    "|(?P<h>同一(?:品|物|個体|部品|製品)の(?=状態|もの|様子))"
    "|(?P<s>同じ|同一性|同一|一致性|一致|同様|同等|変わらない|正常|良品|合格)"
    "|(?P<n>なし|無し|ない|無(?!い)|ありません|ではない)"
    "|(?P<e>明るさ|照明|ノイズ|位置ずれ|明度|撮影(?:条件|環境|方法|位置|角度)?"
    "|画質|露出|ピント|画角|構図|カメラ(?:位置)?|倍率|ズーム|圧縮|照り返し|反射|映り込み|写り込み|ぼけ|影|光の?(?:当たり方|具合|加減))"
    "|(?P<c>個数|件数|箇所数|数|総数|合計)"
    "|(?P<a>(?:検査|比較|照合|確認|点検|目視|外観|判定|突合)(?:の)?(?:結論|結果|判定|判断|所見)|出力|最終(?:回答|判断|判定|結論|結果|評価)|比較結果|検査結果|総合|回答|答え|結論|判定|結果|解答|判断|評価)"
    "|(?P<p>理由|所見|特記事項|説明|根拠|備考|詳細|コメント|分析|観察|補足|概要|要約|考察|原因|事由|内容|メモ)"
    "|(?P<o>信頼度|確信度|信頼性|確率|スコア|場所|位置|部位|種類|種別|部品|対象|確度|座標|項目|検査項目"
    "|比較項目|確認項目|観点|要素|箇所名|番号"
    "|品名|品物|品目|被写体|現物|実物|本体|ワーク|検体|製品名?|名称|検査品)"
    "|(?P<f>[ab12](?:と|対|/|vs)[ab12]|(?:物理|実質|実体|本質|機能|外観|構造)(?:的|上)(?:な|の)?|フラグ|真偽|状態|現品|良品見本|見本品?|基準品|との(?:比較|照合|突合)?|間|かどうか|か否か|有意|有無|ありますか|あります|あり|有り|あるか|ある|存在|検出"
    "|していますか|しています"
    "|しているか|している|しますか|するか|する|ますか|ですか"
    "|見られますか|見られるか|いますか|画像|写真|2枚|二枚|2つ|二つ|両者|両方|上下|外観|見た目|もの|物"
    "|全体|基準|見本|の|が|は|か|に|を|と|点|箇所|です"
    "|かどうか|一覧|リスト|間|であるか|であるかどうか|である|\\s|[_\\-?？])"
)
_JAPANESE = later(f"[{JAPANESE}]")


@lru_cache(maxsize=2048)
def polarity(key: str) -> Key:
    """Return what a key asks; ``unknown`` if a word of it is not understood."""
    if len(key) > 80:
        return Key("unknown")
    if _JAPANESE.search(key):
        return _japanese(normalise(key))
    words = _words(key)
    if not words:
        return Key("unknown")
    return _english(words)


def _words(key: str) -> list[str]:
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key)
    found: list[str] = []
    for word in re.findall(r"[a-z]+|[0-9]+", normalise(parted).replace("n't", " not")):
        glued = _PREFIX.match(word) if word not in _KNOWN | FILL | ANSWER | PROSE else None
        if glued and glued[2] in _KNOWN:
            found += ["not" if glued[1] in ("un", "in") else glued[1], glued[2]]
        else:
            found.append(word)
    return found


def _english(words: list[str]) -> Key:
    if words[:2] != ["no", "match"]:
        words = without_target(words)
    rest = [word for word in words if word not in FILL]
    sides = {SIDE_WORDS[word] for word in words if word in SIDE_WORDS}
    rest = (
        [word for word in rest if word not in SIDE_WORDS]
        if len(sides) == 2 or not set(rest) - set(SIDE_WORDS)
        else rest
    )
    negations = sum(word in NOT for word in rest)
    same = [word for word in rest if word in SAME]
    different = [word for word in rest if word in DIFFERENT]
    if rest[:1] and rest[0] in ("question", "query", "prompt"):
        return Key("question")
    if rest and set(rest) <= IGNORED | EXCLUDED and set(rest) & IGNORED:
        return Key("ignored")
    if set(rest) & {
        "score",
        "ratio",
        "rate",
        "percent",
        "percentage",
        "probability",
        "similarity",
        "level",
        "map",
        "mask",
    }:
        return Key("neutral" if not same + different or "confidence" in rest else "unknown")
    if words[:2] == ["no", "of"] and different:
        return Key("count", "different", noun=True)
    if set(words) & COUNTS and (different or not same) and not set(rest) - COUNTS - DIFFERENT - ANSWER:
        return Key("count", "different", noun=True)
    if same and different:
        return Key("answer")
    if same or different:
        return _known(rest, same, different, negations)
    if len(sides) == 1 and not rest:
        return Key("side", side=sides.pop())
    return _undecided(rest, words, sides)


def _undecided(rest: list[str], words: list[str], sides: set[int]) -> Key:
    """Return what a key asks that names neither sameness nor difference."""
    if set(rest) & PROSE:
        return Key("prose", "different" if set(rest) <= FINDINGS else None)
    if rest and set(rest) <= ANSWER | {"yes", "no", "value", "short", "correct", "your"}:
        return Key("answer")
    if set(rest) & ANSWER and set(rest) <= ANSWER | ANSWERS_OF:
        return Key("answer")
    if not rest:
        if len(sides) == 2 and set(words) & {"vs", "versus", "against", "with", "to"}:
            return Key("answer")  # {"A_vs_B": "equal"}
        if words in (["value"], ["overall"], ["final"]):
            return Key("answer")
        return Key("neutral" if set(words) <= THINGS else "unknown")
    if set(rest) <= EXCLUDED | {"only", "merely", "just"} and set(rest) & EXCLUDED:
        return Key("excluded", "different")
    if "answer" in rest:
        return Key("answer")
    return Key("neutral") if set(rest) <= NEUTRAL else Key("unknown")


def _known(rest: list[str], same: list[str], different: list[str], negations: int) -> Key:
    true: Verdict = "same" if same else "different"
    if negations % 2:
        true = OPPOSITE[true]
    noun = any(word in NOUNS for word in different) and not negations
    left = set(rest) - NOT - SAME - DIFFERENT - ANSWER - COUNTS
    if not left:
        return Key("verdict", true, noun)
    if left & (PROSE | {"reason", "why"}):
        return Key("prose", true, noun)
    if left <= EXCLUDED:
        return Key("excluded", true, noun)
    return Key("part", true, noun)


_JA_SIDE = later(
    r"(?:(?P<first>上|左|参照|基準|良品|元)|下|右|検査|対象|テスト)の?(?:画像|写真|図|側|部品|品)"
    r"|(?:画像|写真|図)\s?(?:(?P<one>[1a①])|[2b②])|(?:(?P<un>[1一])|[2二])枚目(?:の(?:画像|写真))?"
)


def _japanese(key: str) -> Key:
    side = _JA_SIDE.fullmatch(key)
    if side:
        return Key("side", side=1 if any(side.groups()) else 2)
    key = _UNCHANGED.sub("同一", key)
    groups: list[str] = []
    place = 0
    while place < len(key):
        match = _JA.match(key, place)
        if match is None:
            return _of_part(key)
        groups.append(match.lastgroup or "f")
        place = match.end()
    if _PAIRED.fullmatch(key):
        return Key("answer")
    return _grouped(groups)


def _grouped(groups: list[str]) -> Key:
    """Return what a key asks by the groups of its words."""
    found = set(groups)
    if "i" in found:
        return Key("ignored")
    if "h" in found:
        return Key("answer")
    if {"d", "s"} <= found:
        return Key("answer")
    if "e" in found:
        return Key("excluded", "different")
    if "c" in found and "s" not in found:
        return Key("count", "different", noun=True)
    if found & {"d", "s"}:
        true: Verdict = "same" if "s" in found else "different"
        if groups.count("n") % 2:
            true = OPPOSITE[true]
        if "p" in found:
            return Key("prose", true, noun="d" in found)
        return Key("verdict", true, noun="d" in found and "n" not in found)
    if "p" in found:
        return Key("prose")
    if "a" in found:
        return Key("answer")
    return Key("neutral") if "o" in found else Key("unknown")


_UNCHANGED = later("変(?:わっ|更され|化し)てい?ない|変わりな[いし]")
_PAIRED = later("[ab12](?:対|vs|/)[ab12]|(?:良品)?(?:見本|基準)品?との(?:比較|照合|突合)(?:結果)?")
"""A key that names the comparison and no more; its value is the answer."""
_JA_OF_PART = later(
    "(?P<thing>[^はがをにでないなし]{1,12}?)(?:の|が|に)?"
    "(?:(?P<different>違い|相違点?|差異?|変化|不一致|異常|欠陥|不良)|(?P<same>一致|同一"
    "|同じ))(?:の?有無|は?あるか|しているか|か|はありますか)?"
)


def _of_part(key: str) -> Key:
    """Return what a key asks of a part: 「色の違い」; ``part`` without a polarity if it is not understood."""
    match = _JA_OF_PART.fullmatch(key)
    if match is None:
        return Key("part" if _JA_ANY.search(key) else "unknown", None)
    return Key("part", "different", noun=True) if match["different"] else Key("part", "same")


_JA_ANY = later("違|異な|差|相違|変化|異常|欠陥|不良|同じ|同一|一致")
_TRUE = words_of(
    "yes true y はい ある あり アリ 有り 有 ええ yeah yep correct 1 on t ○ ◯ ✓ ✔ ✅ あります hai"
    " する している します しています"
)
_FALSE = words_of(
    "no false n いいえ ない なし ナシ 無し 無 いえ nope 0 off f × ✗ ✘ ❌ ありません iie しない "
    "していない しません していません"
)
_NOTHING = words_of(
    "none nothing null nil n/a na ~ 特になし 特記事項なし 特記なし 該当なし なし 無し 無 - -- ― — empty"
)


def truth(value: object) -> bool | None:
    """Return what a value says by itself: true, false, or nothing."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = normalise(value).strip(" .!。、\"'「」[]()*")
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
    return None


_NOT_THERE = later(
    r"(?:there (?:is|are|was|were) )?(?:none|nothing|nil|zero|negative|absent|undetected|not applicable|n/a"
    r"|(?:none|nothing|not)(?: (?:was|were|is|are|be|been|to be))?(?: (?:visually|clearly|any))?(?: "
    r"(?:found|detected|visible|present|observed|seen|noticed"
    r"|identified|noted|apparent|to report|there))+)"
    r"|見当た(?:らない|らず|りません)|検出され(?:ず|ない|ません)|見られ(?:ない|ません|ず)"
    r"|確認でき(?:ない|ません|ず)|無し|ゼロ|皆無|ナシ|未検出|陰性|不検出|非検出|検出(?:なし|無し|せず)|変化(?:なし|無し)|ありませんでした|特にありません"
)


def nothing(value: object) -> bool:
    """Say whether a value names nothing: null, an empty list, "none", "not found"."""
    if value is None:
        return True
    if isinstance(value, str):
        return (
            normalise(value).strip(" .!。、\"'「」()") in _NOTHING
            or not value.strip()
            or _NOT_THERE.fullmatch(normalise(value).strip(" .!。")) is not None
        )
    return isinstance(value, list | tuple | dict) and not value

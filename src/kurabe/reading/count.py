"""How many: a number that the text ties to differences, or that stands alone."""

import re

from kurabe.common.vocabulary import Language
from kurabe.reading.plain import sentences
from kurabe.reading.verdict import sentence_claims

_UNITS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: n for n, word in enumerate(_UNITS)} | {word: 20 + 10 * n for n, word in enumerate(_TENS)}
_WORDS["single"] = 1
_KANJI = {char: number for number, char in enumerate("〇一二三四五六七八九")}
_COUNTING = [
    "ひとつ",
    "ふたつ",
    "みっつ",
    "よっつ",
    "いつつ",
    "むっつ",
    "ななつ",
    "やっつ",
    "ここのつ",
    "とお",
]
_NATIVE = {word: number for number, word in enumerate(_COUNTING, 1)}

_ENGLISH = "|".join(
    [rf"(?:{'|'.join(_TENS)})(?:[-\s](?:{'|'.join(_UNITS[1:10])}))?", *sorted(_WORDS, key=len, reverse=True)]
)
_NUMBER = rf"(?:(?<![\d.,/])\d{{1,4}}(?![\d]|[.,/]\d|[-~〜]\s?\d|%)|\b(?:{_ENGLISH})\b)"
_JAPANESE_NUMBER = (
    r"(?:(?<![\d.,/])\d{1,4}|[一二三四五六七八九]?十[一二三四五六七八九]?|[〇一二三四五六七八九]|"
    + "|".join(_NATIVE)
    + ")"
)
_COUNTER = "(?:つ|個|箇所|か所|ヶ所|カ所|ケ所|個所|点|件|ヵ所)"
_NOUN = (
    "(?:differences?|discrepanc(?:y|ies)|deviations?|defects?|anomal(?:y|ies)|flaws?|faults?|changes?"
    "|variations?|mismatch(?:es)?)"
)
_JA_NOUN = "(?:違い|相違点?|差異|異なる(?:点|部分|箇所|ところ)|違う(?:点|部分|箇所|ところ)|変化|欠陥|不良)"
_ADJECTIVES = (
    r"(?:(?!(?:not|or|to|and|of|the|an?|is|are|was|has|have|there|in|at|on|no|pins?|hundred|thousand|dozen)\b)"
    r"[a-z]+[-\s]){0,3}?"
)

_ALONE = re.compile(
    r"[^\w<>~≥≤+\-]*(?:i (?:can )?(?:count|see|find|found|counted)|there (?:is|are)|it is|it's)?"
    r"\s*(?:just |only |exactly |a total of )?"
    rf"({_NUMBER})(?: in total| total)?\W*"
)
_TIED = re.compile(rf"({_NUMBER})\s+{_ADJECTIVES}{_NOUN}\b")
_NAMED = re.compile(
    r"(?:(?:number|count|total)(?: number)?(?: of)?(?: [a-z]+){0,5}?|answer|result|differences?|defects?)"
    rf"\s*(?:is|are|:|=)\s*(?:exactly |a total of )?({_NUMBER})(?!\s*[a-z]*\s*(?:pin|row|%|mm|px))"
    rf"(?=\W*$|\s+{_NOUN}|\s*[,;(])"
)
_ONLY = re.compile(rf"\b(?:the|an?) (?:only|sole|single)(?: [a-z]+)? {_NOUN}\b(?<!s)")
_JA_ALONE = re.compile(
    rf"[^\w<>~≥≤+\-]*(?:答え|回答|合計|全部|個数|数|計)?(?:は|で|:)?\s*({_JAPANESE_NUMBER}){_COUNTER}?"
    r"(?:だけ|のみ)?(?:です|だ|である|あります|ある|でした)?\W*"
)
_JA_TIED = re.compile(
    rf"{_JA_NOUN}(?:点|箇所)?(?:の数)?(?:は|が|も)?[、\s]*(?:全部で|合計で?|全てで|計)?\s*"
    rf"({_JAPANESE_NUMBER}){_COUNTER}?(?!目|番|枚)(?:だけ|のみ)?(?=です|だ|ある|あり|見|存在|確認|$|\W)"
    rf"|({_JAPANESE_NUMBER}){_COUNTER}の?{_JA_NOUN}"
)
_NONE = re.compile(
    r"\W*(?:none|nothing|zero|no|なし|ありません|ない|無し|ゼロ(?:です)?|特に(?:なし|ありません)"
    r"|(?:一つ|1つ|ひとつ)も(?:ありません|ない|なし)|none (?:found|seen|visible))\W*"
)
_VAGUE = re.compile(
    rf"\b(?:between {_NUMBER}|about|around|approximately|approx|roughly|at least|at most|more than"
    r"|less than|fewer than|over|up to|maybe|perhaps|possibly|probably|might|may|not sure|several"
    r"|multiple|nearly|almost|or more|or so|either)\b"
    rf"|{_NUMBER}\s*(?:or|to)\s+{_NUMBER}|\d\s*[-~〜]\s*\d|\d\+"
    r"|約|およそ|おおよそ|程度|くらい|ぐらい|以上|以下|ほど(?:$|あ|の)|未満|かもしれ|おそらく|たぶん"
    r"|[一二三四五六七八九]、[一二三四五六七八九]|(?:わか|分か)りません|いくつか|複数|\dか\d"
)
_DENIED = re.compile(
    r"\b(?:not|never|no|none|cannot|without|neither|\w+n't)\b(?:(?!\bbut\b)[^,;:])*$"
    r"|\b(?:pin|row|column|image|picture|photo|figure|step|line|item|no\.|number|position)s? $"
)
_MORE = re.compile(
    rf"\b(?:another|second|other|additional|further)\b(?: [a-z]+)? {_NOUN}\b"
    rf"|\bone {_NOUN} (?:is|was|lies)\b"
)
_SPREAD = re.compile(
    rf"\bdiffer(?:s|ent|ences?)? (?:in|at) ({_NUMBER}) "
    r"(?:places?|spots?|points?|locations?|areas?|positions?)\b"
)


def read_count(text: str, language: Language) -> tuple[int | None, str]:
    """Return the number of differences that a plain text states, or None and the reason."""
    found: set[int] = set()
    vague = False
    parts = sentences(text)
    if any(map(_MORE.search, parts)):
        return None, "it lists differences without saying how many"
    for sentence in parts:
        numbers = _numbers(sentence, language)
        if numbers and _VAGUE.search(sentence):
            vague = True
        found |= numbers
    if not found and any(_VAGUE.search(sentence) for sentence in parts):
        return None, "it names no definite number"
    if vague:
        return None, "it names a number with a doubt or a range"
    if len(found) > 1:
        return None, f"it names several numbers: {', '.join(map(str, sorted(found)))}"
    return (found.pop(), "") if found else (None, "it names no number of differences")


def _numbers(sentence: str, language: Language) -> set[int]:
    if sentence.endswith("?"):
        return set()
    if _NONE.fullmatch(sentence):
        return {0}
    alone = _ALONE.fullmatch(sentence) or _JA_ALONE.fullmatch(sentence)
    if alone:
        return {_value(alone[1])}
    found: set[int] = set()
    for pattern in (_TIED, _NAMED, _SPREAD, _JA_TIED):
        for match in [] if found else pattern.finditer(sentence):
            number = next(group for group in match.groups() if group)
            if not _DENIED.search(sentence[: match.start()]):
                found.add(_value(number))
    if not found and _ONLY.search(sentence):
        found.add(1)
    if not found and {claim.verdict for claim in sentence_claims(sentence, language)} == {"same"}:
        found.add(0)
    return found


def _value(number: str) -> int:
    if number.isdecimal():
        return int(number)
    if number in _NATIVE:
        return _NATIVE[number]
    if "十" in number:
        tens, _, units = number.partition("十")
        return 10 * _KANJI.get(tens, 1) + _KANJI.get(units, 0)
    if number in _KANJI:
        return _KANJI[number]
    return sum(_WORDS[word] for word in re.split(r"[-\s]", number))

"""Numbers as people write them, in English and Japanese."""

import re

_UNITS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: n for n, word in enumerate(_UNITS)} | {word: 20 + 10 * n for n, word in enumerate(_TENS)}
_WORDS["single"] = 1
_KANJI = {char: number for number, char in enumerate("〇一二三四五六七八九")}
_NATIVE = {
    word: number
    for number, word in enumerate(
        ["ひとつ", "ふたつ", "みっつ", "よっつ", "いつつ", "むっつ", "ななつ", "やっつ", "ここのつ", "とお"],
        1,
    )
} | {"ゼロ": 0, "零": 0}

_ENGLISH = "|".join(
    [rf"(?:{'|'.join(_TENS)})(?:[-\s](?:{'|'.join(_UNITS[1:10])}))?", *sorted(_WORDS, key=len, reverse=True)]
)
_DIGITS = (
    r"(?<![\d.,/#])\d{1,3}(?:\.0+)?(?![\d]|[.,/:]\d|\s?[-~〜–]\s?\d|\s?%|\s?percent\b|st\b|nd\b|rd\b|th\b)"
)
NUMBER = rf"(?:{_DIGITS}|\b(?:{_ENGLISH})\b)(?:\s?\((?:\d{{1,4}}|{_ENGLISH})\))?"
JAPANESE_NUMBER = (
    r"(?:(?<![\d.,/])\d{1,3}(?:\.0+)?(?!\d|\.\d|[%％])|[一二三四五六七八九]?十[一二三四五六七八九]?"
    r"|[〇一二三四五六七八九]|" + "|".join(_NATIVE) + ")"
)
COUNTER = "(?:つ|個所|個|箇所|か所|ヶ所|カ所|ケ所|ヵ所|点|件|ポイント)"


def value_of(number: str) -> int | None:
    """Return the value of what `NUMBER` matched; None if it contradicts itself: "three (4)"."""
    match = re.fullmatch(r"(.+?)\s?\((.+)\)", number)
    if match:
        first, second = _value(match[1]), _value(match[2])
        return first if first == second else None
    return _value(number)


def _value(number: str) -> int:
    if number[0].isdecimal():
        return int(float(number))
    if number in _NATIVE:
        return _NATIVE[number]
    if "十" in number:
        tens, _, units = number.partition("十")
        return 10 * _KANJI.get(tens, 1) + _KANJI.get(units, 0)
    if number in _KANJI:
        return _KANJI[number]
    return sum(_WORDS[word] for word in re.split(r"[-\s]", number))

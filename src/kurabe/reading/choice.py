"""Which option: a letter where a letter is meant, or an option's own words."""

import re
from typing import Any, NamedTuple

from kurabe.reading.keys import truth
from kurabe.reading.lines import unquoted
from kurabe.reading.literals import Object, find, leaves
from kurabe.reading.matching import MOST_MENTIONS, find_word, normalise
from kurabe.reading.patterns import later


class Chosen(NamedTuple):
    """An option's text with the rule that it was read by, or None with the reason."""

    option: str | None
    reason: str = ""
    rule: str = ""


_NOT_BEFORE = later(
    r"(?:\b(?:not|no|never|without|n't|neither|nor|isn't|aren't|rather than|instead of|excludes?|rules? "
    r"out|than)\s+"
    r"(?:an?\s+|the\s+)?(?:option\s+|answer\s+|choice\s+)?\(?|ではなく|ではなくて)$"
)
_NOT_AFTER = later(
    r"^(?!\s*[-–—,;:]?\s*(?:the |all )?(?:others|rest|other options)\b)[\s)]*(?:[^.,;\n]{0,24}?\s)?(?:is"
    r"|are|was|were|seems|does|do|can|could)?\s*"
    r"(?:not\b|n't|wrong\b|incorrect\b|false\b|ruled out\b|excluded\b|eliminated\b|out\b|cannot\b"
    r"|isn't\b|aren't\b|doesn't\b)"
    r"|^(?:では|は|も|が)(?:な|あり|誤|違(?!い)|正しく(?!表|示|説|述)|間違|不正解|ありません)"
)
_DOUBT = later(
    r"\b(?:maybe|perhaps|possibly|probably|might|may be|could be|not sure|unsure|unclear|either|none of"
    r"|guess|(?:can ?not|can't|unable to|hard to|impossible to|difficult to) (?:tell|say|determine"
    r"|decide|see|view|answer)|sorry|likely)\b"
    r"|かもしれ|おそらく|たぶん|わかりません|分かりません|判断でき|どちらとも|でしょう|申し訳"
    r"|該当する(?:もの|選択肢)は(?:あり|な)"
)
_BETWEEN = r"(?:\s*(?:is|:|=|would be|should be|must be|->|→|—|–|-|therefore|clearly|thus|simply)\s*)*\s*"
_ANNOUNCES = (
    r"(?:\b(?:answer|choice|option|letter|response|selection|solution|ans|result|verdict|conclusion|pick)s?"
    rf"(?: (?:to|for|from|among) [^:.\n]{{1,50}}?)?{_BETWEEN}"
    r"(?:the )?(?:correct |right |best |final )?(?:option|letter|answer|choice)?\s*:?\s*"
    r"|\b(?:i(?:'d| would| will)? (?:choose|pick|select|say|go (?:with|for)|opt for|answer)|it is|it's"
    r"|but|so|therefore|definitely|certainly|surely|obviously"
    r"|thus|hence|must be|corresponds to|matches|described (?:best )?by|best described by|choose"
    r"|select)[\s,:]+(?:the )?(?:option|letter|answer|choice)?\s*"
    r"|(?:答え|回答|解答|正解|正答|選択肢|記号|結論|正しい(?:もの|選択肢|答え|記号)|最も適切なもの"
    r"|該当するもの|(?:最も)?(?:適切|正しい|正確|ふさわしい)な?の|ではなく|ではなくて)\s*(?:は|:|、"
    r"|としては|として|が)?\s*(?:選択肢)?\s*)"
)
_ANNOUNCED_ENDS = (
    r"(?=\s*$|\s*\n|\s*[.,;:)\]!。、\-—–(]|\s+(?:is|because|since|as|and|or|which|seems|from|here|for|in)\b"
    r"|\s*(?:です|だ|が|で|を|は|と|の|となり|に|」|$))"
)
_OPENING_ENDS = (
    r"(?=\s*$|\s*[\n.:)(\]。、/&]|\s*,\s|\s*[-—–]\s|\s+(?:because|since|it is|is (?:correct|right|the)|as "
    r"(?:the|it|there))"
    r"|\s+(?:and|or) [a-z]\b|\s*(?:です|だ|が(?:正|最|適)|を選|と(?:な|考|思)|に(?:な|該)))"
)


_LETTER = "([a-z])"
_ANNOUNCED = later(
    rf"{_ANNOUNCES}[(\[{{]?{_LETTER}[)\]}}]?(?![a-z0-9'])(?!\s+(?:pin|scratch|bent|missing"
    rf"|[a-z]+ing)\b){_ANNOUNCED_ENDS}"
)
_OPENING = later(
    rf"(?:^|[.,;:。、]\s?|\n)\W{{0,3}}[(\[]?{_LETTER}[)\]]?(?![a-z0-9']){_OPENING_ENDS}|(?:^"
    rf"|\n)\W{{0,3}}[(\[]{_LETTER}[)\]]"
)
_PRAISED = later(
    rf"(?<![a-z0-9'])[(\[]?{_LETTER}[)\]]?\s*(?:is|が|は)\s*(?:the )?(?:correct|right|best|better|answer"
    rf"|正しい"
    rf"|正解|最も適切|適切|当てはまり|該当)"
    rf"|選択肢{_LETTER}が[^。]{{0,12}}正し"
    rf"|^{_LETTER}\s*[-–—]\s*(?=the (?:others|rest)\b)"
    rf"|\b(?:option|choice|answer)\s+[(\[]?{_LETTER}[)\]]?\s+(?:describes|matches|fits|shows|states"
    rf"|corresponds|accurately|correctly|best)"
)


def read_choice(text: str, options: tuple[str, ...]) -> Chosen:
    """Return the option that a plain text names, or None and the reason.

    An announced letter ("the answer is B") goes before one at the beginning ("B. bent pin"), and that
    before the option's words, so that options which are only repeated do not spoil the answer.
    """
    if not 2 <= len(options) <= 26:
        return Chosen(None, "there are no options to choose from")
    found = find(text)
    if found.values:
        return _in_data(found.values, options)
    if found.broken:
        return Chosen(None, "the JSON is cut off or cannot be parsed")
    return _in_prose(text, options)


def _in_prose(text: str, options: tuple[str, ...]) -> Chosen:
    body = re.sub(r"[^\S\n]+", " ", re.sub("[【】〔〕]", " ", unquoted(text))).strip()
    judged = _JUDGED.findall(body)
    if len(judged) == len(options):
        right = [
            letter for letter, word in judged if word in ("yes", "true", "correct", "right", "正しい", "はい")
        ]
        if len(right) == 1:
            return Chosen(
                options[ord(right[0]) - ord("a")], rule=f"the only letter called right: {right[0].upper()}"
            )
    if _BOTH.search(body):
        return Chosen(None, "it names several letters")
    if _DOUBT.search(body) or _SUPPOSED.search(body):
        return Chosen(None, "it expresses doubt, or asks")
    body = _LAST.sub("answer: ", _OFFERED.sub("", body))
    chosen = _by_letter(body, len(options))
    if text.rstrip().endswith((" a", "\na")):
        chosen.pop(0, None)  # an answer that was cut off after the article
    mentioned = _by_words(body, options)
    if len(chosen) > 1:
        return Chosen(None, "it names several letters")
    if chosen:
        (letter, end), *_ = chosen.items()
        contradicted = _follows(body[end:], options)
        if contradicted is not None and contradicted != letter:
            return Chosen(None, "the letter belongs to another option than the words")
        return Chosen(options[letter], rule=f"letter {chr(ord('A') + letter)}")
    if len(mentioned) > 1:
        return Chosen(None, "it names several options")
    if mentioned:
        option = options[mentioned.pop()]
        return Chosen(option, rule=f"words of an option: “{option}”")
    return Chosen(None, "it names no option")


_BOTH = later(r"\bboth \(?[a-z]\)? and \(?[a-z]\)?(?![a-z])")
_SUPPOSED = later(r"^if\b.*\bwould\b|[a-z]\s?(?:です|でしょう)か[?。]?\s*$")
_OFFERED = later(
    r"^(?:the )?(?:options|choices|candidates)(?: are)?\s*[:：][^.\n。]*[.\n。]\s*(?=.*\b(?:answer|choice)\b)"
    r"|^between \(?[a-z]\)? (?:and|or) \(?[a-z]\)?,\s*"
    r"|\(?[a-z]\)?(?:では|で)なく(?:て)?[、,]?\s*(?=\(?[a-z]\)?(?:です|だ|が|。|$))"
    r"|(?<=[。.\n])\s*(?:選択肢)?\(?[a-z]\)?は(?:当てはまり|該当し|正しく|適切では|合い)[^。]{0,12}(?:ません"
    r"|ない)[。]?\s*$"
    r"|^(?:option|answer|choice) \(?[a-z]\)? is (?:wrong|incorrect|false|not (?:right"
    r"|correct))[.,;]\s*(?=.*\b(?:right|correct) one is\b)"
)
_LAST = later(
    r"^the (?:right|correct|best) one is(?=\s*\(?[a-z]\)?\W*$)|^the option that [\w ]{3,60}?"
    r" is(?=\s*\(?[a-z]\)?\W*$)"
)
_JUDGED = later(
    r"(?<![a-z0-9])\(?([a-z])\)?[.:]?\s*[:\-–=]\s*(yes|no|true|false|correct|incorrect|wrong|right|はい"
    r"|いいえ|正しい|誤り)\b"
)
_CHOICE_KEYS = frozenset(
    [
        "answer",
        "choice",
        "option",
        "letter",
        "selected",
        "selection",
        "correct",
        "response",
        "final",
        "result",
        "pick",
        "ans",
        "label",
        "prediction",
        "chosen",
        "id",
        "value",
        "best",
        "回答",
        "答え",
        "解答",
        "正解",
        "選択肢",
        "記号",
        "選択",
    ]
)


def _in_data(values: tuple[Any, ...], options: tuple[str, ...]) -> Chosen:
    """Read a letter or an option's words from JSON: under a key that asks for it, or as the only true one."""
    named: set[str] = set()
    for value in values:
        if isinstance(value, list):
            named |= {
                chosen.option for entry in value if (chosen := _in_prose(leaves(entry), options)).option
            }
            continue
        if not isinstance(value, Object):
            continue
        flags = {name: truth(below) for name, below in value.pairs if _index(name, options) is not None}
        if len(flags) > 1 and None not in flags.values():
            named |= {options[_index(name, options) or 0] for name, holds in flags.items() if holds}
            continue
        for name, below in value.pairs:
            words = set(
                re.findall(r"[a-z]+|[^\x00-\x7f]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())
            )
            if isinstance(below, Object):
                inner = _in_data((below,), options)
                named |= {inner.option} if inner.option else set()
            elif words & _CHOICE_KEYS and not words & {"reason", "why", "explanation"} and below is not None:
                chosen = _in_prose(leaves(below), options)
                named.add(chosen.option or f"?{leaves(below)}")
    if len(named) != 1:
        return Chosen(None, "it names several options" if named else "no key of the JSON names an option")
    option = named.pop()
    if option not in options:
        return Chosen(None, "it names no option")
    return Chosen(option, rule=f"key of the JSON: “{option}”")


def _index(name: str, options: tuple[str, ...]) -> int | None:
    """Return the option that a key stands for: its letter, or its words."""
    word = normalise(name).strip(" .()")
    if len(word) == 1 and "a" <= word < chr(ord("a") + len(options)):
        return ord(word) - ord("a")
    return next((n for n, option in enumerate(options) if normalise(option) == word), None)


def _by_letter(body: str, count: int) -> dict[int, int]:
    """Return the options whose letter is named, by index, and where the last mention ends."""
    found: dict[int, int] = {}
    for match in _ANNOUNCED.finditer(body):
        _take(found, body, match)
    for match in _PRAISED.finditer(body):
        _take(found, body, match)
    for match in () if found else _OPENING.finditer(body):
        _take(found, body, match)
    return {index: end for index, end in found.items() if index < count}


def _take(found: dict[int, int], body: str, match: re.Match[str]) -> None:
    group = next(n for n, text in enumerate(match.groups(), 1) if text)
    letter, place, end = match[group], match.start(group), match.end(group)
    while body[end : end + 1] in (")", "]", "}"):
        end += 1
    if not _NOT_BEFORE.search(body[max(0, place - 24) : place]) and not _NOT_AFTER.match(body[end:]):
        found[ord(letter) - ord("a")] = end
    more = re.match(r"\s*(?:and|or|/|,|&|と|か|や|、)\s*\(?([a-z])\)?(?![a-z0-9'])", body[end:])
    if more:
        found[ord(more[1]) - ord("a")] = end + more.end()


_ARTICLE = later(r"^(?:an?|the|because (?:of )?(?:an?|the)?|since) ")


def _follows(rest: str, options: tuple[str, ...]) -> int | None:
    """Return the option whose words come right after the letter."""
    rest = rest.lstrip(" .,:;()[]-—–\n")
    rest = _ARTICLE.sub("", rest)
    starts = [
        i
        for i, option in enumerate(options)
        if any(s == 0 for s, _ in find_word(rest, _ARTICLE.sub("", normalise(option))))
    ]
    return max(starts, key=lambda i: len(options[i])) if starts else None


_JOINED = later(r"\w (?:or|and|/)\s*$|[かと]\s*$")


def _by_words(body: str, options: tuple[str, ...]) -> set[int]:
    """Return the options that are named in words and not denied; the longest match takes its place."""
    found: set[int] = set()
    taken: list[tuple[int, int]] = []
    for index in sorted(range(len(options)), key=lambda i: -len(normalise(options[i]))):
        longer = tuple(taken)
        for start, end in find_word(body, options[index])[:MOST_MENTIONS]:
            if any(start < e and s < end for s, e in longer):
                continue
            taken.append((start, end))
            denied = _NOT_BEFORE.search(body[max(0, start - 24) : start]) or _NOT_AFTER.match(body[end:])
            if _JOINED.search(body[max(0, start - 12) : start]):
                found.add(-1)  # "a bent or missing pin" names two
            if not denied:
                found.add(index)
    return found

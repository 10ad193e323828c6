"""Which option: a letter where a letter is meant, or an option's own words."""

import re
from functools import lru_cache

from kurabe.reading.matching import find_word, normalise
from kurabe.reading.plain import unquoted

_NOT_BEFORE = re.compile(
    r"(?:\b(?:not|no|never|without|n't|neither|nor|isn't|aren't)\s+(?:an?\s+|the\s+)?|ではなく)$"
)
_NOT_AFTER = re.compile(
    r"^\s*(?:is|are|was|seems)?\s*(?:not\b|n't|wrong\b|incorrect\b|false\b|ruled out\b|excluded\b)"
    r"|^(?:では|は)(?:な|あり|誤|違|正しく)"
)
_DOUBT = re.compile(
    r"\b(?:maybe|perhaps|possibly|probably|might|may be|could be|not sure|unsure|unclear|either|none of"
    r"|guess|(?:can ?not|can't) (?:tell|say|determine|decide))\b"
    r"|かもしれ|おそらく|たぶん|わかりません|分かりません|判断でき|どちらとも"
)
_ANNOUNCES = (
    r"(?:\b(?:answer|choice|option|letter|response|selection)\s*(?:is|:|=|would be|should be)*\s*"
    r"(?:the )?(?:option|letter|answer)?\s*"
    r"|\b(?:i(?:'d| would| will)? (?:choose|pick|select|say|go (?:with|for))|it is|it's|but|so|therefore"
    r"|thus|hence)[\s,:]+(?:option|letter|answer)?\s*"
    r"|(?:答え|回答|解答|正解|選択肢|記号|結論)\s*(?:は|:)?\s*)"
)
_ANNOUNCED_ENDS = (
    r"(?=\s*$|\s*[.,;:)\]!。、\-—–]|\s+(?:is|because|since|as|and|or|which|seems)\b"
    r"|\s*(?:です|だ|が|で|を|は|と|の))"
)
_OPENING_ENDS = (
    r"(?=\s*$|\s*[\n.:)(\]。、/&]|\s*,\s|\s*[-—–]\s|\s+(?:because|since|is (?:correct|right|the))"
    r"|\s+(?:and|or) [a-z]\b|\s*(?:です|だ|が(?:正|最)|を選))"
)


@lru_cache(maxsize=32)
def _letters(count: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the expressions for a letter that is announced, and for one that opens a line or clause."""
    letter = f"([a-{chr(ord('a') + count - 1)}])"
    announced = rf"{_ANNOUNCES}\(?{letter}\)?{_ANNOUNCED_ENDS}"
    opening = (
        rf"(?:^|[.,;]\s|\n)\W{{0,3}}\(?{letter}\)?(?![a-z0-9']){_OPENING_ENDS}|(?:^|\n)\W{{0,3}}\({letter}\)"
    )
    return re.compile(announced), re.compile(opening)


def read_choice(text: str, options: tuple[str, ...]) -> tuple[str | None, str]:
    """Return the option that a plain text names, or None and the reason.

    An announced letter ("the answer is B") goes before one at the beginning ("B. bent pin"), and that
    before the option's words, so that options which are only repeated do not spoil the answer.
    """
    if not 2 <= len(options) <= 26:
        return None, "there are no options to choose from"
    body = re.sub(r"[^\S\n]+", " ", unquoted(text)).strip()
    if _DOUBT.search(body):
        return None, "it expresses doubt"
    chosen = _by_letter(body, len(options))
    if text.rstrip().endswith((" a", "\na")):
        chosen.pop(0, None)  # an answer that was cut off after the article
    mentioned = _by_words(body, options)
    if len(chosen) > 1:
        return None, "it names several letters"
    if chosen:
        (letter, end), *_ = chosen.items()
        contradicted = _follows(body[end:], options)
        if contradicted is not None and contradicted != letter:
            return None, "the letter belongs to another option than the words"
        return options[letter], ""
    if len(mentioned) > 1:
        return None, "it names several options"
    return (options[mentioned.pop()], "") if mentioned else (None, "it names no option")


def _by_letter(body: str, count: int) -> dict[int, int]:
    """Return the options whose letter is named, by index, and where the last mention ends."""
    announced, opening = _letters(count)
    found: dict[int, int] = {}
    for match in announced.finditer(body):
        _take(found, body, match)
    for match in () if found else opening.finditer(body):
        _take(found, body, match)
    return found


def _take(found: dict[int, int], body: str, match: re.Match[str]) -> None:
    letter = next(group for group in match.groups() if group)
    place = match.start(match.lastindex or 1)
    if not _NOT_BEFORE.search(body[max(0, place - 12) : place]) and not _NOT_AFTER.match(body[match.end() :]):
        found[ord(letter) - ord("a")] = match.end()
    more = re.match(r"\s*(?:and|or|/|,|&|と|か|や|、)\s*\(?([a-z])\)?(?![a-z0-9'])", body[match.end() :])
    if more:
        found[ord(more[1]) - ord("a")] = match.end() + more.end()


def _follows(rest: str, options: tuple[str, ...]) -> int | None:
    """Return the option whose words come right after the letter."""
    rest = rest.lstrip(" .,:;()]-—–")
    starts = [i for i, option in enumerate(options) if any(s == 0 for s, _ in find_word(rest, option))]
    return max(starts, key=lambda i: len(options[i])) if starts else None


def _by_words(body: str, options: tuple[str, ...]) -> set[int]:
    """Return the options that are named in words and not denied; the longest match takes its place."""
    found: set[int] = set()
    taken: list[tuple[int, int]] = []
    for index in sorted(range(len(options)), key=lambda i: -len(normalise(options[i]))):
        for start, end in find_word(body, options[index]):
            if any(start < e and s < end for s, e in taken):
                continue
            taken.append((start, end))
            denied = _NOT_BEFORE.search(body[max(0, start - 12) : start]) or _NOT_AFTER.match(body[end:])
            if not denied:
                found.add(index)
    return found

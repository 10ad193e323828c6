"""Short descriptions of both pictures set side by side: "1st: hub cap on. 2nd: hub cap off".

Equal words say that the thing is the same there, other words that it is not; light is none of the thing.
"""

import re
from collections.abc import Sequence

from kurabe.reading.english.openly.words import FIRST, LIGHT, PICTURE, SECOND
from kurabe.reading.patterns import later

_ONE = later(rf"(?:in |on )?{FIRST}(?: [\w-]+)? ?(?:[:–—]| - ) ?(?P<is>[^:;]{{2,70}})")
_TWO = later(rf"(?:in |on )?{SECOND}(?: [\w-]+)? ?(?:[:–—]| - ) ?(?P<is>[^:;]{{2,70}})")
_VERSUS = later(r"(?P<a>[^:.]{3,50}?),? (?:vs\.?|versus|against) (?P<b>[^:.]{3,50})")
_STATE = rf"(?:(?!(?:is|are|was|were|then|first|second|the|test|reference|{PICTURE})\b)[\w'-]+ ?){{1,4}}?"
_BEFORE_AFTER = later(
    rf"(?:(?P<thing>[\w' -]{{2,40}}?)(?:'s| is| are|:| -| –| —) )?(?P<a>{_STATE}) (?:(?:in"
    rf"|on) (?:{FIRST})|before|at first)"
    rf"(?:,| and|, and|, but| but) (?P<b>{_STATE}) (?:(?:in|on) (?:{SECOND})|now|after|afterwards)"
)
_FROM_TO = later(
    rf"(?P<thing>[\w' ,-]{{3,60}}?) (?:has |have )?(?:went|gone|go|changed|turned|switched|moved"
    rf"|jumped|dropped) from (?P<a>[\w .'°%/-]{{1,30}}?)"
    rf" to (?P<b>[\w .'°%/-]{{1,30}}?)(?: (?:in|on) {SECOND}|,? (?:even though|although|while|whereas) .*)?"
)
_SET_TO = later(
    r"(?P<thing>[\w' ,-]{3,60}?) (?:was|were|had been|used to be) (?:at |on |set to "
    r"|in )?(?P<a>[\w .'°%/-]{1,40}?),? (?:and|but) (?:it )?"
    r"(?:has been|is|are)(?: now)? (?:at |on |set to |in )?(?P<b>[\w .'°%/-]{1,40}?)(?: now)?"
)
_LONGEST = 160
_DENIES = later(r"\b(?:not|no|never|neither|nothing|none|same|identical|alike|both|match\w*)\b|n't\b")
_LIKEWISE = later(
    r"(?:likewise|ditto|the same|same|as (?:above|before)|again the same|same again|no change|unchanged|idem)"
)
_LIT = later(
    rf"\b(?:{LIGHT}|dark\w*|bright\w*|dim\w*|blurr?\w*|sharp\w*|noisy|noisier|closer|warmer|cooler|paler)\b"
)
_UNSURE = later(
    r"\b(?:if|whether|maybe|perhaps|might|could|would|seems?|appears?|unclear|not visible|hidden"
    r"|not sure|about the same|roughly|both)\b|\?"
)
_ARTICLE = later(r"(?:an?|one|the|this|two|some) ")
_DROP = later(r"\b(?:a|an|the|is|are|it|its|has|now|still|got|there)\b|[^\w%°.]")


def _bare(text: str) -> str:
    return " ".join(_DROP.sub(" ", text).split())


def _weighed(first: str, second: str) -> str:
    if _UNSURE.search(first) or _UNSURE.search(second):
        return ""
    if _LIKEWISE.fullmatch(second.strip(" .")) or _bare(first) == _bare(second):
        return "alike"
    if _LIT.search(first) or _LIT.search(second) or _ARTICLE.match(first):
        return ""
    one, other = set(_bare(first).split()), set(_bare(second).split())
    if not one or not other or one <= other or other <= one:
        return ""
    return "different" if one & other or len(one) == len(other) == 1 else ""


def set_side_by_side(text: str) -> str:
    """Return what a sentence that tells of both pictures says: ``alike``, ``different`` or nothing."""
    text = text.strip(" .!")
    if len(text) > _LONGEST or _DENIES.search(text):
        return ""
    for pattern in (_VERSUS, _FROM_TO, _SET_TO, _BEFORE_AFTER):
        match = pattern.fullmatch(text)
        if match is None:
            continue
        thing = match.groupdict().get("thing") or ""
        if _LIT.search(thing) or re.search(r"\b(?:not|no|never|neither)\b", thing):
            return ""
        told = _weighed(match["a"], match["b"])
        return told if told == "different" or pattern is _VERSUS else ""
    cut = re.split(r"[;,] (?=(?:the |in |on )?(?:second|2nd|after|later|b\b|rest))", text, maxsplit=1)
    return two_in_turn(cut[0], cut[1].split(", rest")[0]) if len(cut) == 2 else ""


def two_in_turn(one: str, other: str) -> str:
    """Return what a sentence on each picture says: ``alike``, ``different`` or nothing."""
    first, second = _ONE.fullmatch(one.strip(" .!")), _TWO.fullmatch(other.strip(" .!"))
    if first is None or second is None:
        return ""
    told = _weighed(first["is"], second["is"])
    return (
        ""
        if told == "alike" and _ARTICLE.match(first["is"]) and not _LIKEWISE.fullmatch(second["is"])
        else told
    )


_NAMED_VALUES = later(
    r"(?:\(?\d{1,2}[.)] ?"
    r"|[-*•] ?)?(?P<thing>[\w' -]{2,30}): ?(?P<a>[\w' .%°-]{1,30}), (?P<b>[\w' .%°-]{1,30})"
)


def listed_values(parts: Sequence[str]) -> list[str]:
    """Return what each entry says that names a thing and its state in either picture: "Pan: empty, empty".

    One that names none says nothing. A single entry is no list.
    """
    found: list[str] = []
    for part in parts:
        match = _NAMED_VALUES.fullmatch(part.strip(" .!"))
        if match is None:
            found.append("")
            continue
        lit = _LIT.search(match["thing"])
        found.append("light" if lit else _weighed(match["a"], match["b"]) or "open")
    return found if sum(map(bool, found)) > 1 else []


_NOT_BEFORE = later(
    rf"(?:but |and )?(?:there|it|they|that|this|none|such a thing) (?:was|were|is|are|has|had"
    rf"|did) (?:not|none|no)(?: there| been| such thing| any)?"
    rf"(?: (?:in |on )?(?:{FIRST}))?"
)
_NOT_THE_CASE = later(rf"(?:but |and )?(?:this|that) (?:is|was) not (?:the case|so|there) (?:in|on) {FIRST}")
_NONE_IN_FIRST = later(
    rf"(?:in |on )?{FIRST}(?: [\w-]+)?,? (?:there )?(?:has|have|had|is|does|did|shows?"
    rf"|was) (?:not (?:got |have )?(?:an?|any|one|it)|no|none)\b(?P<what>[\w ]*)(?: in it| on it)?"
)
_SECOND_HAS = later(
    rf"(?:but |and )?(?:in |on )?{SECOND}(?: [\w-]+)? (?:has|does|is|had|shows?)(?: one| it| got one"
    rf"| so)?(?:, [\w' ,-]{{3,60}})?"
)


def in_second_alone(before: str, text: str) -> bool:
    """Say whether two sentences find a thing in the second picture, and not in the first.

    "There's a face drawn on the egg now. There wasn't before."
    """
    before, text = before.strip(" .!"), text.strip(" .!")
    if _LIT.search(before) or _LIT.search(text) or _UNSURE.search(before):
        return False
    if _NOT_THE_CASE.fullmatch(text):
        return not re.search(r"\b(?:no|not|none|never|nothing)\b", before)
    if _NOT_BEFORE.fullmatch(text) and re.search(rf"\b{FIRST}$", text):
        return (
            not re.search(r"\b(?:no|not|none|never|nothing)\b", before)
            and re.search(rf"\b{SECOND}\b", before) is not None
        )
    return _NONE_IN_FIRST.fullmatch(before) is not None and _SECOND_HAS.fullmatch(text) is not None


_EXPECTED = later(
    r"(?:i|we) (?:was|were|am|had been|kept|had) (?:half |almost |fully )?(?:expecting|expected"
    r"|looking for|looking|prepared|searching for|hoping) .*"
    r"|(?:i|we) (?:expected|looked for|searched for|checked for|hunted for) .*"
)
_CAME_TO_NOTHING = later(
    r"(?:but )?(?:i|we) (?:did not|found none|found nothing(?: of the kind)?|could not)"
    r"|(?:but )?there (?:is|was) (?:none|no [\w-]+|nothing of the kind)|nothing of the kind"
    r"|(?:they|it|none) (?:is|are|has|have) (?:not|none)"
)


def expected_in_vain(before: str, text: str) -> bool:
    """Say whether what was looked for was not found: "I kept looking for the catch. There's none"."""
    return (
        _EXPECTED.fullmatch(before.strip(" .!")) is not None
        and _CAME_TO_NOTHING.fullmatch(text.strip(" .!")) is not None
    )

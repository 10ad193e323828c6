"""Numbers that a sentence states without a word for differences: "My count comes to eight", 「2点見つけた」.

Each frame takes its sentence from end to end, so that nothing in it is left that could turn the number.
"""

import re
from collections.abc import Sequence

from kurabe.reading.numbers import COUNTER, JAPANESE_NUMBER, NUMBER, value_of
from kurabe.reading.patterns import later

_LOOKS_FOR = "(?:find|see|spot|detect|notice|count|identify|make out|come across|discover)"
_DID_NOT = (
    "(?:did not|didn't|do not|don't|could not|couldn't|can not|cannot|can't|was unable to|have not"
    "|haven't|failed to)"
)
_FOUND = "(?:found|see|saw|counted|spotted|noticed|detected|discovered|came across)"
_NONE = later(
    rf"(?:well, |so, |sorry, )?(?:(?:i|we) {_DID_NOT} (?:{_LOOKS_FOR}|found|seen|spotted) (?:any"
    rf"|a single one|one"
    r"|even one|a thing)"
    rf"|(?:i|we) {_FOUND} (?:none|zero|nothing|not (?:a single )?one)|not (?:a single|even) one"
    rf"|not one|nil|zilch|nada"
    r"|(?:there is|there's) (?:none|not (?:a single )?one))"
    r"(?: at all| whatsoever| of them| here| anywhere)?"
)
_COUNT = later(
    rf"(?:so |hence |in all,? |all in all,? )?(?:(?:my|the|our) (?:final |own )?(?:count|tally|total"
    rf"|sum|figure|number)"
    r"(?: of (?:them|differences|changes))?"
    rf" (?:comes (?:out )?(?:to|at)|stands at|adds up to|amounts to|ends (?:up )?at|arrives at|reaches"
    rf"|would be|is)"
    rf"|(?:they|that|these|it) (?:adds? up to|comes? to|makes?)|(?:i|we) (?:get to|end up (?:with|at)"
    rf"|arrive at"
    rf"|make it|make that)) (?:exactly |just |only )?(?P<n>{NUMBER})(?: in (?:all|total)| altogether)?"
)
_ONE = later(
    r"(?:just |only )?(?:a (?:single|lone) one|a single (?:thing|item|point))(?:\s*[:,;-]\s*.{3,120})?"
)
_JA_FOUND = (
    "(?:見つけ|見つかり|発見し|発見でき|数え|検出し|検出され|確認し|確認でき|指摘し|指摘でき|挙げ|認め|気づき"
    "|気付き)"
)
_HOW_MANY = f"{JAPANESE_NUMBER}){COUNTER}"
_JA_COUNT = later(
    rf"(?:[^。、]{{1,16}}(?:[はがで]|として(?:は)?)、?|以上、|全部で|合わせて|合計)?(?P<n>{_HOW_MANY}"
    rf"(?:を|に|が|だけ)?{_JA_FOUND}(?:ました|た|ます|られます|られました|る)"
    rf"|[^。]{{0,24}}?[はが、](?P<n2>{_HOW_MANY}(?:で|において|だけ|のみ)、?"
    "(?:食い違|相違し|異な|違|一致し(?:ま|な)|一致を欠)(?:っ|い|う|り|る|せ|し|ん|ま|す|て|た|い|な)*"
    rf"|[^。]{{2,60}}(?:ので|から|ため|ゆえ|よって)、?(?:合計|全部で|答えは|計)?(?P<n3>{_HOW_MANY}"
    "(?:です|だ|である|となります|になります|とします)?"
)
_LISTED = later(
    rf"(?P<n>{JAPANESE_NUMBER}|{NUMBER}){COUNTER}?\s*[:(（]\s*(?P<what>[^()（）]{{3,120}}?)\s*[)）]?"
)
_PARTS = later(r"[、,;；]|\band\b|と(?=[^、,]{2,})")
_VAGUE = later(
    r"約|およそ|程度|くらい|ぐらい|以上(?!、)|以下|かもしれ|おそらく|たぶん|少なくとも|疑|\d\s*[か~〜-]\s*\d"
    r"|\b(?:about|around|maybe|perhaps|possibly|might|may|or|at least|not sure|doubt|if|suppose)\b|[?？]"
)


def told(parts: Sequence[str]) -> int | None:
    """Return the number that one of the sentences states; None if none or several do, or one is vague."""
    if any(map(_VAGUE.search, parts)):
        return None
    numbers = [number for part in parts if (number := _of(part.strip(" .。!！"))) is not None]
    return numbers[0] if len(numbers) == 1 and _bare(parts, len(numbers)) else None


def _bare(parts: Sequence[str], stated: int) -> bool:
    """Say whether no other sentence holds a number, which might be the one that is meant."""
    return sum(re.search(rf"{NUMBER}|\d", part) is not None for part in parts) <= max(stated, 1)


def _of(part: str) -> int | None:
    if _NONE.fullmatch(part):
        return 0
    if _ONE.fullmatch(part):
        return 1
    if match := _COUNT.fullmatch(part):
        return value_of(match["n"])
    if match := _JA_COUNT.fullmatch(part):
        return value_of(match["n"] or match["n2"] or match["n3"])
    if match := _LISTED.fullmatch(part):
        number = value_of(match["n"])
        return number if number == len([one for one in _PARTS.split(match["what"]) if one.strip()]) else None
    return None

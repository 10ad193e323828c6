"""What a description affirms: "there is no scratch" mentions a scratch and denies it."""

from collections.abc import Iterable, Sequence

from kurabe.reading.explained import explained_away
from kurabe.reading.matching import JAPANESE, MOST_MENTIONS, find_word, normalise
from kurabe.reading.patterns import later

_SENTENCE_END = later(
    r"[.!?](?=\s|$)|[。！？;；\n]|\b(?:but|however|although|though|while|whereas|yet|except|because)\b"
    r"|しかし|ただし|(?<=[すんたいる])が、|一方"
)
_NEGATOR = later(
    r"\b(?:no longer|not|no|never|without|neither|nor|none of|nothing|nobody|cannot|free (?:of|from)"
    r"|devoid of|absence of|lacks?|lacking|unlikely|doubt(?:ful)?|hardly|den(?:y|ies|ied)|rule[sd]? out|false"
    r"|rather than|instead of)\b|n't\b"
)
_UNDONE = later(
    r"\b(?:can(?:not| not|'t)|could(?: not|n't)|no) (?:question|deny|denying|doubt|overlook|ignore|miss"
    r"|be denied"
    r"|rule out)"
    r"|\b(?:no one|nobody|not|never|hardly|cannot|impossible to|hard to)\b(?: \w+){0,3}? (?:overlook(?:ed)?"
    r"|miss(?:ed)?|den(?:y|ied)|ignored?|disputed?|doubt(?:ed)?|hidden|mistaken)\b"
    r"|\bwithout (?:a |any )?doubt\b|\bno doubt\b"
)
_LOOKED_FOR = later(
    r"\b(?:look|looked|looking|search|searched|searching|check|checked|checking) for\b(?:(?!\b(?:found"
    r"|find|is|are|has)\b)[^.;])*$"
)
_NONE_IS = later(r"\bnone(?: of (?:them|these|those))?(?: (?!but\b)[\w-]+){0,4} $")
"""What stands before a word that "none" denies: "all are clean, none is broken"."""
_IN_VAIN = later(
    r"^[^.;]{0,80}?\b(?:none|nothing|in vain|not (?:found|there|see|find)|no such|couldn't|could not"
    r"|without success)\b"
)
_INSTEAD = later(r"\b(?:there|it|they|this|i) (?:is|are|was|were|has|have|shows?|see|find)\b")
"""What follows "instead of …" is there: "instead of a clean edge there is a burr"."""
_NOT_ONLY = later(r"^\s*(?:only|just|merely|to mention)\b")
_BREAKS = later(
    r"\b(?:in|on|at|near|beside|behind|under|above|below|with|from|next to|between|inside|against|to|by"
    r"|that|which|who|where)\b"
)
_RESUMES = later(r"\b(?:is|are|was|were|be|been|being|appears?|looks?|seems?|has|have|had|shows?)\b")
_NEW_CLAUSE = later(
    r",\s*(?:only|just|but)\b"
    r"|[,:(](?! ?(?:or|nor|and(?= no\b))\b)\s*(?:and )?(?:the|there|it|they|one|a|an|this|i|we)\b|\band "
    r"(?:the|there|it|they|a|an|this|one)\b"
)
_NOWHERE = later(r"^[^.;,]{0,60}?\b(?:is|are) (?:absent|nowhere|not (?:there|present|visible|to be seen))\b")
_MAIN_VERB = later(r",\s*(?:has|have|had|is|are|was|were|shows?|contains?|displays?|features?)\b")
_DENIED_AFTER = later(
    r"^\s*(?:[\w-]+\s){0,3}?(?:(?:is|are|was|were|can|could|has|have|does|do|did)\s*(?:not\b|n't\b)"
    r"|cannot\b)\s*(?:be |been |appear |exist\b)*(?:\w+ly )?"
    r"(?:visible|present|seen|found|there|detected|shown|apparent|noticeable|observed|noted|exist"
    r"|discernible|identified|depicted)?\b"
)
_EXISTENCE = later(
    r"\b(?:visible|present|seen|found|there|detected|shown|apparent|noticeable|observed|noted|exist"
    r"|discernible|identified|depicted)$"
)
_NONE_AFTER = later(r"^\s*(?::|=|-)\s*(?:none|no|not|0|false|absent)\b|^\s*(?:is|are) (?:absent|nowhere)\b")
_JA_GAP = (
    r"(?:(?!ある|あり(?=ます)|います|いる(?=。|$)|見られます|見えます|写って|です|[。、])"
    rf"[{JAPANESE}a-z0-9・]){{0,14}}?"
)
_JA_DENIED = later(
    rf"^(?:(?:[、・や][^。、・やはがもをにで]{{1,8}}){{1,5}}(?:など|等)?[はもが])?{_JA_GAP}(?:は|が|も|の"
    rf"|など|って|て|り|い|れ"
    rf"|き"
    rf"|し)?(?:一切|全く|特に)?"
    r"(?:見られ|見当たら|見当たり|見つかり|見つから|あり|確認でき|確認され|認められ|存在し|存在せ"
    r"|検出され|い|おら|おり)?(?:ません|ない|なし|なさそう|無さそう|無し|無い|なく|ず(?=[、。にで]|$)"
    r"|なかった)"
)
_JA_WHETHER = later(
    "^の?(?:有無|存在)を[^。]{0,20}?(?:が|けど|も)[、]?(?:[^。]{0,12})(?:ありません|なかった|見つかりません|ない)"
)
_JA_UNDENIABLE = later(
    "^[^。]{0,20}?(?:こと|の)[はも]?(?:否定(?:は)?でき(?:ません|ない)|否め(?:ません|ない)|疑い)"
)
_JA_DOUBLE = later(
    "^[^。、]{0,12}?(?:(?:ない|無い|なかった)(?:わけでは|という?ことは|とは(?:言|い)え|とも(?:言|い)え)(?:ありません|ない|ません)"
    "|(?:なく|無く)[はも](?:ない|ありません))"
)
"""A denial that is denied: 「傷がないとは言えません」."""
_JA_ZERO = later("^(?:ゼロ|レス|フリー)")
_JA_WHETHER_SO = later("^[^。、]{0,16}?かどうか")
_ANSWERED_NO = later(r"[?？]\s*(?:no|none|nope|not)\b")
_JA_NO = later(
    "^[^。、]{0,16}?(?:ます|です|ません|でしょう)か[。?？]?\\s*(?:いいえ|いや|ない|なし|ありません)"
)
"""A question that is answered with a no: "Is there a burr? No." """
_FREE_OF = later(r"^-(?:free|less|proof)\b")
_JA_EXCEPTED = later("^(?:以外|を除|のほか|の他|だけでなく)")
_WRITTEN = later(f"[{JAPANESE}]")


def affirms(text: str, word: str) -> bool:
    """Say whether ``text`` mentions ``word`` and does not deny it everywhere.

    "There is no scratch" and 「傷はありません」 do not affirm "scratch" and 傷; "no scratch, but the cover is
    scratched" affirms "scratched". A word that itself denies ("no label") is affirmed where it stands.
    """
    return affirms_all(text, [[word]])


def affirms_all(text: str, groups: Iterable[Iterable[str]]) -> bool:
    """Say whether ``text`` affirms a word of every group (see `affirms_each`); true without groups."""
    return all(affirms_each(text, groups))


def affirms_each(text: str, groups: Iterable[Iterable[str]]) -> list[bool]:
    """Say of each group whether ``text`` affirms a word of it (see `affirms`).

    A negation that a word of a group holds is asked for, and denies nothing else: of ``[[label],
    [missing, "no label"]]`` "there is no label" affirms both.
    """
    normal = normalise(text)
    wanted = [[(word, find_word(normal, word)[:MOST_MENTIONS]) for word in group] for group in groups]
    asked = [
        span
        for group in wanted
        for word, spans in group
        if _NEGATOR.search(normalise(word))
        for span in spans
    ]
    return [
        any(not _denied(normal, start, end, asked) for _, spans in group for start, end in spans)
        for group in wanted
    ]


def _denied(text: str, start: int, end: int, asked: Sequence[tuple[int, int]]) -> bool:
    """Say whether the mention of a word is denied by what stands before or after it in its clause."""
    window = text[max(0, start - 300) : start]
    begin = start - len(window) + max((match.end() for match in _SENTENCE_END.finditer(window)), default=0)
    close = _SENTENCE_END.search(text, end)
    after = text[end : close.start() if close else len(text)][:200]
    if (close and _ANSWERED_NO.match(text, close.start())) or explained_away(text, start, end):
        return True
    if _WRITTEN.search(text[start:end]) or _WRITTEN.match(after):
        return _denied_in_japanese(text, start, end, after)
    if _FREE_OF.match(after):
        return True
    undone = [match.span() for match in _UNDONE.finditer(text, begin, start)]
    if _NONE_IS.search(text[begin:start]):
        return True
    if _LOOKED_FOR.search(text[begin:start]) and _IN_VAIN.match(text[end : end + 120]):
        return True
    for negator in _NEGATOR.finditer(text, begin, start):
        covered = any(first <= negator.start() and negator.end() <= last for first, last in (*asked, *undone))
        between = text[negator.end() : start]
        if negator[0] in ("instead of", "rather than") and _INSTEAD.search(between):
            continue
        if not covered and _reaches(between):
            return True
    if _NONE_AFTER.match(after) or _NOWHERE.match(after):
        return True
    told = _DENIED_AFTER.match(after)
    return told is not None and _EXISTENCE.search(told[0].strip()) is not None


def _denied_in_japanese(text: str, start: int, end: int, after: str) -> bool:
    """Say whether the mention of a word is denied by the predicate that follows it."""
    following = text[end : end + 80]
    if (start and text[start - 1] in "無未非") or _JA_WHETHER.match(following):
        return True  # 「無傷」
    if _JA_UNDENIABLE.search(after) or _JA_DOUBLE.match(after):
        return False
    if _JA_ZERO.match(after) or _JA_WHETHER_SO.match(after) or _JA_NO.match(following):
        return True
    return _JA_EXCEPTED.match(after) is None and _JA_DENIED.match(after) is not None


def _reaches(between: str) -> bool:
    """Say whether a negation still holds after the words that follow it."""
    if _NOT_ONLY.match(between) or _NEW_CLAUSE.search(between) or _MAIN_VERB.search(between):
        return False
    breaks = list(_BREAKS.finditer(between))
    # "No pins in the upper row are missing" resumes after the place; "no scratch on the cover" does not.
    return not breaks or _RESUMES.search(between, breaks[-1].end()) is not None

"""Which entries and parts of sentences count as differences, by what stands beside them."""

import re
from collections.abc import Callable
from typing import Literal

from kurabe.reading import japanese
from kurabe.reading.clauses import Clause
from kurabe.reading.findings import Entry
from kurabe.reading.lines import unquoted
from kurabe.reading.numbers import COUNTER, JAPANESE_NUMBER, value_of
from kurabe.reading.patterns import later

State = Literal["item", "same", "weak", "different", "excluded", "block", "doubt", "open", "remark"]
"""What an entry does in a list of differences."""

_INTRO = later(
    r"^[^:：]{3,90}?\b(?:differ\w*|differences?|changes?|changed)\b[^:：]{0,60}:\s*", re.IGNORECASE
)
_IN_SECOND = later(r"^in (?:the )?(?:\w+ )?(?:image|picture|photo\w*)(?: [2b])?, ", re.IGNORECASE)
_BEGINS = r"(?:the|a|an|one|two|three|four|its|there|another|some|pins?|also|finally)\b"
_CLAUSES = later(rf"\s*[,;]\s*(?:and |while )?(?={_BEGINS})|\s+and (?={_BEGINS})", re.IGNORECASE)
_NOUNS = later(r"\s*,\s*(?:and )?(?=an? )|\s+and (?=an? )", re.IGNORECASE)
_VERB = later(
    r"\b(?:is|are|was|were|has|have|had|lacks?|shows?|sits?|looks?|reads?|says|points?|leans?|stands?"
    r"|hangs?|lies?"
    r"|differs?|does|do|went|got|became)\b",
    re.IGNORECASE,
)
_HAS = later(r"^(?P<who>.{3,60}?\b(?:has|shows|contains|with)) (?=an? )", re.IGNORECASE)
_SET_AGAINST = later(
    r"\b(?:while|whereas|but|except|unlike|not|than|instead|rather|both|same|if|because|since|which"
    r"|that|either|or)\b",
    re.IGNORECASE,
)
_VALUES = later(r"\b\w+ (?:rather than|instead of|not) \w+")
_FIRST_SIDE = later(
    r"\b(?:first|upper|top|reference|left)(?: (?:image|picture|photo\w*|one|part))|\b(?:image"
    r"|picture) [1a]\b",
    re.IGNORECASE,
)
_JA_CLAUSES = later(r"(?<=[てでりしれきちにみび])、(?=[^、。]{1,14}[がは])")
_NAMES = frozenset(("different", "defect", "open", "side", "hint"))


def parted(text: str, say: Callable[[str], list[Clause]]) -> list[str]:
    """Return the differences that a sentence names, each by itself; the sentence if it names one.

    Args:
        text: A sentence that names a difference.
        say: Reads a sentence.
    """
    bare = text.strip()
    if off := _numbered_off(bare):
        return off
    if japanese.is_japanese(bare):
        parts = [part.strip() for part in _JA_CLAUSES.split(bare)]
        whole = re.search("が、|だが|ですが|一方|違い|異な|のに", bare) is not None
    else:
        bare = _IN_SECOND.sub("", _INTRO.sub("", bare))
        whole = _SET_AGAINST.search(_VALUES.sub("", bare)) is not None or _FIRST_SIDE.search(bare) is not None
        parts = [part.strip() for part in _CLAUSES.split(bare)]
        if not all(map(_VERB.search, parts)):
            has = _HAS.match(bare)
            parts = [part.strip() for part in _NOUNS.split(bare[has.end() :])] if has else []
            if has and not all(re.search(r"\b(?:in|on|at|of|near|along)\b", part) for part in parts):
                parts = []
    if whole or len(parts) < 2 or not all(_names(part, say) for part in parts):
        return [text]
    return [part.rstrip(".。") for part in parts]


_OFF = later(
    rf"[^。、]{{0,12}}(?:変わ|違|異な|相違|差|食い違)[^。、]{{0,8}}?は(?:全部で|次の)?(?P<n>{JAPANESE_NUMBER}){COUNTER}"
    "(?:で、?|、|です。|:|：)(?P<what>[^。]{4,120}?)(?:です|だ|である)?[。]?"
)


def _numbered_off(text: str) -> list[str]:
    """Return what a Japanese sentence names after its number: 「違いは2点、AとBです」."""
    match = _OFF.fullmatch(text)
    if match is None:
        return []
    named = [part.strip() for part in re.split("、|および|と(?=[^、と]{2})", match["what"]) if part.strip()]
    return named if len(named) == value_of(match["n"]) else []


def _names(part: str, say: Callable[[str], list[Clause]]) -> bool:
    acts = {clause.act for clause in say(unquoted(part))}
    return bool(acts) and acts <= _NAMES


_ALSO = later(
    r"\W*(?:also|besides|finally|in addition|additionally|furthermore|moreover|and|second\w*|third\w*"
    r"|lastly)\b|さらに|また|加えて",
    re.IGNORECASE,
)


def added(judged: list[tuple[State, Entry]]) -> list[tuple[State, Entry]]:
    """Take a sentence that adds something to a difference for one, too: "Also, the trace is interrupted"."""
    if not any(state == "item" for state, _ in judged):
        return judged
    return [
        ("item" if state == "open" and not entry.listed and _ALSO.match(entry.text) else state, entry)
        for state, entry in judged
    ]


_OF_BOTH = later(
    r"\b(?:both|same|each|all|no|none|nothing)\b|どちら|両|同|いずれ|共通|なし|ない", re.IGNORECASE
)


def named_by_all(judged: list[tuple[State, Entry]]) -> list[tuple[State, Entry]]:
    """Take what is not understood for an item, in a list of which most entries name a difference."""
    listed = [(state, entry) for state, entry in judged if entry.listed]
    items = sum(state == "item" for state, _ in listed)
    unclear = [
        entry
        for state, entry in listed
        if state == "open"
        or (state == "remark" and entry.section != "alike" and not _OF_BOTH.search(entry.text))
    ]
    plain = all({clause.act for clause in entry.clauses} <= {"open", "neutral", "side"} for entry in unclear)
    if not plain or items + len(unclear) < len(listed) or items < len(unclear):
        return judged
    return [("item" if entry in unclear else state, entry) for state, entry in judged]

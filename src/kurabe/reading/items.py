"""The differences that one sentence names: "the cap is missing, the label is torn and the seal is broken"."""

import re
from collections.abc import Callable

from kurabe.reading import japanese
from kurabe.reading.clauses import Clause
from kurabe.reading.lines import unquoted

_INTRO = re.compile(
    r"^[^:：]{3,90}?\b(?:differ\w*|differences?|changes?|changed)\b[^:：]{0,60}:\s*", re.IGNORECASE
)
_IN_SECOND = re.compile(r"^in (?:the )?(?:\w+ )?(?:image|picture|photo\w*)(?: [2b])?, ", re.IGNORECASE)
_BEGINS = r"(?:the|a|an|one|two|three|four|its|there|another|some|pins?|also|finally)\b"
_CLAUSES = re.compile(rf"\s*[,;]\s*(?:and |while )?(?={_BEGINS})|\s+and (?={_BEGINS})", re.IGNORECASE)
_NOUNS = re.compile(r"\s*,\s*(?:and )?(?=an? )|\s+and (?=an? )", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|lacks?|shows?|sits?|looks?|reads?|says|points?|leans?|stands?"
    r"|hangs?|lies?"
    r"|differs?|does|do|went|got|became)\b",
    re.IGNORECASE,
)
_HAS = re.compile(r"^(?P<who>.{3,60}?\b(?:has|shows|contains|with)) (?=an? )", re.IGNORECASE)
_SET_AGAINST = re.compile(
    r"\b(?:while|whereas|but|except|unlike|not|than|instead|rather|both|same|if|because|since|which"
    r"|that|either|or)\b",
    re.IGNORECASE,
)
_VALUES = re.compile(r"\b\w+ (?:rather than|instead of|not) \w+")
_FIRST_SIDE = re.compile(
    r"\b(?:first|upper|top|reference|left)(?: (?:image|picture|photo\w*|one|part))|\b(?:image"
    r"|picture) [1a]\b",
    re.IGNORECASE,
)
_JA_CLAUSES = re.compile(r"(?<=[てでりしれきちにみび])、(?=[^、。]{1,14}[がは])")
_NAMES = frozenset(("different", "defect", "open", "side", "hint"))


def parted(text: str, say: Callable[[str], list[Clause]]) -> list[str]:
    """Return the differences that a sentence names, each by itself; the sentence if it names one.

    Args:
        text: A sentence that names a difference.
        say: Reads a sentence.
    """
    bare = text.strip()
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


def _names(part: str, say: Callable[[str], list[Clause]]) -> bool:
    acts = {clause.act for clause in say(unquoted(part))}
    return bool(acts) and acts <= _NAMES

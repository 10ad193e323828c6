"""Which English clauses describe, and can hold no difference: "the first shows a green bottle".

Beside an explicit "no difference" such a clause changes nothing, even if it is not understood to the end. One
that denies, restricts, compares, or tells what has become of a thing may hold a difference, and so may one
with an unknown word in a place where a defect would be named.
"""

import re

from kurabe.reading.english.sentences import Segment
from kurabe.reading.patterns import later

_RISKS = frozenset("FCDKdenowzuM%*R^~=|N")
_TELLS = later(
    r"\b(?:instead|rather|longer|now|extra|more|less|fewer|only|just|another|other|missing|new|additional"
    r"|even|almost"
    r"|nearly|unlike|than|odd|strange|here|already|still|yet|until|after|before|should|supposed|except|apart"
    r"|besides"
    r"|somewhat|partly|partially|half|hardly|too|off|away|out|loose|alone|sole|single|exceptions?|look|see"
    r"|note|watch|check|mind|attention|notice|consider|beware|whereas|while)\b"
)
_AS_THERE = later(
    r"\b(?:same|also|again|likewise|as well|too|identical|both|equally|similar|similarly|matching)\b"
)
_MAY_BE_DONE = later(r"\w+(?:ed|ing|en|less|ful|ous|ish|y|wn|nt|rn|pt)")
_A_NOUN = later(
    r"\w+(?:ing|ery|ary|ity|ency|ancy|ology|ment|ant|ent|body|key|tray|display|country|story|city|berry)s?"
)


_NO_SUCH = later("[iTvbhcmr,PBQIpla]*?[ow][AglFxKrac,ow]*x[AglFxKrac,ow]*(?:p[BPIlQxa]*)?[bvV]*")


_SECOND_ONE = later(r"(?:and |in |on )?the (?:second|2nd|latter|later) [\w-]+ (?!of\b)")


def denies_unknown(segment: Segment) -> bool:
    """Say whether a clause denies a thing that is not known: "no zorp on either edge".

    Beside a plain "same" this is a defect that is not there; by itself it may be a part that is missing.
    """
    return _NO_SUCH.fullmatch(segment.codes) is not None and not segment.contrast and not segment.excepts


def idle(segment: Segment, side: int) -> bool:
    """Say whether a clause that is not understood can hold no difference beside a plain "same"."""
    if segment.contrast or segment.conceded or segment.excepts or segment.against or segment.only:
        return False
    codes = segment.codes
    text = " ".join(word.text for word in segment.words)
    as_there = _AS_THERE.search(text) is not None
    told = _TELLS.search(re.sub(r"\btoo$", "", text) if as_there else text)
    if _RISKS.intersection(codes) or told is not None:
        return False
    if re.search(r"\b(?:is|are|was|were|remains?) the\b", text) and not as_there:
        return False  # "what I mean is the third pin"
    if not set("bkhTv").intersection(codes) and set("Ql").intersection(codes):
        return False  # "third pin"
    if side == 2 and not as_there and ("x" in codes or "T" in codes):
        return False
    if side != 1 and not as_there and _SECOND_ONE.match(text):
        return False  # "no, the second lid gapes"
    for place, word in enumerate(segment.words):
        if word.code != "x":
            continue
        before = codes[:place].rstrip("raylgA")
        if before[-1:] in ("b", "k") and not codes[:place].endswith("a"):
            return False  # "the cap is zorped"
        if _MAY_BE_DONE.fullmatch(word.text) and not _A_NOUN.fullmatch(word.text):
            return False
    return True

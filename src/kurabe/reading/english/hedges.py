"""English hedges that commit: "probably identical", "it is most likely that …", "it looks as if …".

Who says what is likely has answered. What is only possible, "maybe", "might be", stays a doubt.
"""

import re

from kurabe.reading.english.tokens import tokens
from kurabe.reading.patterns import later
from kurabe.reading.wording import Rule

_LIKELY = (
    r"(?:(?:most|very|highly|quite|more than) (?:likely|probably)|likely|probably|presumably|almost certainly"
    r"|in all (?:likelihood|probability))"
)
_FIRST = (
    r"(?:the )?(?:(?:first|upper|left|top|reference)(?: (?:image|picture|photo|photograph|one|part))?"
    r"|(?:image|picture|photo) [1a])"
)
_SECOND = (
    r"(?:the )?(?:(?:second|lower|right|bottom|test|other)(?: (?:image|picture|photo|photograph|one|part))?"
    r"|(?:image|picture|photo) [2b])"
)
_SUBJECT = (
    r"(?:the|they|it|there|these|both|no|nothing|everything|all|different|identical|same|one|two|a|an|pins?)"
)
_PAIR = (
    r"(?:they|(?:the |these |both )?(?:two )?(?:images|pictures|photos|photographs|parts|ones|objects"
    r"|specimens)"
    r"|both|the two|the part|anything)"
)


def _free_of_fault(match: re.Match[str]) -> str:
    """Write "has no defect" for "is neither torn nor stained", if these are faults."""
    told = tokens(match["one"]) + tokens(match["other"])
    codes = {word.code for word in told if word.code not in "ryacp,"}
    unknown = [word.text for word in told if word.code == "x"]
    faults = codes <= {"F", "x", "C", "l"} and all(
        re.fullmatch(r"\w+(?:ed|en|ing|t|y)", one) for one in unknown
    )
    return f"{match['thing']} has no defect" if faults and ("F" in codes or len(unknown) > 1) else match[0]


def _with_reason(match: re.Match[str]) -> str:
    """Write "they are not the same" for "I cannot say that they are the same, because …"."""
    return f"{match['pair']} are not the same{match['rest']}"


COMMITTED: tuple[Rule, ...] = (
    (
        later(
            r"^(?:certainly|sure|yes)?[,.]? ?(?:i|we) (?:have )?(?:\w+ly )?(?:compared|looked at"
            r"|examined|checked|inspected|studied)"
            r" (?:both|the two|the|these)(?: two)? (?:images|pictures|photos|photographs)(?: \w+ly"
            r"| side by side)?,? and"
            r" (?=the |i |they |there |both |it |no |nothing )"
        ),
        "",
    ),
    (
        later(
            r"\b(?:an? )?(?:small|slight|tiny|minor|little) (?:shift|movement|displacement"
            r"|offset) (?:of|in) the"
            r" (?:camera|view|viewpoint|frame|picture|image|position)\b"
        ),
        "the camera angle",
    ),
    (later(r"(\bevery (?:respect|way|aspect)) that (?:matters|counts)\b"), r"\1"),
    (later(r"\bso (?:the|my) (?:final )?answer (?:is|would be) (no|yes)(?=[ .!]*$)"), r"so \1"),
    (
        later(rf"^(?P<yes>(?:yes|no),? )?it (?:is|seems) {_LIKELY} that (?={_SUBJECT}\b|\w+ (?:is|are)\b)"),
        r"\g<yes>",
    ),
    (later(rf"\b(is|are|was|were|has|have|do|does) {_LIKELY} to be (?=\w)"), r"\1 "),
    (
        later(
            rf"(?<!not )\b(is|are|was|were|has|have|do|does|seems?|appears?|looks?|shows?) {_LIKELY} (?=\w)"
        ),
        r"\1 ",
    ),
    (
        later(rf"(?<!\w)(?<!not ){_LIKELY},? (?=(?:is|are|has|have|do|does|shows?|show|match|differ)\b)"),
        "",
    ),
    (later(rf"^(?:so )?{_LIKELY},? (?={_SUBJECT}\b)"), ""),
    # An answer that is not wholly certain is one.
    (
        later(
            r"^(?:(?:while|although|though) )?(?:i|we) (?:am|are|can) not (?:be )?(?:completely "
            r"|entirely |fully |quite "
            r"|absolutely |totally |100 ?% |perfectly )+(?:sure|certain"
            r"|positive)[^,;.]{0,40},? ?(?:but |however,? |yet )?(?=\w)"
        ),
        "",
    ),
    (
        later(
            r"^if i (?:had|have|were forced) to (?:choose|decide|answer),? i (?:would|will) (?=say"
            r"|answer|choose)"
        ),
        "i would ",
    ),
    (
        later(
            r"\bit (?:looks|seems|appears) (?:as if|as though|like) (?!.*\bwere\b)(?=(?:the|a|an|one"
            r"|there|they|both|some|two|pins?)\b)"
        ),
        "it seems that ",
    ),
    (
        later(
            r"\bit does not (?:look|seem|appear) (?:as if|as though|like|that) (?:anything"
            r"|something) (?:had|has|was|is|were)"
            r" (?:changed|different|altered|been (?:changed|altered))"
        ),
        "nothing has changed",
    ),
    # Denied sameness, and denied difference.
    (
        later(
            rf"^it (?:would be|is) (?:wrong|incorrect|a mistake|inaccurate) to (?:say|claim"
            rf"|conclude) that (?P<pair>{_PAIR})"
            r" (?:differ|are different|have changed|has changed)(?: from each other)?(?=[ .!]*$)"
        ),
        r"\g<pair> do not differ",
    ),
    (
        later(
            rf"^(?:i|we|one) (?:can|could|would) not (?:say|claim"
            rf"|call) (?:that )?(?P<pair>{_PAIR})(?: are)? (?:the same|identical)"
            r"(?P<rest>,? (?:because|since|as|for) .*)$"
        ),
        _with_reason,
    ),
    (
        later(
            rf"\bso (?:no|yes),? (?=(?:{_PAIR}|it) (?:do|does|are|is|have|has) |there (?:is|are) |nothing )"
        ),
        "so ",
    ),
    (later(r"\bso that is (?=no |not )"), "so this is "),
    # The whole of the one as the whole of the other.
    (
        later(
            r"^both (?:images|pictures|photos"
            r"|photographs) show (?:exactly )?the same [\w -]{3,30}? in (?:exactly )?"
            r"the same (?:condition|state)(?=[ .!]*$)"
        ),
        "the two pictures are the same",
    ),
    (
        later(
            rf"^the (?P<thing>[\w -]{{3,30}}?) in {_SECOND} is in (?:exactly )?the same (?:condition"
            rf"|state) as (?:the one|that|the (?P=thing))"
            rf" in {_FIRST}(?=[ .!]*$)"
        ),
        "the second picture is the same as the first one",
    ),
    (
        later(
            r"^(?:(?:in conclusion|overall|in short|so) ?, )?the (?:suspect|test|inspected|second"
            r"|checked) (?:part"
            r"|one|specimen|sample|item|piece|unit) is (?:in (?:exactly )?the same (?:condition"
            r"|state) as|just as good as)"
            r" the (?:good|reference|first)(?: (?:part|one|specimen|sample|item"
            r"|piece|unit))?(?=[ .!]*$)"
        ),
        "the second picture is the same as the first one",
    ),
    (
        later(
            r",? with (?:only |just )?(?:a |an |some )?(?:negligible|slight|minor|small|minimal"
            r"|tiny) (?:variations?|differences?|changes?|shift)"
            r" in (?:the )?(?:brightness|lighting|light|exposure|noise|contrast|position)(?=[ .!]*$)"
        ),
        "",
    ),
    (
        later(
            r"(\bnot (?:differ|any difference|different)\b.*?) in any (?:way that matters|relevant way"
            r"|meaningful way)(?=[ .!]*$)"
        ),
        r"\1",
    ),
    (
        later(r"^sorry,? (?:but )?(?=(?:i|we) (?:can|could) not (?:find|see|spot|make out) any difference)"),
        "",
    ),
    (later(r"^(?:you|one|i) can not (?:overlook|miss) (?=the|that|an?)"), "there is "),
    (
        later(r"^(?:(?:there is|i have) )?nothing (?:unusual )?to report(?=[ .!:;,]|$)"),
        "there is no difference to report",
    ),
    (
        later(
            r"^(?:besides|additionally|finally|in addition|furthermore|moreover|lastly) ?, (?=(?:the|a"
            r"|an|one|two|there|its|pins?|in|on)\b)"
        ),
        "",
    ),
    (later(r"\bthis is so (?=in both|in each)"), "this is "),
    # As the first is.
    (
        later(
            rf"^(?:the .{{2,80}}?) (?:is|are) (?:just |exactly )?as (?:it is "
            rf"|they are )?(?P<in>in {_FIRST}),? and so (?:is|are)"
            r" (?:the rest|everything else|all else)(?=[ .!]*$)"
        ),
        r"everything is the same as \g<in>",
    ),
    (
        later(rf"\b(is|are|looks?) (?:just |exactly )?as (?:it is |they are )?(?=in {_FIRST}\b)"),
        r"\1 the same as ",
    ),
    (
        later(
            r"\bhas no (defect|fault|flaw|damage|anomaly|crack|scratch) (?:that"
            r"|which) [\w ,:]{3,60}? (?:does not have|has not|lacks"
            r"|does not show)(?=[ .!]*$)"
        ),
        r"has no \1",
    ),
    (
        later(
            r"\bno (?:new|extra|foreign|other) (?:objects?|items?|parts?|things?"
            r"|elements?) (?:can be (?:seen|found)|(?:is|are) (?:visible"
            r"|seen|present)|(?:has|have|was|were) (?:been )?(?:added|appeared))"
        ),
        "nothing has been added",
    ),
    (
        later(
            r"(?P<thing>\b(?:the |it\b|they\b|both )[\w -]{0,40}?) (?:is"
            r"|are) neither (?P<one>[\w-]+(?: \w+)?) nor (?P<other>[\w-]+(?: \w+)?)"
            r"(?=,? (?:in|on|just|there) |[ .,;!]*$)"
        ),
        _free_of_fault,
    ),
)

_UNLIKE = later(
    rf"^(?:unlike (?:in )?{_FIRST} ?, (?P<after>.*)|(?P<before>.*?) ?, ?unlike (?:in )?{_FIRST})[ .!]*$"
)


def set_apart(plain: str) -> bool:
    """Say whether a sentence tells what is in one picture, "unlike in the other"."""
    match = _UNLIKE.match(plain)
    if match is None:
        return False
    told = match["after"] or match["before"]
    codes = {word.code for word in tokens(told)}
    return re.search(rf"\b{_SECOND}\b", told) is not None and not codes & set("SsJeEuM%U*^~=|")

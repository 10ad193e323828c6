"""English wordings that speak of the whole pair without its usual names; see `paraphrases`."""

import re

from kurabe.reading.english.tokens import tokens
from kurabe.reading.patterns import later
from kurabe.reading.wording import Rule

_NOUN = (
    r"(?:part|parts|item|sample|specimen|object|unit|piece|product|component|connector|board|one"
    r"|image|picture|photo"
    r"|article|workpiece|assembly|device)"
)
_IMAGE = (
    r"(?:image|picture|photo|photograph|view|shot|one|scan|frame|part|item|sample|specimen|object"
    r"|unit|piece)"
)
_FIRST = rf"(?:the )?(?:(?:first|upper|left|top|reference)(?: {_IMAGE})?|{_IMAGE} [1a]|reference)"
_SECOND = rf"(?:the )?(?:(?:second|lower|right|bottom|test|other)(?: {_IMAGE})?|{_IMAGE} [2b])"
_TWO = rf"(?:both(?: {_IMAGE}s)?|the two(?: {_IMAGE}s)?|{_FIRST} and {_SECOND})"
_DONE = (
    "(?:added|removed|altered|changed|moved|replaced|damaged|missing|broken|taken away|modified"
    "|bent|lost|swapped)"
)
_SURE = r"(?:exactly |just |precisely |clearly |indeed |still |all )*"
_FEATURE = (
    r"(?:features?|details?|aspects?|elements?|characteristics?|respects?|attributes?|propert(?:y"
    r"|ies)|points?)"
)
_AGREES = (
    r"(?:is|are|match(?:es)?|agrees?|looks?|remains?|corresponds?|coincides?|appears?|seems?"
    r"|lines? up|stays?)"
)


def _of_the_whole(match: re.Match[str]) -> str:
    """Write "everything" for "every feature of the box", unless it is a part that has the features."""
    thing = match["thing"] or ""
    return match[0] if any(word.code in "QFIEN" for word in tokens(thing)) else "everything "


def _states(text: str) -> bool:
    """Say whether words name more than what was looked at."""
    return any(word.code in "DKSdeFCJGnowzRuM*^~=|%E" for word in tokens(text))


def _two_sides(match: re.Match[str]) -> str:
    """Leave "that the first has" out of "the second lacks the nut that the first has"."""
    sides = [
        next((n for n, side in enumerate(_NAMES) if side.search(match[one])), 2) for one in ("one", "other")
    ]
    return match["lacks"] if sorted(sides) == [0, 1] else match[0]


_AS = {"before": "first", "after": "second", "good": "reference", "golden": "reference", "ok": "reference"}
_NAMES = (
    later(r"\b(?:first|upper|left|top|reference|[1a]$)"),
    later(r"\b(?:second|lower|right|bottom|test|other|[2b]$)"),
)

WHOLE: tuple[Rule, ...] = (
    # The part that is inspected, and the one that it is held against.
    (later(rf"\bthe (?:inspected|tested|examined|checked) (?={_NOUN}\b)"), "the test "),
    (
        later(
            rf"\bthe ({_NOUN}) (?:under (?:inspection|test|examination)|(?:to be"
            rf"|being) (?:inspected|checked|tested))"
        ),
        r"the test \1",
    ),
    (
        later(rf"\bthe (?:good|golden|known[- ]good|defect-free|ideal|flawless|perfect) (?=(?:{_NOUN})\b)"),
        "the reference ",
    ),
    (
        later(
            r"^(?P<which>left|right|first|second|top|bottom|upper|lower|reference|good|golden|ok|test|suspect"
            r"|before|after)"
            r"(?: part| sample| one| unit)? ?: (?=\w)"
        ),
        lambda match: f"the {_AS.get(match['which'], match['which'])} image: ",
    ),
    # Certainty that changes nothing.
    (
        later(r"^(?:(?:i|we) have no doubts?|there is no (?:doubt|question)(?: in my mind)?) that (?=\w)"),
        "",
    ),
    # The second as the first is.
    (
        later(
            rf"^(?:the )?one(?: {_NOUN})? (?:is|looks) (?:exactly |just |precisely )?(?:like"
            rf"|the same as) the other(?: one)?"
            r"(?=[ .!]*$)"
        ),
        "the two are the same",
    ),
    (
        later(r"(\bsame [a-z]+), (?:photographed|shown|seen|pictured|taken) twice(?=[ .!]*$)"),
        r"\1 twice",
    ),
    (
        later(
            r"^(?:they|these) are (?:clearly |obviously |in fact )?two different (?!image|picture"
            r"|photo|view|shot|angle)([a-z]+)s"
            r"(?=[ .!]*$)"
        ),
        "the two are different",
    ),
    (
        later(
            r"^(?:they|these) are not (?:one and )?the same (?:part|object|item|product|component"
            r"|specimen|sample|unit|piece"
            r"|connector|board|bottle|article|workpiece|device)(?=[ .!]*$)"
        ),
        "the two are not the same",
    ),
    (
        later(r"\b(?:can|could) only be (?:seen|found|observed|made out) (in|on) (?=the )"),
        r"is seen only \1 ",
    ),
    (
        later(
            r"\bthe only (?:thing|point) (?:that is )?(?:out of order|wrong|off|amiss"
            r"|unusual|odd) is (?=an? |the |that )"
        ),
        "the only difference is ",
    ),
    (
        later(
            rf"^the (?P<noun>{_NOUN}) (?:in|on) (?:{_FIRST}|{_SECOND}) (?:is|looks|appears to be"
            rf"|seems to be|remains)"
            rf" in {_SURE}the same (?:condition|state|shape|order) as (?:(?:the"
            rf"|that) (?:(?:same )?(?P=noun)|one)?|it is|that)"
            rf" ?(?:in|on) (?:{_FIRST}|{_SECOND})(?=[ .!]*$)"
        ),
        "the two are the same",
    ),
    (
        later(
            rf"^(?:it is|this is|these are|they are|both are|both show"
            rf"|{_TWO} show)? ?{_SURE}the same {_NOUN},? ?(?:in|and)?"
            rf" ?(?:{_SURE}the )?same (?:condition|state|shape|order)(?=[ .!]*$)"
        ),
        "the two are the same",
    ),
    (later(r"^same [\w -]{2,30}, same (?:condition|state)(?=[ .!]*$)"), "the two are the same"),
    # One and the same thing seen twice.
    (
        later(
            rf"^{_TWO} (?:show|depict|contain|display) {_SURE}the (?:very )?same (?:thing|scene"
            rf"|image)(?=[ .!]*$)"
        ),
        "the two are the same",
    ),
    (
        later(
            rf"^(?:i|we|you|one can) (?:can )?see {_SURE}the (?:very )?same (?:thing"
            rf"|scene) in {_TWO}(?=[ .!]*$)"
        ),
        "the two are the same",
    ),
    # The second is, or is not, like the first.
    (
        later(
            rf"^{_SECOND} (?:is|looks|appears|seems) (?:exactly|just|precisely) (?:like"
            rf"|as) {_FIRST}(?=[ .!]*$)"
        ),
        "the two are the same",
    ),
    (
        later(
            rf"\b(?P<one>{_SECOND}|{_FIRST}) (?:does|do) not (?:look|appear|seem) (?:exactly |just "
            rf"|at all )?"
            rf"(?:like|the same as|to be like) (?P<other>{_FIRST}|{_SECOND})"
        ),
        r"\g<one> differs from \g<other>",
    ),
    (
        later(
            rf"^the (?:overall )?(?:condition|state|appearance|look) of (?:both|the two"
            rf"|the)(?: two)?(?: {_NOUN}s?)?"
            r" (?:is|looks|remains|appears|seems) (?=(?:\w+ly )?(?:the same|identical|unchanged))"
        ),
        "the two are ",
    ),
    (
        later(
            rf"^{_TWO} (?:show|depict|contain|display"
            rf"|feature) (?:\w+ly )?identical [a-z]+s(?: with the same"
            r" (?!.*\b(?:except|but|not|other|apart|only|no|without)\b)[\w ,-]+)?(?=[ .!]*$)"
        ),
        "the two are identical",
    ),
    (
        later(
            r"^(?:(?:i|we) (?:can )?(?:find|see|observe) )?(?:all )?(?:of )?the same (?:components"
            r"|parts|items|elements|features"
            r"|things|objects|pieces) (?:are )?(?:found |present |mounted )?(?:in|at"
            r"|on) (?:exactly )?the same"
            rf" (?:places?|positions?|locations?|spots)(?: in {_TWO})?(?=[ .!]*$)"
        ),
        "everything is the same",
    ),
    # What was found after all.
    (
        later(
            r"^(?P<who>i|we) (?:have )?(?:\w+ly )?(?:compared|examined|inspected|checked|looked at"
            r"|reviewed|studied"
            r"|went through|gone through)(?P<what> [^,;.]{3,70}?),? and (?:i "
            r"|we )?(?:have )?(?=(?:found|find|see|saw|conclude"
            r"|notice|noticed|could|can|observe|observed)\b)"
        ),
        lambda match: match[0] if _states(match["what"]) else f"{match['who']} ",
    ),
    (
        later(
            r"\b(?:i|we) (?:have )?(?:found|find|judge|judged) (?:that )?(?P<two>them|both|the two"
            r"|both (?:images|parts)"
            r"|the (?:two )?(?:images|pictures|photos|parts|connectors|samples|items|boards)) to be "
        ),
        lambda match: ("they" if match["two"] == "them" else match["two"]) + " are ",
    ),
    (
        later(
            r"^all (?:of )?(?:the )?(?P<what>[a-z]+) (?:but|except|except for|apart from) (?:one"
            r"|two|three|a few) (?:are|is|look)"
            r" (?P<how>straight|intact|in place|present|ok|fine|good|aligned|closed|undamaged"
            r"|visible|complete)\b"
        ),
        r"one of the \g<what> is not \g<how>",
    ),
    (
        later(
            r"^the (?P<which>main|only|most (?:notable|obvious|noticeable|visible)|biggest|key"
            r"|other) one (?:is|being) that "
        ),
        r"the \g<which> difference is that ",
    ),
    (
        later(
            rf",? as far as (?:the|this|these|those) (?:two )?{_NOUN}s? (?:itself "
            rf"|themselves )?(?:is|are) concerned"
        ),
        "",
    ),
    (later(r"\bas far as ([^,;]{3,40}?) (?:is|are) concerned,?"), r"in terms of \1,"),
    # Nothing sets the one apart from the other.
    (
        later(
            r"\b(?P<none>nothing|anything) (?:that |which |to )?(?:would |could |might )?(?:set"
            r"|tell)s? (?:them|the two"
            rf"(?: {_NOUN}s)?|these(?: two)?|the pair|the {_NOUN}s) apart"
        ),
        r"\g<none> different",
    ),
    (
        later(
            r"\bnothing (?:that |which )?(?:does|would) not (?:match|agree|correspond"
            r"|fit)(?=[ .!]*$)"
        ),
        "no difference",
    ),
    (
        later(
            r"\b(?P<none>nothing|anything) (?:that |which |to )?(?:would |could |might )?(?:sets?|tells?"
            r"|distinguish(?:es)?)"
            r" (?:the )?(?:one|first|two|pair)(?: (?:image|picture|part"
            r"|of them))?(?: apart)? from (?:the )?(?:other|second)"
            r"(?: (?:image|picture|part|one))?"
        ),
        r"\g<none> different",
    ),
    (
        later(
            r"^no (?:\w+ ){0,2}(?:defects?|flaws?|marks?|features?|details?"
            r"|deviations?) (?:that )?sets? (?:them|the two"
            r"(?: \w+)?|these(?: two)?) apart(?=[ .!]*$)"
        ),
        "no difference",
    ),
    (
        later(
            rf"^no (?:part|parts|component|components|item|items|element|elements|object|objects"
            rf"|piece|pieces|feature"
            rf"|features|detail|details) (?:has been|have been|was|were|is|are|has|have) (?:\w+ly )?{_DONE}"
            rf"(?:, {_DONE})*,? (?:or|and|nor) {_DONE}(?: between {_TWO})?(?=[ .!]*$)"
        ),
        "nothing has changed",
    ),
    (
        later(
            r"^(?:nothing|no sign|nothing here) (?:suggests?|indicates?|shows?"
            r"|hints?) that (?:the (?:two )?[a-z]+s|they|both|anything"
            r"|it) (?:differs?|(?:is|are) different|ha(?:s|ve) changed)(?=[ .!]*$)"
        ),
        "no difference",
    ),
    # Each feature, whichever it is.
    (
        later(
            rf"^(?:each|every|all(?: of)?(?: the)?|any) (?:visible |single )?{_FEATURE} "
            rf"(?:(?:of|on) (?:the|both|these|a)(?: two)? (?P<thing>[\w-]+(?: [\w-]+)?) "
            rf"|(?:that )?(?:i|we) (?:\w+ly )?"
            rf"(?:have )?(?:checked|compared|looked at|can see|could see|examined|inspected|compare"
            rf"|check) )?(?={_AGREES}\b)"
        ),
        _of_the_whole,
    ),
    (
        later(
            rf"^(?:whichever|whatever|no matter which|no matter what) {_FEATURE} (?:i|we|you"
            rf"|one) (?:\w+ly )?(?:compares?|looks? at"
            r"|checks?|examines?|inspects?), (?:it is|they are)(?= )"
        ),
        "everything is",
    ),
    # What the one lacks and the other has.
    (
        later(
            rf"(?P<lacks>(?P<one>{_FIRST}|{_SECOND}) (?:lacks|is missing|does not have|has no"
            rf"|is without) [\w -]{{3,60}}?) "
            rf"(?:that|which) (?:(?P<other>{_FIRST}|{_SECOND}) (?:has|shows|contains|includes|does have)"
            rf"|(?:is|are) (?:present|visible|seen|there|found|shown) (?:in|on) (?P<place>{_FIRST}"
            rf"|{_SECOND}))(?=[ .!]*$)"
        ),
        lambda match: _two_sides(match) if match["other"] else match[0],
    ),
    (
        later(
            r"^nothing (?:unusual |special |suspicious )?(?:stands|sticks|jumps"
            r"|leaps) out(?: to me)?(?=[ .!]*$)"
        ),
        "nothing is wrong",
    ),
    (
        later(r"^nothing (?:catches|strikes|meets|attracts) (?:the|my) eye(?=[ .!]*$)"),
        "nothing is wrong",
    ),
)

"""English ways of saying one thing in several words, put simply before an answer is read.

One denial over a list ("nothing is missing, added or changed") is one denial. What an answer has just called
excluded is no exception to what it says of the rest ("…, which I ignore. Apart from that, they match").
"""

import re
from functools import partial

from kurabe.reading.patterns import later

_DONE = (
    r"(?:missing|added|changed|altered|different|damaged|removed|moved|broken|gone|extra|replaced|displaced"
    r"|bent|new|lost|misplaced|modified|swapped|cracked|scratched|worn|loose|out of place)"
)
_NOTHING = later(
    rf"(?i)\b(nothing(?: else)?(?: about (?:it|them|the \w+))?)( (?:is|was|has been|looks|appears|seems"
    rf"|appears to be|seems to be|appears to have been|seems to have been))?"
    rf" {_DONE}(?:, {_DONE})*,? (?:or|nor|and) {_DONE}\b"
)
_UNCHANGED = later(
    r"(?i)\b((?:the|both|two)\b[^.;!?]{0,60}\b(?:pictures?|images?|photos?|photographs?|shots?|views?))"
    r" (?:both |each |all )?(?:shows?|depicts?|displays?|contains?) (?:an?|the) (?:unchanged|unaltered) "
)
_EXCLUDED = (
    r"(?:(?:this|that|such|which)[^.;!?]{0,40} (?:is|are|was|were) (?:\w+ )?(?:excluded|ignored|disregarded"
    r"|to be ignored|left out|not counted|not to be counted)[^.;!?]{0,30}"
    r"|(?:i|we)(?: have)? (?:disregarded|ignored|set aside|left aside) [^.;!?]{3,90}"
    r"|which (?:i|we)(?: have| am| are)? (?:ignor\w+|disregard\w*|left out|exclud\w+|set aside)[^.;!?]{0,30}"
    r"|(?:this|that|which) (?:concerns|affects|is about|belongs to) (?:only )?the (?:picture|photo|image"
    r"|photograph|shot|recording|camera)\b[^.;!?]{0,40}"
    r"|(?:this|that|which) (?:is|was) (?:not|no) (?:a |part of the )?(?:difference|defect|part|component)"
    r"[^.;!?]{0,30}"
    r"|(?:this|that|which) does(?: not|n't) count[^.;!?]{0,20})"
)
_BESIDES = later(
    rf"(?i)({_EXCLUDED}[.;!] ?\n*)(?:apart|aside) from (?:that|this|it)(?: \w+)?,? |"
    rf"({_EXCLUDED}[.;!] ?\n*)(?:otherwise|beyond that|beyond this|other than that|other than this|besides"
    r"|beside that|besides that|except for that|except for this),? "
)
_BESIDE = ("from that", "from this", "from it", "otherwise", "beyond", "than th", "beside", "except")
_NOT_ALONE = later(
    r"(?i)\b(?P<none>no|not any|n't (?:see|find|spot|make out) any) [^.;!?]{3,60} (?:that|which)"
    r" the [\w ]{2,24} (?:does not|doesn't|did not|didn't) (?:have|show|bear|carry)(?: too| as well)?"
)
_FRAME = later(
    r"(?i)\b(?:the |its )?(?:position|place|placement|location) (?:in|within) the"
    r" (?:frame|image|picture|photo)"
    r" (?:is|are) not (?:exactly |quite |entirely )?(?:the same|identical)"
)


_A_PICTURE = (
    r"(?:(?:image|picture|photo) (?:1|2|one|two|a|b)"
    r"|the (?:first|second|upper|lower|top|bottom|reference|suspect|test|other)"
    r"(?: (?:image|picture|photo|one))?)"
)
_CANONICAL = (
    (
        "the way",
        r"the way (?:in which )?(?:they|it|(?:both |the two |the )?(?:images?|photos?|pictures?|photographs?"
        r"|shots)) (?:were|was|have been|has been) (?:taken|shot|photographed|captured|lit|exposed|recorded)",
        "the lighting",
    ),
    (
        "that nothing",
        r"(?:the (?:claim|statement|assumption|idea) that nothing (?:has changed|is different|differs)"
        r" (?:does not hold|doesn't hold|is wrong|is not true|fails))",
        "there is a difference",
    ),
    (
        "be wrong to call",
        r"it would be wrong to call the two \w[^.;!?]{0,30} (?:identical|the same|unchanged|equal)",
        "they differ",
    ),
    (
        " be ",
        r"(?:can ?not|can't|could not|couldn't) be (?:called|considered|regarded as)"
        r" (?:identical|the same|equal)",
        "are different",
    ),
    (
        " be ",
        r"(?:could|might|may) (?:simply |just |well |as well )*be (?:another|a second|just another"
        r"|a different)"
        r" (?:shot|photo|picture|view|photograph|image) of (?:the|that) (?:same|first|very same)",
        "is identical to the first",
    ),
    (
        "and also in",
        rf"in {_A_PICTURE},? and also in {_A_PICTURE}",
        "in both pictures",
    ),
    (
        "is only",
        r"what (?:varies|differs|changes|has changed) is only (?P<light>the (?:light|lighting|exposure"
        r"|brightness|contrast|camera angle|viewing angle|perspective|framing|background|shadows?|noise))\b",
        "only {light} differs",
    ),
    ("are not two", r"(?:these|they) are not two (?:matching|identical|equal) \w+", "they are different"),
    ("one exception", r"there is one exception,? ?(?:though|however)?(?=[:,])", "there is one difference"),
    (
        " but one",
        r"all (?:the )?(?:other )?(?:details|features|points|things) (?:agree|match|are the same) but one"
        r"(?=, namely|: )",
        "there is one difference",
    ),
    (
        "neither ",
        r"neither (?:part|one|picture|image|of them|of the two) (?:shows|has) anything (?:that )?the other"
        r"(?: one)? (?:lacks|does not have|doesn't have)",
        "there is no difference",
    ),
    (
        " not ",
        r"i (?:found|find|see|saw|can see) no (?:defects?|damage|marks?|flaws?) (?:on|in) [^.;!?]{2,40}"
        r" that (?:is|are) not (?:on|in) [^.;,!?]{2,40}(?:, and nothing is missing)?",
        "there is no difference",
    ),
    (
        "would call",
        r"(?:there is )?nothing (?:here )?that (?:i|one|we) would call a difference",
        "there is no difference",
    ),
    (
        "correspond",
        r"corresponds? to (?P<to>[^.;!?]{2,60}?) in (?:every|each) (?:respect|way|detail)",
        "is identical to {to}",
    ),
)
"""A word that is in each such text, to look for first; what is said; and how it is put."""
_PUT = tuple((hint, later(rf"(?i)\b{pattern}"), put) for hint, pattern, put in _CANONICAL)
_NO_PART = later(
    rf"(?i)\bno (?:part|parts|component|piece|detail)s? (?:is|are|was|were|has been) {_DONE}(?:, {_DONE})*,?"
    rf" (?:or|nor|and) {_DONE}\b"
)


def _put(simple: str, found: "re.Match[str]") -> str:
    return simple.format(**found.groupdict())


def simply(text: str) -> str:
    """Return a text with such wording put simply."""
    said = text.lower()
    if "nothing" in said:
        text = _NOTHING.sub(lambda found: f"{found[1]}{found[2] or ''} changed", text)
    if " not " in said:
        text = _FRAME.sub("the picture is slightly shifted", text)
    if "n't " in said or " not " in said:
        text = _NOT_ALONE.sub(lambda found: f"{found['none']} difference", text)
    if "unchanged" in said or "unaltered" in said:
        text = _UNCHANGED.sub(lambda found: f"{found[1]} show no difference in the ", text)
    if "no " in said and " or " in said:
        text = _NO_PART.sub("there is no damage", text)
    for hint, pattern, put in _PUT:
        if hint in said:
            text = pattern.sub(partial(_put, put), text)
    if any(hint in said for hint in _BESIDE):
        text = _BESIDES.sub(lambda found: found[1] or found[2], text)
    return text

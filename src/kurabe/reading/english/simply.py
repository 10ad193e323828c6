"""English ways of saying one thing in several words, put simply before an answer is read.

One denial over a list ("nothing is missing, added or changed") is one denial. What an answer has just called
excluded is no exception to what it says of the rest ("…, which I ignore. Apart from that, they match").
"""

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
_NOT_ALONE = later(
    r"(?i)\b(?P<none>no|not any|n't (?:see|find|spot|make out) any) [^.;!?]{3,60} (?:that|which)"
    r" the [\w ]{2,24} (?:does not|doesn't|did not|didn't) (?:have|show|bear|carry)(?: too| as well)?"
)
_FRAME = later(
    r"(?i)\b(?:the |its )?(?:position|place|placement|location) (?:in|within) the"
    r" (?:frame|image|picture|photo)"
    r" (?:is|are) not (?:exactly |quite |entirely )?(?:the same|identical)"
)


def simply(text: str) -> str:
    """Return a text with such wording put simply."""
    text = _NOTHING.sub(lambda found: f"{found[1]}{found[2] or ''} changed", text)
    text = _FRAME.sub("the picture is slightly shifted", text)
    text = _NOT_ALONE.sub(lambda found: f"{found['none']} difference", text)
    text = _UNCHANGED.sub(lambda found: f"{found[1]} show no difference in the ", text)
    return _BESIDES.sub(lambda found: found[1] or found[2], text)

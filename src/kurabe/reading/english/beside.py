"""English sentences that stand beside an answer and say nothing of the two pictures.

An offer of more, what the judgement rests on, what was left out of account. They are taken off before an
answer is read. Each must be understood from its first word to its last, and none may hold a word of sameness
or difference but of what no prompt counts: "I can list the differences if you like" says that there are some.
"""

import re

from kurabe.reading.japanese import is_japanese
from kurabe.reading.matching import normalise
from kurabe.reading.patterns import later

_SAYS = later(
    r"\b(?:yes|no|not|none|nothing|neither|same|identical|unchanged|differ\w*|chang\w*|missing|defect\w*"
    r"|faults?"
    r"|damag\w*|but|however|except|except for|only|crack\w*|scratch\w*|broken|bent|torn|deviat\w*|wrong)\b"
)
_WISH = (
    r"(?:if|should|whenever|in case|as soon as)"
    r" (?:you|that|this|it|there|needed|required|necessary|desired)\b"
)
_OFFER = later(
    r"(?:i|we)(?:'d| would| can| could| will|'ll| am|'m| are)*(?: also| gladly| be)*"
    r"(?: happy| glad| able| ready| pleased| willing)?(?: to)?"
    r" (?:go|look|check|compare|describe|explain|examine|provide|give|zoom|help|analy[sz]e|repeat|send|mark"
    r"|do|run"
    r"|take|inspect|assist|prepare|produce|review|elaborate|expand|dig)\b[^.!?]*\b"
    rf"{_WISH}[^.!?]*"
    r"|(?:(?:please|just|do|and|so) )*(?:let me know|tell me|say so|ask|feel free|do not hesitate"
    r"|don't hesitate"
    r"|write to me|get in touch|give me a shout|send me a note)\b[^.!?]*"
    rf"|{_WISH},? ?[^.!?]*\b(?:i|we|please|just|feel|let)\b[^.!?]*"
    r"|(?:i|we) hope (?:this|that|it) (?:helps|is helpful|answers your question|is of use)[^.!?]*"
)
_RESTS = later(
    r"(?:this|my|the|that|our) (?:\w+ )?(?:judge?ment|assessment|answer|comparison|verdict|conclusion"
    r"|statement"
    r"|analysis|result|evaluation|finding|inspection|opinion)s? (?:is|was|are|rests?|relies|rely|refers?"
    r"|relates?"
    r"|applies|apply|holds?)(?: made| based| founded| drawn| limited)?(?: only| solely| purely| entirely"
    r"| just"
    r"| exclusively)* (?:on|to|from|with|for|upon)(?: (?:the|these|those|two|both|pictures?|images?|photos?"
    r"|photographs?|given|provided|shown|supplied|uploaded|attached|submitted|presented|above|here|i|you|me"
    r"|was|were"
    r"|have|sent|what|is|visible|can|be|seen|visual|a|comparison|of|inspection|evidence|alone|and|details?))+"
)
_LIGHT_WORD = (
    r"(?:the|any|all|such|these|those|some|a|an|small|slight|minor|tiny|little|minimal|global|overall"
    r"|different"
    r"|changes?|differences?|variations?|shifts?|offsets?|displacements?|movements?|effects?|rotations?|of"
    r"|in|due|to"
    r"|by|from|between|two|both|pictures?|images?|photos?|photographs?|shots?|whole|entire|camera|lens"
    r"|light\w*|illumination|brightness|exposure|contrast|noise|grain\w*|blur\w*|focus|sharpness|shadows?"
    r"|reflections?|glare|highlights?|backgrounds?|surroundings|perspective|angles?|viewpoints?|viewing|view"
    r"|position|framing|zoom|scale|casts?|white|balance|tone|compression|artefacts?|artifacts?|jpeg|sensor"
    r"|and|or"
    r"|,|nor|as|well|like|things|it|them|this|that)"
)
_LIGHTS = rf"{_LIGHT_WORD}(?:(?: |, ){_LIGHT_WORD})*"
_LEFT = (
    r"(?:disregard(?:ed)?|ignored?|left out|leave out|set aside|excluded?|discounted|not counted"
    r"|not considered"
    r"|not taken into (?:account|consideration)|left out of (?:account|consideration)|discarded)"
)
_AS_TOLD = r"(?:(?:as|per|following|according to) [\w ]{2,40}, )?"
_LEFT_OUT = later(
    rf"{_AS_TOLD}(?:i|we)(?: have| did| do|'ve)? (?:not|n't) (?:take|taken|consider|considered|count|counted"
    rf"|include"
    rf"|included|regard|judge|look at|weigh|treat) {_LIGHTS}(?: into (?:account|consideration)"
    r"| as (?:a )?(?:differences?|changes?))?"
    rf"|{_AS_TOLD}{_LIGHTS} (?:was|were|is|are|have been|has been) {_LEFT}(?:,? as (?:instructed|asked"
    rf"|requested|told))?"
    rf"|{_AS_TOLD}(?:i|we)(?: have|'ve| am|'m| was)?(?: deliberately| therefore| here)? {_LEFT} {_LIGHTS}"
    r"(?:,? (?:as (?:instructed|asked|requested|told|you asked)|so i did))?"
)
_LEFT_HEADING = later(
    r"\W*(?:not (?:counted|considered|relevant|taken into account|differences)|ignored?|disregarded|excluded"
    r"|left out(?: of account)?|set aside)\W*"
)
_OF_LIGHT = later(
    r"\b(?:light\w*|illumination|brightness|exposure|contrast|noise|nois\w+|grain\w*|blur\w*|focus|sharpness"
    r"|shadows?"
    r"|reflections?|glare|highlights?|background|perspective|angle|viewpoint|framing|camera|brighter|darker"
    r"|dimmer"
    r"|shift|(?:picture|image|photo|shot) (?:is|was|appears|looks) \w+ (?:\w+ )?(?:closer|sharper|warmer"
    r"|cooler"
    r"|softer))\b"
)
_OF_PART = later(
    r"\b(?:missing|bent|broken|crack\w*|scratch\w*|torn|dent\w*|damag\w*|lost|gone|added|removed|replaced"
    r"|hole|stain"
    r"|chip\w*|loose|label|pins?|screws?|caps?)\b"
)
_RATHER = later(
    r"(?<=\bis )not (?:an? )?[\"'“‘]?(?P<not>yes|no)[\"'”’]?,? but (?:rather )?(?:an? )?[\"'“‘]?(?P<say>yes"
    r"|no)\b[\"'”’]?",
    re.IGNORECASE,
)
_HINTS = (
    *(
        " if ",
        "should ",
        "feel free",
        "hesitate",
        "let me know",
        "tell me",
        " ask",
        "hope",
        "whenever",
        "in case",
    ),
    *(
        " on the",
        " on these",
        " on what",
        "judg",
        "account",
        "considered",
        "counted",
        "ignor",
        "disregard",
        "left out",
    ),
    *(
        "set aside",
        "exclu",
        "discount",
        "discard",
        ' not "',
        " not “",
        "is not no",
        "is not yes",
        "if we",
        "if you",
        "if one",
    ),
    *(
        "aside,",
        "if i",
        "disregarding",
        "discounting",
        "once we",
        "once you",
        "once i",
        "when we",
        "when one",
    ),
)
"""One of them is in each such answer; to look for them is quick."""
_LEAVING_OUT = later(
    r"(?:(?<=^)|(?<=[.!?:] )|(?<=\n))(?:but |and |so )?(?:(?:if|when|once) (?:we|you|one|i) (?:leave|set|put"
    r"|take)s?"
    rf" {_LIGHTS} (?:aside|out of account|out)|(?:if|when|once) (?:we|you|one|i) (?:disregard|ignore"
    rf"|discount|forget"
    rf"|overlook)s?(?: about)? {_LIGHTS}|(?:leaving|setting|putting) {_LIGHTS} (?:aside|out of account)"
    rf"|(?:disregarding"
    rf"|ignoring|discounting) {_LIGHTS}|{_LIGHTS} aside), (?=[a-z])",
    re.IGNORECASE,
)
"""What sets light aside before a statement: "if one disregards the lighting, …"."""
_SENTENCE = later(r"(?<=[.!?])\s+(?=[A-Z\"“*])")


def says_nothing_here(sentence: str) -> bool:
    """Say whether a sentence only offers, tells what it rests on, or what was left out of account."""
    plain = normalise(sentence).strip(" .!*_-•")
    if not plain or len(plain) > 300:
        return False
    if _RESTS.fullmatch(plain) or _LEFT_OUT.fullmatch(plain):
        return True
    return _OFFER.fullmatch(plain) is not None and _SAYS.search(plain) is None


def without_beside(text: str) -> str:
    """Return a text without the sentences that say nothing here; as it was if nothing else is in it."""
    lower = text.lower()
    if not any(hint in lower for hint in _HINTS) or is_japanese(text):
        return text
    kept: list[str] = []
    left_out = False
    for line in _LEAVING_OUT.sub("", _RATHER.sub(_said, text)).splitlines():
        plain = normalise(line).strip()
        if _LEFT_HEADING.fullmatch(plain):
            left_out = True
            continue
        if left_out and _listed(line) and _OF_LIGHT.search(plain) and not _OF_PART.search(plain):
            continue
        if left_out and plain:
            if _listed(line):
                return text  # something else is set aside, which the usual reading must weigh
            left_out = False
        parts = _SENTENCE.split(line)
        told = [part for part in parts if not says_nothing_here(part)]
        if told or not plain:
            kept.append(line if len(told) == len(parts) else " ".join(told))
    rest = "\n".join(kept)
    return rest if any(char.isalnum() for char in rest) else text


def _listed(line: str) -> bool:
    return re.match(r"\s*(?:[-*•–]|\d+[.)])\s", line) is not None


def _said(match: re.Match[str]) -> str:
    """Return the answer of "not 'no' but 'yes'"; as it was where both are the same."""
    return match["say"] if match["not"].lower() != match["say"].lower() else match[0]

"""Clauses about the picture alone, and what hangs on them: taken off before an answer is read.

"Even though the second picture is a little darker, they match", "I disregarded the fact that there is more
noise in Image 2", "It is true that the light differs, but you asked me not to consider that". A clause is
known from its first word to its last, so that none of it tells of the part.
"""

from kurabe.reading.patterns import later

_WHICH = (
    r"(?:suspect|second|first|upper|lower|top|bottom|other|reference|good|test|sample|left|right|one|latter)"
)
_IMAGE = (
    rf"(?:image (?:1|2|one|two|a|b)|picture (?:1|2|one|two|a|b)|photo (?:1|2|one|two)"
    rf"|(?:the|one) {_WHICH}(?: (?:image|picture|photo|photograph|shot|view))"
    r"|both (?:images|pictures|photos)|the (?:two )?(?:images|pictures|photos))"
)
_BY = (
    r"(?:(?:slightly|somewhat|a (?:little|bit|touch|shade)|marginally|a little bit|rather|clearly|much"
    r"|visibly) )?"
)
_THINGS = (
    r"(?:light|lighting|illumination|exposure|brightness|contrast|noise|grain|graininess|blur|shadows?|sharpness"
    r"|focus|saturation|white balance|colou?r temperature|perspective|viewing angle|camera angle|viewpoint"
    r"|framing|crop|reflections?|glare|background)"
)
_LOOK = (
    r"(?:brighter|darker|grainier|noisier|blurrier|softer|sharper|lighter|warmer|cooler|dimmer|hazier|shifted"
    r"|tilted|rotated|turned|zoomed|closer|overexposed|underexposed|out of focus|less sharp|more blurred"
    r"|more contrasty|lower in contrast|higher in contrast|less bright|more grainy|more noisy|less focused)"
)
_LIGHT = (
    rf"(?:there is {_BY}(?:more|less) (?:image )?{_THINGS}(?: in {_IMAGE})?(?: than in {_IMAGE})?"
    rf"|{_IMAGE} (?:is|are|looks?|appears?|seems?|was|were|has been) {_BY}{_LOOK}(?: than {_IMAGE})?"
    rf"|{_IMAGE} (?:has|have|shows?) {_BY}(?:softer|harder|stronger|weaker|more|less|lower|higher|different"
    rf"|deeper|warmer|cooler) {_THINGS}"
    rf"|the {_THINGS} (?:is|are|differs?|varies|vary|changes?|looks?|seems?|appears?|comes?|falls?)"
    rf"(?: (?:slightly|somewhat|a|little|bit|different|lower|higher|softer|stronger|weaker|warmer|cooler"
    r"|brighter|darker|differently|from a|from another|direction|side|not (?:exactly |quite )?the same)){0,6}"
    rf"(?: (?:in|between|on) {_IMAGE}(?: and {_IMAGE})?)?"
    r"|the (?:part|object|\w+) (?:sits?|lies|is|stands|is placed|appears)"
    r" (?:a few|some|several|two|three) pixels(?: further| more)?(?: to the)?"
    r" (?:left|right|top|bottom|up|down|lower|higher|upwards?|downwards?)"
    rf"(?: in {_IMAGE})?"
    rf"|the picture is slightly shifted)"
)
_ASKED = (
    r"(?:but (?:you asked me (?:not to (?:consider|count)|to ignore|to disregard)"
    r" (?:that|this|it|such things)"
    r"|(?:that|this|it) (?:is to be ignored|does(?: not|n't) count|is excluded"
    r"|concerns the (?:picture|photo|image) and not the (?:part|object|\w+)"
    r"|is not a difference in the part|is not part of the comparison))"
    r"|(?:and )?(?:this|that) kind of (?:variation|difference|change) is excluded"
    r"|which (?:i|we)(?: have)? (?:ignored|disregarded|left out)(?: as (?:instructed|asked|told|requested))?"
    r"|which (?:is excluded|does(?: not|n't) count|is to be ignored))"
)
_REST = r"(?:(?:(?:apart|aside) from|other than|besides|beyond) (?:that|this|it)|otherwise),? "
_REMARKS = (
    later(
        r"(?i)(?:^|(?<=[.!?:] )|(?<=\n))(?:even though|while|although|though|despite the fact that)"
        rf" {_LIGHT}, "
    ),
    later(
        r"(?i)(?:^|(?<=[.!?:] )|(?<=\n))(?:i|we)(?: have)? (?:disregarded|ignored|left aside|set aside)"
        rf" the fact that {_LIGHT}[.;] ?(?:{_REST})?"
    ),
    later(
        rf"(?i)(?:^|(?<=[.!?:] )|(?<=\n))(?:it is true that )?{_LIGHT}(?:,|;) (?:and )?{_ASKED}[.;] ?"
        rf"(?:{_REST})?"
    ),
    later(rf"(?i)(?:^|(?<=[.!?:] )|(?<=\n))even ignoring that {_LIGHT}, "),
)


def without_picture_clauses(text: str) -> str:
    """Return a text without such clauses, unless nothing else is left of it."""
    left = text
    for remark in _REMARKS:
        left = remark.sub("", left)
    return left if any(char.isalnum() for char in left) else text

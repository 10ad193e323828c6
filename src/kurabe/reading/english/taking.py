"""English that tells how the pictures were taken: from closer by, in other light, from another side."""

from kurabe.reading.patterns import later

_TAKEN = later(
    r"^(?:the |both |these |two |all )*(?:images|pictures|photos|photographs|shots|scans|they|it"
    r"|both) (?:were|are"
    r"|have been|was|(?:may|might|could|must|will) (?:well )?have been)"
    r" (?:\w+ly )?(?:taken|shot|captured|photographed|made|scanned|recorded)\b"
)


_SHOT = later(
    r"^(?:the |both |these |this |it |one |two |in |[12]:)*(?:images?|pictures?|photos?|photographs?|shots?"
    r"|scans?|views?"
    r"|(?:first|second|upper|lower|left|right|other|test|reference)(?: \w+)?|they|it|camera|bears?|objects?)"
    r"(?: (?:is|are|was|were|has|have|been|be|to|seems?|appears?|looks?|like|as if|it|may|might|must|could"
    r"|simply|just"
    r"|only|merely|also|probably|obviously|apparently|clearly|simply|both|each|slightly|now))*"
    r" (?:taken|shot|captured|photographed|viewed|seen|pictured|recorded|scanned|zoomed(?: in| out)?"
    r"|rendered)"
    r"(?P<how>(?: [\w'-]+){0,14})$"
)
_HOW = later(
    r"(?: (?:from|at|under|with|in|by|of|on|and|or|but|for|to|than|through|as|a|an|the|slightly|somewhat"
    r"|little|bit"
    r"|more|less|much|very|tad|touch|minimally|marginally|different|another|other|same|first|second|image"
    r"|picture"
    r"|closer|further|farther|nearer|away|up|down|out|back|lower|higher|steeper|angle|angles|position"
    r"|distance"
    r"|viewpoint|perspective|height|direction|side|above|below|camera|zoom|light|lighting|illumination"
    r"|brighter|darker"
    r"|dimmer|warmer|cooler|softer|exposure|conditions?|time|day|focus|it|one|changed|new|not|quite|exactly"
    r"|too))*"
)


_BARE = later(
    r"^(?:(?:possibly|probably|perhaps|maybe|presumably|only|just|merely|simply|and) )*(?=(?:taken|shot"
    r"|photographed"
    r"|viewed|captured) (?:with|from|at|under|in|a|slightly|by|on)\b)"
)
"""What stands before "taken from closer by" where its subject was named before."""


_CAMERA = later(
    r"^(?:so |only |just |probably |and )*(?:the |my )?(?:camera|lamp|light source|light|lighting|tripod"
    r"|viewpoint|photographer)(?: (?:has|have|had"
    r"|was|were|is|been|may|might|must|seems? to have|only|just|probably|simply|slightly|not))* (?:moved"
    r"|shifted|turned"
    r"|displaced|adjusted|repositioned|closer|tilted|changed|rotated)(?: (?:a|little|bit|slightly|to|the|left"
    r"|right|up|down"
    r"|between|shots|two|closer|further|away|somewhat|in|by|few|degrees?|pixels?))*$"
)
"""Who or what took the picture, and how it stood."""


def tells_of_taking(text: str) -> bool:
    """Say whether a clause only tells how the pictures were taken."""
    shot = _SHOT.match(_BARE.sub("it is ", text))
    return (_TAKEN.match(text) or _CAMERA.match(text)) is not None or (
        shot is not None and _HOW.fullmatch(shot["how"]) is not None
    )

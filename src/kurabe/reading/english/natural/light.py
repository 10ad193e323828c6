"""English sentences that tell only of the light, the camera, or a small shift of the picture.

Every word of such a sentence must come from a closed vocabulary, so that no part of the thing can be in it:
"The shadow falls on the other side" is one, "The lid falls on the other side" is none. What dismisses it may
name anything: "…, but that doesn't affect the part".
"""

import re

from kurabe.reading.patterns import later


def _set(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", words))


_SURE = _set(
    "light lighting lit lamp illumination illuminated brightness exposure exposed overexposed underexposed"
    " contrast noise noisy noisier grain grainy grainier blur blurry blurrier blurred focus sharpness shadow"
    " shadows reflection reflections glare highlight highlights background viewpoint perspective camera"
    " framing zoom zoomed compression jpeg tone saturation resolution"
)
"""Words each of which makes a sentence one of light."""
_HALF = _set(
    "angle angles distance scale rotation rotated tilt tilted shift shifted shifts offset displacement"
    " position crop cropped closer nearer further farther away darker brighter dimmer lighter warmer cooler"
    " softer sharper bright dark tint cast hue focused"
)
"""Words that may be said of the thing, too: they need the picture, or a small measure, beside them."""
_PICTURES = _set(
    "picture pictures image images photo photos photograph photographs shot shots photographed taken captured"
    " frame framed view viewing"
)
_SMALL = _set("slight slightly small minor tiny little bit touch subtle mild minimal")
_MOVES = _set("angle distance scale rotation tilt shift shifts offset displacement position")
_PLAIN = _set(
    "the a an this these those some any all such there is are was were has have been that which i we see can"
    " note notice noticed noted saw could also very somewhat more less much rather quite of overall"
    " global uniform in on from to at by with between and or nor as than due because across towards toward"
    " through throughout for under one two first second upper lower left right top bottom reference test"
    " suspect original other another side direction whole entire fall falls fell come comes came"
    " vary varies varied variation variations differ differs different differently difference differences"
    " change changes changed look looks appear appears seem seems make makes shows added what think while"
    " only just effect effects artefacts artifacts sensor lens temperature"
)
_DECIDES = later(
    r"\b(?:yes|no|same|identical|match|not|n't|only|just)\b|\b(?:the|a|one|main|is a) differences?\b"
)
_OBJECT = r"(?:(?!(?:but|except|only|not|no|though|however|yet)\b)[\w'-]+ ?){1,8}"
_IT = r"(?:(?:but|and|which|though|although|yet|so) )?(?:i (?:think|believe|suppose|know) )?"
_THIS = r"(?:(?:that|this|it|they|these|those|both|none of (?:it|this|that|these)|all of (?:this|that)) )?"
_DISMISSED = later(
    rf"(?:[,;:]? [–—-]? ?|[–—,;] ?)(?:{_IT}{_THIS}"
    rf"(?:(?:does not|doesn't|do not|don't|did not|didn't) (?:really |actually )?(?:affect|change|alter"
    rf"|touch"
    rf"|concern|influence|matter|count|say anything about|have anything to do with|make a difference)"
    rf"(?: {_OBJECT})?"
    rf"|(?:affects?|concerns?|says?|changes?) (?:nothing|only the (?:picture|image|photo))(?: {_OBJECT})?"
    rf"|(?:has|have|had) nothing to do with {_OBJECT}"
    r"|(?:is|are|was|were) (?:only|just|merely|purely|simply) (?:a|an|the|due to|down to|because of)"
    r" (?P<what>[\w ]{3,40})"
    r"|(?:is|are|was|were)(?: (?:to|can|should|may) be|) (?:therefore |thus )?(?:ignored|disregarded"
    r"|excluded"
    r"|left out(?: of account)?|set aside|not counted|discounted|irrelevant)(?: (?:here|as \w+))?"
    r"|(?:can|should|may|must) be (?:ignored|disregarded|excluded|left out|set aside)(?: here)?"
    rf"|(?:is not|isn't|are not|aren't) (?:part of|relevant(?: to)?|a (?:real )?(?:change|difference"
    rf"|defect)"
    rf"(?: (?:in|of|to))?|counted|important)(?: {_OBJECT})?)"
    rf"|{_IT}(?:i|we)(?:'ve| have| was| am)?(?: asked to| told to)? (?:ignored?|disregard(?:ed)?"
    r"|discount(?:ed)?|left out(?: of account)?|set aside|did not count|didn't count|do not count"
    r"|don't count)(?: (?:it|this|that|them|these))?"
    r"(?: (?:here|as (?:instructed|asked|requested|told)))?"
    r"|(?:but |which |and )?you(?:'ve| have)? (?:asked|told|wanted|instructed|said)(?: me)?"
    r"(?: that)? to (?:ignore|disregard|exclude|leave out|set aside|overlook)(?: (?:it|this|that|them))?"
    r"|(?:as )?(?:which )?(?:your|the) (?:question|prompt|task|instructions?) (?:excludes?"
    r"|says? to (?:ignore"
    r"|disregard)|tells? me to (?:ignore|disregard)))$"
)
_BARE = later(
    r",? \(?(?:ignored|disregarded|not counted|excluded|as instructed|to be ignored|irrelevant)\)?$"
)
_NOT_IN_FIRST = later(
    r" (?:that|which) (?:is not|isn't|are not|aren't|was not|wasn't) (?:there |present |visible )?(?:in|on)"
    r" (?:the (?:first|reference|other|upper|left|original)(?: (?:one|image|picture|photo))?"
    r"|image 1|picture 1|photo 1)"
)
_SET_ASIDE = later(
    r"(?:(?:as (?:instructed|asked|requested),? )?(?:i|we)(?: have|'ve|'m| am)? (?:deliberately )?"
    r"(?:ignor(?:ed?|ing)|disregard(?:ed|ing)?|left out|set aside|discount(?:ed)?|did not count"
    r"|didn't count"
    r"|have not counted) (?P<what>[\w ,]{3,90}?)(?:,? as (?:you )?(?:instructed|asked|requested|told))?"
    r"|(?:any|all|every|the) (?:remaining |other |visible )?(?:variations?|differences?|changes?)"
    r"(?: that)? (?:i|we|you|one)(?: can| could)? (?:see|notice|noticed|saw|find|found) (?:comes?|stems?"
    r"|results?|arises?|is|are|came) (?:only |just |merely )?(?:from|due to|caused by|down to)"
    r" (?P<from>[\w ,]{3,80}?)"
    r"|(?:it|this|that)(?:'s| is|) (?:not|cannot be|can't be|can not be|isn't)"
    r" (?:caused|explained|due|put down|accounted for)(?: by| to)? (?P<cause>[\w ,]{3,80}?))"
)
_WHEN = later(
    r"^(?P<mark>\W*)(?:(?:even )?(?:if|when|once|after|with) (?P<a>[\w ,]{3,90}?) (?:are|is|have been"
    r"|has been|being|were) (?:ignored|disregarded|set aside|left out(?: of account)?|discounted"
    r"|not counted|excluded)"
    r"|(?:apart|aside) from (?P<b>[\w ,]{3,80}?)|(?:leaving|setting|putting) (?P<c>[\w ,]{3,80}?) aside)"
    r", (?P<rest>(?:the|these|they|both|it|there|everything|i|nothing)\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_CONTRAST = later(
    r"^(?P<yes>(?:yes|no), )?(?P<light>[^.;:]{8,220}?)[,;] (?:but|yet|however,) (?P<rest>.{4,})$",
    re.IGNORECASE | re.DOTALL,
)
_ONLY_LIGHT = later(
    r"(?:[;,] (?:and |but )?(?:it's |it is )?(?:only|just|merely) (?P<what>(?:the |some )?[\w ]{3,50}?)"
    r"(?: that)? (?:varies|vary|changes?|differs?|(?:is|are) (?:a (?:bit|little) )?(?:slightly )?different"
    r"|changed|has changed|have changed))(?=\.?$|[.!]?\")",
    re.IGNORECASE,
)
_AGAIN = later(r"^(?:it|that|this|they)\b", re.IGNORECASE)


def _words(text: str) -> list[str]:
    text = re.sub(r"\bcolou?rs? (?=tone|cast|temperature|balance|tint)", "", text)
    text = re.sub(r"\bwhite balance\b", "tone", text)
    return re.findall(r"[a-z0-9'-]+", text)


def _lit(text: str, alone: bool = True) -> bool:
    """Say whether all words are of light and pictures; ``alone``: a sentence, and no mere list of nouns."""
    words = _words(text)
    told = set(words)
    if not words or len(words) > 45 or not told <= (_SURE | _HALF | _PICTURES | _SMALL | _PLAIN | {"1", "2"}):
        return False
    if told & _SURE:
        return True
    small = bool(told & _SMALL) and bool(told & _MOVES)
    pictured = bool(told & _PICTURES) and bool(
        re.match(
            r"(?:yes,? )?(?:the |a )?(?:\w+ )?(?:picture|image"
            r"|photo|photograph|shot)s?\b",
            text,
        )
        or told & {"photographed", "taken", "captured", "framed"}
    )
    return bool(told & _HALF) and (small or pictured or not alone)


def _plain(sentence: str) -> str:
    text = " ".join(sentence.lower().strip(" .!*_-•\t").split())
    return re.sub(
        r"\b(there|that|it|they)'(s|re)\b", lambda m: m[1] + (" is" if m[2] == "s" else " are"), text
    )


def only_of_light(sentence: str) -> bool:
    """Say whether a sentence tells of the light alone, dismisses it, or sets it aside."""
    text = _plain(sentence)
    if not text or len(text) > 260:
        return False
    if aside := _SET_ASIDE.fullmatch(text):
        return _lit(aside["what"] or aside["from"] or aside["cause"], alone=False)
    dismissed = False
    match = _DISMISSED.search(text) or _BARE.search(text)
    while match and match.start() > 5:
        what = match.groupdict().get("what")
        if what and not _lit(what, alone=False):
            return False
        text, dismissed = text[: match.start()].strip(" ,;"), True
        match = _DISMISSED.search(text) or _BARE.search(text)
    text = _NOT_IN_FIRST.sub("", text)
    return not _DECIDES.search(text) and _lit(text, alone=not dismissed)


def without_light(sentence: str) -> str:
    """Return a sentence without what it says of the light beside its statement."""
    if (when := _WHEN.match(sentence)) and _lit(_plain(when["a"] or when["b"] or when["c"]), alone=False):
        rest = when["rest"]
        sentence = when["mark"] + rest[0].upper() + rest[1:]
    if (only := _ONLY_LIGHT.search(sentence)) and _lit(only["what"].lower(), alone=False):
        sentence = sentence[: only.start()] + sentence[only.end() :]
    told = _CONTRAST.match(sentence)
    if told is None or _AGAIN.match(told["rest"]):
        return sentence
    light = _plain(told["light"])
    if _DECIDES.search(light) or not all(_lit(part) for part in re.split(r", and (?=the|there|a)", light)):
        return sentence
    return (told["yes"] or "") + told["rest"]

"""English that tells what seemed so, what was asked, or what would be, before it tells what is.

What is told of like this states nothing by itself: it is left out, and the rest of the answer has to decide.
"""

from kurabe.reading.patterns import later

_THOUGHT = (
    r"(?:thought|assumed|suspected|believed|wondered|expected|guessed|feared|mistook|took|figured"
    r"|had the impression"
    r"|was (?:\w+ )?(?:inclined|tempted|going|about) to (?:say|think|answer)|would have said)"
)
_AT_FIRST = (
    r"(?:at first(?: glance| sight)?|at a (?:first|quick) glance|initially|originally|for a moment"
    r"|on first look"
    r"|when i first looked(?: at (?:them|the images|the pictures))?)"
)
_ALONE = later(
    rf"^(?:{_AT_FIRST} ?,? (?:i|we|one) (?:\w+ly )?{_THOUGHT}\b"
    rf"|(?:i|we) (?:first|initially|at first|originally|briefly|almost|nearly) {_THOUGHT}\b"
    rf"|(?:i|we) {_THOUGHT} (?:at first|initially)\b"
    rf"|{_AT_FIRST} ?,? it (?:seemed|appeared|looked)\b|it (?:first|initially) (?:seemed|appeared|looked)\b"
    r"|my (?:first|initial) (?:thought|impression|guess|reaction) was\b)"
)
_TURNS = later(
    r"[;:—–]|\b(?:until|till|but|however|yet|although|though|still|and i was right|rightly|correctly)\b"
)
_MIGHT = later(
    r"^(?:at first(?: glance)? ?,? )?(?!(?:i|we) would (?:say|conclude))(?:one|you|someone|people|some|we|i"
    r"|it|this|that|there|they) (?:might|may|could"
    r"|would) (?:\w+ly |at first |well )?"
    r"(?:be tempted to )?(?:think|expect|say|look|seem|appear|suspect|assume|take|mistake|conclude"
    r"|be forgiven)\b"
    r"[^;]{3,140}?(?: ?, (?:but|yet|though)|; ?(?:but|however)?| but|—|–) ?,? ?(?P<rest>\w.*)$"
)
_HOPED = later(
    r"^(?:i|we) (?:had )?(?:hoped|expected|wished|would have (?:thought|expected|liked)|was (?:hoping"
    r"|expecting)|wanted)\b"
    r"[^;]{3,140}?(?: ?, (?:but|yet)|; ?(?:but|however) ?,?|—|–) ?(?P<rest>\w.*)$"
)
_UNSURE_BUT = later(
    r"^(?:(?:while|although|though|even though) )?(?:it (?:is|may be|can be)|this is) (?:\w+ )?"
    r"(?:hard|difficult|tricky|not easy|impossible|tough) to"
    r" (?:be (?:\w+ )?(?:sure|certain)|tell|say|judge|see)(?: (?:for (?:sure|certain)|with (?:\w+ )?certainty"
    r"|exactly"
    r"|at this (?:resolution|size|scale)|from (?:the|these) (?:images|pictures|photos)|at first)){0,2}"
    r"(?P<but> ?, ?(?:but|yet|however ?,)| ?;(?: but| however ?,)?| ?,) (?P<rest>\w.*)$"
)
_UNREAL = later(
    r"^(?:had [^,;]{3,70}|if (?:there|it|they|the [^,;]{2,40}) (?:were|was|had been|had) [^,;]{3,60}) ?, ?"
    r"(?:there|it|one|i|you|we|they|the \w+) would [^;,]{3,90}? ?(?:, but|;|—|–) ?"
    r"(?P<rest>(?!if|had|would)\w.*)$"
)
_ASKED = later(
    r"^(?:i (?:was|am|have been) asked|you (?:asked|ask|want(?:ed)? to know|are asking|wanted)"
    r"|the (?:question|task"
    r"|prompt|user|request) (?:is|was|asks|asked|wants to know|is asking))"
    r"(?: me| to (?:say|tell|decide|determine|check|find out|judge))?,? ?:? (?:if|whether)"
    r" (?P<asked>[^,;:.]{3,120}?)[ .]*$"
)


_REFUTES = later(
    r"^(?:(?:but|however|yet) ?,? )?(?:a closer look|closer inspection|on closer inspection|it|this|that|they"
    r"|these|those)\b(?:"
    r".{0,60}\b(?:is|are|was|were|does|do|did)(?: not|n't)(?: (?:so|the case|true|real))?(?=\W*$|[.;,] )"
    r"|.{0,40}\b(?:illusion|shadow|reflection|highlight|glare|noise|artefact|artifact|trick|perspective|angle"
    r"|effect)s?\b)"
)
"""What refutes the impression, and is read together with it: "…, but this is not the case"."""


def only_impression(plain: str) -> bool:
    """Say whether a sentence only tells a first impression: "at first I thought that they were the same"."""
    return _ALONE.match(plain) is not None and _TURNS.search(plain) is None


def after_impression(sentence: str) -> str:
    """Return what is left of a sentence after what it only supposes: "one might expect a crack, but …"."""
    for pattern in (_MIGHT, _HOPED, _UNSURE_BUT, _UNREAL):
        match = pattern.match(sentence)
        if match is None or len(match["rest"].split()) < 3:
            continue
        if pattern is _UNSURE_BUT and (match["but"].strip() == ",") != sentence.startswith(
            ("while", "although", "though", "even")
        ):
            continue
        return sentence if _REFUTES.match(match["rest"]) else match["rest"]
    return sentence


def asked(plain: str) -> str | None:
    """Return what was asked of "I was asked whether they differ"; None if it tells of no question."""
    match = _ASKED.match(plain)
    return match["asked"] if match else None

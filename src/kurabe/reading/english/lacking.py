"""English that states a thing which one of the pictures has not: "a dent which is not in the first"."""

from kurabe.reading.english.tokens import tokens
from kurabe.reading.patterns import later

_ONE = (
    r"(?:(?:image|picture|photo) [12ab]\b"
    r"|(?:the )?(?:upper|first|other|top|left|reference|second|lower|bottom|right|test))"
)
_NOT_IN_ONE = later(
    r"(?P<before>.{6,200}?),? (?P<link>which|that) (?:(?:is|are|was|were) (?:not (?:there|present"
    r"|the case|visible"
    r"|seen|found|shown|to be (?:seen|found))|not|absent|missing|lacking) (?:in|on|from) "
    rf"{_ONE}\b|{_ONE}(?: \w+)? (?:does not (?:have|show|exhibit|contain|display)|lacks)\b)"
    r"[\w ]{0,30}(?: ?,? ?[:,—–-] (?:an?|the|namely) [\w ,-]{3,80})?"
)


_TURNING = later(r"^(?:but|however|yet|and|so|yes|still) ?,? ")


def only_in_one(plain: str) -> bool:
    """Say whether a sentence states a thing that one picture has not: "a dent which is not in the first"."""
    match = _NOT_IN_ONE.fullmatch(_TURNING.sub("", plain.rstrip(" .!")))
    if match is None:
        return False
    before = tokens(match["before"])
    codes = {word.code for word in before if word.text not in ("instead of", "rather than")}
    if match["link"] == "that" and before[-1].code not in "QPFI":
        return False  # "it is a lie that the lower one lacks the label"
    return bool(codes & set("QxPF")) and not codes & set("nowzuM%UELSs^~=|*")

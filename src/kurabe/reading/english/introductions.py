"""What an English sentence begins with that states nothing: "to the best of my ability, …"."""

from kurabe.reading.english.tokens import tokens
from kurabe.reading.patterns import later

_BEGINS = later(
    r"^(?:(?:and|so|but) )?(?P<how>to the best of|as far as|as best|from what|from everything"
    r"|within the limits of"
    r"|given|judging (?:by|from)|going by|based on|according to|at (?:this|the given)|even|with"
    r"|taking|having|after"
    r"|when|while|if|once|zooming|looking|comparing|checking|examining|inspecting|focusing"
    r"|concentrating|moving"
    r"|turning|starting|going)\b ?(?P<what>[^,;:.]{0,90}), ?"
    r"(?=(?P<subject>i|we|you|one can|there|they|it|the|both|these|this|all|no|nothing|neither"
    r"|everything|each|my)\b)"
)
_LOOKS = later(
    r"\b(?:i|we|you|one) (?:\w+ly )?(?:can |could )?(?:see|tell|judge|make out|compare|look|examine"
    r"|inspect|view|zoom"
    r"|check|consider|observe)\b|\bmy (?:ability|knowledge|eyes|judge?ment|understanding)\b"
    r"|\b(?:side by side|one by one|in turn)\b"
)
_PICTURES = later(r"\b(?:image|picture|photo|resolution)s?\b")
_OF_PICTURES = later(r"given|judging|going by|based|according|at |within|from")
_LOOKING = later(r"(?:zoom|look|compar|check|examin|inspect|focus|concentrat)\w*ing")
_SUBJECTS = frozenset(("i", "we", "you", "there", "they", "both"))


def without_introduction(sentence: str) -> str:
    """Return a normalised sentence without what only tells how the pictures were looked at.

    What names a difference, a defect or a condition is kept, and so is what a list may belong to.
    """
    match = _BEGINS.match(sentence)
    if match is None:
        return sentence
    codes = {word.code for word in tokens(match["what"])}
    states = codes & set("DKSdeFCJGnowzRuMO*^~=|%E")
    places = "I" in codes and match["subject"] not in _SUBJECTS
    looks = (
        _LOOKS.search(match[0])
        or _LOOKING.fullmatch(match["how"])
        or (_OF_PICTURES.match(match["how"]) and _PICTURES.search(match["what"]))
    )
    if states or places or not looks:
        return sentence
    if _LISTS.search(sentence) and match["subject"] not in _SUBJECTS:
        return sentence  # "comparing the cap, the lid and the label"
    return sentence[match.end() :]


_LISTS = later(r"^[^,]*, (?:the |my )?[\w -]{2,30}(?:, (?:the )?[\w -]{2,30})*,? (?:and|or) ")

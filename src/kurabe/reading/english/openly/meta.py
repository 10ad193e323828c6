"""Statements about a statement: "There's no denying that they are the same", "I fail to see how they differ".

Each frame either holds what it frames for true or denies it; the framed statement must be one of the pair.
"""

import re
from functools import lru_cache

from kurabe.reading.english.openly.answers import Vote
from kurabe.reading.english.openly.words import DIFFERENCE, SAME
from kurabe.reading.patterns import later

_PAIR = (
    r"(?:they|these|those|the two(?: [\w-]+)?|both|it"
    r"|the (?:pictures|images|photos|parts|objects?|thing|item))"
)
_STATED = (
    rf"(?:(?P<same>(?:there is (?:no|not any) {DIFFERENCE}|nothing (?:has |had |is )?(?:changed"
    rf"|different|happened|having happened)|"
    rf"{_PAIR} (?:is|are|could be called|can be called|be|were|have|has) (?:{SAME}|not (?:different"
    rf"|changed))|{_PAIR} match(?:es)?))"
    rf"|(?P<different>(?:there is (?:a|some|one) {DIFFERENCE}|a difference exists|something (?:has "
    rf"|had )?(?:changed|happened|different)|{_PAIR} (?:is|are|could be called"
    rf"|can be called|were|have|has) (?:different|not {SAME}|changed|unequal)|{_PAIR} (?:differ|differs))))"
    r"(?: (?:in|about|between|with|to|on) (?:the |these |this )?[\w ]{2,30})?"
)


def _frames(*frames: str) -> re.Pattern[str]:
    """Return the frames as one expression, with the groups of each statement named by its place."""
    numbered = [
        frame.replace(
            "STATED",
            _STATED.replace("P<same>", f"P<same{place}>").replace("P<different>", f"P<different{place}>"),
        )
        for place, frame in enumerate(frames)
    ]
    return later("|".join(f"(?:{frame})" for frame in numbered))


_REST = (
    r"(?:(?: by what i see| in my view| as far as i can see| here)?(?:[,:] .+| what with .+|, castle .+)?)"
)
_CLAIM = r"(?:assertion|statement|claim|sentence|hypothesis|view|impression|idea|notion)"
_BORNE_OUT = r"(?:supported|confirmed|true|correct|right|borne out|tenable)"
_HOLDS = _frames(
    r"(?:so |hence |thus )?(?:the |my )?(?:answer|conclusion|verdict|result|upshot)(?: here)? (?:is"
    r"|must be|has to be|can only be|would be)(?: that)? STATED",
    rf"there is no (?:denying|doubt|disputing|question|mistaking it)(?: about it)?(?::| that"
    rf"|,)? STATED{_REST}",
    rf"(?:i have|i am in) no doubt(?: whatsoever| at all)?(?::| that)? STATED{_REST}",
    rf"(?:if i had to (?:bet|choose|decide|guess),? )?i would (?:put|bet|stake) (?:my|all my"
    rf"|good) money on STATED{_REST}",
    rf"(?:the |my )?{_CLAIM}(?: that)? STATED (?:(?:is|was|has been) (?:fully |well )?{_BORNE_OUT}"
    rf"|holds|stands){_REST}",
)
_DENIES = _frames(
    rf"(?:i|we) (?:fail to|can not|cannot|do not|could not) see (?:how|where|why|in what way) STATED{_REST}",
    rf"(?:the |any )?{_CLAIM}(?: that)? STATED (?:(?:is|was|has) not (?:been )?{_BORNE_OUT}"
    rf"|does not hold|fails){_REST}",
)
_PROBABLE = _frames(
    r"(?:the )?(?:probability|likelihood|chance"
    r"|odds)(?: that)? STATED[^\d]{0,30}?(?P<n>\d{1,3}(?:\.\d+)?) ?(?:%|percent|per cent)"
)
_SECOND_LOOK = later(
    r"(?:my |the )?(?:gut feeling|gut|first (?:glance|impression|look)|instinct|hunch|eye)s? (?:said"
    r"|says|told me) (?:same|different|yes|no)(?: [\w ]{3,60})?,"
    r" (?:but )?(?:my |the |a )?(?:magnifier|loupe|zoom|closer look|second look|ruler|comparison"
    r"|inspection|facts?|evidence|details?) (?:says?|said|tells me)"
    r" (?P<after>same|different)(?::.*)?"
)
"""A first impression against what was found: the latter counts."""
_LONGEST = 200
_SURE = 90.0
_BUT = later(r"\b(?:but|however|yet|except|although|though|apart from)\b")


def _turned(vote: Vote) -> Vote:
    return "different" if vote == "same" else "same"


@lru_cache(maxsize=4096)
def framed(text: str) -> Vote | None:
    """Return what a sentence says by a frame round a statement of the pair; None if it is none."""
    text = text.strip(" .!")
    if len(text) > _LONGEST or _BUT.search(text):
        return None
    if match := _SECOND_LOOK.fullmatch(text):
        return "same" if match["after"] == "same" else "different"
    if match := _HOLDS.fullmatch(text):
        return _stated(match)
    if match := _DENIES.fullmatch(text):
        return _turned(_stated(match))
    if match := _PROBABLE.fullmatch(text):
        share = float(match["n"])
        return _stated(match) if share >= _SURE else _turned(_stated(match)) if share <= 100 - _SURE else None
    return None


def _stated(match: re.Match[str]) -> Vote:
    return (
        "same"
        if any(told for name, told in match.groupdict().items() if name.startswith("same"))
        else "different"
    )

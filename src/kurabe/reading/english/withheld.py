"""What an English answer says beside its verdict that leaves it none: blindness, or one picture alone."""

from kurabe.reading.english.guards import BREAK, CAMERA
from kurabe.reading.patterns import later

_BLIND = later(
    r"\b(?:view|sight|line of sight|lens)\b[^.;]{0,40}\b(?:is|was|are) (?:\w+ )?(?:blocked|obstructed"
    r"|obscured|occluded|barred)\b"
    r"|\b(?:is|are|was|were) (?:\w+ )?(?:hidden|covered|obscured|out of view|cut off|invisible|not visible)"
    r" (?:in|on) (?:one|either|both) (?:of the (?:two )?)?(?:shots?|pictures?|images?|photos?)\b"
    r"|\b(?:can|could)(?:n't| ?not) (?:give|offer|reach|render|provide|return|form|pass) (?:you )?(?:a|any)"
    r" (?:\w+ )?(?:verdict|judge?ment|answer|conclusion|opinion|assessment)\b"
    r"|\bneither\b[^.;]{0,30}\bcan be (?:judged|assessed|compared|evaluated|inspected|checked|seen)\b"
    r"|\b(?:a|b|it|they|this|that|the (?:picture|image|photo|part|item|object|sample|second|first)s?)"
    r" (?:can ?not|can't|could not|couldn't) be (?:judged|assessed|compared|evaluated)\b"
    r"|\bthere(?:'s| is) no (?:telling|judging|knowing|way (?:to|of) (?:tell|know|judg|say)\w*)\b"
    r"(?! (?:them|these|those|the two|one|which)\b)"
    r"|(?:^|[.!?:] )\W*(?:(?:result|verdict|answer)\W+)?inconclusive\b"
)
_BLIND_HINTS = (
    *("block", "obstruct", "obscur", "occlu", "barred", "hidden", "covered", "out of view", "cut off"),
    *("visible", "cannot", "can not", "can't", "could", "can be", "inconclusive", "no telling", "no judging"),
    *("no knowing", "no way"),
)
"""One of them is in each such answer; to look for them takes a tenth of the time."""


def blind(text: str) -> bool:
    """Say whether an answer tells that it cannot judge, because a picture does not show enough."""
    return any(hint in text for hint in _BLIND_HINTS) and _BLIND.search(text) is not None


_OF_ONE = later(
    r"^\W*(?:(?:in|on) the (?:second|right|lower|other|later|last)(?:-hand)? (?:picture|image|photo\w*|shot"
    r"|one),? (?:the|a|an|its|there is|one)\b|the (?:second|right-hand|lower|other|later|last)"
    r" (?!picture|image|photo|shot|one\b|view|frame)[\w-]+ (?:is|has|was|shows|looks)\b)"
)
_GOES_WITH_SAME = later(
    r"\b(?:same|identical\w*|unchanged|like\w*|as|too|both|each|first|reference|left|upper|former|not?|none"
    r"|nothing|never|neither|without|free|fine|ok|okay|good|sound|intact|complete|whole|undamaged|unharmed"
    r"|flawless|clean|equal\w*|match\w*|agree\w*|correspond\w*|still|just|merely|only|simply|because|due|from"
    r"|where|copy|again|again|exactly|pass\w*|conform\w*|accept\w*|all|every\w*|present|there|place|before"
    r"|slightly|bit|little|somewhat|unaltered|untouched|remain\w*)\b|n't\b"
)
_OF_PICTURE = later(
    rf"\b(?:{CAMERA}|bright\w*|dark\w*|warm\w*|cool\w*|blur\w*|sharp\w*|noisy|shift\w*|closer|background"
    r"|pictures?|colou?r cast|tint\w*|hue|tone|grain\w*|position\w*|higher|lower|moved|rotat\w*|turned"
    r"|tilt\w*|pale\w*|shin\w*|hotspot|crop\w*|larger|smaller|bigger|centre\w*|center\w*|to the)\b"
)
_OF_FIRST = later(r"\b(?:first|left|left-hand|upper|reference|former|earlier|both|each)\b")


def tells_of_one(text: str, rule: str) -> bool:
    """Say whether beside a sameness that is only stated something is told of the second thing alone.

    "No difference. The second cap is blue": if the first were too, who would say so?
    """
    if not rule.startswith("sameness stated"):
        return False
    parts = [part.strip() for part in BREAK.split(text) if part and part.strip()]
    if len(parts) > 1 and _OF_FIRST.search(text):
        return False
    return any(
        (found := _OF_ONE.match(part))
        and not _GOES_WITH_SAME.search(part)
        and not _OF_PICTURE.search(part[found.end() :])
        for part in parts
    )

"""Sentences that only remark on the looking, or take an impression back; none turns what else is said."""

from kurabe.reading.patterns import later

_LOOKED = later(
    r"(?:(?:first|then|next|finally|also|and|so) ?,? )?(?:i|we) (?:have |also |then |first "
    r"|\w+ly )*(?:checked|looked|searched|inspected|examined|scanned|tested|watched|hunted"
    r"|went|gone|began|started|compared|zoomed|studied|reviewed|verified|counted"
    r"|described)\b(?!.*\b(?:found|find|but|that|which|see|saw|noticed|however|until)\b).*"
)
_LOOKING = later(
    r"(?:after|when|while|on|by|upon|before)? ?(?:zooming|looking|going|checking|measuring|comparing"
    r"|inspecting|examining|moving|turning|switching|starting|beginning|having)\b"
    r"(?!.*\b(?:found|find|that|which|see|saw|noticed|reveals?|shows?)\b).*"
)
_REMARKS = later(
    r"(?:i|we) (?:can not|cannot|do not|could not) (?:think of|know|see|imagine) (?:anything|what"
    r"|of anything|anything else|what else)(?: else)? to"
    r" (?:check|compare|look at|inspect|mention|add|examine)"
    r"|(?:so |and )?(?:that|this|it|the same|all of (?:that|this|it)|everything|all"
    r"|each point)(?: (?:i (?:have )?(?:listed|named|described|said|mentioned)|above|listed))?"
    r" (?:is true|holds|goes|applies|is so|is the case|counts)(?: true)? (?:for|of|in|on|with) (?:both"
    r"|each|either|the two|all)\b[\w ]{0,24}"
    r"|(?:i|we) (?:would |will |can |could )?(?:describe|now describe|put) (?:the|it|each"
    r"|this)\b[\w ]{0,40} as follows"
    r"|(?:start|begin|let us|let me|allow me)\b(?!.*\b(?:differ\w*|missing|but|except)\b)[\w ,']{2,70}"
    r"|(?:the user|the prompt|the question|the task|you) (?:asks?|asked|wants?|wanted)\b[^;]*"
    r"|(?:so )?(?:it|this|that|they|these) (?:must|will|can only) (?:then )?(?:be|belong|come"
    r"|stem)(?: to| from)? (?:a |an |the )?(?:part of |part's |due to |down to )?(?:[\w' ]{0,24})"
    r"\b(?:normal|regular|usual|design|designed|pattern|printed|nature|light\w*|camera|lens|reflection"
    r"|shadow)\b[\w ]{0,20}"
    r"|(?:so |and )?(?:it|this|that) is (?:just |only |merely |all )?(?:a|an|due to|a matter of"
    r"|an effect of)? ?(?:scale|perspective|lighting|camera|zoom|angle|optical|exposure|light|viewing"
    r"|framing)"
    r"(?: \w+)?"
    r"|(?:it|that) is in the same place(?: in both)?"
)
IMPRESSION = later(
    r"(?:i|we|one|you) (?:was|were|am|had been) (?:just |already |nearly |almost )?(?:about|tempted"
    r"|inclined|going|ready) to (?:say|call|think|write|answer|report|flag)\b.*"
    r"|(?:i|we) (?:would|might|could) have (?:expected|thought|guessed|said)\b.*|(?:i"
    r"|we) (?:had )?expected\b.*"
    r"|it (?:is|was|would be) (?:tempting|easy|natural) to (?:call|think|say|take|see|mistake|believe"
    r"|read)\b.*"
    r"|(?:at first(?: glance| sight)?|initially|for a moment|on first look|at a glance"
    r"|my first (?:thought|impression))\b.*"
    r"|(?:i|we) (?:first|initially|at first|briefly) (?:thought|suspected|took|believed|wondered|assumed)\b.*"
    r"|(?:one|you|someone) (?:could|might|may) (?:think|take|mistake|read|believe|be tempted)\b.*"
)
"""What only seemed so; what takes it back must follow."""
TAKES_IT_BACK = later(
    r"\b(?:but|however|though|yet|actually|on closer|closer inspection|in fact|really is|then again)\b"
)
ONLY_VARIES = later(
    r"\b(?:always|usually|normally|naturally|inevitably|often|never quite|tend to) (?:\w+ )?(?:vary"
    r"|varies|differ|differs|do that)\b"
    r"|\b(?:usual|normal|natural|expected|ordinary|typical|customary|permitted|allowed"
    r"|acceptable) (?:\w+ )?(?:spread|variations?|scatter|range|tolerances?|limits?|variability)\b"
    r"|\bwithin (?:the |their |its |what i would regard as )?(?:\w+ )?(?:range|tolerances?|limits?"
    r"|a small shift|spread|scatter)\b|\b(?:is|are) normal for\b"
)
"""What calls a difference one that good parts have among themselves."""


def remark(text: str) -> bool:
    """Say whether a piece only tells how one looked, or what holds for both."""
    return any(pattern.fullmatch(text) for pattern in (_LOOKED, _LOOKING, _REMARKS))

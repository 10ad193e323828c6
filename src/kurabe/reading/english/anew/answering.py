"""Frames in which a piece of an English answer gives its yes or no: "I'd go with no"."""

from functools import lru_cache

from kurabe.reading.english.anew.pieces import without_lead
from kurabe.reading.patterns import later

_ANSWERS = later(
    r"(?:(?:(?:i|we) (?:(?:would|will|can|could|must|am going to|have to) )?(?:therefore |thus |hence "
    r"|only |then )?(?:go (?:with|for)|say|answer(?: with)?"
    r"|settle (?:on|for)|arrive at|vote|call (?:this|it|that)|put (?:this|it) down as|reply"
    r"|respond(?: with)?|stay with|stick with|opt for"
    r"|end up (?:with|at)|come (?:down|out) (?:on|at)|tick)"
    r"|it is|that is|this is|so it is|that makes it|it has to be|my answer(?: here)? (?:is|would be"
    r"|remains)|my vote (?:is|goes to)"
    r"|(?:the|my) (?:\w+ )?(?:answer|verdict|reply|response|conclusion)(?: (?:to"
    r"|here)(?: [\w]+){0,3})? (?:is|would be|has to be|must be|remains)"
    r"|the answer) )?(?:therefore |thus |clearly |simply |plainly |definitely |again )?(?:a |an "
    r"|the )?(?:clear |plain |simple |firm |definite )?"
    r"(?P<say>no|yes)(?: (?:from|for) me| here| then| to (?:this|that|your question|the question|it))?"
    r"(?: (?:on account|because|in view|in light|by reason) of (?P<why>[\w -]{3,60}))?"
)
_NO_REASON = later(
    r"(?:i|we) (?:therefore |thus |hence )?(?:see|find|have|can see|found) no (?:reason|cause"
    r"|grounds?) to (?:say|answer(?: with)?|reply|go with|call it) (?:a )?yes"
)


@lru_cache(maxsize=4096)
def answer(text: str) -> str:
    """Return "yes" or "no" where a piece gives the answer in a frame: "I'd go with no"; else nothing."""
    bare = without_lead(text)
    if _NO_REASON.fullmatch(text) or _NO_REASON.fullmatch(bare):
        return "no"
    match = _ANSWERS.fullmatch(text) or _ANSWERS.fullmatch(bare)
    return match["say"] if match else ""

"""English sentences in set forms that answer for the whole: "same part, same state, different light"."""

from kurabe.reading.clauses import Clause
from kurabe.reading.english.tokens import tokens
from kurabe.reading.patterns import later

_LIGHT = (
    r"(?:light|lighting|brightness|exposure|illumination|noise|shadows?|reflections?|contrast|camera position"
    r"|angle)"
)
_PAIR = r"(?:they|it|both|the (?:two )?(?:images|pictures|photos|photographs|parts|two))"
_SAME_BUT_LIGHT = later(
    rf"same [\w-]+ ?, same (?:state|condition|[\w-]+) ?[,;] (?:only |just )?(?:a )?(?:different"
    rf"|other) {_LIGHT}[ .!]*"
)
_ONLY_LIGHT = later(
    rf"(?:(?:comment|notes?|reason|explanation) (?:is )?)?only (?:the |some "
    rf"|a little )?(?:\w+ )?{_LIGHT}(?: (?:differs?|changed))?"
    r" ?, (?:but )?nothing (?:in|about|on|of) [\w ]{3,40}? itself[ .!]*"
)
_WOULD = later(
    rf"^{_PAIR} would (?:\w+ )?(?:be|look) (?:\w+ly )?(?:identical|the same"
    rf"|alike) if (?P<cause>[^,;]{{6,90}}?)[ .!]*$"
)


_PART = r"(?:part|unit|item|piece|specimen|sample|product|component|board|one)"
_STAMP = later(
    rf"^(?:therefore ,? ?|so ,? ?)?(?:the|this) (?:\w+ )?{_PART} (?:(?:should|must|has to|needs to"
    rf"|is to|can|will) be"
    r" (?:(?P<good>accepted|passed|approved|released)|rejected|failed|scrapped|sorted out)"
    r"|fails(?: (?:the )?inspection)?)"
    r"(?=[ ,.!]|$)"
)
_DISPOSED = later(
    rf"^(?:therefore ,? ?|so ,? ?)?(?:i|we) (?:would|can|will) (?:(?P<good>pass|accept|approve|release"
    rf"|not (?:flag|reject|fail))|flag"
    rf"|reject|fail) (?:this|the|it)(?: (?:\w+ )?{_PART})?"
    r"(?=[ ,.!]|$)"
)


def in_short(plain: str) -> Clause | None:
    """Return what a sentence in such a form says; None for any other."""
    if _SAME_BUT_LIGHT.fullmatch(plain):
        return Clause("same", plain)
    if _ONLY_LIGHT.fullmatch(plain):
        return Clause("excluded", plain, named=True, only=True)
    stamp = _STAMP.match(plain) or _DISPOSED.match(plain)
    if stamp:
        return Clause("same" if stamp["good"] else "different", plain)
    would = _WOULD.match(plain)
    if would is None:
        return None
    codes = {word.code for word in tokens(would["cause"])}
    if codes & set("ESsdeJuM%"):
        return Clause("turn", plain)
    return Clause("different", plain, named=True)

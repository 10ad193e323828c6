"""English sentences in a few set forms that answer for the whole: "same part, same state, different light"."""

import re

from kurabe.reading.clauses import Clause
from kurabe.reading.english.tokens import tokens

_LIGHT = r"(?:light|lighting|brightness|exposure|illumination|noise|shadows?|reflections?|contrast|camera position|angle)"
_PAIR = r"(?:they|it|both|the (?:two )?(?:images|pictures|photos|photographs|parts|two))"
_SAME_BUT_LIGHT = re.compile(
    rf"same [\w-]+ ?, same (?:state|condition|[\w-]+) ?[,;] (?:only |just )?(?:a )?(?:different"
    rf"|other) {_LIGHT}[ .!]*"
)
_ONLY_LIGHT = re.compile(
    rf"(?:(?:comment|notes?|reason|explanation) (?:is )?)?only (?:the |some "
    rf"|a little )?(?:\w+ )?{_LIGHT}(?: (?:differs?|changed))?"
    r" ?, (?:but )?nothing (?:in|about|on|of) [\w ]{3,40}? itself[ .!]*"
)
_WOULD = re.compile(
    rf"^{_PAIR} would (?:\w+ )?(?:be|look) (?:\w+ly )?(?:identical|the same"
    rf"|alike) if (?P<cause>[^,;]{{6,90}}?)[ .!]*$"
)


def in_short(plain: str) -> Clause | None:
    """Return what a sentence in such a form says; None for any other."""
    if _SAME_BUT_LIGHT.fullmatch(plain):
        return Clause("same", plain)
    if _ONLY_LIGHT.fullmatch(plain):
        return Clause("excluded", plain, named=True, only=True)
    would = _WOULD.match(plain)
    if would is None:
        return None
    codes = {word.code for word in tokens(would["cause"])}
    if codes & set("ESsdeJuM%"):
        return Clause("turn", plain)
    return Clause("different", plain, named=True)

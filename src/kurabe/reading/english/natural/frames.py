"""Frames of English sentences that current models use, and the plain words for each."""

import re

from kurabe.reading.patterns import later

_P = r"(?:image|picture|photo|photograph|shot)"
_FIRST = rf"(?:{_P} (?:1|one|a)|the (?:first|reference|upper|left|top|original|other)(?: (?:{_P}|one))?)"
_SECOND = rf"(?:{_P} (?:2|two|b)|the (?:second|test|lower|right|bottom|suspect|other)(?: (?:{_P}|one))?)"
_X = r"[^.;:!?\n]{3,160}?"
_BEGIN = r"(?:(?<=^)|(?<=[.!?] )|(?<=\n)|(?<=: ))"
_ALSO = (
    rf"(?:(?:the|exactly the|just the) same (?:is true|goes|holds(?: true)?|applies|can be said|is the case"
    rf"|is so) (?:of|for|to|in|on|with) {_SECOND}|so (?:is|are|does|do|has|have) {_SECOND}"
    rf"|{_SECOND} (?:is|looks) (?:exactly |just )?the same(?: in (?:this|that|these) respects?)?"
    rf"|{_SECOND} shows (?:exactly )?the same)"
)
_F = re.IGNORECASE
_IN_FIRST = later(
    rf"{_BEGIN}(?:in|on|for) {_FIRST}, (?P<said>{_X})(?:\. |; |, and ){_ALSO}(?: too| as well)?\.", _F
)
_SAID_IN_FIRST = later(
    rf"{_BEGIN}(?P<said>[^.,;:!?\n]{{3,160}}?) (?:in|on) {_FIRST}(?:, and |\. |; ){_ALSO}(?: too"
    rf"| as well)?\.",
    _F,
)
_SEEN_IN_BOTH = later(
    rf"{_BEGIN}(?:i|we|you|one) can (?:clearly )?see (?:in|on) both (?:{_P}s|cases"
    rf"|of them) that (?P<a>{_X})"
    rf"(?:,? and that (?P<b>{_X}))?\.",
    _F,
)
_ON_BOTH = later(
    r"(?:in|on|for) (?:both|either|each)(?: of the)?(?: (?:two|cases|of them"
    r"|[\w-]+(?: (?:of )?[\w-]+){0,2}))?,"
    r" (?=(?:the|its|all|both|every|each|there|a|an|no)\b)",
    _F,
)
_SO_DOES_FIRST = later(
    rf"{_BEGIN}{_SECOND} (?:has|shows|contains|bears) (?P<said>{_X}),? (?:and|but) "
    rf"(?:so (?:does|has) {_FIRST}|{_FIRST} (?:has|shows|does)(?: it| one| them)?(?: too| as well)?)\.",
    _F,
)
_IN_BOTH_TOO = later(
    rf"{_BEGIN}(?:there(?:'s| is| are) |i (?:can )?(?:see|notice|noticed|found) )(?P<said>(?:an?|some"
    rf"|the|two|several)"
    rf" [^.;:!?,\n]{{3,90}}?)(?: in {_SECOND})?,? but (?:looking again,? |on closer inspection,? "
    rf"|i think )?"
    rf"(?:it|that|this|they|the same(?: one| mark)?)(?:'s| is|'re| are| can be) (?:also |already "
    rf"|just as )?"
    rf"(?:there |present |visible |seen |found |to be seen )?"
    rf"(?:in both(?: {_P}s| of them)?|(?:in|on) {_FIRST}(?: too| as well| also)|(?:in|on) {_FIRST})\.",
    _F,
)
_NOT_SURE = later(
    rf"{_BEGIN}(?:at first,? )?(?:i (?:wasn't|was not) (?:quite )?sure(?: at first)? (?:if|whether)"
    rf"|i (?:first )?wondered"
    rf"(?: at first)? (?:if|whether)|i (?:first )?thought(?: at first)?(?: that)?|i suspected(?: that)?) "
    rf"there (?:was|were|might be|could be) {_X}, but (?:on closer inspection|looking (?:again|closer"
    rf"|more closely)"
    rf"|after a second look|when i looked again|on a closer look|in fact)?,? ?"
    rf"there (?:isn't|is not|is none|aren't|are not|are none|is no such thing)(?: one| any| anything)?\.",
    _F,
)
_NOTHING_MORE = later(
    r"(?:(?<=^)|(?<=[.!?\n] )|(?<=\n))there(?:'s| is) nothing (?:on|in) the second (?:[\w-]+ ?){0,4}?"
    r" ?that (?:isn't|is not) (?:also )?(?:on|in) the first(?: one)?(?: too| as well)?\.",
    _F,
)
_REST_MATCHES = later(
    rf"{_BEGIN}i (?:also )?checked the rest of the [\w -]{{2,30}}?(?: as well| too)?,? and (?:it all"
    rf"|everything|all of it)"
    rf" (?:matches|agrees|is the same)\.",
    _F,
)
_GLANCE = later(
    rf"{_BEGIN}(?:(?:at first(?: glance| sight)?|on first sight"
    rf"|at a glance), [^.,;:!?\n]{{3,60}} (?:look|looks|seem|appear)s?"
    rf" (?:exactly |just |very )?(?:the same|identical|alike|similar)"
    rf"|i (?:first|initially) thought(?: that)? [^.,;:!?\n]{{3,60}} (?:were|was|are|is) (?:the same"
    rf"|identical|alike))\."
    rf"(?P<between>[^\n]*?) (?=(?:looking (?:again|closer|more closely),|(?:a|on a) closer look|(?:on"
    rf"|upon) closer"
    rf" (?:inspection|examination|look)|however,|but ))",
    _F,
)
_LOOK = later(
    rf"{_BEGIN}(?:looking (?:again|closer|more closely),? (?:i|we) (?:now |can )?(?:see|notice|find) that"
    rf"|(?:a|on a) closer (?:look|inspection) (?:shows|reveals)(?: me)? that|i (?:noticed|notice|see"
    rf"|saw) that"
    rf"|(?:on|upon) closer (?:inspection|examination|look),) (?P<next>\w)",
    _F,
)
_THOUGH = later(rf"{_BEGIN}(?:in|on) (?P<side>{_SECOND}), (?:though|however), (?P<next>\w)", _F)
_STILL = later(rf"{_BEGIN}(?:still|on the other hand|but|yet),? (?P<side>in {_SECOND}),? (?P<next>\w)", _F)
_OTHER_HAND = later(rf"{_BEGIN}on the other hand, (?P<next>\w)", _F)
_N = r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_ONLY_N = later(
    rf"{_BEGIN}(?:(?P<side>in {_SECOND}), )?(?:there (?:is|are)|i (?:can )?(?:see|count)) only (?P<n>{_N}) "
    rf"(?P<thing>(?!{_P})[\w -]{{2,40}}?)(?(side)| in {_SECOND})\.",
    _F,
)
_ONLY_OF = later(
    rf"{_BEGIN}(?:(?P<side>in {_SECOND}), )?only {_N} of the {_N} (?P<thing>(?!{_P})[\w -]{{2,30}}?) "
    rf"(?:is|are) (?P<what>\w+)(?(side)| in {_SECOND})\.",
    _F,
)
_NOT_LIKE = later(
    rf"{_BEGIN}the second (?!{_P})(?P<thing>[\w-]+(?: [\w-]+)?) (?:isn't|is not) (?:quite |exactly "
    rf"|entirely )?"
    rf"(?:like|the same as) the first(?: one)?(?:: |\. )",
    _F,
)
_SAME_THING = later(
    rf"{_BEGIN}(?:as far as i can (?:see|tell|judge)|in my (?:view|opinion|judg(?:e)?ment)|all in all"
    rf"|overall|so|in short), "
    rf"(?:it's|it is|this is|these are|they're|they are) (?:exactly |clearly )?the same (?!type|kind"
    rf"|sort|model|scene|make"
    rf"|size|shape|colou?r|class|category|family|design)[\w-]+(?: [\w-]+)?\.",
    _F,
)
_YES_SAME = later(
    r"^(?P<mark>\W*)(?:yes|yep|yeah)[,.!] (?P<said>(?:the (?:two "
    r"|2 )?(?:[\w-]+ ){1,3}?(?:in the (?:two )?\w+ )?"
    r"|they |both (?:[\w-]+ )?|these (?:two )?(?:[\w-]+ )?)(?:themselves )?(?:are|look|appear)"
    r" (?:exactly |completely |still )?(?:the same|identical|alike|equal|unchanged)(?: in both \w+)?[.!]"
    r"|the [\w -]{3,40}? (?:do not|don't) differ(?: from (?:each other|one another))?[.!])(?= \S)",
    _F,
)
"""Sameness goes before the bare yes in front of it, if more stands behind."""
_NO_DIFFERENT = later(
    r"^(?P<mark>\W*)(?:no|nope)[,.!] (?P<said>they|these(?: two)?|the two(?: [\w-]+){0,2})"
    r"(?:'re not| are not| aren't) (?P<same>the same|identical|alike)(?=[:.,;] \w)"
    r"|^(?P<mark_2>\W*)(?:no|nope)[,.!] (?P<said_2>they|these(?: two)?|the two(?: [\w-]+){0,2})"
    r" (?:differ|don't match|do not match|are different)(?=[:.;] \w)",
    _F,
)
"""A difference in front of which a bare no stands, as `kurabe.reading.openings.after_echo` reads it."""
_INCLUDING = later(
    r"\b(?P<rest>(?:everything|all) else), (?:including|such as|like|from|that is) [^.;:!?\n]{3,90}?, "
    r"(?=(?:is|are|looks?|match|matches|agrees?|remains?)\b)",
    _F,
)


def _begun(match: re.Match[str]) -> str:
    return match["next"].upper()


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _of_both(match: re.Match[str]) -> str:
    return f"In both pictures, {match['said']}."


def _with_side(match: re.Match[str]) -> str:
    return (
        f"{_capital(match['side'] if match['side'].lower().startswith('in ') else 'in ' + match['side'])}, "
        + (match["next"])
    )


def _echo(match: re.Match[str]) -> str:
    said = match["said"] or match["said_2"]
    return f"{match['mark'] or match['mark_2'] or ''}No, {said} are not {match['same'] or 'the same'}"


def in_plain_words(text: str) -> str:
    """Return a line in which each frame is written in plain words."""
    text = _YES_SAME.sub(lambda match: match["mark"] + _capital(match["said"]), text)
    text = _NOT_SURE.sub("", _NO_DIFFERENT.sub(_echo, text))
    text = _IN_FIRST.sub(_of_both, text)
    text = _SAID_IN_FIRST.sub(_of_both, text)
    text = _SEEN_IN_BOTH.sub(
        lambda match: f"In both pictures, {match['a']}" + (f", and {match['b']}." if match["b"] else "."),
        text,
    )
    text = _ON_BOTH.sub("In both pictures, ", text)
    text = _SO_DOES_FIRST.sub(lambda match: f"Both pictures show {match['said']}.", text)
    text = _IN_BOTH_TOO.sub(lambda match: f"Both pictures show {match['said']}.", text)
    text = _GLANCE.sub(lambda match: match["between"].strip() + " ", text)
    text = _LOOK.sub(_begun, text)
    text = _STILL.sub(_with_side, _THOUGH.sub(_with_side, text))
    text = _OTHER_HAND.sub(_begun, text)
    text = _ONLY_N.sub(lambda match: f"{_capital(match['thing'])} are missing in the second picture.", text)
    text = _ONLY_OF.sub(lambda match: f"One of the {match['thing']} is missing in the second picture.", text)
    text = _NOT_LIKE.sub("The two are not the same. ", text)
    text = _SAME_THING.sub("The two are the same.", text)
    text = _NOTHING_MORE.sub("", _REST_MATCHES.sub("", text))
    return _INCLUDING.sub(r"\g<rest> ", text).strip(" ")

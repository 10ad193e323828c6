"""What stands round a statement, and whether it leaves the statement standing.

Beside "the same", a sentence that names a fault, an exception or something of the second picture alone is a
risk. It is resolved where it, or one of the two sentences behind it, finds the same in the first picture,
puts it down to light, or does not count it. Beside "different", what may not stand is an explanation of what
was named.
"""

from collections.abc import Sequence

from kurabe.reading.english.anew.harmless import undone
from kurabe.reading.english.frames import taken_back
from kurabe.reading.english.openly.words import BOTH, DIFFERENCE, FIRST, LIGHT, SECOND
from kurabe.reading.english.tokens import tokens
from kurabe.reading.english.words import FREE
from kurabe.reading.patterns import later

_RISK = later(
    r"\b(?:new|newly|missing|gone|extra|additional|another|but|however|yet|except\w*|exceptions?|instead|besides|apart|aside|unlike|only"
    r"|lost|less|fewer|more|differ\w*|chang\w*|alter\w*|deviat\w*|worse\w*|off|loose|open(?:ed)?|undone|became|become|turned|replaced|swapped"
    r"|removed|added|moved|lacks?|lacking|without|no longer|longer|wider|used to|now|off|bare|hollow"
    r"|suspicious|odd|wrong|fault\w*"
    r"|defect\w*|candidates?|mismatch\w*|though|although|while|whereas)\b|\d+ ?(?:vs|versus)|\b(?:is"
    r"|are|was|were|does|do|has|have|can) not\b|\bcannot\b"
)
_DENIES_FAULT = later(
    r"(?:(?:i|we) (?:could |can |did )?(?:not )?(?:see|find|found|saw|noticed?|spot(?:ted)?) "
    r"|there (?:is|are) |with )?(?:no|neither|not a|not any|not one|nothing|none|nobody|no one"
    r"|without)(?:'s)?"
    r"\b(?!.*\b(?:but|except|in (?:the )?(?:second|later|b)\b|any ?more|longer)\b).*"
)
_FOUND_BEFORE = later(
    rf"\b(?:pre-?existing|predates?|throughout|as (?:it|they) (?:always )?(?:was|were|did|had)"
    rf"|(?:just |exactly )?as (?:much|many|\w+) (?:of it )?as"
    rf" (?:there was|before|it was|in)|shared?|common to|as before|likewise|ditto|from the start"
    rf"|all along|the case throughout|the same"
    rf"|identical|matching|unchanged|no change|to begin with|equally|just as \w+ in|since before"
    rf"|already (?:there|in|on)|was baked)\b|{BOTH}"
    rf"|\b(?:also|too|as well)\b.*\b{FIRST}\b|\b{FIRST}\b.*\b(?:too|as well|also|has it|does|had it)\b"
    rf"|\b(?:is|are|was|were) (?:also )?(?:in|on)"
    rf" {FIRST}(?: \w+)? too\b|\bin either\b|\bboth\b|\bneither (?:picture|image|photo)"
    rf"|\b(\w+) (?:\w+ )?(?:in|on) {FIRST},? and (?:the same|\1) (?:\w+ )?(?:in|on) {SECOND}"
)
_LIT = later(
    rf"\b(?:{LIGHT}|a (?:bit|little|touch|trifle|hair|millimetre|pixel|few pixels|shade"
    rf"|very small amount)|slight\w*|tiny|minor|pixels?"
    r"|dimmer|brighter|darker|fuzzier|warmer|cooler|yellower|yellowish|bluer|bluish|a bit (?:yellow"
    r"|orange|blue|red)|greener|redder"
    r"|creamier|higher in the frame)\b"
)
_SET_ASIDE = later(
    r"\b(?:not (?:be )?(?:count\w*|relevant|about|a difference|to be counted|part of|of importance"
    r"|matter)|(?:do|does|did|would|should|must) not (?:count|matter|consider)"
    r"|out of scope|who cares|never mind|dismiss\w*|disregard\w*|ignor\w*|exclud\w*|discount\w*"
    r"|no importance|irrelevant|to be left out|set aside"
    r"|error of measurement|by (?:your|the) (?:definition|rules)|ruled out|you do not want"
    r"|that is all|that is it)\b"
)
_SUPPOSES = later(
    r"\b(?:one might|some might|you might|might (?:argue|think|say|speak)|suppose|it would be"
    r"|would have|i was (?:half )?(?:expect|drawn|prepared)\w*|i expected"
    r"|i kept looking|half expecting|gut feeling|at first|tempted|if i|were it not|i would expect"
    r"|looked for|look for|checked|wants? to|want noise)\b"
)
_EXPLAINS = later(
    rf"\b(?:it|that|this|which|they|these) (?:is|was|are|were|must be|can be|comes?|may be) (?:just "
    rf"|only |merely |simply |all |down to |due to |owing to |the |a |put down to )*"
    rf"(?:\w+ )?{LIGHT}\b|\bblames? (?:the )?{LIGHT}|\b(?:put|puts|chalk|ascribe|attribute|owe) (?:it"
    rf"|this|that|them|these|both)(?: all)?(?: down)? to (?:the )?[\w ]{{0,16}}{LIGHT}"
    rf"|\b{LIGHT} (?:that )?did it|\bso (?:is|are|does"
    rf"|did) (?:the|everything|all)\b|\bas did its\b"
)
_REFUSES = later(
    r"\b(?:(?:can ?not|could not) (?:be (?:certain|sure)|tell|judge|say (?!no\b|yes\b)|compare"
    r"|be compared|determine|see (?:the|both|any) (?:picture|image|photo)\w*)|unable to"
    r"|please (?:send|upload|provide)|no images?|not attached|need (?:a|the|more|both)"
    r"|only (?:one|a single) (?:picture|image|photo)|inconclusive|undecided|toss-up|not sure|no idea"
    r"|hard to (?:tell|say)|(?:that|this|it|which) (?:is|was) (?:not (?:true|so|the case(?! in)|right"
    r"|correct|what)|false|untrue|wrong|incorrect|a lie|nonsense|a myth)|do not think so"
    r"|not (?:certain|really|entirely sure)|(?:am|might be|may be|could be) (?:wrong|mistaken)"
    r"|scratch that|(?:take|took) (?:that|it|this) back|the opposite|on second thought|actually,? no"
    r"|no way|- no,|that is what i (?:thought|believed)|would be (?:fine|ok|the same|identical"
    r"|different) if|left open|withh[eo]ld|(?:someone|some|people) (?:might|may|could|would) (?:say"
    r"|argue|think|claim)|wait|hold on"
    r"|hmm+|let me (?:look|check)|impossible to)\b"
)
_POINTS = later(
    r"(?:please |just |do |but )*(?:look|see|mind|note|watch|check|consider|beware|observe|remember|answer)\b"
)
_SEEN_IN_SECOND = later(rf"\b(?:in|on|of) {SECOND}\b|^{SECOND}\b|\b(?:now)\b")
_SEEN_IN_FIRST = later(rf"\b{FIRST}\b")
_WORKS = later(rf"\b(?:{DIFFERENCE}|same|identical)\b")


def refuses(parts: Sequence[str]) -> bool:
    """Say whether a sentence withholds a judgement."""
    return any(_REFUSES.search(part) or _NOT_AFTER_ALL.search(part) or taken_back(part) for part in parts)


_NOT_AFTER_ALL = later(
    r"(?:[-–—…]|\.\.\.) ?(?:actually )?(?:not|no)\b(?! (?:\w+ )?(?:difference|change|deviation"
    r"|alteration))|\? no\b|in no way$"
)
"""What takes a statement back in the same breath: "They are identical - not"."""


def _risky(text: str, strictly: bool) -> bool:
    """Say whether a sentence may hold a difference; strictly, also by an unknown word for a deed."""
    if text.endswith("?"):
        return False
    if _POINTS.match(text):
        return True
    words = [word for word in tokens(text) if word.code not in FREE]
    codes = {word.code for word in words}
    if strictly and undone(words, "".join(word.code for word in words)):
        return True
    if codes & set("FD*%u") or _RISK.search(text):
        return True
    return _SEEN_IN_SECOND.search(text) is not None and not _SEEN_IN_FIRST.search(text)


def _harmless(text: str) -> bool:
    """Say whether a sentence that may hold a difference says itself that it is none."""
    if _FOUND_BEFORE.search(text) or _SUPPOSES.search(text):
        return True
    if _SET_ASIDE.search(text) and (_LIT.search(text) or not any(word.code == "F" for word in tokens(text))):
        return True
    if _LIT.search(text):
        return not any(word.code in "*%" for word in tokens(text))
    return _DENIES_FAULT.fullmatch(text) is not None


def _resolved(risk: str, after: Sequence[str]) -> bool:
    """Say whether the sentences behind a risk find it in the first picture, too, or explain it."""
    return any(
        _EXPLAINS.search(text)
        or _SET_ASIDE.search(text)
        or (_FOUND_BEFORE.search(text) and _goes_back(text, risk))
        for text in after
    )


_BACK = later(
    r"(?:and |but |so |then again,? |as )?(?:it|its|that|this|they|these|the (?:older|earlier|first"
    r"|same|other)(?: one)?|so|point \d|neither|all|which)"
    r"(?:'s)? (?:is|are|was|were|has|have|had|does|did|do|has|shows?|had|can|runs?|goes|applies"
    r"|one)\b|(?:it|that|they)(?:'s|'ve)\b"
)
_WORD = later(r"[a-z]{4,}")
_COMMON = frozenset(
    (
        "both",
        "picture",
        "pictures",
        "image",
        "images",
        "photo",
        "photos",
        "that",
        "this",
        "with",
        "same",
        "have",
        "shows",
        "show",
    )
)


def _goes_back(text: str, risk: str) -> bool:
    """Say whether a sentence goes on about what the one before it told: by a pronoun, or by a word of it."""
    if _BACK.match(text):
        return True
    return bool((set(_WORD.findall(text)) & set(_WORD.findall(risk))) - _COMMON)


def leaves_same(parts: Sequence[str], decides: set[int], strictly: bool) -> bool:
    """Say whether all sentences beside those that decide leave a sameness standing."""
    return all(
        place in decides
        or not _risky(text, strictly)
        or _harmless(text)
        or _resolved(text, parts[place + 1 : place + 3])
        for place, text in enumerate(parts)
    )


_SHORT = 12
"""Letters of a yes that leans on what stands beside it."""


def _may_differ(text: str) -> bool:
    """Say whether a sentence may be what a yes is given for: not a sameness, and not light alone."""
    return not (_FOUND_BEFORE.search(text) or _LIT.search(text)) or _goes_on(text)


def _goes_on(text: str) -> bool:
    return any(word.code in "F*%" for word in tokens(text))


def leaves_different(parts: Sequence[str], decides: set[int], stated: int) -> bool:
    """Say whether no sentence behind a difference, or beside it, explains it away.

    Args:
        parts: The sentences.
        decides: Which of them decide.
        stated: The first that states the difference.
    """
    beside = [text for place, text in enumerate(parts) if place not in decides]
    if (
        beside
        and not any(_may_differ(text) for text in beside)
        and len(decides) == 1
        and len(parts[stated]) < _SHORT
    ):
        return False
    for place, text in enumerate(parts):
        if place in decides or place < stated:
            continue
        if _EXPLAINS.search(text) or (_FOUND_BEFORE.search(text) and _goes_back(text, parts[stated])):
            return False
    return True

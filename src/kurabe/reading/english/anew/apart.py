"""More frames in which English says that the two pictures differ: in one only, instead of, by a denied claim.

What is named must not be light, and no denial may stand before it.
"""

from functools import lru_cache

from kurabe.reading.english.anew.pieces import one_side
from kurabe.reading.english.frames import asserted
from kurabe.reading.english.tokens import side_of, tokens
from kurabe.reading.patterns import later

_ONE = (
    r"(?:one(?: (?:single )?(?:of (?:the|them|these)(?: two)?(?: \w+)?|picture|image|photo|photograph|shot"
    r"|view))?"
    r"|(?:the )?(?:first|second|later|earlier|upper|lower|left|right|other|test|reference|last)"
    r"(?:[- ]hand)?(?: (?:one|picture|image|photo|photograph|shot|view|half))?"
    r"|(?:picture|image|photo|photograph|shot|view) (?:1|2|a|b|one|two))"
)
_ONLY_IN_ONE = later(
    rf"\b(?:only|solely|exclusively)(?: \w+(?:ly)?){{0,3}} (?:in|on) (?:just |only )?{_ONE}(?=$|[,.;:]"
    rf"| and not| but)"
    rf"|\b(?:in|on) (?:only|just|merely) {_ONE}(?=$|[,.;:])|\b(?:in|on) {_ONE} (?:only|alone)(?=$|[,.;:])"
)
_NEVER_SO = later(
    r"\b(?:not|no|nothing|none|neither|never|nor|without|hardly|barely|if|whether|would|could|might|may"
    r"|maybe|perhaps"
    r"|should|both|either|seem\w*|appear\w*|looks? (?:as|like)|suppos\w*|thought|think|claims?|said|says?"
    r"|told"
    r"|darker|lighter|brighter|dimmer|paler|warmer|cooler|sharper|blurrier|noisier|grainier|false|incorrect"
    r"|wrong|untrue|opposite|doubt\w*|far|possibl\w+|assum\w*|normal\w*|usual\w*|theory|allegedly"
    r"|next|past|often|ideally|lie|rather|let|probably|presumably|can|impossible"
    r"|unclear|cropped|sharp|focus|looked|checked|compared|given|received|uploaded|attached)\b|\?"
)
_REPORTS = later(r"(?:it|that|this) (?:is|was|would be) (?!not\b)[\w ]{2,30}? that\b")
_OF_ME = later(r"(?:i|we|you|the (?:lighting|light|flash|camera|noise|shadow))\b")
_OF_A_THING = later(
    r"(?:(?:but|and|however|here|so|also|there (?:is|are)|(?:i|we) (?:can )?(?:see|find|notice|found"
    r"|noticed)|it is),? )*"
    r"(?:the|an?|one|two|three|some|this|that|its|only the|only one) \w"
)
_REPLACED = later(
    r"\b(?:instead of|rather than|in place of)\b|\bwhere (?:there (?:was|were)|it (?:was|had)|the (?:first"
    r"|other))\b"
)
_FROM_TO = later(
    r"\b(?:has|have) (?:gone|changed|turned|switched|moved|flipped"
    r"|swung) from (?P<a>[\w -]+?) to (?P<b>[\w -]+)"
)
_SECOND = (
    r"(?:(?:the |this )?(?:second|later|right|lower|other|last|test|inspected)(?: [\w-]+){0,2}|this(?: one"
    r"| part| unit)?"
    r"|it|the (?:part|item|object|product|unit|sample|specimen))"
)
_FIRST = (
    r"(?:the |its )?(?:first|reference|earlier|original|left|upper|other|master|golden sample|good)"
    r"(?: [\w-]+){0,2}"
)
_DIFF = r"(?:difference|change|deviation|discrepancy|alteration)"
_SAME = r"(?:the same|identical|alike|unchanged|equal)"
_WRONG = (
    r"(?:it|that) (?:would be|is) (?:wrong|inaccurate|incorrect|false|untrue|a mistake|misleading"
    r"|an error) to"
    r" (?:call|describe|declare|label|consider|claim|say|state|conclude|maintain|report|regard|assert"
    r"|suggest)"
)
_STATED = later(
    r"(?:an?|one|two|some|the|this|that) [\w -]{2,50} (?:marks|sets|tells|distinguishes|separates|singles) "
    r"(?:the |picture |image |photo )*(?:second|first|later|one|two|2|1|a|b)(?: \w+)?(?: (?:out|apart))? from"
    r" (?:the |picture |image |photo )*(?:second|first|other|earlier|one|two|1|2|a|b)(?: \w+)?"
    r"|(?:the|these|both|the two) (?:two )?(?:pictures|images|photos|parts|units|samples) (?:must|have to"
    r"|should|can"
    rf" only|need to) (?:therefore |thus )?be (?:called|considered|judged|regarded as|deemed|rated"
    rf"|declared) (?:different"
    rf"|not {_SAME}|unequal)"
    rf"|(?:for |as |because |since )?{_SECOND} (?:clearly |visibly |thus |therefore )?(?:deviates|differs"
    rf"|departs"
    rf"|is (?:clearly |visibly )?different|has deviated) from {_FIRST}"
    r"|(?:but |and |however,? )?there is (?:something|one thing) (?:new|extra|missing|added|gone|different"
    r"|wrong|off"
    r"|amiss)(?: here)?(?: (?:in|on|about|with|at) the (?:second|later|lower|right|other"
    r"|test)(?: \w+)?)?(?:: [\w -]+)?"
    r"|where there (?:used to be|was|were|had been) (?:an?|the|one|two|three|some) [\w -]+?,? there (?:is"
    r"|are) (?:now )?"
    r"(?:none|no [\w-]+|nothing|only [\w -]+|an? [\w -]+)(?: now)?"
    r"|(?:an?|one|the|this|that) [\w -]{3,50} (?:is|are) (?:the|my|one|our) (?:only |one "
    r"|sole )?(?:difference|deviation"
    r"|discrepancy)"
    rf"|{_FIRST} (?:has|shows|bears) (?:an?|the|its|one|two) [\w -]{{2,30}},? (?:and |but |while "
    rf"|whereas )?(?:the |this )?"
    r"(?:sample|second|test|later|lower|right|other)(?: \w+)? (?:has not|does not|lacks (?:it|one|that)"
    r"|has none)"
    rf"|{_WRONG}(?: that)? (?:there (?:is not (?:any|a)|is no|was no) {_DIFF}|nothing (?:has changed|differs"
    rf"|is different)"
    rf"|(?:they|the two(?: \w+)?|the \w+|these) (?:are|is) {_SAME})"
    r",? (?:given|considering|since|as|because|for) .+"
)
_NOT_IN_OTHER = later(
    r"(?:but |and )?(?:(?:i|we) (?:do|can|could|did) not (?:see|find|make out|spot|detect) (?:this|that|it"
    r"|these|them"
    r"|any(?:thing)? (?:such|like (?:it|that|this)))"
    r"|(?:this|that|it|these|they) (?:is|are|was|were) (?:not (?:there|present|visible|found|seen)?|missing"
    r"|absent"
    r"|lacking) ?|(?:there is )?no such (?:thing|[\w-]+)(?: (?:is|can be) (?:seen|found|visible"
    r"|present))?) ?(?:in|on)"
    r" (?:the )?(?:first|other|reference|earlier|original|upper|left)(?: [\w-]+)?"
)


_HAS = later(r"\b(?:has|bears|shows|carries|have) (?:an?|one|two|three|some|the) ")
_HAS_NONE = later(
    r"(?:but |and |while )?(?:the )?(?:second|later|lower|right|other)(?: [\w-]+)? (?:has|bears|shows"
    r"|carries|have) (?:none"
    r"|no such [\w-]+)"
)
"""What the first has and the second has not: "the first cork bears a stamp. The second bears none"."""


@lru_cache(maxsize=4096)
def in_one_only(text: str) -> bool:
    """Say whether a sentence says of a thing that it is in one of the pictures only."""
    found = _ONLY_IN_ONE.search(text)
    if found is None or _OF_ME.match(text) or not _OF_A_THING.match(text):
        return False
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    return not _NEVER_SO.search(rest) and not set("EN").intersection(word.code for word in tokens(rest))


@lru_cache(maxsize=4096)
def set_apart_by(text: str) -> bool:
    """Say whether a piece states by one of these frames that the two differ."""
    if not asserted(tokens(text)) or _REPORTS.match(text):
        return False
    if _STATED.fullmatch(text):
        return not set("EN").intersection(word.code for word in tokens(text))
    if in_one_only(text):
        return True
    words = tokens(text)
    risks = {word.code for word in words if word.text not in ("instead of", "rather than")}
    if _NEVER_SO.search(text) or set("ENu%M*").intersection(risks):
        return False
    if _REPLACED.search(text):
        return 2 in {side_of(word) for word in words if word.code == "I"}
    gone = _FROM_TO.search(text)
    return gone is not None and gone["a"] != gone["b"]


def not_in_other(before: str, text: str) -> bool:
    """Say whether a sentence denies of the other picture what the one before it told."""
    if _NEVER_SO.search(before):
        return False
    if _HAS_NONE.fullmatch(text):
        lit = set("ENF").intersection(word.code for word in tokens(before))
        return not lit and one_side(before) == 1 and _HAS.search(before) is not None
    if _NOT_IN_OTHER.fullmatch(text) is None:
        return False
    return not set("EN").intersection(word.code for word in tokens(before)) and one_side(before) != 1

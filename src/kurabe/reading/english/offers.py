"""English round an answer that says nothing about the pair: offers, announcements, verbs of judging."""

from kurabe.reading.patterns import later
from kurabe.reading.wording import Rule

_OFFER = later(
    r"^(?:if you (?:would )?(?:like|want|wish|need|prefer|have|send|can)\b[^;:.]{0,90}?, (?:i|we|please|just"
    r"|feel|let)\b"
    r"|(?:please )?(?:let me know|feel free|do not hesitate)|would you like|shall i|do you want"
    r"|should you (?:need|want)"
    r"|i (?:can|could|would be happy to|am happy to) (?:also )?(?:look|check|zoom|provide|give|describe|help"
    r"|explain)\b"
    r"[^;:.]*\b(?:if|should) you\b)"
)
_ANNOUNCES = later(
    r"^(?:(?:so|now|first|then|next|okay|to begin|to start|let us begin|finally) ?,? )*(?:here (?:is|are|come"
    r"|comes)"
    r" (?:what|how|the|my|a|an|some|all)\b|(?:i|we) (?:am|are|will|shall) (?:now |first "
    r"|then )?(?:be )?(?:compar|examin|inspect"
    r"|look|check|go|analys|analyz|describ|evaluat|review|start|begin|list|walk|break|tak)\w*\b|below (?:is"
    r"|are|you)"
    r"|the following|my (?:observations|findings|notes|steps|analysis|approach|checklist|reasoning|comparison"
    r"|inspection)"
    r" (?:is|are|of|:)|this is (?:what|how) i)"
)
_STATES = later(
    r"\b(?:differ\w*|same|identical|missing|bent|broken|crack\w*|scratch\w*|no|not|none|nothing|but|however"
    r"|changed?"
    r"|defects? (?:is|are)|damaged?|torn|match\w*|only)\b"
)


def says_nothing(plain: str) -> bool:
    """Say whether a sentence only offers help, or announces what will be looked at or told."""
    if _OFFER.match(plain):
        return True
    return _ANNOUNCES.match(plain) is not None and _STATES.search(plain) is None


_THEM = r"(?:them|it|the two(?: \w+)?|both(?: \w+)?|the (?:two )?(?:images|pictures|photos|parts|pair))"
_ONE = r"(?:the )?(?:first|upper|top|left|reference|other)(?: (?:image|picture|photo|part|one|view|shot))?"
_ABOUT = r"(?:maybe|perhaps|probably|possibly|about|roughly|approximately|around|some|an estimated)"

JUDGED: tuple[Rule, ...] = (
    (
        later(
            rf"^(?P<so>(?:(?:so|therefore|thus|hence|overall|yes|no|and) ?,? )*)(?:i|we) (?:would|will|can|do"
            rf"|must)? ?(?:therefore |clearly |still |also )?"
            rf"(?:call|consider|judge|rate|deem|regard|rule|declare|classify|treat|count) {_THEM} (?:as "
            rf"|to be )?"
            r"(?=(?:\w+ly )?(?:the same|identical|equal|equivalent|alike|unchanged|different|a match|matching"
            r"|not the same))"
        ),
        r"\g<so>they are ",
    ),
    (
        later(
            r"^(?P<so>(?:(?:so|and|therefore|thus|but) ?,? )*)(?:(?:i|we) (?:would |do )?(?:consider|regard"
            r"|count|treat|call|take|see)"
            r" (?:that|this|it|these|those) (?:as |to be )?|(?:that|this|it|which) (?:is|counts as"
            r"|must count as|would be)"
            r" )(?:a|an) (?:real |clear |true |genuine |definite |obvious |relevant |actual |visible )?"
            r"(?:difference|defect|fault|deviation|flaw|change|anomaly)(?: (?:between (?:them|the two)"
            r"|that counts|and not [\w ]+))?"
            r"(?=[ .!]*$)"
        ),
        r"\g<so>there is a difference",
    ),
    # A measure that is not exact is no doubt.
    (
        later(
            rf"\b(?P<by>by|of|over|for|in|with|at|than|from|about) {_ABOUT} (?=(?:an? (?:few |couple |half )?"
            rf"|half an? )?(?:\d|one\b|two\b|three\b|four\b"
            rf"|five\b|ten\b|few\b"
            r"|couple\b|half\b|degree|millimet|centimet|pixel|third|quarter|hair))"
        ),
        r"\g<by> ",
    ),
    (
        later(
            r"^what (?:you|one|i|we) (?:may|might|can|could|will)? ?(?:notice|see|observe|find"
            r"|take for a difference)"
            r" is (?:only |just |merely )?(?:that )?(?=(?:the|a|an|some|it|they|there|light|shadow)\b)"
        ),
        "",
    ),
    (later(r"\b(?:but|and) wait ?[:,;—–-]+ ?"), "but "),
    (later(r"\b(is|are|was|were|does|do)( not) any different\b"), r"\1 no different"),
    (later(r"\b(is|are|was|were) no(?:t any)? different to\b"), r"\1 no different from"),
    (
        later(
            r"^(?:somebody|someone) (?:has |have )?(?:moved|removed|replaced|swapped|added|taken|bent|broken"
            r"|cut|torn|changed"
            r"|turned|opened|closed|exchanged|rotated|painted|drilled|glued|put"
            r"|loosened|drawn|written|stuck|poured|spilled|spilt|scratched|marked|attached|erased|covered"
            r"|bitten|scribbled) (?=\w)(?!.*\b(?:both|not|no)\b).*$"
        ),
        "there is one difference in a detail",
    ),
    (
        later(
            rf"^(?:that|this|it) (?:is|was) not (?:so|the case|there|like (?:that|this)|yet so) (?:in"
            rf"|on) {_ONE}(?=$| ?[.,;!])"
        ),
        "there is one difference in a detail",
    ),
    (
        later(
            r"^(?:it|this|that) (?:is|was) not (?:just|only|merely|simply) (?:a matter of |an effect of "
            r"|about |due to )?(?:the |a )?"
            r"(?:light|lighting|noise|exposure|brightness|shadows?|angle|camera)[\w ]{0,24}(?=$| ?[;:,.—–-])"
        ),
        "look",
    ),
    (
        later(
            rf"^everything (?:that |which )?(?:i (?:can )?(?:see|make out|find) |is |(?:is )?(?:visible|shown"
            rf"|present|there) )?"
            rf"(?:there |present |visible |shown )?(?:in"
            rf"|on) {_ONE}(?: ?[—–(:,-] ?[^—–;:.]{{3,120}} ?[—–),-])? ?(?:is|can)(?: also)?"
            r" (?:be )?(?:there|present|found|visible|seen|shown)(?: again| also)? (?:in"
            r"|on) (?:the )?(?:second|lower|bottom"
            r"|right|test|other)(?: \w+)?(?:,? (?:as well|too|again|also))?(?=[ .!]*$)"
        ),
        "everything is the same",
    ),
    (later(r"^(?P<answer>no|yes),? (?:sir|ma'am|madam|boss),? ?"), r"\g<answer>, "),
)

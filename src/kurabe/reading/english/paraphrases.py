"""English wordings that say what the grammar knows in another way, turned into the way that it knows.

Each rule keeps the meaning and the polarity of what it replaces; what a rule does not know stays as it is.
"""

import re

from kurabe.reading.english.asides import ASIDES
from kurabe.reading.english.counterparts import COUNTERPARTS
from kurabe.reading.english.hedges import COMMITTED
from kurabe.reading.english.offers import JUDGED
from kurabe.reading.english.values import VALUES
from kurabe.reading.english.wholes import WHOLE
from kurabe.reading.patterns import later
from kurabe.reading.wording import Rule, reworded

_PICTURE = r"(?:image|picture|photo|photograph|one|part|specimen|sample|object|unit|piece|view)"
_FIRST = r"(?:upper|first|left|top|reference|original)"
_SECOND = r"(?:lower|second|right|bottom|other|next|last|test)"
_BOTH = rf"(?:them|the two(?: {_PICTURE}s)?|the (?:images|pictures|photos)|they|these(?: {_PICTURE}s)?|both)"
_CHANGED = (
    r"(?:changed|different|differs?|altered|not the same|var(?:ies|y)|not (?:match|matching|identical)"
    rf"|sets? {_BOTH} apart|distinguishes {_BOTH}|been (?:changed|altered|modified))"
)
_FINDS = (
    "(?:detect|find|see|spot|identify|make out|discover|observe|notice|discern|locate|pick out|perceive"
    "|recogni[sz]e|point out|come across)"
)
_DONE = "(?:added|removed|altered|changed|moved|replaced|damaged|missing|broken|taken away|modified|bent)"
_ASIDE = r"(?:in contrast|by contrast|on the other hand|conversely|however|by comparison|in comparison)"
_DIFFER = (
    r"(?:differences?|discrepanc(?:y|ies)|deviations?|changes?|variations?|defects?|anomal(?:y|ies)|flaws?"
    r"|faults?)"
)


def _whole(match: re.Match[str]) -> str:
    """Replace "between the upper and the lower cabinet" unless the noun names parts of one thing."""
    return match[0] if match["noun"].endswith("s") or match["noun"] in _PLACES else "between the two pictures"


_PLACES = frozenset(
    [
        *("half", "side", "edge", "corner", "row", "column", "part", "section", "area", "region", "end"),
        *("pin", "label", "hole", "line", "third", "middle", "centre", "center"),
    ]
)
_RULES: list[Rule] = [
    (later(r", (too|as well|also|likewise|again),(?= )"), r" \1"),
    (later(r"^no problem,? (?=i |let |sure)"), "sure, "),
    # An aside in the middle of a clause turns the whole of it.
    (later(rf"^(?:and |but )?((?:the |both )?[\w ]{{1,30}}?), {_ASIDE}, (?=\w)"), r"however, \1 "),
    # What is alike, too: "identical, down to the scratch".
    (
        later(
            r"^(?P<alike>(?!.*\b(?:not|no|except|but|nearly|almost)\b).*\b(?:same|identical|alike"
            r"|match(?:es)?|equal)\b[^,;]*?)"
            r",? (?:right )?(?:down to|including|even) (?:the|every|each|their|its)"
            r"(?: (?!which|that|but|except|missing|only|not|is|are)[\w-]+){1,6}[ .!]*$"
        ),
        r"\g<alike>",
    ),
    # Which picture.
    (later(rf"\bthe ({_PICTURE}) (?:above|(?:on|at) (?:the )?top)(?= |,|$)"), r"the upper \1"),
    (later(rf"\bthe ({_PICTURE}) (?:below|underneath|at the bottom)(?= |,|$)"), r"the lower \1"),
    (later(rf"\bthe ({_PICTURE}) (?:on|to) the (left|right)(?= |,|$)"), r"the \2 \1"),
    (
        later(
            r"^on the (left|top),? (?P<one>[^;]{3,200}?)(?:;|,? (?:while|whereas|but)|, and) (?:on|at) the"
            r" (right|bottom),? (?=\w)"
        ),
        r"in the \1 picture, \g<one>, while in the \3 picture ",
    ),
    # The thing that changed.
    (
        later(
            r"\b(?:the (?:only |one |single |sole |main )*(?:thing|aspect|detail|feature|element|respect)"
            r"|all) (?:that |which |in which [\w ]{3,20} )?"
            r"(?:has |have |is |are |was |were |does |do |really |actually )*"
            rf"{_CHANGED}(?: (?:between|in|from) [\w ]{{2,40}}?)? (?=(?:is|was)\b(?! how\b))"
        ),
        "the only difference ",
    ),
    (
        later(
            r"(?<!nothing )\banything (?:that |which )?"
            r"(?:is |has |looks |seems |appears |might be )*(?:to be )?"
            rf"(?:been )?{_CHANGED}"
        ),
        "any difference",
    ),
    (
        later(
            r"\banything (?:that |which )?(?:is |looks |seems |appears )*"
            r"(?:off|amiss|wrong|unusual|out of place)\b"
        ),
        "any defect",
    ),
    # Nothing of what could be done to a part has been done to it.
    (
        later(
            rf"\bnothing (?:has been|was|is|has) {_DONE}(?:, {_DONE})*,? (?:or|and|nor) {_DONE}(?=[ .!]*$)"
        ),
        "nothing has changed",
    ),
    # Looking in vain.
    (
        later(r"\b(i|we)((?:,)? [^.;]{3,80}?,? (?:but|and|yet)) (?=(?:could|can|did|do) not )"),
        r"\1\2 \1 ",
    ),
    (later(rf"\bcould not (\w+ly )?(?={_FINDS}\b)"), r"did not \1"),
    (
        later(rf"\b(not|never|unable|without|failed)\b([^,.;]{{0,40}}?) (?:even )?a single (?={_DIFFER}\b)"),
        r"\1\2 any ",
    ),
    (
        later(
            rf"\b(?:no|any) (?:(?:indication|evidence"
            rf"|suggestion|sign|hint|proof)s? that|evidence for) (?:that )?(?:{_BOTH}|anything|something) "
            r"(?:as |are |is |has |have |to be |were |was )*(?:differ(?:ent|s)?|changed|altered)\b"
        ),
        lambda match: f"{match[0].split()[0]} difference",
    ),
    # Which two, and from where to where.
    (
        later(
            rf"\bbetween (?:the )?{_FIRST} and (?:the )?{_SECOND} "
            r"(?P<noun>(?!image|picture|photo|one\b)[a-z]{3,20})\b"
            r"(?! (?:image|picture|photo|of)\b)"
        ),
        _whole,
    ),
    (
        later(rf",? from (?:one|the {_FIRST})(?: {_PICTURE})? to the {_SECOND}(?: {_PICTURE})?(?=$|[ ,.;])"),
        "",
    ),
    (
        later(r"\bin (?:an )?equally (?:good|perfect|excellent|fine) (condition|state|shape|order)\b"),
        r"in the same \1",
    ),
]


_ROW = later(r"^(?=.*\bleft\b)(?=.*\b(?:middle|cent(?:re|er))\b)(?=.*\bright\b).+$")
_ENDS = later(r"\b(?:left|right)(?: one)?\b")


def _in_a_row(match: re.Match[str]) -> str:
    """Write left, middle and right as places: where there is a middle, they are no names of two pictures."""
    return _ENDS.sub("side", match[0])


_PLACED: tuple[Rule, ...] = (
    (_ROW, _in_a_row),
    # A part that has moved, however little; the whole picture may.
    (
        later(
            r"\b(?:an? |the )?(?:slight |small |minor |tiny )?(?:changes?|shifts?|differences?) (?:in|of)"
            r" (?:the )?positions? of"
            r" (?!(?:the )?(?:(?:whole|entire) )?(?:images?|pictures?|photos?|photographs?|camera|frame|view"
            r"|viewpoint|shot|scene|object|item|product|subject|thing|whole|it|them)\b)(?:the )?"
        ),
        "a misplaced ",
    ),
)


def paraphrased(sentence: str) -> str:
    """Return a normalised sentence in the wording that the grammar knows."""
    return reworded(
        reworded(sentence, ASIDES).strip(),
        (*_PLACED, *JUDGED, *VALUES, *COUNTERPARTS, *COMMITTED, *WHOLE, *_RULES),
    )

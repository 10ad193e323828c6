"""English that holds a thing against its counterpart: "ticked in the first, empty in the second"."""

import re

from kurabe.reading.english.tokens import tokens
from kurabe.reading.wording import Rule

_IMAGE = (
    r"(?:image|picture|photo|photograph|view|shot|one|part|item|sample|specimen|object|unit|piece|drawing)"
)
_FIRST = rf"(?:the )?(?:(?:first|upper|left|top|reference)(?: {_IMAGE})?|{_IMAGE} [1a])"
_SECOND = rf"(?:the )?(?:(?:second|lower|right|bottom|test|other)(?: {_IMAGE})?|{_IMAGE} [2b])"
_TWO = (
    rf"(?:both(?: {_IMAGE}s)?|(?:the |these )?two(?: {_IMAGE}s)?|the {_IMAGE}s|{_FIRST} and {_SECOND}"
    rf"|{_SECOND} and {_FIRST})"
)
_SURE = r"(?:\w+ly |also |still |all |just |indeed |very much |in fact )*"
_END = r"(?=[ .!]*$)"
_ANY = (
    r"(?:(?!not\b|no\b|never\b|but\b|except\b|only\b|other\b|without\b|missing\b|apart\b|different\b)"
    r"[\w'-]+(?![\w'-]) ?)"
)
_BE = r"(?:is|are|looks?|appears?|seems?|remains?)"
_PLACE = r"(?:place|position|location|spot|state|condition|way|arrangement|order|orientation|pose|form)s?"
_NUMBER = r"\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_VALUES = {word: str(number) for number, word in enumerate(_NUMBER.split("|")[1:], 1)}
_NO_THING = frozenset("DKSdeJERnowzuM%*^~=|FGC")


def _plain_thing(text: str) -> bool:
    """Say whether words only name a thing, and the picture that it is in."""
    return not {word.code for word in tokens(text)} & _NO_THING


def _each(match: re.Match[str]) -> str:
    return "everything is the same" if _plain_thing(match["what"]) else match[0]


_PARTS = re.compile(
    r"\b(?:pins?|housing|cap|lid|label|latch|colou?r|shape|size|edges?|corners?|handle|text|logo|leads?|cable"
    r"|wires?"
    r"|hole|surface|seams?|stitch\w*|background|first|second|left|right|upper|lower|top|bottom|middle|one)\b"
)


def _thing(match: re.Match[str]) -> str:
    """Write "the two are the same" where it is the thing itself that is, and none of its parts."""
    what = match["what"]
    if _PARTS.search(what) or what.rstrip().endswith("s") or not _plain_thing(what):
        return match[0]
    return "the two are the same"


def _other_value(match: re.Match[str]) -> str:
    """Write "differs" where the value in the one picture is not that in the other."""
    values = [match["one"].strip(), match["other"].strip()]
    known = [" ".join(_VALUES.get(part, part) for part in value.split()) for value in values]
    codes = {word.code for word in tokens(" ; ".join(values))}
    if known[0] == known[1] or codes & set("DKSdeJERnowzuM%*^~=|raypBVbhv"):
        return match[0]
    return "there is one difference in a detail" if _plain_thing(match["what"]) else match[0]


_ALL_SOUND = re.compile(
    r"\b(?:no|not|neither|nor|without|free of)\b.*\b(?:no|nor|or|and)\b|^(?:every|each|all)\b"
    r"|\bno (?:\w+ )?defects?\b"
)


def _as_there(match: re.Match[str]) -> str:
    """Write "the two are the same" for "the second has no dents and no cracks, just like the first"."""
    what = tokens(match["what"])
    codes = {word.code for word in what}
    sound = "G" in codes or (codes & set("nowz") and codes & set("FK"))
    if not sound or codes & set("DSsdeJEuM%*^~=|RL") or not any(word.text.startswith("2:") for word in what):
        return match[0]
    return "the two are the same" if _ALL_SOUND.search(match["what"]) else match[0]


def _counted(match: re.Match[str]) -> str:
    values = [_VALUES.get(match[one], match[one]) for one in ("one", "other")]
    return match[0] if values[0] == values[1] else "there is one difference in a detail"


_OF_PICTURE = re.compile(
    r"^(?:the |this )?(?:\w+ )?(?:image|picture|photo|photograph|view|scene|camera|whole)\b"
)
COUNTERPARTS: tuple[Rule, ...] = (
    # What is so in the one, and otherwise in the other.
    (
        re.compile(
            rf"^(?P<what>(?:the |an? |one )?[\w -]{{2,50}}?) (?:that|which) (?:is"
            rf"|was) (?P<one>[\w-]+)(?: \w+)? (?:in"
            rf"|on) {_FIRST} ?,? (?:is|has become|became|becomes) (?:now )?(?P<other>[\w-]+)(?: \w+)? (?:in"
            rf"|on) {_SECOND}{_END}"
        ),
        _other_value,
    ),
    (
        re.compile(
            rf"^(?P<what>[\w -]{{2,60}}?) (?:is|was|are|were|shows?|reads?|points?) (?:an? |the "
            rf"|to (?:the )?)?(?P<one>[\w:.'-]+"
            rf"(?: [\w-]+)?) (?:in|on) {_FIRST} ?(?:,? (?:and|but|while|whereas)|,|;) (?:it )?(?:is |now "
            rf"|shows |reads |points )*"
            rf"(?:an? |the |to (?:the )?)?(?P<other>[\w:.'-]+(?: [\w-]+)?) (?:in|on) {_SECOND}{_END}"
        ),
        _other_value,
    ),
    (
        re.compile(
            rf"^(?:there (?:is|are) |i (?:see|count) |now "
            rf"|only )*(?P<one>{_NUMBER}) (?P<what>[a-z][\w -]{{2,24}}?) ?,?"
            rf" (?:vs ?\.?|versus|instead of|rather than|against|as opposed to|compared (?:to|with)|, not"
            rf"|not)"
            rf" (?:the )?(?P<other>{_NUMBER})(?: (?P=what))?{_END}"
        ),
        _counted,
    ),
    (
        re.compile(
            rf"^(?P<what>[\w -]{{2,60}}? (?:on|in|of) {_SECOND}) (?:is|was|are|were) not (?:there|present"
            rf"|visible|shown"
            rf"|seen|to be seen|found) (?:yet )?(?:in|on) {_FIRST}{_END}"
        ),
        lambda match: "there is one difference in a detail" if _plain_thing(match["what"]) else match[0],
    ),
    (
        re.compile(
            r"\b(?:(?:slightly|a (?:little )?bit|somewhat|much|far|further|clearly) )?(?:to the (?:left"
            r"|right) of"
            r"|above|below|away from|higher than|lower than|behind|in front of|off from|next to|not"
            r"|no longer)"
            r" where (?:it|they) (?:was|were|is|are|used to be|should be|ought to be|sat|stood)\b"
            rf"(?: (?:in|on) {_FIRST})?"
        ),
        lambda match: match[0] if _OF_PICTURE.match(match.string) else "misplaced",
    ),
    # The one as the other.
    (
        re.compile(
            rf"^(?:each|every)(?: \w+)? (?:(?:one )?of (?:them"
            rf"|the) ?)?(?P<what>{_ANY}{{0,5}}?){_SURE}(?:corresponds? to|matches"
            rf"|agrees with|is matched by|equals|has) (?:its|a|an?|the) (?:exact |matching |equal "
            rf"|same )?(?:counterpart"
            rf"|match|equivalent|twin|partner|one)(?: (?:in|on) (?:{_FIRST}|{_SECOND}))?(?=$| ?[.!,])"
        ),
        _each,
    ),
    (
        re.compile(
            rf"^(?P<what>(?:the |an? )?{_ANY}{{1,4}}?) ?(?:in|on) (?:{_FIRST}|{_SECOND}) {_SURE}(?:matches"
            rf"|equals|is (?:exactly )?"
            rf"(?:the same as|identical to|equal to|just like|no different from|indistinguishable from)"
            rf"|looks (?:exactly )?(?:"
            rf"like|the same as)|corresponds to|has been (?:\w+ )?(?:exactly |just )like) (?:the (?:one"
            rf"|same \w+)|that|the"
            rf" [\w -]{{2,24}}?|it is)(?: shown| seen)? (?:in|on) (?:{_FIRST}|{_SECOND}){_END}"
        ),
        _thing,
    ),
    (
        re.compile(
            rf"^{_TWO} (?:\w+ly )?(?:show|depict|feature|contain|display"
            rf"|present) {_SURE}(?:exactly )?the (?:very |exact"
            rf" )?(?:same|identical) {_ANY}{{1,4}}?(?:in|with {_ANY}{{1,3}}in"
            rf"|at) (?:exactly )?the (?:very )?same {_PLACE}{_END}"
        ),
        "the two are the same",
    ),
    (
        re.compile(
            rf"^(?:(?:this|it|these|that) (?:looks? like|is|are|shows?|seems? to be|must be)|(?:i"
            rf"|we) (?:can )?(?:see|have"
            rf" here)|here (?:is|are)|these look like) (?:two|2) (?:\w+ )?(?:shots|images|pictures|photos"
            rf"|photographs|views"
            r"|exposures) of (?:exactly )?(?:one and )?the (?:very )?same (?:\w+ ){0,2}?\w+"
            r"(?: ?, (?:only |just |merely )?(?:taken|shot|photographed|seen|viewed) (?P<how>[\w ]{3,50}))?"
            rf"{_END}"
        ),
        "the two are the same",
    ),
    (
        re.compile(
            rf"^(?:it is|this is|it is still) {_SURE}the (?:very )?same (?!\w+s\b){_ANY}{{1,3}}?in"
            rf" {_TWO}{_END}"
        ),
        "the two are the same",
    ),
    (
        re.compile(
            rf"^(?:therefore ,? |so ,? |overall ,? )?(?:the )?(?:{_SECOND}|suspect|inspected)(?: \w+)? (?:is"
            rf"|looks) (?:every bit |just )?"
            rf"as (?:good|intact|sound|clean|perfect|flawless) as {_FIRST}(?: \w+)?{_END}"
        ),
        "the two are the same",
    ),
    (
        re.compile(
            rf"^the (?:second|lower|right|other|test) (?P<what>(?!image|picture|photo"
            rf"|part)[\w-]+(?: [\w-]+)?) {_SURE}(?:matches"
            rf"|equals|is|looks|appears) ?(?:exactly |just |precisely |visually |completely )*(?:the same as"
            rf"|identical to|equal to|no different"
            rf" from|indistinguishable from|like|as|a copy of)? (?:the )?(?:first|upper|left|reference"
            rf"|other)(?: one| (?P=what))?{_END}"
        ),
        _thing,
    ),
    (
        re.compile(
            rf"^(?P<what>(?:the )?(?:{_SECOND}|[\w -]{{3,40}}?)\b.{{4,160}}?) ?,? ?\b(?:just |exactly "
            rf"|precisely |much )?(?:like|as) (?:it (?:is"
            rf"|was) |they (?:are|were) )?(?:in |on |with |for )?{_FIRST}{_END}"
        ),
        _as_there,
    ),
    # Nothing that the one has and the other has not.
    (
        re.compile(
            rf"^(?:nowhere (?:in|on) {_SECOND}(?: \w+)? (?:can|could|do|did) (?:i|we|one) (?:\w+ )?"
            rf"|(?:there is|i (?:can )?(?:"
            rf"find|see|found)|i (?:can|could|do|did) not (?:find|see)|and i find) ?)(?:find |see "
            rf"|spot )?(?:nothing|anything"
            rf"|no \w+|any \w+)(?: (?:in|on) {_SECOND}(?: \w+)?)? that (?:is not|i (?:can|do"
            rf"|could) not (?:find|see)|does not"
            rf" (?:appear|exist))(?: also)?(?: (?:there|present|visible|found))? (?:in"
            rf"|on) {_FIRST}(?: \w+)?(?: as well"
            rf"| too| also| already)?{_END}"
        ),
        "there is no difference",
    ),
    (
        re.compile(
            rf"^no (?:\w+ )?(?:defect|flaw|damage|fault|mark|blemish|anomaly|feature|detail|change)s? (?:is"
            rf"|are|can be"
            rf"|was) (?:visible|seen|present|found|there|to be seen) (?:in|on) {_SECOND}(?: \w+)? that (?:is"
            rf"|are|was) not"
            rf" (?:also |already |equally )?(?:there |present |visible |seen |found )?(?:in"
            rf"|on) {_FIRST}(?: \w+)?{_END}"
        ),
        "there is no difference",
    ),
    (
        re.compile(
            rf"^(?:there is|i (?:see|find)) nothing (?:about|in"
            rf"|on) {_SECOND}(?: \w+)? (?:that )?(?:is )?unlike {_FIRST}{_END}"
        ),
        "there is no difference",
    ),
    (
        re.compile(
            rf"^nothing (?:about|in|on) {_SECOND}(?: \w+)? is (?:unlike|different from"
            rf"|other than in) {_FIRST}{_END}"
        ),
        "there is no difference",
    ),
    (
        re.compile(
            rf"^{_TWO} (?:show|depict|are in|present|capture) (?:two )?(?:different|differing"
            rf"|distinct) (?:states|conditions"
            rf"|versions|variants|things|objects|items|products|parts|situations"
            rf"|stages)(?: of [\w -]{{3,30}})?{_END}"
        ),
        "the two are different",
    ),
    (
        re.compile(
            rf"^(?:i (?:can )?see|these are|they are|there are|we have)(?: clearly)? two different (?!image"
            rf"|picture|photo|view"
            rf"|shot|angle|light|time|person|camera|position)[a-z]+s{_END}"
        ),
        "the two are different",
    ),
    (
        re.compile(
            r"^(?P<so>(?:so |but |and |yes |no |so , )*)(?:i|we|you|one) (?:would|am|are|was"
            r"|were) (?:be )?(?:hard[- ]pressed|unable"
            r"|at a loss|struggling) to (?:tell|keep|distinguish|name|point (?:out|to)|find|spot|see)"
            r" (?P<what>them apart|the two apart|one from the other|a difference|any difference"
            r"|any differences)"
        ),
        r"\g<so>there is no difference",
    ),
    (
        re.compile(
            r"^(?P<so>(?:but |however ,? |and |yes ,? )*)(?:i|we) (?:can|could|do|did) not (?:\w+ )?(?:see"
            r"|find|spot|locate"
            rf"|make out|detect|notice) (?P<what>the (?!difference|defect|change|same|other\b|second (?:image"
            rf"|picture)|first|whole"
            rf"|image|picture|photo)[\w -]{{2,30}}?) (?:any ?more )?(?:in|on) (?P<where>{_SECOND}){_END}"
        ),
        lambda match: (
            f"{match['so']}{match['what']} is missing in {match['where']}"
            if _plain_thing(match["what"])
            else match[0]
        ),
    ),
    (
        re.compile(
            r"^(?:i|we) can not (?:agree|confirm|conclude) that (?P<pair>they|(?:the |these "
            r"|both )?(?:two )?[a-z]+s|both|the two)"
            r" (?:are|look) (?:the same|identical) ?(?P<rest>(?::|;|, (?:because|since|as)|because|since"
            r"|as) .*)$"
        ),
        r"\g<pair> are not the same \g<rest>",
    ),
    (re.compile(r"^(?P<before>.{6,120}?),? (?:but|and) that is not all ?[:;.,] ?(?=\w)"), r"\g<before>; "),
    (
        re.compile(
            r"^(?P<all>all|every|each)(?: of)?(?: the)?(?P<what> [\w -]{0,30}?)? ?(?:but|except"
            r"|save)(?: for)? (?:one|two"
            r"|three|a few|some|a single one)(?: of (?:the|them|these)(?: [\w-]+)?)? (?:is|are|look|looks"
            r"|match|matches"
            r"|remain|have|has) (?:the same|identical|unchanged|straight|intact|in place|present|ok|fine|good"
            r"|alike"
            rf"|undamaged|aligned|correct){_END}"
        ),
        "there is one difference in a detail",
    ),
)

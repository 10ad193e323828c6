"""English that holds a thing against its counterpart: "ticked in the first, empty in the second"."""

import re

from kurabe.reading.english.tokens import tokens
from kurabe.reading.english.values import END, FIRST, IMAGE, SECOND, plain_thing
from kurabe.reading.patterns import later
from kurabe.reading.wording import Rule

_TWO = (
    rf"(?:both(?: {IMAGE}s)?|(?:the |these )?two(?: {IMAGE}s)?|the {IMAGE}s|{FIRST} and {SECOND}"
    rf"|{SECOND} and {FIRST})"
)
_SURE = (
    r"(?:exactly |precisely |clearly |perfectly |completely |entirely |fully |visually |really |also |still "
    r"|all |just |indeed |very much |in fact )*"
)
_ANY = (
    r"(?:(?!not\b|no\b|never\b|but\b|except\b|only\b|other\b|without\b|missing\b|apart\b|different\b)"
    r"[\w'-]+(?![\w'-]) ?)"
)
_BE = r"(?:is|are|looks?|appears?|seems?|remains?)"
_PLACE = r"(?:place|position|location|spot|state|condition|way|arrangement|order|orientation|pose|form)s?"


def _is_fault(text: str) -> bool:
    """Say whether words name a defect, and nothing of the light."""
    codes = {word.code for word in tokens(text)}
    return "F" in codes and "E" not in codes


def _each(match: re.Match[str]) -> str:
    return "everything is the same" if plain_thing(match["what"]) else match[0]


_PARTS = later(
    r"\b(?:pins?|housing|cap|lid|label|latch|colou?r|shape|size|edges?|corners?|handle|text|logo|leads?|cable"
    r"|wires?"
    r"|hole|surface|seams?|stitch\w*|background|first|second|left|right|upper|lower|top|bottom|middle|one)\b"
)


def _thing(match: re.Match[str]) -> str:
    """Write "the two are the same" where it is the thing itself that is, and none of its parts."""
    what = match["what"]
    if _PARTS.search(what) or what.rstrip().endswith("s") or not plain_thing(what):
        return match[0]
    return "the two are the same"


_ALL_SOUND = later(
    r"\b(?:no|not|neither|nor|without|free of)\b.*\b(?:no|nor|or|and)\b|^(?:every|each|all)\b"
    r"|\bno (?:\w+ )?defects?\b|\b(?:flawless|faultless|undamaged|immaculate|perfect)\b"
)


def _as_there(match: re.Match[str]) -> str:
    """Write "the two are the same" for "the second has no dents and no cracks, just like the first"."""
    what = tokens(match["what"])
    codes = {word.code for word in what}
    sound = "G" in codes or (codes & set("nowz") and codes & set("FK"))
    if not sound or codes & set("DSsdeJEuM%*^~=|RL") or not any(word.text.startswith("2:") for word in what):
        return match[0]
    return "the two are the same" if _ALL_SOUND.search(match["what"]) else match[0]


COUNTERPARTS: tuple[Rule, ...] = (
    # The one as the other.
    (
        later(
            rf"^(?P<what>(?:every|each|all)(?: of)?(?: the)? [\w -]{{2,40}}?) (?:of|in|on|from|that (?:is"
            rf"|are) (?:present |visible )?(?:in|on)|i"
            rf" (?:can )?see (?:in|on)) {FIRST} (?:can|is|are)(?: also)?(?: be)? (?:found|present|seen|there"
            rf"|visible|shown)"
            rf"(?: again| also)? (?:in|on) {SECOND}(?: too| as well)?(?: ?,? and (?:vice versa"
            rf"|the other way a?round))?{END}"
        ),
        "everything is the same",
    ),
    (
        later(
            rf"^(?P<what>[^,;]{{3,80}}? (?:is|are|looks?|remains?) (?:\w+ly )?(?:the same|identical"
            rf"|unchanged)[^,;]{{0,40}}?) ?,? and so (?:is|are)"
            rf" (?:everything else|all else|the rest)(?: [\w ]{{2,30}})?{END}"
        ),
        lambda match: (
            match[0]
            if re.search(r"\b(?:not|no|never|hardly|almost|nearly)\b", match["what"])
            else "everything is the same"
        ),
    ),
    (
        later(
            rf"^(?:exactly |it is |just )*(?:the )?(?:very )?same (?:thing|picture|scene|object|state"
            rf"|condition|product) in {_TWO}{END}"
        ),
        "the two are the same",
    ),
    (
        later(
            rf"^(?:each|every)(?: \w+)? (?:(?:one )?of (?:them"
            rf"|the) ?)?(?P<what>{_ANY}{{0,5}}?){_SURE}(?:corresponds? to|matches"
            rf"|agrees with|is matched by|equals|has) (?:its|a|an?|the) (?:exact |matching |equal "
            rf"|same )?(?:counterpart"
            rf"|match|equivalent|twin|partner|one)(?: (?:in|on) (?:{FIRST}|{SECOND}))?(?=$| ?[.!,])"
        ),
        _each,
    ),
    (
        later(
            rf"^(?P<what>(?:the |an? )?{_ANY}{{1,4}}?) ?(?:in|on) (?:{FIRST}|{SECOND}) {_SURE}(?:matches"
            rf"|equals|is (?:exactly )?"
            rf"(?:the same as|identical to|equal to|just like|no different from|indistinguishable from)"
            rf"|looks (?:exactly )?(?:"
            rf"like|the same as)|corresponds to|has been (?:\w+ )?(?:exactly |just )like) (?:the (?:one"
            rf"|same \w+)|that|the"
            rf" [\w -]{{2,24}}?|it is)(?: shown| seen)? (?:in|on) (?:{FIRST}|{SECOND}){END}"
        ),
        _thing,
    ),
    (
        later(
            rf"^{_TWO} (?:show|depict|feature|contain|display"
            rf"|present) {_SURE}(?:exactly )?the (?:very |exact"
            rf" )?(?:same|identical) {_ANY}{{1,4}}?(?:in|with {_ANY}{{1,3}}in"
            rf"|at) (?:exactly )?the (?:very )?same {_PLACE}{END}"
        ),
        "the two are the same",
    ),
    (
        later(
            rf"^(?:(?:this|it|these|that) (?:looks? like|is|are|shows?|seems? to be|must be)|(?:i"
            rf"|we) (?:can )?(?:see|have"
            rf" here)|here (?:is|are)|these look like) (?:two|2) (?:\w+ )?(?:shots|images|pictures|photos"
            rf"|photographs|views"
            r"|exposures) of (?:exactly )?(?:one and )?the (?:very )?same (?:\w+ ){0,2}?\w+"
            r"(?: ?, (?:only |just |merely )?(?:taken|shot|photographed|seen|viewed) (?P<how>[\w ]{3,50}))?"
            rf"{END}"
        ),
        "the two are the same",
    ),
    (
        later(
            rf"^(?:it is|this is|it is still) {_SURE}the (?:very )?same (?!\w+s\b){_ANY}{{1,3}}?in"
            rf" {_TWO}{END}"
        ),
        "the two are the same",
    ),
    (
        later(
            rf"^(?:therefore ,? |so ,? |overall ,? )?(?:the )?(?:{SECOND}|suspect|inspected)(?: \w+)? (?:is"
            rf"|looks) (?:every bit |just )?"
            rf"as (?:good|intact|sound|clean|perfect|flawless) as {FIRST}(?: \w+)?{END}"
        ),
        "the two are the same",
    ),
    (
        later(
            rf"^the (?:second|lower|right|other|test) (?P<what>(?!image|picture|photo"
            rf"|part)[\w-]+(?: [\w-]+)?) {_SURE}(?:matches"
            rf"|equals|is|looks|appears) ?(?:exactly |just |precisely |visually |completely )*(?:the same as"
            rf"|identical to|equal to|no different"
            rf" from|indistinguishable from|like|as|a copy of)? (?:the )?(?:first|upper|left|reference"
            rf"|other)(?: one| (?P=what))?{END}"
        ),
        _thing,
    ),
    (
        later(
            rf"^(?P<what>(?:the )?(?:{SECOND}|[\w -]{{3,40}}?)\b.{{4,160}}?) ?,? ?\b(?:just |exactly "
            rf"|precisely |much )?(?:like|as(?: (?:is|are))?) (?:it (?:is"
            rf"|was) |they (?:are|were) )?(?:in |on |with |for )?{FIRST}{END}"
        ),
        _as_there,
    ),
    (later(r"\b(do|does) not equal\b"), r"\1 not match"),
    (
        later(
            r"^i (?:believe|consider|take|hold|judge|find|think|deem) (?:these|them|the two(?: \w+)?"
            r"|both(?: \w+)?) to be (?=the same|identical"
            r"|different|equal|alike)"
        ),
        "they are ",
    ),
    (
        later(
            rf"^(?:they|these|the two) are (?:clearly |obviously |definitely )?different (?!image|picture"
            rf"|photo|view|shot|angle|side|light)"
            rf"[a-z]+s{END}"
        ),
        "the two are different",
    ),
    (
        later(
            rf"^(?:it is|this is) {_SURE}the (?:very )?same (?!type|kind|sort|model|size|colou?r|shape|brand"
            rf"|class|family|make"
            rf"|design|number|thing as|way|in\b|for\b|as\b)[a-z]+{END}"
        ),
        "the two are the same",
    ),
    (
        later(
            r"\b(?:is|are|stands?|sits?) in (?:a )?(?:completely |slightly |clearly "
            r"|very )?different (?:positions?|places?|locations?|orientations?)\b"
            r"(?! (?:of the|from|in both))"
        ),
        "is misplaced",
    ),
    (
        later(
            r"^(?:it|this|that|which) (?:is|was) not (?:an? |just |only |merely "
            r"|the )*(?P<not>[\w -]{3,24}?) ?,? but (?:actually |really |rather )?an?"
            rf" (?P<is>[\w -]{{3,24}}?){END}"
        ),
        lambda match: f"there is a {match['is']}" if _is_fault(match["is"]) else match[0],
    ),
    (
        later(
            rf"^(?:{SECOND}|the second [\w-]+) (?:is|looks|appears to be|seems to be"
            rf"|remains) {_SURE}in (?:exactly )?the (?:very )?same (?:state|condition"
            rf"|shape|order) as (?:{FIRST}|the first(?: one| [\w-]+)?){END}"
        ),
        "the two are the same",
    ),
    # Nothing that the one has and the other has not.
    (
        later(
            rf"^(?:nowhere (?:in|on) {SECOND}(?: \w+)? (?:can|could|do|did) (?:i|we|one) (?:\w+ )?"
            rf"|(?:there is|i (?:can )?(?:"
            rf"find|see|found)|i (?:can|could|do|did) not (?:find|see)|and i find) ?)(?:find |see "
            rf"|spot )?(?:nothing|anything"
            rf"|no \w+|any \w+)(?: (?:in|on) {SECOND}(?: \w+)?)? that (?:is not|i (?:can|do"
            rf"|could) not (?:find|see)|does not"
            rf" (?:appear|exist))(?: also)?(?: (?:there|present|visible|found))? (?:in"
            rf"|on) {FIRST}(?: \w+)?(?: as well"
            rf"| too| also| already)?{END}"
        ),
        "there is no difference",
    ),
    (
        later(
            rf"^no (?:\w+ )?(?:defect|flaw|damage|fault|mark|blemish|anomaly|feature|detail|change)s? (?:is"
            rf"|are|can be"
            rf"|was) (?:visible|seen|present|found|there|to be seen) (?:in|on) {SECOND}(?: \w+)? that (?:is"
            rf"|are|was) not"
            rf" (?:also |already |equally )?(?:there |present |visible |seen |found )?(?:in"
            rf"|on) {FIRST}(?: \w+)?{END}"
        ),
        "there is no difference",
    ),
    (
        later(
            rf"^(?:there is|i (?:see|find)) nothing (?:about|in"
            rf"|on) {SECOND}(?: \w+)? (?:that )?(?:is )?unlike {FIRST}{END}"
        ),
        "there is no difference",
    ),
    (
        later(
            rf"^nothing (?:about|in|on) {SECOND}(?: \w+)? is (?:unlike|different from"
            rf"|other than in) {FIRST}{END}"
        ),
        "there is no difference",
    ),
    (
        later(
            rf"^{_TWO} (?:show|depict|are in|present|capture) (?:two )?(?:different|differing"
            rf"|distinct) (?:states|conditions"
            rf"|versions|variants|things|objects|items|products|parts|situations"
            rf"|stages)(?: of [\w -]{{3,30}})?{END}"
        ),
        "the two are different",
    ),
    (
        later(
            rf"^(?:i (?:can )?see|these are|they are|there are|we have)(?: clearly)? two different (?!image"
            rf"|picture|photo|view"
            rf"|shot|angle|light|time|person|camera|position)[a-z]+s{END}"
        ),
        "the two are different",
    ),
    (
        later(
            r"^(?P<so>(?:so |but |and |yes |no |so , )*)(?:i|we|you|one) (?:would|am|are|was"
            r"|were) (?:be )?(?:hard[- ]pressed|unable"
            r"|at a loss|struggling) to (?:tell|keep|distinguish|name|point (?:out|to)|find|spot|see)"
            r" (?P<what>them apart|the two apart|one from the other|a difference|any difference"
            r"|any differences)"
        ),
        r"\g<so>there is no difference",
    ),
    (
        later(
            r"^(?P<so>(?:but |however ,? |and |yes ,? )*)(?:i|we) (?:can|could|do|did) not (?:\w+ )?(?:see"
            r"|find|spot|locate"
            rf"|make out|detect|notice) (?P<what>the (?!difference|defect|change|same|other\b|second (?:image"
            rf"|picture)|first|whole"
            rf"|image|picture|photo)[\w -]{{2,30}}?) (?:any ?more )?(?:in|on) (?P<where>{SECOND}){END}"
        ),
        lambda match: (
            f"{match['so']}{match['what']} is missing in {match['where']}"
            if plain_thing(match["what"])
            else match[0]
        ),
    ),
    (
        later(
            r"^(?:i|we) can not (?:agree|confirm|conclude) that (?P<pair>they|(?:the |these "
            r"|both )?(?:two )?[a-z]+s|both|the two)"
            r" (?:are|look) (?:the same|identical) ?(?P<rest>(?::|;|, (?:because|since|as)|because|since"
            r"|as) .*)$"
        ),
        r"\g<pair> are not the same \g<rest>",
    ),
    (later(r"^(?P<before>.{6,120}?),? (?:but|and) that is not all ?[:;.,] ?(?=\w)"), r"\g<before>; "),
    (
        later(
            r"^(?P<all>all|every|each)(?: of)?(?: the)?(?P<what> [\w -]{0,30}?)? ?(?:but|except"
            r"|save)(?: for)? (?:one|two"
            r"|three|a few|some|a single one)(?: of (?:the|them|these)(?: [\w-]+)?)? (?:is|are|look|looks"
            r"|match|matches"
            r"|remain|have|has) (?:the same|identical|unchanged|straight|intact|in place|present|ok|fine|good"
            r"|alike"
            rf"|undamaged|aligned|correct){END}"
        ),
        "there is one difference in a detail",
    ),
)

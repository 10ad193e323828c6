"""Statements of the pair in open words: that nothing has been done to a thing, or that something has."""

from functools import lru_cache

from kurabe.reading.english.frames import asserted
from kurabe.reading.english.openly.words import (
    BOTH,
    DIFFERENCE,
    DONE,
    FIRST,
    GONE,
    LIGHT,
    PICTURE,
    SAME,
    SECOND,
    THING,
)
from kurabe.reading.english.tokens import tokens
from kurabe.reading.patterns import later

_LEAD = (
    r"(?:(?:so|hence|thus|therefore|then|and|well|okay|ok|honestly|indeed|overall|in fact"
    r"|as far as i can (?:see|tell|make out)"
    r"|in my (?:opinion|view)|to my eyes?|all in all|on balance|clearly|between the two|in short"
    r"|found it|spotted one"
    r"|understood|compared (?:to|with) (?:before|the [\w -]{3,30})|(?:i|we) (?:find|see|found|note"
    r"|conclude|gather|can say"
    r"|would say|maintain|take it|read it|certify|would certify)(?: that)?|(?:i )?(?:searched|looked"
    r"|hunted|checked|zoomed)[\w ]{3,40} and|having discounted [\w ,]{4,50}"
    r"|with [\w ,-]{4,50} discounted|the [\w ,-]{4,50} notwithstanding"
    r"|in spite of [\w ,-]{4,60})[ ,:!.…]+){0,3}"
)
_ALL = (
    r"(?:it|them|this|that|these|those|any of (?:it|them)|either|both|each|my (?:side|part|view)"
    r"|(?:these|those|both|the two|either|each) [a-z]+|this (?:one|pair|item|part)"
    r"|the (?:two|pair|pictures?|images?|photos?|photographs?|frames?|views?|object|thing|item|part"
    r"|product)(?: [\w-]+){0,2})"
)
_TAIL = (
    rf"(?: (?:here|at all|whatsoever|today|(?:in|on|of|to|about|with|for|between) {_ALL}|{BOTH}"
    rf"|since {FIRST}[\w -]{{0,30}}|so far"
    r"|as far as i can (?:see|tell|make out)))*"
)
_NOBODY = r"(?:nothing|no one|nobody|none(?: of (?:it|them|these|those))?)"
_AFFECTED = r"(?:changed|altered|touched|happened|budged|suffered|tampered)"
_NO = (
    r"(?:no|zero|not (?:a|any|one)(?: single)?|not any (?:kind|sort) of|no (?:kind|sort) of|(?:have"
    r"|got) no|not find(?:ing)? any"
    r"(?: kind of| sort of)?)"
)
_SAME = later(
    rf"{_LEAD}(?:"
    # Nothing to tell.
    rf"(?:there is |i have |i have got |i got |got |found |find |i found |finds? |have |disclose[sd]? "
    rf"|with |has |had )?(?:nothing|nada|zilch"
    rf"|no {DIFFERENCE}|zero {DIFFERENCE})(?: left| more| else)?"
    r"(?: (?:to (?:flag|report|list|note|record|tell (?:them|one|these) (?:apart|from the other)"
    r"|set them apart)"
    r"|that (?:would|could|might|can) (?:tell|set|keep|qualify|count) [\w' -]{3,60}|of (?:the"
    r"|that) (?:kind|sort)|new|amiss))?"
    rf"{_TAIL}"
    rf"|(?:there is |i am |i have |we |i |the exhibits |the pictures )?(?:not )?(?:see|seeing|find"
    rf"|finding|record|spot|have|got|disclose"
    rf"|show|present|exhibit)?(?: any| no| not any)(?: kind of| sort of)? {DIFFERENCE}{_TAIL}"
    # Nothing was done.
    rf"|(?:ai not |is not )?{_NOBODY} (?:has |have |had |is |was |are |were )?(?:been "
    rf"|ever )?{_AFFECTED}(?: (?:with|to) (?:it|them|this|the [\w -]{{3,30}}))?{_TAIL}"
    rf"|(?:but |and )?(?P<thing>{THING}) (?:has|have|is|are|was|were|did|does|do) (?:not|neither"
    rf"|never) (?:been |ever )?(?:{DONE}"
    rf"|budge|move|change|grow|shrink|differ|different)(?: (?:at all|one bit|an inch|apart"
    rf"|since {FIRST}[\w -]{{0,30}}|its \w+"
    rf"|any|either|by [\w -]{{2,20}}))?{_TAIL}"
    rf"|(?:it|the {THING}) has changed neither (?:its|the) [\w -]{{2,20}} nor (?:its|the) [\w -]{{2,20}}"
    rf"|(?:it|they|the {THING}) (?:is"
    rf"|are) neither [\w-]+(?: [\w-]+)? nor [\w-]+(?: [\w-]+)?(?: nor [\w -]{{2,30}})?(?: than (?:it"
    rf"|they) (?:was|were)| {_TAIL})"
    rf"|(?:it|they) (?:is|are) not different|nothing (?:here )?is a {DIFFERENCE}(?: here)?"
    rf"|there are not any {DIFFERENCE} to be found[\w ]*"
    r"|(?:this|the) (?P<state>[\w -]{3,30}) is in the (?:condition|state|place) (?:it|they) (?:was|were) in"
    rf"|(?:the two|both|these|the)(?: {PICTURE})? (?:depict|show|display"
    rf"|portray)s? the same [\w -]{{3,30}}(?: under [\w -]{{3,30}}{LIGHT})?,? with .{{3,90}}"
    r" (?:remaining|staying|being|all) (?:consistent|unchanged|the same|identical)"
    # As it was.
    rf"|(?P<kept>{THING}) (?:is|are|has|have|remains?|stays?|was|were|retains?|looks?)(?: (?:still|all"
    rf"|just|both|remained|stayed))*"
    rf" (?:as (?:it|they) (?:was|were|is|are)(?: {FIRST})?|(?:exactly )?where (?:it|they) (?:was|were"
    rf"|used to be)|{SAME}(?: as (?:ever|before|it was))?"
    r"|consistent|as before|what (?:it|they) (?:was|were)|like before|unharmed and the same as ever"
    r"|put)(?: in (?:both|either|every|all|each)[\w ]{0,20})?"
    # The same thing.
    rf"|(?:it is |its |this is |these are |they are |we have |here we have |still )?(?:exactly "
    rf"|just )?(?:the )?(?:very )?same (?P<what>[\w -]{{2,40}}?)"
    rf"(?:,? (?:and )?(?:the )?same [\w -]{{2,30}})*(?:,? in the same state)?(?:,? {BOTH})?"
    rf"|{THING} (?:exhibits?|shows?|displays?|is in|are in) (?:full|complete|perfect"
    rf"|total) (?:conformity|agreement|accord|correspondence)"
    rf" (?:with|to) (?:the )?(?:baseline|reference|first|master|each other|one another)[\w -]*"
    r"|like two peas in a pod|no news|(?:a|it|they|the two|these|those|both) ?(?:=|equals?) ?(?:b"
    r"|each other)?|a and b (?:are|match|agree|be)"
    r"(?: (?:equal|the same|identical|alike|fully))?|(?:they|these|the two)(?: [\w-]+)? (?:cannot"
    r"|can not|could not) be (?:called|said to be"
    r"|considered|termed) different"
    rf"|(?P<adj>[\w-]+), both the same way|both (?P<both>[\w-]+), both the same(?: way)?"
    rf"|i would not count (?:that|it|this)(?: as a difference)?|(?:not"
    rf"|nothing) a {DIFFERENCE} by (?:your|the|that) (?:definition|rules|standard)s?"
    rf"|(?:therefore|so|hence|thus) they are not different|virtually (?:identical"
    rf"|indistinguishable) apart from (?:a |the |some )?[\w -]{{0,24}}{LIGHT}[\w #-]{{0,20}}"
    rf"|(?:all|whatever|everything|what(?: is| has)?|the only thing)(?: that)?(?: is"
    rf"| has)?(?: changed?| different| differs?)(?: in the image)? (?:has to do with|is down to"
    rf"|is due to|comes from|is) (?:the |a )?[\w -]{{0,20}}{LIGHT}[\w -]{{0,30}}"
    r")"
)
_DIFFERENT = later(
    rf"{_LEAD}(?:"
    rf"(?:but |and |yet )?(?P<thing>{THING}) (?:is|are|has|have|was|were|got|went)(?: (?:now|been|just"
    rf"|since|clearly|plainly|completely))* (?:{GONE})"
    rf"(?: (?:in|on|from|at) {SECOND}| (?:between|since) (?:the )?[\w -]{{3,30}}| (?:there"
    rf"|here)(?: in {SECOND})?| now| afterwards| by [\w ]{{3,20}})?"
    rf"|(?P<fell>{THING}) (?:fell off|fell out|came off|came loose|came undone|popped off|broke off"
    rf"|went missing|snapped off|dropped off|slipped off|blew)"
    rf"(?: (?:in|on|from|at) {SECOND}| (?:between|since) (?:the )?[\w -]{{3,30}}| now)?"
    rf"|what (?:used to be|was|once was|had been) [\w ,'-]{{3,50}} (?:is|has become|has turned into"
    rf"|became|turned into)(?: now)? [\w ,'-]{{3,60}}"
    rf"|(?P<grown>{THING}) (?:grew|has grown|have grown|has got (?:bigger|larger|longer|wider|deeper)"
    rf"|has (?:worsened|spread|widened|deepened|shrunk|doubled)|got (?:bigger|longer|wider))"
    rf"(?: (?:in|by|since|between) [\w -]{{3,40}})?"
    rf"|(?:it|the {THING})(?: has| 's)?(?: got)?(?: now)?(?: got)? (?:a|an) (?:second|another|new"
    rf"|additional|extra|further|third) (?P<more>[\w -]{{3,40}}?)(?: now)?(?: (?:by|near|on|above"
    rf"|below|beside)"
    r" [\w -]{3,40})?"
    rf"|(?:there is |i see |a |an |the )(?P<odd>{THING}) (?:that|which) (?:was not|were not|is not"
    rf"|are not) (?:there|in {FIRST}|on {FIRST}|present)(?: (?:before|in {FIRST}))?"
    rf"|{THING} (?:that|which) (?:the other|{FIRST}) (?:\w+ )?(?:does not have|has not got|lacks"
    rf"|did not have|had not)"
    r"|someone has \w+ed it|something has happened to (?:it|the [\w -]{3,30})"
    r"|(?:a|the) (?:real |physical )?difference (?:exists|there is)|there is a difference"
    r"|(?:i would )?sort these into separate bins|into separate bins|(?:they|these|the two) (?:are"
    r"|is) (?:unequal|not alike)"
    rf"|(?P<shut>[\w' -]{{3,40}}): (?P<was>[\w-]+), then (?P<then>[\w-]+)"
    r"|a ?(?:≠|!=|<>)[ ]?b"
    r")"
)
_CONCLUDES = later(
    r"(?:so|hence|thus|therefore|overall|all in all|in short|(?:i|we) (?:conclude|gather|can say"
    r"|would say|maintain|certify|would certify)"
    r"|compared (?:to|with)|understood)\b"
)
_WHOLE = later(
    r"(?:it|they|these|those|both(?: of them)?|the two(?: [\w-]+)?|the pair|everything|all(?: of it)?"
    r"|the (?:thing|object|part|item|product|condition|model)(?: itself)?)"
)
"""What stands for the whole; of a part alone a sameness decides only where it is a conclusion."""
_LONGEST = 160
"""Letters of a sentence that is one statement; a longer one is cut into clauses."""
_NEVER = later(
    r"\b(?:if|whether|unless|would|could|might|may|maybe|perhaps|seems?|seemed|appears?"
    r"|looks? (?:like|as)|thought|expect\w*|said|says|told|claim\w*|alleg\w*|somebody|report\w*"
    r"|insist\w*|rumou?r\w*"
    r"|suppose|imagine|ought|should|must have|doubt\w*|hardly|barely|scarcely|almost|nearly|except"
    r"|apart|aside|only|but for|besides|other than"
    r"|until|before i|not sure|notion|idea|rumou?r)\b|\?"
)
_REPORTS = later(
    r"\b(?:fail|guess|normally|usually|often|in the past|that|say|think|hope|fear|wish|suspect"
    r"|assumed?|pretend|suppos\w*|possibl\w+|conceivabl\w+|next time|refuse|hesitate|wanted"
    r"|inaccurate|people|let us)\b(?! (?:was|is|were|are|the other|ran|runs)\b)"
)
_DENIES = later(r"\b(?:no|none|not|nothing|neither|never|without|nor|nobody)\b")
_LIT = later(rf"\b{LIGHT}\b")
_SHARED = later(BOTH)
_PART_ONLY = later(rf"\b(?:lighting|exposure|background|noise|{LIGHT})\b")


@lru_cache(maxsize=4096)
def states_same(text: str) -> bool:
    """Say whether a sentence states in one of these frames that nothing of the thing has changed."""
    text = text.strip(" .!")
    match = _SAME.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return False
    body = (
        text.replace("apart from", "")
        .replace("as far as i", "")
        .replace("would tell", "")
        .replace("that would", "")
    )
    named = " ".join(filter(None, (match["thing"], match["kept"], match["what"])))
    if match["what"] and not (
        text.count("same ") > 2 or "in the same state" in text or _CONCLUDES.match(text)
    ):
        return False
    if (match["thing"] or match["kept"]) and not (_CONCLUDES.match(text) or _WHOLE.fullmatch(named)):
        return False
    return not _NEVER.search(body) and not (named and _PART_ONLY.search(named))


@lru_cache(maxsize=4096)
def states_different(text: str) -> bool:
    """Say whether a sentence states in one of these frames that something has been done to the thing."""
    text = text.strip(" .!")
    match = _DIFFERENT.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None or _NEVER.search(text) or _SHARED.search(text) or _REPORTS.search(text):
        return False
    if not asserted(tokens(text)):
        return False
    if match["shut"]:
        return match["was"] != match["then"]
    if _DENIES.search(
        " ".join(filter(None, (match["thing"], match["grown"], match["fell"], match["more"], match["odd"])))
    ):
        return False
    return not _LIT.search(
        " ".join(filter(None, (match["thing"], match["grown"], match["fell"], match["more"])))
    )

"""English statements that the two pictures differ, and what may take such a statement back.

"Different" is turned round by less than "same" is: by what says that all is the same, that it was the light,
that it is usual or does not count, or by a doubt. Whatever else an answer describes leaves it standing.
"""

import re
from functools import lru_cache

from kurabe.reading.english.anew.apart import set_apart_by
from kurabe.reading.english.anew.conclusions import ANY_DIFF, PAIR, SAME, same
from kurabe.reading.english.anew.pieces import one_side, without_lead
from kurabe.reading.english.compounds import Word
from kurabe.reading.english.frames import asserted, comments, judged, taken_back
from kurabe.reading.english.tokens import side_of, tokens
from kurabe.reading.patterns import later

_FAULT = (
    r"(?:(?:[\w-]+ ){0,2}?(?:fault|defect|flaw|deviation|difference|change|nonconformity|anomaly|damage"
    r"|discrepancy))"
)
_CALLS = r"(?:consider|call|count|regard|rate|treat|take|see|judge|class|classify|deem|count)"
_PART = r"(?:part|unit|item|piece|specimen|sample|product|one|component|lot|second [\w-]+|test [\w-]+)"
_FIRST = r"(?:the )?(?:first|upper|left|top|reference|other|good|original)(?: [\w-]+){0,2}"
_DIFFERENT = later(
    r"(?:there (?:is|are|must be)|(?:i|we|you) (?:can )?(?:see|find|notice|found|see here)|it is"
    r"|it has|that is|this is|here is|we have) (?:definitely |clearly |indeed )?"
    rf"(?:a|an|one|some|two|three|several|the) {ANY_DIFF}(?: (?:here|between|in|on|at|from"
    r"|near|around|along)\b[^;]*)?"
    rf"|(?:a|an|one|some|two) {ANY_DIFF} (?:can be|could be|is|was|has been|are|were) (?:established"
    r"|found|seen|made out|detected|observed|visible|noted|identified|present|spotted|evident)\b[^;]*"
    rf"|{PAIR} (?:clearly |certainly |definitely )?(?:are|do|is|does|can|did) (?:clearly |certainly "
    rf"|definitely )?(?:not|no longer) (?:be |look |seem |quite |exactly )*(?:{SAME}|match|agree"
    r"|correspond|coincide|tally)"
    r"(?: in (?:one|two|every|all) \w+)?(?: any ?more| at all| then)?"
    rf"|(?:there is no way|in no way|by no means|no chance)(?: that)? (?:are )?{PAIR}(?: (?:are|can be"
    rf"|could be|is))? (?:the )?{SAME}"
    r"|(?:you|one|i|we|nobody|no one) (?:can|could) (?:not |)(?:possibly |really |honestly )?(?:say"
    r"|claim|maintain|pretend|call|state|speak)(?: that| of)? (?:nothing has changed"
    rf"|there is no {ANY_DIFF}"
    rf"|no {ANY_DIFF}|{PAIR} (?:are |is )?(?:the )?{SAME}|nothing (?:is|was) (?:different"
    r"|wrong))(?: here)?,? (?:given|considering|in view of|because of|with|what with) (?:the|an?|that"
    r"|this|one) [^;]+"
    r"|what (?:separates|distinguishes|sets|tells|differs|has changed|changed|is different|is new"
    r"|is wrong|strikes me|stands out|gives it away)\b[\w ]{0,30}? is (?!the same|not\b|nothing"
    r"|only)[^;]*"
    rf"|(?:the |this |that |test |second )*{_PART}? ?(?:is |was |has been |must be |should be |to be "
    r"|is to be )?(?:rejected|scrapped|refused|sorted out|failed|not accepted)"
    r"|(?:the |this |that )*(?:test )?(?:part|unit|item|piece|specimen|sample) (?:fails|failed"
    r"|does not pass|did not pass|is not (?:ok|acceptable|good)|is bad|is defective"
    r"|is faulty)(?: (?:the )?(?:test|inspection|check))?"
    r"|the (?:only|one|single) (?:thing|point|detail|aspect|item|spot) (?:that )?(?:i|we|one) (?:would"
    r"|can|could|have to|must|will) (?:flag|report|mention|criticise|criticize|fault|point out|note"
    r"|object to|complain about|mark)(?: here)? is (?!that nothing)[^;]*"
    r"|(?:reject|scrap|fail|refuse|quarantine|ng|nok|bad part)"
    r"|(?:i|we) (?:would|will|must|have to|would have to|shall) (?:reject|scrap|stop|flag|refuse"
    rf"|sort out|not (?:pass|accept|release|let))(?: (?:this|it|the|that)(?: [\w-]+){{0,2}})?(?: here"
    r"| pass| through)?"
    r"|(?:that|this|it|which|here) (?:is|counts as|makes|amounts to|constitutes|would be) (?:clearly "
    rf"|definitely |indeed |certainly |surely )?(?:the|a|an|one|my) {_FAULT}(?: (?:for me|to me|here"
    r"|in my (?:eyes|view|book)))?"
    rf"|(?:which )?(?:i|we) (?:would |do )?{_CALLS} (?:this|that|it|these)? ?(?:to be |as |is "
    rf"|for )?(?:a|an|the) {_FAULT}"
    r"|(?:that|this|it) is (?:something|a thing|what|a detail|one thing) (?:that "
    rf"|which )?{_FIRST} (?:does not have|do not have|has not|lacks?|does not show|is without"
    r"|did not have|has not got)"
    r"|(?:someone|somebody|something|someone or something)(?: has| have)? (?:changed|altered|replaced"
    r"|removed|damaged|scratched|broken|bent|left|moved|swapped|cut|added|taken|drawn|spilt"
    r"|torn)\b[^;]*"
)
_NOT_THE_LIGHT = later(
    r"(?:(?:and|but) )?(?:which|this|that|it) is (?:not|nothing)(?: something| a thing| anything"
    r"| what)? (?:that |which )?[\w ,]{0,50}(?:would|could|can|might) (?:cause|explain|account for|do"
    r"|produce|bring about|make)"
    r"|(?:and |but )?(?:neither|no|not even) [\w ,]{0,40}(?:light\w*|shadow|shift|angle|camera|noise"
    r"|reflection)[\w ,]{0,30}(?:would|could|can) (?:cause|explain|account for|do|produce"
    r"|bring about) (?:it|this|that)"
    r"|(?:and |but )?(?:this|that|it) is (?:not|no) (?:a |an |the )?(?:matter of |effect of |trick of "
    r"|result of |just |only |mere |due to |dirt |dust )*(?:the )?(?:light\w*|shadow|shift|angle"
    r"|camera|noise|reflection|on my picture|on the lens)\b.*"
)
_MAY_TURN_BACK = later(
    r"\b(?:might|may|maybe|perhaps|possibl\w+|could|would|should|if|whether|unless|shadows?"
    r"|reflections?|glare|noise|exposure|lighting|camera|lens|normal\w*|usual|natural\w*|variations?"
    r"|var(?:y|ies)|tolerances?|ignor\w+|disregard\w*|count|counts|counted|harmless|irrelevant"
    r"|wrong\w*|false|mistake\w*|actually|wait|claims?|claimed|said|says?|reports?|hear|heard|told"
    r"|thought|think|suppos\w+|seem\w*|appear\w*"
    r"|both|either|neither|each|also|too|as well|likewise|again|same|identical|alike|match\w*|agree\w*"
    r"|no|not|nothing|none|without|unchanged|equal\w*|doubt\w*|unclear|uncertain|sure|look(?:s"
    r"|ed)? like"
    r"|kidding|joking|incorrect|untrue|scratch that|absurd|nonsense|at first|glance|initially"
    r"|expect\w*|imagin\w*|illusion|optical|blur\w*|background|unlikely"
    r"|hardly|dust on|background|elsewhere|other than|except|despite|still|guess|typical|common"
    r"|possible|potential)\b"
)
"""What may call off a difference that was stated, or say that it is one of both."""
_SUPPOSES = later(
    r"(?:assuming|supposing|provided|providing|granted|were|had|but for|given that|unless|suppose"
    r"|should|in case)\b"
    r"|.*\b(?:provided|assuming|were it not|unless|if|whether)\b"
)
"""What makes a statement hold only if something else does."""
_OF_A_KIND = later(r"\bsame (?:sort|kind|type|model|make|brand|series|class|design|product|family)\b")


def supposed(text: str) -> bool:
    """Say whether a piece only supposes: "provided the pictures are right"."""
    return _SUPPOSES.match(text) is not None


@lru_cache(maxsize=4096)
def different(text: str) -> bool:
    """Say whether a piece states that the two differ, or that the second is not in order."""
    bare = without_lead(text)
    if set_apart_by(text) or set_apart_by(bare):
        return True
    for one in (text, bare):
        if _DIFFERENT.fullmatch(one):
            codes = {word.code for word in tokens(one)}
            return not codes & set("EN") or bool(codes & set("QF"))
    bare = _ASKEW.sub("askew", bare)
    return set_apart(
        tokens(_ON_THE_SIDE.sub(r"the \1 in the \2 picture", bare) if " than " in bare else bare)
    ) or has_become(bare)


_ASKEW = later(r"\bat an? (?:\w+ )?(?:angle|slant|tilt)\b")
_ON_THE_SIDE = later(r"\bthe ([\w-]+) on the (left|right)\b(?! (?:side|edge|corner|of|hand|end|half))")


_TAKEN = (
    r"(?:taken|shot|photographed|captured|cropped|placed|positioned|arranged|rendered|made|zoomed|lit"
    r"|included|used|shown|given|seen|found|been|had|got|the|a|an|its|their|no|not"
    r"|compared|examined|inspected|checked|viewed|recorded|identified|noted|observed|described|passed"
    r"|kept|remained|stayed|retained|exposed|tested|measured|one|two|three|four|five|six|seven|eight"
    r"|nine|ten)"
)
_PERFECT = later(
    r"\b(?:has|have) (?:now |clearly |visibly |partly |completely "
    rf"|apparently )?(?:been )?(?!{_TAKEN}\b)(?:[a-z]{{2,}}(?:ed|en|wn|rn|pt|ft|nt|un|ug|ung|unk)|come"
    r"|gone|run|cut|split|burst|lost|slid|stuck|left|got|become|set|shut|hit|put|sat|stood|lain) ?"
    r"(?!to (?:the|a) (?:picture|image))"
)
_NOW = later(r"\bnow (?!(?:and|that|the|i|we|for|to|on|is the)\b)\w+(?:s|ed)\b")
_FEWER = later(
    r"\b(?:one|two|three|four|\d|a) [\w-]+ (?:fewer|less|too (?:many|few)|more)\b(?! than)|\b(?:one"
    r"|two|three|\d) too (?:many|few)\b|\ba second [\w-]+ (?:too many)\b"
)
_NOT_THERE = later(
    r"(?:(?!\b(?:no|not|nothing|neither|both|each)\b)[^;]){0,60}?\b(?:has|have|shows?|with|is|are"
    r"|bears?|carries|there is|there are|see|find"
    r"|found|detected|noticed|spotted|discovered) (?:a|an|one|two|some|the)\b[^;]{2,80}? (?:that"
    r"|which) (?:is (?:not|missing|absent|lacking) (?:there )?(?:in|on|from) )?(?:the )?(?:first"
    r"|reference|master|upper|left|other|good|original|golden sample)"
    r"(?: [\w-]+){0,2}(?: (?:does not|do not|did not|has not|have not|lacks?|is without"
    r"|has not got)(?: (?:have|show|got|possess|exhibit))?)?"
)


_RELATIVE = later(
    r" (?:that|which) (?:the )?(?:first|reference|master|upper|left|other|good|original"
    r"|golden sample)\b[\w ]*$"
)


_COMPARED = later(
    r"^(?:when |as )?(?:compared|in comparison|relative|in contrast) (?:with|to) (?:the )?(?:first|reference"
    r"|earlier"
    r"|original)(?: \w+)?,? "
)
_DONE_TO = later(
    r"\b(?:has|have) been (?:flipped|closed|opened|pushed|pulled|squeezed|pressed|rotated|swapped|replaced"
    r"|removed|lifted"
    r"|inverted|reversed|shortened|snapped|knocked|prised|pried|tipped|unscrewed|undone|untied|unplugged"
    r"|crushed|pierced"
    r"|exchanged|taken out|taken off|torn|broken|bent|cut off|cut through|shifted out|filled in"
    r"|painted over)\b"
)


def has_become(text: str) -> bool:
    """Say whether a sentence tells what has been done to a thing in the second picture, in the perfect."""
    text = _COMPARED.sub("in the second picture ", text)
    words = tokens(text)
    codes = "".join(word.code for word in words)
    if not asserted(tokens(_RELATIVE.sub("", text))):
        return False
    if set("nowzENuM%*SsJdeDKLB|O").intersection(
        codes.replace("n", "") if _NOT_THERE.fullmatch(text) else codes
    ) and not _NOT_THERE.fullmatch(text):
        return False
    if not leaves_standing(_NOT_THERE.sub(" ", text)):
        return False
    sides = {side_of(word) for word in words if word.code == "I"}
    told = re.search(r"\b(?:lacks?|not|without|missing|absent)\b", text)
    if _NOT_THERE.fullmatch(text) and told:
        return 1 in sides or bool(
            re.search(r"\b(?:master|golden sample|reference|good|original|other|first)\b", text)
        )
    if set("EN").intersection(codes) or _OF_PICTURE.match(text):
        return False
    if sides == {2}:
        return bool(_PERFECT.search(text) or _NOW.search(text) or _FEWER.search(text))
    return not sides and bool(_NOW.search(text) or _DONE_TO.search(text)) and "i" not in codes


_OF_PICTURE = later(
    r"(?:the )?(?:second|lower|right|bottom|test|other|last)? ?(?:image|picture|photo|photograph|view"
    r"|shot|camera|viewpoint)\b(?!'s)"
)


@lru_cache(maxsize=4096)
def leaves_standing(text: str) -> bool:
    """Say whether a sentence cannot take back a difference that is stated beside it."""
    if taken_back(text) or comments(text) or judged(tokens(text)) or _SUPPOSES.match(text):
        return False
    kind = _OF_A_KIND.search(text) is not None and not same(text)
    bare = _OF_A_KIND.sub(" ", text) if kind else text
    bare = re.sub(
        r"\bboth (?:are|show|pictures show|images show) (?:an? |the )?(?!same|identical|un)", " ", bare
    )
    return _NOT_THE_LIGHT.fullmatch(text) is not None or not _MAY_TURN_BACK.search(_FAULTLESS.sub(" ", bare))


_FAULTLESS = later(
    r"\b(?:not (?:cut|closed|fully|properly|seated|inserted|tightened|soldered|attached|straight"
    r"|complete|flush|connected)|no longer|too (?:few|many)|without (?:a|its|the) \w+|(?:has|have|with"
    r"|shows?) no \w+"
    r"|(?:are|is) fine|is ok|are ok|could be established)\b"
)
_MORE_OR_LESS = later(r"\b(?:fewer|more|less|one more|one fewer)\b")


def set_apart(words: list[Word]) -> bool:
    """Say whether numbers, or a "more" or "fewer", set the two pictures apart."""
    kept = [word for word in words if word.code not in "rya"]
    codes = "".join(word.code for word in kept)
    sides = [side_of(word) for word in kept if word.code == "I"]
    if set(sides) != {1, 2} or len(sides) != 2 or set("nowzENuM%*SsJdeDK|B").intersection(codes):
        return False
    between = kept[codes.index("I") + 1 : codes.rindex("I")]
    if any(word.text == "than" for word in between) and _MORE_OR_LESS.search(
        " ".join(word.text for word in between)
    ):
        return bool(set("QxF").intersection(word.code for word in between))
    counts = [word.text for word in kept if word.code == "q" and word.text not in ("one", "single")]
    named = [word for word in kept if word.code in "QxF"]
    return (
        len(counts) == 2
        and counts[0] != counts[1]
        and bool(named)
        and re.search("q.*I.*q.*I|I.*q.*I.*q", codes) is not None
    )


_BACK = later(r"\b(?:it|they|this|that|those)\b")
_FILLS = frozenset("ryapcbkhTmiIl,.;:")


def opposed(before: str, text: str) -> bool:
    """Say whether two statements, each of one picture, tell of the same thing, and not alike.

    The second must go back to the thing of the first by a pronoun, or by leaving it out.
    """
    if {one_side(before), one_side(text)} != {1, 2} or not (
        leaves_standing(before) and leaves_standing(text)
    ):
        return False
    if re.match(r"(?:and |but )?(?:so|likewise|just as)\b", text):
        return False  # "so it is in the first"
    if re.search(r"\b(?:one|either|each) (?:image|picture|photo\w*|of)|\bin one\b", f"{before} {text}"):
        return False
    words, known = tokens(text), tokens(before)
    if any(word.code in "ENSsJnowzBRdeDKuM%*" for word in (*words, *known)):
        return False
    told = {word.text for word in words if word.code not in _FILLS and not _BACK.fullmatch(word.text)}
    named = {word.text for word in known if word.code not in _FILLS}
    numbers = [{word.text for word in one if word.code == "q"} for one in (words, known)]
    if all(numbers) and not numbers[0] & numbers[1] and len(told) <= 3:
        return True
    new = told - named
    return bool(new) and len(told) <= 3 and _BACK.search(text) is not None

"""English statements that the two pictures differ, and what may take such a statement back.

"Different" is turned round by less than "same" is: by what says that all is the same, that it was the light, that
it is usual or does not count, or by a doubt. Whatever else an answer describes leaves it standing.
"""

import re

from kurabe.reading.english.anew.conclusions import ANY_DIFF, PAIR, SAME, same
from kurabe.reading.english.anew.pieces import without_lead
from kurabe.reading.english.compounds import Word
from kurabe.reading.english.tokens import side_of, tokens

_FAULT = r"(?:(?:[\w-]+ ){0,2}?(?:fault|defect|flaw|deviation|difference|change|nonconformity|anomaly|damage|discrepancy))"
_CALLS = r"(?:consider|call|count|regard|rate|treat|take|see|judge|class|classify|deem|count)"
_PART = r"(?:part|unit|item|piece|specimen|sample|product|one|component|lot|second [\w-]+|test [\w-]+)"
_FIRST = r"(?:the )?(?:first|upper|left|top|reference|other|good|original)(?: [\w-]+){0,2}"
_DIFFERENT = re.compile(
    rf"(?:there (?:is|are|must be)|(?:i|we|you) (?:can )?(?:see|find|notice|found|see here)|it is|it has|that is|this is|here is|we have) (?:definitely |clearly |indeed )?"
    rf"(?:a|an|one|some|two|three|several|the) {ANY_DIFF}(?: (?:here|between|in|on|at|of|to|with|from|near|around|along)\b[^;]*)?"
    rf"|(?:a|an|one|some|two) {ANY_DIFF} (?:can be|could be|is|was|has been|are|were) (?:established|found|seen|made out|detected|observed|visible|noted|identified|present|spotted|evident)\b[^;]*"
    rf"|{PAIR} (?:clearly |certainly |definitely )?(?:are|do|is|does|can|did) (?:clearly |certainly |definitely )?(?:not|no longer) (?:be |look |seem |quite |exactly )*(?:{SAME}|match|agree|correspond|coincide|tally)"
    r"(?: in (?:one|two|every|all) \w+)?(?: any ?more| at all| then)?"
    rf"|(?:there is no way|in no way|by no means|no chance)(?: that)? (?:are )?{PAIR}(?: (?:are|can be|could be|is))? (?:the )?{SAME}"
    rf"|(?:you|one|i|we|nobody|no one) (?:can|could) (?:not |)(?:possibly |really |honestly )?(?:say|claim|maintain|pretend|call|state|speak)(?: that| of)? (?:nothing has changed|there is no {ANY_DIFF}"
    rf"|no {ANY_DIFF}|{PAIR} (?:are |is )?(?:the )?{SAME}|nothing (?:is|was) (?:different|wrong))(?: here)?(?:,? (?:given|considering|in view of|because of|with|what with) [^;]+)?"
    r"|what (?:separates|distinguishes|sets|tells|differs|has changed|changed|is different|is new|is wrong|strikes me|stands out|gives it away)\b[\w ]{0,30}? is (?!the same|not\b|nothing|only)[^;]*"
    rf"|(?:the |this |that |test |second )*{_PART}? ?(?:is |was |has been |must be |should be |to be |is to be )?(?:rejected|scrapped|refused|sorted out|failed|not accepted)"
    r"|(?:reject|scrap|fail|refuse|quarantine|ng|nok|bad part)"
    rf"|(?:i|we) (?:would|will|must|have to|would have to|shall) (?:reject|scrap|stop|flag|refuse|sort out|not (?:pass|accept|release|let))(?: (?:this|it|the|that)(?: [\w-]+){{0,2}})?(?: here| pass| through)?"
    rf"|(?:that|this|it|which|here) (?:is|counts as|makes|amounts to|constitutes|would be) (?:clearly |definitely |indeed |certainly |surely )?(?:the|a|an|one|my) {_FAULT}(?: (?:for me|to me|here|in my (?:eyes|view|book)))?"
    rf"|(?:which )?(?:i|we) (?:would |do )?{_CALLS} (?:this|that|it|these)? ?(?:to be |as |is |for )?(?:a|an|the) {_FAULT}"
    rf"|(?:that|this|it) is (?:something|a thing|what|a detail|one thing) (?:that |which )?{_FIRST} (?:does not have|do not have|has not|lacks?|does not show|is without|did not have|has not got)"
    r"|(?:someone|somebody|something|someone or something)(?: has| have)? (?:changed|altered|replaced|removed|damaged|scratched|broken|bent|left|moved|swapped|cut|added|taken|drawn|spilt|torn)\b[^;]*"
)
_NOT_THE_LIGHT = re.compile(
    r"(?:(?:and|but) )?(?:which|this|that|it) is (?:not|nothing)(?: something| a thing| anything| what)? (?:that |which )?[\w ,]{0,50}(?:would|could|can|might) (?:cause|explain|account for|do|produce|bring about|make)"
    r"|(?:and |but )?(?:neither|no|not even) [\w ,]{0,40}(?:light\w*|shadow|shift|angle|camera|noise|reflection)[\w ,]{0,30}(?:would|could|can) (?:cause|explain|account for|do|produce|bring about) (?:it|this|that)"
    r"|(?:and |but )?(?:this|that|it) is (?:not|no) (?:a |an |the )?(?:matter of |effect of |trick of |result of |just |only |mere |due to |dirt |dust )*(?:the )?(?:light\w*|shadow|shift|angle|camera|noise|reflection|on my picture|on the lens)\b.*"
)
_MAY_TURN_BACK = re.compile(
    r"\b(?:might|may|maybe|perhaps|possibl\w+|could|would|should|if|whether|unless|shadows?|reflections?|glare|noise|exposure|lighting|camera|lens|normal\w*|usual|natural\w*|variations?"
    r"|var(?:y|ies)|tolerances?|ignor\w+|disregard\w*|count|counts|counted|harmless|irrelevant|wrong\w*|false|mistake\w*|actually|wait|claims?|claimed|said|says|told|thought|think|suppos\w+|seem\w*|appear\w*"
    r"|both|either|neither|each|also|too|as well|likewise|again|same|identical|alike|match\w*|agree\w*|no|not|nothing|none|without|unchanged|equal\w*|doubt\w*|unclear|uncertain|sure|look(?:s|ed)? like"
    r"|at first|glance|initially|expect\w*|imagin\w*|illusion|optical|blur\w*|background|unlikely|hardly|dust on|background|elsewhere|other than|except|despite|still|guess|typical|common|possible|potential)\b"
)
"""What may call off a difference that was stated, or say that it is one of both; what has none of it cannot."""
_OF_A_KIND = re.compile(r"\bsame (?:sort|kind|type|model|make|brand|series|class|design|product|family)\b")


def different(text: str) -> bool:
    """Say whether a piece states that the two differ, or that the second is not in order."""
    bare = without_lead(text)
    for one in (text, bare):
        if _DIFFERENT.fullmatch(one):
            codes = {word.code for word in tokens(one)}
            return not codes & set("EN") or bool(codes & set("QF"))
    return set_apart(tokens(bare))


def leaves_standing(text: str) -> bool:
    """Say whether a sentence cannot take back a difference that is stated beside it."""
    kind = _OF_A_KIND.search(text) is not None and not same(text)
    bare = _OF_A_KIND.sub(" ", text) if kind else text
    bare = re.sub(r"\bboth (?:are|show|pictures show|images show) (?:an? |the )?(?!same|identical|un)", " ", bare)
    return _NOT_THE_LIGHT.fullmatch(text) is not None or not _MAY_TURN_BACK.search(_FAULTLESS.sub(" ", bare))


_FAULTLESS = re.compile(
    r"\b(?:not (?:cut|closed|fully|properly|seated|inserted|tightened|soldered|attached|straight|complete|flush|connected)|no longer|without (?:a|its|the) \w+|(?:has|have|with|shows?) no \w+"
    r"|(?:are|is) fine|is ok|are ok|could be established)\b"
)
_MORE_OR_LESS = re.compile(r"\b(?:fewer|more|less|one more|one fewer)\b")


def set_apart(words: list[Word]) -> bool:
    """Say whether numbers, or a "more" or "fewer", set the two pictures apart: "four … the first … three … the second"."""
    kept = [word for word in words if word.code not in "rya"]
    codes = "".join(word.code for word in kept)
    sides = [side_of(word) for word in kept if word.code == "I"]
    if set(sides) != {1, 2} or len(sides) != 2 or set("nowzEuM%*SsJdeDK|B").intersection(codes):
        return False
    between = kept[codes.index("I") + 1 : codes.rindex("I")]
    if any(word.text == "than" for word in between) and _MORE_OR_LESS.search(" ".join(word.text for word in between)):
        return bool(set("QxF").intersection(word.code for word in between))
    counts = [word.text for word in kept if word.code == "q" and word.text not in ("one", "single")]
    named = [word for word in kept if word.code in "QxF"]
    return len(counts) == 2 and counts[0] != counts[1] and bool(named) and re.search("q.*I.*q.*I|I.*q.*I.*q", codes) is not None

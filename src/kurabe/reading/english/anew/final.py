"""What an English answer concludes in the end, and what before it speaks against that.

Who reasons aloud ends in a conclusion that is marked as one: "So no.", "My reply is negative.", "I'm settling
on yes", a last "No." It sums up what was weighed before it; therefore not every word of that has to be
understood. A difference that was stated must still be taken back before a conclusion of sameness counts, and
sameness before one of difference. What asks, supposes or reports last is no conclusion.
"""

import re
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from kurabe.reading.english.anew.answering import answer
from kurabe.reading.english.anew.conclusions import same
from kurabe.reading.english.anew.differing import different
from kurabe.reading.english.anew.unchanged import only_light
from kurabe.reading.english.frames import asserted
from kurabe.reading.english.tokens import expanded, tokens
from kurabe.reading.patterns import later

Final = Literal["yes", "no", "same", "different"]

_LONGEST = 400
_MOST_CUTS = 12
_SO = (
    r"(?:so|hence|thus|therefore|consequently|accordingly|then|ergo|overall|altogether|finally|ultimately"
    r"|in the end"
    r"|all in all|in (?:short|sum|summary|conclusion|total|brief)|to (?:conclude|sum up|summari[sz]e)"
    r"|as a result"
    r"|on (?:that|this|these) (?:grounds?|basis|evidence)|for (?:that|this|these|which) reasons?|by (?:your"
    r"|the|these)"
    r" (?:rules|criteria|standards?)|by that (?:measure|standard)|under (?:these|those|your) (?:conditions"
    r"|rules)"
    r"|(?:in|with|to put it in) (?:just )?(?:one|a|a single) word|on balance|which (?:makes|means)"
    r"|(?:that|this|which) (?:gives|leaves|makes|leads|brings|gets) (?:me |us |it )?(?:at |with |to |on )?"
    r"|(?:(?:i|we|you)(?: therefore| thus| then)? )?(?:get|arrive at|end up with|come to|land on)"
    r"|(?:the |my |our |final |short |overall |one-word )*(?:answer|verdict|reply|response|conclusion"
    r"|decision|result"
    r"|judge?ment|finding|outcome|vote|call|assessment))"
)
_ADJECTIVE = (
    r"(?:(?:a|an|the|plain|clear|simple|firm|definite|solid|confident|flat|straight|straightforward"
    r"|resounding|short"
    r"|final|clean|unqualified|quiet|safe|cautious|tentative|definitive|big|hard|emphatic|simply|clearly|just"
    r"|therefore|thus|hence|now|still|then|again|once more|accordingly|consequently) )*"
)
_YES_NO = r"(?P<say>yes|no|affirmative|negative|in the affirmative|in the negative)"
_ANSWER = (
    r"(?:answer|verdict|reply|response|conclusion|decision|judge?ment|vote|call|take|finding|result"
    r"|determination"
    r"|assessment)"
)
_BE = (
    r"(?:is|was|remains|stays|would be|will be|must be|can only be|has to be|has to remain|should be"
    r"|ought to be"
    r"|comes out as|comes down to|reads|becomes|would have to be|must remain|amounts to)"
)
_FRAME = (
    rf"(?:(?:my|the|our|its|this) )?(?:\w+ )?{_ANSWER}(?: (?:to|here|for|of"
    rf"|on)(?: [\w']+){{0,5}})?(?: therefore| thus"
    rf"| then| hence| consequently)? {_BE} ?[:,]?",
    rf"(?:it|that|this|so it|so that|which|mine)(?: therefore| thus| then)? (?:{_BE}|makes(?: it| this)?"
    rf"|means"
    r"|leads (?:me |us )?to|brings (?:me|us) to|leaves (?:me |us )?with|adds up to|points to|spells|makes for"
    r"|calls for|settles it) ?[:,]?",
    # The verb is open: whatever one does to arrive at a yes or a no. What takes it back is kept out.
    r"(?:i|we)(?! (?:\w+ )?(?:not|never|cannot|have (?!to\b)|wanted|thought|almost|nearly|was|were|had|might"
    r"|may|could"
    r"|hesitate|doubt"
    r"|refuse|expected|suspected|wish|hope|fear|wonder|see|find|have (?:found|seen)|know|heard|read"
    r"|withdraw|retract|revoke|regret|reject|dispute|question|deny|drop|reverse|change|abandon|revise"
    r"|take back|dismiss"
    r"|discard|rule|avoid|forget|cancel|ignore|disagree|disbelieve|mistrust|begin|start|began|started))"
    r"(?: (?:'d|'ll|'m|would|will|must|have to|can|am|are|should|shall|do|therefore|thus|then|hence|now"
    r"|still|also|only"
    r"|clearly|consequently|accordingly|gladly|hereby|simply|have))*"
    r" [a-z]+(?: (?:with|for|on|at|in|to|of|down|out|up|it|this|that|by|as|my|the|vote|answer|verdict|tick"
    r"|box|case"
    r"|question|say|saying|is|conclude|conclusion|here|towards|final))* ?[:,]?",
)
_REASON = r"(?: ?,? (?:since|because|as|for|given that|seeing that)\b (?P<why>.+))"
_END = (
    r"(?: ?,? ?(?:then|therefore|thus|hence|here|overall|after all|again|for me|from me|to this|to that"
    r"|this time"
    r"|to your question|to the question|in this case|as well|indeed|really|though|in the end|unchanged"
    r"|identical"
    r"|the same|not changed|no change|no difference|no differences|changed|different|not the same"
    r"|not identical))*"
)
_FINALS = tuple(
    later(pattern)
    for pattern in (
        rf"(?:(?:and|but|now|well|okay|ok|right) ?,? )*(?:{_SO} ?[:,–—-]?"
        rf" ?){{1,3}}{_ADJECTIVE}{_YES_NO}(?P<end>{_END})"
        rf"{_REASON}?",
        rf"(?:(?:and|but|now|well|okay|ok|right) ?,? )*(?:{_SO} ?[:,]? ){{0,2}}(?:{'|'.join(_FRAME)})"
        rf" {_ADJECTIVE}"
        rf"{_YES_NO}(?P<end>{_END}){_REASON}?",
        rf"{_ADJECTIVE}{_YES_NO}(?P<end>{_END}){_REASON}?",
    )
)
_ADJECTIVES = later(
    rf"(?:(?:and|but|now|well|okay|ok|right) ?,? )*(?:{_SO} ?[:,–—-]? ?(?:is |are )?){{1,3}}(?:they are "
    rf"|it is )?"
    r"(?:clearly |still |therefore )?(?:(?P<same>the same|same|identical|unchanged|no change|no differences?)"
    r"|(?P<other>different|changed|not the same|not identical|a difference|differing))"
)
_SAME_END = later(r"\b(?:unchanged|identical|the same|not changed|no change|no differences?)\b")
_CHANGED_END = later(r"\b(?:changed|different|not the same|not identical)\b")
_CUT = later(
    r" ?[,;:] (?:and |but |so )?| ?[–—] | - |,? and (?=(?:so|my|the|it|i|we|that|therefore|get|arrive"
    r"|end up)\b)| (?=so )"
)
_TRAILING = later(
    r",? (?:then|therefore|thus|hence|after all|consequently|accordingly|in the end|overall|either|here"
    r"|for sure"
    r"|as far as i can (?:see|tell))$"
)
_OF_THE_PAIR = later(
    r"(?:they|both|the two|everything|nothing|there is (?:no|not any|nothing)|no (?:difference|change)"
    r"|i (?:see|find|found) no)\b"
)
_EXCEPTS = later(
    r"\b(?:apart|except\w*|besides|aside|other than|but for|save|bar|barring|excluding|without|beyond"
    r"|counting|minus"
    r"|only|if|unless|until|if not|discounting|leaving|setting|once|were it|ideally|perhaps|maybe|possibly"
    r"|might|may|could|would|should|supposedly|allegedly"
    r"|presumably|theory|paper|glance|sight|first|not that|wish|hope\w*|doubt\w*|wrong|untrue|lie|false|nor"
    r"|never)\b"
)
"""What restricts a statement behind it: "apart from the stain, everything is the same"."""
_CONDITION = later(
    r"(?:and |but |so )?(?:if|when|whenever|wherever|where|unless|in case|provided|as long as|once|had|were"
    r"|should"
    r"|suppose|assuming|every time|each time|for|in)\b(?!.*\b(?:i|we) \w+ed\b)"
)
"""What an answer behind it depends on: "whenever the pin is bent, the answer is yes"."""
_HEADED = later(r"(?P<head>[^,;]{6,50}?) ?(?:[:–—,;]| -) (?P<rest>[^:]{4,120})")
"""A verdict in one word, and its reason: "result: not identical - cap missing"."""
_LEADS_TO = later(
    r"^(?:this|that|which|these|the)(?: [\w-]+){0,3} (?:is|are) (?:what|why|the reason why|the reason that"
    r"|the reason)"
    r" (?:makes? me |made me |leads? me to |led me to |i |we |lets me )*(?:say|think|conclude|answer|believe"
    r"|state|find)"
    r"(?: that)? "
)
"""What names a reason before a statement: "this hairline is what makes me say that there is a difference"."""
_CONCEDES = later(
    r"(?:so |hence |and |but )?(?P<head>(?:although|though|even though|while|whilst|despite"
    r"|in spite of)\b[^,]{5,160}), "
    r"(?P<rest>[^,]{5,})$"
)
"""A concession before a statement: "although the shadow has moved, the part is as it was"."""
_QUESTION = later(r"\?\W*$")
_LED = later(rf"{_SO}\b")
_SO_LED = later(rf"^{_SO},? ")
_THING = r"(?:the|this|that)(?: (?!not\b|only\b|rest\b|same\b|lighting\b|light\b)[\w'-]+){1,4}?(?: itself)?"
_IS_SAME = later(
    rf"(?:{_SO},? )?(?:(?:i would|i will|i can|i must|we can)? ?(?:say|conclude|state|find|confirm"
    rf"|see) (?:that )?)?"
    rf"{_THING} (?:(?:is|are|has|looks|remains?|stays|was) )(?:still |just |exactly |therefore |thus |quite "
    r"|evidently |clearly )*(?:as (?:it|they) (?:was|were)|what (?:it|they) (?:was|were)|as before|unchanged"
    r"|unaltered"
    r"|untouched|in (?:exactly )?the same (?:condition|state)|remained (?:the same|unchanged|as it was)"
    r"|not (?:been )?(?:changed|altered|modified|touched))(?: in (?:both|the two|either)(?: \w+)?)?"
)


def _say(match: re.Match[str]) -> Final:
    return "no" if match["say"] in ("no", "negative", "in the negative") else "yes"


def _in_frame(text: str) -> tuple[Final, str, bool] | None:
    """Return the answer of a text that is nothing else, its reason, and whether it is marked as one."""
    for place, pattern in enumerate(_FINALS):
        match = pattern.fullmatch(text)
        if match is None:
            continue
        said, end = _say(match), match["end"]
        if "not changed" not in end and (
            (said == "no" and _CHANGED_END.search(end) and not _SAME_END.search(end))
            or (said == "yes" and _SAME_END.search(end))
        ):
            return None  # "no, different": it answers something else
        return said, match["why"] or "", place < 2
    return None


class Concluded(NamedTuple):
    """What a sentence concludes.

    Attributes:
        said: An answer, or a statement of the pair.
        tail: The words that say so.
        more: What else the sentence says, before them or as their reason.
    """

    said: Final
    tail: str
    more: str = ""


@lru_cache(maxsize=4096)
def final_of(text: str) -> Concluded | None:
    """Return what a last sentence concludes; None if it concludes nothing."""
    if len(text) > _LONGEST or _QUESTION.search(text):
        return None
    text = text.strip(" .!,;:*_-…")
    whole = _in_frame(text)
    if whole is not None:
        return Concluded(whole[0], text.removesuffix(whole[1]), whole[1])
    for cut in islice(_CUT.finditer(text), _MOST_CUTS):
        head, tail = text[: cut.start()], text[cut.end() :]
        if _CONDITION.match(head):
            continue
        so = re.match(r" ?[,;:]? ?(?:and |but )?so\b", text[cut.start() :]) is not None
        found = _in_frame(tail)
        if found is not None and (found[2] or so):
            return Concluded(found[0], tail.removesuffix(found[1]), f"{head} {found[1]}".strip())
        if re.fullmatch("yes|no", head) and (stated := _stated(_TRAILING.sub("", tail))):
            goes = stated == ("same" if head == "no" else "different")
            return Concluded("no" if head == "no" else "yes", tail) if goes else None
        if ":" in cut[0] or _EXCEPTS.search(head):
            continue
        if (so or _OF_THE_PAIR.match(tail)) and (stated := _stated(_TRAILING.sub("", tail))):
            listed = not tail.startswith("they") or head.count(",") > 1
            return Concluded(stated, tail, head) if listed else None
    headed = _HEADED.match(text)
    if headed and (adjective := _ADJECTIVES.fullmatch(headed["head"])):
        return Concluded("same" if adjective["same"] else "different", headed["head"], headed["rest"])
    bare = _LEADS_TO.sub("", _TRAILING.sub("", text))
    if (conceded := _CONCEDES.match(bare)) and (stated := _stated(conceded["rest"])):
        return Concluded(stated, conceded["rest"], conceded["head"])
    if said := answer(bare):
        return Concluded("no" if said == "no" else "yes", bare)
    stated = _stated(bare) or _stated(_SO_LED.sub("", bare))
    return Concluded(stated, bare) if stated else None


_REPORTED = later(
    r"\b(?:hardly|scarcely|barely|ideally|in no way|opposite of|notion|suggestion|idea that|rumou?r\w*"
    r"|claims?|claimed"
    r"|(?:says?|states?|asks?|insists?|reports?|said|told) (?:me |us )?that"
    r"|(?:label|user|prompt|text|caption|colleague|manual|customer|vendor|sheet) (?:says?|claims?|states?"
    r"|asks?)"
    r"|(?:absence|lack|dearth|shortage) of)\b"
)
_WHOLE = (
    r"(?:parts?|objects?|products?|items?|components?|things?|pictures?|images?|photo\w*|shots?|views?|two"
    r"|pair|second"
    r"|first|other|units?|specimens?|samples?|devices?|pieces?|inspected|lower|right|left|upper|test|visual"
    r"|comparison|verdict|answer|result|conclusion|only|difference|change|same|whole|reference|bottom|last)\b"
)
_OF_A_PART = later(
    rf"(?:the|its|this|that|these|those) (?!{_WHOLE})(?:[\w'-]+ )+(?:is|are|was|looks?|seems?|appears?"
    rf"|remains?|has|have"
    r"|match(?:es)?|agrees?|show\w*)\b"
    rf"|(?:nothing|no|not|there|i|we)\b.* (?:about|in|on|of|at|to|with|around|near) (?:the|its|this|that"
    rf"|these|those)"
    rf" (?!{_WHOLE})[\w '-]+$"
)
"""What speaks of one thing, and at the end of a list not of the whole: "the coating is unchanged"."""


def _stated(text: str) -> Literal["same", "different"] | None:
    """Return what a statement without an answer word says of the pair."""
    if not asserted(tokens(text)) or _REPORTED.search(text):
        return None
    if adjective := _ADJECTIVES.fullmatch(text):
        return "same" if adjective["same"] else "different"
    if only_light(text) or _marked_same(text) or (same(text) and not _OF_A_PART.match(text)):
        return "same"
    lit = set("EN").intersection(word.code for word in tokens(text))
    return "different" if different(text) and not lit else None


def _marked_same(text: str) -> bool:
    """Say whether a conclusion says of a thing that it is as it was: "so the whistle is as it was"."""
    if not _LED.match(text) or _IS_SAME.fullmatch(text) is None:
        return False
    return not set("EQ").intersection(word.code for word in tokens(text)) - {"Q"}


_ITS = later(r"\bits(?= (?:a )?(?:yes|no)\b)")
_SHORT_IS = later(r"\b(answer|verdict|conclusion|reply|response|result)'s\b(?= (?:a |an |in the )?\w+\W*$)")
_ASIDE = later(r", (?:then|therefore|thus|hence|consequently|accordingly|as i see it|to my mind), ")
_THANKS = later(r"[ ,.;!]*\b(?:thank you|thanks|cheers)\b[^.]*$")


def of_a_part(text: str) -> bool:
    """Say whether a sentence speaks of one thing of the pair alone."""
    return _OF_A_PART.match(text) is not None


@lru_cache(maxsize=4096)
def plainly(part: str) -> str:
    """Return a sentence without short forms, quotation marks and emphasis."""
    text = _ITS.sub("it is", _SHORT_IS.sub(r"\1 is", _THANKS.sub("", _ASIDE.sub(" ", expanded(part)))))
    return " ".join(re.sub(r"[\"“”*_`>#'](?=\W|$)|(?<!\w)[\"“”*_`>#']", "", text).split()).strip(" ,")

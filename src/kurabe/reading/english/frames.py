"""What an English statement stands in: "it is a lie that …", "I used to think …", "… is not true".

A statement counts only if what it stands in asserts it. The ways to assert are few and listed here; the
ways to deny, to report, to suppose and to take back are many, so whatever is not listed asserts nothing.
"""

import re

from kurabe.reading.clauses import Clause
from kurabe.reading.english.compounds import Word
from kurabe.reading.english.tokens import PUNCTUATION, tokens
from kurabe.reading.english.words import FREE
from kurabe.reading.patterns import later

_ADVERB = (
    r"(?:\w+ly|also|now|still|then|thus|therefore|only|indeed|here|even|quite|very|rather|fairly|pretty"
    r"|so|again|well|too|just|more)"
)
_ASSERTS = (
    "see|saw|seen|find|found|notice|noticed|observe|observed|note|noted|conclude|concluded|say|confirm"
    "|confirmed"
    "|determine|determined|believe|think|report|judge|detect|detected|spot|spotted|tell|verify|verified"
    "|discover|discovered|realise|realised|realize|realized|recognise|recognize|answer|establish|established"
    "|state|maintain|identify|identified|perceive|discern|declare|affirm|feel|know|assert|am confident"
    "|am certain|am sure|am convinced"
)
_HEAD = later(
    r"(?:(?:so|therefore|thus|hence|and|but|also|however|overall|yes|no) )*"
    r"(?:(?:after|upon|on|by|from|based on|looking|having|when|comparing|given|with) .{1,80}?(?= (?:i|we"
    r"|it|you|one|there) ) )?"
    r"(?:"
    rf"(?:i|we|you|one) (?:{_ADVERB} )*(?:(?:can|do|did|have|has|am able to|was able to|will|must|would) )?"
    rf"(?:{_ADVERB} )*(?:{_ASSERTS})(?: {_ADVERB}| with (?:\w+ )?(?:confidence|certainty)| from (?:this"
    rf"|these|the images?))*"
    rf"|it (?:{_ADVERB} )*(?:is|was|becomes|became|can be|could be|has been|should be|must be)"
    rf" (?:{_ADVERB} )*"
    r"(?:clear|evident|apparent|obvious|true|certain|visible|noticeable|seen|observed|noted|concluded|said"
    r"|confirmed|stated|found|noticed|plain|correct|(?:fair|safe|reasonable|correct|accurate) to (?:say"
    r"|conclude|state)"
    r"|concluded|determined|worth noting|important to note|my (?:\w+ )?(?:view|opinion|conclusion"
    r"|impression))"
    rf"|(?:it|this|that|which|these|all) (?:{_ADVERB} )*(?:means?|shows?|indicates?|suggests?|confirms?"
    rf"|implies|imply"
    r"|proves?|reveals?|tells (?:me|us)|demonstrates?|follows|turns out|leads me to conclude)"
    r"|(?:the|my|our|a|an|this) (?:[\w-]+ ){0,3}(?:answer|conclusion|verdict|assessment|findings?"
    r"|observation|results?"
    r"|judge?ment|opinion|view|impression|comparison|inspection|analysis|examination|evaluation|look|fact"
    r"|truth|point|thing|images?|pictures?|photos?)"
    rf"(?: (?:of|at|between) [\w ]{{1,40}})? (?:{_ADVERB} )*(?:is|was|shows?|reveals?|indicates?"
    rf"|suggests?|confirms?|tells? (?:me|us))"
    r"|it (?:seems|appears|looks)(?: to (?:me|us))?(?: (?:clear|evident|obvious|certain))?"
    r"|there is (?:no|little) (?:doubt|question)"
    r"|(?:please |also |do )?(?:note|notice|observe|see)"
    r"|(?:given|now|except|in|so|such|only|save|but|with)"
    r")"
)
_STARTS = later(
    r"(?:there|they|it|the|a|an|this|these|those|both|all|no|not|nothing|none|neither|each|every|everything"
    r"|something|one|two|some|any|only|either|images?|pictures?|its|their|in|i|we|several|three|pins?|part)\b"
)
_BOUNDARY = PUNCTUATION | frozenset("^~=/|")
_TAKEN_BACK = later(
    r"(?:^|[,;:.—–-] ?)scratch that\W*$|\b(?:wait|hold on|hmm+|oops|strike that|correction|never ?mind"
    r"|just kidding|kidding|joking"
    r"|(?:ignore|disregard|forget) (?:that|this|it|what|my|the above)|tak(?:e|ing) (?:that|it|this|all"
    r" that|my words?) back"
    r"|stand corrected|my (?:mistake|bad|error)|(?:second|further|another) thoughts?"
    r"|let me (?:correct|rephrase|look again|check again|think again|re\w+)|i mean|or rather|or not|not"
    r" (?:really|exactly|quite)\W*$"
    r"|not so fast|far from it|the (?:very |exact |direct )?(?:opposite|contrary|reverse|converse)"
    r"|it is the other way a?round|quite the (?:opposite|contrary|reverse)|vice versa|psych|as if|correct"
    r" myself"
    r"|made (?:a mistake|an error)|i (?:was|am|were|have been) (?:\w+ )?(?:wrong|mistaken|lying|in error))\b"
)
_OF_TRUTH = (
    r"(?:(?:the |in |a |an |at |of )*(?:true|false|wrong|incorrect|untrue|inaccurate|case|lie|lies|joke"
    r"|nonsense"
    r"|mistaken|mistake|error|myth|misleading|invalid|unfounded|denied|disputed|doubtful|rubbish|impossible"
    r"|question|questionable|unlikely|implausible|absurd|fiction|overstatement|exaggeration"
    r"|right|correct|accurate|valid|so|fact|truth|certain|sure|proven|settled|given|me|what))"
)
_COMMENTS = later(
    r"^(?:(?:but|and|or|yet|so|however|still|though|well|no|oh|because|since|as|which) )*"
    r"(?:that|this|it|all (?:of )?(?:that|this)|none of (?:that|this|it)|neither (?:of these"
    r" )?(?:statements?)?"
    r"|(?:the|my|this|that|such an?|either) (?:\w+ )?(?:statement|claim|sentence|answer|assertion"
    r"|conclusion|verdict|idea|notion"
    r"|suggestion|impression|above|latter|former|foregoing)|which)"
    rf"(?: (?:{_ADVERB}|would|could|may|might|must|should|will|does|do|did|can|has|have))*"
    r" (?:is|was|were|be|been|seems?|appears?|looks?|sounds?|holds?|rings?|remains?|proves?)"
    rf"(?: (?:{_ADVERB}|not|never|no longer|no|far from|anything but|to be|by no means|in no way|hardly"
    rf"|simply|all))*"
    rf"(?: {_OF_TRUTH}\b(?! (?:that|to|if|whether)\b)|\W*$)"
)
_DENIES = later(
    r"\b(?:not|never|no|none|neither|hardly|anything|far|false|wrong|incorrect|untrue|inaccurate|lies?"
    r"|joke|nonsense"
    r"|mistaken?|error|myth|misleading|invalid|unfounded|denied|disputed|doubtful|rubbish|impossible"
    r"|questionable"
    r"|question|unlikely|implausible|absurd|fiction|would|could|may|might|seems?|appears?|sounds?|me|what"
    r"|case"
    r"|overstatement|exaggeration)\b"
)


_WRONG = "(?:not true|untrue|false|wrong|incorrect|never|not|no way|a lie|nonsense|mistaken|denied|rejected)"
_TURNED = later(
    rf"^\W*(?:not|never|false|untrue|wrong|incorrect|error|mistaken?|lie|denied|rejected|unlikely|not"
    rf" true)\s*[:;—–-]"
    rf"|[,:;.—–-]\s*(?:all |simply |clearly |just )?{_WRONG}\W*$"
    r"|[,;:.…—–-]\s*no\s*,"
    r"|(?:^|[,;—–-])\s*i (?:do|would|did|could|can|will) not (?:really |quite )?(?:think|say|believe"
    r"|agree|claim|see)(?: so| that| it)?\W*$"
    r"|\b(?:in no way|by no means|no way|under no circumstances|at no point|at no time|in no case)\W*$"
    r"|[,;:.…—–-]\s*(?:oh |well |actually |but )?(?:no|nope|yes|yeah)\s*,?\s+(?:they|it|there|the|that"
    r"|these|both|i|we|wait|actually)\b"
    r"|^(?:under no|in no|at no|on no|never|hardly|rarely|seldom|scarcely|neither|nor|not once|nowhere|by"
    r" no means|not until)\b"
    r".*?\b(?:can|could|do|does|did|would|will|have|has|is|are|was|were|shall|should) (?:i|we|one|you|it"
    r"|they|there|anyone|anybody)\b"
)
_UNREAL = later(
    r"^(?:when|whenever|as soon as|once)\b(?! (?:i |we |you |one )?(?:\w+ly )?(?:compar|look|view|inspect"
    r"|exam|zoom|check"
    r"|plac|consider|analy|observ|study|seen|review))"
    r"|^(?:a|an|any) (?:\w+ )?(?:part|connector|product|unit|piece|board|specimen) (?:with|that|which"
    r"|whose)\b|\bunless\b|"
    r"\bwill (?:\w+ )?(?:be|look|match|differ|have|show)\b|"
    r"^(?:without|but for|were|had|if|with|given|in|under|were it)\b.*\bwould\b|\bwould\b.*\b(?:without"
    r"|if|had|were|unless)\b"
)


def taken_back(text: str) -> bool:
    """Say whether a sentence takes back, denies or only imagines what it says.

    "Wait, no", "I was wrong", "…: false", "never can one say …", "but for the pin I would say …".
    """
    return any(pattern.search(text) for pattern in (_TAKEN_BACK, _TURNED, _UNREAL))


def comments(text: str) -> bool:
    """Say whether a clause judges what was said, and does not simply affirm it: "that is not true"."""
    match = _COMMENTS.match(text)
    if match is None:
        return False
    return _DENIES.search(match[0].replace("is the case", "is so")) is not None or match[0].rstrip().endswith(
        ("is", "was")
    )


_STATED = later(r"[SsdeJFCw]|[Tiv].*[DK]|[DK]b[vV]")
_ENDS_WRONG = later(r"\b(?:is|are|was|were|be) (?:\w+ly |simply |just )*(?:wrong|incorrect|mistaken)\W*$")


def judged(words: list[Word]) -> bool:
    """Say whether a clause judges the statement that is its subject: "they are identical is wrong"."""
    text = " ".join(map(written, words))
    wrong = _ENDS_WRONG.search(text)
    if wrong is None:
        return False
    codes = "".join(word.code for word in words[:-1])
    return _STATED.search(codes) is not None and " is that " not in text


def asserted(words: list[Word]) -> bool:
    """Say whether all that stands before a "that" with a clause asserts the clause.

    "I can see that they differ" does, "I reject the idea that they differ" does not. What follows a noun
    that the clause speaks of, "a scratch that the upper one has not", is no such clause.
    """
    begin = 0
    for place, word in enumerate(words):
        if word.code in _BOUNDARY:
            begin = place + 1
        if word.text != "that" or place + 1 == len(words) or not _STARTS.match(written(words[place + 1])):
            continue
        head = words[begin:place]
        before = head[-1] if head else None
        if before is not None and (before.code in "DKFQPIEnyUu" or before.text == "in"):
            continue  # a relative clause, "differ in that …", or a phrase whose class says what it does
        codes = "".join(one.code for one in head)
        if re.search("[DK].*[bk]", codes):
            continue  # "the only difference is that …"
        if before is None and place == 0:
            return False  # "That they differ is …"
        if not _HEAD.fullmatch(" ".join(map(written, head))):
            return False
    return True


def written(word: Word) -> str:
    """Return a word as it was written."""
    return word.text.split(":", 1)[1] if word.code == "I" else word.text


_ALIKE = (
    r"(?:be|look|have been) (?:\w+ly |exactly |just |quite )*"
    r"(?:identical|the same|alike|equal|indistinguishable)"
)

_BUT_FOR = r"(?:(?:if|were) it (?:were |was )?not for|but for|if not for)"

_PAIR = (
    r"(?:they|these|those|it|everything|all|both"
    r"|the (?:\w+ )?(?:images|pictures|photos|photographs|parts|connectors|two))"
)

CONTRARY = later(
    rf"^{_BUT_FOR} (?P<thing>.{{3,80}}?) ?,? {_PAIR} [\w ]{{0,20}}would {_ALIKE}\W*$"
    rf"|^{_PAIR} [\w ]{{0,20}}would {_ALIKE} ?,? {_BUT_FOR} (?P<cause>.{{3,80}}?)\W*$"
    rf"|^(?P<all>{_PAIR} [\w ]{{0,20}}(?:are|is|look|match\w*)\b[\w ]{{0,30}}\b(?:every|all)(?: \w+)?"
    r" (?:but|except) (?:for )?(?:one|two|a few))\b"
)


_NOT_ASSERTED = later(
    r"\b(?:not|no|never|mistake|mistaken|wrong|false|lie|doubtful|unlikely|whether|if|think|thought|say"
    r"|said)\b"
)


def but_for(plain: str) -> Clause:
    """Return what "but for the bent pin they would be identical" says: that they are not."""
    match = CONTRARY.search(plain)
    assert match is not None
    if match["all"] and _NOT_ASSERTED.search(match["all"]):
        return Clause("turn", plain)
    thing = match["thing"] or match["cause"] or match["all"]
    codes = "".join(word.code for word in tokens(thing) if word.code not in FREE)
    if "E" in codes and not match["all"]:
        return Clause("turn" if re.search("[QxF]", codes) else "excluded", plain, only=True, named=True)
    return Clause("different", plain, named=True)

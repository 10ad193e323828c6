"""English statements that the two pictures show the same, as a whole piece of a sentence.

Each is a frame in which the names of things are open: "the two … agree", "it is the same …", "there's no …
that differs between these two …". What a frame names must be no part of the thing; see `same`.
"""

import re
from functools import lru_cache

from kurabe.reading.english.anew.pieces import without_lead
from kurabe.reading.english.anew.unchanged import only_light, unchanged
from kurabe.reading.english.frames import asserted
from kurabe.reading.english.tokens import tokens
from kurabe.reading.patterns import later

_ADV = (
    r"(?:(?:exactly|just|precisely|indeed|still|all|both|quite|entirely|completely|perfectly|wholly"
    r"|totally|absolutely"
    r"|visibly|clearly|evidently|simply|really|truly|in fact|one and|to me|each|very much"
    r"|otherwise(?= the same way)) )*"
)
_DIFF = (
    r"(?:diff?e?ren[cs]e?s?|changes?|deviations?|discrepanc(?:y|ies)|non-?conformances?"
    r"|non-?conformit(?:y|ies)"
    r"|alterations?|modifications?|mismatch(?:es)?|diffs?|divergences?|dissimilarit(?:y|ies)"
    r"|inconsistenc(?:y|ies)"
    r"|disparit(?:y|ies)|distinctions?|variations?)"
)
_WHAT = (
    r"(?!(?:other|further|more|additional|new|big|large|major|great|huge|striking|drastic|dramatic"
    r"|serious|gross|first"
    r"|second|third|obvious|immediate|severe|critical)\b)[\w-]+"
)
ANY_DIFF = rf"(?:{_WHAT} (?:{_WHAT} )?)?{_DIFF}"
_WHOLE = (
    r"(?:object|part|product|item|piece|thing|component|specimen|sample|unit|image|picture|photo"
    r"|photograph|article"
    r"|subject|device|pair|two|contents?|scene)s?"
)
_PICTURES = (
    r"(?:image|picture|photo|photograph|view|shot|frame|scan|half|halve|one|side|panel|snapshot|pic)s?"
)
_BETWEEN = (
    r"(?:between|among|across) (?:[\w-]+ ){0,4}[\w-]+|(?:in|of|on|to|about|with) (?:the|this|that"
    r"|either|both|any|these|those)"
    rf" (?:two |actual )?{_WHOLE}(?: itself| themselves)?|(?:in|on|of) (?:either|both"
    r"|any)(?: of (?:them|the two|these))?"
    r"|(?:in|between|of) them|(?:in|from) (?:one|the (?:first|second|one)) (?:to|and"
    r"|from) the (?:other|second|first)"
)
_SEES = (
    r"(?:see|find|detect|spot|notice|note|make out|observe|identify|discern|come across|report"
    r"|point to|name|tell|perceive"
    r"|discover|locate|come up with|recogni[sz]e|pick out)"
)
_SAW = (
    r"(?:saw|found|noticed|noted|spotted|detected|observed"
    r"|have (?:\w+ly )?(?:found|seen|noticed|spotted|detected))"
)
_BE = (
    r"(?:is|are|was|were|can be|could be|has been|have been)(?: to be)? (?:present|visible|found"
    r"|detected|established|seen"
    r"|reported|observed|noted|noticed|identified|made out|discernible|apparent|evident|recorded"
    r"|recogni[sz]able|there|spotted)"
)
_TAIL = (
    r"(?: (?:then|here|at all|whatsoever|today|either|anywhere))*(?: (?:that )?(?:i|one"
    r"|we) can (?:see|find|tell|make out)"
    rf"|,? (?:{_BE})|,? (?:{_BETWEEN})| to report| worth (?:reporting|mentioning|noting)"
    r"| in any (?:way|respect))*"
)
_NO = r"(?:no|zero|not any|not a single|not one|nil)"
_NO_DIFFERENCE = (
    r"(?:(?:there (?:is|are|was|were|seems? to be|appears? to be)|it (?:is|has)|(?:i|we|one) (?:can "
    rf"|could )?(?:{_SEES}|{_SAW})"
    r"|(?:they|the two|both|these|(?:the|these|both) (?:two )?[\w-]+s) (?:show|have|display"
    rf"|exhibit)) )?(?:{_NO}|without(?: any| a)?)"
    rf" {ANY_DIFF}{_TAIL}",
    r"(?:i|we|one|you) (?:(?:\w+ly|still) )?(?:(?:do|can|could|did|will|would) not|cannot|(?:am"
    r"|was) not able to|(?:am|was) unable to"
    rf"|fail(?:ed)? to) (?:\w+ly )?{_SEES} (?:any|a|a single|one|even one) {ANY_DIFF}{_TAIL}",
    rf"(?:there (?:is|are|was) )?not (?:any|a|a single|one|even one) {ANY_DIFF}{_TAIL}",
    rf"(?:you|one|i|we) (?:would|will|am|are) (?:be )?hard[- ](?:pressed|put) to {_SEES} (?:any|a"
    rf"|a single|one|even one) {ANY_DIFF}{_TAIL}",
    r"(?:(?:if|should) there (?:is|be|was|were) (?:a|any|one) (?:[\w-]+ )?(?:difference|change"
    r"|deviation)(?: at all)?,? )(?:it|this|that) (?:escapes?|eludes?|escaped"
    r"|is lost on) me",
    r"(?:the |this )?(?:second|last|test|inspected|lower|right|tested"
    rf"|other)(?: [\w-]+){{0,3}}? (?:shows?|has|have|exhibits?|displays?"
    rf"|presents?) {_NO} {ANY_DIFF}{_TAIL}",
    r"(?:the|a|my|this|our|careful|close|closer|direct|visual|any)?(?: \w+)? ?(?:comparison|inspection"
    r"|check|look|examination"
    r"|review|analysis|test|scrutiny)(?: (?:of|at|between|with|from|over"
    r"|side)(?: [\w-]+){1,7}?)? (?:yields?|shows?|reveals?|finds?"
    r"|turns? up|brings? up|gives?|uncovers?|produced|turned up|yielded|revealed|showed|gave"
    rf"|brought up|found) (?:{_NO} {ANY_DIFF}"
    rf"|nothing(?: \w+)?){_TAIL}",
)
_CHANGED = r"(?:chang(?:ed|es)|different|differs|altered|modified|otherwise|unlike|at variance)"
_DONE = (
    r"(?:moved|replaced|swapped|added(?: to)?|removed(?: from)?|missing|broken|damaged"
    r"|gone(?: missing)?|bent|lost|taken away"
    r"|touched|altered(?: on)?|changed|modified|spoilt|torn|disappeared|exchanged)"
)
_HAS = r"(?:(?:has|have|had|is|was|were|are|looks?|seems?|does|appears?) )*(?:to be )?(?:been |gone )?"
_ON = r"(?: (?:about|in|on|of|with) (?:(?:the|it|them|either|any|both|this|these)\b)(?: [\w-]+){0,4}?)?"
_NOTHING = (
    rf"nothing(?: here| at all| visible)?{_ON}(?: that)? {_HAS}{_CHANGED}(?: here)?(?: (?:on|in|about"
    rf"|with|to) the [\w -]{{2,30}})?{_TAIL}",
    rf"nothing(?: here)?{_ON}(?: that)? {_HAS}{_DONE}(?:(?:, | or | nor "
    rf"|, or )(?:been )?{_DONE})+(?: the [\w -]{{2,30}})?{_TAIL}",
    r"(?:there is )?nothing(?: here)?(?: that)? (?:really |visibly )?(?:sets|tells|distinguishes"
    r"|separates|to set|to tell)"
    r" [\w' -]{2,50}",
    r"(?:there is |i (?:can |do )?(?:see|find) )?nothing(?: here| at all| in (?:it|them"
    r"|either))?,? ?(?:that |which )?(?:i (?:would|could|can) call"
    r"|to call|worth calling|that would be|would be|that counts as|counts as|qualifies as"
    rf"|amounts to) (?:a|an) (?:\w+ )?(?:{_DIFF}"
    r"|fault|defect|flaw|problem)",
    rf"(?:there is )?not a(?: single)? [\w -]{{2,30}}? (?:that |which )?{_HAS}{_CHANGED}{_TAIL}",
    rf"(?:i|we) (?:do|can|could|did) not {_SEES} (?:anything|a thing|a single [\w-]+"
    rf"|any [\w-]+){_ON}(?: that| which)? {_HAS}(?:{_CHANGED}"
    rf"|{_DONE}(?:(?:, | or |, or )(?:been |gone )?{_DONE})+){_TAIL}",
    r"(?:i|we) (?:do|can|could) not (?:believe|think|say|see)(?: that)? (?:anything"
    rf"|there is any(?:thing)?(?: that)?) {_HAS}(?:{_CHANGED}|{ANY_DIFF})"
    rf"{_TAIL}",
)
_WORD = (
    r"(?!(?:not|no|never|neither|are|is|do|does|did|can|cannot|could|have|has|was|were|and|or|but|only"
    r"|without|than)\b)[\w'-]+"
)
_COUNTED = r"(?:the|these|those|both|both the|the two|these two|those two|all the|all of the|all three)"
PAIR = (
    r"(?:they|these|those|both(?: of them)?|the two|the pair|it all|everything|all"
    rf"|{_COUNTED}(?: {_WORD}){{1,4}}?"
    r"|(?:the )?(?:first|upper|left|top|reference)(?: [\w-]+)? and (?:the )?(?:second|lower|right"
    r"|bottom|test)(?: [\w-]+)?"
    rf"|{_PICTURES} (?:1|a|one) and (?:{_PICTURES} )?(?:2|b|two))"
)
SAME = (
    r"(?:the (?:very )?same|same|identical|alike|equal|unchanged|indistinguishable|equivalent"
    r"|(?:just )?like each other"
    r"|(?:just )?like one another|interchangeable|in the same (?:good |perfect )?(?:state|condition)"
    r"|a match|in agreement|congruent)"
)
_EACH = (
    r"(?: (?:(?:with|to|like) )?(?:each other|one another)| exactly| perfectly| completely| fully"
    r"| throughout| again| after all| then| in both"
    r"| too| in (?:either|both)(?: \w+)?| in (?:every|all|each) (?:\w+ )?(?:respects?|details?|ways?"
    r"|points?|regards?|particulars?|features?)"
    r"| down to (?:the|every|each|their)(?: [\w-]+){1,3}| as (?:well|far as i can (?:see|tell))| to me"
    r"| here| at all| from what i see| from one \w+ to the (?:other|next)| in all(?: that)? (?:i|one"
    r"|we) can \w+"
    r"(?: out)?)*"
)
_ALIKE = (
    rf"{PAIR} (?:are|is|look|looks|seem|appear|remain|stay|read|come out|have remained"
    rf"|have stayed)(?: to be)? {_ADV}{SAME}{_EACH}",
    rf"{PAIR} {_ADV}(?:match|matches|agree|agrees|correspond|corresponds|coincide|tally|tallies|line up)"
    rf"{_EACH}",
    rf"{PAIR} (?:do|did|can|could|does) not (?:{_ADV})?(?:differ|be (?:distinguished|told apart"
    rf"|kept apart))(?: (?:by|in|from|at|on|as) (?:{_WORD} ?){{1,9}})?{_EACH}",
    rf"{PAIR} cannot be (?:distinguished|told apart|kept apart)(?: (?:by|in|from|at|on"
    rf"|as) (?:{_WORD} ?){{1,9}})?{_EACH}",
    rf"{PAIR} (?:have|has) not (?:changed|been (?:changed|altered|modified))(?: at all| in any way)?",
    rf"(?:i|we) (?:can|could) not (?:tell|keep) {PAIR} apart{_EACH}",
    rf"{PAIR} (?:both )?(?:show|shows|contain|contains|depict|depicts|display"
    rf"|portray) {_ADV}the (?:very )?same (?:thing|object|part|item|product)"
    rf"(?:[, ]+in (?:{_ADV})?the (?:very )?same (?:good |perfect )?(?:state|condition|place|position"
    rf"|order))?{_EACH}",
)
_SECOND = (
    r"(?:(?:the |this )(?:second|right|lower|bottom|last|final|test|inspected|tested|other|latter"
    rf"|next|checked)(?:-hand)?(?: {_WORD}){{0,3}}?"
    rf"|the [\w -]{{2,30}}? (?:in|on) (?:the )?(?:second|right|lower|bottom|last|final"
    rf"|test)(?: {_PICTURES}| part)?|it|this(?: one)?"
    rf"|{_PICTURES} (?:2|b|two)|the (?:part|item|object|product))"
)
_FIRST = (
    r"(?:(?:the |its )?(?:first|left|upper|top|reference|master|golden sample|good|others?|original"
    r"|earlier|former|ones before"
    r"|samples?|references?|good parts?)(?:-hand)?(?: [\w-]+){0,3}?(?: (?:in|on|of) the (?:first|left"
    r"|upper|top|reference)(?: \w+)?)?"
    rf"|(?:the )?(?:[\w-]+ )?(?:in|on) the (?:first|left|upper|top|reference)(?: {_PICTURES})?"
    rf"|{_PICTURES} (?:1|a|one)"
    r"|the samples? (?:shown )?before (?:it|this)|(?:the one|that|the [\w-]+) (?:in|on) the (?:first"
    r"|left|upper|top|reference)(?: \w+)?)"
)
_GOOD_AS = (
    r"as (?:round|clean|whole|intact|good|complete|new|flawless|undamaged|perfect|straight|sound"
    r"|smooth|tidy|neat|fresh|tight)(?:ly)?"
)
_AS_FIRST = (
    rf"{_SECOND} (?:is|looks|remains|appears)(?: to be)? {_ADV}(?:in no way different from"
    r"|no different (?:from|to|than)|not (?:any )?different"
    r" from|(?:the same|identical|equal|equivalent) (?:as|to|with)|like|just like"
    r"|a (?:[\w-]+ )?(?:copy|match) (?:of|for)|unchanged from"
    r"|nothing (?:more|but|other) than a (?:[\w-]+ )?copy of|indistinguishable from|in line with"
    r"|in agreement with|true to|"
    rf"{_GOOD_AS}(?: and {_GOOD_AS})* as) {_FIRST}{_EACH}",
    rf"{_SECOND} (?:therefore |thus |hence |clearly )?(?:(?:does|did) not (?:differ|deviate"
    r"|depart) from|(?:matches|equals|mirrors"
    r"|corresponds (?:to|with)|agrees with|conforms to|meets|tallies with|complies with)) "
    rf"{_FIRST}(?: (?:in|on) (?:[\w, -]{{3,60}}))?{_EACH}",
    r"(?:the )?(?:first|second|other|upper|lower|left|right)(?: [\w-]+){0,2} (?:has|does|shows"
    r"|contains|carries)(?: got)? (?:them|these|those|all of (?:these|them|it|this)"
    r"|all this) (?:as well|too|also|likewise)",
    rf"{_SECOND} (?:has|have) not (?:changed|been (?:changed|altered|modified))(?: at all"
    r"| in any way)? ?(?:,? ?(?:in comparison|compared|relative|when compared|as compared) (?:to"
    rf"|with) {_FIRST})?",
    r"(?:exactly|just|precisely) (?:as|like) (?:(?:it|they|this|that) (?:is|are) )?(?:in"
    rf"|on) (?:the )?(?:first|upper|left|reference|top|other|good)(?: {_PICTURES}| part| one)?",
    rf"{_SECOND} is (?:just |still |exactly )?(?:as it was|as before|the (?:same|one) as before"
    r"|unchanged|unaltered|untouched)",
    r"(?:the|it|this)(?: [\w-]+){0,3} (?:is|are) (?:just |still |exactly )?what (?:it|they) (?:was|were)",
    r"(?:and )?(?:so does|so is|so has|so (?:it )?is(?: it)? with|the same (?:goes|is true|holds"
    r"|applies) (?:for|of|to)|likewise) "
    rf"{_SECOND}",
)
_ALL_ELSE = later(
    rf"(?:everything else|all else|the rest|all other [\w-]+) (?:{_ADV})(?:(?:is|are|looks?"
    rf"|remains?) (?:{_ADV}){SAME}|match(?:es)?|agrees?|lines? up"
    r"|corresponds?|fits|checks out|is fine|is in order|is there)(?: (?:as well|too|also|likewise))"
)


def all_else_too(text: str) -> bool:
    """Say whether a piece adds all else to what was found to be alike: "everything else lines up as well"."""
    return _ALL_ELSE.fullmatch(without_lead(text)) is not None


_OF_ONE = (
    r"(?:(?:it|this|that|these|they|here|both|what i have)(?: (?:is|are|show|shows|depict|have))? "
    r"|(?:i|we|you) (?:can )?(?:see|have|look at) |there (?:is|are)"
    r" |showing |)"
    rf"{_ADV}(?:(?:two|2|both|a pair of) (?:{_PICTURES}) of )?(?:one"
    rf" and )?(?:the )?(?:very )?same (?P<thing>[\w -]{{2,40}}?)"
    r"(?:,? in the (?:very )?same (?:\w+ )?(?:state|condition|place|position))?(?:,? (?:seen|shown"
    r"|photographed|taken|pictured))?"
    r"(?: twice| two times| in both(?: \w+)?| both times| again| in (?:either|each) (?:\w+))?",
    rf"{PAIR} (?:both )?(?:show|depict|are of|contain|display|picture) {_ADV}(?:one and )?the"
    r" (?:very )?same (?:undamaged|unaltered|intact|unchanged|flawless|sound|unbroken"
    rf"|faultless) [\w -]{{2,30}}",
    r"(?:(?:it|this|that|these|they)(?: is| are)? (?:an |the |two )(?:unchanged|unmodified|unaltered"
    r"|identical|untouched)|an (?:unchanged|unmodified|unaltered|untouched)) [\w -]{2,30}",
    r"(?:these|they|both) are (?:two )?(?:photographs|photos|pictures|shots"
    r"|views) of an? (?:unmodified|unchanged|unaltered) [\w -]{2,30}",
    r"(?:i|we) (?:would |could |can )?(?:describe|say) (?:of )?the second (?:\w+"
    r" ){0,3}in the (?:very )?same (?:words|way|terms)",
)
_ONLY_CAMERA = (
    r"(?:any|every|all|what(?:ever)?|the(?: only)?) (?:differences?|changes?|deviations?"
    r"|variations?)(?: (?:that )?(?:i|one|we|you) (?:can )?(?:see|notice|find|spot))"
    r"(?: (?:here|between (?:them|the two)(?: \w+)?))? (?:comes?|stems?|arises?|results?|is due"
    r"|are due|is down|goes back|can be traced back)"
    r" (?:from|to) (?:the )?(?:camera|light\w*|exposure|lens|noise|photograph\w*|angle|white balance"
    r"|imaging|picture)"
    r"(?: (?:and|,) ?not (?:from|to) the \w+)?",
)
_ACCEPTED = (
    r"(?:the |this |test )?(?:part|unit|item|piece|specimen|sample|product|one|component)? ?(?:is "
    r"|to be |can be )?(?:accepted?|passed|released|approved"
    r"|conforming|acceptable|conforms)",
    r"(?:accept|pass|release|approve|good part)",
    r"(?:this|the second|it|that|the (?:test|last|second|inspected)) ?(?:one|part|unit|item|piece"
    r"|sample|specimen|product)? (?:is|would be) (?:a )?(?:good"
    r"|ok|okay|fine|flawless|conforming|acceptable|a pass|in order)(?: part| one)?",
    r"(?:i|we) (?:(?:see|find|found|have|had|saw) no (?:reason|cause|grounds?)|no (?:reason|cause"
    r"|grounds?)) to (?:reject|flag|complain about|object to|scrap"
    r"|fault|sort out) (?:it|this|the \w+(?: \w+)?|this \w+)",
    r"(?:i|we) would (?:not|never) (?:flag|reject|scrap|sort out) (?:it|this|the \w+(?: \w+)?|this \w+)",
    rf"{_SECOND} (?:cannot|can not|could not|is not to) be (?:called|considered|termed|deemed"
    r"|rejected as) (?:defective|faulty|bad|a reject|rejected)",
    rf"{_SECOND} (?:is|looks) (?:(?:wholly|entirely|completely|perfectly) )?(?:free (?:of|from)"
    r"|without)(?: any)? (?:defects?|faults?|flaws?)",
)


def _either(frames: tuple[str, ...]) -> re.Pattern[str]:
    return later("|".join(f"(?:{re.sub('[(][?]P<[a-z]+>', '(', frame)})" for frame in frames))


_PLAINLY = _either((*_NO_DIFFERENCE, *_NOTHING, *_AS_FIRST, *_ONLY_CAMERA))
_OF_PAIR = _either(_ALIKE)
_THING = later(_OF_ONE[0])
_SHOWN = _either(_OF_ONE[1:])
_STAMPS = _either(_ACCEPTED)
_EXCUSED = frozenset("EN")


@lru_cache(maxsize=4096)
def same(text: str) -> bool:
    """Say whether a piece states that the two are the same, or the second is in order."""
    if unchanged(text) or only_light(text):
        return True
    if _SPOILS.search(_ALLOWED.sub(" ", text)):
        return False
    if " that " in text and not _OF_ANYTHING.search(text) and not asserted(tokens(without_lead(text))):
        return False
    bare = without_lead(text)
    if unchanged(bare) or only_light(bare):
        return True
    told = f"it {bare}" if _NO_SUBJECT.match(bare) else bare
    return _same(text) or _same(bare) or (told != bare and _same(told))


_NO_SUBJECT = later(r"(?:does|is(?! no\b)|has|matches|equals|looks|remains|agrees|corresponds|conforms)\b")


_OF_ANYTHING = later(r"\b(?:nothing|anything|not a|difference|everything)\b")
_SPOILS = later(
    r"\b(?:only|merely|solely|purely|hardly|scarcely|barely|almost|nearly|practically|virtually|save"
    r"|bar|except\w*|apart|aside"
    r"|besides|but|partly|partially|mostly|largely|glance|at first|if|whether|unless|neither"
    r"|either way|told|suppos\w*|claim\w*"
    r"|theory|paper|should|might|may|perhaps|maybe|possibly|false|wrong|untrue|true|lie|mistake\w*"
    r"|question|once|until|beyond|further|wonder"
    r"|other than|different and|and different|superficially|roughly|far from|anything but|never|notion"
    r"|suggestion|idea|what i|is what|opposite|ideally|hold|absurd|lacks?"
    r"|without the|yet|extent|minus|albeit|notwithstanding|sans|short of|before and after)\b"
)
_ALLOWED = later(
    r"^if there (?:is|was)|^(?:if|should) there|\b(?:nothing|no more) (?:more )?(?:but|other than)"
    r"|told apart|to be told|true to|beyond (?:any )?doubt"
    r"|would never|the question is no|to (?:the|your|this) question|(?:told|kept|tell|keep|sets?"
    r"|set) [\w' -]{0,40}apart"
)


def _same(text: str) -> bool:
    if _PLAINLY.fullmatch(text) or _SHOWN.fullmatch(text) or _STAMPS.fullmatch(text):
        named = _OF_KIND.search(text)
        return not _of_light(text) and not (
            named and set("QEN").intersection(w.code for w in tokens(named["kind"]))
        )
    if _OF_PAIR.fullmatch(text):
        subject = re.split(r" (?:are|is|look|looks|seem|appear|match|agree|do|have|can|correspond)", text)[0]
        return bool(_WHOLE_SUBJECT.match(subject)) or not set("QENF").intersection(
            w.code for w in tokens(subject)
        )
    thing = _THING.fullmatch(text)
    if thing is None:
        return False
    codes = "".join(word.code for word in tokens(thing["thing"]))
    alone = re.match(
        r"(?:exactly |just )?(?:the )?(?:very )?same\b|(?:two|both|a pair of)\b", text
    ) and not text.endswith(" twice")
    return not alone and not set("QENFDKdenowzRuM%bhkvm").intersection(codes)


_OF_KIND = later(rf"\b(?:no|zero|any|not a|a|single|one) (?P<kind>(?:[\w-]+ ){{1,2}}){_DIFF}\b")
"""Of what kind a difference is: "no colour difference" denies one of the colour alone."""
_WHOLE_SUBJECT = later(
    r"(?:the two|these two|both(?: of them| the)?|those two|they|these|those|everything|all|it all)\b"
)


def _of_light(text: str) -> bool:
    codes = {word.code for word in tokens(text)}
    return bool(codes & _EXCUSED) and not _CAMERA.search(text)


_CAMERA = later(r"\b(?:camera|light\w*|exposure|lens|noise|angle|white balance|copy|picture|image)\b")

"""What turns an English "different" that rests on one clause while another says the opposite.

A word of change is found in much that tells of none: what was expected, what is printed, what became of
the picture and not of the thing. So where no explicit answer says that the two differ, each other sentence is
held against words of denial, sameness and closure. One that is not plainly about another part leaves the
answer open. Nothing here decides anything.
"""

import re

from kurabe.reading.english.tokens import expanded, tokens
from kurabe.reading.patterns import later

BREAK = later(r"(?<=[.!?;])[\"')\]*]*\s+|\n+")
_EXPLICIT = later(
    r"answer word|corrected to: answer word|concluded in the end: “[^”]*\b(?:yes|affirmative|differ\w*)\b"
    r"|difference stated: “(?:so |therefore |thus |hence )?"
    r"(?:there (?:is|are) (?:an? |one |some )?differences? between the (?:two|pictures|images|photos)"
    r"|(?:they|the two(?: \w+)?) (?:differ\b|are (?:different|not the same|not identical))(?! in\b))"
)
_SEES = (
    r"(?:single out|find|found|see|spot|detect|make out|identify|notice|discern|name|point to|report|tell)"
)
_FAULT = (
    r"(?:differences?|changes?|deviations?|defects?|faults?|flaws?|damage|discrepanc(?:y|ies)|alterations?"
    r"|anomal(?:y|ies)|departures?|mismatch(?:es)?)"
)
_OFF = (
    r"(?:off|amiss|wrong|odd|out of place|out of line|changed|altered|different|differs|deviates|untoward"
    r"|happened|to report|to flag|missing|damaged|new|lost|gone)"
)
_WHOLE = (
    r"(?:(?:actual |depicted |inspected |photographed )?(?:items?|objects?|parts?|products?|things?|pieces?"
    r"|samples?|specimens?|components?|units?|articles?|workpieces?|subjects?|pictures?|images?|photos?"
    r"|shots?|two|pair|sides?|views?|references?|second|first|other|scene)\b)"
)
CAMERA = (
    r"(?:lamps?|light\w*|illumination|exposure|camera|photograph\w*|lens|flash|brightness|contrast"
    r"|white balance|sun|sunlight|shadows?|glare|reflections?|zoom|focus|noise|compression|framing|angle"
    r"|viewpoint|tripod|sensor)\b"
)

_ELSE = later(
    r"\b(?:except\w*|apart|aside|but|save|however|though|although|whereas|yet|otherwise|rest|else|others?"
    r"|besides|beyond|further|more than|only|until|unless|if|would be|were it|would have|glance|sight"
    r"|at first|first impression|thought|hoped|wanted|tempt\w*|might|almost|nearly|mostly|hardly|barely"
    r"|anything but|far from|cannot say|can't say|can't call|cannot call|no longer|remaining|no match)\b"
)
"""What restricts a sameness, so that a difference goes with it."""
_GOES_AGAINST = later(
    r"\W*(?:but|however|yet|still|though|although|except|only|one thing|nevertheless|nonetheless|even so"
    r"|that said|on closer|on a closer|then|wait|until|not quite|or so)\b"
)

_CLOSES = later(
    r"^\W*(?:i|we) (?:did|do|could|can|have)(?:n't| ?not)\W*$"
    r"|^\W*(?:they|it|none|nothing|neither)(?: of them| of these)? (?:has|have|did|does|do|is|was|had)"
    r"(?:n't| not)?\W*$(?<!it is)(?<!they do)(?<!they have)(?<!it has)(?<!it does)(?<!it did)"
    r"|\b(?:it|they|this|that|these)(?:'s| is|'re| are|) (?:n't|not|isn't|aren't) (?:a )?new\b"
    r"|\b(?:one|any|none|either) of (?:them|these|those) (?:applies|apply|is so|holds|is true|are true)\b"
    r"|\b(?:ticked|found|saw|confirmed|met with) none of (?:them|these|those)\b"
    r"|\bi(?:'m| am|'d| would|'ll| will| have to|'ve)? (?:therefore |thus )?(?:calling|call|called|marking"
    r"|mark|marked|rating|rate|saying|say|putting|put|logging|log)"
    r" (?:(?:it|this|that|them|these) )?(?:down )?(?:as |for )?(?:(?:the )?same|identical|unchanged|ok"
    r"|okay|a pass|(?:a )?no|negative)(?=\W*$|,| then| here| rather)"
    r"|\b(?:do|does|did|would|could|can|will)(?:n't| ?not) (?:consider|call|regard|count|deem|rate|treat"
    r"|class|think|believe|take|judge)\b(?!.*\b(?:same|identical|match\w*|alike|not)\b).*\b(?:changed|different|altered|modified|damaged|defective|faulty"
    r"|any worse|to differ|to have)\b"
    r"|\b(?:no|not any|without a|without any) (?:residuals?|residue|remainder)\b(?! (?:on|in|at|of|left on))"
    r"|\bnothing (?:remains|is left|was left|left over|is left over)(?=\W*$| (?:to|that|which|once|after))"
    r"|\b(?:is|was|are|were)(?:n't| ?not| hardly| in no way) (?:\w+ )?(?:supported|borne out|warranted"
    r"|justified|sustained|substantiated|backed|corroborated|upheld)\b"
    r"|\bpass(?:es|ed)?(?: (?:the|this|my|every|all|each)(?: of)?(?: the)?)? (?:\w+ )?(?:comparison"
    r"|inspection|checks?|tests?|muster|review)\b"
    r"|\b(?P<n>two|three|four|five|six|seven|eight|nine|ten|\d+)(?: \w+)? (?:out )?of (?P=n)\b"
    r"|\b(?:it's|it is|that's|that is|is|be|makes it|remains|stays) a (?:clear |plain |firm )?no\b"
    r"|\b(?:answer|response|reply|verdict|call|vote|conclusion|result|outcome)\b[^.;]{0,40}?"
    r"\b(?:no|negative)\W*$"
    r"|\bso (?:it's |it is |that's |this is )?(?:a )?(?:no|negative|same|the same)\W*$"
    r"|\b(?:so |hence )?(?:it's|it is|that's|that is|this is) (?:just |only )?(?:your|the) [\"'“‘]?"
    r"(?:small|slight) shift\b"
)
"""Words that close an answer with "no" whatever went before them."""
_HOLDS_NOT = later(
    r"\b(?:about to|nearly|almost|tempt\w*|wanted|inclined|was going|at first|first thought|hoped"
    r"|would have|would be|were it)\b"
    r"|\b(?:not|never|hardly|n't|cannot)\b[^.;]{0,30}\b(?:pass|a no|be no)\b|\bn't pass|\bfailed to"
    r"|\bno (?:wonder|doubt|longer)\b|\brather than (?:a )?no\b|\binstead of (?:a )?no\b"
)

_SAME_WHOLE = later(
    rf"(?:^|[,;] |\bthat |\bso |\band |\bsee |\btherefore |\bthus |\bhence )"
    rf"(?:they|both|the two|these two|the pair|everything|(?:the |both |these )(?:two )?(?:images|pictures"
    r"|photos|shots|parts|items|objects|samples|pieces|photographs)(?: of (?:the |an? )?[\w-]+(?: [\w-]+)?)?"
    rf"|(?:the|this) {_WHOLE}(?: itself)?)"
    r" (?:are|is|remain|remains|stay|stays|was|were|has been|have been|has been left)"
    r" (?:\w+ly |all |both |still |just |quite |exactly )?(?:identical|the same|unchanged|indistinguishable"
    r"|unaltered|untouched|unharmed|one and the same|as (?:it|they) (?:was|were)|not (?:been )?changed)"
    r"(?=\W*$|[,;]| throughout| with no\b| to (?:each|one|the))"
    r"|(?:^\W*|\b(?:there (?:is|are|was|were)|(?:i|we) (?:can |could )?(?:see|find|found|saw|spot|notice"
    r"|note)|so|hence|thus|therefore) )(?:no|not a|zero|not any) "
    r"(?:(?:visible|discernible|real|actual|single|noticeable|relevant) )?"
    r"(?:differences?|changes?|deviations?|discrepanc(?:y|ies))(?=\W*$|[,;]| (?:between|whatsoever|at all"
    r"|to (?:the|report)|here|worth|that (?:i|count)))"
    rf"|\bnothing(?: about (?:it|the {_WHOLE}(?: itself)?))?(?: (?:is|was|has|has been|had|seems|looks"
    rf"|that is|that has|has \w+))? {_OFF}\b(?! (?:in|on|with|about|of|at|to|from|between|inside|along)\b"
    rf"(?! (?:it|the reference|the {_WHOLE})))"
    rf"|\b(?:ca|can|could|do|did)(?:n't| ?not) {_SEES} (?:anything|any (?:\w+ )?{_FAULT}|a (?:\w+ )?{_FAULT}"
    rf"|a single [\w-]+|what)\b(?! (?:in|on|with|about|of|at|inside|along)\b(?! (?:it|the {_WHOLE})))"
)
"""Sameness, or the absence of a difference, of the whole."""
_NOT_SAME = later(
    r"(?:\b(?:not|never|cannot)|n't) (?:\w+ ){0,4}?(?:they|both|it|there|that|everything|nothing|all|these"
    r"|the two)\b"
    r"|\bnot all\b|\bin (?:shape|colou?r|size|outline|form)\b"
)
_IS_AS_IT_WAS = later(
    r"(?<!on )(?<!of )(?<!in )(?<!at )\b(?:the|its|this|that) (?P<thing>[\w'-]+(?: [\w'-]+)?)(?: itself)?"
    r" (?:is|are|was|were|has been|have been|remains?|stays?|has|have|was left|did|does)"
    r" (?:\w+ly |still |just |exactly )?(?:untouched|unchanged|unaltered|not(?: been)? (?:changed|altered"
    r"|touched|moved)|not change|the same|identical|as it was|as before)(?=\W*$|[,;]| in both)"
)

_NEITHER = later(
    r"“[^”]*\b(?:chang\w*|differ\w*|alter\w*|deviat\w*|los[te]\w*|affect\w*|suffer\w*) neither\b"
    r"|“(?![^”]*\bnot (?:the case|true|so)\b)[^”]*\b(?:neither|not one|not a single|none|nothing)\b[^”]{0,60}"
    r"\b(?:deviates?|differs?"
    r"|(?:has|have) (?:been )?(?:changed|altered|moved|shifted)|changed)\b"
)
"""A denial of the very clause that was taken for a difference."""
_SAME_CLAUSE = later(
    r"“(?![^”]*\b(?:but|except|not?|none|only|different|without|missing|lacks?|yet|while|whereas|never|longer"
    r"|hardly|than)\b)(?![^”]*n't)(?:with|and|also|of|in|has|having|plus) [^”]*\bsame\b[^”,;]*[”…]"
)
"""Sameness of a part, taken for what is restricted."""
_SAME_THING = later(r"\bsame [\w'-]+")
"""What may be a defect of both: "with the same dent at the rim"."""
_EXPECTS = later(
    r"“[^”]*\b(?:i|we) (?:(?:was|were|had|have|am|'d) )?(?:\w+ )?(?:expect(?:ed|ing)?|fear(?:ed|ing)?"
    r"|anticipat(?:ed|ing)|prepared to|brac(?:ed|ing) (?:myself )?for|bet|waiting for"
    r"|watch(?:ed|ing)? (?:out )?for"
    r"|hunt(?:ed|ing)? for|search(?:ed|ing)? for|look(?:ed|ing)? (?:out )?for|keen to)\b"
    r"(?![^”]*\b(?:but|and (?:found|saw|spotted)|instead|however|yet|until|when)\b)"
    r"|“(?:my |the |a |some |our )?(?:check ?list|candidates?(?= (?:for|are|were|is))|suspects"
    r"|things to check)\b"
    r"|“[^”]*\b(?:dispel\w*|refut\w*|disprov\w*|ruled? (?:it|that|this) out)\b"
    r"|“[^”]*\b(?:seemed|looked|appeared to|might have)\b"
    r"|“[^”]*\b(?:these|such|those)(?: \w+)? (?:often|usually|sometimes|typically|commonly|tend)\b"
    r"|“[^”]*\b(?:assertion|claim|statement|hypothesis|idea|notion|suggestion|theory|allegation|premise"
    r"|proposition|contention|accusation)\b"
)
"""What was expected, is so of many, or was only asserted, taken for a difference."""
_PICTURE_ALONE = later(
    r"“(?:while |although |though |there is |overall,? )?(?:the |a |an |some |its |b's |a's |image b's )?"
    r"(?:\w+ )?(?:zoom|magnification|framing|crop|exposure|brightness|white balance|contrast"
    r"|colou?r (?:cast|temperature|balance)|sharpness|focus|blur|noise|glare|light\w*|illumination|view"
    r"|viewpoint|perspective|camera angle|moir[eé](?: pattern)?|compression|resolution|vignett\w*|haze"
    r"|flare|shadows?|whole (?:frame|picture|image)|entire (?:frame|picture|image))"
    r"(?: level| factor| setting| quality| artefacts?)?(?: (?:in|of|on|for|from) (?:the )?(?:\w+ ){0,3}?\w+)?"
    r" (?:is|are|was|were|has|have|looks?|seems?|appears?|differs?|changed|varies|isn't|went)\b"
)
_MERE_PICTURE = later(
    r"“(?:(?:it is|only|just|merely) )*(?:the |a |an |some |its )?(?:(?:second|other|later|bright|dark) )?"
    r"(?:(?:photo\w*|picture|image|shot)(?: itself)?"
    r" (?:that )?(?:has changed|is different|differs|changed)(?=[”,])"
    r"|(?:everything|all of it|(?:whole |entire )?(?:scene|frame|horizon)) (?:is|has|have|was) (?:been )?"
    r"(?:moved|shifted|tilted|rotated|displaced|larger|smaller|bigger|further|higher|lower)\b"
    r"|(?:reflections?|highlights?|shadows?|glare|bright spot|hotspot)\b[^”,]{0,40} (?:is|are|has|have) "
    r"(?:missing|gone|different|changed|moved|been|new|absent)\b)"
)
_LACKS_QUALITY = later(
    r"“(?:the )?(?:(?:second|other|later) )?(?:photo\w*|picture|image(?: b)?|shot|b)"
    r" (?:lacks|is missing|has lost|is short of) (?:some |much |any )?"
    r"(?:contrast|sharpness|brightness|details?|clarity|light|saturation|focus|definition|crispness)\b"
)
_LIKEWISE = later(
    r"\b(?:as|so) (?:did|do|does|has|have|is|are|was|were) (?:the|its|their|everything|all|my|what)\b"
)
_OF_HUE_OR_PLACE = later(
    r"\b(?:went|looks?|seems?|appears?|colou?r\w*|higher|lower|darker|brighter|lighter|left|right|up|down"
    r"|paler|warmer|larger|smaller|moved|shifted|turned)\b"
)
_SHARPER = later(
    r"\b(?:because|since|as) (?:it|the (?:second |later |other )?(?:picture|image|photo\w*|one|shot|light))"
    r" (?:is|was|has) (?:\w+ )?(?:sharper|brighter|darker|better|closer|clearer|stronger|different|moved)\b"
    r"|\b(?:because|since|as) (?:the )?(?:photographer|camera|tripod|lens)\b"
)
_EXPLAINS = later(
    rf"\b(?:{CAMERA}|overexposure|underexposure|jpe?g|foreshortening|perspective|parallax|motion blur)"
    r" (?:\w+ )?(?:does|did|explains?|accounts? for|causes?|caused|makes?|produces?) (?:that|this|it|so)\b"
    r"|\bi (?:can|could|do|did) (?:also |even |just |barely )?(?:find|see|make out|spot)"
    r" (?:it|one|them|the same) in (?:a|the (?:first|reference|left|upper|other)|image [a1])\b"
)
"""What explains a difference by the camera, or finds it in the first picture too."""
_ON_CONDITION = later(
    r"\b(?:if|unless|were)\b(?![^.;]*\b(?:looks?|zoom|compares?|asks?|inspect)\b)[^.;]{0,60}"
    r"\b(?:they|the two)(?: \w+)? (?:would |do )?(?:differ|are different|are not the same)\b"
)
_BLAMES = later(
    rf"\b(?:blame|blaming|thanks to|owing to|due to|down to|caused by|has to do with|have to do with"
    r"|having to do with|because of|comes? from|stems? from|a matter of|explained by|put down to"
    r"|attribut\w+ to|(?:result|effect|work|fault|doing|trick) of|goes back to|accounted for by)"
    rf" (?:just |only |merely |simply )?(?:the |a |an |some |different |changed )?(?:\w+ )?{CAMERA}"
    rf"|\b(?:merely|only|just|simply) the (?:\w+ )?{CAMERA} (?:that|which) "
)
_OF_ALL = later(
    rf"\b(?:whatever|anything|everything|any|every|all|what(?:'s| has| is| was)?|the only) (?:\w+ ){{0,3}}?"
    rf"(?:chang\w*|differ\w*|{_FAULT}|var\w+|looks?|seems?)\b"
)
_POINTS_BACK = later(
    r"\W*(?:i(?:'d)? )?(?:it|this|that|these|they|those|both|all|blame|blaming|due|owing|down|just|merely"
    r"|simply|only|probably|so|an? (?:effect|matter|trick|result))\b"
)
_LIGHT_ONLY = later(
    rf"\b(?:only|sole|single|one) (?:visible |real |actual |apparent )?(?:{_FAULT}|variations?) (?:being|is"
    r"|was|lies|lying|consists|concerns)\b[^.;]{0,40}"
    r"\b(?:increase|decrease|rise|drop|shift|change|difference) in (?:the )?(?:overall |general |image |"
    rf"picture )?{CAMERA}(?! of\b)"
)
_TICKED = later(r"^[ \t]*(?:[-*•][ \t]*)?[✔✓☑✅][ \t]*(?P<said>.+)$", re.MULTILINE)

_STATES_IT = later(
    r"\b(?:(?:are|is|look) (?:\w+ly )?(?:different|not the same|not identical|not equal)"
    r"|aren't (?:the same|identical)|differ|deviates?|there is (?:a|one) (?:\w+ )?difference"
    r"|see (?:a|one) (?:\w+ )?difference|not the same"
    r"|(?:verdict|conclusion|result|answer)\W+(?:is )?different)\b"
)
"""What states a difference of the whole in the last sentence."""
_LISTED = later(r"\W*(?:[-*•|]|\d+[.)]) ?")


def speaks_against(text: str, rule: str) -> str:
    """Return why an English answer read as "different" by a rule says that after all not; else nothing.

    Args:
        text: The answer in small letters.
        rule: The rule, with the words that it took for a difference.
    """
    if "if" in text and "answer word" not in rule and _ON_CONDITION.search(text):
        return "what it says to differ depends on something"
    if _EXPLICIT.match(rule):
        return ""
    if _NEITHER.search(rule) or _EXPECTS.search(rule):
        return "what it says to differ is denied, expected or only asserted"
    if _SAME_CLAUSE.search(rule) and all(
        word.code != "F" for word in tokens(_SAME_THING.sub(" ", _quoted(rule)))
    ):
        return "what it takes for a difference is a sameness"
    quoted = _quoted(rule)
    more = len(_words(expanded(text))) > len(_words(quoted)) + 1
    if _PICTURE_ALONE.search(rule) or _LACKS_QUALITY.search(rule) or (more and _MERE_PICTURE.search(rule)):
        return "what it says to differ is the picture, not the thing"
    if _ticked(text, quoted):
        return "what it says to differ is ticked off"
    parts = [part.strip() for part in BREAK.split(text) if part and part.strip()]
    own = next((n for n, part in enumerate(parts) if _holds(part, quoted)), None)
    stated = bool(parts) and _STATES_IT.search(parts[-1]) is not None
    for place, part in enumerate(parts):
        if why := _takes_back(part, place, own, quoted):
            return f"{why}: “{part[:80]}”"
        after = parts[place + 1] if place + 1 < len(parts) else ""
        if stated or _LISTED.match(part) or place == own or _ELSE.search(part) or _GOES_AGAINST.match(after):
            continue
        if _same(part, quoted):
            return f"what it says to differ does not go with: “{part[:80]}”"
    return ""


def _takes_back(part: str, place: int, own: int | None, quoted: str) -> str:
    """Return in what way a sentence takes back what was said to differ; nothing if it does not."""
    if _SEEMS.search(quoted) and _IS_NOT.search(part):
        return "what it says to differ only seemed to"
    if _CLOSES.search(part) and not _HOLDS_NOT.search(part):
        return "what it says to differ is closed by"
    if (
        _LIGHT_ONLY.search(part)
        or _EXPLAINS.search(part)
        or _blames(part, place, own)
        or _goes_with_all(part, place, own, quoted)
    ):
        return "what it says to differ is put down to how it was taken"
    return ""


_SEEMS = later(r"\b(?:seems?|looks?|appears?)\b")
_IS_NOT = later(r"\b(?:it|they|that|this) (?:is|are|has|have|does|do)(?:n't| not)\W*$")


def _same(part: str, quoted: str) -> bool:
    """Say whether a sentence says that the whole, or what is said to differ, is as it was."""
    if _NOT_SAME.search(part):
        return False
    if _SAME_WHOLE.search(part):
        return True
    told = _IS_AS_IT_WAS.search(part)
    return told is not None and re.search(rf"\b{re.escape(told['thing'])}\b", quoted) is not None


def _blames(part: str, place: int, own: int | None) -> bool:
    """Say whether a sentence puts all that was said to differ down to the light or the camera."""
    found = _BLAMES.search(part)
    if found is None or re.search(r"\b(?:not|cannot|never|hardly)\b|n't\b", part[: found.start() + 8]):
        return False
    if _OF_ALL.search(part[: found.start() + 1]):
        return True
    if re.search(r"\b(?:but|however|yet|while|whereas|and the)\b", part[found.end() :]):
        return False
    return own is not None and place in (own, own + 1) and (place == own or bool(_POINTS_BACK.match(part)))


def _goes_with_all(part: str, place: int, own: int | None, quoted: str) -> bool:
    """Say whether the same befell other things, or a word for the camera alone explains it."""
    if own is None or place not in (own, own + 1):
        return False
    if _LIKEWISE.search(part) and _OF_HUE_OR_PLACE.search(quoted):
        return True
    if place == own:
        return _SHARPER.search(part) is not None
    words = _words(part)
    return len(words) < 6 and re.search(rf"\b{CAMERA}", part) is not None and not _DENIED.search(part)


_DENIED = later(
    r"\b(?:not|no|never|cannot|missing|same|aside|ignor\w*|excluded|bent|broken|torn|also|too|and|is|are"
    r"|has)\b|n't\b"
)


def _ticked(text: str, quoted: str) -> bool:
    ticks = [match["said"] for match in _TICKED.finditer(text)]
    return len(ticks) > 1 and any(_holds(said, quoted) for said in ticks)


def _quoted(rule: str) -> str:
    """Return the words of an answer that a rule quotes, as it normalised them."""
    begin = rule.find("“")
    return rule[begin + 1 :].rstrip("”…") if begin >= 0 else ""


def _words(text: str) -> list[str]:
    return re.findall(r"[\w]+", text.replace("'", ""))


def _holds(part: str, quoted: str) -> bool:
    """Say whether a sentence is where the quoted words stand."""
    wanted = [word for word in _words(quoted)[:5] if word != "image"]
    return bool(wanted) and " ".join(wanted) in " ".join(_words(expanded(part)))

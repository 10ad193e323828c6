"""English that states nothing about the pair: refusals, doubts, questions."""

from kurabe.reading.patterns import later

_PICTURE = r"(?:images?|pictures?|photos?|photographs?|attachments?|files?|visuals?|them|it)"
_ANY = (
    r"(?:the|any|an|a|your|these|those|this|both|either|actual|two|second|first|other|attached|such"
    r"|provided)"
)
_REFUSALS = later(
    r"^(?:i am |we are )?(?:so |very |really )?sorry\b(?! for (?:the|my|any) (?:earlier "
    r"|previous )?(?:confusion|delay|mix-up|late reply))|\bi apologi[sz]e\b|^(?:my )?apologies\b"
    r"|^unfortunately\b(?! ?,? (?:i|we) (?:\w+ ){1,4}(?:find|see|spot|detect|identify|notice) (?:any|no) )"
    r"|\bas an? (?:\w+ )?(?:ai|language|text|assistant|llm)\b|\bi am (?:just |only )?an? (?:\w+ )?(?:ai"
    r"|language|text)\b"
    r"|\b(?:can|could|do|did|am|is|are|will) not (?:be |have |\w+ly )?(?:able to |possible to )?(?:\w+ly )?"
    r"(?:view(?:ed)?|access(?:ed)?|open(?:ed)?|process(?:ed)?|display(?:ed)?|load(?:ed)?|analy[sz]e|help"
    r"|assist|provide"
    r"|fulfil+|comply|receive[d]?|interpret|accessible)\b"
    r"|\bunable to (?:view|access|open|process|display|load|analy[sz]e|help|assist|provide|fulfil+"
    r"|comply|perform"
    r"|complete|interpret)\b"
    rf"|\b(?:can|do|could|did) not (?:\w+ly )?(?:see|find|have) {_ANY}? ?(?:{_ANY} )*{_PICTURE}\b(?! "
    rf"(?:that|differ|pins))"
    rf"|\bunable to see (?:{_ANY} )*{_PICTURE}\b"
    rf"|\bno (?:second )?{_PICTURE} (?:\w+ )?(?:was|were|is|are|has|have|to|provided|attached|uploaded"
    rf"|found|available)\b"
    rf"|^(?:there (?:is|are) )?no (?:\w+ )?{_PICTURE}\W*$"
    rf"|\b{_PICTURE} (?:\w+ )?(?:did|do|does|was|were|is|are|has|have|could|can) not (?:been |be |seem "
    rf"to be |have )?"
    r"(?:\w+ly )?(?:load\w*|provided|attached|uploaded|included|come through|display\w*|render\w*"
    r"|available|shown|sent"
    r"|present|visible|received|accessible|shared|supplied|there)\b(?! in)"
    rf"|(?:^|[,.;:] |\b(?:but|that|because|since|as|and) )(?:the |this |both |your |second |first |upper "
    rf"|lower |images? )+{_PICTURE} (?:\w+ )?(?:is|are|seems?|appears?|looks?)(?: to be)? (?:\w+ly )?"
    r"(?:blank|empty|corrupted|broken|black|too dark|unavailable|inaccessible|missing(?! \w)"
    r"|unreadable|too "
    r"blurry|too small"
    r"|white(?:\W*$)|completely dark|all black)\b"
    rf"|\b(?:please|could you|kindly|can you) (?:please )?(?:\w+ )?(?:provide|upload|share|attach|send"
    rf"|resend|re-upload"
    r"|supply|try|describe|re-?send|clarify)\b"
    r"|\b(?:without|no|lack|not have) (?:\w+ )?(?:access|ability|seeing|eyes|vision|visual capabilit)"
    rf"|\bonly (?:one|a single|1) {_PICTURE}\b(?! (?:shows?|has|contains|lacks|displays|includes)\b)"
    r"|\b(?:see|received?|have|given|got) only (?:one|a single|1)\b"
    rf"|\b(?:one|a single) {_PICTURE} (?:was|is|has been) (?:provided|shown|attached|uploaded)\b"
    rf"|\bfail(?:s|ed)? to (?:load|open|display|upload)\b|\b(?:did|have|has) not (?:\w+ )?(?:been "
    rf")?(?:provided|attached"
    r"|uploaded|received?|shared|sent)\b|\bsecond (?:image|picture|photo) is missing(?!\s+\w)"
    r"|\bagainst (?:my|the) (?:\w+ )?(?:guideline|polic)|\bnot (?:able|capable) (?:to|of) (?:view|access"
    r"|process|help|see(?:ing)?"
    r" (?:the )?(?:image|picture)|assist|analy)\w*|\bi (?:am not|was not) (?:shown|given|provided)\b"
    r"|\bnot in a position to\b|\bbroken link\b|\btext[- ](?:based|only)\b"
)
_JUDGE = (
    r"(?:tell|say|said|determined?|decided?|judged?|conclude[d]?|confirm(?:ed)?|verify|verified|know"
    r"|known|assess(?:ed)?"
    r"|answer(?:ed)?|sure|certain|state[d]?|establish(?:ed)?|ascertain(?:ed)?|compared?|rule out|ruled out"
    r"|definitive|reliably|definitively|guarantee[d]?|clear|evaluated?|quantif(?:y|ied)|identif(?:y|ied) "
    r"whether|gauged?)"
)
_DOUBTS = later(
    rf"\b(?:can|could|is|are|am|was|be|it|would|may|might|do|did|does)? ?(?:not|never|hard|difficult"
    rf"|impossible|tricky|tough"
    rf"|challenging|unable|no way|no means|too \w+)(?: (?:for me|possible|able|really|entirely"
    rf"|completely|fully|totally"
    rf"|quite|\w+ly|100%|absolutely|very|too|immediately))*(?: (?:to|of|be))* {_JUDGE}\b"
    r"|\b(?:unsure|uncertain|unclear|inconclusive|undetermined|indeterminate|undecided|unknown|ambiguous"
    r"|debatable|undeterminable|indeterminable)\b"
    r"|\b(?:left|leaves?|leaving|kept|keep|remains?|stays?) (?:\w+ ){0,4}open\b(?! (?:in|on|and"
    r"|at|while|but))"
    r"|\b(?:reserv|withh[oe]ld|suspend|defer|postpon|abstain"
    r"|refrain)\w* (?:from )?(?:\w+ )?(?:judge?ment|judging|verdict"
    r"|decision|deciding|answer|answering|conclusion|opinion|statement)\b"
    r"|\b(?:judge?ment|verdict|decision|conclusion) (?:is|has been|must be|will be"
    r"|should be) (?:\w+ )?(?:reserved|withheld"
    r"|suspended|deferred|postponed|pending|on hold)\b|\bnot determinable\b"
    r"|\b(?:not enough|insufficient|lack(?:s|ing)? (?:of )?(?:the )?|more) (?:\w+ )?(?:information"
    r"|detail|resolution|context"
    r"|data|clarity|images?)\b|\bno idea\b|\byes (?:and|or|/) ?no\b|\bremains? to be seen\b|\bopen to "
    r"(?:interpretation|debate)"
    r"|\b(?:can|could) not (?:\w+ly )?(?:count|quantify|enumerate)\b"
    r"|\bit depends\b|^depends\b|\bcould go either way\b|\bhave (?:my |some )?doubts\b|\bnot (?:a "
    r")?definit\w+"
    r"|\b(?:can|could|may|might) not be (?:entirely |fully |completely )?(?:excluded|ruled out"
    r"|dismissed)\b|(?<!100 )(?<!9\d )(?<!100)(?<!9\d)% (?:sure|certain|confident|chance|likely"
    r"|probability)|\bneed (?:a |to see |more )(?:closer|better|clearer)|\bhard to (?:see"
    r"|discern|make out|spot)\b"
    r"|\bno (?:\w+ )?(?:conclusions?|judge?ments?|statements?|verdict|assessment"
    r"|decision|answer) (?:about [\w ]+ )?"
    r"(?:can|could|is|may) (?:not )?(?:be )?(?:drawn|made|given|reached|possible)\b"
    r"|\b(?:low|little|no) confidence\b|\bi (?:may|might|could) be (?:wrong|mistaken|missing)\b|\bcannot "
    r"be told\b(?! apart)"
)
_NOT_DOUBT = later(
    r"\bwithout (?:a|any) doubt\b|\bno doubt\b|\b(?:tell|told|distinguish) (?:\w+ ){0,3}apart\b"
    r"|\bnot (?:\w+ )?(?:say|know|clear|sure) (?:what|why|how it|what caused)\b|\bi would not say\b|\bi "
    r"will not say\b"
)


_ADVISES = later(
    r"\b(?:can|may|could|might|will|would) (?:\w+ )?be (?:\w+ )?(?:found|spotted|seen|detected"
    r"|identified|revealed"
    r"|noticed|located|discovered) (?:\w+ )?(?:by|through|if|when|once|via) "
    r"|\b(?:differences?|changes?|defects?|deviations?|things?|points?|faults?|flaws?"
    r"|signs?) (?:\w+ )?(?:to|worth)"
    r" (?:look(?:ing)?|watch(?:ing)?|check(?:ing)?|search(?:ing)?) (?:out )?(?:for|at|first)?\b"
    r"|\b(?:helps?|useful|helpful|advisable|best|recommended|good idea|easiest"
    r"|worth(?:while)?) (?:to )?(?:first )?"
    r"(?:look|compar|check|search|start|begin|inspect|examin)\w*\b"
    r"|\b(?:way|trick|method|approach|procedure|strategy|tip|technique) (?:to|of"
    r"|for) (?:\w+ ){0,2}?(?:find|spot|detect"
    r"|identify|see|notic|compar|locat|discover|check)\w*\b"
)
_PICTURE_CUT = later(
    r"\b(?:parts?|edges?|sides?|half|corners?|bottom|top|right|left|rest) of (?:(?:the|this|that"
    r"|one|each|both|either|my|12) )?"
    r"(?:[\w:]+ )?(?:image|picture|photo|photograph|frame|view|shot|scan|reference)s? (?:is|are"
    r"|was|were|has been|seems?"
    r"|appears?|looks?) (?:\w+ )?(?:cut|cropped|missing|blurred|blurry|hidden|obscured|truncated|out of)\b"
    r"|^(?:the |this |that |both |one )?(?:[\w:]+ )?(?:image|picture|photo|photograph|frame|view"
    r"|shot|scan)s?(?: [12ab])? (?:is|are|was"
    r"|were|has been|seems?|appears?|looks?) (?:to be )?(?:\w+ )?(?:cut|cropped|truncated"
    r"|incomplete|out of frame)\b"
)
"""What befalls a picture, and not the thing in it: "part of the picture is cut off"."""


def advises(text: str) -> bool:
    """Say whether a clause only tells how to go about it: "differences can be found by comparing"."""
    return _ADVISES.search(text) is not None


def picture_cut(text: str) -> bool:
    """Say whether a clause tells that a part of a picture is not there."""
    return _PICTURE_CUT.search(text) is not None


def refuses(text: str) -> bool:
    """Say whether a sentence tells that there is no picture to look at, or no will to answer."""
    return _REFUSALS.search(text) is not None


def doubts(text: str) -> bool:
    """Say whether a sentence leaves the answer open: "it is hard to tell"."""
    return _DOUBTS.search(text) is not None and _NOT_DOUBT.search(text) is None


_POLITE = later(
    r"^(?:please )?(?:let me know|this is my (?:final )?answer|that is my (?:final )?answer|feel free"
    r"|i hope|hope (?:this|that)|thank you|thanks|you are welcome|i "
    r"would be happy|i am happy"
    r"|happy to|glad to|do not hesitate|if you (?:have|need|want|would like|can provide|could provide)"
    r"|would you like|is there anything"
    r"|sorry for (?:the|my|any) \w+|have a (?:nice|great)|good luck|great question|certainly|absolutely"
    r"|of course|sure|okay|ok|hello"
    r"|hi|understood|got it"
    r"|here is (?:what|how) (?:i|we) (?:\w+ly )?(?:looked at|checked|compared|examined|inspected"
    r"|went through)"
    r"|here (?:is|are) (?:my|the|a|an|some|your) \w+|here you (?:are|go)|as requested|i will (?:now "
    r")?\w+ (?:the|both|each|these|them)"
    r"|i(?: have)? (?:\w+ly )?(?:compared?|examined?|looked at|inspected?|reviewed?|analy[sz]ed?"
    r"|checked?|studied|study"
    r"|zoomed in|looked closely)\b)"
)


def is_polite(text: str) -> bool:
    """Say whether a sentence only greets, offers help, or tells that the pictures were looked at."""
    return _POLITE.match(text) is not None

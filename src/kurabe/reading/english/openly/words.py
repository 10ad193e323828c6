"""Pieces of the expressions that the open reading of English answers is made of.

The nouns of things are left open everywhere. What is closed is what turns a meaning: which picture, what is
the same, what has been done to a thing, and what is light.
"""

PICTURE = (
    r"(?:pictures?|photos?|images?|shots?|frames?|views?|pics?|photographs?|ones?|snaps?|scans?|captures?"
    r"|takes?)"
)
_KIND = rf"(?: (?:[\w-]+ ){{0,1}}?{PICTURE})?"
SECOND = (
    rf"(?:(?:the |its |this )?(?:second|2nd|later|latter|newer|last|lower|bottom|test|inspected|other){_KIND}"
    rf"|(?:the )?(?:right|right-hand){_KIND}|{PICTURE} (?:# ?)?(?:2|two|b)|b(?='s\b| |$|,|\.|:)|now"
    rf"|afterwards?)"
)
FIRST = (
    rf"(?:(?:the |its )?(?:first|1st|earlier|former|older|previous|original|upper|top|reference|other"
    rf"|incoming)"
    rf"{_KIND}|(?:the )?(?:left|left-hand){_KIND}|{PICTURE} (?:# ?)?(?:1|one|a)|a(?='s\b|$|,|\.|:)"
    rf"|before|beforehand"
    r"|at first|to begin with|at the start)"
)
BOTH = (
    rf"(?:(?:in|on|at|from|with|to|of|for) (?:both|each|either|the two|all)(?: of (?:them|the"
    rf"|these))?(?: (?:the )?{PICTURE}"
    rf"| [\w-]+)?|both(?: times| of them| ways)?|twice(?: over)?|(?:in|on) (?:a|1|one) and (?:in "
    rf"|on )?(?:b|2|two)|before and now"
    rf"|then and now|now and before|in (?:the )?{PICTURE} (?:1|a) and (?:{PICTURE} )?(?:2|b))"
)
SAME = (
    r"(?:the (?:very |exact |self)?-?same|same|identical|unchanged|equal|alike|indistinguishable"
    r"|unaltered|untouched"
    r"|equivalent|interchangeable|congruent|no different|not different|the same as ever|in the same state)"
)
THING = r"(?:[\w'/.-]+ ){0,8}?[\w'/.-]+"
DIFFERENCE = (
    r"(?:differences?|changes?|deviations?|discrepanc(?:y|ies)|alterations?|mismatch(?:es)?|variations?"
    r"|modifications?|distinctions?|residuals?|remainders?)"
)
LIGHT = (
    r"(?:light(?:s|ing)?|lamps?|bulbs?(?= being)|sun(?:light|shine)?|flash|exposure|overexposure"
    r"|brightness|glare|glint"
    r"|shadows?|reflections?|lens flare|lens|camera|tripod|noise|grain|blur\w*|focus|white balance"
    r"|colou?r cast|cast"
    r"|tint|tone|contrast|acquisition|illumination|luminance|framing|perspective|viewpoint|angle|shift|nudge|zoom"
    r"|compression|leaves outside|photograph(?:y|ing))"
)
DONE = (
    r"(?:changed|altered|touched|moved|budged|added|taken|removed|replaced|swapped|lost|gained|grown|shrunk|suffered"
    r"|scraped|parted|opened|pulled|happened|broken|bent|cracked|worn|spread|worsened|damaged|tampered|slipped"
    r"|disturbed|gone missing|come (?:off|loose|undone|apart)|fallen off|turned|shifted|eaten|bitten"
    r"|torn|faded"
    r"|loosened|tightened|unscrewed|unravelled|faded|split|dropped)"
)
GONE = (
    r"(?:gone(?: missing| from \w+)?|no more|awol|absent|missing|vanished|disappeared|lost"
    r"|nowhere (?:to be (?:seen|found)|in"
    r" sight)|(?:popped|fallen|come|broken|snapped|torn|chipped|knocked|rubbed|worn|peeled|ripped|cut"
    r"|sheared|dropped)"
    r" (?:off|away|out|loose|apart|undone)|left out|not there(?: any more| anymore| any longer)?"
    r"|not in place|undone"
    r"|off(?= (?:in|on)\b|$)|not present|missing in action)"
)

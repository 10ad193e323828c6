"""What an English sentence says by the way: how one looked, how sure one is, from what it follows.

None of it bears on the verdict, so it is left out before a sentence is cut into clauses. What only seemed so,
"at first glance", is no aside; nor is anything that denies, supposes or reports.
"""

from kurabe.reading.patterns import later
from kurabe.reading.wording import Rule

_NOT_FIRST = (
    r"(?!first |initial |quick |cursory |superficial |casual |brief |rough |not |no |little |second |other )"
)
_LOOK = (
    r"(?:inspection|examination|look|comparison|review|analysis|scrutiny|observation|viewing|check(?:ing)?"
    r"|evaluation|assessment|consideration|study|reflection(?= ?,))"
)
_PAIR = (
    r"(?:them|both(?: of them)?|(?:the |both |these |all )?(?:two )?(?:images|pictures|photos|photographs"
    r"|parts"
    r"|views|shots|screenshots|drawings|samples|specimens))"
)
_ADVERB = (
    r"(?:(?!hardly|scarcely|barely|rarely|seldomly|falsely|wrongly|mistakenly|erroneously|supposedly"
    r"|allegedly|nearly"
    r"|incorrectly|only|merely|possibly|potentially|reportedly|theoretically|formerly|previously|partly"
    r"|partially"
    r"|superficially|initially|unlikely|misleadingly)\w+ly|also|now|still|then|thus|indeed|here|even|quite"
    r"|very|rather|fairly|pretty|just|too|again)"
)
_SHOWS = (
    r"(?:indicates?|suggests?|shows?|means?|confirms?|proves?|reveals?|demonstrates?|implies|imply"
    r"|tells? (?:me|us)|leads? (?:me|us) to (?:conclude|believe|say|think))"
)
_GROUNDS = (
    r"(?:observations?|findings?|details?|points?|facts?|evidence|checks?|results?|features?|comparison"
    r"|analysis|inspection|examination|measurements?|look|test|review)"
)
_STARTS = (
    r"(?=(?:there|they|it|the|a|an|this|these|those|both|all|no|not|nothing|none|neither|each|every"
    r"|everything"
    r"|one|two|some|only|either|images?|pictures?|its|in|on|several|three|four|pins?|parts?|what|yes|\d)\b)"
)
_STATES = later(
    r"\b(?:differ\w*|missing|bent|broken|crack\w*|scratch\w*|damage\w*|torn|changed|but|not|no|same"
    r"|identical)\b"
)
_SO = r"(?:(?:so|therefore|thus|hence|yes|and|overall|now|then|again|also|finally|consequently) ?,? )*"

ASIDES: tuple[Rule, ...] = (
    (
        later(
            r"\bthe (?:\w+ )?(?:image|picture|photo|camera|shot|scene)(?:'s| is) (?=(?:exposure|brightness"
            r"|contrast|light\w*|angle|noise|colou?rs?"
            r"|tones?|white balance|sharpness|focus|resolution|quality|perspective|saturation|hue) (?:is|are"
            r"|has|have|looks?|seems?|appears?"
            r"|differs?|changed|may|was|were)\b)"
        ),
        "the ",
    ),
    (
        later(
            r"\b(?:less|more) (?:sharp|bright|dark|noisy|grainy|blurry|blurred|saturated|contrasty|in focus"
            r"|exposed|well[- ]lit)\b"
        ),
        "brighter",
    ),
    # Pictures that go by a letter.
    (
        later(r"^(?:both )?a and b (?=(?:are|differ|do|match|look|show|agree|have)\b)"),
        "the two pictures ",
    ),
    (later(r"\b(in|on) b(?= ?[,.;]| ?$| (?:the|no|it|there|one)\b)"), r"\1 image b"),
    (later(r"\b(in|on) a(?= ?[,.;]| ?$)"), r"\1 image a"),
    (
        later(
            r"\b(?P<which>(?:image|picture|photo) [12ab])'s (?P<thing>\w+(?: \w+)?) (?=(?:is|has|reads|shows"
            r"|looks|was|points|lacks)\b)"
        ),
        r"the \g<thing> in \g<which> ",
    ),
    (later(r"\b(?P<which>(?:image|picture|photo) [12ab])'s(?=[ .!]*$)"), r"in \g<which>"),
    # How one looked.
    (
        later(
            rf"(?:^|(?<= )|, )(?:on|upon|after|with|under|by|through|following|based on|from|during) "
            rf"(?:an? |the |my |this |our |{_ADVERB} )?(?:{_NOT_FIRST}[\w-]+,? (?:and )?){{0,3}}{_LOOK}"
            rf"(?: (?:of|at|between|across) {_PAIR})?(?= ?,| ?$| (?:there|they|the|i|we|it|both|no|nothing"
            rf"|one)\b)"
            r" ?,? ?"
        ),
        " ",
    ),
    (
        later(
            rf"(?:^|, )(?:when|if|as) (?:i|we|you|one) (?:\w+ly )?(?:compare|compares|look at|looks at|view"
            rf"|inspect"
            rf"|examine|place|put|hold|see|zoom in on|zoom into) {_PAIR}(?: (?:next to|against) (?:each other"
            r"|one another)| side by side| one by one| closely| carefully| in detail)*(?= ?,| ?$) ?,? ?"
        ),
        " ",
    ),
    (
        later(
            r"^(?:taken (?:all )?together|all (?:in all|things considered|told)|on the whole|on balance"
            r"|putting (?:it|this|everything) (?:all )?together|in other words|in the end|to be (?:exact"
            r"|precise)"
            r"|having said that|that being said|as (?:mentioned|described|noted|before|stated)|in a word"
            r"|to put it (?:simply|briefly|shortly)|simply put|put simply|bottom line|in brief"
            r"|long story short"
            r"|for the record|as a whole|by all appearances|from what is visible|as it stands"
            r"|so far as i can tell"
            r"|as far as (?:i|we|one) can (?:make out|determine|judge)|point by point|going through (?:it"
            r"|them)"
            r"(?: one by one)?|if you look closely|looking (?:more )?(?:closely|carefully)|looking closer"
            r"|taking everything (?:into account|together)|to (?:sum|wrap) (?:it )?up|summing up"
            r"|all considered"
            r"|with (?:that|this) in mind|just to be clear|for clarity|interestingly|importantly) ?,? (?=\w)"
        ),
        "",
    ),
    (
        later(r"^(?:i|we) (?:almost|nearly) (?:missed|overlooked) (?:it|this|that|the difference) ?,? but "),
        "",
    ),
    (later(r"^if (?:you|one|we) looks? (?:very )?(?:closely|carefully)(?: at [\w ]{2,40}?)? ?, "), ""),
    (
        later(r"(?<=\w) (?:for|in) the (?:purpose|sense|context) of (?:the|this|your) (?:question|task)\b"),
        "",
    ),
    (
        later(
            r"^(?:having|after|by) (?:gone|going|walked|walking|looked|looking|checked|checking|compared"
            r"|comparing"
            r"|examined|examining|inspected|inspecting)(?: through| over"
            r"| at)? (?P<what>[^;:.]{3,110}?), (?=i (?:can|could"
            r"|find|see|conclude|would|did|do|am|have|found|saw|notice|say)\b)"
        ),
        lambda match: match[0] if _STATES.search(match["what"]) else "",
    ),
    (
        later(r"^between (?:the two|both|these two|the) (?:\w+s|\w+) ?,? (?=nothing|no\b|the|i |there|one )"),
        "",
    ),
    (
        later(
            r",? (?:that |which )?(?:you|one|i|we) (?:would|might|may|could) (?:expect|look for|fear|suspect)"
            r"(?: to (?:see|find|be))?(?: (?:in|on|with|of|from) (?:an? |such |bad |defective |damaged "
            r"|faulty )+[\w -]{2,24}?)?"
            r"(?= ?[,;.]| ?$)"
        ),
        "",
    ),
    (later(r" (?:that|which) (?:matters?|counts?|is relevant|are relevant)(?= ?$| ?[.,;])"), ""),
    (
        later(
            r"\b(?P<who>it|first|second|one|label|imprint|text|display|sticker|print|tag|sign|plate|marking"
            r"|stamp|screen"
            r"|lid|cap|box|cover|clock|dial|gauge|line|code|number|logo|page|ticket|packet|box|can"
            r"|bottle) says? (?!that\b|it\b|there\b|they\b|the\b|no\b|yes\b|so\b|nothing\b)"
            r"(?=[\w.-]+(?: [\w-]+)?(?:$| ?[,;.]| (?:in|on|instead|not|rather|while|where|and|but)\b))"
        ),
        r"\g<who> reads ",
    ),
    # How sure one is.
    (
        later(
            rf"^(?P<so>{_SO})(?:i|we) (?:am|are|feel) (?:{_ADVERB} )*(?:confident|certain|sure|positive"
            rf"|convinced"
            rf"|satisfied)(?: in (?:saying|stating|concluding))?,? (?:that )?{_STARTS}"
        ),
        r"\g<so>",
    ),
    (
        later(
            rf"^(?P<so>{_SO})it (?:seems|appears|looks)(?: to (?:me|us))? (?:that|as if|as though"
            rf"|like) {_STARTS}"
            r"(?!.*\bwere\b)"
        ),
        r"\g<so>",
    ),
    (
        later(
            rf"^(?P<so>{_SO})(?:i|we|one|you) (?:(?:can|have to|must|would|will|do|was able to|am able to) )?"
            rf"(?:{_ADVERB} )*(?:see|say|confirm|conclude|state|report|note|noted|observe|observed|notice"
            rf"|noticed|find"
            rf"|found|determine|determined|judge|maintain|add|remark|spotted|realise|realised|realize"
            rf"|realized"
            rf"|concluded|confirmed|verified|established|saw|discovered"
            rf"|discover)(?: {_ADVERB})? that {_STARTS}"
        ),
        r"\g<so>",
    ),
    # From what it follows.
    (
        later(
            rf"^(?P<so>{_SO})(?:(?:all|all of|each of|both) )?(?:these|the|this|those|my|a"
            rf"|that) (?:[\w-]+ ){{0,3}}?"
            rf"{_GROUNDS} (?:of {_PAIR} )?(?:{_ADVERB} )*{_SHOWS} that {_STARTS}"
        ),
        r"\g<so>",
    ),
    (
        later(
            rf"^(?P<so>{_SO})(?:all (?:of )?)?(?:this|these|which"
            rf"|that) (?:{_ADVERB} )*{_SHOWS} that {_STARTS}"
        ),
        r"\g<so>",
    ),
    (
        later(
            r"^(?:what|one thing|the thing|the first thing|a thing|something|one detail|the detail|the point)"
            rf" (?:that |which )?(?:i|we|you|one)? ?(?:(?:{_ADVERB} )*(?:notice|noticed|see|saw|find|found"
            rf"|spot"
            rf"|spotted|observe|observed|can see)|stands out|catches (?:the|my) eye|strikes me"
            rf"|strikes the eye"
            rf"|is noticeable|is striking|jumps out)(?: (?:here|at once|immediately|most"
            rf"|first))? is (?:that )?{_STARTS}"
        ),
        "",
    ),
    (
        later(
            rf"^(?P<so>{_SO})what (?:has |have |is |did )?(?:changed|changes|change|differs|is different"
            rf"|stands out)"
            r"(?: (?:here|between (?:them|the two)))? is that "
        ),
        r"\g<so>the difference is that ",
    ),
    # Which picture: its other names.
    (
        later(
            r"\b(?P<which>(?:first|second|upper|lower|left|right|top|bottom|other|reference|test|left-hand"
            r"|right-hand|both|two|these)) (?P<kind>screenshot|snapshot|pic|pics|illustration|x-ray|print-out"
            r"|printout|radiograph|micrograph|close-up|closeup)(?P<many>s)?\b(?! (?:of|shows the))"
        ),
        lambda match: f"{match['which']} picture{match['many'] or ('s' if match['kind'] == 'pics' else '')}",
    ),
)

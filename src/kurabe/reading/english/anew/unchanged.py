"""More frames in which English says that nothing has changed: of all parts at once, or only of light.

As in `conclusions`, the names of things are open, and what a frame says must hold of the whole.
"""

from functools import lru_cache

from kurabe.reading.english.tokens import tokens
from kurabe.reading.patterns import later

_DIFF = (
    r"(?:(?:real |actual |true |relevant |single |significant |visible )?(?:differences?|changes?|deviations?"
    r"|discrepanc(?:y|ies)|alterations?|mismatch(?:es)?))"
)
_WHOLE = r"(?:part|object|product|item|component|piece|thing|unit|specimen|sample|device|article|subject)"
_PARTS = (
    r"(?:parts|components|elements|pieces|features|details|items|objects|structures|things|markings|points"
    r"|checks)"
)
_PAIR = (
    r"(?:they|both|these|those|the two|the pair|(?:the|both|these|both the) (?:two )?(?:pictures|images"
    r"|photos"
    rf"|photographs|shots|views|{_PARTS}|units|samples|specimens|products)|everything|all)"
)
_DONE = (
    r"(?:missing|added|removed|damaged|broken|bent|moved|replaced|swapped|lost|altered|changed|torn|cracked"
    r"|gone"
    r"|scratched|modified|different|displaced|new|wrong|shifted|exchanged|detached|loose|worn|taken away"
    r"|touched"
    r"|tampered with|out of place)"
)
_DONES = rf"{_DONE}(?:(?:, or |, nor | or | nor |, ){_DONE})*"
_ANY_DONE = r"(?!not\b|no\b)[a-z]{2,}(?:ed|en|wn|rn|nt|ng|st|ne|ew)"
_ANYTHING_DONE = rf"{_ANY_DONE}(?:(?:, or |, nor | or | nor |, ){_ANY_DONE})+"
_TWO_DONE = rf"{_DONE}(?:(?:, or |, nor | or | nor |, ){_DONE})+"
_WHERE = (
    r"(?: (?:in|on) (?:either|both|any|the (?:two|second|later|other))(?: (?:one|of (?:the"
    r"|them)))?(?: \w+)?)?"
    r"(?:,? (?:when |as )?(?:compared|relative|in comparison) (?:to|with) the (?:first|other|reference"
    r"|earlier)"
    r"(?: \w+)?)?"
)
_SEE = r"(?:see|find|notice|detect|spot|observe|make out|note|discover|identify|come across)"
_SAME = r"(?:the same|identical|alike|unchanged|equal)"
_AN = r"(?:an?|any|some|one)"
_FRAMES = (
    rf"(?:the|this|that) {_WHOLE}(?: itself)? (?:is|looks|remains|appears) (?:still |just |exactly "
    rf"|precisely |quite )*"
    r"as (?:it|they) (?:was|were|had been)(?: (?:in|on) the (?:first|earlier|reference|other|upper"
    r"|left)(?: \w+)?"
    r"| before| at first| originally)?",
    rf"no (?:single )?(?:part|component|element|piece|feature|detail|item)s? (?:is|are|was|were|has been"
    rf"|have been"
    rf"|seems? to be|appears? to be|looks?|has|have)(?: been| gone)? {_TWO_DONE}{_WHERE}",
    rf"(?:all|all the|all of the) (?:visible |individual )?{_PARTS} (?:are|were) (?:all )?(?:present|there"
    rf"|complete|in"
    r" place|visible|accounted for)(?:,? and|,)? (?:all )?(?:in|at) the same (?:places?|positions?|spots?"
    r"|locations?)"
    rf"{_WHERE}",
    rf"(?:all|all the|all of the|all my) (?:visible |individual )?{_PARTS} (?:agree|match|coincide"
    rf"|correspond|tally)"
    rf"{_WHERE}",
    rf"{_PAIR} (?:is|are|seem|look|appear|prove)(?: to be)? (?:\w+ly )?(?:consistent|in keeping|at one"
    rf"|in line"
    r"|in accord|in accordance|in agreement|congruent) with (?:each other|one another)",
    rf"(?:i|we) (?:do|can|could|did) not {_SEE} (?:anything|any (?:part|thing|detail"
    rf"|component)s?)(?: that (?:is|has"
    rf" been|was))? {_ANYTHING_DONE}{_WHERE}",
    rf"(?:there is )?nothing (?:here )?(?:that )?(?:i|one|we|you) (?:would|could|can|might|should) (?:count"
    rf"|call"
    rf"|regard|consider|describe|class|rate|report|list|take)(?: as| for)?(?: being)? (?:{_AN} )?{_DIFF}",
    rf"(?:i|we) (?:do|would|could|can) not (?:consider|believe|think|find|say)(?: that)? there (?:to be"
    rf"|is) {_AN}"
    rf" {_DIFF}(?: here| at all)?",
    rf"(?:i|we) (?:can|could|do) not (?:see|say|find|tell) that (?:there is {_AN} {_DIFF}"
    r"|(?:anything|something) (?:has changed|differs|is different|has been altered))(?: here| at all)?",
    rf"(?:we are looking at|i am looking at|i see|we see|we have|here is|it shows|they show) an? (?:unchanged"
    rf"|unaltered|unmodified|untouched|identical) (?:{_WHOLE}|[\w-]+)",
    r"(?:what (?:remains|is left|i see|we see|we have) is |they show |both show |it is "
    r"|this is )an? (?:[\w-]+ ){1,3}"
    r"(?:that|which) (?:has not (?:been )?(?:changed|altered|modified|touched|damaged)"
    r"|is unchanged)(?: in the"
    r" meantime| in between)?",
    r"(?:[\w:' -]{2,60} )(?:that|which) (?:nobody|no one|no-one) has (?:touched|altered|changed|damaged"
    r"|modified"
    r"|tampered with|done anything to)(?: in the meantime| in between| between the (?:two )?\w+)?",
    rf"(?:there is )?nothing (?:here )?(?:to suggest|suggests|to indicate|indicates|points to the fact"
    rf"|to show) that"
    rf" the [\w-]+ (?:was|is|has been|had been) {_DONES}{_WHERE}",
    r"(?:the )?(?:very )?same (?:condition|state)(?: in both(?: \w+)?| throughout| both times)?",
    r"nothing (?:is |was )?(?:new|added|amiss|lost|altered)(?: or \w+)?",
    r"nothing (?:here |at all |about (?:it|them|the \w+) )?(?:is|was|has been|seems|looks|appears)(?: to be"
    r"| to have been)?"
    r" (?:off|amiss|wrong|touched|disturbed|tampered with|out of (?:the ordinary|place|order)|different"
    r"|changed|altered)(?: here| at all)?",
    rf"(?:the|this|that) {_WHOLE} (?:has|have) (?:not undergone (?:any|an?|a single) {_DIFF}"
    rf"|undergone no {_DIFF}"
    rf"|not (?:seen|suffered|experienced) any {_DIFF}|seen no {_DIFF})(?: at all| whatsoever| in between)?",
    r"(?:the )?(?:second|later|lower|right|other|last)(?: \w+)? (?:\w+ly )?(?:reproduces|repeats|duplicates"
    r"|replicates"
    r"|copies|echoes) the (?:first|earlier|upper|left|other)(?: \w+)?(?: (?:exactly|faithfully|perfectly"
    r"|fully"
    r"|completely|in (?:every|each|all) \w+|down to the [\w ]+))?",
    r"(?:i|we)(?: have)? (?:compared|checked|searched|inspected|examined|went through|looked at|gone through)"
    r"(?! (?:only|one|the (?:first|second)))(?: [\w-]+){1,6} and (?:came up empty(?:-handed)?"
    r"|came up with nothing"
    r"|drew a blank|found nothing(?: different| to report| at all| amiss)?|noticed nothing(?: different)?)",
    rf"no {_DIFF} (?:remains?|is left|are left|is apparent|is evident|stands out|meets the eye|strikes me"
    rf"|arises)"
    r"(?: (?:here|to me|between them|at all))?",
    rf"there (?:can|could) be no (?:talk|question|mention) of {_AN} {_DIFF}(?: here)?",
    r"nothing (?:was|has been|is) done to (?:it|them|the [\w-]+)(?: (?:in|on) (?:either|both)(?: \w+)?)?",
    rf"(?:it would be |i consider it |i think it )?(?:hard|impossible) to (?:find|see|spot"
    rf"|make out) {_AN} {_DIFF}",
    r"nothing (?:here )?(?:that is )?worth (?:reporting|mentioning|noting|flagging|recording)",
    r"with nothing (?:to report|of note|to note|to flag|to mention)",
    rf"(?:accept|count|rate|mark|log|pass|treat|file)(?:ed)?(?: it| them"
    rf"| this)? as (?:being )?{_SAME.replace('the ', '(?:the )?')}",
    rf"(?:[\w' -]{{2,30}}, ){{1,12}}(?:[\w' -]{{2,30}},? )?and [\w' -]{{2,30}}: (?:all )?(?:as before"
    rf"|{_SAME})",
    r"(?:and |which |that )*(?:leaves|leaving) (?:us with |me with )?nothing (?:that counts|to count"
    r"|to report)",
)
_ALL = later("|".join(f"(?:{frame})" for frame in _FRAMES))

_NOUN = (
    r"(?:the|a|an|any|its|of|on|in|from|at|over|upon|to|for|and|or|overall|general|slight|small|minor|tiny"
    r"|little|bit"
    r"|more|direction|angle|intensity|level|amount|colour|color|tint|way|position|fall|length|softer"
    r"|stronger|weaker)"
)
_LIGHT = (
    r"(?:light\w*|illumination|brightness|exposure|contrast|noise|grain\w*|blur\w*|focus|sharpness|shadows?"
    r"|reflections?|glare|highlights?|perspective|viewpoint|camera|white balance|background|viewing angle"
    r"|flash|framing"
    r"|photograph\w*|lens|lamp)"
)
_OF_LIGHT = (
    rf"(?:{_NOUN} ){{0,5}}{_LIGHT}"
    r"(?: (?:of|on|in|from|at) (?:the |its |this |each )?[\w-]+| angle| conditions?)?"
)
_LIGHTS = (
    rf"{_OF_LIGHT}(?:,? (?:and|or) {_OF_LIGHT})?"
    r"(?:,? (?:and )?not (?:the|in the|of the|to the) [\w-]+(?: itself)?)?"
)
_DIFFERS = (
    r"(?:has |have |had |is |are |was |were )?(?:been )?(?:slightly |somewhat |a little |a bit )?(?:changed"
    r"|different"
    r"|differs?|var(?:y|ies|ied)|moved|altered|shifted|changes|other)(?: (?:slightly|a little|a bit"
    r"|somewhat))?"
)
_WHAT = (
    r"(?:(?:the )?(?:only|one|sole|single) (?:visible |real |slight |small )?(?:difference|change|deviation"
    r"|thing)"
    r"(?: (?:that )?(?:i|we|one) (?:can )?(?:see|notice|find))?(?: between (?:them|the two|the \w+))?(?: that"
    rf" {_DIFFERS})?|(?:all )?(?:what|that) {_DIFFERS})"
)
_WHOLE_PICTURE = (
    r"(?:the )?(?:whole |entire |second |first |later |other )*(?:image|picture|photo|photograph|frame|shot"
    r"|view|camera"
    r"|viewpoint|scene)"
)
_SHIFTED = (
    rf"{_WHOLE_PICTURE}(?: as a whole)? (?:has|is|was|have|had)(?: been)? (?:slightly |a little |a bit "
    rf"|minimally )?"
    r"(?:shifted|moved|rotated|turned|displaced|tilted|offset|zoomed|cropped)(?: (?:slightly|a little|a bit"
    r"|minimally"
    r"|downwards?|upwards?|left|right|up|down|sideways|to the (?:left|right|side)|by (?:a|an|some|about|one"
    r"|two|three"
    r"|four|five|\d+)(?: \w+)?(?: (?:pixels?|degrees?|amount|millimet\w+))?|closer|away|in|out|and))*"
)
_ONLY_LIGHT = later(
    rf"{_WHAT} (?:is|are|being|lies? in|concerns?|comes? from|comes down to|seems? to be|appears? to be)"
    rf" (?:only |just |merely |that of |in |due to |down to )*(?:{_LIGHTS}|(?:that )?{_SHIFTED}"
    rf"|(?:that )?{_OF_LIGHT}"
    rf" {_DIFFERS})(?:,? (?:and|which) (?:it |that |this )?(?:does not|need not|must not|should not)"
    r" (?:count|matter|be counted))?"
    rf"|(?:only|just|merely|nothing but) {_OF_LIGHT} {_DIFFERS}"
    rf"|{_OF_LIGHT} (?:is|are) (?:all|the only thing|everything)(?: that| which)? {_DIFFERS}"
    rf"|{_PAIR} (?:only differ|differ only|differ merely|differ solely|vary only|only vary) (?:in"
    rf"|by) {_LIGHTS}"
    rf"|{_PAIR} (?:only differ|differ only|differ merely|differ solely) (?:in|by) how (?:they|it"
    rf"|the \w+) (?:was|were) (?:lit"
    r"|taken|photographed|shot|captured|exposed|framed|illuminated)"
    rf"|(?:every|each|all) (?:differences?|changes?|deviations?)(?: (?:that )?(?:i|we|one) (?:can )?(?:see"
    rf"|notice"
    rf"|find)| visible| there (?:is|are)| present)? (?:is|are|comes? from|stems? from)(?: only| just| all"
    rf"| merely)?"
    rf" (?:one |ones |a matter |a question |due |down |owed |attributable )?(?:of |to )?{_LIGHTS}"
    r"|(?:the |an? )?(?:\w+ )?(?:small|slight|minor|tiny|little) (?:shift|offset|displacement|rotation"
    r"|change of"
    r" (?:light|viewpoint|angle|exposure)) is the only (?:change|difference|thing that (?:has changed"
    r"|differs))"
    r"(?:,? (?:and|which) (?:it |that |this )?(?:does not|need not|must not|should not) (?:count|matter"
    r"|be counted))?"
)


@lru_cache(maxsize=4096)
def unchanged(text: str) -> bool:
    """Say whether a piece states by one of these frames that nothing has changed."""
    return _ALL.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def only_light(text: str) -> bool:
    """Say whether a piece says that all that differs is light, noise or a small shift."""
    if _ONLY_LIGHT.fullmatch(text) is None:
        return False
    return not set("Fu%M").intersection(word.code for word in tokens(text) if word.text not in _SHIFTS)


_SHIFTS = frozenset(
    ("shifted", "moved", "rotated", "turned", "displaced", "tilted", "offset", "zoomed", "cropped")
)

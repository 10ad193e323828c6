"""English sentences that dismiss what they name: "at first it looks as if …, but that is only a shadow"."""

import re

from kurabe.reading.english.tokens import tokens
from kurabe.reading.patterns import later

DOES_NOT_COUNT = later(
    r"^(?:as (?:instructed|asked|agreed|told|requested) ?,? )?(?:i|we) (?:do|will|can|shall) not (?:count"
    r"|consider) (?:it|that|this|them)"
    r"(?: as .{2,30})?\W*$|"
    r"^you (?:asked|told|want|wanted) (?:me|us) to (?:ignore|disregard) (?:that|it|this|those|them"
    r"|such things)\W*$|"
    r"^(?:so |and |therefore )?(?:that|this|it|which|these|those|they|such an? \w+"
    r"|(?:(?:since|because|as) )?(?:the |a |an |such an? )?(?:\w+ )?(?:changes?|differences?|shifts?"
    r"|variations?|light|lighting"
    r"|noise|brightness)(?: (?:in|of) (?:the )?\w+)?) (?:\w+ly )?"
    r"(?:(?:do|does|should|need|must|can|is|are|may|will|was|were) not (?:to )?(?:be )?(?:count|matter"
    r"|counted"
    r"|considered|relevant|regarded|treated|a factor|of interest|taken into account)"
    r"(?: as (?:an? )?(?:real |actual |relevant )?(?:differences?|defects?|changes?))?"
    r"|(?:(?:is|are|should|can|may|must|has|have|will)(?: to)?(?: safely)? be|(?:is|are)) (?:ignored"
    r"|disregarded|neglected|excluded"
    r"|left out)|(?:is|are) (?:not|no) (?:an? |any )?(?:real |actual |relevant )?(?:differences?|changes?)"
    r"|(?:is|are) (?:just |only |simply |merely |a matter of )?(?:natural|normal|usual"
    r"|expected)(?: (?:variation|variations))?(?: and not (?:an? )?\w+)?"
    r"|(?:i|we) (?:am|are|was|were|have been) (?:told|asked|supposed|instructed|meant|allowed) to (?:ignore"
    r"|disregard"
    r"|leave out)"
    r"|(?:is|are|was|were|comes? from|has|have) (?:only |just |merely |simply )*(?:to do with |a matter of "
    r"|due to "
    r"|down to |because of )?how (?:it|they|the \w+) (?:was|were|is|are|lies|lie) (?:\w+ly )?(?:placed|laid"
    r"|positioned|put|photographed|held|lit|taken|shot|lying)"
    r"|(?:comes?|stems?|results?|arises?) from (?:the |a |its )?(?:\w+ )?(?:lamp|light|lights|lighting|flash"
    r"|sun|camera|lens|exposure"
    r"|reflections?|shadows?|angle|glare|illumination|noise)"
    r"|(?:(?:as (?:instructed|asked|agreed|told|requested|stated) ?,? )?(?:i|we) (?:do|will|can|shall"
    r"|would) not (?:count|consider|treat"
    r"|regard)(?: (?:it|that|this|them))?(?: as .{2,30})?)"
    r"|(?:i|we) (?:would |can )?(?:attribute|ascribe|put|trace)(?: it| this| that)?(?: down"
    r"| back)? to (?:the |a |an )?(?:\w+ )?(?:white balance"
    r"|light|lighting|exposure|camera|lens|angle|perspective|noise|shadows?|reflections?|compression|focus"
    r"|viewpoint|distance)"
    r"|you (?:asked|told|want|wanted|instructed) (?:me|us) to (?:ignore|disregard"
    r"|leave out)(?: that| it)?"
    r"|you (?:said|asked) (?:that )?(?:i|we)? ?(?:should|to|may|can)? ?(?:ignore|disregard)(?: that| it)?"
    r"|the (?:prompt|question|task) (?:excludes|asks (?:me|us) to ignore|tells (?:me|us) to ignore"
    r"|says to ignore)(?: that| it)?"
    r"|(?:i|we) (?:can|may|should|must|will)(?: safely)? (?:ignore|disregard|leave out|set aside)(?: that"
    r"| it)?"
    r"|is irrelevant|is (?:to be|of no (?:importance|relevance|concern))(?: ignored| disregarded)?|(?:is"
    r"|are) (?:so|the same|the case|there|true) (?:in|on|for) (?:both"
    r"|each)(?: of (?:them|the two))?"
    r"(?: (?:images|pictures|photos|photographs|parts|image|picture|photo))?)\W*$"
)
"""What sets aside what was said: "which does not count", "but this is so in both"."""
_ONE = r"(?:it|this|that|they|these|each of them|all of them|which|both)"
_VISUAL = (
    r"(?:(?:an?|the|just|only|merely|simply|due to|caused by|of|by) )*"
    r"(?:(?:optical|visual|small|slight|minor|mere|dark|bright|local) )?"
    r"(?:effects? of (?:the )?(?:light|lighting|shadow|camera|noise)"
    r"|(?:an )?illusion(?: caused by [\w ]{2,30})?|highlights?"
    r"|shadows?|reflections?|shading|glare|noise|artefacts?|artifacts?|trick of the light"
    r"|play of (?:the )?light"
    r"|lighting|perspective|parallax|foreshortening|(?:viewing |camera )?angle|viewpoint|zoom|exposure"
    r"|white balance"
    r"|(?:camera |lens )?distortion|(?:camera |viewing )?distance|(?:image|camera|compression"
    r"|sensor) (?:noise|artefacts?|artifacts?))(?: (?:in|on|from"
    r"|of) [\w ]{2,30}?)?(?: (?:that|which) (?:also )?(?:is|appears|can be seen|shows up) (?:also "
    r"|likewise )?(?:present |visible )?"
    r"(?:in|on) (?:both|each|the (?:first|upper|top|left|reference))[\w ]{0,20})?"
)
_SEEMED = (
    r"(?:(?:at first(?: glance| sight)?|initially|on first look|for a moment|at a glance) ?,? ?)?"
    r"(?:(?:it|this|that|one|you|i|we|there) (?:\w+ )?(?:looks?|looked|might|may|could|can|seems?"
    r"|seemed|wondered|expected"
    r"|thought|suspected|appears?|appeared|was looking for|looked for|searched for|was|were)\b"
    r"|the [\w -]{2,60}? (?:looks?|looked|might|may|could|can|seems?|seemed|appears?|appeared)\b"
    r"|(?:i|we|you|one)(?: can| may| could)? (?:see|notice|find|spot|noticed|found|saw|spotted) (?:an?"
    r"|some)\b|i noted\b|i (?:noticed|found|saw) (?:\w+ ){0,3}(?:candidates?|spots?|suspects?)\b)"
)
_REFUTED = (
    rf"(?:{_ONE} (?:is|are|was|were|turns? out to be|turned out to be|proved to be)"
    rf" (?:really |actually |in fact )?{_VISUAL}"
    rf"|{_ONE} (?:is|was|are|were) not (?:so|the case|true|real)|(?:is|are) not"
    r"|(?:but )?(?:a closer (?:look|inspection)|closer inspection|looking closer|on closer inspection,? ?)"
    rf" ?(?:shows? |reveals? )?(?:that )?{_ONE} (?:is|are|does|do|has|have) not(?: so| the case)?"
    rf"|{_ONE} (?:is|are) (?:exactly |just )?(?:as|like"
    rf"|the same as) (?:it is )?in the (?:\w+ )?(?:first|upper|top"
    rf"|reference|left)[\w ]{{0,20}}"
    rf"|{_ONE} (?:is|are) (?:exactly |just )?(?:as|like|the same as) (?:it is )?in (?:image|picture"
    rf"|photo) [1a]"
    r"|there (?:is|are|was|were) not(?: any| one)?(?= ?(?:$|[.!;,]))|there (?:is|are|was|were) (?:none"
    r"|no such \w+)|(?:i )?(?:did|could|do|can) not (?:find|see"
    r"|detect|spot) (?:any|one|it)"
    r"|found none|i found none)"
)
_DISMISSED = later(
    rf"^(?P<what>{_SEEMED}[^;:]{{3,120}}?) ?(?:, (?:but|yet|and)|, but|;|—|–| but| and|, however,|,)"
    rf" ?(?:but |however,? |yet |and )?(?P<refuted>{_REFUTED})(?P<rest> ?(?:[.!]|$)|,? so |: |; )"
)
_IMPRESSION = later(
    r"^(?:my|the) (?:first|initial|very first) (?:impression|thought|reaction|guess|suspicion"
    r"|idea) (?:is|was)\b(?! (?:right|correct))"
)
_LOOKED_IN_VAIN = later(
    r"^(?:i|we) (?:looked|searched|checked|watched) (?:\w+ )?for (?P<what>[^;:]{3,90}?) ?,? (?:and|but)"
    r" (?:i |we )?(?:did not find (?:any|one|it)|found none|could not find (?:any|one)|there (?:is|was"
    r"|are|were) none)[ .!]*$"
)
_CORRECTED = later(
    r"^(?:i|we) (?:started out|began by|started by|started|was|were) (?:thinking|assuming|believing"
    r"|convinced) [^;:]{3,120}?"
    r"(?:take (?:that|it) back|changed? my mind|was wrong|stand corrected|have to correct (?:that"
    r"|myself)) ?[:;,] (?P<rest>\w.*)$"
)
_UNREAL = later(
    r"^(?:had [^,;]{3,60}|if [^,;]{3,60} (?:were|had been) [^,;]{3,30}), (?:there|it|one|i"
    r"|you) would [^;,]{3,80};"
    r" (?:there is none|it is not|there are none|i do not) ?(?:, so|;|,|:) (?P<rest>\w.*)$"
)
_CLAIM = later(
    r"^(?:the|any) (?:claim|statement|idea|suggestion) that (?:something|anything|a [\w ]{2,30}"
    r"|the [\w ]{2,30})"
    r" (?:is|has been|was|are) (?:missing|different|changed|damaged|wrong|broken|bent)"
    r" (?:is|would be) (?:wrong|incorrect|false|unfounded)(?: ?[;:,] (?P<rest>\w.*)|[ .!]*$)"
)
_NO_STATES = frozenset("SsJonwzG")


_AS_EXPECTED = later(
    r"^(?P<what>[^,;:]{3,100}?) ?, (?:just )?as (?:(?:you|one|we) (?:would|might|may|can|could"
    r"|should) (?:well )?expect|is (?:normal|usual"
    r"|natural|typical|common|to be expected)|(?:is|are) (?:normal|usual|natural)|(?:all |most |real "
    r"|natural |such |these )?(?:good|real"
    r"|natural|such|hand-?made|baked|grown)? ?\w+s (?:do|are|always do|usually do))"
    r"(?: (?:with|of|from|for|in|between|among) [\w ]{2,40}?)?(?= ?(?:,|;|\.|$|!))"
)
_VARIES = later(r"\b(?:var(?:y|ies|iation|iations)|differ(?:s|ences?|ent|ently)?|deviat\w+|uneven\w*)\b")


def _as_expected(plain: str) -> str | None:
    """Return what is left of "the grain varies, as you would expect, but …"; None for any other."""
    match = _AS_EXPECTED.match(plain)
    if match is None or not _VARIES.search(match["what"]):
        return None
    if {word.code for word in tokens(match["what"])} & set("FCKnowz"):
        return None
    rest = plain[match.end() :].lstrip(" ,;:.!")
    return re.sub(r"^(?:but|and|so|yet|though) ", "", rest)


def dismissed(plain: str) -> str | None:
    """Return what is left of a sentence whose beginning only tells of something that is not so; else None.

    What seems to be alike, or what seems not to be there, is never dismissed.
    """
    expected = _as_expected(plain)
    if expected is not None:
        return expected
    if _LOOKED_IN_VAIN.match(plain):
        return ""
    corrected = _CORRECTED.match(plain) or _UNREAL.match(plain) or _CLAIM.match(plain)
    if corrected:
        return corrected["rest"] or ""
    impression = _IMPRESSION.match(plain)
    if impression and "," not in plain and ";" not in plain:
        return ""
    match = _DISMISSED.match(plain)
    if match is None:
        return None
    words = tokens(match["what"])
    if any(word.code in _NO_STATES and word.text not in _LOST for word in words):
        return None
    if "D" in {word.code for word in words} and "K" not in {word.code for word in words}:
        return None
    return plain[match.end("refuted") :].lstrip(" ,;:.!").removeprefix("so ")


_LOST = frozenset(("not",))

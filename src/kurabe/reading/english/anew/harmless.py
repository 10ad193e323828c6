"""Which pieces of an English sentence cannot turn a clear conclusion that stands beside them.

A piece is dangerous by the words that it holds: of difference, defect, exception, restriction, doubt, report
or condition, or a denial of something that should be there. Words that nobody knows are not: the names of
things, materials and places are countless, and none of them turns "no difference" round. What speaks of the
second picture alone, in words that are not said of the first, may be the difference; see `Told.apart`.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from kurabe.reading.english.anew.remarks import ONLY_VARIES, remark
from kurabe.reading.english.attitude import doubts
from kurabe.reading.english.compounds import Word
from kurabe.reading.english.dismissals import DOES_NOT_COUNT
from kurabe.reading.english.taking import tells_of_taking
from kurabe.reading.english.tokens import side_of, tokens
from kurabe.reading.english.words import FREE
from kurabe.reading.patterns import later

Kind = Literal["neutral", "fine", "alike", "light"]

_TURNS = later(
    r"\b(?:might|may|maybe|perhaps|possibl\w+|probabl\w+|presumabl\w+|potential\w*|could|would|should"
    r"|ought|if|unless"
    r"|whether|provided|except\w*|exceptions?|save|bar|barring|aside|apart|besides|only|merely|solely"
    r"|sole (?:difference|change|exception|thing|one)|alone(?! in)|instead"
    r"|rather than|longer|anymore|otherwise|else|rest|unlike|differ\w*|chang\w*|alter\w*|var(?:y|ies"
    r"|ied|iation\w*)"
    r"|deviat\w*|mismatch\w*|almost|nearly|virtually|practically|mostly|largely|partly|partially"
    r"|hardly|barely|scarcely"
    r"|roughly|superficial\w*|glance|sight|initially|at first|seem\w*|appear(?:s|ed)?|suppos\w*"
    r"|alleg\w*|claim\w*|said|says?"
    r"|told|think|thought|believe\w*|doubt\w*|wrong\w*|false\w*|untrue|mistake\w*|lie|myth|opposite"
    r"|contrary|reverse\w*"
    r"|extra|additional\w*|new|newly|now|already|until|missing|gone|less|fewer|more|most|half|off|away"
    r"|out of|too(?= \w)"
    r"|supposed|than|nor even|theory|paper|extent|question\w*|apparent\w*|odd\w*|strange\w*|unusual\w*"
    r"|notice\w*|mind you"
    r"|pretend\w*|imagin\w*|expect\w*|wish\w*|hope\w*|want\w*|should|used to|no one|nobody|someone"
    r"|somebody|people"
    r"|unclear|uncertain|unsure|ambiguous|blurr?\w*|cropped|hidden|covered|obscured|cut|depend\w*"
    r"|compare[sd]?|however"
    r"|instead of|as opposed|contrast|either way|yes|change|reject\w*|fail\w*|scrap\w*|ng|nok"
    r"|defect\w*|faulty"
    r"|in name|in part|minus|albeit|notwithstanding|short of|sans|lacking|that one"
    r"|other one(?! is (?:the same|like))|before and after|foot|afar|say|supposedly|replac\w*|swap\w*"
    r"|remov\w*|add(?:ed|s)?|lost|become|became|turned (?:in)?to)\b"
)
"""Words that may turn, restrict, doubt or report what stands beside them, and words of defects to come."""
_SAFE = later(
    r"\b(?:(?:no|nothing) more|more closely|more detail|as well|too$|half hidden by (?:a "
    r"|the )?(?:shadow|glare|reflection)"
    r"|cut[- ]?outs?|cutting|pushed in|screwed in|turned off|turned on|in question"
    r"|the rest of the (?:text|line|word)"
    r"|what (?:is|are) new|pushed home|with no more|covered (?:with|by|in)|cut glass|switch(?:ed)? off"
    r"|is off|\"off\""
    r"|(?:visible|clearly|fully) apparent|question mark)\b"
)
_PARDONED = later(
    r"\b(?:noise|light|lighting|glare|reflections?|shadows?|exposure|brightness|shift|it|this|that"
    r"|these|they|such things"
    r"|them|background)\b.*\b(?:(?:not|nor) (?:to be |be |supposed to be )?(?:count(?:ed)?|matter"
    r"|relevant|considered)"
    r"|(?:is|are|be) (?:to be |to |being )?(?:ignored?|disregarded|left out|set aside|excluded)"
    r"|ignored (?:it|that|this|them))\b"
    r"|^(?:i|we) (?:have |was told to |am told to |will |am asked to )?(?:ignored?|disregard(?:ed)?|set aside"
    r"|left out) (?:it|that|this|them|the (?:light|noise|glare|shadows?|background))\b"
    r"|^(?:that|this|it|which) (?:can be put down|is due|comes down|is down|may be put down|goes back"
    r"|is owed|owes itself)"
    r" to (?:the |a )?(?:\w+ )?(?:light\w*|white balance|exposure|camera|lens|noise|focus|perspective"
    r"|angle|flash|shadow)"
)
"""What sets something aside that the prompt does not count."""
_NOISY = frozenset(
    ("noisier", "grainier", "blurrier", "cooler", "warmer", "noisy", "grainy", "dimmer", "brighter", "softer")
)
_SHADE = frozenset(("darker", "lighter", "dark", "bright", "sharper", "clearer", "paler"))
_SLIGHTLY = later(
    r"\b(?:slight\w*|a little|a bit|a touch|tiny|small|minimal\w*|a (?:few|couple of) (?:pixels?"
    r"|degrees?|millimet\w+)"
    r"|an? (?:millimet\w+|pixel|degree|hair|shade))\b"
)
_LIES = frozenset(
    ("turned", "rotated", "shifted", "moved", "tilted", "turned by", "displaced", "higher", "lower", "shift")
)
_LIKE_MARK = later(
    r"(?:gap|hole|mark|line|spot|streak|trace|patch|flash|knot|notch|break|track|bit|piece|thread|edge"
    r"|groove|ridge"
    r"|foreign \w+|stringing|object)(?:e?s)?"
)
"""Nouns whose absence is no loss: "no gaps", "no marks"."""
_AGAIN = later(
    r"\b(?:same|also|too|as well|again|likewise|identical\w*|matching|equally|similar\w*|both times"
    r"|unchanged|like(?:s)? the"
    r" (?:first|other|reference)|as (?:in|on) the|as before|still)\b"
)
_MAY_BE_DONE = later(
    r"\w{2,}ed|(?:un|re)?(?:sawn|drawn|blown|thrown|grown|flown|sewn|strewn|hewn|shorn|torn|worn"
    r"|broken|stolen|bitten|hidden|fallen|frozen|sunken|woven|shaken"
    r"|driven|stricken|riven|eaten|beaten|rotten|molten|swollen|bent|burnt|swept|spilt|caught|struck"
    r"|stuck|hung|strung|sprung|shrunk|split|burst|cut|dug|bled"
    r"|done|gone|askew|agape|adrift)"
)
_WELL_DONE = later(
    r"(?:well|evenly|fully|firmly|neatly|tightly|properly|cleanly|correctly|regularly)[- ]\w+|moulded"
    r"|molded|stamped"
    r"|(?:un|non)\w+|\w*(?:shaped|coloured|colored|sized|threaded|labelled|labeled|closed|seated"
    r"|screwed|placed|folded|rolled"
    r"|sewn|printed|engaged|bonded|made|taken|shown|seen|depicted|pictured|contained|located|present"
    r"|opened|hooked|pointed|named)"
)


@dataclass
class Told:
    """What was said of either picture alone, in all of an answer."""

    content: dict[int, set[str]] = field(default_factory=lambda: {1: set(), 2: set()})
    alike: bool = False

    def apart(self) -> bool:
        """Say whether something is told of the second picture that is not told of the first."""
        return not self.alike and bool(self.content[2] - self.content[1])


_NAMES = frozenset(
    (
        "image",
        "picture",
        "photo",
        "photograph",
        "view",
        "one",
        "half",
        "frame",
        "shot",
        "images",
        "part",
        "it",
        "its",
    )
)
_STILL_SAYS = frozenset("xQgqP")


_ORDINAL = later(r"(?:and |in |on )?the (first|second|2nd|latter|later) [\w-]+ (?!of\b)")
_POINTS = later(
    r"(?:please |just |do |but )*(?:look|see|mind|note|watch|check|consider|beware|observe|remember"
    r"|be aware|answer)\b"
)
"""What asks to look at something, which may be the difference: "look at the rim"."""


def judged_harmless(text: str, told: Told, inherited: int = 0) -> Kind | None:
    """Return what a piece is that cannot turn a conclusion of sameness; None if it might.

    Args:
        text: The piece.
        told: Takes note of what is said of one picture.
        inherited: The picture that the sentence before spoke of, where this one goes on about it.
    """
    if remark(text):
        return "neutral"
    if doubts(text) or _POINTS.match(text):
        return None
    if _varies(text) or DOES_NOT_COUNT.match(text) or _PARDONED.search(text) or tells_of_taking(text):
        return "light"
    words = [word for word in tokens(_AT_AN_ANGLE.sub("askew", text)) if word.code not in FREE]
    codes = "".join(word.code for word in words)
    if _A_NAME.fullmatch(codes):
        return "neutral"
    if _of_light(text, words, codes):
        return "light"
    if set("DKdeuM%*|R^=~L").intersection(re.sub("K", "", codes) if _denies(codes) else codes):
        return None
    denied = _denies(codes)
    if _TURNS.search(_SAFE.sub(" ", text)) and not (denied and _only_lacks_fault(text, codes)):
        return None
    sides = {side_of(word) for word in words if word.code == "I"} or ({inherited} if inherited else set())
    if not sides and (ordinal := _ORDINAL.match(text)):
        sides = {1 if ordinal[1] == "first" else 2}  # "the second lid gapes" may speak of the second picture
    if denied:
        return "fine" if _fault_denied(words, codes, sides) else None
    if set("FC").intersection(codes):
        return None
    return _described(text, words, codes, sides, told)


def _described(text: str, words: list[Word], codes: str, sides: set[int], told: Told) -> Kind | None:
    """Return what a piece is that holds no dangerous word, and note what it tells of one picture."""
    if _AGAIN.search(text) or set("SsJ").intersection(codes):
        told.alike = told.alike or len(sides) == 1
        return "alike"
    if undone(words, codes):
        return None
    if len(sides) == 1:
        content = {w.text for w in words if w.code in _STILL_SAYS and w.text not in _NAMES}
        told.content[next(iter(sides))] |= content
    return "neutral"


_AT_AN_ANGLE = later(r"\bat an? (?:\w+ )?(?:angle|slant|tilt)\b")
_A_NAME = later("[lgAQxP]*F[bk]G[pQxPlg]*")
"""A word of damage that names a thing in order: "the file's cut is regular"."""


def _varies(text: str) -> bool:
    """Say whether a piece tells only of what good parts differ in, too."""
    risks = set("FDKMu%*").intersection(word.code for word in tokens(text))
    return ONLY_VARIES.search(text) is not None and not risks and not _RESTRICTS.search(text)


def turns(text: str) -> bool:
    """Say whether a piece holds a word that may turn what stands beside it."""
    return _TURNS.search(_SAFE.sub(" ", text)) is not None or doubts(text)


def _denies(codes: str) -> bool:
    return bool(set("nowz").intersection(codes))


def _only_lacks_fault(text: str, codes: str) -> bool:
    """Say whether the dangerous words of a denial are those of a fault that it denies: "none is missing"."""
    return "F" in codes and not _TURNS.search(_FAULTY.sub(" ", _SAFE.sub(" ", text)))


_FAULTY = later(
    r"\b(?:missing|gone|lost|reversed?|cut|added|removed|replaced|swapped|wrong|extra|out of|off|away"
    r"|odd|unusual"
    r"|covered|new|blurred|defect\w*|faulty|alter\w*)\b"
)


def _of_light(text: str, words: list[Word], codes: str) -> bool:
    """Say whether a piece tells only of what no prompt counts: glare, noise, a small shift of the whole."""
    if _CHANGE_OF_LIGHT.search(text) and "E" in codes:
        risks_of_more = set("KdeuFC*%|R^=~nowzM").intersection(codes)
        return not risks_of_more and not _RESTRICTS.search(text) and codes.count("D") == 1
    comparatives = [word.text for word in words if word.code == "C"]
    risks = set("DKdeFu*%|R^=~nowzM").intersection(codes)
    if risks == {"F"} and "Q" not in codes and _SLIGHTLY.search(text):
        return all(word.text in _LIES for word in words if word.code == "F")
    if risks == {"e"} and re.match("[lgAxQ]*E[^e]*e", codes) and not _RESTRICTS.search(text):
        return True  # "the reflections on the chrome differ"
    if risks or _RESTRICTS.search(text):
        return False
    if comparatives:
        whole = not set("QE").intersection(codes) and len([w for w in words if w.code == "x"]) == 0
        return all(one in _NOISY or (one in _SHADE and whole) for one in comparatives)
    if any(word.text in _SHADE for word in words) and "I" not in codes and not set("Q").intersection(codes):
        return True
    return "E" in codes and not set("G").intersection(codes)


_CHANGE_OF_LIGHT = later(
    r"\b(?:changes?|differences?|variations?|shifts?) (?:of|in) (?:the )?(?:\w+ )?(?:light\w*|exposure"
    r"|brightness|illumination|noise|shadows?|perspective|contrast|white balance|focus)\b"
)
_RESTRICTS = later(r"\b(?:except|besides|apart|aside|instead|else|rest|otherwise|supposed|would|should)\b")


def _fault_denied(words: list[Word], codes: str, sides: set[int]) -> bool:
    """Say whether a denial denies a fault, and nothing that should be there."""
    listed = (
        re.sub(r"(?<=[nowz])[^nowz]*[c,]?[nowz](?=[^nowz]*$)", "", codes)
        if "," in codes or "c" in codes
        else codes
    )
    if sum(code in "nowz" for code in listed) != 1:
        return False
    place = min(n for n, code in enumerate(codes) if code in "nowz")
    after, left = words[place + 1 :], codes[:place]
    after_it = "".join(word.code for word in after)
    if set("SsdeDGJ").intersection(after_it) or set("FC").intersection(left) - (
        {"F"} if not after_it.strip("bvVpBPIQ") else set()
    ):
        return False
    if words[place].text == "no longer":
        return False
    if set("FK").intersection(after_it):
        return True
    if set("FK").intersection(left):
        return "V" in after_it or "v" in after_it  # "a crack is not visible"
    if len(sides) == 1:
        return False
    things = [
        word
        for word in after
        if word.code in "QxP" and not (word.code == "P" and word.text in ("it", "them", "two"))
    ]
    lost = [word for word in things if word.code != "x" and not _LIKE_MARK.fullmatch(word.text)]
    if "B" in codes or "neither" in [word.text for word in words]:
        return True
    if words[place].code == "n" and not set("hv").intersection(after_it + left):
        undone = [w for w in after if w.code == "x"]
        return bool(undone) and all(re.fullmatch(r"\w{3,}(?:ed|en|ing|y|wn|rn|nt)", w.text) for w in undone)
    return not lost or after_it.strip("pPBIvV") == ""


def undone(words: list[Word], codes: str) -> bool:
    """Say whether something is said to have been done to a thing by a word that is not known: "is zorped"."""
    for place, word in enumerate(words):
        if word.code != "x" or _WELL_DONE.fullmatch(word.text):
            continue
        before = codes[:place].rstrip("lgA")
        if not _MAY_BE_DONE.fullmatch(word.text) or "B" in codes:
            continue
        follows = codes[place + 1 : place + 2] or "."
        if before[-1:] in ("Q", "P", "x") and follows not in "QPxg":
            return True  # "the shackle sawn through"
        if before[-1:] in ("b", "k") and follows not in "QPx":
            return True
    return False

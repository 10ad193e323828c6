"""What stands before an answer or breaks it off: "Hmm,", "I don't think so.", "Wait, let me recheck."."""

import re

from kurabe.common.vocabulary import Verdict
from kurabe.reading.patterns import later

_FILLER = later(
    r"^\W*(?:(?:h+m+|um+|uh+|well|oh|ah|alright|all right|okay|ok|right|so|now|hi|hello"
    r"|sure)\b[\s,.…!:—–-]+)+(?=\w)",
    re.IGNORECASE,
)
_THINK_SO = later(
    r"^\W*i (?P<not>do not|don't|don’t|would not|wouldn't|wouldn’t)?(?: really)?(?(not) |\s?)"
    r"(?:think|believe|say) so(?=\s*[.,;:!—–-]\W*\w)",
    re.IGNORECASE,
)
_LOOK = (
    r"(?:re-?check|re-?count|re-?examine|re-?look|re-?evaluate|re-?assess|re-?consider|double[- ]check"
    r"|verify"
    r"|look|check|count|zoom|compare|examine|think|inspect|see|take|have|go)"
)
_ME = r"(?:let me|i(?:'ll| will| should| need to| want to)|let us|let's)(?: just)?"
_REST = r"(?:(?! (?:that|whether|if|but|and|because)\b)[^.!?:;\n—–,]){0,60}[.!:…—–,\n]+\s*(?=\S)"
RECHECKS = later(
    rf"(?:^|(?<=[.…!?\n]))\s*(?:(?:h+m+|wait|hold on)\b[\s,.!…:—–-]*)+{_ME} {_LOOK}\b{_REST}"
    rf"|(?:^|(?<=[.…!?\n]))\s*(?:(?:actually|oh|ok(?:ay)?|but|no)\b[\s,.!…:—–-]*)*{_ME} (?:re-?\w+"
    rf"|double[- ]check"
    rf"|{_LOOK}(?: [\w ]{{1,24}})? (?:again|once more|more closely|closer))\b{_REST}"
    r"|^\W*(?:wait|hold on|one moment|let me (?:see|think|check|look))\b[\s,.…!:—–-]+(?=(?:\S+\s+){3})",
    re.IGNORECASE,
)
"""A second look that is announced: what follows it counts, and nothing before it."""
WAITS = later(
    r"(?:^|(?<=[.!?…\n]))\s*(?:(?:no|oh|but|hmm+)[\s,.!…-]+)?wait\b[\s,.!…:—–-]*(?=(?:\S+\s+){4})",
    re.IGNORECASE,
)
"""A bare "wait": what follows it counts if it ends in an explicit answer."""
_PAIR = (
    r"(?:they|these|those|both|the (?:two |three )?(?:\w+ ){0,2}?\w+s|the (?:two|pair))(?: (?:of (?:the"
    r"|these) \w+|shown|here))?"
)
_SAME = r"(?:\w+ly )?(?:the same|identical|alike|equal|a match|matching|equivalent|unchanged)"
_SAY = r"(?:(?:are|look|appear|seem|do)(?: to be)?(?: all| indeed| still| really| quite| exactly| entirely)?)"
_ECHO = later(
    rf"^\W*(?:(?P<yes>yes|correct|indeed|right)\b[\s,—–:-]*{_PAIR} (?:{_SAY} {_SAME}|match)"
    rf"|no\b[\s,—–:-]*{_PAIR} (?:(?:{_SAY} not|aren't|don't|are not|do not|aren’t|don’t) (?:\w+ly |quite )?"
    rf"(?:be |look )?(?:{_SAME}|match|agree)))"
    r"(?: each other| perfectly| exactly| in both \w+)?\s*[.!;:,—–]\s*(?P<rest>\w.*)$",
    re.IGNORECASE | re.DOTALL,
)


def after_echo(text: str) -> tuple[Verdict, str] | None:
    """Return what "No, they are not the same." says, and what stands behind it; None without more behind it.

    Such a no may be meant for another question than the prompt's, so it does not decide alone.
    """
    match = _ECHO.match(text)
    return ("same" if match["yes"] else "different", match["rest"]) if match else None


_WHOLE_SENTENCE = later(r"^(?P<whole>.*[.!?。])\s+(?P<cut>[^.!?。]+)$", re.DOTALL)
_HARMLESS_CUT = later(
    r"^\W*(?:both|the two|the (?:two )?(?:images|pictures|photos|photographs)|each|they|all)\b"
    r"(?!.*\b(?:but|however|except|although|though|while|whereas|differ\w*|not|no|only|other than)\b)",
    re.IGNORECASE,
)
_CONTRARY_CUT = later(
    r"^\W*(?:but|however|although|though|except|wait|actually|yet|on the other hand|no|hmm+|still)\b",
    re.IGNORECASE,
)


_ANSWER_IS = later(
    r"\b(answer|verdict|conclusion|result)['’]s\b(?= (?:a |an |simply |clearly )?(?:yes"
    r"|no)\b)",
    re.IGNORECASE,
)
_DOES_NOT = later(
    r"(?<=\w)[.;]\s+(?=(?:the )?(?:first|second|upper|lower|reference|test|other|image|picture"
    r"|photo)(?: \w+)?"
    r" (?:has|have|does|do|is|are|did|was)(?:n't|n’t| not)\s*[.!]?(?:\s|$))",
    re.IGNORECASE,
)


def without_opening(text: str) -> str:
    """Return a text without the fillers that it opens with, and "I don't think so" as the no that it is.

    "Picture 1 hasn't." is joined to the sentence that it is said of.
    """
    if "'s" in text or "’s" in text:
        text = _ANSWER_IS.sub(r"\1 is", text)
    if any(denial in text for denial in ("n't", "n’t", " not", "N'T", "N’T", " NOT", " Not")):
        text = _DOES_NOT.sub(", but ", text)
    text = _FILLER.sub("", text, count=1)
    said = _THINK_SO.match(text)
    if said is None:
        return text
    return ("No" if said["not"] else "Yes") + text[said.end() :]


def without_cut(text: str, verdict: str = "") -> str | None:
    """Return the whole sentences of a text that was cut off; None if what was begun could turn them round.

    Args:
        text: The text.
        verdict: What they say. "Same" is turned round by more than "different" is.
    """
    match = _WHOLE_SENTENCE.match(text.strip())
    if match is None or _CONTRARY_CUT.match(match["cut"]):
        return None
    if verdict == "same" and not _HARMLESS_CUT.match(match["cut"]):
        return None
    return match["whole"]


_CUT_OFF = later(
    r"(?:[,、，]|(?<=\s)(?:but|and|or|while|whereas|although|though|however|except|because|since|that|the|an"
    r"|with|of|no longer|which|where|except(?: for)?|apart from|aside from|other than)"
    r"|(?<=but )on closer inspection|(?:です|ます|ません|でした|ました|ない|る|た)が"
    r"|しかし|ただし|一方|および|また|枚目(?:の(?:写真|画像))?(?:に|で)?は|(?:写真|画像)(?:に"
    r"|で)は|[一-龠ァ-ヶー0-9](?:は|を|には|では))[,、\s]*$",
    re.IGNORECASE,
)


_BEGUN = later(
    r"\b(?:is|are|has|have|looks?|match(?:es)?|shows?)\b[^.:;!?\n]*, (?:and|but|while|whereas) the"
    r" (?:first|second|third|fourth|fifth|sixth|last|other|next|remaining)(?: (?:one|two|three|row"
    r"|picture|image))?$",
    re.IGNORECASE,
)
"""A clause that is no more than its subject: "The first two are the same, and the third"."""


def cut_off(text: str) -> bool:
    """Say whether an answer ends in the middle of a sentence: "They are identical, but"."""
    end = text.rstrip(" \n*_\"'」")
    return _CUT_OFF.search(end[-80:]) is not None or _BEGUN.search(end[-160:]) is not None

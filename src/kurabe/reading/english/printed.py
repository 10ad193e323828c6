"""What is printed on a thing and quoted in an English answer, which states nothing of the pictures.

"The label reads 'DIFFERENT BY DESIGN'" is no statement. Quoted words that might be taken for one become
"lettering"; where they are set against other words in the other picture, the answer states a difference.
"""

import re

from kurabe.reading.japanese import is_japanese
from kurabe.reading.patterns import later

_QUOTE = r"[\"“”„«»]"
_MAY_STATE = later(
    r"\b(?:differ\w*|diff|same|identical|equal|match\w*|chang\w*|no|not|none|nothing|new|yes|missing|defect\w*"
    r"|fault\w*"
    r"|damag\w*|broken|only|except|but|alike|unlike|original|fail\w*|pass\w*|reject\w*|ok|ng|good|bad|wrong"
    r"|extra"
    r"|first|second|both|left|right|without|free|un\w+)\b",
    re.IGNORECASE,
)
_PRINTS = (
    r"(?:reads?|says?|said|spells?|bears?|states?|shows?|carries|displays?|words?|text|lettering|inscription"
    r"|imprint"
    r"|marking|label|sticker|engraving|print|stamp(?:ed)?|marked|labell?ed|printed|engraved|slogan|brand"
    r"|logo|caption"
    r"|title|name|letters?|reading|inscribed|embossed|sign|tag|badge|plate|etched|writing|written)"
)
_PRINTED = later(
    rf"\b{_PRINTS}\b(?P<between>[^.!?\n\"“”„«»]{{0,24}})"
    rf"{_QUOTE}(?P<text>[^\"“”„«»\n]{{1,60}}){_QUOTE}",
    re.IGNORECASE,
)
_THEN_PRINTS = later(
    rf"(?:(?<=[.!?\n] )|(?<=\n)|^){_QUOTE}(?P<text>[^\"“”„«»\n]{{1,60}}){_QUOTE}(?=,? (?:it )?(?:says|reads"
    r"|is what|is printed|is written|is stamped|is engraved|stands|appears on|can be read|goes|runs"
    r"|proclaims|announces|declares)\b)",
    re.IGNORECASE,
)
"""Lettering before the words that tell where it stands: "'YES WE'RE OPEN' says the sign"."""
_GOES_ON = later(
    rf"(?P<before>{_QUOTE}some lettering{_QUOTE}(?:,| and| or|, and) )"
    rf"{_QUOTE}(?P<text>[^\"“”„«»\n]{{1,60}}){_QUOTE}"
)
"""More lettering: "the text 'DIFF PAIR' and 'SAME NET'"."""
_ANSWERS = later(r"\W*(?:yes|no|same|different|the same|not the same|identical|unchanged|ok|ng|pass|fail)\W*")
_ONE = r"(?:in|on) (?:the )?(?:one|first|reference|left|upper|earlier|picture 1|image 1|picture a|image a)\b"
_OTHER = (
    r"(?:in|on) (?:the )?(?:other|second|right|lower|later|test|picture 2|image 2|picture b|image b|former)\b"
)
_CLOSE = r"[^\"“”.;!?\n]"
_AGAINST = later(
    rf"{_QUOTE}(?P<one>[^\"“”\n]{{1,40}}?)[.,]?{_QUOTE}"
    rf"(?P<here>[^\"“”.;!?\n]{{0,6}}"
    rf" ?{_ONE}[^\"“”.;!?\n]{{0,40}})"
    rf"{_QUOTE}(?P<other>[^\"“”\n]{{1,40}}?)[.,]?{_QUOTE}(?P<there>{_CLOSE}{{0,6}} ?{_OTHER})",
    re.IGNORECASE,
)
_SPEAKS = later(
    r"\b(?:i|we|you|answer|verdict|conclusion|would|will|must|to|question|prompt) $", re.IGNORECASE
)
_DENIED = later(r"\b(?:not|no|never|nor|neither|if|might|may|would|could|should)\b|n't\b", re.IGNORECASE)
_SENTENCE_END = later(r"[.!?\n]")


def without_printed(text: str) -> str:
    """Return a text whose quoted lettering states nothing; two that are opposed are a difference."""
    if not any(mark in text for mark in '"“„«') or is_japanese(text):
        return text
    opposed = _AGAINST.search(text)
    if opposed and opposed["one"].strip().lower() != opposed["other"].strip().lower():
        begin = max((mark.end() for mark in _SENTENCE_END.finditer(text, 0, opposed.start())), default=0)
        if not _DENIED.search(text[begin : opposed.start()]) and not _DENIED.search(opposed["here"]):
            rest = text[opposed.end() :]
            return without_printed(f"{text[:begin]} The lettering differs between the two pictures{rest}")
    text = _THEN_PRINTS.sub("“some lettering”", _PRINTED.sub(_lettering, text))
    return _GOES_ON.sub(r"\g<before>“some lettering”", text)


def _lettering(match: re.Match[str]) -> str:
    said = match["text"]
    if _SPEAKS.search(match.string[: match.start()]):
        return match[0]
    if not _MAY_STATE.search(said) or (_ANSWERS.fullmatch(said) and not said.isupper()):
        return match[0]
    start = match.start("text") - match.start() - 1
    return f"{match[0][:start]}some lettering"

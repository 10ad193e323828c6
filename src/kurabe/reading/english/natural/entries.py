"""Entries of English lists, tables and JSON that only tell of the light, or that something matches."""

import re

from kurabe.reading.english.natural.light import only_of_light
from kurabe.reading.patterns import later

_KEY = (
    r"(?:(?:overall |image |picture |general )?(?:light(?:ing)?|brightness|exposure|contrast|noise"
    r"|sharpness"
    r"|focus|blur|shadows?|reflections?|glare|illumination|white balance|colou?r (?:cast|tone|temperature)"
    r"|background|camera angle|viewing angle|viewpoint|framing|zoom|image quality))"
)
_LIGHT_ENTRY = later(
    rf"[ \t]*(?:[-*•][ \t]+|\d+[.)][ \t]+)?(?:\*\*)?{_KEY}(?:\*\*)?:(?:\*\*)?[ \t]+"
    r"(?!.*\b(?:but|however|while|and the|because)\b)"
    r"[^.\n]{0,60}\b(?:different|differs|varies|brighter|darker|warmer|cooler|sharper|softer|blurrier"
    r"|noisier"
    r"|changed|ignored|same|similar|matches|shifted)\b[^.\n]{0,40}\.?",
    re.IGNORECASE,
)
_LIGHT_ROW = later(rf"[ \t]*\|[ \t]*(?:\*\*)?{_KEY}(?:\*\*)?[ \t]*\|.*", re.IGNORECASE)
_MATCHES = later(
    r"^(?P<head>[ \t]*(?:[-*•][ \t]+|\d+[.)][ \t]+)?(?:\*\*)?[A-Z][\w /-]{1,40}(?:\*\*)?:(?:\*\*)?[ \t]+)"
    r"(?:it |they |all |both )?(?:match(?:es|ing)?|a match|agrees?|identical|unchanged|no (?:change"
    r"|difference))"
    r"(?: (?:in both|exactly|fully|completely))?[.!]?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_VALUE = later(r"(?<=: )\"(?P<said>[^\"\n]{5,160})\"(?=\s*[,}])")


def without_light_entries(text: str) -> str:
    """Return a text whose entries of light are gone, and whose "matches" reads "the same in both"."""
    if "{" in text:
        return _VALUE.sub(lambda value: '""' if only_of_light(value["said"]) else value[0], text)
    kept = [
        line for line in text.splitlines() if not (_LIGHT_ENTRY.fullmatch(line) or _LIGHT_ROW.fullmatch(line))
    ]
    return _MATCHES.sub(r"\g<head>the same in both", "\n".join(kept))

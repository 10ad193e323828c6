"""Which answer a sentence gives: "There's your no", "The answer must be given as 'yes'"."""

from functools import lru_cache
from typing import Literal

from kurabe.reading.english.openly.words import LIGHT, SAME
from kurabe.reading.patterns import later

Vote = Literal["same", "different"]

_YES_NO = later(
    r"(?P<head>[^.?!]{0,110}?)(?:^|[:,;–—-] ?| (?=(?:no|yes|nope|yep)\b)|['\"])(?P<say>yes|no|nope"
    r"|yep|affirmative|negative)"
    r"(?P<tail>$|[\s]*[,;:.!–—-].*| (?:instead of|rather than|and not|then|here|from me|it is|either way)\b.*"
    r"|,? and (?:quite )?(?:firmly|clearly).*)"
)
_LEADS_IN = later(
    r"(?:^|.*\b(?:is|be|as|for|read|reads|say|saying|to|with|at|towards?|your|my|a|an|the|on|remains|stays|seems|than|word"
    r"|answers?|given|dr|tick|hence|so|therefore|thus|aside|made|it|kid|conclusion|verdict|result|say)|[^,]*[:–—-])\s*$"
)
_HEDGED_HEAD = later(
    r"\b(?:not|never|viewers?|people|some|most|someone|colleagues?|might|may|could|if|glance|expect\w*|hoped?|nearly"
    r"|almost|wrong|thought|reply with|or|nor|whether|unless|until|when|whenever|would have|had"
    r"|instead of|rather than"
    r"|doubt\w*|said|says|told|claims?|once|first|was|were|tempt\w*|neither|unlikely|maybe|perhaps"
    r"|supposed|other than"
    r"|anything but|n't|see|found|has|have|there (?:is|are|was|were)$|with|match\w*|same|identical"
    r"|equal|unchanged)\b"
)
_TO_THE_QUESTION = later(
    r"^to the question (?:of |as to )?(?:whether|if) [^,;:]{3,80}? (?=the answer|my answer|i )"
)
_HAVE_TO = later(r"\b(?:have|has|had) to\b")
_LIT = later(rf"\b{LIGHT}\b")
_TWICE_DENIED = later(
    r"(?:i|we|one|you) can(?: ?not| not) (?:not|but|help but) (?:say|answer|conclude) |.*\b(?:no"
    r"|any) reason to answer other than "
)
_WORD = (
    rf"(?P<same>{SAME}|no (?:change|difference|differences|changes)|nothing (?:has )?changed|(?:they"
    rf"|it) (?:is|are|has) "
    r"(?:not changed|not different|the same|alike|unchanged)|not changed|ok|pass)"
    r"|(?P<different>different|unequal|not (?:the same|identical|equal|alike|unchanged)|changed?"
    r"|(?:they|it) (?:is|are|has) "
    r"(?:changed|different|not the same|not alike)|(?:a )?difference|differing|unlike|mismatch(?:ed)?"
    r"|not ok|fail)"
)
_LABELLED = later(
    r"(?:(?:so|hence|therefore|thus),? )?(?:(?:conclusion|result|verdict|determination|overall|answer"
    r"|finding|outcome|final"
    r"|decision|assessment|summary|status|disposition|call|final (?:answer|verdict|say|result|word)|in short"
    r"|so|bottom line|upshot|judge?ment|rating|my (?:call|verdict|answer|take|result|finding|ruling))"
    rf"(?: (?:for|of|per|on) [\w' -]{{2,30}})?(?: (?:is|would be|reads|remains))? ?[:–—-]? ?)?(?:a "
    rf"|an |the )?(?:{_WORD})"
    r"(?:,? (?:then|therefore|here|after all|for me|in both|both times|i am glad to say"
    r"|as far as i can (?:see|tell)))?"
)
_BY_WHOLE = later(
    r"(?:(?:so|hence|thus|therefore|then|and|now),? )*(?:i|we|you|one)(?: would| will| can| must"
    r"| could| am| have to| 'd)?(?: have)?(?: to)? "
    r"(?:only |therefore |thus |hence )?(?:call(?:ing)?|say|class|term|rate|consider|regard|judge"
    r"|sort|certify|deem|put|file|take"
    r"|gather|conclude|state|report|declare|record|see)(?: (?:it|them|these|this|that|the (?:two|pair)))*"
    rf"(?: (?:as|for|under|to be|down as|being|is|are|that))*(?: (?:it|they|these) (?:is|are"
    rf"|has))?(?: being)? (?:a |an |the )?(?:{_WORD})"
    r"(?:,? (?:then|therefore|here|after all|now))?"
    r"(?:,? (?:by|on account of|because of|in) [\w -]{3,40})?"
)


_AS_NONE = later(r"\b(?:that|this|it) (?:as |to be )?no (?:difference|change)")
_SAYS_SAME = later(rf"\b(?:{SAME}|no (?:\w+ )?(?:difference|change)s?|nothing|neither|match(?:es)?|agree)\b")
_SAYS_DIFFERENT = later(
    r"\b(?:differ\w*|changed|not (?:the same|identical|alike|equal|unchanged)|but|however|yet|though"
    r"|except)\b"
)
_DENIED = later(r"\b(?:not|no|never|nothing|neither|without)\b|n't\b")
_BOTH = later(
    r"\byes\b(?!,? instead).*\bno\b(?! \w)(?<!instead of no)"
    r"|\bno\b(?! \w)(?<!instead of no).*(?<!instead of )\byes\b"
)
_LEANS = later(r"\b(?:probably|guess|lean\w*|perhaps|maybe|likely|think|suppose|tend|inclin\w*)\b|\bno\. ?\d")
_WITHHELD = later(r"\b(?:cannot|can not|could not|unable|have not|not sure|determine|yet|sorry|i am an?)\b")
_POLITE = later(
    r"^\W*(?:i (?:can|could|will|would|see (?:the|both|two)|understand|am)|of course|sure|please|let"
    r"|here (?:is|are)|they are)\b(?!.*\bsay\b)"
)


def _against(say: str, tail: str) -> bool:
    """Say whether what follows an answer word says the opposite, or shows that it answers something else."""
    if _WITHHELD.search(tail):
        return True
    if _vote(say) == "same":
        different = _SAYS_DIFFERENT.search(tail)
        return different is not None and not _DENIED.search(tail[: different.end()])
    return (
        _SAYS_SAME.search(tail) is not None
        or _POLITE.search(tail) is not None
        or _LIT.search(tail) is not None
    )


def _vote(say: str) -> Vote:
    return "same" if say in ("no", "nope", "negative") else "different"


@lru_cache(maxsize=4096)
def given(text: str) -> Vote | None:
    """Return what a sentence answers in so many words; None if it gives no answer."""
    text = _TO_THE_QUESTION.sub("", text.strip(" .!"))
    if twice := _TWICE_DENIED.match(text):
        rest = text[twice.end() :]
        return _vote("no") if rest.startswith("no") else _vote("yes") if rest.startswith("yes") else None
    worded = _LABELLED.fullmatch(text) or _BY_WHOLE.fullmatch(text)
    if worded and not _AS_NONE.search(text):
        return "same" if worded["same"] else "different"
    said = _YES_NO.match(text)
    if said is None:
        return None
    if (
        _against(said["say"], said["tail"])
        or _BOTH.search(text)
        or (_LEANS.search(text) and "firmly" not in text)
    ):
        return None
    head = _HAVE_TO.sub("", said["head"].strip(" '\""))
    if head and (not _LEADS_IN.match(head + _mark(text, said.start("say"))) or _HEDGED_HEAD.search(head)):
        return None
    return _vote(said["say"])


def besides(text: str) -> str:
    """Return what a sentence says behind its yes or no, which does not decide; the text if it gives none."""
    said = _YES_NO.match(text.strip(" .!"))
    return said["tail"].strip(" ,;:.!–—-") if said and given(text) else text


def _mark(text: str, place: int) -> str:
    """Return the mark before a word: what is set off by it needs no verb to lead to it."""
    before = text[:place].rstrip(" '\"")
    return before[-1] if before[-1:] in ":–—-" else " "

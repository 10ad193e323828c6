"""What English clauses do to each other within a sentence: ellipses, exceptions, doubts."""

import re
from collections.abc import Iterator
from dataclasses import replace

from kurabe.reading.clauses import Act, Clause, without_exceptions
from kurabe.reading.english.dismissals import DOES_NOT_COUNT
from kurabe.reading.english.sentences import Segment
from kurabe.reading.english.taking import tells_of_taking
from kurabe.reading.english.tokens import tokens
from kurabe.reading.english.view import NEGATORS
from kurabe.reading.patterns import later

STATES = frozenset(("same", "different", "excluded", "defect"))

TURNS = STATES | {"hint", "heading", "alike", "fine", "both", "rest", "side", "is", "is_not"}

_CAUSE = later(r"\b(?:due to|because|caused|result|from|owing to|as a result|explain)\b")

_SO_DOES = later(r"(?:does|do|is|are|has|have|did|was) (?:the )?[\w ]{2,30}$")

_SET_ASIDE = later(
    r"\b(?:comes? from|due to|because of|caused by|ignored?|disregard(?:ed)?|neglected|excluded|count\w*"
    r"|matter|considered|regarded|relevant)\b"
)
_OPEN = frozenset(("open", "side", "alike", "neutral"))

_PRONOUN = later(r"(?:it|they|these|those|this) ")

_HARMLESS = frozenset(("same", "neutral", "fine", "alike"))

_NAMES = frozenset(("open", "defect", "hint", "side", "neutral"))


_FIRST = later(
    r"^(?:at first(?: glance| sight)?|initially|originally|first)?,? ?"
    r"(?:(?:i|we|one) (?:first |initially |at first )?(?:thought|assumed|suspected|believed|wondered)"
    r"|(?:it|they|the [\w ]{1,30}) (?:first |initially )?(?:seemed|appeared|looked))\b"
    r"|^(?:at first(?: glance| sight)?|initially|on the surface|on first look)\b"
)


def seen_through(parts: list[Segment]) -> list[Segment]:
    """Leave out a first impression that a "but" takes back: "at first I thought …, but …"."""
    if len(parts) > 1 and _FIRST.match(" ".join(word.text for word in parts[0].words)):
        turn = next((n for n, part in enumerate(parts) if n and part.contrast), 0)
        if turn:
            return parts[turn:]
    if (
        len(parts) > 1
        and parts[1].mark in (";", ":", "—", "–", "-")
        and _ASKED.match(" ".join(word.text for word in parts[0].words))
    ):
        return parts[1:]
    return parts


_ASKED = later(
    r"^(?:you|the user|the prompt|the question|the task) (?:asked|ask|asks|want|wants|wanted)\b"
    r"|^the (?:question|task) (?:is|was)\b|^i (?:was|am|have been) asked\b"
)


def hedged(parts: list[Segment], found: list[Clause]) -> list[Clause]:
    """Let a doubt, a "wrong" or an "if" hold for the whole of its sentence, however it was cut."""
    states = any(clause.act in STATES for clause in found)
    codes = ["".join(word.code for word in part.words) for part in parts]
    if not states:
        return found
    for place, (part, code, clause) in enumerate(zip(parts, codes, found, strict=True)):
        if DOES_NOT_COUNT.match(clause.text):
            continue
        replaced = clause.act == "different" and _REPLACED.search(clause.text)
        if ("*" in code and "E" not in code and not replaced) or (
            part is parts[0] and code[:1] == "%" and not set("bkmMesh").intersection(code)
        ):
            return [replace(one, act="turn") if one.act in STATES else one for one in found]
        if tells_of_taking(clause.text):
            continue
        if {"E", "u"} <= set(code) and not (part.contrast or set("QFxKM").intersection(code)):
            continue  # "the shadows fall differently, probably because …"
        unsure = "u" in code or ("M" in code and clause.act in ("open", "doubt"))
        if unsure and part.mark not in ("/", "(") and not _CAUSE.search(clause.text):
            found[place] = replace(clause, act="doubt")
            return found
    if parts[0].words[0].code == "n" and " " in parts[0].words[0].text:  # "it is not true that …"
        found[1:] = [replace(one, act="turn") if one.act == "same" else one for one in found[1:]]
    asked = False
    for place, (part, code) in enumerate(zip(parts, codes, strict=True)):
        asked = (
            (asked and part.mark == "c") or "%" in code or (code[:1] == "U" and found[place].act == "neutral")
        )
        cut = "%" in code and not set("bkmMesh").intersection(code[code.rindex("%") :])
        if cut:
            return [replace(one, act="turn") if one.act in STATES else one for one in found]
        if asked and part.mark == "c" and found[place].act in STATES:
            found[place] = replace(found[place], act="turn")  # "check whether … and they are the same"
    return found


_REPLACED = later(r"\b(?:instead of|rather than)\b")
"""What is there, and what should be: this states a difference, whatever else its words may do."""
_SO_TOO = later(
    r",? (?:too|as well|likewise)\W*$|\b(?:and )?so (?:(?:is|are|has|have|does|do)\b|(?:it"
    r"|they) (?:is|are|has|have"
    r"|does|do)(?=\W*$| (?:in|on|too|as well|also)\b))"
    r"|^the same (?:is true|goes|holds|applies)\b"
)
_LIKEWISE = later(
    r"^(?!(?:and |but )?(?:so|it|they|this|that|these|those|the same) ).*\w{3} .*(?:too|as well|likewise"
    r"|also)\W*$"
)
_AS_THERE = later(
    r"(?<!not )\b(?:just |exactly |much )?(?:as|like) (?:it is |they are )?(?:in|on) (?:the )?(?:first"
    r"|second|other|upper|lower|reference|top|bottom|left|right)\b"
    r"|\bas \w+ as (?:it is )?in\b|\bno more \w+\b.*\bthan\b|\bthe same way as\b"
    r"|\balso (?:has|have|shows?|lacks?|is|are|bent|missing|contains?|seen|found|visible)\b|\b(?:is|are"
    r"|has|have|shows?) also\b"
)


_ANOTHER_TOO = later(
    r"(?:,|;|\band) (?:the|an?|one|its|another) (?!(?:first|second|other|same|lower|upper|left|right"
    r"|reference|test|top"
    r"|bottom|image|picture|photo|one|later|earlier|original)\b)(?P<noun>[a-z-]{3,})(?: [\w-]+)? (?:is|are"
    r"|has|have)"
    r" (?:been )?(?!.*\b(?:in|on) )[\w ]{2,30} (?:too|as well|likewise)\W*$"
)


def _adds_another(plain: str) -> bool:
    """Say whether a "too" adds another thing that is wrong: "…, and the cap is missing too"."""
    match = _ANOTHER_TOO.search(plain)
    return match is not None and match["noun"] not in plain[: match.start()]


def in_both_after_all(plain: str, found: list[Clause], sides: bool) -> list[Clause]:
    """Take a defect for one of both pictures where a sentence adds it: "…, too", "as in the first"."""
    if _SO_TOO.search(plain) and sides and not _adds_another(plain):
        return [
            replace(one, act="neutral" if not one.contrast and _LIKEWISE.search(plain) else "turn")
            if one.act == "side"
            else replace(one, act="turn")
            if one.act in ("different", "defect")
            else one
            for one in found
        ]
    if _AS_THERE.search(plain):
        return [
            replace(one, act="defect") if one.act == "different" and not _COMPARED.search(one.text) else one
            for one in found
        ]
    return found


_COMPARED = later(r"\bdiffer|\bsame\b|\bidentical\b|\bnot\b|\bno\b|\bchang|\bonly\b|n't\b")


def breaks_off(parts: list[Segment]) -> bool:
    """Say whether a sentence ends with a picture of which nothing is said: "…, while the second"."""
    if len(parts) < 2:
        return False
    last = parts[-1]
    return (last.against or last.contrast) and last.codes.strip("ray") == "I"


def in_context(parts: list[Segment], found: list[Clause], place: int) -> None:
    """Weigh a clause by the one before it, in ``found``."""
    clause, before, part = found[place], found[place - 1], parts[place]
    denies = bool(set(NEGATORS).intersection(part.codes))
    if part.mark == "/" and _SO_DOES.match(clause.text) and before.act == "side":
        found[place - 1 : place + 1] = [replace(before, act="neutral"), replace(clause, act="neutral")]
        return
    first = part.words[0]
    set_aside = DOES_NOT_COUNT.match(clause.text) is not None
    if (
        first.text == "that"
        and denies
        and not set_aside
        and set(NEGATORS).intersection(parts[place - 1].codes)
    ):
        found[place] = replace(clause, act="turn")  # "no sign of a pin that is not straight"
        return
    shows = first.code == "h" and (first.text.endswith("ing") or first.text == "with")
    if shows and not denies and clause.act in ("open", "neutral") and before.act in _HARMLESS:
        found[place] = replace(clause, act="neutral")  # "… identical, showing a connector with pins"
    if part.mark == "/" and before.act in ("different", "defect") and _SEEMS.search(before.text):
        of_light = _has_light(clause.text) and not re.search("[QF]", part.codes)
        if of_light or tells_of_taking(clause.text):
            found[place - 1] = replace(before, act="excluded")  # "looks larger, since the camera was closer"
            found[place] = replace(clause, act="neutral")
            return
    if _EXPLAINS.match(clause.text) and before.act in ("different", "defect") and _SEEMS.search(before.text):
        found[place - 1] = replace(before, act="excluded" if _has_light(clause.text) else "turn")
    if set_aside and _SET_ASIDE.search(clause.text) and before.act in _OPEN:
        found[place - 1] = replace(before, act="excluded", named=True)  # "the contrast is lower, which …"
    if part.mark == "/" and before.act == "excluded" and clause.act in ("defect", "open", "neutral"):
        found[place] = replace(clause, act="neutral")  # "…, because the lamp was moved"
    if part.mark != ":":
        return
    announces = found[0].act == "heading" or (before.act == "different" and not before.named)
    if announces and clause.act in _NAMES and not (clause.act == "open" and denies):
        # "The differences are: the left pin is missing" says what differs, whatever it says.
        found[place] = replace(clause, act="different", named=True)
    labelled = re.search("[Qx]", parts[place - 1].codes) and "P" not in parts[place - 1].codes
    if clause.act == "same" and labelled and _PRONOUN.match(clause.text):
        found[place] = replace(clause, act="alike")  # "I look at the pins: they are the same"


_EXPLAINS = later(
    r"(?:but |though )?(?:that|this|it|which) (?:is |may be |might be |must be |could be )?(?:only |just "
    r"|probably |merely |simply )*(?:due to|because"
    r"|caused by|down to|explained by|the result of|a result of|an effect of|comes from|owing to|(?:i"
    r"|we) (?:attribute|ascribe|put))\b"
)
_SEEMS = later(r"\b(?:seems?|looks?|appears?|\w{3,}er|more|less)\b")
"""What may be explained away, and not only explained: "the handle looks longer, but that is due to …"."""


def denies_exception(parts: list[Segment]) -> bool:
    """Say whether a sameness with an exception is denied: what then differs is left open."""
    return any(part.excepts for part in parts) and any(
        re.search("[nowz].*[Ss]", part.codes) for part in parts if not part.excepts
    )


_DOES = later(r"\b(?:is|are|do|does|was|were|did|has|have)$")

_STILL_IS = later(r"(?:the|one|two|some|its?) (?:[\w-]+ ){1,3}(?:is|are|has|does)(?: (?:in|on) [\w ]+)?")

_WITH = later(
    r"(?:only |but |just |now )*(?:with|without|minus|plus|lacking|missing) (?!any|no|the (?:very )?same)"
)

_NOT_SO = later(r"\b(?:is|are|do|does|was|were|did) not$")

_JUST = later(
    r"(?:just|only|merely|but|there is|there are| )*"
    r"(?:one|two|three|a few|a couple|some|a single one|[1-9]\d*)$"
)


def elliptical(found: list[Clause]) -> Iterator[Clause]:
    """Complete "…, but not in shape" by what was said before."""
    before: Clause | None = None
    for clause in found:
        if before is not None:
            clause = _restricted(before, _completed(before, clause))
        yield clause
        before = clause


_TURNED: dict[Act, Act] = {
    "same": "different",
    "alike": "different",
    "fine": "different",
    "different": "alike",
}


def _completed(before: Clause, clause: Clause) -> Clause:
    """Complete a verb that stands alone: "… has a label, the lower does not"."""
    if clause.side and before.side not in (0, clause.side):
        if _NOT_SO.search(clause.text) and before.act in ("side", "open"):
            return replace(clause, act="different", named=True)  # "… has a label, the lower does not"
        against = clause.contrast or clause.against
        if against and _DOES.search(clause.text) and before.act in ("alike", "open"):
            return replace(clause, act="different", named=True)  # "… has no scratch, but the lower does"
    if before.act == "excluded" and clause.contrast and clause.act == "alike" and " itself " in clause.text:
        return replace(clause, act="same")  # "the exposure differs, but the bolt itself is unchanged"
    codes = {word.code for word in tokens(clause.text)}
    if _NOT_SO.search(clause.text) and before.act == "excluded" and "P" in codes and not codes & set("QxFI"):
        return replace(clause, act="same")  # "the lighting differs, the connector does not"
    if (
        clause.contrast
        and before.act in ("fine", "alike")
        and _STILL_IS.fullmatch(clause.text)
        and (re.search(r"\bnot\b|\bno\b", before.text) and "F" in {word.code for word in tokens(before.text)})
    ):
        return replace(clause, act="different", named=True)  # "the housing is not damaged, but one pin is"
    if _NOT_SO.search(clause.text) and clause.act in ("open", "side") and before.act in _TURNED:
        return replace(clause, act=_TURNED[before.act], named=True)
    return clause


def _restricted(before: Clause, clause: Clause) -> Clause:
    """Read what restricts the clause before: "but not in colour", "only with a scratch", "just one"."""
    if (
        before.act in ("same", "alike", "fine")
        and (clause.contrast or clause.only)
        and _WITH.match(clause.text)
        and not _has_light(clause.text)
    ):
        clause = replace(clause, act="different", named=True)  # "the same bearing, but without the lid"
    if (
        before.act in ("same", "alike", "fine")
        and clause.contrast
        and clause.act in ("neutral", "open", "side", "alike", "defect")
        and _THING.match(clause.text)
        and not {word.code for word in tokens(clause.text)} & set("bkmMeSsdEGJLnowz")
    ):
        clause = replace(clause, act="different", named=True)  # "no scratches, but a hole in the lid"
    if (
        before.act in ("same", "alike", "fine")
        and clause.contrast
        and re.match("one (?:at|in|on)\\b", clause.text)
    ):
        clause = replace(
            clause, act="different", named=True
        )  # "no difference at the lid, but one at the cap"
    if (
        before.act in _ONE_STATE
        and _IN_ONE.search(before.text)
        and clause.contrast
        and _NOT_OTHER.match(clause.text)
    ):
        return replace(clause, act="different", named=True)  # "straight in one, but not in the other"
    if _JUST.match(clause.text) and before.act in ("heading", "same", "alike"):
        clause = replace(clause, act="different", only=True)
    bare = _BARE.match(clause.text)
    if not bare or clause.act not in ("open", "turn", "fine", "alike", "different", "excluded"):
        return clause
    rest = clause.text[bare.end() :]
    if before.act in ("same", "alike"):
        return replace(clause, act="excluded" if _has_light(rest) else "different", named=True)
    if before.act in ("defect", "fine", "side", "both") and clause.side:
        return replace(clause, act="different", named=True)  # "a scratch on the lower, but not on the upper"
    if before.act in ("different", "excluded"):
        whole = _CONTENT.search(rest) and before.act == "excluded"
        return replace(clause, act="same" if whole else "alike")
    return clause


_ONE_STATE = frozenset(("alike", "fine", "side", "open", "neutral", "defect"))
_IN_ONE = later(
    r"\b(?:in|on) (?:only |just )?(?:one(?: image| picture| photo)?"
    r"|the (?:first|upper|reference)[\w ]{0,12})$"
)
_NOT_OTHER = later(r"not (?:in|on) the (?:\w+ )?(?:other|second|lower|test)\b[\w ]{0,12}$")
_THING = later(r"(?:a|an|one|some|two|three) \w+")

_BARE = later(r"(?:not|not so|without|never) (?:in|on|at|of|for|to|with|the|about)\b")
_CONTENT = later(r"\b(?:content|part|parts|object|objects|product|itself|substance|connector)\b")


def _has_light(text: str) -> bool:
    return any(word.code == "E" for word in tokens(text))


def excepted(found: list[Clause]) -> list[Clause]:
    """Weigh exceptions: "identical except for the pin" is different, "except for the light" is same."""
    exceptions = [clause for clause in found if clause.excepts]
    if not exceptions:
        return found
    main = {clause.act for clause in found if not clause.excepts}
    named = [clause for clause in exceptions if clause.act == "different"]
    begin = min(place for place, clause in enumerate(found) if clause.excepts)
    earlier = {clause.act for clause in found[:begin]}
    if "different" in main and "different" not in earlier and earlier & {"same", "alike"}:
        main.discard("different")  # "nothing differs but the hinge, which is bent in the second"
    if named and main & {"same", "alike", "fine", "rest"} and "different" not in main:
        last = max(place for place, clause in enumerate(found) if clause in named)
        kept = [
            clause
            for place, clause in enumerate(found)
            if clause.act not in ("same", "fine") or (place > last and clause.contrast)
        ]
        return [
            replace(clause, only=True, contrast=True) if clause.excepts else clause
            for clause in kept
            if not (clause.excepts and clause.act != "different")
        ]
    return without_exceptions(found)

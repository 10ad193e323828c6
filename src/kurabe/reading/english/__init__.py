"""English: from a sentence to what its clauses say about the pair."""

import re
from collections.abc import Iterator
from dataclasses import replace

from kurabe.reading.clauses import NO_FAULT, Clause, Meaning
from kurabe.reading.english.anew import clauses_anew, differing_anew
from kurabe.reading.english.anew.weighed import concludes, conclusion, opening, stands
from kurabe.reading.english.attitude import is_polite, refuses
from kurabe.reading.english.compounds import Word
from kurabe.reading.english.context import (
    TURNS,
    breaks_off,
    denies_exception,
    elliptical,
    excepted,
    hedged,
    in_both_after_all,
    in_context,
    seen_through,
)
from kurabe.reading.english.contrasts import contrast
from kurabe.reading.english.dismissals import DOES_NOT_COUNT, dismissed
from kurabe.reading.english.frames import CONTRARY, asserted, but_for, comments, judged, taken_back, written
from kurabe.reading.english.grammar import meaning
from kurabe.reading.english.hedges import set_apart
from kurabe.reading.english.idle import denies_unknown, idle
from kurabe.reading.english.impressions import after_impression, asked, only_impression
from kurabe.reading.english.introductions import without_introduction
from kurabe.reading.english.lacking import only_in_one
from kurabe.reading.english.offers import says_nothing
from kurabe.reading.english.paraphrases import paraphrased
from kurabe.reading.english.sentences import INTRODUCES, Segment, segments
from kurabe.reading.english.shorthand import in_short
from kurabe.reading.english.taking import tells_of_taking
from kurabe.reading.english.tokens import expanded, tokens
from kurabe.reading.english.view import NEGATORS
from kurabe.reading.english.words import FREE
from kurabe.reading.patterns import later
from kurabe.reading.variation import only_varies, set_aside

_ASKS = later(
    r"^(?:so |now |well |and |but |question: )?(?:is|are|do|does|did|can|could|has|have|was|were|what"
    r"|which|how|where|why"
    r"|any|same|different|identical|will|would|should)\b"
)


_ALONE = later(
    r"^(?:(?:only|just|look at|mind|see|note) (?:the|one|an?) [\w -]{2,30}"
    r"|(?:the|one|an?) [\w -]{2,20} ?, though)[ .!]*$"
)


def _alone(plain: str) -> bool:
    """Say whether a sentence only points to a thing, as an exception would: "Only the rim."."""
    match = _ALONE.match(plain)
    codes = {w.code for w in tokens(plain.removeprefix("look "))}
    return match is not None and not codes & set("bkmMehTvsSdEDFKCG")


_ECHO = later(
    r"(?:but |so )?(?:there|they|it|these|those|both|the (?:images|pictures|two)|i|we) (?:is|are|do|does"
    r"|was|were|can|did|could|has|have)"
    r"(?P<not> not)?[\s.,!]*$"
)
_MOST_PARTS = 150
"""Clauses of a sentence; one with more comes from a model that repeats itself."""
_IN_BOTH = later(
    r"(?:so |though )?(?:it|they|this|that|these|those|which) "
    r"(?:is|are|can be|appears?|shows?|occurs?|exists?)\b[\w ]{0,24}\b(?:in|on) "
    r"(?:both|each|either)\b[\w ]{0,20}$"
)
"""What takes a defect for one of both pictures: "…, but it is in both"."""
_NOT_THAT = later(
    r"not that (?:i|we) (?:can|could|am able to) \w+[\s.!]*$"
    r"|(?:there are|i see|i found|i find) (?:none|not any)[\s.!]*$"
)


def clauses(sentence: str) -> list[Clause]:
    """Return what a normalised sentence says, clause by clause."""
    sentence = paraphrased(after_impression(without_introduction(expanded(sentence))))
    words = tokens(sentence)
    plain = " ".join(map(written, words))
    left = dismissed(plain)
    if left is None:
        left = set_aside(plain)
    if left is not None and len(left) < len(plain):
        return [Clause("neutral", sentence), *clauses(left)] if left else [Clause("neutral", sentence)]
    whole = _whole(sentence, plain)
    if whole is not None:
        return [whole]
    parts = segments(words)
    if len(parts) > _MOST_PARTS:
        return [Clause("turn", sentence[:60])]
    kept = seen_through(parts)
    seen = len(kept) < len(parts)
    if seen:
        parts, words = kept, _from_contrast(words)
    found = list(elliptical([_clause(segment, len(words) == 1) for segment in parts]))
    if seen and found and found[0].act in ("defect", "side") and found[0].contrast:
        found[0] = replace(found[0], act="different")  # "at first glance …, but the pin is bent"
    if len(parts) > 1:
        found = hedged(parts, found)
    lost = breaks_off(parts) or denies_exception(parts) or (len(parts) > 1 and judged(words))
    if lost or not asserted(words):
        found = [replace(one, act="turn") if one.act in TURNS else one for one in found]
    found = in_both_after_all(plain, found, any(word.code == "I" for word in words))
    for place in range(1, len(found)):
        in_context(parts, found, place)
        if found[place - 1].act in ("defect", "open") and _IN_BOTH.match(found[place].text):
            found[place - 1 : place + 1] = [replace(one, act="both") for one in found[place - 1 : place + 1]]
    labelled = _LABELLED.match(plain)
    if labelled and len(found) > 1:
        found = list(_of_one_picture(found))
    return excepted(found)


_LABELLED = later(
    r"^(?:the )?(?:(?:first|second|upper|lower|left|right|top|bottom|reference|test) )?(?:image"
    r"|picture|photo|photograph)"
    r"(?: [12ab])? ?:"
)


def _of_one_picture(found: list[Clause]) -> Iterator[Clause]:
    """Let the picture that a line begins with hold for all of it: "Image 1: a nut, no visible damage"."""
    yield found[0]
    for clause in found[1:]:
        if found[0].side and not clause.side:
            sound = clause.act == "same" and NO_FAULT.search(clause.text)
            clause = replace(clause, side=found[0].side, act="fine" if sound else clause.act)
        yield clause


def _whole(sentence: str, plain: str) -> Clause | None:
    """Return what a sentence says that is read as a whole; None if its clauses decide."""
    if refuses(plain):
        return Clause("refusal", sentence)
    question = asked(plain)
    if question is not None:
        return _question(question)
    short = Clause("neutral", sentence) if only_impression(plain) or says_nothing(plain) else in_short(plain)
    if short is not None:
        return short
    if CONTRARY.search(plain):
        return but_for(plain)
    told = _told_in_short(plain) or contrast(plain, sentence)
    if _only_seems(plain):
        return Clause("neutral", sentence)
    if told is not None:
        return told
    if _NOT_SO.match(plain) or (_MEANS.search(plain) and not taken_back(plain)):
        return Clause("neutral", sentence)
    if taken_back(plain) or _alone(plain):
        return Clause("turn", sentence)
    if sentence.rstrip(" )\"'").endswith("?"):
        return _question(sentence)
    echo = _ECHO.match(plain)
    if echo:
        return Clause("is_not" if echo["not"] else "is", sentence)
    if _NOT_THAT.match(plain):
        return Clause("no", sentence, answer=True)
    return Clause("heading", sentence) if _LISTED.match(plain) else None


def _only_seems(plain: str) -> bool:
    """Say whether a sentence tells of what only looks so: "what looks like a dent is a shadow"."""
    seemed = _ONLY_SEEMED.match(plain)
    if seemed and not any(word.code in "SsDKdeJ" for word in tokens(seemed["what"])):
        return True
    looks = _LOOKS_LIKE.match(plain)
    return looks is not None and all(word.code in "EracrAgO,p" for word in tokens(looks["really"]))


def _from_contrast(words: list[Word]) -> list[Word]:
    """Return the words after the first "but" or semicolon, where what came before was left out."""
    cut = next((n for n, word in enumerate(words) if word.code in "^;:—–-"), -1)
    return words[cut + 1 :]


def _question(sentence: str) -> Clause:
    """Return what a question asks: for sameness, for a difference, or something else."""
    body = sentence.rstrip(" ?)\"'")
    found = [meaning(segment.words) for segment in segments(tokens(body))]
    acts = {one.act for one in found}
    if "doubt" in acts and "different" not in acts and "same" not in acts and not _ASKS.match(body):
        return Clause("doubt", sentence)
    if acts & {"same", "alike"} and not acts & {"different", "ask_different", "excluded"}:
        return Clause("ask_same", sentence)
    if acts & {"different", "ask_different", "heading", "hint"} and not acts & {"same", "alike"}:
        return Clause("ask_different", sentence)
    return Clause("ask", sentence)


def _clause(segment: Segment, alone: bool) -> Clause:
    text = " ".join(word.text.split(":", 1)[1] if word.code == "I" else word.text for word in segment.words)
    said = meaning(segment.words)
    if (
        comments(text)
        or judged(segment.words)
        or (_DENIAL_ALONE.fullmatch(segment.codes) and not (alone and text in _ZERO))
    ):
        said = Meaning("turn")
    elif segment.excepts:
        said = Meaning("excluded", named=True) if only_varies(text) else _exception(segment)
    elif _restricts(segment, said):
        named = segment.only
        said = Meaning("different", named=True) if named else Meaning("open")
    elif DOES_NOT_COUNT.match(text) or (
        tells_of_taking(text)
        and (said.act in ("open", "alike", "doubt") or "Q" not in re.sub("dQ", "", segment.codes))
    ):
        light = tells_of_taking(text) and set("CdE").intersection(segment.codes)
        said = Meaning("excluded", named=True) if light else Meaning("neutral")
    elif said.act == "defect" and segment.words[0].text == "with":
        said = said._replace(only=True)
    elif (
        (is_polite(text) and said.act in ("open", "neutral", "fine", "side", "alike", "doubt"))
        or (text.startswith("no matter") and said.act in ("open", "defect", "alike"))
        or (INTRODUCES.match(text) and said.act in ("open", "neutral", "side", "alike", "heading", "fine"))
    ):
        said = Meaning("neutral")
    relative = segment.mark == "/" or segment.words[0].text in ("which", "who")
    if relative and said.act == "same" and segment.codes.lstrip("rayAk")[:1] in ("s", "S", "b"):
        said = Meaning("alike")  # "the holes, which agree as well"
    if segment.mark == "/" and text in _ZERO - {"no"}:
        said = Meaning("same")  # "…, so 0"
    if segment.mark == "/" and text in ("no", "yes"):
        return Clause("no" if text == "no" else "yes", text, answer=True)  # "…, so no"
    return Clause(
        said.act,
        text,
        contrast=segment.contrast,
        conceded=segment.conceded,
        excepts=segment.excepts,
        only=said.only or segment.only,
        named=said.named,
        against=segment.against,
        side=said.side,
        glance=said.glance,
        stated=said.stated,
        suffices=said.suffices,
        idle=(said.act in ("open", "side") and idle(segment, said.side))
        or (said.act == "defect" and not said.stated and denies_unknown(segment)),
    )


def _restricts(segment: Segment, said: Meaning) -> bool:
    """Say whether what a "but" adds describes a thing: "identical, but the weave has a hole"."""
    if said.act not in ("neutral", "open", "side", "defect") or not (segment.contrast or segment.only):
        return False
    codes = segment.codes
    if said.act != "neutral":
        return segment.only and not set("EUuM%*").intersection(codes)
    thing = re.search("[Qx]", codes) is not None or bool(said.side)
    return thing and re.search("[hTb]", codes) is not None and not set("BEiUk").intersection(codes)


_LISTED = later(
    r"^(?:the|all|these|my) (?:\w+ )?differences? (?:is|are) (?:listed|described|given|explained"
    r"|summari[sz]ed|marked)\b"
)
_MEANS = later(
    r"^(?:a|an|any|the word) (?:\w+ )?(?:difference|defect|change|match) (?:means|would mean|refers|stands"
    r"|is (?:anything|whatever|everything|something)|is used)\b"
    r"|\b(?:do not |does not |would not |should not )?counts? as (?:a )?differen(?:ces?|t)\b|^the word\b"
)
_ONLY_SEEMED = later(
    r"^(?:it|the [\w -]{2,40}?) (?:might |may |could )?(?:look|seem|appear)s? (?P<what>[^,;]{2,80}?) ?, but"
    r" (?:it|that|this|they) (?:really |actually )?(?:is|are|does|do) not[ .!]*$"
)
_N = r"\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_COUNTED = later(
    rf"^(?:in )?the (?:first|upper|left|top|reference)(?: \w+)? (?:has|shows"
    rf"|contains) (?P<first>{_N}) [\w -]{{2,30}}?"
    r"(?: ,)?(?: and| but| while)? the (?:second|lower|right|bottom|test|other)(?: one| image| picture)?"
    rf" (?:has |shows |contains )?(?:only )?(?P<second>{_N})[ .!]*$"
)
_SAME_BUT = later(
    r"^same (?P<thing>[\w -]{2,30}) [,;] (?:but )?(?:a )?different (?P<what>[\w -]{2,30}?)[ .!]*$"
)


def _told_in_short(plain: str) -> Clause | None:
    """Read "same part, different label", and "the first has 3 pins and the second 4"."""
    if only_in_one(plain) or set_apart(plain):
        return Clause("different", plain, named=True)
    match = _SAME_BUT.match(plain)
    if match:
        codes = {word.code for word in tokens(match["what"])}
        if codes & set("QxP") and not codes & set("ENIF"):
            return Clause("different", plain, named=True)
        return None
    counts = _COUNTED.match(plain)
    if counts is None:
        return None
    return Clause("different" if counts["first"] != counts["second"] else "neutral", plain, named=True)


_LOOKS_LIKE = later(
    r"^(?:(?:it|this|that|there|what) (?:\w+ )?(?:looks?|looked|seems?|seemed|appears?|appeared)(?: like"
    r"| to be) [^,;]{2,60}?"
    r"|the (?!\w* ?(?:differ|change|devia|varia|image|picture|photo))[^,;]{2,40}?)(?: ?, but (?:it"
    r"|that|this))? (?:is|are|was|were|turns? out to be|turned out to be|proved to be) (?:only|just|merely"
    r"|really|actually|in fact)? ?"
    r"(?P<really>[\w ]{4,40}?)[ .]*$"
)
"""Light that looks like a defect: "what looks like a dent is only a shadow"."""
_NOT_SO = later(r"^if .*\bwould\b.*\bbut (?:it|they|that|this|there) (?:is|are|do|does) not?(?: so)?\W*$")
_ZERO = frozenset(("zero", "0", "nil", "no"))


_MEANT = frozenset(("it", "these", "those", "them"))
_DENIAL_ALONE = later("[rya,]*[no][rya,no]*")


def _exception(segment: Segment) -> Meaning:
    """Return what comes after "except": something excluded, a difference, or only "that"."""
    codes = "".join(word.code for word in segment.words if word.code not in FREE)
    if "E" in codes and not re.search("[QxF]", re.sub("E(?:p[^c,]*)?", "", codes)):
        return Meaning("excluded", named=True)
    if "E" in codes and not re.search("[QF]", codes):
        return Meaning("turn")  # a word that is not known may narrow the light to that of a part
    things = {word.text for word in segment.words if word.code == "P"}
    if not codes.strip("RPlAgqO") and things <= _MEANT:
        return Meaning("rest")
    return Meaning("different", named=True)


__all__ = [
    "NEGATORS",
    "clauses",
    "clauses_anew",
    "concludes",
    "conclusion",
    "differing_anew",
    "opening",
    "stands",
    "tokens",
]

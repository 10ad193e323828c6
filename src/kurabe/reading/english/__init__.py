"""English: from a sentence to what its clauses say about the pair."""

import re
from collections.abc import Iterator
from dataclasses import replace

from kurabe.reading.clauses import Act, Clause, Meaning
from kurabe.reading.english.attitude import is_polite, refuses
from kurabe.reading.english.frames import asserted, comments, judged, taken_back, written
from kurabe.reading.english.grammar import meaning
from kurabe.reading.english.sentences import INTRODUCES, Segment, segments
from kurabe.reading.english.tokens import tokens
from kurabe.reading.english.view import NEGATORS
from kurabe.reading.english.words import FREE

_ASKS = re.compile(
    r"^(?:so |now |well |and |but |question: )?(?:is|are|do|does|did|can|could|has|have|was|were|what"
    r"|which|how|where|why"
    r"|any|same|different|identical|will|would|should)\b"
)


_ECHO = re.compile(
    r"(?:but |so )?(?:there|they|it|these|those|both|the (?:images|pictures|two)|i|we) (?:is|are|do|does"
    r"|was|were|can|did|could|has|have)"
    r"(?P<not> not)?[\s.,!]*$"
)
_NOT_THAT = re.compile(
    r"not that (?:i|we) (?:can|could|am able to) \w+[\s.!]*$"
    r"|(?:there are|i see|i found|i find) (?:none|not any)[\s.!]*$"
)


def _hedged(parts: list[Segment], found: list[Clause]) -> list[Clause]:
    """Let a doubt, a "wrong" or an "if" hold for the whole of its sentence, however it was cut."""
    states = any(clause.act in _STATES for clause in found)
    codes = ["".join(word.code for word in part.words) for part in parts]
    if not states:
        return found
    for place, (part, code, clause) in enumerate(zip(parts, codes, found, strict=True)):
        if ("*" in code and "E" not in code) or (
            part is parts[0] and code[:1] == "%" and not set("bkmMesh").intersection(code)
        ):
            return [replace(one, act="turn") if one.act in _STATES else one for one in found]
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
            return [replace(one, act="turn") if one.act in _STATES else one for one in found]
        if asked and part.mark == "c" and found[place].act in _STATES:
            found[place] = replace(found[place], act="turn")  # "check whether … and they are the same"
    return found


_STATES = frozenset(("same", "different", "excluded", "defect"))
_TURNS = _STATES | {"hint", "heading", "alike", "fine", "both", "rest", "side", "is", "is_not"}
_CAUSE = re.compile(r"\b(?:due to|because|caused|result|from|owing to|as a result|explain)\b")
_SO_DOES = re.compile(r"(?:does|do|is|are|has|have|did|was) (?:the )?[\w ]{2,30}$")
_PRONOUN = re.compile(r"(?:it|they|these|those|this) ")


def clauses(sentence: str) -> list[Clause]:
    """Return what a normalised sentence says, clause by clause."""
    words = tokens(sentence)
    plain = " ".join(map(written, words))
    if refuses(plain):
        return [Clause("refusal", sentence)]
    if taken_back(plain):
        return [Clause("turn", sentence)]
    if sentence.rstrip(" )\"'").endswith("?"):
        return [_question(sentence)]
    echo = _ECHO.match(plain)
    if echo:
        return [Clause("is_not" if echo["not"] else "is", sentence)]
    if _NOT_THAT.match(plain):
        return [Clause("no", sentence, answer=True)]
    parts = segments(words)
    found = list(_elliptical([_clause(segment, len(words) == 1) for segment in parts]))
    if len(parts) > 1:
        found = _hedged(parts, found)
    if not asserted(words) or _denies_exception(parts) or (len(parts) > 1 and judged(words)):
        found = [replace(one, act="turn") if one.act in _TURNS else one for one in found]
    for place in range(1, len(found)):
        _in_context(parts, found, place)
    return _excepted(found)


def _in_context(parts: list[Segment], found: list[Clause], place: int) -> None:
    """Weigh a clause by the one before it, in ``found``."""
    clause, before, part = found[place], found[place - 1], parts[place]
    denies = bool(set(NEGATORS).intersection(part.codes))
    if part.mark == "/" and _SO_DOES.match(clause.text) and before.act == "side":
        found[place - 1 : place + 1] = [replace(before, act="neutral"), replace(clause, act="neutral")]
        return
    first = part.words[0]
    shows = first.code == "h" and (first.text.endswith("ing") or first.text == "with")
    if shows and not denies and clause.act in ("open", "neutral") and before.act in _HARMLESS:
        found[place] = replace(clause, act="neutral")  # "… identical, showing a connector with pins"
    if part.mark != ":":
        return
    if found[0].act == "heading" and clause.act in _NAMES and not (clause.act == "open" and denies):
        # "The differences are: the left pin is missing" says what differs, whatever it says.
        found[place] = replace(clause, act="different", named=True)
    labelled = re.search("[Qx]", parts[place - 1].codes) and "P" not in parts[place - 1].codes
    if clause.act == "same" and labelled and _PRONOUN.match(clause.text):
        found[place] = replace(clause, act="alike")  # "I look at the pins: they are the same"


_HARMLESS = frozenset(("same", "neutral", "fine", "alike"))
_NAMES = frozenset(("open", "defect", "hint", "side"))


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
        said = _exception(segment)
    elif said.act == "defect" and segment.words[0].text == "with":
        said = said._replace(only=True)
    elif (
        (is_polite(text) and said.act in ("open", "neutral", "fine", "side", "alike"))
        or (text.startswith("no matter") and said.act in ("open", "defect", "alike"))
        or (INTRODUCES.match(text) and said.act in ("open", "neutral", "side", "alike", "heading", "fine"))
    ):
        said = Meaning("neutral")
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
    )


_ZERO = frozenset(("zero", "0", "nil", "no"))


def _denies_exception(parts: list[Segment]) -> bool:
    """Say whether a sameness with an exception is denied: what then differs is left open."""
    return any(part.excepts for part in parts) and any(
        re.search("[nowz].*[Ss]", part.codes) for part in parts if not part.excepts
    )


_DENIAL_ALONE = re.compile("[rya,]*[no][rya,no]*")


def _exception(segment: Segment) -> Meaning:
    """Return what comes after "except": something excluded, a difference, or only "that"."""
    codes = "".join(word.code for word in segment.words if word.code not in FREE)
    if "E" in codes and not re.search("[QxF]", re.sub("E(?:p[^c,]*)?", "", codes)):
        return Meaning("excluded", named=True)
    if "E" in codes and not re.search("[QF]", codes):
        return Meaning("turn")  # a word that is not known may narrow the light to that of a part
    if not codes.strip("RPlAgqO"):
        return Meaning("rest")
    return Meaning("different", named=True)


_DOES = re.compile(r"\b(?:is|are|do|does|was|were|did|has|have)$")
_NOT_SO = re.compile(r"\b(?:is|are|do|does|was|were|did) not$")
_JUST = re.compile(
    r"(?:just|only|merely|but|there is|there are| )*(?:one|two|three|a few|a couple|some|a single one|\d+)$"
)


def _elliptical(found: list[Clause]) -> Iterator[Clause]:
    """Complete "…, but not in shape" by what was said before."""
    before: Clause | None = None
    for clause in found:
        if before is not None and clause.side and before.side not in (0, clause.side):
            if _NOT_SO.search(clause.text) and before.act in ("side", "open"):
                clause = replace(clause, act="different", named=True)  # "… has a label, the lower does not"
            elif (
                _DOES.search(clause.text)
                and before.act in ("alike", "open")
                and (clause.contrast or clause.against)
            ):
                clause = replace(
                    clause, act="different", named=True
                )  # "… has no scratch, but the lower does"
        if before is not None and _NOT_SO.search(clause.text) and clause.act in ("open", "side"):
            opposite: dict[str, Act] = {
                "same": "different",
                "alike": "different",
                "fine": "different",
                "different": "alike",
            }
            if before.act in opposite:
                clause = replace(clause, act=opposite[before.act], named=True)
        if before is not None and _JUST.match(clause.text) and before.act in ("heading", "same", "alike"):
            clause = replace(clause, act="different", only=True)
        bare = re.match(r"(?:not|without|never) (?:in|on|at|of|for|to|with|the|about)\b", clause.text)
        if (
            bare
            and before is not None
            and clause.act in ("open", "turn", "fine", "alike", "different", "excluded")
        ):
            rest = clause.text[bare.end() :]
            light = "E" in "".join(word.code for word in tokens(rest))
            if before.act in ("same", "alike"):
                clause = replace(clause, act="excluded" if light else "different", named=True)
            elif before.act in ("defect", "fine", "side", "both") and clause.side:
                clause = replace(
                    clause, act="different", named=True
                )  # "a scratch on the lower, but not on the upper"
            elif before.act in ("different", "excluded"):
                whole = re.search(
                    r"\b(?:content|part|parts|object|objects|product|itself|substance|connector)\b", rest
                )
                clause = replace(clause, act="same" if whole and before.act == "excluded" else "alike")
        yield clause
        before = clause


def _excepted(found: list[Clause]) -> list[Clause]:
    """Weigh exceptions: "identical except for the pin" is different, "except for the light" is same."""
    exceptions = [clause for clause in found if clause.excepts]
    if not exceptions:
        return found
    main = {clause.act for clause in found if not clause.excepts}
    named = [clause for clause in exceptions if clause.act == "different"]
    if named and main & {"same", "alike", "fine", "rest"} and "different" not in main:
        last = max(place for place, clause in enumerate(found) if clause in named)
        kept = [
            clause
            for place, clause in enumerate(found)
            if clause.act not in ("same", "fine") or (place > last and clause.contrast)
        ]
        return [
            replace(clause, excepts=False)
            for clause in kept
            if not (clause.excepts and clause.act != "different")
        ]
    if named:
        return [
            replace(clause, act="alike", excepts=False) if clause in named else clause for clause in found
        ]
    if any(clause.act == "rest" for clause in exceptions):
        return [
            replace(clause, act="rest") if clause.act in ("same", "fine") else clause
            for clause in found
            if not clause.excepts
        ]
    return [replace(clause, act="neutral", excepts=False) if clause.excepts else clause for clause in found]


__all__ = ["NEGATORS", "clauses"]

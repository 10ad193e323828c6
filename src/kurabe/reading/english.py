"""The English of sameness and difference: what a sentence claims about two pictures.

A word such as "different" counts only where the grammar makes it a statement about the pair, and a
negation only if every word between the two is understood. What is not understood claims nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from kurabe.common.vocabulary import Verdict
from kurabe.reading.claims import DOUBT, OBJECTION, OPPOSITE, Claim, contrasted


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NOUNS = _set(
    "difference differences discrepancy discrepancies deviation deviations defect defects anomaly "
    "anomalies flaw flaws fault faults change changes variation variations mismatch mismatches "
    "alteration alterations"
)
_VERBS_DIFFERENT = _set("differ differs differed changed varies vary mismatched")
_VERBS_SAME = _set("match matches matched coincide")
_DIFFERENT = _set("different dissimilar differing nonidentical non-identical unequal unlike distinguishable")
_SAME = _set("same identical alike unchanged indistinguishable equal equivalent")
_PIVOTS = _NOUNS | _VERBS_DIFFERENT | _VERBS_SAME | _DIFFERENT | _SAME

# Words that turn a statement into its opposite, each of them once.
_NEGATORS = _set(
    "no not never without neither nor none nothing nowhere zero 0 lack lacks free absence unable "
    "fail failed fails"
)
_JOINS = _set("and to from as than with match matches")
_COPULAS = _set(
    "is are was were be been being am look looks looked appear appears seem seems remain remains stay"
)
# "No difference is visible" denies the difference; "no difference is significant" does not.
_PERCEIVED = _set(
    "visible seen found present detected noticeable noticed apparent observed evident identified "
    "discernible recognizable spotted perceptible detectable there exist exists existing"
)
_STATES = _COPULAS | _set("can could do does exist exists lie lies concern concerns")
_HAVE = _set(
    "have has had having show shows showing shown contain contains exhibit exhibits display displays with"
)
_NOTICE = _set(
    "see notice find found spot observe detect identify detected noticed identified spotted noted note"
)
_THERE = _set("there exist exists")
_LICENCES = _HAVE | _NOTICE | _THERE
# Nouns that stand for the pair as a whole; a pin, a housing or a colour is a part of it.
_PICTURES = _set(
    "image images picture pictures photo photos photograph photographs scan scans view views "
    "scene scenes drawing drawings part parts connector connectors board boards pcb pcbs circuit "
    "circuits specimen specimens sample samples object objects item items product products piece "
    "pieces unit units device devices component components half halves pair tile tiles cookie "
    "cookies render renders"
)
_GLOBAL = _PICTURES | _set(
    "they them both the two these those this it all everything 2 each other one another above below"
)
_SIDES = _set("upper lower top bottom left right first second reference test good suspect original 1st 2nd")
# What may stand between a negation and the word that it denies.
_LINKS = _set(
    "a an any the that of at to in between among from across over on by as i we you can could do "
    "does did am been be also still really quite very just only clearly obviously visibly exactly "
    "completely entirely totally absolutely essentially perfectly definitely overall generally "
    "truly indeed even some several many multiple various few couple obvious visible noticeable "
    "apparent clear significant major real actual discernible perceptible main key single notable "
    "small slight minor subtle big large whatsoever all think believe say conclude find it its "
    "their case true able i'm i've or and here together terms naked eye me us would three four "
    "five six seven eight nine ten 3 4 5 6 7 8 9 10 anything something thing appearance content "
    "contents every way ways respect respects aspect aspects detail details sure certain "
    "confident whole more than yes so will there's"
)
_UNDERSTOOD = _LINKS | _COPULAS | _LICENCES | _GLOBAL | _PERCEIVED | _NEGATORS
_NUMBERS = _set("one two three four five six seven eight nine ten 1 2 3 4 5 6 7 8 9 10 single only all")
_BEYOND = _set("other further additional otherwise rest more else")  # "no other difference" implies one
_ALMOST = _set(
    "almost nearly practically virtually mostly largely hardly barely scarcely basically roughly much little"
)
_DOUBTS = _set(
    "maybe perhaps possibly probably presumably might may likely unlikely unsure uncertain "
    "unclear guess assume would should could"
)
_UNABLE = _set(
    "tell say determine judge decide assess answer confirm know verify sure certain compare conclude"
)
_UNSTATED = _set("if whether unless how")  # what follows is not stated
_DISBELIEF = _set("wrong false incorrect untrue deny denies doubt doubts disagree mistaken opinion opinions")
_ASKING = _set("can could do does did is are was were has have will")
_ASKED = _set("you we i there they it the these both two any")
_PLACES = _set("in on at for of with within inside regarding concerning about")
_BREAKS = _set(", ; : ( ) — because since so therefore thus hence which where when")
_FOLLOWS = _PLACES | _set("as to from and or than between here now also by across")
_CONTRASTS = _set("but however although though yet nevertheless nonetheless while whereas despite")
_SIGNALS = _PIVOTS | _DOUBTS | _UNABLE | _CONTRASTS | {"none"}
_CONCEDES = _set("although though while whereas despite")
_FRAGMENT_STARTS = _set(
    "a an one two several some multiple many the only three four five main 1 2 3 4 5 6 yes slight"
)

_TOKEN = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*|[^\sa-z0-9]")
_CONTRACTED = re.compile(r"\b(ca|wo|do|does|did|is|are|was|were|has|have|had|could|would|should)n'?t\b")
_EXCEPT = re.compile(
    r"\b(?:except(?:ing)?(?: for| that)?|apart from|aside from|other than|besides|save for|"
    r"with the exception of|but for|excluding)\b"
)
_BUT_AFTER_NOTHING = re.compile(r"\b(no differences?|nothing) but\b")
_OBSERVED = re.compile(rf"\bcould (?:not|be (?:{'|'.join(_PERCEIVED)}))\b")
_NOT_IN_OTHER_WORDS = re.compile(r"\b(?:anything but|far from|by no means|not a single|in no way)\b")
_UNABLE_TO = re.compile(r"\b(?:hard|difficult|impossible|unable|not possible) (?:for me )?to (?=\w)")
_I_WOULD = re.compile(r"\bi(?:'d| would) (?=say|answer|conclude)")


class _Left(NamedTuple):
    """What stands before a pivot: the words that are understood, and the others beyond them."""

    known: tuple[str, ...]
    rest: tuple[str, ...]

    @property
    def negations(self) -> int:
        return sum(word in _NEGATORS for word in self.known)


@dataclass(frozen=True, slots=True)
class _Clause:
    words: tuple[str, ...]
    opens: bool  # at the sentence's beginning or after a colon
    contrast: bool
    excepts: bool = False


def claims(sentence: str) -> list[Claim]:
    """Return what a normalised sentence claims, in order; a question claims nothing."""
    if sentence.endswith("?") or _SIGNALS.isdisjoint(_TOKEN.findall(sentence)):
        return []
    clauses = list(_clauses(_TOKEN.findall(_expand(sentence))))
    found: list[Claim] = []
    for number, clause in enumerate(clauses):
        if clause.excepts:
            continue
        listed = _listed(clauses, number)
        made = listed if listed is not None else _claims_of(clause)
        if clause.contrast:
            made = [contrasted(claim) for claim in made] or ([OBJECTION] if clause.words else [])
        found += made
    if any(clause.excepts and clause.words for clause in clauses):
        return [replace(claim, verdict="different") if claim.verdict == "same" else claim for claim in found]
    return found


def _expand(sentence: str) -> str:
    text = re.sub(r"\bcannot\b", "can not", sentence)
    text = _CONTRACTED.sub(lambda m: {"ca": "can", "wo": "will"}.get(m[1], m[1]) + " not", text)
    text = re.sub(r"\b(there|it|that|everything|what)'s\b", r"\1 is", text)
    text = re.sub(r"\bthey're\b", "they are", text)
    text = _I_WOULD.sub("i ", text)
    text = _BUT_AFTER_NOTHING.sub(r"\1 | ", _NOT_IN_OTHER_WORDS.sub("not", text))
    return _EXCEPT.sub(" | ", text)


def _clauses(tokens: list[str]) -> Iterator[_Clause]:
    words: list[str] = []
    opens, contrast, excepts, conceded = True, False, False, False
    for mark in [*tokens, ";"]:
        if mark not in _BREAKS and mark not in _CONTRASTS and mark not in "|.!-":
            words.append(mark)
            continue
        if words:
            yield _Clause(tuple(words), opens, contrast, excepts)
            contrast, conceded = conceded, False  # the clause after "although …," is the contrast
            excepts = False
        if mark in _CONCEDES and not words and opens:
            conceded = True
        elif mark in _CONTRASTS:
            contrast, excepts = True, False
        elif mark == "|":
            excepts = True
        opens = mark == ":" or (opens and not words)
        words = []


def _listed(clauses: list[_Clause], number: int) -> list[Claim] | None:
    """Read "differences: none" and "the differences are: …"; None if the clause is no such heading."""
    clause = clauses[number]
    if not (clause.opens and number + 1 < len(clauses) and clauses[number + 1].opens and not clause.contrast):
        return None
    words = set(clause.words)
    if not words & _NOUNS or not words <= _UNDERSTOOD | _NOUNS | _SIDES | {"number"} or words & _NEGATORS:
        return None
    following = clauses[number + 1].words
    if following[0] in ("yes", "no", "true", "false", "n"):
        return []
    if following[0] in ("none", "nothing", "0", "zero"):
        return [Claim("same")] if len(following) == 1 or set(following) <= _UNDERSTOOD | _NOUNS else []
    if set(following) & (_DOUBTS | _PIVOTS | _NEGATORS) or "number" in words:
        return [] if "number" not in words or not following[0].isdigit() else [Claim("different")]
    return [Claim("different")]


def _claims_of(clause: _Clause) -> list[Claim]:
    words = clause.words
    made: list[Verdict] = []
    for place, word in enumerate(words):
        if word in _PIVOTS:
            verdict = _pivot(clause, place, word)
            if verdict is not None:
                made.append(verdict)
    if _doubtful(words, bool(made)):
        return [DOUBT]
    if not made and clause.opens and words in (("none",), ("there", "are", "none"), ("there", "is", "none")):
        made.append("same")
    return [Claim(verdict) for verdict in made]


def _doubtful(words: tuple[str, ...], claims_something: bool) -> bool:
    text = " ".join(words)
    # "Could not see" and "could be seen" are observations.
    doubts = [word for word in _OBSERVED.sub("", text).split() if word in _DOUBTS]
    pivot = any(word in _PIVOTS for word in words)
    if doubts and (claims_something or pivot or len(words) <= 4):
        return True
    unable = _UNABLE_TO.search(text) is not None or "not" in words
    if not unable or not any(word in _UNABLE for word in words):
        return False
    if re.search(r"\bi do not (?:think|believe|see)\b|\bnot (?:sure|certain)ly\b", text):
        return False
    about = re.search(r"\b(?:if|whether)\b", text) is not None
    # "I cannot tell what caused it" doubts something else; "I cannot tell." doubts the answer.
    return pivot or about or words[-1] in _UNABLE or set(words) <= _UNDERSTOOD | _UNABLE


def _left(words: tuple[str, ...], place: int, known: frozenset[str]) -> _Left:
    start = place
    while start > 0 and words[start - 1] in known:
        start -= 1
    return _Left(words[start:place], words[:start])


def _known(words: tuple[str, ...]) -> frozenset[str]:
    """Return the words understood in this clause: "left" alone is a place, "left and right" is not."""
    both = sum(word in _SIDES for word in words) >= 2 and not _JOINS.isdisjoint(words)
    return _UNDERSTOOD | _SIDES | {"than"} if both else _UNDERSTOOD


def _pivot(clause: _Clause, place: int, word: str) -> Verdict | None:
    """Return what the clause states by its word at ``place``; None if it states nothing."""
    words = clause.words
    known = _known(words)
    left = _left(words, place, known | (_NOUNS if word in _NOUNS else frozenset()))
    if any(w in _BEYOND or w in _ALMOST for w in (*left.known, *left.rest[-2:])):
        return None
    negated_beyond = not _NEGATORS.isdisjoint(left.rest)
    if negated_beyond or not _UNSTATED.isdisjoint(words[:place]) or not _DISBELIEF.isdisjoint(words):
        return None
    if words[0] in _ASKING and words[1:2] and words[1] in _ASKED and place > 1:
        return None  # a question that lost its mark
    if word in _NOUNS:
        return _noun(clause, place, left, known)
    verdict: Verdict = "same" if word in _SAME or word in _VERBS_SAME else "different"
    if not _predicative(words, place, left, word):
        return None
    if left.negations % 2:
        verdict = OPPOSITE[verdict]
    if left.negations > 2:
        return None
    # "The left pin is the same" says nothing of the whole; "the left pin is not the same" does.
    local = left.rest or not set(words[place + 1 :]) <= known | _SIDES | _PIVOTS
    return None if verdict == "same" and local else verdict


def _predicative(words: tuple[str, ...], place: int, left: _Left, word: str) -> bool:
    """Say whether an adjective or a verb is the statement: "they are the same", not "the same pin"."""
    after = words[place + 1 : place + 2]
    if word in _VERBS_DIFFERENT | _VERBS_SAME:
        return bool(left.known or left.rest) and (not after or after[0] not in _NOUNS)
    if after and after[0] not in _FOLLOWS:
        if word in _SAME:  # "these are identical pictures"
            return after[0] in _PICTURES and not words[place + 2 :] and not _COPULAS.isdisjoint(left.known)
        return left.known[-1:] == ("a",) and not _HAVE.isdisjoint(left.known)  # "it has a different colour"
    last = next((w for w in reversed(left.known) if w not in _ADVERBS), None)
    if last is None:
        return not left.rest
    return last in _COPULAS or last in _NEGATORS or last in ("something", "anything", "that", "think")


_ADVERBS = _LINKS - _COPULAS - _set("in on at of to from between that think something anything over by")


def _noun(clause: _Clause, place: int, left: _Left, known: frozenset[str]) -> Verdict | None:
    """Read a sentence about a difference: "there is no …", "I see a …", "the only … is"."""
    words = clause.words
    right = words[place + 1 :]
    while right and right[0] in _NOUNS | {"or"}:
        right = right[1:]
    negations = left.negations
    licensed = any(w in _LICENCES for w in left.known)
    fragment = clause.opens and not left.rest
    after = _after(right, known)
    if after is None:
        return None
    stated, flipped = after
    negations += flipped
    if negations > 2:
        return None
    if negations % 2:
        last = max((n for n, w in enumerate(left.known) if w in _NEGATORS), default=-1)
        if not _NUMBERS.isdisjoint(left.known[last + 1 :]):  # "not three differences" leaves two
            return None
        local = any(w in _PLACES for w in left.rest) or not set(right) <= known | _NOUNS
        owned = bool(left.rest) and any(w in _HAVE for w in left.known)
        return None if local or owned or not (licensed or stated or fragment) else "same"
    if "any" in left.known and not negations:
        return None
    determined = fragment and left.known[:1] and left.known[0] in _FRAGMENT_STARTS | {"there"}
    asserted = licensed and not _purpose(left) and words[0] not in _NOTICE  # "spot the difference"
    return "different" if asserted or stated or determined or (negations and fragment) else None


def _purpose(left: _Left) -> bool:
    """Say whether the differences are only looked for: "to find the differences", "let me see"."""
    joined = " ".join((*left.rest[-2:], *left.known))
    return (
        re.search(r"\b(?:to|let (?:me|us)|will|please|must) (?:see|find|spot|detect|identify|note)\b", joined)
        is not None
    )


def _after(right: tuple[str, ...], known: frozenset[str]) -> tuple[bool, int] | None:
    """Read the words after the noun.

    Returns:
        Whether they state that there is one ("… is visible"), and the negations in them; None if they
        deny something else ("… is not significant").
    """
    start = 0
    while start < len(right) and right[start] in (known - _STATES - {"not", "no"}):
        start += 1
    tail = right[start:]
    if not tail:
        return not _PERCEIVED.isdisjoint(right), 0
    if tail[0] not in _STATES:
        return False, 0
    negations = [number for number, word in enumerate(tail[:4]) if word in _NEGATORS]
    if not negations:
        return True, 0
    if len(negations) == 1 and len(tail) > negations[0] + 1:
        following = [w for w in tail[negations[0] + 1 :] if w not in ("be", "been", "to", "clearly")]
        if following and following[0] in _PERCEIVED:
            return True, 1
    if tail[negations[0]] in ("none", "nothing", "zero", "0"):
        return True, 1
    return None


_CONTENTLESS = (
    _UNDERSTOOD
    | _NOUNS
    | _DIFFERENT
    | _VERBS_DIFFERENT
    | _set("following follows below listed here yes sure not")
)


def contentless(sentence: str) -> bool:
    """Say whether a sentence only announces: "yes, there are two differences between the pictures"."""
    words = re.findall(r"[a-z0-9']+", _expand(sentence)) if sentence.isascii() else []
    return bool(words) and _CONTENTLESS.issuperset(words)

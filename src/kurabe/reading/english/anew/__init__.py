"""A second look at an English answer that could not be read clause by clause.

Most answers are descriptions and remarks round a few statements that decide. Where some clause is not
understood to its end, what matters is whether it could turn what the answer plainly states. So the statements
are looked for first, in frames in which the names of things are open, and each other piece is then held
against words that could turn them (`harmless`). A sentence with a piece that might
stays what it was, and with it the answer unread.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from kurabe.reading.clauses import Act, Clause
from kurabe.reading.english.anew.answering import answer
from kurabe.reading.english.anew.apart import not_in_other
from kurabe.reading.english.anew.conclusions import all_else_too, same
from kurabe.reading.english.anew.differing import different, leaves_standing, opposed, supposed
from kurabe.reading.english.anew.harmless import Told, judged_harmless, turns
from kurabe.reading.english.anew.pieces import CONTRASTS, DEEPEST, Piece, one_side, pieces, without_lead
from kurabe.reading.english.anew.remarks import IMPRESSION, ONLY_VARIES, TAKES_IT_BACK
from kurabe.reading.english.attitude import refuses
from kurabe.reading.english.frames import asserted, judged, taken_back
from kurabe.reading.english.tokens import expanded, side_of, tokens
from kurabe.reading.patterns import later

_MOST = 40
_LONGEST = 500
_BLOCKING: frozenset[Act] = frozenset(
    ("turn", "doubt", "open", "side", "defect", "hint", "rest", "heading", "different", "is", "is_not")
)
_STATES = frozenset(("same", "no", "yes"))
_Said = Literal["same", "no", "yes", "neutral", "fine", "alike", "light"]
Sentence = Callable[[str], list[Clause]]


def clauses_anew(parts: Sequence[str], sentence: Sentence) -> list[Clause] | None:
    """Return the clauses of an answer, of which some are loosened; None if none is.

    Args:
        parts: Its sentences, normalised.
        sentence: Returns what a sentence says by the usual reading.
    """
    if len(parts) > _MOST or any(len(part) > _LONGEST for part in parts):
        return None
    reading = _Reading(sentence)
    found: list[Clause] = []
    loosened = False
    side = under = 0
    for place, part in enumerate(parts):
        plain = _plain(part)
        usual = sentence(_HESITATES.sub("", part) if plain.endswith("?") else part)
        under = _heading(plain) or (0 if one_side(plain) else under)
        inherited = under or (side if _GOES_ON.match(plain) else 0)
        side = one_side(plain) or inherited
        if under:  # a defect below the name of one picture is none of both
            usual = [replace(clause, act="open") if clause.act == "both" else clause for clause in usual]
        acts = {clause.act for clause in usual}
        if plain.endswith("?") or "refusal" in acts or (_STATES & acts and not acts & _BLOCKING):
            found += usual
            continue
        anew = reading.sentence(plain, inherited)
        if anew is None and IMPRESSION.fullmatch(plain.strip(" .")) and place + 1 < len(parts):
            after = _plain(parts[place + 1])
            if TAKES_IT_BACK.search(after) and reading.sentence(after, 0):
                anew = ["neutral"]
        if anew is None or not (acts & _BLOCKING or set(anew) & _STATES):
            faulty = (
                anew is None
                and acts <= {"neutral"}
                and (_OTHER_ONE.match(plain) or any(word.code == "F" for word in tokens(plain)))
            )
            found += [replace(clause, act="open") for clause in usual] if faulty else usual
            continue
        loosened = True
        found += _as_clauses(anew, plain)
    if not loosened:
        return None
    if reading.told.apart():
        found.append(Clause("open", "what is told of the second picture alone", first=True))
    return found


def differing_anew(parts: Sequence[str], sentence: Sentence) -> list[Clause] | None:
    """Return the clauses of an answer that states a difference; None if none is stated."""
    if len(parts) > _MOST or any(len(part) > _LONGEST for part in parts):
        return None
    found: list[Clause] = []
    stated = False
    for place, part in enumerate(parts):
        plain = _plain(part).strip(" .!")
        usual = sentence(part)
        acts = {clause.act for clause in usual}
        if plain.endswith("?") or "refusal" in acts or re.match(r"(?:no|yes)\b", plain):
            found += usual
        elif _states_difference(plain, sentence) or (
            place and (opposed(before := _plain(parts[place - 1]), plain) or not_in_other(before, plain))
        ):
            stated = True
            found.append(Clause("different", plain, named=True, first=True))
        elif acts & {"yes", "no"}:
            found += usual
        elif answer(plain) == "yes" and not _light_alone(found):
            stated = True
            found.append(Clause("yes", plain, answer=True, first=True))
        elif leaves_standing(plain):
            found.append(Clause("neutral", plain, first=True))
        else:
            found += usual
    return found if stated else None


def _light_alone(found: Sequence[Clause]) -> bool:
    """Say whether clauses tell of light alone, which a "so yes" does not make a difference."""
    acts = {clause.act for clause in found}
    return "excluded" in acts and acts <= {"excluded", "neutral"}


def _states_difference(text: str, usual: Sentence) -> bool:
    """Say whether a piece of a sentence states a difference, and no other can take it back."""
    words = tokens(without_lead(text))
    if supposed(text) or judged(words) or _REPORTED.search(text):
        return False
    if asserted(words) and different(text):
        return True
    if refuses(text) or taken_back(text) or _UNSAID.search(text):
        return False
    parts = list(pieces(text, 0))
    if not parts:
        return False
    if IMPRESSION.fullmatch(parts[0].text) and len(parts) > 1 and parts[1].join in CONTRASTS:
        told = usual(without_lead(" and ".join(part.text for part in parts[1:])))
        acts = {clause.act for clause in told}
        return bool(acts & {"defect", "different"}) and acts <= {"defect", "different", "neutral"}
    if len(parts) < 2:
        parts = list(pieces(text, 1))
    if any(supposed(part.text) for part in parts):
        return False
    if any(opposed(one.text, other.text) for one, other in pairwise(parts)):
        return True
    stating = [
        part for part in parts if different(part.text) or (answer(part.text) == "yes" and part.text != "yes")
    ]
    return bool(stating) and all(
        part in stating or leaves_standing(part.text) for part in parts[parts.index(stating[0]) + 1 :]
    )


_REPORTED = later(
    r"\b(?:hardly|scarcely|barely|ideally|in no way|opposite of|notion|suggestion|idea that|rumou?r\w*"
    r"|claims?|claimed"
    r"|(?:label|user|prompt|text|caption|colleague|manual|customer|vendor|sheet) (?:says?|claims?"
    r"|states?|asks?))\b"
)
_GOES_ON = later(r"(?:it|its|here|there|this|they|each|in it|on it)\b")
_HESITATES = later(r"^(?:wait|hmm+|hold on|oh|but|so|and)\b[\s,.…!:–—-]*")
_CLOSELY = later(
    r",? (?:if|when|once) (?:you|one|i|we) (?:looks?|zoom|check|compare|inspect)s?(?: (?:closely"
    r"|carefully|closer|in|again|at (?:it|them)|hard|twice))+|\bon closer inspection,? "
)


def _plain(part: str) -> str:
    text = re.sub(r"[\"“”*_`>#]", "", expanded(part)).replace("❌", "").replace("✅", "")
    return " ".join(_CLOSELY.sub(" ", text).split()).strip(" ,")


def _heading(text: str) -> int:
    """Return the picture that a line names and nothing else: what stands below it speaks of that picture."""
    words = [word for word in tokens(text) if word.code not in "rya:.,"]
    return side_of(words[0]) if len(words) == 1 and words[0].code == "I" else 0


def _as_clauses(said: list[_Said], text: str) -> list[Clause]:
    clauses: list[Clause] = []
    for one in dict.fromkeys(said):
        act: Act = "excluded" if one == "light" else one
        clauses.append(
            Clause(
                act,
                text,
                named=one == "light",
                only=text.startswith("only "),
                answer=one in ("no", "yes"),
                first=not clauses,
            )
        )
    return clauses


class _Reading:
    """Reads the sentences of one answer."""

    def __init__(self, usual: Sentence) -> None:
        self.usual = usual
        self.told = Told()

    def sentence(self, text: str, inherited: int) -> list[_Said] | None:
        """Return what all pieces of a sentence say, or None if one of them could turn a conclusion."""
        text = text.strip(" .!")
        if (said := answer(text)) and not _UNSAID.search(text):
            return ["no" if said == "no" else "yes"]
        if re.fullmatch(rf"no\W+{_NOT_SO.pattern}", text):
            return ["no"]
        if refuses(text) or _takes_back(text) or _UNSAID.search(text) or _BOTH_ANSWERS.search(text):
            return None
        if judged(tokens(without_lead(text))) or _DENIED_LABEL.match(text):
            return None
        opening = _OPENING.match(text)
        if opening is None:
            found = self._piece(Piece(text), 0, inherited)
            if (
                found
                and {"light", "alike"} <= set(found) <= {"light", "alike", "neutral"}
                and _ITSELF.search(text)
            ):
                found = ["same", *found]
            return found if found and _consistent(found) else None
        answered: _Said = "no" if opening["say"] == "no" else "yes"
        rest = text[opening.end() :]
        found = self._piece(Piece(rest), 0, inherited)
        return [answered, *found] if found and _consistent([answered, *found]) else None

    def _piece(self, piece: Piece, level: int, inherited: int) -> list[_Said] | None:
        text = piece.text
        answered = answer(text)
        if answered and (
            level == 0 or text not in ("yes", "no") or piece.join in ("so", "hence", "thus", "therefore")
        ):
            return ["no" if answered == "no" else "yes"]
        if answered and text in ("yes", "no"):
            return None  # behind a label, which it may deny
        if same(text):
            return ["same"]
        if all_else_too(text):
            return ["alike"]
        found = self._parts(piece, level, inherited) if level < DEEPEST else None
        if found is not None and (_STATES.intersection(found) or level == 0):
            return found
        several = len(list(pieces(text, 0))) > 1
        if (
            (several and not level)
            or not asserted(tokens(text))
            or (found is None and level < DEEPEST and _decides(text, level))
        ):
            return None
        whole = self._whole(text, inherited)
        if piece.join in CONTRASTS and (whole == "neutral" or _adds(text)):
            return None
        if whole is not None:
            return [whole]
        return found or (None if inherited else self._usual(piece))

    def _parts(self, piece: Piece, level: int, inherited: int) -> list[_Said] | None:
        parts = list(pieces(piece.text, level))
        if level and len(parts) > 1 and any(_reaches_on(part.text) for part in parts[:-1]):
            return None
        if len(parts) < 2 and (not parts or parts[0].join == ","):
            return self._piece(piece, level + 1, inherited)
        found: list[_Said] = []
        for place, part in enumerate(parts):
            join = piece.join if part.join == "," and not place else part.join
            if place and IMPRESSION.fullmatch(parts[0].text) and _THERE_AFTER_ALL.search(part.text):
                join = ","
            said = self._piece(Piece(part.text, join), level + (len(parts) > 1), inherited)
            if part.text == "no" and "same" in found:
                said = ["no"]  # "nothing has changed: no"; a "no" behind a label may deny what it names
            if said is None and not level and _excused(part, parts[place + 1 :]):
                said = ["neutral"]
            if said is None:
                return None
            found += said
        return found

    def _whole(self, text: str, inherited: int) -> _Said | None:
        trial = Told({1: set(self.told.content[1]), 2: set(self.told.content[2])}, self.told.alike)
        whole = judged_harmless(text, trial, inherited)
        if whole is not None:
            self.told = trial
        return whole

    def _usual(self, piece: Piece) -> list[_Said] | None:
        """Return what the usual reading makes of a piece, if it understands it and it turns nothing."""
        if turns(piece.text):
            return None
        clauses = self.usual(piece.text)
        acts = {clause.act for clause in clauses}
        if (
            not acts
            or not acts <= _UNDERSTOOD
            or any(c.conceded or c.glance or c.excepts or c.only for c in clauses)
        ):
            return None
        if piece.join in CONTRASTS and acts == {"neutral"}:
            return None
        return [_SAID[act] for act in acts]


_AS_IT_IS = later(r"\b(?:same|identical|unchanged|match\w*|agree\w*)\b")
_THERE_AFTER_ALL = later(
    r"^(?:it|they|that|this) (?:is|are|can be) (?:there|present|visible|made out|seen"
    r"|in place|intact|complete)\b"
)
_DENIED_LABEL = later(
    r"[^:]*\b(?:match|same|identical|equal|agree|conform)\w*[^:]{0,20}: ?(?:no|none|not|nil|false|failed)\b"
)
_OTHER_ONE = later(r"(?:but |and )?(?:that|the other) one (?:has|is|shows|lacks)\b")
_ITSELF = later(
    r"\b(?:though|while|but|yet|differs?|brighter|darker|closer),? (?:[\w ,]{2,60}, )?the"
    r" [\w-]+(?: itself)? (?:is|looks|remains|stays) (?:exactly |just |otherwise )?(?:the same"
    r"|unchanged|identical)(?: in both(?: \w+)?)?$"
)
"""What is not the light: "though the reflections differ, the tap is the same"."""
_BOTH_ANSWERS = later(r"\byes\b.*\bno\b(?! \w)|\bno\b(?! \w).*\byes\b")
_OPENING = later(r"(?P<say>no|yes)\b ?[,;:–—.-]+ ?(?=[a-z])")
_NOT_SO = later(
    r"(?:i (?:would|do|will) not (?:say|think|believe) so|not (?:that i can (?:see|tell)|at all"
    r"|as far as i can (?:see|tell)))"
)


def _decides(text: str, level: int) -> bool:
    """Say whether a piece of a text decides by itself, which must not be lost in a remark round it."""
    parts = [part.text for part in pieces(text, level)]
    return len(parts) > 1 and any(same(part) or answer(part) for part in parts)


_UNSAID = later(
    r"\b(?:hardly|scarcely|barely|far from|anything but|whichever|claims?|claimed|rumou?r\w*"
    r"|the prompt|notion|suggestion|ideally|opposite of|the user says|allegedly|false|untrue"
    r"|incorrect|not true|not the case|a lie|nonsense|myth|actually,? no|(?<!in )no way)\b(?! (?:any"
    r"|anything) )"
)
"""Words that may deny or report all of a sentence, wherever they stand in it."""
_FINITE = frozenset("bkmMesTh")


def _reaches_on(text: str) -> bool:
    """Say whether a piece denies without a verb of its own, so that its denial goes for the next one, too."""
    codes = {word.code for word in tokens(text)}
    return bool(codes & set("nowz")) and not codes & _FINITE


_SAID: dict[Act, _Said] = {
    "same": "same",
    "fine": "fine",
    "alike": "alike",
    "both": "alike",
    "neutral": "neutral",
    "excluded": "light",
}
_UNDERSTOOD = frozenset(_SAID)


def _adds(text: str) -> bool:
    """Say whether a piece tells of something more in the second picture: "but the second also has one"."""
    again = re.search(r"\b(?:also|too|as well|again|still)\b", text)
    return again is not None and one_side(text) == 2 and not _AS_IT_IS.search(text)


def _excused(part: Piece, after: Sequence[Piece]) -> bool:
    """Say whether what follows takes a first impression back, or calls what was named the usual variation."""
    if IMPRESSION.fullmatch(part.text):
        return any(one.join in CONTRASTS for one in after)
    varies = any(ONLY_VARIES.search(one.text) for one in after)
    return varies and not set("FDKMu%*").intersection(
        word.code for word in tokens(part.text) if word.text not in _SLIGHT
    )


_SLIGHT = frozenset(("twisted", "tilted", "angled", "curved", "folded"))


def _takes_back(text: str) -> bool:
    """Say whether a sentence takes back what it says; a "no" that answers a question takes nothing back."""
    return taken_back(re.sub(r"^(?:no|yes)\s*[,:–—-]\s*|(?<=[:;,]) ?no$", "", text))


def _consistent(found: list[_Said]) -> bool:
    return not {"yes", "no"} <= set(found) and not {"yes", "same"} <= set(found)

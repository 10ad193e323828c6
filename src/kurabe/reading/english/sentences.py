"""From the words of an English sentence to clauses: it is cut where it turns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kurabe.reading.english.compounds import Word
from kurabe.reading.english.tokens import PUNCTUATION
from kurabe.reading.english.words import FREE
from kurabe.reading.patterns import later

_PRONOUNS = frozenset(["it", "they", "these", "this", "that", "those"])
_FINITE = frozenset("bkmMesT")


@dataclass(slots=True)
class Segment:
    """A part of a sentence, before it is understood.

    Attributes:
        words: Its words, with commas.
        mark: What stands before it: "" at the beginning, a punctuation mark, or a class of `WORDS`.
        contrast, conceded, excepts, against, only: See `kurabe.reading.clauses.Clause`.
    """

    words: list[Word] = field(default_factory=list)
    mark: str = ""
    contrast: bool = False
    conceded: bool = False
    excepts: bool = False
    against: bool = False
    only: bool = False

    @property
    def codes(self) -> str:
        """The classes of its words, in order."""
        return "".join(word.code for word in self.words)


INTRODUCES = later(
    r"^no matter\b|^to (?:decide|settle|find out|answer|summari[sz]e|conclude|be|put|sum)\b"
    r"|^(?:compar|examin|inspect|analy[sz]"
    r"|study|observ|review|look|view|scrutini[sz]|assess|evaluat|check)\w*ing\b"
    r"|^(?:(?:after|upon|on|by|in|when|while|having|based on|from|with|following|following a|through"
    r"|looking|compar\w+"
    r"|examin\w+|inspect\w+|analy\w+|study\w+|observ\w+|review\w+|given|if|at)\b)"
    r".*\b(?:compar\w*|inspect\w*|examin\w*|look|looking|review\w*|analy\w*|study\w*|studied|observ\w*"
    r"|zoom\w*|closely"
    r"|assess\w*|check\w*|provided|shown|viewed|scrutin\w*|glance|evaluat\w*)\b"
)
_SET_ASIDE = frozenset(("aside", "apart", "notwithstanding", "excepted"))
_STARTS_CLAUSE = frozenset("nowzhTO")


def segments(words: list[Word]) -> list[Segment]:
    """Cut a sentence into clauses. Items of a list stay together; what only introduces is a clause."""
    return _merged(list(_cut(words)))


def _cut(words: list[Word]) -> Iterator[Segment]:
    current = Segment()
    conceded_start = False
    for place, word in enumerate(words):
        code = "|" if word.text == "but" and _excepting(words, place, current) else word.code
        ends = word.text in _SET_ASIDE and words[place + 1 : place + 2] == [Word(",", ",")]
        if ends and current.words and not _FINITE.intersection(current.codes):
            current.excepts = True  # "lighting aside, …"
            continue
        if code in "^~=|/" or code in PUNCTUATION or _new_clause(words, place, current):
            if current.words:
                yield current
                current = Segment(mark=code)
                current.contrast = conceded_start
                conceded_start = False
            elif code in PUNCTUATION and current.mark in ("^", "~", "=", "|", "/"):
                continue
            else:
                current.mark = code
            if code in "~=" and place == 0:
                current.conceded = conceded_start = True
            else:
                _flag(current, code, word)
            if code in PUNCTUATION or code in "^~=|/":
                continue
        current.words.append(word)
    if current.words:
        yield current


def _flag(segment: Segment, code: str, word: Word) -> None:
    """Set what the word that begins a segment makes of it."""
    segment.contrast = segment.contrast or code in "^~"
    segment.only = segment.only or (code == "^" and word.text.endswith("that"))
    segment.against = segment.against or code == "="
    segment.excepts = segment.excepts or code == "|"


_WHOLE = frozenset(
    ["everything", "all", "nothing", "none", "every", "each", "no", "not", "any", "both", "same", "identical"]
)


def _excepting(words: list[Word], place: int, current: Segment) -> bool:
    """Say whether "but" names an exception: "everything matches but the left pin"."""
    whole = any(part in _WHOLE for word in current.words for part in word.text.split())
    ahead = "".join(word.code for word in words[place + 1 : place + 2 + 8])
    article = place + 1 < len(words) and words[place + 1].text in ("the", "its", "their", "one", "a", "an")
    return whole and article and re.match(r"[aqlAgQxPFr]+(?:p[aqlAgQxPFrI]+)*[.!]?$", ahead) is not None


def _new_clause(words: list[Word], place: int, current: Segment) -> bool:
    """Say whether a word begins a clause without a mark: "… and there is", "… with one pin bent"."""
    word = words[place]
    if word.text in ("and", "or") and set("bkmMesThvi").intersection(current.codes):
        after = words[place + 1 : place + 9]
        codes = "".join(w.code for w in after if w.code not in FREE)
        head = re.match(r"[^,;:.()^~=|/c]*", codes)
        clause = head[0] if head else ""
        if re.match(r"[TnzowbkmMhesv]|i[mbkhv]|[PBI]+[bkmMhes]", clause):
            return True
        return re.match(r"[PBQxEGglqAFRK]+(?:p[PBQxEGglqAFRKI]+)*[bkmMhe]", clause) is not None
    said = "".join(w.code for w in words[place + 1 : place + 6])
    if word.text == "that" and current.codes.endswith("E") and re.match("[bm]n?[rya]*[Ssde]|e", said):
        return False  # "it is only the brightness that is not the same"
    if word.text == "that" and re.match("[bmh]+n", "".join(w.code for w in words[place + 1 : place + 5])):
        return (
            bool(current.words) and current.words[-1].code not in "yv"
        )  # "a scratch that is not in the other"
    if word.text == "with" and current.words and set("bkes").intersection(current.codes):
        ahead = re.match(r"[^,;:.()^~=|/]*", "".join(w.code for w in words[place + 1 :]))
        return bool(ahead and set("oDKFCGzw").intersection(ahead[0]))
    return False


def _merged(cut: list[Segment]) -> list[Segment]:
    """Join the items of lists, and what comes before its verb, to the clause that they belong to."""
    cut = [
        piece
        for segment in cut
        for piece in _split_exception(segment)
        if piece.codes.strip("ray,") or piece.excepts
    ]
    found: list[Segment] = []
    waiting: Segment | None = None
    for segment in cut:
        if segment.mark == ":" and _labelled(found, waiting, segment):
            waiting = None
            continue
        codes = "".join(word.code for word in segment.words if word.code not in FREE)
        text = " ".join(word.text for word in segment.words)
        if waiting is not None and found and _introduced(found[-1], segment):
            waiting = None  # "after checking the cap, the lid and the label, I conclude …"
        if waiting is not None:
            if segment.mark in (",", "and", "or", "c", ":") and not segment.contrast:
                segment.words = [*waiting.words, Word(",", ","), *segment.words]
                segment.mark = waiting.mark
                segment.contrast, segment.conceded, segment.against = (
                    waiting.contrast,
                    waiting.conceded,
                    waiting.against,
                )
                segment.only = segment.only or waiting.only
                codes = "".join(word.code for word in segment.words if word.code not in FREE)
            else:
                found.append(waiting)
            waiting = None
        verb = bool(_FINITE.intersection(codes)) or bool(re.search("[hv]", codes))
        if verb or not codes or INTRODUCES.match(text) or segment.excepts:
            found.append(segment)
        elif segment.mark in (",", "(", "-", "–", "—") and found and codes[0] not in _STARTS_CLAUSE | {"i"}:
            last = found[-1]
            if codes[0] == "I" and "I" in last.codes:
                waiting = segment  # "upper image: 8 pins, lower image: 7 pins"
            elif segment.mark == "," and not INTRODUCES.match(" ".join(w.text for w in last.words)):
                last.words = [*last.words, Word(",", ","), *segment.words]
            else:
                waiting = segment
        elif set("DKSdFCGJ").intersection(codes) and not (codes[0] in "plI" and segment.mark == ""):
            found.append(segment)
        else:
            waiting = segment
    if waiting is not None:
        found.append(waiting)
    return found


_SUBJECTS = frozenset(("i", "we", "there", "they", "both"))


def _introduced(before: Segment, segment: Segment) -> bool:
    """Say whether a list belongs to an introduction before it: the clause after has its own subject."""
    text = " ".join(word.text for word in before.words)
    first = segment.words[0].text.split()[0] if segment.words else ""
    return first in _SUBJECTS and re.match(r"(?:after|having|by|upon|on) \w+ing\b", text) is not None


def _labelled(found: list[Segment], waiting: Segment | None, segment: Segment) -> bool:
    """Join "Pin 3: missing" to "pin 3 is missing"; a label before a whole sentence is left out."""
    label = waiting or (found[-1] if found else None)
    if label is None or _FINITE.intersection(label.codes):
        return False
    if waiting is not None and not _FINITE.intersection(segment.codes):
        waiting.words = [*waiting.words, Word("is", "b"), *segment.words]
        found.append(waiting)
        return True
    if waiting is not None:
        if "I" in label.codes:  # "Image 1: the pin is bent"
            segment.words = [*waiting.words, Word(",", ","), *segment.words]
        elif (
            segment.words[0].text in _PRONOUNS
            and set("Qx").intersection(label.codes)
            and not set("nowz").intersection(label.codes)
        ):
            segment.words = [*waiting.words, *segment.words[1:]]  # "housing: it is the same"
        found.append(segment)
        return True
    plain = not set("bkmMesTh").intersection(segment.codes) and (
        "v" not in segment.codes or segment.codes[:1] in "noz"
    )
    if plain and set("DK").intersection(label.codes):
        label.words = [*label.words, Word("is", "b"), *segment.words]
        return True
    return False


def _split_exception(segment: Segment) -> Iterator[Segment]:
    """Part "except for the lighting the images are identical", which lacks its comma."""
    codes = segment.codes
    verb = next((n for n, code in enumerate(codes) if code in _FINITE), -1)
    if not segment.excepts or verb < 2:
        yield segment
        return
    starts = (
        "the",
        "both",
        "they",
        "it",
        "there",
        "these",
        "those",
        "all",
        "everything",
        "nothing",
        "i",
        "no",
    )
    for place in range(verb, 0, -1):
        if segment.words[place].text in starts:
            yield Segment(segment.words[:place], segment.mark, segment.contrast, segment.conceded, True)
            yield Segment(segment.words[place:], ",", segment.contrast)
            return
    yield segment

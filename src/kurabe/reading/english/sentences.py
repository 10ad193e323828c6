"""From an English sentence to clauses: words get their class, and the sentence is cut where it turns."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from kurabe.reading.english.words import FREE, WORDS


class Word(NamedTuple):
    """A word or a phrase, and the letter of its class."""

    text: str
    code: str


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


_TOKEN = re.compile(r"[a-z0-9]+(?:[.,](?=\d)[0-9]+)?(?:[-'/][a-z0-9]+)*|[^\sa-z0-9]")
_NOT = re.compile(
    r"\b(ca|wo|do|does|did|is|are|was|were|has|have|had|could|would|should|must|need)(?:n't|nt(?=\s))(?!\w)"
)
_SHORT: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (re.compile(r"\b(can)not\b"), r"\1 not"),
    (_NOT, lambda m: {"ca": "can", "wo": "will"}.get(m[1], m[1]) + " not"),
    (
        re.compile(r"\b(there|it|that|everything|something|what|nothing|he|she|one|here|image|picture)'s\b"),
        r"\1 is",
    ),
    (re.compile(r"\b(they|we|you)'re\b"), r"\1 are"),
    (re.compile(r"\bi'm\b"), "i am"),
    (re.compile(r"\b(i|we|you|they)'ve\b"), r"\1 have"),
    (re.compile(r"\b(i|we|you|they|it)'ll\b"), r"\1 will"),
    (re.compile(r"\b(i|we)'d\b"), r"\1 would"),
]

_ONE_WORD: dict[str, str] = {}
_PHRASES: dict[str, list[tuple[tuple[str, ...], str]]] = {}


def _fill() -> None:
    for code, block in WORDS.items():
        for entry in block.split(","):
            words = tuple(entry.split())
            if len(words) == 1:
                _ONE_WORD.setdefault(words[0], code)
            elif words:
                _PHRASES.setdefault(words[0], []).append((words, code))
    for phrases in _PHRASES.values():
        phrases.sort(key=lambda phrase: -len(phrase[0]))


_fill()

_SIDE = {
    **dict.fromkeys(
        [
            "upper",
            "top",
            "left",
            "first",
            "reference",
            "good-part",
            "original",
            "1st",
            "left-hand",
            "former",
            "1",
            "a",
            "leftmost",
        ],
        1,
    ),
    **dict.fromkeys(
        [
            "lower",
            "bottom",
            "right",
            "second",
            "test",
            "suspect",
            "2nd",
            "right-hand",
            "latter",
            "2",
            "b",
            "other",
            "inspection",
        ],
        2,
    ),
}
_IMAGE = frozenset(
    [
        "image",
        "picture",
        "photo",
        "photograph",
        "scan",
        "view",
        "shot",
        "figure",
        "frame",
        "part",
        "sample",
        "specimen",
    ]
)
_PICTURE_NOUNS = "P"
_PRONOUNS = frozenset(["it", "they", "these", "this", "that", "those"])
_ALL = frozenset(("all", "every", "each", "all the", "all of", "both"))
_GENERIC = frozenset(
    [
        "aspect",
        "aspects",
        "detail",
        "details",
        "feature",
        "features",
        "element",
        "elements",
        "characteristic",
        "characteristics",
        "attributes",
    ]
)
_FINITE = frozenset("bkmMesT")
_PUNCTUATION = frozenset(",;:()[]—.!?-–…")


def side_of(word: Word) -> int:
    """Return which picture a word of class ``I`` means, 1 or 2."""
    return 1 if word.text.startswith("1:") else 2


def tokens(text: str) -> list[Word]:
    """Return the words and marks of a normalised sentence with their classes, phrases as one word."""
    for pattern, replacement in _SHORT:
        text = pattern.sub(replacement, text)
    raw = _TOKEN.findall(text)
    found: list[Word] = []
    place = 0
    while place < len(raw):
        word = raw[place]
        for phrase, code in _PHRASES.get(word, ()):
            if tuple(raw[place : place + len(phrase)]) == phrase:
                found.append(Word(" ".join(phrase), code))
                place += len(phrase)
                break
        else:
            code = _ONE_WORD.get(word, "x")
            if code == "x" and not word[0].isalnum():
                code = word if word in _PUNCTUATION else "r"
            elif code == "x" and word.isdigit():
                code = "q"
            if word == "nor" and any(one.code in "nozw" for one in found):
                code = "c"  # it carries the negation on
            found.append(Word(word, code))
            place += 1
    return _sided(found)


def _sided(words: list[Word]) -> list[Word]:
    """Merge what names one picture into a word of class ``I``: "the lower image", "image 2"."""
    found: list[Word] = []
    place = 0
    while place < len(words):
        word = words[place]
        after = words[place + 1] if place + 1 < len(words) else Word("", "")
        second = words[place + 2] if place + 2 < len(words) else Word("", "")
        if word.text in _SIDE and word.code in "lR":
            if after.code == "P" or after.text in ("one", "hand side", "half"):
                found.append(Word(f"{_SIDE[word.text]}:{word.text} {after.text}", "I"))
                place += 2
                continue
            following = words[place + 1 : place + 5]
            paired = after.code == "c" and any(w.code == "l" and w.text in _SIDE for w in following[:3])
            bare = word.text in (
                "first",
                "second",
                "former",
                "latter",
                "upper",
                "lower",
                "other",
                "reference",
            )
            closed = not after.code or after.code in ",;:.bkmhes)^/~=" or after.code == "V"
            if (paired and any(w.code in "PI" or w.text == "one" for w in following)) or (
                bare and closed and (found[-1].text == "the" if found else after.code == ":")
            ):
                found.append(Word(f"{_SIDE[word.text]}:{word.text}", "I"))
                place += 1
                continue
        if word.text in _IMAGE and after.text in ("1", "2", "a", "b", "one", "two"):
            letter = after.text in ("a", "b")
            if not letter or not second.code or second.code in ",;:.)bkmhc^/~=|!npesvVSd":
                number = 1 if after.text in ("1", "a", "one") else 2
                found.append(Word(f"{number}:{word.text} {after.text}", "I"))
                place += 2
                continue
        if word.text in _GENERIC and found and any(w.text in _ALL for w in found[-2:]):
            word = Word(word.text, "P")
        if (
            word.text in ("top", "bottom", "left", "right")
            and word.code == "l"
            and _placed(found)
            and (not after.code or after.code in ",;:.bkmhes)^/~=")
        ):
            word = Word(f"{_SIDE[word.text]}:{word.text}", "I")
        elif word.code == "x" and word.text.endswith("s") and found:
            before = [w for w in found[-3:] if w.code not in FREE]
            if before and before[-1].text in (
                "both",
                "two",
                "these",
                "those",
                "both of",
                "the two",
                "neither",
            ):
                word = Word(word.text, _PICTURE_NOUNS)
        elif word.code == "x" and found and found[-1].text in ("either", "neither"):
            word = Word(word.text, _PICTURE_NOUNS)
        found.append(word)
        place += 1
    return found


def _placed(before: list[Word]) -> bool:
    """Say whether "… on the" after a picture or a part comes before: "the connector on the top"."""
    return (
        len(before) > 2
        and before[-1].text == "the"
        and before[-2].text in ("on", "at", "to")
        and (before[-3].code == "P" or before[-3].text == "one")
    )


INTRODUCES = re.compile(
    r"^no matter\b|^to (?:answer|summari[sz]e|conclude|be|put|sum)\b|^(?:compar|examin|inspect|analy[sz]"
    r"|study|observ|review|look|view|scrutini[sz]|assess|evaluat|check)\w*ing\b"
    r"|^(?:(?:after|upon|on|by|in|when|while|having|based on|from|with|following|following a|through"
    r"|looking|compar\w+"
    r"|examin\w+|inspect\w+|analy\w+|study\w+|observ\w+|review\w+|given|if|at)\b)"
    r".*\b(?:compar\w*|inspect\w*|examin\w*|look|looking|review\w*|analy\w*|study\w*|studied|observ\w*"
    r"|zoom\w*|closely"
    r"|assess\w*|check\w*|provided|shown|viewed|scrutin\w*|glance|evaluat\w*)\b"
)
_STARTS_CLAUSE = frozenset("nowzhTO")


def segments(words: list[Word]) -> list[Segment]:
    """Cut a sentence into clauses. Items of a list stay together; what only introduces is a clause."""
    return _merged(list(_cut(words)))


def _cut(words: list[Word]) -> Iterator[Segment]:
    current = Segment()
    conceded_start = False
    for place, word in enumerate(words):
        code = word.code
        if code in "^~=|/" or code in _PUNCTUATION or _new_clause(words, place, current):
            if current.words:
                yield current
                current = Segment(mark=code)
                current.contrast = conceded_start
                conceded_start = False
            elif code in _PUNCTUATION and current.mark in ("^", "~", "=", "|", "/"):
                continue
            else:
                current.mark = code
            if code == "^":
                current.contrast = True
                current.only = word.text.endswith("that")
            elif code in "~=" and place == 0:
                current.conceded = conceded_start = True
            elif code == "~":
                current.contrast = True
            elif code == "=":
                current.against = True
            elif code == "|":
                current.excepts = True
            if code in _PUNCTUATION or code in "^~=|/":
                continue
        current.words.append(word)
    if current.words:
        yield current


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
        elif segment.words[0].text in _PRONOUNS and set("Qx").intersection(label.codes):
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

"""From an English sentence to words with their classes, phrases and names of pictures as one word."""

import re
from collections.abc import Callable
from functools import lru_cache

from kurabe.reading.english.ambiguous import special
from kurabe.reading.english.compounds import Word, compounds
from kurabe.reading.english.descriptions import DESCRIPTIONS
from kurabe.reading.english.words import FREE, WORDS
from kurabe.reading.patterns import later

_TOKEN = later(r"[a-z0-9]+(?:[.,](?=\d)[0-9]+)?(?:[-'/][a-z0-9]+)*|[^\sa-z0-9]")
_NOT = later(
    r"\b(ca|wo|do|does|did|is|are|was|were|has|have|had|could|would|should|must|need)(?:n't|nt(?=\s))(?!\w)"
)
_SHORT: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (later(r"\b(can)not\b"), r"\1 not"),
    (_NOT, lambda m: {"ca": "can", "wo": "will"}.get(m[1], m[1]) + " not"),
    (
        later(r"\b(there|it|that|everything|something|what|nothing|he|she|one|here|image|picture)'s\b"),
        r"\1 is",
    ),
    (
        later(
            r"\b([a-z]+)'s(?= (?:unchanged|unaltered|the same|identical|missing|gone|not|no longer|still"
            r"|only|just"
            r"|now|bent|broken|cracked|torn|loose|different|intact|merely|also|exactly|clearly)\b)"
        ),
        r"\1 is",
    ),
    (later(r"\b([a-z]+)'s(?= been\b)"), r"\1 has"),
    (later(r"\blet's\b"), "let us"),
    (later(r"\b(they|we|you)'re\b"), r"\1 are"),
    (later(r"\bi'm\b"), "i am"),
    (later(r"\b(i|we|you|they)'ve\b"), r"\1 have"),
    (later(r"\b(i|we|you|they|it)'ll\b"), r"\1 will"),
    (later(r"\b(i|we|they|it|you|that)'d\b"), r"\1 would"),
]

_ONE_WORD: dict[str, str] = {}
_PHRASES: dict[str, list[tuple[tuple[str, ...], str]]] = {}


def _fill() -> None:
    for code, block in (*WORDS.items(), *DESCRIPTIONS.items()):
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
            "earlier",
            "older",
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
            "later",
            "newer",
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
        "screenshot",
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
PUNCTUATION = frozenset(",;:()[]—.!?-–…")


def side_of(word: Word) -> int:
    """Return which picture a word of class ``I`` means, 1 or 2."""
    return 1 if word.text.startswith("1:") else 2


def expanded(text: str) -> str:
    """Return a normalised sentence without short forms: "isn't" becomes "is not"."""
    for pattern, replacement in _SHORT:
        text = pattern.sub(replacement, text)
    return text


def tokens(text: str) -> list[Word]:
    """Return the words and marks of a normalised sentence with their classes, phrases as one word."""
    return list(_tokens(text))


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[Word, ...]:
    raw = _TOKEN.findall(expanded(text))
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
                code = word if word in PUNCTUATION else "r"
            elif code == "x" and word.isdigit():
                code = "q"
            code = special(word, code, raw, place, found, _ONE_WORD)
            found.append(Word(word, code))
            place += 1
    return tuple(_sided(compounds(found)))


def _sided(words: list[Word]) -> list[Word]:
    """Merge what names one picture into a word of class ``I``: "the lower image", "image 2"."""
    found: list[Word] = []
    place = 0
    pictures = any(word.text.rstrip("s") in _PHOTO for word in words)
    while place < len(words):
        word = words[place]
        after = words[place + 1] if place + 1 < len(words) else Word("", "")
        second = words[place + 2] if place + 2 < len(words) else Word("", "")
        if word.text in _SIDE and word.code in "lR":
            if after.code == "P" or after.text in ("one", "hand side", "half"):
                found.append(Word(f"{_number(word, found)}:{word.text} {after.text}", "I"))
                place += 2
                continue
            if word.text in ("first", "second") and pictures is False and _a_specimen(found, after):
                found.append(Word(f"{_SIDE[word.text]}:{word.text} {after.text}", "I"))
                place += 2
                continue
            following = words[place + 1 : place + 7]
            paired = after.code == "c" and any(w.code == "l" and w.text in _SIDE for w in following[:4])
            bare = word.text in (
                "first",
                "second",
                "former",
                "latter",
                "upper",
                "lower",
                "other",
                "reference",
                "suspect",
            )
            closed = not after.code or after.code in ",;:.bkmheswn)^/~=" or after.code == "V"
            # "open in the first and closed in the second image"
            joined = after.code == "c" and not paired and len(found) > 1 and found[-2].code == "p"
            placed = len(found) > 1 and found[-2].text in ("in", "on") and after.code in set("aTiBmzov")
            closed = closed or joined or placed  # "in the second there is a groove"
            if (paired and any(w.code in "PI" or w.text == "one" for w in following)) or (
                bare and closed and (found[-1].text == "the" if found else after.code == ":")
            ):
                found.append(Word(f"{_number(word, found)}:{word.text}", "I"))
                place += 1
                continue
        if word.text in _IMAGE and after.text in ("1", "2", "a", "b", "one", "two"):
            letter = after.text in ("a", "b")
            if not letter or not second.code or second.code in ",;:.)bkmhc^/~=|!npesvVSd":
                number = 1 if after.text in ("1", "a", "one") else 2
                found.append(Word(f"{number}:{word.text} {after.text}", "I"))
                place += 2
                continue
        if word.text in _GENERIC and found and any(w.text in _ALL or w.code in "oz" for w in found[-2:]):
            word = Word(word.text, "P")
        if (
            word.text in ("top", "bottom", "left", "right")
            and word.code == "l"
            and _placed(found)
            and (not after.code or after.code in ",;:.bkmhes)^/~=")
        ):
            word = Word(f"{_SIDE[word.text]}:{word.text}", "I")
        elif word.code == "x":
            word = _of_two(word, after, found)
        found.append(word)
        place += 1
    return found


_PAIRS = frozenset(("both", "two", "these", "those", "both of", "the two", "neither"))


def _paired(before: list[Word]) -> bool:
    """Say whether words end in what stands for the two: "both", "the two"."""
    told = [word for word in before if word.code not in FREE or word.text in _PAIRS]
    return bool(told) and told[-1].text in _PAIRS


_PHOTO = frozenset(
    ("image", "picture", "photo", "photograph", "view", "shot", "drawing", "frame", "scan", "screenshot")
)
_NO_SPECIMEN = later(
    r"\w+(?:ed|ing|ly)|glance|look|thought|time|step|point|thing|difference|place|sight|impression|view"
    r"|stroke|letter"
    r"|digit|rung|floor|half|layer|from|to|has|day|word|option|answer|question|check|test|half|attempt"
    r"|opinion|bit"
)


def _a_specimen(before: list[Word], after: Word) -> bool:
    """Say whether "the second rope" is what the second picture shows: a thing, and no part of one."""
    return (
        bool(before)
        and before[-1].text == "the"
        and after.code == "x"
        and not _NO_SPECIMEN.fullmatch(after.text)
    )


def _of_two(word: Word, after: Word, found: list[Word]) -> Word:
    """Return an unknown word as what stands for both, if it does: "the two teddy bears", "either torch"."""
    if after.code == "x" and after.text.endswith("s") and _paired(found):
        return Word(word.text, "g")
    before = [one for one in found[-3:] if one.code not in FREE and one.code != "g"]
    if (word.text.endswith("s") and _paired(before)) or (found and found[-1].text in ("either", "neither")):
        return Word(word.text, _PICTURE_NOUNS)
    return word


def _number(word: Word, before: list[Word]) -> int:
    """Return which picture a word means; "the other" is the one that was not named before."""
    named = [one for one in before if one.code == "I"] if word.text == "other" else []
    return 3 - side_of(named[0]) if named else _SIDE[word.text]


def _placed(before: list[Word]) -> bool:
    """Say whether "… on the" after a picture or a part comes before: "the connector on the top"."""
    return (
        len(before) > 2
        and before[-1].text == "the"
        and before[-2].text in ("on", "at", "to")
        and (before[-3].code == "P" or before[-3].text == "one")
    )

"""Expands the frames of ``frames/*.txt`` into answers whose true reading is known.

A frame is one line of a block. A block's head says what its lines are::

    = pool en.same                      lines that others use as «en.same»; several names: in all of them
    = frame verdict en prose same ; why lines that are whole answers, with their truth

In a line, ``«part»`` draws a word of a pool, ``«Part»`` with a capital, ``«~part»`` without one, ``«part@»``
repeats the last one drawn. ``⟨a¦b⟩`` is one of several wordings, ``⏎`` a line break, ``␣`` a blank, and
``⟪- «en.item»⟫`` a line that is repeated k times (``#`` is its number). Each line, of a pool or a frame,
belongs to one of two halves by the hash of its text, ``dev`` and ``held``. The reader's authors saw ``held``
only after it had been measured once; since then it is development material, too.
"""

import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from kurabe.common.vocabulary import Language, QuestionKind

Half = Literal["dev", "held"]
HALVES: tuple[Half, ...] = ("dev", "held")
SHORT = 10
"""Answers of one frame at most if it is a short one: bare answers are the same words again and again."""
FRAMES = Path(__file__).with_name("frames")

_SLOT = re.compile(r"«(~?)([A-Za-z_.]+)(@?)»")
_WORDING = re.compile(r"⟨([^⟨⟩]*)⟩")
_REPEAT = re.compile(r"⟪([^⟪⟫]*)⟫")
_NUMBERS = {
    "n": "0 1 2 3 4 5 6 7 8 9",
    "nw": "zero one two three four five six seven eight nine",
    "nf": "０ １ ２ ３ ４ ５ ６ ７ ８ ９",
    "nk": "零 一 二 三 四 五 六 七 八 九",
    "nt": "零 一つ 二つ 三つ 四つ 五つ 六つ 七つ 八つ 九つ",
}
_BLANKS = str.maketrans({"⏎": "\n", "␣": " "})
_ARTICLE = re.compile(r"\ba (?=[aeiou][a-z]{2})(?!one\b|uni)")
_LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True, slots=True)
class Frame:
    """One way of answering.

    Attributes:
        truth: What a careful reader reads. ``verdict``: ``same``, ``different``, ``open``, or ``same?``
            (same or nothing, never different); ``differences``: the same, and ``different:k`` with k items
            (a number, or ``k``, the number of repeats); ``count``: a number, ``n``, or ``open``;
            ``choice``: ``letter`` or ``open``; ``describe``: ``says`` or ``denies`` the word asked for.
    """

    kind: QuestionKind
    language: Language
    form: str
    truth: str
    why: str
    template: str
    asks: Literal["difference", "sameness"] = "difference"


@dataclass(frozen=True, slots=True)
class Made:
    """An answer with its true reading.

    Attributes:
        verdict: ``same``, ``different``, or None where a careful reader would not decide.
        number: Items of ``differences``, or the ``count``; None if it is open or not to be checked.
        choice: The option chosen.
        says: ``describe``: whether the text says that ``word`` is there.
        may_be_open: Whether reading nothing is right, too.
    """

    half: Half
    kind: QuestionKind
    language: Language
    form: str
    text: str
    why: str
    frame: str
    asks: Literal["difference", "sameness"] = "difference"
    verdict: str | None = None
    number: int | None = None
    choice: str | None = None
    options: tuple[str, ...] = ()
    word: str = ""
    says: bool | None = None
    may_be_open: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return what a line of the JSON file holds."""
        return {key: value for key, value in asdict(self).items() if value not in (None, "", ())}


def half_of(line: str) -> Half:
    """Return the half that a line belongs to; it never changes while the line does not."""
    return HALVES[hashlib.sha256(line.encode()).digest()[0] & 1]


@cache
def load() -> tuple[dict[str, dict[Half, tuple[str, ...]]], tuple[Frame, ...]]:
    """Return the pools, parted in halves, and all frames.

    Raises:
        ValueError: If a pool's half is empty, or a block has no head that can be read.
    """
    pools: dict[str, dict[Half, list[str]]] = {}
    frames: list[Frame] = []
    for path in sorted(FRAMES.glob("*.txt")):
        head: Frame | tuple[str, ...] = ()
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip() or line.startswith("// "):
                continue
            if line.startswith("= "):
                head = _head(line)
            elif isinstance(head, Frame):
                frames.append(replace(head, template=line))
            else:
                for name in head:
                    pools.setdefault(name, {"dev": [], "held": []})[half_of(line)].append(line)
    for name, parts in pools.items():
        if not all(parts.values()):
            raise ValueError(f"the pool {name} has an empty half: add lines to it")
    return {name: {half: tuple(p[half]) for half in HALVES} for name, p in pools.items()}, tuple(frames)


def _head(line: str) -> Frame | tuple[str, ...]:
    words, _, why = line.removeprefix("= ").partition(" ; ")
    match words.split():
        case ["pool", *names]:
            return tuple(names)
        case ["frame", kind, language, form, truth, *asks]:
            return Frame(kind, language, form, truth, why, "", "sameness" if asks else "difference")  # type: ignore[arg-type]
    raise ValueError(f"not the head of a block: {line}")


class _Filler:
    """Fills one frame once; remembers what it drew."""

    def __init__(self, half: Half, language: Language, rng: random.Random, quoted: bool = False) -> None:
        self.rng = rng
        self.language = language
        self.quoted = quoted  # stands in quotes, so that it must hold none
        self.half = half
        self.pools = load()[0]
        self.repeats = rng.choice((1, 2, 2, 3, 4))
        self.n = rng.choice((2, 2, 3, 3, 4, 5, 6, 7, 8))
        self.m = rng.choice([i for i in range(2, 10) if i != self.n])
        self.drawn: dict[str, str] = {}
        self.used: set[str] = set()
        options = self.pick(f"{language}.options").split("/")
        rng.shuffle(options)
        self.options = tuple(options)
        self.index = rng.randrange(len(self.options))
        self.other = rng.choice([i for i in range(len(self.options)) if i != self.index])

    def pick(self, pool: str) -> str:
        lines = self.pools[pool][self.half]
        fresh = [line for line in lines if line not in self.used] or list(lines)
        if self.quoted and not pool.startswith(("key.", "val.")):
            fresh = [line for line in fresh if not re.search("[\"']", line)]
        line = self.rng.choice(fresh)
        self.used.add(line)
        return line

    def fill(self, text: str) -> str:
        text = _REPEAT.sub(self._repeat, text)
        for _ in range(9):
            filled = _SLOT.sub(self._slot, self._wordings(text))
            if filled == text:
                return _ARTICLE.sub("an ", text).translate(_BLANKS)
            text = filled
        raise ValueError(f"a pool draws on itself: {text}")

    def _wordings(self, text: str) -> str:
        while True:
            chosen = _WORDING.sub(lambda m: self.rng.choice(m.group(1).split("¦")), text)
            if chosen == text:
                return text
            text = chosen

    def _repeat(self, match: re.Match[str]) -> str:
        return "".join(match.group(1).replace("#", str(i + 1)) for i in range(self.repeats))

    def _slot(self, match: re.Match[str]) -> str:
        lower, name, again = match.groups()
        known = self._known(name)
        if known is not None:
            return known
        capital = name.split(".")[-1][0].isupper()
        pool = name.lower() if name.lower() in self.pools else f"{self.language}.{name.lower()}"
        if again:
            word = self.drawn[pool]
        else:
            word = self.fill(self.pick(pool)).replace("\n", "⏎")
            self.drawn[pool] = word
        if capital:
            return word[:1].upper() + word[1:]
        if lower and not re.match(r"(I|Image|Picture|Photo|[A-Z])\b|I'", word):
            return word[:1].lower() + word[1:]
        return word

    def _known(self, name: str) -> str | None:
        """Return what numbers, letters and options stand for; None if ``name`` is a pool."""
        if name.lower() in _NUMBERS:
            word = _NUMBERS[name.lower()].split()[self.n]
            return word.capitalize() if name[0].isupper() else word
        simple = {
            "m": str(self.m),
            "k": str(self.repeats),
            "L": _LETTERS[self.index],
            "l": _LETTERS[self.index].lower(),
            "X": _LETTERS[self.other],
            "O": self.options[self.index],
            "Oc": self.options[self.index][:1].upper() + self.options[self.index][1:],
            "Q": self.options[self.other],
        }
        return simple.get(name)


def expand(frame: Frame, half: Half, rng: random.Random, most: int) -> Iterator[Made]:
    """Yield up to ``most`` distinct answers of one frame."""
    seen: set[str] = set()
    for _ in range(most * 3):
        filler = _Filler(half, frame.language, rng, frame.form == "json")
        text = filler.fill(frame.template)
        if text in seen:
            continue
        seen.add(text)
        yield _made(frame, half, text, filler)
        if len(seen) == most:
            return


def _made(frame: Frame, half: Half, text: str, filler: _Filler) -> Made:
    made = Made(half, frame.kind, frame.language, frame.form, text, frame.why, frame.template, frame.asks)
    match frame.kind:
        case "verdict" | "differences":
            verdict, _, number = frame.truth.partition(":")
            made = replace(made, may_be_open=verdict.endswith("?"))
            verdict = verdict.removesuffix("?")
            items = filler.repeats if number == "k" else int(number) if number else None
            if verdict == "same" and frame.kind == "differences":
                items = 0
            return replace(made, verdict=None if verdict == "open" else verdict, number=items)
        case "count":
            if frame.truth == "open":
                return made
            named = {"n": filler.n, "k": filler.repeats}.get(frame.truth)
            return replace(made, number=int(frame.truth) if named is None else named)
        case "choice":
            chosen = None if frame.truth == "open" else filler.options[filler.index]
            return replace(made, choice=chosen, options=filler.options)
        case "describe":
            pool = f"{frame.language}.asked"
            return replace(made, word=filler.drawn.get(pool) or filler.pick(pool), says=frame.truth == "says")


def answers(half: Half, seed: int = 0, most: int = 60) -> list[Made]:
    """Return all answers of one half, each text once per kind and language.

    Args:
        half: ``dev`` or ``held``.
        seed: Another seed draws other words.
        most: Answers of one frame at most.
    """
    found: dict[tuple[str, ...], Made] = {}
    for frame in load()[1]:
        if half_of(frame.template) != half:
            continue
        rng = random.Random(f"{seed}:{frame.kind}:{frame.template}")
        for made in expand(frame, half, rng, min(most, SHORT) if frame.form == "short" else most):
            key = (made.kind, made.language, made.text, made.asks, made.word, "/".join(made.options))
            found.setdefault(key, made)
    return list(found.values())

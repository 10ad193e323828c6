"""From a Japanese sentence to clauses: words get their class, and the sentence is cut where it turns."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from kurabe.reading.japanese.vocabulary import MORE
from kurabe.reading.japanese.words import WORDS
from kurabe.reading.patterns import later


class Word(NamedTuple):
    """A word, and the letter of its class."""

    text: str
    code: str
    side: int = 0


@dataclass(slots=True)
class Segment:
    """A part of a sentence, before it is understood; see `kurabe.reading.clauses.Clause` for the flags."""

    words: list[Word] = field(default_factory=list)
    contrast: bool = False
    conceded: bool = False
    excepts: bool = False
    against: bool = False


_NOUN = (
    "(?:画像|写真|図|方|もの|部品|コネクタ[ー]?|サンプル|製品|基板|個体|品|ほう|段|側|側の画像|側の写真"
    "|段の画像|段の写真|パーツ|イメージ)"
)
_FIRST = (
    f"(?:上|左)(?:の|側の|段の)(?:{_NOUN})|(?:上|左)(?:側|段)(?=[はがでにのを、])|(?:1|一|１)(?:枚|つ"
    f"|番)目(?:の(?:{_NOUN}))?"
    f"|(?:最初|元|オリジナル)の(?:{_NOUN})|(?:参照|基準|良品|正常|リファレンス|比較元)(?:の)?(?:{_NOUN})"
    f"|(?:画像|写真|図面?|イメージ)\\s?(?:1|１|a|①|一)(?!\\d|枚|つ)|前者|第一の(?:{_NOUN})"
)
_SECOND = (
    f"(?:下|右)(?:の|側の|段の)(?:{_NOUN})|(?:下|右)(?:側|段)(?=[はがでにのを、])|(?:2|二|２)(?:枚|つ"
    f"|番)目(?:の(?:{_NOUN}))?"
    f"|(?:検査|テスト|対象|疑わしい|比較先|被検査)(?:の)?(?:画像|写真|品|部品|側)|(?:画像|写真|図面?"
    f"|イメージ)\\s?(?:2|２|b|②|二)(?!\\d|枚|つ)|後者|第二の(?:{_NOUN})"
    f"|もう(?:一方|片方|1枚|一枚|1つ|一つ)(?:の(?:{_NOUN}))?|他方"
)
_SIDES = later(f"(?:({_FIRST})|({_SECOND}))(?:の(?:方|ほう))?")
_GUARD = later(
    "(?:傷|キズ|きず|汚れ|錆|サビ|さび|埃|ほこり|割れ|破れ|欠け|ずれ|緩み|漏れ|液漏れ|腐食|摩耗|折れ|曲がり|反り|ゆるみ)"
    "(?:防止|よけ|除け|避け|止め|防護|保護|検知|検出)(?:用|用の)?(?:[ァ-ヺー]+|[剤材膜板具環布紙輪])?"
)
"""The name of a part that a defect stands in: 「傷防止フィルム」 is no scratch."""
_DECIMAL = later(r"[0-9]+\.[0-9]+")
_COUNT = later(r"[0-9]+(?:\.[0-9]+)?")
_KATAKANA = later("[ァ-ヺー]+")
_LATIN = later(r"[a-z][a-z0-9\-']*")

_TABLE: dict[str, list[tuple[str, str]]] = {}


def _fill() -> None:
    seen: set[str] = set()
    for code, block in (*WORDS.items(), *MORE.items()):
        for entry in block.split():
            if entry not in seen:
                seen.add(entry)
                _TABLE.setdefault(entry[0], []).append((entry, code))
    for entries in _TABLE.values():
        entries.sort(key=lambda entry: -len(entry[0]))


_fill()


_DENYING = frozenset(("ませんが", "ないが"))


def tokens(text: str) -> list[Word]:
    """Return the words of a normalised sentence with their classes."""
    found: list[Word] = []
    place = 0
    while place < len(text):
        word = _next(text, place, found)
        place += len(word.text)
        if word.code == "^" and word.text in _DENYING:  # the negation is the clause's, the が is not
            found.append(Word(word.text[:-1], "n"))
            word = Word("が", "^")
        if word.code != " ":
            found.append(word)
    if any(word.code == "I" and _NUMBERED.search(word.text) for word in found):
        return [_placed(word) for word in found]
    both = next((n for n, word in enumerate(found) if word.code == "B" or word.text in _EACH), len(found))
    return [
        _placed(word) if place > both and found[place + 1 : place + 2] == [_AT] else word
        for place, word in enumerate(found)
    ]  # 「どちらのコネクタも白く、左側に爪があります」


_EACH = frozenset(("どちら", "いずれ", "それぞれ", "双方"))
_AT = Word("に", "p")
_NUMBERED = later("枚目|番目|つ目|[12１２ab①②]|基準|検査|参照|良品")
_ROW = later("[上下左右][側段]?")


def _placed(word: Word) -> Word:
    """Take 「上段」 for a place where the pictures have numbers: 「2枚目では上段の左から3番目のピンが」."""
    return Word(word.text, "l") if word.code == "I" and _ROW.fullmatch(word.text) else word


def _next(text: str, place: int, before: list[Word]) -> Word:
    char = text[place]
    if char in " \u3000\t\n「」『』\"'*_`<>#":
        return Word(char, " ")
    if char in "、,，;；:：()（）。.!！?？・—–-/=":
        return Word(char, ",")
    guard = _GUARD.match(text, place)
    if guard:
        return Word(guard[0], "Q")
    side = _SIDES.match(text, place)
    if side and not (before and before[-1].text in ("から", "左", "右", "上", "下")):
        return Word(side[0], "I", 1 if side[1] else 2)
    decimal = _DECIMAL.match(text, place)
    if decimal:
        return Word(decimal[0], "q")
    latin = _LATIN.match(text, place)
    run = latin or _KATAKANA.match(text, place)
    limit = len(run[0]) if run else 99
    for entry, written in _TABLE.get(char, ()):
        code = written
        if text.startswith(entry, place):
            if _part_of_another(entry, text, place):
                continue
            if code == "D" and entry in ("違い", "相違") and text.startswith("ま", place + 2):
                code = "e"  # 違います
            cut = len(entry) < limit and run is not None  # inside a word of katakana
            if cut and len(entry) < limit and _KATAKANA.match(entry) and not _splits(run[0], entry):  # type: ignore[index]
                continue
            return Word(entry, code)
    if run:
        return Word(run[0], "x")
    count = _COUNT.match(text, place)
    return Word(count[0], "q") if count else Word(char, "x" if char.isalnum() else " ")


def _part_of_another(entry: str, text: str, place: int) -> bool:
    """Say whether an entry stands inside another word: せんべい, 差し込み口."""
    if entry == "せん":
        return text[place - 1 : place] != "ま"
    return entry == "差" and text[place + 1 : place + 2] not in "はがもなのをであ無"


def _splits(run: str, entry: str) -> bool:
    """Say whether the rest of a katakana run is a word, too: ピンハウジング."""
    rest = run[len(entry) :]
    return any(rest == word for word, _ in _TABLE.get(rest[0], ()))


_CLOSES = frozenset("nt")
_STEMS = frozenset("DKSeXFGCJd")


def segments(words: list[Word]) -> list[Segment]:
    """Cut a sentence into clauses, at commas after a predicate and at words such as が and ので."""
    return [segment for segment in _cut(words) if any(word.code not in ",p" for word in segment.words)]


def _cut(words: list[Word]) -> Iterator[Segment]:
    current = Segment()
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else Word("", "")
        found = _turn(word, following, current)
        if found is None:
            current.words.append(_kept(word, current))
            if not _closes(word, following):
                continue
            found = Segment()
        if current.words:
            yield current
        current = found
    if current.words:
        yield current


def _turn(word: Word, following: Word, current: Segment) -> Segment | None:
    """Return the segment that a word begins, with its flags; None if it belongs to the one before.

    「以外」 and 「にもかかわらず」 speak of what stands before them, so their flags go there.
    """
    if word.text in _BEGINS and any(one.code not in ",p" for one in current.words):
        return None
    if word.code == "^" or (word.text == "が" and _finished(current.words) and _opens(following)):
        return Segment(contrast=True)
    if word.code == "=":
        return Segment(against=True)
    if word.code == "/":
        return Segment()
    if word.text in ("から", "し", "けど") and _ends(current.words) and following.code == ",":
        return Segment()
    if word.code == "~":
        current.conceded = True
        return Segment(contrast=True)
    if word.code == "|":
        current.excepts = True
        return Segment()
    return _at_comma(word, following, current) if word.code == "," else None


def _at_comma(word: Word, following: Word, current: Segment) -> Segment | None:
    """Return the segment that begins after a comma; None where it only separates words."""
    last = current.words[-1] if current.words else Word("", "")
    sides = {one.side for one in current.words if one.code == "I"} if following.code == "I" else set()
    if sides and following.side not in sides and last.text not in _JOINS | _TOPICS:
        return Segment(against=True)
    if word.text in ":：=" and current.words:
        return None
    if last.text == "で":
        stem = len(current.words) > 1 and current.words[-2].code in _STEMS | {"O", "q"}
        return Segment() if stem else None
    return Segment() if word.text in "(（。.!！;；—–-" or last.text == "く" or _ends(current.words) else None


def _kept(word: Word, current: Segment) -> Word:
    """Return a word as it stands inside a clause: a colon is a particle, and so is a でも there."""
    if word.code == "," and word.text in ":：=" and current.words:
        return Word(":", "p")
    return Word(word.text, "p") if word.text in _BEGINS and current.words else word


def _closes(word: Word, following: Word) -> bool:
    """Say whether a clause ends after a word: 「違いはなく同じです」."""
    ends = word.text in ("なく", "無く") and following.code not in ("n", "X", "")
    return ends and following.text not in ("は", "も", "て", "な")


_TOPICS = frozenset(("は", "には", "では"))
_JOINS = frozenset(("と", "や", "及び", "および", "も"))


def _ends(words: list[Word]) -> bool:
    """Say whether a clause may end here: after a predicate."""
    if not words:
        return False
    last = words[-1]
    if last.code == "n":
        return True
    if last.code in "SGXC" and len(words) > 1:
        return True
    return last.code == "t" and len(words) > 1 and last.text not in ("な", "に", "ん", "ように", "よう")


_BEGINS = frozenset(("ただ", "でも", "だが", "ところが", "もっとも", "しかるに", "なのに"))
_PLAIN = (
    "です",
    "ます",
    "でした",
    "ました",
    "だ",
    "る",
    "た",
    "いる",
    "います",
    "いた",
    "いました",
    "ている",
    "ています",
    "ていた",
    "だった",
    "である",
    "る",
)


def _finished(words: list[Word]) -> bool:
    """Say whether が after these words is a "but": 「同じですが」, not 「ピンが」."""
    last = words[-1] if words else Word("", "")
    return last.code == "n" or (len(words) > 1 and last.code == "t" and last.text.endswith(_PLAIN))


def _opens(following: Word) -> bool:
    return following.code not in ("", "n", "X")

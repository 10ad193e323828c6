"""A Japanese answer without the sentences that turn nothing, for what no other reading could read.

Models fill a report with what both pictures show, with light that they leave out of account, and with
suspicions that came to nothing. Each frame here is closed where polarity is concerned and open in its nouns
and verbs. What it drops says of both pictures alike, or is taken back within itself; what it writes out says
in plain words what the frame means. The other readings decide what is left.
"""

import re
from collections.abc import Sequence

from kurabe.reading.japanese import lexicon
from kurabe.reading.japanese.apart_frames import (
    AGREED,
    AT_LEAST,
    BOTH,
    BUT,
    BUT_THERE,
    COMMON,
    FIRST_SO,
    IMPRESSION,
    IN_BOTH,
    LIGHT_CAUSES,
    LIGHT_CONCEDED,
    LOOKED,
    NO_TRICK,
    NOT_IN_FIRST,
    NOT_SAME,
    NOTED,
    NOTHING_MORE,
    OF_A_PART,
    ROLES,
    SAME_THING,
    SHARED_MARK,
    SO_TOO,
    SUSPECTED,
    TICKED,
    TRULY,
    UNCLEAR,
)
from kurabe.reading.patterns import later

_PART = later("[^。！!?？\n]+[。！!?？]?|\n+")
_LONGEST = 1_500
_DENIED = later(
    "[^、。はがも]{0,12}(?:が|は|も|の)?(?:な(?:い|く|し)|ありません|見られ(?:ない|ず|ません)|見当たら(?:ない|ず)"
    "|見当たりません|あり?ま?せず)"
)
_TURNS = (lexicon.RESTRICTS, lexicon.DOUBT, lexicon.DIFFERS, lexicon.SUPPOSES, lexicon.CHANGED)
_SHIFTED = "が、", "ものの", "けれど", "けど", "しかし", "一方"
_VERDICT = later("合格|良品|不良|正常|はい|いいえ|言え|考え|思|判断|確認でき|見え(?:ない|ません)")
DIFFERENT = "2枚の部品には違いがあります"
SAME = "2枚の部品に違いはありません"


def without_neutral(text: str) -> str | None:
    """Return a text without what turns nothing, its frames written out; None if there was none of it."""
    if len(text) > _LONGEST or "{" in text or "|" in text:
        return None
    found = _PART.findall(text)
    bare = _bare(found)
    kept: list[str] = []
    changed = False
    for place, (part, said) in enumerate(zip(found, bare, strict=True)):
        left = _left(place, bare) if said else said
        changed = changed or left != said
        if left == said:
            kept.append(part)
        elif left:
            kept.append(f"{left}。")
    whole = "".join(kept)
    return whole if changed and re.search(r"\w", whole) else None


def without_agreement(text: str) -> str | None:
    """Return a text without what it says that both pictures agree in; None if it says nothing of the kind.

    「1枚目では穴があいています。2枚目も同様です」: the first reading may take either for a difference. Where
    all that it says is such, nothing is left.
    """
    found = _PART.findall(text)
    bare = _bare(found)
    said = [
        bool(part) and (AGREED.fullmatch(part) is not None or _so_too(place, bare))
        for place, part in enumerate(bare)
    ]
    if not any(said):
        return None
    return "".join(part for part, agrees in zip(found, said, strict=True) if not agrees)


def _bare(found: Sequence[str]) -> list[str]:
    return [part.strip(" 　。.!！*_-・#\n") for part in found]


def _so_too(place: int, parts: Sequence[str]) -> bool:
    """Say whether a sentence tells of the first picture what is so in the second, or says that it is."""
    said = parts[place]
    after = next((part for part in parts[place + 1 :] if part), "")
    before = next((part for part in reversed(parts[:place]) if part), "")
    if FIRST_SO.match(said) and SO_TOO.fullmatch(after):
        return not _turned(said) and not _faulty_elsewhere(said, parts)
    if not (SO_TOO.fullmatch(said) and FIRST_SO.match(before)):
        return False
    return not _turned(before) and not _faulty_elsewhere(before, parts)


def _faulty_elsewhere(said: str, parts: Sequence[str]) -> bool:
    """Say whether another sentence speaks of the same fault, which may then be one of either picture."""
    faults = {fault[0] for fault in lexicon.FAULT.finditer(said)}
    return any(fault in other for other in parts if other != said for fault in faults)


def _left(place: int, parts: Sequence[str]) -> str:
    """Return what is left of a sentence: itself, nothing, or what it means in plain words."""
    said = parts[place]
    rest = [part for number, part in enumerate(parts) if number != place and part]
    if _drops(place, parts, said, rest):
        return ""
    before = next((part for part in reversed(parts[:place]) if part), "")
    if TRULY.fullmatch(said) and not lexicon.LIGHT.search(before):
        return DIFFERENT
    if AT_LEAST.fullmatch(said):
        return DIFFERENT
    if NOT_SAME.fullmatch(said) and not any(map(UNCLEAR.search, parts)):
        return DIFFERENT
    there = NOT_IN_FIRST.fullmatch(said)
    if there and not lexicon.LIGHT.search(there["what"]):
        return DIFFERENT
    if noted := NOTED.fullmatch(said):
        return re.sub("目で(?!は)", "目では", noted["what"])
    same = SAME_THING.fullmatch(re.sub("(?:のよう|みたい)(?:です|だ)$", "です", said))
    # 「同じ部品です」 alone may mean parts of one kind.
    of_a_kind = said.startswith("同じ") and "と" not in said
    if same and not of_a_kind and not OF_A_PART.search(same["one"] or same["two"]):
        return SAME
    conceded = LIGHT_CONCEDED.match(said)
    if conceded and _only_light(conceded["light"]):
        return said[conceded.end() :]
    but = BUT_THERE.match(said)
    return re.sub("^(2枚目)を見ると", r"\1では", said[but.end() :]) if but else said


def _drops(place: int, parts: Sequence[str], said: str, rest: Sequence[str]) -> bool:
    """Say whether a sentence turns nothing, whatever stands beside it."""
    if any(frame.fullmatch(said) for frame in (ROLES, LOOKED, NOTHING_MORE, SUSPECTED, IN_BOTH)):
        return not any(map(_hidden, (said,)))
    if TICKED.fullmatch(said) or AGREED.fullmatch(said):
        return True
    after = next((part for part in parts[place + 1 :] if part), "")
    before = next((part for part in reversed(parts[:place]) if part), "")
    if _so_too(place, parts):
        return True
    if IMPRESSION.fullmatch(said) and BUT.match(after):
        return True
    if NO_TRICK.fullmatch(said):
        return not lexicon.LIGHT.search(before)
    causes = LIGHT_CAUSES.fullmatch(said)
    if causes and _only_light(said):
        return True
    mark = SHARED_MARK.fullmatch(said)
    if mark:
        return not any(mark["what"].rsplit("の", 1)[-1] in other for other in rest)
    common = COMMON.fullmatch(said)
    if common:
        return not _turned(common["what"])
    both = BOTH.match(said)
    return both is not None and _shared(said[both.end() :], rest)


def _hidden(said: str) -> bool:
    return re.search("だけ|のみ|以外|かもしれ|可能性", said) is not None


def _turned(said: str) -> bool:
    """Say whether words in a description may turn it."""
    masked = lexicon.masked(said)
    return any(words.search(masked) for words in _TURNS)


def _only_light(said: str) -> bool:
    """Say whether what is named is light, and no fault."""
    lit = lexicon.LIGHT.search(said) or "明るさ" in said
    return bool(lit) and not lexicon.FAULT.search(
        re.sub("位置(?:の)?ずれ|わずかなずれ", "", lexicon.masked(said))
    )


def _shared(said: str, rest: Sequence[str]) -> bool:
    """Say whether something is merely told of both pictures, and nothing else speaks of the same fault."""
    masked = lexicon.masked(said)
    if _turned(said) or any(mark in said for mark in _SHIFTED) or lexicon.ALIKE.search(masked):
        return False
    if lexicon.FIRST.search(masked) or lexicon.SECOND.search(masked) or _VERDICT.search(said):
        return False
    for fault in lexicon.FAULT.finditer(masked):
        if not _DENIED.match(masked, fault.end()) and any(fault[0] in other for other in rest):
            return False
    return True

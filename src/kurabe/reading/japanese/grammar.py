"""What a Japanese clause says; the Japanese counterpart of `kurabe.reading.english.grammar`.

The predicate stands last, so what denies a pivot stands after it: 「違いは見られません」. What comes
before it says of what it is said: 「ピンの色に違いはない」 speaks of a part.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from kurabe.reading.clauses import Act, Meaning
from kurabe.reading.japanese import attitude
from kurabe.reading.japanese.likeness import difference, nominal, noun, sameness, several
from kurabe.reading.japanese.sentences import Word
from kurabe.reading.japanese.states import comparative, defect, good, scene, states_defect
from kurabe.reading.patterns import later

_FREE = frozenset("rtpy,f")
_MOST_PIVOTS = 80
"""Words of difference, sameness or defect in a clause; a model that repeats itself has more."""


def meaning(words: list[Word]) -> Meaning:
    """Return what a clause says by itself; its neighbours are weighed elsewhere."""
    words = list(_without_relative(words))
    text = "".join(word.text for word in words)
    kept = [word for word in words if word.code not in _FREE]
    codes = "".join(word.code for word in kept)
    sides = _sides(words)
    only = "O" in codes or "ずつ" in text
    glance = any(word.code == "f" for word in words)
    if sum(code in "DKSedJFCG" for code in codes) > _MOST_PIVOTS:
        return Meaning("turn")
    found = _attitude(text, codes)
    if _lost_negation(text, words) or (
        _OF_NOTHING.match(text) and re.fullmatch("[^DKSedJCFG]*n[^DKSedJCFG]*", codes)
    ):
        found = Meaning("turn")
    if found is None:
        found = _strongest(list(_pivots(words, kept, codes, sides)), words, kept, codes, sides)
    side = next(iter(sides)) if len(sides) == 1 else 0
    if found.named and found.act in ("different", "defect", "both") and disclaims(words):
        found = Meaning("turn")
    stated = found.act == "defect" and states_defect(codes, text)
    return found._replace(only=only or found.only, side=side, glance=glance, stated=stated)


_COMPARES = later("^(?:と比べ|に比べ|と比較|より|とは異な|と違|とは?逆|とは?反対)")


def _sides(words: list[Word]) -> set[int]:
    """Return the pictures that a clause speaks of; what it only compares with is none of them."""
    found = set()
    compared = False
    for place, word in enumerate(words):
        ahead = words[place + 1 : place + 4]
        owned = (
            len(ahead) == 3 and ahead[0].text == "の" and ahead[1].code in "PQx"
        )  # 「上の写真の部品と比べて」
        following = "".join(one.text for one in ahead[2 if owned else 0 :])
        if word.code == "I" and not _COMPARES.match(following):
            found.add(word.side)
        compared = compared or (word.code == "I" and _COMPARES.match(following) is not None)
    return found or ({2} if compared else set())  # "shorter than in the upper one" speaks of the other


def _without_relative(words: list[Word]) -> Iterator[Word]:
    """Leave out 「参照画像にはない」 before the noun that it belongs to."""
    skipped = 0
    for place, word in enumerate(words):
        if skipped:
            skipped -= 1
            continue
        if word.code == "I":
            ahead = words[place + 1 : place + 6]
            particles = next((n for n, one in enumerate(ahead) if one.code != "p"), len(ahead))
            seen = particles + (ahead[particles : particles + 1] != [] and ahead[particles].code == "X")
            bare = ahead[seen : seen + 2]
            if len(bare) == 2 and bare[0].text in ("ない", "なかった", "無い") and bare[1].code in "FQxPglA":
                skipped = seen + 1
                continue
        yield word


def disclaims(words: list[Word]) -> bool:
    """Say whether a clause ends in a denial of what was said before: 「わけではありません」."""
    return any(word.code == "n" and len(word.text) >= 5 and word.text != "ませんでし" for word in words[-2:])


_NEGATIVE = later("ません|ない|なかっ|なく(?!な)|なし(?!て)|無い|無し|無く")


_OF_NOTHING = later("、?(?:では|じゃ)")
"""The beginning of a denial whose thing is no word: 「△ではなく×です」."""


def _lost_negation(text: str, words: list[Word]) -> bool:
    """Say whether a negation was cut apart, so that no word holds it."""
    held = sum(len(_NEGATIVE.findall(word.text)) for word in words)
    return held < len(_NEGATIVE.findall(text))


_NOT_ON = later("(?:付い|つい|入っ|はまっ|載っ|[さら]れ)てい(?:ません|ない)")
_NOT_COUNTED = later("(?:数え|含め|考慮し|カウントし)(?:ません|ない|ず)")


def _attitude(text: str, codes: str) -> Meaning | None:
    pivot = re.search("[DKSedJCFG]", codes)
    if not codes:
        return Meaning("neutral")
    if attitude.counts_not(text) or attitude.in_general(text):
        return Meaning("neutral")
    if _NOT_ON.search(text) and re.search("[DKS]", codes):
        return Meaning("turn")
    if _NOT_COUNTED.search(text) and "E" in codes and not re.search("[QF]", codes):
        return Meaning("neutral")  # 「明るさの違いは数えません」
    if attitude.unseen(text):
        return Meaning("alike")
    if attitude.doubts(text):
        return Meaning("doubt")
    if attitude.picture_cut(text):
        return Meaning("open" if pivot else "neutral")
    if attitude.intends(text) or attitude.looked(text):
        return Meaning("neutral")
    if attitude.whether(text) or attitude.supposes(text):
        return Meaning("turn" if pivot else "neutral")
    if "*" in codes:
        return Meaning("turn" if pivot else "open")
    return None


def _pivots(words: list[Word], kept: list[Word], codes: str, sides: set[int]) -> Iterator[Meaning]:
    place = 0
    named = nominal(words)
    following = {id(word): after.text for word, after in pairwise(words)}
    while place < len(codes):
        code = codes[place]
        left, right = codes[:place], codes[place + 1 :]
        if (
            code in "DKSe"
            and several(words, kept[place])
            and "L" not in left[-3:]
            and not _NARROWS.search(right)
        ):
            yield _of_several(words, kept, place, left, right)
        elif code in "DK":
            yield noun(code, left, right, sides, following.get(id(kept[place]), ""), named)
        elif code == "S":
            yield sameness(words, kept, place, left, right)
        elif code in "ed":
            yield difference(words, kept, place, left, right)
        elif code == "J":
            yield Meaning("different" if right[:1] == "n" else "alike")
        elif code == "F":
            yield defect(words, kept[place], left, right, sides)
        elif code == "C":
            yield comparative(kept[place].text, left, right, sides)
        elif code == "G":
            yield good(words, left, right, sides)
        place += 1


_NARROWS = later("[LQxFEIOGeDKS]")


def _of_several(words: list[Word], kept: list[Word], place: int, left: str, right: str) -> Meaning:
    """Read what is said of three things or more: of so many, it will do for the whole."""
    denied = right.count("n") % 2 == 1
    if kept[place].code == "S":
        said = sameness(words, kept, place, left, right)
        return said._replace(suffices=said.act == "alike" and not denied)
    if kept[place].code == "e":
        said = difference(words, kept, place, left, right)
        return said._replace(suffices=said.act == "alike" and denied)
    said = noun(kept[place].code, left, right, set(), "", nominal(words))
    return said._replace(suffices=said.act == "alike" and denied and right.count("n") == 1)


_ORDER: tuple[Act, ...] = (
    *("turn", "doubt", "ask_different", "different", "same", "excluded", "rest", "hint", "both", "defect"),
    *("open", "heading", "alike", "fine", "side", "neutral", "is_not", "yes", "no"),
)


def _strongest(
    found: list[Meaning], words: list[Word], kept: list[Word], codes: str, sides: set[int]
) -> Meaning:
    acts = {one.act for one in found}
    if {"different", "same"} <= acts:
        return Meaning("turn")
    if "both" in acts and "alike" in acts and "defect" not in acts:
        return Meaning("both")
    if not found:
        return scene(words, kept, codes, sides)
    best = min(found, key=lambda one: _ORDER.index(one.act))
    return best._replace(named=any(one.named for one in found))

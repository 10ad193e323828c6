"""What a Japanese clause says; the Japanese counterpart of `kurabe.reading.english.grammar`.

The predicate stands last, so what denies a pivot stands after it: 「違いは見られません」. What comes
before it says of what it is said: 「ピンの色に違いはない」 speaks of a part.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from kurabe.reading.clauses import Act, Meaning
from kurabe.reading.japanese import attitude
from kurabe.reading.japanese.sentences import Word

_FREE = frozenset("rtpy,f")
_PART = re.compile("[Qx]")


def meaning(words: list[Word]) -> Meaning:
    """Return what a clause says by itself; its neighbours are weighed elsewhere."""
    words = list(_without_relative(words))
    text = "".join(word.text for word in words)
    kept = [word for word in words if word.code not in _FREE]
    codes = "".join(word.code for word in kept)
    sides = _sides(words)
    only = "O" in codes or "ずつ" in text
    glance = any(word.code == "f" for word in words)
    found = _attitude(text, codes)
    if _lost_negation(text, words):
        found = Meaning("turn")
    if found is None:
        found = _strongest(list(_pivots(words, kept, codes, sides)), words, kept, codes, sides)
    side = next(iter(sides)) if len(sides) == 1 else 0
    if found.named and found.act in ("different", "defect", "both") and disclaims(words):
        found = Meaning("turn")
    return found._replace(only=only or found.only, side=side, glance=glance)


_COMPARES = re.compile("^(?:と比べ|に比べ|と比較|より|とは異な|と違)")


def _sides(words: list[Word]) -> set[int]:
    """Return the pictures that a clause speaks of; what it only compares with is none of them."""
    found = set()
    compared = False
    for place, word in enumerate(words):
        following = words[place + 1].text if place + 1 < len(words) else ""
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
            bare = ahead[particles : particles + 2]
            if len(bare) == 2 and bare[0].text in ("ない", "なかった", "無い") and bare[1].code in "FQxP":
                skipped = particles + 1
                continue
        yield word


def disclaims(words: list[Word]) -> bool:
    """Say whether a clause ends in a denial of what was said before: 「わけではありません」."""
    return any(word.code == "n" and len(word.text) >= 5 for word in words[-2:])


_NEGATIVE = re.compile("ません|ない|なかっ|なく(?!な)|なし(?!て)|無い|無し|無く")


def _lost_negation(text: str, words: list[Word]) -> bool:
    """Say whether a negation was cut apart, so that no word holds it."""
    held = sum(len(_NEGATIVE.findall(word.text)) for word in words)
    return held < len(_NEGATIVE.findall(text))


def _attitude(text: str, codes: str) -> Meaning | None:
    pivot = re.search("[DKSedJCFG]", codes)
    if not codes:
        return Meaning("neutral")
    if attitude.unseen(text):
        return Meaning("alike")
    if attitude.doubts(text):
        return Meaning("doubt")
    if attitude.intends(text) or attitude.looked(text):
        return Meaning("neutral")
    if attitude.whether(text) or attitude.supposes(text):
        return Meaning("turn" if pivot else "neutral")
    if "*" in codes:
        return Meaning("turn" if pivot else "open")
    return None


def _pivots(words: list[Word], kept: list[Word], codes: str, sides: set[int]) -> Iterator[Meaning]:
    place = 0
    nominal = _nominal(words)
    following = {id(word): after.text for word, after in pairwise(words)}
    while place < len(codes):
        code = codes[place]
        left, right = codes[:place], codes[place + 1 :]
        if code in "DK":
            yield _noun(code, left, right, sides, following.get(id(kept[place]), ""), nominal)
        elif code == "S":
            yield _sameness(words, kept, place, left, right)
        elif code in "ed":
            yield _difference(words, kept, place, left, right)
        elif code == "J":
            yield Meaning("different" if right[:1] == "n" else "alike")
        elif code == "F":
            yield _defect(words, kept[place], left, right, sides)
        elif code == "C":
            yield _comparative(left, right, sides)
        elif code == "G":
            yield _good(left, right, sides)
        place += 1


_NOMINAL = re.compile("(?:ない|なかった|ません)(?:こと|点|ところ|の(?=です|だ|$)|ため)")


def _nominal(words: list[Word]) -> bool:
    """Say whether what is denied only names the difference: 「違いはピンがないことです」."""
    return _NOMINAL.search("".join(word.text for word in words)) is not None


def _about(codes: str) -> str:
    """Return what stands before a predicate: the whole pair, a part, or what is excluded."""
    if (
        "E" in codes
        and not re.search("[QxF]", codes[codes.rfind("E") + 1 :])
        and not re.search("[QF]", codes)
    ):
        return "excluded"
    return "part" if _PART.search(codes) else "apart" if "N" in codes else "whole"


def _noun(code: str, left: str, right: str, sides: set[int], particle: str, nominal: bool) -> Meaning:
    """Read what is said with a noun: 「違いはありません」, 「違いは左のピンです」."""
    if "L" in left[-3:] or "L" in right:
        return Meaning("doubt")
    denies = re.match(r"[XrAqOBPILlgE1RDKcG,]*?X?n(n*)|[qPBA]*o", right)
    if re.match(r"[^n]*[FSGed]", right) and not re.match(r"[DKc]*n", right) and "n" in right:
        denies = None
    if denies:
        return _no_noun(code, left, right, denies, sides, particle)
    if right.endswith("n") and particle != ":" and not nominal:
        return Meaning("turn")  # what is denied is not the difference
    if _PART.search(right) or re.search("[FCE]", right):
        if "n" in right and not re.search("[FQx]", right):
            return Meaning("turn")
        light = "E" in right and _about(right) == "excluded"
        return Meaning("excluded" if light else "different", named=True)
    if "n" in right:
        return Meaning("turn")
    return _one_noun(code, left, right, sides, particle)


def _no_noun(
    code: str, left: str, right: str, denies: re.Match[str], sides: set[int], particle: str
) -> Meaning:
    """Read a denial: 「違いはありません」, of the whole or of a part."""
    about, inner = _about(left), right[: denies.end()]
    if denies[1] and len(denies[1]) % 2 == 1:
        return Meaning("different", about == "part")  # 「違いがないわけではない」
    if re.match("[^DKFSGed]*n", right[denies.end() :]):
        return Meaning("turn")
    some = "q" in inner.replace("qn", "") and "も" not in particle and re.search("[2-9]", inner)
    if "O" in inner or some:
        return Meaning("turn")
    if "R" in left:
        return Meaning("rest")
    if about == "part" and not re.search("[QxE]", inner) and not sides and len(re.findall("Q", left)) >= 3:
        return Meaning("same") if not re.search("[xF]", left) else Meaning("alike")
    if about != "whole" or re.search("[QxE]", inner) or (code == "K" and len(sides) == 1):
        return Meaning("alike")
    return Meaning("same")


def _one_noun(code: str, left: str, right: str, sides: set[int], particle: str) -> Meaning:
    """Read an assertion: 「違いがあります」; a bare 「違い」 is a heading."""
    about = _about(left)
    if code == "K" and ("B" in left or len(sides) == 2):
        return Meaning("both")
    copula = not right and particle in ("です", "だ", "である")
    asserted = bool(re.match(r"[XAqOPBgI]*X|q|[qAP]*O", right)) or right[:1] == "X" or copula
    if about == "excluded":
        return Meaning("excluded", named=True) if asserted or not right else Meaning("heading")
    if about == "apart":
        return Meaning("open")
    if asserted or "q" in left or (not right and particle == "" and re.search("[QxA]", left)):
        return Meaning("different", about == "part")
    return Meaning("heading")


def _attributive(words: list[Word], word: Word) -> Word | None:
    """Return the noun that a verb stands before, as in 「異なる角度」; None if it is the predicate."""
    place = next((n for n, one in enumerate(words) if one is word), len(words))
    ended = False
    for following in words[place + 1 :]:
        if following.code in "PQExIKFgBN":
            return following if ended or word.code in "SdF" or word.text in ("違う", "ちがう") else None
        if following.code != "t" and following.text not in ("の", "な"):
            return None
        if following.text in (
            "で",
            "に",
            "と",
            "です",
            "だ",
            "よう",
            "ように",
            "り",
            "って",
            "っ",
            "あり",
            "て",
            "し",
        ):
            return None
        ended = True
    return None


def _sameness(words: list[Word], kept: list[Word], place: int, left: str, right: str) -> Meaning:
    word = kept[place]
    inner = (
        word.text.endswith(("つか", "つき", "付か", "付き", "られ", "でき", "なつか")) or word.text == "遜色"
    )
    denied = (right.count("n") - (1 if inner else 0)) if not re.match("[^n]*[DKFSG]", right) else 0
    if inner and "n" not in right:
        return Meaning("different")  # they can be told apart
    thing = _attributive(words, word)
    about = _about(left)
    if "R" in left:
        beyond = any(one.code == "R" and ("以外" in one.text or "除" in one.text) for one in kept[:place])
        return Meaning("rest" if not denied else "different", only=beyond)
    if denied % 2 == 1:
        return Meaning("different", about == "part")
    if "L" in left[-3:]:
        return Meaning("alike")
    if thing is not None:
        if thing.text in ("もの", "物", "画像", "写真", "状態", "内容", "図", "見た目", "外観"):
            return Meaning("same" if about == "whole" and not re.search("[QxF]", right) else "alike")
        if thing.code == "P" and not re.search("[QxF]", right):
            return Meaning("fine")
        return Meaning("alike")
    if about != "whole" or _PART.search(right):
        return Meaning("alike")
    if word.text == "共通":
        return Meaning("alike")
    return Meaning("same")


def _difference(words: list[Word], kept: list[Word], place: int, left: str, right: str) -> Meaning:
    word = kept[place]
    thing = _attributive(words, word)
    about = _about(left)
    if thing is not None:
        if thing.code == "E":
            return Meaning("excluded", named=True)
        if "n" in right:
            return Meaning("alike")
        return Meaning("turn" if thing.code in "PIg" else "hint", named=True)
    if re.match("[^n]*[DKFSG]", right):
        if right.endswith("n"):
            return Meaning("turn")
        right = ""
    denied = right.count("n")
    if "L" in left[-3:]:
        return Meaning("alike" if denied else "doubt")
    if "R" in left and denied % 2 == 1:
        return Meaning("rest")
    if word.text in ("違い", "変わり") and right[:1] not in ("X", "n", "") and not denied:
        return Meaning("heading")
    if denied % 2 == 1:
        return Meaning("same" if about == "whole" and not _PART.search(right) else "alike")
    if about == "excluded":
        return Meaning("excluded", named=True)
    if about == "apart":
        return Meaning("open")
    return Meaning("different", about == "part")


def _place(codes: str, sides: set[int], act: Act = "defect", text: str = "") -> Meaning:
    if _ONE_OF.search(text):
        return Meaning("different", named=True)
    if len(sides) == 1 and "B" not in codes:
        return Meaning("different", named=True)
    return Meaning("both") if "B" in codes or len(sides) == 2 else Meaning(act, named=True)


_ONE_OF = re.compile("(?:一方|片方|片側)(?:の.{0,12})?(?:だけ|のみ)")
_CHANGES = frozenset(
    [
        "無くな",
        "なくな",
        "消え",
        "増え",
        "減っ",
        "減り",
        "追加",
        "移動し",
        "移動して",
        "入れ替わ",
        "置き換わ",
        "交換され",
        "失われ",
        "消失",
        "取り除",
    ]
)


def _defect(words: list[Word], word: Word, left: str, right: str, sides: set[int]) -> Meaning:
    thing = _attributive(words, word)
    after = re.sub("^[lgA]*[QxP]+", "", right) if thing is not None and "E" not in right else right
    slight = re.search("わずか|少し|若干|微妙|僅か|ほんの|微小|やや", "".join(one.text for one in words))
    if (
        word.text in ("ずれ", "ズレ")
        and slight
        and not re.search("[xF]", left)
        and {one.text for one in words if one.code == "Q"} <= {"位置"}
    ):
        return Meaning("excluded", named=True)
    if re.match(r"[XqAOFcGE]*n", after) and right.count("n") % 2 == 1:
        return Meaning("alike" if len(sides) == 1 else "fine")
    if "R" in left and "n" in right:
        return Meaning("rest")
    if right.endswith("n") and not _nominal(words):
        return Meaning("turn")
    text = "".join(one.text for one in words)
    if (word.text in _CHANGES or "発生し" in text) and "n" not in right:
        return Meaning("different", named=True)
    return _place(left + right, sides, text=text)


def _comparative(left: str, right: str, sides: set[int]) -> Meaning:
    if "n" in right:
        return Meaning("alike")
    if left[-1:] == "E" or not re.search("[QxF]", left + right):
        return Meaning("excluded" if "E" in left + right or re.search("[PI]", left) else "defect", named=True)
    return _place(left + right, sides)


def _good(left: str, right: str, sides: set[int]) -> Meaning:
    if right.count("n") % 2 == 1 and not re.match("[^n]*[DKFS]", right):
        return _place(left + right, sides)
    if "B" in left + right or len(sides) == 2 or (not sides and re.match("[PBl]*$", left)):
        return Meaning("fine")
    return Meaning("side") if sides else Meaning("alike")


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
        return _scene(words, kept, codes, sides)
    best = min(found, key=lambda one: _ORDER.index(one.act))
    return best._replace(named=any(one.named for one in found))


def _scene(words: list[Word], kept: list[Word], codes: str, sides: set[int]) -> Meaning:
    """Read a clause without a pivot: existence alone, a part that is not there, a description."""
    if re.search("はい|いいえ", "".join(word.text for word in words)):
        return Meaning("turn" if "n" in codes else "open")
    if re.fullmatch("[AB]*n|[qAB]*Xn", codes):
        return Meaning("no")
    if re.fullmatch("[qA]*X", codes) and kept[-1].text in (
        "あり",
        "ある",
        "あっ",
        "ござい",
        "有り",
        "有る",
        "見られ",
        "確認でき",
        "有",
    ):
        return Meaning("yes")
    if "n" in codes:
        if re.search("[Qx][XqlBIPA]*n", codes):
            return _place(codes, sides)
        return Meaning("side" if re.fullmatch("I[XqA]*n", codes) else "open")
    if "E" in codes and not _PART.search(codes) and "X" in codes:
        return Meaning("excluded", named=True)
    if len(sides) == 1:
        return Meaning("different", named=True) if "O" in codes and "X" in codes else Meaning("side")
    if "B" in codes or len(sides) == 2:
        return Meaning("neutral")
    return Meaning("open" if "x" in codes else "neutral")

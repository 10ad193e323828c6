"""What is said in Japanese with words of difference and sameness: 「違い」, 「異なる」, 「同じ」."""

import re

from kurabe.reading.clauses import Meaning
from kurabe.reading.japanese.sentences import Word
from kurabe.reading.patterns import later

_PART = later("[Qx]")


_NOMINAL = later("(?:ない|なかった|ません)(?:こと|点|ところ|の(?=です|だ|$)|ため)")


def nominal(words: list[Word]) -> bool:
    """Say whether what is denied only names the difference: 「違いはピンがないことです」."""
    return _NOMINAL.search("".join(word.text for word in words)) is not None


def about_of(codes: str) -> str:
    """Return what stands before a predicate: the whole pair, a part, or what is excluded."""
    if (
        "E" in codes
        and not re.search("[QxF]", codes[codes.rfind("E") + 1 :])
        and not re.search("[QF]", codes)
    ):
        return "excluded"
    return "part" if _PART.search(codes) else "apart" if "N" in codes else "whole"


_JOINED = later("[、・]|や|および|及び|ならびに|と(?=[^、]{2})")
_ITEM = later("(?:[0-9]+[本個枚つ]の)?[^はがをも]{1,14}")
_LIST_END = later(
    "(?:の?(?:間|状態|仕様|内容|様子|点|いずれ|すべて|全て|どれ|各項目)|とも|ともに|共に|など|等"
    "|の)*(?:[にはがもで]*、?)?$"
)


def several(words: list[Word], until: Word) -> bool:
    """Say whether three things or more are named before a word: 「位置・極性・ハンダ付けの状態に相違は」."""
    text = ""
    kinds = ""
    for word in words:
        if word is until:
            break
        if word.code in "ArtB":
            continue
        if word.code in "IRO|" or (word.code == "P" and word.text not in _WHOLE):
            text, kinds = "", ""
            continue
        text += word.text
        kinds += word.code
    items = [item for item in _JOINED.split(_LIST_END.sub("", text).strip("、:にはがで")) if item]
    return len(items) >= 3 and not set(kinds) & set("FnDKSeEJC*^~") and all(map(_ITEM.fullmatch, items))


_WHOLE = frozenset(("部品", "製品", "基板", "コネクタ", "ケーブル", "一つ"))


def noun(code: str, left: str, right: str, sides: set[int], particle: str, nominal: bool) -> Meaning:
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
        light = "E" in right and about_of(right) == "excluded"
        return Meaning("excluded" if light else "different", named=True)
    if "n" in right:
        return Meaning("turn")
    return _one_noun(code, left, right, sides, particle)


def _no_noun(
    code: str, left: str, right: str, denies: re.Match[str], sides: set[int], particle: str
) -> Meaning:
    """Read a denial: 「違いはありません」, of the whole or of a part."""
    about, inner = about_of(left), right[: denies.end()]
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
        return Meaning("alike", suffices=not re.search("[xF]", left))
    if about != "whole" or re.search("[QxE]", inner) or (code == "K" and len(sides) == 1):
        sound = about == "whole" and not re.search("[QxE]", inner) and sides == {2} and "も" not in particle
        return Meaning("alike", suffices=sound)
    return Meaning("same")


def _one_noun(code: str, left: str, right: str, sides: set[int], particle: str) -> Meaning:
    """Read an assertion: 「違いがあります」; a bare 「違い」 is a heading."""
    about = about_of(left)
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


def attributive(words: list[Word], word: Word) -> Word | None:
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


def sameness(words: list[Word], kept: list[Word], place: int, left: str, right: str) -> Meaning:
    """Read what is said with 「同じ」 or 「区別がつかない」."""
    word = kept[place]
    inner = (
        word.text.endswith(("つか", "つき", "付か", "付き", "られ", "でき", "なつか")) or word.text == "遜色"
    )
    denied = (right.count("n") - (1 if inner else 0)) if not re.match("[^n]*[DKFSG]", right) else 0
    if inner and "n" not in right:
        return Meaning("different")  # they can be told apart
    thing = attributive(words, word)
    about = about_of(left)
    if "R" in left:
        beyond = any(one.code == "R" and ("以外" in one.text or "除" in one.text) for one in kept[:place])
        return Meaning("rest" if not denied else "different", only=beyond)
    if denied % 2 == 1:
        return Meaning("different", about == "part")
    if "L" in left[-3:]:
        return Meaning("alike")
    if thing is not None:
        if thing.text in ("もの", "物", "画像", "写真", "状態", "内容", "図", "見た目", "外観", "仕上がり"):
            return Meaning("same" if about == "whole" and not re.search("[QxF]", right) else "alike")
        if thing.code == "P" and not re.search("[QxF]", right):
            return Meaning("fine")
        return Meaning("alike")
    listed = sum(one.text in "、・や" for one in words) >= 2 and len(re.findall("Q", left)) >= 3
    joined = sum(one.text == "も" for one in words) >= 3 and left.count("Q") >= 2
    each = any(one.text in ("いずれ", "どれ", "すべて", "全て", "いずれも", "どれも") for one in words)
    unclear = "[FEI]" if joined or (listed and each) else "[xFEI]"
    if about == "part" and (listed or joined) and not re.search(unclear, left + right):
        return Meaning("alike", suffices=True)  # 「形状、色、位置のいずれも同じ」
    if about != "whole" or _PART.search(right):
        return Meaning("alike")
    if word.text == "共通":
        return Meaning("alike")
    return Meaning("same")


def _of_a_thing(words: list[Word]) -> bool:
    """Say whether a clause speaks of the light of a part alone: 「ふたの反射」."""
    light = next((n for n, word in enumerate(words) if word.code == "E"), 0)
    things = sum(word.code in "Qx" for word in words)
    return light > 1 and words[light - 1].text == "の" and words[light - 2].code in "Qx" and things == 1


def difference(words: list[Word], kept: list[Word], place: int, left: str, right: str) -> Meaning:
    """Read what is said with 「異なる」 or 「変わる」."""
    thing = attributive(words, kept[place])
    if thing is not None:
        if thing.code == "E":
            return Meaning("excluded", named=True)
        if "n" in right:
            return Meaning("alike")
        return Meaning("turn" if thing.code in "PIg" else "hint", named=True)
    if "E" in right and not re.search("[QxFn]", right):
        return Meaning("excluded", named=True)  # 「異なるのは明るさだけです」
    if re.match("[^n]*[DKFSG]", right):
        if right.endswith("n"):
            return Meaning("turn")
        right = ""
    denied = right.count("n")
    if left.endswith("E") and _of_a_thing(words) and not denied:
        return Meaning("turn")  # the light on a part may show the part
    if "L" in left[-3:]:
        return Meaning("alike" if denied else "doubt")
    if "R" in left and denied % 2 == 1:
        return Meaning("rest")
    if kept[place].text in ("違い", "変わり") and right[:1] not in ("X", "n", "") and not denied:
        return Meaning("heading")
    return _differs(about_of(left), right, denied % 2 == 1)


def _differs(about: str, right: str, denied: bool) -> Meaning:
    """Return what it says that something differs, or does not."""
    if denied:
        return Meaning("same" if about == "whole" and not _PART.search(right) else "alike")
    if about == "excluded":
        return Meaning("excluded", named=True)
    return Meaning("open") if about == "apart" else Meaning("different", about == "part")

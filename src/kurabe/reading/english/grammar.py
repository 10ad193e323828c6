"""What an English clause says: sameness, difference, a defect, an exclusion, or something that is open.

A clause is a string of word classes (`kurabe.reading.english.words`). Its pivots are the words of
difference, sameness, defect and good order. A negation counts only if every word between it and its
pivot is understood; what is said of a part is not said of the whole; what is left open stays open.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kurabe.reading.clauses import Act
from kurabe.reading.english.attitude import doubts
from kurabe.reading.english.sentences import Word, side_of
from kurabe.reading.english.words import FREE

NEGATORS = "nowz"
_NOUN_RUN = re.compile(r"[DK](?:[,c]*[AVgQ]{0,2}[DK])*")
_PART = re.compile(r"[Qx]")
_OBSERVES = re.compile(r"M(?:n?v|n?bv|n?bV|nh|nb?[SdKD])")
_ADJECTIVE_PLACE = frozenset("PQxGgFIN")


_ALSO = re.compile(r"\b(?:also|too|as well|likewise|again|equally|both)\b")
_COMPARES = frozenset(
    (
        "compared to",
        "compared with",
        "when compared to",
        "when compared with",
        "in comparison to",
        "in comparison with",
    )
    + ("relative to", "in contrast to", "unlike", "than", "versus", "as opposed to")
)


class Meaning(NamedTuple):
    """What a clause does, and whether it says what differs."""

    act: Act
    named: bool = False
    only: bool = False
    side: int = 0
    glance: bool = False


class _Clause(NamedTuple):
    words: tuple[Word, ...]  # all but those that change nothing
    codes: str
    text: str

    @property
    def sides(self) -> set[int]:
        """The pictures it speaks of; what it only compares with is none of them."""
        found: list[Word] = []
        compares = False
        for word in self.words:
            if word.code == "I" and not compares:
                found.append(word)
            compares = word.text in _COMPARES or (compares and word.code not in "I,")
        return {side_of(word) for word in found}

    @property
    def in_both(self) -> bool:
        """True if it speaks of both pictures alike: "in both", "in the upper and the lower picture"."""
        return "B" in self.codes or (len(self.sides) == 2 and not self.opposed)

    @property
    def opposed(self) -> bool:
        """True if it speaks of both pictures, and not alike: "straight in the upper, bent in the lower"."""
        if len(self.sides) != 2 or re.search("Ip?[c,]+p?I", self.codes) or _ALSO.search(self.text):
            return False
        return re.search("I.*[GVnFC].*I|I.*I.*n|n.*I.*I", self.codes) is not None and "S" not in self.codes


def meaning(words: list[Word]) -> Meaning:
    """Return what a clause says by itself; its neighbours are weighed elsewhere."""
    kept = tuple(word for word in words if word.code not in FREE and word.code != "f")
    codes = "".join(word.code for word in kept)
    clause = _Clause(kept, codes, " ".join(word.text for word in words))
    only = "O" in codes
    glance = any(word.code == "f" for word in words)
    side = next(iter(clause.sides)) if len(clause.sides) == 1 else 0
    found = _attitude(clause)
    if found is None:
        found = _strongest(list(_pivots(clause)), clause)
    return found._replace(only=only or found.only, side=side, glance=glance)


def _attitude(clause: _Clause) -> Meaning | None:
    """Return the meaning of a clause that states nothing: a doubt, a purpose, a condition."""
    codes = clause.codes
    if not codes:
        return Meaning("neutral")
    pivot = re.search("[DKSdesJCFG]", codes)
    first = pivot.start() if pivot else len(codes)
    if doubts(clause.text):
        about = re.search(r"\b(?:if|whether|which|how many)\b", clause.text)
        return Meaning("doubt" if pivot or about or len(codes) <= 8 else "open")
    if "u" in codes:
        return Meaning("doubt" if pivot or len(codes) <= 5 else "open")
    if "M" in codes and not _OBSERVES.search(codes):
        return Meaning("doubt" if pivot else "open")
    if "*" in codes:
        if "E" in codes and not pivot:
            return Meaning("excluded", named=True)
        return Meaning("turn" if pivot or "n" in codes else "open")
    if "%" in codes:
        place = codes.index("%")
        if pivot and pivot.start() > place:
            purpose = re.search("[UvM]|k", codes[:place]) or re.search(
                r"\b(?:say|tell|know|ask|asks|asked|decide|determine|check|judge|verify|assess|question)\b",
                clause.text,
            )
            return Meaning("neutral" if purpose else "turn")
        return Meaning("neutral" if not pivot else "turn") if place == 0 else None
    if "U" in codes and codes.index("U") < first:
        between = codes[codes.index("U") : first]
        if not set(NEGATORS).intersection(between):
            return Meaning("neutral")
    return None


def _pivots(clause: _Clause) -> Iterator[Meaning]:
    codes = clause.codes
    place = 0
    while place < len(codes):
        code = codes[place]
        if code in "DK":
            run = _NOUN_RUN.match(codes, place)
            end = run.end() if run else place + 1
            yield _noun(clause, place, end)
            place = end
            continue
        if code in "Ss":
            yield _sameness(clause, place)
        elif code in "de":
            yield _difference(clause, place)
        elif code == "J":
            before = codes[:place].rstrip("LAO")
            yield Meaning(("different" if before.endswith("n") else "turn") if _odd(before) else "alike")
        elif code == "F":
            yield _defect(clause, place)
        elif code == "C":
            yield _comparative(clause, place)
        elif (
            code == "R"
            and clause.words[place].text in ("additional", "further")
            and codes[place + 1 : place + 2] in ("Q", "x")
        ):
            yield Meaning("alike") if _odd(codes[:place]) else _place(clause)
        elif code in "GV":
            found = _state(clause, place)
            if found is not None:
                yield found
        place += 1


def _odd(codes: str) -> bool:
    """Say whether negations turn what follows round; one that is repeated in a list counts once."""
    once = re.sub(r"[nozw](?=[^nozw]*[c,][AOR]*[nozw])", "", codes)
    return sum(code in NEGATORS for code in once) % 2 == 1


def _since_negator(left: str) -> str:
    """Return what stands between the last negation and a pivot."""
    return left[max(left.rfind(code) for code in NEGATORS) + 1 :]


def _noun(clause: _Clause, start: int, end: int) -> Meaning:
    """Read what is said with a noun: "there are no differences in …", "the only difference is …"."""
    codes = clause.codes
    left, right = codes[:start], codes[end:]
    if codes[start] == "D" and codes[max(0, start - 1) : start] == "S":
        return Meaning("turn")  # "same difference"
    predicate = re.search(r"[bkmMhev]", right)
    around, told = (right[: predicate.start()], right[predicate.start() :]) if predicate else (right, "")
    if re.match("n[vVT]", right):  # "differences not found"
        around, told = "", "b" + right
    flipped, stated, named, settled = _predicate(told)
    if len(told) == 2 and _ABSENT.search(clause.text):
        flipped, named, stated = True, False, False
    odd = _odd(left) != flipped
    negated = bool(set(NEGATORS).intersection(left))
    between = _since_negator(left) if negated else left
    if (not settled) and (odd or negated):
        return Meaning("turn")
    if "L" in left[-4:]:
        return Meaning("heading" if re.search(r"\bnot (?:many|much)\b", clause.text) else "doubt")
    part = bool(_PART.search(left + around)) or bool(set("FCG").intersection(around))
    if settled and not named:
        part = part or bool(_PART.search(told))
    excluded = "E" in around + told + between and not (part or set("QxFC").intersection(told))
    if odd:
        return _no_noun(clause, start, left, between, part or "N" in around, excluded)
    licensed = (
        bool(set("Tv").intersection(left)) or "h" in left or stated or "V" in around or "v" in right[:2]
    )
    if left[:1] == "v" and not stated:
        licensed = False  # "spot the difference"
    if clause.words[0].text in ("can", "could", "do", "does", "is", "are") and codes[1:2] in ("i", "T"):
        return Meaning("ask_different")
    fragment = _determined(clause, start)
    if not (licensed or fragment or negated):
        return Meaning("heading" if not named else "different", named)
    if re.search(r"\bany\b", clause.text) and not negated and not flipped and (named or not stated):
        return Meaning("turn" if named else "neutral")
    if "N" in around + told + between and not (part or excluded):
        return Meaning("open")
    if codes[start] == "K" and clause.in_both and not clause.sides == {1, 2}:
        return Meaning("both")
    if excluded:
        return Meaning("excluded", named=True)
    return Meaning("different", named or part)


def _no_noun(clause: _Clause, start: int, left: str, between: str, part: bool, excluded: bool) -> Meaning:
    if "R" in left:
        return Meaning("rest")
    if "q" in between:
        return Meaning("turn")  # "not three differences" leaves some
    if re.search("[Qx].*[bkmMTe]|[bkmMe].*[Qx]", between):
        return Meaning("turn")
    if excluded or part or set("FGCgEN").intersection(between):
        return Meaning("alike")
    if clause.codes[start] == "K" and len(clause.sides) == 1:
        return Meaning("alike")
    return Meaning("same")


def _predicate(told: str) -> tuple[bool, bool, bool, bool]:
    """Read what follows a noun of difference.

    Returns:
        Whether it denies that there is one, whether it states that there is one, whether it names what
        differs, and whether it is understood.
    """
    if not told:
        return False, False, False, True
    if re.match(r"[mMbkh]*n[mMbkh]*[vVT]", told) or re.match(r"[bk]+[zo]q?(?:$|[pc,vV])", told):
        return True, False, False, True
    if re.match(r"[mMbkh]*[vV]|[mMbk]+T", told):
        return False, True, False, True
    if re.match(r"[mMbkh]*n", told):
        return False, False, False, False
    if told in ("b", "k"):
        return False, False, False, True
    if re.match(r"[bk]+[AqOgRLC]*$|v", told):
        return False, True, False, True
    return False, True, True, True


_ABSENT = re.compile(
    r"\b(?:is|are|were|was|:) (?:absent|missing|lacking|negative|nil|gone|not applicable|n/a)$"
)
_COUNTS = re.compile(
    r"^(?:a|an|one|two|three|four|five|six|several|multiple|many|some|slight|minor|subtle|small|only|few"
    r"|single|clear"
    r"|noticeable|visible|obvious|major|significant|numerous|various|\d+)$"
)


def _determined(clause: _Clause, start: int) -> bool:
    """Say whether a bare noun phrase asserts: "one difference", "slight differences in the left pin"."""
    if set(clause.codes[:start]) - set("AqOgVPlRBLG"):
        return False
    if clause.text in ("diff", "mismatch", "mismatches", "mismatch found", "defect", "anomaly"):
        return True
    first = clause.text.split()[0].split(":")[-1]
    return _COUNTS.match(first) is not None or clause.text.startswith(("the only", "the main", "the key"))


def _about(codes: str) -> str:
    """Return what a phrase is about: "whole", "part" or "excluded"; what only places it is left out."""
    bare = re.sub(r"p[BPIlAgq]*(?=$|[pc,])", "", codes)
    if "E" in bare and not re.search(r"(?<!p)[QxF]", re.sub(r"E(?:p[^c,]*)?", "", bare)):
        return "excluded"
    return "part" if _PART.search(bare) else "apart" if "N" in bare else "whole"


def _sameness(clause: _Clause, place: int) -> Meaning:
    """Read what is said with "same" or "match"."""
    codes = clause.codes
    left, right = codes[:place], codes[place + 1 :]
    odd = _odd(left)
    if "neither" in clause.text or "nor " in clause.text[:20] or right[:1] == "D":
        return Meaning("turn")
    if "R" in left and not odd:
        return Meaning("rest", only=re.search(r"\b(?:that|this|these)\b", clause.text) is not None)
    if "two identical" in clause.text and right[:1] in ("P", "x") and re.search("[bvhT]", left) and not odd:
        return Meaning("same")
    after = right.lstrip("lA")
    if codes[place] == "S" and after[:1] and after[0] in _ADJECTIVE_PLACE:
        return _same_thing(clause, place, after, odd)
    if odd:
        between = _since_negator(left)
        denied_all = left.count("o") or ("z" in left and _PART.search(left))
        return Meaning(
            "turn" if denied_all and codes[place] == "S" else "different", bool(_PART.search(left + between))
        )
    if "L" in left[-4:]:
        return Meaning("alike")
    if "O" in right:
        return Meaning("turn")  # "the same in name only"
    subject, aspect = _about(left), _about(right)
    if re.search(r"h[^o]*[FC]", right) and not set(NEGATORS).intersection(right):
        return Meaning("different", named=True, only=True)  # "the same, with one pin bent"
    if re.match(r"n(?:$|p)", right):
        return Meaning("different", named=True)  # "identical, not in colour"
    return Meaning("same" if subject == "whole" and aspect == "whole" else "alike")


def _same_thing(clause: _Clause, place: int, after: str, odd: bool) -> Meaning:
    """Read "same" before a noun: "the same number of pins", "identical pictures"."""
    left = clause.codes[:place]
    if odd:
        return Meaning("turn" if after[0] in "PI" else "different", named=True)
    if after[0] == "P" and not after[1:].strip("pPBIlc,") and re.search("[bk]", left):
        return Meaning(
            "same" if _about(re.sub(".*[bk]", "", left)) == "whole" and not _PART.search(left) else "alike"
        )
    if after[0] == "P" and re.search("[hbv]", left) and not after[1:].strip("pPBIlc,bvkV"):
        return Meaning("fine")
    if after[0] == "P" and re.match(r"P[pPBIlc,]*b[vVgh]p?[BPI]", after) and not left:
        return Meaning("fine")  # "the same connector is shown in both pictures"
    return Meaning("alike")


_AMONG = re.compile(
    r"\b(?:each other|one another|in length from)\b|(?:to|from|with) (?:each other|one another)"
)
_ROWS = re.compile(
    r"\b(?:upper|top|left|first) (?!one|image|picture|photo|part|connector|view|half)(\w+)\b.*\b(?:lower"
    r"|bottom|right|second) \1\b"
)


def _difference(clause: _Clause, place: int) -> Meaning:
    """Read what is said with "different" or "differs"."""
    codes = clause.codes
    left, right = codes[:place], codes[place + 1 :]
    odd = _odd(left)
    if "L" in left[-4:]:
        return Meaning("doubt" if odd else "different")
    if "R" in left and odd:
        return Meaning("rest")
    scope = {_about(left), _about(right)}
    if codes[place] == "d" and right.lstrip("lAg")[:1] and right.lstrip("lAg")[0] in "PQxGFIEDN":
        return _different_thing(clause, place, odd)
    if (
        right[:1] == "p"
        and "x" in right
        and codes[place] == "d"
        and "excluded" not in scope
        and _about(left) == "whole"
    ):
        if re.match(r"p[^,c]*x", right) and "from what" in clause.text:
            return Meaning("turn")
    if odd:
        if codes[place] == "d" and "C" in right:
            return Meaning("turn")
        return Meaning("same" if scope == {"whole"} else "alike")
    if "excluded" in scope and "part" not in scope:
        return Meaning("excluded", named=True)
    if "apart" in scope and "part" not in scope:
        return Meaning("open")
    if _about(left) == "part" and (_AMONG.search(clause.text) or _ROWS.search(clause.text)):
        return Meaning("turn")  # "the pins differ from each other"
    return Meaning("different", "part" in scope)


def _different_thing(clause: _Clause, place: int, odd: bool) -> Meaning:
    codes = clause.codes
    left, right = codes[:place], codes[place + 1 :].lstrip("lAg")
    if odd:
        return Meaning("alike")
    if _about(right) == "excluded" or right[0] == "E":
        return Meaning("excluded", named=True)
    if right[0] == "N" or (right[0] in "g" and not re.search("[QxF]", right)):
        return Meaning("open")
    position = clause.words[place].text
    single = re.search(
        rf"\b(?:an?|one|slightly|completely|totally|two|very|somewhat) (?:\w+ly )?{position}\b", clause.text
    )
    if not single and "B" in left:
        return Meaning("turn")  # "both have pins of different lengths"
    if "h" in left and right[0] != "P" and (single or not re.match("[BlAq]*[Qx]", left)):
        return Meaning("different", named=True)
    if re.search("[pbkT]", left) and single and right[0] != "P":
        return Meaning("different", named=True)
    return Meaning("hint", named=True) if right[0] in "Qx" and not left else Meaning("turn")


_ONE_OF = re.compile(
    r"(?:only )?one of (?:the|these|both)(?: two)? (?:parts|connectors|images|pictures|photos|boards|objects|items|products|units"
    r"|components|specimens|samples|pieces)\b|one of them\b"
)


def _place(clause: _Clause, act: Act = "defect") -> Meaning:
    """Return what a fault that is stated amounts to: in one picture it is a difference."""
    compared = any(word.text in _COMPARES for word in clause.words) and "I" in clause.codes
    if clause.opposed or (compared and "B" not in clause.codes) or _ONE_OF.match(clause.text):
        return Meaning("different", named=True)
    if len(clause.sides) == 1 and not re.search("B(?!q)", clause.codes):
        return Meaning("different", named=True)
    return Meaning("both") if clause.in_both else Meaning(act, named=True)


_CHANGES = frozenset(
    [
        "removed",
        "added",
        "moved",
        "replaced",
        "swapped",
        "disappeared",
        "vanished",
        "rotated",
        "flipped",
        "turned",
        "inverted",
        "exchanged",
        "shifted",
        "displaced",
        "lost",
    ]
)


def _defect(clause: _Clause, place: int) -> Meaning:
    """Read what is said with a word such as "bent", "missing" or "scratch"."""
    left, right = clause.codes[:place], clause.codes[place + 1 :]
    odd = _odd(left)
    told = re.search(r"[bk]n[bk]*[vV]|[bk][zo]$|mn[bk]?[vV]", right)
    if told:
        odd = not odd
    if odd:
        if re.search(r"^[^n]*n.*[Qx]p", left) and not told:
            return Meaning("open")
        if (
            "z" in left
            and "h" in left
            and clause.words[place].text in _CHANGES
            and not _PART.search(left + right)
        ):
            return Meaning("same")  # "nothing has been removed"
        return Meaning("alike" if len(clause.sides) == 1 else "fine")
    if "R" in left and "z" in left:
        return Meaning("rest")
    if clause.words[place].text in _CHANGES and re.search("h", left):
        return Meaning("different", named=True)
    moved = clause.words[place].text in ("shifted", "moved", "displaced", "misaligned", "tilted", "rotated")
    if (
        moved
        and not _PART.search(clause.codes)
        and re.search(r"\b(?:slight|slightly|bit|tiny|small|minor|little|marginally)\b", clause.text)
    ):
        return Meaning("excluded", named=True)
    return _place(clause)


_LIGHT = re.compile(
    r"\b(?:darker|lighter|brighter|dimmer|blurrier|noisier|sharper|softer|clearer|warmer|cooler|grainier)\b"
)


def _comparative(clause: _Clause, place: int) -> Meaning:
    left, right = clause.codes[:place], clause.codes[place + 1 :]
    if _odd(left):
        return Meaning("alike")
    light = _LIGHT.search(clause.words[place].text) is not None
    about = "".join(code for code in left + right if code in "PIQxE")
    if right[:1] == "E" or (left.lstrip("BlAg")[:1] == "E") or (light and not _PART.search(about)):
        return Meaning("excluded", named=True)
    return _place(clause)


def _state(clause: _Clause, place: int) -> Meaning | None:
    """Read what is said with "straight", "in place" or "visible"."""
    codes = clause.codes
    left = codes[:place]
    if "D" in codes or "K" in codes or ("S" in codes and codes[place] == "V"):
        return None
    if _odd(left):
        if codes[place] == "V" and re.search("[oz]", left):
            return Meaning("fine" if "F" in codes else "open")
        return _place(clause)
    if "F" in codes or "C" in codes:
        return None
    if clause.in_both or re.match(r"[PBlg]+[bkhm]", codes):
        return Meaning("fine")
    return Meaning("side") if len(clause.sides) == 1 else Meaning("alike")


_ORDER: tuple[Act, ...] = (
    "turn", "doubt", "ask_different", "different", "same", "excluded", "rest", "hint", "both", "defect", "open", "heading",
    "alike", "fine", "side", "neutral",
)  # fmt: skip


def _strongest(found: list[Meaning], clause: _Clause) -> Meaning:
    """Return the meaning that decides of those that the pivots of one clause have."""
    acts = {one.act for one in found}
    if {"different", "same"} <= acts:
        return Meaning("turn")
    if "both" in acts and "alike" in acts and "defect" not in acts:
        return Meaning("both")
    if not found or acts <= {"alike"}:
        scene = _scene(clause)
        if scene is not None and (not found or scene.act in ("open", "different")):
            return scene if not found or scene.act == "different" else Meaning("alike")
    if not found:
        return Meaning("open")
    best = min(found, key=lambda one: _ORDER.index(one.act))
    return best._replace(named=any(one.named for one in found))


def _set_against(clause: _Clause) -> Meaning | None:
    """Read "open in the lower picture and closed in the upper": two states, one for each picture."""
    places = [n for n, code in enumerate(clause.codes) if code == "I"]
    if len(places) != 2 or len(clause.sides) != 2:
        return None
    joins = [n for n in range(places[0], places[1]) if clause.codes[n] in "c,"]
    if not joins or clause.codes[places[1] - 1] != "p":
        return None
    second = [word.text for word in clause.words[joins[-1] + 1 : places[1] - 1] if word.code not in "bO"]
    first = {word.text for word in clause.words[: places[0]]}
    if not second or set(second) <= first:
        return None
    return Meaning("different", named=True) if len(second) == 1 else Meaning("open")


def _scene(clause: _Clause) -> Meaning | None:
    """Read a clause without a pivot: a description of both, of one, or something that is not understood."""
    codes = clause.codes
    codes = codes.replace("A", "") if "z" in codes else codes
    if codes in ("z", "Tbz", "vz", "ivz", "z" * 2, "bz") or re.fullmatch(
        r"(?:[iT]m*)?[bvh]*z[bvV]*(?:p[BPI]+)?", codes
    ):
        return Meaning("same")
    negated = set(NEGATORS).intersection(codes)
    if negated:
        gone = re.search(r"(?:[hTIPQ].*|^)[ow][^FKD]*[QxP]|nh[^FKD]*[Qx]", codes)
        if gone and re.search("[Qx]", codes):
            return _place(clause)
        if re.fullmatch("imnv[qA]*|imnv[qA]*p[BPI]+", codes):
            return Meaning("is_not")  # "I cannot see any"
        bare = re.fullmatch(r"[plq]*I[pmMbhO]*n[bhv]?", codes)
        return Meaning("side") if bare else Meaning("open")
    if "E" in codes and not _PART.search(codes) and re.search("[Thv]", codes):
        return Meaning("excluded", named=True)
    if len(clause.sides) == 1:
        return (
            Meaning("different", named=True)
            if "O" in codes and re.search("[hbkV]", codes)
            else Meaning("side")
        )
    if codes[0] == "i" and not re.search("[hvbE]", codes):
        return Meaning("neutral")  # "I went through the pictures"
    set_against = _set_against(clause)
    if set_against:
        return set_against
    pictures = re.match(
        r"(?:both |all |each |these |those |two )*(?:image|picture|photo|photograph|scan|view)s?$",
        clause.words[0].text,
    )
    if clause.in_both or (pictures and re.match(r"[PBlgA]+h", codes)):
        return Meaning("neutral")
    return Meaning("open") if "x" in codes else Meaning("neutral")

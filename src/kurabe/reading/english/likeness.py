"""What is said with "same", "match", "different" and "differs"."""

import re

from kurabe.reading.clauses import Meaning
from kurabe.reading.english.nouns import all_round
from kurabe.reading.english.tokens import tokens
from kurabe.reading.english.view import NEGATORS, PART, View, about, since_negator, turned
from kurabe.reading.patterns import later

_INSEPARABLE = later(
    r"^(?:so |therefore |and |that |because )*(?:(?:i|we|one|you|it|there|they) )?(?:\w+ly )?"
    r"(?:(?:can|could) not |(?:is|was|am|are) (?:\w+ly )?(?:not possible|impossible) to |is no way to )"
    r"(?:\w+ly )?(?:tell|distinguish|keep|see)"
    r"(?: (?:the|any|a) differences? between (?P<pair>[\w -]+)|(?: between)? (?P<two>[\w -]+?)"
    r" (?:apart|from (?:each other|one another))| one from (?:the )?(?:2:)?(?:other|another)"
    r"| which (?:one )?is which)\W*$"
)


def inseparable(text: str) -> bool:
    """Say whether a clause tells that the two cannot be told apart: "I cannot tell one from the other"."""
    match = _INSEPARABLE.match(text)
    if match is None:
        return False
    pair = match["pair"] or match["two"] or ""
    return all(word.code in "PIBlqaAcry" for word in tokens(pair))


_ADJECTIVE_PLACE = frozenset("PQxGgFIN")


def _twice(text: str, left: str, right: str) -> bool:
    """Say whether it speaks of one thing shown twice: "you see two identical gears"."""
    shown = "two identical" in text and right[:1] in ("P", "x") and re.search("[bvhT]", left) is not None
    return shown or re.search(r"\bsame \w+ (?:\w+ )?(?:twice|two times)\b", text) is not None


def sameness(clause: View, place: int) -> Meaning:
    """Read what is said with "same" or "match"."""
    codes = clause.codes
    left, right = codes[:place], codes[place + 1 :]
    odd = turned(left)
    if "neither" in clause.text or "nor " in clause.text[:20] or right[:1] == "D":
        return Meaning("turn")
    if "R" in left and not odd:
        return Meaning("rest", only=re.search(r"\b(?:that|this|these)\b", clause.text) is not None)
    copied = re.fullmatch("[lAg]*Ib", left) and right.lstrip("lA") == "I" and len(clause.sides) == 2
    if not odd and (copied or _twice(clause.text, left, right)):  # "the second is a copy of the first"
        return Meaning("same")
    after = right.lstrip("lA")
    if codes[place] == "S" and after[:1] and after[0] in _ADJECTIVE_PLACE:
        return _same_thing(clause, place, after, odd)
    if odd and about(left) == "excluded":
        return Meaning("excluded", named=True)
    if odd:
        between = since_negator(left)
        denied_all = left.count("o") or ("z" in left and PART.search(left))
        return Meaning(
            "turn" if denied_all and codes[place] == "S" else "different", bool(PART.search(left + between))
        )
    if "L" in left[-4:]:
        return Meaning("alike")
    if re.match("[bk]+[AL]*n", right):
        return Meaning("turn")  # "the match is not perfect"
    if "O" in right:
        return Meaning("turn")  # "the same in name only"
    subject, aspect = about(left), about(right)
    if re.search(r"h[^o]*[FC]", right) and not set(NEGATORS).intersection(right):
        return Meaning("different", named=True, only=True)  # "the same, with one pin bent"
    if re.match(r"n(?:$|p)", right):
        return Meaning("different", named=True)  # "identical, not in colour"
    whole = subject == "whole" and (aspect == "whole" or (aspect == "part" and all_round(right, clause)))
    return Meaning("same") if whole else Meaning("alike", suffices=goes_through(clause, place))


def goes_through(clause: View, place: int) -> bool:
    """Say whether three things or more are said to be the same: "shape, colour and print match in both".

    What is said of one part alone, "the shape, colour and size of the label", is none; neither is a list of
    places, "the first, the second and the third pin".
    """
    left, right = clause.codes[:place], clause.codes[place + 1 :]
    if len(clause.sides) == 1 or set(left) - set("QPxagBbkpc,Ahq") or set(right) - set("pBPIAc,"):
        return False
    items = [item for item in re.split("[c,]+", re.sub("[bk]+[AB]*$", "", left)) if item]
    return (
        len(items) >= 3
        and all(re.search("[QPx]", item) for item in items)
        and re.search("p[agq]*[Qx]", items[-1]) is None
        and not set("bkh").intersection("".join(items))
    )


_NOT_IDENTICAL = later(r"\bidentical \w+$|\bsame thing$")


def _same_thing(clause: View, place: int, after: str, odd: bool) -> Meaning:
    """Read "same" before a noun: "the same number of pins", "identical pictures"."""
    left = clause.codes[:place]
    if odd and after == "P" and _NOT_IDENTICAL.search(clause.text.rstrip(" .!")):
        return Meaning("different")  # "these are not identical pictures"
    if odd:
        return Meaning(
            "turn" if after[0] in "PI" or clause.codes.startswith("nSx") else "different", named=True
        )
    stands = clause.words[len(clause.codes) - len(after)].text
    if (
        stands in ("condition", "state")
        and re.fullmatch("[BPlg]*P[bk]p", left)
        and not after[1:].strip("pPBI")
    ):
        return Meaning("same")  # "both parts are in the same condition"
    if after[0] == "P" and not after[1:].strip("pPBIlc,") and re.search("[bk]", left):
        return Meaning(
            "same" if about(re.sub(".*[bk]", "", left)) == "whole" and not PART.search(left) else "alike"
        )
    if after[0] == "P" and re.search("[hbv]", left) and not after[1:].strip("pPBIlc,bvkV"):
        return Meaning("fine")
    if after[0] == "P" and re.match(r"P[pPBIlc,]*b[vVgh]p?[BPI]", after) and not left:
        return Meaning("fine")  # "the same connector is shown in both pictures"
    if re.fullmatch("(?:Pp)?Ih", left) and re.fullmatch("Q(?:[c,]+[lgA]*[QxP]){2,}p[lA]*I", after):
        return Meaning(
            "alike", suffices=True
        )  # "the second has the same lines, arrows and text as the first"
    aspects = re.fullmatch("Q(?:[c,]+A*Q){2,}(?:pBP)?", after) is not None
    whole = re.fullmatch("[BPa]*P[bk]+|[BPa]*Ph", left) is not None and len(clause.sides) != 1
    return Meaning("alike", suffices=aspects and whole)


_HOW = later(r"\bhow (?:(?P<light>bright|dark|well[- ]lit|sharp|blurry|noisy|grainy)\b|\w+)")
_UNLIKE_WHAT = later(r"\bfrom what (?:i|you|we|one|it|was) ")
"""What differs from something other than the first picture: "from what I expected"."""
_NOTHING_ABOUT = later(
    r"nothing (?:about|in|on) (?:the )?[\w -]+ ?, (?:the )?[\w -]+ ?,? (?:or"
    r"|and) (?:the )?[\w -]+ has changed$"
)
_AMONG = later(r"\b(?:each other|one another|in length from)\b|(?:to|from|with) (?:each other|one another)")


_ROWS = later(
    r"\b(?:upper|top|left|first) (?!one|image|picture|photo|part|connector|view|half)(\w+)\b.*\b(?:lower"
    r"|bottom|right|second) \1\b"
)


def difference(clause: View, place: int) -> Meaning:
    """Read what is said with "different" or "differs"."""
    codes = clause.codes
    left, right = codes[:place], codes[place + 1 :]
    odd = turned(left)
    if "L" in left[-4:]:
        return Meaning("doubt" if odd else "different")
    if "R" in left and odd:
        return Meaning("rest")
    degree = _HOW.search(clause.text)
    if degree and not re.search("[QF]", codes):
        return Meaning("excluded", named=True, only="O" in left) if degree["light"] else Meaning("turn")
    scope = {about(left), about(right)}
    if codes[place] == "d" and right.lstrip("lAg")[:1] and right.lstrip("lAg")[0] in "PQxGFIEDN":
        return _different_thing(clause, place, odd)
    if _UNLIKE_WHAT.search(clause.text) or (
        codes[place] == "d" and re.match(r"p[^,c]*x", right) and "from what" in clause.text
    ):
        return Meaning("turn")
    if odd:
        if codes[place] == "d" and "C" in right:
            return Meaning("turn")
        aspects = "x" not in left and about(right) == "whole" and all_round(left, clause)
        told = _NOTHING_ABOUT.match(clause.text) is not None
        return Meaning("same" if scope == {"whole"} or aspects else "alike", suffices=told)
    if "excluded" in scope and "part" not in scope:
        return Meaning("excluded", named=True)
    if "E" in left and "x" in left and not re.search("[QFI]", left):
        return Meaning("turn")  # a word that is not known, "the play of light", may be of the light
    if "apart" in scope and "part" not in scope:
        return Meaning("open")
    if about(left) == "part" and (_AMONG.search(clause.text) or _ROWS.search(clause.text)):
        return Meaning("turn")  # "the pins differ from each other"
    return Meaning("different", "part" in scope)


def _different_thing(clause: View, place: int, odd: bool) -> Meaning:
    codes = clause.codes
    left, right = codes[:place], codes[place + 1 :].lstrip("lAg")
    if odd:
        return Meaning("alike")
    if about(right) == "excluded" or right[0] == "E":
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
    if single and right[0] != "P" and re.search("[pbkT]", left + right[1:]):
        return Meaning("different", named=True)
    return Meaning("hint", named=True) if right[0] in "Qx" and not left else Meaning("turn")

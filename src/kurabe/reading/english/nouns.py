"""What is said with a noun of difference or defect: "there are no differences", "the difference is …"."""

import re
from typing import NamedTuple

from kurabe.reading.clauses import Meaning
from kurabe.reading.english.view import NEGATORS, PART, View, since_negator, turned
from kurabe.reading.patterns import later

NOUN_RUN = later(r"[DK](?:[,c]*[AVgQ]{0,2}[DK])*")


_TWICE = later(
    r"\b(?:do|does|did|can|could) not (?:\w+ )?(?:see|find|have|show|notice|detect|spot|contain) no\b"
)
_CAUSED = later(
    r"\b(?:differences?|changes?|deviations?|variations?|discrepanc\w+)(?: (?:between|in|across"
    r"|of)(?: [\w:-]+){1,5}?"
    r"| (?:that |which )?(?:i|we|you|one) (?:\w+ )?(?:\w+))? (?:\w+ )?"
    r"(?:(?:is|are|was|were|can be|may be|seems? to be|appears? to be) (?:\w+ly |only |merely |all |just )*"
    r"(?:due to|caused by|because of|a (?:result|matter|question) of|explained by|down to|attributable to"
    r"|limited to"
    r"|restricted to|confined to|owed to|those of|put down to|accounted for by|of (?=light|noise|position))"
    r"|(?:\w+ly |all |only |just )*(?:comes? (?:down to|from)|stems? from|arises? from|results? from"
    r"|relates? to"
    r"|concerns?|boils? down to|has to do with|have to do with|amounts? to|goes back to|go back to))\b"
)


_IS_IT = later(r"^the (?!same\b).* is (?:the|a) (?:only |one |main |clear |visible )?difference$")
_WRONG = later(r"\b(?:is|are) (?:wrong|incorrect|false|untrue)$")
_PLAIN_ABSENCE = later(r"(?:the |its |a )?(?:absence|lack) of (?!(?:any|all|a|differen|defect|chang)\w*\b)")


class _Said(NamedTuple):
    """What a predicate does to the noun before it.

    Attributes:
        flipped: It denies that there is one.
        stated: It states that there is one.
        named: It names what differs.
        settled: It is understood.
    """

    flipped: bool = False
    stated: bool = False
    named: bool = False
    settled: bool = True


def noun(clause: View, start: int, end: int) -> Meaning:
    """Read what is said with a noun: "there are no differences in …", "the only difference is …"."""
    codes = clause.codes
    left, right = codes[:start], codes[end:]
    if codes[start] == "D" and codes[max(0, start - 1) : start] == "S":
        return Meaning("turn")  # "same difference"
    predicate = re.search(r"[bkmMhev]", right)
    around, told = (right[: predicate.start()], right[predicate.start() :]) if predicate else (right, "")
    if re.match("n[vVT]", right):  # "differences not found"
        around, told = "", "b" + right
    said = _predicate(told)
    if len(told) == 2 and _ABSENT.search(clause.text):
        said = _Said(flipped=True)
    named = _subject(clause, left, right)
    if named is not None:
        return named
    odd = turned(left) != said.flipped
    negated = bool(set(NEGATORS).intersection(left))
    between = since_negator(left) if negated else left
    if (not said.settled and (odd or negated)) or _TWICE.search(clause.text):
        return Meaning("turn")  # "I do not see no difference" means either
    if _CAUSED.search(clause.text) and "E" in told + around and not set("QF").intersection(around + told):
        return Meaning("excluded", named=True, only=not clause.text.startswith("any"))
    if not said.settled and re.match("bnA?G", told) and PART.search(around):
        return Meaning("different", named=True)  # "Change in the spring: not fully seated"
    if _judged(clause.text, left, told, negated) or (
        right.endswith(("n", "o")) and len(right) > 2 and not said.flipped
    ):
        return Meaning("turn")  # "there is no difference is wrong", "… in no way"
    if "L" in left[-4:]:
        return Meaning("heading" if re.search(r"\bnot (?:many|much)\b", clause.text) else "doubt")
    scope = left + around + (told if said.settled and not said.named else "")
    part = bool(PART.search(scope)) or bool(set("FCG").intersection(around))
    excluded = "E" in around + told + between and not (part or set("QxFC").intersection(told))
    if odd:
        return _no_noun(clause, start, left, between, part or "N" in around, excluded)
    if not _asserted(clause, start, left, right, said, negated):
        return Meaning("different" if said.named else "heading", said.named)
    apart = "N" in around + told + between and not (part or excluded)
    return _one_noun(clause, start, said, negated, part, "N" if apart else "E" if excluded else "")


def _judged(text: str, left: str, told: str, negated: bool) -> bool:
    """Say whether what is said of a difference is denied as a whole: "there is no difference is wrong"."""
    judged = re.match("[bk][AOl]*[F*]", told)
    if judged is None or not re.search("[Tiv]", left):
        return False
    return negated or "*" in judged[0] or _WRONG.search(text) is not None


def _subject(clause: View, left: str, right: str) -> Meaning | None:
    """Read what is said to be the difference: "the missing label is the difference"."""
    if _IS_IT.search(clause.text) and re.match("[^nowzE]*F[^nowzE]*b$", left) and not right:
        return Meaning("different", named=True)  # "the missing label is the difference"
    absence = re.match(r"w[^bkmMe]*b", left)
    if absence:  # "the absence of the plug is a difference"
        plain = not set(NEGATORS).intersection(left[1:] + right) and _PLAIN_ABSENCE.match(clause.text)
        return Meaning("different" if plain else "turn", named=True)
    return None


def _asserted(clause: View, start: int, left: str, right: str, said: _Said, negated: bool) -> bool:
    """Say whether a clause states that there is a difference: "I see a difference", "one difference"."""
    licensed = bool(set("Tvh").intersection(left)) or said.stated or bool(re.match("[^bkmMhe]*V|.?v", right))
    if left[:1] == "v" and not said.stated:
        licensed = False  # "spot the difference"
    return licensed or negated or _determined(clause, start)


def _one_noun(clause: View, start: int, said: _Said, negated: bool, part: bool, scope: str) -> Meaning:
    """Return what an assertion of a difference amounts to."""
    if clause.words[0].text in ("can", "could", "do", "does", "is", "are") and clause.codes[1:2] in (
        "i",
        "T",
    ):
        return Meaning("ask_different")
    if re.search(r"\bany\b", clause.text) and not negated and (said.named or not said.stated):
        return Meaning("turn" if said.named else "neutral")
    if scope == "N":
        return Meaning("open")
    if clause.codes[start] == "K" and clause.in_both and clause.sides != {1, 2}:
        return Meaning("both")
    return Meaning("excluded", named=True) if scope == "E" else Meaning("different", said.named or part)


_ABSENT = later(r"\b(?:is|are|were|was|:) (?:absent|missing|lacking|negative|nil|gone|not applicable|n/a)$")


_NOR_OTHER = later(r"[iTvbhBPlgmn]*[owz][^SsdeDKbkmMeoznwIE]*c[pBA]*R")
"""What stands before "difference" in "no signs of a bent pin or of any other difference"."""


def _no_noun(clause: View, start: int, left: str, between: str, part: bool, excluded: bool) -> Meaning:
    if re.fullmatch("[AlgBP]*E[bkmM]*n", left):
        return Meaning("neutral")  # "a small shift is not a difference"
    if "R" in left:
        # "No scratches or other differences" denies the scratches, too.
        listed = re.fullmatch(r"[iTvbh]*[owz]([FAgxPQ,c]*F[FAgxPQ,c]*)[c,]R", left)
        denies_all = (listed or _NOR_OTHER.fullmatch(left)) and not PART.search(clause.codes[start:])
        return Meaning("same" if denies_all else "rest")
    if "q" in between:
        return Meaning("turn")  # "not three differences" leaves some
    if re.search("[Qx].*[bkmMTe]|[bkmMe].*[Qx]", between):
        return Meaning("turn")
    if (
        part
        and not (excluded or set("FGCgEN").intersection(between))
        and len(clause.sides) != 1
        and all_round(clause.codes, clause)
    ):
        return Meaning("same")
    if excluded or part or set("FGCgEN").intersection(between):
        return Meaning("alike", suffices=_nowhere(clause, start, between))
    if clause.codes[start] == "K" and len(clause.sides) == 1 and clause.codes.count("I") == 1:
        sound = clause.sides == {2} and clause.codes[0] in "oTi" and not _LEAVES_OPEN.search(clause.text)
        return Meaning("alike", suffices=sound)
    return Meaning("same")


def _nowhere(clause: View, start: int, between: str) -> bool:
    """Say whether a denial goes through so much that nothing is left: "no difference in pins, latch or lid".

    Or whether it denies several kinds of defects of the picture that is inspected.
    """
    told = clause.codes[start + 1 :]
    if set(between) - set("AVBPpKF,cg") or clause.codes[0] not in "oTi":
        return False
    if clause.codes[start] == "D":
        items = re.split("[c,]+", re.fullmatch("p?(.*?)(?:pB?P?)?", told)[1])  # type: ignore[index]
        whole = re.fullmatch("[QxPpc,AagbvV]+", told) is not None and "p" not in items[-1].lstrip("p")
        return whole and len(items) >= 3 and all(set("QPx").intersection(item) for item in items)
    listed = re.fullmatch("[KFAx,c]*(?:pI)?(?:pI)?", told) is not None
    return listed and clause.sides == {2} and not _LEAVES_OPEN.search(clause.text.split(" compared ")[0])


_LEAVES_OPEN = later(r"\b(?:other than|else|first|upper|reference|also|either|new)\b")
"""What leaves open whether "no defect in the second picture" tells that nothing differs."""
_ASPECTS = frozenset(
    [
        *(
            "shape",
            "shapes",
            "colour",
            "color",
            "colours",
            "colors",
            "size",
            "sizes",
            "position",
            "positions",
        ),
        *(
            "content",
            "composition",
            "alignment",
            "spacing",
            "dimensions",
            "count",
            "pattern",
            "print",
            "text",
        ),
        *("outline", "geometry", "form", "finish", "material", "markings", "details", "proportions"),
        *(
            "construction",
            "placement",
            "surface",
            "surfaces",
            "configuration",
            "placements",
            "alignments",
            "patterns",
            "outlines",
        ),
        *(
            "orientation",
            "layout",
            "arrangement",
            "number",
            "texture",
            "condition",
            "appearance",
            "design",
            "structure",
        ),
    ]
)


def all_round(codes: str, clause: View) -> bool:
    """Say whether a clause goes through three or more aspects: "in shape, colour or position".

    Those of a part do not count: "in shape, colour or position of the label".
    """
    aspects = [place for place, word in enumerate(clause.words) if word.text in _ASPECTS]
    if "F" in codes or len(aspects) < 3:
        return False
    return not re.match("p[lgqA]*[Qx]", "".join(word.code for word in clause.words[aspects[-1] + 1 :]))


def _predicate(told: str) -> _Said:
    """Read what follows a noun of difference."""
    if not told or told in ("b", "k"):
        return _Said()
    if re.match(r"[mMbkh]*n[mMbkh]*[vVT]", told) or re.match(r"[bk]+[zo]q?(?:$|[pc,vV])", told):
        return _Said(flipped=True)
    if re.match(r"[mMbkh]*[vV]|[mMbk]+T", told):
        return _Said(stated=True)
    if re.match(r"[mMbkh]*n", told):
        return _Said(settled=False)
    if re.match(r"[bk]+[AqOgRLC]*$|v", told):
        return _Said(stated=True)
    return _Said(stated=True, named=True)


_COUNTS = later(
    r"^(?:a|an|one|two|three|four|five|six|several|multiple|many|some|slight|minor|subtle|small|only|few"
    r"|single|clear"
    r"|noticeable|visible|obvious|major|significant|numerous|various|\d+)$"
)


def _determined(clause: View, start: int) -> bool:
    """Say whether a bare noun phrase asserts: "one difference", "slight differences in the left pin"."""
    if set(clause.codes[:start]) - set("AqOgVPlRBLG"):
        return False
    if clause.text in ("diff", "mismatch", "mismatches", "mismatch found", "defect", "anomaly"):
        return True
    first = clause.text.split()[0].split(":")[-1]
    return _COUNTS.match(first) is not None or clause.text.startswith(("the only", "the main", "the key"))

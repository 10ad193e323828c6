"""What is said of states: "bent", "missing", "straight", "darker"; and clauses that only describe."""

import re

from kurabe.reading.clauses import Act, Meaning
from kurabe.reading.english.placed import stands_out
from kurabe.reading.english.view import COMPARES, NEGATORS, PART, View, turned
from kurabe.reading.patterns import later

_ONE_OF = later(
    r"(?:^(?:only )?|\b(?:in|on|of) (?:only |just )?)one of (?:the|these|both|them)\b(?: two)?(?: "
    r"(?:parts|connectors|images"
    r"|pictures|photos|boards|objects|items|products|units|components|specimens|samples|pieces)\b|$)"
)


def located(clause: View, act: Act = "defect") -> Meaning:
    """Return what a fault that is stated amounts to: in one picture it is a difference."""
    if re.search(r"\bnot (?:all|every|each)\b", clause.text) and len(clause.sides) == 1:
        return Meaning("different", named=True)
    compared = any(word.text in COMPARES for word in clause.words) and "I" in clause.codes
    if clause.opposed or (compared and "B" not in clause.codes) or _ONE_OF.search(clause.text):
        return Meaning("different", named=True)
    if len(clause.sides) == 1 and not re.search("B(?!q)", clause.codes):
        return Meaning("different", named=True)
    return Meaning("both") if clause.in_both else Meaning(act, named=True)


_CHANGES = frozenset(
    [
        *("removed", "added", "moved", "replaced", "swapped", "disappeared", "vanished", "rotated"),
        *("flipped", "turned", "inverted", "exchanged", "shifted", "displaced", "lost"),
    ]
)


_OF_PICTURE = later(
    r"^(?:the )?(?:[12]:)?(?:(?:first|second|upper|lower|left|right|other|test|reference|whole"
    r"|entire) )?(?:image|picture|photo|photograph"
    r"|view|shot|frame)(?: [12ab])? (?:is|was|has|seems|appears|looks)\b"
)
_SLIGHT = later(
    r"\b(?:slight|slightly|bit|tiny|small|minor|little|marginally|somewhat|(?:a )?(?:few|one|two|three"
    r"|several|\d+) (?:pixels?"
    r"|degrees?))\b"
)


def defect(clause: View, place: int) -> Meaning:
    """Read what is said with a word such as "bent", "missing" or "scratch"."""
    left, right = clause.codes[:place], clause.codes[place + 1 :]
    odd = turned(left)
    told = re.search(r"[bk]n[bk]*[vV]|[bk][zo]$|mn[bk]?[vV]", right)
    if told:
        odd = not odd
    if re.match("[bhm]n[^GQ]?$", right) and not odd and not told and re.search("^[ag]*$", left):
        return Meaning("open")  # "the crack has not grown"
    if right.startswith("z") or re.search("L$", left):
        return Meaning("open")  # "is missing nothing", "is hardly bent"
    if odd:
        if re.search(r"^[^n]*n.*[Qx]p", left) and not told:
            return Meaning("open")
        if (
            "z" in left
            and "h" in left
            and clause.words[place].text in _CHANGES
            and not PART.search(left + right)
        ):
            return Meaning("same")  # "nothing has been removed"
        return Meaning("alike" if len(clause.sides) == 1 else "fine")
    if "R" in left and "z" in left:
        return Meaning("rest")
    if clause.words[place].text in _CHANGES and re.search("h", left):
        return Meaning("different", named=True)
    if clause.words[place].text in ("rotated", "tilted", "shifted", "moved") and _OF_PICTURE.match(
        clause.text
    ):
        return Meaning("excluded" if _SLIGHT.search(clause.text) else "open", named=True)
    moved = clause.words[place].text in ("shifted", "moved", "displaced", "misaligned", "tilted", "rotated")
    if (
        moved
        and not PART.search(clause.codes)
        and re.search(
            r"\b(?:slight|slightly|bit|tiny|small|minor|little|marginally"
            r"|(?:(?:a )?few|\d+|one|two|three|several) (?:pixels?|degrees?)|an? (?:pixel|degree))\b",
            clause.text,
        )
    ):
        return Meaning("excluded", named=True)
    return located(clause)


_STATES_DEFECT = later(
    r"[bk][AOqlg]*F|T[bkm]?[AOqlgcQ,]*F|(?:^|[QPxIlq])[bkm]?h[AqlgcQ,]*F|i[mk]?v[AqlgQ]*F"
    r"|F[^bkmMe]*[bk]A*v?V?$"
    r"|^[qlgAQxP]*(?:[pcqlgAQxP,]*)F(?:p?[qlgAQxPc,]+)*$|^[qlgAO]*Fh[pqlgAQxPcI,]*$"
)
_GENERAL = later(
    r"\b(?:typical(?:ly)?|common(?:ly)?|usual(?:ly)?|possible|potential(?:ly)?|examples?|look(?:s|ed"
    r"|ing)? (?:for"
    r"|like|as)|odd|strange|unusual|suspicious|incorrect|wrong|(?:in )?neither|\w+s with|watch"
    r"|check(?:ed)? for|such as|any|often|sometimes|can|seems?|appears?|between|like)\b"
    r"|^(?:the |this )?(?:image|picture|photo|photograph)s? (?!has|have|shows?)"
)


def states_defect(clause: View) -> bool:
    """Say whether a clause states that something has a defect: "pin 3 is bent", "label missing".

    One that only names a defect on its way, or speaks of defects in general, does not.
    """
    if set(NEGATORS).intersection(clause.codes) or _GENERAL.search(clause.text):
        return False
    return _STATES_DEFECT.search(clause.codes) is not None


_LIGHT = later(
    r"\b(?:darker|lighter|brighter|dimmer|blurrier|noisier|blurred|blurry|grainy|noisy"
    r"|overexposed|underexposed|out of focus|sharper|softer|clearer|warmer|cooler|grainier)\b"
)


def comparative(clause: View, place: int) -> Meaning:
    """Read what is said with "darker" or "longer"; how bright a whole picture is does not count."""
    left, right = clause.codes[:place], clause.codes[place + 1 :]
    if turned(left):
        return Meaning("alike")
    light = _LIGHT.search(clause.words[place].text) is not None
    about = "".join(code for code in left + right if code in "PIQxE")
    whole = light and "h" not in left and _OF_PICTURE.match(clause.text) is not None
    if whole or clause.words[place].text in ("warmer", "cooler"):
        return Meaning("excluded", named=True)  # "the second picture is darker in the corners"
    if right[:1] == "E" or (left.lstrip("BlAg")[:1] == "E") or (light and not PART.search(about)):
        return Meaning("excluded", named=True)
    return located(clause)


_NOW = later(
    r"\b(?:is|are|has|have|shows?|reads?|points?|stands?|hangs?|sits?|lies) now\b|\bnow (?:shows|reads|points"
    r"|has|hangs|lies)\b"
)


def has_become(clause: View) -> bool:
    """Say whether a clause tells how a thing is now, and so that it was otherwise: "the lid is now open"."""
    if "B" in clause.codes or set("EnowzuM%*SsdeJDKLRO").intersection(clause.codes) or clause.sides == {1}:
        return False
    return _NOW.search(clause.text) is not None and re.search("[QxP]", clause.codes) is not None


def state(clause: View, place: int) -> Meaning | None:
    """Read what is said with "straight", "in place" or "visible"."""
    codes = clause.codes
    left = codes[:place]
    if "D" in codes or "K" in codes or (codes[place] == "V" and ("S" in codes or "F" in left)):
        return None
    if turned(left):
        if codes[place] == "V" and re.search("[oz]", left):
            return Meaning("fine" if "F" in codes else "open")
        return located(clause)
    if "F" in codes or "C" in codes:
        return None
    if has_become(clause):
        return Meaning("different", named=True)
    if "N" in codes:
        return Meaning("open" if PART.search(codes) or clause.sides else "neutral")
    set_against = _set_against(clause)
    if set_against is not None and not re.search(r"S|\bboth\b", codes + clause.text):
        return set_against  # "clean in the first, blackened in the second"
    if clause.in_both or (re.match(r"[PBlg]+[bkhm]", codes) and _SEVERAL.search(clause.text)):
        return Meaning("fine")
    return Meaning("side") if len(clause.sides) == 1 else Meaning("alike")


_SEVERAL = later(
    r"^(?:\w+ly )?(?:they|these|those|both|all|everything|two|the part|the product|it is all|\w+s)\b"
    r"|^(?:the|all the|both the)"
    r" (?:\w+ ){0,3}\w+s (?:\w+ )?(?:are|look|seem|appear|were|have|remain)\b"
)


def _set_against(clause: View) -> Meaning | None:
    """Read "open in the lower picture and closed in the upper": two states, one for each picture."""
    places = [n for n, code in enumerate(clause.codes) if code == "I"]
    if len(places) != 2 or len(clause.sides) != 2:
        return None
    joins = [n for n in range(places[0], places[1]) if clause.codes[n] in "c,"]
    if (
        not joins
        or clause.words[places[1] - 1].text not in ("in", "on", "at")
        or set("Ss").intersection(clause.codes)
    ):
        return None  # "the same lines, arrows and marks as the first"
    second = [word.text for word in clause.words[joins[-1] + 1 : places[1] - 1] if word.code not in "bO"]
    first = {word.text for word in clause.words[: places[0]]}
    if not second or set(second) <= first:
        return None
    return Meaning("different", named=True) if len(second) == 1 else Meaning("open")


_NO_COUNTERPART = later(r"\b(?:has|have) no (?:counterpart|equivalent) in\b")
_DOES_NOT_FIT = later(
    r"\b(?:does|do) not (?:\w+ly )?(?:touch|reach|fit|close|sit|meet|engage|cover|lie flat|latch|lock"
    r"|line up)\b|\b(?:is|are|was|were) not (?:\w+ly )?(?:connected|attached|closed|fastened"
    r"|inserted|soldered|seated"
    r"|screwed in|screwed on"
    r"|plugged in|latched|locked|fixed|mounted|engaged|sealed|fitted|tightened|glued|welded)\b"
)
_NOWHERE = later(
    r"\b(?:is|are) nowhere to be (?:seen|found) (?:in|on) (?:1:|2:)?(?:the )?(?:1:|2:)?(?:first"
    r"|second|other|upper|lower|left"
    r"|right|test|top|bottom)\b"
)
_NOT_ALL = later(r"\bnot (?:all|every|each)\b")


def _unfit(clause: View, codes: str) -> Meaning | None:
    """Read a denial of how a part should be: "not all ribs are flat", "the cap is not there"."""
    if _NOWHERE.search(clause.text) and not set("nowuM%*").intersection(codes):
        return Meaning("different", named=True)  # "the wire of the first is nowhere to be seen in the second"
    if codes == "cvz":
        return Meaning("fine")  # "I looked for dents and found none"
    if _NOT_ALL.search(clause.text) and len(clause.sides) == 1:
        return Meaning("different", named=True)  # "not all of the ribs are flat in the second"
    if _NO_COUNTERPART.search(clause.text):
        return Meaning("different", named=True)
    if _DOES_NOT_FIT.search(clause.text) and codes.count("n") == 1:
        return located(clause)  # "the clip does not touch the housing in the second picture"
    if re.fullmatch("[QxPlgqA]*[QxP]bnT(?:p[lP]*I)?", codes):
        return located(clause)  # "the cap is not there in the second picture"
    return None


_OF_DAMAGE = later(
    r"\b(?:no|without|any) (?:\w+ )?(?!(?:im|pack|band|saus|mess|link|volt|pass|c|p)age|connection|section"
    r"|inscription"
    r"|position|opening|marking|coating|ring|spring|string|wiring|bearing|casing|lining|housing|fitting"
    r"|lettering)"
    r"\w{3,}(?:age|osity|tion|sion|ness|ing)s?\b"
)
_THING_GONE = later(
    r"\b(?:absence of|lack of|lacks|lacking|without) (?:the|its|a|an|one) "
    r"(?!images?\b|pictures?\b|photos?\b|same\b|other\b|difference)[a-z]+\b"
)


def _denied(clause: View, codes: str) -> Meaning:
    """Read a denial without a pivot: "none found", "there is no latch", "I cannot see any"."""
    fitted = _unfit(clause, codes)
    if fitted is not None:
        return fitted
    if codes == "zz" or re.fullmatch(r"(?:[iT]m*)?[bvh]*z[bvV]*(?:p[BPI]+)?", codes):
        return Meaning("same")
    if re.search("[noz][^,c]*F", codes):
        return Meaning("alike")  # "no pin is bent in the second picture"
    if re.search("[nz].*[ow]", codes):
        return Meaning("turn")  # "I do not think that the lower one lacks the label"
    if re.search("[ow][^Qx]*x?E", codes) and not set("QFI").intersection(codes):
        return Meaning("neutral")  # "there are no strong shadows"
    if "no longer" in clause.text and re.search("[QxP]", codes) and codes.count("n") == 1:
        return Meaning("different", named=True)  # "the spring no longer touches the housing"
    if len(clause.sides) == 2 and re.search("[Qx].*n.*[vV]", codes):
        return Meaning("different", named=True)  # "the latch of the first cannot be found in the second"
    if re.search("^[^bkmMe]*I[h]?w", codes) and codes.count("w") == 1 and _THING_GONE.search(clause.text):
        return located(clause)  # "the second one shows the absence of the mug"
    gone = re.search(r"(?:[hTIPQB].*|^)[ow][^FKD]*[QxP]|nh[^FKD]*[Qx]", codes)
    if gone and re.search("[Qx]", codes):
        if "Q" not in codes and _OF_DAMAGE.search(clause.text):
            return Meaning("alike" if len(clause.sides) == 1 else "fine")  # "no leakage in the second"
        return located(clause)
    if re.fullmatch("imnv[qA]*|imnv[qA]*p[BPI]+", codes):
        return Meaning("is_not")
    return Meaning("side" if re.fullmatch(r"[plq]*I[pmMbhO]*n[bhv]?", codes) else "open")


_ANY_THING = frozenset(
    [
        *("image", "images", "picture", "pictures", "photo", "photographs", "photos", "photograph"),
        *("scan", "scans", "view", "views", "scene", "scenes", "part", "parts", "object", "objects"),
        *("item", "items", "product", "products", "piece", "pieces", "unit", "units", "device"),
        *("devices", "component", "components", "specimen", "specimens", "sample", "samples", "half"),
        *("halves", "pair", "shot", "shots", "frame", "frames", "version", "versions", "they", "them"),
        *("it", "these", "those", "everything", "ones", "something", "content", "contents", "subject"),
        *("subjects", "two", "thing", "things", "itself", "themselves", "side", "sides", "body"),
        *("material", "each other", "one another", "the thing itself", "image pair", "entire image"),
        *("whole image", "image content", "all of them"),
    ]
)
"""What stands for the pictures or for whatever they show; any other thing can be missing in one of them."""


def scene(clause: View) -> Meaning:
    """Read a clause without a pivot: a description of both, of one, or something that is not understood."""
    codes = clause.codes
    if set(NEGATORS).intersection(codes):
        codes = "".join(
            "Q" if place and word.code == "P" and word.text not in _ANY_THING else word.code
            for place, word in enumerate(clause.words)
        )
        return _denied(clause, codes.replace("A", "") if "z" in codes else codes)
    if "E" in codes and not PART.search(codes) and (re.search("[Thv]", codes) or not codes.strip("EAlgc,N")):
        return Meaning("excluded", named=True)
    if has_become(clause):
        return Meaning("different", named=True)
    if _ONE_OF.search(clause.text) and re.match("O?[qP]", codes) and re.search("[hV]", codes):
        return Meaning("different", named=True)  # "only one of the two pictures shows the nut"
    if _ONE_OF.search(clause.text) and re.match("Q[^nowz]*O[^nowz]*$", codes):
        return Meaning("different", named=True)  # "the ring appears in just one of the pictures"
    if len(clause.sides) == 1:
        # "Only the lower picture has a hole", "in the lower picture only", and not "shows just a label".
        alone = (re.search("O[pl]*I|IO", codes) and re.search("[hbkV]", codes)) or stands_out(clause)
        return Meaning("different", named=True) if alone else Meaning("side")
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

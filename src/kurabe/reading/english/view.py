"""An English clause as its grammar sees it: the classes of its words, and which pictures it speaks of."""

import re
from typing import NamedTuple

from kurabe.reading.english.compounds import Word
from kurabe.reading.english.tokens import side_of
from kurabe.reading.patterns import later

NEGATORS = "nowz"


PART = later(r"[Qx]")


_ALSO = later(r"\b(?:also|too|as well|likewise|again|equally|both)\b")


COMPARES = frozenset(
    [
        *("compared to", "compared with", "when compared to", "when compared with", "in comparison to"),
        *("in comparison with", "relative to", "in contrast to", "unlike", "than", "versus", "as opposed to"),
    ]
)


class View(NamedTuple):
    """A clause.

    Attributes:
        words: Its words, but for those that change nothing.
        codes: Their classes, one letter each.
        text: All of its words.
    """

    words: tuple[Word, ...]
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
            compares = word.text in COMPARES or (compares and word.code not in "I,")
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


def turned(codes: str) -> bool:
    """Say whether negations turn what follows round; one that is repeated in a list counts once."""
    once = re.sub(r"[nozw](?=[^nozw]*[c,][AOR]*[nozw])", "", codes)
    return sum(code in NEGATORS for code in once) % 2 == 1


def since_negator(left: str) -> str:
    """Return what stands between the last negation and a pivot."""
    return left[max(left.rfind(code) for code in NEGATORS) + 1 :]


def about(codes: str) -> str:
    """Return what a phrase is about: "whole", "part" or "excluded"; what only places it is left out."""
    bare = re.sub(r"p[BPIlAgq]*(?=$|[pc,])", "", codes)
    if "E" in bare and not re.search(r"(?<!p)[QxF]", re.sub(r"E(?:p[^c,]*)?", "", bare)):
        return "excluded"
    return "part" if PART.search(bare) else "apart" if "N" in bare else "whole"

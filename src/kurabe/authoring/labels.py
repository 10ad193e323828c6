"""Words by which people call parts good or bad, in folder names, tables and labels."""

import unicodedata
from dataclasses import dataclass

from kurabe.common.errors import did_you_mean

_GOOD = """
good ok okay pass passed normal fine same 0 false negative defectfree nodefect nodefects nondefective
undamaged accept accepted conform conforming golden reference template
良品 良 正常 合格 無欠陥 異常なし 欠陥なし 正常品 合格品 ok品 양품 정상 合格件
io gut gutteil bon bonne conforme bueno buena correcto buono conforme
"""
_BAD = """
bad ng nok notok fail failed anomaly anomalous anomalies abnormal defect defects defective defected faulty 1
different true positive reject rejected damaged nonconform nonconforming nogood scrap
不良品 不良 異常 不合格 欠陥 欠陥あり 異常あり 異常品 不合格品 ng品 否 缺陷 瑕疵 불량 불량품 결함 次品
nio schlecht ausschuss schlechtteil mauvais mauvaise nonconforme malo mala defectuoso difettoso scarto
"""


def normal(word: str) -> str:
    """Return a word without its spelling: width, case, spaces, hyphens, underscores and full stops."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(letter for letter in folded if letter not in " -_./\u3000")


GOOD = frozenset(normal(word) for word in _GOOD.split())
BAD = frozenset(normal(word) for word in _BAD.split())


@dataclass(frozen=True, slots=True)
class Labels:
    """Tells good from bad.

    Attributes:
        good: More words of the user's that mean good.
        bad: More words of the user's that mean bad.
    """

    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()

    def is_good(self, word: str) -> bool | None:
        """Say whether a word means good (True) or bad (False); None if it is not known."""
        plain = normal(word)
        # The user's words come first: they may turn round what a word usually means.
        for words, good in ((self.good, True), (self.bad, False)):
            if plain in map(normal, words):
                return good
        return True if plain in GOOD else False if plain in BAD else None

    def kind(self, word: str) -> str:
        """Return the kind of defect that a word for a bad part names; "" for a mere "bad"."""
        return "" if normal(word) in BAD else word

    def unknown(self, word: str) -> str:
        """Return what is wrong with a label that nobody knows, and what to do."""
        near = did_you_mean(normal(word), GOOD | BAD)
        return (
            f"the label {word!r} is unknown{near}: say what it means with --ok {word!r} (good) or --ng "
            f"{word!r} "
            "(bad)"
        )

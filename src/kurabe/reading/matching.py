"""Whether a text mentions a word: on word borders where a script has them, as a substring in Japanese."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from kurabe.reading.patterns import later

JAPANESE = (
    "\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Kana and kanji as the inside of a character class; these scripts put no space between words."""

_JAPANESE = later(f"[{JAPANESE}]")
_SPACED = rf"[^\W_{JAPANESE}]"  # a letter or digit of a script that has borders between words
_PUNCTUATION = str.maketrans(dict.fromkeys("‘’ʼ`´", "'") | dict.fromkeys("‐‑‒–", "-"))


def normalise(text: str) -> str:
    """Return ``text`` NFKC-normalised and case-folded, with plain apostrophes and hyphens."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded).translate(_PUNCTUATION)


@lru_cache(maxsize=8192)
def _pattern(word: str) -> re.Pattern[str] | None:
    """Return the expression for one word or phrase; None if it is blank."""
    parts = normalise(word).split()
    if not parts:
        return None
    inner = r"\s+".join(map(re.escape, parts))
    before = rf"(?<!{_SPACED})" if _has_border(parts[0][0]) else ""
    after = rf"(?!{_SPACED})" if _has_border(parts[-1][-1]) else ""
    return re.compile(before + inner + after)


def _has_border(char: str) -> bool:
    return char.isalnum() and not _JAPANESE.match(char)


MOST_MENTIONS = 100
"""Mentions of one word that are weighed; an answer that has more repeats itself."""


def find_word(text: str, word: str) -> list[tuple[int, int]]:
    """Return where ``word`` stands in an already normalised ``text``, as spans."""
    pattern = _pattern(word)
    return [] if pattern is None else [match.span() for match in pattern.finditer(text)]


def word_in(text: str, word: str) -> bool:
    """Say whether ``text`` mentions ``word``, a word or a phrase.

    Both are NFKC-normalised and case-folded. Letters and digits need a border on either side, so that
    "bent" is not in "absentbent" and "pin 1" not in "pin 12"; kana and kanji need none. The white space
    inside a phrase may be any. A blank word is in no text.
    """
    pattern = _pattern(word)
    return pattern is not None and pattern.search(normalise(text)) is not None


def says_hit(text: str, groups: Iterable[Iterable[str]]) -> bool:
    """Say whether every group has a word that ``text`` mentions (see `word_in`); true without groups."""
    normal = normalise(text)
    return all(
        any((pattern := _pattern(word)) is not None and pattern.search(normal) for word in group)
        for group in groups
    )

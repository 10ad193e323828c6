"""Names of suites, cases and tags: letters of any language, digits, '-', '_' and '.'.

A name stands in test ids, so it has no space, no slash and no bracket. It is kept in Unicode's normal form C:
some file systems hand out ガ as two characters, and a user types one.
"""

import re
import unicodedata

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def as_name(value: str) -> str:
    """Return a name in normal form C.

    Raises:
        ValueError: If it cannot be a name.
    """
    if _PLAIN.fullmatch(value):
        return value
    name = as_composed(value)
    if not name or not name[0].isalnum() or not all(map(_may_stand, name)):
        raise ValueError("use letters, digits, '-', '_' and '.', beginning with a letter or digit")
    return name


def as_composed(text: str) -> str:
    """Return a text in normal form C."""
    return unicodedata.normalize("NFC", text)


def slug(text: str) -> str:
    """Return a text as a name: what no name may have becomes '-'; "" if nothing of it can stay."""
    kept = (c if _may_stand(c) else " " for c in as_composed(text))
    name = "-".join("".join(kept).split()).strip("-_.")
    while name and not name[0].isalnum():  # a mark that belongs to a letter which is gone
        name = name[1:].lstrip("-_.")
    return name


def _may_stand(character: str) -> bool:
    """Say whether a name may have a character; vowel signs of Hindi and Thai are marks, not letters."""
    return character.isalnum() or character in "_.-" or unicodedata.category(character)[0] == "M"

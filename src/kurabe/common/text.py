"""Texts of others on a terminal."""

import re

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    r"""Return a text that a terminal shows instead of obeying: control characters as ``\x1b`` and the like.

    Line feeds and tabs stay. Marks that turn the direction of writing are shown, too: they can make a line
    look like another.
    """
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)

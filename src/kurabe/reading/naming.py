"""Lines that only name a thing: "Logo", "- the upper arrow", 「・矢印の向き」."""

from kurabe.reading import japanese
from kurabe.reading.english.tokens import expanded, tokens
from kurabe.reading.japanese.sentences import tokens as japanese_tokens
from kurabe.reading.lines import unquoted
from kurabe.reading.patterns import later
from kurabe.reading.stamps import TITLE

_ENGLISH = later("[aqlgrcpBIF]*[QPx][aqlgrcpIQPx]*|[aqlgp]*l")
_JAPANESE = later("[qlgprBI]*[QPx][lgpqIQPx]*|[lp]*l")
_VERB = later(r"(?!pins$|screws$)\w+(?:ed|ing)")
"""What an unknown word may be besides a noun."""
_NO_THING = later(
    r"\b(?:images?|pictures?|photos?|conclusion|summary|answer|result|verdict|notes?|comparison|analysis|none"
    r"|overall|others?)\b|画像|写真|結論|回答|答え|結果|判定|以上"
)
_LONGEST = {True: 16, False: 40}
"""Characters, in Japanese and in English."""
_ENDS = later(r"[.。!！?？:：]$|[はがもを](?:$|[^\w])")


def names_thing(text: str, known: bool = False) -> bool:
    """Say whether a line is only the name of a thing.

    Args:
        text: The line.
        known: Whether all its words must be known.
    """
    bare = unquoted(text).strip(" *-_・")
    written = japanese.is_japanese(bare)
    if (
        not bare
        or len(bare) > _LONGEST[written]
        or _ENDS.search(bare)
        or TITLE.fullmatch(bare)
        or _NO_THING.search(bare)
    ):
        return False
    words = japanese_tokens(bare) if written else tokens(expanded(bare))
    codes = "".join(word.code[0] for word in words)
    unknown = [word.text for word in words if word.code == "x"]
    if (known and unknown) or any(map(_VERB.fullmatch, unknown)):
        return False
    if written and unknown and _HIRAGANA.search(bare):
        return False
    return (_JAPANESE if written else _ENGLISH).fullmatch(codes) is not None


_HIRAGANA = later("(?![のと])[ぁ-ん](?:[。、]|$)")
"""What a Japanese clause ends in, and a noun seldom."""

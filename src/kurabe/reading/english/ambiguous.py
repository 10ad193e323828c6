"""English words whose class depends on what stands round them: "a chip on the rim", "the board's chip"."""

from collections.abc import Mapping, Sequence

from kurabe.reading.english.compounds import Word
from kurabe.reading.patterns import later

_UNDONE = later(r"(?P<prefix>un|mis|over|under|dis)-?(?P<stem>[a-z]{3,}(?:ed|en|wn|nt|rn))")
_NOT_UNDONE = later(
    r"unter\w+|under(?:lined|stood|taken|gone|lying|written|neath)|united|unified|over(?:seen|taken|laid"
    r"|layed|looked|lapped|all)"
    r"|dis(?:tributed|cussed|covered|played|closed|tinguished|tanced|pensed|persed|solved|cerned|patched"
    r"|posed|sent)"
    r"|un(?:ticked|checked|selected|used|opened|marked|painted|cut|finished|expected|mentioned|questioned"
    r"|seen|known|decided"
    r"|determined"
    r"|explained|interrupted|identified|confirmed|limited|related|printed|coated|treated|worn|noticed|ed)"
    r"|mis(?:sed|taken|sioned|led)|over(?:t|cast)|dis(?:content|tant|tent)|un(?:til|wanted)"
)


_OF_A_CAN = frozenset(("first", "second", "neither", "either", "each", "tin"))
_MODAL = (["be"], ["not"], ["only"], ["also"], ["clearly"], ["still"], ["hardly"])


def _by_prefix(word: str, known: Mapping[str, str]) -> str:
    """Return the class of an unknown word by its prefix: "unfastened" is a fault, "unscathed" is none."""
    match = _UNDONE.fullmatch(word)
    if match is None or _NOT_UNDONE.fullmatch(word):
        return "x"
    return "G" if known.get(match["stem"]) == "F" and match["prefix"] == "un" else "F"


def _compared(before: list[Word], after: list[str]) -> bool:
    """Say whether "lower" compares, "the level is lower in the second", and does not name a picture."""
    last = next((word for word in reversed(before) if word.code != "r"), None)
    return (
        last is not None and last.code in "bk" and after[:1] in ([], ["in"], ["on"], ["than"], ["."], [","])
    )


_ON = frozenset((":", ",", ".", "on", "in", "at", "near", "along", "out", "of", "next", "close"))


_ARTICLES = frozenset(("a", "an", "the", "one", "no", "any", "its", "this", "that", "each", "both"))
_SEEN = frozenset(
    (
        "real",
        "visible",
        "clear",
        "large",
        "little",
        "noticeable",
        "obvious",
        "shallow",
        "deep",
        "fresh",
        "new",
    )
)


def _chipped(raw: list[str], place: int) -> bool:
    """Say whether "chip" is damage, "a chip on the edge", and not a part, "the chip on the board"."""
    before = raw[place - 1] if place else "a"
    stands = raw[place + 1 : place + 2]
    if raw[place] == "chips" and before in ("any", "no", "of", "for"):
        return True
    if not stands or stands[0] not in _ON:
        return False
    begins = next((one for one in reversed(raw[max(0, place - 4) : place]) if one in _ARTICLES), "")
    return before in ("a", "no", "any", "small", "tiny", "slight") or (
        begins in ("a", "one") and before in _SEEN
    )


def special(
    word: str, code: str, raw: Sequence[str], place: int, before: list[Word], known: Mapping[str, str]
) -> str:
    """Return the class of a word where it stands.

    Args:
        word: The word.
        code: Its usual class.
        raw: All words of the sentence.
        place: Its place among them.
        before: The words before it, with their classes.
        known: The classes of all single words.
    """
    after = list(raw[place + 1 : place + 2])
    if code == "x":
        code = _by_prefix(word, known)
    if word.endswith("'s") and known.get(word[:-2]) == "E":
        return "E"
    if word == "true" and known.get("".join(after)) in ("D", "K"):
        return "A"
    if word in ("chip", "chips") and _chipped(list(raw), place):
        return "F"
    if word in ("features", "marks", "displays") and before and before[-1].code in "FAgloRSdJq":
        return "Q"  # "missing features"
    if word == "can" and before and before[-1].text in _OF_A_CAN and after not in _MODAL:
        return "P"
    if word == "lower" and _compared(before, after):
        return "C"
    if word == "nor" and any(one.code in "nozw" for one in before):
        return "c"  # it carries the negation on
    return code

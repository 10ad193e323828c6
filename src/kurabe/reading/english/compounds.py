"""English words that are one thing together: a "scratch guard" is no scratch."""

from typing import NamedTuple


class Word(NamedTuple):
    """A word or a phrase, and the letter of its class."""

    text: str
    code: str


_STAINS = frozenset(
    [
        "scratch",
        "crack",
        "dent",
        "stain",
        "rust",
        "burr",
        "dust",
        "hair",
        "wear",
        "tear",
        "cut",
        "flash",
        "dirt",
        "spill",
        "blister",
        "split",
        "leak",
        "bump",
        "burn",
        "oil",
        "tear-off",
        "snap-off",
    ]
)
_OF_STAINS = frozenset(
    [
        "mark",
        "marks",
        "line",
        "lines",
        "spot",
        "spots",
        "area",
        "areas",
        "damage",
        "pattern",
        "patterns",
        "particle",
    ]
)

_NO_PART = _OF_STAINS | frozenset(
    [
        "open",
        "through",
        "away",
        "short",
        "apart",
        "across",
        "right",
        "straight",
        "here",
        "wide",
        "clean",
        "runs",
        "running",
        "going",
        "extending",
        "reaching",
        "crossing",
        "starting",
        "leading",
        *("spoils", "mars", "ruins", "disfigures", "spans", "affects", "weakens", "appears", "shows"),
    ]
)
"""What may follow a defect without being a part that it names: "cut open"."""


_QUANTITIES = frozenset(
    [
        *("amount", "strength", "intensity", "level", "levels", "degree", "direction", "angle", "quantity"),
        *("colour", "color", "temperature", "quality", "source", "position", "incidence", "distribution"),
        *("kind", "type", "effect", "fall", "play", "change", "changes"),
    ]
)
"""What light has: "the amount of light" is of the light."""


def compounds(words: list[Word]) -> list[Word]:
    """Merge the name of a part that a defect stands in: a "scratch guard" is no scratch."""
    found: list[Word] = []
    for word in words:
        before = found[-1] if found else Word("", "")
        names = word.code in "Qx" and word.text not in _NO_PART and word.text.isalpha()
        if word.code in "Qx" and before.code == "E" and before.text.endswith("'s"):
            found[-1] = Word(f"{before.text} {word.text}", "E")  # "the shadow's length"
        elif names and before.code == "F" and before.text in _STAINS and not word.text.endswith("ed"):
            found[-1] = Word(f"{before.text} {word.text}", "Q")
        elif before.code == "F" and word.code == "x" and word.text in ("proof", "resistant", "free"):
            found[-1] = Word(f"{before.text} {word.text}", "g")
        elif word.code == "E" and (head := _quantity(found)):
            found[head:] = [Word(" ".join(one.text for one in [*found[head:], word]), "E")]
        else:
            found.append(word)
    return found


def _quantity(found: list[Word]) -> int:
    """Return where "the amount of the …" begins, after its article; 0 if it does not end a phrase."""
    place = len(found) - 1
    while place > 0 and found[place].text in ("the", "this", "that", "its"):
        place -= 1
    named = place > 0 and found[place].text == "of" and found[place - 1].text in _QUANTITIES
    return place - 1 if named and found[place - 1].code in "xQ" else 0

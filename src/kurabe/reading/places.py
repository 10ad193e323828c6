"""Lines that name a difference without a sentence: "bridge, row 2, pin 3", "colour of the box"."""

from kurabe.reading.lines import unquoted
from kurabe.reading.patterns import later

_SPOTS = frozenset(
    [
        *(
            "the",
            "a",
            "an",
            "in",
            "at",
            "on",
            "of",
            "near",
            "and",
            "to",
            "from",
            "far",
            "upper",
            "lower",
            "left",
        ),
        *("right", "top", "bottom", "centre", "center", "middle", "central", "corner", "edge", "side", "end"),
        *("row", "rows", "column", "columns", "pin", "pins", "part", "half", "everywhere", "area", "image"),
        *("picture", "first", "second", "third", "last"),
    ]
)
_KANJI = frozenset("上下左右中央端隅側の列段行全体番目ピン一二三四五六七八九十")
_NUMBER = later(r"[a-z]?\d{1,3}(?:st|nd|rd|th)?")
_WORD = later(r"[a-z0-9]+|[^\sa-z0-9,-]+")
_ASPECT = later(
    r"(?:the |an? )?(?:\w+ ){0,3}?(?:colou?r|size|shape|position|number|count|length|width|height|orientation"
    r"|alignment|spacing|angle|thickness|rotation|arrangement|texture)(?: of(?: \w+){1,5})?"
    r"|[^。、,.:：]{0,12}(?:(?<![白黒灰赤青緑黄金銀])色|大きさ|形|形状|位置|数|本数|長さ|向き|幅|高さ|間隔"
    r"|配置)"
)
_SAYS = later(
    r"\b(?:is|are|was|were|has|have|had|shows?|same|identical|similar|both|all|no|not|white|black|two)\b"
    r"|同|両|どちら|全て|[.!?。:：]"
)
_AGAINST = later(r"\bvs\b|\bversus\b|\binstead of\b|→|->|上[はがで].{1,20}下[はがで]")  # "red vs. black"
_LONGEST = 100


def names_place(text: str) -> bool:
    """Say whether a line names what differs, in the form that the prompt asks for.

    That is a thing and its place ("bridge, row 2, pin 3"), an aspect ("colour of the box"), or two states
    ("red vs. black"); a sentence is none of them, and a plain thing ("white housing") only describes.
    """
    line = unquoted(text).strip(" -*•・")
    if len(line) <= _LONGEST and _AGAINST.search(line):
        return True
    if len(line) > _LONGEST or _SAYS.search(line):
        return False
    thing, _, spot = line.replace("、", ",").partition(",")
    if thing.strip() and spot.strip() and all(map(_is_spot, _WORD.findall(spot))):
        return True
    return _ASPECT.fullmatch(line) is not None


def _is_spot(word: str) -> bool:
    return word in _SPOTS or _NUMBER.fullmatch(word) is not None or _KANJI.issuperset(word)

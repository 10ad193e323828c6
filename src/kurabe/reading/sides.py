"""Descriptions of the two pictures, held against each other."""

import re
from collections.abc import Sequence
from dataclasses import replace

from kurabe.reading.clauses import Act, Clause
from kurabe.reading.enough import BOTH, TOO
from kurabe.reading.japanese.descriptions import clashes, goes_together, is_japanese
from kurabe.reading.patterns import later

_LIKE: frozenset[Act] = frozenset(("alike", "fine", "same"))


def _same_on_both(clauses: Sequence[Clause]) -> list[Clause]:
    """Take what is said of either picture in the same words for what is in both."""
    told: dict[str, set[int]] = {}
    for clause in clauses:
        if clause.side and clause.act in ("different", "defect", "side") and not clause.answer:
            told.setdefault(_bare(clause.text), set()).add(clause.side)
    both = {text for text, sides in told.items() if len(sides) == 2 and text}
    return [
        replace(c, act="both") if c.side and _bare(c.text) in both and not c.answer else c for c in clauses
    ]


def weigh_sides(clauses: Sequence[Clause]) -> list[Clause]:
    """Hold descriptions of the two pictures against each other.

    Equal ones say nothing; ones that differ in a number, or that a "while" sets against each other,
    name a difference; others stay open.
    """
    clauses = _same_on_both(clauses)
    described = [clause for clause in clauses if clause.act == "side"]
    if not described:
        return list(clauses)
    alike = {
        c.side
        for c in clauses
        if c.act in ("alike", "fine")
        and c.side
        and re.search(r"\bsame\b|同じ|同様|変わ(?:りません|らない|りない|りはない)", c.text)
    }
    if alike and all(3 - clause.side in alike for clause in described):
        return [replace(clause, act="neutral") if clause.act == "side" else clause for clause in clauses]
    texts = {side: [_bare(clause.text) for clause in described if clause.side == side] for side in (1, 2)}
    extra = set(texts[2]) - set(texts[1])
    if texts[1] and set(texts[1]) <= set(texts[2]) and all(map(_NONE_HERE.search, extra)):
        return [replace(clause, act="neutral") if clause.act == "side" else clause for clause in clauses]
    found: list[Clause] = []
    for clause in clauses:
        before = found[-1] if found else None
        if clause.act == "side" and before is not None and before.side not in (0, clause.side):
            first, second = _bare(before.text), _bare(clause.text)
            ways = [_WAYS.findall(before.text), _WAYS.findall(clause.text)]
            if (
                first != second
                and not TOO.search(clause.text)
                and not goes_together(before.text, clause.text)
                and (
                    clause.contrast
                    or clause.against
                    or before.conceded
                    or _figures_differ(before.text, clause.text)
                    or (all(ways) and ways[0] != ways[1])
                )
            ):
                clause = replace(clause, act="different", named=True, contrast=before.contrast)
        elif clause.act == "side" and clause.contrast and before is not None and _gives_way(before, clause):
            clause = replace(clause, act="different", named=True)  # "nearly identical, but in the second …"
        found.append(clause)
    return found


def _figures_differ(before: str, text: str) -> bool:
    """Say whether two descriptions differ in a number, a colour or a state of which both give one."""
    return _other_values(_bare(before), _bare(text)) and (not is_japanese(text) or clashes(before, text))


def described_apart(described: Sequence[Clause]) -> bool:
    """Say whether the two pictures are described, and in other words each."""
    words = [{w for c in described if c.side == side for w in _bare(c.text).split()} for side in (1, 2)]
    if not all(words) or any(_AS_BEFORE.search(c.text) for c in described if c.side == 2):
        return False
    return not (words[0] <= words[1] or words[1] <= words[0])


_AS_BEFORE = later(r"\b(?:same|also|again|likewise|as well|too|identical|similar|equally)\b")
_NONE_HERE = later(r"なし$|ありません$|ない$|見られず$|^no \w+(?: \w+)?$")
"""What the second picture is said not to have: 「傷なし」."""
_VIEWED = later(
    r"\b(?:light|lit|bright\w*|dark\w*|angle|view\w*|closer|camera|focus|sharp\w*|zoom\w*|same|test"
    r"|inspected|reference)\b"
)


def _gives_way(before: Clause, clause: Clause) -> bool:
    """Say whether a clause restricts the one before: "while both show a zip, the second one is open"."""
    if before.act in _LIKE:
        return True
    conceded = before.act == "neutral" and before.conceded and BOTH.search(before.text)
    return bool(conceded) and not _VIEWED.search(clause.text) and not TOO.search(clause.text)


def set_against(clauses: Sequence[Clause]) -> bool:
    """Say whether one clause describes the first picture, and the next the second with other words."""
    sides = [clause for clause in clauses if clause.act == "side"]
    if [clause.side for clause in sides] not in ([1, 2], [2, 1]) or TOO.search(sides[1].text):
        return False
    return len(sides) == len(clauses) and _bare(sides[0].text) != _bare(sides[1].text)


_WAYS = later(
    r"\b(?:points?|pointing|faces?|facing|leans?|leaning|turns?|turned|looks|aims?|bends?|opens?) (?:to the "
    r"|towards the |toward the )?"
    r"(left|right|up|down|upwards?|downwards?|inwards?|outwards?|forwards?|backwards?)\b"
)
"""Which way a thing points."""
_VALUES = tuple(
    later(pattern)
    for pattern in (
        r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)\b|[一二三四五六七八九十]|\d+",
        r"\b(?:red|blue|green|yellow|black|white|gr[ea]y|orange|brown)\b|[赤青緑黄黒白灰]",
        r"\b(?:open|closed)\b|開|閉",
        r"\b(?:on|off)\b(?! (?:an?|the|top|its|one)\b)|オン|オフ|点灯|消灯",
        r"\bstraight\b",
        r"\b[a-z]+\d+\b",
    )
)
"""What can be held against each other, each with its own kind: eight pins are not set against grey tables."""


def _other_values(first: str, second: str) -> bool:
    """Say whether both descriptions hold values of one kind, and other ones."""
    both = ((kind.findall(first), kind.findall(second)) for kind in _VALUES)
    return any(one and other and one != other for one, other in both)


_SIDE_WORDS = later(
    r"\b(?:upper|lower|top|bottom|left|right|first|second|reference|test|other|the|image|picture|photo"
    r"|photograph|in|on|also"
    r"|one|a|an|is|are|there|1|2)\b|画像\s?[12ab]|[上下左右]|[1-2一二]枚目|画像|写真|側|段|の|は|に|では"
    r"|も|が|を|で(?:す|ある)?$"
    r"|[\W_]"
)


def _bare(text: str) -> str:
    return " ".join(_SIDE_WORDS.sub(" ", text).split())

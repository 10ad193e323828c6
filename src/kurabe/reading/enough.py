"""When many things are said to be alike, and nothing else, and this will do for the whole."""

from collections.abc import Sequence

from kurabe.reading.clauses import Act, Clause
from kurabe.reading.patterns import later

_ALL_PARTS = later(
    r"(?:all|every|each)(?: of)?(?: the)?(?: \w+)? (?:components?|parts?|elements?|features?|details?|items?"
    r"|pieces?)\b"
)
_DENIES = later(r"\b(?:no|none|neither|nor|without)\b.*\b\w+|なし|ありません|ない|見られず")
_AS_THERE = later(r"\bas in the (?:first|upper|top|reference)\b|\bin either\b")
_ENOUGH = 3
"""So many things that are said to be alike will do for the whole, if nothing speaks against it."""
_ENOUGH_WITH_ALL = 2
_UNIVERSAL = later(r"\b(?:all|every|each|none|nothing|no|neither)\b")
"""What is said of all of a kind, or of none: with a second finding, this will do for the whole."""
_LABELLED = later(r"[^:：]{1,40}:(?: |(?=(?:差異?|違い|変化|相違)(?:は|が)?なし))")
_LIKE_WORDS = later(r"\b(?:same|identical|unchanged)\b|同じ|一致|変わら|(?:違い|差|食い違い)は")
_ALL_ALIKE: frozenset[Act] = frozenset(("alike", "fine", "rest", "neutral"))
BOTH = later(r"\b(?:both|each|all)\b|どちらも|どちらの|両|いずれ|双方")
TOO = later(r"\b(?:too|also|as well|likewise)\b|[^とで]も(?!の|う|し)")
"""What adds the second picture to the first instead of setting it against it."""


def _of(clauses: Sequence[Clause], *acts: Act) -> list[Clause]:
    return [clause for act in acts for clause in clauses if clause.act == act and not clause.answer]


def enough(clauses: Sequence[Clause]) -> Clause | None:
    """Return what will do for "same", if all else only says so, too, or says nothing."""
    if any(clause.act not in _ALL_ALIKE or clause.contrast for clause in clauses):
        return None
    alike = [c for c in _of(clauses, "alike", "fine") if not (c.conceded or c.glance or c.side)]
    if sum(len(_LIKE_WORDS.findall(c.text)) or _LABELLED.match(c.text) is not None for c in alike) >= _ENOUGH:
        return alike[0]
    whole = [c for c in alike if _UNIVERSAL.search(c.text)]
    if whole and len(alike) >= _ENOUGH_WITH_ALL:
        return whole[0]
    sound = [c for c in alike if _DENIES.search(c.text)]
    if sound and any(BOTH.search(c.text) or _AS_THERE.search(c.text) for c in alike if c not in sound[1:]):
        both = [c for c in alike if c not in sound]
        if both:
            return both[0]
    told = next((c for c in clauses if c.suffices and not (c.conceded or c.glance)), None)
    rest = next((c for c in _of(clauses, "rest") if TOO.search(c.text)), None)
    return told or (rest if alike_in_both(clauses) else None)


def all_in_order(clauses: Sequence[Clause]) -> bool:
    """Say whether all components are said to be in order, and nothing but the light to differ."""
    order = any(_ALL_PARTS.match(c.text) for c in _of(clauses, "fine", "alike"))
    return order and {clause.act for clause in clauses} <= _ALL_ALIKE | {"excluded"}


def alike_in_both(clauses: Sequence[Clause]) -> bool:
    """Say whether a thing is described that is alike in both, and nothing else."""
    if any(clause.act not in _ALL_ALIKE and not clause.answer for clause in clauses):
        return False
    described = _of(clauses, "neutral")
    return bool(_of(clauses, "alike", "fine") or described) and all(BOTH.search(c.text) for c in described)

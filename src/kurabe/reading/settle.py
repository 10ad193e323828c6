"""How the clauses of an answer add up to a verdict, or why they do not.

A verdict stands only if every clause that could change it has been understood. "Same" is changed by
whatever may hold a difference, so it bears no clause that is open; "different" is changed only by what
says or may say that all is the same.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from kurabe.common.vocabulary import Verdict
from kurabe.reading.clauses import NO_FAULT, Act, Clause


class Settled(NamedTuple):
    """A verdict with the rule that it was read by, or None with the reason."""

    verdict: Verdict | None
    reason: str = ""
    rule: str = ""


_BLOCKS: dict[Act, str] = {
    "refusal": "it refuses, or says that there is no picture to look at",
    "doubt": "it expresses doubt",
    "turn": "a clause is not understood that could turn the answer round",
}
NEITHER = "it says neither same nor different"
_LIGHT = "it says different and names only what the prompt does not count"
_MAY_DIFFER = "it says same, and a clause is not understood that may hold a difference"


def settle(clauses: Sequence[Clause]) -> Settled:
    """Return the verdict that all clauses together allow, after answers were resolved."""
    for act, why in _BLOCKS.items():
        for clause in clauses:
            if clause.act == act:
                return Settled(None, _quoting(why, clause))
    kept = _overridden(_sides(clauses))
    answers = [clause for clause in kept if clause.answer]
    if len({clause.act for clause in answers}) > 1:
        return Settled(None, "it says both same and different")
    said = _Said(kept)
    if not answers:
        return _unanswered(said)
    if answers[0].act == "different":
        return _affirmed(said, answers[0])
    return _denied(said, answers[0])


class _Said:
    """The clauses by what they do, without the answer words."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._by_act: dict[Act, list[Clause]] = {}
        self._clauses = list(clauses)
        for clause in clauses:
            if not clause.answer:
                self._by_act.setdefault(clause.act, []).append(clause)

    def first(self, *acts: Act) -> Clause | None:
        return next((clause for act in acts for clause in self._by_act.get(act, ())), None)

    def enough(self) -> Clause | None:
        """Return what will do for "same", if all else only says so, too, or says nothing."""
        if any(clause.act not in _ALL_ALIKE or clause.contrast for clause in self._clauses):
            return None
        alike = [c for c in self.all("alike") + self.all("fine") if not (c.conceded or c.glance or c.side)]
        if (
            sum(len(_LIKE_WORDS.findall(c.text)) or _LABELLED.match(c.text) is not None for c in alike)
            >= _ENOUGH
        ):
            return alike[0]
        sound = [c for c in alike if _DENIES.search(c.text)]
        if sound and any(
            _BOTH.search(c.text) or _AS_THERE.search(c.text) for c in alike if c not in sound[1:]
        ):
            both = [c for c in alike if c not in sound]
            if both:
                return both[0]
        told = next((c for c in self._clauses if c.suffices and not (c.conceded or c.glance)), None)
        rest = next((c for c in self.all("rest") if _TOO.search(c.text)), None)
        return told or (rest if self.alike_in_both() else None)

    def alike_in_both(self) -> bool:
        """Say whether a thing is described that is alike in both, and nothing else."""
        if any(clause.act not in _ALL_ALIKE and not clause.answer for clause in self._clauses):
            return False
        described = self.all("neutral")
        return bool(self.first("alike", "fine") or described) and all(_BOTH.search(c.text) for c in described)

    def defect_stated(self) -> Clause | None:
        """Return the clause that states a defect; None if a "but" behind it may take it back."""
        told = next((clause for clause in self._by_act.get("defect", ()) if clause.stated), None)
        if told is None or any(clause.contrast or clause.conceded for clause in self._after(told)):
            return None
        return told

    def _after(self, told: Clause) -> list[Clause]:
        place = next(n for n, clause in enumerate(self._clauses) if clause is told)
        return [clause for clause in self._clauses[place + 1 :] if clause.act not in ("different", "defect")]

    def all(self, act: Act) -> list[Clause]:
        return self._by_act.get(act, [])


def _affirmed(said: _Said, answer: Clause) -> Settled:
    """Weigh an explicit "different" against the rest."""
    if said.first("same"):
        return Settled(None, "it says both same and different")
    if not said.first("different", "defect", "hint", "rest"):
        if said.first("excluded"):
            return Settled(None, _LIGHT)
        against = next(
            (c for act in ("fine", "alike", "both") for c in said.all(act) if not (c.contrast or c.conceded)),
            None,
        )
        if against and not said.first("open", "side"):
            return Settled(None, _quoting("it says different and describes what is alike", against))
    elif _only_excluded(said):
        return Settled(None, _LIGHT)
    return Settled("different", rule=_quoting("answer word", answer))


def _only_excluded(said: _Said) -> bool:
    """Say whether all that is named as a difference is excluded."""
    named = any(clause.named for clause in said.all("different"))
    return said.first("excluded") is not None and not named and not said.first("defect", "hint", "rest")


def _denied(said: _Said, answer: Clause) -> Settled:
    """Weigh an explicit "same" against the rest."""
    if said.first("different"):
        return Settled(None, "it says both same and different")
    fault = said.first("defect", "hint")
    if fault:
        return Settled(None, _quoting("it says same and names a defect", fault))
    unclear = said.first("open", "side", "rest", "heading")
    if unclear and not (unclear.act == "rest" and (said.alike_in_both() or said.first("excluded"))):
        return Settled(None, _quoting(_MAY_DIFFER, unclear))
    return Settled("same", rule=_quoting("answer word", answer))


def _unanswered(said: _Said) -> Settled:
    """Weigh what is said without an explicit answer."""
    different, same = said.first("different"), said.first("same")
    if different and same:
        return Settled(None, "it says both same and different")
    if different:
        if not _only_excluded(said):
            return Settled("different", rule=_quoting("difference stated", different))
        if all(clause.only for clause in said.all("excluded")):
            return _light_only(said)
        return Settled(None, _LIGHT)
    return _same(said, same) if same else _neither(said)


def _same(said: _Said, same: Clause) -> Settled:
    """Weigh a statement of sameness against what may restrict it."""
    fault = said.first("defect", "hint")
    if fault and (fault.only or (fault.contrast and not fault.first)):
        return Settled("different", rule=_quoting("restricted sameness", fault))
    unclear = fault or said.first("open", "side", "rest", "heading")
    if unclear is None:
        return Settled("same", rule=_quoting("sameness stated", same))
    if unclear.contrast:
        return Settled(None, _quoting("what it says is restricted by a 'but' that names no verdict", unclear))
    return Settled(None, _quoting("it says same and names a defect" if fault else _MAY_DIFFER, unclear))


def _neither(said: _Said) -> Settled:
    """Weigh what says neither same nor different of the whole."""
    fault, rest, excluded = said.first("defect", "hint"), said.first("rest"), said.all("excluded")
    if fault and ((fault.contrast and said.first("alike", "fine")) or rest or excluded):
        return Settled("different", rule=_quoting("restricted sameness", fault))
    if fault and not said.first("both", "turn") and (told := said.defect_stated()):
        return Settled("different", rule=_quoting("a defect is stated", told))
    if fault or said.first("open", "side"):
        return Settled(None, NEITHER)
    if enough := said.enough():
        return Settled("same", rule=_quoting("all that is named is the same", enough))
    if excluded and (rest or any(clause.only for clause in excluded)):
        return _light_only(said)
    if rest and rest.only and not said.first("both"):
        return Settled("different", rule=_quoting("all else is the same", rest))
    return Settled(None, NEITHER)


def _light_only(said: _Said) -> Settled:
    return Settled("same", rule=_quoting("only what the prompt does not count", said.first("excluded")))


_DENIES = re.compile(r"\b(?:no|none|neither|nor|without)\b.*\b\w+|なし|ありません|ない|見られず")
_AS_THERE = re.compile(r"\bas in the (?:first|upper|top|reference)\b|\bin either\b")
_ENOUGH = 3
"""So many things that are said to be alike will do for the whole, if nothing speaks against it."""
_LABELLED = re.compile(r"[^:：]{1,40}: ")
_LIKE_WORDS = re.compile(r"\b(?:same|identical|unchanged)\b|同じ|一致|変わら|(?:違い|差|食い違い)は")
_ALL_ALIKE: frozenset[Act] = frozenset(("alike", "fine", "rest", "neutral"))


def _overridden(clauses: Sequence[Clause]) -> list[Clause]:
    """Take back what a "but" takes back: "they look the same, but one pin differs" is different."""
    kept: list[Clause] = []
    for clause in clauses:
        if clause.act == "different" and not clause.answer and (clause.contrast or clause.only):
            sound = kept and all(NO_FAULT.search(before.text) for before in kept if before.act == "same")
            if clause.first and clause.named and clause.side and not sound:
                kept.append(clause)
                continue  # "No difference. However, the lower one has a crack" is no answer
            for place in range(len(kept) - 1, -1, -1):
                before = kept[place]
                if before.act == "same" and (
                    not before.answer or (clause.only and clause.contrast and not clause.first)
                ):
                    kept[place] = replace(before, act="alike", answer=False)
                if before.first and not clause.first:
                    break  # within a sentence, a "but" speaks of that sentence alone
        kept.append(clause)
    kept = _parts_alike(kept)
    differs = any(clause.act == "different" for clause in kept)
    for place, clause in enumerate(kept):
        if clause.act == "same" and not clause.answer and (clause.conceded or clause.glance):
            kept[place] = replace(clause, act="alike" if differs or clause.conceded else "open")
    return kept


_OF_A_THING = re.compile(
    r"(?:the|i (?:see|find|notice) no (?:change|difference) (?:in|on|about) the|no (?:change"
    r"|difference) (?:in|on|about)"
    r" the|nothing has changed (?:in|on|about) the) (?!images?|pictures?|photos?|parts?|two|pair"
    r"|same)(?P<thing>[\w -]{2,24}?)"
    r" ?(?:(?:is|looks|remains) (?:\w+ly )?(?:the same|unchanged|identical)|has not changed|$)"
)


def _parts_alike(clauses: list[Clause]) -> list[Clause]:
    """Take "the cable is the same" for one of a part, where another part is said to differ."""
    differing = " ".join(clause.text for clause in clauses if clause.act == "different" and clause.named)
    if not differing:
        return clauses
    things = [_OF_A_THING.match(clause.text) if clause.act == "same" else None for clause in clauses]
    return [
        replace(clause, act="alike") if thing and thing["thing"] not in differing else clause
        for clause, thing in zip(clauses, things, strict=True)
    ]


_TOO = re.compile(r"\b(?:too|also|as well|likewise)\b|[^とで]も(?!の|う|し)")
"""What adds the second picture to the first instead of setting it against it."""
_LIKE: frozenset[Act] = frozenset(("alike", "fine", "same"))


def _sides(clauses: Sequence[Clause]) -> list[Clause]:
    """Hold descriptions of the two pictures against each other.

    Equal ones say nothing; ones that differ in a number, or that a "while" sets against each other,
    name a difference; others stay open.
    """
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
            numbers = [re.findall(_NUMBER, first), re.findall(_NUMBER, second)]
            if (
                first != second
                and not _TOO.search(clause.text)
                and (
                    clause.contrast
                    or clause.against
                    or before.conceded
                    or (all(numbers) and numbers[0] != numbers[1])
                )
            ):
                clause = replace(clause, act="different", named=True, contrast=before.contrast)
        elif clause.act == "side" and clause.contrast and before is not None and _gives_way(before, clause):
            clause = replace(clause, act="different", named=True)  # "nearly identical, but in the second …"
        found.append(clause)
    return found


_NONE_HERE = re.compile(r"なし$|ありません$|ない$|見られず$|^no \w+(?: \w+)?$")
"""What the second picture is said not to have: 「傷なし」."""
_BOTH = re.compile(r"\b(?:both|each|all)\b|どちらも|どちらの|両|いずれ|双方")
_VIEWED = re.compile(
    r"\b(?:light|lit|bright\w*|dark\w*|angle|view\w*|closer|camera|focus|sharp\w*|zoom\w*|same|test"
    r"|inspected|reference)\b"
)


def _gives_way(before: Clause, clause: Clause) -> bool:
    """Say whether a clause restricts the one before: "while both show a zip, the second one is open"."""
    if before.act in _LIKE:
        return True
    conceded = before.act == "neutral" and before.conceded and _BOTH.search(before.text)
    return bool(conceded) and not _VIEWED.search(clause.text) and not _TOO.search(clause.text)


def set_against(clauses: Sequence[Clause]) -> bool:
    """Say whether one clause describes the first picture, and the next the second with other words."""
    sides = [clause for clause in clauses if clause.act == "side"]
    if [clause.side for clause in sides] not in ([1, 2], [2, 1]) or _TOO.search(sides[1].text):
        return False
    return len(sides) == len(clauses) and _bare(sides[0].text) != _bare(sides[1].text)


_NUMBER = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|open|closed|on|off|red|blue|green|yellow"
    r"|black|white|grey|gray|orange"
    r"|brown|straight|[a-z]+\d+)\b|[一二三四五六七八九十赤青緑黄黒白灰]|開|閉|オン|オフ|点灯|消灯|\d+"
)
_SIDE_WORDS = re.compile(
    r"\b(?:upper|lower|top|bottom|left|right|first|second|reference|test|other|the|image|picture|photo"
    r"|photograph|in|on|also"
    r"|one|a|an|is|are|there|1|2)\b|画像\s?[12ab]|[上下左右]|[1-2一二]枚目|画像|写真|側|段|の|は|に|では"
    r"|も|が|を|で(?:す|ある)?$"
    r"|[\W_]"
)


def _bare(text: str) -> str:
    return " ".join(_SIDE_WORDS.sub(" ", text).split())


def _quoting(why: str, clause: Clause | None) -> str:
    if clause is None or not clause.text:
        return why
    text = clause.text if len(clause.text) <= 80 else clause.text[:77] + "…"
    return f"{why}: “{text}”"

"""How the clauses of an answer add up to a verdict, or why they do not.

A verdict stands only if every clause that could change it has been understood. "Same" is changed by
whatever may hold a difference, so it bears no clause that is open; "different" is changed only by what
says or may say that all is the same.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from kurabe.common.vocabulary import Verdict
from kurabe.reading.clauses import NO_FAULT, Act, Clause
from kurabe.reading.enough import alike_in_both, all_in_order, enough
from kurabe.reading.patterns import later
from kurabe.reading.sides import described_apart, weigh_sides


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
    kept = _concluded(_overridden(weigh_sides(clauses)))
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
        self.clauses = list(clauses)
        for clause in clauses:
            if not clause.answer:
                self._by_act.setdefault(clause.act, []).append(clause)

    def first(self, *acts: Act) -> Clause | None:
        return next((clause for act in acts for clause in self._by_act.get(act, ())), None)

    def defect_stated(self) -> Clause | None:
        """Return the clause that states a defect; None if a "but" behind it may take it back."""
        told = next((clause for clause in self._by_act.get("defect", ()) if clause.stated), None)
        if told is None or any(clause.contrast or clause.conceded for clause in self._after(told)):
            return None
        return told

    def _after(self, told: Clause) -> list[Clause]:
        place = next(n for n, clause in enumerate(self.clauses) if clause is told)
        return [clause for clause in self.clauses[place + 1 :] if clause.act not in ("different", "defect")]

    def fault(self) -> Clause | None:
        """Return the first clause that names a defect, or may."""
        return next((c for c in self.all("defect") + self.all("hint") if not c.idle), None)

    def unclear(self) -> Clause | None:
        """Return the first clause that may hold a difference, though the answer says that there is none."""
        told = [c for act in ("open", "side", "rest", "heading") for c in self.all(act)]
        apart = described_apart([c for c in told if c.idle and c.side])
        return next((c for c in told if not c.idle or (apart and c.side)), None)

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
    fault = said.fault()
    if fault:
        return Settled(None, _quoting("it says same and names a defect", fault))
    unclear = said.unclear()
    if unclear and not (unclear.act == "rest" and (alike_in_both(said.clauses) or said.first("excluded"))):
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
    fault = said.fault()
    if fault and (fault.only or (fault.contrast and not fault.first)):
        return Settled("different", rule=_quoting("restricted sameness", fault))
    unclear = fault or said.unclear()
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
    if told := enough(said.clauses):
        return Settled("same", rule=_quoting("all that is named is the same", told))
    if excluded and (rest or any(clause.only for clause in excluded) or all_in_order(said.clauses)):
        return _light_only(said)
    if rest and rest.only and not said.first("both"):
        return Settled("different", rule=_quoting("all else is the same", rest))
    return Settled(None, NEITHER)


def _light_only(said: _Said) -> Settled:
    return Settled("same", rule=_quoting("only what the prompt does not count", said.first("excluded")))


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
                    not before.answer
                    or (clause.only and clause.contrast and not (clause.first or before.stated))
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


def _concluded(clauses: list[Clause]) -> list[Clause]:
    """Take what is alike, step by step, for parts, where a difference is named and then concluded.

    "The outlines agree. The second has a dent. So they are different."
    """
    last = clauses[-1] if clauses else None
    if last is None or last.act != "different" or not last.first or not _CONCLUDES.search(last.text):
        return clauses
    named = next(
        (n for n, c in enumerate(clauses[:-1]) if c.act in ("different", "defect") and c.named), None
    )
    if named is None:
        return clauses
    for place, clause in enumerate(clauses):
        if clause.act == "same" and (clause.answer or place > named or not _OF_PARTS.search(clause.text)):
            return clauses
    return [replace(clause, act="alike") if clause.act == "same" else clause for clause in clauses]


_OF_PARTS = later(
    r"^(?!.*\b(?:no|nothing|not)\b).*(?:\b(?:look|looks|seem|seems|appear|appears|overall|agree|agrees|match"
    r"|matches|in both"
    r"|in each|generally|with the same)\b|: ?(?:same|identical|ok)|[同一]|共通)"
)
"""What may be said of parts, or at first sight; "there is no difference" is not."""
_CONCLUDES = later(
    r"^(?:yes|(?:so|therefore|hence|thus|overall|because of \w+(?: \w+)?|in (?:conclusion|summary|short|sum)"
    r"|altogether)\b.*"
    r"|.*\b(?:there is (?:a|one|an)(?: \w+)? (?:difference|deviation|change|discrepancy)|(?:are"
    r"|is) (?:\w+ly )?(?:different"
    r"|not (?:the same|identical|equal|alike))|differ)\b[^,;]{0,40})$"
)
"""A statement of the whole: only this may make parts of what was said to be the same."""
_OF_A_THING = later(
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


def _quoting(why: str, clause: Clause | None) -> str:
    if clause is None or not clause.text:
        return why
    text = clause.text if len(clause.text) <= 80 else clause.text[:77] + "…"
    return f"{why}: “{text}”"

"""What an English clause says: sameness, difference, a defect, an exclusion, or something that is open.

A clause is a string of word classes (`kurabe.reading.english.words`). Its pivots are the words of
difference, sameness, defect and good order. A negation counts only if every word between it and its
pivot is understood; what is said of a part is not said of the whole; what is left open stays open.
"""

import re
from collections.abc import Iterator

from kurabe.reading.clauses import Act, Meaning
from kurabe.reading.english.attitude import advises, doubts, picture_cut
from kurabe.reading.english.compounds import Word
from kurabe.reading.english.likeness import difference, goes_through, inseparable, sameness
from kurabe.reading.english.nouns import NOUN_RUN, noun
from kurabe.reading.english.states import comparative, defect, located, scene, state, states_defect
from kurabe.reading.english.view import NEGATORS, View, turned
from kurabe.reading.english.words import FREE
from kurabe.reading.patterns import later

_MOST_PIVOTS = 80
"""Words of difference, sameness or defect in a clause; one with more comes from a model that "
"repeats itself."""
_OBSERVES = later(r"M(?:n?v|n?bv|n?bV|nh|nb?[SdKD])")


_COULD_BE = later(
    r"^(?:this|that|it|which) (?:could|may|might) (?:well )?be (?:a |an |due to |caused by )*"
    r"(?:defect|fault|damage|flaw|wear|anomaly|problem|issue|manufacturing)\b[\w ]*$"
)
"""What a difference may come from: "this could be a defect" does not doubt it."""


_IN_GENERAL = later(
    r"\b(?:typical|common|usual|possible|potential|frequent) (?:\w+ )?(?:defect|fault|flaw|damage"
    r"|error|problem|difference|deviation|change)s?\b"
    r"(?! (?:between|in (?:both|the (?:second|first|lower|upper))))"
    r"|^(?:the )?(?:defects|faults|flaws|things|differences|problems) to (?:look|check|watch|search"
    r"|expect)\b"
)
"""What speaks of defects in general: "typical defects are cracks"."""


def meaning(words: list[Word]) -> Meaning:
    """Return what a clause says by itself; its neighbours are weighed elsewhere."""
    kept = tuple(word for word in words if word.code not in FREE and word.code != "f")
    codes = "".join(word.code for word in kept)
    clause = View(kept, codes, " ".join(word.text for word in words))
    only = "O" in codes or clause.text.startswith(
        ("all that differs", "all that is different", "what differs is")
    )
    glance = any(word.code == "f" for word in words)
    side = next(iter(clause.sides)) if len(clause.sides) == 1 else 0
    if sum(code in "DKSsdeJFCGV" for code in codes) > _MOST_PIVOTS:
        return Meaning("turn")
    found = _set_phrase(clause) or _attitude(clause)
    if found is None:
        found = _strongest(list(_pivots(clause)), clause)
    stated = found.act == "defect" and states_defect(clause)
    return found._replace(only=only or found.only, side=side, glance=glance, stated=stated)


_WITHIN = later(
    r"\b(?:variations?|differences?|deviations?)\b.*\b(?<!not )within (?:the |their )?(?:\w+ ){0,2}"
    r"(?:range|tolerances?|limits?|variation)\b"
)
"""What good specimens have among themselves: "minor variations are within the range of good parts"."""
_TWICE_DENIED = later(
    r"\b(?:no|neither|none|nothing|without|not)\b.*\b(?:that|which) "
    r"(?:is|are|was|were|does|do|has|have|can) (?:not|no)\b"
    r"|\bno (?:signs?|trace|hint|evidence|indications?) of (?:no|not|nothing|missing no)\b"
)
_ABSENCE = later(r"\b(?:absence|lack) of\b")


_WHICH = later("I[bhk]+p?[gG]*I")
"""Which picture is which: "the first picture is the reference", "the second shows the test part"."""
_GOOD_STATE = later(
    r"^(?:the )?1:[\w -]+ (?:shows|depicts|is|displays) (?:the |a )?(?:\w+ )?in (?:its|the) (?:good"
    r"|proper|original"
    r"|intended|correct|normal) (?:state|condition|form)$"
)
_LIGHT_MAYBE = later("[Alg]*E[^DKSsdeJFCQMnowz]*u[^DKSsdeJFCQMnowz]*")
"""What may be of the light, whatever it is: "the shadows fall a little differently, probably"."""
_NO_EXCEPTION = later(r"^(?:there (?:is|are|was|were) )?(?:no|not any) exceptions?$")


def _set_phrase(clause: View) -> Meaning | None:
    """Return the meaning of a clause that is read as a whole."""
    text = clause.text
    if inseparable(text):
        return Meaning("same")
    if advises(text):
        return Meaning("neutral")
    if picture_cut(text):
        return Meaning("open")
    if _LIGHT_MAYBE.fullmatch(clause.codes):
        return Meaning("excluded", named=True)
    if (re.search("[nozw].*w", clause.codes) and _ABSENCE.search(text)) or _TWICE_DENIED.search(text):
        return Meaning("turn")  # "neither picture shows the absence of the mug"
    if _WHICH.fullmatch(clause.codes) or _GOOD_STATE.search(text):
        return Meaning("neutral")
    return (
        Meaning("neutral")
        if _WITHIN.search(text)
        or _NO_EXCEPTION.match(text)
        or _COULD_BE.match(text)
        or _IN_GENERAL.search(text)
        else None
    )


def _attitude(clause: View) -> Meaning | None:
    """Return the meaning of a clause that states nothing: a doubt, a purpose, a condition."""
    codes = clause.codes
    if not codes:
        return Meaning("neutral")
    pivot = re.search("[DKSdesJCFGw]", codes)
    first = pivot.start() if pivot else len(codes)
    if doubts(clause.text):
        about = re.search(r"\b(?:if|whether|which|how many)\b", clause.text)
        return Meaning("doubt" if pivot or about or len(codes) <= 8 else "open")
    if "u" in codes:
        return Meaning("doubt" if pivot or len(codes) <= 5 else "open")
    if "M" in codes and not _OBSERVES.search(codes):
        return Meaning("doubt" if pivot else "open")
    if "%" in codes:
        place = codes.index("%")
        if pivot and pivot.start() > place:
            purpose = re.search("[UvM]|k", codes[:place]) or re.search(
                r"\b(?:say|tell|know|ask|asks|asked|decide|determine|check|judge|verify|assess|question"
                r"|checked|looked|inspected|examined|tested|verified|find out|see|wondered|looking"
                r"|checking)\b",
                clause.text,
            )
            return Meaning("neutral" if purpose else "turn")
        return Meaning("turn" if pivot else "neutral")
    if "instead of" in clause.text or "rather than" in clause.text:
        plainly = not set(NEGATORS).intersection(codes) and not set("SsdeEuM%").intersection(codes)
        named = plainly and re.search("[QxFCqg]", codes) and codes.count("*") == 1
        return Meaning("different", named=True) if named else Meaning("turn" if pivot else "open")
    if "*" in codes:
        if "E" in codes and not pivot:
            return Meaning("excluded", named=True)
        return Meaning("turn" if pivot or set(NEGATORS).intersection(codes) else "open")
    if "U" in codes and codes.index("U") < first:
        between = codes[codes.index("U") : first]
        if not set(NEGATORS).intersection(between):
            return Meaning("neutral")
    return None


def _pivots(clause: View) -> Iterator[Meaning]:
    codes = clause.codes
    place = 0
    while place < len(codes):
        code = codes[place]
        if code in "DK":
            run = NOUN_RUN.match(codes, place)
            end = run.end() if run else place + 1
            yield noun(clause, place, end)
            place = end
            continue
        if code in "Ss":
            yield sameness(clause, place)
        elif code in "de":
            yield difference(clause, place)
        elif code == "J":
            before = codes[:place].rstrip("LAO")
            if turned(before):
                yield Meaning("different" if before.endswith("n") else "turn")
            else:
                same = clause.words[place].text in _AGREES and before == codes[:place]
                yield Meaning("alike", suffices=same and goes_through(clause, place))
        elif code == "F":
            yield defect(clause, place)
        elif code == "C":
            yield comparative(clause, place)
        elif (
            code == "R"
            and clause.words[place].text in ("additional", "further")
            and codes[place + 1 : place + 2] in ("Q", "x")
        ) or (
            code == "R" and clause.words[place].text == "more" and re.search("q[lgA]*[Qx]+$", codes[:place])
        ):
            yield Meaning("alike") if turned(codes[:place]) else located(clause)
        elif code in "GV":
            found = state(clause, place)
            if found is not None:
                yield found
        place += 1


_AGREES = frozenset(("consistent", "in agreement", "uniform"))
_ORDER: tuple[Act, ...] = (
    *("turn", "doubt", "ask_different", "different", "same", "excluded", "rest", "hint", "both", "defect"),
    *("open", "heading", "alike", "fine", "side", "neutral", "is_not", "yes", "no"),
)


def _strongest(found: list[Meaning], clause: View) -> Meaning:
    """Return the meaning that decides of those that the pivots of one clause have."""
    acts = {one.act for one in found}
    if {"different", "same"} <= acts:
        return Meaning("turn")
    if "both" in acts and "alike" in acts and "defect" not in acts:
        return Meaning("both")
    if not found or acts <= {"alike"}:
        described = scene(clause)
        if not found or described.act == "different":
            return described
        if described.act == "open":
            return next((one for one in found if one.suffices), Meaning("alike"))
    best = min(found, key=lambda one: _ORDER.index(one.act))
    return best._replace(named=any(one.named for one in found))

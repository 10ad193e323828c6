"""Which differences: the entries of a list, or the sentences, that say something about a difference."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from kurabe.common.vocabulary import Verdict
from kurabe.reading import japanese
from kurabe.reading.answers import AnswerWords, resolve
from kurabe.reading.clauses import Act, Clause
from kurabe.reading.findings import Entry, data_entries
from kurabe.reading.headings import announced, is_title, is_unsure, leads
from kurabe.reading.items import State, added, named_by_all, parted
from kurabe.reading.last_word import says_nothing_of_the_pair
from kurabe.reading.lines import Line, lines, split_sentences, unquoted
from kurabe.reading.literals import find
from kurabe.reading.naming import names_thing
from kurabe.reading.openings import cut_off
from kurabe.reading.patterns import later
from kurabe.reading.places import names_place
from kurabe.reading.settle import NEITHER, Settled, settle
from kurabe.reading.sides import set_against
from kurabe.reading.tables import row
from kurabe.reading.verdict import clauses_of, in_section, said_in, sentence


class Listed(NamedTuple):
    """What an answer claims.

    Attributes:
        verdict: Same or different; None if it says neither or both.
        items: The differences it names, as they were written.
        reason: Why there is no verdict.
        rule: By what the verdict was read.
    """

    verdict: Verdict | None
    items: tuple[str, ...] = ()
    reason: str = ""
    rule: str = ""


_NONE = later(
    r"\W*(?:n/a\W+)?(?:none(?: of (?:the |them)(?:\w+ ?){0,2})?"
    r"|nothing|no differences?|[0０]\s?(?:件|個|つ|箇所|か所)?|n/a|no|nope|not"
    r" applicable|nil|なし|特に(?:なし"
    r"|ありません"
    r"|無し"
    r"|ないです)"
    r"|ありません|ない(?:です)?|無し|いいえ|該当なし|特になし)"
    r"(?: (?:visible|found|detected|noted|seen|observed|identified|apparent|to report))?(?:です)?\W*"
)
_INLINE_MARK = later(
    r"[;,]?(?:(?<=[:;.,。、：；])\s+(?=\d{1,2}[.)]\s)|\s+(?=\(\d{1,2}\)\s))|(?<=[:：])\s*(?=[①-⑳])"
)
_TITLE = later(r"^(?:the )?(?:only |main )?differences?\s*[:：]\s*|^違い\s*[:：]\s*", re.IGNORECASE)


def read_differences(text: str, words: AnswerWords) -> Listed:
    """Return the verdict and the claimed differences of a plain text.

    A line or a sentence is an item only if it says something about a difference. Under a heading that
    announces differences, or in a list of them, an entry that is not understood is one, too.
    """
    found = find(text)
    if found.broken:
        return Listed(None, reason="the JSON is cut off or cannot be parsed")
    if cut_off(found.rest):
        return Listed(None, reason="it ends in the middle of a sentence")
    if says_nothing_of_the_pair(found.rest):
        return Listed(None, reason="it speaks of things in general, or of what it would need")
    entries = list(_entries(found.rest, words))
    for value in found.values:
        entries += data_entries(value, lambda prose: said_in(prose, words))
    judged = [(_state(entry), entry) for entry in entries]
    return _settled(judged, words, settle(resolve(clauses_of(text, words), words)))


_OF_PAIR = later(
    r"\b(?:images?|pictures?|photos?|both|two|they|them|these|everything|all|no|none|nothing|not|n't"
    r"|identical)\b"
    r"|differ|写真|画像|両|どちら|違|差|枚|全|なし|ない|ません|^[^\sはもが]+$",
    re.IGNORECASE,
)


def _settled(judged: list[tuple[State, Entry]], words: AnswerWords, overall: Settled) -> Listed:
    """Add up the entries; where they disagree, the verdict on the whole text decides."""
    judged = named_by_all(added(judged))
    named = [entry for state, entry in judged if state == "item"]
    # Where there is a list, the prose around it only repeats it.
    listed = [one for one in named if one.listed]
    items = [_TITLE.sub("", entry.text) for entry in listed] or [
        item for entry in named for item in parted(entry.text, lambda part: sentence(part, words))
    ]
    if items:  # "the cable is the same" is of a part where another part is said to differ
        judged = [
            ("remark" if state == "same" and not _OF_PAIR.search(entry.text) else state, entry)
            for state, entry in judged
        ]
    states = {state for state, _ in judged}
    if "doubt" in states:
        return Listed(None, reason="it expresses doubt")
    if "block" in states and not (overall.verdict == "different" and items):
        return Listed(None, reason=next(_why(entry, words) for state, entry in judged if state == "block"))
    if items:
        # What stands around a list may say that the rest is alike, but not that all is.
        if "same" in states and overall.verdict != "different":
            return Listed(None, reason="it names differences and says that there are none")
        return Listed(
            "different", tuple(items), rule=f"{len(items)} named difference{'s' * (len(items) > 1)}"
        )
    return _nameless(judged, states, overall)


def _nameless(judged: list[tuple[State, Entry]], states: set[State], overall: Settled) -> Listed:
    """Return what an answer says that names no difference."""
    listed = [(state, entry) for state, entry in judged if entry.listed]
    if len(listed) > 1 and len(listed) == len(judged) and all(map(_says_none, judged)):
        return Listed("same", rule="every entry says that nothing differs")
    asked = any(clause.act.startswith("ask") for _, entry in judged for clause in entry.clauses)
    heads = [entry for state, entry in judged if state == "different" and entry.section == "head"]
    both = {"same", "different"} <= states and not heads
    if asked or both or (overall.verdict == "same" and states & {"same", "weak"}):
        return Listed(overall.verdict, reason=overall.reason, rule=overall.rule)
    same = next((entry for state, entry in judged if state in ("same", "weak")), None)
    if same and all(entry.section == "head" for state, entry in judged if state == "different"):
        states = states - {"different"}  # "The differences are:" and then "- None"
    if same:
        if "open" in states:
            unclear = next(entry.text for state, entry in judged if state == "open")
            return Listed(None, reason=f"it says same, and this is not understood: “{unclear[:80]}”")
        if "different" not in states:
            return Listed("same", rule=f"nothing differs, or nothing is wrong: “{same.text[:80]}”")
    if "different" in states:
        if "excluded" in states:
            return Listed(None, reason="it names only what the prompt does not count")
        return Listed("different", rule="difference stated, none named")
    if overall.verdict is not None:
        return Listed(overall.verdict, rule=overall.rule)
    return Listed(None, reason="it names no difference, and does not say that there is none")


def _says_none(judged: tuple[State, Entry]) -> bool:
    """Say whether an entry of a list says of its part that nothing differs: "Pin 3: no difference"."""
    state, entry = judged
    acts = {clause.act for clause in entry.clauses}
    return (
        state in ("remark", "same")
        and bool(acts & {"alike", "same"})
        and acts <= {"alike", "same", "neutral"}
    )


def _why(entry: Entry, words: AnswerWords) -> str:
    return settle(resolve(entry.clauses, words)).reason or NEITHER


def _entries(text: str, words: AnswerWords) -> Iterator[Entry]:
    """Yield the entries of lists, with what is indented below them, and the sentences around them."""
    found = [part for line in lines(_INLINE_MARK.sub("\n", text)) for part in _parted(line)]
    outer = min((line.indent for line in found if line.bullet), default=0)
    section = ""
    head: tuple[str, ...] = ()
    grouped = list(_grouped(found, outer))
    for line in grouped:
        if line.cells:
            head = line.cells if line.head else head
            if not line.head:
                yield Entry(line.text, row(line, head, lambda cell: sentence(cell, words)), True, section)
            continue
        head = ()
        clauses = [clause for part in split_sentences(line.text) for clause in sentence(part, words)]
        if line.text.endswith((":", "：")) and is_unsure(line):
            section = "unsure"
            continue
        if (
            line.text.endswith((":", "："))
            or (len(line.text) < 40 and is_title(clauses, line))
            or leads(line)
        ):
            section = announced(clauses, line)
            if any(clause.act in ("different", "same", "excluded") for clause in clauses):
                yield Entry(line.text, [replace(c, named=False) for c in clauses], False, "head")
            continue
        if line.bullet:
            yield Entry(line.text, clauses, True, "different" if line.announced else section)
            continue
        if section == "different" and names_thing(line.text):
            yield Entry(line.text, clauses, True, section)  # below "Differences:", without a list mark
            continue
        section = section if section in ("different", "alike") and not _moves_on(clauses) else ""
        for part in split_sentences(line.text):
            said = sentence(part, words)
            yield Entry(part, said, False, section)
            if any((c.act == "different" and not c.named) or c.act == "heading" for c in said) or (
                len(said) == 1 and said[0].answer and resolve(said, words)[0].act == "different"
            ):
                section = section or "stated"


_OF_ONE = later(
    r"^(?:first|upper|top|left|reference)\b.*[;；]\s*(?:second|lower|bottom|right|test)\b"
    r"|\b(?:upper|lower|top|bottom|first|second|left|right) (?:image|picture|photo|one|part)\b|\bimage "
    r"[12ab]\b|[上下]の",
    re.IGNORECASE,
)


def _parted(line: Line) -> Iterator[Line]:
    """Part a line at its semicolons: "missing pin; scratch on the cover" names two."""
    parts = [part.strip() for part in re.split("[;；]", line.text)] if not line.cells else []
    if len(parts) < 2 or _OF_ONE.search(line.text) or any(len(part) < 3 for part in parts) or len(parts) > 12:
        yield line
        return
    for part in parts:
        yield replace(line, text=part)


def _moves_on(clauses: list[Clause]) -> bool:
    return any(clause.act in ("same", "alike", "rest", "fine") for clause in clauses)


def _grouped(found: list[Line], outer: int) -> Iterator[Line]:
    """Join what is indented below a list entry to the entry."""
    held: Line | None = None
    for line in found:
        if line.cells:
            if held:
                yield held
            held = None
            yield line
        elif line.bullet and line.indent <= outer + 1:
            if held:
                yield held
            held = line
        elif held is not None and line.indent > outer:
            held = replace(held, text=f"{held.text} {line.text}")
        else:
            if held:
                yield held
            held = None
            yield line
    if held:
        yield held


def _state(entry: Entry) -> State:
    """Say what an entry does in a list of differences."""
    if _NONE.fullmatch(unquoted(entry.text)):
        return "same"
    if entry.section == "unsure" and entry.listed:
        return "doubt"
    section = "different" if entry.section == "stated" and entry.listed else entry.section
    clauses = (
        [in_section(clause, section) for clause in entry.clauses] if section != "stated" else entry.clauses
    )
    if section == "different" and entry.listed and clauses and all(one.act == "neutral" for one in clauses):
        return "excluded" if _of_light(entry.text) else "item"  # "- Colour of the cap"
    if entry.listed and section != "different" and _FAULT_NONE.fullmatch(entry.text.strip()):
        return "remark"  # "- Holes: none"
    acts = {clause.act for clause in clauses}
    if acts & {"refusal", "turn"}:
        return "block"
    if "doubt" in acts:
        return "doubt"
    answers = {clause.act for clause in clauses if clause.answer}
    told = [
        clause
        for clause in clauses
        if not clause.answer and clause.act not in ("neutral", "heading", "ask", "ask_same", "ask_different")
    ]
    if section == "alike":
        return "item" if any(c.act == "different" for c in told) else "remark"
    state = _told_state(told, answers)
    if state == "open" and entry.listed and set_against(told):
        return "item"  # "- Wire: plugged in in the first picture; hangs out in the second"
    return "item" if state in ("open", "remark") and names_place(entry.text) else state


_FAULT_NONE = later(
    r"[^:：]{0,24}(?:り|れ|け|み|び|ち|傷|穴|異物|混入|付着|欠品|消失|holes?|cracks?|scratch\w*|stains?"
    r"|dents?)"
    r"\s*[:：]\s*(?:なし|無し|ありません|none|no)[.。]?",
    re.IGNORECASE,
)


def _of_light(text: str) -> bool:
    """Say whether a name is of what the prompt does not count: 「・明るさ」."""
    said = japanese.clauses(f"{unquoted(text)}が違います") if japanese.is_japanese(text) else []
    return any(clause.act == "excluded" for clause in said)


def _told_state(told: list[Clause], answers: set[Act]) -> State:
    acts = {clause.act for clause in told}
    if any(clause.contrast and clause.act in ("open", "side") for clause in told) and acts & {
        "alike",
        "fine",
    }:
        return "item" if acts & {"different"} else "open"
    names = [
        c
        for c in told
        if c.act == "defect"
        or (c.act == "different" and (c.named or (c.contrast and "same" not in acts)))
        or c.act == "hint"
    ]
    restricted = any(clause.contrast or clause.only for clause in names)
    denies = bool(answers & {"no", "same"}) or ("same" in acts and not restricted)
    if names:
        return "block" if denies else "item"
    if "different" in acts:
        # "They differ because the seam is open" names it, whatever else it says.
        told_of = any(clause.act in ("open", "side") and clause.side != 1 for clause in told)
        return "block" if denies else "item" if told_of and len(told) > 1 else "different"
    if answers & {"yes", "different"}:
        return "block" if acts & {"same"} else "different"
    sides = [clause for clause in told if clause.act == "side"]
    if len({clause.side for clause in sides}) == 2:
        settled = settle(told)
        return "item" if settled.verdict == "different" else "open"
    if "same" in acts:
        return "open" if acts & {"open", "hint", "side"} else "same"
    if answers:
        return "open" if acts & {"open", "hint", "side"} else "same"
    if "excluded" in acts:
        return "excluded"
    if acts & {"open", "side", "hint"}:
        return "open"
    return "weak" if "fine" in acts and not acts & {"rest"} else "remark"

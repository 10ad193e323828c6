"""What an answer is worth against what is expected; knows no engine and no pytest."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kurabe.cases.case import Choice, Describe, Difference, Expect
from kurabe.cases.prompts import Prompt
from kurabe.common.request import Answer, Place
from kurabe.common.vocabulary import Box, Language, Outcome, QuestionKind, Verdict
from kurabe.reading.describe import affirms, affirms_each
from kurabe.reading.grounded import read_grounded
from kurabe.reading.matching import says_hit
from kurabe.reading.plain import plain
from kurabe.reading.reader import Reading, read

MIN_IOU = 0.33
"""Least intersection over union at which a box counts as found: the convention of DeepPCB
(Tang et al. 2019, "Online PCB Defect Detector on a New PCB Defect Dataset"), whose defects are so
small that a shift by few pixels costs half of the overlap."""


_UNNAMED = "no word of the case tells whether a text names its differences: give each a 'kind' or 'says'"


@dataclass(frozen=True, slots=True)
class Score:
    """What the scorer makes of an answer.

    Attributes:
        outcome: ``correct``, ``wrong``, ``unparsed`` (the answer lacks what the question needs), or
            ``error`` (there is no answer).
        verdict: What was read from the answer; None if nothing was.
        expected: The expectation in short.
        expected_verdict: What ``verdict`` and ``differences`` should come out as; None elsewhere.
        parts: Figures that the tables add up, and what the page shows; JSON-able.
        rule: By which rule the answer was read, with the words that decided; "" if it was not read.
    """

    outcome: Outcome
    verdict: Verdict | None
    expected: str
    expected_verdict: Verdict | None
    parts: dict[str, Any] = field(default_factory=dict)
    rule: str = ""


def judge(
    question: QuestionKind,
    expect: Expect,
    language: Language,
    prompt: Prompt | None,
    answer: Answer,
    threshold: float | None = None,
    place: Place | None = None,
) -> Score:
    """Read an answer and score it.

    Args:
        question: What was asked. ``expect`` must say something about it.
        expect: What is true of the pair.
        language: The language that the answer should be in.
        prompt: What was asked, in words; None where nothing could be asked and ``answer`` is an error.
        answer: The answer.
        threshold: Verdicts are "different" from this P(different) on; None for those that the words give.
        place: Where the test picture is in what was shown, for boxes in words.

    Raises:
        ValueError: If ``expect`` says nothing about the question.
    """
    reading, answer = read_answer(question, language, prompt, answer, threshold, place)
    return score(question, expect, reading, answer)


def read_answer(
    question: QuestionKind,
    language: Language,
    prompt: Prompt | None,
    answer: Answer,
    threshold: float | None = None,
    place: Place | None = None,
) -> tuple[Reading, Answer]:
    """Return what an answer says, and the answer as it counts; for the arguments see `judge`.

    An engine that gives boxes itself is taken by these, also where the prompt asks for boxes in words.
    """
    if prompt is not None and prompt.boxes is not None and answer.boxes is None:
        reading, boxes = read_grounded(answer.text, language, prompt.boxes, place, answer.seen or ())
        answer = replace(answer, boxes=boxes)
    else:
        words = () if prompt is None else (prompt.options, prompt.yes, prompt.no, prompt.asks)
        reading = read(question, answer.text, language, *words)
        if answer.p_options is not None and reading.choice is not None:
            rule = f"likeliest letter: {answer.text}, P = {max(answer.p_options):.2f}"
            reading = replace(reading, rule=rule)
    if threshold is not None and question in ("verdict", "differences"):
        return at_threshold(reading, answer, threshold)
    return reading, answer


def at_threshold(reading: Reading, answer: Answer, threshold: float) -> tuple[Reading, Answer]:
    """Return what an answer says if P(different) alone makes the verdict; without one it says nothing.

    A pair that is called the same has no differences, so the boxes of its answer count no more.
    """
    p = answer.p_different
    if p is None:
        reason = "the model gave no P(different), which its threshold takes"
        return replace(reading, verdict=None, items=(), reason=reason, rule=""), answer
    if p >= threshold:
        return replace(reading, verdict="different", reason="", rule=f"P ≥ {threshold:g}"), answer
    boxes = None if answer.boxes is None else ()
    same = replace(reading, verdict="same", items=(), reason="", rule=f"P < {threshold:g}")
    return same, replace(answer, boxes=boxes)


def score(question: QuestionKind, expect: Expect, reading: Reading, answer: Answer) -> Score:
    """Score one answer.

    - ``verdict``: correct if the verdict that was read is the expected one. P(different) is turned into a
      verdict only where a threshold is set: an answer whose words cannot be read is unparsed.
    - ``count``, ``choice``: correct if equal.
    - ``describe``: correct if every group of ``says`` is hit and no word of ``never`` is.
    - ``differences``: correct if the verdict is right, every difference that can be scored is found,
      and what is claimed besides stays within bounds. With boxes, every box must match. Of the items
      of a text some may only elaborate, so it is enough that no more of them miss than match: an
      answer that lists whatever could be wrong is not correct. Either way each miss lowers the precision.
      If a text is held against differences that neither ``says`` nor ``kind`` names, it is unparsed.

    Args:
        question: What was asked. ``expect`` must say something about it.
        expect: What is true of the pair.
        reading: What was read from ``answer.text``.
        answer: The answer itself, for its boxes and its error.

    Raises:
        ValueError: If ``expect`` says nothing about the question.
    """
    found = _score(question, expect, reading, answer)
    return found if answer.error is not None else replace(found, rule=reading.rule)


def _score(question: QuestionKind, expect: Expect, reading: Reading, answer: Answer) -> Score:
    match question:
        case "verdict":
            return _verdict(expect, reading, answer)
        case "differences":
            return _differences(expect, reading, answer)
        case "count" if expect.count is not None:
            return _count(expect.count, reading, answer)
        case "choice" if expect.choice is not None:
            return _choice(expect.choice, reading, answer)
        case "describe" if expect.describe is not None:
            return _describe(expect.describe, reading, answer)
    raise ValueError(f"nothing is expected of a {question} question")


def name_of(difference: Difference) -> str:
    """Return a difference in a few words: its kind and place, else the first of its words, else its box."""
    if difference.kind or difference.where:
        return " at ".join(part for part in (difference.kind, difference.where) if part)
    if difference.says:
        return " ".join(group[0] for group in difference.says)
    if difference.box:
        return "box " + ",".join(f"{edge:g}" for edge in difference.box)
    return "difference"


def iou(a: Box, b: Box) -> float:
    """Return the intersection over union of two boxes, in [0, 1]; 0 for boxes without area."""
    width = min(a.x2, b.x2) - max(a.x1, b.x1)
    height = min(a.y2, b.y2) - max(a.y1, b.y1)
    if width <= 0 or height <= 0:
        return 0.0
    overlap = width * height
    return overlap / ((a.x2 - a.x1) * (a.y2 - a.y1) + (b.x2 - b.x1) * (b.y2 - b.y1) - overlap)


def match_boxes(expected: Sequence[Box], claimed: Sequence[Box]) -> dict[int, int]:
    """Match boxes one to one, the best overlap first, as long as it is at least `MIN_IOU`.

    Returns:
        Index into ``expected`` → index into ``claimed``.
    """
    overlaps = [(iou(e, c), i, j) for i, e in enumerate(expected) for j, c in enumerate(claimed)]
    matches: dict[int, int] = {}
    taken: set[int] = set()
    # Ties go to the lower indices, so that a score does not depend on anything but the boxes.
    for overlap, i, j in sorted(overlaps, key=lambda entry: (-entry[0], entry[1], entry[2])):
        if overlap < MIN_IOU:
            break
        if i not in matches and j not in taken:
            matches[i] = j
            taken.add(j)
    return matches


def _outcome(answer: Answer, readable: bool, right: bool) -> Outcome:
    if answer.error is not None:
        return "error"
    if not readable:
        return "unparsed"
    return "correct" if right else "wrong"


def _why(reading: Reading, answer: Answer, readable: bool) -> dict[str, Any]:
    """Return the reason why an answer could not be read, for the page."""
    return {"reason": reading.reason} if reading.reason and not readable and answer.error is None else {}


def _verdict(expect: Expect, reading: Reading, answer: Answer) -> Score:
    wanted = expect.known_verdict
    if wanted is None:
        raise ValueError("nothing is expected of a verdict question")
    readable = reading.verdict is not None
    outcome = _outcome(answer, readable, reading.verdict == wanted)
    return Score(outcome, reading.verdict, wanted, wanted, _why(reading, answer, readable))


def _count(wanted: int, reading: Reading, answer: Answer) -> Score:
    readable = reading.count is not None
    parts: dict[str, Any] = _why(reading, answer, readable)
    if reading.count is not None:
        parts |= {"count": reading.count, "count_error": reading.count - wanted}
    outcome = _outcome(answer, readable, reading.count == wanted)
    return Score(outcome, reading.verdict, str(wanted), None, parts)


def _choice(wanted: Choice, reading: Reading, answer: Answer) -> Score:
    readable = reading.choice is not None
    parts: dict[str, Any] = {"choice": reading.choice} if readable else _why(reading, answer, readable)
    if answer.p_options is not None:
        parts["p_options"] = dict(
            zip(wanted.options, (round(each, 4) for each in answer.p_options), strict=True)
        )
    outcome = _outcome(answer, readable, reading.choice == wanted.answer)
    return Score(outcome, reading.verdict, wanted.answer, None, parts)


def _describe(wanted: Describe, reading: Reading, answer: Answer) -> Score:
    text = plain(answer.text)
    said = affirms_each(text, wanted.says)
    hit = [group[0] for group, holds in zip(wanted.says, said, strict=True) if holds]
    missed = [group[0] for group, holds in zip(wanted.says, said, strict=True) if not holds]
    forbidden = [word for word in wanted.never if affirms(text, word)]
    parts = {"hit": hit, "missed": missed, "forbidden": forbidden}
    outcome = _outcome(answer, bool(text), not missed and not forbidden)
    return Score(outcome, reading.verdict, "; ".join(group[0] for group in wanted.says), None, parts)


@dataclass(frozen=True, slots=True)
class _Findings:
    """Which differences an answer names.

    Attributes:
        scored: Indices of the differences that this answer could be held against.
        found: Those of them that it names.
        claimed: Number of boxes, or of sentences that may be claims.
        matched: Number of claims that meet a difference; None if claims cannot be judged, because
            what differs is not known to the end.
    """

    scored: list[int]
    found: set[int]
    claimed: int
    matched: int | None


def _differences(expect: Expect, reading: Reading, answer: Answer) -> Score:
    wanted = expect.known_verdict
    if wanted is None:
        raise ValueError("nothing is expected of a differences question")
    known = expect.differences if expect.differences is not None else []
    listed = wanted == "same" or bool(known)
    by_box = answer.boxes is not None
    findings = (_by_box if by_box else _by_text)(known, reading, answer, listed)
    exact = findings.matched is None or findings.claimed - findings.matched <= (
        0 if by_box else findings.matched
    )
    found = [name_of(known[i]) for i in findings.scored if i in findings.found]
    missed = [name_of(known[i]) for i in findings.scored if i not in findings.found]
    unnamed = bool(known) and not findings.scored
    readable = reading.verdict is not None and not unnamed
    parts = {
        "found": found,
        "missed": missed,
        "expected": len(findings.scored),
        "claimed": findings.claimed,
        "matched": findings.matched,
        **({"boxes": [list(box) for box in answer.boxes]} if answer.boxes is not None else {}),
        **({"reason": _UNNAMED} if unnamed and answer.error is None else _why(reading, answer, readable)),
    }
    outcome = _outcome(answer, readable, reading.verdict == wanted and not missed and exact)
    return Score(outcome, reading.verdict, "; ".join(map(name_of, known)) or wanted, wanted, parts)


def _by_box(known: Sequence[Difference], reading: Reading, answer: Answer, listed: bool) -> _Findings:
    """Hold boxes against boxes; a difference without box is held against the text."""
    claims = answer.boxes or ()
    boxed = [(i, difference.box) for i, difference in enumerate(known) if difference.box is not None]
    matches = match_boxes([box for _, box in boxed], claims)
    found = {boxed[position][0] for position in matches}
    unboxed = [i for i, difference in enumerate(known) if difference.box is None]
    told = [i for i in unboxed if known[i].words]
    if reading.verdict != "same":
        found |= {i for i in told if says_hit(plain(answer.text), known[i].words)}
    # A box that matches nothing may be the difference whose box is not known.
    matched = len(matches) if listed and not unboxed else None
    return _Findings(sorted([i for i, _ in boxed] + told), found, len(claims), matched)


def _by_text(known: Sequence[Difference], reading: Reading, answer: Answer, listed: bool) -> _Findings:
    """Hold the words of the answer against the differences that say which words name them.

    A single difference may be named across the whole answer. Of several, each must be named by one
    item, together with what stands outside the items (a heading "upper row"): else "pin 3 is missing,
    pin 5 is bent" would pass for "pin 3 is bent, pin 5 is missing".
    """
    told = [i for i, difference in enumerate(known) if difference.words]
    judged = listed and len(told) == len(known)
    if reading.verdict == "same":
        # "Pin 3 is not bent" names no difference.
        return _Findings(told, set(), 0, 0 if judged else None)
    text, items = plain(answer.text), reading.items
    several = len(told) > 1 and len(items) > 1
    spots = _in_context(text, items) if several else items
    places = spots if several else [text]
    found = {i for i in told if any(says_hit(place, known[i].words) for place in places)}
    matching: set[int] = set()
    for i in found:
        says = known[i].words
        whole = {k for k, spot in enumerate(spots) if says_hit(spot, says)}
        # A difference that is named across items: each item with a word of it took part.
        matching |= whole or {k for k, item in enumerate(items) if any(says_hit(item, [g]) for g in says)}
    return _Findings(told, found, len(items), len(matching) if judged else None)


def _in_context(text: str, items: Sequence[str]) -> list[str]:
    """Return each item with the part of the text that belongs to no item."""
    around = text
    for item in items:
        around = around.replace(item, "\n", 1)
    return [f"{item}\n{around}" for item in items]

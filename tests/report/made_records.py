"""Records made for the tests of the reports."""

from typing import Any

from kurabe.common.vocabulary import Outcome, QuestionKind, Verdict
from kurabe.results.record import Record


def verdict(
    case: str = "c1",
    truth: Verdict = "different",
    said: Verdict | None = "different",
    *,
    suite: str = "connector",
    model: str = "pixel-diff",
    variant: str = "raw",
    question: QuestionKind = "verdict",
    **other: Any,
) -> Record:
    """Return the record of one verdict; ``other`` sets further fields."""
    outcome: Outcome = "unparsed" if said is None else "correct" if said == truth else "wrong"
    made: dict[str, Any] = {
        "reference": f"{suite}/{case}.png",
        "layout": "stacked",
        "control": False,
        "swapped": False,
        "repeat": 0,
        "text": "",
        "p_different": None,
        "outcome": outcome,
        "seconds": 0.5,
    } | other
    tail = ("-swap" if made["swapped"] else "") + (f"-r{made['repeat'] + 1}" if made["repeat"] else "")
    return Record(
        trial=f"{suite}/{case}-{question}-{variant}-{model}{tail}",
        suite=suite,
        case=f"{suite}/{case}",
        question=question,
        variant=variant,
        model=model,
        expected=truth,
        expected_verdict=truth,
        verdict=said,
        **made,
    )


def count(case: str, outcome: Outcome, parts: dict[str, Any], **other: Any) -> Record:
    """Return the record of one count."""
    return Record(
        trial=f"connector/{case}-count-raw-pixel-diff",
        suite="connector",
        case=f"connector/{case}",
        reference="connector/ref.png",
        question="count",
        variant="raw",
        layout="stacked",
        model="pixel-diff",
        control=False,
        swapped=other.pop("swapped", False),
        repeat=0,
        expected="3",
        expected_verdict=None,
        text="",
        verdict=None,
        p_different=None,
        outcome=outcome,
        score=parts,
        **other,
    )

"""What a clause does to the reading of an answer: the vocabulary that both languages and JSON share."""

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from kurabe.common.vocabulary import Verdict
from kurabe.reading.patterns import later

Act = Literal[
    "yes",  # an answer word that affirms the question
    "no",
    "is",  # "they are": answers a question that the model asked itself
    "is_not",
    "same",  # the pair is the same, or nothing differs
    "different",  # something differs between the two
    "excluded",  # only something differs that the prompt does not count, such as light
    "defect",  # something is wrong, without saying in which picture
    "hint",  # a fragment that may name a difference: "different pin"
    "fine",  # nothing is wrong; not quite "the same"
    "alike",  # a part or an aspect is the same, or the whole is nearly so
    "rest",  # all else is the same
    "both",  # something is wrong in both pictures alike
    "side",  # describes one of the two pictures
    "ask_same",  # asks whether they are the same
    "ask_different",
    "ask",
    "heading",  # announces differences
    "similar_heading",  # announces similarities
    "neutral",  # understood, and says nothing about sameness
    "doubt",
    "refusal",
    "turn",  # not understood, and may turn any reading round
    "open",  # not understood, and may hold a difference
]

NO_FAULT = later(
    r"\b(?:defect|anomal|flaw|fault|issue|problem|damage|imperfection|irregularit|blemish)|異常|欠陥|不良"
    r"|問題"
    r"|不具合"
)
"""Nouns whose absence says that nothing is wrong, which is not yet that the two are the same."""

OPPOSITE: dict[Verdict, Verdict] = {"same": "different", "different": "same"}


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of an answer.

    Attributes:
        act: What it does.
        text: Its words, normalised.
        contrast: True if it comes after "but" or "however".
        conceded: True if it comes after "although".
        excepts: True if it names an exception: "except for the left pin".
        only: True if it restricts: "only one pin is bent", "with one pin bent".
        named: True if it says what differs.
        against: True if it comes after "while" or "whereas", which sets it against the clause before.
        side: The picture that it describes, 1 or 2; 0 if none or both.
        glance: True if it holds only "at first glance".
        stated: True if it says that something has a defect, and does not only name one: "pin 3 is bent".
        suffices: True if it says the same of so much that it will do where nothing speaks against it.
        idle: True if it is not understood to the end, and can hold no difference beside an explicit "same".
        first: True for the first clause of its sentence.
        answer: True for an explicit answer word, which no later clause may take back.
    """

    act: Act
    text: str = ""
    contrast: bool = False
    conceded: bool = False
    excepts: bool = False
    only: bool = False
    named: bool = False
    against: bool = False
    side: int = 0
    glance: bool = False
    stated: bool = False
    suffices: bool = False
    idle: bool = False
    first: bool = False
    answer: bool = False


class Meaning(NamedTuple):
    """What a clause does by itself; see `Clause` for the rest."""

    act: Act
    named: bool = False
    only: bool = False
    side: int = 0
    glance: bool = False
    stated: bool = False
    suffices: bool = False


def without_exceptions(found: list[Clause]) -> list[Clause]:
    """Return clauses whose exceptions leave the main statement standing, with what each exception then says.

    One that names a difference weakens the statement, "all else" takes its place, and any other says nothing.
    """
    found = [replace(each, suffices=False) for each in found]
    exceptions = [clause for clause in found if clause.excepts]
    named = [clause for clause in exceptions if clause.act == "different"]
    if named:
        return [replace(each, act="alike", excepts=False) if each in named else each for each in found]
    if any(clause.act == "rest" for clause in exceptions):
        return [
            replace(each, act="rest") if each.act in ("same", "fine") else each
            for each in found
            if not each.excepts
        ]
    return [replace(each, act="neutral", excepts=False) if each.excepts else each for each in found]

"""Keys of JSON that count by what stands beside or above them, and what was left out of account."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from kurabe.reading.clauses import Clause
from kurabe.reading.keys import Key, truth
from kurabe.reading.literals import Object, leaves
from kurabe.reading.matching import normalise
from kurabe.reading.patterns import later
from kurabe.reading.stamps import names_fault

Say = Callable[[str], list[Clause]]
"""Reads prose that stands in a value."""

_HOLDS_ANSWER = later(r"label|class|category|value|name|text|type|値|ラベル|区分|内容", re.IGNORECASE)
_HOLDS_DEGREE = later(r"p|prob|conf|score|weight|確率|確度|スコア", re.IGNORECASE)


def in_answer(name: str, key: Key) -> Key:
    """Return what a key asks that stands under one for the answer: ``{"verdict": {"label": …, "p": …}}``."""
    if _HOLDS_ANSWER.fullmatch(name):
        return Key("answer")
    return Key("neutral") if _HOLDS_DEGREE.fullmatch(name) else key


_IN_FIRST = later(
    r"(?:is_|was_|also_|already_)*(?:present|visible|seen|found|there|exists|existing)?_?(?:in|on)_(?:the_)?"
    r"(?:reference|first|original|good|master|image_?1|a|before)(?:_image|_picture|_photo)?"
)
"""A key that asks whether a finding is in the first picture, too."""


def also_in(value: Object, say: Say) -> Iterator[Clause]:
    """Yield what a finding says that names a fault, and whether the first picture has it, too."""
    for name, below in value.pairs:
        holds = truth(below) if _IN_FIRST.fullmatch(normalise(name).replace(" ", "_")) else None
        if holds is None:
            continue
        faults = [
            text
            for _, text in value.pairs
            if isinstance(text, str)
            and (names_fault(text) or {one.act for one in say(text)} & {"defect", "hint"})
        ]
        if faults:
            yield Clause("both" if holds else "different", f"{faults[0]}: {name}: {below}", named=not holds)


def ignored(value: Any, say: Say, label: str) -> Iterator[Clause]:
    """Yield what is against leaving something out of account: that it names a fault, or is not sure."""
    text = leaves(value)
    if any(clause.act in ("defect", "different", "hint", "doubt", "refusal", "turn") for clause in say(text)):
        yield Clause("turn", f"{label}: {text}")

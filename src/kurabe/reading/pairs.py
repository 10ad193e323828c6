"""Answers that are keys with values and no JSON: YAML, attributes, arrows, brackets, a call of Python.

What the lines of such an answer say one by one is read first (`verdict`). Only what stays unparsed is written
as an object here and read once more as one (`data`), where keys are understood beside and below each other.
"""

import re
from typing import Any

from kurabe.reading.answers import AnswerWords, resolve
from kurabe.reading.data import data_clauses, tells_by_key
from kurabe.reading.literals import Object, call, leaves
from kurabe.reading.patterns import later
from kurabe.reading.settle import Settled, settle
from kurabe.reading.verdict import said_in

_MOST = 40
"""Lines of an answer that is one object."""
_PAIR = later(
    r"(?P<indent>\s*)(?:[-*・•◆◇■□●○▼▶]\s*)?(?:[【\[［〔](?P<boxed>[^】\]］〕\n]{1,30})[】\]］〕]\s*[:：]?"
    r"|(?P<key>[^:：=＝→⇒\s。、,(（][^:：=＝→⇒。、,\n]{0,40}?)\s*(?::=|[:：=＝]|->|=>|→|⇒))\s*(?P<value>\S.*)?"
)
_BARE = later(r"\s*[^:：]{1,40}[:：](?!=).*")
"""A single key and its value, which the usual reading of lines takes or leaves open."""
_RULE = later(r"\s*[-=_*]{3,}\s*|\s*#.*")
_NUMBER = later(r"-?\d{1,6}(?:\.\d{1,6})?")
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "none": None}


def read_pairs(text: str, words: AnswerWords) -> Settled:
    """Return the verdict of a text that is keys with values and nothing else; none of any other text."""
    if any(mark in text for mark in "{[") or (whole := call(text) or _object(text)) is None:
        return Settled(None)
    if not tells_by_key(whole):
        return Settled(None)
    clauses = data_clauses(whole, lambda prose: said_in(prose, words))
    settled = settle(resolve(list(clauses), words))
    faulty = settled.verdict == "same" and any(
        one.act in ("defect", "different") for one in said_in(leaves(whole), words)
    )
    return Settled(None) if faulty else settled


def _object(text: str) -> Object | None:
    """Return lines of keys and values as an object; None if a line is anything else."""
    lines = [line for line in text.splitlines() if line.strip() and not _RULE.fullmatch(line)]
    if not 0 < len(lines) <= _MOST:
        return None
    pairs = [_PAIR.fullmatch(line) for line in lines]
    if None in pairs or (len(pairs) == 1 and _BARE.fullmatch(lines[0])):
        return None
    return _nested([pair for pair in pairs if pair])


def _nested(pairs: list[re.Match[str]]) -> Object | None:
    """Return pairs as an object; those below a key without a value, and indented, are its value."""
    found: list[tuple[str, Any]] = []
    place = 0
    while place < len(pairs):
        pair = pairs[place]
        place += 1
        key = (pair["boxed"] or pair["key"]).strip(" \"'*_")
        if pair["value"] is not None:
            found.append((key, _scalar(pair["value"])))
            continue
        below = []
        while place < len(pairs) and len(pairs[place]["indent"]) > len(pair["indent"]):
            below.append(pairs[place])
            place += 1
        inner = _nested(below) if below else None
        if inner is None:
            return None  # "Differences:" with nothing below it is a heading
        found.append((key, inner))
    return Object(tuple(found))


def _scalar(written: str) -> Any:
    """Return a value as YAML takes it: a truth, a number, null or a text."""
    value = written.strip().strip("\"'").rstrip(" ,;")
    if value.lower() in _CONSTANTS:
        return _CONSTANTS[value.lower()]
    if _NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    return value

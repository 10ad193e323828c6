"""Which entries of JSON name a difference: those of a list of differences, and else what its keys say."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from kurabe.reading.clauses import Clause
from kurabe.reading.data import data_clauses
from kurabe.reading.data_beside import Say
from kurabe.reading.keys import nothing, polarity
from kurabe.reading.lines import unquoted
from kurabe.reading.literals import Object, leaves
from kurabe.reading.patterns import later


class Entry(NamedTuple):
    """An entry of a list, or a sentence, with what it says.

    Attributes:
        text: Its words, as they were written.
        clauses: What they say.
        listed: True in a list.
        section: What the heading above it announces.
    """

    text: str
    clauses: list[Clause]
    listed: bool
    section: str


def data_entries(value: Any, say: Say) -> Iterator[Entry]:
    """Yield the entries of JSON: those of a list of differences, and else what its keys say."""
    if isinstance(value, list):
        yield from _entries(value, say)
        return
    if not isinstance(value, Object):
        return
    for name, below in value.pairs:
        key = polarity(name)
        finding = key.kind == "prose" and not key.noun
        listing = (
            key.true == "different"
            and (key.noun or finding)
            and key.kind in ("verdict", "part", "count", "prose")
        )
        if listing and isinstance(below, Object) and _numbered(below):
            below = [inner for _, inner in below.pairs]
        if listing and below is None and key.kind != "count" and len(value.pairs) == 1:
            below = []  # who was asked for a list and gives nothing else has found nothing
        if listing and isinstance(below, list):
            if not below:
                yield Entry("none", [], True, "different")
            for entry in below:
                yield from _finding(entry, say) if finding else _data_item(entry, say)
        elif isinstance(below, list) and _SIMILAR.search(name.lower()):
            for entry in below:
                yield Entry(leaves(entry), say(leaves(entry)), True, "alike")
        elif isinstance(below, Object) or (isinstance(below, list) and key.kind in ("answer", "unknown")):
            yield from data_entries(below, say)
        else:
            yield from _scalar(name, below, list(data_clauses(below, say, key, name)), listing)


def _entries(value: list[Any], say: Say) -> Iterator[Entry]:
    """Yield the entries of a list without a key that tells what they are."""
    if not value:
        yield Entry("none", [], True, "different")
    for entry in value:
        wraps = isinstance(entry, Object) and any(
            (polarity(name).kind in ("verdict", "count", "answer") and not isinstance(below, str))
            or polarity(name).noun
            for name, below in entry.pairs
        )
        yield from data_entries(entry, say) if wraps else _data_item(entry, say)


_SIMILAR = later(r"similar|common|shared|unchanged|match(?!ed against)|same|identical|共通|類似|同じ|一致")


def _scalar(name: str, value: Any, clauses: list[Clause], listing: bool) -> Iterator[Entry]:
    """Yield the entries of a single value: the lines that name differences, or what the key says."""
    if not (listing and isinstance(value, str) and not nothing(value)):
        yield Entry(f"{name}: {value}" if isinstance(value, str) else name, clauses, False, "")
    elif any(clause.act == "different" for clause in clauses) and value.strip().lower() not in (
        "yes",
        "true",
    ):
        yield from (Entry(part, clauses, True, "different") for part in value.splitlines())
    else:
        yield Entry(name, clauses, False, "")


def _numbered(value: Object) -> bool:
    """Say whether an object stands for a list: its keys are numbers, or names with a number."""
    return bool(value.pairs) and all(re.fullmatch(r"\D{0,14}\d{1,2}", name) for name, _ in value.pairs)


def _finding(entry: Any, say: Say) -> Iterator[Entry]:
    """Yield an entry of a list of findings, which may be remarks: it is an item only if it reads as one."""
    if isinstance(entry, str):
        yield Entry(entry, say(entry), True, "")
    else:
        yield from _data_item(entry, say)


def _data_item(entry: Any, say: Say) -> Iterator[Entry]:
    text = leaves(entry)
    if nothing(text):
        return
    if isinstance(entry, Object):
        keys = [(polarity(name), name, below) for name, below in entry.pairs]
        told = [
            c
            for key, name, below in keys
            if key.kind == "verdict" and not key.noun
            for c in data_clauses(below, say, key, name)
        ]
        if any(clause.act == "same" for clause in told):
            yield Entry(text, [Clause("alike", text)], True, "")
            return
        sides = [leaves(below) for key, _, below in keys if key.kind == "side"]
        if len(sides) == 2 and unquoted(sides[0]) == unquoted(sides[1]):
            yield Entry(text, [Clause("alike", text)], True, "")
            return
        yield Entry(text, [Clause("different", text, named=True)], True, "different")
        return
    yield Entry(text, say(text), True, "different")

"""One line of ``results.jsonl``: what a trial asked, got and was worth."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from kurabe.common.heat import is_heat_map
from kurabe.common.vocabulary import Box, Layout, Outcome, QuestionKind, Verdict


@dataclass(frozen=True, slots=True)
class Record:
    """The result of one trial; the reports are made from these lines alone.

    Attributes:
        trial: Id of the trial: ``suite/case-question-variant-model`` and suffixes.
        suite: Name of the suite.
        case: ``suite/id``.
        reference: Content id of the set of good parts, of a single one that of its picture; ``suite/file``
            where it could not be read or before format 3. Cases that share it are not independent.
        control: True for the identical-pair trials that the bench adds by itself.
        swapped: True if reference and test were exchanged.
        repeat: Number of the repetition, from 0.
        expected: The expectation in short: a verdict, a number, an option, or the differences' names.
        expected_verdict: What a ``verdict`` or ``differences`` question should come out as; None elsewhere.
        text: The model's answer as it came.
        verdict: What was read from the answer; None if nothing or both was read.
        p_different: P(different), where the engine gives one.
        score: The parts: found, missed, claimed, matched, count_error, boxes, note …
        seconds: This answer's share of the time that its batch took; None where nobody can tell.
        cached: True if the answer came from the cache; its seconds are those of the first time.
        tags: The case's tags, for filters.
        error: Why there is no answer.
        prompt: What was asked, in words; None where nothing could be asked.
        kinds: Kind of each difference that is expected, as far as the case names them.
        boxes: Boxes of the differences that are expected, in pixels of the test picture.
        raw: Content ids of reference and test as the files are; empty where pictures are not kept.
        pair: Content ids of the same after processing, in the same order.
        shown: Content ids of what the model was shown, in its order.
        test: Content id of the test picture as the file is, or ``suite/file`` where it could not be read.
        specimen: The part that the test picture shows (``suite/name``), where the case names it.
        rule: By which rule the answer was read, with the words that decided; None if it was not read.
        shake: How the test picture was changed, such as ``light 0.90`` (the kind is the first word); None
            where it was shown as it is.
        chosen: Content id of the good part that the test was compared with, the nearest of several; None
            where it could not be read.
        shots: How many good parts were shown.
        size: The largest declared size of the differences that are expected; None unless all have one.
        threshold: The threshold of P(different) that made the verdict; None where the answer's words did.
        cost: What the answer cost, by the prices of its model's entry; None without prices.
        calibration: True for a case that a threshold was chosen on; such trials are in no row of a table.
        heat: How strongly each place of the test picture speaks for a difference, where the engine tells, as
            `kurabe.imaging.heat` has it; of an exchanged pair some engines lay it over the picture that stood
            in the test's place.

    The six from ``prompt`` on are None in what a kurabe before format 2 wrote, ``test``, ``specimen`` and
    ``rule`` before format 3.
    """

    trial: str
    suite: str
    case: str
    reference: str
    question: QuestionKind
    variant: str
    layout: Layout
    model: str
    control: bool
    swapped: bool
    repeat: int
    expected: str | None
    expected_verdict: Verdict | None
    text: str
    verdict: Verdict | None
    p_different: float | None
    outcome: Outcome
    score: dict[str, Any] = field(default_factory=dict)
    tokens_in: int | None = None
    tokens_out: int | None = None
    seconds: float | None = 0.0
    cached: bool = False
    tags: tuple[str, ...] = ()
    error: str | None = None
    prompt: str | None = None
    kinds: tuple[str, ...] | None = None
    boxes: tuple[Box, ...] | None = None
    raw: tuple[str, ...] | None = None
    pair: tuple[str, ...] | None = None
    shown: tuple[str, ...] | None = None
    test: str | None = None
    specimen: str | None = None
    rule: str | None = None
    shake: str | None = None
    chosen: str | None = None
    shots: int = 1
    size: float | None = None
    threshold: float | None = None
    calibration: bool = False
    cost: float | None = None
    heat: str | None = None

    @property
    def pictures(self) -> tuple[str, ...]:
        """All content ids of its pictures, each once."""
        return tuple(dict.fromkeys((*(self.raw or ()), *(self.pair or ()), *(self.shown or ()))))

    def facts(self) -> list[tuple[str, str]]:
        """Return what a JUnit file tells of the trial, as properties; what is undefined is left out."""
        found = [(name, getattr(self, name)) for name in _FACTS] + [("answer", self.text)]
        return [
            (name, _encodable(value if isinstance(value, str) else json.dumps(value)))
            for name, value in found
            if value is not None
        ]

    def to_json(self) -> str:
        """Return the record as one line of JSON without line feed."""
        # Not dataclasses.asdict, which copies every part and takes longer than writing the text.
        parts = {name: getattr(self, name) for name in _FIELDS}
        line = json.dumps(parts, ensure_ascii=False, allow_nan=False)
        return _encodable(line)

    @classmethod
    def from_json(cls, line: str) -> "Record":
        """Read what `to_json` wrote; keys of later versions are ignored.

        Raises:
            ValueError: If the line is not JSON or lacks a field without default.
        """
        data = json.loads(line)
        try:
            record = {key: value for key, value in data.items() if key in _FIELDS}
            record["tags"] = tuple(record.get("tags", ()))
            for name in ("kinds", "raw", "pair", "shown"):
                if record.get(name) is not None:
                    record[name] = tuple(record[name])
            _check_pictures(record)
            if record.get("boxes") is not None:
                record["boxes"] = tuple(Box(*box) for box in record["boxes"])
            return cls(**record)
        except (TypeError, AttributeError) as error:
            raise ValueError(f"not a kurabe result: {error}") from error


def _check_pictures(record: dict[str, Any]) -> None:
    """Refuse pictures that are not named by their content: a name is made a file's, which may lie anywhere.

    Raises:
        ValueError: If one is not named by hexadecimal digits, or a heat map is none.
    """
    for name in ("raw", "pair", "shown"):
        for picture in record.get(name) or ():
            if not (isinstance(picture, str) and _CONTENT_ID.fullmatch(picture)):
                raise ValueError(f"{name}: a picture is named by hexadecimal digits, not {picture!r}")
    if record.get("heat") is not None and not is_heat_map(record["heat"]):
        raise ValueError("heat: not a heat map")


def scored(records: Iterable[Record]) -> list[Record]:
    """Return the results without those of cases that a threshold was chosen on."""
    return [record for record in records if not record.calibration]


def _encodable(text: str) -> str:
    """Escape lone surrogates, which UTF-8 cannot hold; a tokenizer may decode half a character to one."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


_CONTENT_ID = re.compile("[0-9a-f]+")
_FACTS = (
    "outcome", "suite", "case", "question", "variant", "layout", "model", "control", "swapped", "repeat",
    "shake", "expected", "verdict", "p_different", "seconds", "cached",
)  # fmt: skip
_FIELDS = tuple(each.name for each in fields(Record))

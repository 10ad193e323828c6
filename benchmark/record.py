"""One line of ``results.jsonl``: what a trial asked, got and was worth."""

import json
from dataclasses import dataclass, field, fields
from typing import Any

from benchmark.words import Layout, Outcome, QuestionKind, Verdict


@dataclass(frozen=True, slots=True)
class Record:
    """The result of one trial; the reports are made from these lines alone.

    Attributes:
        trial: Id of the trial: ``suite/case-question-variant-model`` and suffixes.
        suite: Name of the suite.
        case: ``suite/id``.
        reference: Identity of the reference picture (``suite/file``); intervals are bootstrapped over it.
        control: True for the identical-pair trials that the bench adds by itself.
        swapped: True if reference and test were exchanged.
        repeat: Number of the repetition, from 0.
        expected: The expectation in short: a verdict, a number, an option, or the differences' names.
        expected_verdict: What a ``verdict`` or ``differences`` question should come out as; None elsewhere.
        text: The model's answer as it came.
        verdict: What was read from the answer; None if nothing or both was read.
        p_different: P(different), where the engine gives one.
        score: The parts: found, missed, claimed, matched, count_error, boxes, note …
        cached: True if the answer came from the cache; its seconds are those of the first time.
        tags: The case's tags, for filters.
        error: Why there is no answer.
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
    seconds: float = 0.0
    cached: bool = False
    tags: tuple[str, ...] = ()
    error: str | None = None

    def to_json(self) -> str:
        """Return the record as one line of JSON without line feed."""
        # Not dataclasses.asdict, which copies every part and takes longer than writing the text.
        parts = {name: getattr(self, name) for name in _FIELDS}
        line = json.dumps(parts, ensure_ascii=False, allow_nan=False)
        # A tokenizer that decodes half a character may leave a lone surrogate, which UTF-8 cannot hold.
        return line.encode("utf-8", "backslashreplace").decode("utf-8")

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
            return cls(**record)
        except (TypeError, AttributeError) as error:
            raise ValueError(f"not a kurabe result: {error}") from error


_FIELDS = tuple(each.name for each in fields(Record))

"""``kurabe read``: how an answer is read, by which rule, and what each clause was taken for."""

from collections.abc import Iterator, Sequence

from kurabe.common.vocabulary import Asks, Language, QuestionKind
from kurabe.reading.answers import answer_words
from kurabe.reading.describe import affirms
from kurabe.reading.plain import plain
from kurabe.reading.reader import Reading, read
from kurabe.reading.verdict import clauses_of

_ACTS = {
    "yes": "answers yes",
    "no": "answers no",
    "is": "answers yes",
    "is_not": "answers no",
    "same": "the same",
    "different": "a difference",
    "excluded": "differs in what the prompt does not count",
    "defect": "a defect, in one or in both",
    "hint": "may name a difference",
    "fine": "nothing is wrong",
    "alike": "a part is alike",
    "rest": "all else is alike",
    "both": "a defect in both",
    "side": "describes one picture",
    "ask_same": "asks whether they are the same",
    "ask_different": "asks whether they differ",
    "ask": "asks something",
    "heading": "announces differences",
    "similar_heading": "announces similarities",
    "neutral": "says nothing about it",
    "doubt": "doubt",
    "refusal": "refusal",
    "turn": "not understood, could turn any answer",
    "open": "not understood, could hold a difference",
}


def describe_reading(
    kind: QuestionKind,
    text: str,
    language: Language,
    options: Sequence[str] = (),
    yes: Sequence[str] = (),
    no: Sequence[str] = (),
    asks: Asks = "difference",
) -> list[str]:
    """Return the lines that tell how an answer is read.

    Args:
        kind: What was asked.
        text: The answer.
        language: The prompt's language.
        options: Of a ``choice``, in the order of their letters; of a ``describe``, words to look for.
        yes: Words of a ``verdict`` that mean "different".
        no: Words of a ``verdict`` that mean "same".
        asks: What a ``verdict`` asks for.
    """
    reading = read(kind, text, language, options, yes, no, asks)
    if kind == "describe":
        body = plain(text)
        return [f"{word}: {'affirmed' if affirms(body, word) else 'not affirmed'}" for word in options] or [
            "a description is read by the words that a case asks for: name some with --option"
        ]
    lines = list(_result(kind, reading))
    words = answer_words(language, tuple(yes), tuple(no), asks)
    lines += [f"  {_ACTS[clause.act]}: {clause.text}" for clause in clauses_of(plain(text), words)]
    return lines


def _result(kind: QuestionKind, reading: Reading) -> Iterator[str]:
    found = {"count": reading.count, "choice": reading.choice}.get(kind, reading.verdict)
    yield "unparsed" if found is None else str(found)
    yield from (f"- {item}" for item in reading.items)
    yield f"rule: {reading.rule}" if reading.rule else f"reason: {reading.reason}"

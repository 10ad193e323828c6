"""What engines have in common that inspect a pair themselves: how they answer, and the words they use."""

import time
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass

from kurabe.common.errors import ImageError
from kurabe.common.request import Answer, Request
from kurabe.common.vocabulary import Box, QuestionKind

NAMED, LISTED = 10, 60
"""Differences that a verdict names at most, and a list."""


@dataclass(frozen=True, slots=True)
class Found:
    """What an engine says of a pair.

    Attributes:
        p_different: In [0, 1]; 0.5 is where the verdict turns.
        boxes: The differences in pixels of the test picture, strongest first; none exactly if it is good.
        described: The same in words.
        heat: How strongly each place speaks for a difference, as `kurabe.imaging.heat` has it.
    """

    p_different: float
    boxes: tuple[Box, ...]
    described: Sequence[str]
    heat: str


@dataclass(frozen=True, slots=True)
class Inspector:
    """Answers requests by inspections.

    Attributes:
        name: The engine's, for messages.
        questions: What it can be asked.
        inspect: Inspects a request's pair; may raise `ImageError`.
        key: What an inspection depends on besides the two pictures; may raise `ImageError`.
    """

    name: str
    questions: Collection[QuestionKind]
    inspect: Callable[[Request], Found]
    key: Callable[[Request], Hashable]

    def answer(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        """Answer one after the other; questions about one pair share an inspection while they follow on."""
        pair: tuple[object, ...] = ()  # held, so that no other picture gets the identity of one of them
        key: Hashable = None
        found: Found | None = None
        for index, request in enumerate(requests):
            if request.question not in self.questions:
                yield index, Answer(error=f"{self.name} cannot answer a {request.question!r} question")
                continue
            if len(request.pair) != 2:
                yield index, Answer(error=f"{self.name} compares two pictures, not {len(request.pair)}")
                continue
            started = time.perf_counter()
            same = all(one is other for one, other in zip(pair, request.pair, strict=False))
            try:
                now = self.key(request)
                shared = found is not None and same and key == now
                if not shared:
                    pair, key, found = request.pair, now, None
                    found = self.inspect(request)
            except ImageError as error:
                yield index, Answer(error=str(error))
                continue
            assert found is not None
            text = sentence(found.described, request.question)
            seconds = None if shared else time.perf_counter() - started
            yield index, Answer(text, found.p_different, found.boxes, seconds=seconds, heat=found.heat)


def sentence(described: Sequence[str], question: QuestionKind) -> str:
    """Put the differences that were found into the words that a question asks for.

    Args:
        described: The differences in words, strongest first.
        question: ``verdict``, ``differences`` or ``count``.

    Returns:
        "Yes, ..." or "No, ..." for a verdict with the strongest differences, one numbered line for each of
        the differences, or the number. A picture that was made into differences can have hundreds: a verdict
        names 10, and a list ends after 60, as nobody reads on, the reader of answers included.
    """
    count = len(described)
    if question == "count":
        return str(count)
    if question == "differences":
        lines = [f"{i}. {words}" for i, words in enumerate(described[:LISTED], start=1)]
        return "\n".join(lines) or "No difference."
    if not count:
        return "No, there is no difference."
    plural = "difference" if count == 1 else "differences"
    strongest = f", the strongest {NAMED}" if count > NAMED else ""
    return f"Yes, {count} {plural}{strongest}: " + "; ".join(described[:NAMED]) + "."

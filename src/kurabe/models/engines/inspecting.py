"""What engines have in common that inspect a pair themselves: how they answer, and the words they use."""

import operator
import time
from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

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


@dataclass(slots=True)
class _Part:
    """Requests that share an inspection.

    Attributes:
        requests: With their numbers, as they follow on.
        key: What the inspection depends on besides the pair.
        error: Why there is none; or "".
    """

    requests: list[tuple[int, Request]]
    key: Hashable = None
    error: str = ""

    def takes(self, request: Request, key: Hashable) -> bool:
        """Say whether a request is about this pair, too."""
        pair = self.requests[0][1].pair
        same = len(pair) == len(request.pair) and all(map(operator.is_, pair, request.pair))
        return not self.error and same and key == self.key


@dataclass(frozen=True, slots=True)
class _Inspected:
    """What came of an inspection, and what it took."""

    found: Found | str
    seconds: float


@dataclass(frozen=True, slots=True)
class Inspector:
    """Answers requests by inspections.

    Attributes:
        name: The engine's, for messages.
        questions: What it can be asked.
        inspect: Inspects a request's pair; may raise `ImageError`.
        key: What an inspection depends on besides the two pictures; may raise `ImageError`.
        threads: How many pairs are inspected at once; with 1, all in the thread that asks.
    """

    name: str
    questions: Collection[QuestionKind]
    inspect: Callable[[Request], Found]
    key: Callable[[Request], Hashable]
    threads: int = 1

    def answer(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        """Answer in order; questions about one pair share an inspection while they follow on."""
        begun: deque[tuple[_Part, Callable[[], _Inspected]]] = deque()
        with ThreadPoolExecutor(self.threads) if self.threads > 1 else nullcontext() as pool:
            try:
                for part in self._parts(requests):
                    inspected = partial(self._inspected, part)
                    begun.append((part, pool.submit(inspected).result if pool else inspected))
                    if pool is None or len(begun) > self.threads:
                        yield from self._told(*begun.popleft())
                while begun:
                    yield from self._told(*begun.popleft())
            finally:
                if pool:
                    pool.shutdown(cancel_futures=True)  # if nobody wants the rest

    def _parts(self, requests: Sequence[Request]) -> Iterator[_Part]:
        part: _Part | None = None
        for index, request in enumerate(requests):
            key, error = None, self._refused(request)
            if not error:
                try:
                    key = self.key(request)
                except ImageError as found:
                    error = str(found)
            if part is not None and not error and part.takes(request, key):
                part.requests.append((index, request))
                continue
            if part is not None:
                yield part
            part = _Part([(index, request)], key, error)
        if part is not None:
            yield part

    def _refused(self, request: Request) -> str:
        """Say why a request cannot be answered; or ""."""
        if request.question not in self.questions:
            return f"{self.name} cannot answer a {request.question!r} question"
        count = len(request.pair)
        return "" if count == 2 else f"{self.name} compares two pictures, not {count}"

    def _inspected(self, part: _Part) -> _Inspected:
        started = time.perf_counter()
        found: Found | str = part.error
        if not part.error:
            try:
                found = self.inspect(part.requests[0][1])
            except ImageError as error:
                found = str(error)
        return _Inspected(found, time.perf_counter() - started)

    def _told(self, part: _Part, inspected: Callable[[], _Inspected]) -> Iterator[tuple[int, Answer]]:
        made = inspected()
        for place, (index, request) in enumerate(part.requests):
            if isinstance(made.found, str):
                yield index, Answer(error=made.found)
                continue
            found, seconds = made.found, None if place else made.seconds
            text = sentence(found.described, request.question)
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

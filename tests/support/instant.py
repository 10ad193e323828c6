"""An engine that answers at once, so that the bench's own cost and behaviour can be seen.

It is a real engine behind the real protocol: it looks at the pixels and says whether they differ at all.
"""

import time
from collections.abc import Iterator, Sequence

from PIL import Image, ImageChops
from pydantic import BaseModel, ConfigDict

from kurabe.common.errors import ModelError
from kurabe.common.request import Answer, Request
from kurabe.common.vocabulary import QUESTIONS, QuestionKind
from kurabe.models.config import Entry
from kurabe.models.protocol import Needs, Readiness
from kurabe.models.registry import Context


class Settings(BaseModel):
    """Settings of the engine; ``log`` is a file that gets a line for each request that it answers."""

    model_config = ConfigDict(extra="forbid")

    threshold: int = 64
    log: str | None = None
    broken: bool = False
    fails_on: str = ""
    seconds: float = 0.0


def create(entry: Entry, context: Context) -> "Instant":
    """Build the engine."""
    return Instant(entry.name, Settings.model_validate(entry.settings))


class Instant:
    """Says "Yes" if any pixel differs by more than the threshold."""

    questions: frozenset[QuestionKind] = frozenset(QUESTIONS)

    def __init__(self, name: str, settings: Settings) -> None:
        self.memory = name
        self.settings = settings

    def readiness(self) -> Readiness:
        """Say that it is ready, or why not."""
        return Readiness(not self.settings.broken, "declared broken" if self.settings.broken else "")

    def needs(self) -> Needs:
        """Need nothing."""
        return Needs()

    def fingerprint(self) -> str:
        """Identify the threshold, which decides every answer."""
        return f"instant {self.settings.threshold}"

    def load(self) -> None:
        """Load nothing; fail where the settings say so."""
        if self.settings.fails_on == "load":
            raise ModelError("cannot be loaded, as its settings say")

    def unload(self) -> None:
        """Unload nothing."""

    def describe(self) -> dict[str, object]:
        """Tell the threshold."""
        return {"threshold": self.settings.threshold}

    def answer(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        """Answer in reverse, because the order is free."""
        for index, request in reversed(list(enumerate(requests))):
            if self.settings.fails_on and self.settings.fails_on in request.trial:
                raise RuntimeError(f"fails on {request.trial}")
            if self.settings.log is not None:
                with open(self.settings.log, "a", encoding="utf-8") as file:  # noqa: PTH123
                    file.write(request.trial + "\n")
            if self.settings.seconds:
                time.sleep(self.settings.seconds)
            yield index, Answer(text=self._text(request), seconds=self.settings.seconds)

    def _text(self, request: Request) -> str:
        if len(request.pair) == 1:
            return "a picture"
        first, second = request.pair
        differs = first.size != second.size or self._greatest(first, second) > self.settings.threshold
        if request.question == "count":
            return "1" if differs else "0"
        if request.question == "choice":
            return "A"
        return "Yes, a pin is missing." if differs else "No difference."

    def _greatest(self, first: Image.Image, second: Image.Image) -> float:
        extrema = ImageChops.difference(first, second).getextrema()
        return max(float(high) for _, high in extrema)  # type: ignore[misc]

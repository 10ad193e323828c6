"""What a trial is on its way: prepared, ready to be asked, answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from kurabe.cases.prompts import Prompt
from kurabe.cases.trials import Trial
from kurabe.common.request import Answer, Place, Request
from kurabe.imaging.content import GoodParts, Listed, Names


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer and where it is from.

    Attributes:
        answer: The answer.
        cached: True if it was asked in an earlier run.
        note: What was done to the pictures besides their variant; or "".
        prompt: What was asked; None where nothing could be asked.
        pictures: Names of the pictures; None where they cannot be read.
        kept: True if the pictures can be found again by these names.
        refused: Why this model is not asked, now or ever; "" if it was.
        good: The good parts; None where there are none or they cannot be read.
        unasked: Why this trial was not asked in this run; "" if it was. Another run may ask it.
        place: Where the test picture is in what was shown; None where there is no pair.
    """

    answer: Answer
    cached: bool
    note: str = ""
    prompt: Prompt | None = None
    pictures: Names | None = None
    kept: bool = False
    refused: str = ""
    good: GoodParts | None = None
    unasked: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far answering is; given to whoever shows it.

    Attributes:
        model: Who is answering.
        suite: The suite of the trial that was answered last.
        done: Trials of this session that have an answer.
        total: Trials of this session.
        asked: Answers that models gave since the session began, without cached ones.
        seconds: Time that the models took for them.
    """

    model: str
    suite: str
    done: int
    total: int
    asked: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request, the prompt that it puts, and the digest of what it shows; or why there is none.

    The last six are as in `kurabe.imaging.content.Shown` and `Answered`.
    """

    request: Request | None = None
    prompt: Prompt | None = None
    digest: str = ""
    error: str = ""
    note: str = ""
    pictures: Names | None = None
    kept: bool = False
    good: GoodParts | None = None
    originals: tuple[str, ...] = ()
    place: Place | None = None

    def answered(self, answer: Answer, cached: bool = False, refused: str = "") -> Answered:
        """Return an answer to this request, with what was asked and shown."""
        return Answered(
            answer,
            cached,
            self.note,
            self.prompt,
            self.pictures,
            self.kept,
            refused,
            self.good,
            place=self.place,
        )

    def shows(self, listed: Listed) -> bool:
        """Say whether any of the pictures, raw or processed, or any of the good parts is listed."""
        if self.pictures is None:
            return False
        goods = () if self.good is None else (picture.content for picture in self.good.pictures)
        names = (*self.pictures.raw, *self.pictures.pair, *self.originals, *goods)
        return any(name in listed for name in names)


@dataclass(frozen=True, slots=True)
class Asked:
    """What goes to an engine."""

    trial: Trial
    prepared: Prepared
    request: Request
    key: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A window whose pictures are prepared: what is known of it already, and what is to be asked."""

    model: str
    settled: tuple["Result", ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """An answered trial; the time that a model took for it is None where it was not asked."""

    trial: Trial
    answered: Answered
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Why those trials of a window that have no answer have none."""

    window: Sequence[Trial]
    why: str

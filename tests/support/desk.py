"""A session's answering without pytest: trials, models that note what they are asked, and a cache."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kurabe.answering.answerer import Answerer
from kurabe.answering.cache import AnswerCache
from kurabe.answering.states import Answered, Progress
from kurabe.cases.trials import Selection, Trial, expand
from kurabe.common.request import Answer, Request
from kurabe.models.config import Entry
from kurabe.models.registry import Context, Registry
from kurabe.project import Project, participants, processor_names
from tests.support.instant import Instant, Settings
from tests.support.project import case, suite

ENTRY = '[models.{0}]\nengine = "tests.support.desk:create"\ndefault = true\n'
Act = Callable[[Sequence[Request]], Iterator[tuple[int, Answer]]]


class Watched(Instant):
    """The instant engine, with a note of every call, and another way of answering where a test wants one."""

    def __init__(self, name: str, settings: Settings) -> None:
        super().__init__(name, settings)
        self.windows: list[list[str]] = []
        self.loads = 0
        self.act: Act = super().answer
        self.load_error: Exception | None = None
        self.fingerprint_error: Exception | None = None

    def load(self) -> None:
        self.loads += 1
        if self.load_error is not None:
            raise self.load_error

    def fingerprint(self) -> str:
        if self.fingerprint_error is not None:
            raise self.fingerprint_error
        return super().fingerprint() + self.memory

    def answer(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        self.windows.append([request.trial for request in requests])
        yield from self.act(requests)


def create(entry: Entry, context: Context) -> Watched:
    return Watched(entry.name, Settings.model_validate(entry.settings))


class Desk:
    """What one session has: trials, models, and what answers."""

    def __init__(self, root: Path, *, window: int = 64, fresh: bool = False, **selection: Any) -> None:
        project = Project.at(root)
        suites = project.suites()
        self.registry: Registry = project.registry()
        models = participants(self.registry, ()).chosen
        chosen = Selection(models, **{"controls": False, "processors": processor_names(), **selection})
        trials = expand(suites, chosen)
        self.trials = sorted(trials, key=lambda trial: trial.model)
        self.progress: list[Progress] = []
        self.answering = Answerer(
            self.registry,
            AnswerCache(project.cache / "answers.sqlite"),
            project.prompts(suites),
            fresh=fresh,
            window=window,
            report=self.progress.append,
        )
        self.answering.plan(self.trials)

    def engine(self, name: str = "m") -> Watched:
        engine = self.registry.engine(name)
        assert isinstance(engine, Watched)
        return engine

    def all(self) -> list[Answered]:
        return [self.answering.answer(trial) for trial in self.trials]

    def errors(self) -> list[str | None]:
        return [answered.answer.error for answered in self.all()]

    @property
    def sizes(self) -> list[int]:
        return [len(window) for window in self.engine().windows]


MakeDesk = Callable[..., Desk]


@contextmanager
def desks(root: Path, entry: str = ENTRY) -> Iterator[MakeDesk]:
    """Give what makes sessions that follow each other in a project of eight pairs and one model."""
    (root / "models.toml").write_text(entry.format("m"), encoding="utf-8")
    suite(root, "pins", [case(f"p{n}", "different" if n % 2 else "same") for n in range(8)])
    opened: list[Desk] = []

    def make(**options: Any) -> Desk:
        opened.append(Desk(root, **options))
        return opened[-1]

    yield make
    for each in opened:
        each.answering.close()


def short(trials: Sequence[Trial]) -> list[str]:
    """Return the ids of trials."""
    return [trial.id for trial in trials]

"""Sessions of the bench, without pytest, that ask a served model about four pairs."""

from pathlib import Path
from typing import Any

from PIL import Image

from kurabe.answering.answerer import Answerer
from kurabe.answering.cache import AnswerCache
from kurabe.answering.states import Answered
from kurabe.cases.trials import Selection, Trial, expand
from kurabe.models.engines.served.engine import ServedEngine
from kurabe.models.registry import Registry
from kurabe.project import Project, participants, processor_names
from tests.support.chat_server import ChatServer
from tests.support.project import case, suite


class Bench:
    """A project whose only model is a server's."""

    def __init__(self, root: Path, server: ChatServer) -> None:
        self.root = root
        self.server = server
        self.cases(4)

    def cases(self, count: int) -> None:
        """Have so many pairs."""
        cases = [case(f"p{n}", "different" if n % 2 else "same") for n in range(count)]
        for number, each in enumerate(cases):
            missing = {"kind": "missing", "says": [["pin"]]}
            each["expect"] |= {"count": number % 2, "differences": [missing] * (number % 2)}
        suite(self.root, "pins", cases)

    def pictures(self, name: str) -> bytes:
        """Return the pixels of a case's test picture."""
        return Image.open(self.root / f"cases/pins/images/{name}.png").convert("RGB").tobytes()

    def session(self, more: str = "", **options: Any) -> "Session":
        """Begin a session; ``more`` stands in the model's entry."""
        (self.root / "models.toml").write_text(self.server.entry_of(more), encoding="utf-8")
        return Session(self.root, **options)


class Session:
    """One session: what it asks is in the cache for the next."""

    def __init__(
        self,
        root: Path,
        *,
        questions: tuple[str, ...] = ("verdict",),
        max_cost: float | None = None,
        max_tokens: int | None = None,
        **selection: Any,
    ) -> None:
        project = Project.at(root)
        suites = project.suites()
        assert not suites.problems, suites.problems
        self.registry: Registry = project.registry()
        self.registry.spending.max_cost, self.registry.spending.max_tokens = max_cost, max_tokens
        models = participants(self.registry, ()).chosen
        chosen = {"controls": False, "processors": processor_names(), "questions": questions, **selection}
        self.trials: list[Trial] = expand(suites, Selection(models, **chosen))
        self.answering = Answerer(
            self.registry, AnswerCache(project.cache / "answers.sqlite"), project.prompts(suites)
        )
        self.answering.plan(self.trials)

    @property
    def engine(self) -> ServedEngine:
        """The served model's engine."""
        engine = self.registry.engine("served")
        assert isinstance(engine, ServedEngine)
        return engine

    def all(self) -> list[Answered]:
        """Answer everything, and end the session but for the engine's own knowledge."""
        try:
            return [self.answering.answer(trial) for trial in self.trials]
        finally:
            self.remarks = self.registry.remarks("served")
            self.facts = self.registry.facts("served")
            self.answering.close()
            self.registry.close()

    def texts(self) -> list[str]:
        """Answer everything; return the texts, or why there is none."""
        return [each.unasked or each.answer.error or each.answer.text for each in self.all()]

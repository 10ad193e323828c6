"""Asking from Python and from the command line: models stay loaded from one question to the next."""

import atexit
import tempfile
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from kurabe.answering.answerer import Answerer
from kurabe.answering.cache import AnswerCache
from kurabe.asking.asks import Ask, Maker, Picture, Reply, reply_of, threshold_of
from kurabe.common.errors import ModelError, did_you_mean
from kurabe.common.vocabulary import Language, Layout, QuestionKind, Relation
from kurabe.models import functions
from kurabe.models.config import Common, Entry, Models
from kurabe.models.registry import Registry
from kurabe.project import Project

__all__ = ["Ask", "Desk", "Reply", "ask", "close", "describe"]

_SUITE = "ask"
_BUILT_IN = "pixel-diff"


class Desk:
    """Answers single questions.

    In a project, answers are cached with those of its runs. Anywhere else there is `pixel-diff` and the
    functions that were declared, and nothing is kept.

    Args:
        project: The project.
    """

    def __init__(self, project: Project) -> None:
        self._is_project = project.models.is_file()
        self._project = project
        self._own = None if self._is_project else tempfile.TemporaryDirectory(prefix="kurabe-")
        self._cache = project.cache if self._own is None else Path(self._own.name)
        self.registry = registry_of(project)
        self._maker = Maker(project, self.registry, self._cache / "asked")
        self._answerers: dict[bool, Answerer] = {}
        self._asked = 0

    def ask(self, asks: Sequence[Ask], *, fresh: bool = False) -> list[Reply]:
        """Answer questions, those of one model together.

        Args:
            asks: The questions.
            fresh: Ask again what was asked before.

        Raises:
            KurabeError: If a question cannot be asked or answered.
        """
        here = Path.cwd() / "_"
        trials = []
        for each in asks:
            self._asked += 1
            trials.append(self._maker.trial(self._known(each), _SUITE, str(self._asked), here))
        answerer = self._answerer(fresh)
        answerer.add(sorted(trials, key=lambda trial: trial.model))
        return [
            reply_of(trial, answerer.answer(trial), threshold_of(self.registry, trial)) for trial in trials
        ]

    def close(self) -> None:
        """Unload the models."""
        for answerer in self._answerers.values():
            answerer.close()
        self.registry.close()
        if self._own is not None:
            self._own.cleanup()

    def _known(self, ask: Ask) -> Ask:
        known = self.registry.models.entries
        if not self._is_project and ask.model not in known:
            hint = did_you_mean(ask.model, known, cutoff=0.4) or ";"
            raise ModelError(
                f"no model is called {ask.model!r}{hint} {self._project.models} is not there, so there is "
                f"{', '.join(known)}: run this in the folder of a project for more"
            )
        return ask

    def _answerer(self, fresh: bool) -> Answerer:
        if fresh not in self._answerers:
            cache = AnswerCache(self._cache / "answers.sqlite")
            kept = self._cache / "pictures"
            self._answerers[fresh] = Answerer(self.registry, cache, {}, fresh=fresh, pictures=kept)
        return self._answerers[fresh]


def registry_of(project: Project) -> Registry:
    """Return a project's models; without a ``models.toml``, what can be had anywhere.

    Raises:
        ModelError: If anything is wrong with them.
    """
    if project.models.is_file():
        return project.registry()
    common = Common(engine=_BUILT_IN, default=True)
    entry = Entry(_BUILT_IN, common, {}, project.models, None)
    return Registry(functions.with_functions(Models(project.models, {_BUILT_IN: entry})))


_desk: tuple[object, Desk] | None = None
_changing = Lock()


def _current() -> Desk:
    """Return the desk of the current folder; a new one if its models have changed."""
    global _desk
    project = Project.at(Path())
    file = project.models.absolute()
    key = (file, file.stat().st_mtime_ns if file.is_file() else None, functions.declared())
    if _desk is None or _desk[0] != key:
        close()
        _desk = (key, Desk(Project.at(Path.cwd())))
    return _desk[1]


def close() -> None:
    """Unload what `ask` and `describe` have loaded; the next call loads it again."""
    global _desk
    if _desk is not None:
        _desk[1].close()
    _desk = None


atexit.register(close)


def ask(
    good: Picture,
    suspect: Picture,
    *,
    model: str,
    question: QuestionKind = "verdict",
    variant: str = "raw",
    layout: Layout | None = None,
    relation: Relation = "aligned",
    language: Language = "en",
    prompt: str | None = None,
    repeat: int = 0,
    fresh: bool = False,
) -> Reply:
    """Ask a model of the current folder's project about one pair.

    The model stays loaded for the next call, until the process ends.

    Args:
        good: The good part: a file, a picture of Pillow, or an array of uint8.
        suspect: The suspect part.
        model: Who is asked: a name of ``models.toml`` or of a declared function.
        question: ``verdict``, ``differences`` or ``count``.
        variant: ``raw``, or the name of a processor.
        layout: How the pair is shown; None for the model's own.
        relation: ``aligned`` (one specimen) or ``instance`` (two of one product).
        language: Of the prompt.
        prompt: Asked as it stands, instead of the usual words.
        repeat: Number of the repetition, for models that sample.
        fresh: Ask again what was asked before.

    Raises:
        KurabeError: If the pictures cannot be read, or if the model cannot be asked or does not answer.
    """
    asked = Ask(model, suspect, good, question, variant, layout, relation, language, prompt, repeat)
    with _changing:
        (reply,) = _current().ask([asked], fresh=fresh)
    return reply


def describe(
    picture: Picture,
    *,
    model: str,
    language: Language = "en",
    prompt: str | None = None,
    repeat: int = 0,
    fresh: bool = False,
) -> Reply:
    """Ask a model of the current folder's project to describe a picture; arguments as in `ask`.

    Raises:
        KurabeError: As `ask`.
    """
    asked = Ask(model, picture, None, "describe", language=language, prompt=prompt, repeat=repeat)
    with _changing:
        (reply,) = _current().ask([asked], fresh=fresh)
    return reply

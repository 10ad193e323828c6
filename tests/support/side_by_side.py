"""The same trials for two entries of ``models.toml``, each asked afresh."""

from pathlib import Path

from kurabe.answering.answerer import Answerer
from kurabe.answering.cache import AnswerCache
from kurabe.answering.states import Answered
from kurabe.cases.trials import Selection, expand
from kurabe.project import Project, participants


class Asked:
    """The answers of one model, and what the end of a run would say of it.

    Attributes:
        answered: What came of each trial, by case and question.
        texts: The words, or why there are none.
        p: P(different), where there is one.
    """

    def __init__(self, root: Path, entry: str, name: str = "served") -> None:
        (root / "models.toml").write_text(entry, encoding="utf-8")
        project = Project.at(root)
        suites = project.suites()
        assert not suites.problems, suites.problems
        registry = project.registry()
        trials = expand(suites, Selection(participants(registry, (name,)).chosen, controls=False))
        cache = root / f"{name}.sqlite"
        answering = Answerer(registry, AnswerCache(cache), project.prompts(suites))
        try:
            answering.plan(trials)
            self.answered: dict[str, Answered] = {
                f"{trial.case.id} {trial.question}": answering.answer(trial) for trial in trials
            }
            self.remarks = registry.remarks(name)
            self.facts = registry.facts(name)
        finally:
            answering.close()
            registry.close()
            cache.unlink(missing_ok=True)
        answers = {trial: each.answer for trial, each in self.answered.items()}
        self.texts = {trial: answer.error or answer.text for trial, answer in answers.items()}
        self.p = {trial: answer.p_different for trial, answer in answers.items()}
        self.tokens_in = {trial: answer.tokens_in for trial, answer in answers.items()}

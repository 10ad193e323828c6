"""Putting the same trials to two entries of ``models.toml``."""

import fnmatch
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from kurabe.answering.answerer import Answerer
from kurabe.answering.cache import AnswerCache
from kurabe.answering.states import Progress
from kurabe.bench import Bench
from kurabe.calibration import Thresholds, check_thresholds
from kurabe.cases.names import slug
from kurabe.cases.suites import Suites
from kurabe.cases.trials import Participant, Selection, Trial, chosen_cases, expand, unmatched
from kurabe.common.errors import CaseError, KurabeError, Problem, RefusedError, UnaskedError, did_you_mean
from kurabe.common.vocabulary import LAYOUTS, Layout
from kurabe.project import Project, participants, processor_names
from kurabe.results.record import Record
from kurabe.results.run import RESULTS, Run


@dataclass(frozen=True, slots=True)
class Filters:
    """Which trials are meant; nothing given means all.

    Attributes:
        suites: Names or globs of suites.
        variants: Names or globs of variants.
        questions: Names or globs of questions.
        layouts: Layouts instead of the first entry's.
        keyword: An expression as pytest's ``-k`` takes it.
        split: ``test``, ``train``, ``calibration`` or ``all``.
        all_cases: Whether suites with ``quick`` are asked in full on a CPU, too.
    """

    suites: Sequence[str] = ()
    variants: Sequence[str] = ()
    questions: Sequence[str] = ()
    layouts: Sequence[str] = ()
    keyword: str = ""
    split: str = "test"
    all_cases: bool = False


class Asking:
    """Two entries that are asked the same."""

    def __init__(self, project: Project, names: tuple[str, str], filters: Filters) -> None:
        """Take the entries, which have to run here.

        Raises:
            KurabeError: If an entry, a case or a filter cannot be used.
        """
        if names[0] == names[1]:
            raise KurabeError(
                f"{names[0]!r} is named twice: name two entries of {project.models} (a copy of one under "
                "another name tells whether it answers the same twice)"
            )
        self._project, self._filters = project, filters
        self.names = names
        self._registry = project.registry()
        self._facts: dict[str, dict[str, Any]] = {}
        self.notes: list[str] = []
        """What there is to say besides the figures."""
        self._registry.say = self.notes.append
        chosen = {each.name: each for each in participants(self._registry, names).chosen}
        self._chosen = self._shown_alike([chosen[name] for name in names])
        self._thresholds = Thresholds(
            self._registry.models.entries, self._chosen, self._suites, processor_names()
        )
        check_thresholds(self._registry.models.entries, self._chosen, self._suites, filters.split)

    @property
    def folder(self) -> Path:
        """Where the files go by default."""
        return self._project.reports / "engines" / "-vs-".join(slug(name) for name in self.names)

    def facts(self, name: str) -> dict[str, Any]:
        """Return what an entry's engine told of itself when it had answered."""
        return self._facts.get(name, {})

    def _shown_alike(self, pair: Sequence[Participant]) -> list[Participant]:
        """Return both, shown pairs as the first one is, and asked what both can be asked."""
        first, second = pair
        if first.layout != second.layout and not self._filters.layouts:
            self.notes.append(
                f"both were shown pairs as {first.layout}, the layout of {first.name}; {second.name} alone "
                f"has {second.layout}"
            )
        self.notes += [
            f"{each.name} may answer differently when it is asked again: part of this may be chance"
            for each in pair
            if not each.greedy
        ]
        common = first.questions & second.questions
        return [replace(each, layout=first.layout, questions=common) for each in pair]

    @cached_property
    def _suites(self) -> Suites:
        suites = self._project.suites()
        if suites.broken:
            raise CaseError(suites.problems)
        return suites

    def _trials(self) -> tuple[list[Trial], list[Trial]]:
        """Return the trials of each.

        Raises:
            KurabeError: If a filter means nothing.
        """
        told = self._filters
        known = [suite.name for suite in self._suites.good]
        for pattern in told.suites:
            if not fnmatch.filter(known, pattern):
                near = did_you_mean(pattern, known)
                raise KurabeError(f"no suite is called {pattern!r}{near}; there are: {', '.join(known)}")
        for layout in told.layouts:
            if layout not in LAYOUTS:
                raise KurabeError(f"no layout is called {layout!r}; there are: {', '.join(LAYOUTS)}")
        layouts: list[Layout] = [layout for layout in LAYOUTS if layout in told.layouts]
        selection = Selection(
            self._chosen,
            variants=told.variants,
            questions=told.questions,
            layouts=layouts,
            split=told.split,
            controls=False,
            quick=not told.all_cases and any(model.slow for model in self._chosen),
            processors=processor_names(),
        )
        if problem := unmatched(self._suites, selection):
            raise CaseError([Problem(problem)])
        matches = _matching(told.keyword, known)
        every = expand(self._suites, selection)
        # A word of -k may be of one entry's name; both are asked the same even so.
        meant = {_which(trial) for trial in every if self._is_of(trial.suite.name) and matches(trial)}
        first, second = (
            [trial for trial in every if trial.model == name and _which(trial) in meant]
            for name in self.names
        )
        if not first:
            raise KurabeError("no trials match the filters")
        self._note_fewer(selection, {trial.suite.name for trial in first})
        return first, second

    def _note_fewer(self, selection: Selection, suites: set[str]) -> None:
        """Say which suites are not asked in full, as they set ``quick``."""
        for suite in self._suites.good:
            asked, there = (
                len(chosen_cases(suite, each)) for each in (selection, replace(selection, quick=False))
            )
            if suite.name in suites and asked < there:
                self.notes.append(f"{suite.name}: {asked} of {there} cases; --all-cases asks all")

    def _is_of(self, suite: str) -> bool:
        patterns = self._filters.suites
        return not patterns or any(fnmatch.fnmatchcase(suite, pattern) for pattern in patterns)

    def ask(
        self, folder: Path, *, fresh: bool, report: Callable[[Progress], None]
    ) -> tuple[list[Record], list[Record]]:
        """Ask both, one after the other, and keep each result in the folder as it comes.

        Args:
            folder: Where ``results.jsonl`` goes; it is begun anew.
            fresh: Ask also what is cached.
            report: Told about progress.

        Raises:
            KurabeError: If a model cannot be loaded or nothing was answered.
        """
        sides = self._trials()
        answering = Answerer(
            self._registry,
            AnswerCache(self._project.cache / "answers.sqlite"),
            self._project.prompts(self._suites),
            fresh=fresh,
            pictures=self._project.cache / "pictures",
            report=report,
        )
        bench = Bench(answering, self._thresholds)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RESULTS).unlink(missing_ok=True)
        run = Run(folder)
        try:
            answering.plan(list(self._thresholds.with_calibration([*sides[0], *sides[1]])))
            first, second = ([*self._records(bench, side, run)] for side in sides)
        finally:
            run.close()
            answering.close()
            self._registry.close()
        return first, second

    def _records(self, bench: Bench, trials: Sequence[Trial], run: Run) -> list[Record]:
        found: list[Record] = []
        refused, unasked, why = 0, 0, ""
        for trial in trials:
            try:
                found.append(bench.record(trial))
            except RefusedError:
                refused += 1
            except UnaskedError as error:
                unasked, why = unasked + 1, str(error)
            else:
                run.append(found[-1])
        name = trials[0].model
        if refused:
            self.notes.append(f"{refused} trials left out: {name} was trained on their pictures")
        if unasked:
            self.notes.append(f"{unasked} trials left out: {name} was not asked: {why}")
        self.notes += self._registry.remarks(name)
        self._facts[name] = {
            "fingerprint": self._registry.fingerprint(name),
            **self._registry.facts(name),
        }
        return found


def _which(trial: Trial) -> tuple[str, str, str, str]:
    return trial.case_id, trial.question, trial.variant, trial.layout


def _matching(expression: str, suites: Sequence[str]) -> Callable[[Trial], bool]:
    """Return what says whether a trial matches an expression, in pytest's grammar.

    Raises:
        KurabeError: If it cannot be read.
    """
    if not expression:
        return lambda trial: True  # noqa: ARG005
    from _pytest.mark.expression import Expression

    names = {name.lower() for name in suites}
    try:
        compiled = Expression.compile(expression)
    except SyntaxError as error:
        raise KurabeError(f"-k {expression!r}: {error}") from error

    def matches(trial: Trial) -> bool:
        def holds(word: str, /, **more: object) -> bool:  # noqa: ARG001
            word = word.lower()
            return trial.suite.name.lower() == word if word in names else word in trial.id.lower()

        return compiled.evaluate(holds)

    return matches

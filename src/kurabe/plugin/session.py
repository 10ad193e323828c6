"""A pytest session's part of the bench: the trials that it may run, and what it leaves behind."""

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kurabe.answering.answerer import WINDOW, Answerer
from kurabe.answering.cache import AnswerCache
from kurabe.answering.states import Progress
from kurabe.asking.desk import registry_of
from kurabe.bench import Bench
from kurabe.calibration import Thresholds, check_thresholds
from kurabe.cases.identity import digest_of, suite_digest
from kurabe.cases.prompts import Prompts
from kurabe.cases.suites import Suites
from kurabe.cases.trials import Selection, Trial, chosen_cases, expand, unmatched
from kurabe.common.disk import check_writable, unwritable
from kurabe.common.errors import CaseError, KurabeError, Problem
from kurabe.common.language import spoken
from kurabe.common.vocabulary import Language
from kurabe.models.functions import declared
from kurabe.models.registry import Registry
from kurabe.plugin.early import Reports
from kurabe.plugin.entries import cards_of, set_thresholds
from kurabe.plugin.extent import whole_plan, why_partial
from kurabe.plugin.judging import check_judge, judge_of
from kurabe.plugin.options import Options
from kurabe.project import Participants, Project, check_priced, participants, processor_names
from kurabe.report.line import parse_line
from kurabe.report.rules import Wanted
from kurabe.results.album import Album
from kurabe.results.manifest import Manifest
from kurabe.results.record import Record, scored
from kurabe.results.run import Run

if TYPE_CHECKING:  # pandas comes with it, and takes a second to import
    import pandas as pd

    from kurabe.report.compare import Comparison
    from kurabe.report.tables import Tables


class Session:
    """Everything of one session; its parts are built when they are first needed."""

    def __init__(
        self,
        project: Project,
        options: Options,
        outside: Sequence[Path] = (),
        reports_option: str = "--kurabe-reports",
    ) -> None:
        """Take the project, what the user asked for, and suites that are not below the project's cases.

        ``reports_option`` is how the user names another folder of reports; for messages.
        """
        self.project = project
        self.options = options
        self._outside = outside
        self.records: list[Record] = []
        """Results so far, in the process that writes them."""
        self.messages: list[str] = []
        """What the registry had to say: models that were unloaded, and the like."""
        self.facts: dict[str, dict[str, object]] = {}
        """Facts of the models that were loaded, here or by a worker."""
        self.refused: Counter[str] = Counter()
        """Trials that were not asked, by model, because the model was trained on their pictures."""
        self.refused_cases: set[str] = set()
        """Cases that some model was not asked about for that reason."""
        self.cards: dict[str, dict[str, Any] | None] = {}
        """Cards of the adapters that have been read, by model; None for a model without one."""
        self.own: dict[str, str] = {}
        """Models that tests of one's own have asked, by the trial's id."""
        self.alone = False
        """Whether there is no test but those of trials."""
        self.run: Run | None = None
        self.plan: list[Trial] = []
        """The trials that this process was told to ask, each once."""
        self.repeated: frozenset[str] = frozenset()
        """Ids of those that have several items."""
        self.selected: list[tuple[int, str]] = []
        """With ``--shard``: part and id of every trial that is selected, those of other parts included."""
        self.planned: int | None = None
        """Number of trials that the session set out to do, once it is known."""
        self.reports = Reports()
        """The modules that make tables and page."""
        self.tables: Tables | None = None
        self.comparison: Comparison | None = None
        self.judge: pd.DataFrame | None = None
        """How far a judge, the word matcher and people agree."""
        self.page: Path | None = None
        """The page beside all runs, once it is written."""
        self.reports_option = reports_option
        """How the user names another folder of reports."""
        self.unwritten = ""
        """Why results are no longer written; "" if they are."""
        self._pictures_kept = True
        self._cache: AnswerCache | None = None
        self._started = datetime.now().astimezone()

    @property
    def lang(self) -> Language:
        """The language of what the session says at its end."""
        return spoken(self.options.lang)

    @cached_property
    def registry(self) -> Registry:
        """The models."""
        return self._prepared(self.project.registry())

    def _prepared(self, registry: Registry) -> Registry:
        registry.say = self.messages.append
        spending = registry.spending
        spending.max_cost, spending.max_tokens = self.options.max_cost, self.options.max_tokens
        prefix = self.reports_option.removesuffix("reports")
        spending.names = f"{prefix}max-cost", f"{prefix}max-tokens"
        return registry

    @cached_property
    def suites(self) -> Suites:
        """The cases, good and broken."""
        return self.project.suites(self._outside)

    @cached_property
    def participants(self) -> Participants:
        """The models that are asked.

        Raises:
            ModelError: If one is named that cannot run here, or whose cost cannot be limited.
        """
        found = participants(self.registry, self.options.models)
        if self.options.max_cost is not None:
            check_priced(self.registry, [participant.name for participant in found.chosen])
        return found

    @cached_property
    def prompts(self) -> dict[str, Prompts]:
        """The prompts of each suite."""
        return self.project.prompts(self.suites)

    @cached_property
    def trials(self) -> list[Trial]:
        """All trials that the options select.

        Raises:
            KurabeError: If models, variants or prompts are wrong.
        """
        if problem := unmatched(self.suites, self._selection):
            raise CaseError([Problem(problem)])
        check_judge(self)
        _ = self.prompts, self.wanted  # so that what is wrong with them is said before anything is asked
        models = self.participants.chosen
        check_thresholds(self.registry.models.entries, models, self.suites, self.options.split)
        return expand(self.suites, self._selection)

    @cached_property
    def _selection(self) -> Selection:
        chosen, models = self.options, self.participants.chosen
        return Selection(
            models,
            chosen.variants,
            chosen.questions,
            chosen.layouts,
            chosen.split,
            chosen.swap,
            chosen.repeat,
            chosen.shake,
            chosen.controls,
            quick=not chosen.all_cases and any(model.slow for model in models),
            shots=chosen.shots,
            processors=processor_names(),
        )

    @property
    def fewer(self) -> dict[str, tuple[int, int]]:
        """Cases that are asked about and cases there are, of each suite that is not asked in full."""
        every = replace(self._selection, quick=False)
        counted = {
            suite.name: (len(chosen_cases(suite, self._selection)), len(chosen_cases(suite, every)))
            for suite in self.suites.good
        }
        return {name: (asked, there) for name, (asked, there) in counted.items() if asked < there}

    @cached_property
    def album(self) -> Album:
        """What keeps the pictures of trials."""
        return Album(self.project.album if self.options.pictures else None)

    def set_plan(self, trials: Sequence[Trial]) -> None:
        """Take the trials that will be asked for, in this order; one may occur more than once."""
        self.plan = list({trial.id: trial for trial in trials}.values())
        counts = Counter(trial.id for trial in trials)
        self.repeated = frozenset(name for name, count in counts.items() if count > 1)
        self.planned = len(self.plan)

    def note_late_models(self) -> None:
        """Say which functions were declared after the models were read, as in a test module."""
        for made in declared():
            if "registry" in self.__dict__ and made.name not in self.registry.models.entries:
                what = "was declared too late to be asked: do so in the conftest.py of the project's folder"
                self.messages.append(f"model {made.name!r} ({made.place}) {what}")

    def without_suites(self) -> None:
        """Do without suites, which may be missing: only tests of one's own ask, or no trial was collected."""
        if self.planned:
            return
        self.suites, self.trials, self.prompts = Suites(), [], {}
        self.participants = Participants((), {})
        if not self.project.models.is_file():
            self.registry = self._prepared(registry_of(self.project))

    def check_places(self) -> None:
        """Try to write where answers and results go, before anything is asked.

        Raises:
            KurabeError: If they cannot be kept.
        """
        for folder in (self.project.reports / "runs", self.project.cache):
            check_writable(folder, self.reports_option)

    def bench(
        self,
        report: Callable[[Progress], None],
        resumed: Mapping[str, float] | None = None,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> Bench:
        """Return what answers, reads and scores; for ``resumed`` and ``meanwhile`` see `Answerer`."""
        self._cache = cache = AnswerCache(self.project.cache / "answers.sqlite")
        answering = Answerer(
            self.registry,
            cache,
            self.prompts,
            fresh=self.options.fresh,
            resumed=resumed,
            window=WINDOW,
            pictures=self.project.cache / "pictures",
            sink=self.album,
            report=report,
            meanwhile=meanwhile,
        )
        return Bench(answering, self.thresholds)

    @cached_property
    def thresholds(self) -> Thresholds:
        """What makes verdicts where ``models.toml`` sets thresholds."""
        entries, chosen = self.registry.models.entries, self.participants.chosen
        return Thresholds(entries, chosen, self.suites, processor_names())

    @property
    def models(self) -> list[str]:
        """Names of the models that take part: those of the trials, and those that tests of one's own ask."""
        return list(dict.fromkeys([*(each.name for each in self.participants.chosen), *self.own.values()]))

    def refuse(self, model: str, case: str) -> None:
        """Count a trial that a model was not asked, because it was trained on the case's pictures."""
        self.refused[model] += 1
        self.refused_cases.add(case)

    def keep(self, record: Record, line: str | None = None) -> None:
        """Write a result to the run's folder, which the first result makes.

        Args:
            record: The result.
            line: The same as JSON, where it came as such.

        Raises:
            KurabeError: If it cannot be written; it is in the tables even so.
        """
        self.records.append(record)
        try:
            if self.run is None:
                shard = self.options.shard
                kind = "" if shard is None else f"shard-{shard.replace('/', '-of-')}"
                self.run = Run.create(self.project.reports, kind)
                self.write_manifest()
                if self.selected:
                    whole_plan(self).write(self.run.folder)
            self._keep_pictures(self.run, record)  # first, so that no result is without them
            try:
                self.run.append(record, line)
            except FileNotFoundError:
                self._write_again(self.run)
        except OSError as error:
            self.unwritten = f"stopped: {unwritable(self.project.reports, error, self.reports_option)}"
            raise KurabeError(self.unwritten) from error

    def _write_again(self, run: Run) -> None:
        """Write all results so far, as somebody has removed them."""
        run.restore(self.records, self.project.album if self._pictures_kept else None)
        self.write_manifest()
        told = f"{run.folder} was removed during the run: all results were written again"
        if told not in self.messages:
            self.messages.append(told)

    def _keep_pictures(self, run: Run, record: Record) -> None:
        """Take over a result's pictures; a result counts without them, too."""
        if not self._pictures_kept:
            return
        try:
            run.keep_pictures(record, self.project.album)
        except OSError as error:
            self._pictures_kept = False
            self.messages.append(f"{run.pictures} cannot be written ({error.strerror}): pictures are missing")

    def note_loaded(self) -> None:
        """Take down the facts of the models that this process has loaded, and what went wrong beside them."""
        for name in self.registry.loaded_names():
            self.facts[name] = self.registry.facts(name)
            self.messages += self.registry.remarks(name)
        if spent := self.registry.spending.summary():
            self.messages.append(spent)
        cache = "" if self._cache is None else self._cache.problem
        self.messages += [problem for problem in (self.album.problem, cache) if problem]

    def write_manifest(self, finished: bool = False) -> None:
        """Write what the run was made of and made with; ``finished`` once the session ends by itself."""
        assert self.run is not None
        models = {
            name: {"fingerprint": self.registry.fingerprint(name), **self.facts.get(name, {})}
            for name in self.models
        }
        manifest = Manifest(
            run=self.run.name,
            started=self._started,
            finished=datetime.now().astimezone() if finished else None,
            planned=None if self.planned is None else self.planned - self.refused.total() + len(self.own),
            answered=len(scored(self.records)),
            options=self.options._asdict(),
            command=sys.argv[1:],
            models=models,
            cards=cards_of(self),
            left_out=self.participants.left_out,
            refused=self.refused,
            fewer=self.fewer,
            suites={suite.name: len(suite.cases) for suite in self.suites.good},
            broken=[str(problem) for problem in self.suites.problems],
            messages=self.messages,
            partial=self.partial if finished or self.options.shard else None,
            shard=self.options.shard,
            judge=judge_of(self),
            cases={suite.name: suite_digest(suite) for suite in self.suites.good},
            prompts={name: digest_of(prompts.told()) for name, prompts in self.prompts.items()},
            line=self.line,
            thresholds=set_thresholds(self),
        )
        self.run.write_manifest(manifest.told(self.project.cases.parent))

    @cached_property
    def line(self) -> dict[str, float] | None:
        """Keys of the production line, if any are given: of the models' file, then of the command line."""
        given = {} if self.options.line is None else parse_line(self.options.line)
        return {**self.registry.models.line, **given} or None

    @cached_property
    def wanted(self) -> Wanted:
        """The operating points that are asked for.

        Raises:
            KurabeError: If the least cost is asked for, and costs are not known.
        """
        try:
            return Wanted.of(self.options.at, self.line)
        except ValueError as error:
            raise KurabeError(str(error)) from error

    @property
    def partial(self) -> str | None:
        """Why this run is not full; None if it is."""
        return why_partial(self)

    def places(self) -> list[str]:
        """Return where the results and the page are, a line each."""
        run = [] if self.run is None else [f"results: {self.run.folder}"]
        return run if self.page is None else [*run, f"page: {self.page}"]

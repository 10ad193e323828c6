"""A pytest session's part of the bench: the trials that it may run, and what it leaves behind."""

import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from benchmark import __version__
from benchmark.answering import WINDOW, Answering, Progress
from benchmark.bench import Bench
from benchmark.errors import CaseError, Problem
from benchmark.models.registry import Registry
from benchmark.project import Participants, Project, participants, processor_names
from benchmark.question import Prompts
from benchmark.record import Record
from benchmark.store import AnswerCache, Run, find_run
from benchmark.suites import Suites
from benchmark.trial import Selection, Trial, expand, unmatched
from benchmark.words import Layout

if TYPE_CHECKING:  # pandas comes with it, and takes a second to import
    from benchmark.report.compare import Comparison
    from benchmark.report.tables import Tables

_PACKAGES = ("torch", "transformers", "peft", "pytest", "numpy", "pillow", "scikit-image", "flash-attn")


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for on the command line; empty means "as the files say"."""

    models: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    layouts: tuple[Layout, ...] = ()
    split: str = "test"
    swap: bool = False
    repeat: int = 1
    fresh: bool = False
    controls: bool = True


class Session:
    """Everything of one session; its parts are built when they are first needed."""

    def __init__(self, project: Project, options: Options) -> None:
        self.project = project
        self.options = options
        self.records: list[Record] = []
        """Results so far, in the process that writes them."""
        self.messages: list[str] = []
        """What the registry had to say: models that were unloaded, and the like."""
        self.facts: dict[str, dict[str, object]] = {}
        """Facts of the models that were loaded, here or by a worker."""
        self.run: Run | None = None
        self.planned: int | None = None
        """Number of trials that the session set out to do, once it is known."""
        self.tables: Tables | None = None
        self.comparison: Comparison | None = None
        self._started = datetime.now().astimezone()

    @cached_property
    def registry(self) -> Registry:
        """The models."""
        registry = self.project.registry()
        registry.say = self.messages.append
        return registry

    @cached_property
    def suites(self) -> Suites:
        """The cases, good and broken."""
        return self.project.suites()

    @cached_property
    def participants(self) -> Participants:
        """The models that are asked."""
        return participants(self.registry, self.options.models)

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
        chosen = self.options
        selection = Selection(
            self.participants.chosen,
            chosen.variants,
            chosen.questions,
            chosen.layouts,
            chosen.split,
            chosen.swap,
            chosen.repeat,
            chosen.controls,
            processor_names(),
        )
        if problem := unmatched(self.suites, selection):
            raise CaseError([Problem(problem)])
        _ = self.prompts  # so that what is wrong with them is said before anything is asked
        return expand(self.suites, selection)

    def bench(self, report: Callable[[Progress], None]) -> Bench:
        """Return what answers, reads and scores."""
        cache = AnswerCache(self.project.cache / "answers.sqlite")
        answering = Answering(
            self.registry,
            cache,
            self.prompts,
            fresh=self.options.fresh,
            window=WINDOW,
            pictures=self.project.cache / "pictures",
            report=report,
        )
        return Bench(answering, self.prompts)

    def keep(self, record: Record) -> None:
        """Write a result to the run's folder, which the first result makes."""
        if self.run is None:
            self.run = Run.create(self.project.reports)
            self.write_manifest()
        self.run.append(record)
        self.records.append(record)

    def note_loaded(self) -> None:
        """Take down the facts of the models that this process has loaded."""
        for name in self.registry.loaded_names():
            self.facts[name] = self.registry.engine(name).describe()

    def write_manifest(self, finished: bool = False) -> None:
        """Write what the run was made of and made with; ``finished`` once the session ends by itself."""
        assert self.run is not None
        chosen = [participant.name for participant in self.participants.chosen]
        models = {
            name: {"fingerprint": self.registry.engine(name).fingerprint(), **self.facts.get(name, {})}
            for name in chosen
        }
        self.run.write_manifest(
            {
                "kurabe": __version__,
                "run": self.run.name,
                "started": self._started.isoformat(timespec="seconds"),
                "finished": datetime.now().astimezone().isoformat(timespec="seconds") if finished else None,
                "planned": self.planned,
                "answered": len(self.records),
                "options": asdict(self.options),
                "command": sys.argv[1:],
                "models": models,
                "left_out": self.participants.left_out,
                "suites": {suite.name: len(suite.cases) for suite in self.suites.good},
                "broken": [str(problem) for problem in self.suites.problems],
                "messages": self.messages,
                "python": platform.python_version(),
                "platform": platform.platform(),
                "cpus": os.cpu_count(),
                "gpus": _gpus(),
                "packages": _versions(),
                "git": _git(self.project.cases.parent),
            }
        )

    def finish(self, gates: Sequence[str], compare_with: str | None, limits: Sequence[str]) -> list[str]:
        """Write manifest and tables, into the run's folder and beside all runs.

        Args:
            gates: Conditions on the leaderboard.
            compare_with: A run to compare with.
            limits: What may not have got worse against it.

        Returns:
            What does not hold, in sentences.

        Raises:
            KurabeError: If the run to compare with cannot be read.
        """
        from benchmark.report.compare import compare, parse_compare_fail
        from benchmark.report.gate import parse_gate
        from benchmark.report.tables import make_tables, write_tables

        assert self.run is not None
        self.run.close()
        self.write_manifest(finished=True)
        self.tables = make_tables(self.records)
        write_tables(self.tables, self.run.folder)
        write_tables(self.tables, self.project.reports)
        violations = [v for gate in gates for v in parse_gate(gate).violations(self.tables.leaderboard)]
        if compare_with is not None:
            earlier = find_run(self.project.reports, compare_with, before=self.run.name)
            self.comparison = compare(earlier.records(), self.records)
            violations += [
                v for limit in limits for v in parse_compare_fail(limit).violations(self.comparison)
            ]
        return violations

    def print_summary(self, file: IO[str], width: int, colour: bool) -> None:
        """Print the tables and what else there is to say, to a terminal."""
        from rich.console import Console

        from benchmark.report.terminal import print_comparison, print_tables

        assert self.run is not None
        console = Console(
            file=file,
            width=width,
            force_terminal=colour,
            no_color=not colour,
            highlight=False,
            soft_wrap=False,
        )
        notes = [f"not run: {name}: {reason}" for name, reason in self.participants.left_out.items()]
        print_tables(self.records, console, [*notes, *self.messages], self.tables)
        if self.comparison is not None:
            print_comparison(self.comparison, console)
        console.print(f"results: {self.run.folder}", soft_wrap=True)


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _gpus() -> list[str]:
    """Return the names of the GPUs, if anything has needed one."""
    torch: Any = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return []
    return [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]


def _git(root: Path) -> dict[str, Any]:
    """Return commit and state of the repository that the project is in, if it is in one."""

    def ask(*words: str) -> str | None:
        try:
            done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, timeout=10)  # noqa: S603, S607
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    commit = ask("rev-parse", "HEAD")
    return {} if commit is None else {"commit": commit, "dirty": bool(ask("status", "--porcelain"))}

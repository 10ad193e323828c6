"""The side of the plugin that keeps: results as they come, the tables and the summary at the end.

Under xdist it lives in the process that distributes, so that one process writes.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import pytest

from kurabe.common.errors import KurabeError

if TYPE_CHECKING:
    from pathlib import Path

    from kurabe.answering.states import Progress
    from kurabe.plugin.progress import ProgressLine
    from kurabe.plugin.session import Session

_SESSION = pytest.StashKey["Session"]()
_LETTERS = {"correct": ".", "wrong": "w", "unparsed": "u"}


def root_of(config: pytest.Config) -> Path:
    """Return the project's folder: pytest's root, and without a configuration file where the user stands.

    There pytest guesses its root of all arguments that are folders, ``--reports`` and its like included.
    """
    named = config.inipath is not None or config.known_args_namespace.rootdir
    return config.rootpath if named else config.invocation_params.dir


def session_of(config: pytest.Config) -> Session:
    """Return the bench's part of this session, made when it is first asked for."""
    if _SESSION not in config.stash:
        from kurabe.plugin.session import Options, Session
        from kurabe.project import Project

        option = config.getoption
        project = Project.at(root_of(config), option("cases"), option("models_file"), option("reports"))
        config.stash[_SESSION] = Session(
            project,
            Options(
                tuple(option("model")),
                tuple(option("variant")),
                tuple(option("question")),
                tuple(option("layout")),
                option("split"),
                option("swap"),
                option("repeat"),
                option("fresh"),
                not option("no_controls"),
                not option("no_pictures"),
                option("all_cases") or _names_a_case(config),
            ),
        )
    return config.stash[_SESSION]


def _names_a_case(config: pytest.Config) -> bool:
    """Say whether the command line names a case (``-k connector/c001``) or a trial: it has to be there."""
    return "/" in (config.getoption("keyword") or "") or any("::" in argument for argument in config.args)


def has_session(config: pytest.Config) -> bool:
    """Say whether this session touches the bench at all."""
    return _SESSION in config.stash


class Keeper:
    """Keeps results and makes the reports of one session."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._progress: ProgressLine | None = None
        self._violations: list[str] = []
        self._notes: list[str] = []
        self._places: dict[str, int] = {}
        self._kept: set[str] = set()

    # Spreading

    @pytest.hookimpl(optionalhook=True, tryfirst=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Keep trials together that are answered together."""
        if config.getoption("dist") != "loadgroup":
            return None
        from kurabe.plugin.xdist import TrialScheduling

        return TrialScheduling(config, log, lambda: session_of(config).trials)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give a worker the first place that no living worker has: one that replaces another, its GPU."""
        taken = set(self._places.values())
        place = next(number for number in range(len(taken) + 1) if number not in taken)
        node.workerinput["kurabe_place"] = self._places[node.gateway.id] = place

    # Progress

    @property
    def _terminal(self) -> Any:
        return self._config.pluginmanager.get_plugin("terminalreporter")

    @property
    def _live(self) -> bool:
        """Whether one line can be rewritten: then it takes the place of the dots."""
        terminal = self._terminal
        return bool(
            terminal is not None
            and terminal.isatty
            and terminal.verbosity == 0
            and os.environ.get("TERM", "dumb") != "dumb"
            and not self._config.getoption("numprocesses", None)
        )

    def show_progress(self, progress: Progress) -> None:
        """Show how far the session is; with -q nothing."""
        if self._terminal is None or self._terminal.verbosity < 0:
            return
        if self._progress is None:
            from kurabe.plugin.progress import ProgressLine

            self._progress = ProgressLine(self._terminal, self._uncaptured, self._live)
        self._progress.show(progress)

    def _uncaptured(self) -> AbstractContextManager[None]:
        capture: Any = self._config.pluginmanager.get_plugin("capturemanager")
        return nullcontext() if capture is None else capture.global_and_fixture_disabled()

    # Results

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a result as soon as it is there."""
        if (model := getattr(report, "kurabe_refused", None)) is not None:
            session_of(self._config).refused[model] += 1
        line = getattr(report, "kurabe", None)
        if line is not None:
            from kurabe.results.record import Record

            record = Record.from_json(line)
            if record.trial not in self._kept:  # a worker that is lost may have told before it was missed
                self._kept.add(record.trial)
                session_of(self._config).keep(record)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(
        self, report: pytest.TestReport | pytest.CollectReport
    ) -> tuple[str, str, Any] | None:
        """Call a wrong answer wrong: it is a finding about the model, not a failure of the bench."""
        if hasattr(report, "kurabe_refused"):
            return "skipped", "" if self._live else "s", "SKIPPED"
        outcome = getattr(report, "kurabe_outcome", None)
        if outcome not in _LETTERS or not report.passed or report.when != "call":
            return None
        letter = "" if self._live else _LETTERS[outcome]
        if outcome == "correct":
            return "passed", letter, "PASSED"
        return outcome, letter, (outcome.upper(), {"yellow": True})

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:  # noqa: ARG002
        """Note how many trials there are, which only the workers of xdist collect."""
        # A worker tells their exact number when it ends; a run that is killed has this one.
        planned = sum("::test_pair[" in name and not name.endswith("-broken]") for name in ids)
        if planned:
            session_of(self._config).planned = planned

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what an xdist worker knows of the models that it loaded, and give its place away."""
        self._places.pop(node.gateway.id, None)
        told = getattr(node, "workeroutput", {}).get("kurabe")
        if told is not None:
            session = session_of(self._config)
            session.facts.update(told["facts"])
            session.messages.extend(told["messages"])
            session.planned = told["planned"]

    # The end

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the tables; a gate that does not hold makes the exit code 1."""
        if self._progress is not None:
            self._progress.clear()
        if not has_session(self._config) or session_of(self._config).run is None:
            return
        ours = session_of(self._config)
        try:
            self._violations = ours.finish(
                self._config.getoption("gate"),
                self._config.getoption("compare"),
                self._config.getoption("compare_fail"),
            )
        except (KurabeError, OSError) as error:
            self._violations = [str(error)]
        if self._violations and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the tables, what was left out and why, and what did not hold."""
        if not has_session(self._config):
            return
        ours = session_of(self._config)
        quiet = terminalreporter.verbosity < 0
        if not quiet and (ours.run is not None or ours.refused):
            terminalreporter.ensure_newline()
            terminalreporter.section("kurabe", sep="=")
            ours.print_summary(
                terminalreporter._tw._file, terminalreporter._tw.fullwidth, _colour(terminalreporter)
            )
        for violation in self._violations:
            terminalreporter.write_line(f"FAILED {violation}", red=True)


def _colour(terminal: Any) -> bool:
    return bool(terminal.hasmarkup)

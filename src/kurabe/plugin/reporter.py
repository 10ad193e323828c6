"""What the user sees and what a run leaves: results as they come, tables and summary at the end.

Under pytest-xdist it lives in the process that the user has started, so that one process writes.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import pytest

from kurabe.plugin.checks import Checks
from kurabe.plugin.stash import has_session, session_of

if TYPE_CHECKING:
    from kurabe.answering.states import Progress
    from kurabe.plugin.progress import ProgressLine
    from kurabe.plugin.session import Session
    from kurabe.results.record import Record

_NAME = "kurabe-reporter"
_LETTERS = {"correct": ".", "wrong": "w", "unparsed": "u"}


def reporter_of(config: pytest.Config) -> Reporter | None:
    """Return the reporter of this process; None in a worker of pytest-xdist."""
    found: Reporter | None = config.pluginmanager.get_plugin(_NAME)
    return found


def start_reporter(config: pytest.Config) -> None:
    """Keep results in the process that the user has started."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Reporter(config), _NAME)


class Reporter:
    """Keeps results as they come, and makes the reports of one session."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._progress: ProgressLine | None = None
        self._checks = Checks()
        self._kept: set[str] = set()
        self._judge_failed = False
        self._failed = False  # something else than the error of a trial

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
        if selected := getattr(report, "kurabe_selected", ()):
            session_of(self._config).selected = [(part, name) for part, name in selected]
        refused: list[str] | None = getattr(report, "kurabe_refused", None)
        if refused is not None and refused[0] not in self._kept:
            trial, model, case = refused
            self._kept.add(trial)
            session_of(self._config).refuse(model, case)
        for line in getattr(report, "kurabe_calibration", ()):
            self._keep(line)
        for line in getattr(report, "kurabe_asked", ()):
            self._take_own(line)
        told: Record | str | None = getattr(report, "kurabe", None)
        if told is not None:
            self._keep(told)
        if report.failed and getattr(report, "kurabe_outcome", None) != "error":
            self._failed = True

    def _take_own(self, line: str) -> None:
        """Keep a result of a test of the user's own, beside those of the suites."""
        from kurabe.results.record import Record

        record, session = Record.from_json(line), session_of(self._config)
        if not session.own:
            session.without_suites()
        session.own[record.trial] = record.model
        self._keep(line)

    def _keep(self, told: Record | str) -> None:
        """Keep a result, which a worker of pytest-xdist tells as a line of JSON."""
        from kurabe.common.errors import KurabeError
        from kurabe.results.record import Record

        record, line = (Record.from_json(told), told) if isinstance(told, str) else (told, None)
        if record.trial not in self._kept:  # of several items, or told by a worker that was lost, too
            self._kept.add(record.trial)
            try:
                session_of(self._config).keep(record, line)
            except KurabeError as error:
                pytest.exit(str(error), returncode=pytest.ExitCode.TESTS_FAILED)
            if self._terminal is not None and self._terminal.verbosity > 1:
                self._terminal.write_line(
                    f"  {record.trial}: expected {record.expected!r}, answered {record.text!r}"
                )

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

    # The end

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the tables; a gate that does not hold makes the exit code 1.

        Trials that ended in an error do so, too, unless a gate allows them.
        """
        ended = session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if ended and has_session(self._config):
            self._judge()
        if self._progress is not None:
            self._progress.clear()
        if not has_session(self._config):
            return
        if session_of(self._config).run is None:
            if session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and self._empty_shard:
                session.exitstatus = pytest.ExitCode.OK  # of many hosts one has nothing to do
            return
        from kurabe.common.errors import KurabeError
        from kurabe.plugin.ending import finish

        ours = session_of(self._config)
        try:
            self._checks = finish(ours)
        except (KurabeError, OSError) as error:
            self._checks = Checks(failed=(str(error),))
        if (self._checks.failed or self._judge_failed) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        errors_alone = session.exitstatus == pytest.ExitCode.TESTS_FAILED and not self._failed
        if errors_alone and self._checks.errors_allowed and not self._checks.failed:
            session.exitstatus = pytest.ExitCode.OK

    def _judge(self) -> None:
        """Let a judge read the answers, if one is asked for; if it fails, what words say stands."""
        ours = session_of(self._config)
        if ours.options.judge is None:
            return
        from kurabe.common.errors import in_words
        from kurabe.plugin.judging import judge_session

        try:
            judge_session(ours, self.show_progress)
        except Exception as error:
            ours.messages.append(
                f"judge {ours.options.judge}: the answers could not be judged: {in_words(error)}"
            )
            self._judge_failed = True

    @property
    def _empty_shard(self) -> str:
        """What there is to say if nothing falls into this part of the selection; "" if something does."""
        ours = session_of(self._config)
        parts = {part for part, _ in ours.selected}
        shard = ours.options.shard or ""
        if not parts or int(shard.partition("/")[0]) in parts:
            return ""
        return f"shard {shard} is empty: the selection falls into no more than {len(parts)} parts"

    def pytest_terminal_summary(self, terminalreporter: Any, exitstatus: int) -> None:
        """Print the tables, what was left out and why, and what did not hold."""
        if not has_session(self._config):
            return
        from kurabe.report.speech import speech_for

        ours = session_of(self._config)
        says = speech_for(terminalreporter._tw._file, ours.lang)
        if ours.run is not None or ours.refused:
            terminalreporter.ensure_newline()
            if terminalreporter.verbosity >= 0:
                from kurabe.plugin.ending import print_summary

                terminalreporter.section("kurabe", sep="=")
                print_summary(
                    ours,
                    terminalreporter._tw._file,
                    terminalreporter._tw.fullwidth,
                    _colour(terminalreporter),
                )
            for line in ours.places():
                terminalreporter.write_line(says(line))
        if exitstatus == pytest.ExitCode.INTERRUPTED and ours.planned:
            terminalreporter.ensure_newline()
            terminalreporter.write_line(says(_how_to_go_on(ours)), yellow=True)
        self._tell_actions(terminalreporter, ours)
        if self._empty_shard:
            terminalreporter.write_line(says(self._empty_shard))
        for line in self._checks.held:
            terminalreporter.write_line(says(line), green=True)
        for line in self._checks.failed:
            terminalreporter.write_line(says(f"FAILED {line}"), red=True)

    def _tell_actions(self, terminal: Any, ours: Session) -> None:
        """Write the summary of the step, and annotations, where GitHub Actions asks for them."""
        if not ("GITHUB_STEP_SUMMARY" in os.environ or os.environ.get("GITHUB_ACTIONS") == "true"):
            return
        from kurabe.plugin.actions import commands_of, write_step_summary

        if problem := write_step_summary(ours, self._checks):
            terminal.write_line(problem)
        for line in commands_of(ours, self._checks):
            terminal.ensure_newline()
            terminal.write_line(line)


def _how_to_go_on(ours: Session) -> str:
    """Say what an interrupted run has kept, and how to go on."""
    from kurabe.results.record import scored

    kept = f"interrupted: {len(scored(ours.records)):,} of {ours.planned:,} trials are kept"
    again = "the same command, without --fresh," if ours.options.fresh else "the same command"
    return f"{kept}; {again} asks only the others: answers are cached"


def _colour(terminal: Any) -> bool:
    return bool(terminal.hasmarkup)

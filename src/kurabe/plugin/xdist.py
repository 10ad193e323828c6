"""Under pytest-xdist: trials that are answered together go to one worker, and each worker has its GPU.

This module needs no xdist; `kurabe.plugin.scheduling` does.
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from kurabe.plugin.items import parameters_in, trial_in
from kurabe.plugin.stash import BEGAN, RETRIED, is_project, session_of

if TYPE_CHECKING:
    from kurabe.cases.trials import Trial
    from kurabe.results.record import Record

_LEFT_TO_US = pytest.StashKey[bool]()
_PLACES = pytest.StashKey[dict[str, int]]()
_BEGAN = pytest.StashKey[float]()
_SCHEDULING = pytest.StashKey[Any]()  # a `Scheduling`, whose module needs xdist
_GIVEN_UP = pytest.StashKey[dict[str, "Record"]]()


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, Any]:
    """Note whether the user has chosen a distribution."""
    option = config.option
    # A wrapper, as xdist's own hook has chosen a distribution before any other plain one is called.
    config.stash[_LEFT_TO_US] = bool(
        getattr(option, "numprocesses", None) and getattr(option, "dist", "no") == "no"
    )
    return (yield)


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep trials together that are answered together, unless the user wants another distribution."""
    if not config.stash.get(_LEFT_TO_US, False) and config.getoption("dist") != "loadgroup":
        return None
    from kurabe.plugin.scheduling import Scheduling

    ours = Scheduling(config, log, lambda node_ids: _trials(config, node_ids), _Losses(config))
    config.stash[_SCHEDULING] = ours
    return ours


def _trials(config: pytest.Config, node_ids: Sequence[str]) -> dict[str, Trial]:
    """Return the trials among tests that workers have collected, by node id."""
    if not any(map(parameters_in, node_ids)) or not is_project(config):
        return {}
    from kurabe.common.errors import KurabeError

    try:
        known = {trial.id: trial for trial in session_of(config).trials}
    except KurabeError:  # these tests are of someone else's: workers could not have collected ours either
        return {}
    named = {node_id: trial_in(node_id, known) for node_id in node_ids}
    return {node_id: known[name] for node_id, name in named.items() if name is not None}


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give a worker the first place that no living worker has: one that replaces another, its GPU."""
    places = node.config.stash.setdefault(_PLACES, {})
    taken = set(places.values())
    place = next(number for number in range(len(taken) + 1) if number not in taken)
    node.workerinput["kurabe_place"] = places[node.gateway.id] = place
    # One that replaces another takes answers from the cache that this session has stored, also with --fresh.
    node.workerinput[BEGAN] = node.config.stash.setdefault(_BEGAN, time.time())
    scheduling = node.config.stash.get(_SCHEDULING, None)
    node.workerinput[RETRIED] = [] if scheduling is None else scheduling.retried


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any, ids: list[str]) -> None:
    """Note how many trials there are, which only the workers of xdist collect."""
    # A worker tells their exact number when it ends; a run that is killed has this one.
    if found := _trials(node.config, ids):
        from kurabe.common.errors import KurabeError

        session = session_of(node.config)
        if session.planned is None:
            try:
                session.check_places()
            except KurabeError as error:
                pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)
        session.planned = len({trial.id for trial in found.values()})


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what an xdist worker knows of the models that it loaded, and give its place away."""
    node.config.stash[_PLACES].pop(node.gateway.id, None)
    told = getattr(node, "workeroutput", {}).get("kurabe")
    if told is not None:
        session = session_of(node.config)
        session.facts.update(told["facts"])
        session.messages.extend(line for line in told["messages"] if line not in session.messages)
        session.planned = told["planned"]


class _Losses:
    """Tells the user what became of the trials of a worker that died."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def again(self, node: Any, trial: Trial, others: int) -> None:
        """Say that a worker died, and what is asked again."""
        these = f"this trial and {others} that may have been under way with it are" if others else "it is"
        self._say(f"{_what_happened(node, trial)}; {these} asked again, one at a time")

    def given_up(self, node: Any, trial: Trial) -> None:
        """Make a result of a trial that two workers died of, which `pytest_handlecrashitem` hands on."""
        from kurabe.bench import failure

        why = f"{_what_happened(node, trial)}, as another worker did before: it is not asked again"
        self._config.stash.setdefault(_GIVEN_UP, {})[trial.id] = failure(trial, why)

    def gone(self, count: int) -> None:
        """Say that files were changed under the run."""
        self._say(f"{count} trials are gone: their suites were changed while they were being asked")

    def _say(self, line: str) -> None:
        session_of(self._config).messages.append(line)
        terminal: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None:
            terminal.ensure_newline()
            terminal.write_line(line)


def _what_happened(node: Any, trial: Trial) -> str:
    return f"worker {node.gateway.id!r} crashed ({_how(node)}) while {trial.model} was asked about {trial.id}"


def _how(node: Any) -> str:
    """Return how a worker's process ended, as far as the system tells."""
    process = getattr(getattr(node.gateway, "_io", None), "popen", None)
    try:
        code = None if process is None else process.wait(5)
    except subprocess.TimeoutExpired:
        return "it no longer answers"
    if code is None:
        return "lost"
    if code >= 0:
        return f"exit code {code}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    return f"{name}: most likely the memory ran out; fewer workers need less" if name == "SIGKILL" else name


@pytest.hookimpl(optionalhook=True)
def pytest_handlecrashitem(crashitem: str, report: Any) -> None:
    """Make the report of a trial that is given up one of ours, so that it counts as an error of its model."""
    given_up = report.node.config.stash.get(_GIVEN_UP, {})
    name = trial_in(crashitem, given_up)
    record = given_up.get(name)
    if record is not None:
        report.kurabe, report.kurabe_outcome = record, record.outcome
        report.longrepr = record.error

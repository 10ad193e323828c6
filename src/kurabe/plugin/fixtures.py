"""The fixtures of the test function, and the way of a result from there to the report."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING

import pytest

from kurabe.plugin.reporter import reporter_of
from kurabe.plugin.stash import BEGAN, RETRIED, has_session, is_worker, session_of

if TYPE_CHECKING:
    from kurabe.bench import Bench
    from kurabe.cases.trials import Trial
    from kurabe.models.registry import Registry
    from kurabe.plugin.asked import Asker
    from kurabe.results.record import Record

_REFUSED = pytest.StashKey["Trial"]()
_RECORD = pytest.StashKey["Record"]()
_TOLD = pytest.StashKey[bool]()
_CALIBRATION = pytest.StashKey["list[Record]"]()


@pytest.fixture(scope="session")
def kurabe_registry(pytestconfig: pytest.Config) -> Iterator[Registry]:
    """Models by name, each loaded once a session."""
    registry = session_of(pytestconfig).registry
    yield registry
    registry.close()


@pytest.fixture(scope="session")
def kurabe_bench(
    pytestconfig: pytest.Config,
    kurabe_registry: Registry,  # noqa: ARG001  (it has to be closed after the bench)
) -> Iterator[Bench]:
    """What asks, reads and scores; answers come in batches ahead of the tests."""
    from kurabe.common.errors import KurabeError

    session = session_of(pytestconfig)
    reporter = reporter_of(pytestconfig)
    told = getattr(pytestconfig, "workerinput", {})  # what the controller of pytest-xdist tells
    retried: list[str] = told.get(RETRIED, [])
    try:
        if not is_worker(pytestconfig):  # else the controller has done so
            session.check_places()
        bench = session.bench(
            reporter.show_progress if reporter else lambda progress: None,  # noqa: ARG005
            dict.fromkeys(retried, told.get(BEGAN, 0.0)),
            session.reports.begin if reporter else lambda: None,  # a worker of pytest-xdist makes none
        )
    except KurabeError as error:  # a full disk, say: no answer could be kept
        pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)
    groups = {}
    if is_worker(pytestconfig):
        session.registry.spending.share(told["workercount"])
        from kurabe.plugin import scheduling  # it needs xdist

        groups = scheduling.groups(session.plan, retried)
    bench.answering.plan(list(session.thresholds.with_calibration(session.plan)), groups)
    yield bench
    bench.answering.close()
    session.note_loaded()
    if is_worker(pytestconfig):  # the process that writes the manifest has loaded nothing
        output = {"facts": session.facts, "messages": session.messages, "planned": session.planned}
        pytestconfig.workeroutput["kurabe"] = output  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def kurabe_results(pytestconfig: pytest.Config, kurabe_bench: Bench) -> Callable[[Trial], Record]:
    """The result of a trial.

    A trial of several items, such as pytest-repeat makes, is asked once; they all get the one result.
    """
    from kurabe.common.errors import RefusedError, UnaskedError

    repeated = session_of(pytestconfig).repeated
    known: dict[str, Record | RefusedError | UnaskedError] = {}

    def result(trial: Trial) -> Record:
        if trial.id not in repeated:
            return kurabe_bench.record(trial)
        if trial.id not in known:
            try:
                known[trial.id] = kurabe_bench.record(trial)
            except (RefusedError, UnaskedError) as refusal:
                known[trial.id] = refusal
        found = known[trial.id]
        if isinstance(found, RefusedError | UnaskedError):
            raise found
        return found

    return result


@pytest.fixture(scope="session")
def kurabe_strict(pytestconfig: pytest.Config) -> bool:
    """Whether every wrong answer fails: pytest's ``--strict``, given as an option."""
    return bool(pytestconfig.getoption("strict", False))


@pytest.fixture
def kurabe_record(
    request: pytest.FixtureRequest,
    kurabe_trial: Trial,
    kurabe_results: Callable[[Trial], Record],
    kurabe_bench: Bench,
) -> Record:
    """The result of this test's trial; a model that fails is an error, no failure."""
    from kurabe.common.errors import RefusedError, UnaskedError
    from kurabe.common.text import printable

    try:
        record = kurabe_results(kurabe_trial)
    except RefusedError as refusal:
        request.node.stash[_REFUSED] = kurabe_trial
        pytest.skip(str(refusal))
    except UnaskedError as stopped:
        pytest.skip(str(stopped))
    finally:
        request.node.stash[_CALIBRATION] = kurabe_bench.thresholds.take()
    request.node.stash[_RECORD] = record
    request.node.user_properties.extend(record.facts())  # JUnit files carry them
    if record.outcome == "error":
        pytest.fail(printable(record.error or "no answer"), pytrace=False)
    return record


@pytest.fixture
def kurabe_ask(request: pytest.FixtureRequest) -> Asker:
    """Asks a model about a pair of one's own; `kurabe.plugin.asked.Asker` says how."""
    from kurabe.plugin.asked import Asker, own_of

    return Asker(request.node, lambda: own_of(request))


def _untold(config: pytest.Config) -> list[tuple[int, str]]:
    """Return once what is selected in all parts together: only workers of pytest-xdist collect."""
    told = config.stash.setdefault(_TOLD, False)
    config.stash[_TOLD] = True
    return session_of(config).selected if has_session(config) and not told else []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the result travel with the report, so that one process writes all results."""
    report = yield
    if is_worker(item.config) and (selected := _untold(item.config)):
        report.kurabe_selected = selected  # type: ignore[attr-defined]
    if report.when == ("call" if report.passed or report.when == "call" else "setup"):
        record = item.stash.get(_RECORD, None)
        if record is not None:
            # Reports of a worker travel as JSON; others reach the reporter as they are.
            report.kurabe = record.to_json() if is_worker(item.config) else record  # type: ignore[attr-defined]
            report.kurabe_outcome = record.outcome  # type: ignore[attr-defined]
    if "kurabe.plugin.asked" in sys.modules:
        from kurabe.plugin.asked import records_of

        if lines := [record.to_json() for record in records_of(item, report)]:
            report.kurabe_asked = lines  # type: ignore[attr-defined]
    if report.when == "setup" and (calibration := item.stash.get(_CALIBRATION, None)):
        report.kurabe_calibration = [each.to_json() for each in calibration]  # type: ignore[attr-defined]
    if report.when == "setup" and (trial := item.stash.get(_REFUSED, None)) is not None:
        report.kurabe_refused = [trial.id, trial.model, trial.case_id]  # type: ignore[attr-defined]
    return report

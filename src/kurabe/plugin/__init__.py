"""The pytest plugin: options, collection, outcome names, summary. Nothing else knows pytest.

It stays out of the way of sessions that do not touch the bench: nothing of it is imported before
``benchmark/test_pairs.py`` or a suite's YAML file is collected.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kurabe.common.errors import KurabeError, RefusedError
from kurabe.common.vocabulary import LAYOUTS, QUESTIONS
from kurabe.plugin.reporter import Keeper, has_session, root_of, session_of

if TYPE_CHECKING:
    from kurabe.bench import Bench
    from kurabe.cases.suites import Broken
    from kurabe.cases.trials import Trial
    from kurabe.models.registry import Registry
    from kurabe.results.record import Record

_REFUSED = pytest.StashKey[str]()
_RECORD = pytest.StashKey["Record"]()
_PLAN = pytest.StashKey["list[Trial]"]()
_WORD = re.compile(r"[\w:+\-.\[\]\\/]+")
"""A word of an expression for -k, in pytest's grammar."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of DESIGN, each a word that the README explains."""
    group = parser.getgroup("kurabe", "inspection bench (kurabe)")
    many: dict[str, Any] = {"action": "append", "default": []}
    group.addoption("--model", metavar="NAME", help="ask this model; repeatable, globs", **many)
    group.addoption(
        "--variant", metavar="NAME", help="show pairs processed like this; repeatable, globs", **many
    )
    group.addoption(
        "--question", metavar="KIND", help=f"ask this ({', '.join(QUESTIONS)}); repeatable", **many
    )
    group.addoption("--layout", choices=LAYOUTS, help="show pairs like this; repeatable", **many)
    group.addoption("--split", choices=("test", "train", "all"), default="test", help="which cases to ask")
    group.addoption("--swap", action="store_true", help="also ask with the pictures exchanged")
    group.addoption("--repeat", type=int, default=1, metavar="N", help="ask each question N times")
    group.addoption("--no-controls", action="store_true", help="leave the identical pairs out")
    group.addoption(
        "--all-cases", action="store_true", help="on a CPU too, ask all cases of suites that set 'quick'"
    )
    group.addoption("--no-pictures", action="store_true", help="keep no pictures for the page")
    # --strict is pytest's own; here it also means that a wrong answer fails (see kurabe_strict).
    group.addoption(
        "--gate",
        metavar="EXPR",
        help='fail unless it holds: "suite=connector balanced_accuracy >= 0.9"',
        **many,
    )
    group.addoption("--compare", metavar="RUN", help="say what got better and worse since RUN (or 'latest')")
    group.addoption(
        "--compare-fail", metavar="COLUMN:LIMIT", help='fail if it got worse: "balanced_accuracy:5%%"', **many
    )
    group.addoption("--fresh", action="store_true", help="ask again what is in the cache")
    group.addoption("--cases", metavar="DIR", help="folder of the suites (default: cases)")
    group.addoption("--models-file", metavar="FILE", help="declares the models (default: models.toml)")
    group.addoption("--reports", metavar="DIR", help="where runs are left (default: reports)")


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, Any]:
    """Under xdist, keep trials of one model together unless the user wants another distribution."""
    option = config.option
    # A wrapper, as xdist's own hook has chosen a distribution before any other plain one is called.
    if getattr(option, "numprocesses", None) and getattr(option, "dist", "no") == "no":
        option.dist = "loadgroup"
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Check what can be checked at once, and give each worker its GPU."""
    if config.getoption("repeat") < 1:
        raise pytest.UsageError("--repeat takes a number from 1")
    _check_conditions(config)
    worker = getattr(config, "workerinput", {}).get("workerid")
    if worker is None:
        config.pluginmanager.register(Keeper(config), "kurabe-keeper")
    else:
        _take_gpu(config.workerinput["kurabe_place"])  # type: ignore[attr-defined]


def _check_conditions(config: pytest.Config) -> None:
    """Refuse conditions that cannot be read now, not after hours of answering."""
    gates, limits = config.getoption("gate"), config.getoption("compare_fail")
    if limits and not config.getoption("compare"):
        raise pytest.UsageError("--compare-fail needs --compare RUN")
    if not gates and not limits:
        return
    from kurabe.report.compare import parse_compare_fail
    from kurabe.report.gate import parse_gate

    try:
        for gate in gates:
            parse_gate(gate)
        for limit in limits:
            parse_compare_fail(limit)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error


def _take_gpu(place: int) -> None:
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is None:
        # Asking the driver would create a context on every GPU; the device files say how many there are.
        cards = [str(i) for i in range(len(list(Path("/dev").glob("nvidia[0-9]*"))))]
    else:
        cards = [card for card in visible.split(",") if card]
    if cards:
        os.environ["CUDA_VISIBLE_DEVICES"] = cards[place % len(cards)]


# Collection


class SuiteModule(pytest.Module):
    """A suite's YAML file as a test module: the one test function, asked about this suite's cases."""

    def _getobj(self) -> Any:
        from kurabe.plugin import test_pairs

        return test_pairs


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Collect a suite's file if the command line names it, or the folder of cases that it is in."""
    if file_path.suffix not in (".yaml", ".yml") or not _is_named(file_path, parent.config):
        return None
    from kurabe.cases.suites import PROMPTS_FILE

    return None if file_path.name == PROMPTS_FILE else SuiteModule.from_parent(parent, path=file_path)


def _is_named(path: Path, config: pytest.Config) -> bool:
    cases = (root_of(config) / (config.getoption("cases") or "cases")).resolve()
    if not path.resolve().is_relative_to(cases):
        return False
    for argument in config.args:
        named = (config.invocation_params.dir / argument.split("::")[0]).resolve()
        # A plain 'pytest' names the whole repository; that does not mean to start the models.
        if named.is_relative_to(cases) and path.resolve().is_relative_to(named):
            return True
    return False


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make an item of each trial, and of each case that is broken."""
    if metafunc.module.__name__ != "kurabe.plugin.test_pairs":
        return
    session = session_of(metafunc.config)
    try:
        trials, broken = session.trials, session.suites.broken
    except KurabeError as error:
        raise pytest.Collector.CollectError(str(error)) from error
    path = metafunc.definition.getparent(pytest.Module)
    if isinstance(path, SuiteModule):
        only = path.path.resolve()
        trials = [trial for trial in trials if trial.suite.path.resolve() == only]
        broken = [b for b in broken if b.problems[0].path and b.problems[0].path.resolve() == only]
    marks = _Marks(metafunc.config)
    params = [
        pytest.param(b, id=f"{b.suite}/{b.case}-broken" if b.case else f"{b.suite}-broken") for b in broken
    ]
    params += [pytest.param(trial, id=trial.id, marks=marks.of(trial)) for trial in trials]
    metafunc.parametrize("trial", params)


class _Marks:
    """The marks of trials: their tags."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._marks: dict[str, pytest.MarkDecorator] = {}

    def of(self, trial: Trial) -> list[pytest.MarkDecorator]:
        return [self._mark(tag) for tag in trial.suite.tags(trial.case)]

    def _mark(self, tag: str) -> pytest.MarkDecorator:
        if tag not in self._marks:
            self._config.addinivalue_line("markers", f"{tag}: a tag of kurabe cases")
            self._marks[tag] = getattr(pytest.mark, tag)
        return self._marks[tag]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let -k find a broken case by whatever would have selected its trials."""
    trial = _parameter(item)
    if trial is not None and not _is_trial(trial):
        session = session_of(item.config)
        names = [participant.name for participant in session.participants.chosen]
        variants = [variant for suite in session.suites.good for variant in suite.file.variants]
        item.extra_keyword_matches.update([*names, *variants, *QUESTIONS])


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, None, None]:
    """Let -k mean suites by their names; order trials by model, so that each is loaded once."""
    if not has_session(config):
        return (yield)
    asked = config.option.keyword
    config.option.keyword = _with_suites(asked, config, items)
    try:
        yield
    finally:
        config.option.keyword = asked
    order: dict[str, int] = {}

    def place(item: pytest.Item) -> int:
        trial = _parameter(item)
        return order.setdefault(trial.model, len(order) + 1) if _is_trial(trial) else 0

    items.sort(key=place)  # everything else stays in front


def _with_suites(expression: str, config: pytest.Config, items: Sequence[pytest.Item]) -> str:
    """Return what is given with -k, each word that is a suite's name written as it begins the suite's ids.

    pytest looks for a word anywhere in a test's names. A suite's name may be part of another's, of a model's
    (an adapter is called after what it learned) or of a tag; whoever writes it means the suite.
    """
    try:
        suites = session_of(config).suites
    except KurabeError:  # the collection has told of it
        return expression
    names = {name.lower() for name in [*(s.name for s in suites.good), *(b.suite for b in suites.broken)]}
    meant = {word.lower() for word in _WORD.findall(expression)} & names
    for item in items:
        parameter = _parameter(item)
        if parameter is None:  # a test of someone else's, which the word still finds by any of its names
            found = [word for word in meant if any(word in name.lower() for name in item.keywords)]
        else:
            found = [] if _is_trial(parameter) else [parameter.suite.lower()]
        item.extra_keyword_matches.update(f"[{name}/" for name in found)
    return _WORD.sub(
        lambda word: f"[{word[0]}/" if word[0].lower() in meant else word[0],
        expression,
    )


def pytest_collection_finish(session: pytest.Session) -> None:
    """Tell the answering which trials it will be asked for."""
    if has_session(session.config):
        plan = [trial for trial in map(_parameter, session.items) if _is_trial(trial)]
        session.config.stash[_PLAN] = plan
        session_of(session.config).planned = len(plan)


def _parameter(item: pytest.Item) -> Any:
    callspec = getattr(item, "callspec", None)
    function = getattr(item, "function", None)
    if callspec is None or getattr(function, "__module__", None) != "kurabe.plugin.test_pairs":
        return None
    return callspec.params.get("trial")


def _is_trial(parameter: Any) -> bool:
    return hasattr(parameter, "model")


# Running


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
    session = session_of(pytestconfig)
    keeper: Keeper | None = pytestconfig.pluginmanager.get_plugin("kurabe-keeper")
    try:
        bench = session.bench(keeper.show_progress if keeper else lambda progress: None)  # noqa: ARG005
    except KurabeError as error:  # a damaged cache, say: no trial could be answered
        pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)
    plan: list[Trial] = pytestconfig.stash.get(_PLAN, [])
    groups = {}
    if keeper is None:
        from kurabe.plugin import xdist as spreading  # it needs xdist

        groups = spreading.groups(plan)
    bench.answering.plan(plan, groups)
    yield bench
    bench.answering.close()
    session.note_loaded()
    if keeper is None:  # the process that writes the manifest has loaded nothing
        told = {"facts": session.facts, "messages": session.messages, "planned": session.planned}
        pytestconfig.workeroutput["kurabe"] = told  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def kurabe_strict(pytestconfig: pytest.Config) -> bool:
    """Whether every wrong answer fails: pytest's ``--strict``, given as an option."""
    return bool(pytestconfig.getoption("strict", False))


@pytest.fixture
def kurabe_record(request: pytest.FixtureRequest, trial: Trial | Broken, kurabe_bench: Bench) -> Record:
    """The result of this test's trial; a broken case or a model that fails is an error, no failure."""
    if not _is_trial(trial):
        pytest.fail("\n".join(map(str, trial.problems)), pytrace=False)  # type: ignore[union-attr]
    try:
        record = kurabe_bench.record(trial)  # type: ignore[arg-type]
    except RefusedError as refusal:
        request.node.stash[_REFUSED] = trial.model  # type: ignore[union-attr]
        pytest.skip(str(refusal))
    request.node.stash[_RECORD] = record
    request.node.user_properties.extend(record.facts())  # JUnit files carry them
    if record.outcome == "error":
        pytest.fail(record.error or "no answer", pytrace=False)
    return record


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the result travel with the report, so that one process writes all results."""
    report = yield
    if report.when == ("call" if report.passed or report.when == "call" else "setup"):
        record = item.stash.get(_RECORD, None)
        if record is not None:
            report.kurabe = record.to_json()  # type: ignore[attr-defined]
            report.kurabe_outcome = record.outcome  # type: ignore[attr-defined]
    if report.when == "setup" and (model := item.stash.get(_REFUSED, None)) is not None:
        report.kurabe_refused = model  # type: ignore[attr-defined]
    return report

"""Collection: suites become test modules, trials become items, in the order in which they are answered."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kurabe.common.vocabulary import QUESTIONS
from kurabe.plugin.extent import keep_shard
from kurabe.plugin.items import PARAMETER, BrokenCase, is_trial_test, trial_of
from kurabe.plugin.stash import cases_of, has_session, is_project, names_a_suite, outside_suites, session_of

if TYPE_CHECKING:
    from kurabe.cases.suites import Broken
    from kurabe.cases.trials import Trial

_WORD = r"[\w:+\-.\[\]\\/]+"
"""A word of an expression for -k, in pytest's grammar. Not compiled here, for every session would do so."""

_UNESCAPED = "disable_test_id_escaping_and_forfeit_all_rights_to_community_support"


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
    if path.resolve() in outside_suites(config):
        return True
    cases = cases_of(config)
    if not path.resolve().is_relative_to(cases):
        return False
    for argument in config.args:
        named = (config.invocation_params.dir / argument.split("::")[0]).resolve()
        # A plain 'pytest' names the whole repository; that does not mean to start the models.
        if named.is_relative_to(cases) and path.resolve().is_relative_to(named):
            return path.resolve() == named or _may_be_a_suite(path, config)
    return False


def _may_be_a_suite(path: Path, config: pytest.Config) -> bool:
    """Leave out YAML files of others: a repository may have a folder 'cases' for something else."""
    return is_project(config) or names_a_suite(path)


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makeitem(collector: pytest.Collector, obj: object) -> Generator[None, Any, Any]:
    """Make an item of each case that is broken, in front of the trials."""
    found = yield
    if not is_trial_test(obj):
        return found
    trials, broken = _of(collector)
    items = [BrokenCase.of(collector, each) for each in broken]
    _name_as_trials(items, collector.config)
    # Without any trial pytest makes a single item that it skips. Next to a broken case it says nothing.
    return [*items, *(found or [])] if trials or not items else items


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make an item of each trial."""
    if not is_trial_test(metafunc.function):
        return
    trials, _ = _of(metafunc.definition)
    marks = _Marks(metafunc.config)
    params = [pytest.param(trial, id=trial.id, marks=marks.of(trial)) for trial in trials]
    with _spelled_out(metafunc.config):
        metafunc.parametrize(PARAMETER, params)


@contextmanager
def _spelled_out(config: pytest.Config) -> Generator[None]:
    """Leave ids as they are: pytest writes 良 as a number, which neither -k nor a reader would find.

    Its setting against that holds for a whole session, so for the tests of others, too.
    """
    usual = config.getini(_UNESCAPED)
    config._inicache[_UNESCAPED] = True
    try:
        yield
    finally:
        config._inicache[_UNESCAPED] = usual


def _of(node: pytest.Item | pytest.Collector) -> tuple[list[Trial], list[Broken]]:
    """Return the trials and the broken cases of a test module: of one suite, or of all."""
    from kurabe.common.errors import KurabeError

    session = session_of(node.config)
    try:
        trials, broken = session.trials, session.suites.broken
    except KurabeError as error:
        raise pytest.Collector.CollectError(str(error)) from error
    module = node.getparent(SuiteModule)
    if module is None:
        return trials, broken
    only = module.path.resolve()
    names = {suite.name for suite in session.suites.good if suite.path.resolve() == only}
    return (
        [trial for trial in trials if trial.suite.name in names],
        [each for each in broken if each.problems[0].path and each.problems[0].path.resolve() == only],
    )


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


def _name_as_trials(items: Sequence[BrokenCase], config: pytest.Config) -> None:
    """Let -k find a broken case by whatever would have selected its trials."""
    if not items:
        return
    session = session_of(config)
    names = [participant.name for participant in session.participants.chosen]
    variants = [variant for suite in session.suites.good for variant in suite.file.variants]
    for item in items:
        item.extra_keyword_matches.update([*names, *variants, *QUESTIONS])


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, None, None]:
    """Let -k mean suites by their names; put trials in the order in which they are answered."""
    if not has_session(config):
        return (yield)
    asked = config.option.keyword
    config.option.keyword = _with_suites(asked, config, items)
    try:
        yield
    finally:
        config.option.keyword = asked
    session_of(config).alone = all(isinstance(item, BrokenCase) or trial_of(item) for item in items)
    _in_order(items, config)
    keep_shard(items, config)


def _in_order(items: list[pytest.Item], config: pytest.Config) -> None:
    """Sort trials by model, so that each is loaded once, and as their suites have them.

    The second undoes what a plugin such as pytest-randomly has done: trials share pictures with their
    neighbours, and no trial depends on another. Everything else stays in front.
    """
    session = session_of(config)
    if all(trial_of(item) is None for item in items):  # the trials may be unreadable, which has been told
        return
    models = {model.name: place for place, model in enumerate(session.participants.chosen)}
    places = {trial.id: place for place, trial in enumerate(session.trials)}

    def place(item: pytest.Item) -> tuple[int, int]:
        trial = trial_of(item)
        return (-1, -1) if trial is None else (models[trial.model], places[trial.id])

    items.sort(key=place)


def _with_suites(expression: str, config: pytest.Config, items: Sequence[pytest.Item]) -> str:
    """Return what is given with -k, each word that is a suite's name written as it begins the suite's ids.

    pytest looks for a word anywhere in a test's names. A suite's name may be part of another's, of a model's
    (an adapter is called after what it learned) or of a tag; whoever writes it means the suite.
    """
    from kurabe.common.errors import KurabeError

    try:
        suites = session_of(config).suites
    except KurabeError:  # the collection has told of it
        return expression
    names = {name.lower() for name in [*(s.name for s in suites.good), *(b.suite for b in suites.broken)]}
    meant = {word.lower() for word in re.findall(_WORD, expression)} & names
    if not meant:
        return expression
    for item in items:
        trial = trial_of(item)
        if trial is not None:
            found = [trial.suite.name.lower()]
        elif isinstance(item, BrokenCase):
            found = [item.suite.lower()]
        else:  # a test of someone else's, which the word still finds by any of its names
            found = [word for word in meant if any(word in name.lower() for name in item.keywords)]
        item.extra_keyword_matches.update(f"[{name}/" for name in found)
    return re.sub(
        _WORD,
        lambda word: f"[{word[0]}/" if word[0].lower() in meant else word[0],
        expression,
    )


def pytest_collection_finish(session: pytest.Session) -> None:
    """Tell the session which trials it will be asked for."""
    if has_session(session.config):
        trials = [trial for trial in map(trial_of, session.items) if trial is not None]
        session_of(session.config).set_plan(trials)
        session_of(session.config).note_late_models()

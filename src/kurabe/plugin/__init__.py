"""The pytest plugin. Nothing outside this room knows pytest.

pytest loads it in every session where kurabe is installed, so it stays out of the way of those that have
nothing to do with kurabe: its options, fixtures and markers carry the prefix ``kurabe``, and nothing else of
the package is imported before a suite or ``test_pairs.py`` is collected.

Modules that take a millisecond or more are therefore imported by the functions that need them.

What pytest finds are the hooks and fixtures in this namespace. The rooms are no plugins of their own: pytest
looks at every name of each plugin, which for five of them takes longer than their import.
"""

import gc
import sys
from functools import partial
from typing import Any

import pytest

from kurabe.plugin.collection import (
    pytest_collect_file,
    pytest_collection_finish,
    pytest_collection_modifyitems,
    pytest_generate_tests,
    pytest_pycollect_makeitem,
)
from kurabe.plugin.fixtures import (
    kurabe_ask,
    kurabe_bench,
    kurabe_record,
    kurabe_registry,
    kurabe_results,
    kurabe_strict,
    pytest_runtest_makereport,
)
from kurabe.plugin.options import check_options, pytest_addoption, pytest_load_initial_conftests
from kurabe.plugin.reporter import start_reporter
from kurabe.plugin.stash import has_session, session_of
from kurabe.plugin.xdist import (
    pytest_cmdline_main,
    pytest_configure_node,
    pytest_handlecrashitem,
    pytest_testnodedown,
    pytest_xdist_make_scheduler,
    pytest_xdist_node_collection_finished,
)

__all__ = [
    "kurabe_ask",
    "kurabe_bench",
    "kurabe_record",
    "kurabe_registry",
    "kurabe_results",
    "kurabe_strict",
    "pytest_addoption",
    "pytest_cmdline_main",
    "pytest_collect_file",
    "pytest_collection_finish",
    "pytest_collection_modifyitems",
    "pytest_configure_node",
    "pytest_generate_tests",
    "pytest_handlecrashitem",
    "pytest_load_initial_conftests",
    "pytest_pycollect_makeitem",
    "pytest_runtest_makereport",
    "pytest_testnodedown",
    "pytest_xdist_make_scheduler",
    "pytest_xdist_node_collection_finished",
]


_FROZEN = pytest.StashKey[bool]()

_HYPOTHESIS = "hypothesispytest"
"""The plugin's name. Importing what it asks takes a fifth of a run that is answered from the cache."""


def pytest_configure(config: pytest.Config) -> None:
    """Begin a session."""
    check_options(config)
    config.add_cleanup(partial(_thaw, config))  # of `pytest_unconfigure`; those of pytest come before it
    mark = "kurabe_ask(good, suspect, *, model, expect=…): what the fixture kurabe_ask is to ask, in batches"
    config.addinivalue_line("markers", mark)
    start_reporter(config)


def _thaw(config: pytest.Config) -> None:
    """Undo what `pytest_unconfigure` froze."""
    if config.stash.get(_FROZEN, False):
        gc.unfreeze()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Spare a session of trials alone the import of Hypothesis, whose plugin asks it for its summary."""
    config = session.config
    if "hypothesis" not in sys.modules and has_session(config) and session_of(config).alone:
        manager = config.pluginmanager
        if manager.has_plugin(_HYPOTHESIS):
            manager.unregister(name=_HYPOTHESIS)


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Forget the models that this session's ``conftest.py`` has declared, and let pytest end quickly."""
    if "torch" in sys.modules and has_session(config) and session_of(config).alone:
        # pytest collects garbage twice now, for the sake of tests. It would go through all objects of torch,
        # which takes half a second, and nobody's tests were here.
        gc.freeze()
        config.stash[_FROZEN] = True
    functions: Any = sys.modules.get("kurabe.models.functions")
    if functions is not None:  # else nobody has declared any
        functions.forget()

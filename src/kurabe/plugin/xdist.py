"""Under pytest-xdist: trials that are answered together go to one worker, and each worker has its GPU.

This module needs no xdist; `kurabe.plugin.scheduling` does.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from kurabe.plugin.items import parameters_in, trial_in
from kurabe.plugin.stash import is_project, session_of

if TYPE_CHECKING:
    from kurabe.cases.trials import Trial

_LEFT_TO_US = pytest.StashKey[bool]()
_PLACES = pytest.StashKey[dict[str, int]]()


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

    return Scheduling(config, log, lambda node_ids: _trials(config, node_ids))


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


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any, ids: list[str]) -> None:
    """Note how many trials there are, which only the workers of xdist collect."""
    # A worker tells their exact number when it ends; a run that is killed has this one.
    if found := _trials(node.config, ids):
        session_of(node.config).planned = len({trial.id for trial in found.values()})


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what an xdist worker knows of the models that it loaded, and give its place away."""
    node.config.stash[_PLACES].pop(node.gateway.id, None)
    told = getattr(node, "workeroutput", {}).get("kurabe")
    if told is not None:
        session = session_of(node.config)
        session.facts.update(told["facts"])
        session.messages.extend(told["messages"])
        session.planned = told["planned"]

"""Under pytest-xdist: trials that are answered together go to one worker, and each worker has its GPU.

This module needs no xdist; `kurabe.plugin.scheduling` does.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from kurabe.plugin.items import parameters_in, trial_in
from kurabe.plugin.stash import session_of

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

    return Scheduling(config, log, lambda: session_of(config).trials)


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
    if not any(map(parameters_in, ids)):
        return
    session = session_of(node.config)
    known = {trial.id for trial in session.trials}
    session.planned = len({trial_in(name, known) for name in ids} - {None})


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

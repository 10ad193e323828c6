"""How xdist spreads trials over workers: in groups that are answered together, whichever pytest it is.

xdist's own groups travel in the tests' ids, and from pytest 9.2 on they do not arrive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xdist.scheduler import LoadGroupScheduling, LoadScheduling

if TYPE_CHECKING:  # a session without trials needs none of it
    from kurabe.cases.trials import Trial

GROUP = 64
"""Trials that one worker gets together: a GPU's batch. With smaller ones the workers end closer together."""


def groups(trials: Sequence[Trial]) -> dict[str, str]:
    """Return each trial's group by its id: trials of one model, in the order in which they are asked."""
    counts: dict[str, int] = {}
    found = {}
    for trial in trials:
        number = counts[trial.model] = counts.get(trial.model, -1) + 1
        found[trial.id] = f"{trial.model}.{number // GROUP}"
    return found


class Scheduling:
    """The scheduling that xdist would use by itself, until workers tell that they have collected trials.

    A session without any is none of our business, and only the workers collect.
    """

    def __init__(self, config: Any, log: Any, trials: Callable[[Sequence[str]], Mapping[str, Trial]]) -> None:
        """Take what xdist's schedulers take, and a function that finds the trials among node ids."""
        self._config, self._log, self._trials = config, log, trials
        usual = LoadGroupScheduling if config.getoption("dist") == "loadgroup" else LoadScheduling
        self._chosen: Any = usual(config, log)
        self._collections: dict[Any, Sequence[str]] = {}
        self._begun = False

    def __getattr__(self, name: str) -> Any:
        """Behave in all else as the scheduling that was chosen."""
        return getattr(self._chosen, name)

    def add_node_collection(self, node: Any, collection: Sequence[str]) -> None:
        """Take what a worker has collected."""
        self._collections[node] = collection
        self._chosen.add_node_collection(node, collection)

    def schedule(self) -> None:
        """Choose, the first time, and distribute the tests."""
        if not self._begun:
            self._begun = True
            if found := self._trials(next(iter(self._collections.values()), ())):
                self._change_to(TrialScheduling(self._config, self._log, found))
        self._chosen.schedule()

    def _change_to(self, ours: TrialScheduling) -> None:
        for node in self._chosen.nodes:
            ours.add_node(node)
            ours.add_node_collection(node, self._collections[node])
        self._chosen = ours


class TrialScheduling(LoadGroupScheduling):  # type: ignore[misc]
    """Gives a group at a time to whichever worker is free, and a lost worker's groups to the others."""

    def __init__(self, config: Any, log: Any, trials: Mapping[str, Trial]) -> None:
        """Take what xdist's schedulers take, and the trials by node id, in the order of the tests.

        Items of one trial are in one group, so that it is asked once.
        """
        super().__init__(config, log)
        found = groups(list({trial.id: trial for trial in trials.values()}.values()))
        self._groups = {node_id: found[trial.id] for node_id, trial in trials.items()}

    def _split_scope(self, nodeid: str) -> str:
        """Return the group; any other test is scheduled as xdist's own groups have it."""
        return self._groups.get(nodeid) or str(super()._split_scope(nodeid))

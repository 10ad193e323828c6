"""How xdist spreads trials over workers: in groups that are answered together, whichever pytest it is.

xdist's own groups travel in the tests' ids, and from pytest 9.2 on they do not arrive.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from xdist.scheduler import LoadScopeScheduling

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


class TrialScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Gives a group at a time to whichever worker is free, and a lost worker's groups to the others."""

    def __init__(self, config: Any, log: Any, trials: Callable[[], Sequence[Trial]]) -> None:
        """Take what xdist's schedulers take, and a way to all trials that the session may ask."""
        super().__init__(config, log)
        self._trials = trials

    @cached_property
    def _groups(self) -> Mapping[str, str]:
        by_id = {trial.id: trial for trial in self._trials()}
        names = [_parameter(nodeid) for nodeid in self.collection or ()]
        return groups([by_id[name] for name in names if name in by_id])

    def _split_scope(self, nodeid: str) -> str:
        """Return the group; a test that is no trial is one by itself."""
        if "::test_pair[" not in nodeid:
            return nodeid
        return self._groups.get(_parameter(nodeid), nodeid)


def _parameter(nodeid: str) -> str:
    return nodeid.partition("[")[2].removesuffix("]")

"""How xdist spreads trials over workers: in groups that are answered together, whichever pytest it is.

xdist's own groups travel in the tests' ids, and from pytest 9.2 on they do not arrive. Nor do they survive a
lost worker: xdist 3.8 gives groups that were finished to the next worker, which waits for ever for a test in
them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from xdist.report import report_collection_diff
from xdist.scheduler import LoadGroupScheduling, LoadScheduling

from kurabe.plugin.stash import RETRIED

if TYPE_CHECKING:  # a session without trials needs none of it
    from kurabe.cases.trials import Trial

GROUP = 64
"""Trials that one worker gets together: a GPU's batch. With smaller ones the workers end closer together."""

_SHORT = 2
"""A worker that has no more tests than these gets a group."""

TRIES = 2
"""Workers that a trial may take with it before it is given up."""


def groups(trials: Sequence[Trial], alone: Sequence[str] = ()) -> dict[str, str]:
    """Return each trial's group by its id: trials of one model, in the order in which they are asked.

    Args:
        trials: The trials.
        alone: Ids of those that are asked one by one: one of them has taken a worker with it.
    """
    counts: dict[str, int] = {}
    found = {}
    for trial in trials:
        number = counts[trial.model] = counts.get(trial.model, -1) + 1
        found[trial.id] = f"{trial.model}.{number // GROUP}"
    return found | {name: f"{name} alone" for name in alone}


class Losses(Protocol):
    """Is told what became of the trials of a worker that died."""

    def again(self, node: Any, trial: Trial, others: int) -> None:
        """Note that a worker died at ``trial``, which is asked again, and ``others`` that it had begun."""

    def given_up(self, node: Any, trial: Trial) -> None:
        """Note that ``trial`` has taken another worker with it and is not asked again."""

    def gone(self, count: int) -> None:
        """Note that a worker that has come later does not find ``count`` of the tests."""


class Scheduling:
    """The scheduling that xdist would use by itself, until workers tell that they have collected trials.

    A session without any is none of our business, and only the workers collect.
    """

    def __init__(
        self, config: Any, log: Any, trials: Callable[[Sequence[str]], Mapping[str, Trial]], losses: Losses
    ) -> None:
        """Take what xdist's schedulers take, what finds the trials among node ids, and who is told."""
        self._config, self._log, self._trials, self._losses = config, log, trials, losses
        usual = LoadGroupScheduling if config.getoption("dist") == "loadgroup" else LoadScheduling
        self._chosen: Any = usual(config, log)
        self._collections: dict[Any, Sequence[str]] = {}
        self._begun = False

    def __getattr__(self, name: str) -> Any:
        """Behave in all else as the scheduling that was chosen."""
        return getattr(self._chosen, name)

    @property
    def retried(self) -> list[str]:
        """Ids of the trials that were on their way in workers that died."""
        return self._chosen.retried if isinstance(self._chosen, TrialScheduling) else []

    def add_node_collection(self, node: Any, collection: Sequence[str]) -> None:
        """Take what a worker has collected."""
        self._collections[node] = collection
        self._chosen.add_node_collection(node, collection)

    def schedule(self) -> None:
        """Choose, the first time, and distribute the tests."""
        if not self._begun:
            self._begun = True
            if found := self._trials(next(iter(self._collections.values()), ())):
                self._change_to(TrialScheduling(self._config, self._log, found, self._losses))
        self._chosen.schedule()

    def _change_to(self, ours: TrialScheduling) -> None:
        for node in self._chosen.nodes:  # those that are alive; some may still collect
            ours.add_node(node)
            if node in self._collections:
                ours.add_node_collection(node, self._collections[node])
        self._chosen = ours


@dataclass(slots=True)
class _Group:
    """Tests that go to one worker together, by node id, in their order.

    Attributes:
        left: Those that are not done.
        retried: True if a worker died over them. They go to one that knows that it has to ask one by one.
    """

    left: list[str]
    retried: bool = False


@dataclass(frozen=True, slots=True)
class _Collected:
    """What a worker has collected: node ids by place, and places by node id."""

    names: Sequence[str]
    places: Mapping[str, int]


class TrialScheduling:
    """Gives a group at a time to whichever worker is free, and what a lost worker had left to the others.

    xdist's own protocol (`xdist.scheduler.protocol.Scheduling`). A worker begins a test once it knows the
    next one, or that there is none. So one that can get no more is told so at once.
    """

    def __init__(self, config: Any, log: Any, trials: Mapping[str, Trial], losses: Losses) -> None:
        """Take what xdist's schedulers take, the trials by node id in the tests' order, and who is told.

        Items of one trial are in one group, so that it is asked once.
        """
        self.config, self.log = config, log.trialsched
        self.collection: list[str] | None = None
        self._trials, self._losses = trials, losses
        self._groups = groups(list({trial.id: trial for trial in trials.values()}.values()))
        self._collected: dict[Any, _Collected] = {}
        self._given: dict[Any, list[_Group]] = {}
        self._waiting: list[_Group] = []
        self._crashes: Counter[str] = Counter()
        self._begun = False

    @property
    def nodes(self) -> list[Any]:
        """The workers that are alive."""
        return list(self._given)

    @property
    def retried(self) -> list[str]:
        """Ids of the trials that were on their way in workers that died, and have no result yet."""
        held = [group for given in self._given.values() for group in given]
        left = [name for group in [*self._waiting, *held] if group.retried for name in group.left]
        return list(dict.fromkeys(self._trials[name].id for name in left))

    @property
    def collection_is_completed(self) -> bool:
        """Whether a worker that has collected can be given tests: `Scheduling` waits for the first ones."""
        return True

    @property
    def tests_finished(self) -> bool:
        """Whether all is distributed and no worker needs anything but the word that this was all."""
        return self._begun and not self._waiting and all(self._left(node) < 2 for node in self._given)

    @property
    def has_pending(self) -> bool:
        """Whether there are tests without a result."""
        return bool(self._waiting) or any(self._left(node) for node in self._given)

    def add_node(self, node: Any) -> None:
        """Take a worker that is ready to collect."""
        self._given[node] = []

    def add_node_collection(self, node: Any, collection: Sequence[str]) -> None:
        """Take what a worker has collected.

        If files were changed meanwhile, one that comes later need not find every test that waits. Nobody
        could run these, so they are left out.
        """
        places = {name: place for place, name in enumerate(collection)}
        self._collected[node] = _Collected(collection, places)
        before = sum(len(group.left) for group in self._waiting)
        for group in self._waiting:
            group.left = [name for name in group.left if name in places]
        self._waiting = [group for group in self._waiting if group.left]
        if gone := before - sum(len(group.left) for group in self._waiting):
            self._losses.gone(gone)

    def schedule(self) -> None:
        """Distribute the tests, or give a worker that has come later what waits."""
        if not self._begun:
            self._begun = True
            if not self._all_collected_the_same():
                return
            self.collection = list(next(iter(self._collected.values())).names)
            self._waiting = self._cut(self.collection)
            for _ in range(2):  # each gets one group before any gets two
                for node in self.nodes:
                    self._give(node)
        for node in self.nodes:
            self._supply(node)

    def _cut(self, names: Sequence[str]) -> list[_Group]:
        """Return the groups of tests, in order; a test that is no trial is a group of its own."""
        found: dict[str, _Group] = {}
        for name in names:
            trial = self._trials.get(name)
            group = name if trial is None else self._groups[trial.id]
            found.setdefault(group, _Group([])).left.append(name)
        return list(found.values())

    def _all_collected_the_same(self) -> bool:
        """Compare what the first workers have collected, and report where it differs."""
        (first, ours), *others = self._collected.items()
        same = True
        for node, other in others:
            told = report_collection_diff(ours.names, other.names, first.gateway.id, node.gateway.id)
            if told:
                same = False
                report = pytest.CollectReport(node.gateway.id, "failed", told, [])
                self.config.hook.pytest_collectreport(report=report)
        return same

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:  # noqa: ARG002
        """Take down that a worker has run a test, and give it more if it is short of them."""
        name = self._collected[node].names[item_index]
        for group in self._given[node]:
            if name in group.left:
                group.left.remove(name)
                break
        self._given[node] = [group for group in self._given[node] if group.left]
        self._supply(node)

    def mark_test_pending(self, item: str) -> None:
        """Let a test be run again, as plugins may want that rerun what crashed."""
        self._waiting.insert(0, _Group([item], retried=item in self._trials))
        for node in self.nodes:
            self._supply(node)

    def remove_pending_tests_from_node(self, node: Any, indices: Sequence[int]) -> None:
        """Never called, as no test is taken away from a worker."""
        raise NotImplementedError

    def remove_node(self, node: Any) -> str | None:
        """Let go of a worker that has ended or died.

        What it had left is run by others. Of the group that it was at, they ask one trial at a time, until it
        is clear which one a worker dies of.

        Returns:
            The test that is not run again, if there is one: it took workers with it.
        """
        given = self._given.pop(node)
        self._collected.pop(node, None)
        if not given:
            return None
        at = given[0]
        crashed = at.left[0]
        trial = self._trials.get(crashed)
        self._crashes[crashed] += 1
        lost = trial is None or self._crashes[crashed] == TRIES
        if lost:
            at.left.remove(crashed)
        if trial is not None:
            if lost:
                self._losses.given_up(node, trial)
            else:
                self._losses.again(node, trial, 0 if at.retried else len(at.left) - 1)
            at.retried = True
        self._waiting = [*(group for group in given if group.left), *self._waiting]
        for other in self.nodes:
            self._supply(other)
        return crashed if lost else None

    def _left(self, node: Any) -> int:
        return sum(len(group.left) for group in self._given[node])

    def _supply(self, node: Any) -> None:
        """Give a worker what it is short of, or tell it that it can get no more."""
        if node.shutting_down or node not in self._collected:
            return
        while self._left(node) <= _SHORT:
            if not self._give(node):
                node.shutdown()
                return

    def _give(self, node: Any) -> bool:
        """Give a worker the first group that waits and that it may have; say whether there is one."""
        if node not in self._collected:
            return False
        retries = node.workerinput.get(RETRIED, ())
        for group in self._waiting:
            if group.retried and not all(self._trials[name].id in retries for name in group.left):
                continue
            self._waiting.remove(group)
            self._given[node].append(group)
            with suppress(OSError):  # it has died just now, and xdist will say so
                node.send_runtest_some([self._collected[node].places[name] for name in group.left])
            return True
        return False

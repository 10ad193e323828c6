"""Which of pytest's items are ours: those of the one test function, and those of broken cases."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import pytest

from kurabe.plugin.test_pairs import test_pair

if TYPE_CHECKING:
    from kurabe.cases.suites import Broken
    from kurabe.cases.trials import Trial

PARAMETER = "kurabe_trial"
"""The parameter of the test function; its value is a trial."""


def is_trial_test(test: object) -> bool:
    """Say whether an object is the test function that is asked about every trial."""
    return test is test_pair


def trial_of(item: pytest.Item) -> Trial | None:
    """Return the trial of an item; None for a broken case and for a test of someone else's."""
    if not isinstance(item, pytest.Function) or not is_trial_test(item.function):
        return None
    from kurabe.cases.trials import Trial

    trial = item.callspec.params.get(PARAMETER)
    return trial if isinstance(trial, Trial) else None  # pytest's NOTSET where no trial was selected


def parameters_in(node_id: str) -> str | None:
    """Return the part of a node id in brackets; None for a test of someone else's.

    The id is all that the controller of pytest-xdist knows of an item. Another test may be called like ours,
    so what is found is a trial only if `trial_in` knows it.
    """
    found = node_id.partition(f"::{test_pair.__name__}[")[2]
    return found.rpartition("]")[0] or None


def trial_in(node_id: str, trials: Collection[str]) -> str | None:
    """Return the id of the trial that a node id names, if it is one of ``trials``.

    Another plugin may have added parameters of its own before it or behind it, as pytest-repeat does:
    ``test_pair[connector/c001-verdict-raw-tiny-1-2]``.
    """
    parameters = parameters_in(node_id)
    if parameters is None or parameters in trials:
        return parameters
    parts = parameters.split("-")
    for length in range(len(parts) - 1, 0, -1):
        for start in range(len(parts) - length + 1):
            if (name := "-".join(parts[start : start + length])) in trials:
                return name
    return None


class BrokenCase(pytest.Item):
    """A case, or a whole suite, that cannot be run: an error that says why."""

    def __init__(self, *, broken: Broken, **more: Any) -> None:
        super().__init__(**more)
        self.suite = broken.suite
        self._problems = broken.problems

    @classmethod
    def of(cls, parent: pytest.Collector, broken: Broken) -> BrokenCase:
        """Make the item; its id is ``suite/case-broken`` where a trial of the case would have its own."""
        case = f"{broken.suite}/{broken.case}" if broken.case else broken.suite
        name = f"{test_pair.__name__}[{case}-broken]"
        item: BrokenCase = cls.from_parent(parent, name=name, broken=broken)
        return item

    def setup(self) -> None:
        """Tell the problems. A test that fails here is an error for pytest, and not a failure."""
        pytest.fail("\n".join(map(str, self._problems)), pytrace=False)

    def runtest(self) -> None:
        """Never reached."""

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Return what pytest prints above the problems."""
        return self.path, None, self.name

"""The one test function: a trial passes if it was asked and answered; whether it was right is a finding.

Other projects import it into a ``test_pairs.py`` of their own, or run ``pytest --pyargs
kurabe.plugin.test_pairs``. The plugin makes an item of each trial.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # every session with kurabe installed imports this module
    from kurabe.cases.trials import Trial
    from kurabe.results.record import Record


def test_pair(kurabe_trial: Trial, kurabe_record: Record, kurabe_strict: bool) -> None:
    """Fail on a wrong answer only where the user said that it must be right."""
    if kurabe_record.outcome == "correct":
        return
    must_pass = kurabe_trial.suite.must_pass(kurabe_trial.case)
    demanded = "must_pass" if must_pass else "--strict" if kurabe_strict else ""
    if demanded:
        pytest.fail(
            f"{kurabe_record.outcome} ({demanded}): expected {kurabe_record.expected!r}, "
            f"{kurabe_trial.model} answered {kurabe_record.text!r}",
            pytrace=False,
        )


test_pair.__test__ = True  # type: ignore[attr-defined]  # whatever the project calls its own tests

"""The one test function: a trial passes if it was asked and answered; whether it was right is a finding."""

import pytest

from kurabe.cases.suites import Broken
from kurabe.cases.trials import Trial
from kurabe.results.record import Record


def test_pair(trial: Trial | Broken, kurabe_record: Record, kurabe_strict: bool) -> None:
    """Fail on a wrong answer only where the user said that it must be right."""
    assert isinstance(trial, Trial)  # a broken case has failed in kurabe_record
    if kurabe_record.outcome == "correct":
        return
    demanded = "must_pass" if trial.suite.must_pass(trial.case) else "--strict" if kurabe_strict else ""
    if demanded:
        pytest.fail(
            f"{kurabe_record.outcome} ({demanded}): expected {kurabe_record.expected!r}, "
            f"{trial.model} answered {kurabe_record.text!r}",
            pytrace=False,
        )

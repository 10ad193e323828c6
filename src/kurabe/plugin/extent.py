"""How much of what could be asked a session asks: parts of a selection, and why a run is not full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kurabe.plugin.items import trial_of
from kurabe.plugin.stash import session_of

if TYPE_CHECKING:
    from collections.abc import Set

    from kurabe.plugin.session import Session
    from kurabe.results.plan import Plan


def keep_shard(items: list[pytest.Item], config: pytest.Config) -> None:
    """Leave the trials of one part of the selection; whatever is no trial stays in every part."""
    session = session_of(config)
    told = session.options.shard
    trials = {trial.id: trial for trial in map(trial_of, items) if trial is not None}
    if told is None or not trials:
        return
    from kurabe.cases.shards import parse_shard, split

    shard = parse_shard(told)
    parts = split(trials.values(), shard.of)
    session.selected = [(parts[name], name) for name in trials]
    kept: list[pytest.Item] = []
    others: list[pytest.Item] = []
    for item in items:
        trial = trial_of(item)
        (kept if trial is None or parts[trial.id] == shard.part else others).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=others)


def whole_plan(session: Session) -> Plan:
    """Return what all parts of a session's selection are, with digests of the pictures."""
    from kurabe.cases.identity import picture_digests
    from kurabe.cases.shards import parse_shard
    from kurabe.results.plan import Plan

    selected = {name for _, name in session.selected}
    trials = [trial for trial in session.trials if trial.id in selected and not trial.control]
    cases = {trial.case_id: (trial.suite, trial.case) for trial in trials}
    return Plan(
        parse_shard(session.options.shard or "1/1").of,
        tuple(session.selected),
        picture_digests(cases.values()),
        _no_full_suite(session, cases.keys()),
    )


def why_partial(session: Session) -> str | None:
    """Return why a run is not full, as a sentence without its full stop; None if it is.

    It is a matter of cases alone: filters by model, variant, question or layout make no run partial.
    """
    from kurabe.results.record import scored

    results = [record for record in scored(session.records) if record.trial not in session.own]
    told = []
    if session.options.shard is not None:
        told.append(
            f"shard {session.options.shard}, {session.planned} of {len(session.selected)} trials"
            if session.selected and session.planned is not None
            else f"shard {session.options.shard}"
        )
    missing = (session.planned or 0) - session.refused.total() - len(results)
    if missing > 0:
        told.append(f"{missing} of {session.planned} trials were not asked")
    if not told:
        asked = {record.case for record in results if not (record.control or record.shake)}
        return _no_full_suite(session, asked | session.refused_cases)
    return "; ".join(told)


def _no_full_suite(session: Session, asked: Set[str]) -> str | None:
    """Say so if no suite has all its cases among those that are asked."""
    suites: dict[str, set[str]] = {}
    for trial in session.trials:
        if not trial.control:
            suites.setdefault(trial.suite.name, set()).add(trial.case_id)
    return None if any(cases <= asked for cases in suites.values()) else "no suite was asked in full"

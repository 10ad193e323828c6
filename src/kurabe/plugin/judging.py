"""The second pass of a session: a judge reads the answers, and scores are made again of what it said."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kurabe.common.errors import ModelError, Problem

if TYPE_CHECKING:
    from kurabe.answering.states import Answered, Progress
    from kurabe.judging import Known
    from kurabe.plugin.session import Session
    from kurabe.results.judgements import Judgement
    from kurabe.results.record import Record


def check_judge(session: Session) -> None:
    """Refuse a judge that cannot judge, before anything is asked.

    Raises:
        ModelError: If it cannot run here, does not answer in words, or samples.
    """
    from kurabe.project import participants

    name = session.options.judge
    if name is None:
        return
    (judge,) = participants(session.registry, [name]).chosen
    entry = session.registry.models.entries[judge.name]
    what = ""
    if "describe" not in judge.questions:
        what = f"engine {entry.common.engine!r} answers no question in words"
    elif float(str(entry.settings.get("temperature") or 0)) > 0:
        what = "its 'temperature' is above 0; a judge says the same each time"
    if what:
        raise ModelError(str(Problem(f"cannot judge: {what}", entry.path, entry.line, f"model {name}")))


def judge_session(session: Session, report: Callable[[Progress], None]) -> None:
    """Ask the judge about all answers that it can be asked about, and score them by what it says.

    Each judgement is on disk before the next is asked for; the results are rewritten at the end.
    """
    from kurabe.judging import is_judged, judge_prompt, judge_trial, judged, known_of
    from kurabe.results.judgements import write_judgements

    name = session.options.judge
    if name is None or session.run is None or session.unwritten:
        return
    trials = {trial.id: trial for trial in session.trials}
    asked = {}
    for place, record in enumerate(session.records):
        if record.trial in trials and is_judged(record):
            trial = trials[record.trial]
            known = known_of(record.question, trial.case.expect)
            if known.names:
                asked[place] = judge_trial(trial, name, judge_prompt(record, known)), known
    answering = session.bench(report).answering
    made: dict[int, Judgement] = {}
    try:
        answering.plan([trial for trial, _ in asked.values()])
        for place, (trial, known) in asked.items():
            made[place] = _judgement(session.records[place], name, known, answering.answer(trial))
            write_judgements(session.run.folder, [made[place]])
    finally:
        answering.close()
        session.note_loaded()
        session.registry.close()
    before = [record.outcome for record in session.records]
    for place, judgement in made.items():
        session.records[place] = judged(session.records[place], judgement)
    session.run.rewrite(session.records)
    changed = sum(a != b.outcome for a, b in zip(before, session.records, strict=True))
    unread = [judgement for judgement in made.values() if judgement.named is None]
    session.messages.append(
        f"judge {name}: {len(made)} answers judged, {changed} outcomes differ from the word matcher's"
        + (f"; {len(unread)} not read ({unread[0].reason}): the word matcher's stand" if unread else "")
    )


def _judgement(record: Record, judge: str, known: Known, answered: Answered) -> Judgement:
    from kurabe.judging import read_reply
    from kurabe.results.judgements import Judgement

    answer = answered.answer
    missing = answered.unasked or answered.refused or answer.error
    read = (
        {"named": None, "reason": f"the judge gave no answer: {missing}"}
        if missing
        else read_reply(answer.text, record.question, len(known.names), len(known.never))
    )
    return Judgement(
        trial=record.trial,
        judge=judge,
        names=known.names,
        never=known.never,
        prompt="" if answered.prompt is None else answered.prompt.text,
        text=answer.text,
        tokens_in=answer.tokens_in,
        tokens_out=answer.tokens_out,
        seconds=answer.seconds,
        cached=answered.cached,
        cost=answer.cost,
        **read,
    )


def judge_of(session: Session) -> dict[str, str | None] | None:
    """Return who judges, and what its answers depend on."""
    name = session.options.judge
    return None if name is None else {"model": name, "fingerprint": session.registry.fingerprint(name)}

"""What a session leaves when it ends: tables, pages, the agreement of raters, and what its gates say."""

from typing import IO

from kurabe.common.disk import unwritable
from kurabe.common.errors import KurabeError, in_words
from kurabe.plugin.checks import Checks
from kurabe.plugin.session import Session
from kurabe.results.run import Run, find_run, latest_run, runs_of


def finish(session: Session) -> Checks:
    """Write manifest and tables, into the run's folder and, of a full run, beside all runs.

    Returns:
        What came of gates and limits.

    Raises:
        KurabeError: If the tables cannot be written, or the run to compare with cannot be read.
    """
    session.reports.wait()
    from kurabe.report.tables import make_tables, write_tables

    assert session.run is not None
    session.run.close()
    session.tables = make_tables(session.records, session.run.name, session.wanted)
    if session.unwritten:
        return Checks(failed=(session.unwritten,))
    reports = session.project.reports
    try:
        session.write_manifest(finished=True)
        write_tables(session.tables, session.run.folder)
        leads = _leads(session, session.run)  # by the manifest, which is complete only now
        if leads:
            write_tables(session.tables, reports)
    except OSError as error:
        raise KurabeError(
            f"{unwritable(reports, error, session.reports_option)}; then 'kurabe report {session.run.name}' "
            "makes the tables"
        ) from error
    _write_agreement(session, session.run)
    _write_judge(session, session.run)
    _write_pages(session, session.run, leads)
    return _checked(session, session.run)


def _leads(session: Session, run: Run) -> bool:
    """Say whether a run's tables and page stand beside all runs: a partial one replaces no full one."""
    latest = latest_run([other for other in runs_of(session.project.reports) if other.name <= run.name])
    return latest is None or latest.name == run.name


def _checked(session: Session, run: Run) -> Checks:
    """Hold the leaderboard against the gates, and the results against those of an earlier run."""
    from kurabe.report.compare import compare, parse_compare_fail
    from kurabe.report.gate import parse_gate

    assert session.tables is not None
    told, leaderboard = session.options, session.tables.leaderboard
    gates = [parse_gate(gate) for gate in told.gates]
    checked = [gate.check(leaderboard) for gate in gates]
    held = [line for each in checked if each.holds for line in each.lines]
    failed = [line for each in checked if not each.holds for line in each.lines]
    allowed = any(each.holds and gate.allows_errors for gate, each in zip(gates, checked, strict=True))
    if told.compare is not None:
        earlier = find_run(session.project.reports, told.compare, before=run.name)
        session.comparison = compare(earlier.records(), session.records)
        for limit in told.compare_fail:
            failed += parse_compare_fail(limit).violations(session.comparison)
    return Checks(tuple(held), tuple(failed), allowed)


def _write_agreement(session: Session, run: Run) -> None:
    """Hold people and models against each other; a mistake in what people said spoils no run."""
    from kurabe.report.raters import FILE

    file = session.project.cases / FILE
    if not file.is_file():
        return
    from kurabe.report.agreement import study_of
    from kurabe.report.agreement_files import write_agreement
    from kurabe.report.raters import read_raters

    known = [f"{suite.name}/{case.id}" for suite in session.suites.good for case in suite.cases]
    try:
        models = study_of(session.records).models
        study = study_of(session.records, read_raters(file, known, models))
        if len(study.calls) > len(models):  # else nobody has judged what this run asked
            write_agreement(study, run.name, run.folder, session.lang)
    except KurabeError as error:
        session.messages.append(str(error))


def _write_judge(session: Session, run: Run) -> None:
    """Hold a judge against the word matcher and people; a mistake in what people said spoils no run."""
    if session.options.judge is None:
        return
    from kurabe.report.judge import LABELS, write_judge
    from kurabe.results.judgements import read_judgements

    try:
        labels = session.project.cases / LABELS
        session.judge = write_judge(session.records, read_judgements(run.folder), run.folder, labels)
    except (KurabeError, OSError) as error:
        session.messages.append(str(error))


def _write_pages(session: Session, run: Run, leads: bool) -> None:
    """Write the page; whatever is wrong with it, the tables and the exit code are not to suffer."""
    from kurabe.report.page.render import PAGE, write_pages

    beside = session.project.reports if leads else None
    try:
        write_pages(run, beside, session.records, session.tables, lang=session.lang)
        session.page = (beside or run.folder) / PAGE
    except Exception as error:
        again = f"kurabe report {run.name}"
        session.messages.append(f"the page could not be made, {again!r} tries again: {in_words(error)}")


def print_summary(session: Session, file: IO[str], width: int, colour: bool) -> None:
    """Print the tables and what else there is to say, to a terminal; there may be no result at all."""
    from kurabe.report.remarks import remarks
    from kurabe.report.terminal import print_comparison, print_tables
    from kurabe.report.terminal_judge import print_judge
    from kurabe.report.terminal_table import Terminal

    console = Terminal(
        file=file,
        width=width,
        force_terminal=colour,
        no_color=not colour,
        highlight=False,
        soft_wrap=False,
        lang=session.lang,
    )
    suites = {record.suite for record in session.records}
    left_out = session.participants.left_out
    notes = remarks(suites, left_out, session.refused, session.fewer, session.partial)
    served = any("server" in facts for facts in session.facts.values())
    messages = [*notes, *session.messages]
    print_tables(session.records, console, messages, session.tables, session.fewer, served)
    if session.judge is not None:
        print_judge(session.judge, console)
    if session.comparison is not None:
        print_comparison(session.comparison, console)

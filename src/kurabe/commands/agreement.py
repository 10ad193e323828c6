"""``kurabe agreement``: people and models judged as measuring instruments."""

from pathlib import Path
from typing import Annotated

import typer

from kurabe.commands.options import Lang
from kurabe.common.language import spoken


def agreement(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Name, path, or 'latest'.")] = "latest",
    raters: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="What people said; default: raters.csv beside the suites, if it is there."
        ),
    ] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option(metavar="EXPR", help="What is acceptable, such as 'miss_rate <= 0.02'; repeatable."),
    ] = None,
    marginal: Annotated[
        list[str] | None,
        typer.Option(metavar="EXPR", help="What is marginal, such as 'miss_rate <= 0.05'; repeatable."),
    ] = None,
    into: Annotated[Path | None, typer.Option(metavar="DIR", help="Default: the run's folder.")] = None,
    lang: Lang = None,
    cases: Annotated[str | None, typer.Option("--cases", metavar="DIR", help="Folder of the suites.")] = None,
    reports: Annotated[
        str | None, typer.Option("--reports", metavar="DIR", help="Folder of the runs.")
    ] = None,
) -> None:
    """Show whether raters agree with themselves, each other and the truth.

    Raters are the models of a run and the people of raters.csv. Writes agreement.csv,
    agreement_parts.csv and agreement.html, a page to print. Default limits: AIAG MSA, 4th edition.
    """
    from kurabe.commands.console import console
    from kurabe.commands.report import results_of
    from kurabe.report.agreement import AgreementLimits, cases_of, parse_limit, study_of
    from kurabe.report.agreement_files import write_agreement
    from kurabe.report.raters import FILE, read_raters
    from kurabe.report.terminal_agreement import print_agreement
    from kurabe.results.run import find_run

    limits = AgreementLimits()
    for texts, values, name in (
        (limit, limits.acceptable, "--limit"),
        (marginal, limits.marginal, "--marginal"),
    ):
        for text in texts or ():
            try:
                measure, value = parse_limit(text)
            except ValueError as error:
                raise typer.BadParameter(str(error), param_hint=name) from error
            values[measure] = value
    found = find_run(Path(reports or "reports"), run)
    records = results_of(found)
    usual = Path(cases or "cases") / FILE
    file = raters or (usual if usual.is_file() else None)
    models = study_of(records).models
    known = [*cases_of(records), *_cases_in(cases)]
    people = [] if file is None else read_raters(file, known, models)
    study = study_of(records, people)
    output = console()
    table, written = write_agreement(study, found.name, into or found.folder, spoken(lang), limits)
    print_agreement(table, output)
    if file is None:
        output.print(f"no people: write what they said to {usual}", markup=False, highlight=False)
    for path in written:
        output.print(f"wrote {path}", soft_wrap=True, markup=False, highlight=False)


def _cases_in(folder: str | None) -> list[str]:
    """Return the cases of the project's suites, so that people may judge more than a run has asked."""
    from kurabe.common.errors import CaseError
    from kurabe.project import Project

    try:
        suites = Project.at(Path(), folder).suites()
    except CaseError:
        return []
    return [f"{suite.name}/{case.id}" for suite in suites.good for case in suite.cases]

"""The commands about runs: ``kurabe report``, ``compare``, ``export``."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from kurabe.commands.options import Cases, Lang, Reports, project_of
from kurabe.common.language import spoken


def report(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Name, path, or 'latest'.")],
    into: Annotated[Path | None, typer.Option(metavar="DIR", help="Default: the run's folder.")] = None,
    lang: Lang = None,
    single_file: Annotated[
        bool, typer.Option("--single-file", help="Write RUN.html, all pictures in it.")
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print tables for a pull request.")] = False,
    at: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="Operating point, such as 'miss_rate <= 0.01'; repeatable."),
    ] = None,
    line: Annotated[
        str | None,
        typer.Option(metavar="KEY=NUMBER…", help="The line, such as 'bad_share=0.01 parts_per_hour=900'."),
    ] = None,
    words: Annotated[
        bool, typer.Option("--words", help="Score by the word matcher, whatever a judge said.")
    ] = False,
    bom: Annotated[
        bool, typer.Option("--bom", help="Begin CSV files with a byte order mark, so that Excel reads UTF-8.")
    ] = False,
    cases: Cases = None,
    reports: Reports = None,
) -> None:
    """Write the tables and the page of a run again from its files, and print the tables.

    Interrupted runs are reported as far as they got, older ones as far as they can be read.
    """
    from kurabe.commands.report import report_run, wanted_of
    from kurabe.report.judge import LABELS
    from kurabe.results.run import find_run

    project = project_of(cases, None, reports)
    folder = project.reports
    found = find_run(folder, run)
    try:
        wanted = wanted_of(found, at or (), line)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--at or --line") from error
    report_run(
        found, folder, into, lang=spoken(lang), single_file=single_file, markdown=markdown, wanted=wanted,
        labels=project.cases / LABELS, words=words, bom=bom,
    )  # fmt: skip


def compare(
    old: Annotated[str, typer.Argument(metavar="OLD", help="Name, path, or 'latest'.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Name, path, or 'latest'.")],
    fail: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN:LIMIT", help="Fail if worse by more, such as 'balanced_accuracy:5%'; repeatable."
        ),
    ] = None,
    lang: Lang = None,
    reports: Reports = None,
) -> None:
    """Show what got better and worse between two runs; as OLD, 'latest' is the run before NEW."""
    from kurabe.commands.console import console
    from kurabe.commands.report import results_of
    from kurabe.report.compare import compare as hold_against
    from kurabe.report.compare import parse_compare_fail
    from kurabe.report.terminal import print_comparison
    from kurabe.results.run import find_run

    try:
        limits = [parse_compare_fail(text) for text in fail or ()]
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--fail") from error
    folder = project_of(None, None, reports).reports
    later = find_run(folder, new)
    earlier = find_run(folder, old, before=later.name)
    comparison = hold_against(results_of(earlier), results_of(later))
    violations = [violation for limit in limits for violation in limit.violations(comparison)]
    print_comparison(comparison, console(spoken(lang)), violations)
    if violations:
        raise typer.Exit(1)


def export(
    name_of_format: Annotated[
        Literal["label-studio", "mlflow"], typer.Argument(metavar="FORMAT", help="label-studio or mlflow")
    ],
    run: Annotated[str, typer.Argument(metavar="RUN", help="Name, path, or 'latest'.")],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Default: label-studio.json in the run's folder; mlflow.db beside all runs."
        ),
    ] = None,
    model: Annotated[list[str] | None, typer.Option(help="Name or glob; repeatable; default: all.")] = None,
    root: Annotated[
        Path, typer.Option(metavar="DIR", help="label-studio: the folder whose files Label Studio serves.")
    ] = Path(),
    experiment: Annotated[str, typer.Option(metavar="NAME", help="mlflow: the experiment.")] = "kurabe",
    cases: Cases = None,
    reports: Reports = None,
) -> None:
    """Export a run: its pictures with predictions for a labelling tool, or its figures for MLflow."""
    from kurabe.commands.console import many
    from kurabe.results.run import find_run

    project = project_of(cases, None, reports)
    found = find_run(project.reports, run)
    if name_of_format == "mlflow":
        from kurabe.commands.export_mlflow import STORE, export_mlflow

        store = out or project.reports / STORE
        written = export_mlflow(found, store, experiment, model or ())
        typer.echo(
            f"{store}: {many(written.runs, 'row')} of run {found.name} with "
            f"{many(written.metrics, 'metric')}, {many(written.tables, 'table')}, "
            f"{many(written.pictures, 'picture')}\n"
            f"look at it: mlflow ui --backend-store-uri sqlite:///{store}"
        )
        return
    from kurabe.commands.export_label_studio import export_label_studio

    file = out or found.folder / "label-studio.json"
    done = export_label_studio(found, project, file, root.resolve(), model or ())
    for what in done.missing:
        typer.echo(f"left out: {what}", err=True)
    typer.echo(
        f"{done.tasks}: {many(done.pictures, 'picture')}, {many(done.predictions, 'prediction')} with "
        f"{done.boxes} boxes\n{done.config}: the labelling interface"
    )

"""``kurabe merge``: several runs as one, with its tables and its page."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kurabe.commands.options import Reports, project_of

if TYPE_CHECKING:
    from kurabe.results.merging import Merged
    from kurabe.results.run import Run


def merge(
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Names or paths of runs.")],
    into: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the merged run; default: a new one below reports/runs."),
    ] = None,
    gate: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EXPR", help="Fail unless this holds, such as 'balanced_accuracy >= 0.9'; repeatable."
        ),
    ] = None,
    reports: Reports = None,
) -> None:
    """Join runs, such as the shards of several hosts, and write the tables and the page of the whole.

    Runs of other cases, prompts, thresholds, models or versions of kurabe are refused.
    """
    from kurabe.commands.options import parsed
    from kurabe.commands.report import report_run
    from kurabe.report.gate import parse_gate
    from kurabe.results.merging import merge as joined
    from kurabe.results.run import Run, find_run

    gates = parsed(parse_gate, gate, "--gate")
    folder = project_of(None, None, reports).reports
    merged = joined([find_run(folder, run) for run in runs])
    run = Run.create(folder, "merged") if into is None else _made(into)
    _write(merged, run)
    tables = report_run(run, folder, beside=into is None)
    if tables is None:
        return
    checked = [each.check(tables.leaderboard) for each in gates]
    for each in checked:
        for line in each.lines:
            typer.secho(f"{'' if each.holds else 'FAILED '}{line}", fg="green" if each.holds else "red")
    if not all(each.holds for each in checked):
        raise typer.Exit(1)


def _made(folder: Path) -> "Run":
    from kurabe.results.run import Run

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise typer.BadParameter(f"{folder} is there already: name a new folder", param_hint="--into")
    folder.mkdir(parents=True, exist_ok=True)
    return Run(folder)


def _write(merged: "Merged", run: "Run") -> None:
    """Write the merged run; of one that cannot be written nothing stays."""
    from kurabe.results.merging import write_merged

    try:
        write_merged(merged, run)
    except BaseException:
        run.close()
        shutil.rmtree(run.folder, ignore_errors=True)
        raise

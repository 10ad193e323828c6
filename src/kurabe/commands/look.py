"""``kurabe look``: see a suite's pictures, and what is odd about them, before a model is asked."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

_PRINTED = 30


def look(
    suite: Annotated[str, typer.Argument(metavar="SUITE", help="Name of the suite, or its file.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Default: reports/look/SUITE.html.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="Cases shown with pictures, the odd ones first.")] = 400,
    cases: Annotated[str | None, typer.Option("--cases", metavar="DIR", help="Folder of the suites.")] = None,
    reports: Annotated[
        str | None, typer.Option("--reports", metavar="DIR", help="Folder of the runs.")
    ] = None,
) -> None:
    """Write a contact sheet of a suite, and say what is odd: leaks, duplicates, unaligned pairs."""
    from rich.progress import track

    from kurabe.authoring.contact_sheet import sheet_html
    from kurabe.authoring.oddities import oddities
    from kurabe.authoring.seen import see
    from kurabe.commands.console import console, many
    from kurabe.common.atomic import write_text
    from kurabe.common.errors import KurabeError, did_you_mean
    from kurabe.project import Project

    project = Project.at(Path(), cases, None, reports)
    path = Path(suite)
    outside = [path.resolve()] if path.suffix in (".yaml", ".yml") and path.is_file() else []
    suites = project.suites(outside)
    found = [each for each in suites.good if each.name == suite or each.path.resolve() in outside]
    problems = [
        problem
        for broken in suites.broken
        for problem in broken.problems
        if suite == broken.suite or (problem.path is not None and problem.path.resolve() in outside)
    ]
    for problem in problems:
        typer.echo(str(problem), err=True)
    if not found:
        if problems:
            raise typer.Exit(1)
        names = [each.name for each in suites.good]
        raise KurabeError(
            f"no suite is called {suite!r}{did_you_mean(suite, names)}; there are: {', '.join(names)}"
        )
    output = console()

    def progress(names: Iterable[str]) -> Iterable[str]:
        live = output.is_terminal and not output.is_dumb_terminal
        return track(names, "Looking at pictures", transient=True, console=output, disable=not live)

    (chosen,) = found
    pairs = see(chosen, chosen.cases, progress)
    odd = oddities(chosen, pairs)
    for each in odd[:_PRINTED]:
        some = ", ".join(each.cases[:5]) + (" …" if len(each.cases) > 5 else "")
        typer.echo(f"{some}: {each.what}" if some else each.what)
    if len(odd) > _PRINTED:
        typer.echo(f"… and {len(odd) - _PRINTED} more, which the sheet lists")
    target = out or project.reports / "look" / f"{chosen.name}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_text(target, sheet_html(chosen, pairs, odd, most))
    typer.echo(f"{many(len(pairs), 'case')}, {len(odd) or 'nothing'} odd. The sheet: {target}")
    if problems:
        raise typer.Exit(1)

"""``kurabe runs``: lists, names and prunes the runs of a project."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kurabe.commands.options import Reports, project_of

if TYPE_CHECKING:
    from kurabe.results.shelf import Held

app = typer.Typer(help="List the runs of this project, name them, or throw old ones away.")


@app.callback(invoke_without_command=True)
def runs(context: typer.Context, reports: Reports = None) -> None:
    """List the runs of this project, newest first; with a command, name them or throw old ones away."""
    context.obj = reports
    if context.invoked_subcommand is None:
        from kurabe.results.shelf import shelf

        folder = project_of(None, None, reports).reports
        held = shelf(folder)
        if not held:
            typer.echo(f"{folder / 'runs'} holds no runs yet: pytest makes one")
            return
        _print(list(reversed(held)))


@app.command()
def name(
    context: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="Name, path, or 'latest'.")],
    called: Annotated[str, typer.Argument(metavar="NAME", help="What to call it; '' takes the name away.")],
    reports: Reports = None,
) -> None:
    """Give a run a name, to be used wherever a RUN is meant; a named run is never pruned."""
    from kurabe.results.run import find_run, name_run

    folder = project_of(None, None, reports or context.obj).reports
    found = find_run(folder, run)
    name_run(folder, found, called)
    typer.echo(f"{found.name} is called {called!r} now" if called else f"{found.name} has no name now")


@app.command()
def prune(
    context: typer.Context,
    keep: Annotated[int, typer.Option(metavar="N", min=0, help="How many of the newest runs stay.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which runs would go.")] = False,
    reports: Reports = None,
) -> None:
    """Throw old runs away, but none that has a name, is the latest full one, or is being made."""
    from kurabe.commands.console import many
    from kurabe.results.shelf import shelf, throw_away, to_prune

    folder = project_of(None, None, reports or context.obj).reports
    old = to_prune(shelf(folder), keep)
    if not old:
        typer.echo("nothing to prune")
        return
    _print(old)
    if dry_run:
        typer.echo(f"{many(len(old), 'run')} would go")
        return
    if not yes:
        typer.confirm(f"Remove {many(len(old), 'run')} for good?", abort=True)
    throw_away(old)
    typer.echo(f"removed {many(len(old), 'run')}; the pictures that other runs share are still there")


def _print(held: "Sequence[Held]") -> None:
    from rich.table import Table
    from rich.text import Text

    from kurabe.commands.console import console
    from kurabe.common.text import printable

    table = Table(box=None, pad_edge=False)
    table.add_column("run", no_wrap=True)  # leads, and is what one copies
    for head, options in _HEADS.items():
        table.add_column(head, **options)
    for each in held:
        models = ", ".join(each.models[:3]) + (f", +{len(each.models) - 3}" if len(each.models) > 3 else "")
        state = f"{each.state}, latest" if each.latest else each.state
        cells = (each.run.name, each.called, state, f"{each.trials:,}", _size(each.size), models)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    console().print(table)


_HEADS: dict[str, Any] = {
    "name": {"overflow": "fold"},
    "state": {"no_wrap": True},
    "trials": {"justify": "right", "no_wrap": True},
    "size": {"justify": "right", "no_wrap": True},
    "models": {"overflow": "fold"},
}


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.0f} kB"

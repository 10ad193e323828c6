"""``kurabe init``: begin a project."""

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The project's folder.")] = Path(),
    example: Annotated[bool, typer.Option(help="Write the example suite, too.")] = True,
) -> None:
    """Begin a project: models.toml, an example suite, settings for pytest, Git and CI."""
    from kurabe.authoring.init import init as begin

    begun = begin(folder, example)
    for path in begun.written:
        typer.echo(f"wrote {path}")
    for line in begun.advice:
        typer.echo(line)
    change = "" if folder == Path() else f"cd {folder} && "
    typer.echo(f"To run:\n  {change}pytest {'-k example' if example else 'cases'}")

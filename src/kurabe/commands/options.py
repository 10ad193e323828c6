"""Options that several commands have, and what they stand for."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from kurabe.common.vocabulary import Language

if TYPE_CHECKING:
    from kurabe.project import Project

T = TypeVar("T")

Cases = Annotated[str | None, typer.Option("--cases", metavar="DIR", help="Folder of the suites.")]
ModelsFile = Annotated[str | None, typer.Option("--models-file", metavar="FILE", help="File of the models.")]
Lang = Annotated[
    Language | None, typer.Option("--lang", help="Language of what is shown; default: that of the locale.")
]
Reports = Annotated[str | None, typer.Option("--reports", metavar="DIR", help="Folder of the runs.")]


def parsed(parse: Callable[[str], T], texts: Iterable[str] | None, option: str) -> tuple[T, ...]:
    """Read what a repeatable option was given."""
    try:
        return tuple(parse(text) for text in texts or ())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error


def note_conftest() -> None:
    """Run the project's conftest.py, whose functions may be models; what needs none goes on without it."""
    from kurabe.common.errors import KurabeError
    from kurabe.project import load_conftest

    try:
        load_conftest()
    except KurabeError as error:
        typer.echo(f"{error}: the models and processors that it declares are missing here", err=True)


def project_of(cases: str | None, models_file: str | None = None, reports: str | None = None) -> "Project":
    """Return the project of the current folder."""
    from kurabe.project import Project

    return Project.at(Path(), cases, models_file, reports)

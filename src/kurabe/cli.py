"""The command line: which commands there are. What each does stands in `kurabe.commands`.

Commands import what they need when they run, so that ``--help`` and mistyped options answer at once.
"""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kurabe import __version__
from kurabe.commands.agreement import agreement
from kurabe.commands.ask import ask, describe
from kurabe.commands.compare_engines import compare_engines
from kurabe.commands.init import init
from kurabe.commands.look import look
from kurabe.commands.merge import merge
from kurabe.commands.of_cases import check, import_, new, process, schema
from kurabe.commands.of_models import finetune, models, read
from kurabe.commands.of_runs import compare, export, report
from kurabe.commands.plan import plan
from kurabe.commands.pod import pod
from kurabe.commands.runs import app as runs
from kurabe.common.disk import in_a_sentence
from kurabe.common.errors import KurabeError
from kurabe.common.text import printable


class _Group(TyperGroup):
    """Commands that print errors without a traceback: they are about the user's files."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; exit code 1 after an error that the user can act on."""
        try:
            return super().invoke(ctx)
        except KurabeError as error:
            typer.echo(str(error), err=True)
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise  # the reader has had enough; typer ends quietly
            typer.echo(printable(in_a_sentence(error)), err=True)
        raise typer.Exit(1)


app = typer.Typer(
    cls=_Group,
    help="Find out whether a vision-language model can inspect. To run the bench itself: pytest benchmark",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(init)
app.command()(check)
app.command()(look)
app.command("import")(import_)
app.command()(new)
app.command()(export)
app.command()(ask)
app.command()(describe)
app.command()(models)
app.command()(report)
app.add_typer(runs, name="runs")
app.command()(merge)
app.command()(compare)
app.command()(compare_engines)
app.command()(plan)
app.command()(pod)
app.command()(agreement)
app.command()(schema)
app.command()(process)
app.command()(finetune)
app.command()(read)


def main() -> None:
    """Run the command line."""
    app()


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"kurabe {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    # An engine may be a module of the project, and pytest finds those beside conftest.py.
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)


if __name__ == "__main__":
    main()

"""``kurabe compare-engines``: did serving, quantising or a new version change the model?"""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kurabe.commands.options import Cases, ModelsFile, Reports, parsed, project_of

if TYPE_CHECKING:
    import pandas as pd

    from kurabe.answering.states import Progress
    from kurabe.commands.two_engines import Asking
    from kurabe.report.two_engines import TwoEngines

Names = Annotated[list[str] | None, typer.Option(metavar="NAME", help="Name or glob; repeatable.")]


def compare_engines(
    first: Annotated[str, typer.Argument(metavar="A", help="A model of models.toml.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    suite: Names = None,
    variant: Names = None,
    question: Names = None,
    layout: Annotated[
        list[str] | None, typer.Option(metavar="LAYOUT", help="Default: that of A, for both; repeatable.")
    ] = None,
    keyword: Annotated[
        str, typer.Option("-k", metavar="EXPR", help="Only trials that match, such as 'connector and raw'.")
    ] = "",
    split: Annotated[str, typer.Option(help="Cases of this split: test, train, calibration, all.")] = "test",
    all_cases: Annotated[
        bool, typer.Option("--all-cases", help="Ask all cases on a CPU, too, where a suite sets 'quick'.")
    ] = False,
    cached: Annotated[
        bool, typer.Option("--cached", help="Use stored answers; default: ask both afresh.")
    ] = False,
    gate: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EXPR", help="Fail unless this holds, such as 'flip_rate_hi <= 1%'; repeatable."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    into: Annotated[Path | None, typer.Option(metavar="DIR", help="Default: reports/engines/A-vs-B.")] = None,
    cases: Cases = None,
    models_file: ModelsFile = None,
    reports: Reports = None,
) -> None:
    """Put the same trials to two entries of models.toml, and show where they part.

    Writes engines.csv, engines_trials.csv and results.jsonl.
    """
    from functools import partial

    from kurabe.commands.two_engines import Asking, Filters
    from kurabe.project import load_conftest
    from kurabe.report.columns import ENGINES_FIGURES
    from kurabe.report.csv_files import write_csv
    from kurabe.report.gate import parse_gate
    from kurabe.report.two_engines import compare_engines as held_against

    gates = parsed(partial(parse_gate, figures=ENGINES_FIGURES), gate, "--gate")
    load_conftest()
    filters = Filters(suite or (), variant or (), question or (), layout or (), keyword, split, all_cases)
    asking = Asking(project_of(cases, models_file, reports), (first, second), filters)
    folder = into or asking.folder
    records = asking.ask(folder, fresh=not cached, report=_Said())
    found = held_against(*records, asking.names)
    write_csv(found.table, folder / "engines.csv")
    write_csv(found.trials, folder / "engines_trials.csv")
    if as_json:
        typer.echo(json.dumps(_told(found, asking), indent=2, ensure_ascii=False))
    else:
        _print(found, asking, folder)
    checked = [each.check(_of_pairs(found)) for each in gates]
    for each in checked:
        for line in each.lines:
            typer.echo(f"{'' if each.holds else 'FAILED '}{line}", err=as_json)
    if not all(each.holds for each in checked):
        raise typer.Exit(1)


class _Said:
    """Says on the error output how far it is, now and then."""

    _EVERY = 10.0

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, progress: "Progress") -> None:
        now = time.monotonic()
        if now - self._last >= self._EVERY:
            self._last = now
            typer.echo(f"{progress.model}: {progress.done} of {progress.total} trials", err=True)


def _print(found: "TwoEngines", asking: "Asking", folder: Path) -> None:
    from kurabe.commands.console import console
    from kurabe.report.terminal_engines import print_engines

    output = console()
    print_engines(found, output)
    for note in asking.notes:
        output.print(note, markup=False, highlight=False)
    output.print(f"wrote {folder}", soft_wrap=True, markup=False, highlight=False)


def _told(found: "TwoEngines", asking: "Asking") -> dict[str, Any]:
    """Return everything as JSON can hold it."""
    return {
        "engines": [{"name": name, **asking.facts(name)} for name in found.names],
        "words": list(found.words),
        "notes": list(asking.notes),
        "rows": _rows(found.table),
        "trials": _rows(found.trials),
    }


def _rows(table: "pd.DataFrame") -> Sequence[dict[str, Any]]:
    rows: Sequence[dict[str, Any]] = json.loads(table.to_json(orient="records", double_precision=15))
    return rows


def _of_pairs(found: "TwoEngines") -> "pd.DataFrame":
    """Return the table with a name for the two, as gates want one."""
    return found.table.assign(model=" and ".join(found.names))

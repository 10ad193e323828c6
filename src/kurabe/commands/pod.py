"""``kurabe pod``: how large a defect must be to be found."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kurabe.commands.options import Lang
from kurabe.common.language import spoken


class _Measure(StrEnum):
    auto = "auto"
    size = "size"
    box = "box"
    area = "area"


def pod(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Name, path, or 'latest'.")] = "latest",
    measure: Annotated[
        _Measure,
        typer.Option(
            help="Declared size, the box's longer side, or the root of its area; auto: declared, else box."
        ),
    ] = _Measure.auto,
    linear: Annotated[bool, typer.Option("--linear", help="Fit the size itself, not its logarithm.")] = False,
    by_kind: Annotated[bool, typer.Option("--by-kind", help="Also a curve for each kind of defect.")] = False,
    firth: Annotated[
        bool, typer.Option("--firth", help="Fit with Firth's penalty in any case: a more cautious a90/95.")
    ] = False,
    into: Annotated[Path | None, typer.Option(metavar="DIR", help="Default: the run's folder.")] = None,
    lang: Lang = None,
    reports: Annotated[
        str | None, typer.Option("--reports", metavar="DIR", help="Folder of the runs.")
    ] = None,
) -> None:
    """Show the probability of detection against the size of the defect.

    Writes pod.csv and pod.html, a page to print. a90/95 is the size that is found nine times
    in ten, with 95 % confidence.
    """
    from kurabe.commands.console import console
    from kurabe.commands.report import results_of
    from kurabe.report.csv_files import write_csv
    from kurabe.report.pod import pod_curves, pod_table
    from kurabe.report.pod_chart import pod_svg
    from kurabe.report.sheet.render import sheet_words, write_sheet
    from kurabe.report.terminal_pod import print_pod
    from kurabe.results.run import find_run

    found = find_run(Path(reports or "reports"), run)
    curves = pod_curves(results_of(found), measure.value, log=not linear, by_kind=by_kind, penalised=firth)
    table = pod_table(curves)
    folder, output = into or found.folder, console()
    folder.mkdir(parents=True, exist_ok=True)
    print_pod(table, output)
    write_csv(table, folder / "pod.csv")
    language = spoken(lang)
    words = sheet_words("pod", language)
    shown = [{"row": curve.row, "svg": pod_svg(curve, words), "why": curve.why(words)} for curve in curves]
    write_sheet("pod", folder / "pod.html", language, {"run": found.name, "curves": shown})
    for name in ("pod.csv", "pod.html"):
        output.print(f"wrote {folder / name}", soft_wrap=True, markup=False, highlight=False)

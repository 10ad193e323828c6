"""``kurabe report``: tables and page of a run, made again from its files."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kurabe.commands.console import console
from kurabe.common.atomic import replacing
from kurabe.common.errors import KurabeError
from kurabe.common.text import printable
from kurabe.common.vocabulary import Language
from kurabe.report.line import parse_line
from kurabe.report.markdown import markdown as in_markdown
from kurabe.report.page.data import Material
from kurabe.report.page.render import pictures_from, write_page
from kurabe.report.remarks import remarks
from kurabe.report.rules import Wanted
from kurabe.report.tables import Tables, write_tables
from kurabe.report.terminal import print_tables
from kurabe.results.album import PICTURES
from kurabe.results.record import Record, scored
from kurabe.results.run import FORMAT, Run, latest_run, runs_of

if TYPE_CHECKING:
    from rich.console import Console


def report_run(
    run: Run,
    reports: Path,
    into: Path | None = None,
    *,
    lang: Language = "en",
    single_file: bool = False,
    markdown: bool = False,
    wanted: Wanted | None = None,
    labels: Path | None = None,
    beside: bool = False,
    words: bool = False,
    bom: bool = False,
) -> Tables | None:
    """Print a run's tables and write them with its page; an empty run has a page that says so.

    Args:
        run: The run.
        reports: Folder of the reports; its page is made again, too, if the run is the newest.
        into: Where files go; None for the run's own folder.
        lang: Language of the tables that are printed, and in which the page opens.
        single_file: Make ``RUN.html`` with all pictures in it, instead of the page and a folder of pictures.
        markdown: Print Markdown, and write nothing.
        wanted: Operating points and line; None for those that the run asked for.
        labels: What a person says that answers name, for a run with a judge.
        words: Score answers by the word matcher, whatever a judge said.
        bom: Begin the tables with a byte order mark, for Excel.
        beside: Write the tables beside all runs, too, if the run is the newest full one.

    Returns:
        The tables; None where Markdown was printed.

    Raises:
        KurabeError: If the run cannot be read.
        OSError: If a file cannot be written.
    """
    material = Material.of(run, _as_judged(run, words=words), wanted=wanted)
    records, manifest, tables = material.records, material.manifest, material.tables
    if markdown:
        left = _left_out(manifest, records)
        text = in_markdown(run, records, tables, manifest.get("planned"), left)
        typer.echo(printable(text), nl=False)
        return None
    output = console(lang)
    served = any("server" in facts for facts in manifest.get("models", {}).values())
    print_tables(records, output, _notes(manifest, records), tables, manifest.get("fewer", {}), served)
    folder = into or run.folder
    written = [*write_tables(tables, folder, bom=bom), *_report_judge(run, records, folder, labels, output)]
    if single_file:
        written.append(write_page(material, folder, lang=lang, single_file=True, name=f"{run.name}.html"))
    else:
        if into is not None:
            _take_along(run, into / PICTURES)
        written.append(write_page(material, folder, lang=lang))
        latest = latest_run(runs_of(reports))
        if into is None and latest is not None and run.folder.resolve() == latest.folder.resolve():
            written.append(write_page(material, reports, lang=lang, pictures_at=pictures_from(reports, run)))
            if beside:
                written += write_tables(tables, reports, bom=bom)
    for path in written:
        output.print(f"wrote {path}", soft_wrap=True, markup=False, highlight=False)
    return tables


def _take_along(run: Run, into: Path) -> None:
    """Bring a run's pictures into another folder, so that its page can be moved with it."""
    if not run.pictures.is_dir() or run.pictures.resolve() == into.resolve():
        return
    into.mkdir(parents=True, exist_ok=True)
    for path in sorted(run.pictures.iterdir()):
        if path.suffix in (".png", ".webp") and not (into / path.name).exists():
            with replacing(into / path.name) as fresh:
                shutil.copyfile(path, fresh)


def _as_judged(run: Run, *, words: bool) -> list[Record]:
    """Return a run's results, scored by what a judge has said, as far as it is stored; no model is asked."""
    from kurabe.judging import by_words, judged
    from kurabe.results.judgements import read_judgements

    records, judgements = run.records(), read_judgements(run.folder)
    if words:
        return [by_words(record) for record in records]
    return [
        judged(record, judgements[record.trial]) if record.trial in judgements else record
        for record in records
    ]


def _report_judge(
    run: Run, records: Sequence[Record], folder: Path, labels: Path | None, output: "Console"
) -> list[Path]:
    """Hold a judge against the word matcher and a person; return the files that were written."""
    from kurabe.report.judge import write_judge
    from kurabe.report.terminal_judge import print_judge
    from kurabe.results.judgements import read_judgements

    judgements = read_judgements(run.folder)
    if not judgements:
        return []
    print_judge(write_judge(records, judgements, folder, labels), output)
    return [folder / "judge.csv", folder / "judge_sheet.csv"]


def results_of(run: Run) -> list[Record]:
    """Return a run's results.

    Raises:
        KurabeError: If there are none, or they cannot be read.
    """
    records = run.records()
    if not records:
        raise KurabeError(f"{run.folder} holds no results: the run was ended before its first answer")
    return records


def _left_out(manifest: Any, records: Sequence[Record]) -> list[str]:
    suites = {record.suite for record in records}
    left_out, refused, fewer = (manifest.get(key, {}) for key in ("left_out", "refused", "fewer"))
    return remarks(suites, left_out, refused, fewer, manifest.get("partial"))


def _notes(manifest: Any, records: Sequence[Record]) -> list[str]:
    """Return what there is to say of a run besides its figures."""
    notes = _left_out(manifest, records)
    planned, form = manifest.get("planned"), manifest.get("format", FORMAT)
    answered = len(scored(records))
    if isinstance(planned, int) and planned > answered:
        notes.append(f"{planned - answered} of {planned} trials are missing: the run did not end by itself")
    if not records:
        notes.append("the run holds no results: it was ended before its first answer")
    if form < 2:
        notes.append(f"the run was left in format {form}: it kept no prompts and no pictures")
    return notes


def wanted_of(run: Run, at: Sequence[str], line: str | None) -> Wanted | None:
    """Return the operating points that are asked for, beside those of the run itself.

    Raises:
        ValueError: If anything cannot be read.
        KurabeError: If the run's manifest is damaged.
    """
    if not at and line is None:
        return None
    manifest = run.manifest() if run.has_manifest else {}
    told = (manifest.get("line") or {}) | (parse_line(line) if line else {})
    return Wanted.of([*(manifest.get("options", {}).get("at") or ()), *at], told or None)

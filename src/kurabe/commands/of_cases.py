"""The commands about cases and pictures: ``kurabe check``, ``import``, ``new``, ``schema``, ``process``."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from kurabe.commands.options import Cases, ModelsFile, parsed, project_of
from kurabe.common.errors import KurabeError
from kurabe.common.text import printable
from kurabe.common.vocabulary import PairingRule, Relation, Split, Verdict


def check(cases: Cases = None, models_file: ModelsFile = None) -> None:
    """Check suites, prompts, models.toml and all pictures, without a model."""
    from rich.progress import track

    from kurabe.commands.check import check as check_project
    from kurabe.commands.console import console, print_checked
    from kurabe.project import load_conftest

    load_conftest()
    output = console()

    def progress(paths: Iterable[Path]) -> Iterable[Path]:
        live = output.is_terminal and not output.is_dumb_terminal
        return track(paths, "Decoding pictures", transient=True, console=output, disable=not live)

    found = check_project(project_of(cases, models_file), progress)
    for problem in found.problems:
        typer.echo(printable(problem), err=True)
    for remark in found.remarks:
        typer.echo(printable(remark))
    print_checked(found, output)
    if found.problems:
        raise typer.Exit(1)


def import_(
    name_of_format: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            help="pairs, folder, mvtec, visa, mmad, real-iad, deeppcb, coco, yolo, voc, labelme, "
            "label-studio, cvat, imagefolder, lookout, kaputt, or one of another package.",
        ),
    ],
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="The file or folder to import.")],
    name: Annotated[str | None, typer.Option(help="Name of the suite; default: that of SOURCE.")] = None,
    into: Annotated[
        Path, typer.Option("--into", "--cases", metavar="DIR", help="Folder of the suites.")
    ] = Path("cases"),
    pair: Annotated[
        PairingRule, typer.Option(help="Which good part a picture is compared with, where SOURCE names none.")
    ] = "nearest",
    references: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of more good parts to compare with.")
    ] = None,
    images: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The pictures, where labels lie elsewhere.")
    ] = None,
    ok: Annotated[list[str] | None, typer.Option(metavar="WORD", help="A label of good parts.")] = None,
    ng: Annotated[list[str] | None, typer.Option(metavar="WORD", help="A label of bad parts.")] = None,
    unlabelled_good: Annotated[
        bool, typer.Option("--unlabelled-good", help="Take pictures without labels for good parts.")
    ] = False,
    relation: Annotated[
        Relation | None,
        typer.Option(help="One specimen (aligned), or two (instance), where SOURCE is silent."),
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Import N parts of each kind and product.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Import N cases at most, spread over the kinds.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of what is chosen.")] = 0,
    by: Annotated[
        str | None, typer.Option(metavar="product", help="Make a suite of each product (or family).")
    ] = None,
    copy: Annotated[bool, typer.Option("--copy", help="Copy the pictures into the suite's folder.")] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out what has errors.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing suite.")] = False,
) -> None:
    """Make a suite of pictures as you have them: folders, labels, public datasets, tables of pairs.

    Pictures stay where they are unless --copy. Nothing is written if anything is wrong, unless --skip-bad.
    """
    from rich.progress import track

    from kurabe.authoring.import_order import Order
    from kurabe.authoring.labels import Labels
    from kurabe.authoring.parts import Hints, Part
    from kurabe.cases.names import slug
    from kurabe.commands.console import console
    from kurabe.commands.import_suites import describe_made, describe_skipped, import_suites, suite_name_of

    if by not in (None, "family", "product"):
        raise typer.BadParameter("suites can be made by 'product' or 'family' only", param_hint="--by")
    output = console()

    def progress(parts: Iterable[Part]) -> Iterable[Part]:
        live = output.is_terminal and not output.is_dumb_terminal
        return track(parts, "Importing", total=None, transient=True, console=output, disable=not live)

    suite = slug(suite_name_of(source)) if name is None else name
    said = f"kurabe import {name_of_format} {source.name}"
    said += (
        f" --sample {sample} --seed {seed}" if sample else f" --limit {limit} --seed {seed}" if limit else ""
    )
    order = Order(
        source, into, suite, said, pair=pair, references=references, relation=relation, sample=sample,
        limit=limit, seed=seed, copy=copy, skip_bad=skip_bad, by_product=by is not None, force=force,
        dry_run=dry_run,
    )  # fmt: skip
    hints = Hints(images, Labels(tuple(ok or ()), tuple(ng or ())), relation, unlabelled_good, copy)
    done = import_suites(name_of_format, order, hints, progress)
    for line in describe_skipped(done):
        typer.echo(line, err=True)
    for line in describe_made(done, dry_run=dry_run):
        typer.echo(line)
    if not dry_run:
        typer.echo(f"To run:\n  {_run(done.name, str(into))}")


def _run(keyword: str, cases: str | None) -> str:
    """Return the command that asks about some cases."""
    folder = cases or "cases"
    named = "" if folder == "cases" else f" --kurabe-cases {folder}"
    # In the bench's own repository as its README has it; anywhere else there is no folder of that name.
    return (
        f"pytest {'benchmark' if Path('benchmark/test_pairs.py').is_file() else folder}{named} -k {keyword}"
    )


def new(
    suite: Annotated[str, typer.Argument(metavar="SUITE", help="Name of the suite, new or not.")],
    reference: Annotated[Path, typer.Option(help="The picture of the good part.")],
    test: Annotated[Path, typer.Option(help="The picture of the suspect part.")],
    case_id: Annotated[str, typer.Option("--id", help="Default: the test picture's name.")] = "",
    verdict: Annotated[Verdict | None, typer.Option(help="The right answer.")] = None,
    says: Annotated[
        list[str] | None,
        typer.Option(
            help="Words that name a difference: alternatives between commas, groups that must all be hit "
            "between semicolons, such as 'missing,absent;pin'. Repeat it for each difference."
        ),
    ] = None,
    relation: Annotated[
        Relation | None, typer.Option(help="One specimen (aligned), or two (instance).")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="Kind of a difference, such as scratch; repeatable.")
    ] = None,
    where: Annotated[list[str] | None, typer.Option(help="Where it is, in words; repeatable.")] = None,
    box: Annotated[
        list[str] | None, typer.Option(metavar="L,T,R,B", help="Its box in pixels of the test; repeatable.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Select the case with -m TAG; repeatable.")] = None,
    split: Annotated[Split | None, typer.Option(help="Default: the suite's, usually test.")] = None,
    cases: Cases = None,
) -> None:
    """Add a case to a suite, and copy its pictures into the suite's folder.

    The first --kind, --where, --box and --says belong to the first difference, and so on.
    """
    from kurabe.authoring.new_case import Draft, add, parse_box, parse_says

    groups = parsed(parse_says, says, "--says")
    boxes = parsed(parse_box, box, "--box")
    draft = Draft(
        reference, test, case_id, verdict, groups, relation, tuple(kind or ()), tuple(where or ()), boxes,
        tuple(tag or ()), split,
    )  # fmt: skip
    added = add(project_of(cases).cases, suite, draft)
    for picture in added.copied:
        typer.echo(f"copied {picture}")
    typer.echo(f"{added.path}:{added.line}: case {added.id}. To run:")
    typer.echo(f"  {_run(f'{suite}/{added.id}', cases)}")


def schema(cases: Cases = None) -> None:
    """Write case.schema.json, by which editors complete and check suites."""
    from kurabe.cases.suites import write_schema

    folder = project_of(cases).cases
    if not folder.is_dir():
        raise KurabeError(f"there is no folder {folder}: make it, or name another with --cases")
    typer.echo(f"wrote {write_schema(folder)}")


def process(
    reference: Annotated[Path, typer.Argument(metavar="REF", help="The picture of the good part.")],
    test: Annotated[Path, typer.Argument(metavar="TEST", help="The picture of the suspect part.")],
    names: Annotated[str, typer.Option("--with", metavar="NAME[,NAME…]", help="Processors to use.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder to write to.")],
    relation: Annotated[
        Relation, typer.Option(help="One specimen (aligned), or two (instance).")
    ] = "aligned",
) -> None:
    """Write processed pictures of a pair, to look at what a model is shown."""
    from kurabe.commands.process import process_pair
    from kurabe.project import load_conftest

    load_conftest()
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    if not wanted:
        raise typer.BadParameter("name at least one processor", param_hint="--with")
    done = process_pair(reference, test, wanted, out, relation)
    for note in done.notes:
        typer.echo(note)
    for path in done.written:
        typer.echo(f"wrote {path}")
    for problem in done.problems:
        typer.echo(printable(problem), err=True)
    if done.problems:
        raise typer.Exit(1)

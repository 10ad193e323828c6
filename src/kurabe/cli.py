"""The command line: ``kurabe check``, ``new``, ``models``, ``finetune``, ``report`` and so on.

Commands import what they need when they run, so that ``--help`` and mistyped options answer at once.
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import typer
from typer.core import TyperGroup

from kurabe import __version__
from kurabe.commands.agreement import agreement
from kurabe.commands.init import init
from kurabe.commands.look import look
from kurabe.commands.plan import plan
from kurabe.commands.pod import pod
from kurabe.common.errors import KurabeError
from kurabe.common.text import printable
from kurabe.common.vocabulary import Asks, Language, PairingRule, QuestionKind, Relation, Split, Verdict

if TYPE_CHECKING:
    from kurabe.project import Project

T = TypeVar("T")


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
            typer.echo(f"{error.filename or 'the file system'}: {error.strerror or error}", err=True)
        raise typer.Exit(1)


app = typer.Typer(
    cls=_Group,
    help="Find out whether a vision-language model can inspect. To run the bench itself: pytest benchmark",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(init)
app.command()(look)
app.command()(pod)
app.command()(agreement)

Cases = Annotated[str | None, typer.Option("--cases", metavar="DIR", help="Folder of the suites.")]
ModelsFile = Annotated[str | None, typer.Option("--models-file", metavar="FILE", help="File of the models.")]
Reports = Annotated[str | None, typer.Option("--reports", metavar="DIR", help="Folder of the runs.")]


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


@app.command()
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

    found = check_project(_project(cases, models_file), progress)
    for problem in found.problems:
        typer.echo(printable(problem), err=True)
    print_checked(found, output)
    if found.problems:
        raise typer.Exit(1)


@app.command("import")
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


@app.command()
def export(
    name_of_format: Annotated[Literal["label-studio"], typer.Argument(metavar="FORMAT", help="label-studio")],
    run: Annotated[str, typer.Argument(metavar="RUN", help="Name, path, or 'latest'.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Default: label-studio.json in the run's folder.")
    ] = None,
    model: Annotated[list[str] | None, typer.Option(help="Name or glob; repeatable; default: all.")] = None,
    root: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder whose files Label Studio serves.")
    ] = Path(),
    cases: Cases = None,
    reports: Reports = None,
) -> None:
    """Export a run's pictures for a labelling tool, with the models' verdicts and boxes as predictions."""
    from kurabe.commands.console import many
    from kurabe.commands.export_label_studio import export_label_studio
    from kurabe.results.run import find_run

    assert name_of_format == "label-studio"
    project = _project(cases, None, reports)
    found = find_run(project.reports, run)
    file = out or found.folder / "label-studio.json"
    done = export_label_studio(found, project, file, root.resolve(), model or ())
    for what in done.missing:
        typer.echo(f"left out: {what}", err=True)
    typer.echo(
        f"{done.tasks}: {many(done.pictures, 'picture')}, {many(done.predictions, 'prediction')} with "
        f"{done.boxes} boxes\n{done.config}: the labelling interface"
    )


@app.command()
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

    groups = _parsed(parse_says, says, "--says")
    boxes = _parsed(parse_box, box, "--box")
    draft = Draft(
        reference, test, case_id, verdict, groups, relation, tuple(kind or ()), tuple(where or ()), boxes,
        tuple(tag or ()), split,
    )  # fmt: skip
    added = add(_project(cases).cases, suite, draft)
    for picture in added.copied:
        typer.echo(f"copied {picture}")
    typer.echo(f"{added.path}:{added.line}: case {added.id}. To run:")
    typer.echo(f"  {_run(f'{suite}/{added.id}', cases)}")


@app.command()
def models(
    check: Annotated[
        str | None, typer.Option("--check", metavar="NAME", help="Load a model and test it.")
    ] = None,
    fetch: Annotated[str | None, typer.Option("--fetch", metavar="NAME", help="Download weights.")] = None,
    models_file: ModelsFile = None,
    reports: Reports = None,
) -> None:
    """List the models: engine, place of the weights, and whether they can run here.

    --check loads a model, asks it alone and in a batch, and fails unless the answers are equal.
    """
    from kurabe.commands.console import console, print_model_check, print_models

    project = _project(None, models_file, reports)
    if fetch is not None:
        _fetch(project, fetch)
    registry = project.registry()
    output = console()
    if check is None:
        print_models(
            registry.models, registry.info(None if fetch is None else registry.models.select([fetch])), output
        )
        return
    from kurabe.commands.check_model import check_model

    equal = True
    for name in registry.models.select([check]):
        found = check_model(registry, name)
        print_model_check(name, found, output)
        equal = equal and found.equal
    if not equal:
        raise typer.Exit(1)


def _fetch(project: "Project", pattern: str) -> None:
    from kurabe.commands.check_model import fetch

    registry = project.registry()
    for name in registry.models.select([pattern]):
        parts = fetch(registry, name)
        for part in parts:
            typer.echo(
                f"{name}: {part.source} {'is now' if part.downloaded else 'was there already'}: {part.folder}"
            )
        if not parts:
            typer.echo(f"{name}: the engine needs no weights")


@app.command()
def report(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Name, path, or 'latest'.")],
    into: Annotated[Path | None, typer.Option(metavar="DIR", help="Default: the run's folder.")] = None,
    lang: Annotated[Language, typer.Option(help="Language of the page.")] = "en",
    single_file: Annotated[
        bool, typer.Option("--single-file", help="Write RUN.html, all pictures in it.")
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print tables for a pull request.")] = False,
    at: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="Operating point, such as 'miss_rate <= 0.01'; repeatable."),
    ] = None,
    line: Annotated[
        str | None,
        typer.Option(metavar="KEY=NUMBER…", help="The line, such as 'bad_share=0.01 parts_per_hour=900'."),
    ] = None,
    reports: Reports = None,
) -> None:
    """Write the tables and the page of a run again from its files, and print the tables.

    Interrupted runs are reported as far as they got, older ones as far as they can be read.
    """
    from kurabe.commands.report import report_run, wanted_of
    from kurabe.results.run import find_run

    folder = _project(None, None, reports).reports
    found = find_run(folder, run)
    try:
        wanted = wanted_of(found, at or (), line)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--at or --line") from error
    report_run(found, folder, into, lang=lang, single_file=single_file, markdown=markdown, wanted=wanted)


@app.command()
def compare(
    old: Annotated[str, typer.Argument(metavar="OLD", help="Name, path, or 'latest'.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Name, path, or 'latest'.")],
    fail: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN:LIMIT", help="Fail if worse by more, such as 'balanced_accuracy:5%'; repeatable."
        ),
    ] = None,
    reports: Reports = None,
) -> None:
    """Show what got better and worse between two runs; as OLD, 'latest' is the run before NEW."""
    from kurabe.commands.console import console
    from kurabe.commands.report import results_of
    from kurabe.report.compare import compare as hold_against
    from kurabe.report.compare import parse_compare_fail
    from kurabe.report.terminal import print_comparison
    from kurabe.results.run import find_run

    try:
        limits = [parse_compare_fail(text) for text in fail or ()]
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--fail") from error
    folder = _project(None, None, reports).reports
    later = find_run(folder, new)
    earlier = find_run(folder, old, before=later.name)
    comparison = hold_against(results_of(earlier), results_of(later))
    violations = [violation for limit in limits for violation in limit.violations(comparison)]
    print_comparison(comparison, console(), violations)
    if violations:
        raise typer.Exit(1)


app.command()(plan)


@app.command()
def schema(cases: Cases = None) -> None:
    """Write case.schema.json, by which editors complete and check suites."""
    from kurabe.cases.suites import write_schema

    folder = _project(cases).cases
    if not folder.is_dir():
        raise KurabeError(f"there is no folder {folder}: make it, or name another with --cases")
    typer.echo(f"wrote {write_schema(folder)}")


@app.command()
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


@app.command()
def finetune(
    base: Annotated[str, typer.Option(metavar="NAME", help="Model of models.toml to fine-tune.")],
    suite: Annotated[
        list[str],
        typer.Option(metavar="NAME", help="Suite or file whose train split is learned; repeatable."),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the adapter.")],
    link: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="'raw-processed', or a suite such as 'shapes'; repeatable."),
    ] = None,
    variant: Annotated[list[str] | None, typer.Option(help="Default: raw and the suites' own.")] = None,
    question: Annotated[list[str] | None, typer.Option(help="Default: all; repeatable.")] = None,
    name: Annotated[str, typer.Option(help="Default: the folder's name.")] = "",
    register: Annotated[bool, typer.Option("--register", help="Add the adapter to models.toml.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Continue an interrupted training.")] = False,
    rank: Annotated[int, typer.Option(min=1, help="Rank of the LoRA.")] = 16,
    alpha: Annotated[int, typer.Option(min=1, help="Scale of the LoRA: alpha / rank.")] = 32,
    dropout: Annotated[float, typer.Option(min=0, max=0.9, help="Dropout of the LoRA.")] = 0.05,
    vision: Annotated[
        bool | None, typer.Option(help="Also adapt the vision tower; default: if below 1 B parameters.")
    ] = None,
    learning_rate: Annotated[float, typer.Option(min=0, help="Highest learning rate.")] = 2e-4,
    batch_size: Annotated[int, typer.Option(min=1, help="Records computed together.")] = 8,
    accumulation: Annotated[int, typer.Option(min=1, help="Batches per step.")] = 1,
    epochs: Annotated[float, typer.Option(min=0, help="Passes over the records.")] = 3.0,
    steps: Annotated[int | None, typer.Option(min=1, help="Steps, instead of epochs.")] = None,
    warmup: Annotated[float, typer.Option(min=0, max=1, help="Share of steps that it rises.")] = 0.05,
    validation: Annotated[float, typer.Option(min=0, max=0.5, help="Share held out.")] = 0.1,
    evaluate_every: Annotated[int | None, typer.Option(min=1, help="Default: ten evaluations.")] = None,
    patience: Annotated[
        int, typer.Option(min=0, help="Evaluations without a lower loss to stop after; 0: never.")
    ] = 3,
    gradient_checkpointing: Annotated[
        bool | None, typer.Option(help="Compute twice to save memory; default: from 1 B parameters.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=0, help="Processes that prepare batches.")] = None,
    spots: Annotated[
        float, typer.Option(min=0, help="Weight of learning where differences are; phi3_v only.")
    ] = 0.0,
    seed: Annotated[int, typer.Option(help="Seed of the training.")] = 0,
    cases: Cases = None,
    models_file: ModelsFile = None,
    reports: Reports = None,
) -> None:
    """Fine-tune a model on the train split of suites: makes a LoRA adapter, its loss curve and its card.

    Prints the adapter's entry for models.toml. The bench refuses to score the adapter on
    pictures it was trained on.
    """
    from kurabe.commands.finetune import Order
    from kurabe.commands.finetune import finetune as run
    from kurabe.finetune.settings import Settings
    from kurabe.project import load_conftest

    load_conftest()
    order = Order(
        base, suite, out, link or (), variant or (), question or (), name, register=register, resume=resume
    )
    settings = Settings(
        rank=rank, alpha=alpha, dropout=dropout, vision=vision, learning_rate=learning_rate, warmup=warmup,
        batch_size=batch_size, accumulation=accumulation, epochs=epochs, steps=steps, validation=validation,
        evaluate_every=evaluate_every, patience=patience, checkpointing=gradient_checkpointing,
        workers=workers, spots=spots, seed=seed,
    )  # fmt: skip
    made = run(_project(cases, models_file, reports), order, settings, typer.echo)
    typer.echo(f"wrote {out}: step {made.trained.best_step} of {made.trained.steps}\n")
    typer.echo(made.entry)
    if made.trained.diverged:
        raise KurabeError(
            f"{out}: {made.trained.stopped} Step {made.trained.best_step} is kept, and nothing was added to "
            "models.toml: lower --learning-rate, or set dtype = 'float32' for the base"
        )
    typer.echo("added to models.toml" if register else "add this to models.toml, or use --register")


@app.command()
def read(
    text: Annotated[
        str, typer.Argument(metavar="ANSWER", help="The answer; '-': standard input. Put -- before a dash.")
    ],
    kind: Annotated[QuestionKind, typer.Option(help="What was asked.")] = "verdict",
    lang: Annotated[Language, typer.Option(help="The prompt's language.")] = "en",
    option: Annotated[
        list[str] | None, typer.Option(help="An option of a choice, or a word of a description; repeatable.")
    ] = None,
    yes: Annotated[list[str] | None, typer.Option(help="Answers that mean 'different'; repeatable.")] = None,
    no: Annotated[list[str] | None, typer.Option(help="Answers that mean 'same'; repeatable.")] = None,
    asks: Annotated[Asks, typer.Option(help="What the prompt asks for.")] = "difference",
) -> None:
    """Show how an answer is read, by which rule, and what each clause was taken for."""
    from kurabe.commands.read import describe_reading

    answer = sys.stdin.read() if text == "-" else text
    for line in describe_reading(kind, answer, lang, option or (), yes or (), no or (), asks):
        typer.echo(printable(line))


def _parsed(parse: Callable[[str], T], texts: Iterable[str] | None, option: str) -> tuple[T, ...]:
    """Read what a repeatable option was given."""
    try:
        return tuple(parse(text) for text in texts or ())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error


def _project(cases: str | None, models_file: str | None = None, reports: str | None = None) -> "Project":
    from kurabe.project import Project

    return Project.at(Path(), cases, models_file, reports)


if __name__ == "__main__":
    main()

"""The commands about models and their answers: ``kurabe models``, ``finetune``, ``read``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kurabe.commands.options import Cases, ModelsFile, Reports, note_conftest, project_of
from kurabe.common.errors import KurabeError
from kurabe.common.text import printable
from kurabe.common.vocabulary import Asks, Language, QuestionKind

if TYPE_CHECKING:
    from kurabe.models.registry import Registry
    from kurabe.project import Project


def models(
    check: Annotated[
        str | None, typer.Option("--check", metavar="NAME", help="Load a model and test it.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            "--against", metavar="NAME", help="With --check: compare the prompts' tokens with these."
        ),
    ] = None,
    fetch: Annotated[str | None, typer.Option("--fetch", metavar="NAME", help="Download weights.")] = None,
    models_file: ModelsFile = None,
    reports: Reports = None,
) -> None:
    """List the models: engine, place of the weights, and whether they can run here.

    --check loads a model, asks it alone and in a batch, and fails unless the answers are equal.
    --check SERVED --against LOCAL also prints the tokens of both prompts, and where they part.
    """
    from kurabe.commands.console import console, print_model_check, print_models

    if against is not None and check is None:
        raise KurabeError("--against NAME goes with --check NAME: whose prompts are to be compared?")
    project = project_of(None, models_file, reports)
    note_conftest()
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
        if against is not None:
            equal = _prompts_equal(registry, name, against) and equal
    if not equal:
        raise typer.Exit(1)


def _prompts_equal(registry: "Registry", name: str, against: str) -> bool:
    """Print how the prompts of two models compare; say whether nothing tells them apart."""
    from kurabe.commands.check_prompt import compare_prompts, describe

    (other,) = registry.models.select([against])
    found = compare_prompts(registry, name, other)
    for prompt in found:
        for line in describe(prompt, name, other):
            typer.echo(printable(line))
    return all(prompt.equal for prompt in found)


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
    made = run(project_of(cases, models_file, reports), order, settings, typer.echo)
    typer.echo(f"wrote {out}: step {made.trained.best_step} of {made.trained.steps}\n")
    typer.echo(made.entry)
    if made.trained.diverged:
        raise KurabeError(
            f"{out}: {made.trained.stopped} Step {made.trained.best_step} is kept, and nothing was added to "
            "models.toml: lower --learning-rate, or set dtype = 'float32' for the base"
        )
    typer.echo("added to models.toml" if register else "add this to models.toml, or use --register")


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

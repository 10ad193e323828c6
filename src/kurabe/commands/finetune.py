"""``kurabe finetune``: from the names of a base and of suites to an adapter that is ready to be asked."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from kurabe.cases import suites as suite_files
from kurabe.cases.prompts import load_prompts
from kurabe.cases.suites import Suite
from kurabe.common.errors import CaseError, ModelError, Problem, did_you_mean
from kurabe.finetune.folder import check_out
from kurabe.finetune.linking import LINKING, RAW_PROCESSED, raw_against_processed
from kurabe.finetune.records import TrainingRecord, Wanted, balanced, check_splits, records_of, see
from kurabe.finetune.settings import About, Settings, Trained
from kurabe.finetune.spots import check_boxes
from kurabe.models import config
from kurabe.models.config import Entry, LocalSettings
from kurabe.models.entry_writer import check_name, entry_text, register
from kurabe.project import Project, processor_names


@dataclass(frozen=True, slots=True)
class Order:
    """What ``kurabe finetune`` is asked to do.

    Attributes:
        base: The entry whose model is to be fine-tuned.
        suites: Names of suites, or paths of suite files, whose train split is learned.
        links: ``raw-processed``, or suites as above that are learned for the sake of another.
        out: Folder for the adapter.
        variants: Instead of raw and the suites' own variants.
        questions: Instead of all that the cases have an answer to.
        name: Name of the new entry; "" for the folder's.
        register: Whether the entry is added to ``models.toml``.
        resume: Whether to go on with an interrupted training.
    """

    base: str
    suites: Sequence[str]
    out: Path
    links: Sequence[str] = ()
    variants: Sequence[str] = ()
    questions: Sequence[str] = ()
    name: str = ""
    register: bool = False
    resume: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """What came out: the training's result, and the entry for ``models.toml``."""

    trained: Trained
    entry: str


def finetune(project: Project, order: Order, settings: Settings, say: Callable[[str], None]) -> Made:
    """Fine-tune a model on the train split of suites; whatever is wrong is told before anything is loaded.

    Raises:
        CaseError: If a suite is not there or cannot be learned from.
        ModelError: If the base cannot be trained, or the folder or the name is taken.
    """
    registry = project.registry()
    entry, asked = _base(registry.models, order.base)
    name = order.name or order.out.resolve().name
    text = entry_of(name, order, entry, project.models)
    if order.register:
        check_name(registry.models, name)
    check_out(order.out, resume=order.resume)
    engine: Any = registry.engine(entry.name)
    if not (ready := engine.readiness()).ready and not ready.fetchable:
        raise ModelError(f"model {entry.name!r} cannot be trained here: {ready.reason}")
    records = gather(project, order, entry)
    if settings.spots:
        check_boxes(records)
    say(f"{len(records)} records of {len({record.group for record in records})} references")
    with _bar("Processing pictures") as progress:
        images = see(records, progress)
    about = About(name, entry.name, asked.checkpoint, engine.fingerprint(), images)
    loaded = engine.base.load()
    # Not before: it imports torch, and all that can be wrong with suites is known by now.
    from kurabe.finetune.train import train_adapter

    settings = dataclasses.replace(settings, crops=settings.crops or asked.crops)
    try:
        trained = train_adapter(
            loaded, records, settings, order.out, about=about, resume=order.resume, say=say
        )
    except KeyboardInterrupt:
        raise ModelError(
            f"{order.out}: interrupted; the same command with --resume goes on from the last evaluation"
        ) from None
    if order.register and not trained.diverged:
        register(project.models, name, text)
    return Made(trained, text)


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar while pictures are made, on a terminal."""
    console = Console()
    live = console.is_terminal and not console.is_dumb_terminal
    with Progress(console=console, transient=True, disable=not live) as bar:
        task = bar.add_task(title)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _base(models: config.Models, name: str) -> tuple[Entry, LocalSettings]:
    entry = models.entries[models.select([name])[0]]
    if entry.common.engine != "local":
        what = (
            f"is of the engine {entry.common.engine!r}, which cannot be trained: name one of engine 'local'"
        )
    elif "base" in entry.settings:
        what = f"is itself an adapter: fine-tune its base {entry.settings['base']!r}, with all suites at once"
    elif entry.settings.get("quantization") in ("8bit", "fp8"):
        what = "has 8-bit weights: train it with quantization = '4bit', or without"
    else:
        return entry, LocalSettings.model_validate(entry.settings)
    raise ModelError(str(Problem(what, entry.path, entry.line, f"model {entry.name}")))


def gather(project: Project, order: Order, entry: Entry) -> list[TrainingRecord]:
    """Make the records that an order names, those of the suites first, then the linking ones.

    Raises:
        CaseError: If a suite is not there, is broken, has no train cases, or shares pictures between splits.
    """
    learned = [_suite(project, name) for name in dict.fromkeys(order.suites)]
    linking = [name for name in dict.fromkeys(order.links) if name != RAW_PROCESSED]
    raw_processed = RAW_PROCESSED in order.links
    if raw_processed and LINKING not in linking and (project.cases / LINKING).is_dir():
        linking.append(LINKING)
    links = [(name, _suite(project, name)) for name in linking]
    wanted = Wanted(
        entry.common.layout,
        order.variants,
        order.questions,
        processor_names(),
        kept=project.cache / "pictures",
    )
    path = project.cases / suite_files.PROMPTS_FILE
    common = load_prompts(path if path.is_file() else None)

    def of(suite: Suite, link: str = "") -> list[TrainingRecord]:
        prompts = common.overlay(suite.file.prompts, suite.path, ("prompts",))
        return records_of(suite, prompts, wanted, link)

    records = [record for suite in learned for record in of(suite)]
    if raw_processed:
        crossed = raw_against_processed(records)
        if not crossed:
            what = f"--link {RAW_PROCESSED} needs processed pictures: name a processor with --variant"
            raise CaseError([Problem(what)])
        records += crossed
    for name, suite in links:
        records += of(suite, RAW_PROCESSED if name == LINKING and raw_processed else suite.name)
    check_splits([*learned, *(suite for _, suite in links)])
    return balanced(records)


def _suite(project: Project, name: str) -> Suite:
    """Return a suite of the project, or the one in a file; one with broken cases is refused."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        found = suite_files.read([path])
    else:
        every = project.suites()
        found = suite_files.Suites(
            [suite for suite in every.good if suite.name == name],
            [broken for broken in every.broken if broken.suite == name],
        )
        if not found.good and not found.broken:
            known = sorted(suite.name for suite in every.good)
            near = did_you_mean(name, known)
            what = f"no suite is called {name!r}{near}; there are {', '.join(known)}, or name a suite's file"
            raise CaseError([Problem(what, project.cases)])
    if found.problems:
        raise CaseError(found.problems)
    return found.good[0]


def entry_of(name: str, order: Order, base: Entry, models: Path) -> str:
    """Return the adapter's entry for ``models.toml``."""
    folder, root = order.out.resolve(), models.parent.resolve()
    place = folder.relative_to(root) if folder.is_relative_to(root) else folder
    settings: dict[str, str | int | bool] = {
        "engine": "local",
        "base": base.name,
        "adapter": place.as_posix(),
        "default": True,
    }
    if base.common.layout != "stacked":
        settings["layout"] = base.common.layout
    if (tokens := base.settings.get("max_new_tokens")) is not None:
        settings["max_new_tokens"] = tokens
    learned = ", ".join([*order.suites, *(f"{link} (linking)" for link in order.links)])
    return entry_text(name, settings | {"note": f"fine-tuned on {learned}"})

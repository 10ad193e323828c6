"""``kurabe check``: everything that a run would stumble over, found without running a model."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kurabe.cases import yaml_lines as yamlfile
from kurabe.cases.case import Case
from kurabe.cases.prompts import Prompts, load_prompts
from kurabe.cases.suites import PROMPTS_FILE, Suite, Suites
from kurabe.cases.trials import Selection, expand
from kurabe.common.errors import CaseError, ModelError, Problem
from kurabe.imaging.load import image_size, unreadable
from kurabe.project import Project, processor_names

_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found.

    Attributes:
        suites: All suites, good and broken.
        pictures: Number of picture files of each suite that were decoded.
        problems: Everything that is wrong, by file and line, a sentence each.
        remarks: What may be meant otherwise than it is taken.
    """

    suites: Suites
    pictures: dict[str, int]
    problems: list[str]
    remarks: list[str]


def check(project: Project, progress: Callable[[Iterable[Path]], Iterable[Path]] = iter) -> Checked:
    """Check suites, prompts, models and pictures.

    Args:
        project: The project.
        progress: Wraps the pictures that are being decoded, to show how far that is.
    """
    try:
        suites = project.suites()
    except CaseError as error:
        suites = Suites()
        found = list(error.problems)
    else:
        # No model takes part: there are no trials, but unknown variants are found.
        expand(suites, Selection(models=(), processors=processor_names()))
        found = suites.problems
    found += _prompts(project, suites)
    pictures = {suite.name: _pictures(suite) for suite in suites.good}
    found += _damaged(suites, pictures, progress)
    found.sort(key=lambda problem: (str(problem.path or ""), problem.line or 0))
    told = [str(problem) for problem in found] + list(_models(project))
    counts = {name: len(paths) for name, paths in pictures.items()}
    return Checked(suites, counts, list(dict.fromkeys(told)), list(_percent(suites)))


def _percent(suites: Suites) -> Iterator[str]:
    """Tell suites whose boxes look like shares of 100, as some labelling tools export them."""
    for suite in suites.good:
        boxed = [
            (case, each.box)
            for case in suite.cases
            for each in case.expect.differences or ()
            if each.box is not None
        ]
        edges = [edge for _, box in boxed for edge in box]
        if not edges or max(edges) > _WHOLE or all(edge == int(edge) for edge in edges):
            continue
        sizes = [image_size(suite.image(case.test)) for case, _ in boxed if case.test is not None]
        if sizes and min(min(size) for size in sizes) >= 2 * _WHOLE:
            yield (
                f"{suite.path}: all boxes end within {_WHOLE} and have decimals, in pictures of "
                f"{sizes[0][0]}x{sizes[0][1]}: boxes are pixels; if these are percent, multiply left and "
                f"right by the width / {_WHOLE}, top and bottom by the height / {_WHOLE}"
            )


def _prompts(project: Project, suites: Suites) -> Iterator[Problem]:
    path = project.cases / PROMPTS_FILE
    try:
        common = load_prompts(path)
    except CaseError as error:
        yield from error.problems
        common = load_prompts()
    for suite in suites.good:
        yield from _own_prompts(suite, common)


def _own_prompts(suite: Suite, common: Prompts) -> list[Problem]:
    try:
        common.overlay(suite.file.prompts, suite.path, ("prompts",))
    except CaseError as error:
        return error.problems
    return []


def _models(project: Project) -> Iterator[str]:
    try:
        registry = project.registry()
    except ModelError as error:
        yield from str(error).splitlines()
        return
    for name in registry.models.entries:
        try:
            registry.engine(name)
        except ModelError as error:
            yield from str(error).splitlines()


def _named(case: Case) -> dict[yamlfile.Path, str]:
    """Return the pictures that a case names, by the place in the case where it names them."""
    key = "reference" if case.references is None else "references"
    named: dict[yamlfile.Path, str | None] = {(key, n): name for n, name in enumerate(case.good)}
    named["test",] = case.test
    if isinstance(case.ignore, str):
        named["ignore",] = case.ignore
    for variant, pair in case.processed.items():
        named["processed", variant, "reference"] = pair.reference
        named["processed", variant, "test"] = pair.test
    return {place: relative for place, relative in named.items() if relative is not None}


def _pictures(suite: Suite) -> list[Path]:
    names = dict.fromkeys(relative for case in suite.cases for relative in _named(case).values())
    return [suite.image(relative) for relative in names]


def _damaged(
    suites: Suites,
    pictures: dict[str, list[Path]],
    progress: Callable[[Iterable[Path]], Iterable[Path]],
) -> Iterator[Problem]:
    wrong = unreadable([path for paths in pictures.values() for path in paths], progress)
    for suite in suites.good:
        if wrong.keys() & set(pictures[suite.name]):
            yield from _places(suite, wrong)


def _places(suite: Suite, wrong: dict[Path, str]) -> Iterator[Problem]:
    """Place damaged pictures at the lines of the suite's file that name them."""
    text = suite.path.read_text(encoding="utf-8")
    lines, entries = yamlfile.lines(text), yamlfile.load(text)["cases"]
    index = {
        str(entry["id"]): i for i, entry in enumerate(entries) if isinstance(entry, dict) and "id" in entry
    }
    for case in suite.cases:
        for place, relative in _named(case).items():
            if what := wrong.get(suite.image(relative)):
                line = yamlfile.line_of(lines, ("cases", index.get(case.id, 0), *place))
                yield Problem(what, suite.path, line, f"case {case.id}")

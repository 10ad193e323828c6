"""Reading suites: files are found, checked and given their places; one broken case hides no other."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kurabe.cases import yaml_lines as yamlfile
from kurabe.cases.case import Case, Defaults, Ignore, SuiteFile, schema
from kurabe.cases.names import as_composed
from kurabe.cases.pictures import NamedPictures
from kurabe.common.errors import Problem, did_you_mean
from kurabe.common.paths import located
from kurabe.common.vocabulary import Box, QuestionKind, Relation

PROMPTS_FILE = "prompts.yaml"
SCHEMA_FILE = "case.schema.json"

_PLACES = {
    "": "at the top of the file",
    "Defaults": "under 'defaults'",
    "Case": "into a case",
    "Expect": "under a case's 'expect'",
    "Difference": "into one of the 'differences'",
    "Choice": "under 'expect: choice'",
    "Describe": "under 'expect: describe'",
}
"""Where the keys of a part of the schema stand, by the part's name."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite whose file could be read; ``cases`` are those without a problem.

    Attributes:
        name: Its name, the first part of every id.
        path: The YAML file.
        file: What the file declares besides its cases.
        cases: The cases that can be used, in the file's order.
    """

    name: str
    path: Path
    file: SuiteFile
    cases: tuple[Case, ...]

    def relation(self, case: Case) -> Relation:
        """Return how the case's pictures belong together, after the suite's defaults."""
        return case.relation or self.file.defaults.relation

    def questions(self, case: Case) -> list[QuestionKind]:
        """Return what is asked of the case: its own ``ask``, the suite's, or all that is known.

        A suite's default holds for the questions that a case's expectation can answer.
        """
        default = self.file.defaults.ask
        if case.ask is not None or default is None:
            return case.questions
        possible = [q for q in default if case.expect.answers(q) and (case.is_pair or q == "describe")]
        return possible or case.questions

    def tags(self, case: Case) -> tuple[str, ...]:
        """Return the case's tags and the suite's, without repetition."""
        return tuple(dict.fromkeys([*case.tags, *self.file.defaults.tags]))

    def split(self, case: Case) -> str:
        """Return ``train``, ``test`` or ``calibration``."""
        return case.split or self.file.defaults.split

    def must_pass(self, case: Case) -> bool:
        """Say whether a wrong answer to this case makes the session fail."""
        return self.file.defaults.must_pass if case.must_pass is None else case.must_pass

    def ignore(self, case: Case) -> Ignore | None:
        """Return what may differ in the case's pictures: boxes, or the name of a mask."""
        return case.ignore or self.file.defaults.ignore

    def region(self, case: Case) -> Box | None:
        """Return the part of the case's pictures that is looked at; None for all."""
        return case.region or self.file.defaults.region

    def image(self, relative: str) -> Path:
        """Return where a picture of this suite lies."""
        return located(self.file.folder(self.path), relative)


@dataclass(frozen=True, slots=True)
class Broken:
    """A case, or a whole suite, that cannot be run.

    Attributes:
        suite: Name of the suite, from the file's name if nothing else is known.
        case: Id of the case; None if the whole suite is meant.
        problems: Everything that is wrong with it.
    """

    suite: str
    case: str | None
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class Suites:
    """Everything that a folder of cases holds."""

    good: list[Suite] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        """All problems, in the order of the files."""
        return [problem for broken in self.broken for problem in broken.problems]


def find(folder: Path) -> list[Path]:
    """Return the suite files under ``folder``, sorted; prompts and hidden files are none.

    Links are followed, and each file and folder is taken once, however many links lead to it.
    """
    found: dict[tuple[int, int], Path] = {}
    seen: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        entries = [entry for entry in _entries(waiting.pop(), seen) if not entry.name.startswith(".")]
        # What is there itself comes before what a link leads to, which may be the same.
        for entry in sorted(entries, key=lambda entry: (entry.is_symlink(), entry.name)):
            with suppress(OSError):  # a link that leads nowhere, or round in a circle
                if entry.is_dir():
                    waiting.insert(0, Path(entry.path))
                elif entry.name.endswith((".yaml", ".yml")) and entry.name != PROMPTS_FILE:
                    found.setdefault(_identity(entry.stat()), Path(entry.path))
    return sorted(found.values())


def _entries(folder: Path, seen: set[tuple[int, int]]) -> list["os.DirEntry[str]"]:
    """Return what a folder holds; nothing if it has been seen or cannot be read."""
    try:
        which = _identity(folder.stat())
        if which in seen:
            return []
        seen.add(which)
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _identity(stat: os.stat_result) -> tuple[int, int]:
    return stat.st_dev, stat.st_ino


def read(paths: Iterable[Path]) -> Suites:
    """Read and check suite files, so that all that is wrong with any of them is known at once."""
    result = Suites()
    owners: dict[str, Path] = {}
    for path in paths:
        suite = _read_one(path, result)
        if suite is None:
            continue
        if suite.name in owners:
            what = f"two suites are called {suite.name!r}, the other is {owners[suite.name]}: rename one"
            result.broken.append(Broken(suite.name, None, (Problem(what, path, 1),)))
            continue
        owners[suite.name] = path
        result.good.append(suite)
    return result


class _UnusableError(Exception):
    """The whole file cannot be used."""

    def __init__(self, what: str, line: int | None = None) -> None:
        super().__init__(what)
        self.line = line


def _parse(path: Path) -> tuple[str, dict[str, Any]]:
    """Return a suite's text and what it declares, with at least one case."""
    try:
        text = path.read_text(encoding="utf-8")
        raw = yamlfile.load(text)
    except OSError as error:
        raise _UnusableError(f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise _UnusableError("is not UTF-8: save it in that encoding") from error
    except yamlfile.YamlError as error:
        raise _UnusableError(str(error), error.line) from error
    if not isinstance(raw, dict):
        raise _UnusableError("a suite is a mapping with the key 'cases'", 1)
    if not isinstance(raw.get("cases"), list) or not raw["cases"]:
        raise _UnusableError("the suite has no cases: list at least one under 'cases:'", 1)
    return text, raw


def _read_one(path: Path, result: Suites) -> Suite | None:
    try:
        text, raw = _parse(path)
    except _UnusableError as error:
        result.broken.append(Broken(path.stem, None, (Problem(str(error), path, error.line),)))
        return None
    cases = raw["cases"]
    checker = _Checker(path, text)
    header = {key: value for key, value in raw.items() if key != "cases"}
    try:
        # One case stands for all: the others are validated one by one below.
        placeholder = {"id": "x", "test": "x", "reference": "y", "expect": {"verdict": "same"}}
        file = SuiteFile.model_validate({**header, "cases": [placeholder]})
    except ValidationError as error:
        name = str(raw.get("suite") or path.stem)
        result.broken.append(Broken(name, None, tuple(checker.translate(error, (), ""))))
        return None
    name = file.suite or as_composed(path.stem)
    if what := checker.look_below(file):
        result.broken.append(Broken(name, None, (checker.problem(what, ("root",), ""),)))
        return None
    if problems := checker.defaults(file.defaults):
        result.broken.append(Broken(name, None, tuple(problems)))
        return None
    good: list[Case] = []
    for index, entry in enumerate(cases):
        case, problems = checker.case(entry, index, file)
        if problems:
            label = entry.get("id") if isinstance(entry, dict) else None
            result.broken.append(Broken(name, str(label or f"case{index + 1}"), tuple(problems)))
        elif case is not None:
            good.append(case)
    return Suite(name, path, file, tuple(good))


class _Checker:
    """Checks the cases of one file; lines are looked up only when something is wrong."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text
        self._places: dict[yamlfile.Path, int] | None = None
        self._seen: dict[str, int] = {}
        self._pictures = NamedPictures(path.parent, path.name)

    def look_below(self, file: SuiteFile) -> str:
        """Take the pictures from where the suite says they are; return what is wrong with that place."""
        folder = file.folder(self._path)
        self._pictures = NamedPictures(folder, self._path.name, file.root)
        if folder.is_dir():
            return ""
        return f"there is no folder {folder}: correct 'root', or bring the pictures there"

    def problem(self, what: str, loc: yamlfile.Path, where: str) -> Problem:
        """Return a problem with the line where it is in the file."""
        if self._places is None:
            self._places = yamlfile.lines(self._text)
        return Problem(what, self._path, yamlfile.line_of(self._places, loc), where)

    def translate(self, error: ValidationError, prefix: yamlfile.Path, where: str) -> Iterator[Problem]:
        """Turn pydantic's findings into problems with a line each."""
        for finding in error.errors(include_url=False):
            loc = (*prefix, *finding["loc"])
            key = ".".join(str(part) for part in finding["loc"])
            if finding["type"] == "extra_forbidden":
                what = f"unknown key {key!r}{_meant(str(loc[-1]))}"
            elif finding["type"] == "missing":
                what = f"the key {key!r} is missing"
            else:
                message = finding["msg"].removeprefix("Value error, ")
                what = f"{key}: {message}" if key else message
            yield self.problem(what, loc, where)

    def case(self, entry: Any, index: int, file: SuiteFile) -> tuple[Case | None, list[Problem]]:
        """Validate one case.

        Returns:
            The case, and all that is wrong with it.
        """
        loc = ("cases", index)
        where = f"case {entry.get('id', index + 1) if isinstance(entry, dict) else index + 1}"
        common = file.defaults.references
        if common is not None and isinstance(entry, dict) and not entry.keys() & {"reference", "references"}:
            entry = {**entry, "references": common}
        try:
            case = Case.model_validate(entry)
        except ValidationError as error:
            return None, list(self.translate(error, loc, where))
        problems: list[Problem] = []
        if case.id in self._seen:
            first = self.problem("", ("cases", self._seen[case.id], "id"), "").line
            what = f"the id {case.id!r} stands twice, first in line {first}: ids are unique in a suite"
            problems.append(self.problem(what, (*loc, "id"), where))
        self._seen.setdefault(case.id, index)
        case, found = self._pictures.settled(case, file.defaults)
        problems += [self.problem(what, (*loc, *place), where) for what, place in found]
        return case, problems

    def defaults(self, defaults: Defaults) -> list[Problem]:
        """Return what is wrong with the good parts that a suite names once for all cases."""
        good = self._pictures.files(defaults.references or ())
        return [self.problem(good, ("defaults", "references"), "")] if isinstance(good, str) else []


def _meant(key: str) -> str:
    """Return a hint at what an unknown key was meant to be; one that stands elsewhere is told its place."""
    parts = {"": schema(), **schema()["$defs"]}
    homes = {name: part.get("properties", {}) for name, part in parts.items()}
    if places := [place for name, place in _PLACES.items() if key in homes.get(name, {})]:
        return f": it belongs {' or '.join(places)}"
    return did_you_mean(key, {each for keys in homes.values() for each in keys})


def write_schema(folder: Path) -> Path:
    """Write ``case.schema.json`` into ``folder`` and return its path."""
    path = folder / SCHEMA_FILE
    path.write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path

"""Writing imported suites, case by case, beside their place and then into it."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kurabe.authoring.import_order import Order
from kurabe.authoring.suite_writer import IMAGES, to_yaml
from kurabe.cases import suites
from kurabe.common.errors import KurabeError
from kurabe.common.vocabulary import Relation


@dataclass(frozen=True, slots=True)
class Head:
    """What is written above the cases.

    Attributes:
        order: What the user asked for.
        title: The suite's title.
        rule: The pairing rule, in words.
        relation: Relation of cases that name none.
        folders: All folders that pictures lie in.
    """

    order: Order
    title: str
    rule: str
    relation: Relation
    folders: frozenset[Path]


class Writer:
    """Writes suites into a hidden folder, which `finish` moves into place; use it as a context."""

    def __init__(self, head: Head) -> None:
        """Take what is written above the cases."""
        self._head = head
        self._order = head.order
        self._base = _common(head.folders, head.order.source)
        self._suites: dict[str, int] = {}
        self._pictures: set[str] = set()
        self._goods: dict[str, list[str]] = {}
        self._stack = ExitStack()
        self._made_folder = False
        self.name = head.order.name

    @property
    def cases(self) -> int:
        """Number of cases written so far."""
        return sum(self._suites.values())

    @property
    def pictures(self) -> int:
        """Number of different pictures of the cases."""
        return len(self._pictures)

    def __enter__(self) -> Self:
        into = self._order.into
        if self._order.dry_run:
            place = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="kurabe-import-"))
        else:
            self._made_folder = not into.is_dir()
            into.mkdir(parents=True, exist_ok=True)
            # In the folder that the suites go to, so that moving them there is a renaming.
            place = self._stack.enter_context(tempfile.TemporaryDirectory(prefix=".import-", dir=into))
        self._staged = Path(place)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        if kind is not None and self._made_folder:
            with suppress(OSError):  # it is not empty: what could be written stays
                self._order.into.rmdir()

    def place(self, picture: Path) -> str:
        """Return a picture's path as a suite names it."""
        below = os.path.relpath(_absolute(picture), self._base).replace(os.sep, "/")
        return f"{IMAGES}/{below}" if self._order.copy else below

    def add(self, suite: str, case: Mapping[str, Any], pictures: Iterable[Path]) -> None:
        """Write a case to a suite."""
        path = self._staged / suite / f"{suite}.yaml"
        new = suite not in self._suites
        if new:
            path.parent.mkdir(parents=True)
        goods = case.get("references")
        if new and self._order.pair == "all-good" and goods:
            self._goods[suite] = goods
        written = dict(case)
        if goods and goods == self._goods.get(suite):
            del written["references"]  # they stand above all cases, once
        text = to_yaml({"cases": [written]})
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(self._text_of_head(suite) + text if new else text.split("\n", 1)[1])
        self._suites[suite] = self._suites.get(suite, 0) + 1
        for picture in pictures:
            name = self.place(picture)
            self._pictures.add(name)
            if self._order.copy and not self._order.dry_run:
                target = path.parent / name
                if not target.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(picture, target)

    def _text_of_head(self, suite: str) -> str:
        head: dict[str, Any] = {"suite": suite, "title": self._head.title}
        if not self._order.copy:
            root = self._root(self._order.into / suite)
            if root != ".":
                head["root"] = root
        head["defaults"] = {"relation": self._head.relation}
        if suite in self._goods:
            head["defaults"]["references"] = self._goods[suite]
        return f"# Imported by: {self._order.command}\n# Pairs: {self._head.rule}.\n{to_yaml(head)}"

    def _root(self, folder: Path) -> str:
        """Return the pictures' folder: relative within the project, so that it may move as a whole."""
        project = _absolute(self._order.into).parent
        if self._base.is_relative_to(project):
            return os.path.relpath(self._base, _absolute(folder)).replace(os.sep, "/")
        return self._base.as_posix()

    def finish(self) -> dict[Path, int]:
        """Move the suites into place; return the number of cases of each file.

        Raises:
            KurabeError: If a suite of that name is there, and is not to be written over.
        """
        into = self._order.into
        refuse_existing(into, self._suites, self._order.force)
        made = {into / name / f"{name}.yaml": number for name, number in self._suites.items()}
        if not self._order.dry_run:
            for name in self._suites:
                _move(self._staged / name, into / name)
        return made


def _absolute(path: Path) -> Path:
    # Not resolved: sets are often links into a large disk, and their own names are the ones that stay.
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute() leaves ".." in


def _common(folders: Iterable[Path], source: Path) -> Path:
    """Return the folder that all pictures are below: the source if it can be.

    Raises:
        KurabeError: If they have no folder in common that could be named safely.
    """
    home = _absolute(source if source.is_dir() else source.parent)
    homes = {_absolute(folder) for folder in folders}
    if not homes or all(folder.is_relative_to(home) for folder in homes):
        return home
    try:
        common = Path(os.path.commonpath(homes))
    except ValueError:  # drives of Windows
        common = Path(home.anchor)
    if common == Path(common.anchor):
        raise KurabeError(
            "the pictures lie in folders that have nothing in common "
            f"({', '.join(map(str, sorted(homes)[:3]))}): "
            "bring them below one folder"
        )
    return common


def refuse_existing(into: Path, groups: Iterable[str], force: bool) -> None:
    """Refuse to write over suites, and names that another file has.

    Raises:
        KurabeError: With what to do.
    """
    there = suites.read(suites.find(into)) if into.is_dir() else suites.Suites()
    for name in groups:
        path = into / name / f"{name}.yaml"
        # A folder of that name may hold the pictures already.
        if path.exists() and not force:
            raise KurabeError(f"{into / name} is there already: --force writes over it, or choose a --name")
        for suite in there.good:
            if suite.name == name and suite.path != path:
                raise KurabeError(f"{suite.path} is a suite of the name {name!r} already: choose a --name")


def _move(staged: Path, target: Path) -> None:
    if not target.exists():
        staged.rename(target)
        return
    # The YAML file last: until then the old suite is whole.
    files = sorted((p for p in staged.rglob("*") if p.is_file()), key=lambda p: p.suffix == ".yaml")
    for file in files:
        home = target / file.relative_to(staged)
        home.parent.mkdir(parents=True, exist_ok=True)
        file.replace(home)

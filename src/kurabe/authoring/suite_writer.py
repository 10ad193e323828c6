"""What the commands write into suites: YAML that people go on editing, and pictures beside it."""

import filecmp
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from kurabe.cases.names import slug
from kurabe.common.errors import KurabeError

IMAGES = "images"
"""Name of the folder of a suite's pictures, beside its YAML file."""


class Inline(list[Any]):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        """Indent the items of lists below their key."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """Write equal lists out each time: readers edit them one by one."""
        return True


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    # PyYAML takes 1e3 for a text and writes it bare; YAML 1.2, by which suites are read, has a number there.
    style = "'" if _is_number(value) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(
    Inline,
    lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True),
)


def to_yaml(value: object) -> str:
    """Return dicts, lists and scalars as YAML in block style, `Inline` lists on one line."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


class Shelf:
    """Gives pictures a place below a suite's folder; nothing is written before `fill`."""

    def __init__(self, folder: Path) -> None:
        """Take the suite's folder, which need not exist yet."""
        self._folder = folder
        self._places: dict[Path, str] = {}
        self._owners: dict[str, Path] = {}

    @property
    def pictures(self) -> int:
        """Number of different pictures that got a place."""
        return len(self._places)

    def place(self, source: Path) -> str:
        """Return where a picture is or will be, relative to the folder, with forward slashes.

        A picture that lies in the folder stays where it is. Of others the name is kept, with a number
        behind it where another picture has it already.
        """
        real = source.resolve()
        if real not in self._places:
            home = self._folder.resolve()
            inside = real.is_relative_to(home)
            self._places[real] = real.relative_to(home).as_posix() if inside else self._free(source, real)
        return self._places[real]

    def _free(self, source: Path, real: Path) -> str:
        name, number = source.name, 2
        while self._is_taken(name, real):
            name, number = f"{source.stem}-{number}{source.suffix}", number + 1
        self._owners[name.casefold()] = real  # some file systems do not tell A.png from a.png
        return f"{IMAGES}/{name}"

    def _is_taken(self, name: str, real: Path) -> bool:
        if name.casefold() in self._owners:
            return True
        there = self._folder / IMAGES / name
        return there.exists() and not filecmp.cmp(there, real, shallow=False)

    def fill(self, folder: Path, put: Callable[[Path, Path], object] = shutil.copyfile) -> list[Path]:
        """Put the pictures that are not there yet below ``folder``; return the new files.

        Args:
            folder: The suite's folder, or another one that will become it.
            put: Makes the second path from the first.
        """
        written = []
        for real, relative in self._places.items():
            target = folder / relative
            if target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            put(real, target)
            written.append(target)
        return written


def link_or_copy(source: Path, target: Path) -> None:
    """Make ``target`` a hard link to ``source``, or a copy where the file system allows no link."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def suite_name(text: str) -> str:
    """Return a name for a new suite, which names its folder and file, too.

    Raises:
        KurabeError: If suites cannot be called so.
    """
    if not text or slug(text) != text:
        hint = f", such as {slug(text)!r}" if slug(text) else ""
        raise KurabeError(f"a suite cannot be called {text!r}: use letters, digits, '-', '_' and '.'{hint}")
    return text

"""The README and the docs as the tests read them: files, links, code blocks, commands."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READMES = (ROOT / "README.md", ROOT / "README.ja.md")
DOCS = tuple(sorted((ROOT / "docs").rglob("*.md")))
ALL = (*READMES, ROOT / "CONTRIBUTING.md", *DOCS)

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def name_of(path: Path) -> str:
    """Return a file's name for messages and test ids."""
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    """Return a file's text."""
    return path.read_text(encoding="utf-8")


def blocks(path: Path, language: str) -> list[str]:
    """Return the code blocks of a language."""
    return [body for found, body in _BLOCK.findall(text_of(path)) if found == language]


def links(path: Path) -> list[str]:
    """Return the targets of links and pictures that stay in the repository."""
    return [target for target in _LINK.findall(text_of(path)) if "://" not in target]


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = _HEADING.findall(_BLOCK.sub("", text_of(path)))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@dataclass(frozen=True, slots=True)
class Command:
    """One line of a console block.

    Attributes:
        program: ``kurabe``, ``pytest``, ``git`` …, without ``uv run``.
        words: Its arguments.
        line: The line as it stands there, without remark.
    """

    program: str
    words: tuple[str, ...]
    line: str

    @property
    def options(self) -> list[str]:
        """The long options, without values."""
        return [word.split("=")[0] for word in self.words if word.startswith("--")]


def commands(path: Path) -> Iterator[Command]:
    """Return the commands of a page's console blocks."""
    for block in blocks(path, "console"):
        for line in block.splitlines():
            assert line.startswith("$ "), f"{name_of(path)}: {line!r} is no command"
            for part in line[2:].split(" && "):
                if words := shlex.split(part.replace("<this repository>", "REPOSITORY"), comments=True):
                    yield _command(words)


def _command(words: list[str]) -> Command:
    line = shlex.join(words)
    if words[:2] == ["uv", "run"]:
        words = words[2:]
    if "=" in words[0]:  # a variable for this command
        words = words[1:]
    if ">>" in words:
        words = words[: words.index(">>")]
    return Command(words[0], tuple(words[1:]), line)

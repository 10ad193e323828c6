"""New entries for ``models.toml``: appended to the user's file, in which everything else stays as it is."""

from collections.abc import Mapping
from pathlib import Path

import tomlkit

from kurabe.common.atomic import replacing
from kurabe.common.errors import ModelError, Problem
from kurabe.models import config


def entry_text(name: str, settings: Mapping[str, str | int | float | bool]) -> str:
    """Return an entry as TOML, its keys in the order of ``settings``."""
    entry = tomlkit.table()
    entry.update(settings)
    models = tomlkit.table(is_super_table=True)
    models.append(name, entry)
    document = tomlkit.document()
    document.append("models", models)
    return tomlkit.dumps(document)


def check_name(models: config.Models, name: str) -> None:
    """Refuse a name that ``models.toml`` has already.

    Raises:
        ModelError: With its line.
    """
    if name in models.entries:
        there = models.entries[name]
        what = "there is a model of this name already: choose another with --name"
        raise ModelError(str(Problem(what, there.path, there.line, f"model {name}")))


def register(path: Path, name: str, entry: str) -> None:
    """Add an entry at the end of ``models.toml``.

    Args:
        path: The file.
        name: The entry's name.
        entry: Its text, as `entry_text` returns it.

    Raises:
        ModelError: If the name is taken, or the file would not be valid any more; it is then as it was.
    """
    check_name(config.read(path), name)
    before = path.read_bytes().decode("utf-8")  # with the line ends that it has
    gap = "" if not before or before.endswith("\n\n") else "\n" if before.endswith("\n") else "\n\n"
    with replacing(path) as fresh:
        fresh.write_bytes((before + gap + entry).encode("utf-8"))
        config.read(fresh)

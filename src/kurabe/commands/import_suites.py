"""``kurabe import``: what is imported, and what is said of it."""

from collections.abc import Callable, Iterable
from pathlib import Path

from kurabe.authoring.import_order import Imported, Order
from kurabe.authoring.importers import importer
from kurabe.authoring.importing import run_import
from kurabe.authoring.parts import Hints, Part
from kurabe.commands.console import many

_SHOWN = 50
"""Problems that are printed one by one."""


def import_suites(
    name: str, order: Order, hints: Hints, progress: Callable[[Iterable[Part]], Iterable[Part]] = iter
) -> Imported:
    """Import a source.

    Args:
        name: The format.
        order: What is asked for.
        hints: What the user tells about the source.
        progress: Wraps the parts, to show how far the import is.

    Raises:
        KurabeError: If it cannot be imported.
    """
    return run_import(importer(name, order.source, hints), order, progress)


def describe_skipped(done: Imported) -> list[str]:
    """Return what was left out and why, a line each."""
    lines = [f"left out: {problem}" for problem in done.skipped[:_SHOWN]]
    if done.skipped_number > _SHOWN:
        lines.append(f"left out: {done.skipped_number - _SHOWN} more for such reasons")
    lines += [f"left out: {many(number, 'file')}: {what}" for what, number in done.left_out.items()]
    return lines


def describe_made(done: Imported, *, dry_run: bool) -> list[str]:
    """Return what was made, a line each."""
    lines = [f"{path}: {many(count, 'case')}" for path, count in done.suites.items()]
    kinds = ", ".join(
        f"{number} {kind}" for kind, number in sorted(done.kinds.items(), key=lambda k: -k[1])[:12]
    )
    if len(done.kinds) > 12:
        kinds += f" and {len(done.kinds) - 12} more kinds"
    lines.append(f"Kinds: {kinds}.")
    lines.append(f"Pairs: {done.rule}.")
    if len({kind == "good" for kind in done.kinds}) < 2:
        only = "good" if "good" in done.kinds else "bad"
        lines.append(f"All tested parts are {only}: balanced accuracy needs good and bad ones.")
    cases, pictures = many(sum(done.suites.values()), "case"), many(done.pictures, "picture")
    lines.append(f"{cases} with {pictures} {'would be ' if dry_run else ''}imported.")
    return lines


def suite_name_of(source: Path) -> str:
    """Return a name for a suite of a source: its file's or folder's."""
    return source.resolve().stem if source.is_file() else source.resolve().name

"""Real pairs for measuring: no picture twice, or each reference in several tests, as suites of a project."""

import csv
import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from kurabe.authoring.import_order import Imported, Order
from kurabe.authoring.import_pairs import PairsImporter
from kurabe.authoring.importing import run_import
from kurabe.authoring.labels import Labels
from kurabe.authoring.pair_table import Row, read_table
from kurabe.authoring.parts import Hints
from kurabe.project import Project

COLUMNS = ("id", "before", "after", "label", "boxes", "n_differences", "pair_type")


@dataclass(frozen=True, slots=True)
class Pair:
    """Where the two pictures are; what differs is not asked for here."""

    before: Path
    after: Path


def of_table(table: Path) -> list[Pair]:
    """Return the pairs of a table, as ``kurabe import pairs`` takes it."""
    rows = read_table(table, "aligned", Labels())
    return [Pair(row.before, row.after) for row in rows if isinstance(row, Row)]


def import_table(table: Path, cases: Path, name: str, *, by_product: bool = False) -> Imported:
    """Make suites of a table, as ``kurabe import pairs`` does."""
    order = Order(table, cases, name, "kurabe import pairs", by_product=by_product)
    return run_import(PairsImporter(table, Hints()), order)


def of_suites(cases: Path) -> list[Pair]:
    """Return the pairs of the suites in a folder."""
    return [
        Pair(suite.image(case.reference), suite.image(case.test))
        for suite in Project.at(cases.parent, cases=cases.name).suites().good
        for case in suite.cases
        if case.reference is not None and case.test is not None and case.is_pair
    ]


def distinct(pairs: Iterable[Pair], number: int, folder: Path) -> list[Pair]:
    """Return so many pairs of which no two have a picture in common.

    Where there are too few, mirrored pictures make up for it, and then pictures laid on their sides: as much
    work as the real ones, and new to whatever remembers pictures.

    Args:
        pairs: To choose from, the first first.
        number: Pairs wanted.
        folder: Takes mirrored pictures.

    Raises:
        ValueError: If mirroring does not yield enough either.
    """
    seen: set[Path] = set()
    chosen: list[Pair] = []
    for pair in pairs:
        if seen.isdisjoint((pair.before, pair.after)) and pair.before != pair.after:
            chosen.append(pair)
            seen.update((pair.before, pair.after))
    for turn in (ImageOps.mirror, ImageOps.flip, _on_its_side):
        for pair in tuple(chosen):
            if len(chosen) >= number:
                break
            folder.mkdir(parents=True, exist_ok=True)
            turned: list[Path] = []
            for picture in (pair.before, pair.after):
                turned.append(folder / f"{turn.__name__}-{len(chosen)}-{len(turned)}{picture.suffix}")
                with Image.open(picture) as image:
                    turn(image.convert("RGB")).save(turned[-1], quality=95)
            chosen.append(Pair(*turned))
    if len(chosen) < number:
        raise ValueError(f"{number} pairs without a common picture are asked for, {len(chosen)} can be had")
    return chosen[:number]


def _on_its_side(picture: Image.Image) -> Image.Image:
    return picture.transpose(Image.Transpose.TRANSPOSE)


def with_shared_references(pairs: Sequence[Pair], tests: int) -> list[Pair]:
    """Show ``tests`` pairs' tests each against the reference of the first; an incomplete group goes."""
    whole = len(pairs) - len(pairs) % tests
    return [Pair(pairs[place - place % tests].before, pairs[place].after) for place in range(whole)]


def write_suite(project: Project, name: str, pairs: Sequence[Pair], folder: Path) -> None:
    """Write a suite of these pairs.

    What is expected of a case is never looked at by who measures speed; it says what makes the suite ask for
    verdicts and differences.

    Args:
        project: Gets the suite.
        name: Of the suite.
        pairs: One a case.
        folder: Takes the table that is imported, and copies of the pictures: those of a table and those that
            were mirrored may have no folder in common, which an import asks for.
    """
    kept = folder / f"{name}-pictures"
    kept.mkdir(parents=True, exist_ok=True)
    copies: dict[Path, Path] = {}
    for picture in dict.fromkeys(picture for pair in pairs for picture in (pair.before, pair.after)):
        copies[picture] = kept / f"{len(copies)}{picture.suffix}"
        shutil.copyfile(picture, copies[picture])
    table = folder / f"{name}.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for number, pair in enumerate(pairs):
            writer.writerow(
                {
                    "id": f"p{number:04d}",
                    "before": copies[pair.before].resolve(),
                    "after": copies[pair.after].resolve(),
                    "label": "different",
                    "boxes": json.dumps([[0, 0, 1, 1, "changed"]]),
                    "n_differences": 1,
                    "pair_type": "instance",
                }
            )
    import_table(table, project.cases, name)

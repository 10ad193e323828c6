"""Small pictures of parts in the layouts that importers read, drawn by the tests."""

from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from kurabe.authoring.import_order import Imported, Order
from kurabe.authoring.importers import importer
from kurabe.authoring.importing import run_import
from kurabe.authoring.labels import Labels
from kurabe.authoring.parts import Hints
from kurabe.cases import suites
from kurabe.cases.suites import Suite
from kurabe.commands.check import check
from kurabe.project import Project
from tests.support.project import INSTANT

SIZE = (64, 48)

Edges = tuple[int, int, int, int]


def part(path: Path, *defects: Edges, shade: int = 200, size: tuple[int, int] = SIZE, pose: int = 0) -> Path:
    """Draw a part, moved by its pose; a defect is a red rectangle, right and bottom exclusive."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.new("RGB", size, (shade, shade, 160))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((10 + pose, 10, 30 + pose, 30), fill=(40, 60, 80))
    for left, top, right, bottom in defects:
        draw.rectangle((left, top, right - 1, bottom - 1), fill=(200, 20, 20))
    picture.save(path)
    return path


def mask(path: Path, *places: Edges, size: tuple[int, int] = SIZE, value: int = 255) -> Path:
    """Draw a mask that is white at some places."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.new("L", size, 0)
    for left, top, right, bottom in places:
        picture.paste(value, (left, top, right, bottom))
    picture.save(path)
    return path


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a text file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding=encoding)
    return path


def order(source: Path, into: Path, name: str = "mine", **more: Any) -> Order:
    """Return what the command line asks for without options."""
    return Order(source, into, name, "kurabe import", **more)


def imported(
    name: str, source: Path, root: Path, *, hints: Hints | None = None, **more: Any
) -> tuple[Suite, Imported]:
    """Import a source into a project at ``root``; the suite is one that ``kurabe check`` finds nothing in."""
    done = run_import(importer(name, source, hints or Hints()), order(source, root / "cases", **more))
    (root / "models.toml").write_text(INSTANT)
    assert check(Project.at(root)).problems == []
    (suite,) = suites.read(suites.find(root / "cases")).good
    return suite, done


def words(good: tuple[str, ...] = (), bad: tuple[str, ...] = ()) -> Hints:
    """Return hints with words of the user's."""
    return Hints(labels=Labels(good, bad))


def boxes(suite: Suite) -> dict[str, list[tuple[str | None, tuple[float, ...]]]]:
    """Return each case's differences by its test picture: kind and box."""
    return {
        str(case.test): [(d.kind, tuple(d.box or ())) for d in case.expect.differences or []]
        for case in suite.cases
    }


def verdicts(suite: Suite) -> dict[str, str]:
    """Return each case's verdict by its test picture."""
    return {str(case.test): str(case.expect.known_verdict) for case in suite.cases}


def references(suite: Suite) -> dict[str, str | None]:
    """Return each case's reference by its test picture."""
    return {str(case.test): case.reference for case in suite.cases}

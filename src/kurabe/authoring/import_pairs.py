"""Tables of image pairs become suites: one row a case, all that is wrong with the table told at once."""

import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kurabe.authoring.pair_table import Boxed, Problems, Row, read_table
from kurabe.authoring.suite_writer import Inline, Shelf, link_or_copy, suite_name, to_yaml
from kurabe.cases import suites
from kurabe.cases.case import words_of
from kurabe.cases.names import slug
from kurabe.common.errors import CaseError, KurabeError, Problem
from kurabe.common.vocabulary import Relation
from kurabe.imaging.load import unreadable


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import made.

    Attributes:
        name: Name of the suite, or what the names of several begin with.
        suites: Number of cases of each suite file.
        pictures: Number of pictures beside them.
        skipped: What is wrong with the rows that were left out.
    """

    name: str
    suites: dict[Path, int]
    pictures: int
    skipped: tuple[Problem, ...]


def import_pairs(
    table: Path,
    into: Path,
    *,
    name: str | None = None,
    by_family: bool = False,
    relation: Relation = "aligned",
    force: bool = False,
    skip_bad: bool = False,
) -> Imported:
    """Make suites of a CSV table of pairs, with their pictures beside them.

    Columns: ``id``, ``before`` and ``after`` (paths relative to the table), ``label`` (same or
    different); where there are such columns also ``kinds`` (JSON list), ``n_differences``, ``boxes``
    (JSON ``[[x1, y1, x2, y2, kind], …]`` in pixels of ``after``), ``family``, ``pair_type`` (aligned or
    instance). Others are ignored. An empty cell or ``null`` is unknown and is not scored; ``[]`` is none.

    Args:
        table: The CSV file, in UTF-8; separated by commas, semicolons or tabs.
        into: Folder of the suites.
        name: Name of the suite; default: the table's name.
        by_family: Make a suite ``NAME-FAMILY`` of each family.
        relation: Relation of the rows that name none.
        force: Write over suites that are there; other files in their folders stay.
        skip_bad: Leave rows with errors out instead of refusing the table.

    Raises:
        CaseError: With all that is wrong, by line of the table; nothing has then been written.
        KurabeError: If a suite is there already, or no row can be used.
    """
    plan = _Plan(table, into, suite_name(slug(table.stem) if name is None else name), by_family)
    rows, problems = read_table(table, relation)
    _check_pictures(table, rows, problems)
    if by_family:
        _check_families(table, rows, problems)
    made_folder = not into.is_dir()
    into.mkdir(parents=True, exist_ok=True)
    try:
        return _write(plan, rows, problems, force=force, skip_bad=skip_bad)
    except BaseException:
        if made_folder:
            with suppress(OSError):  # it is not empty: what could be written stays
                into.rmdir()
        raise


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is imported, and where it goes."""

    table: Path
    into: Path
    name: str
    by_family: bool

    def grouped(self, rows: Iterable[Row]) -> dict[str, list[Row]]:
        """Return the rows of each suite, in the order of the table."""
        groups: dict[str, list[Row]] = {}
        for row in rows:
            suite = f"{self.name}-{slug(row.family)}" if self.by_family else self.name
            groups.setdefault(suite, []).append(row)
        return groups


def _write(plan: _Plan, rows: Sequence[Row], problems: Problems, *, force: bool, skip_bad: bool) -> Imported:
    good = [row for row in rows if row.line not in problems]
    # In the folder that the suites go to, so that moving them there is a renaming.
    with tempfile.TemporaryDirectory(prefix=".import-", dir=plan.into) as place:
        staged = Path(place) / "first"
        groups = plan.grouped(good)
        pictures = _stage(plan.table, staged, groups)
        found = _check_suites(plan.table, staged, good)
        for line, what in found.items():
            problems.setdefault(line, []).extend(what)
        told = [problem for line in sorted(problems) for problem in problems[line]]
        if told and not skip_bad:
            raise CaseError(told)
        if found:
            staged = Path(place) / "second"
            groups = plan.grouped(row for row in good if row.line not in found)
            pictures = _stage(plan.table, staged, groups)
        if not groups:
            raise CaseError([*told, Problem("no row can be used", plan.table)])
        _refuse_existing(plan.into, groups, force)
        for suite in groups:
            _move(staged / suite, plan.into / suite)
    made = {plan.into / suite / f"{suite}.yaml": len(group) for suite, group in groups.items()}
    return Imported(plan.name, made, pictures, tuple(told))


# Checking


def _check_pictures(table: Path, rows: Sequence[Row], problems: Problems) -> None:
    """Decode every picture, so that no cut-off file gets into a suite."""
    found = unreadable(dict.fromkeys(path for row in rows for path in row.pictures))
    for row in rows:
        for path in dict.fromkeys(row.pictures):
            if path in found:
                problem = Problem(found[path], table, row.line, f"case {row.id}")
                problems.setdefault(row.line, []).append(problem)


def _check_families(table: Path, rows: Sequence[Row], problems: Problems) -> None:
    for row in rows:
        if not slug(row.family):
            what = "the cell 'family' is empty: fill it, or import without --by family"
            problems.setdefault(row.line, []).append(Problem(what, table, row.line, f"case {row.id}"))


def _check_suites(table: Path, staged: Path, rows: Sequence[Row]) -> Problems:
    """Read the staged suites as every run will; what is wrong is placed at the row that it came from.

    Raises:
        CaseError: If a whole suite cannot be used.
    """
    lines = {row.id: row.line for row in rows}
    found: Problems = {}
    for broken in suites.read(suites.find(staged)).broken:
        if broken.case not in lines:
            raise CaseError([Problem(p.what, table, None, f"suite {broken.suite}") for p in broken.problems])
        line = lines[broken.case]
        told = [Problem(p.what, table, line, f"case {broken.case}") for p in broken.problems]
        found.setdefault(line, []).extend(told)
    return found


def _refuse_existing(into: Path, groups: Iterable[str], force: bool) -> None:
    there = suites.read(suites.find(into))
    for name in groups:
        path = into / name / f"{name}.yaml"
        if (into / name).exists() and not force:
            raise KurabeError(f"{into / name} is there already: --force writes over it, or choose a --name")
        for suite in there.good:
            if suite.name == name and suite.path != path:
                raise KurabeError(f"{suite.path} is a suite of the name {name!r} already: choose a --name")


# Writing


def _stage(table: Path, place: Path, groups: dict[str, list[Row]]) -> int:
    """Write complete suites below ``place``; return the number of their pictures."""
    pictures = 0
    for name, rows in groups.items():
        folder = place / name
        folder.mkdir(parents=True)
        shelf = Shelf(folder)
        text = _suite_text(table.name, name, rows, shelf)
        shelf.fill(folder, link_or_copy)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8", newline="\n")
        pictures += shelf.pictures
    return pictures


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


def _suite_text(table: str, name: str, rows: Sequence[Row], shelf: Shelf) -> str:
    relations = {row.relation for row in rows}
    shared = relations.pop() if len(relations) == 1 else None
    head: dict[str, Any] = {"suite": name, "title": f"Pairs of {table}"}
    if shared is not None:
        head["defaults"] = {"relation": shared}
    cases = [_case(row, shelf, shared) for row in rows]
    # The order of the table stays, so that importing it again gives the same file.
    return "# Imported by: kurabe import pairs\n" + to_yaml(head) + to_yaml({"cases": cases})


def _case(row: Row, shelf: Shelf, shared: Relation | None) -> dict[str, Any]:
    case: dict[str, Any] = {
        "id": row.id,
        "reference": shelf.place(row.before),
        "test": shelf.place(row.after),
    }
    if row.relation != shared:
        case["relation"] = row.relation
    listed = [box.kind for box in row.boxes or () if box.kind is not None]
    kinds = row.kinds if row.kinds is not None else listed
    tags = [tag for tag in dict.fromkeys(map(slug, [row.family, *kinds])) if tag]
    if tags:
        case["tags"] = Inline(tags)
    if row.boxes and row.count is None:
        # Nobody knows how many there are, so an answer that names more cannot be held against the boxes.
        case["ask"] = Inline(["verdict"])
    expect: dict[str, Any] = {"verdict": row.label}
    if row.boxes is not None:
        expect["differences"] = [_difference(box, row.kinds) for box in row.boxes]
    if row.count is not None:
        expect["count"] = row.count
    return case | {"expect": expect}


def _difference(box: Boxed, kinds: tuple[str, ...] | None) -> dict[str, Any]:
    difference: dict[str, Any] = {}
    if box.kind is not None:
        difference["kind"] = box.kind
    difference["box"] = Inline(int(edge) if edge == int(edge) else edge for edge in box.edges)
    # A box whose kind the row does not list is named by how it was drawn, not by what can be seen in it.
    if box.kind is not None and (kinds is None or box.kind in kinds) and words_of(box.kind):
        difference["says"] = [Inline(forms) for forms in words_of(box.kind)]
    return difference

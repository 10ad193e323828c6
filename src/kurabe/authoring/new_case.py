"""``kurabe new``: one more case, in the user's own file, without touching what the user wrote there."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml

from kurabe.authoring.suite_writer import IMAGES, Inline, Shelf, suite_name, to_yaml
from kurabe.cases import suites
from kurabe.cases import yaml_lines as yamlfile
from kurabe.cases.names import slug
from kurabe.cases.suites import Suite, Suites
from kurabe.common.atomic import write_text
from kurabe.common.errors import CaseError, KurabeError, Problem
from kurabe.common.vocabulary import Box, Relation, Verdict
from kurabe.imaging.load import load_image


@dataclass(frozen=True, slots=True)
class Draft:
    """A case as the user asks for it.

    Attributes:
        reference: The good picture.
        test: The suspect picture.
        id: Id of the case; "" takes the test picture's name.
        verdict: Same or different; None if the differences tell.
        says: Each difference's groups of words.
        relation: How the two belong together; None leaves it to the suite.
        kinds: Each difference's kind; here and below, the nth belongs to the nth difference.
        wheres: Where each difference is, in words.
        boxes: Each difference's box in pixels of the test picture.
        tags: Words by which the case is selected.
        split: ``train`` or ``test``; None leaves it to the suite.
    """

    reference: Path
    test: Path
    id: str = ""
    verdict: Verdict | None = None
    says: tuple[list[list[str]], ...] = ()
    relation: Relation | None = None
    kinds: tuple[str, ...] = ()
    wheres: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()
    tags: tuple[str, ...] = ()
    split: str | None = None

    @property
    def differences(self) -> list[dict[str, Any]]:
        """What is said of each difference, as a suite has it."""
        columns = {
            "kind": self.kinds,
            "where": self.wheres,
            "box": [Inline(_whole(edge) for edge in box) for box in self.boxes],
            "says": [[Inline(group) for group in groups] for groups in self.says],
        }
        rows = zip_longest(*columns.values())
        return [
            {key: value for key, value in zip(columns, row, strict=True) if value is not None} for row in rows
        ]


@dataclass(frozen=True, slots=True)
class Added:
    """Where a new case stands.

    Attributes:
        path: The suite's file.
        line: The case's line in it.
        id: Id of the case.
        copied: Pictures that were copied into the suite's folder.
    """

    path: Path
    line: int
    id: str
    copied: tuple[Path, ...]


def parse_says(text: str) -> list[list[str]]:
    """Read the words that name a difference: groups between semicolons, their words between commas.

    Raises:
        ValueError: If a group has no word.
    """
    groups = [[word.strip() for word in group.split(",") if word.strip()] for group in text.split(";")]
    if not all(groups):
        raise ValueError(
            f"{text!r} has a group without words; write words between commas and groups between "
            "semicolons, such as 'missing,absent;pin'"
        )
    return groups


def parse_box(text: str) -> Box:
    """Read a box: left, top, right, bottom in pixels, between commas.

    Raises:
        ValueError: If these are not four numbers.
    """
    try:
        left, top, right, bottom = (float(edge) for edge in text.split(","))
    except ValueError as error:
        raise ValueError(f"{text!r} is no box: write left,top,right,bottom in pixels") from error
    return Box(left, top, right, bottom)


def _whole(edge: float) -> float:
    return int(edge) if edge == int(edge) else edge


def add(cases: Path, name: str, draft: Draft) -> Added:
    """Add a case to a suite, which is made if there is none of that name.

    Args:
        cases: Folder of the suites.
        name: Name of the suite.
        draft: The case.

    Raises:
        CaseError: If the case is not valid, or the suite cannot take it; everything is as before.
        ImageError: If a picture cannot be read.
    """
    if draft.verdict is None and not draft.differences:
        raise KurabeError(
            "say what is expected: --verdict same, --verdict different, or a difference by --kind, --says, "
            "--where or --box"
        )
    for picture in (draft.reference, draft.test):
        load_image(picture)
    path, suite = _home(cases, name)
    ids = {case.id for case in suite.cases} if suite else set()
    shelf = Shelf(path.parent)
    case = _case(draft, shelf, _free_id(draft, ids))
    old = _text(path) if suite else None
    new = _appended(old, case, path) if old is not None else _fresh(name, case)
    made = [folder for folder in (path.parent, *path.parent.parents) if not folder.exists()]
    copied: list[Path] = []
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        copied = shelf.fill(path.parent)
        write_text(path, new)
        _check(suites.read([path]), suite, case["id"], path)
    except BaseException:
        _undo(path, old, copied, made)
        raise
    return Added(path, _line(path, case["id"]), case["id"], tuple(copied))


def _home(cases: Path, name: str) -> tuple[Path, Suite | None]:
    """Return the file of the suite, and the suite if there is one already."""
    there = suites.read(suites.find(cases)) if cases.is_dir() else Suites()
    for suite in there.good:
        if suite.name == name:
            return suite.path, suite
    path = cases / suite_name(name) / f"{name}.yaml"
    for broken in there.broken:
        if broken.case is None and (broken.suite == name or path in {p.path for p in broken.problems}):
            raise CaseError(list(broken.problems))
    if path.exists():
        raise KurabeError(f"{path} is there already, but its suite has another name: choose that name")
    return path, None


def _case(draft: Draft, shelf: Shelf, case_id: str) -> dict[str, Any]:
    case: dict[str, Any] = {
        "id": case_id,
        "reference": shelf.place(draft.reference),
        "test": shelf.place(draft.test),
    }
    if draft.relation is not None:
        case["relation"] = draft.relation
    if draft.tags:
        case["tags"] = Inline(dict.fromkeys(draft.tags))
    if draft.split is not None:
        case["split"] = draft.split
    expect: dict[str, Any] = {"verdict": draft.verdict or "different"}
    if draft.differences:
        expect["differences"] = draft.differences
    elif draft.verdict == "same":
        # What is the same has no differences, so that questions about them have good cases, too.
        expect["differences"] = Inline()
    return case | {"expect": expect}


def _free_id(draft: Draft, taken: Iterable[str]) -> str:
    if draft.id:
        return draft.id
    stem = slug(draft.test.stem) or "case"
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name


# The text of a suite


def _fresh(name: str, case: dict[str, Any]) -> str:
    return to_yaml({"suite": name}) + "cases:\n" + _item(case, 2)


def _item(case: dict[str, Any], indent: int) -> str:
    lines = to_yaml(case).splitlines()
    return "".join(
        " " * indent + ("- " if number == 0 else "  ") + line + "\n" for number, line in enumerate(lines)
    )


def _appended(text: str, case: dict[str, Any], path: Path) -> str:
    """Return a suite's text with one more case below the last; every other character stays."""
    unable = "the case cannot be added by itself: add it by hand"
    root = yaml.compose(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert isinstance(root, yaml.MappingNode)  # the suite has been read
    keys = [key.value for key, _ in root.value]
    listed = root.value[keys.index("cases")][1]
    if not isinstance(listed, yaml.SequenceNode) or listed.flow_style or root.flow_style:
        what = f"the cases are not a list of '- id: …' lines, so {unable}"
        raise CaseError([Problem(what, path, listed.start_mark.line + 1)])
    lines = text.split("\n")
    end = _after(listed.value[-1])
    rest = [line.strip() for line in lines[end:]]
    if keys[-1] == "cases" and all(not line or line.startswith("#") for line in rest):
        while not lines[-1].strip():
            lines.pop()
        end = len(lines)  # below the remarks that end the file
        lines.append("")
    while not lines[end - 1].strip():
        end -= 1  # what stands apart from the cases stays apart from them
    item = _item(case, listed.start_mark.column).splitlines()
    first_of_last = listed.value[-1].start_mark.line
    if len(listed.value) > 1 and not lines[first_of_last - 1].strip():
        item.insert(0, "")  # the cases are set apart by empty lines
    windows = "\r" if "\r\n" in text else ""
    if not lines[end - 1].endswith(windows):
        lines[end - 1] += windows  # the file ended without a line feed
    lines[end:end] = [line + windows for line in item]
    return "\n".join(lines)


def _after(node: yaml.Node) -> int:
    """Return the line, counted from 0, below the last one that belongs to a value.

    The end that the parser gives a block is where the next one begins, beyond empty lines and remarks;
    that of its last leaf is exact.
    """
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(node, yaml.MappingNode) else last
    end = node.end_mark
    # Texts of several lines end with their line feed, everything else before it.
    several = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">") and end.column == 0
    return int(end.line) + (0 if several else 1)


# Writing, and taking it back


def _text(path: Path) -> str:
    # Not read_text: it would turn the line ends of Windows into others.
    return path.read_bytes().decode("utf-8")


def _undo(path: Path, old: str | None, copied: Iterable[Path], made: Iterable[Path]) -> None:
    if old is not None:
        write_text(path, old)
    else:
        path.unlink(missing_ok=True)
    for picture in copied:
        picture.unlink(missing_ok=True)
    images = path.parent / IMAGES
    if images.is_dir() and not any(images.iterdir()):
        images.rmdir()
    for folder in made:
        if folder.is_dir():
            shutil.rmtree(folder)


def _check(found: Suites, before: Suite | None, case_id: str, path: Path) -> None:
    """Make sure that the file now has the new case, valid, and everything else as it was."""
    for broken in found.broken:
        if broken.case in (None, case_id):
            # Without lines: the file is about to be as it was.
            raise CaseError([Problem(p.what, path, None, p.where) for p in broken.problems])
    cases = found.good[0].cases if found.good else ()
    old = before.cases if before else ()
    if [case.id for case in cases] != [*(case.id for case in old), case_id] or cases[:-1] != old:
        what = "the case cannot be added without changing others: add it by hand"
        raise CaseError([Problem(what, path)])


def _line(path: Path, case_id: str) -> int:
    text = path.read_text(encoding="utf-8")
    lines, entries = yamlfile.lines(text), yamlfile.load(text)["cases"]
    return max(lines["cases", i] for i, entry in enumerate(entries) if str(entry.get("id")) == case_id)

"""An imported part becomes a case, as it is written into a suite."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kurabe.authoring.looking import Look
from kurabe.authoring.parts import Mark, Part
from kurabe.authoring.suite_writer import Inline
from kurabe.cases.case import Case
from kurabe.cases.names import slug
from kurabe.common.errors import ImageError
from kurabe.common.vocabulary import Box, Relation
from kurabe.imaging.masks import mask_boxes

_SLACK = 1.5
"""Pixels that a box may be off the picture: tools count edges from 0 or 1, and round."""


class Ids:
    """Gives ids made of names, each once."""

    def __init__(self) -> None:
        self._owners: dict[str, Path] = {}
        self._taken: set[str] = set()

    def of(self, part: Part) -> str:
        """Return the case's id.

        Raises:
            ValueError: If another part has the same name.
        """
        if part.id is not None:
            return part.id
        key = part.name.casefold()
        if key in self._owners:
            raise ValueError(
                f"{part.picture} and {self._owners[key]} have one name, {part.name!r}, of which the case's "
                "id is "
                "made: rename one"
            )
        self._owners[key] = part.picture
        stem = slug(part.name.replace("/", "-")) or "case"
        name, number = stem, 2
        while name.casefold() in self._taken:  # "a b" and "a-b"
            name, number = f"{stem}-{number}", number + 1
        self._taken.add(name.casefold())
        return name


def marks_of(part: Part, look: Look) -> tuple[Mark, ...] | None:
    """Return a part's labelled places in pixels of its picture, within its picture.

    Raises:
        ValueError: If a place cannot be in the picture, or the mask is wrong.
    """
    if part.size is not None and part.size != look.size:
        raise ValueError(
            f"the labels are for a picture of {part.size[0]}x{part.size[1]} pixels, yet {part.picture} has "
            f"{look.size[0]}x{look.size[1]}: use the picture that was labelled"
        )
    if part.mask is not None:
        missing = [path for path in part.mask.files if not path.is_file()]
        if missing:
            raise ValueError(f"there is no mask {missing[0]}: add it; the part is called bad")
        try:
            found = mask_boxes(part.mask.files, look.size, part.mask.kinds)
        except ImageError as error:
            raise ValueError(str(error)) from error
        first = part.kinds[0] if len(part.kinds) == 1 else None
        return tuple(Mark(box, kind or first) for box, kind in found)
    if part.marks is None:
        return None
    return tuple(_within(mark, look.size) for mark in part.marks)


def _within(mark: Mark, size: tuple[int, int]) -> Mark:
    width, height = size
    x1, y1, x2, y2 = mark.box
    if not all(map(math.isfinite, mark.box)):
        raise ValueError(f"the box {list(mark.box)} is not four numbers: draw it anew or remove it")
    if mark.relative:
        x1, y1, x2, y2 = x1 * width, y1 * height, x2 * width, y2 * height
    if min(x1, y1) < -_SLACK or x2 > width + _SLACK or y2 > height + _SLACK:
        shown = [round(edge) for edge in (x1, y1, x2, y2)]
        raise ValueError(f"the box {shown} leaves the test image of {width}x{height}")
    # A hundredth of a pixel is finer than anybody draws.
    x1, y1, x2, y2 = (round(edge, 2) for edge in (x1, y1, x2, y2))
    box = (max(0, x1), max(0, y1), min(width, x2), min(height, y2))
    if not (box[0] < box[2] and box[1] < box[3]):
        raise ValueError(
            f"the box {[round(edge) for edge in mark.box]} has no area: draw it anew or remove it"
        )
    return Mark(box, mark.kind)


def check_sizes(relation: Relation, test: Look, goods: Collection[Look]) -> str:
    """Return what is wrong with the sizes of an aligned pair; "" if nothing."""
    for good in goods:
        if relation == "aligned" and good.size != test.size:
            return (
                f"the relation is aligned, yet the reference has {good.size[0]}x{good.size[1]} pixels and "
                f"the test {test.size[0]}x{test.size[1]}: give pictures of one size, or 'relation: instance'"
            )
    return ""


def case_of(
    part: Part,
    case_id: str,
    goods: Sequence[Path],
    marks: Sequence[Mark] | None,
    relation: Relation,
    usual: Relation,
    place: Callable[[Path], str],
) -> dict[str, Any]:
    """Return a part as a case.

    Args:
        part: The part.
        case_id: The case's id.
        goods: The good parts that it is compared with.
        marks: Its labelled places, in pixels.
        relation: How the pair belongs together.
        usual: What the suite's defaults say of that.
        place: Names a picture as the suite names it.
    """
    case: dict[str, Any] = {"id": case_id}
    if len(goods) == 1:
        case["reference"] = place(goods[0])
    elif goods:
        case["references"] = [place(good) for good in goods]
    case["test"] = place(part.picture)
    if relation != usual:
        case["relation"] = relation
    if part.specimen is not None:
        case["specimen"] = part.specimen
    kinds = dict.fromkeys([*part.kinds, *(mark.kind for mark in marks or () if mark.kind)])
    tags = [tag for tag in dict.fromkeys(map(slug, [part.product, *part.tags, *kinds])) if tag]
    if tags:
        case["tags"] = Inline(tags)
    if part.split is not None:
        case["split"] = part.split
    expect, ask = _expected(part, marks)
    if ask:
        case["ask"] = Inline(ask)
    return case | {"expect": expect}


def _expected(part: Part, marks: Sequence[Mark] | None) -> tuple[dict[str, Any], list[str]]:
    """Return what is expected, and what is asked if that is not all that is known."""
    if part.expect is not None:
        return dict(part.expect), list(part.ask or ())
    expect: dict[str, Any] = {"verdict": "same" if part.good else "different"}
    count = part.count
    if part.mask is not None and marks is not None and len(marks) == 1:
        count = 1  # one place is one defect; several may be parts of one
    if marks is not None:
        expect["differences"] = [_difference(mark) for mark in marks]
    elif part.kinds and not part.good and count is None:
        expect["differences"] = [{"kind": kind} for kind in part.kinds]
    if count is not None:
        expect["count"] = count
    if part.ask is not None:
        return expect, list(part.ask)
    # Nobody knows how many there are, so an answer that names more cannot be held against what is listed.
    return expect, ["verdict"] if expect.get("differences") and count is None else []


def _difference(mark: Mark) -> dict[str, Any]:
    difference: dict[str, Any] = {} if mark.kind is None else {"kind": mark.kind}
    edges = Box(*mark.box)
    difference["box"] = Inline(int(edge) if edge == int(edge) else edge for edge in edges)
    return difference


def wrong_with(case: Mapping[str, Any]) -> list[str]:
    """Return what a suite's reader would say of a case; nothing if it is valid."""
    try:
        Case.model_validate(case)
    except ValidationError as error:
        found = []
        for finding in error.errors(include_url=False):
            key = ".".join(str(part) for part in finding["loc"])
            message = finding["msg"].removeprefix("Value error, ")
            found.append(f"{key}: {message}" if key else message)
        return found
    return []

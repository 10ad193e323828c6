"""Boxes in words: what models that ground write, in a form that the question or the model's entry names.

The form says in which order the coordinates come and what they count. Nothing about it is guessed from the
numbers: what does not have the form is unparsed.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kurabe.common.vocabulary import Box, BoxForm
from kurabe.reading.literals import Object, find
from kurabe.reading.patterns import later

_KEYS: dict[bool, frozenset[str]] = {
    False: frozenset({"bbox_2d", "bbox", "box", "bounding_box"}),
    True: frozenset({"box_2d"}),
}
"""Keys under which a box stands, by whether its coordinates come with the vertical one first. ``box_2d`` is
written by models that put it first, and by no others that are known."""

_PICTURES = frozenset({"image", "image_id", "image_index", "picture", "picture_id", "page", "frame"})
"""Keys that say which of several pictures a box is in: no form has them."""

_TAGGED = later(r"(?:<ref>(?P<label>.*?)</ref>\s*)?<box>(?P<inside>.*?)</box>", re.DOTALL)
_NUMBER = r"-?\d+(?:\.\d+)?"
_FOUR = later(rf"\[\s*{_NUMBER}(?:\s*,\s*{_NUMBER}){{3}}\s*\]")
_CORNERS = later(rf"\(\s*{_NUMBER}\s*,\s*{_NUMBER}\s*\)\s*,\s*\(\s*{_NUMBER}\s*,\s*{_NUMBER}\s*\)")
_FENCE = later(r"```\w*")

_ORDER = {False: "[left, top, right, bottom]", True: "[top, left, bottom, right]"}


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes of an answer.

    Attributes:
        boxes: Left, top, right, bottom as the form counts; None if there are none, nor an empty list.
        labels: What the answer calls each of them; "" where it says nothing.
        rest: The text around them.
        reason: Why they cannot be read; "" if they can.
    """

    boxes: tuple[Box, ...] | None = None
    labels: tuple[str, ...] = ()
    rest: str = ""
    reason: str = ""


class _UnknownFormError(ValueError):
    """What stands there is no box of the form; the text says why."""


def find_boxes(text: str, form: BoxForm) -> Boxes:
    """Return the boxes that an answer holds.

    Read are lists of objects with a box under ``bbox_2d``, ``bbox``, ``box`` or ``bounding_box`` (in
    the form ``0-1000-yx``, ``box_2d``) and a label under any other key, one such object, the same under one
    key of an object, bare lists of four numbers, and ``<box>[[…]]</box>`` with or without ``<ref>…</ref>``.

    Args:
        text: The answer as the model wrote it.
        form: How it writes boxes.
    """
    vertical_first = form == "0-1000-yx"
    try:
        found, rest = _tagged(text, vertical_first) if "<box>" in text else _listed(text, vertical_first)
        if found is None:
            return Boxes(rest=rest)
        boxes = tuple(_box(numbers, form, vertical_first) for numbers, _ in found)
    except _UnknownFormError as error:
        return Boxes(rest=text, reason=str(error))
    return Boxes(boxes, tuple(label for _, label in found), rest)


_Found = tuple[list[Any], str]
"""Four numbers, and a label."""


def _tagged(text: str, vertical_first: bool) -> tuple[list[_Found], str]:
    """Return the boxes between tags, and the text around them."""
    if vertical_first:
        raise _UnknownFormError("<box> holds the horizontal coordinate first, and the form says otherwise")
    found: list[_Found] = []
    for tag in _TAGGED.finditer(text):
        inside, label = tag["inside"], (tag["label"] or "").strip()
        for pattern in (_FOUR, _CORNERS):
            boxes = pattern.findall(inside)
            if boxes and not pattern.sub("", inside).strip(" \n\t,[]"):
                found += [([float(n) for n in re.findall(_NUMBER, box)], label) for box in boxes]
                break
        else:
            raise _UnknownFormError(f"<box> holds {inside.strip()[:40]!r}, and no four numbers")
    rest = _TAGGED.sub("\n", text)
    if "<box>" in rest:
        raise _UnknownFormError("the answer is cut off within a box")
    return found, rest


def _listed(text: str, vertical_first: bool) -> tuple[list[_Found] | None, str]:
    """Return the boxes of a text's lists and objects, None if it has none of these, and the text around."""
    told = find(text)
    rest = _FENCE.sub("", told.rest).strip()
    if told.broken or told.cut:
        raise _UnknownFormError("the list of boxes is cut off, or no JSON")
    if not told.values:
        return None, rest
    return [each for value in told.values for each in _of(value, vertical_first)], rest


def _of(value: Any, vertical_first: bool) -> Iterator[_Found]:
    """Yield the boxes of a list or an object."""
    if isinstance(value, Object):
        if any(name.lower() in _KEYS[True] | _KEYS[False] for name, _ in value.pairs):
            yield _entry(value, vertical_first)
            return
        lists = [below for _, below in value.pairs if isinstance(below, list)]
        if len(lists) != 1 or len(value.pairs) != 1:
            raise _UnknownFormError(f"an object with {_named(value)} holds no box")
        yield from _of(lists[0], vertical_first)
        return
    if _is_four(value):
        yield value, ""
        return
    for each in value:
        if isinstance(each, Object):
            yield _entry(each, vertical_first)
        elif isinstance(each, list) and _is_four(each):
            yield each, ""
        else:
            raise _UnknownFormError(f"an entry of the list is no box: {str(each)[:40]!r}")


def _entry(value: Object, vertical_first: bool) -> _Found:
    """Return the box of an object, and what it is called."""
    named = [(name.lower(), below) for name, below in value.pairs]
    other = next((name for name, _ in named if name in _KEYS[not vertical_first]), None)
    if other is not None:
        raise _UnknownFormError(f"{other!r} holds {_ORDER[not vertical_first]}, and the form says otherwise")
    boxes = [below for name, below in named if name in _KEYS[vertical_first]]
    if len(boxes) != 1 or not isinstance(boxes[0], list) or not _is_four(boxes[0]):
        raise _UnknownFormError(f"an object with {_named(value)} does not hold one box of four numbers")
    picture = next((name for name, _ in named if name in _PICTURES), None)
    if picture is not None:
        raise _UnknownFormError(
            f"{picture!r} says in which picture a box is, and the form has no place for it"
        )
    labels = [below for name, below in named if isinstance(below, str) and name not in _KEYS[vertical_first]]
    return boxes[0], labels[0].strip() if labels else ""


def _named(value: Object) -> str:
    return ", ".join(repr(name) for name, _ in value.pairs[:5]) or "no key"


def _is_four(value: list[Any]) -> bool:
    return len(value) == 4 and all(isinstance(n, int | float) and not isinstance(n, bool) for n in value)


def _box(numbers: list[Any], form: BoxForm, vertical_first: bool) -> Box:
    """Return four numbers as a box, if they can be one."""
    try:
        a, b, c, d = map(float, numbers)
    except OverflowError:
        a = b = c = d = math.inf
    box = Box(b, a, d, c) if vertical_first else Box(a, b, c, d)
    most = {"0-1": 1.0, "pixels": math.inf}.get(form, 1000.0)
    told = ", ".join(f"{n:g}" for n in (a, b, c, d))
    if not all(math.isfinite(n) and 0 <= n <= most for n in box):
        raise _UnknownFormError(f"the box [{told}] lies outside of {form}")
    if not (box.x1 < box.x2 and box.y1 < box.y2):
        raise _UnknownFormError(f"the box [{told}] is empty: the form is {_ORDER[vertical_first]}")
    if form != "0-1" and max(box) <= 1:
        raise _UnknownFormError(f"the box [{told}] holds shares of the picture, and the form is {form}")
    return box

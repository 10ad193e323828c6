"""An answer that names differences by boxes: what it says, and where in the test picture they are."""

from collections.abc import Sequence

from kurabe.common.request import Place
from kurabe.common.vocabulary import Box, BoxForm, Language
from kurabe.reading.boxes import Boxes, find_boxes
from kurabe.reading.reader import Reading, read

_SPILL = 1
"""Pixels by which a box may leave its picture: some models count from 1."""


def read_grounded(
    text: str, language: Language, form: BoxForm, place: Place | None, seen: Sequence[tuple[int, int]] = ()
) -> tuple[Reading, tuple[Box, ...] | None]:
    """Read an answer that was to name differences by boxes.

    An empty list, or words that say so, mean that there is none. Words that name a difference without a box,
    and boxes beside words that deny any, are unparsed, as is whatever does not have the form.

    Args:
        text: The answer as the model wrote it.
        language: The prompt's language.
        form: How the model writes boxes.
        place: Where the test picture is in what the model was shown.
        seen: Width and height of each picture as the model saw it, where that differs.

    Returns:
        What it says, and its boxes in pixels of the test picture; None if it was not understood. A box that
        meets the test picture is cut to it. One that lies elsewhere, as on the good part, stays outside.
    """
    found = find_boxes(text, form)
    if not found.reason and found.boxes is not None:
        found = _agreeing(found, language)
    if found.reason:
        return Reading(reason=found.reason), None
    if found.boxes is None:
        said = read("differences", text, language)
        if said.verdict == "different":
            return Reading(reason="differences are named without boxes"), None
        return said, () if said.verdict == "same" else None
    if not found.boxes:
        return Reading(verdict="same", rule="an empty list of boxes"), ()
    if place is None:
        return Reading(reason="there is no pair that boxes could be in"), None
    width, height = seen[place.index] if place.index < len(seen) else place.shown
    if form == "pixels" and any(box.x2 > width + _SPILL or box.y2 > height + _SPILL for box in found.boxes):
        return Reading(reason=f"a box leaves the picture of {width} x {height} pixels"), None
    boxes = tuple(_in_test(box, form, place, (width, height)) for box in found.boxes)
    items = tuple(
        label or "box " + ", ".join(f"{edge:g}" for edge in box)
        for label, box in zip(found.labels, boxes, strict=True)
    )
    number = f"{len(boxes)} box" + ("" if len(boxes) == 1 else "es")
    return Reading(verdict="different", items=items, rule=f"{number} ({form})"), boxes


def _agreeing(found: Boxes, language: Language) -> Boxes:
    """Return boxes, or why not, if what is said beside them is the contrary."""
    around = read("differences", found.rest, language).verdict
    if found.boxes and around == "same":
        return Boxes(reason="there are boxes, and words that say that nothing differs")
    if not found.boxes and around == "different":
        return Boxes(reason="there is no box, and words name a difference")
    for label in found.labels:
        if label and read("differences", label, language).verdict == "same":
            return Boxes(reason=f"a box is called {label[:40]!r}, which is no difference")
    return found


def _in_test(box: Box, form: BoxForm, place: Place, seen: tuple[int, int]) -> Box:
    """Return a box in pixels of the test picture, cut to it if it meets it."""
    whole = {"pixels": seen, "0-1": (1, 1)}.get(form, (1000, 1000))
    x, y = (shown / count for shown, count in zip(place.shown, whole, strict=True))
    left, right = box.x1 * x - place.left, box.x2 * x - place.left
    top, bottom = box.y1 * y - place.top, box.y2 * y - place.top
    width, height = place.size
    if left < width and right > 0 and top < height and bottom > 0:
        left, right = max(left, 0.0), min(right, float(width))
        top, bottom = max(top, 0.0), min(bottom, float(height))
    return Box(*(round(edge, 2) for edge in (left, top, right, bottom)))

"""The card that training leaves beside an adapter's weights: what a run tells of it, and what it has seen."""

import csv
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kurabe.common.errors import ModelError
from kurabe.imaging.content import content_id

if TYPE_CHECKING:
    from PIL.Image import Image

CARD = "card.json"
CURVE = "curve.csv"

DIGITS = 16
"""Of a picture's content id, how many a card holds: 64 bits, so that a list of thousands stays small."""

POINTS = 500
"""Points of a loss curve that are kept; a longer one is thinned evenly, its last point always stays."""

_LONG = frozenset({"images"})
"""Parts of a card that are lists as long as the training set."""


def read_card(adapter: Path) -> dict[str, Any] | None:
    """Return ``summary`` and ``curve`` of an adapter's folder; None if training left no card there.

    Args:
        adapter: The folder.

    Returns:
        ``summary``: the card without the hashes of its pictures, whose number it has instead;
        ``curve``: a mapping of numbers for each step, such as ``step``, ``loss``, ``eval_loss``.

    Raises:
        ValueError: If a file is damaged; names it.
        OSError: If a file cannot be read.
    """
    path = adapter / CARD
    if not path.is_file():
        return None
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is damaged: {error}") from error
    if not isinstance(card, dict):
        raise ValueError(f"{path} is damaged: it holds no mapping")
    summary = {name: len(part) if name in _LONG else part for name, part in card.items()}
    return {"summary": summary, "curve": _curve(adapter / CURVE)}


def picture_hash(picture: "Image") -> str:
    """Identify a picture by its size and decoded RGB pixels: the first `DIGITS` of its content id."""
    return content_id(picture.convert("RGB"))[:DIGITS]


def trained_on(folder: Path) -> frozenset[str]:
    """Return the hashes of all pictures that an adapter saw, as its card lists them; empty without a card.

    Raises:
        ModelError: If the card cannot be read: an adapter must not be scored on what it may have seen.
    """
    path = folder / CARD
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["images"]
        return frozenset(str(digest) for digest in listed)
    except FileNotFoundError:
        return frozenset()
    except (ValueError, LookupError, TypeError, OSError) as error:
        raise ModelError(
            f"{path}: cannot be read ({error}), so nobody knows which pictures the adapter saw in training: "
            "copy the card again, or remove it if the adapter was trained elsewhere"
        ) from error


def _curve(path: Path) -> list[dict[str, float]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = [_numbers(row) for row in csv.DictReader(file)]
    points = [row for row in rows if "step" in row]
    stride = math.ceil(len(points) / POINTS) or 1
    return points[:-1:stride] + points[-1:]


def _numbers(row: dict[str | None, Any]) -> dict[str, float]:
    """Return what is a number; an evaluation that a step did not have is an empty cell."""
    found = {}
    for name, text in row.items():
        try:
            value = float(text)
        except (TypeError, ValueError):
            continue
        if name is not None and math.isfinite(value):
            found[name] = value
    return found

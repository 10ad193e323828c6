"""Cards of adapters: what training wrote beside the weights, as far as a run's manifest tells of it."""

import csv
import json
import math
from pathlib import Path
from typing import Any

CARD = "card.json"
CURVE = "curve.csv"

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

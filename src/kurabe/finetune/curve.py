"""The loss curve of a training: a table, and a picture that reads on light and on dark ground."""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from kurabe.models.adapters.card import CURVE

COLUMNS = (
    *("step", "epoch", "loss", "learning_rate", "grad_norm"),
    *("eval_loss", "eval_balanced_accuracy", "eval_exact"),
)
Row = Mapping[str, float]
Point = tuple[float, float]

_WIDTH, _HEIGHT = 640, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 28, 40
_GREY, _BLUE, _ORANGE = "#808080", "#2f81d6", "#d9730d"


def rows(history: Iterable[Row]) -> list[dict[str, float]]:
    """Merge what was logged at one step into one row, and order the rows by step."""
    merged: dict[int, dict[str, float]] = {}
    for entry in history:
        if "loss" in entry or "eval_loss" in entry:
            known = {key: entry[key] for key in COLUMNS if key in entry}
            merged.setdefault(int(entry["step"]), {}).update(known)
    return [merged[step] for step in sorted(merged)]


def to_csv(history: Iterable[Row]) -> str:
    """Write a training's history as CSV; a cell is empty where nothing was measured."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows(history):
        writer.writerow({key: int(value) if key == "step" else f"{value:.6g}" for key, value in row.items()})
    return out.getvalue()


def to_svg(history: Iterable[Row], title: str) -> str:
    """Draw training loss and held-out loss over steps, the loss on a logarithmic scale."""
    table = rows(history)
    lines = {
        "training": (_points(table, "loss"), _BLUE),
        "held out": (_points(table, "eval_loss"), _ORANGE),
    }
    every = [point for points, _ in lines.values() for point in points]
    right = max((x for x, _ in every), default=1.0) or 1.0
    bottom = math.floor(math.log10(min((y for _, y in every), default=0.1)) * 2) / 2
    top = max(bottom + 0.5, math.ceil(math.log10(max((y for _, y in every), default=1.0)) * 2) / 2)

    def place(point: Point) -> Point:
        x, y = point
        across = _LEFT + (_WIDTH - _LEFT - _RIGHT) * x / right
        down = _TOP + (_HEIGHT - _TOP - _BOTTOM) * (top - math.log10(y)) / (top - bottom)
        return round(across, 1), round(down, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="{_GREY}">',
        f"<title>{escape(title)}: loss over steps</title>",
        f'<text x="{_LEFT}" y="16">{escape(title)}: loss per answer token</text>',
        f'<text x="{(_LEFT + _WIDTH) / 2}" y="{_HEIGHT - 6}" text-anchor="middle">step</text>',
    ]
    for value in _log_ticks(bottom, top):
        _, y = place((0, value))
        parts.append(f'<path d="M{_LEFT} {y}H{_WIDTH - _RIGHT}" stroke="{_GREY}" stroke-opacity="0.25"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{value:g}</text>')
    for step in _ticks(right):
        x, _ = place((step, 10**bottom))
        parts.append(f'<text x="{x}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{step:g}</text>')
    for number, (name, (points, colour)) in enumerate(lines.items()):
        drawn = " ".join(f"{x},{y}" for x, y in map(place, points))
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if len(points) == 1:
            x, y = place(points[0])
            parts.append(f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>')
        x = _WIDTH - _RIGHT - 160 + 80 * number
        parts.append(f'<text x="{x}" y="16" fill="{colour}">— {name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def write_curve(folder: Path, history: Sequence[Row], title: str) -> None:
    """Write ``curve.csv`` and ``curve.svg``."""
    (folder / CURVE).write_text(to_csv(history), encoding="utf-8")
    (folder / "curve.svg").write_text(to_svg(history, title), encoding="utf-8")


def _points(table: Iterable[Row], key: str) -> list[Point]:
    """Return what can be drawn on a logarithmic scale."""
    return [(row["step"], row[key]) for row in table if key in row and 0 < row[key] < math.inf]


def _log_ticks(bottom: float, top: float) -> list[float]:
    decades = range(math.floor(bottom), math.ceil(top) + 1)
    candidates = [digit * 10.0**decade for decade in decades for digit in (1, 3)]
    return [value for value in candidates if bottom - 0.01 <= math.log10(value) <= top + 0.01]


def _ticks(right: float) -> list[float]:
    """Return four to ten round numbers from 0 to ``right``."""
    size = 10.0 ** math.floor(math.log10(right))
    step = next(size * part for part in (0.1, 0.2, 0.5, 1.0) if right / (size * part) <= 10)
    step = max(1.0, step)
    return [number * step for number in range(int(right / step) + 1)]

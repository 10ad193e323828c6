"""Label Studio: its JSON export, a list of tasks (https://labelstud.io/guide/export)."""

import math
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from kurabe.authoring.import_files import hull, is_picture, read_json, unknown_layout
from kurabe.authoring.import_places import Finder
from kurabe.authoring.parts import Found, Hints, LeftOut, Mark, Part
from kurabe.common.errors import Problem
from kurabe.common.vocabulary import Relation

_UPLOADED = re.compile(r"^[0-9a-f]{8}-")
"""What Label Studio puts before the names of uploaded files."""


class LabelStudioImporter:
    """Reads an export; tasks whose annotation marks nothing are good parts."""

    title: ClassVar[str] = "Label Studio"
    layout: ClassVar[str] = (
        "a file exported as JSON (not JSON-MIN), a list of tasks with data and annotations, or a folder "
        "with one; "
        "the pictures beside it, in images/, or where --images says"
    )
    relation: ClassVar[Relation] = "instance"

    def __init__(self, source: Path, hints: Hints) -> None:
        """Read the export."""
        self._hints = hints
        files = sorted(source.glob("*.json")) if source.is_dir() else [source]
        for path in files:
            tasks = read_json(path)
            if isinstance(tasks, list) and tasks and all(isinstance(t, dict) and "data" in t for t in tasks):
                self._file, self._tasks = path, tasks
                break
        else:
            raise unknown_layout(source, self.layout)

    def parts(self) -> Iterator[Found]:
        """Give the tasks in their order."""
        home = self._file.parent
        finder = Finder([*([self._hints.images] if self._hints.images else []), home, home / "images"])
        for task in self._tasks:
            named = _picture_of(task)
            if named is None:
                yield Problem(f"task {task.get('id')}: names no picture under 'data'", self._file)
                continue
            done = [entry for entry in task.get("annotations", []) if not entry.get("was_cancelled")]
            picture = finder.find(named)
            bare = str(PurePosixPath(named).with_name(_UPLOADED.sub("", PurePosixPath(named).name)))
            if not picture.is_file():
                picture = finder.find(bare)
            if not done:
                yield LeftOut("tasks that nobody has annotated", picture)
                continue
            yield self._part(task, done[0], picture, bare)

    def _part(self, task: dict[str, Any], annotation: dict[str, Any], picture: Path, named: str) -> Found:
        labels = self._hints.labels
        marks: list[Mark] = []
        choices: list[str] = []
        where = f"task {task.get('id')}"
        for result in annotation.get("result", []):
            value = result.get("value", {})
            choices += value.get("choices", [])
            kinds = next((value[key] for key in value if key.endswith("labels")), None)
            if kinds is None or (kinds and all(labels.is_good(str(kind)) for kind in kinds)):
                continue
            try:
                box = _box(value, float(result["original_width"]), float(result["original_height"]))
            except (KeyError, TypeError, ValueError):
                what = f"{where}: {result.get('type')} has no box: draw a rectangle, an ellipse or a polygon"
                return Problem(what, self._file)
            marks.append(Mark(box, labels.kind(str(kinds[0])) or None if kinds else None, relative=True))
        said = [(choice, labels.is_good(str(choice))) for choice in choices]
        unknown = [choice for choice, good in said if good is None]
        if unknown and not marks and not any(good is False for _, good in said):
            return Problem(f"{where}: {labels.unknown(str(unknown[0]))}", self._file)
        unplaced = not marks and any(good is False for _, good in said)
        return Part(
            picture=picture,
            good=not marks and not unplaced,
            name=PurePosixPath(named).with_suffix("").as_posix().lstrip("/"),
            kinds=tuple(dict.fromkeys(mark.kind for mark in marks if mark.kind)),
            marks=None if unplaced else tuple(marks),
            count=None if unplaced else len(marks),
            source=self._file,
        )


def _picture_of(task: dict[str, Any]) -> str | None:
    """Return the path of a task's picture, without server, storage and query."""
    data = {key: value for key, value in task["data"].items() if isinstance(value, str)}
    for value in [data.get("image", ""), *data.values()]:
        parts = urlsplit(value)
        inner = parse_qs(parts.query).get("d", [""])[0]  # /data/local-files/?d=PATH
        path = unquote(inner or parts.path)
        if is_picture(path):
            return re.sub(r"^/?data/(upload/(\d+/)?|local-files/)?", "", path)
    return None


def _box(value: dict[str, Any], width: float, height: float) -> tuple[float, float, float, float]:
    """Return a region's box in shares of the picture; Label Studio counts in percent of each edge."""
    if "points" in value:
        return hull([(x / 100, y / 100) for x, y in value["points"]])
    x, y = value["x"] / 100 * width, value["y"] / 100 * height
    turn = math.radians(value.get("rotation") or 0)
    if "radiusX" in value:
        across, down = value["radiusX"] / 100 * width, value["radiusY"] / 100 * height
        corners = [(-across, -down), (across, -down), (across, down), (-across, down)]
    else:
        across, down = value["width"] / 100 * width, value["height"] / 100 * height
        corners = [(0, 0), (across, 0), (across, down), (0, down)]
    turned = [
        (
            (x + a * math.cos(turn) - b * math.sin(turn)) / width,
            (y + a * math.sin(turn) + b * math.cos(turn)) / height,
        )
        for a, b in corners
    ]
    left, top, right, bottom = hull(turned)
    return max(0.0, left), max(0.0, top), min(1.0, right), min(1.0, bottom)

"""``kurabe export label-studio``: a run's pictures as tasks, the models' boxes as predictions.

The format is Label Studio's own (https://labelstud.io/guide/predictions): places in percent of the picture,
``annotations`` by people and ``predictions`` by models. What the cases expect are the annotations.
"""

import fnmatch
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from kurabe.cases.case import Case
from kurabe.cases.suites import Suite
from kurabe.common.atomic import write_text
from kurabe.common.errors import ImageError, KurabeError
from kurabe.imaging.load import image_size
from kurabe.project import Project
from kurabe.results.record import Record
from kurabe.results.run import Run

FOUND = "difference"
"""Label of a model's boxes: engines that give boxes do not name kinds."""

_BAD, _GOOD = "NG", "OK"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        tasks: The file of the tasks.
        config: The labelling interface that they need.
        pictures: Number of tasks.
        predictions: Number of predictions.
        boxes: Number of the predictions' boxes.
        missing: Why pictures were left out.
    """

    tasks: Path
    config: Path
    pictures: int
    predictions: int
    boxes: int
    missing: tuple[str, ...]


def export_label_studio(run: Run, project: Project, out: Path, root: Path, models: Sequence[str]) -> Exported:
    """Write a run as tasks for Label Studio.

    Args:
        run: The run.
        project: Where its suites are.
        out: The file to write.
        root: The folder that Label Studio serves, its ``LOCAL_FILES_DOCUMENT_ROOT``.
        models: Names or globs of models; empty: all.

    Raises:
        KurabeError: If nothing of the run can be exported.
        CaseError: If there are no suites.
    """
    answered = _by_case(run.records(), models)
    if not answered:
        raise KurabeError(
            f"{run.folder}: no answer of {', '.join(models) or 'any model'} is about a pair of two pictures"
        )
    known = {
        f"{suite.name}/{case.id}": (suite, case) for suite in project.suites().good for case in suite.cases
    }
    tasks: list[dict[str, Any]] = []
    missing: list[str] = []
    labels: dict[str, None] = {FOUND: None}
    for name, records in answered.items():
        if name not in known:
            missing.append(f"{name}: no suite has this case any more")
            continue
        try:
            task = _task(*known[name], records, root)
        except ImageError as error:
            missing.append(f"{name}: {error}")
            continue
        labels |= dict.fromkeys(_labels_of(task))
        tasks.append(task | {"id": len(tasks) + 1})
    if not tasks:
        raise KurabeError(f"{run.folder}: none of its pictures is there any more: " + "; ".join(missing[:3]))
    write_text(out, json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")
    config = out.with_suffix(".xml")
    write_text(config, _config(labels))
    predictions = [prediction for task in tasks for prediction in task["predictions"]]
    boxes = sum(each["type"] == "rectanglelabels" for p in predictions for each in p["result"])
    return Exported(out, config, len(tasks), len(predictions), boxes, tuple(missing))


def _by_case(records: Iterable[Record], models: Sequence[str]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        plain = not (record.control or record.swapped or record.repeat or record.shake)
        chosen = not models or any(fnmatch.fnmatchcase(record.model, pattern) for pattern in models)
        if plain and chosen and record.question in ("verdict", "differences") and record.error is None:
            found.setdefault(record.case, []).append(record)
    return found


def _task(suite: Suite, case: Case, records: Sequence[Record], root: Path) -> dict[str, Any]:
    path = suite.image(str(case.test))
    view = _View(image_size(path), *_corner(suite, case))
    expected = []
    if case.expect.known_verdict is not None:
        expected.append(_choice(case.expect.known_verdict == "different", "v0"))
    for number, difference in enumerate(case.expect.differences or ()):
        if difference.box is not None:
            label = difference.kind or FOUND
            expected.append(view.region(difference.box, label, f"e{number}"))
    return {
        "data": {"image": _address(path, root), "case": f"{suite.name}/{case.id}"},
        "annotations": [{"result": expected}] if expected else [],
        "predictions": list(_predictions(records, view)),
    }


def _predictions(records: Sequence[Record], view: "_View") -> Iterator[dict[str, Any]]:
    """Give a prediction for each model and variant: its verdict, and its boxes if it has any."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(f"{record.model} {record.variant} {record.layout}", []).append(record)
    for name, group in groups.items():
        first = next((record for record in group if record.question == "verdict"), group[0])
        boxes: list[list[float]] = next(
            (record.score["boxes"] for record in group if record.score.get("boxes")), []
        )
        result = [_choice(first.verdict == "different", "v0")] if first.verdict is not None else []
        result += [view.region(box, FOUND, f"b{number}") for number, box in enumerate(boxes)]
        prediction: dict[str, Any] = {"model_version": name, "result": result}
        if first.p_different is not None:
            prediction["score"] = first.p_different
        yield prediction


@dataclass(frozen=True, slots=True)
class _View:
    """A picture's size, and where in it the region begins that boxes count from."""

    size: tuple[int, int]
    left: int
    top: int

    def region(self, box: Sequence[float], label: str, number: str) -> dict[str, Any]:
        width, height = self.size
        x1, y1, x2, y2 = box
        value = {
            "x": (x1 + self.left) / width * 100,
            "y": (y1 + self.top) / height * 100,
            "width": (x2 - x1) / width * 100,
            "height": (y2 - y1) / height * 100,
            "rotation": 0,
            "rectanglelabels": [label],
        }
        sizes = {"original_width": width, "original_height": height, "image_rotation": 0}
        names = {"id": number, "type": "rectanglelabels", "from_name": "label", "to_name": "image"}
        return {**names, **sizes, "value": value}


def _corner(suite: Suite, case: Case) -> tuple[int, int]:
    region = suite.region(case)
    return (0, 0) if region is None else (round(region.x1), round(region.y1))


def _choice(bad: bool, number: str) -> dict[str, Any]:
    value = {"choices": [_BAD if bad else _GOOD]}
    return {"id": number, "type": "choices", "from_name": "verdict", "to_name": "image", "value": value}


def _address(path: Path, root: Path) -> str:
    """Return a picture's address for Label Studio's local storage."""
    try:
        below = os.path.relpath(path, root)
    except ValueError:  # another drive
        below = str(path)
    if below.startswith(".."):
        raise KurabeError(f"{path} is not below {root}: name the folder that Label Studio serves with --root")
    return f"/data/local-files/?d={quote(below.replace(os.sep, '/'))}"


def _labels_of(task: dict[str, Any]) -> list[str]:
    listed = [each["value"] for annotation in task["annotations"] for each in annotation["result"]]
    return [label for value in listed for label in value.get("rectanglelabels", ())]


def _config(labels: Iterable[str]) -> str:
    lines = [f"    <Label value={quoteattr(label)}/>" for label in labels]
    return "\n".join(
        [
            "<View>",
            '  <Image name="image" value="$image" zoom="true"/>',
            '  <RectangleLabels name="label" toName="image">',
            *lines,
            "  </RectangleLabels>",
            '  <Choices name="verdict" toName="image" choice="single">',
            f'    <Choice value="{_GOOD}"/>',
            f'    <Choice value="{_BAD}"/>',
            "  </Choices>",
            "</View>",
            "",
        ]
    )

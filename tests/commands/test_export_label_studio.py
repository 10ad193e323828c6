"""Runs go to Label Studio with the models' boxes, and come back as the suites they were."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kurabe.authoring.parts import Hints
from kurabe.commands.export_label_studio import export_label_studio
from kurabe.common.errors import KurabeError
from kurabe.common.vocabulary import Box
from kurabe.project import Project
from kurabe.results.record import Record
from kurabe.results.run import Run
from tests.support.parts import boxes, imported, part, verdicts, write

SPOT = (40, 5, 50, 15)


def record(case: str, model: str = "m", **more: object) -> Record:
    given: dict[str, object] = {
        "trial": f"{case}-verdict-raw-{model}", "suite": "mine", "case": case, "reference": "r",
        "question": "verdict", "variant": "raw", "layout": "stacked", "model": model, "control": False,
        "swapped": False, "repeat": 0, "expected": "different", "expected_verdict": "different",
        "text": "Yes", "verdict": "different",
        "p_different": 0.75, "outcome": "correct", "score": {"boxes": [[32, 12, 48, 24]]},
    }  # fmt: skip
    return Record(**(given | more))  # type: ignore[arg-type]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    source = tmp_path / "photos"
    for number in range(4):
        part(source / f"g{number} 良.png", shade=150 + number)
    part(source / "b.png", SPOT)
    images = [{"id": n, "file_name": p.name} for n, p in enumerate(sorted(source.glob("*.png")))]
    spot = {"id": 1, "image_id": 0, "category_id": 1, "bbox": [40, 5, 10, 10]}
    labels = {"images": images, "annotations": [spot], "categories": [{"id": 1, "name": "scratch"}]}
    imported("coco", write(source / "coco.json", json.dumps(labels)), tmp_path)
    return Project.at(tmp_path)


def run_of(project: Project, *records: Record) -> Run:
    run = Run.create(project.reports)
    for each in records:
        run.append(each)
    run.close()
    return run


def test_boxes_and_verdicts_are_predictions(project: Project, tmp_path: Path) -> None:
    good = next(case.id for suite in project.suites().good for case in suite.cases if case.id != "b")
    run = run_of(
        project,
        record("mine/b"),
        record("mine/b", "text", score={}, verdict="same", p_different=None),
        record("mine/b", "control", control=True),
        record(f"mine/{good}", verdict="same", score={}, p_different=0.1, expected_verdict="same"),
        record("mine/gone"),
    )
    done = export_label_studio(run, project, tmp_path / "out.json", tmp_path, ())
    assert (done.pictures, done.predictions, done.boxes) == (2, 3, 1)
    assert done.missing == ("mine/gone: no suite has this case any more",)
    bad, fine = json.loads(done.tasks.read_text(encoding="utf-8"))
    assert bad["data"] == {"image": "/data/local-files/?d=photos/b.png", "case": "mine/b"}
    first, second = bad["predictions"]
    assert (first["model_version"], first["score"]) == ("m raw stacked", 0.75)
    verdict, box = first["result"]
    assert verdict["value"] == {"choices": ["NG"]}
    assert box["value"] == {
        "x": 50, "y": 25, "width": 25, "height": 25, "rotation": 0, "rectanglelabels": ["difference"],
    }  # fmt: skip
    assert (box["original_width"], box["original_height"]) == (64, 48)
    assert [each["value"] for each in second["result"]] == [{"choices": ["OK"]}]
    assert "%E8%89%AF" in fine["data"]["image"]
    config = ElementTree.parse(done.config)
    names = {(each.tag, each.get("name")) for each in config.iter() if each.get("toName") == "image"}
    used = {(each["type"], each["from_name"]) for p in bad["predictions"] for each in p["result"]}
    assert {(tag.lower(), name) for tag, name in names} == used
    assert [label.get("value") for label in config.iter("Label")] == ["difference", "scratch"]


def test_what_was_exported_comes_back(project: Project, tmp_path: Path) -> None:
    (suite,) = project.suites().good
    run = run_of(project, *(record(f"mine/{case.id}") for case in suite.cases))
    done = export_label_studio(run, project, tmp_path / "out" / "tasks.json", tmp_path, ())
    again, _ = imported(
        "label-studio",
        done.tasks,
        tmp_path / "back",
        hints=Hints(images=tmp_path),
    )
    assert {name: found for name, found in boxes(again).items() if found} == {"b.png": [("scratch", SPOT)]}
    # Of the good ones half are compared with now.
    assert verdicts(again).items() <= verdicts(suite).items()
    assert sorted(verdicts(again).values()) == ["different", "same"]


def test_boxes_of_a_region_are_those_of_the_whole_picture(project: Project, tmp_path: Path) -> None:
    (suite,) = project.suites().good
    text = suite.path.read_text(encoding="utf-8")
    write(suite.path, text.replace("defaults:\n", "defaults:\n  region: [32, 0, 64, 48]\n"))
    (moved,) = project.suites().good
    assert (moved.cases[0].expect.differences or [])[0].box == Box(8, 5, 18, 15)
    run = run_of(project, record("mine/b", score={"boxes": [[8, 5, 18, 15]]}))
    done = export_label_studio(run, project, tmp_path / "o.json", tmp_path, ())
    (task,) = json.loads(done.tasks.read_text(encoding="utf-8"))
    for result in (task["annotations"][0]["result"], task["predictions"][0]["result"]):
        assert result[1]["value"]["x"] == pytest.approx(40 / 64 * 100)


def test_nothing_to_export_is_said(project: Project, tmp_path: Path) -> None:
    run = run_of(project, record("mine/b"))
    with pytest.raises(KurabeError, match="no answer of other"):
        export_label_studio(run, project, tmp_path / "o.json", tmp_path, ["other"])
    with pytest.raises(KurabeError, match=r"is not below .*: name the folder .* with --root"):
        export_label_studio(run, project, tmp_path / "o.json", tmp_path / "cases", ())
    assert not (tmp_path / "o.json").exists()

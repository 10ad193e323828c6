"""Files of labelling tools: COCO, YOLO, Pascal VOC, LabelMe."""

import json
from pathlib import Path
from typing import Any

import pytest

from kurabe.authoring.importers import importer
from kurabe.authoring.importing import run_import
from kurabe.authoring.parts import Hints
from kurabe.common.errors import CaseError, KurabeError
from tests.support.parts import boxes, imported, order, part, verdicts, words, write

SPOT, OTHER = (40, 5, 50, 15), (1, 36, 6, 46)


def pictures(root: Path, folder: str = "images") -> Path:
    """Draw two good parts, and a bad one with two defects."""
    part(root / folder / "g1.png", shade=150)
    part(root / folder / "g2.png", shade=160)
    part(root / folder / "b1.png", SPOT, OTHER, shade=152)
    return root


def wrong(name: str, source: Path, into: Path) -> list[str]:
    with pytest.raises(CaseError) as caught:
        run_import(importer(name, source, Hints()), order(source, into))
    assert not into.exists()
    return [str(problem) for problem in caught.value.problems]


def coco(**more: Any) -> dict[str, Any]:
    return {
        "images": [
            {"id": 7, "file_name": "b1.png", "width": 64, "height": 48},
            {"id": 8, "file_name": "g1.png", "width": 64, "height": 48},
            {"id": 9, "file_name": "g2.png", "width": 64, "height": 48},
        ],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 3, "bbox": [40, 5, 10, 10]},
            {"id": 2, "image_id": 7, "category_id": 4, "segmentation": [[1, 36, 6, 36, 6, 46, 1, 46]]},
        ],
        "categories": [{"id": 3, "name": "scratch"}, {"id": 4, "name": "キズ"}],
        **more,
    }


@pytest.mark.parametrize(("place", "folder"), [("annotations/all.json", "images"), ("_a.coco.json", ".")])
def test_coco(tmp_path: Path, place: str, folder: str) -> None:
    root = pictures(tmp_path / "set", folder)
    write(root / place, json.dumps(coco()))
    suite, done = imported("coco", root, tmp_path)
    prefix = "" if folder == "." else "images/"
    assert boxes(suite)[f"{prefix}b1.png"] == [("scratch", SPOT), ("キズ", OTHER)]
    assert sorted(verdicts(suite).values()) == ["different", "same"]
    assert suite.cases[0].expect.count == 2
    assert suite.questions(suite.cases[0]) == ["verdict", "differences", "count"]
    assert done.kinds["good"] == 1


def test_coco_tells_what_is_wrong(tmp_path: Path) -> None:
    root = pictures(tmp_path / "set")
    broken = coco()
    broken["annotations"].append({"id": 3, "image_id": 8, "category_id": 99, "bbox": [1, 1, 2, 2]})
    broken["annotations"].append({"id": 4, "image_id": 10, "category_id": 3, "bbox": [60, 5, 10, 10]})
    broken["images"].append({"id": 10, "file_name": "g2.png", "width": 64, "height": 48})
    broken["images"].append({"id": 11, "file_name": "gone.png"})
    broken["annotations"].append({"id": 5, "image_id": 12, "category_id": 3, "bbox": [1, 1, 2, 2]})
    broken["images"].append({"id": 12, "file_name": "g1.png", "width": 640, "height": 480})
    path = write(root / "labels.json", json.dumps(broken))
    told = "\n".join(wrong("coco", path, tmp_path / "cases"))
    assert "annotation 3: there is no category 99" in told
    assert "the box [60, 5, 70, 15] leaves the test image of 64x48" in told
    assert "gone.png: there is no such file" in told
    assert "the labels are for a picture of 640x480 pixels" in told
    write(path, "{")
    with pytest.raises(KurabeError, match=r"labels.json:1: is not JSON"):
        importer("coco", path, Hints())


def test_what_is_formed_otherwise_is_no_traceback(tmp_path: Path) -> None:
    path = write(tmp_path / "labels.json", json.dumps({"images": [{"id": {}}], "annotations": [7]}))
    with pytest.raises(KurabeError, match=r"labels\.json: is not formed as COCO is \(AttributeError"):
        run_import(importer("coco", path, Hints()), order(path, tmp_path / "cases"))


def test_pictures_may_lie_elsewhere(tmp_path: Path) -> None:
    pictures(tmp_path / "photos", ".")
    path = write(tmp_path / "labels" / "coco.json", json.dumps(coco()).replace('"b1', r'"C:\\data\\b1'))
    suite, _ = imported("coco", path, tmp_path, hints=Hints(images=tmp_path / "photos"))
    assert "b1.png" in verdicts(suite)
    assert suite.file.root == "../../photos"


@pytest.mark.parametrize("names", ["names: [scratch, dent]", "names:\n  0: scratch\n  1: dent\n", ""])
def test_yolo(tmp_path: Path, names: str) -> None:
    root = pictures(tmp_path / "set", "train/images")
    if names:
        write(root / "data.yaml", f"train: train/images\nnc: 2\n{names}")
    else:
        write(root / "classes.txt", "scratch\ndent\n")
    lines = f"0 {45 / 64} {10 / 48} {10 / 64} {10 / 48}\n"
    lines += f"1 {1 / 64} {36 / 48} {6 / 64} {36 / 48} {6 / 64} {46 / 48} {1 / 64} {46 / 48}\n"
    write(root / "train/labels/b1.txt", lines)
    write(root / "train/labels/g1.txt", "")
    suite, _ = imported("yolo", root, tmp_path)
    assert boxes(suite)["train/images/b1.png"] == [("scratch", SPOT), ("dent", OTHER)]
    assert sorted(verdicts(suite).values()) == ["different", "same"]
    assert "train-b1" in {case.id for case in suite.cases}


def test_yolo_tells_what_is_wrong(tmp_path: Path) -> None:
    root = pictures(tmp_path / "set")
    with pytest.raises(KurabeError, match=r"nothing names the classes: add data\.yaml"):
        importer("yolo", root, Hints())
    write(root / "classes.txt", "scratch")
    with pytest.raises(KurabeError, match="unknown layout; looked for images/ and labels/"):
        importer("yolo", root, Hints())
    part(root / "images/g3.png", shade=170)
    write(root / "labels/b1.txt", "0 0.5 0.5 0.1 0.1\n5 0.5 0.5 0.1 0.1\n")
    write(root / "labels/g1.txt", "0 a b\n")
    write(root / "labels/g2.txt", "0 1.2 0.5 0.1 0.1\n")
    class_, text, outside = wrong("yolo", root, tmp_path / "cases")
    assert "labels/b1.txt:2: there is no class 5 among 1" in class_
    assert "labels/g1.txt:1: not 'class x y width height' in numbers: '0 a b'" in text
    assert "leaves the test image of 64x48" in outside


def test_two_pictures_of_one_name_are_told(tmp_path: Path) -> None:
    root = pictures(tmp_path / "set")
    part(root / "images/b1.jpg", SPOT)
    write(root / "classes.txt", "scratch")
    write(root / "labels/b1.txt", "0 0.7 0.2 0.1 0.1\n")
    (told,) = wrong("yolo", root, tmp_path / "cases")
    assert "b1.png and " in told
    assert "have one name, 'b1', of which the case's id is made: rename one" in told


VOC = """<annotation>
  <folder>x</folder><filename>{name}</filename>
  <source><database>ours</database><annotation>by hand</annotation></source>
  <size><width>64</width><height>48</height><depth>3</depth></size>{objects}
</annotation>"""
OBJECT = """<object><name>{}</name><bndbox>
<xmin>{}</xmin><ymin>{}</ymin><xmax>{}</xmax><ymax>{}</ymax></bndbox></object>"""


@pytest.mark.parametrize("split", [True, False])
def test_voc(tmp_path: Path, split: bool) -> None:
    root = pictures(tmp_path / "set", "JPEGImages" if split else ".")
    labels = root / "Annotations" if split else root
    objects = OBJECT.format("scratch", 41, 6, 50, 15) + OBJECT.format("dent", 2, 37, 6, 46)
    write(labels / "b1.xml", VOC.format(name="b1.png", objects=objects))
    for name in ("g1", "g2"):
        write(labels / f"{name}.xml", VOC.format(name=name, objects=""))
    part(root / "JPEGImages" / "nobody.png")
    suite, done = imported("voc", root, tmp_path)
    assert next(iter(boxes(suite).values())) == [("scratch", SPOT), ("dent", OTHER)]
    assert sorted(verdicts(suite).values()) == ["different", "same"]
    ((what, number),) = done.left_out.items()
    assert number == 1
    assert "--unlabelled-good" in what


def test_voc_tells_what_is_wrong_and_takes_no_entities(tmp_path: Path) -> None:
    root = pictures(tmp_path / "set")
    write(root / "b1.xml", "<annotation>")
    write(root / "g1.xml", '<!DOCTYPE a [<!ENTITY b "c">]><annotation><filename>&b;</filename></annotation>')
    write(root / "g2.xml", VOC.format(name="g2.png", objects="<object><name>x</name></object>"))
    told = "\n".join(wrong("voc", root, tmp_path / "cases"))
    assert "b1.xml" in told
    assert "is not XML" in told
    assert "declares a document type, which is refused" in told
    assert "g2.xml: the object 'x' has no bndbox of numbers" in told


def labelme(name: str, *shapes: dict[str, Any], **more: Any) -> str:
    found: dict[str, Any] = {
        "version": "5",
        "flags": {},
        "shapes": list(shapes),
        "imagePath": name,
        "imageData": None,
    }
    return json.dumps({**found, "imageHeight": 48, "imageWidth": 64, **more})


def test_labelme(tmp_path: Path) -> None:
    root = pictures(tmp_path / "set", ".")
    part(root / "b2.png", (20, 20, 30, 30))
    part(root / "b3.png", SPOT)
    part(root / "good" / "g4.png")
    rectangle = {"label": "scratch", "points": [[50, 15], [40, 5]], "shape_type": "rectangle"}
    polygon = {"label": "dent", "points": [[1, 36], [6, 40], [3, 46]], "shape_type": "polygon"}
    write(root / "b1.json", labelme("..\\photos\\b1.png", rectangle, polygon))
    circle = {"label": "hole", "points": [[25, 25], [25, 30]], "shape_type": "circle"}
    write(root / "b2.json", labelme("b2.png", circle))
    write(root / "b3.json", labelme("b3.png", flags={"NG": True, "OK": False}))
    suite, done = imported("labelme", root, tmp_path, hints=Hints(unlabelled_good=True))
    found = boxes(suite)
    assert found["b1.png"] == [("scratch", SPOT), ("dent", OTHER)]
    assert found["b2.png"] == [("hole", (20, 20, 30, 30))]
    assert found["b3.png"] == []
    assert verdicts(suite)["b3.png"] == "different"
    assert done.kinds["good"] == 1
    write(root / "b1.json", labelme("b1.png", {"label": "x", "points": [[1, 1]], "shape_type": "point"}))
    write(root / "b2.json", labelme("b2.png", {"label": "y", "points": "?"}))
    told = "\n".join(wrong("labelme", root, tmp_path / "other"))
    assert "the box [1, 1, 1, 1] has no area" in told
    assert "b2.json: the shape 'y' has no points in numbers" in told


def test_a_label_for_good_parts_marks_no_defect(tmp_path: Path) -> None:
    root = pictures(tmp_path / "set")
    sets = coco(categories=[{"id": 3, "name": "fine_part"}, {"id": 4, "name": "NG"}])
    path = write(root / "labels.json", json.dumps(sets))
    suite, _ = imported("coco", path, tmp_path, hints=words(("fine part",)))
    assert boxes(suite)["images/b1.png"] == [(None, OTHER)]

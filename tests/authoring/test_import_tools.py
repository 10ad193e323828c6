"""Exports of CVAT, Label Studio, Lookout for Vision and Hugging Face."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kurabe.authoring.importers import importer
from kurabe.authoring.importing import run_import
from kurabe.authoring.parts import Hints
from kurabe.common.errors import CaseError, KurabeError
from tests.support.parts import SIZE, boxes, imported, order, part, verdicts, write

SPOT, OTHER = (40, 5, 50, 15), (1, 36, 6, 46)


def pictures(root: Path, folder: str = "images") -> Path:
    for number in (1, 2):
        part(root / folder / f"g{number}.png", shade=140 + 10 * number)
        part(root / folder / f"b{number}.png", SPOT, OTHER, shade=150 + number)
    return root


def wrong(name: str, source: Path, into: Path) -> str:
    with pytest.raises(CaseError) as caught:
        run_import(importer(name, source, Hints()), order(source, into))
    assert not into.exists()
    return str(caught.value)


CVAT = """<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version><meta><task><size>4</size></task></meta>{}</annotations>"""
IMAGE = '<image id="{}" name="{}" width="64" height="48">{}</image>'


def test_cvat(tmp_path: Path) -> None:
    root = pictures(tmp_path / "set")
    shapes = (
        '<box label="scratch" xtl="40.0" ytl="5.0" xbr="50.0" ybr="15.0" occluded="0"></box>'
        '<polygon label="dent" points="1.0,36.0;6.0,36.0;6.0,46.0;1.0,46.0"></polygon>'
    )
    images = IMAGE.format(0, "b1.png", shapes) + IMAGE.format(1, "g1.png", '<tag label="OK"></tag>')
    images += IMAGE.format(2, "g2.png", "") + IMAGE.format(3, "b2.png", '<tag label="NG"></tag>')
    write(root / "annotations.xml", CVAT.format(images))
    suite, _ = imported("cvat", root, tmp_path)
    assert boxes(suite)["images/b1.png"] == [("scratch", SPOT), ("dent", OTHER)]
    assert verdicts(suite)["images/b2.png"] == "different"
    assert sorted(verdicts(suite).values()) == ["different", "different", "same"]
    masks = '<mask label="x" rle="1" left="1" top="36" width="5" height="10"></mask>'
    masks += '<ellipse label="y" cx="45" cy="10" rx="5" ry="5"></ellipse>'
    write(root / "annotations.xml", CVAT.format(images.replace(shapes, masks)))
    suite, _ = imported("cvat", root / "annotations.xml", tmp_path / "two")
    assert boxes(suite)["images/b1.png"] == [("x", OTHER), ("y", SPOT)]
    images += IMAGE.format(4, "b1.png", '<points label="p" points="a"></points>')
    images += IMAGE.format(5, "b1.png", '<tag label="perhaps"></tag>')
    write(root / "annotations.xml", CVAT.format(images))
    told = wrong("cvat", root, tmp_path / "other")
    assert "annotations.xml: b1.png: the points 'p' has no place in numbers" in told
    assert "b1.png: the label 'perhaps' is unknown" in told


def region(kind: str = "rectanglelabels", label: str = "scratch", **value: Any) -> dict[str, Any]:
    sizes = {"original_width": 64, "original_height": 48, "image_rotation": 0}
    return {
        "type": kind,
        "from_name": "label",
        "to_name": "image",
        "value": {kind: [label], **value},
        **sizes,
    }


def task(number: int, image: str, *results: dict[str, Any]) -> dict[str, Any]:
    return {"id": number, "data": {"image": image}, "annotations": [{"id": number, "result": list(results)}]}


def percent(box: tuple[int, int, int, int]) -> dict[str, Any]:
    left, top, right, bottom = box
    across, down = SIZE
    return {
        "x": left / across * 100,
        "y": top / down * 100,
        "width": (right - left) / across * 100,
        "height": (bottom - top) / down * 100,
    }


def test_label_studio(tmp_path: Path) -> None:
    root = pictures(tmp_path / "set", "sub")
    corners = [(40, 5), (50, 5), (50, 15), (40, 15)]
    polygon = region("polygonlabels", "キズ", points=[[x / 64 * 100, y / 48 * 100] for x, y in corners])
    # A quarter turn about the upper left corner puts the box to the left of it.
    turned = region(x=6 / 64 * 100, y=36 / 48 * 100, width=10 / 64 * 100, height=5 / 48 * 100, rotation=90)
    choice = {"type": "choices", "value": {"choices": ["OK"]}}
    cancelled = {"was_cancelled": True, "result": [region(**percent(SPOT))]}
    tasks = [
        task(1, "/data/local-files/?d=sub/b1.png", polygon, turned),
        task(2, "/data/upload/7/0123abcd-g1.png", choice),
        task(3, "s3://bucket/key/sub/g2.png"),
        task(4, "/data/upload/b2.png", {"type": "choices", "value": {"choices": ["不良品"]}}),
        {"id": 5, "data": {"image": "/data/upload/g1.png"}, "annotations": [cancelled]},
    ]
    (root / "sub").rename(root / "images")
    part(root / "sub" / "b1.png", SPOT)
    path = write(root / "export.json", json.dumps(tasks, ensure_ascii=False))
    suite, done = imported("label-studio", path, tmp_path)
    assert boxes(suite)["sub/b1.png"] == [("キズ", SPOT), ("scratch", OTHER)]
    assert verdicts(suite)["images/b2.png"] == "different"
    assert sorted(verdicts(suite).values()) == ["different", "different", "same"]
    assert done.left_out == {"tasks that nobody has annotated": 1}
    tasks += [task(6, "b1.png", region("brushlabels", format="rle")), {"id": 7, "data": {"text": "no"}}]
    tasks.append(task(8, "b2.png", {"type": "choices", "value": {"choices": ["hm"]}}))
    write(path, json.dumps(tasks))
    told = wrong("label-studio", root, tmp_path / "other")
    assert "export.json: task 6: brushlabels has no box: draw a rectangle" in told
    assert "task 7: names no picture under 'data'" in told
    assert "task 8: the label 'hm' is unknown" in told


def manifest(name: str, label: int, **more: Any) -> str:
    word = "anomaly" if label else "normal"
    metadata = {"class-name": word, "type": "groundtruth/image-classification", "human-annotated": "yes"}
    entry = {
        "source-ref": f"s3://lines/photos/{name}",
        "anomaly-label": label,
        "anomaly-label-metadata": metadata,
    }
    return json.dumps({**entry, **more}) + "\n"


def test_lookout(tmp_path: Path) -> None:
    root = pictures(tmp_path / "set", "photos")
    colours = {"0": "BACKGROUND #ffffff", "1": "scratch #23a436", "2": "dent #1f77b4"}
    colour_map = {
        key: dict(zip(("class-name", "hex-color"), text.split(), strict=True))
        for key, text in colours.items()
    }
    mask = Image.new("RGB", SIZE, "white")
    mask.paste((0x23, 0xA4, 0x36), SPOT)
    mask.paste((0x1F, 0x77, 0xB4), OTHER)
    (root / "masks").mkdir()
    mask.save(root / "masks" / "b1.png")
    masked = {
        "anomaly-mask-ref": "s3://lines/masks/b1.png",
        "anomaly-mask-ref-metadata": {
            "internal-color-map": colour_map,
            "type": "groundtruth/semantic-segmentation",
        },
    }
    lines = (
        manifest("b1.png", 1, **masked)
        + manifest("g1.png", 0)
        + manifest("g2.png", 0)
        + manifest("b2.png", 1)
    )
    write(root / "train.manifest", lines)
    suite, _ = imported("lookout", root, tmp_path)
    assert boxes(suite)["photos/b1.png"] == [("scratch", SPOT), ("dent", OTHER)]
    assert sorted(verdicts(suite).values()) == ["different", "different", "same"]
    write(root / "train.manifest", lines + '{"a": 1}\n{\n{"source-ref": "s3://x/g1.png"}\n')
    told = wrong("lookout", root / "train.manifest", tmp_path / "other")
    assert "train.manifest:5: the key 'source-ref' is missing" in told
    assert "train.manifest:6: is not JSON" in told
    assert "train.manifest:7: no anomaly-label tells" in told


def test_an_imagefolder_with_metadata(tmp_path: Path) -> None:
    root = pictures(tmp_path / "set", "train")
    places = {"bbox": [[40, 5, 10, 10], [1, 36, 5, 10]], "categories": ["scratch", "dent"]}
    rows = [
        {"file_name": "b1.png", "objects": places},
        {"file_name": "b2.png", "label": "NG"},
        {"file_name": "g1.png", "objects": {"bbox": [], "categories": []}},
        {"file_name": "g2.png", "label": "good"},
    ]
    write(root / "train/metadata.jsonl", "\n".join(map(json.dumps, rows)))
    suite, _ = imported("imagefolder", root, tmp_path)
    assert boxes(suite)["train/b1.png"] == [("scratch", SPOT), ("dent", OTHER)]
    assert sorted(verdicts(suite).values()) == ["different", "different", "same"]
    (root / "train/metadata.jsonl").unlink()
    table = "file_name,label\nb1.png,1\nb2.png,1\ng1.png,0\ng2.png,0\n"
    write(root / "train/metadata.csv", table, "cp932")
    again, _ = imported("imagefolder", root, tmp_path / "two")
    assert sorted(verdicts(again).values()) == ["different", "different", "same"]
    write(root / "train/metadata.csv", table + ",1\nb1.png,maybe\n")
    told = wrong("imagefolder", root, tmp_path / "other")
    assert "metadata.csv:6: the column 'file_name' is missing or empty" in told
    assert "metadata.csv:7: the label 'maybe' is unknown" in told


def test_an_imagefolder_of_labels(tmp_path: Path) -> None:
    root = tmp_path / "set"
    for number in range(3):
        part(root / "test/good" / f"{number}.png", shade=150 + number)
        part(root / "test/defective" / f"{number}.png", SPOT, shade=150 + number)
    _, done = imported("imagefolder", root, tmp_path)
    assert done.kinds == {"bad": 3, "good": 1}
    part(root / "test/scratched/0.png", SPOT)
    assert "the label 'scratched' is unknown" in wrong("imagefolder", root, tmp_path / "other")
    hints = Hints(labels=type(Hints().labels)((), ("scratched",)))
    _, done = imported("imagefolder", root, tmp_path / "two", hints=hints)
    assert done.kinds["scratched"] == 1


def test_a_saved_dataset(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    root = pictures(tmp_path / "set")
    rows = [
        {
            "image": {"bytes": (root / f"images/{name}.png").read_bytes(), "path": f"{name}.png"},
            "label": label,
        }
        for name, label in (("b1", 1), ("g1", 0), ("g2", 0))
    ]
    split = tmp_path / "saved" / "train"
    split.mkdir(parents=True)
    found = pyarrow.Table.from_pylist(rows)
    path = str(split / "data-00000-of-00001.arrow")
    with pyarrow.OSFile(path, "wb") as file, pyarrow.ipc.new_stream(file, found.schema) as stream:
        stream.write_table(found)
    features = {"image": {"_type": "Image"}, "label": {"names": ["good", "NG"], "_type": "ClassLabel"}}
    write(split / "dataset_info.json", json.dumps({"features": features}))
    write(split / "state.json", json.dumps({"_data_files": [{"filename": "data-00000-of-00001.arrow"}]}))
    with pytest.raises(KurabeError, match="take them out with --copy"):
        importer("imagefolder", tmp_path / "saved", Hints())
    suite, _ = imported("imagefolder", tmp_path / "saved", tmp_path, hints=Hints(copy=True), copy=True)
    assert sorted(verdicts(suite).values()) == ["different", "same"]
    assert suite.cases[0].id == "train-000000"
    assert suite.image(str(suite.cases[0].test)).read_bytes() == (root / "images/b1.png").read_bytes()

"""Public sets with files of their own: Real-IAD, MMAD, Kaputt."""

import json
from pathlib import Path
from typing import Any

import pytest

from kurabe.authoring.importers import importer
from kurabe.authoring.importing import run_import
from kurabe.authoring.parts import Hints
from kurabe.common.errors import CaseError, KurabeError
from tests.support.parts import boxes, imported, mask, order, part, references, verdicts, write

SPOT, OTHER = (40, 5, 50, 15), (1, 36, 6, 46)


def audiojack(root: Path) -> Path:
    home = root / "realiad_256" / "audiojack"
    entries: dict[str, list[dict[str, Any]]] = {"train": [], "test": []}
    for camera in ("C1", "C2"):
        for split, number in (("train", "0001"), ("train", "0002"), ("test", "0003")):
            name = f"OK/S{number}/audiojack_{number}_OK_{camera}_2023.jpg"
            part(home / name, shade=150 + int(number))
            entry = {"category": "audiojack", "anomaly_class": "OK", "image_path": name, "mask_path": None}
            entries[split].append(entry)
        name = f"NG/HS/S0009/audiojack_0009_NG_HS_{camera}_2023.jpg"
        part(home / name, SPOT)
        mask(home / name.replace(".jpg", ".png"), SPOT)
        bad = {"image_path": name, "mask_path": name.replace(".jpg", ".png")}
        entries["test"].append({"category": "audiojack", "anomaly_class": "HS", **bad})
    meta = {"prefix": "audiojack/", "normal_class": "OK"}
    write(root / "realiad_jsons/realiad_jsons/audiojack.json", json.dumps({"meta": meta, **entries}))
    return root


@pytest.mark.parametrize("file", ["", "realiad_jsons/realiad_jsons/audiojack.json"])
def test_real_iad(tmp_path: Path, file: str) -> None:
    root = audiojack(tmp_path / "Real-IAD")
    suite, _ = imported("real-iad", root / file, tmp_path)
    found = boxes(suite)
    assert len(found) == 4
    bad = [case for case in suite.cases if case.expect.verdict == "different"]
    assert {tuple(found[str(case.test)]) for case in bad} == {(("scratch", SPOT),)}
    # Both cameras saw one part, and each picture is compared with one of its own camera.
    assert {case.specimen for case in bad} == {"audiojack-HS-S0009"}
    for test, reference in references(suite).items():
        assert ("_C1_" in test) == ("_C1_" in str(reference))
        assert "/S0003/" not in str(reference)
    sets = json.loads((root / "realiad_jsons/realiad_jsons/audiojack.json").read_text())
    sets["test"][0]["anomaly_class"] = "??"
    write(root / "realiad_jsons/realiad_jsons/audiojack.json", json.dumps(sets))
    with pytest.raises(CaseError, match=r"audiojack.json: OK/S0003.*the label '\?\?' is unknown"):
        run_import(importer("real-iad", root, Hints()), order(root, tmp_path / "other"))


def asked(kind: str, question: str, answer: str, *options: str) -> dict[str, Any]:
    letters = dict(zip("ABCD", options, strict=False))
    return {"Question": question, "Answer": answer, "Options": letters, "type": kind, "annotation": True}


def mmad(root: Path) -> Path:
    for number in range(2):
        part(root / f"DS-MVTec/bottle/train/good/00{number}.png", shade=150 + 20 * number)
    part(root / "DS-MVTec/bottle/image/broken_large/000.png", SPOT)
    part(root / "DS-MVTec/bottle/image/good/001.png")
    mask(root / "DS-MVTec/bottle/mask/broken_large/000.png", SPOT)
    templates = [f"DS-MVTec/bottle/train/good/00{number}.png" for number in range(2)]
    detection = "Is there any defect in the object?"
    sets = {
        "DS-MVTec/bottle/image/broken_large/000.png": {
            "conversation": [
                asked("Anomaly Detection", detection, "A", "Yes.", "No."),
                asked("Defect Localization", "Where is it?", "C", "Left.", "Right.", "Top.", "Bottom."),
                asked("Defect Description", "What does it look like?", "A large broken edge"),
            ],
            "similar_templates": templates,
            "random_templates": templates[::-1],
            "mask_path": "mask/broken_large/000.png",
        },
        "DS-MVTec/bottle/image/good/001.png": {
            "conversation": [asked("Anomaly Detection", detection, "B", "Yes.", "No.")],
            "similar_templates": templates[:1],
            "mask_path": "",
        },
    }
    write(root / "mmad.json", json.dumps(sets))
    return root


def test_mmad(tmp_path: Path) -> None:
    suite, done = imported("mmad", mmad(tmp_path / "MMAD"), tmp_path)
    verdict, choice, described, good = suite.cases
    assert [suite.questions(case)[0] for case in suite.cases] == ["verdict", "choice", "describe", "verdict"]
    assert [(d.kind, tuple(d.box or ())) for d in verdict.expect.differences or []] == [
        ("broken_large", SPOT)
    ]
    assert verdict.good == choice.good == tuple(f"DS-MVTec/bottle/train/good/00{n}.png" for n in range(2))
    assert choice.expect.choice is not None
    assert choice.expect.choice.options == ["Left.", "Right.", "Top.", "Bottom."]
    assert (choice.expect.choice.answer, choice.expect.choice.question) == ("Top.", "Where is it?")
    assert described.expect.describe is not None
    assert described.expect.describe.says == [["large"], ["broken"], ["edge"]]
    assert (good.expect.verdict, good.reference) == ("same", "DS-MVTec/bottle/train/good/000.png")
    assert verdict.specimen == choice.specimen != good.specimen
    assert "Defect-Localization" in suite.tags(choice)
    assert done.rule == "each test picture with the good part that the source names"


def test_mmad_tells_what_is_wrong(tmp_path: Path) -> None:
    root = mmad(tmp_path / "MMAD")
    path = root / "mmad.json"
    write(path, path.read_text().replace('"Answer": "C"', '"Answer": "E"'))
    (root / "DS-MVTec/bottle/train/good/001.png").unlink()
    with pytest.raises(CaseError) as caught:
        run_import(importer("mmad", root, Hints()), order(root, tmp_path / "cases"))
    told = str(caught.value)
    assert "question 2: the answer 'E' is none of the options A, B, C, D" in told
    assert "001.png: there is no such file" in told


def test_kaputt(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    root = tmp_path / "kaputt"
    data = "kaputt-release/test/query-data/image"
    goods = "kaputt-release/test/reference-data/image"
    for name in ("r1", "r2", "r3"):
        part(root / goods / f"{name}.jpg")
    for name, marks in (("c1", [SPOT]), ("c2", [])):
        part(root / data / f"{name}.jpg", *marks)
    queries = [
        {"capture_id": "c1", "item_identifier": "i1", "defect": True, "major_defect": True,
         "defect_types": "deformation,penetration", "item_material": "cardboard",
         "query_image": f"{data}/c1.jpg"},
        {"capture_id": "c2", "item_identifier": "i2", "defect": False, "major_defect": False,
         "defect_types": "", "item_material": "paper", "query_image": f"{data}/c2.jpg"},
    ]  # fmt: skip
    known = [
        {"item_identifier": "i1", "reference_image": f"{goods}/r1.jpg,{goods}/r2.jpg"},
        {"item_identifier": "i2", "reference_image": f"{goods}/r3.jpg"},
    ]
    for name, rows in (("query", queries), ("reference", known)):
        parquet.write_table(pyarrow.Table.from_pylist(rows), root / f"{name}-test.parquet")
    suite, _ = imported("kaputt", root, tmp_path)
    bad, good = suite.cases
    assert verdicts(suite) == {f"{data}/c1.jpg": "different", f"{data}/c2.jpg": "same"}
    assert [d.kind for d in bad.expect.differences or []] == ["deformation", "penetration"]
    assert bad.good == (f"{goods}/r1.jpg", f"{goods}/r2.jpg")
    assert (good.id, good.tags, suite.questions(bad)) == ("c2", ["paper"], ["verdict"])
    assert bad.tags == ["cardboard", "major", "deformation", "penetration"]
    parquet.write_table(pyarrow.Table.from_pylist(known[1:]), root / "reference-test.parquet")
    with pytest.raises(CaseError, match="capture c1: no reference capture of the item 'i1'"):
        run_import(importer("kaputt", root, Hints()), order(root, tmp_path / "other"))
    write(root / "query-test.parquet", "no parquet")
    with pytest.raises(KurabeError, match=r"query-test.parquet: cannot be read as Parquet"):
        run_import(importer("kaputt", root, Hints()), order(root, tmp_path / "other"))


def test_without_pyarrow_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    for name in ("query", "reference"):
        write(tmp_path / f"{name}-test.parquet", "")
    with pytest.raises(KurabeError, match=r"needs pyarrow.*pip install 'kurabe\[import\]'"):
        run_import(importer("kaputt", tmp_path, Hints()), order(tmp_path, tmp_path / "cases"))

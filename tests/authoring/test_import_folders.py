"""Folders as people have them: good and bad in any language, MVTec AD, VisA, DeepPCB."""

from pathlib import Path

import pytest
from PIL import Image

from kurabe.authoring.importers import importer
from kurabe.authoring.importing import run_import
from kurabe.authoring.parts import Hints
from kurabe.common.errors import CaseError, KurabeError
from tests.support.parts import (
    SIZE,
    boxes,
    imported,
    mask,
    order,
    part,
    references,
    verdicts,
    words,
    write,
)

SPOT, OTHER = (40, 5, 50, 15), (1, 36, 6, 46)


def photographs(root: Path, good: str = "good", bad: str = "bad") -> Path:
    for number in range(4):
        part(root / good / f"{number}.png", shade=150 + 20 * number)
    part(root / bad / "scratch" / "a.png", SPOT, shade=150)
    part(root / bad / "dent" / "a.png", OTHER, shade=210)
    part(root / bad / "b.png", SPOT, shade=170)
    return root


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("good", "bad"),
        ("OK", "NG"),
        ("良品", "不良品"),
        ("良", "不良"),
        ("ｏｋ", "ng"),
        ("defect_free", "defective"),
        ("normal", "anomaly"),
        ("pass", "fail"),
    ],
)
def test_good_and_bad_in_any_language(tmp_path: Path, good: str, bad: str) -> None:
    suite, done = imported("folder", photographs(tmp_path / "photos", good, bad), tmp_path)
    told = verdicts(suite)
    assert [told.pop(f"{bad}/{name}.png") for name in ("scratch/a", "dent/a", "b")] == ["different"] * 3
    assert set(told.values()) == {"same"}
    assert done.kinds == {"scratch": 1, "dent": 1, "bad": 1, "good": 2}
    # The good parts that are compared with are never asked about.
    assert not set(references(suite).values()) & set(told)
    assert {suite.relation(case) for case in suite.cases} == {"instance"}
    kinds = {c.test: [d.kind for d in c.expect.differences or []] for c in suite.cases}
    assert kinds[f"{bad}/scratch/a.png"] == ["scratch"]
    assert kinds[f"{bad}/b.png"] == []


def test_pictures_stay_where_they_are(tmp_path: Path) -> None:
    source = photographs(tmp_path / "photos")
    suite, _ = imported("folder", source, tmp_path)
    assert suite.file.root == "../../photos"
    assert [path.name for path in (tmp_path / "cases/mine").iterdir()] == ["mine.yaml"]
    for case in suite.cases:
        assert suite.image(str(case.test)).samefile(source / str(case.test))


def test_pictures_outside_of_the_project_are_named_by_their_whole_path(tmp_path: Path) -> None:
    source = photographs(tmp_path / "disk" / "photos")
    suite, _ = imported("folder", source, tmp_path / "project")
    assert suite.file.root == source.as_posix()


def test_pictures_can_be_copied(tmp_path: Path) -> None:
    suite, _ = imported("folder", photographs(tmp_path / "disk" / "photos"), tmp_path, copy=True)
    assert suite.file.root is None
    (tmp_path / "disk").rename(tmp_path / "away")
    assert all(suite.image(str(case.test)).is_file() for case in suite.cases)
    assert "images/bad/scratch/a.png" in verdicts(suite)


def test_products_are_compared_among_themselves(tmp_path: Path) -> None:
    photographs(tmp_path / "photos" / "bolt")
    photographs(tmp_path / "photos" / "nut", "OK", "NG")
    suite, _ = imported("folder", tmp_path / "photos", tmp_path)
    for test, reference in references(suite).items():
        assert test.split("/")[0] == str(reference).split("/")[0]
    assert {tag for case in suite.cases for tag in case.tags if tag in ("bolt", "nut")} == {"bolt", "nut"}


def test_masks_beside_the_pictures_become_boxes(tmp_path: Path) -> None:
    source = photographs(tmp_path / "photos")
    mask(source / "masks/scratch/a.png", SPOT)
    mask(source / "masks/dent/a_mask.png", OTHER)
    mask(source / "masks/bad/b.png", SPOT, OTHER)
    found = boxes(imported("folder", source, tmp_path)[0])
    assert found["bad/scratch/a.png"] == [("scratch", SPOT)]
    assert found["bad/dent/a.png"] == [("dent", OTHER)]
    assert found["bad/b.png"] == [(None, SPOT), (None, OTHER)]


def test_folders_of_the_users_own_words(tmp_path: Path) -> None:
    source = photographs(tmp_path / "photos", "shiny", "scratched")
    with pytest.raises(
        KurabeError, match=r"looked for the folders good/ and bad/.*there is: scratched/, shiny/"
    ):
        importer("folder", source, Hints())
    suite, done = imported("folder", source, tmp_path, hints=words(("shiny",), ("scratched",)))
    assert done.kinds["scratched"] == 3
    assert len(suite.cases) == 5


def test_a_folder_that_nobody_knows_is_told(tmp_path: Path) -> None:
    source = photographs(tmp_path / "photos")
    part(source / "baad" / "c.png", SPOT)
    part(source / "loose.png")
    with pytest.raises(CaseError) as caught:
        run_import(importer("folder", source, Hints()), order(source, tmp_path / "cases"))
    told = [str(problem) for problem in caught.value.problems]
    assert "the label 'baad' is unknown; did you mean 'bad'?: say what it means with --ok 'baad'" in told[0]
    assert told[1].startswith(f"{source / 'loose.png'}: the picture is neither in the folder")
    assert not (tmp_path / "cases").exists()


def bottle(root: Path) -> Path:
    for number in range(4):
        part(root / "train/good" / f"{number:03}.png", shade=150 + 10 * number, pose=6 * number)
    part(root / "test/good/000.png", shade=130, pose=6)
    part(root / "test/broken_large/000.png", SPOT, shade=190, pose=13)
    part(root / "test/broken_large/001.png", SPOT, OTHER, shade=200)
    mask(root / "ground_truth/broken_large/000_mask.png", SPOT)
    mask(root / "ground_truth/broken_large/001_mask.png", SPOT, OTHER, value=1)
    return root


def test_mvtec_ad(tmp_path: Path) -> None:
    suite, done = imported("mvtec", bottle(tmp_path / "bottle"), tmp_path)
    assert boxes(suite) == {
        "test/broken_large/000.png": [("broken_large", SPOT)],
        "test/broken_large/001.png": [("broken_large", SPOT), ("broken_large", OTHER)],
        "test/good/000.png": [],
    }
    assert references(suite) == {
        "test/broken_large/000.png": "train/good/002.png",
        "test/broken_large/001.png": "train/good/000.png",
        "test/good/000.png": "train/good/001.png",
    }
    one, several, good = suite.cases
    assert (one.id, one.expect.count) == ("broken_large-000", 1)
    # Two places of a mask may be one defect, so only the verdict is asked.
    assert suite.questions(several) == ["verdict"]
    assert good.expect.differences == []
    assert done.rule.startswith("nearest, each test picture with the good part that looks most like it")
    assert "# Pairs: nearest" in suite.path.read_text(encoding="utf-8")


def test_mvtec_ad_2_and_loco_in_one_folder(tmp_path: Path) -> None:
    root = tmp_path / "sets"
    part(root / "can/train/good/000_regular.png")
    part(root / "can/validation/good/001_regular.png", shade=120)
    part(root / "can/test_public/good/002_regular.png", shade=121)
    part(root / "can/test_public/bad/003_overexposed.png", SPOT)
    mask(root / "can/test_public/ground_truth/bad/003_overexposed_mask.png", SPOT)
    part(root / "can/test_private/004_regular.png")
    part(root / "box/train/good/000.png")
    part(root / "box/test/logical_anomalies/000.png", SPOT, OTHER)
    mask(root / "box/ground_truth/logical_anomalies/000/000.png", SPOT)
    mask(root / "box/ground_truth/logical_anomalies/000/001.png", OTHER)
    suite, done = imported("mvtec", root, tmp_path)
    assert boxes(suite) == {
        "can/test_public/bad/003_overexposed.png": [(None, SPOT)],
        "can/test_public/good/002_regular.png": [],
        "box/test/logical_anomalies/000.png": [("logical_anomalies", SPOT), ("logical_anomalies", OTHER)],
    }
    assert references(suite)["can/test_public/good/002_regular.png"] == "can/validation/good/001_regular.png"
    assert done.left_out == {"private test pictures have no labels": 1}


def test_what_is_wrong_with_masks_is_told_with_the_file(tmp_path: Path) -> None:
    source = bottle(tmp_path / "bottle")
    truth = source / "ground_truth/broken_large"
    mask(truth / "000_mask.png", SPOT, size=(32, 24))
    mask(truth / "001_mask.png")
    part(source / "test/broken_large/002.png", SPOT)
    with pytest.raises(CaseError) as caught:
        run_import(importer("mvtec", source, Hints()), order(source, tmp_path / "cases"))
    size, empty, missing = map(str, caught.value.problems)
    assert f"{truth / '000_mask.png'}: the mask has 32x24 pixels and its picture 64x48: scale" in size
    assert f"{truth / '001_mask.png'}: the mask shows no defect, yet the part is called bad" in empty
    assert f"there is no mask {truth / '002_mask.png'}: add it" in missing
    suite, done = imported("mvtec", source, tmp_path, skip_bad=True)
    assert (len(suite.cases), done.skipped_number) == (1, 3)


def test_a_category_without_good_parts_is_told_once(tmp_path: Path) -> None:
    source = bottle(tmp_path / "bottle")
    for path in (source / "train/good").iterdir():
        path.unlink()
    with pytest.raises(CaseError) as caught:
        run_import(importer("mvtec", source, Hints()), order(source, tmp_path / "cases"))
    assert (
        "has no good part to compare with: add one, or name a folder of good parts with --references"
        in str(caught.value.problems[0])
    )
    part(tmp_path / "more/g.png")
    suite, _ = imported("mvtec", source, tmp_path, references=tmp_path / "more")
    assert set(references(suite).values()) == {"more/g.png"}
    assert suite.file.root == "../.."


def test_visa(tmp_path: Path) -> None:
    root = tmp_path / "VisA"
    part(root / "candle/Data/Images/Normal/0000.JPG")
    part(root / "candle/Data/Images/Normal/0001.JPG", shade=120)
    part(root / "candle/Data/Images/Anomaly/000.JPG", SPOT)
    mask(root / "candle/Data/Masks/Anomaly/000.png", SPOT, value=2)
    write(
        root / "candle/image_anno.csv",
        "image,label,mask\ncandle/Data/Images/Anomaly/000.JPG,damaged "
        "corner,candle/Data/Masks/Anomaly/000.png\n",
    )
    write(
        root / "split_csv/1cls.csv",
        "object,split,label,image,mask\n"
        "candle,train,normal,candle/Data/Images/Normal/0000.JPG,\n"
        "candle,test,normal,candle/Data/Images/Normal/0001.JPG,\n"
        "candle,test,anomaly,candle/Data/Images/Anomaly/000.JPG,candle/Data/Masks/Anomaly/000.png\n",
    )
    suite, _ = imported("visa", root, tmp_path)
    assert boxes(suite) == {
        "candle/Data/Images/Normal/0001.JPG": [],
        "candle/Data/Images/Anomaly/000.JPG": [("damaged corner", SPOT)],
    }
    assert set(references(suite).values()) == {"candle/Data/Images/Normal/0000.JPG"}
    assert [case.id for case in suite.cases] == ["candle-normal-0001", "candle-anomaly-000"]
    write(root / "split_csv/1cls.csv", "object,split,label,image,mask\ncandle,test,strange,x.JPG,\n")
    with pytest.raises(CaseError, match=r"1cls.csv:2: the label 'strange' is unknown"):
        run_import(importer("visa", root, Hints()), order(root, tmp_path / "other"))


def test_deeppcb(tmp_path: Path) -> None:
    root = tmp_path / "PCBData"
    group = root / "group00041"
    for name in ("00041000", "00041001"):
        part(group / f"00041/{name}_temp.jpg")
        part(group / f"00041/{name}_test.jpg", SPOT)
    write(group / "00041_not/00041000.txt", "40 5 50 15 3\n1 36 6 46 6\n")
    write(group / "00041_not/00041001.txt", "40,5,50,15,1\n")
    write(root / "trainval.txt", "group00041/00041/00041001.jpg group00041/00041_not/00041001.txt\n")
    suite, _ = imported("deeppcb", root, tmp_path)
    first, second = suite.cases
    assert boxes(suite)[str(first.test)] == [("mousebite", SPOT), ("pin-hole", OTHER)]
    assert (first.id, first.reference) == ("group00041-00041-00041000", "group00041/00041/00041000_temp.jpg")
    assert (suite.relation(first), first.expect.count) == ("aligned", 2)
    assert [suite.split(case) for case in suite.cases] == ["test", "train"]
    assert suite.questions(second) == ["verdict", "differences", "count"]
    (group / "00041/00041000_temp.jpg").unlink()
    write(group / "00041_not/00041001.txt", "40 5 50 15 9\n")
    with pytest.raises(CaseError) as caught:
        run_import(importer("deeppcb", root, Hints()), order(root, tmp_path / "other"))
    assert "there is no 00041000_temp.jpg beside it" in str(caught.value)
    assert "00041001.txt:1: there is no defect of type 9" in str(caught.value)


@pytest.mark.parametrize("name", ["folder", "mvtec", "visa", "deeppcb", "coco", "yolo", "voc", "labelme"])
def test_what_was_looked_for_is_said(tmp_path: Path, name: str) -> None:
    write(tmp_path / "notes.txt", "nothing")
    with pytest.raises(KurabeError) as caught:
        importer(name, tmp_path, Hints())
    told = str(caught.value)
    assert str(tmp_path) in told
    assert "looked for" in told or "names the classes" in told
    with pytest.raises(KurabeError, match="there is no such f"):
        importer(name, tmp_path / "gone", Hints())


def test_pictures_in_other_modes_have_masks_in_other_modes(tmp_path: Path) -> None:
    source = bottle(tmp_path / "bottle")
    palette = Image.new("P", SIZE, 0)
    palette.paste(3, SPOT)
    palette.save(source / "ground_truth/broken_large/000_mask.png")
    rgba = Image.new("RGBA", SIZE, (0, 0, 0, 255))
    rgba.paste((255, 255, 255, 255), SPOT)
    rgba.save(source / "ground_truth/broken_large/001_mask.png")
    found = boxes(imported("mvtec", source, tmp_path)[0])
    assert {tuple(listed) for listed in found.values()} == {(("broken_large", SPOT),), ()}

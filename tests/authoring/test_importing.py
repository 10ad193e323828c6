"""What all imports have in common: pairing rules, samples, ids, and importers of other packages."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from kurabe.authoring.choosing import Chooser
from kurabe.authoring.importers import importer, names
from kurabe.authoring.importing import run_import
from kurabe.authoring.labels import Labels
from kurabe.authoring.parts import Hints
from kurabe.common.errors import CaseError, KurabeError
from tests.support.parts import imported, order, part, references, verdicts, write

SPOT = (40, 5, 50, 15)


def photographs(root: Path, good: int = 4, bad: int = 3) -> Path:
    for number in range(good):
        part(root / "良品" / f"部品 {number}.png", shade=150 + number, pose=6 * number)
    for number in range(bad):
        part(root / "不良品" / "キズ" / f"部品 {number}.png", SPOT, pose=6 * number)
    return root


def test_ids_are_file_names_in_any_language(tmp_path: Path) -> None:
    suite, _ = imported("folder", photographs(tmp_path / "photos"), tmp_path)
    ids = [case.id for case in suite.cases]
    assert ids[:3] == [f"不良品-キズ-部品-{number}" for number in range(3)]
    assert suite.cases[0].tags == ["キズ"]
    again, _ = imported("folder", tmp_path / "photos", tmp_path / "two")
    assert [case.id for case in again.cases] == ids


def test_names_that_make_one_id_stay_apart(tmp_path: Path) -> None:
    source = photographs(tmp_path / "photos", bad=1)
    part(source / "不良品" / "キズ" / "部品-0.png", SPOT)
    suite, _ = imported("folder", source, tmp_path)
    assert {"不良品-キズ-部品-0", "不良品-キズ-部品-0-2"} <= {case.id for case in suite.cases}


def test_same_name(tmp_path: Path) -> None:
    source = photographs(tmp_path / "photos")
    suite, _ = imported("folder", source, tmp_path, pair="same-name")
    assert references(suite) == {f"不良品/キズ/部品 {n}.png": f"良品/部品 {n}.png" for n in range(3)}
    part(source / "不良品" / "alone.png", SPOT)
    part(source / "良品" / "more" / "部品 0.png")
    with pytest.raises(CaseError) as caught:
        run_import(importer("folder", source, Hints()), order(source, tmp_path / "other", pair="same-name"))
    told = str(caught.value)
    assert "there is no good part of the name 'alone' to compare alone.png with: add one" in told
    assert "two good parts are called '部品 0'" in told


def test_first(tmp_path: Path) -> None:
    suite, done = imported("folder", photographs(tmp_path / "photos"), tmp_path, pair="first")
    assert set(references(suite).values()) == {"良品/部品 0.png"}
    assert done.kinds == {"キズ": 3, "good": 3}


def test_all_good_parts_stand_in_the_suite_once(tmp_path: Path) -> None:
    suite, _ = imported("folder", photographs(tmp_path / "photos"), tmp_path, pair="all-good")
    goods = {case.good for case in suite.cases}
    assert len(goods) == 1
    assert len(next(iter(goods))) == 2
    assert not set(next(iter(goods))) & verdicts(suite).keys()
    assert suite.path.read_text(encoding="utf-8").count("references:") == 1


def test_the_nearest_is_of_the_same_pose(tmp_path: Path) -> None:
    source = tmp_path / "set"
    for number in range(40):
        part(source / "train/good" / f"{number:02}.png", pose=number % 4 * 8, shade=120 + 2 * number)
    for pose in (8, 16, 24):
        part(source / "test/bent" / f"{pose:02}.png", (60, 40, 63, 46), pose=pose, shade=90)
    suite, _ = imported("mvtec", source, tmp_path)
    for test, reference in references(suite).items():
        assert int(Path(str(reference)).stem) % 4 * 8 == int(Path(test).stem)


def test_samples_are_balanced_and_repeat(tmp_path: Path) -> None:
    source = photographs(tmp_path / "photos", 8, 5)
    for number in range(9):
        part(source / "NG" / "dent" / f"{number}.png", SPOT, shade=120 + number)
    first, done = imported("folder", source, tmp_path / "1", sample=2, seed=7)
    again, _ = imported("folder", source, tmp_path / "2", sample=2, seed=7)
    other, _ = imported("folder", source, tmp_path / "3", sample=2, seed=8)
    assert done.kinds == {"キズ": 2, "dent": 2, "good": 2}
    assert verdicts(first) == verdicts(again) != verdicts(other)
    _, limited = imported("folder", source, tmp_path / "4", limit=4)
    assert sorted(limited.kinds.values()) == [1, 1, 2]


def test_a_chooser_gives_every_thing_the_same_chance() -> None:
    taken: Counter[int] = Counter()
    for seed in range(3000):
        chooser = Chooser(3, 2, seed)
        for number in range(6):
            chooser.offer(number, "kind")
        chosen = chooser.chosen()
        assert len(chosen) == 2
        taken.update(chosen)
    # 3000 draws of 2 among 6: 1000 each, within five standard deviations.
    assert all(abs(taken[number] - 1000) < 5 * (3000 / 3 * 2 / 3) ** 0.5 for number in range(6))


def test_a_set_that_must_not_be_written_leaves_nothing(tmp_path: Path) -> None:
    source = photographs(tmp_path / "photos")
    (source / "不良品" / "キズ" / "部品 1.png").write_bytes(b"no picture")
    with pytest.raises(CaseError, match=r"部品 1\.png: not a picture"):
        run_import(importer("folder", source, Hints()), order(source, tmp_path / "cases", copy=True))
    assert not (tmp_path / "cases").exists()
    suite, done = imported("folder", source, tmp_path, copy=True, skip_bad=True)
    assert (len(suite.cases), done.skipped_number) == (4, 1)
    assert not list((tmp_path / "cases").glob(".*"))


def test_pictures_without_a_folder_in_common_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = photographs(tmp_path / "photos")
    monkeypatch.setattr("kurabe.authoring.import_suites.os.path.commonpath", lambda _: "/")
    part(tmp_path / "more/g.png")
    asked = order(source, tmp_path / "cases", references=tmp_path / "more")
    with pytest.raises(KurabeError, match=r"nothing in common .*: bring them below one folder"):
        run_import(importer("folder", source, Hints()), asked)


@pytest.mark.parametrize(
    ("word", "good"),
    [
        ("OK", True),
        ("ＮＧ", False),
        ("Defect-Free", True),
        ("良品", True),
        ("0", True),
        ("1", False),
        ("odd", None),
    ],
)
def test_words_for_good_and_bad(word: str, good: bool | None) -> None:
    assert Labels().is_good(word) is good


def test_the_users_words_come_first() -> None:
    labels = Labels(("1",), ("OK",))
    assert (labels.is_good("1"), labels.is_good("ok"), labels.is_good("NG")) == (True, False, False)


ACME = """
from kurabe.authoring.parts import Part

class Acme:
    title, layout, relation = "Acme", "acme.txt", "aligned"

    def __init__(self, source, hints):
        self.source = source

    def parts(self):
        for name, good in (("g", True), ("b", False)):
            yield Part(picture=self.source / f"{name}.png", good=good, name=name, role="any")
"""


def test_other_packages_bring_importers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    write(site / "acme_kurabe.py", ACME)
    write(
        site / "acme_kurabe-1.0.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: acme-kurabe\nVersion: 1.0\n",
    )
    points = "[kurabe.importers]\nacme = acme_kurabe:Acme\nbroken = acme_kurabe:Gone\n"
    write(site / "acme_kurabe-1.0.dist-info/entry_points.txt", points)
    monkeypatch.syspath_prepend(str(site))
    part(tmp_path / "set/g.png")
    part(tmp_path / "set/b.png", SPOT)
    assert names()[-2:] == ["acme", "broken"]
    suite, _ = imported("acme", tmp_path / "set", tmp_path)
    assert references(suite) == {"b.png": "g.png"}
    with pytest.raises(KurabeError, match=r"the importer 'broken' .* cannot be loaded"):
        importer("broken", tmp_path, Hints())
    sys.modules.pop("acme_kurabe")

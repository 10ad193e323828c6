"""The contact sheet shows every case, and what is odd about a suite is said: each fault is found, by case."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kurabe.authoring.contact_sheet import sheet_html
from kurabe.authoring.oddities import Oddity, oddities
from kurabe.authoring.seen import see
from kurabe.cases import suites
from kurabe.cases.suites import Suite

SIZE = (160, 120)


def scene(seed: int = 0) -> Image.Image:
    """Return a textured picture; equal seeds give one part."""
    coarse = np.random.default_rng(seed).integers(20, 236, (15, 20, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(SIZE, Image.Resampling.BICUBIC)


def shot(seed: int, noise: int, defect: bool = False) -> Image.Image:
    """Return a photograph of a part, with noise of its own."""
    values = np.asarray(scene(seed), np.float64) + np.random.default_rng(noise).normal(0, 4, (*SIZE[::-1], 3))
    if defect:
        values[50:62, 70:90] = 10
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def suite_of(folder: Path, cases: list[dict[str, Any]], **defaults: Any) -> Suite:
    path = folder / "own.yaml"
    path.write_text(json.dumps({"defaults": defaults, "cases": cases}), encoding="utf-8")
    read = suites.read([path])
    assert [str(problem) for problem in read.problems] == []
    return read.good[0]


def case(name: str, verdict: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "reference": "good.png",
        "test": f"{name}.png",
        "expect": {"verdict": verdict},
        **more,
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shot(0, 1).save(tmp_path / "good.png")
    shot(0, 2).save(tmp_path / "a.png")
    shot(0, 3, defect=True).save(tmp_path / "b.png")
    return tmp_path


def found(suite: Suite) -> list[Oddity]:
    return oddities(suite, see(suite, suite.cases))


def test_a_sound_suite_has_nothing_odd(folder: Path) -> None:
    shot(1, 4).save(folder / "good2.png")
    shot(1, 5).save(folder / "c.png")
    shot(1, 6, defect=True).save(folder / "d.png")
    box = {"differences": [{"kind": "spot", "box": [70, 50, 90, 62]}]}
    learned = {"split": "train", "reference": "good2.png"}
    sound = [case("a", "same"), case("b", "different", expect=box)]
    sound += [case("c", "same", **learned), case("d", "different", **learned)]
    assert found(suite_of(folder, sound)) == []


def test_one_class_is_told_of_each_split(folder: Path) -> None:
    assert [each.what[:34] for each in found(suite_of(folder, [case("a", "same")]))] == [
        "The test split has only good parts"
    ]


@pytest.mark.parametrize(
    ("name", "how", "words"),
    [
        ("equal", lambda picture: picture, "The same test picture is in the train and the test split"),
        ("jpeg", lambda picture: picture, "Nearly the same picture is in the train and the test split"),
        ("half", lambda picture: picture.resize((80, 60)), "Nearly the same picture is in the train"),
    ],
)
def test_copies_in_both_splits_are_leaks(folder: Path, name: str, how: Any, words: str) -> None:
    copy = how(Image.open(folder / "b.png"))
    path = folder / f"{name}.{'jpg' if name == 'jpeg' else 'png'}"
    copy.save(path, quality=92)
    train = {"id": "t", "reference": "good.png", "test": path.name, "relation": "instance", "split": "train"}
    told = found(suite_of(folder, [case("b", "different"), {**train, "expect": {"verdict": "different"}}]))
    assert any(words in each.what and set(each.cases) == {"b", "t"} for each in told)
    assert any("1 good parts are used by the train and the test split" in each.what for each in told)


def test_another_shot_of_the_part_is_no_copy(folder: Path) -> None:
    shot(0, 9).save(folder / "again.png")
    told = found(suite_of(folder, [case("a", "same"), case("again", "same", split="train")]))
    assert not any("Nearly the same" in each.what for each in told)


def test_a_specimen_in_both_splits_is_a_leak(folder: Path) -> None:
    both = [case("a", "same", specimen="7"), case("b", "different", specimen="7", split="train")]
    assert Oddity("The specimen '7' is in the train and the test split.", ("a", "b")) in found(
        suite_of(folder, both)
    )


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: shot(0, 1), "equals the good part, yet the verdict is different"),
        (lambda: Image.fromarray((np.asarray(shot(0, 2)) / 16).astype(np.uint8)), "nearly black"),
        (lambda: Image.new("RGB", SIZE, (90, 90, 90)), "of one colour"),
        (lambda: shot(0, 2).rotate(8, fillcolor=(90, 90, 90)), "displaced by"),
        (lambda: shot(5, 2), "Called aligned, but"),
    ],
)
def test_a_picture_that_does_not_show_what_is_said_is_found(folder: Path, make: Any, words: str) -> None:
    make().save(folder / "odd.png")
    told = found(suite_of(folder, [case("a", "same"), case("b", "different"), case("odd", "different")]))
    assert [each.cases for each in told if words in each.what] == [("odd",)]
    assert all(each.cases == ("odd",) for each in told)


def test_boxes_and_sizes_are_looked_at(folder: Path) -> None:
    shot(0, 8).resize((80, 60)).save(folder / "c.png")
    large = {"differences": [{"kind": "x", "box": [0, 0, 150, 110]}]}
    thin = {"differences": [{"kind": "x", "box": [5, 5, 7, 60]}]}
    cases = [case("a", "different", expect=large), case("b", "different", expect=thin), case("c", "same")]
    told = {each.what: each.cases for each in found(suite_of(folder, cases, relation="instance"))}
    assert told["A box covers more than half of the picture."] == ("a",)
    assert told["A box is less than 3 pixels wide or high."] == ("b",)
    assert told["The good part has 160x120 pixels, the test picture 80x60."] == ("c",)
    assert told["Of another size than most test pictures (160x120)."] == ("c",)


def test_the_sheet_is_one_file_with_every_case(folder: Path) -> None:
    box = {"differences": [{"kind": "<spot>", "where": "middle", "box": [40, 20, 60, 32]}]}
    cases = [case("良品", "same", test="a.png"), case("b", "different", expect=box)]
    suite = suite_of(folder, cases, region=[10, 10, 150, 110], ignore=[[0, 0, 30, 30]])
    pairs = see(suite, suite.cases)
    page = sheet_html(suite, pairs, [Oddity("It is odd.", ("b",))], most=10)
    assert page.count("data:image/webp;base64,") == 4
    assert "http" not in page.replace("http-equiv", "")
    assert "良品" in page
    assert "&lt;spot&gt; (middle)" in page
    assert 'href="#case-1"' in page
    assert 'id="case-1"' in page
    fewer = sheet_html(suite, pairs, [Oddity("It is odd.", ("b",))], most=1)
    assert 'id="case-1"' in fewer
    assert 'id="case-0"' not in fewer
    assert "1 of them are shown" in fewer

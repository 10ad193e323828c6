"""Good parts by name and by pattern, and what is wrong with pictures, boxes and regions."""

import json
from pathlib import Path
from typing import Any

import pytest

from kurabe.cases import suites
from kurabe.cases.suites import Suites
from tests.support.project import picture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("good/b.png", "good/a.png", "good/deep/c.JPG", "bad.png"):
        picture(tmp_path / name)
    picture(tmp_path / "large.png", size=(96, 64))
    (tmp_path / "good/Thumbs.db").write_bytes(b"none")
    return tmp_path


def read(folder: Path, defaults: dict[str, Any] | None = None, **more: Any) -> Suites:
    case = {"id": "x", "test": "bad.png", "expect": {"verdict": "different"}, **more}
    path = folder / "own.yaml"
    path.write_text(json.dumps({"defaults": defaults or {}, "cases": [case]}, indent=1), encoding="utf-8")
    return suites.read([path])


@pytest.mark.parametrize(
    ("named", "files"),
    [
        ("good/*.png", ("good/a.png", "good/b.png")),
        ("good/*", ("good/a.png", "good/b.png")),
        ("good/**/*", ("good/a.png", "good/b.png", "good/deep/c.JPG")),
        (["good/b.png", "good/*.png"], ("good/b.png", "good/a.png")),
        ("good/b.png", ("good/b.png",)),
    ],
)
def test_patterns_stand_for_sorted_files(folder: Path, named: Any, files: tuple[str, ...]) -> None:
    for found in (read(folder, references=named), read(folder, {"references": named})):
        assert [str(problem) for problem in found.problems] == []
        assert found.good[0].cases[0].good == files
        assert found.good[0].cases[0].is_pair


def test_a_case_that_names_its_own_good_part_is_not_given_the_suites(folder: Path) -> None:
    found = read(folder, {"references": "good/*.png"}, reference="good/b.png")
    assert found.good[0].cases[0].good == ("good/b.png",)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"references": "gut/*.png"}, "no picture matches 'gut/*.png'"),
        ({"defaults": {"references": "gut/*.png"}}, "no picture matches 'gut/*.png'"),
        ({"references": ["good/a.png", "good/z.png"]}, "there is no image 'good/z.png'"),
        ({"references": []}, "at least 1 item"),
        ({"references": "good/*", "reference": "good/a.png"}, "both 'reference' and 'references'"),
        ({"references": ["good/a.png", "large.png"]}, "the reference has 96x64 pixels and the test 48x32"),
        ({"references": "bad.png"}, "reference and test are one file"),
        (
            {"references": ["good/a.png", "b*.png"]},
            "'bad.png' is one of the good parts, yet the",
        ),
        ({"references": "b*.png", "expect": {"verdict": "same"}}, "the only good part is the test picture"),
        ({"reference": "good/a.png", "ignore": [[0, 0, 49, 8]]}, "ignore: the box [0, 0, 49, 8] leaves"),
        ({"reference": "good/a.png", "region": [0, 0, 8, 33]}, "region: the box [0, 0, 8, 33] leaves"),
        ({"reference": "good/a.png", "ignore": "large.png"}, "a mask has the size of the pictures"),
        ({"reference": "good/a.png", "ignore": "no.png"}, "there is no image 'no.png'"),
        (
            {"reference": "large.png", "relation": "instance", "region": [0, 0, 8, 8]},
            "'ignore' and 'region' take pictures of one size",
        ),
        (
            {
                "reference": "good/a.png",
                "region": [0, 0, 20, 20],
                "expect": {"differences": [{"kind": "spot", "box": [15, 2, 25, 9]}]},
            },
            "the box [15, 2, 25, 9] leaves the region [0, 0, 20, 20]",
        ),
    ],
)
def test_what_is_wrong_is_said_in_its_line(folder: Path, more: dict[str, Any], words: str) -> None:
    problems = read(folder, **more).problems
    assert len(problems) == 1
    assert words in str(problems[0])
    assert problems[0].line is not None

"""Suites are read so that everything that is wrong is told at once, each with its line, and the rest runs."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from kurabe.cases import yaml_lines as yamlfile
from kurabe.cases.suites import Suites, find, read, write_schema
from kurabe.common.errors import Problem
from tests.support.project import case, picture, suite

HEAD = "suite: pins\ncases:\n"
GOOD = "- {id: a1, reference: images/good.png, test: images/a1.png, expect: {verdict: different}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A suite's folder with one reference and one test image of 48 x 32 pixels."""
    home = tmp_path / "cases" / "pins"
    picture(home / "images/good.png")
    picture(home / "images/a1.png", defect=True)
    return home


def from_text(folder: Path, text: str) -> Suites:
    path = folder / "pins.yaml"
    path.write_text(text, encoding="utf-8")
    return read([path])


def told(suites: Suites) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.what) for problem in suites.problems]


def only(suites: Suites) -> Problem:
    (problem,) = suites.problems
    return problem


def test_a_good_suite_is_read_whole(tmp_path: Path) -> None:
    path = suite(tmp_path, "pins", [case("a1", "different"), case("a2", "same")], title="Pins")
    read_back = read(find(tmp_path / "cases"))
    assert read_back.problems == []
    (found,) = read_back.good
    assert (found.name, found.path, found.file.title) == ("pins", path, "Pins")
    assert [each.id for each in found.cases] == ["a1", "a2"]
    assert found.image("images/a1.png").is_file()


def test_everything_that_is_wrong_is_told_at_once_and_the_good_cases_stay(folder: Path) -> None:
    text = (
        HEAD
        + GOOD
        + """\
- id: a2
  reference: images/good.png
  test: images/a1.png
  expect:
    verdikt: different
- id: a1
  reference: images/good.png
  test: images/a1.png
  expect: {verdict: different}
- id: a3
  reference: images/good.png
  test: images/a1.jpg
  expect: {verdict: sane}
  tgas: [x]
- id: a4
  reference: images/good.png
  test: images/a1.png
  expect:
    differences:
    - kind: missing
      box: [40, 4, 49, 8]
- id: a5
  reference: ../../../good.png
  test: images/a1.jpg
  expect: {count: 1}
- just a text
"""
    )
    suites = from_text(folder, text)
    assert [each.id for each in suites.good[0].cases] == ["a1"]
    assert [broken.case for broken in suites.broken] == ["a2", "a1", "a3", "a4", "a5", "case7"]
    assert {broken.suite for broken in suites.broken} == {"pins"}
    found = told(suites)
    for line, part in [
        (8, "unknown key 'expect.verdikt'; did you mean 'verdict'?"),
        (9, "the id 'a1' stands twice, first in line 3"),
        (16, "expect.verdict: Input should be 'same' or 'different'"),
        (17, "unknown key 'tgas'; did you mean 'tags'?"),
        (24, "the box [40, 4, 49, 8] leaves the test image of 48x32"),
        (26, "outside the suite's folder"),
        (27, "there is no image 'images/a1.jpg'"),
        (29, "valid dictionary"),
    ]:
        assert any(at == line and part in what for at, what in found), (line, part, found)
    assert str(suites.problems[0]).startswith(f"{folder / 'pins.yaml'}:8: case a2: ")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "mapping with the key 'cases'"),
        ("- a\n- b\n", 1, "mapping with the key 'cases'"),
        ("suite: pins\n", 1, "no cases"),
        ("suite: pins\ncases: []\n", 1, "no cases"),
        ("suite: pins\ncases: none\n", 1, "no cases"),
        ("suite: pins\ncases:\n  - id: [x\n", 4, "not valid YAML"),
        ("suite: pins\nsuite: pads\n" + HEAD, 2, "the key 'suite' stands here twice"),
        ("suite: all\ncases:\n" + GOOD, 1, "'all' stands for the total"),
        ("title: x\nvariant: [raw]\ncases:\n" + GOOD, 2, "unknown key 'variant'; did you mean 'variants'?"),
        (
            "title: x\nask: [verdict]\ncases:\n" + GOOD,
            2,
            "unknown key 'ask': it belongs under 'defaults' or into a case",
        ),
        ("defaults:\n  split: tests\ncases:\n" + GOOD, 2, "defaults.split"),
        ("language: de\ncases:\n" + GOOD, 1, "language: Input should be 'en' or 'ja'"),
    ],
)
def test_a_file_that_is_no_suite_is_told_with_its_line(folder: Path, text: str, line: int, says: str) -> None:
    suites = from_text(folder, text)
    assert suites.good == []
    problem = only(suites)
    assert says in problem.what
    assert (problem.path, problem.line) == (folder / "pins.yaml", line)
    assert suites.broken[0].case is None


def test_a_file_in_another_encoding_is_told(folder: Path) -> None:
    (folder / "pins.yaml").write_bytes((HEAD + GOOD + "# 部品\n").encode("utf-16"))
    assert "not UTF-8" in only(read([folder / "pins.yaml"])).what
    (folder / "pins.yaml").write_bytes((HEAD + GOOD + "# Prüfung\n").encode("latin-1"))
    assert "not UTF-8" in only(read([folder / "pins.yaml"])).what


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in only(read([tmp_path / "gone.yaml"])).what


def test_two_suites_of_one_name_are_told_and_the_first_stays(tmp_path: Path) -> None:
    first = suite(tmp_path, "pads", [case("a1", "same")])
    second = suite(tmp_path, "pins", [case("a1", "same")])
    second.write_text(
        second.read_text(encoding="utf-8").replace("suite: pins", "suite: pads"), encoding="utf-8"
    )
    suites = read(find(tmp_path / "cases"))
    assert [(each.name, each.path) for each in suites.good] == [("pads", first)]
    problem = only(suites)
    assert "two suites are called 'pads'" in problem.what
    assert str(first) in problem.what
    assert (problem.path, problem.line) == (second, 1)


def test_a_suite_without_a_name_is_called_as_its_file(folder: Path) -> None:
    assert from_text(folder, "cases:\n" + GOOD).good[0].name == "pins"


# Images


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("images/a2.png", "there is no image 'images/a2.png'"),
        ("images/al.png", "did you mean 'a1.png'?"),
        ("pictures/a1.png", "there is no image"),
        ("images", "there is no image"),
        ("../pads/a1.png", "outside the suite's folder"),
        ("images/../../a1.png", "outside the suite's folder"),
        ("/tmp/a1.png", "outside the suite's folder"),
        ("images/cut.png", "cut.png"),
        ("images/words.png", "not a picture"),
    ],
)  # fmt: skip
def test_an_image_that_cannot_be_used_is_told(folder: Path, name: str, says: str) -> None:
    (folder / "images/cut.png").write_bytes((folder / "images/a1.png").read_bytes()[:20])
    (folder / "images/words.png").write_text("these are words", encoding="utf-8")
    picture(folder.parent / "pads/a1.png")
    suites = from_text(folder, HEAD + GOOD.replace("images/a1.png", name))
    problem = only(suites)
    assert says in problem.what
    assert (problem.line, problem.where) == (3, "case a1")


def test_a_way_round_that_stays_inside_is_fine(folder: Path) -> None:
    assert from_text(folder, HEAD + GOOD.replace("images/a1.png", "images/../images/a1.png")).problems == []


def test_own_processed_files_are_checked_too(folder: Path) -> None:
    text = (
        HEAD
        + """\
- id: a1
  reference: images/good.png
  test: images/a1.png
  processed:
    mine:
      reference: images/good.png
      test: images/gone.png
  expect: {verdict: different}
"""
    )
    problem = only(from_text(folder, text))
    assert problem.line == 9
    assert "images/gone.png" in problem.what


def test_aligned_pictures_are_of_one_size_and_instances_need_not_be(folder: Path) -> None:
    picture(folder / "images/a1.png", size=(60, 32))
    problem = only(from_text(folder, HEAD + GOOD))
    assert "48x32 pixels and the test 60x32" in problem.what
    assert problem.line == 3
    assert from_text(folder, HEAD + GOOD.replace("id: a1", "id: a1, relation: instance")).problems == []
    assert from_text(folder, "defaults: {relation: instance}\n" + HEAD + GOOD).problems == []


@pytest.mark.parametrize(("box", "fits"), [("[0, 0, 48, 32]", True), ("[0, 0, 48.5, 32]", False)])
def test_a_box_may_touch_the_edge(folder: Path, box: str, fits: bool) -> None:
    text = HEAD + GOOD.replace("{verdict: different}", f"{{differences: [{{box: {box}}}]}}")
    assert (from_text(folder, text).problems == []) == fits


# Defaults


def defaults(folder: Path, text: str, entry: str = GOOD) -> Any:
    (found,) = from_text(folder, f"defaults: {text}\n" + HEAD + entry).good
    return found, found.cases[0]


def test_the_suites_defaults_hold_where_a_case_says_nothing(folder: Path) -> None:
    found, first = defaults(
        folder, "{relation: instance, split: train, must_pass: true, tags: [all-of-them]}"
    )
    assert found.relation(first) == "instance"
    assert found.split(first) == "train"
    assert found.must_pass(first)
    assert found.tags(first) == ("all-of-them",)
    entry = GOOD.replace(
        "id: a1", "id: a1, relation: aligned, split: test, must_pass: false, tags: [mine, all-of-them]"
    )
    found, first = defaults(
        folder, "{relation: instance, split: train, must_pass: true, tags: [all-of-them]}", entry
    )
    assert found.relation(first) == "aligned"
    assert found.split(first) == "test"
    assert not found.must_pass(first)
    assert found.tags(first) == ("mine", "all-of-them")


def test_a_suites_ask_holds_for_what_a_case_can_answer(folder: Path) -> None:
    counted = GOOD.replace("{verdict: different}", "{count: 1}")
    found, first = defaults(folder, "{ask: [count]}", counted)
    assert found.questions(first) == ["count"]
    found, first = defaults(folder, "{ask: [count]}", counted.replace("id: a1", "id: a1, ask: [verdict]"))
    assert found.questions(first) == ["verdict"]
    found, first = defaults(folder, "{ask: [describe, count]}")  # it knows the verdict alone
    assert found.questions(first) == ["verdict"]


# Files


def test_suites_are_found_sorted_without_prompts_and_hidden_files(tmp_path: Path) -> None:
    for name in (
        "b/b.yml",
        "a.yaml",
        "prompts.yaml",
        ".hidden.yaml",
        ".git/x.yaml",
        "b/notes.txt",
        "c/c.yaml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    assert [path.relative_to(tmp_path).as_posix() for path in find(tmp_path)] == [
        "a.yaml",
        "b/b.yml",
        "c/c.yaml",
    ]


def test_a_folder_of_cases_may_itself_be_hidden(tmp_path: Path) -> None:
    (tmp_path / ".cases").mkdir()
    (tmp_path / ".cases" / "a.yaml").write_text("", encoding="utf-8")
    assert len(find(tmp_path / ".cases")) == 1


def test_the_schema_is_written_where_editors_look(tmp_path: Path) -> None:
    path = write_schema(tmp_path)
    assert path == tmp_path / "case.schema.json"
    assert yamlfile.load(path.read_text(encoding="utf-8"))["title"] == "kurabe suite"


ROOT = "suite: pins\nroot: {}\ncases:\n"
ABOVE = GOOD.replace("images/", "")


def test_pictures_may_be_kept_elsewhere_if_the_suite_names_their_root(folder: Path, tmp_path: Path) -> None:
    for root in ("images", "../pins/images", str(folder / "images")):
        read_back = from_text(folder, ROOT.format(root) + ABOVE)
        assert read_back.problems == []
        (found,) = read_back.good
        assert found.image("a1.png").samefile(folder / "images/a1.png")


def test_no_picture_leaves_the_root(folder: Path) -> None:
    picture(folder / "a1.png", defect=True)
    text = ROOT.format("images") + ABOVE.replace("test: a1", "test: ../a1")
    line, what = told(from_text(folder, text))[0]
    assert (line, what) == (4, "the image '../a1.png' lies outside the suite's root 'images': widen 'root'")


def test_a_root_that_is_not_there_breaks_the_suite(folder: Path) -> None:
    ((line, what),) = told(from_text(folder, ROOT.format("pictures") + ABOVE))
    assert line == 2
    assert what.endswith("pins/pictures: correct 'root', or bring the pictures there")


def test_a_picture_is_found_however_its_name_is_written(folder: Path) -> None:
    picture(folder / "images" / unicodedata.normalize("NFD", "ガード.png"))
    suites = from_text(folder, HEAD + GOOD.replace("images/a1.png", r"images\ガード.png"))
    assert not suites.problems
    assert suites.good[0].image(suites.good[0].cases[0].test or "").is_file()


def test_a_name_that_no_file_system_holds_breaks_its_case_alone(folder: Path) -> None:
    suites = from_text(folder, HEAD + GOOD + GOOD.replace("a1", "b" * 300))
    assert [case.id for case in suites.good[0].cases] == ["a1"]
    problem = only(suites)
    assert "there is no image 'images/bbb" in problem.what
    assert (len(problem.what) < 400 + len(str(folder)), problem.line) == (True, 4)


def test_a_link_out_of_the_suite_is_refused_and_a_root_allows_it(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    picture(outside / "a1.png", defect=True)
    (folder / "images/link.png").symlink_to(outside / "a1.png")
    (folder / "linked").symlink_to(outside)
    for name in ("images/link.png", "linked/a1.png"):
        text = GOOD.replace("images/a1.png", name)
        what = only(from_text(folder, HEAD + text)).what
        assert f"is a link to {outside / 'a1.png'}, outside the suite's folder" in what
        assert "as the suite's 'root'" in what
        within = text.replace(name, f"cases/pins/{name}").replace("images/good", "cases/pins/images/good")
        assert not from_text(folder, f"root: {tmp_path}\n" + HEAD + within).problems


def test_a_suite_may_be_linked_in_and_links_inside_it_are_fine(folder: Path, tmp_path: Path) -> None:
    (folder / "images/again.png").symlink_to(folder / "images/a1.png")
    (folder / "pins.yaml").write_text(HEAD + GOOD.replace("images/a1.png", "images/again.png"))
    (tmp_path / "others").mkdir()
    (tmp_path / "others/pins").symlink_to(folder)
    found = read(find(tmp_path / "others"))
    assert (len(found.good), found.problems) == (1, [])


def test_loops_of_links_multiply_nothing(tmp_path: Path) -> None:
    (tmp_path / "deep/deeper").mkdir(parents=True)
    (tmp_path / "deep/s.yaml").write_text("", encoding="utf-8")
    (tmp_path / "deep/deeper/up").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "deep")
    (tmp_path / "a.yaml").symlink_to(tmp_path / "deep/s.yaml")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    (tmp_path / "nowhere.yaml").symlink_to(tmp_path / "gone.yaml")
    assert len(find(tmp_path)) == 1

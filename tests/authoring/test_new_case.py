"""A new case stands in the user's file, and every other character of it stays."""

from pathlib import Path

import pytest
import yaml

from kurabe.authoring.new_case import Draft, add, parse_box, parse_says
from kurabe.cases import suites
from kurabe.common.errors import CaseError, ImageError, KurabeError
from tests.support.project import picture

FIRST = "reference: images/r.png\n{0}test: images/t.png\n{0}expect: {{verdict: same}}"
ENTRY = "  - id: a  # the first\n    " + FIRST.format("    ") + "  # as it should be\n"
SECOND = ENTRY.replace("id: a", "id: b")

LAYOUTS = {
    "plain": f"cases:\n{ENTRY}",
    "without a last line feed": f"cases:\n{ENTRY}".rstrip("\n"),
    "remarks at the end": f"# Mine\nsuite: pins\ncases:\n{ENTRY}# - id: later\n",
    "another key below": f"cases:\n{ENTRY}\n# What it is called:\ntitle: Pins\n",
    "set apart by empty lines": f"cases:\n\n{ENTRY}\n{SECOND}\n\n",
    "without indentation": "cases:\n- id: a\n  " + FIRST.format("  ") + "\n",
    "deeply indented": "cases:\n      - id: a\n        " + FIRST.format("        ") + "\ntitle: Pins\n",
    "an item on lines of its own": "cases:\n  -\n    id: a\n    " + FIRST.format("    ") + "\n",
    "a text of several lines": (
        f"cases:\n{ENTRY}  - id: c\n    reference: images/r.png\n    test: images/t.png\n    expect:\n"
        "      choice:\n        options: [u, v]\n        answer: u\n        question: |\n"
        "          Which\n          one?\n\ntitle: Pins\n"
    ),
    "anchors": f"defaults: &d {{relation: aligned}}\ncases:\n{ENTRY}",
    "Japanese": f"title: 端子\ncases:\n{ENTRY}# 以上\n",
}


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    picture(tmp_path / "cases/pins/images/r.png")
    picture(tmp_path / "cases/pins/images/t.png", shade=190)
    picture(tmp_path / "shots/bad.png", defect=True)
    return tmp_path / "cases"


def draft(cases: Path, **given: object) -> Draft:
    values = {"verdict": "different", **given}
    return Draft(cases / "pins/images/r.png", cases.parent / "shots/bad.png", **values)  # type: ignore[arg-type]


def state(root: Path) -> dict[str, bytes | None]:
    return {str(p.relative_to(root)): p.read_bytes() if p.is_file() else None for p in root.rglob("*")}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_case_is_added_below_the_last(cases: Path, layout: str, newline: str) -> None:
    path = cases / "pins/pins.yaml"
    old = LAYOUTS[layout].replace("\n", newline)
    path.write_bytes(old.encode())
    before = suites.read([path]).good[0]
    added = add(cases, "pins", draft(cases, says=(parse_says("missing,absent;pin"),), relation="instance"))
    new = path.read_bytes().decode()
    found = suites.read([path])
    assert found.problems == []
    assert found.good[0].cases[:-1] == before.cases
    assert found.good[0].file == before.file
    case = found.good[0].cases[-1]
    assert (case.id, case.reference, case.test) == ("bad", "images/r.png", "images/bad.png")
    assert case.relation == "instance"
    assert case.expect.differences is not None
    assert case.expect.differences[0].says == [["missing", "absent"], ["pin"]]
    lines = new.split(newline)
    assert lines[added.line - 1].strip() == "- id: bad"
    # What was there is there, in its order.
    rest = iter(lines)
    assert all(line in rest for line in old.split(newline) if line.strip())
    assert ("\n" in new.replace("\r\n", "")) == (newline == "\n")
    add(cases, "pins", draft(cases))
    assert [case.id for case in suites.read([path]).good[0].cases[-2:]] == ["bad", "bad-2"]


def test_empty_lines_between_cases_are_kept_up(cases: Path) -> None:
    path = cases / "pins/pins.yaml"
    path.write_text(LAYOUTS["set apart by empty lines"])
    added = add(cases, "pins", draft(cases))
    assert path.read_text().splitlines()[added.line - 2] == ""


def test_a_new_suite_with_its_pictures(tmp_path: Path) -> None:
    good, bad = picture(tmp_path / "a/part.png"), picture(tmp_path / "b/part.png", defect=True)
    added = add(tmp_path / "cases", "fresh", Draft(good, bad, verdict="different"))
    assert added.path == tmp_path / "cases/fresh/fresh.yaml"
    assert [p.name for p in added.copied] == ["part.png", "part-2.png"]
    add(tmp_path / "cases", "fresh", Draft(good, good, "twin", verdict="same"))
    found = suites.read(suites.find(tmp_path / "cases"))
    assert found.problems == []
    (suite,) = found.good
    first, twin = suite.cases
    assert suite.image(str(first.reference)).read_bytes() == good.read_bytes()
    assert suite.image(str(first.test)).read_bytes() == bad.read_bytes()
    assert twin.reference == twin.test == first.reference  # it is there already
    assert suite.questions(twin) == ["verdict", "differences"]
    assert len(list((tmp_path / "cases/fresh/images").iterdir())) == 2


def test_whatever_fails_leaves_everything_as_it_was(cases: Path) -> None:
    path = cases / "pins/pins.yaml"
    path.write_text(LAYOUTS["plain"])
    large = picture(cases.parent / "shots/large.png", size=(96, 64))
    cut = cases.parent / "shots/cut.png"
    cut.write_bytes(large.read_bytes()[:60])
    before = state(cases.parent)
    reference = cases / "pins/images/r.png"
    wrong: list[tuple[str, Draft, type[KurabeError], str]] = [
        ("pins", Draft(reference, large, verdict="same"), CaseError, "96x64"),
        ("pins", draft(cases, id="a"), CaseError, "stands twice"),
        ("pins", draft(cases, id="a b"), CaseError, "use letters"),
        ("pins", draft(cases, verdict="same", says=([["x"]],)), CaseError, "remove one of the two"),
        ("pins", draft(cases, verdict=None), KurabeError, "--verdict"),
        ("fresh", Draft(reference, large, verdict="same"), CaseError, "96x64"),
        ("pins", Draft(reference, cut, verdict="same"), ImageError, "cut"),
        ("pins", Draft(reference, cases / "none.png", verdict="same"), ImageError, "no such file"),
        ("../up", draft(cases), KurabeError, "cannot be called"),
    ]
    for name, given, error, words in wrong:
        with pytest.raises(error, match=words):
            add(cases, name, given)
        assert state(cases.parent) == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "cases: [{id: a, reference: images/r.png, test: images/t.png, expect: {verdict: same}}]\n",
            "by hand",
        ),
        ("cases:\n  - id: a\n   broken: [\n", "not valid YAML"),
        ("suite: other\ncases:\n" + ENTRY, "another name"),
    ],
)
def test_a_suite_that_cannot_take_a_case(cases: Path, text: str, message: str) -> None:
    path = cases / "pins/pins.yaml"
    path.write_text(text)
    before = state(cases)
    with pytest.raises(KurabeError, match=message):
        add(cases, "pins", draft(cases))
    assert state(cases) == before


def test_another_broken_case_does_not_keep_a_good_one_out(cases: Path) -> None:
    path = cases / "pins/pins.yaml"
    path.write_text(f"cases:\n{ENTRY}  - id: broken\n    test: gone.png\n    expect: {{verdict: same}}\n")
    add(cases, "pins", draft(cases))
    assert [case["id"] for case in yaml.safe_load(path.read_text())["cases"]] == ["a", "broken", "bad"]


def test_words_of_a_difference() -> None:
    assert parse_says("missing, absent ;pin") == [["missing", "absent"], ["pin"]]
    assert parse_says("欠け") == [["欠け"]]
    for wrong in ("", "a;;b", " , "):
        with pytest.raises(ValueError, match="group without words"):
            parse_says(wrong)


def test_a_case_can_say_all_of_its_differences(cases: Path) -> None:
    picture(cases.parent / "shots/ピン曲がり 2.png", defect=True)
    said = Draft(
        cases / "pins/images/r.png",
        cases.parent / "shots/ピン曲がり 2.png",
        says=([["bent", "曲がり"]],),
        kinds=("bent", "scratch"),
        wheres=("left",),
        boxes=(parse_box("1,2,10,12"), parse_box("20.5,4,30,8")),
        tags=("曲がり", "bent"),
        split="train",
    )
    added = add(cases, "pins", said)
    assert added.id == "ピン曲がり-2"
    text = added.path.read_text(encoding="utf-8")
    assert "box: [1, 2, 10, 12]" in text
    (suite,) = suites.read([added.path]).good
    (case,) = suite.cases
    first, second = case.expect.differences or []
    assert (first.kind, first.where, first.box, first.says) == (
        "bent", "left", (1, 2, 10, 12), [["bent", "曲がり"]]
    )  # fmt: skip
    assert (second.kind, second.where, second.box, second.says) == ("scratch", None, (20.5, 4, 30, 8), [])
    assert (case.tags, case.split, case.expect.verdict) == (["曲がり", "bent"], "train", "different")


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", ""])
def test_a_box_is_four_numbers(text: str) -> None:
    with pytest.raises(ValueError, match="left,top,right,bottom"):
        parse_box(text)

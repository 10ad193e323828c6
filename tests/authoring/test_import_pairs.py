"""Tables of pairs become suites: what is known is expected, what is unknown is not scored."""

import csv
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kurabe.authoring.import_order import Imported, Order
from kurabe.authoring.importers import importer
from kurabe.authoring.importing import run_import
from kurabe.authoring.parts import Hints
from kurabe.cases import suites
from kurabe.cases.case import words_of
from kurabe.cases.suites import Suite
from kurabe.commands.check import check
from kurabe.common.errors import CaseError, KurabeError
from kurabe.project import Project
from tests.support.project import INSTANT, picture

PAIRS = Path(__file__).parents[3] / "shared" / "data" / "pairs" / "pairs.csv"

COLUMNS = ("id", "before", "after", "label", "kinds", "n_differences", "boxes", "family", "pair_type", "note")


def import_pairs(table: Path, into: Path, *, name: str | None = None, **more: Any) -> Imported:
    order = Order(table, into, table.stem if name is None else name, "kurabe import pairs", **more)
    return run_import(importer("pairs", table, Hints()), order)


def row(name: str, label: str, /, **cells: Any) -> dict[str, str]:
    """Return a row; lists are written as JSON."""
    given = {"id": name, "before": "good.png", "after": f"{label}.png", "label": label, **cells}
    return {key: json.dumps(value) if isinstance(value, list) else str(value) for key, value in given.items()}


def table(
    folder: Path, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, delimiter: str = ","
) -> Path:
    """Write a table with its pictures."""
    picture(folder / "good.png")
    picture(folder / "same.png", shade=190)
    picture(folder / "different.png", defect=True)
    path = folder / "parts.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="", delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def only_suite(cases: Path) -> Suite:
    found = suites.read(suites.find(cases))
    assert found.problems == []
    (suite,) = found.good
    return suite


def files(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def test_what_the_table_knows_is_expected(tmp_path: Path) -> None:
    boxes = [[18, 8, 25, 25, "missing_pin"], [0, 0, 4.5, 4, "pin-hole"]]
    path = table(
        tmp_path,
        row("a", "different", kinds=["missing_pin", "pin-hole"], n_differences=2, boxes=boxes, family="f1"),
        row("b", "same", kinds=[], n_differences=0, boxes=[], family="f2", pair_type="instance"),
    )
    done = import_pairs(path, tmp_path / "cases")
    assert (done.name, done.suites, done.pictures) == ("parts", {tmp_path / "cases/parts/parts.yaml": 2}, 3)
    assert (done.skipped, done.rule) == ([], "each test picture with the good part that the source names")
    suite = only_suite(tmp_path / "cases")
    a, b = suite.cases
    assert suite.name == "parts"
    assert (a.id, a.tags, suite.relation(a)) == ("a", ["f1", "missing_pin", "pin-hole"], "aligned")
    assert a.expect.verdict == "different"
    assert a.expect.count == 2
    assert a.expect.differences is not None
    assert [tuple(d.box or ()) for d in a.expect.differences] == [(18, 8, 25, 25), (0, 0, 4.5, 4)]
    assert [d.words for d in a.expect.differences] == [
        [["missing"], ["pin"]],
        [["pin-hole", "pinhole", "pin hole"]],
    ]
    assert suite.questions(a) == ["verdict", "differences", "count"]
    assert (suite.relation(b), b.expect.verdict, b.expect.count, b.expect.differences) == (
        "instance",
        "same",
        0,
        [],
    )
    assert suite.image(str(a.test)).read_bytes() == (tmp_path / "different.png").read_bytes()


def test_what_is_unknown_is_not_scored(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        row("kinds", "different", kinds=["bent"], boxes="null", n_differences=""),
        row("count", "different", n_differences="3.0"),
        row("boxes", "different", boxes=[[1, 1, 9, 9, "extent"]], kinds=["bent"]),
    )
    import_pairs(path, tmp_path / "cases")
    suite = only_suite(tmp_path / "cases")
    kinds, count, boxes = suite.cases
    assert suite.questions(kinds) == ["verdict"]
    assert [d.kind for d in kinds.expect.differences or []] == ["bent"]
    assert kinds.tags == ["bent"]
    assert suite.questions(count) == ["verdict", "count"]
    assert count.expect.count == 3
    # The box is kept, but with nobody knowing how many differences there are only the verdict is asked;
    # and "extent" is none of the row's kinds, so no answer has to say it.
    assert suite.questions(boxes) == ["verdict"]
    assert boxes.expect.differences is not None
    assert boxes.expect.differences[0].words == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_tables_as_spreadsheets_in_japan_write_them(tmp_path: Path, encoding: str) -> None:
    labels = {
        "OK": "same",
        "良品": "same",
        "0": "same",
        "NG": "different",
        "不良品": "different",
        "1": "different",
    }
    rows = [
        row(f"c{number}", verdict, label=label, kinds='["キズ"]' if verdict == "different" else "[]")
        for number, (label, verdict) in enumerate(labels.items())
    ]
    path = table(tmp_path, *rows)
    path.write_text(path.read_text(encoding="utf-8").replace("note", "備考"), encoding=encoding)
    import_pairs(path, tmp_path / "cases")
    found = only_suite(tmp_path / "cases").cases
    assert [case.expect.verdict for case in found] == [*labels.values()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_smallest_table_in_any_order(tmp_path: Path, delimiter: str) -> None:
    columns = ("Label", "after", "licence", "ID", "before")
    rows = [{"Label": "Same", "after": "same.png", "ID": "x", "before": "good.png", "licence": "MIT, (c)"}]
    import_pairs(
        table(tmp_path, *rows, columns=columns, delimiter=delimiter), tmp_path / "cases", name="mine"
    )
    suite = only_suite(tmp_path / "cases")
    assert (suite.name, suite.cases[0].id, suite.questions(suite.cases[0])) == ("mine", "x", ["verdict"])
    assert suite.relation(suite.cases[0]) == "aligned"


def test_ids_that_look_like_numbers_stay_as_they_are(tmp_path: Path) -> None:
    names = ["1e3", "007", "12", "1.50", "no", "0x1F", "2024-01-02"]
    rows = [row(name, "same", family=name) for name in names]
    import_pairs(table(tmp_path, *rows), tmp_path / "cases")
    found = only_suite(tmp_path / "cases").cases
    assert [case.id for case in found] == names
    assert [case.tags for case in found] == [[name] for name in names]


def test_a_suite_for_each_family(tmp_path: Path) -> None:
    path = table(tmp_path, *(row(f"r{i}", "same", family=f) for i, f in enumerate(["b 1", "a", "b 1"])))
    done = import_pairs(path, tmp_path / "cases", by_product=True)
    assert {file.stem: count for file, count in done.suites.items()} == {"parts-b-1": 2, "parts-a": 1}
    assert suites.read(suites.find(tmp_path / "cases")).problems == []


def test_importing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    path = table(tmp_path, row("a", "same"), row("b", "different", boxes=[[1, 1, 9, 9, "bent"]]))
    import_pairs(path, tmp_path / "one")
    import_pairs(path, tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert not list((tmp_path / "one").glob(".*"))


def test_pictures_of_one_name_stay_apart(tmp_path: Path) -> None:
    picture(tmp_path / "x/p.png", shade=100)
    picture(tmp_path / "y/P.png", shade=150)
    path = table(tmp_path, row("a", "same", before="x/p.png", after="y/P.png"))
    import_pairs(path, tmp_path / "cases", copy=True)
    suite = only_suite(tmp_path / "cases")
    (case,) = suite.cases
    assert suite.image(str(case.reference)).read_bytes() == (tmp_path / "x/p.png").read_bytes()
    assert suite.image(str(case.test)).read_bytes() == (tmp_path / "y/P.png").read_bytes()
    assert str(case.reference).casefold() != str(case.test).casefold()


def test_every_error_is_told_with_its_line_and_nothing_is_written(tmp_path: Path) -> None:
    picture(tmp_path / "large.png", size=(96, 64))
    whole = (tmp_path / "large.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.png").write_text("no picture")
    rows = [
        row("good", "same", note="a cell\nof two lines"),
        row("label", "same", label="okey"),
        row("gone", "same", after="gone.png"),
        row("cut", "same", before="cut.png", after="cut.png"),
        row("text", "same", after="text.png"),
        row("size", "different", after="large.png"),
        row("fits", "different", after="large.png", pair_type="instance"),
        row("outside", "different", boxes=[[1, 1, 900, 9, "bent"]]),
        row("contradiction", "same", boxes=[[1, 1, 9, 9, "bent"]]),
        row("number", "different", n_differences=2, boxes=[[1, 1, 9, 9, "bent"]]),
        row("json", "different", boxes="[[1,"),
        row("box", "different", boxes=[[1, 2, 3]]),
        row("count", "different", n_differences="two"),
        row("kinds", "different", kinds=[1]),
        row("type", "different", pair_type="alined"),
        row("good", "same"),
        row("a b", "same"),
        row("", "same"),
    ]
    path = table(tmp_path, *rows)
    with pytest.raises(CaseError) as caught:
        import_pairs(path, tmp_path / "cases")
    told = {problem.line: problem for problem in caught.value.problems}
    expected = {
        4: "label 'okey' is unknown: write same or different",
        5: "there is no such file",
        6: "cut off",
        7: "not a picture",
        8: "48x32 pixels and the test 96x64",
        10: "leaves the test image of 48x32",
        11: "the verdict is same, yet differences are declared",
        12: "the count is 2, yet 1 differences are declared",
        13: "boxes: not JSON",
        14: "a box is [left, top, right, bottom, kind], not [1, 2, 3]",
        15: "a whole number is meant",
        16: "a list of words is meant",
        17: "pair_type 'alined' is unknown: write aligned or instance",
        18: "stands twice, first in line 2",
        19: "use letters",
        20: "the cell 'id' is empty",
    }
    assert told.keys() == expected.keys()
    for line, words in expected.items():
        assert words in str(told[line])
        assert str(told[line]).startswith(f"{path}:{line}: ")
    assert str(tmp_path / "cases") not in str(caught.value)
    assert not (tmp_path / "cases").exists()


def test_bad_rows_can_be_left_out(tmp_path: Path) -> None:
    path = table(tmp_path, row("a", "same"), row("b", "?"), row("c", "different", boxes=[[1, 1, 99, 9]]))
    done = import_pairs(path, tmp_path / "cases", skip_bad=True)
    assert [problem.line for problem in done.skipped] == [3, 4]
    assert [case.id for case in only_suite(tmp_path / "cases").cases] == ["a"]
    assert done.pictures == 2
    with pytest.raises(CaseError, match="no row can be used"):
        import_pairs(table(tmp_path, row("b", "?")), tmp_path / "other", skip_bad=True)


def test_a_suite_that_is_there_is_only_replaced_by_force(tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    import_pairs(table(tmp_path, row("a", "same")), cases)
    (cases / "parts/notes.txt").write_text("mine")
    before = files(cases)
    path = table(tmp_path, row("b", "different"))
    with pytest.raises(KurabeError, match="--force"):
        import_pairs(path, cases)
    assert files(cases) == before
    import_pairs(path, cases, force=True)
    assert [case.id for case in only_suite(cases).cases] == ["b"]
    assert (cases / "parts/notes.txt").read_text() == "mine"


def test_a_name_that_another_suite_has_is_refused(tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    import_pairs(table(tmp_path, row("a", "same")), cases)
    (cases / "parts").rename(cases / "elsewhere")
    with pytest.raises(KurabeError, match="is a suite of the name 'parts' already"):
        import_pairs(tmp_path / "parts.csv", cases, force=True)


def test_a_row_without_family_cannot_go_to_a_family(tmp_path: Path) -> None:
    path = table(tmp_path, row("a", "same", family="x"), row("b", "same"))
    with pytest.raises(CaseError, match="has no product \\(in tables: family\\)") as caught:
        import_pairs(path, tmp_path / "cases", by_product=True)
    assert [problem.line for problem in caught.value.problems] == [3]


@pytest.mark.parametrize("name", ["../up", "a/b", "", "a b"])
def test_a_name_that_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(KurabeError, match="cannot be called"):
        import_pairs(table(tmp_path, row("a", "same")), tmp_path / "cases", name=name)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "column 'id' is missing"),
        (b"id,before,aftr,label\n", "'after' is missing; did you mean 'aftr'"),
        (b"id,before,after,label,label\n", "the column 'label' stands twice"),
        (b"id,before,after,label\n", "no rows below the header"),
        (b"id,before,after,label\na,b\n", "2 cells, and 4 in the header"),
        (b'id,before,after,label\na,"b,c,d\n', "is not CSV"),
        ("id,before,after,label\ná,b,c,d\n".encode("latin-1"), "is not UTF-8"),
    ],
)
def test_a_file_that_is_no_table(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(KurabeError, match=r"bad\.csv") as caught:
        import_pairs(path, tmp_path / "cases")
    assert message in str(caught.value)
    assert not (tmp_path / "cases").exists()


def test_words_of_kinds() -> None:
    assert words_of("short") == [["short"]]
    assert words_of("pin-hole") == [["pin-hole", "pinhole", "pin hole"]]
    assert words_of("solder_splash large") == [["solder"], ["splash"], ["large"]]
    assert words_of("欠け") == [["欠け"]]
    assert words_of("_-_") == []


@pytest.mark.skipif(not PAIRS.is_file(), reason="the real pairs are not beside this repository")
def test_the_real_pairs(tmp_path: Path) -> None:
    done = import_pairs(PAIRS, tmp_path / "cases")
    assert sum(done.suites.values()) == 203
    (tmp_path / "models.toml").write_text(INSTANT)
    found = check(Project.at(tmp_path))
    assert found.problems == []
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = {entry["id"]: entry for entry in csv.DictReader(file)}
    suite = only_suite(tmp_path / "cases")
    assert [case.id for case in suite.cases] == list(rows)
    for case in suite.cases:
        entry = rows[case.id]
        boxes = json.loads(entry["boxes"] or "null")
        assert case.expect.verdict == entry["label"]
        assert suite.relation(case) == entry["pair_type"]
        assert case.expect.count == (int(entry["n_differences"]) if entry["n_differences"] else None)
        differences = case.expect.differences
        placed = [[*map(int, d.box)] for d in differences or [] if d.box is not None]
        assert placed == [box[:4] for box in boxes or []]
        if boxes is None:
            assert {d.kind for d in differences or []} <= set(json.loads(entry["kinds"] or "[]"))
        with (
            Image.open(suite.image(str(case.test))) as shown,
            Image.open(PAIRS.parent / entry["after"]) as own,
        ):
            assert shown.size == own.size
    import_pairs(PAIRS, tmp_path / "again")
    assert files(tmp_path / "again") == files(tmp_path / "cases")


@pytest.mark.parametrize("mark", ["sep=;", '"sep=;"', "SEP=;", "sep=,"])
def test_excels_line_about_the_separator_is_no_header(tmp_path: Path, mark: str) -> None:
    path = table(tmp_path, row("a", "different"), row("b", "wrong"), delimiter=mark.strip('"')[-1])
    path.write_text(f"{mark}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    with pytest.raises(CaseError, match=r"parts\.csv:4: case b: .*'wrong'"):
        import_pairs(path, tmp_path / "cases")
    assert import_pairs(path, tmp_path / "cases", skip_bad=True).suites


@pytest.mark.parametrize(
    "cell",
    ["[" * 3_000, '[[1,Infinity,30,20,"x"]]', "[[1,2,NaN,20]]", "[[1,2,31e999,20]]", "[[0.1,0.1,0.3,0.4]]"],
)
def test_a_cell_that_no_box_can_be_made_of_is_an_error_of_its_row(tmp_path: Path, cell: str) -> None:
    path = table(tmp_path, row("a", "different", boxes=cell), row("b", "same"))
    with pytest.raises(CaseError, match=r"parts\.csv:2: case a: "):
        import_pairs(path, tmp_path / "cases")
    done = import_pairs(path, tmp_path / "cases", skip_bad=True)
    assert list(done.suites.values()) == [1]


def test_pictures_are_found_however_their_names_are_written(tmp_path: Path) -> None:
    picture(tmp_path / unicodedata.normalize("NFD", "画像/ガード.png"), defect=True)
    path = table(tmp_path, row("a", "different", after="画像\\ガード.png"))
    import_pairs(path, tmp_path / "cases")
    assert len(only_suite(tmp_path / "cases").cases) == 1

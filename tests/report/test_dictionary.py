"""The data dictionary: complete, and the page that is made of it current."""

import csv
import json
from dataclasses import fields, replace
from pathlib import Path

import pytest

from kurabe.common.vocabulary import Box
from kurabe.report.dictionary import EXPLAINED, FILES, IN_FILE, explained, markdown
from kurabe.report.tables import Tables, make_tables, write_tables
from tests.report.made_records import verdict
from tools.columns import PAGE


@pytest.mark.parametrize("file", FILES)
def test_each_column_has_a_meaning(file: str) -> None:
    for column in FILES[file][1]:
        assert explained(file, column)[1], column


def test_every_table_of_a_run_is_in_it_and_no_word_is_left_over() -> None:
    assert {f"{field.name}.csv" for field in fields(Tables) if field.name != "gaps"} == set(FILES)
    used = {column for _, columns in FILES.values() for column in columns}
    assert set(EXPLAINED) <= used
    assert all(column in FILES[file][1] for file, column in IN_FILE)


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown(), "run: uv run python -m tools.columns"


def test_trials_have_prompt_pictures_boxes_and_run(tmp_path: Path) -> None:
    made = replace(
        verdict("b1"), prompt="良品と同じですか？", raw=("aa", "bb"), boxes=(Box(1, 2, 3.5, 4),),
        score={"boxes": [[1, 2, 3, 4]]},
    )  # fmt: skip
    swapped = replace(verdict("b2"), raw=("bb", "aa"), test="bb", swapped=True)
    write_tables(make_tables([made, swapped, verdict("b3")], "R"), tmp_path)
    with (tmp_path / "trials.csv").open(encoding="utf-8", newline="") as file:
        first, second, third = csv.DictReader(file)
    assert first["prompt"] == "良品と同じですか？"
    assert first["run"] == "R"
    for row in (first, second):
        assert row["reference_picture"] == "runs/R/pictures/aa.png"
        assert row["test_picture"] == "runs/R/pictures/bb.png"
    assert json.loads(first["boxes"]) == [[1, 2, 3.5, 4]]
    assert json.loads(first["predicted_boxes"]) == [[1, 2, 3, 4]]
    assert third["test_picture"] == third["boxes"] == ""


def test_a_byte_order_mark_comes_only_where_it_is_asked_for(tmp_path: Path) -> None:
    tables = make_tables([verdict("b1")], "R")
    for bom in (True, False):
        for path in write_tables(tables, tmp_path, bom=bom):
            assert path.read_bytes().startswith(b"\xef\xbb\xbf") == bom, path

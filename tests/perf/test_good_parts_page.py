"""The page about ``good-parts`` says what was measured."""

import json

from perf import good_parts, good_parts_banks
from tests.support.documents import ROOT

PAGE = (ROOT / "docs" / "background" / "good-parts.md").read_text(encoding="utf-8")


def test_the_table_of_families_is_the_record_s() -> None:
    rows = json.loads(good_parts.FIGURES.read_text(encoding="utf-8"))
    assert good_parts.table_of(rows) in PAGE


def test_the_table_of_banks_is_the_record_s() -> None:
    rows = json.loads(good_parts_banks.FIGURES.read_text(encoding="utf-8"))
    assert len(rows) >= 9
    assert good_parts_banks.renewed(PAGE, rows) == PAGE
    row = {"bank": 6, "auroc": 0.5, "balanced_accuracy": 0.25, "miss": 1.0, "overkill": 0.0}
    other = good_parts_banks.renewed(PAGE, [row])
    assert "| 6 | 1 | 0.50 (0.50 to 0.50) | 0.25 (0.25 to 0.25) |" in other
    assert good_parts.table_of(json.loads(good_parts.FIGURES.read_text(encoding="utf-8"))) in other

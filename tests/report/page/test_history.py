"""The runs before: their figures over time, what was fixed and broken, and runs that cannot be read."""

from pathlib import Path

import pytest

from kurabe.common.vocabulary import Verdict
from kurabe.report.page import history
from kurabe.report.page.data import page_data
from kurabe.report.tables import write_tables
from kurabe.results.record import Record
from kurabe.results.run import MANIFEST, Run
from tests.report.made_records import verdict


def left(reports: Path, name: str, said: list[Verdict], *, tables: bool = True, model: str = "m") -> Run:
    """Leave a run of which every other case is the same."""
    folder = reports / "runs" / name
    folder.mkdir(parents=True)
    run = Run(folder)
    records: list[Record] = [
        verdict(f"c{number}", "different" if number % 2 else "same", each, model=model)
        for number, each in enumerate(said)
    ]
    done = {"finished": "x"} if tables else {}
    run.write_manifest({"started": name, "planned": len(said), "answered": len(said), **done})
    for record in records:
        run.append(record)
    run.close()
    if tables:
        write_tables(records, folder)
    return run


def test_figures_over_time_are_those_of_each_run(tmp_path: Path) -> None:
    left(tmp_path, "1", ["different", "same"])
    left(tmp_path, "2", ["same", "same"], tables=False)  # killed: no table, figures from its results
    run = left(tmp_path, "3", ["same", "different"])
    left(tmp_path, "4", ["different", "different"])  # later: not of this run's history
    found = page_data(run)["history"]
    assert [each["run"] for each in found] == ["1", "2", "3"]
    assert [each["complete"] for each in found] == [True, False, True]
    for each, expected in zip(found, (0.0, 0.5, 1.0), strict=True):
        assert {row["balanced_accuracy"] for row in each["rows"]} == {expected}
        assert {(row["model"], row["variant"], row["question"], row["n"]) for row in each["rows"]} == {
            ("m", "raw", "verdict", 2)
        }


def test_names_that_a_table_made_harmless_come_back(tmp_path: Path) -> None:
    left(tmp_path, "1", ["same"], model="=1+2")
    left(tmp_path, "2", ["same"], model="'quoted")
    found = page_data(left(tmp_path, "3", ["same"]))["history"]
    assert [each["rows"][0]["model"] for each in found] == ["=1+2", "'quoted", "m"]


def test_what_was_fixed_and_broken(tmp_path: Path) -> None:
    left(tmp_path, "1", ["same", "same", "same"])
    left(tmp_path, "2", ["different", "different"])
    run = left(tmp_path, "3", ["same", "same"])
    found = page_data(run)["comparisons"]
    assert list(found) == ["2", "1"]
    assert found["2"]["fixed"] == ["connector/c0-verdict-raw-m"]
    assert found["2"]["broken"] == ["connector/c1-verdict-raw-m"]
    assert (found["1"]["shared"], found["1"]["only_old"], found["1"]["only_new"]) == (2, 1, 0)
    moved = {(c["row"]["suite"], c["metric"]): (c["old"], c["new"]) for c in found["2"]["changes"]}
    assert moved["connector", "overkill_rate"] == (1.0, 0.0)
    assert moved["all", "miss_rate"] == (0.0, 1.0)
    assert ("all", "balanced_accuracy") not in moved  # it is what it was
    assert found["1"]["changes"] == []


def test_runs_that_share_nothing_are_passed_over(tmp_path: Path) -> None:
    for number in range(4):
        left(tmp_path, f"{number}", ["same"], model=f"m{number % 2}")
    found = page_data(Run(tmp_path / "runs" / "3"))["comparisons"]
    assert list(found) == ["1"]


def test_no_more_runs_than_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "RUNS", 4)
    monkeypatch.setattr(history, "COMPARED", 2)
    for number in range(7):
        run = left(tmp_path, f"{number}", ["same"])
    data = page_data(run)
    assert [each["run"] for each in data["history"]] == ["3", "4", "5", "6"]
    assert list(data["comparisons"]) == ["5", "4"]
    monkeypatch.setattr(history, "ROWS", 3)
    assert len(page_data(run)["history"]) == 2


def test_an_earlier_run_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = left(tmp_path, "1", ["same"])
    (broken.folder / "results.jsonl").write_text("{}\n{}\n")
    (left(tmp_path, "2", ["same"]).folder / MANIFEST).write_text('{"format": 99}')
    (left(tmp_path, "3", ["same"]).folder / "leaderboard.csv").write_text("a,b\n1,2\n")
    (tmp_path / "runs" / "4").mkdir()  # a run that has not begun to answer
    data = page_data(left(tmp_path, "5", ["same"]))
    assert [each["run"] for each in data["history"]] == ["4", "5"]
    assert set(data["unread"]) == {"1", "2", "3"}
    assert "newer" in data["unread"]["2"]
    assert "lacks columns" in data["unread"]["3"]
